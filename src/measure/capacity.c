/* Load and carrying capacity: a transparent sum of published parts, and how little or much the
 * place of an area among others depends on how they are weighed. */
#include "wijk/capacity.h"

#include "wijk/err.h"
#include "wijk/rng.h"
#include "wijk/standout.h"
#include "wijk/stats.h"
#include "wijk/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PARTS = 24, DRAWS = 200, LEAST_AREAS = 20, FOR_WEIGHTS = 0x63617061 };

static const double WIDEST = 3; /* a weight is drawn between itself / 3 and itself * 3 */

/* ---- the table of parts -----------------------------------------------------------------------
 */

static int read_parts(wijk_capacity *out, const wijk_registry *registry, wijk_arena *arena)
{
    static const char *const sides[] = {"load", "capacity", "beside"};
    wijk_table *table;
    int rc = wijk_table_asset(&table, "data/capacity.csv");
    if (rc) {
        return rc;
    }
    out->parts = wijk_arena_alloc(arena, MAX_PARTS * sizeof *out->parts);
    for (size_t row = 0; out->parts && row < wijk_table_rows(table) && row < MAX_PARTS; row++) {
        const char *side = wijk_table_get(table, row, "side");
        wijk_capacity_part *part = &out->parts[out->count];
        *part = (wijk_capacity_part){
            .indicator = wijk_indicator_by_code(registry, wijk_table_get(table, row, "indicator")),
            .side = !strcmp(side, sides[0])   ? WIJK_CAPACITY_LOAD
                    : !strcmp(side, sides[1]) ? WIJK_CAPACITY_HELP
                                              : WIJK_CAPACITY_BESIDE,
            .weight = wijk_table_number(table, row, "weight", 0),
            .why = {wijk_arena_strdup(arena, wijk_table_get(table, row, "why_nl")),
                    wijk_arena_strdup(arena, wijk_table_get(table, row, "why_en"))},
            .per_100 = NAN,
            .gemeente = NAN,
            .land = NAN,
            .without = NAN};
        if (!part->why[0] || !part->why[1]) {
            out->parts = NULL;
        } else if (part->indicator) {
            out->count++;
        }
    }
    wijk_table_free(table);
    return out->parts ? WIJK_OK : WIJK_ENOMEM;
}

static int enters(const wijk_capacity_part *part)
{
    return part->side != WIJK_CAPACITY_BESIDE;
}

/* ---- this area ----------------------------------------------------------------------------------
 */

double wijk_capacity_number(const wijk_value *value)
{
    return value && value->mark == WIJK_MARK_VALUE && !(value->flags & WIJK_PROTECTED)
               ? value->value
               : NAN;
}

/* The newest year in which most of the parts that enter are known: all, it is hoped. 0 for none. */
static int common_period(const wijk_capacity *it, const wijk_facts *facts)
{
    int best = 0;
    size_t most = 0;
    for (size_t i = 0; i < facts->count; i++) {
        int period = facts->values[i].period;
        size_t known = 0;
        for (size_t k = 0; period != best && k < it->count; k++) {
            known += enters(&it->parts[k]) && isfinite(wijk_capacity_number(wijk_facts_find(
                                                  facts, it->parts[k].indicator->id, period)));
        }
        if (known > most || (known && known == most && period > best)) {
            best = period;
            most = known;
        }
    }
    return best;
}

/* Residents aged 15 or over per 100 households in that year; NAN unless all three are known. */
static double adults_in(const wijk_facts *facts, const wijk_indicator *const of[3], int year)
{
    const wijk_value *households = wijk_facts_find(facts, of[0]->id, year);
    double people = wijk_capacity_number(wijk_facts_find(facts, of[1]->id, year));
    double children = wijk_capacity_number(wijk_facts_find(facts, of[2]->id, year));
    int own =
        households && households->origin != WIJK_BORROWED && wijk_capacity_number(households) > 0;
    return own && children <= people ? 100 * (people - children) / households->value : NAN;
}

