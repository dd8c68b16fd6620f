/* Process 9, ledger: every hour, visit, euro of budget and empty month of this month is a count
 * with a unit, and the stocks at the end of a period. Events were counted where they happened. The
 * idea is double bookkeeping without prices: the run tells how many of what (wijk/outcome.h);
 * src/account tells what one costs and whose purse it touches, so a price can change without a run.
 * Hours that nobody asked for stay visible as idle: cost of readiness is cost. */
#include "foresee/run.h"

enum { MILLI = 1000, PERCENT = 100 * MILLI, HOUR = 60, STAY_LONG = 120, FEW = 2 };

uint32_t foresee_pieces(const foresee_here *here, int64_t n, int64_t d, uint32_t nth)
{
    if (n <= 0) {
        return 0;
    }
    int64_t rest = n % d;
    uint32_t word = draw1(&here->world, here->place->number, DRAW_STOCK, nth);
    int64_t more = ((uint64_t)word * (uint64_t)d >> 32) < (uint64_t)rest;
    return (uint32_t)(n / d + more);
}

void foresee_ledger(foresee_here *here, uint32_t newcomers)
{
    foresee_place *place = here->place;
    const foresee_tables *t = here->t;
    const int32_t *lever = here->lever;
    int64_t homes = place->homes;
    /* Levers per 1,000 in thousandths: homes x lever / 10^6. */
    int64_t management = (int64_t)foresee_management(here) * place->social / MILLI *
                         t->milli[WIJK_P_PRODUCTIVE_HOURS] / MILLI * HOUR / MILLI;
    tell(here, WIJK_OUT_WORK_MANAGEMENT, (int32_t)management);
    uint32_t visits =
        foresee_pieces(here, homes * lever[WIJK_LEVER_VISIT_COVERAGE], (int64_t)PERCENT * 12, 0);
    tell(here, WIJK_OUT_VISITS, (int32_t)visits);
    tell(here, WIJK_OUT_WORK_VISITS, (int32_t)(visits * t->milli[WIJK_P_VISIT_MINUTES] / MILLI));
    tell(here, WIJK_OUT_WORK_COMMUNITY,
         (int32_t)(homes * lever[WIJK_LEVER_COMMUNITY_HOURS] * HOUR / (MILLI * MILLI)));
    tell(here, WIJK_OUT_WORK_AGENT,
         (int32_t)(homes * lever[WIJK_LEVER_WIJKAGENT] * HOUR / (MILLI * MILLI)));
    tell(here, WIJK_OUT_WORK_RECEPTION,
         (int32_t)((int64_t)newcomers * lever[WIJK_LEVER_RECEPTION] * HOUR / MILLI));
    tell(here, WIJK_OUT_WORK_FIRST,
         (int32_t)(place->firsts * t->milli[WIJK_P_FIRST_HOURS] * HOUR / MILLI));
    tell(here, WIJK_OUT_BUDGET_RESIDENTS,
         (int32_t)foresee_pieces(here, homes * lever[WIJK_LEVER_RESIDENTS_BUDGET], 12 * MILLI, 4));
}

