/* The ten stylised facts: small experiments in the same world, each the one that its source did or
 * would have done, with parameters drawn as in an ensemble. What is published, and how near is near
 * enough, stands in data/stylised.csv. */
#include "wijk/stylised.h"
#include "foresee/calibrate.h"
#include "foresee/ensemble.h"
#include "foresee/state.h"
#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/mem.h"
#include "wijk/str.h"
#include "wijk/table.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { YEAR = 12, YEARS = 5, LONG = 10, AREAS_LEAST = 4, REPLICATES_MOST = 400, LIVED_LEAST = 50 };
enum { MANY_SOCIAL = 40, FEW_SOCIAL = 20 }; /* percent of homes */

static const char *const keys[WIJK_STYLISED] = {
#define X(name, key) key,
    WIJK_STYLISED_X(X)
#undef X
};

struct wijk_stylised_facts {
    wijk_table *table;
    char *made_on, *version;
    uint64_t seed;
    uint32_t replicates;
    wijk_stylised_row row[WIJK_STYLISED];
};

typedef struct {
    const wijk_population *population;
    const ensemble_ranges *ranges;
    double (*value)[WIJK_STYLISED]; /* [replicate] */
    uint64_t seed;
    uint32_t replicates;
    wijk_ctx *ctx;
} job;

typedef struct { /* one replicate */
    const job *j;
    wijk_parameters p;
    uint32_t replicate;
    uint8_t *chosen; /* [area] */
    wijk_change *changes;
    double *out;
} world;

/* ---- runs and sums --------------------------------------------------------------------------- */

static int run_of(wijk_foresee **out, const world *w, const wijk_parameters *p, size_t changes,
                  uint32_t years)
{
    const wijk_scenario scenario = {w->changes, changes};
    const wijk_foresee_options options = {.seed = w->j->seed,
                                          .replicate = w->replicate,
                                          .months = years * YEAR,
                                          .period = WIJK_PER_YEAR,
                                          .threads = 1};
    *out = NULL;
    int rc = wijk_checkpoint(w->j->ctx);
    rc = rc ? rc : wijk_foresee_new(out, w->j->population, p, &scenario, &options);
    return rc ? rc : wijk_foresee_to(*out, options.months, NULL);
}

/* Over the areas of one side (0 or 1 of `chosen`), or over all (-1), in some years. */
static double sum_of(const world *w, const wijk_foresee *run, int side, wijk_outcome outcome,
                     size_t from, size_t to)
{
    double sum = 0;
    for (size_t t = from; t <= to; t++) {
        for (size_t a = 0; a < w->j->population->n_areas; a++) {
            if (side < 0 || w->chosen[a] == side) {
                sum += wijk_foresee_area_count(run, t, a, outcome);
            }
        }
    }
    return sum;
}

static double percent(double now, double before)
{
    return before > 0 ? 100 * (now / before - 1) : NAN;
}

/* The quarter of areas in which `outcome` per household or person is highest in a year. */
static void choose(world *w, const wijk_foresee *run, wijk_outcome outcome, wijk_outcome per,
                   size_t year)
{
    size_t n = w->j->population->n_areas;
    memset(w->chosen, 0, n);
    for (size_t k = 0; k < n / 4; k++) {
        size_t best = n;
        double most = -1;
        for (size_t a = 0; a < n; a++) {
            double all = wijk_foresee_area_count(run, year, a, per);
            double share = wijk_foresee_area_count(run, year, a, outcome) / all;
            if (!w->chosen[a] && all >= LIVED_LEAST && share > most) {
                most = share;
                best = a;
            }
        }
        if (best < n) {
            w->chosen[best] = 1;
        }
    }
}

static size_t in_chosen(world *w, size_t n, wijk_lever lever, double value, int32_t month)
{
    for (size_t a = 0; a < w->j->population->n_areas; a++) {
        if (w->chosen[a]) {
            w->changes[n++] = (wijk_change){.month = month,
                                            .scope = WIJK_IN_AREA,
                                            .place = (uint32_t)a,
                                            .lever = lever,
                                            .value = value};
        }
    }
    return n;
}

