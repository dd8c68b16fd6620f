/* The smallest effect at which a lever pays for itself, per purse. The idea: what is assumed is not
 * argued about but turned into a question; three runs at known strengths answer it. */
#include "foresee/breakeven.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/rng.h"
#include "wijk/stats.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_EVEN = 0x4556454E, AGAIN = 400 };

static const double shares[WIJK_BREAKEVEN_SHARES] = {0, 0.5, 1};

/* Effects of levers and what they are without effect. Effects of the neighbourhood on its residents
 * and steps to the livability score are not among them: no lever works through those alone. */
static const struct {
    wijk_parameter parameter;
    double none;
    int strong_low;
} effects[] = {
    {WIJK_P_RELIEF_TIE, 0, 0},        {WIJK_P_RELIEF_INFORMAL, 0, 0},
    {WIJK_P_RELIEF_FORMAL, 0, 0},     {WIJK_P_RELIEF_INTENSIVE, 0, 0},
    {WIJK_P_DEBT_HELP, 1, 0},         {WIJK_P_SHARED_GAIN, 0, 0},
    {WIJK_P_MEDIATION_SUCCESS, 0, 0}, {WIJK_P_AGENT_CALMS, 0, 0},
    {WIJK_P_ARREARS_HELP, 1, 0},      {WIJK_P_HELPED_SHARE, 1, 1},
    {WIJK_P_TIE_TASK, 1, 0},          {WIJK_P_TIE_TASK_ACROSS, 0, 0},
    {WIJK_P_TIE_ACTIVITY, 1, 0},      {WIJK_P_TIE_COURT, 1, 0},
    {WIJK_P_MANAGEMENT_CALMS, 0, 0},  {WIJK_P_INITIATIVE_BUDGET, 1, 0},
    {WIJK_P_INITIATIVE_HOURS, 1, 0},  {WIJK_P_RECEPTION_SETTLES, 1, 0},
};
enum { EFFECTS = sizeof effects / sizeof *effects };

/* The effect that says most about a lever. */
static const struct {
    wijk_lever lever;
    wijk_parameter parameter;
} works_by[] = {
    {WIJK_LEVER_WIJKTEAM, WIJK_P_RELIEF_FORMAL},
    {WIJK_LEVER_PREVENTION, WIJK_P_RELIEF_FORMAL},
    {WIJK_LEVER_RING_FENCE, WIJK_P_RELIEF_FORMAL},
    {WIJK_LEVER_VISIT_COVERAGE, WIJK_P_RELIEF_INFORMAL},
    {WIJK_LEVER_DEBT_TEAM, WIJK_P_DEBT_HELP},
    {WIJK_LEVER_DEBT_SIGNALLING, WIJK_P_DEBT_HELP},
    {WIJK_LEVER_HOUSING_FIRST, WIJK_P_RELIEF_INTENSIVE},
    {WIJK_LEVER_SOCIAL_MANAGEMENT, WIJK_P_MANAGEMENT_CALMS},
    {WIJK_LEVER_MEDIATION, WIJK_P_MEDIATION_SUCCESS},
    {WIJK_LEVER_WIJKAGENT, WIJK_P_AGENT_CALMS},
    {WIJK_LEVER_SHARED_POSTS, WIJK_P_SHARED_GAIN},
    {WIJK_LEVER_COMMUNITY_HOURS, WIJK_P_INITIATIVE_HOURS},
    {WIJK_LEVER_RESIDENTS_BUDGET, WIJK_P_INITIATIVE_BUDGET},
    {WIJK_LEVER_MAGIC_MIX, WIJK_P_TIE_TASK},
    {WIJK_LEVER_COMMON_TASK, WIJK_P_TIE_TASK},
    {WIJK_LEVER_KNARRENHOF, WIJK_P_TIE_COURT},
    {WIJK_LEVER_RECEPTION, WIJK_P_RECEPTION_SETTLES},
};

int breakeven_effect(wijk_parameter parameter, double *none, int *strong_low)
{
    for (int i = 0; i < EFFECTS; i++) {
        if (effects[i].parameter == parameter) {
            *none = effects[i].none;
            *strong_low = effects[i].strong_low;
            return 1;
        }
    }
    return 0;
}

void breakeven_set(wijk_parameters *p, const double *low, const double *high, double share)
{
    for (int i = 0; i < EFFECTS; i++) {
        wijk_parameter which = effects[i].parameter;
        double strong = effects[i].strong_low ? low[which] : high[which];
        p->value[which] = effects[i].none + share * (strong - effects[i].none);
    }
}

double breakeven_share(const double net[WIJK_BREAKEVEN_SHARES])
{
    if (net[0] >= 0) {
        return 0;
    }
    for (int i = 1; i < WIJK_BREAKEVEN_SHARES; i++) {
        if (net[i] >= 0) {
            double part = net[i - 1] / (net[i - 1] - net[i]);
            return shares[i - 1] + part * (shares[i] - shares[i - 1]);
        }
    }
    return NAN;
}

void wijk_breakeven_free(wijk_breakeven *b)
{
    if (b) {
        wijk_free(b->rows);
        wijk_free(b);
    }
}

