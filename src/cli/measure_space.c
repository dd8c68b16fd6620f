/* wijk measure scale, nearest and proximity: what people meet around them, from one table of counts
 * with places or neighbours. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/nearest.h"
#include "wijk/proximity.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_RADII = 16, MOST_SIZES = 24, MOST_STEPS = 32 };

static int need_places(const wijk_plain *plain)
{
    return plain->x
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL, "Noem de kolommen met de plaats: --x X --y Y (meters).",
                           "Name the columns with the place: --x X --y Y (metres).");
}

/* How much was read. */
static int add_head(cmd_sheet *sheet, const wijk_plain *plain, wijk_segregation *all,
                    wijk_lang lang)
{
    int rc = wijk_segregation_all(all, plain->counts, plain->areas, plain->groups);
    wijk_str total = WIJK_STR_INIT, head = WIJK_STR_INIT;
    char areas[24], groups[24];
    snprintf(areas, sizeof areas, "%zu", all->areas);
    snprintf(groups, sizeof groups, "%zu", all->groups);
    wijk_number(&total, lang, all->total, 0);
    wijk_text_fill(&head, lang, T_SPACE_HEAD, areas, groups, wijk_str_text(&total), NULL);
    cmd_sheet_head(sheet, wijk_str_text(&head));
    wijk_str_free(&total);
    wijk_str_free(&head);
    return rc;
}

static int finish(cmd_sheet *sheet, wijk_plain *plain, int rc)
{
    wijk_plain_free(plain);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    return cmd_sheet_print(sheet);
}

/* ---- over distance ----------------------------------------------------------------------------
 */

static int find_kernel(enum wijk_kernel *out, const char *name)
{
    static const char *const names[] = {[WIJK_KERNEL_FLAT] = "flat",
                                        [WIJK_KERNEL_BIWEIGHT] = "biweight",
                                        [WIJK_KERNEL_EPANECHNIKOV] = "epanechnikov",
                                        [WIJK_KERNEL_TRIANGLE] = "triangle"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if (!strcmp(name, names[k])) {
            *out = (enum wijk_kernel)k;
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_EINVAL, "--kernel %s: kies flat, biweight, epanechnikov of triangle.",
                     "--kernel %s: choose flat, biweight, epanechnikov or triangle.", name);
}

static void add_profile(cmd_sheet *sheet, const wijk_scale *scale, size_t n,
                        enum wijk_text_key what, wijk_lang lang)
{
    cmd_sheet_table(sheet, "scale", "");
    cmd_sheet_column(sheet, what == T_SPACE_RADIUS ? "radius" : "steps", wijk_text(lang, what), 0);
    cmd_sheet_column(sheet, "theil", "H", 4);
    cmd_sheet_column(sheet, "dissimilarity", "D", 4);
    cmd_sheet_column(sheet, "relative", "R", 4);
    cmd_sheet_column(sheet, "people", wijk_text(lang, T_SPACE_PEOPLE), 0);
    cmd_sheet_column(sheet, "areas", wijk_text(lang, T_SPACE_AREAS), 1);
    for (size_t k = 0; k < n; k++) {
        cmd_sheet_number(sheet, scale[k].radius);
        cmd_sheet_number(sheet, scale[k].theil);
        cmd_sheet_number(sheet, scale[k].dissimilarity);
        cmd_sheet_number(sheet, scale[k].relative);
        cmd_sheet_number(sheet, scale[k].people);
        cmd_sheet_number(sheet, scale[k].neighbours);
    }
}

static void add_split(cmd_sheet *sheet, double theil, const wijk_scale *scale, size_t n, int steps,
                      wijk_lang lang)
{
    double parts[MOST_STEPS + 1];
    wijk_scale_split(parts, theil, scale, n);
    cmd_sheet_table(sheet, "split", wijk_text(lang, T_SPACE_SPLIT));
    cmd_sheet_column(sheet, "from", wijk_text(lang, steps ? T_SPACE_FROM_STEPS : T_SPACE_FROM), 0);
    cmd_sheet_column(sheet, "to", wijk_text(lang, steps ? T_SPACE_TO_STEPS : T_SPACE_TO), 0);
    cmd_sheet_column(sheet, "part", wijk_text(lang, T_SPACE_PART), 4);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_SPACE_PART_SHARE), 3);
    for (size_t k = 0; k <= n; k++) {
        cmd_sheet_number(sheet, k ? scale[k - 1].radius : 0);
        cmd_sheet_number(sheet, k < n ? scale[k].radius : NAN);
        cmd_sheet_number(sheet, parts[k]);
        cmd_sheet_number(sheet, parts[k] / theil);
    }
}