/* ---- the facts ------------------------------------------------------------------------------- */

/* 1: low incomes in areas with many corporation homes against those with few. */
static void corporation_areas(world *w, const wijk_foresee *nothing)
{
    double share[2][2] = {{0}};
    for (int side = 0; side < 2; side++) {
        for (size_t a = 0; a < w->j->population->n_areas; a++) {
            double social = wijk_foresee_area_count(nothing, 0, a, WIJK_OUT_HOMES_SOCIAL);
            double homes = social + wijk_foresee_area_count(nothing, 0, a, WIJK_OUT_HOMES_OWNER) +
                           wijk_foresee_area_count(nothing, 0, a, WIJK_OUT_HOMES_PRIVATE);
            w->chosen[a] = side ? social * 100 > MANY_SOCIAL * homes
                                : homes > 0 && social * 100 < FEW_SOCIAL * homes;
        }
        for (int end = 0; end < 2; end++) {
            size_t t = end ? LONG : 0;
            share[side][end] = 100 * sum_of(w, nothing, 1, WIJK_OUT_INCOME_LOW, t, t) /
                               sum_of(w, nothing, 1, WIJK_OUT_HOUSEHOLDS, t, t);
        }
    }
    w->out[WIJK_STYLISED_CORPORATION_AREAS] =
        share[1][1] - share[1][0] - (share[0][1] - share[0][0]);
}

static double livability(const world *w, const wijk_foresee *run)
{
    return sum_of(w, run, 1, WIJK_OUT_LIVABILITY_SOC, YEARS, YEARS) +
           sum_of(w, run, 1, WIJK_OUT_LIVABILITY_ONV, YEARS, YEARS);
}

/* 2: refusing and mixing in designated areas, as in Rotterdam. */
static int rule(world *w, const wijk_foresee *nothing)
{
    wijk_foresee *run;
    choose(w, nothing, WIJK_OUT_INCOME_LOW, WIJK_OUT_HOUSEHOLDS, 0);
    size_t n = in_chosen(w, 0, WIJK_LEVER_SCREENING, 100, 0);
    n = in_chosen(w, n, WIJK_LEVER_MIX_TARGET, 60, 0);
    int rc = run_of(&run, w, &w->p, n, YEARS);
    for (int side = 0; !rc && side < 2; side++) {
        w->out[side ? WIJK_STYLISED_RULE_THERE : WIJK_STYLISED_RULE_ELSEWHERE] =
            percent(sum_of(w, run, side, WIJK_OUT_INCOME_LOW, YEARS, YEARS),
                    sum_of(w, nothing, side, WIJK_OUT_INCOME_LOW, YEARS, YEARS));
    }
    if (!rc) {
        double areas = (double)n / 2;
        w->out[WIJK_STYLISED_RULE_LIVABILITY] =
            (livability(w, run) - livability(w, nothing)) / areas;
    }
    wijk_foresee_free(run);
    return rc;
}

/* 3: share of lets to low incomes in the first year: no rule, the strict one, and with two rents.
 */
static int rents(world *w)
{
    static const double passend[3] = {0, 100, 100}, two[3] = {0, 0, 100};
    double share[3];
    int rc = WIJK_OK;
    for (int i = 0; !rc && i < 3; i++) {
        wijk_foresee *run;
        w->changes[0] = (wijk_change){.lever = WIJK_LEVER_PASSEND, .value = passend[i]};
        w->changes[1] = (wijk_change){.lever = WIJK_LEVER_TWO_RENT, .value = two[i]};
        rc = run_of(&run, w, &w->p, 2, 1);
        share[i] = rc ? NAN
                      : 100 * sum_of(w, run, -1, WIJK_OUT_LETS_LOW, 1, 1) /
                            sum_of(w, run, -1, WIJK_OUT_LETS, 1, 1);
        wijk_foresee_free(run);
    }
    if (!rc) {
        w->out[WIJK_STYLISED_ONE_RENT] = share[1] - share[0];
        w->out[WIJK_STYLISED_TWO_RENTS] = share[2] - share[0];
    }
    return rc;
}

