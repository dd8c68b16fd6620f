/* Process 5, leaving: who goes, and who begins to look for another home. Every departure makes a
 * vacancy, and vacancies are where an area changes: turnover is the sorting machine.
 * The idea is Rossi 1955 (life course and fit of the home) with Dutch rates by tenure and the age
 * profile of the relocation data. Equations, per month:
 *   leave the region  m(leave_age), or what the region's own figures say, x search_tenure over
 *     its mean at that age: a move over the border is a move; by kind of household see leaving.c
 *   begin to search   m(search_tenure) x (search_young under 35, search_old from 65)
 *     x search_crowded when persons exceed rooms x search_mismatch when income is not that of the
 *     middle household of the area x (1 + (search_nuisance - 1) nuisance / 255)
 *   stop searching m(stop_search); leave the waiting list m(pool_leave), after an eviction
 *   shelter_leave.
 * A leaver goes outside, or looks in another modelled region and stays until it finds. */
#include "foresee/run.h"

enum { MILLI = 1000 };

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t by_age(const foresee_tables *t, unsigned age)
{
    return age < YOUNG_UNTIL ? t->milli[WIJK_P_SEARCH_YOUNG]
           : age >= OLDER    ? t->milli[WIJK_P_SEARCH_OLD]
                             : MILLI;
}

static uint32_t by_tenure(const foresee_tables *t, unsigned tenure)
{
    static const wijk_parameter which[WIJK_TENURES] = {
        [WIJK_OWNER] = WIJK_P_SEARCH_OWNER,
        [WIJK_SOCIAL] = WIJK_P_SEARCH_SOCIAL,
        [WIJK_PRIVATE] = WIJK_P_SEARCH_PRIVATE,
    };
    return t->chance[which[tenure]];
}

void foresee_leave_tables(foresee_tables *t, const wijk_parameters *p)
{
    (void)p;
    uint32_t most_often = 0;
    for (unsigned tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
        uint32_t chance = by_tenure(t, tenure);
        most_often = chance > most_often ? chance : most_often;
    }
    for (unsigned tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
        uint64_t part = (uint64_t)by_tenure(t, tenure) * LEAVE_PART + most_often / 2;
        t->leave_part[tenure] = most_often > 0 ? (uint32_t)(part / most_often) : LEAVE_PART;
    }
    uint32_t away = t->chance[WIJK_P_POOL_LEAVE] > t->chance[WIJK_P_SHELTER_LEAVE]
                        ? t->chance[WIJK_P_POOL_LEAVE]
                        : t->chance[WIJK_P_SHELTER_LEAVE];
    for (unsigned k = 0; k < 3; k++) {
        static const unsigned age[3] = {YOUNG_UNTIL - 1, YOUNG_UNTIL, OLDER};
        t->search[k][WIJK_NO_HOME] = away;
        for (unsigned tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
            uint32_t bound = times(by_tenure(t, tenure), by_age(t, age[k]));
            bound = times(bound, most(MILLI, t->milli[WIJK_P_SEARCH_CROWDED]));
            bound = times(bound, most(MILLI, t->milli[WIJK_P_SEARCH_MISMATCH]));
            t->search[k][tenure] = times(bound, most(MILLI, t->milli[WIJK_P_SEARCH_NUISANCE]));
        }
    }
}

uint32_t foresee_leave_chance(const foresee_here *here, size_t slot)
{
    const foresee_state *s = here->s;
    unsigned band = age_band(s->age[slot]), composition = composition_of(s->kind[slot]);
    return here->region->leave[band][composition] / LEAVE_PART *
           here->t->leave_part[tenure_of(s->home[slot])];
}

uint32_t foresee_search_chance(const foresee_here *here, size_t slot)
{
    const foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint32_t home = s->home[slot];
    uint32_t chance = times(by_tenure(t, tenure_of(home)), by_age(t, s->age[slot]));
    if (persons_of(s->kind[slot]) > size_of(home)) {
        chance = times(chance, t->milli[WIJK_P_SEARCH_CROWDED]);
    }
    if ((s->status[slot] & STATUS_INCOME) != here->place->middle) {
        chance = times(chance, t->milli[WIJK_P_SEARCH_MISMATCH]);
    }
    int64_t push = (t->milli[WIJK_P_SEARCH_NUISANCE] - MILLI) * s->nuisance[slot / BLOCK] / 255;
    return times(chance, MILLI + push);
}

static void leave_region(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    if (draw1(&here->world, s->id[slot], DRAW_LEAVE, 0) < here->region->elsewhere) {
        s->status[slot] |= STATUS_SEARCH | STATUS_FAR;
        s->search[slot] = 0;
        tell(here, WIJK_OUT_BEGAN_SEARCH, 1);
        return;
    }
    tell(here, WIJK_OUT_TO_OUTSIDE, 1);
    foresee_tell_groups(here, slot, WIJK_GOUT_MOVED_OUT);
    foresee_to_outside(here, slot);
}

void foresee_leave(foresee_here *here, size_t slot, uint32_t word)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    if (here->place->area == NO_AREA) {
        int homeless = (s->needs[slot] & NEED_HOMELESS) != 0;
        if (word < t->chance[homeless ? WIJK_P_SHELTER_LEAVE : WIJK_P_POOL_LEAVE]) {
            tell(here, WIJK_OUT_GAVE_UP_SEARCH, 1);
            tell(here, WIJK_OUT_TO_OUTSIDE, 1);
            foresee_to_outside(here, slot);
        }
        return;
    }
    uint64_t mark = foresee_leave_chance(here, slot);
    if (word < mark) {
        leave_region(here, slot);
        return;
    }
    if (s->status[slot] & STATUS_SEARCH) {
        if (word < mark + t->chance[WIJK_P_STOP_SEARCH]) {
            s->status[slot] &= (uint8_t) ~(STATUS_SEARCH | STATUS_FAR | STATUS_URGENT);
            s->search[slot] = 0;
            tell(here, WIJK_OUT_GAVE_UP_SEARCH, 1);
        }
    } else if (word < mark + foresee_search_chance(here, slot)) {
        s->status[slot] |= STATUS_SEARCH;
        tell(here, WIJK_OUT_BEGAN_SEARCH, 1);
    }
}
