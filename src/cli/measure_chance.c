/* wijk measure chance: how sure the indices of a table are, what chance alone shows, over distance
 * too, and whether two tables differ. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/resample.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_RADII = 16, PROFILE_DRAWS = 200 };

static const char *const index_code[WIJK_INDICES] = {"M", "H", "D"};

static int read_options(wijk_resample_options *out, int argc, char **argv)
{
    double draws = 0, seed = 0, per_cent = 95;
    const char *by = cmd_option(argc, argv, "by");
    int rc = cmd_number(&draws, argc, argv, "draws");
    rc = rc ? rc : cmd_number(&seed, argc, argv, "seed");
    rc = rc ? rc : cmd_number(&per_cent, argc, argv, "level");
    if (!rc && (!(draws >= 0 && draws <= WIJK_MAX_REPLICATES) || !(seed >= 0 && seed < 0x1p53))) {
        rc = wijk_fail(WIJK_EINVAL, "--draws gaat tot %u, en --seed is nul of meer.",
                       "--draws goes up to %u, and --seed is zero or more.", WIJK_MAX_REPLICATES);
    }
    if (!rc && by && strcmp(by, "people") != 0 && strcmp(by, "areas") != 0) {
        rc = wijk_fail(WIJK_EINVAL, "--by %s: kies people of areas.",
                       "--by %s: choose people or areas.", by);
    }
    if (!rc) {
        *out = (wijk_resample_options){
            .seed = (uint64_t)seed,
            .replicates = (uint32_t)draws,
            .level = per_cent / 100,
            .unit = by && strcmp(by, "areas") == 0 ? WIJK_RESAMPLE_AREAS : WIJK_RESAMPLE_PEOPLE};
    }
    return rc;
}

static void add_range(cmd_sheet *sheet, wijk_range range)
{
    cmd_sheet_number(sheet, range.low);
    cmd_sheet_number(sheet, range.high);
}

static int add_indices(cmd_sheet *sheet, const wijk_plain *plain, const wijk_resample_options *o,
                       wijk_ctx *ctx, wijk_lang lang)
{
    wijk_resampled error[WIJK_INDICES];
    wijk_null_index null[WIJK_INDICES];
    int rc = wijk_resample_bootstrap(error, plain->counts, plain->areas, plain->groups, o, ctx);
    rc = rc ? rc : wijk_resample_null(null, plain->counts, plain->areas, plain->groups, o, ctx);
    cmd_sheet_table(sheet, "indices", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_RESAMPLE_INDEX), -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_RESAMPLE_VALUE), 4);
    cmd_sheet_column(sheet, "corrected", wijk_text(lang, T_RESAMPLE_CORRECTED), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_RESAMPLE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
    cmd_sheet_column(sheet, "chance", wijk_text(lang, T_RESAMPLE_CHANCE), 4);
    cmd_sheet_column(sheet, "chance_low", wijk_text(lang, T_RESAMPLE_LOW), 4);
    cmd_sheet_column(sheet, "chance_high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
    cmd_sheet_column(sheet, "p", wijk_text(lang, T_RESAMPLE_P), 4);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        cmd_sheet_text(sheet, index_code[k]);
        cmd_sheet_number(sheet, error[k].value);
        cmd_sheet_number(sheet, error[k].corrected);
        add_range(sheet, error[k].range);
        cmd_sheet_number(sheet, null[k].expected);
        add_range(sheet, null[k].middle);
        cmd_sheet_number(sheet, null[k].p);
    }
    return rc;
}

/* ---- two tables ---- */

/* The groups of `other` in the order of `plain`. */
static int same_groups(wijk_plain *other, const wijk_plain *plain)
{
    double *counts = wijk_alloc(other->areas * plain->groups * sizeof *counts);
    int rc = counts ? WIJK_OK : WIJK_ENOMEM;
    for (size_t g = 0; !rc && g < plain->groups; g++) {
        size_t at = 0;
        while (at < other->groups && strcmp(other->group_name[at], plain->group_name[g]) != 0) {
            at++;
        }
        if (at == other->groups || other->groups != plain->groups) {
            rc = wijk_fail(WIJK_EINVAL, "De twee tabellen hebben niet dezelfde groepen (\"%s\").",
                           "The two tables do not have the same groups (\"%s\").",
                           plain->group_name[g]);
        }
        for (size_t i = 0; !rc && i < other->areas; i++) {
            counts[i * plain->groups + g] = other->counts[i * other->groups + at];
        }
    }
    if (rc) {
        wijk_free(counts);
        return rc;
    }
    wijk_free(other->counts);
    other->counts = counts;
    return WIJK_OK;
}

static int add_difference(cmd_sheet *sheet, const wijk_plain *plain, wijk_plain *other,
                          const wijk_resample_options *o, wijk_ctx *ctx, wijk_lang lang)
{
    wijk_difference out[WIJK_INDICES];
    int rc = same_groups(other, plain);
    rc = rc ? rc
            : wijk_resample_difference(out, plain->counts, plain->areas, other->counts,
                                       other->areas, plain->groups, o, ctx);
    cmd_sheet_table(sheet, "difference", wijk_text(lang, T_RESAMPLE_DIFFERENCE));
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_RESAMPLE_INDEX), -1);
    cmd_sheet_column(sheet, "difference", wijk_text(lang, T_RESAMPLE_VALUE), 4);
    cmd_sheet_column(sheet, "corrected", wijk_text(lang, T_RESAMPLE_CORRECTED), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_RESAMPLE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
    cmd_sheet_column(sheet, "p", wijk_text(lang, T_RESAMPLE_P), 4);
    for (size_t k = 0; !rc && k < WIJK_INDICES; k++) {
        cmd_sheet_text(sheet, index_code[k]);
        cmd_sheet_number(sheet, out[k].difference);
        cmd_sheet_number(sheet, out[k].corrected);
        add_range(sheet, out[k].range);
        cmd_sheet_number(sheet, out[k].p);
    }
    return rc;
}

