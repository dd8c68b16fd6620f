/* Who leaves its parents. A child that wants a home of its own looks for it from its parents' home:
 * it stands on the list of the region and is no household, and no person less there, until it has
 * found one. The idea is that what statistics call leaving home is the move, not the wish (CBS
 * counts who moved), and that the ages at which it happens hold for a search of the usual length.
 * Equations:
 *   begins   children x m(leave_home) or m(leave_home_late), one of a household at a time; with
 *            chance leave_to_partner it goes at once, to somebody who seeks it too
 *   age      when it goes: 18 to 28, by as many months older as it looked longer than
 *            starter_months, or younger; never under 18
 *   elsewhere m(pool_leave); to a partner m(partnership_24, _34), as who lives alone
 * At the start a child looks with chance b T / (1 + b T), b the chance of a month to begin and T
 * starter_months, and has done so for T months in the mean: what beginning and finding at those
 * chances come to in rest (an alternating renewal process: Cox 1962). */
#include "foresee/run.h"
#include "wijk/exact.h"

enum { YEAR = 12, GROWN = 18, LEAVING_YEARS = 11, LOOKED_MOST = 254, MILLI = 1000 };

void foresee_recompose(const foresee_here *here, size_t slot, unsigned adults, unsigned children)
{
    foresee_state *s = here->s;
    s->kind[slot] = kind_of(foresee_composition(adults, children, s->age[slot]), children);
}

void foresee_alone(foresee_newcomer *out, const foresee_here *here, const foresee_world *since,
                   size_t slot, uint32_t reason, uint32_t nth)
{
    const foresee_state *s = here->s;
    uint32_t bits[4];
    draw4(bits, since, s->id[slot], DRAW_LIFE, nth);
    uint32_t from =
        here->place->area < 0 ? s->home[slot] >> WAIT_AREA : (uint32_t)here->place->area;
    *out = (foresee_newcomer){
        .id = bits[0] | 1u << 31, /* those of the start have the highest bit clear */
        .reason = reason << WAIT_REASON | from << WAIT_AREA,
        .needs = bits[1] < here->t->chance[WIJK_P_MILD_SHARE] ? WIJK_NEED_MILD : 0,
        .strain = s->strain[slot],
        .trust = s->trust[slot],
        .part = part_of(bits[2]),
        .contacts = (uint8_t)(1 + below(bits[3], 4)),
    };
    if (reason == REASON_STARTER && scrambled(bits[3]) < here->region->mental) {
        out->needs |= WIJK_NEED_MENTAL; /* as common as at other ages */
    }
}

/* A child that leaves `late` months later in life than others. Half of them have gone at 23 to 24
 * (CBS). Returns 1 when it leaves for a partner. */
static int starter(foresee_newcomer *out, const foresee_here *here, const foresee_world *since,
                   size_t slot, int late)
{
    uint32_t bits[4];
    draw4(bits, since, here->s->id[slot], DRAW_LIFE, 1);
    foresee_alone(out, here, since, slot, REASON_STARTER, 2);
    int age = (GROWN * YEAR + (int)below(bits[0], LEAVING_YEARS * YEAR) + late) / YEAR;
    out->age = (uint8_t)(age < GROWN ? GROWN : age);
    out->kind = kind_of(foresee_composition(1, 0, out->age), 0);
    uint8_t income = WIJK_INCOME_LOW;
    while (income < WIJK_INCOME_HIGH && bits[1] >= here->region->starter[income]) {
        income++;
    }
    out->status = (uint8_t)(income | STATUS_SEARCH);
    return bits[2] < here->t->chance[WIJK_P_LEAVE_TO_PARTNER];
}

static int usual_months(const foresee_tables *t)
{
    return (int)((t->milli[WIJK_P_STARTER_MONTHS] + MILLI / 2) / MILLI);
}

void foresee_starter_of(foresee_newcomer *out, const foresee_here *here, size_t slot)
{
    foresee_world since = here->world;
    unsigned looked = here->s->leaver[slot] - 1u;
    since.month -= looked; /* who it is was settled when it began to look */
    starter(out, here, &since, slot, (int)looked - usual_months(here->t));
}

