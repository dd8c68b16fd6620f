/* Process 9, ledger: every hour, visit, euro of budget and empty month of this month is a count
 * with a unit. Events were counted where they happened. The
 * idea is double bookkeeping without prices: the run tells how many of what (wijk/outcome.h);
 * src/account tells what one costs and whose purse it touches, so a price can change without a run.
 * Hours that nobody asked for stay visible as idle: cost of readiness is cost. */
#include "foresee/run.h"

enum { MILLI = 1000, PERCENT = 100 * MILLI, HOUR = 60 };

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

/* Homes x a lever per home, where it reaches the streets it is meant for and no others. */
static int64_t over_homes(const foresee_here *here, wijk_lever lever)
{
    const foresee_place *place = here->place;
    int64_t reached = place->limited ? place->streets : place->homes;
    int64_t nothing = (int64_t)(wijk_lever_get(lever)->nothing * MILLI + 0.5);
    return reached * here->lever[lever] + (place->homes - reached) * nothing;
}

/* Minutes of so many managers per 1,000 social homes, in thousandths. */
static int64_t managed(const foresee_here *here, int64_t fte)
{
    return fte * here->place->social / MILLI * here->t->milli[WIJK_P_PRODUCTIVE_HOURS] / MILLI *
           HOUR / MILLI;
}

void foresee_ledger(foresee_here *here, uint32_t newcomers)
{
    foresee_place *place = here->place;
    const foresee_tables *t = here->t;
    const int32_t *lever = here->lever;
    int64_t homes = place->homes;
    int64_t management = managed(here, foresee_management(here));
    tell(here, WIJK_OUT_WORK_MANAGEMENT, (int32_t)management);
    tell(here, WIJK_OUT_MANAGEMENT_UNPAID,
         (int32_t)(managed(here, lever[WIJK_LEVER_SOCIAL_MANAGEMENT]) - management));
    tell(here, WIJK_OUT_HOME_MONTHS, (int32_t)place->homes);
    tell(here, WIJK_OUT_HOME_MONTHS_SOCIAL, (int32_t)place->social);
    uint32_t visits =
        foresee_pieces(here, homes * lever[WIJK_LEVER_VISIT_COVERAGE], (int64_t)PERCENT * 12, 0);
    tell(here, WIJK_OUT_VISITS, (int32_t)visits);
    /* A corporation may pay for its own tenants alone; a visit is as likely at any home. */
    int64_t minutes = visits * t->milli[WIJK_P_VISIT_MINUTES] / MILLI;
    int64_t own = homes > 0 ? minutes * place->social / homes : 0;
    tell(here, WIJK_OUT_WORK_VISITS, (int32_t)own);
    tell(here, WIJK_OUT_WORK_VISITS_OTHER, (int32_t)(minutes - own));
    tell(here, WIJK_OUT_WORK_COMMUNITY,
         (int32_t)(over_homes(here, WIJK_LEVER_COMMUNITY_HOURS) * HOUR / (MILLI * MILLI)));
    tell(here, WIJK_OUT_WORK_AGENT,
         (int32_t)(homes * lever[WIJK_LEVER_WIJKAGENT] * HOUR / (MILLI * MILLI)));
    tell(here, WIJK_OUT_WORK_RECEPTION,
         (int32_t)((int64_t)newcomers * lever[WIJK_LEVER_RECEPTION] * HOUR / MILLI));
    tell(here, WIJK_OUT_WORK_FIRST,
         (int32_t)(place->firsts * t->milli[WIJK_P_FIRST_HOURS] * HOUR / MILLI));
    tell(here, WIJK_OUT_BUDGET_RESIDENTS,
         (int32_t)foresee_pieces(here, over_homes(here, WIJK_LEVER_RESIDENTS_BUDGET), 12 * MILLI,
                                 4));
}