/* 4: a programme without effect where reports were high, judged before and after, and against the
 * same world without it. */
static int programme(world *w)
{
    enum { START = 3 };
    wijk_foresee *nothing = NULL, *run = NULL;
    wijk_parameters p = w->p;
    p.value[WIJK_P_TIE_ACTIVITY] = p.value[WIJK_P_INITIATIVE_HOURS] = 1;
    p.value[WIJK_P_INITIATIVE_BUDGET] = 1;
    int rc = run_of(&nothing, w, &p, 0, YEARS);
    if (!rc) {
        choose(w, nothing, WIJK_OUT_REPORTS, WIJK_OUT_PERSONS, START);
        size_t n = in_chosen(w, 0, WIJK_LEVER_COMMUNITY_HOURS, 400, START * YEAR);
        rc = run_of(&run, w, &p, n, YEARS);
    }
    if (!rc) {
        double before = sum_of(w, run, 1, WIJK_OUT_REPORTS, START, START);
        double after = sum_of(w, run, 1, WIJK_OUT_REPORTS, YEARS, YEARS);
        w->out[WIJK_STYLISED_BEFORE_AFTER] = percent(after, before);
        w->out[WIJK_STYLISED_WITH_COMPARISON] =
            percent(after, sum_of(w, nothing, 1, WIJK_OUT_REPORTS, YEARS, YEARS));
    }
    wijk_foresee_free(nothing);
    wijk_foresee_free(run);
    return rc;
}

static double cases(const world *w, const wijk_foresee *run)
{
    return sum_of(w, run, -1, WIJK_OUT_OPENED_FORMAL, 1, YEARS) +
           sum_of(w, run, -1, WIJK_OUT_OPENED_INTENSIVE, 1, YEARS);
}

/* 5: a team against half a team. */
static int team(world *w, const wijk_foresee *nothing)
{
    wijk_foresee *half;
    w->changes[0] = (wijk_change){.lever = WIJK_LEVER_WIJKTEAM, .value = 0.5};
    int rc = run_of(&half, w, &w->p, 1, YEARS);
    if (!rc) {
        w->out[WIJK_STYLISED_TEAM_CARE] = percent(cases(w, nothing), cases(w, half));
        w->out[WIJK_STYLISED_TEAM_HIDDEN] =
            percent(sum_of(w, nothing, -1, WIJK_OUT_HIDDEN, YEARS, YEARS),
                    sum_of(w, half, -1, WIJK_OUT_HIDDEN, YEARS, YEARS));
    }
    wijk_foresee_free(half);
    return rc;
}

/* 6: twice as many who ask, a small team. */
static int crowding(world *w)
{
    double minutes[2] = {0};
    int rc = WIJK_OK;
    for (int i = 0; !rc && i < 2; i++) {
        wijk_foresee *run;
        wijk_parameters p = w->p;
        p.value[WIJK_P_SEE_SELF] *= i + 1;
        w->changes[0] = (wijk_change){.lever = WIJK_LEVER_WIJKTEAM, .value = 0.15};
        rc = run_of(&run, w, &p, 1, YEARS);
        minutes[i] = rc ? 0 : sum_of(w, run, -1, WIJK_OUT_WORK_PREVENTION, 2, YEARS);
        wijk_foresee_free(run);
    }
    w->out[WIJK_STYLISED_CROWDING] = percent(minutes[1], minutes[0]);
    return rc;
}

/* 7: arrears as they were handled in 2005: one tenant in ten behind, 9.5% of these judged in a
 * year, 35% of judgments carried out (Aedes). */
