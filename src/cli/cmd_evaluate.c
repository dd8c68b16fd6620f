/* wijk evaluate: did it do anything? What is asked, and from where; the answers are in
 * evaluate_methods.c. */
#include "cli/evaluate.h"
#include "cli/place.h"

#include "wijk/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int evaluate_number(double *out, int argc, char **argv, const char *name)
{
    *out = NAN;
    return cmd_number(out, argc, argv, name);
}

/* The part of a list "a,b" that begins at *at, as text of its own; *at moves on. NULL at the end or
 * when memory ran out. */
static const char *next_part(const char **at, wijk_arena *arena)
{
    size_t size = strcspn(*at, ",");
    const char *part = size ? wijk_arena_strndup(arena, *at, size) : NULL;
    *at += size + ((*at)[size] == ',');
    return part;
}

/* ---- what is asked ------------------------------------------------------------------------------
 */

/* One of `names` by its number, 0 when the option is not given. */
static int choice(int *out, int argc, char **argv, const char *option, const char *const *names,
                  int count)
{
    const char *asked = cmd_option(argc, argv, option);
    *out = 0;
    for (int i = 0; asked && i < count; i++) {
        if (!strcmp(asked, names[i])) {
            *out = i;
            return WIJK_OK;
        }
    }
    return asked ? wijk_fail(WIJK_EINVAL, "--%s %s is er niet; wel: %s, %s%s%s.",
                             "There is no --%s %s; there are: %s, %s%s%s.", option, asked, names[0],
                             names[1], count > 2 ? ", " : "", count > 2 ? names[2] : "")
                 : WIJK_OK;
}

static int read_choices(evaluate_job *j, int argc, char **argv)
{
    static const char *const adjust[] = {"both", "regression", "weighting"};
    static const char *const ring[] = {"leave-out", "model"};
    static const char *const likeness[] = {"mahalanobis", "propensity"};
    int adjusting, around, like;
    double seed, neighbours, caliper;
    int rc = choice(&adjusting, argc, argv, "adjust", adjust, 3);
    rc = rc ? rc : choice(&around, argc, argv, "ring", ring, 2);
    rc = rc ? rc : choice(&like, argc, argv, "likeness", likeness, 2);
    rc = rc ? rc : evaluate_number(&seed, argc, argv, "seed");
    rc = rc ? rc : evaluate_number(&neighbours, argc, argv, "neighbours");
    rc = rc ? rc : evaluate_number(&caliper, argc, argv, "caliper");
    rc = rc ? rc : evaluate_number(&j->selected, argc, argv, "selected");
    if (!rc && (neighbours < 1 || neighbours > 100 || caliper <= 0)) {
        rc = wijk_fail(WIJK_EINVAL, "--neighbours is 1 tot 100, --caliper boven 0.",
                       "--neighbours is 1 to 100, --caliper above 0.");
    }
    if (!rc) {
        j->adjust = (enum wijk_adjust)adjusting;
        j->ring = (enum evaluate_ring)around;
        j->seed = seed > 0 ? (uint64_t)seed : 1;
        j->matching =
            (wijk_matching_options){.likeness = (enum wijk_likeness)like,
                                    .neighbours = isfinite(neighbours) ? (size_t)neighbours : 0,
                                    .caliper = isfinite(caliper) ? caliper : 0,
                                    .uncorrected = cmd_flag(argc, argv, "uncorrected")};
    }
    return rc;
}

/* --matters 0.05 for all outcomes, or one each: 0.05,0.1. */
static int read_matters(evaluate_job *j, const char *text)
{
    double value = NAN;
    size_t k = 0;
    for (const char *at = text ? text : ""; *at; k++) {
        const char *part = next_part(&at, j->arena);
        if (!part || !wijk_csv_number(&value, part, strlen(part), '.')) {
            return wijk_fail(WIJK_EINVAL, "--matters %s is geen getal.",
                             "--matters %s is not a number.", text);
        }
        if (k < j->count) {
            j->outcomes[k].matters = value;
        }
    }
    if (k > 1 && k != j->count) {
        return wijk_fail(WIJK_EINVAL, "--matters heeft %zu getallen voor %zu uitkomsten.",
                         "--matters has %zu numbers for %zu outcomes.", k, j->count);
    }
    for (; k < j->count; k++) {
        j->outcomes[k].matters = value;
    }
    return WIJK_OK;
}

