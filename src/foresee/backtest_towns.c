/* Towns of the past: which areas they have, what was seen of them at each wave, and a start made of
 * the figures of one wave. The idea: nothing that was published of a later wave is ever read into a
 * start; what a wave lacks comes from the tables of the country (docs/model/backtest.md). */
#include "foresee/backtest.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PC4_BORDERS = 2018, GEMEENTE_BORDERS = 2024, ELAN_BORDERS = 2022, BC_BORDERS = 2015 };
enum { AMSTERDAM_NUMBERS = 100, FAR = 40, YEARS_OFF = 2 };

const backtest_case backtest_cases[] = {
    {"amsterdam", TOWN_AMSTERDAM, 0, 2005, {2009, 2013, 2017}},
    {"amsterdam", TOWN_AMSTERDAM, 2005, 2009, {2013, 2017, 0}},
    {"amsterdam", TOWN_AMSTERDAM, 2009, 2013, {2017, 0, 0}},
    {"haaglanden", TOWN_HAAGLANDEN, 0, 2011, {2013, 2017, 0}},
    {"haaglanden", TOWN_HAAGLANDEN, 2011, 2013, {2017, 0, 0}},
    {"postcodes", TOWN_POSTCODES, 2016, 2018, {2020, 0, 0}}, /* before: the movers only */
};
const size_t n_backtest_cases = sizeof backtest_cases / sizeof *backtest_cases;

/* ---- areas ----------------------------------------------------------------------------------- */

typedef struct {
    char gemeente[WIJK_AREA_CODE];
    uint32_t nth; /* gemeenten seen so far */
} listing;

static int add_area(backtest_town *t, size_t *room, const char *code, const char *gemeente)
{
    margin_set *set = &t->start->set;
    int rc = margins_add(set, room);
    if (rc) {
        return rc;
    }
    margin_area *area = &set->area[set->areas];
    area->code = area->name = wijk_arena_strdup(set->arena, code);
    area->gemeente_code = wijk_arena_strdup(set->arena, gemeente);
    area->wijk_code = area->code;
    for (int m = 0; m < MARGIN_READ; m++) {
        area->value[m] = (margin_value){NAN, 0, FAR, 0, WIJK_FROM_COUNTRY, 0};
    }
    set->areas++;
    return area->code && area->gemeente_code ? WIJK_OK : WIJK_ENOMEM;
}

static wijk_stmt *areas_of(const backtest_town *t)
{
    wijk_stmt *stmt;
    switch (t->what->kind) {
    case TOWN_AMSTERDAM:
        stmt = wijk_store_sql(t->store, "SELECT a.code, 'GM0363' FROM area a WHERE a.level=6 AND "
                                        "a.vintage=?1 AND EXISTS (SELECT 1 FROM layer_value v JOIN "
                                        "indicator i ON i.id=v.indicator_id AND "
                                        "i.code='age_66_plus_share_ams' WHERE v.level=6 AND "
                                        "v.vintage=?1 AND v.period=?2 AND v.area_id=a.id) "
                                        "ORDER BY a.code");
        break;
    case TOWN_HAAGLANDEN:
        stmt = wijk_store_sql(
            t->store, "SELECT a.code, 'GM' || substr(a.code, 3, 4) FROM area a WHERE a.level=2 AND "
                      "a.vintage=?1 AND EXISTS (SELECT 1 FROM layer_value v JOIN indicator i ON "
                      "i.id=v.indicator_id AND i.code='elan_multiperson' WHERE v.level=2 AND "
                      "v.vintage=?1 AND v.period=?2 AND v.area_id=a.id) ORDER BY a.code");
        break;
    default: /* the gemeente in which more than half of the people of a postcode live */
        stmt = wijk_store_sql(
            t->store, "SELECT a.code, g.code FROM area a JOIN area_link l ON l.from_id=a.id AND "
                      "l.kind=2 AND l.share_from>0.5 JOIN area g ON g.id=l.to_id AND g.level=1 AND "
                      "g.vintage=?3 WHERE a.level=4 AND a.vintage=?1 AND EXISTS (SELECT 1 FROM "
                      "layer_value v JOIN indicator i ON i.id=v.indicator_id AND "
                      "i.code='households' WHERE v.level=4 AND v.vintage=?1 AND v.period=?2 AND "
                      "v.area_id=a.id) ORDER BY g.code, a.code");
    }
    static const int borders[] = {[TOWN_AMSTERDAM] = BC_BORDERS,
                                  [TOWN_HAAGLANDEN] = ELAN_BORDERS,
                                  [TOWN_POSTCODES] = PC4_BORDERS};
    wijk_bind_int(stmt, 1, borders[t->what->kind]);
    wijk_bind_int(stmt, 2, t->what->start);
    if (t->what->kind == TOWN_POSTCODES) {
        wijk_bind_int(stmt, 3, GEMEENTE_BORDERS);
    }
    return stmt;
}