/* How isolated each group is at each radius. */
static int add_isolation(cmd_sheet *sheet, const wijk_plain *plain, const double *radii, size_t n,
                         enum wijk_kernel kernel, wijk_lang lang)
{
    cmd_sheet_table(sheet, "isolation", wijk_text(lang, T_SPACE_ISOLATION));
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_SPACE_GROUP), -1);
    cmd_sheet_column(sheet, "radius", wijk_text(lang, T_SPACE_RADIUS), 0);
    cmd_sheet_column(sheet, "isolation", wijk_text(lang, T_SPACE_SHARE), 4);
    for (size_t g = 0; g < plain->groups; g++) {
        double met[MOST_RADII];
        int rc = wijk_exposure_scale(met, radii, n, kernel, plain->counts, plain->x, plain->y,
                                     plain->areas, plain->groups, g, g, NULL);
        if (rc) {
            return rc;
        }
        for (size_t k = 0; k < n; k++) {
            cmd_sheet_text(sheet, plain->group_name[g]);
            cmd_sheet_number(sheet, radii[k]);
            cmd_sheet_number(sheet, met[k]);
        }
    }
    return WIJK_OK;
}

static int scale_by_distance(cmd_sheet *sheet, const wijk_plain *plain, double theil, int argc,
                             char **argv, wijk_lang lang)
{
    double radii[MOST_RADII];
    wijk_scale scale[MOST_RADII];
    size_t n;
    enum wijk_kernel kernel = WIJK_KERNEL_BIWEIGHT;
    const char *asked = cmd_option(argc, argv, "radii"), *name = cmd_option(argc, argv, "kernel");
    int rc = find_kernel(&kernel, name ? name : "biweight");
    rc = rc ? rc
            : measure_numbers(radii, &n, MOST_RADII, "radii",
                              asked ? asked : "250,500,1000,2000,5000");
    rc = rc ? rc
            : wijk_segregation_scale(scale, radii, n, kernel, plain->counts, plain->x, plain->y,
                                     plain->areas, plain->groups, NULL);
    if (rc) {
        return rc;
    }
    add_profile(sheet, scale, n, T_SPACE_RADIUS, lang);
    add_split(sheet, theil, scale, n, 0, lang);
    cmd_sheet_note(sheet, wijk_text(lang, T_SPACE_NOTE_SCALE));
    return add_isolation(sheet, plain, radii, n, kernel, lang);
}

static int scale_by_steps(cmd_sheet *sheet, const wijk_plain *plain, double theil,
                          const char *asked, wijk_lang lang)
{
    wijk_scale scale[MOST_STEPS + 1];
    double steps;
    size_t n;
    int rc = measure_numbers(&steps, &n, 1, "steps", asked ? asked : "4");
    if (!rc && !(steps >= 0 && steps < MOST_STEPS)) {
        rc = wijk_fail(WIJK_EINVAL, "--steps %s: kies 0 tot %d.", "--steps %s: choose 0 to %d.",
                       asked, MOST_STEPS - 1);
    }
    rc = rc ? rc
            : wijk_segregation_steps(scale, (size_t)steps, plain->counts, plain->areas,
                                     plain->groups, plain->link_start, plain->link, NULL);
    if (!rc) {
        add_profile(sheet, scale, (size_t)steps + 1, T_SPACE_STEPS, lang);
        add_split(sheet, theil, scale + 1, (size_t)steps, 1, lang);
        cmd_sheet_note(sheet, wijk_text(lang, T_SPACE_NOTE_STEPS));
    }
    return rc;
}

