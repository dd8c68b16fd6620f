/* Process 1, life: ageing, births, partnership, separation, leaving home, death, income class.
 * The idea is that of every demographic microsimulation: competing monthly chances by age and
 * composition (SOCSIM, Hammel et al. 1976; Gompertz 1825 for death). A household keeps one
 * reference person; partners are of one age. Equations: with p the chances of the dictionary and
 * m(p) the monthly chance, an event k happens when the word falls in its part of [0, sum of
 * chances):
 *   death      adults x m(death_80) x death_growth^(age - 80)
 *   care home  m(care_home), frail and 80 or over; of a couple 2 x care_partner x m(care_home)
 *   birth      m(birth_...) of couples, families and singles of 25 to 34; couples under 25 birth_24
 *              times that, couples and families of 35 to 44 birth_couple_44 and birth_family_44
 *              times; none with seven children at home
 *   partner    m(partnership_24, _34 or _64), single or one-parent under 25, 35 and 65: pairs are
 *              made in process 6
 *   separation m(separation_34 or _64), couple or family under 35 and 65
 *   leaving    children x m(leave_home), reference person 45 to 54; m(leave_home_late) from 55:
 *              a child begins to look for a home of its own; see starters.c */
#include "foresee/run.h"

void foresee_life_tables(foresee_tables *t, const wijk_parameters *p)
{
    double growth = p->value[WIJK_P_DEATH_GROWTH], year = p->value[WIJK_P_DEATH_80];
    for (int age = OLD; age < AGES; age++) {
        t->death[age] = threshold(foresee_monthly(year));
        year *= growth;
    }
    year = p->value[WIJK_P_DEATH_80];
    for (int age = OLD; age >= 0; age--) {
        t->death[age] = threshold(foresee_monthly(year));
        year = growth > 0 ? year / growth : year;
    }
    t->care[0] = t->chance[WIJK_P_CARE_HOME];
    t->care[1] = times(t->care[0], t->milli[WIJK_P_CARE_PARTNER]);
    uint32_t most_care = t->care[0] > t->care[1] ? t->care[0] : t->care[1];
    for (int age = 0; age < AGES; age++) {
        t->goes[age] = age < OLD ? t->death[age] : plus(t->death[age], most_care);
    }
    for (int of_age = 0; of_age < PAIR_AGES; of_age++) {
        uint32_t *birth = t->birth[of_age];
        birth[WIJK_COUPLE] = t->chance[WIJK_P_BIRTH_COUPLE];
        birth[WIJK_FAMILY] = t->chance[WIJK_P_BIRTH_FAMILY];
        birth[WIJK_SINGLE] = t->chance[WIJK_P_BIRTH_SINGLE];
    }
    uint32_t *youngest = t->birth[0], *old = t->birth[PAIR_AGES - 1];
    youngest[WIJK_COUPLE] = times(youngest[WIJK_COUPLE], t->milli[WIJK_P_BIRTH_24]);
    old[WIJK_COUPLE] = times(old[WIJK_COUPLE], t->milli[WIJK_P_BIRTH_COUPLE_44]);
    old[WIJK_FAMILY] = times(old[WIJK_FAMILY], t->milli[WIJK_P_BIRTH_FAMILY_44]);
    static const wijk_parameter forms[] = {WIJK_P_PARTNERSHIP_24, WIJK_P_PARTNERSHIP_34,
                                           WIJK_P_PARTNERSHIP_64};
    static const wijk_parameter parts[] = {WIJK_P_SEPARATION_34, WIJK_P_SEPARATION_34,
                                           WIJK_P_SEPARATION_64};
    for (int of_age = 0; of_age < PAIR_AGES; of_age++) {
        uint32_t *pairs = t->pairs[of_age];
        pairs[WIJK_SINGLE] = pairs[WIJK_ONE_PARENT] = t->chance[forms[of_age]];
        pairs[WIJK_COUPLE] = pairs[WIJK_FAMILY] = t->chance[parts[of_age]];
    }
    double back = p->value[WIJK_P_TRUST_BACK];
    t->trust_back = (int32_t)((back < 0 ? 0 : back > 1 ? 1 : back) * 1024);
    /* Seven children may not add up to more than certainty. */
    uint32_t most = UINT32_MAX / (CHILDREN_MOST + 1);
    uint32_t early = t->chance[WIJK_P_LEAVE_HOME], late = t->chance[WIJK_P_LEAVE_HOME_LATE];
    t->home = early < most ? early : most;
    t->home_late = late < most ? late : most;
}