/* How far a year is from that of the parts; without one, how far back. */
static int years_off(const wijk_capacity *it, int year)
{
    return it->period ? abs(year - it->period) : -year;
}

/* Of the year of the parts, else of the nearest year, the later of two. */
static void find_adults(wijk_capacity *out, const wijk_facts *facts, const wijk_registry *registry)
{
    static const char *const codes[] = {"households", "population", "age_0_14"};
    const wijk_indicator *of[3];
    out->adults = NAN;
    for (int i = 0; i < 3; i++) {
        of[i] = wijk_indicator_by_code(registry, codes[i]);
        if (!of[i]) {
            return;
        }
    }
    for (size_t i = 0; i < facts->count; i++) {
        int year = facts->values[i].period, off = years_off(out, year);
        int best = years_off(out, out->adults_year);
        if (facts->values[i].indicator != of[0]->id ||
            (isfinite(out->adults) && (off > best || (off == best && year < out->adults_year)))) {
            continue;
        }
        double adults = adults_in(facts, of, year);
        if (isfinite(adults)) {
            out->adults = adults;
            out->adults_year = year;
        }
    }
    for (int i = 2; i >= 0 && !isfinite(out->adults); i--) {
        const wijk_value *newest = wijk_facts_find(facts, of[i]->id, 0);
        int own =
            newest && newest->origin != WIJK_BORROWED && isfinite(wijk_capacity_number(newest));
        out->lacking = own ? out->lacking : of[i];
    }
}

/* Weighted sums over the parts of each side of `value[part]`; NAN when one is missing. */
static void add_up(double *load, double *help, const wijk_capacity *it, const double *value)
{
    double sum[2] = {0, 0};
    for (size_t k = 0; k < it->count; k++) {
        if (enters(&it->parts[k])) {
            sum[it->parts[k].side] += it->parts[k].weight * value[k];
        }
    }
    *load = sum[WIJK_CAPACITY_LOAD];
    *help = sum[WIJK_CAPACITY_HELP];
}

static double balance_of(const wijk_capacity *it, const double *value)
{
    double load, help;
    add_up(&load, &help, it, value);
    return load > 0 ? help / load : NAN;
}

static void measure_area(wijk_capacity *out, const wijk_facts *facts, const wijk_facts *gemeente,
                         const wijk_registry *registry)
{
    double here[MAX_PARTS], there[MAX_PARTS], land[MAX_PARTS], per_100[MAX_PARTS];
    out->period = common_period(out, facts);
    find_adults(out, facts, registry);
    for (size_t k = 0; k < out->count; k++) {
        wijk_capacity_part *part = &out->parts[k];
        int period = enters(part) ? out->period : 0;
        part->value =
            enters(part) && !period ? NULL : wijk_facts_find(facts, part->indicator->id, period);
        int year = part->value ? part->value->period : 0;
        part->gemeente =
            gemeente && year
                ? wijk_capacity_number(wijk_facts_find(gemeente, part->indicator->id, year))
                : NAN;
        part->land = year && !facts->area.fictional && facts->area.level > WIJK_LAND
                         ? wijk_country_mean(registry, part->indicator->id, year)
                         : NAN;
        part->land = part->indicator->joining == WIJK_JOIN_SUM ? NAN : part->land;
        part->gemeente = part->indicator->joining == WIJK_JOIN_SUM ? NAN : part->gemeente;
        here[k] = wijk_capacity_number(part->value);
        there[k] = part->gemeente;
        land[k] = part->land;
        per_100[k] = here[k] / 100 * out->adults;
        if (enters(part)) {
            part->per_100 = per_100[k];
            out->borrowed |= part->value && part->value->origin == WIJK_BORROWED;
        }
    }
    add_up(&out->load, &out->help, out, per_100);
    out->balance = balance_of(out, here);
    out->balance_gemeente = balance_of(out, there);
    out->balance_land = balance_of(out, land);
}

/* ---- among others -------------------------------------------------------------------------------
 */

typedef struct {
    double *value; /* parts that enter, one row of `areas` each; NAN where unknown */
    size_t areas, parts;
} others;