static int list_areas(backtest_town *t)
{
    size_t room = 0;
    listing at = {.nth = 0};
    wijk_stmt *stmt = areas_of(t);
    int rc = WIJK_OK;
    while (rc == WIJK_OK && (rc = wijk_step(stmt)) == 1) {
        const char *gemeente = wijk_col_text(stmt, 1);
        at.nth += strcmp(gemeente, at.gemeente) != 0;
        snprintf(at.gemeente, sizeof at.gemeente, "%s", gemeente);
        int taken = t->what->kind != TOWN_POSTCODES || (at.nth - 1) % t->options->every == 0;
        rc = taken ? add_area(t, &room, wijk_col_text(stmt, 0), gemeente) : WIJK_OK;
        if (rc) {
            wijk_reset(stmt);
        }
    }
    t->n = t->start->set.areas;
    return rc;
}

static int by_code(const void *a, const void *b)
{
    const backtest_code *x = a, *y = b;
    return strcmp(x->code, y->code);
}

static int index_areas(backtest_town *t)
{
    t->codes = wijk_alloc((t->n + 1) * sizeof *t->codes);
    t->region = wijk_alloc((t->n + 1) * sizeof *t->region);
    t->households = wijk_alloc((t->n + 1) * sizeof *t->households);
    if (!t->codes || !t->region || !t->households) {
        return WIJK_ENOMEM;
    }
    const margin_area *area = t->start->set.area;
    for (size_t i = 0; i < t->n; i++) {
        t->codes[i] = (backtest_code){area[i].code, (uint32_t)i};
        t->n_regions += i == 0 || strcmp(area[i].gemeente_code, area[i - 1].gemeente_code) != 0;
        t->region[i] = (uint32_t)t->n_regions - 1;
    }
    qsort(t->codes, t->n, sizeof *t->codes, by_code);
    return WIJK_OK;
}

static long area_of(const backtest_town *t, const char *code)
{
    const backtest_code key = {code, 0};
    const backtest_code *found = bsearch(&key, t->codes, t->n, sizeof *t->codes, by_code);
    return found ? (long)found->area : -1;
}

/* ---- figures --------------------------------------------------------------------------------- */

static int new_column(double **out, size_t n)
{
    *out = wijk_alloc((n + 1) * sizeof **out);
    for (size_t i = 0; *out && i < n; i++) {
        (*out)[i] = NAN;
    }
    return *out ? WIJK_OK : WIJK_ENOMEM;
}

static int take_rows(double *out, const backtest_town *t, wijk_stmt *stmt)
{
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        long i = area_of(t, wijk_col_text(stmt, 0));
        if (i >= 0) {
            out[i] = wijk_col_double(stmt, 1);
        }
    }
    return rc;
}

/* One indicator of every area, in one set of borders and one year; NAN where there is none. */
static int figure(double **out, const backtest_town *t, const char *indicator,
                  enum wijk_level level, int borders, int period)
{
    int rc = new_column(out, t->n);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt =
        wijk_store_sql(t->store, "SELECT a.code, v.value FROM indicator i JOIN layer_value v ON "
                                 "v.indicator_id=i.id AND v.level=?2 AND v.vintage=?3 AND "
                                 "v.period=?4 JOIN area a ON a.id=v.area_id WHERE i.code=?1");
    wijk_bind_text(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, (int)level);
    wijk_bind_int(stmt, 3, borders);
    wijk_bind_int(stmt, 4, period);
    return take_rows(*out, t, stmt);
}

enum { COLUMNS_MOST = 16 };

typedef struct { /* figures of one wave, begun as all NULL; freed together */
    double *of[COLUMNS_MOST];
} columns;