/* One adult less. With children and nobody left the eldest child takes over the home. */
static void lose_adult(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    unsigned adults = adults_of(composition_of(s->kind[slot])),
             children = children_of(s->kind[slot]);
    if (adults == 2) {
        foresee_recompose(here, slot, 1, children);
    } else if (children > 0) {
        s->age[slot] = 18;
        s->leaver[slot] = 0;
        foresee_recompose(here, slot, 1, children - 1);
    } else {
        foresee_vacate(here, slot);
    }
}

/* Two incomes become one each: either half may fall a class. */
static void separate(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    uint32_t bits[4], falls = here->t->chance[WIJK_P_SEPARATION_FALL];
    draw4(bits, &here->world, s->id[slot], DRAW_LIFE, 4);
    uint8_t income = s->status[slot] & STATUS_INCOME;
    foresee_newcomer who;
    foresee_alone(&who, here, &here->world, slot, REASON_SEPARATED, 3);
    who.age = s->age[slot];
    who.kind = kind_of(foresee_composition(1, 0, who.age), 0);
    who.status = (uint8_t)((income - (income > 0 && bits[0] < falls)) | STATUS_SEARCH);
    who.needs |= s->needs[slot] & WIJK_NEED_DEBT;
    foresee_send_waiting(here, &who);
    s->status[slot] = (uint8_t)(s->status[slot] - (income > 0 && bits[1] < falls));
    foresee_recompose(here, slot, 1, children_of(s->kind[slot]));
    tell(here, WIJK_OUT_SEPARATIONS, 1);
}

void foresee_life(foresee_here *here, size_t slot, uint32_t word)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    unsigned composition = composition_of(s->kind[slot]), age = s->age[slot];
    unsigned children = children_of(s->kind[slot]);
    uint64_t mark = (uint64_t)t->death[age] * adults_of(composition);
    if (word < mark) {
        tell(here, WIJK_OUT_DEATHS, 1);
        lose_adult(here, slot);
        return;
    }
    int in_need = age >= OLD && s->needs[slot] & WIJK_NEED_FRAIL;
    unsigned adults = adults_of(composition);
    mark += in_need ? (uint64_t)t->care[adults == 2] * adults : 0;
    if (word < mark) {
        tell(here, WIJK_OUT_TO_CARE_HOME, 1);
        lose_adult(here, slot);
        return;
    }
    mark += age < FERTILE_UNTIL && children < CHILDREN_MOST
                ? t->birth[foresee_pair_age(age)][composition]
                : 0;
    if (word < mark) {
        tell(here, WIJK_OUT_BIRTHS, 1);
        foresee_recompose(here, slot, adults_of(composition), children + 1);
        return;
    }
    mark += age < OLDER ? t->pairs[foresee_pair_age(age)][composition] : 0;
    if (word < mark) {
        if (adults_of(composition) == 1) {
            foresee_note(here, NOTE_SEEKS, slot, 0);
        } else {
            separate(here, slot);
        }
        return;
    }
    uint64_t leaves = age >= CHILD_LEAVES_LATE ? t->home_late : t->home;
    mark += age >= CHILD_LEAVES_FROM ? leaves * children : 0;
    if (word < mark) {
        foresee_starter_begins(here, slot);
    }
}

/* Once a year, in the month of its birthday: perhaps another composition by age or income class.
 * Age itself and trust, which comes back to what is usual, went on in the screen. */
void foresee_birthday(foresee_here *here, size_t slot, uint32_t word)
{
    foresee_state *s = here->s;
    unsigned composition = composition_of(s->kind[slot]);
    foresee_recompose(here, slot, adults_of(composition), children_of(s->kind[slot]));
    unsigned income = s->status[slot] & STATUS_INCOME, band = age_band(s->age[slot]);
    const foresee_region *region = &here->run->regions[here->place->region];
    unsigned adults = adults_of(composition) - 1;
    uint32_t up = region->up[band][adults][income], down = region->down[band][adults][income];
    uint32_t half = word << 16; /* the lower half of the word: the upper one was noise */
    if (half < up) {
        s->status[slot]++;
        tell(here, WIJK_OUT_INCOME_UP, 1);
    } else if (half < plus(up, down)) {
        s->status[slot]--;
        tell(here, WIJK_OUT_INCOME_DOWN, 1);
    }
}
