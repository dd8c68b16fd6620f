/* wijk measure rounded: the range of every index that the publisher's rounding leaves. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/rounding_read.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>

static int read_columns(wijk_rounding_columns *out, int argc, char **argv)
{
    const char *clamp = cmd_option(argc, argv, "clamp");
    double both[2] = {0, 100};
    size_t n = 2;
    *out = (wijk_rounding_columns){.groups = cmd_option(argc, argv, "groups"),
                                   .total = cmd_option(argc, argv, "total"),
                                   .step = 5,
                                   .percent = cmd_flag(argc, argv, "percent"),
                                   .percent_step = 1,
                                   .rest = cmd_flag(argc, argv, "rest")};
    int rc = cmd_number(&out->step, argc, argv, "step");
    rc = rc ? rc : cmd_number(&out->least, argc, argv, "least");
    rc = rc ? rc : cmd_number(&out->percent_step, argc, argv, "percent-step");
    rc = rc || !clamp ? rc : measure_numbers(both, &n, 2, "clamp", clamp);
    out->clamp_low = both[0];
    out->clamp_high = both[1];
    if (!rc && (n != 2 || !(out->step >= 1) || !(out->percent_step > 0) || !(out->least >= 0))) {
        rc = wijk_fail(WIJK_EINVAL,
                       "--step is 1 of meer, --percent-step meer dan 0, --clamp LAAG,HOOG.",
                       "--step is 1 or more, --percent-step more than 0, --clamp LOW,HIGH.");
    }
    return rc;
}

static int read_options(wijk_rounding_options *out, int argc, char **argv)
{
    double level = 90, draws = 400, seed = 1;
    int rc = cmd_number(&level, argc, argv, "level");
    rc = rc ? rc : cmd_number(&draws, argc, argv, "draws");
    rc = rc ? rc : cmd_number(&seed, argc, argv, "seed");
    if (!rc && !(draws >= 0 && draws < 1e6 && seed >= 0 && seed < 0x1p53)) {
        rc = wijk_fail(WIJK_EINVAL, "--draws en --seed: geef een getal vanaf nul.",
                       "--draws and --seed: give a number from zero.");
    }
    if (!rc) {
        *out = (wijk_rounding_options){level / 100, (size_t)draws, (uint64_t)seed};
    }
    return rc;
}

static void add_columns(cmd_sheet *sheet, wijk_lang lang)
{
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_ROUNDING_PUBLISHED), 4);
    cmd_sheet_column(sheet, "corrected", wijk_text(lang, T_ROUNDING_CORRECTED), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_ROUNDING_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_ROUNDING_HIGH), 4);
}

static void add_range(cmd_sheet *sheet, const wijk_rounding_range *range)
{
    cmd_sheet_number(sheet, range->value);
    cmd_sheet_number(sheet, range->corrected);
    cmd_sheet_number(sheet, range->low);
    cmd_sheet_number(sheet, range->high);
}

static void add_indices(cmd_sheet *sheet, const wijk_rounding *all, wijk_lang lang)
{
    const struct {
        const char *code;
        enum wijk_text_key name;
        const wijk_rounding_range *range;
    } rows[] = {
        {"D", T_MEASURE_INDEX_D, &all->dissimilarity}, {"H", T_MEASURE_INDEX_H, &all->theil},
        {"M", T_MEASURE_INDEX_M, &all->mutual},        {"G", T_MEASURE_INDEX_G, &all->gini},
        {"R", T_MEASURE_INDEX_R, &all->relative},      {"C", T_MEASURE_INDEX_C, &all->variation},
        {"E", T_MEASURE_INDEX_E, &all->entropy},       {"I", T_MEASURE_INDEX_I, &all->simpson}};
    cmd_sheet_table(sheet, "indices", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    add_columns(sheet, lang);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cmd_sheet_text(sheet, rows[i].code);
        cmd_sheet_text(sheet, wijk_text(lang, rows[i].name));
        add_range(sheet, rows[i].range);
    }
}

static void add_groups(cmd_sheet *sheet, const wijk_rounding_group *group,
                       const wijk_rounding_file *file, wijk_lang lang)
{
    cmd_sheet_table(sheet, "groups", "");
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_MEASURE_GROUP), -1);
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    add_columns(sheet, lang);
    for (size_t g = 0; g < file->table.groups; g++) {
        const struct {
            const char *code;
            enum wijk_text_key name;
            const wijk_rounding_range *range;
        } rows[] = {{"share", T_MEASURE_SHARE, &group[g].share},
                    {"dissimilarity", T_MEASURE_D, &group[g].dissimilarity},
                    {"isolation", T_MEASURE_ISOLATION, &group[g].isolation},
                    {"eta_squared", T_MEASURE_ETA, &group[g].correlation},
                    {"atkinson", T_MEASURE_ATKINSON, &group[g].atkinson}};
        const char *name = file->group_name[g];
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            cmd_sheet_text(sheet, *name ? name : wijk_text(lang, T_ROUNDING_REST));
            cmd_sheet_text(sheet, rows[i].code);
            cmd_sheet_text(sheet, wijk_text(lang, rows[i].name));
            add_range(sheet, rows[i].range);
        }
    }
}

static void add_note(cmd_sheet *sheet, wijk_lang lang, enum wijk_text_key key, double one,
                     double two)
{
    wijk_str a = WIJK_STR_INIT, b = WIJK_STR_INIT, note = WIJK_STR_INIT;
    wijk_number(&a, lang, one, one == floor(one) ? 0 : 1);
    wijk_number(&b, lang, two, two == floor(two) ? 0 : 1);
    wijk_text_fill(&note, lang, key, wijk_str_text(&a), wijk_str_text(&b), NULL);
    cmd_sheet_note(sheet, wijk_str_text(&note));
    wijk_str_free(&a);
    wijk_str_free(&b);
    wijk_str_free(&note);
}

static void add_all(cmd_sheet *sheet, const wijk_rounding *all, const wijk_rounding_group *group,
                    const wijk_rounding_file *file, double level, wijk_lang lang)
{
    wijk_str head = WIJK_STR_INIT;
    char areas[24], groups[24];
    snprintf(areas, sizeof areas, "%zu", all->areas);
    snprintf(groups, sizeof groups, "%zu", file->table.groups);
    wijk_text_fill(&head, lang, T_ROUNDING_HEAD, areas, groups, NULL);
    cmd_sheet_head(sheet, wijk_str_text(&head));
    wijk_str_free(&head);
    add_indices(sheet, all, lang);
    add_groups(sheet, group, file, lang);
    add_note(sheet, lang, T_ROUNDING_NOTE, 100 * level, 0);
    if (all->withheld > 0) {
        add_note(sheet, lang, T_ROUNDING_WITHHELD, 100 * all->withheld, 100 * all->withheld_people);
    }
    if (all->left_out) {
        add_note(sheet, lang, T_ROUNDING_LEFT_OUT, (double)all->left_out, 0);
    }
    if (all->mended) {
        add_note(sheet, lang, T_ROUNDING_MENDED, (double)all->mended, 0);
    }
}

static int read_table(wijk_rounding_file *out, int argc, char **argv)
{
    const char *path = cmd_positional(argc, argv, 0);
    wijk_rounding_columns columns;
    char *bytes = NULL;
    size_t size = 0;
    if (!path) {
        return wijk_fail(WIJK_EINVAL,
                         "Noem een CSV: wijk measure rounded buurten.csv --groups koop,huur "
                         "--total woningen --percent",
                         "Name a CSV: wijk measure rounded areas.csv --groups own,rent "
                         "--total homes --percent");
    }
    int rc = read_columns(&columns, argc, argv);
    rc = rc ? rc : cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_rounding_read(out, bytes, size, path, &columns);
    wijk_free(bytes);
    return rc;
}

int measure_rounded(int argc, char **argv, wijk_lang lang)
{
    wijk_rounding_file file = {0};
    wijk_rounding_options options;
    wijk_rounding all;
    wijk_rounding_group *group = NULL;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_job job;
    cmd_job_begin(&job, 1);
    int rc = read_options(&options, argc, argv);
    rc = rc ? rc : read_table(&file, argc, argv);
    if (!rc) {
        group = wijk_alloc(file.table.groups * sizeof *group);
        rc = group ? wijk_rounding_all(&all, group, &file.table, &options, &job.ctx) : WIJK_ENOMEM;
    }
    if (!rc) {
        add_all(sheet, &all, group, &file, options.level, lang);
    }
    cmd_job_end(&job);
    wijk_free(group);
    wijk_rounding_free(&file);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    return cmd_sheet_print(sheet);
}