/* The map on which most areas have the first part in that year. */
static const wijk_series *where_published(const wijk_capacity *it, const wijk_registry *registry,
                                          enum wijk_level level)
{
    const wijk_series *best = NULL;
    for (size_t k = 0; k < it->count && !best; k++) {
        size_t n;
        const wijk_series *all =
            enters(&it->parts[k]) ? wijk_series_of(&n, registry, it->parts[k].indicator->id) : NULL;
        for (size_t i = 0; all && i < n; i++) {
            if (all[i].level == level && all[i].period == it->period &&
                (!best || all[i].areas > best->areas)) {
                best = &all[i];
            }
        }
    }
    return best;
}

static int read_one(double *row, const int64_t *ids, size_t n, wijk_store *store, int indicator,
                    const wijk_series *on)
{
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT area_id, value FROM layer_value WHERE indicator_id=?1 AND "
                              "level=?2 AND vintage=?3 AND period=?4 ORDER BY area_id");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, on->level);
    wijk_bind_int(stmt, 3, on->vintage);
    wijk_bind_int(stmt, 4, on->period);
    size_t at = 0;
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        int64_t id = wijk_col_int(stmt, 0);
        while (at < n && ids[at] < id) {
            at++;
        }
        if (at < n && ids[at] == id) {
            row[at] = wijk_col_double(stmt, 1);
        }
    }
    wijk_reset(stmt);
    return step;
}

static void bind_map(wijk_stmt *stmt, const wijk_capacity *it, const wijk_series *on)
{
    wijk_bind_int(stmt, 1, on->level);
    wijk_bind_int(stmt, 2, on->vintage);
    wijk_bind_int(stmt, 3, it->area.fictional);
}