/* ---- one lever ------------------------------------------------------------------------------- */

typedef struct {
    const wijk_population *population;
    const wijk_prices *prices;
    wijk_ensemble_options options;
    wijk_change *changes; /* of one lever */
    double *nets[WIJK_BREAKEVEN_SHARES];
    double *room; /* bootstraps */
    uint32_t n;   /* replicates */
    wijk_ctx *ctx;
} reckoning;

static double mean_of(const double *values, const uint32_t *which, uint32_t n)
{
    wijk_sum sum = {0, 0};
    for (uint32_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, values[which ? which[i] : i]);
    }
    return wijk_sum_value(&sum) / n;
}

static wijk_even even_of(const double net[WIJK_BREAKEVEN_SHARES], double share)
{
    if (net[0] < 0) {
        return isfinite(share) ? WIJK_EVEN_AT : WIJK_EVEN_NEVER;
    }
    for (int i = 1; i < WIJK_BREAKEVEN_SHARES; i++) {
        if (net[i] < 0) {
            return WIJK_EVEN_UP_TO;
        }
    }
    return WIJK_EVEN_ALWAYS;
}

int wijk_breakeven_sure(const wijk_breakeven_row *row)
{
    int wide = row->even == WIJK_EVEN_AT && !(row->high <= WIJK_BREAKEVEN_WIDE * row->low);
    return row->same >= WIJK_BREAKEVEN_SURE && !wide;
}

/* The share again on replicates drawn with replacement; one that is never reached lies beyond 1. */
static int bootstrap(wijk_breakeven_row *row, const reckoning *r, size_t purse)
{
    uint32_t *which = wijk_alloc(r->n * sizeof *which), found = 0, same = 0;
    if (!which) {
        return WIJK_ENOMEM;
    }
    for (uint32_t b = 0; b < AGAIN; b++) {
        wijk_rng_stream stream;
        double net[WIJK_BREAKEVEN_SHARES];
        wijk_rng_begin(&stream, (wijk_draw){.seed = r->options.seed,
                                            .purpose = PURPOSE_EVEN,
                                            .place = (uint32_t)purse,
                                            .time = b});
        for (uint32_t i = 0; i < r->n; i++) {
            which[i] = wijk_rng_below(&stream, r->n);
        }
        for (int s = 0; s < WIJK_BREAKEVEN_SHARES; s++) {
            net[s] = mean_of(r->nets[s] + purse * r->n, which, r->n);
        }
        double share = breakeven_share(net);
        found += isfinite(share);
        same += even_of(net, share) == row->even;
        r->room[b] = isfinite(share) ? share : 2;
    }
    wijk_free(which);
    double low = wijk_quantile(r->room, AGAIN, 0.05), high = wijk_quantile(r->room, AGAIN, 0.95);
    row->reached = (double)found / AGAIN;
    row->same = (double)same / AGAIN;
    row->low = low <= 1 ? low : NAN;
    row->high = high <= 1 ? high : NAN;
    return WIJK_OK;
}

void breakeven_name_effect(wijk_breakeven_row *row, const wijk_dictionary *dictionary)
{
    row->what = WIJK_PARAMETERS;
    row->at = row->most = NAN;
    for (size_t i = 0; i < sizeof works_by / sizeof *works_by; i++) {
        if (works_by[i].lever == row->lever) {
            double none = 0;
            int strong_low = 0;
            row->what = works_by[i].parameter;
            (void)breakeven_effect(row->what, &none, &strong_low);
            const wijk_parameter_row *of = wijk_dictionary_row(dictionary, row->what);
            row->most = strong_low ? of->low : of->high;
            row->at = none + row->share * (row->most - none);
        }
    }
}

static int add_row(wijk_breakeven *out, const reckoning *r, wijk_lever lever, size_t purse,
                   const wijk_dictionary *dictionary)
{
    wijk_breakeven_row row = {.lever = lever, .purse = (int)purse - 1};
    int any = 0;
    for (int s = 0; s < WIJK_BREAKEVEN_SHARES; s++) {
        const double *values = r->nets[s] + purse * r->n;
        row.net[s] = mean_of(values, NULL, r->n);
        for (uint32_t i = 0; i < r->n; i++) {
            any |= values[i] < 0 || values[i] > 0;
        }
    }
    if (!any) {
        return WIJK_OK; /* nothing changes for this purse */
    }
    row.share = breakeven_share(row.net);
    row.even = even_of(row.net, row.share);
    row.share = row.even == WIJK_EVEN_AT ? row.share : NAN;
    int rc = bootstrap(&row, r, purse);
    breakeven_name_effect(&row, dictionary);
    wijk_breakeven_row *moved = rc ? NULL : wijk_realloc(out->rows, (out->n + 1) * sizeof *moved);
    if (!moved) {
        return rc ? rc : WIJK_ENOMEM;
    }
    out->rows = moved;
    out->rows[out->n++] = row;
    return WIJK_OK;
}