static int read_columns(columns *c, const backtest_town *t, const char *const *indicators, size_t n,
                        enum wijk_level level, int borders, int period)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = figure(&c->of[i], t, indicators[i], level, borders, period);
    }
    return rc;
}

static void free_columns(columns *c)
{
    for (int i = 0; i < COLUMNS_MOST; i++) {
        wijk_free(c->of[i]);
    }
}

/* A column of items of `measure` at a wave, to be filled. */
static double *see(int *rc, backtest_town *t, int wave, int measure)
{
    backtest_items *items = &t->items[measure];
    size_t n = items_of(t, measure);
    *rc = *rc ? *rc : new_column(&items->seen[wave], n);
    if (!*rc && !items->half) {
        items->half = wijk_alloc((n + 1) * sizeof *items->half);
        *rc = items->half ? WIJK_OK : WIJK_ENOMEM;
    }
    return *rc ? NULL : items->seen[wave];
}

static int new_homes(backtest_town *t, int wave)
{
    int rc = WIJK_OK;
    for (int h = 0; !rc && h < SEED_TENURES; h++) {
        rc = new_column(&t->homes[wave][h], t->n);
    }
    return rc;
}

static void put(const backtest_town *t, size_t area, int margin, double value, double half,
                int is_count)
{
    if (isfinite(value)) {
        t->start->set.area[area].value[margin] =
            (margin_value){value, half, 0, t->what->start, WIJK_FROM_NATIVE, (uint8_t)is_count};
    }
}

/* Bent from other age limits or other bases: met as closely as a figure of another year. */
static void put_bent(const backtest_town *t, size_t area, int margin, double share)
{
    if (isfinite(share)) {
        t->start->set.area[area].value[margin] = (margin_value){
            fmin(fmax(share, 0), 1), 0, YEARS_OFF, t->what->start, WIJK_FROM_YEAR, 0};
    }
}

static double or_none(double value)
{
    return isfinite(value) ? value : 0;
}

/* ---- postcodes ------------------------------------------------------------------------------- */

enum pc4_column {
    PC_HOUSEHOLDS,
    PC_SINGLE,
    PC_CHILDLESS,
    PC_ONE,
    PC_TWO,
    PC_PEOPLE,
    PC_AGE, /* five of them */
    PC_HOMES = PC_AGE + SEED_BANDS,
    PC_SOCIAL,
    PC_OWNER,
    PC_VACANT,
    PC_SIZE,
    PC_COLUMNS
};

static const char *const pc4_indicators[PC_COLUMNS] = {"households",
                                                       "households_single",
                                                       "households_without_children",
                                                       "households_one_parent",
                                                       "households_two_parent",
                                                       "population",
                                                       "age_0_14",
                                                       "age_15_24",
                                                       "age_25_44",
                                                       "age_45_64",
                                                       "age_65_plus",
                                                       "homes",
                                                       "homes_social",
                                                       "owner_share",
                                                       "vacant",
                                                       "household_size"};

/* Counts go to the nearest five, and 0 to 4 are left out: none known is none. */
static void pc4_homes(backtest_town *t, int wave, const columns *c)
{
    for (size_t i = 0; i < t->n; i++) {
        double homes = c->of[PC_HOMES][i], social = fmin(or_none(c->of[PC_SOCIAL][i]), homes);
        double owner = 0.01 * c->of[PC_OWNER][i] * homes;
        if (wave > WAVE_START) { /* owner shares are rounded to ten: what is not corporation is
                                    divided as at the start */
            double a = t->homes[WAVE_START][SEED_OWNER][i];
            double b = t->homes[WAVE_START][SEED_PRIVATE][i];
            owner = a + b > 0 ? (homes - social) * a / (a + b) : 0;
        }
        owner = fmin(or_none(owner), homes - social);
        t->homes[wave][SEED_OWNER][i] = owner;
        t->homes[wave][SEED_SOCIAL][i] = social;
        t->homes[wave][SEED_PRIVATE][i] = homes - social - owner;
    }
}