void foresee_starter_gone(const foresee_here *here, size_t slot)
{
    const foresee_state *s = here->s;
    s->leaver[slot] = 0;
    foresee_recompose(here, slot, adults_of(composition_of(s->kind[slot])),
                      children_of(s->kind[slot]) - 1);
    tell(here, WIJK_OUT_LEFT_HOME, 1);
}

void foresee_starter_begins(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    foresee_newcomer who;
    if (s->leaver[slot] != 0) {
        return; /* one at a time */
    }
    int to_partner = starter(&who, here, &here->world, slot, 0);
    if (!to_partner && here->place->area != NO_AREA) {
        s->leaver[slot] = 1;
        return;
    }
    who.seeks = (uint8_t)to_partner;
    foresee_send_waiting(here, &who);
    foresee_starter_gone(here, slot);
}

/* A month of looking: it may succeed elsewhere, or meet somebody and go to live with him or her. By
 * the same words of chance as if it lived on its own, so that a policy that houses it sooner or
 * later changes nothing else. */
static void wait(foresee_here *here, size_t slot)
{
    const foresee_tables *t = here->t;
    foresee_newcomer who;
    uint32_t life[4], leave[4];
    foresee_starter_of(&who, here, slot);
    draw4(life, &here->world, who.id, DRAW_SCREEN_A, 0);
    draw4(leave, &here->world, who.id, DRAW_SCREEN_B, 0);
    unsigned of_age = foresee_pair_age(who.age);
    uint64_t below = (uint64_t)t->death[who.age] + t->birth[of_age][WIJK_SINGLE];
    uint64_t meets = below + t->pairs[of_age][WIJK_SINGLE];
    if (life[SCREEN_LIFE] >= below && life[SCREEN_LIFE] < meets) {
        who.seeks = who.listed = 1;
        foresee_send_waiting(here, &who);
        foresee_starter_gone(here, slot);
    } else if (leave[SCREEN_LEAVE - SCREEN_HELP] < t->chance[WIJK_P_POOL_LEAVE]) {
        foresee_outside_add(here->run, here->place->region, who.kind, who.age,
                            who.status & STATUS_INCOME, 1);
        tell(here, WIJK_OUT_GAVE_UP_SEARCH, 1);
        tell(here, WIJK_OUT_TO_OUTSIDE, 1);
        foresee_starter_gone(here, slot);
    }
}

void foresee_starters_wait(foresee_here *here, size_t block)
{
    uint8_t *leaver = here->s->leaver + block * BLOCK;
    uint32_t looks = block_some(leaver, UINT8_MAX);
    for (; looks != 0; looks &= looks - 1) {
        size_t i = (size_t)__builtin_ctz(looks);
        leaver[i] = (uint8_t)(leaver[i] + (leaver[i] <= LOOKED_MOST));
        wait(here, block * BLOCK + i);
    }
}

void foresee_lay_starters(foresee_run *run)
{
    const foresee_state *s = &run->state;
    const foresee_tables *t = run->tables;
    double months = run->parameters->value[WIJK_P_STARTER_MONTHS];
    for (size_t at = 0; at < run->n_places; at++) {
        const foresee_place *place = &run->places[at];
        size_t slot = (size_t)place->block * BLOCK, end = slot + (size_t)place->blocks * BLOCK;
        for (; slot < end && place->area != NO_AREA; slot++) {
            unsigned children = children_of(s->kind[slot]), age = s->age[slot];
            if (children == 0 || age < CHILD_LEAVES_FROM) {
                continue;
            }
            uint32_t bits[4], each = age >= CHILD_LEAVES_LATE ? t->home_late : t->home;
            draw4(bits, &run->world, s->id[slot], DRAW_START, 8);
            double begins = each / 4294967296.0 * children * months *
                            (1 - run->parameters->value[WIJK_P_LEAVE_TO_PARTNER]);
            double looked = -wijk_exact_log(((double)bits[1] + 0.5) * 0x1p-32) * months;
            if (bits[0] < threshold(begins / (1 + begins))) {
                s->leaver[slot] = (uint8_t)(1 + (looked < LOOKED_MOST ? looked : LOOKED_MOST));
            }
        }
    }
}