static int one_lever(wijk_breakeven *out, reckoning *r, wijk_lever lever,
                     const wijk_scenario *scenario, const wijk_dictionary *dictionary)
{
    wijk_scenario alone = {r->changes, 0};
    int rc = WIJK_OK;
    for (size_t i = 0; i < scenario->n; i++) {
        if (lever == WIJK_LEVERS || scenario->changes[i].lever == lever) {
            r->changes[alone.n++] = scenario->changes[i];
        }
    }
    for (int s = 0; !rc && s < WIJK_BREAKEVEN_SHARES; s++) {
        wijk_ensemble *e = NULL;
        wijk_ensemble_options o = r->options;
        o.effect = &shares[s];
        wijk_ctx_part(r->ctx, (out->done + s / (double)WIJK_BREAKEVEN_SHARES) / out->sets,
                      1.0 / WIJK_BREAKEVEN_SHARES / out->sets);
        rc = wijk_ensemble_run(&e, r->population, &alone, &o, r->ctx);
        wijk_free(r->nets[s]);
        r->nets[s] = NULL;
        rc = rc ? rc : ensemble_nets(&r->nets[s], e, r->prices);
        wijk_ensemble_free(e);
    }
    for (size_t p = 0; !rc && p <= wijk_purse_count(r->prices); p++) {
        rc = add_row(out, r, lever, p, dictionary);
    }
    return rc;
}

/* Takes over the rows of the sets that were run before. */
static int go_on(wijk_breakeven *out, const wijk_breakeven *done)
{
    if (done->replicates != out->replicates || done->years != out->years ||
        done->seed != out->seed || done->sets != out->sets || done->done > done->sets ||
        done->prices != out->prices) {
        return wijk_fail(WIJK_EINVAL,
                         "Wat er al was, hoort bij een andere vraag of bij andere prijzen.",
                         "What was there already belongs to another question or other prices.");
    }
    out->rows = wijk_alloc((done->n + 1) * sizeof *out->rows);
    if (!out->rows) {
        return WIJK_ENOMEM;
    }
    memcpy(out->rows, done->rows, done->n * sizeof *out->rows);
    out->n = done->n;
    out->done = done->done;
    return WIJK_OK;
}

/* One more set is whole. */
static int set_done(wijk_breakeven *out, const wijk_breakeven_work *work)
{
    out->done++;
    return work && work->keep ? work->keep(work->payload, out) : WIJK_OK;
}

static int all_levers(wijk_breakeven *out, reckoning *r, const wijk_scenario *scenario,
                      const wijk_dictionary *dictionary, const wijk_breakeven_work *work)
{
    unsigned char used[WIJK_LEVERS] = {0};
    int rc = WIJK_OK;
    for (size_t i = 0; i < scenario->n; i++) {
        out->sets += !used[scenario->changes[i].lever];
        used[scenario->changes[i].lever] = 1;
    }
    out->sets = out->sets > 1 ? out->sets + 1 : 1;
    if (work && work->done) {
        rc = go_on(out, work->done);
    }
    if (!rc && out->done == 0) {
        rc = one_lever(out, r, WIJK_LEVERS, scenario, dictionary);
        rc = rc ? rc : set_done(out, work);
    }
    uint32_t set = 1; /* the one that comes now */
    for (int lever = 0; !rc && out->sets > 1 && lever < WIJK_LEVERS; lever++) {
        if (used[lever] && set++ >= out->done) {
            rc = one_lever(out, r, (wijk_lever)lever, scenario, dictionary);
            rc = rc ? rc : set_done(out, work);
        }
    }
    return rc;
}

int breakeven_run(wijk_breakeven **out, const wijk_population *population,
                  const wijk_scenario *scenario, const wijk_ensemble_options *options,
                  const wijk_prices *prices, const wijk_breakeven_work *work, wijk_ctx *ctx)
{
    *out = NULL;
    if (scenario->n == 0) {
        return wijk_fail(WIJK_EINVAL,
                         "Dit scenario verandert niets: er is niets om terug te verdienen.",
                         "This scenario changes nothing: there is nothing to break even on.");
    }
    wijk_dictionary *dictionary = NULL;
    reckoning r = {.population = population,
                   .prices = prices,
                   .options = *options,
                   .changes = wijk_alloc(scenario->n * sizeof *r.changes),
                   .room = wijk_alloc(AGAIN * sizeof *r.room),
                   .n = options->last - options->first + 1,
                   .ctx = ctx};
    wijk_breakeven *b = wijk_alloc(sizeof *b);
    int rc = b && r.changes && r.room ? wijk_dictionary_open(&dictionary) : WIJK_ENOMEM;
    if (!rc) {
        b->replicates = r.n;
        b->years = options->years;
        b->seed = options->seed;
        b->prices = wijk_breakeven_prices(prices);
        rc = all_levers(b, &r, scenario, dictionary, work);
        wijk_ctx_part(ctx, 0, 1);
    }
    wijk_dictionary_free(dictionary);
    for (int s = 0; s < WIJK_BREAKEVEN_SHARES; s++) {
        wijk_free(r.nets[s]);
    }
    wijk_free(r.changes);
    wijk_free(r.room);
    if (rc) {
        wijk_breakeven_free(b);
        return rc;
    }
    *out = b;
    return WIJK_OK;
}