int measure_scale(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    wijk_segregation all;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = measure_read(&plain, argc, argv, 0);
    if (!rc && !plain.x && !plain.link_start) {
        rc = wijk_fail(WIJK_EINVAL, "Noem --x X --y Y (meters) of --neighbours KOLOM.",
                       "Name --x X --y Y (metres) or --neighbours COLUMN.");
    }
    rc = rc ? rc : add_head(sheet, &plain, &all, lang);
    if (!rc && plain.x) {
        rc = scale_by_distance(sheet, &plain, all.theil, argc, argv, lang);
    } else if (!rc) {
        rc = scale_by_steps(sheet, &plain, all.theil, cmd_option(argc, argv, "steps"), lang);
    }
    return finish(sheet, &plain, rc);
}

/* ---- the nearest people -----------------------------------------------------------------------
 */

/* A long table: for each k (or once), who a member of each group meets. */
static void add_meets(cmd_sheet *sheet, const wijk_plain *plain, const double *meets,
                      const double *sizes, size_t n, wijk_lang lang)
{
    size_t groups = plain->groups;
    cmd_sheet_table(sheet, "meets", wijk_text(lang, T_SPACE_MEETS));
    if (sizes) {
        cmd_sheet_column(sheet, "people", wijk_text(lang, T_SPACE_K), 0);
    }
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_SPACE_GROUP), -1);
    cmd_sheet_column(sheet, "meets", wijk_text(lang, T_SPACE_OTHER), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_SPACE_SHARE), 4);
    for (size_t at = 0; at < n * groups * groups; at++) {
        if (sizes) {
            cmd_sheet_number(sheet, sizes[at / groups / groups]);
        }
        cmd_sheet_text(sheet, plain->group_name[at / groups % groups]);
        cmd_sheet_text(sheet, plain->group_name[at % groups]);
        cmd_sheet_number(sheet, meets[at]);
    }
}

static int add_nearest(cmd_sheet *sheet, const wijk_plain *plain, const char *asked, wijk_lang lang)
{
    double sizes[MOST_SIZES];
    wijk_nearest out[MOST_SIZES];
    size_t n = 0;
    int rc = measure_numbers(sizes, &n, MOST_SIZES, "people",
                             asked ? asked : "100,200,400,800,1600,3200,6400,12800,25600,51200");
    const wijk_nearest_input in = {plain->counts, plain->x, plain->y, plain->areas, plain->groups};
    double *meets = rc ? NULL : wijk_alloc(n * plain->groups * plain->groups * sizeof *meets);
    rc = rc ? rc : meets ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : wijk_nearest_all(out, meets, NULL, sizes, n, &in, NULL);
    if (!rc) {
        cmd_sheet_table(sheet, "nearest", "");
        cmd_sheet_column(sheet, "people", wijk_text(lang, T_SPACE_K), 0);
        cmd_sheet_column(sheet, "theil", "H", 4);
        cmd_sheet_column(sheet, "dissimilarity", "D", 4);
        cmd_sheet_column(sheet, "relative", "R", 4);
        cmd_sheet_column(sheet, "reach", wijk_text(lang, T_SPACE_REACH), 0);
        cmd_sheet_column(sheet, "areas", wijk_text(lang, T_SPACE_AREAS), 1);
        for (size_t k = 0; k < n; k++) {
            cmd_sheet_number(sheet, out[k].people);
            cmd_sheet_number(sheet, out[k].theil);
            cmd_sheet_number(sheet, out[k].dissimilarity);
            cmd_sheet_number(sheet, out[k].relative);
            cmd_sheet_number(sheet, out[k].reach);
            cmd_sheet_number(sheet, out[k].neighbours);
        }
        add_meets(sheet, plain, meets, sizes, n, lang);
        cmd_sheet_note(sheet, wijk_text(lang, T_SPACE_NOTE_NEAREST));
    }
    wijk_free(meets);
    return rc;
}

