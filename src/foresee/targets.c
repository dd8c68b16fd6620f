/* The published figures that the model is held against, and what a run gives for each. Counts of
 * areas only; who reports more than once is an expectation over households, which stay inside. */
#include "foresee/run.h"
#include "wijk/calibrate.h"
#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/table.h"

#include <math.h>
#include <string.h>

static const char *const names[WIJK_TARGETS] = {
#define X(name, key) key,
    WIJK_TARGETS_X(X)
#undef X
};

struct wijk_targets {
    wijk_table *table;
    wijk_target_row row[WIJK_TARGETS];
};

void wijk_targets_free(wijk_targets *targets)
{
    if (targets) {
        wijk_table_free(targets->table);
        wijk_free(targets);
    }
}

/* "name name name": the parameters that a target says something about. */
static int read_informs(wijk_target_row *row, const char *text)
{
    while (*text) {
        char name[64];
        size_t n = strcspn(text, " ");
        wijk_parameter parameter;
        if (n == 0 || n >= sizeof name) {
            return 0;
        }
        memcpy(name, text, n);
        name[n] = '\0';
        if (!wijk_parameter_find(name, &parameter)) {
            return 0;
        }
        row->informs[parameter] = 1;
        text += n + (text[n] == ' ');
    }
    return 1;
}

static int read_row(wijk_target_row *row, const wijk_table *table, const char *name,
                    const char *what)
{
    long at = wijk_table_find(table, "name", name);
    size_t r = at < 0 ? wijk_table_rows(table) : (size_t)at;
    *row =
        (wijk_target_row){.name = wijk_table_get(table, r, "name"),
                          .unit = wijk_table_get(table, r, "unit"),
                          .year = wijk_table_get(table, r, "year"),
                          .grade = wijk_table_get(table, r, "grade"),
                          .source = wijk_table_get(table, r, "source"),
                          .label = {wijk_table_get(table, r, "nl"), wijk_table_get(table, r, "en")},
                          .value = wijk_table_number(table, r, "value", NAN),
                          .low = wijk_table_number(table, r, "low", NAN),
                          .high = wijk_table_number(table, r, "high", NAN),
                          .doubt = wijk_table_number(table, r, "doubt", NAN)};
    int good = row->low <= row->value && row->value <= row->high && row->doubt >= 0 &&
               isfinite(row->high - row->low) && isfinite(row->doubt) &&
               row->high - row->low + row->doubt > 0;
    if (!good || !read_informs(row, wijk_table_get(table, r, "informs"))) {
        return wijk_fail(WIJK_EFORMAT, "%s, doel %s: een getal of parameternaam klopt niet",
                         "%s, target %s: a number or name of a parameter is wrong", what, name);
    }
    return WIJK_OK;
}

static int take(wijk_targets **out, wijk_table *table, const char *what)
{
    wijk_targets *targets = wijk_alloc(sizeof *targets);
    int rc = targets ? WIJK_OK : WIJK_ENOMEM;
    for (int i = 0; !rc && i < WIJK_TARGETS; i++) {
        rc = read_row(&targets->row[i], table, names[i], what);
    }
    if (!rc && wijk_table_rows(table) != WIJK_TARGETS) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: %zu doelen in plaats van %d",
                       "%s: %zu targets instead of %d", what, wijk_table_rows(table), WIJK_TARGETS);
    }
    if (rc) {
        wijk_free(targets);
        wijk_table_free(table);
        return rc;
    }
    targets->table = table;
    *out = targets;
    return WIJK_OK;
}

int wijk_targets_open(wijk_targets **out)
{
    static const char path[] = "data/targets.csv";
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_asset(&table, path);
    return rc ? rc : take(out, table, path);
}

int wijk_targets_read(wijk_targets **out, const void *bytes, size_t size, const char *what)
{
    wijk_table *table = NULL;
    *out = NULL;
    int rc = wijk_table_bytes(&table, bytes, size, what);
    return rc ? rc : take(out, table, what);
}

const wijk_target_row *wijk_targets_row(const wijk_targets *targets, wijk_target target)
{
    return &targets->row[target];
}

/* ---- what a run gives ------------------------------------------------------------------------ */

static double in_areas(const wijk_foresee *run, size_t period, wijk_outcome outcome)
{
    int64_t sum = 0;
    for (size_t r = 0; r < run->n_regions; r++) {
        sum += wijk_foresee_region_count(run, period, r, outcome);
    }
    return (double)sum;
}

/* Over the years from WIJK_TARGET_FROM on; a stock summed over years is what flows per year divide
 * by. */
static double over_years(const wijk_foresee *run, wijk_outcome outcome)
{
    double sum = 0;
    for (size_t t = WIJK_TARGET_FROM; t < wijk_foresee_periods(run); t++) {
        sum += in_areas(run, t, outcome);
    }
    return sum;
}

/* e^-x by its series on a small step, squared up: with + x / alone, the same on every machine. */
static double falls(double x)
{
    double step = x / 1024, sum = 1 - step + step * step / 2 - step * step * step / 6;
    for (int i = 0; i < 10; i++) {
        sum *= sum;
    }
    return x > 700 ? 0 : sum;
}