static int pc4_seen(backtest_town *t, int wave, const columns *c)
{
    static const int measures[] = {WIJK_BACKTEST_SINGLE,    WIJK_BACKTEST_CHILDLESS,
                                   WIJK_BACKTEST_CHILDREN,  WIJK_BACKTEST_ONE_PARENT,
                                   WIJK_BACKTEST_YOUNG,     WIJK_BACKTEST_OLDER,
                                   WIJK_BACKTEST_HOUSEHOLDS};
    enum { MEASURES = sizeof measures / sizeof *measures };
    int rc = WIJK_OK;
    double *seen[MEASURES];
    for (size_t m = 0; m < MEASURES; m++) {
        seen[m] = see(&rc, t, wave, measures[m]);
        if (!seen[m]) {
            return rc;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        double households = c->of[PC_HOUSEHOLDS][i], people = c->of[PC_PEOPLE][i];
        seen[0][i] = 100 * c->of[PC_SINGLE][i] / households;
        seen[1][i] = 100 * c->of[PC_CHILDLESS][i] / households;
        seen[2][i] = 100 * (c->of[PC_ONE][i] + c->of[PC_TWO][i]) / households;
        seen[3][i] = 100 * c->of[PC_ONE][i] / households;
        seen[4][i] = 100 * c->of[PC_AGE][i] / people;
        seen[5][i] = 100 * c->of[PC_AGE + SEED_BANDS - 1][i] / people;
        seen[6][i] = households;
        for (size_t m = 0; m < MEASURES; m++) {
            int persons = measures[m] == WIJK_BACKTEST_YOUNG || measures[m] == WIJK_BACKTEST_OLDER;
            int parts = measures[m] == WIJK_BACKTEST_CHILDREN ? 2 : 1; /* two rounded counts */
            t->items[measures[m]].half[i] = 250.0 * parts / (persons ? people : households);
        }
    }
    return WIJK_OK;
}

static void pc4_margins(const backtest_town *t, const columns *c, const columns *income)
{
    static const int counts[][2] = {
        {PC_HOUSEHOLDS, WIJK_MARGIN_HOUSEHOLDS}, {PC_SINGLE, WIJK_MARGIN_SINGLE},
        {PC_CHILDLESS, WIJK_MARGIN_CHILDLESS},   {PC_ONE, WIJK_MARGIN_ONE_PARENT},
        {PC_PEOPLE, WIJK_MARGIN_PEOPLE},         {PC_AGE, WIJK_MARGIN_AGE_0},
        {PC_AGE + 1, WIJK_MARGIN_AGE_15},        {PC_AGE + 2, WIJK_MARGIN_AGE_25},
        {PC_AGE + 3, WIJK_MARGIN_AGE_45},        {PC_AGE + 4, WIJK_MARGIN_AGE_65},
        {PC_HOMES, WIJK_MARGIN_HOMES},           {PC_SOCIAL, WIJK_MARGIN_SOCIAL}};
    for (size_t i = 0; i < t->n; i++) {
        double homes = c->of[PC_HOMES][i];
        for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
            put(t, i, counts[k][1], c->of[counts[k][0]][i], 2.5, 1);
        }
        put(t, i, WIJK_MARGIN_CHILDREN, c->of[PC_ONE][i] + c->of[PC_TWO][i], 5, 1);
        put(t, i, WIJK_MARGIN_OWNER, 0.01 * c->of[PC_OWNER][i], 0.05, 0);
        put(t, i, WIJK_MARGIN_LOW, 0.01 * income->of[0][i], 0.0005, 0);
        put(t, i, WIJK_MARGIN_HIGH, 0.01 * income->of[1][i], 0.0005, 0);
        put(t, i, MARGIN_SIZE, c->of[PC_SIZE][i], 0.05, 0);
        if (homes > 0) {
            put(t, i, WIJK_MARGIN_OCCUPIED, 1 - or_none(c->of[PC_VACANT][i]) / homes, 2.5 / homes,
                0);
        }
    }
}

static int pc4_wave(backtest_town *t, int wave)
{
    static const char *const incomes[] = {"households_low_income_share",
                                          "households_high_income_share"};
    columns c = {{0}}, income = {{0}};
    int year = wave_year(t->what, wave);
    int rc = read_columns(&c, t, pc4_indicators, PC_COLUMNS, WIJK_PC4, year, year);
    rc = rc ? rc : read_columns(&income, t, incomes, 2, WIJK_PC4, year, year);
    rc = rc ? rc : new_homes(t, wave);
    if (!rc) {
        pc4_homes(t, wave, &c);
        rc = pc4_seen(t, wave, &c);
    }
    if (!rc && wave == WAVE_START) {
        pc4_margins(t, &c, &income);
    }
    free_columns(&c);
    free_columns(&income);
    return rc;
}