static int evictions(world *w, const wijk_foresee *nothing)
{
    wijk_foresee *early;
    wijk_parameters p = w->p;
    p.value[WIJK_P_ARREARS_BEGIN] = 0.10;
    p.value[WIJK_P_ARREARS_SETTLE] = 0.5;
    p.value[WIJK_P_JUDGMENT] = 0.095;
    p.value[WIJK_P_EVICTION_SHARE] = 0.35;
    int rc = run_of(&early, w, &p, 0, YEARS);
    if (!rc) {
        w->out[WIJK_STYLISED_EVICTIONS_FALL] =
            percent(sum_of(w, nothing, -1, WIJK_OUT_EVICTIONS, 2, YEARS),
                    sum_of(w, early, -1, WIJK_OUT_EVICTIONS, 2, YEARS));
    }
    wijk_foresee_free(early);
    return rc;
}

/* 8: expected from everybody's chance, as in calibration. */
static void few(world *w, const wijk_foresee *nothing)
{
    double observed[WIJK_TARGETS];
    wijk_targets_observe(observed, nothing);
    w->out[WIJK_STYLISED_FEW_PERSONS] = observed[WIJK_TARGET_REPEAT_PERSONS];
    w->out[WIJK_STYLISED_FEW_REPORTS] = observed[WIJK_TARGET_REPEAT_REPORTS];
}

/* 9, a hypothesis: every home let goes into a mixed block, with a task and without. */
static int common_task(world *w)
{
    double across[2] = {0};
    int rc = WIJK_OK;
    for (int i = 0; !rc && i < 2; i++) {
        wijk_foresee *run;
        wijk_parameters p = w->p;
        p.value[WIJK_P_TIE_TASK] = 3;
        p.value[WIJK_P_TIE_TASK_ACROSS] = 1;
        w->changes[0] = (wijk_change){.lever = WIJK_LEVER_MAGIC_MIX, .value = 100};
        w->changes[1] = (wijk_change){.lever = WIJK_LEVER_COMMON_TASK, .value = 10};
        rc = run_of(&run, w, &p, 1 + (size_t)i, YEARS);
        across[i] = rc ? 0 : sum_of(w, run, -1, WIJK_OUT_TIES_MADE_ACROSS, 1, YEARS);
        wijk_foresee_free(run);
    }
    w->out[WIJK_STYLISED_COMMON_TASK] = across[0] > 0 ? across[1] / across[0] : NAN;
    return rc;
}

static int one_world(void *payload, size_t index, unsigned worker)
{
    const job *j = payload;
    size_t areas = j->population->n_areas;
    world w = {.j = j,
               .replicate = (uint32_t)index + 1,
               .chosen = wijk_alloc(areas),
               .changes = wijk_alloc((2 * areas + 2) * sizeof *w.changes),
               .out = j->value[index]};
    wijk_foresee *nothing = NULL;
    ensemble_draw(&w.p, j->ranges, j->seed, w.replicate);
    int rc = w.chosen && w.changes ? run_of(&nothing, &w, &w.p, 0, LONG) : WIJK_ENOMEM;
    if (!rc) {
        corporation_areas(&w, nothing);
        few(&w, nothing);
        w.out[WIJK_STYLISED_LETTER] = w.p.value[WIJK_P_FTE_EURO] / 1000;
    }
    rc = rc ? rc : rule(&w, nothing);
    rc = rc ? rc : rents(&w);
    rc = rc ? rc : programme(&w);
    rc = rc ? rc : team(&w, nothing);
    rc = rc ? rc : crowding(&w);
    rc = rc ? rc : evictions(&w, nothing);
    rc = rc ? rc : common_task(&w);
    if (worker == 0) {
        wijk_progress(j->ctx, "foresee", (double)index / (double)j->replicates);
    }
    wijk_foresee_free(nothing);
    wijk_free(w.chosen);
    wijk_free(w.changes);
    return rc;
}

/* ---- the table ------------------------------------------------------------------------------- */