static int drop_waves(wijk_panel_data *data, const char *years, wijk_arena *arena)
{
    unsigned char *drop = wijk_alloc(data->panel.waves + 1);
    if (!drop) {
        return WIJK_ENOMEM;
    }
    data->drop = drop;
    data->panel.drop = drop;
    for (const char *at = years; *at;) {
        const char *part = next_part(&at, arena);
        double year;
        int wave = part && wijk_csv_number(&year, part, strlen(part), '.')
                       ? wijk_panel_wave(&data->panel, year)
                       : WIJK_NEVER;
        if (wave == WIJK_NEVER) {
            return wijk_fail(WIJK_EINVAL, "--drop: er is geen meting in \"%.40s\".",
                             "--drop: there is no wave in \"%.40s\".", part ? part : "");
        }
        drop[wave] = 1;
    }
    return WIJK_OK;
}

static int too_many(void)
{
    return wijk_fail(WIJK_EINVAL, "Hoogstens %d uitkomsten.", "At most %d outcomes.",
                     WIJK_MOST_OUTCOMES);
}

/* ---- a CSV
 * -------------------------------------------------------------------------------------- */

/* 1 when the list "a,b" holds the name. */
static int holds(const char *list, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = list; at && *at;) {
        size_t part = strcspn(at, ",");
        if (part == size && !memcmp(at, name, size)) {
            return 1;
        }
        at += part + (at[part] == ',');
    }
    return 0;
}

static int read_csv(evaluate_job *j, const char *path, int argc, char **argv)
{
    wijk_panel_columns columns = {.unit = cmd_option(argc, argv, "unit"),
                                  .time = cmd_option(argc, argv, "time"),
                                  .start = cmd_option(argc, argv, "start"),
                                  .size = cmd_option(argc, argv, "size"),
                                  .treated = cmd_option(argc, argv, "treated"),
                                  .covariates = cmd_option(argc, argv, "covariates"),
                                  .ring = cmd_option(argc, argv, "touches")};
    const char *outcomes = cmd_option(argc, argv, "outcome"), *at = outcomes ? outcomes : "-";
    const char *lower = cmd_option(argc, argv, "lower-of");
    char *bytes;
    size_t size = 0;
    int rc = evaluate_number(&columns.begins, argc, argv, "begins");
    rc = rc ? rc : cmd_read_file(&bytes, &size, path);
    if (rc) {
        return rc;
    }
    while (*at && !rc) {
        if (j->count == WIJK_MOST_OUTCOMES) {
            rc = too_many();
            break;
        }
        columns.outcome = next_part(&at, j->arena);
        j->outcomes[j->count].name = columns.outcome ? columns.outcome : "";
        columns.outcome = outcomes ? columns.outcome : NULL;
        j->outcomes[j->count].decimals = 2;
        j->outcomes[j->count].lower_is_better =
            cmd_flag(argc, argv, "lower") || holds(lower, j->outcomes[j->count].name);
        rc = wijk_panel_csv(&j->outcomes[j->count].data, bytes, size, path, &columns);
        j->count++;
    }
    wijk_free(bytes);
    return rc;
}

/* ---- areas of the file
 * -------------------------------------------------------------------------- */

enum { MOST_AREAS = 500 };

static int find_areas(int64_t ids[MOST_AREAS], size_t *count, cmd_place *place, evaluate_job *j,
                      const char *areas, int argc, char **argv)
{
    int rc = WIJK_OK;
    for (const char *at = areas; *at && !rc; ++*count) {
        const char *name = next_part(&at, j->arena);
        rc = !name ? wijk_fail(WIJK_EINVAL, "--areas: er staat een leeg gebied in de lijst.",
                               "--areas: the list has an empty area.")
             : *count == MOST_AREAS
                 ? wijk_fail(WIJK_ELIMIT, "Hoogstens %d gebieden.", "At most %d areas.", MOST_AREAS)
                 : cmd_place_find(place, argc, argv, name, j->lang);
        ids[*count < MOST_AREAS ? *count : 0] = place->area;
    }
    return rc;
}