/* ---- the movers of a gemeente by age --------------------------------------------------------- */

/* Who left in the last whole year before a wave, as parts of all who left aged 15 and over. */
static int movers_wave(backtest_town *t, int wave)
{
    int rc = WIJK_OK, year = wave_year(t->what, wave) - 1;
    double *seen = see(&rc, t, wave, WIJK_BACKTEST_LEAVERS);
    for (int g = 0; !rc && g < START_MOVER_AGES; g++) {
        char indicator[64];
        snprintf(indicator, sizeof indicator, "moves_out_age_%s", start_mover_ages[g].age);
        wijk_stmt *stmt = wijk_store_sql(
            t->store, "SELECT a.code, v.value FROM indicator i JOIN layer_value v ON "
                      "v.indicator_id=i.id AND v.level=1 AND v.vintage=?2 AND "
                      "v.period=?3 JOIN area a ON a.id=v.area_id WHERE i.code=?1 "
                      "ORDER BY a.code");
        wijk_bind_text(stmt, 1, indicator);
        wijk_bind_int(stmt, 2, GEMEENTE_BORDERS);
        wijk_bind_int(stmt, 3, year);
        size_t area = 0;
        while ((rc = wijk_step(stmt)) == 1) { /* both ascend */
            const char *code = wijk_col_text(stmt, 0);
            while (area < t->n && strcmp(t->start->set.area[area].gemeente_code, code) < 0) {
                area++;
            }
            if (area < t->n && strcmp(t->start->set.area[area].gemeente_code, code) == 0) {
                seen[t->region[area] * START_MOVER_AGES + (unsigned)g] = wijk_col_double(stmt, 1);
            }
        }
    }
    for (size_t r = 0; !rc && r < t->n_regions; r++) {
        double *row = seen + r * START_MOVER_AGES, sum = 0;
        for (int g = 0; g < START_MOVER_AGES; g++) {
            sum += row[g];
        }
        for (int g = 0; g < START_MOVER_AGES; g++) {
            row[g] = sum >= 100 ? 100 * row[g] / sum : NAN;
        }
    }
    return rc;
}

/* ---- the districts of Haaglanden ------------------------------------------------------------- */

enum elan_column {
    EL_PEOPLE,
    EL_MULTI,
    EL_INSTITUTION,
    EL_AGE, /* 0-20, 21-40, 41-60, 61-80, 81 and over */
    EL_AGES = 5,
    EL_COLUMNS = EL_AGE + EL_AGES
};

static const char *const elan_indicators[EL_COLUMNS] = {
    "elan_population", "elan_multiperson", "elan_institution", "elan_age_0_20",
    "elan_age_21_40",  "elan_age_41_60",   "elan_age_61_80",   "elan_age_above_80"};

/* Which part of each published age band falls in the bands of the fit: years counted alike within a
 * band, somewhat fewer towards 80. */
static const double elan_bend[EL_AGES][SEED_BANDS] = {{15.0 / 21, 6.0 / 21, 0, 0, 0},
                                                      {0, 0.2, 0.8, 0, 0},
                                                      {0, 0, 0.2, 0.8, 0},
                                                      {0, 0, 0, 0.22, 0.78},
                                                      {0, 0, 0, 0, 1}};

static int elan_seen(backtest_town *t, int wave, const columns *c)
{
    int rc = WIJK_OK;
    double *alone = see(&rc, t, wave, WIJK_BACKTEST_ALONE);
    double *young = see(&rc, t, wave, WIJK_BACKTEST_YOUNG);
    double *older = see(&rc, t, wave, WIJK_BACKTEST_OLDER);
    double *oldest = see(&rc, t, wave, WIJK_BACKTEST_OLDEST);
    double *moves = see(&rc, t, wave, WIJK_BACKTEST_MOVES), *mean = NULL;
    /* Moves of the last whole year before the wave: what is known when one looks ahead from it. */
    rc = rc ? rc
            : figure(&mean, t, "elan_moves_mean", WIJK_WIJK, ELAN_BORDERS,
                     wave_year(t->what, wave) - 1);
    for (size_t i = 0; !rc && i < t->n; i++) {
        alone[i] = 100 - c->of[EL_MULTI][i] - or_none(c->of[EL_INSTITUTION][i]);
        young[i] = c->of[EL_AGE][i];
        older[i] = c->of[EL_AGE + 3][i] + or_none(c->of[EL_AGE + 4][i]);
        oldest[i] = c->of[EL_AGE + 4][i];
        moves[i] = 100 * mean[i];
    }
    wijk_free(mean);
    return rc;
}

