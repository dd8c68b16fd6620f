/* Who leaves a region and who comes to it, by age. The idea: persons moved over persons living
 * there. Not all of these are households that go: the parameter household_moves says which share
 * is. Under 25 it is not the same share of those who go and those who come: see young(). */
#include "foresee/start.h"

#include "wijk/err.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const start_mover_age start_mover_ages[START_MOVER_AGES] = {
    {"15_20", {1, 0, 0, 0, 0, 0}},       {"20_25", {1, 0, 0, 0, 0, 0}},
    {"25_30", {0, 1, 0, 0, 0, 0}},       {"30_40", {0, 0.5, 0.5, 0, 0, 0}},
    {"40_50", {0, 0, 1, 0, 0, 0}},       {"50_65", {0, 0, 0, 1, 0, 0}},
    {"65_85", {0, 0, 0, 0, 0.75, 0.25}}, {"85_plus", {0, 0, 0, 0, 0, 1}},
};

/* Which part of the fitted ages of residents falls in the bands of a run. */
static const double residents[SEED_BANDS][WIJK_AGE_BANDS] = {{0, 0, 0, 0, 0, 0},
                                                             {1, 0, 0, 0, 0, 0},
                                                             {0, 0.5, 0.5, 0, 0, 0},
                                                             {0, 0, 0.25, 0.75, 0, 0},
                                                             {0, 0, 0, 0, 0.75, 0.25}};

/* The published number of movers of a gemeente in the year nearest to the one asked for, or in that
 * very year; NAN when the file has none. */
static int moved(double *out, wijk_store *store, const wijk_registry *registry,
                 const char *gemeente, const char *way, int year, int exact, const char *age)
{
    char code[64];
    size_t n = 0;
    const wijk_series *best = NULL;
    *out = NAN;
    snprintf(code, sizeof code, "moves_%s_age_%s", way, age);
    const wijk_indicator *indicator = wijk_indicator_by_code(registry, code);
    const wijk_series *series = indicator ? wijk_series_of(&n, registry, indicator->id) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (series[i].level == WIJK_GEMEENTE && (!exact || series[i].period == year) &&
            (!best || abs(series[i].period - year) < abs(best->period - year))) {
            best = &series[i];
        }
    }
    wijk_stmt *stmt =
        best ? wijk_store_sql(store, "SELECT v.value FROM area a JOIN layer_value v ON "
                                     "v.indicator_id=?1 AND v.level=1 AND v.vintage=?2 AND "
                                     "v.period=?3 AND v.area_id=a.id WHERE a.level=1 AND a.code=?4 "
                                     "AND a.vintage=?2")
             : NULL;
    if (!stmt) {
        return best ? WIJK_EDB : WIJK_OK;
    }
    wijk_bind_int(stmt, 1, indicator->id);
    wijk_bind_int(stmt, 2, best->vintage);
    wijk_bind_int(stmt, 3, best->period);
    wijk_bind_text(stmt, 4, gemeente);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        *out = wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* Of movers of 15 to 24 over the border, the households that they were or become. Who leaves its
 * parents for another gemeente is no household that goes, but is one that comes: of the 200,000 a
 * year who leave home about half cross a border, 6% of those of this age who live with parents. Of
 * who comes the rest moves along with parents or in with somebody (CBS, moves and leaving home). */
#define FROM_PARENTS 0.06
#define AS_HOUSEHOLD 0.72
#define PER_YOUNG    1.15 /* persons of this age in a household of this age */
static double young(double moves, const char *way, const start_living *living)
{
    if (strcmp(way, "in") == 0) {
        return AS_HOUSEHOLD * moves;
    }
    double at_home = fmax(living->persons[0] - PER_YOUNG * living->young_households, 0);
    return fmax(moves - FROM_PARENTS * at_home, 0.2 * moves) / PER_YOUNG;
}