int measure_nearest(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    wijk_segregation all;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = measure_read(&plain, argc, argv, 0);
    rc = rc ? rc : need_places(&plain);
    rc = rc ? rc : add_head(sheet, &plain, &all, lang);
    rc = rc ? rc : add_nearest(sheet, &plain, cmd_option(argc, argv, "people"), lang);
    return finish(sheet, &plain, rc);
}

/* ---- distance decay ---------------------------------------------------------------------------
 */

static void add_value(cmd_sheet *sheet, const char *code, enum wijk_text_key name, double value,
                      wijk_lang lang)
{
    cmd_sheet_text(sheet, code);
    cmd_sheet_text(sheet, wijk_text(lang, name));
    cmd_sheet_number(sheet, value);
}

static void add_clustering(cmd_sheet *sheet, const wijk_plain *plain, const wijk_proximity *out,
                           const double *between, const double *meets, wijk_lang lang)
{
    cmd_sheet_table(sheet, "proximity", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_SPACE_VALUE), 4);
    add_value(sheet, "SP", T_SPACE_SP, out->spatial, lang);
    add_value(sheet, "P", T_SPACE_MEAN, out->mean, lang);
    add_value(sheet, "H", T_SPACE_H, out->theil, lang);
    add_value(sheet, "D", T_SPACE_D, out->dissimilarity, lang);
    add_value(sheet, "R", T_SPACE_R, out->relative, lang);
    cmd_sheet_table(sheet, "groups", "");
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_SPACE_GROUP), -1);
    cmd_sheet_column(sheet, "clustered", wijk_text(lang, T_SPACE_CLUSTER), 4);
    cmd_sheet_column(sheet, "isolation", wijk_text(lang, T_SPACE_ISOLATED), 4);
    for (size_t g = 0; g < plain->groups; g++) {
        size_t at = g * plain->groups + g;
        cmd_sheet_text(sheet, plain->group_name[g]);
        cmd_sheet_number(sheet, between[at] / out->mean);
        cmd_sheet_number(sheet, meets[at]);
    }
    add_meets(sheet, plain, meets, NULL, 1, lang);
}

static int add_proximity(cmd_sheet *sheet, const wijk_plain *plain, const char *asked,
                         wijk_lang lang)
{
    double decay;
    size_t n, cells = plain->groups * plain->groups;
    int rc = measure_numbers(&decay, &n, 1, "decay", asked ? asked : "1000");
    double *between = wijk_alloc(cells * sizeof *between);
    double *meets = wijk_alloc(cells * sizeof *meets);
    rc = rc ? rc : between && meets ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        const wijk_proximity_input in = {plain->counts, plain->x,      plain->y, plain->surface,
                                         plain->areas,  plain->groups, decay};
        const wijk_proximity_parts parts = {between, meets, NULL};
        wijk_proximity out;
        rc = wijk_proximity_all(&out, &parts, &in, NULL);
        if (!rc) {
            wijk_str far = WIJK_STR_INIT, note = WIJK_STR_INIT;
            add_clustering(sheet, plain, &out, between, meets, lang);
            wijk_number(&far, lang, decay, 0);
            wijk_text_fill(&note, lang, T_SPACE_NOTE_PROXIMITY, wijk_str_text(&far), NULL);
            cmd_sheet_note(sheet, wijk_str_text(&note));
            wijk_str_free(&far);
            wijk_str_free(&note);
        }
    }
    wijk_free(between);
    wijk_free(meets);
    return rc;
}

int measure_proximity(int argc, char **argv, wijk_lang lang)
{
    wijk_plain plain;
    wijk_segregation all;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = measure_read(&plain, argc, argv, 0);
    rc = rc ? rc : need_places(&plain);
    rc = rc ? rc : add_head(sheet, &plain, &all, lang);
    rc = rc ? rc : add_proximity(sheet, &plain, cmd_option(argc, argv, "decay"), lang);
    return finish(sheet, &plain, rc);
}