/* Households are not published: those who live alone, and the others divided by the country's mean
 * size of larger households. */
static void elan_margins(const backtest_town *t, const columns *c)
{
    const double *country = t->start->country;
    double size = (country[START_SIZE] - country[START_SINGLE]) / (1 - country[START_SINGLE]);
    for (size_t i = 0; i < t->n; i++) {
        double people = c->of[EL_PEOPLE][i], multi = 0.01 * c->of[EL_MULTI][i];
        double single = people * (1 - multi - 0.01 * or_none(c->of[EL_INSTITUTION][i]));
        double households = single + people * multi / size;
        put(t, i, WIJK_MARGIN_PEOPLE, people, 5, 1);
        put(t, i, WIJK_MARGIN_HOUSEHOLDS, households, 0.02 * households, 1);
        put(t, i, WIJK_MARGIN_SINGLE, single, 0.01 * households, 1);
        for (int b = 0; b < SEED_BANDS; b++) {
            double share = 0;
            for (int a = 0; a < EL_AGES; a++) {
                share += 0.01 * elan_bend[a][b] * or_none(c->of[EL_AGE + a][i]);
            }
            put_bent(t, i, WIJK_MARGIN_AGE_0 + b, share);
        }
    }
}

/* Homes of one kind ("homes" for all) in every district, from the postcodes that lie in it. */
static int elan_sum(double **out, const backtest_town *t, const char *kind)
{
    int rc = new_column(out, t->n);
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt = wijk_store_sql(
        t->store,
        "SELECT w.code, sum(l.share_from * CASE ?1 WHEN 'homes_social' THEN p.value "
        "WHEN 'owner_share' THEN 0.01 * p.value * h.value ELSE h.value END) FROM area w "
        "JOIN area_link l ON l.to_id=w.id AND l.kind=2 "
        "JOIN area f ON f.id=l.from_id AND f.level=4 AND f.vintage=?3 "
        "JOIN indicator i ON i.code='homes' JOIN layer_value h ON h.indicator_id=i.id "
        "AND h.level=4 AND h.vintage=?3 AND h.period=?3 AND h.area_id=f.id "
        "LEFT JOIN indicator j ON j.code=?1 LEFT JOIN layer_value p ON p.indicator_id=j.id "
        "AND p.level=4 AND p.vintage=?3 AND p.period=?3 AND p.area_id=f.id "
        "WHERE w.level=2 AND w.vintage=?2 GROUP BY w.id");
    wijk_bind_text(stmt, 1, kind);
    wijk_bind_int(stmt, 2, ELAN_BORDERS);
    wijk_bind_int(stmt, 3, PC4_BORDERS);
    return take_rows(*out, t, stmt);
}

/* No homes by tenure are published for these districts and years: the mix of 2018 by postcode,
 * weighted by people, stands for all waves. Homes are not scored. */
static int elan_homes(backtest_town *t, int wave)
{
    enum { SOCIAL, OWNER, ALL, SUMS };
    static const char *const kinds[SUMS] = {"homes_social", "owner_share", "homes"};
    double *sum[SUMS] = {0};
    int rc = new_homes(t, wave);
    for (int k = 0; !rc && k < SUMS; k++) {
        rc = elan_sum(&sum[k], t, kinds[k]);
    }
    for (size_t i = 0; !rc && i < t->n; i++) {
        double homes = sum[ALL][i], social = or_none(sum[SOCIAL][i]) / homes;
        double owner = sum[OWNER][i] / homes;
        owner = fmin(owner, 1 - social);
        const double share[SEED_TENURES] = {owner, social, 1 - owner - social};
        double all = t->start->set.area[i].value[WIJK_MARGIN_HOUSEHOLDS].value *
                     t->start->country[START_HOMES];
        for (int h = 0; h < SEED_TENURES; h++) {
            t->homes[wave][h][i] = share[h] * all;
        }
        put_bent(t, i, WIJK_MARGIN_OWNER, owner);
        put_bent(t, i, WIJK_MARGIN_SOCIAL, social);
    }
    for (int k = 0; k < SUMS; k++) {
        wijk_free(sum[k]);
    }
    return rc;
}