/* Rates of one gemeente in one direction; < 0 for a band of which nothing is known. */
static int rates(double out[WIJK_AGE_BANDS], wijk_store *store, const wijk_registry *registry,
                 const char *gemeente, const char *way, int year, int exact,
                 const start_living *living)
{
    double sum[WIJK_AGE_BANDS] = {0};
    for (int a = 0; a < START_MOVER_AGES; a++) {
        const start_mover_age *m = &start_mover_ages[a];
        double count;
        int rc = moved(&count, store, registry, gemeente, way, year, exact, m->age);
        if (rc) {
            return rc;
        }
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            sum[b] += m->part[b] > 0 ? m->part[b] * count : 0;
        }
    }
    for (int b = 0; b < WIJK_AGE_BANDS; b++) {
        double rate = b == 0 ? 1000 * young(sum[0], way, living) / living->young_households
                             : 1000 * sum[b] / living->persons[b];
        out[b] = isfinite(rate) ? fmin(rate, 900) : -1;
    }
    return WIJK_OK;
}

int start_moves(double out[WIJK_AGE_BANDS], wijk_store *store, const wijk_registry *registry,
                const char *gemeente, const char *way, int year, const start_living *living)
{
    return rates(out, store, registry, gemeente, way, year, 1, living);
}

void start_add_living(start_living *living, const wijk_start *start, size_t i)
{
    for (int a = 0; a < SEED_BANDS && !start->areas[i].empty; a++) {
        double persons = (double)start->areas[i].fitted[WIJK_MARGIN_AGE_0 + a].synthetic;
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            living->persons[b] += residents[a][b] * persons;
        }
    }
    const start_mix *mix = &start->mixes[i];
    for (uint32_t c = 0; c < mix->n_cells; c++) {
        const seed_kind *kind = &start->seed.kind[start_kind(mix->cells[c].cell)];
        living->young_households += kind->age == 0 ? mix->cells[c].count : 0;
    }
}

/* Moves are those of a whole gemeente: where a start covers a part of it only, they tell nothing
 * about that part's share, and the rate of the whole is the best guess; it then needs the whole's
 * residents, which only a start of the whole has. So a region is told its moves when the start
 * holds at least nine tenths of the people that the gemeente publishes. */
static int is_whole(const wijk_start *start, wijk_store *store, const char *gemeente, double people)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT v.value FROM area a JOIN layer_value v ON v.level=1 AND "
               "v.vintage=a.vintage AND v.period=?3 AND v.area_id=a.id JOIN indicator i ON "
               "i.id=v.indicator_id AND i.code='population' WHERE a.level=1 AND a.code=?1 AND "
               "a.vintage=?2");
    wijk_bind_text(stmt, 1, gemeente);
    wijk_bind_int(stmt, 2, start->set.vintage);
    wijk_bind_int(stmt, 3, start->set.year);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        rc = people >= 0.9 * wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return rc;
}

int start_read_regions(wijk_start *start, wijk_store *store, const wijk_registry *registry)
{
    size_t n = start->set.areas;
    start->regions = wijk_alloc((n + 1) * sizeof *start->regions);
    if (!start->regions) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < n;) {
        start_region *region = &start->regions[start->n_regions++];
        const char *code = start->set.area[i].gemeente_code;
        start_living living = {{0}, 0};
        double people = 0;
        snprintf(region->code, sizeof region->code, "%s", *code ? code : "-");
        for (; i < n && strcmp(start->set.area[i].gemeente_code, code) == 0; i++) {
            people += start->areas[i].people;
            start_add_living(&living, start, i);
        }
        for (int b = 0; b < WIJK_AGE_BANDS; b++) {
            region->leave[b] = region->come[b] = -1;
        }
        int rc = *code ? is_whole(start, store, code, people) : 0;
        if (rc == 1) {
            int year = start->set.year;
            rc = rates(region->leave, store, registry, code, "out", year, 0, &living);
            rc = rc ? rc : rates(region->come, store, registry, code, "in", year, 0, &living);
        }
        if (rc < 0) {
            return rc;
        }
    }
    return WIJK_OK;
}
