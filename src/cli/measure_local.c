/* wijk measure local: what each area adds to each index, a row per area. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/text.h"

#include <stdio.h>

static void add_scores(cmd_sheet *sheet, const wijk_plain *plain,
                       const wijk_segregation_score *score, wijk_lang lang)
{
    static const char *const codes[][2] = {
        {"dissimilarity", "D"}, {"gini", "G"},      {"theil", "H"},   {"mutual", "M"},
        {"relative", "R"},      {"variation", "C"}, {"entropy", "E"}, {"simpson", "I"}};
    cmd_sheet_table(sheet, "local", "");
    cmd_sheet_column(sheet, "area", wijk_text(lang, T_SPACE_AREA), -1);
    cmd_sheet_column(sheet, "weight", wijk_text(lang, T_SPACE_WEIGHT), 5);
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        cmd_sheet_column(sheet, codes[k][0], codes[k][1], 4);
    }
    for (size_t i = 0; i < plain->areas; i++) {
        char row[24];
        snprintf(row, sizeof row, "%zu", i + 1);
        cmd_sheet_text(sheet, plain->area_name ? plain->area_name[i] : row);
        const double values[] = {score[i].weight,    score[i].dissimilarity, score[i].gini,
                                 score[i].theil,     score[i].mutual,        score[i].relative,
                                 score[i].variation, score[i].entropy,       score[i].simpson};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            cmd_sheet_number(sheet, values[k]);
        }
    }
}

/* Where each group lives more than elsewhere. */
static int add_groups(cmd_sheet *sheet, const wijk_plain *plain, wijk_lang lang)
{
    wijk_segregation_score_group *score = wijk_alloc(plain->areas * sizeof *score);
    int rc = score ? WIJK_OK : WIJK_ENOMEM;
    cmd_sheet_table(sheet, "groups", "");
    cmd_sheet_column(sheet, "area", wijk_text(lang, T_SPACE_AREA), -1);
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_SPACE_GROUP), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_SPACE_SHARE), 4);
    cmd_sheet_column(sheet, "quotient", "LQ", 3);
    cmd_sheet_column(sheet, "correlation", "eta²", 4);
    for (size_t g = 0; !rc && g < plain->groups; g++) {
        rc = wijk_segregation_scores_one(score, plain->counts, plain->areas, plain->groups, g);
        for (size_t i = 0; !rc && i < plain->areas; i++) {
            char row[24];
            snprintf(row, sizeof row, "%zu", i + 1);
            cmd_sheet_text(sheet, plain->area_name ? plain->area_name[i] : row);
            cmd_sheet_text(sheet, plain->group_name[g]);
            cmd_sheet_number(sheet, score[i].share);
            cmd_sheet_number(sheet, score[i].quotient);
            cmd_sheet_number(sheet, score[i].correlation);
        }
    }
    wijk_free(score);
    return rc;
}

int measure_local(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    wijk_segregation_score *score = NULL;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = measure_read(&plain, argc, argv, 0);
    if (!rc) {
        score = wijk_alloc(plain.areas * sizeof *score);
        rc = score ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : wijk_segregation_scores(score, plain.counts, plain.areas, plain.groups);
    if (!rc) {
        add_scores(sheet, &plain, score, lang);
        rc = add_groups(sheet, &plain, lang);
    }
    wijk_free(score);
    wijk_plain_free(&plain);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_SPACE_NOTE_LOCAL));
    return cmd_sheet_print(sheet);
}
