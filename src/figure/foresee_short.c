/* What a forecast says in short. Idea: a reader asks first whether the policy does what it is for,
 * then what else is certain, then for strain, whatever the answer is. */
#include "wijk/fan.h"

#include "wijk/scenario.h"

#include <math.h>
#include <string.h>

enum { GOALS = 2, OUTCOMES = 64 };

/* What a lever is pulled for, the first thing first. A lever that is not here is for strain, which
 * is told anyway. */
static const struct {
    wijk_lever lever;
    const char *goal[GOALS];
} goals[] = {
    {WIJK_LEVER_DEBT_SIGNALLING, {"arrears", "evictions"}},
    {WIJK_LEVER_DEBT_TEAM, {"arrears", "evictions"}},
    {WIJK_LEVER_HOUSING_FIRST, {"evictions", "reports"}},
    {WIJK_LEVER_WIJKTEAM, {"strained", "help_waiting"}},
    {WIJK_LEVER_RING_FENCE, {"hidden", "help_waiting"}},
    {WIJK_LEVER_PREVENTION, {"hidden", "help_waiting"}},
    {WIJK_LEVER_SOCIAL_MANAGEMENT, {"hidden", "livability_onv"}},
    {WIJK_LEVER_VISIT_COVERAGE, {"hidden", "strained"}},
    {WIJK_LEVER_MEDIATION, {"livability_onv", NULL}},
    {WIJK_LEVER_WIJKAGENT, {"livability_onv", "reports"}},
    {WIJK_LEVER_COMMUNITY_HOURS, {"alone", "livability_soc"}},
    {WIJK_LEVER_RESIDENTS_BUDGET, {"livability_soc", "alone"}},
    {WIJK_LEVER_MAGIC_MIX, {"alone", "livability_soc"}},
    {WIJK_LEVER_COMMON_TASK, {"alone", "livability_soc"}},
    {WIJK_LEVER_KNARRENHOF, {"alone", NULL}},
    {WIJK_LEVER_DEMOLISH, {"displaced", "households"}},
    {WIJK_LEVER_RESTRUCTURE, {"displaced", "low_in_social"}},
    {WIJK_LEVER_BUILD_SOCIAL, {"households", "searching"}},
    {WIJK_LEVER_BUILD_OWNER, {"households", "searching"}},
    {WIJK_LEVER_BUILD_PRIVATE, {"households", "searching"}},
    {WIJK_LEVER_SELL, {"low_in_social", "income_low"}},
    {WIJK_LEVER_LIBERALISE, {"low_in_social", "income_low"}},
    {WIJK_LEVER_SPREADING_CAP, {"passed_over", "low_in_social"}},
    {WIJK_LEVER_MIX_TARGET, {"passed_over", "low_in_social"}},
    {WIJK_LEVER_SCREENING, {"passed_over", NULL}},
    {WIJK_LEVER_PASSEND, {"low_in_social", "passed_over"}},
};

/* How large a sure difference is beside what there is when nothing is done; 0: not sure, or less
 * than one. */
static double weight(const wijk_asked *asked, const wijk_ensemble *e, size_t place)
{
    wijk_bands b;
    const wijk_band *d = &b.difference;
    if (wijk_ensemble_outcome_ever(&b, e, place, asked->outcome) || !wijk_ensemble_sure(e, d) ||
        (d->low90 > -0.5 && d->high90 < 0.5)) {
        return 0;
    }
    return fabs(d->median) / fmax(10, b.nothing.median);
}

static int is_among(const wijk_asked *const *all, size_t n, const wijk_asked *asked)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i] == asked) {
            return 1;
        }
    }
    return 0;
}

static size_t add(const wijk_asked **out, size_t n, size_t most, const wijk_asked *asked)
{
    if (asked && n < most && !is_among(out, n, asked)) {
        out[n++] = asked;
    }
    return n;
}

/* What the levers of the policy are for, in its order. */
static size_t told_first(const wijk_asked **out, const wijk_ensemble *e)
{
    const char *scenario = wijk_ensemble_tell(e).scenario;
    wijk_scenario_file *file = NULL;
    size_t n = 0;
    if (wijk_scenario_read(&file, scenario, strlen(scenario), "scenario")) {
        return 0; /* made without a text */
    }
    for (int nth = 0; nth < GOALS; nth++) {
        for (size_t i = 0; i < wijk_scenario_count(file); i++) {
            for (size_t g = 0; g < sizeof goals / sizeof *goals; g++) {
                const char *goal = goals[g].goal[nth];
                if (goals[g].lever == wijk_scenario_at(file, i)->lever && goal) {
                    n = add(out, n, GOALS, wijk_asked_find(goal));
                }
            }
        }
    }
    wijk_scenario_free(file);
    return n;
}

void wijk_fan_headlines(const wijk_asked *out[WIJK_FAN_HEADLINES], const wijk_ensemble *e,
                        size_t place)
{
    static const char *const always[] = {"strained", "help_waiting", "income_low", "hidden"};
    double weights[OUTCOMES] = {0};
    size_t n = told_first(out, e), all = 0;
    for (; all < OUTCOMES && wijk_asked_at(all); all++) {
        weights[all] = weight(wijk_asked_at(all), e, place);
    }
    while (n < WIJK_FAN_HEADLINES - 1) {
        size_t most = 0;
        for (size_t i = 1; i < all; i++) {
            most = weights[i] > weights[most] ? i : most;
        }
        if (!(weights[most] > 0)) {
            break;
        }
        n = add(out, n, WIJK_FAN_HEADLINES, wijk_asked_at(most));
        weights[most] = 0;
    }
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        n = add(out, n, WIJK_FAN_HEADLINES, wijk_asked_find(always[i]));
    }
}
