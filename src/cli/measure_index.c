/* wijk measure CSV: every index of one table of counts, beside what chance alone shows. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>

static void add_index(cmd_sheet *sheet, wijk_lang lang, const char *code, enum wijk_text_key name,
                      double value, double chance)
{
    cmd_sheet_text(sheet, code);
    cmd_sheet_text(sheet, wijk_text(lang, name));
    cmd_sheet_number(sheet, value);
    cmd_sheet_number(sheet, chance);
    cmd_sheet_number(sheet, value - chance);
}

static int add_indices(cmd_sheet *sheet, const wijk_plain *plain, wijk_lang lang)
{
    wijk_segregation all;
    wijk_segregation_chance chance;
    int rc = wijk_segregation_all(&all, plain->counts, plain->areas, plain->groups);
    rc = rc ? rc
            : wijk_segregation_expected(&chance, plain->counts, plain->areas, plain->groups, NULL);
    if (rc) {
        return rc;
    }
    wijk_str total = WIJK_STR_INIT, head = WIJK_STR_INIT;
    char areas[24], groups[24];
    snprintf(areas, sizeof areas, "%zu", all.areas);
    snprintf(groups, sizeof groups, "%zu", all.groups);
    wijk_number(&total, lang, all.total, 0);
    wijk_text_fill(&head, lang, T_MEASURE_HEAD, areas, groups, wijk_str_text(&total), NULL);
    cmd_sheet_head(sheet, wijk_str_text(&head));
    wijk_str_free(&total);
    wijk_str_free(&head);

    cmd_sheet_table(sheet, "indices", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_MEASURE_VALUE), 4);
    cmd_sheet_column(sheet, "chance", wijk_text(lang, T_MEASURE_CHANCE), 4);
    cmd_sheet_column(sheet, "beyond", wijk_text(lang, T_MEASURE_BEYOND), 4);
    add_index(sheet, lang, "D", T_MEASURE_INDEX_D, all.dissimilarity, chance.dissimilarity);
    add_index(sheet, lang, "H", T_MEASURE_INDEX_H, all.theil, chance.theil);
    add_index(sheet, lang, "M", T_MEASURE_INDEX_M, all.mutual, chance.mutual);
    add_index(sheet, lang, "G", T_MEASURE_INDEX_G, all.gini, NAN);
    add_index(sheet, lang, "R", T_MEASURE_INDEX_R, all.relative, NAN);
    add_index(sheet, lang, "C", T_MEASURE_INDEX_C, all.variation, NAN);
    add_index(sheet, lang, "E", T_MEASURE_INDEX_E, all.entropy, NAN);
    add_index(sheet, lang, "I", T_MEASURE_INDEX_I, all.simpson, NAN);
    if (plain->units) {
        double between;
        rc = wijk_segregation_within(&between, NULL, NULL, plain->counts, plain->areas,
                                     plain->groups, plain->unit, plain->units);
        add_index(sheet, lang, "M_between", T_MEASURE_BETWEEN, between, NAN);
        add_index(sheet, lang, "M_within", T_MEASURE_WITHIN, all.mutual - between, NAN);
    }
    return rc;
}

/* "Atkinson 0.25": with the decimals that b has. */
static const char *atkinson_label(wijk_str *out, double shape, wijk_lang lang)
{
    wijk_str number = WIJK_STR_INIT;
    wijk_number(&number, lang, shape, wijk_number_decimals(shape, 1, 6));
    wijk_text_fill(out, lang, T_MEASURE_ATKINSON_B, wijk_str_text(&number), NULL, NULL, NULL);
    wijk_str_free(&number);
    return wijk_str_text(out);
}

static int read_shape(double *out, int argc, char **argv)
{
    const char *text = cmd_option(argc, argv, "atkinson");
    size_t n;
    *out = 0.5;
    int rc = text ? measure_numbers(out, &n, 1, "atkinson", text) : WIJK_OK;
    return rc || (*out > 0 && *out < 1)
               ? rc
               : wijk_fail(WIJK_EINVAL,
                           "--atkinson %s: b ligt tussen 0 en 1. Onder 0,5 telt zwaarder waar de "
                           "groep weinig woont, erboven waar ze veel woont.",
                           "--atkinson %s: b lies between 0 and 1. Below 0.5 areas where the group "
                           "is few count for more, above it areas where it is many.",
                           text);
}

