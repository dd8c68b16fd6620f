/* What must always hold, looked at slot by slot: for tests after every month, and for a file that
 * was read back. It says what broke and in which area. */
#include "foresee/run.h"
#include "wijk/err.h"

static int broken(const foresee_run *run, size_t place, const char *nl, const char *en)
{
    int32_t area = run->places[place].area;
    const char *code = area < 0 ? "-" : run->population->areas[area].code;
    return wijk_fail(WIJK_EFORMAT, "%s, maand %u: %s%.0s", "%s, month %u: %.0s%s", code,
                     (unsigned)run->month, nl, en);
}

static int check_empty(const foresee_run *run, size_t place, size_t slot)
{
    const foresee_state *s = &run->state;
    int left = s->age[slot] | s->status[slot] | s->needs[slot] | s->strain[slot] | s->search[slot] |
               s->help[slot] | s->contacts[slot] | s->months[slot] | s->leaver[slot];
    return left == 0 && s->id[slot] == 0
               ? WIJK_OK
               : broken(run, place, "resten van een huishouden in een lege woning",
                        "remains of a household in an empty home");
}

static int check_household(const foresee_run *run, size_t place, size_t slot)
{
    const foresee_state *s = &run->state;
    unsigned composition = composition_of(s->kind[slot]), children = children_of(s->kind[slot]);
    int waits = run->places[place].area == NO_AREA;
    if (composition >= WIJK_COMPOSITIONS || s->age[slot] < 18 || s->age[slot] > AGE_MOST ||
        support_of(s->status[slot]) >= HELPS ||
        foresee_composition(adults_of(composition), children, s->age[slot]) != composition) {
        return broken(run, place, "een huishouden dat niet kan", "a household that cannot be");
    }
    if (waits != (tenure_of(s->home[slot]) == WIJK_NO_HOME)) {
        return broken(run, place, "een huishouden zonder woning in een gebied",
                      "a household without a home in an area");
    }
    if (s->leaver[slot] != 0 && (children == 0 || waits)) {
        return broken(run, place, "een kind dat een woning zoekt en niet bij zijn ouders woont",
                      "a child that looks for a home and does not live with its parents");
    }
    if (waits && !(s->status[slot] & STATUS_SEARCH)) {
        return broken(run, place, "een wachtende die niet zoekt",
                      "somebody waiting who does not look");
    }
    return WIJK_OK;
}

static int check_ties(const foresee_run *run, size_t place, size_t slot)
{
    const foresee_state *s = &run->state;
    const foresee_place *p = &run->places[place];
    size_t first = (size_t)p->block * BLOCK, end = first + (size_t)p->blocks * BLOCK;
    unsigned degree = degree_of(s->contacts[slot]);
    if (degree > TIES) {
        return broken(run, place, "te veel contacten", "too many ties");
    }
    for (unsigned n = 0; n < TIES; n++) {
        int distance = *tie_at(s, slot, n);
        size_t with = (size_t)((ptrdiff_t)slot + distance);
        if ((n < degree) != (distance != 0)) {
            return broken(run, place, "een contact met zichzelf of zonder telling",
                          "a tie with oneself or not counted");
        }
        if (n >= degree) {
            continue;
        }
        int back = 0;
        for (unsigned k = 0; with >= first && with < end && k < TIES; k++) {
            back += *tie_at(s, with, k) == -distance;
        }
        if (back != 1) {
            return broken(run, place, "een contact dat niet wederzijds is",
                          "a tie that is not mutual");
        }
    }
    return WIJK_OK;
}

static int check_place(const foresee_run *run, size_t at)
{
    const foresee_state *s = &run->state;
    const foresee_place *p = &run->places[at];
    uint32_t homes = 0, social = 0, firsts = 0;
    for (size_t slot = (size_t)p->block * BLOCK; slot < (size_t)(p->block + p->blocks) * BLOCK;
         slot++) {
        unsigned tenure = tenure_of(s->home[slot]);
        homes += tenure != WIJK_NO_HOME;
        social += tenure == WIJK_SOCIAL;
        firsts += tenure != WIJK_NO_HOME && label_of(s->home[slot]) == WIJK_LABEL_FIRST;
        int rc = s->kind[slot] == WIJK_NOBODY ? check_empty(run, at, slot)
                                              : check_household(run, at, slot);
        rc = rc == WIJK_OK ? check_ties(run, at, slot) : rc;
        if (rc != WIJK_OK) {
            return rc;
        }
    }
    if (homes != p->homes || social != p->social || firsts != p->firsts) {
        return broken(run, at, "het aantal woningen klopt niet",
                      "the number of homes is not right");
    }
    return WIJK_OK;
}

int wijk_foresee_check(const wijk_foresee *run)
{
    for (size_t at = 0; at < run->n_places; at++) {
        int rc = check_place(run, at);
        if (rc != WIJK_OK) {
            return rc;
        }
    }
    for (size_t i = 0; i < run->n_regions; i++) {
        int64_t households = 0, persons = 0;
        const int64_t *outside = run->outside + i * FORESEE_OUTSIDE;
        for (size_t k = 0; k < FORESEE_OUTSIDE; k++) {
            households += outside[k];
            persons += outside[k] * (int64_t)persons_of((uint8_t)(k / WIJK_INCOMES % KINDS));
        }
        if (households != run->regions[i].outside_households ||
            persons != run->regions[i].outside_persons) {
            return wijk_fail(WIJK_EFORMAT, "%s: de mensen buiten de regio kloppen niet",
                             "%s: the people outside the region do not add up",
                             run->population->regions[i].code);
        }
    }
    return WIJK_OK;
}
