/* wijk measure ordered: segregation between groups that have an order. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/ordered.h"
#include "wijk/text.h"

static void add_indices(cmd_sheet *sheet, const wijk_ordered *out, wijk_lang lang)
{
    const struct {
        const char *code;
        enum wijk_text_key name;
        double value;
    } rows[] = {{"HR_fitted", T_ORDERED_FITTED, out->fitted},
                {"HR_spread", T_ORDERED_SPREAD, out->spread},
                {"HO", T_ORDERED_INFORMATION, out->information},
                {"RO", T_ORDERED_VARIATION, out->variation},
                {"SO", T_ORDERED_ROOT, out->root}};
    cmd_sheet_table(sheet, "ordered", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_ORDERED_INDEX), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_ORDERED_VALUE), 4);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cmd_sheet_text(sheet, rows[i].code);
        cmd_sheet_text(sheet, wijk_text(lang, rows[i].name));
        cmd_sheet_number(sheet, rows[i].value);
    }
}

static void add_cuts(cmd_sheet *sheet, const wijk_plain *plain, const wijk_ordered_cut *cuts,
                     wijk_lang lang)
{
    cmd_sheet_table(sheet, "cuts", wijk_text(lang, T_ORDERED_CUTS));
    cmd_sheet_column(sheet, "band", wijk_text(lang, T_ORDERED_BAND), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_ORDERED_SHARE), 4);
    cmd_sheet_column(sheet, "theil", wijk_text(lang, T_ORDERED_THEIL), 4);
    for (size_t k = 0; k + 1 < plain->groups; k++) {
        cmd_sheet_text(sheet, plain->group_name[k]);
        cmd_sheet_number(sheet, cuts[k].share);
        cmd_sheet_number(sheet, cuts[k].theil);
    }
}

int measure_ordered(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    wijk_ordered out;
    wijk_ordered_cut *cuts = NULL;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = measure_read(&plain, argc, argv, 0);
    if (!rc) {
        cuts = wijk_alloc(plain.groups * sizeof *cuts);
        rc = cuts ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : wijk_ordered_all(&out, cuts, plain.counts, plain.areas, plain.groups);
    if (!rc) {
        add_indices(sheet, &out, lang);
        add_cuts(sheet, &plain, cuts, lang);
        cmd_sheet_note(sheet, wijk_text(lang, T_ORDERED_NOTE));
    }
    wijk_free(cuts);
    wijk_plain_free(&plain);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    return cmd_sheet_print(sheet);
}