static int add_groups(cmd_sheet *sheet, const wijk_plain *plain, double shape, wijk_lang lang)
{
    wijk_str label = WIJK_STR_INIT;
    cmd_sheet_table(sheet, "groups", "");
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_MEASURE_GROUP), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_MEASURE_SHARE), 4);
    cmd_sheet_column(sheet, "dissimilarity", wijk_text(lang, T_MEASURE_D), 4);
    cmd_sheet_column(sheet, "isolation", wijk_text(lang, T_MEASURE_ISOLATION), 4);
    cmd_sheet_column(sheet, "eta_squared", wijk_text(lang, T_MEASURE_ETA), 4);
    cmd_sheet_column(sheet, "atkinson", atkinson_label(&label, shape, lang), 4);
    wijk_str_free(&label);
    cmd_sheet_column(sheet, "gini", "Gini", 4);
    cmd_sheet_column(sheet, "theil", "H", 4);
    wijk_segregation_group *each = wijk_alloc(plain->groups * sizeof *each);
    wijk_segregation all;
    int rc = each ? wijk_segregation_groups(&all, each, plain->counts, plain->areas, plain->groups,
                                            shape)
                  : WIJK_ENOMEM;
    for (size_t g = 0; !rc && g < plain->groups; g++) {
        cmd_sheet_text(sheet, plain->group_name[g]);
        cmd_sheet_number(sheet, each[g].share);
        cmd_sheet_number(sheet, each[g].dissimilarity);
        cmd_sheet_number(sheet, each[g].isolation);
        cmd_sheet_number(sheet, each[g].correlation);
        cmd_sheet_number(sheet, each[g].atkinson);
        cmd_sheet_number(sheet, each[g].gini);
        cmd_sheet_number(sheet, each[g].theil);
    }
    wijk_free(each);
    return rc;
}

/* Who the average member of each group has in the same area, of every other group (xPy). */
static int add_exposure(cmd_sheet *sheet, const wijk_plain *plain, wijk_lang lang)
{
    size_t groups = plain->groups;
    double *met = wijk_alloc(groups * groups * sizeof *met), people = 0;
    double *share = wijk_alloc(groups * sizeof *share);
    int rc = met && share ? wijk_segregation_exposures(met, plain->counts, plain->areas, groups)
                          : WIJK_ENOMEM;
    for (size_t at = 0; !rc && at < plain->areas * groups; at++) {
        share[at % groups] += plain->counts[at];
        people += plain->counts[at];
    }
    cmd_sheet_table(sheet, "exposure", wijk_text(lang, T_MEASURE_EXPOSURE));
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_MEASURE_GROUP), -1);
    cmd_sheet_column(sheet, "other", wijk_text(lang, T_MEASURE_OTHER), -1);
    cmd_sheet_column(sheet, "exposure", wijk_text(lang, T_MEASURE_MEETS), 4);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_MEASURE_EVEN), 4);
    for (size_t at = 0; !rc && at < groups * groups; at++) {
        if (at / groups != at % groups) { /* of its own: isolation, above */
            cmd_sheet_text(sheet, plain->group_name[at / groups]);
            cmd_sheet_text(sheet, plain->group_name[at % groups]);
            cmd_sheet_number(sheet, met[at]);
            cmd_sheet_number(sheet, people > 0 ? share[at % groups] / people : NAN);
        }
    }
    wijk_free(share);
    wijk_free(met);
    return rc;
}

/* What people meet within a distance: the profile over scale. */
static int add_scale(cmd_sheet *sheet, const wijk_plain *plain, const char *asked, wijk_lang lang)
{
    enum { MOST = 16 };
    double radii[MOST];
    size_t n;
    wijk_scale scale[MOST];
    int rc = measure_numbers(radii, &n, MOST, "radii", asked ? asked : "250,500,1000,2000,5000");
    rc = rc ? rc
            : wijk_segregation_scale(scale, radii, n, WIJK_KERNEL_BIWEIGHT, plain->counts, plain->x,
                                     plain->y, plain->areas, plain->groups, NULL);
    if (rc) {
        return rc;
    }
    cmd_sheet_table(sheet, "scale", "");
    cmd_sheet_column(sheet, "radius", wijk_text(lang, T_MEASURE_RADIUS), 0);
    cmd_sheet_column(sheet, "theil", "H", 4);
    cmd_sheet_column(sheet, "dissimilarity", "D", 4);
    cmd_sheet_column(sheet, "relative", "R", 4);
    cmd_sheet_column(sheet, "people", wijk_text(lang, T_MEASURE_MET), 0);
    for (size_t k = 0; k < n; k++) {
        cmd_sheet_number(sheet, scale[k].radius);
        cmd_sheet_number(sheet, scale[k].theil);
        cmd_sheet_number(sheet, scale[k].dissimilarity);
        cmd_sheet_number(sheet, scale[k].relative);
        cmd_sheet_number(sheet, scale[k].people);
    }
    return WIJK_OK;
}

int measure_index(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    double shape = 0.5;
    int rc = measure_read(&plain, argc, argv, 0);
    rc = rc ? rc : read_shape(&shape, argc, argv);
    rc = rc ? rc : add_indices(sheet, &plain, lang);
    rc = rc ? rc : add_groups(sheet, &plain, shape, lang);
    rc = rc ? rc : add_exposure(sheet, &plain, lang);
    rc = rc || !plain.x ? rc : add_scale(sheet, &plain, cmd_option(argc, argv, "radii"), lang);
    wijk_plain_free(&plain);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_MEASURE_NOTE));
    return cmd_sheet_print(sheet);
}
