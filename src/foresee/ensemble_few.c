/* What few households would show, at the one place where results leave an ensemble: a count of
 * people below the limit is withheld with its difference, and nothing beside it gives it away.
 * Idea: threshold rule with complementary suppression (Hundepool et al. 2012, ch. 4), where a
 * published total could be lessened by its published parts. */
#include "foresee/ensemble.h"

#include "wijk/disclose.h"

#include <math.h>
#include <string.h>

_Static_assert(WIJK_ENSEMBLE_LEAST == (int)WIJK_OWN_MINIMUM, "one limit in the whole house");

int ensemble_counts_people(wijk_outcome outcome)
{
    static const char *const other[] = {"homes",  "home-months", "points",        "ties",
                                        "blocks", "thousandths", "minutes",       "euro",
                                        "offers", "initiatives", "unpaid minutes"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (!strcmp(wijk_outcome_unit(outcome), other[i])) {
            return 0;
        }
    }
    return 1;
}

/* ---- at the start ---------------------------------------------------------------------------- */

/* Every world begins alike: at the start parts and totals are exact, and one missing part would be
 * their difference. In later years each is a middle over worlds, and those do not add up. */
static int32_t at_start(const wijk_ensemble *e, size_t place, wijk_outcome outcome)
{
    return ensemble_of(e, 0)[ensemble_at(e, SIDE_NOTHING, 0, place, outcome)];
}

static int is_few(int64_t count)
{
    return count > 0 && count < WIJK_ENSEMBLE_LEAST;
}

typedef struct { /* a total and its parts, by a rule that gives the count of one */
    const wijk_ensemble *e;
    int32_t (*part)(const wijk_ensemble *e, size_t nth, size_t fixed);
    size_t fixed; /* the place of classes, the outcome of places */
    size_t n;
} parts;

/* 1 when part `nth` is withheld so that what is left of the total without the parts that are shown
 * is nothing, or not few: the smallest go first. */
static int hides_another(const parts *of, int64_t total, size_t nth)
{
    int64_t rest = total, floor = 0;
    for (size_t i = 0; i < of->n; i++) {
        int32_t count = of->part(of->e, i, of->fixed);
        rest -= count >= WIJK_ENSEMBLE_LEAST ? count : 0;
    }
    int32_t mine = of->part(of->e, nth, of->fixed);
    while (is_few(rest)) {
        int64_t least = INT64_MAX;
        for (size_t i = 0; i < of->n; i++) {
            int32_t count = of->part(of->e, i, of->fixed);
            least = count >= WIJK_ENSEMBLE_LEAST && count > floor && count < least ? count : least;
        }
        if (least == INT64_MAX || least == mine) {
            return least == mine;
        }
        for (size_t i = 0; i < of->n; i++) {
            rest += of->part(of->e, i, of->fixed) == least ? least : 0;
        }
        floor = least;
    }
    return 0;
}

static int32_t of_place(const wijk_ensemble *e, size_t nth, size_t outcome)
{
    return at_start(e, WIJK_ENSEMBLE_AREAS + nth, (wijk_outcome)outcome);
}

/* Divisions of all households. */
static const struct {
    wijk_outcome first, last;
} divisions[] = {{WIJK_OUT_SINGLE, WIJK_OUT_OLDER_COUPLE},
                 {WIJK_OUT_INCOME_LOW, WIJK_OUT_INCOME_HIGH},
                 {WIJK_OUT_AGE_24, WIJK_OUT_AGE_80}};
enum { DIVISIONS = sizeof divisions / sizeof *divisions };

static int32_t of_class(const wijk_ensemble *e, size_t nth, size_t fixed)
{
    size_t place = fixed / DIVISIONS, division = fixed % DIVISIONS;
    return at_start(e, place, (wijk_outcome)((size_t)divisions[division].first + nth));
}

int ensemble_withheld_at_start(const wijk_ensemble *e, size_t place, wijk_outcome outcome)
{
    if (!ensemble_counts_people(outcome) || place == WIJK_ENSEMBLE_WHOLE) {
        return 0;
    }
    if (is_few(at_start(e, place, outcome))) {
        return 1;
    }
    const parts areas = {e, of_place, outcome, e->n_places - WIJK_ENSEMBLE_AREAS};
    if (place >= WIJK_ENSEMBLE_AREAS && hides_another(&areas, at_start(e, 1, outcome), place - 2)) {
        return 1;
    }
    for (size_t d = 0; d < DIVISIONS; d++) {
        if (outcome >= divisions[d].first && outcome <= divisions[d].last) {
            const parts classes = {e, of_class, place * DIVISIONS + d,
                                   divisions[d].last - divisions[d].first + 1u};
            return hides_another(&classes, at_start(e, place, WIJK_OUT_HOUSEHOLDS),
                                 outcome - divisions[d].first);
        }
    }
    return 0;
}

/* ---- over the worlds ------------------------------------------------------------------------- */

/* Some in some world, and few in the middle one. None in every world shows nobody. */
int ensemble_few_over(const double *values, size_t n, double middle)
{
    int any = 0;
    for (size_t i = 0; i < n; i++) {
        any |= values[i] > 0;
    }
    return any && middle < WIJK_ENSEMBLE_LEAST;
}

void ensemble_withhold(wijk_bands *of)
{
    static const wijk_band none = {NAN, NAN, NAN, NAN, NAN};
    of->few = 1;
    of->scenario = of->nothing = of->difference = none;
}

/* No world differs: that a policy does not touch something says nothing of how much there is. */
static int is_nothing(const wijk_band *d)
{
    return !(d->median < 0) && !(d->median > 0) && !(d->low90 < 0) && !(d->high90 > 0);
}

/* Where one side is few and the other is not, the difference is told and neither side: together
 * they would tell it. */
void ensemble_withhold_few(wijk_bands *of, const double *scenario, const double *nothing, size_t n)
{
    const wijk_band difference = of->difference;
    if (ensemble_few_over(scenario, n, of->scenario.median) ||
        ensemble_few_over(nothing, n, of->nothing.median)) {
        ensemble_withhold(of);
        if (is_nothing(&difference) || fabs(difference.median) >= WIJK_ENSEMBLE_LEAST) {
            of->difference = difference;
        }
    }
}