static int read_row(wijk_stylised_row *row, const wijk_table *table, const char *key)
{
    long found = wijk_table_find(table, "key", key);
    size_t at = found < 0 ? wijk_table_rows(table) : (size_t)found;
    int judged = (int)wijk_table_number(table, at, "judged", -1);
    *row = (wijk_stylised_row){
        .key = wijk_table_get(table, at, "key"),
        .unit = wijk_table_get(table, at, "unit"),
        .grade = wijk_table_get(table, at, "grade"),
        .source = wijk_table_get(table, at, "source"),
        .label = {wijk_table_get(table, at, "nl"), wijk_table_get(table, at, "en")},
        .published = {wijk_table_get(table, at, "published_nl"),
                      wijk_table_get(table, at, "published_en")},
        .why = {wijk_table_get(table, at, "why_nl"), wijk_table_get(table, at, "why_en")},
        .fact = (int)wijk_table_number(table, at, "fact", 0),
        .least = wijk_table_number(table, at, "least", NAN),
        .most = wijk_table_number(table, at, "most", NAN),
    };
    int whole = row->fact >= 1 && row->fact <= 10 &&
                (judged == 1 ? row->least <= row->most : judged == 0 && *row->why[0]);
    return whole ? WIJK_OK
                 : wijk_fail(WIJK_EFORMAT, "data/stylised.csv: rij %s klopt niet",
                             "data/stylised.csv: row %s is wrong", key);
}

static void judge(wijk_stylised_row *row, wijk_band band)
{
    row->median = band.median;
    row->low90 = band.low90;
    row->high90 = band.high90;
    row->state = isnan(row->least) || isnan(row->median)                 ? WIJK_FACT_CANNOT
                 : row->median >= row->least && row->median <= row->most ? WIJK_FACT_MET
                                                                         : WIJK_FACT_NOT_MET;
}

static int tell(wijk_stylised_facts *facts, const job *j, uint32_t n)
{
    double *values = wijk_alloc((n + 1) * sizeof *values);
    int rc = values ? WIJK_OK : WIJK_ENOMEM;
    for (int i = 0; !rc && i < WIJK_STYLISED; i++) {
        size_t known = 0;
        for (uint32_t r = 0; r < n; r++) {
            if (isfinite(j->value[r][i])) {
                values[known++] = j->value[r][i];
            }
        }
        judge(&facts->row[i], ensemble_band(values, known));
    }
    wijk_free(values);
    return rc;
}

static int begin(wijk_stylised_facts **out, const char *made_on, const char *version, uint64_t seed,
                 uint32_t replicates)
{
    wijk_stylised_facts *facts = wijk_alloc(sizeof *facts);
    *out = facts;
    if (!facts) {
        return WIJK_ENOMEM;
    }
    facts->seed = seed;
    facts->replicates = replicates;
    facts->made_on = wijk_strdup(made_on ? made_on : "");
    facts->version = wijk_strdup(version ? version : "");
    int rc = facts->made_on && facts->version ? wijk_table_asset(&facts->table, "data/stylised.csv")
                                              : WIJK_ENOMEM;
    for (int i = 0; !rc && i < WIJK_STYLISED; i++) {
        rc = read_row(&facts->row[i], facts->table, keys[i]);
    }
    return rc;
}

void wijk_stylised_free(wijk_stylised_facts *facts)
{
    if (facts) {
        wijk_free(facts->made_on);
        wijk_free(facts->version);
        wijk_table_free(facts->table);
        wijk_free(facts);
    }
}

const wijk_stylised_row *wijk_stylised_at(const wijk_stylised_facts *facts, wijk_stylised which)
{
    return &facts->row[which];
}

const char *wijk_stylised_made_on(const wijk_stylised_facts *facts)
{
    return facts->made_on;
}

const char *wijk_stylised_version(const wijk_stylised_facts *facts)
{
    return facts->version;
}

uint32_t wijk_stylised_replicates(const wijk_stylised_facts *facts)
{
    return facts->replicates;
}