static void count_household(int32_t *c, const foresee_state *s, size_t slot, unsigned strained)
{
    unsigned composition = composition_of(s->kind[slot]), needs = s->needs[slot];
    unsigned income = s->status[slot] & STATUS_INCOME, support = support_of(s->status[slot]);
    unsigned tenure = tenure_of(s->home[slot]), degree = degree_of(s->contacts[slot]);
    unsigned contacts = degree + away_of(s->contacts[slot]);
    c[WIJK_OUT_HOUSEHOLDS]++;
    c[WIJK_OUT_PERSONS] += (int32_t)persons_of(s->kind[slot]);
    c[WIJK_OUT_CHILDREN] += (int32_t)children_of(s->kind[slot]);
    c[WIJK_OUT_SINGLE + composition - 1]++;
    c[WIJK_OUT_INCOME_LOW + income]++;
    c[WIJK_OUT_LOW_IN_SOCIAL] += tenure == WIJK_SOCIAL && income == WIJK_INCOME_LOW;
    c[WIJK_OUT_AGE_24 + age_band(s->age[slot])]++;
    for (unsigned n = 0; n < WIJK_NEEDS; n++) {
        c[WIJK_OUT_NEED_DEBT + n] += (int32_t)(needs >> n & 1);
    }
    c[WIJK_OUT_STRAIN_SUM] += s->strain[slot];
    c[WIJK_OUT_STRAINED] += s->strain[slot] >= strained;
    c[WIJK_OUT_HIDDEN] += s->strain[slot] >= strained && support == HELP_NONE;
    if (support != HELP_NONE) {
        c[WIJK_OUT_HELP_INFORMAL + support - 1]++;
    }
    c[WIJK_OUT_ARREARS] += (needs & NEED_ARREARS) != 0;
    c[WIJK_OUT_JUDGMENT] += (needs & NEED_JUDGMENT) != 0;
    c[WIJK_OUT_SEARCHING] += (s->status[slot] & STATUS_SEARCH) != 0;
    c[WIJK_OUT_STAY_10] += s->months[slot] >= STAY_LONG && tenure != WIJK_NO_HOME;
    c[WIJK_OUT_ALONE] += contacts == 0;
    c[WIJK_OUT_FEW_TIES] += contacts > 0 && contacts <= FEW;
    c[WIJK_OUT_TRUST_SUM] += s->trust[slot];
    c[WIJK_OUT_TAKE_PART_SUM] += s->part[slot];
    for (unsigned n = 0; n < degree; n++) { /* from the lower end, so that a tie counts once */
        int distance = *tie_at(s, slot, n);
        c[WIJK_OUT_TIES] += distance > 0;
        c[WIJK_OUT_TIES_ACROSS] +=
            distance > 0 && foresee_ties_across(s, slot, slot + (size_t)distance);
    }
}

static void count_groups(foresee_here *here, size_t slot)
{
    const foresee_state *s = here->s;
    unsigned strained = s->strain[slot] >= here->t->strained;
    unsigned support = support_of(s->status[slot]);
    unsigned helped = support == HELP_INFORMAL || support >= HELP_FORMAL;
    foresee_tell_all_groups(here, slot,
                            1u << WIJK_GOUT_HOUSEHOLDS | strained << WIJK_GOUT_STRAINED |
                                (strained & (support == HELP_NONE)) << WIJK_GOUT_HIDDEN |
                                helped << WIJK_GOUT_HELPED |
                                (unsigned)(s->contacts[slot] == 0) << WIJK_GOUT_ALONE);
}

void foresee_count_stocks(foresee_here *here)
{
    const foresee_state *s = here->s;
    const foresee_place *place = here->place;
    int32_t *c = here->count;
    for (int outcome = 0; outcome < WIJK_OUTCOMES; outcome++) { /* a row may be counted again */
        c[outcome] = wijk_outcome_is_flow((wijk_outcome)outcome) ? c[outcome] : 0;
    }
    for (int i = 0; i < WIJK_GROUPS * WIJK_GROUP_OUTCOMES; i++) {
        int stock = i % WIJK_GROUP_OUTCOMES < WIJK_GOUT_MOVED_IN;
        here->groups[i] = stock ? 0 : here->groups[i];
    }
    for (size_t block = place->block; block < place->block + place->blocks; block++) {
        int there = 0;
        for (size_t slot = block * BLOCK; slot < (block + 1) * BLOCK; slot++) {
            unsigned tenure = tenure_of(s->home[slot]);
            int lived = s->kind[slot] != WIJK_NOBODY;
            if (tenure != WIJK_NO_HOME) {
                there = 1;
                c[WIJK_OUT_HOMES_OWNER + tenure - 1]++;
                c[WIJK_OUT_EMPTY_OWNER + tenure - 1] += !lived;
            }
            if (lived) {
                count_household(c, s, slot, here->t->strained);
                count_groups(here, slot);
            }
        }
        if (there) {
            c[WIJK_OUT_BLOCKS]++;
            c[WIJK_OUT_NUISANCE_SUM] += s->nuisance[block];
            c[WIJK_OUT_UPKEEP_SUM] += s->upkeep[block];
            c[WIJK_OUT_ACTIVITY_SUM] += s->activity[block];
            c[WIJK_OUT_INITIATIVES] += s->initiative[block] > 0;
        }
    }
    if (place->area != NO_AREA) {
        foresee_outcome_scale(here);
    }
}