static int read_outcome(evaluate_job *j, const cmd_place *place, const char *code,
                        const int64_t *ids, size_t count, double begins)
{
    const wijk_indicator *outcome = wijk_indicator_by_code(place->registry, code);
    if (!outcome) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is geen indicator \"%.60s\".",
                         "There is no indicator \"%.60s\".", code);
    }
    size_t k = j->count++;
    j->outcomes[k].name = code;
    j->outcomes[k].decimals = outcome->decimals;
    j->outcomes[k].lower_is_better = outcome->direction == WIJK_DIRECTION_DOWN;
    return k ? wijk_panel_beside(&j->outcomes[k].data, &j->outcomes->data, place->store,
                                 place->registry, outcome, begins)
             : wijk_panel_file(&j->outcomes->data, place->store, place->registry, outcome, ids,
                               count, begins);
}

/* Areas of the file by code or name, and some of its indicators as outcomes. */
static int read_file(evaluate_job *j, const char *areas, int argc, char **argv)
{
    const char *codes = cmd_option(argc, argv, "indicator");
    const char *covariates = cmd_option(argc, argv, "covariates");
    int64_t ids[MOST_AREAS];
    size_t count = 0;
    double begins;
    cmd_place place = {0};
    int rc = evaluate_number(&begins, argc, argv, "begins");
    if (!rc && !isfinite(begins)) {
        rc = wijk_fail(WIJK_EINVAL, "Zeg in welk jaar het begon: --begins 2015.",
                       "Say in which year it began: --begins 2015.");
    }
    rc = rc ? rc : find_areas(ids, &count, &place, j, areas, argc, argv);
    for (const char *at = codes ? codes : "lbm3_afw"; *at && !rc;) {
        const char *code = next_part(&at, j->arena);
        rc = j->count == WIJK_MOST_OUTCOMES
                 ? too_many()
                 : read_outcome(j, &place, code ? code : "", ids, count, begins);
    }
    for (size_t k = 0; k < j->count && covariates && !rc; k++) {
        rc = wijk_panel_covariates(&j->outcomes[k].data, place.store, place.registry, covariates,
                                   begins);
    }
    cmd_place_close(&place);
    return rc;
}

int cmd_evaluate(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0), *areas = cmd_option(argc, argv, "areas");
    const char *method = cmd_option(argc, argv, "method"), *drop = cmd_option(argc, argv, "drop");
    evaluate_job j = {.lang = lang};
    int rc = wijk_arena_new(&j.arena, 0);
    rc = rc ? rc : read_choices(&j, argc, argv);
    if (!rc && !path == !areas) {
        rc = wijk_fail(
            WIJK_EINVAL,
            "Noem een CSV (wijk evaluate panel.csv --unit gebied --time jaar --outcome score "
            "--start begin --matters 0.05) of gebieden uit het bestand (--areas 1102,1103 "
            "--begins 2015 --selected 2014 --matters 0.05).",
            "Name a CSV (wijk evaluate panel.csv --unit area --time year --outcome score --start "
            "begin --matters 0.05) or areas of the file (--areas 1102,1103 --begins 2015 "
            "--selected 2014 --matters 0.05).");
    }
    if (!rc) {
        j.sheet = cmd_sheet_new(argc, argv, lang);
        rc = path ? read_csv(&j, path, argc, argv) : read_file(&j, areas, argc, argv);
    }
    rc = rc ? rc : read_matters(&j, cmd_option(argc, argv, "matters"));
    for (size_t k = 0; k < j.count && drop && !rc; k++) {
        rc = drop_waves(&j.outcomes[k].data, drop, j.arena);
    }
    rc = rc ? rc : evaluate_by_method(&j, method ? method : "verdict");
    if (rc) {
        cmd_sheet_free(j.sheet);
    } else {
        rc = cmd_sheet_print(j.sheet);
    }
    for (size_t k = 0; k < j.count; k++) {
        wijk_panel_free(&j.outcomes[k].data);
    }
    wijk_arena_free(j.arena);
    return rc;
}