static int elan_wave(backtest_town *t, int wave)
{
    columns c = {{0}};
    int rc = read_columns(&c, t, elan_indicators, EL_COLUMNS, WIJK_WIJK, ELAN_BORDERS,
                          wave_year(t->what, wave));
    rc = rc ? rc : elan_seen(t, wave, &c);
    if (!rc && wave == WAVE_START) {
        elan_margins(t, &c);
        rc = elan_homes(t, wave);
    }
    free_columns(&c);
    return rc;
}

/* ---- Amsterdam ------------------------------------------------------------------------------- */

enum { AM_HOUSEHOLDS, AM_OLDER, AM_WORKING, AM_STUDENTS, AM_COLUMNS };

static const char *const ams_indicators[AM_COLUMNS] = {
    "households", "age_66_plus_share_ams", "age_15_64_share_ams", "age_18_25_share_ams"};

/* Of 65 and over from 66 and over, and of 15 to 24 from 18 to 25: one year more, and three years
 * that live with their parents and are 3% of a city. */
#define FROM_66  1.055
#define FROM_18  0.875
#define AT_15_17 0.03

/* Homes by tenure stand by buurt ("ASD-A00a"), whose letter changed in 2010; its number of two
 * digits did not, and is that of a buurtcombinatie. Some are joined ("ASD-E13+12"). */
static int ams_number(const char *code)
{
    for (; *code; code++) {
        if (code[0] >= '0' && code[0] <= '9' && code[1] >= '0' && code[1] <= '9') {
            return (code[0] - '0') * 10 + code[1] - '0';
        }
    }
    return -1;
}

static int ams_homes(backtest_town *t, int wave)
{
    static const char *const indicators[SEED_TENURES] = {"homes_owner", "homes_social",
                                                         "homes_private"};
    double total[AMSTERDAM_NUMBERS];
    int year = wave_year(t->what, wave), rc = new_homes(t, wave);
    int borders = year < 2010 ? 2005 : year < 2015 ? 2010 : BC_BORDERS;
    for (int h = 0; !rc && h < SEED_TENURES; h++) {
        memset(total, 0, sizeof total);
        wijk_stmt *stmt = wijk_store_sql(
            t->store, "SELECT a.code, v.value FROM indicator i JOIN layer_value v ON "
                      "v.indicator_id=i.id AND v.level=6 AND v.vintage=?2 AND "
                      "v.period=?3 JOIN area a ON a.id=v.area_id AND "
                      "length(a.code)=8 WHERE i.code=?1");
        wijk_bind_text(stmt, 1, indicators[h]);
        wijk_bind_int(stmt, 2, borders);
        wijk_bind_int(stmt, 3, year);
        while ((rc = wijk_step(stmt)) == 1) {
            int number = ams_number(wijk_col_text(stmt, 0));
            if (number >= 0) {
                total[number] += wijk_col_double(stmt, 1);
            }
        }
        for (size_t i = 0; !rc && i < t->n; i++) {
            double sum = 0;
            for (const char *part = t->start->set.area[i].code; part;
                 part = strchr(part + 1, '+')) {
                int number = ams_number(part);
                sum += number < 0 ? 0 : total[number];
            }
            t->homes[wave][h][i] = sum;
        }
    }
    return rc;
}

static int ams_seen(backtest_town *t, int wave, const columns *c)
{
    int rc = WIJK_OK;
    double *households = see(&rc, t, wave, WIJK_BACKTEST_HOUSEHOLDS);
    double *older = see(&rc, t, wave, WIJK_BACKTEST_OLDER);
    double *young = see(&rc, t, wave, WIJK_BACKTEST_YOUNG);
    for (size_t i = 0; !rc && i < t->n; i++) {
        households[i] = c->of[AM_HOUSEHOLDS][i];
        older[i] = c->of[AM_OLDER][i];
        young[i] = 100 - c->of[AM_WORKING][i] - FROM_66 * older[i];
        t->items[WIJK_BACKTEST_HOUSEHOLDS].half[i] = 5000 / households[i];
    }
    return rc;
}