int wijk_stylised_run(wijk_stylised_facts **out, const wijk_population *population,
                      const wijk_stylised_options *o, wijk_ctx *ctx)
{
    *out = NULL;
    if (o->replicates < 1 || o->replicates > REPLICATES_MOST || population->n_areas < AREAS_LEAST) {
        return wijk_fail(WIJK_EINVAL,
                         "feiten vergelijken buurten: minstens %d gebieden (nu %zu) en 1 tot %d "
                         "replicaties",
                         "facts compare areas: at least %d areas (now %zu) and 1 to %d replicates",
                         AREAS_LEAST, population->n_areas, REPLICATES_MOST);
    }
    wijk_stylised_facts *facts = NULL;
    ensemble_ranges *ranges = wijk_alloc(sizeof *ranges);
    job j = {.population = population,
             .ranges = ranges,
             .value = wijk_alloc(o->replicates * sizeof *j.value),
             .seed = o->seed,
             .replicates = o->replicates,
             .ctx = ctx};
    int rc = ranges && j.value ? ensemble_ranges_read(ranges) : WIJK_ENOMEM;
    rc = rc ? rc : begin(&facts, o->made_on, WIJK_VERSION, o->seed, o->replicates);
    rc = rc ? rc
            : wijk_parallel(wijk_threads(o->threads, o->replicates), o->replicates, one_world, &j,
                            ctx);
    rc = rc ? rc : tell(facts, &j, o->replicates);
    wijk_free(j.value);
    wijk_free(ranges);
    if (rc) {
        wijk_stylised_free(facts);
        return rc;
    }
    *out = facts;
    return WIJK_OK;
}

/* ---- the shipped outcome --------------------------------------------------------------------- */

int wijk_stylised_write(const wijk_stylised_facts *facts, const char *path)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_str_add(&text, "key,median,low90,high90,replicates,seed,version,made_on\n");
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const double values[] = {facts->row[i].median, facts->row[i].low90, facts->row[i].high90};
        wijk_str_add(&text, keys[i]);
        for (int k = 0; k < 3; k++) {
            wijk_str_addc(&text, ',');
            if (isfinite(values[k])) {
                wijk_str_addg(&text, floor(values[k] * 1000 + 0.5) / 1000);
            }
        }
        wijk_str_addf(&text, ",%u,%llu,%s,", facts->replicates, (unsigned long long)facts->seed,
                      facts->version);
        wijk_csv_text(&text, facts->made_on);
        wijk_str_addc(&text, '\n');
    }
    int rc = wijk_str_status(&text);
    rc = rc ? rc : wijk_file_write(path, text.data, text.size);
    wijk_str_free(&text);
    return rc;
}

int wijk_stylised_open(wijk_stylised_facts **out)
{
    wijk_table *made = NULL;
    wijk_stylised_facts *facts = NULL;
    *out = NULL;
    int rc = wijk_table_asset(&made, "data/stylised_made.csv");
    rc = rc ? rc
            : begin(&facts, wijk_table_get(made, 0, "made_on"), wijk_table_get(made, 0, "version"),
                    (uint64_t)wijk_table_number(made, 0, "seed", 0),
                    (uint32_t)wijk_table_number(made, 0, "replicates", 0));
    for (int i = 0; !rc && i < WIJK_STYLISED; i++) {
        long found = wijk_table_find(made, "key", keys[i]);
        size_t at = found < 0 ? wijk_table_rows(made) : (size_t)found;
        judge(&facts->row[i], (wijk_band){.median = wijk_table_number(made, at, "median", NAN),
                                          .low90 = wijk_table_number(made, at, "low90", NAN),
                                          .high90 = wijk_table_number(made, at, "high90", NAN)});
    }
    wijk_table_free(made);
    if (rc) {
        wijk_stylised_free(facts);
        return rc;
    }
    *out = facts;
    return WIJK_OK;
}