typedef struct {
    double once, more, all, by_more; /* households with a report, with more; reports, of these */
    double behind, due, social;      /* due: in arrears and not yet judged */
} counted;

/* Reports of a year when everybody stays as he is: Poisson at his own rate. */
static void count_place(counted *c, const foresee_run *run, const foresee_place *place)
{
    const foresee_state *s = &run->state;
    const double *p = run->parameters->value;
    size_t slot = (size_t)place->block * BLOCK, end = slot + (size_t)place->blocks * BLOCK;
    for (; slot < end; slot++) {
        if (s->kind[slot] == WIJK_NOBODY) {
            continue;
        }
        unsigned support = support_of(s->status[slot]);
        double x = s->strain[slot] / 255.0, rate = p[WIJK_P_REPORT] * x * x;
        rate *= s->needs[slot] & WIJK_NEED_MENTAL ? p[WIJK_P_REPORT_MENTAL] : 1;
        rate *= support == HELP_INFORMAL || support >= HELP_FORMAL ? p[WIJK_P_HELPED_SHARE] : 1;
        double none = falls(rate);
        c->once += 1 - none;
        c->more += 1 - none - rate * none;
        c->all += rate;
        c->by_more += rate - rate * none;
        int social = tenure_of(s->home[slot]) == WIJK_SOCIAL;
        c->social += social;
        unsigned trouble = social ? s->needs[slot] & (NEED_ARREARS | NEED_JUDGMENT) : 0;
        c->behind += trouble != 0;
        c->due += trouble == NEED_ARREARS;
    }
}

/* Of those in arrears, how many are evicted in a year: expected, since few are in a small town. */
static double evicted_of_due(const foresee_tables *t)
{
    double judged = t->chance[WIJK_P_JUDGMENT] * 0x1p-32 * 12;
    double carried = t->chance[WIJK_P_EVICTION_SHARE] * 0x1p-32;
    return judged * carried * (1 + (double)t->milli[WIJK_P_NUISANCE_EVICTION] / 1000);
}

static double ratio(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

/* Share of households with a need at the end, had the regions had what is usual in the country: a
 * region keeps what it has more or less of. */
static double as_country(const wijk_foresee *run, size_t period, wijk_outcome need)
{
    double sum = 0, usual = 0;
    for (size_t r = 0; r < run->n_regions; r++) {
        const wijk_foresee_region *region = &run->population->regions[r];
        double often = need == WIJK_OUT_NEED_DEBT ? region->debt : region->mental;
        double households = (double)wijk_foresee_region_count(run, period, r, WIJK_OUT_HOUSEHOLDS);
        sum += (double)wijk_foresee_region_count(run, period, r, need);
        usual += households * (often > 0 ? often : 1);
    }
    return ratio(sum, usual);
}

void wijk_targets_observe(double out[WIJK_TARGETS], const wijk_foresee *run)
{
    counted c = {0};
    for (size_t i = 0; i < run->n_places; i++) {
        if (run->places[i].area != NO_AREA) {
            count_place(&c, run, &run->places[i]);
        }
    }
    size_t last = wijk_foresee_periods(run) - 1;
    double social = over_years(run, WIJK_OUT_HOMES_SOCIAL);
    double free_of_debt =
        over_years(run, WIJK_OUT_HOUSEHOLDS) - over_years(run, WIJK_OUT_NEED_DEBT);
    double households = in_areas(run, last, WIJK_OUT_HOUSEHOLDS);
    double alone = in_areas(run, last, WIJK_OUT_ALONE);
    out[WIJK_TARGET_TURNOVER] = 100 * ratio(over_years(run, WIJK_OUT_LETS), social);
    out[WIJK_TARGET_SEARCH_MONTHS] =
        ratio(over_years(run, WIJK_OUT_SEARCHED), over_years(run, WIJK_OUT_LETS));
    out[WIJK_TARGET_SALES] =
        100 * ratio(over_years(run, WIJK_OUT_SALES), over_years(run, WIJK_OUT_HOMES_OWNER));
    out[WIJK_TARGET_ARREARS] = 100 * ratio(c.behind, c.social);
    out[WIJK_TARGET_EVICTIONS] = 1000 * ratio(c.due * evicted_of_due(run->tables), c.social);
    out[WIJK_TARGET_REPORTS] =
        1000 * ratio(over_years(run, WIJK_OUT_REPORTS), over_years(run, WIJK_OUT_PERSONS));
    out[WIJK_TARGET_REPEAT_PERSONS] = 100 * ratio(c.more, c.once);
    out[WIJK_TARGET_REPEAT_REPORTS] = 100 * ratio(c.by_more, c.all);
    out[WIJK_TARGET_DEBT_STOCK] = 100 * as_country(run, last, WIJK_OUT_NEED_DEBT);
    out[WIJK_TARGET_MENTAL_STOCK] = 100 * as_country(run, last, WIJK_OUT_NEED_MENTAL);
    out[WIJK_TARGET_DEBT_FLOW] = 100 * ratio(over_years(run, WIJK_OUT_ONSET_DEBT), free_of_debt);
    out[WIJK_TARGET_ALONE] = 100 * ratio(alone, households);
    out[WIJK_TARGET_LONELY] =
        100 * ratio(alone + in_areas(run, last, WIJK_OUT_FEW_TIES), households);
}