/* ---- over distance ---- */

static void name_bands(cmd_sheet *sheet, wijk_lang lang)
{
    cmd_sheet_table(sheet, "scale", wijk_text(lang, T_RESAMPLE_SCALE));
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_RESAMPLE_INDEX), -1);
    cmd_sheet_column(sheet, "radius", wijk_text(lang, T_RESAMPLE_RADIUS), 0);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_RESAMPLE_VALUE), 4);
    cmd_sheet_column(sheet, "corrected", wijk_text(lang, T_RESAMPLE_CORRECTED), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_RESAMPLE_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
    cmd_sheet_column(sheet, "chance_low", wijk_text(lang, T_RESAMPLE_CHANCE_LOW), 4);
    cmd_sheet_column(sheet, "chance_high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
    cmd_sheet_column(sheet, "places_low", wijk_text(lang, T_RESAMPLE_PLACES_LOW), 4);
    cmd_sheet_column(sheet, "places_high", wijk_text(lang, T_RESAMPLE_HIGH), 4);
}

static int add_bands(cmd_sheet *sheet, const wijk_plain *plain, const char *asked,
                     const wijk_resample_options *options, wijk_ctx *ctx, wijk_lang lang)
{
    static const char *const code[WIJK_PROFILES] = {"H", "D", "R"};
    const enum wijk_kernel kernel = WIJK_KERNEL_BIWEIGHT;
    wijk_band band[WIJK_PROFILES * MOST_RADII];
    wijk_envelope people[WIJK_PROFILES * MOST_RADII], places[WIJK_PROFILES * MOST_RADII];
    double radii[MOST_RADII], p_people[WIJK_PROFILES], p_places[WIJK_PROFILES];
    size_t n;
    wijk_resample_options o = *options;
    o.replicates = o.replicates ? o.replicates : PROFILE_DRAWS;
    int rc =
        measure_numbers(radii, &n, MOST_RADII, "radii", asked ? asked : "250,500,1000,2000,5000");
    rc = rc ? rc
            : wijk_resample_profile(band, radii, n, kernel, plain->counts, plain->x, plain->y,
                                    plain->areas, plain->groups, &o, ctx);
    rc = rc ? rc
            : wijk_resample_profile_null(people, p_people, WIJK_NULL_PEOPLE, radii, n, kernel,
                                         plain->counts, plain->x, plain->y, plain->areas,
                                         plain->groups, &o, ctx);
    rc = rc ? rc
            : wijk_resample_profile_null(places, p_places, WIJK_NULL_PLACES, radii, n, kernel,
                                         plain->counts, plain->x, plain->y, plain->areas,
                                         plain->groups, &o, ctx);
    name_bands(sheet, lang);
    for (size_t k = 0; !rc && k < WIJK_PROFILES * n; k++) {
        cmd_sheet_text(sheet, code[k / n]);
        cmd_sheet_number(sheet, radii[k % n]);
        cmd_sheet_number(sheet, band[k].value);
        cmd_sheet_number(sheet, band[k].corrected);
        add_range(sheet, band[k].joint);
        add_range(sheet, people[k].envelope);
        add_range(sheet, places[k].envelope);
    }
    cmd_sheet_table(sheet, "scale_p", wijk_text(lang, T_RESAMPLE_SCALE_P));
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_RESAMPLE_INDEX), -1);
    cmd_sheet_column(sheet, "p_people", wijk_text(lang, T_RESAMPLE_P_PEOPLE), 4);
    cmd_sheet_column(sheet, "p_places", wijk_text(lang, T_RESAMPLE_P_PLACES), 4);
    for (size_t k = 0; !rc && k < WIJK_PROFILES; k++) {
        cmd_sheet_text(sheet, code[k]);
        cmd_sheet_number(sheet, p_people[k]);
        cmd_sheet_number(sheet, p_places[k]);
    }
    return rc;
}

static int whole(const wijk_plain *plain)
{
    size_t at = 0, cells = plain->areas * plain->groups;
    while (at < cells && plain->counts[at] == round(plain->counts[at])) {
        at++;
    }
    return at == cells;
}

int measure_chance(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain, other = {0};
    wijk_resample_options o;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_job job;
    cmd_job_begin(&job, 1);
    int rc = measure_read(&plain, argc, argv, 0);
    rc = rc ? rc : read_options(&o, argc, argv);
    rc = rc ? rc : add_indices(sheet, &plain, &o, &job.ctx, lang);
    if (!rc && cmd_positional(argc, argv, 1)) {
        rc = measure_read(&other, argc, argv, 1);
        rc = rc ? rc : add_difference(sheet, &plain, &other, &o, &job.ctx, lang);
    }
    if (!rc && plain.x && o.unit == WIJK_RESAMPLE_PEOPLE) {
        rc = add_bands(sheet, &plain, cmd_option(argc, argv, "radii"), &o, &job.ctx, lang);
    }
    int rounded = !rc && !(whole(&plain) && whole(&other));
    cmd_job_end(&job);
    wijk_plain_free(&other);
    wijk_plain_free(&plain);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    cmd_sheet_note(sheet, wijk_text(lang, o.unit == WIJK_RESAMPLE_AREAS ? T_RESAMPLE_NOTE_AREAS
                                                                        : T_RESAMPLE_NOTE));
    if (rounded) {
        cmd_sheet_note(sheet, wijk_text(lang, T_RESAMPLE_NOTE_WHOLE));
    }
    return cmd_sheet_print(sheet);
}
