/* What a household is expected to do in a year: leave its home, die, or become another kind. The
 * idea is the accounting of a multistate population (Rogers 1975): of each kind what goes and what
 * life makes of others add up to what must come. The chances are those of processes 1 and 5, of the
 * start, taken as rates; who looks for a home is taken to find one, a couple to keep the home of
 * either half as often, and ages to be spread evenly within their band. */
#include "foresee/run.h"
#include "foresee/taste.h"

#include <string.h>

/* Years that a household stays in a band of age. The last: what is left at eighty. */
static const double years[WIJK_AGE_BANDS] = {7, 10, 15, 15, 15, 9};
static const uint8_t next_age[WIJK_AGE_BANDS] = {25, 35, 50, 65, 80, 80};

enum { STARTER_AGES = 11, YOUNGEST_AGES = 7 }; /* who leaves home is 18 to 28 then */

static double a_year(uint64_t chance)
{
    return (double)chance * 12 / 4294967296.0;
}

/* What a household is, in the three ways in which flows count it. */
typedef struct {
    unsigned taste, band, composition;
} sort_of;

static sort_of sort_at(uint8_t kind, unsigned age)
{
    return (sort_of){foresee_taste_kind(kind, age), age_band((uint8_t)age), composition_of(kind)};
}

/* Of `from` so many a year become a household of so many adults and children at an age. */
static void becomes(foresee_flow *flow, sort_of from, double rate, unsigned adults,
                    unsigned children, unsigned age)
{
    sort_of to = sort_at(kind_of(foresee_composition(adults, children, age), children), age);
    flow->need[from.taste] += rate;
    flow->need[to.taste] -= rate;
    flow->life[from.band][from.composition] -= rate;
    flow->life[to.band][to.composition] += rate;
}

static void moves(foresee_flow *flow, sort_of from, double rate)
{
    flow->need[from.taste] += rate;
    flow->vacant += rate;
}

static void ends(foresee_flow *flow, sort_of from, double rate)
{
    moves(flow, from, rate);
    flow->life[from.band][from.composition] -= rate;
}

/* One person begins to look for a home of his own. */
static void enters(foresee_flow *flow, double looks[TASTE_KINDS], double rate, unsigned age)
{
    sort_of alone = sort_at(kind_of(foresee_composition(1, 0, age), 0), age);
    flow->enters[alone.band] += rate;
    looks[alone.taste] += rate;
}

/* Death and nursing home of one adult. */
static void loses_adult(foresee_flow *flow, const foresee_here *here, size_t slot)
{
    const foresee_tables *t = here->t;
    const foresee_state *s = here->s;
    unsigned age = s->age[slot], children = children_of(s->kind[slot]);
    unsigned adults = adults_of(composition_of(s->kind[slot]));
    sort_of own = sort_at(s->kind[slot], age);
    int frail = age >= OLD && s->needs[slot] & WIJK_NEED_FRAIL;
    double rate = a_year((uint64_t)t->death[age] * adults +
                         (frail ? (uint64_t)t->care[adults == 2] * adults : 0));
    if (adults == 2) {
        becomes(flow, own, rate, 1, children, age);
    } else if (children > 0) {
        becomes(flow, own, rate, 1, children - 1, 18);
    } else {
        ends(flow, own, rate);
    }
}

static void pairs_or_parts(foresee_flow *flow, double looks[TASTE_KINDS], const foresee_here *here,
                           size_t slot)
{
    const foresee_state *s = here->s;
    unsigned age = s->age[slot], composition = composition_of(s->kind[slot]);
    unsigned children = children_of(s->kind[slot]);
    sort_of own = sort_at(s->kind[slot], age);
    double rate = age < OLDER ? a_year(here->t->pairs[foresee_pair_age(age)][composition]) : 0;
    if (adults_of(composition) == 1) {
        ends(flow, own, rate / 2);
        becomes(flow, own, rate / 2, 2, children, age);
        return;
    }
    becomes(flow, own, rate, 1, children, age);
    enters(flow, looks, rate, age);
}

/* A child leaves: its parents become another kind, and it looks for a home. */
static void child_leaves(foresee_flow *flow, double looks[TASTE_KINDS], const foresee_here *here,
                         size_t slot)
{
    const foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    unsigned age = s->age[slot], children = children_of(s->kind[slot]);
    if (age < CHILD_LEAVES_FROM || children == 0) {
        return;
    }
    uint32_t chance = age >= CHILD_LEAVES_LATE ? t->home_late : t->home;
    double rate = a_year((uint64_t)chance * children);
    becomes(flow, sort_at(s->kind[slot], age), rate, adults_of(composition_of(s->kind[slot])),
            children - 1, age);
    double young = (double)YOUNGEST_AGES / STARTER_AGES;
    enters(flow, looks, rate * young, 18);
    enters(flow, looks, rate * (1 - young), YOUNGEST_UNTIL);
}

void foresee_flow_add(foresee_flow *flow, double looks[TASTE_KINDS], const foresee_here *here,
                      size_t slot)
{
    const foresee_state *s = here->s;
    unsigned age = s->age[slot], band = age_band(age), composition = composition_of(s->kind[slot]);
    unsigned children = children_of(s->kind[slot]);
    sort_of own = sort_at(s->kind[slot], age);
    flow->households++;
    double out = 0;
    if (here->place->area != NO_AREA) {
        out =
            a_year((uint64_t)foresee_leave_chance(here, slot) + foresee_search_chance(here, slot));
    }
    moves(flow, own, out);
    looks[own.taste] += out;
    loses_adult(flow, here, slot);
    if (age < FERTILE_UNTIL && children < CHILDREN_MOST) {
        becomes(flow, own, a_year(here->t->birth[foresee_pair_age(age)][composition]),
                adults_of(composition), children + 1, age);
    }
    pairs_or_parts(flow, looks, here, slot);
    child_leaves(flow, looks, here, slot);
    if (next_age[band] > age) {
        becomes(flow, own, 1 / years[band], adults_of(composition), children, next_age[band]);
    }
}