static void ams_margins(const backtest_town *t, const columns *c)
{
    for (size_t i = 0; i < t->n; i++) {
        double older = 0.01 * FROM_66 * c->of[AM_OLDER][i];
        double working = 0.01 * c->of[AM_WORKING][i];
        double students = 0.01 * FROM_18 * c->of[AM_STUDENTS][i] + AT_15_17;
        double homes = 0;
        for (int h = 0; h < SEED_TENURES; h++) {
            homes += t->homes[WAVE_START][h][i];
        }
        put(t, i, WIJK_MARGIN_HOUSEHOLDS, c->of[AM_HOUSEHOLDS][i], 50, 1);
        put_bent(t, i, WIJK_MARGIN_AGE_65, older);
        put_bent(t, i, WIJK_MARGIN_AGE_0, 1 - working - older);
        put_bent(t, i, WIJK_MARGIN_AGE_15, students);
        if (homes > 0) {
            put(t, i, WIJK_MARGIN_HOMES, homes, 0.5, 1);
            put(t, i, WIJK_MARGIN_OWNER, t->homes[WAVE_START][SEED_OWNER][i], 0.5, 1);
            put(t, i, WIJK_MARGIN_SOCIAL, t->homes[WAVE_START][SEED_SOCIAL][i], 0.5, 1);
        }
    }
}

static int ams_wave(backtest_town *t, int wave)
{
    columns c = {{0}};
    int rc = read_columns(&c, t, ams_indicators, AM_COLUMNS, WIJK_LOCAL, BC_BORDERS,
                          wave_year(t->what, wave));
    rc = rc ? rc : ams_homes(t, wave);
    rc = rc ? rc : ams_seen(t, wave, &c);
    if (!rc && wave == WAVE_START) {
        ams_margins(t, &c);
    }
    free_columns(&c);
    return rc;
}

/* ---- a start --------------------------------------------------------------------------------- */

/* Movers over the borders in the last whole year before the start; the file has them from 2011 on,
 * before that the dictionary's chances by age stand. */
static int read_moves(backtest_town *t)
{
    wijk_start *s = t->start;
    s->regions = wijk_alloc((t->n_regions + 1) * sizeof *s->regions);
    if (!s->regions) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < t->n;) {
        start_region *region = &s->regions[s->n_regions++];
        const char *code = s->set.area[i].gemeente_code;
        start_living living = {{0}, 0};
        snprintf(region->code, sizeof region->code, "%s", code);
        for (; i < t->n && strcmp(s->set.area[i].gemeente_code, code) == 0; i++) {
            start_add_living(&living, s, i);
        }
        int year = t->what->start - 1;
        int rc = start_moves(region->leave, t->store, t->registry, code, "out", year, &living);
        rc = rc ? rc : start_moves(region->come, t->store, t->registry, code, "in", year, &living);
        if (rc) {
            return rc;
        }
    }
    return WIJK_OK;
}

static int see_wave(backtest_town *t, int wave)
{
    switch (t->what->kind) {
    case TOWN_AMSTERDAM:
        return ams_wave(t, wave);
    case TOWN_HAAGLANDEN:
        return elan_wave(t, wave);
    default: {
        int rc = wave == WAVE_BEFORE ? WIJK_OK : pc4_wave(t, wave);
        return rc ? rc : movers_wave(t, wave);
    }
    }
}

int backtest_observe(backtest_town *t, int *found, wijk_ctx *ctx)
{
    const wijk_start_options options = {.year = t->what->start, .seed = t->options->seed};
    int rc = start_open(&t->start, &options);
    rc = rc ? rc : wijk_arena_new(&t->start->set.arena, 0);
    *found = 0;
    if (rc) {
        return rc;
    }
    for (int m = 0; m < MARGIN_READ; m++) {
        t->start->set.country[m] = NAN;
    }
    t->start->set.year = t->what->start;
    rc = list_areas(t);
    rc = rc ? rc : index_areas(t);
    if (rc || t->n == 0) {
        return rc;
    }
    *found = 1;
    for (int wave = t->what->before ? WAVE_BEFORE : WAVE_START; !rc && wave < waves_of(t->what);
         wave++) {
        rc = see_wave(t, wave);
    }
    rc = rc ? rc : start_make(t->start, ctx);
    for (size_t i = 0; !rc && i < t->n; i++) {
        t->households[i] = t->start->areas[i].households;
    }
    return rc ? rc : read_moves(t);
}