/* The areas of that map, invented ones among themselves, with every part. */
static int read_others(others *out, const wijk_capacity *it, wijk_store *store, wijk_arena *arena,
                       const wijk_series *on)
{
    int64_t n = 0;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT count(*) FROM area WHERE level=?1 AND vintage=?2 AND fictional=?3");
    bind_map(stmt, it, on);
    int rc = wijk_run_int(&n, stmt, 0);
    if (rc) {
        return rc;
    }
    stmt = wijk_store_sql(store, "SELECT id FROM area WHERE level=?1 AND vintage=?2 AND "
                                 "fictional=?3 ORDER BY id");
    bind_map(stmt, it, on);
    int64_t *ids = wijk_arena_alloc(arena, ((size_t)n + 1) * sizeof *ids);
    out->value = wijk_arena_alloc(arena, ((size_t)n * it->count + 1) * sizeof *out->value);
    if (!ids || !out->value) {
        wijk_reset(stmt);
        return WIJK_ENOMEM;
    }
    while ((rc = wijk_step(stmt)) == 1 && out->areas < (size_t)n) {
        ids[out->areas++] = wijk_col_int(stmt, 0);
    }
    wijk_reset(stmt);
    for (size_t i = 0; i < out->areas * it->count; i++) {
        out->value[i] = NAN;
    }
    for (size_t k = 0; k < it->count && rc >= 0; k++) {
        if (enters(&it->parts[k])) {
            double *row = out->value + out->parts++ * out->areas;
            rc = read_one(row, ids, out->areas, store, it->parts[k].indicator->id, on);
        }
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* Drops the areas that lack a part; what stays keeps its order. */
static void complete_only(others *all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->areas; i++) {
        int whole = 1;
        for (size_t k = 0; k < all->parts; k++) {
            whole &= isfinite(all->value[k * all->areas + i]) != 0;
        }
        for (size_t k = 0; whole && k < all->parts; k++) {
            all->value[k * all->areas + kept] = all->value[k * all->areas + i];
        }
        kept += (size_t)whole;
    }
    for (size_t k = 1; k < all->parts; k++) {
        memmove(all->value + k * kept, all->value + k * all->areas, kept * sizeof *all->value);
    }
    all->areas = kept;
}

typedef struct { /* the parts that enter, in the order of the rows of `others` */
    double here[MAX_PARTS], weight[MAX_PARTS];
    int side[MAX_PARTS];
    size_t count;
} scheme;

/* The share of the others whose balance is lower, ties counting half, 0..100. Compared crosswise,
 * without a division: a load of 0 is then simply the best there is. */
static double place(const others *all, const scheme *by, double *load, double *help)
{
    double mine[2] = {0, 0};
    memset(load, 0, all->areas * sizeof *load);
    memset(help, 0, all->areas * sizeof *help);
    for (size_t k = 0; k < by->count; k++) {
        double *sum = by->side[k] == WIJK_CAPACITY_LOAD ? load : help;
        const double *row = all->value + k * all->areas;
        mine[by->side[k]] += by->weight[k] * by->here[k];
        for (size_t i = 0; i < all->areas; i++) {
            sum[i] += by->weight[k] * row[i];
        }
    }
    size_t below = 0, ties = 0;
    for (size_t i = 0; i < all->areas; i++) {
        double theirs = help[i] * mine[WIJK_CAPACITY_LOAD];
        double ours = mine[WIJK_CAPACITY_HELP] * load[i];
        below += theirs < ours;
        ties += theirs == ours;
    }
    return 100 * ((double)below + (double)ties / 2) / (double)all->areas;
}

static int compare(wijk_capacity *out, const others *all, wijk_arena *arena)
{
    double *load = wijk_arena_alloc(arena, (all->areas + 1) * sizeof *load);
    double *help = wijk_arena_alloc(arena, (all->areas + 1) * sizeof *help);
    if (!load || !help) {
        return WIJK_ENOMEM;
    }
    scheme table = {0};
    wijk_capacity_part *part_of[MAX_PARTS];
    for (size_t k = 0; k < out->count; k++) {
        wijk_capacity_part *part = &out->parts[k];
        if (enters(part)) {
            part_of[table.count] = part;
            table.here[table.count] = wijk_capacity_number(part->value);
            table.weight[table.count] = part->weight;
            table.side[table.count++] = (int)part->side;
        }
    }
    out->place = place(all, &table, load, help);
    for (size_t k = 0; k < table.count; k++) {
        scheme but = table;
        but.weight[k] = 0;
        part_of[k]->without = place(all, &but, load, help);
    }
    double places[DRAWS];
    for (uint32_t draw = 0; draw < DRAWS; draw++) {
        scheme other = table;
        for (uint32_t k = 0; k < table.count; k++) {
            double u =
                wijk_rng_uniform((wijk_draw){.purpose = FOR_WEIGHTS, .nth = draw, .place = k});
            other.weight[k] *= pow(WIDEST, 2 * u - 1);
        }
        places[draw] = place(all, &other, load, help);
    }
    out->place_low = wijk_quantile(places, DRAWS, 0.05);
    out->place_high = wijk_quantile(places, DRAWS, 0.95);
    out->areas = all->areas;
    return WIJK_OK;
}

int wijk_capacity_of(wijk_capacity *out, const wijk_registry *registry, wijk_arena *arena,
                     const wijk_facts *facts, const wijk_facts *gemeente)
{
    *out = (wijk_capacity){.area = facts->area};
    out->place = out->place_low = out->place_high = NAN;
    int rc = read_parts(out, registry, arena);
    if (!rc) {
        measure_area(out, facts, gemeente, registry);
    }
    return rc;
}

int wijk_capacity_place(wijk_capacity *out, wijk_store *store, const wijk_registry *registry,
                        wijk_arena *arena)
{
    if (!isfinite(out->balance) || out->borrowed) {
        return WIJK_OK; /* the gemeente's figure says nothing of where this area lies */
    }
    const wijk_series *on = where_published(out, registry, out->area.level);
    out->alone = !on; /* postcodes, own areas: among neighbourhoods they would be another measure */
    if (!on) {
        return WIJK_OK;
    }
    others all = {0};
    int rc = read_others(&all, out, store, arena, on);
    if (rc) {
        return rc;
    }
    complete_only(&all);
    return all.areas < LEAST_AREAS ? WIJK_OK : compare(out, &all, arena);
}
