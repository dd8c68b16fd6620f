/* What every process may do to a household: empty its slot, send it outside or to the waiting list,
 * count it in its groups. People and homes are kept here: nobody disappears. */
#include "foresee/run.h"
#include "wijk/err.h"

void foresee_here_at(foresee_here *here, foresee_run *run, size_t place)
{
    *here = (foresee_here){
        .run = run,
        .place = &run->places[place],
        .region = &run->regions[run->places[place].region],
        .t = run->tables,
        .s = &run->state,
        .lever = run->levers + place * WIJK_LEVERS,
        .count = foresee_row(run, run->row, place),
        .groups = foresee_group_row(run, run->row, place),
        .outbox = &run->outboxes[run->places[place].chunk],
        .world = run->world,
    };
}

void foresee_tell_groups_of(const foresee_here *here, uint8_t kind, uint8_t status, uint8_t needs,
                            unsigned tenure, wijk_group_outcome outcome)
{
    int32_t *g = here->groups + outcome;
    g[(WIJK_GROUP_LOW + (status & STATUS_INCOME)) * WIJK_GROUP_OUTCOMES]++;
    g[(WIJK_GROUP_SINGLE + composition_of(kind) - 1) * WIJK_GROUP_OUTCOMES]++;
    g[WIJK_GROUP_NEWCOMER * WIJK_GROUP_OUTCOMES] += (needs & WIJK_NEED_NEWCOMER) != 0;
    g[WIJK_GROUP_SOCIAL * WIJK_GROUP_OUTCOMES] += tenure == WIJK_SOCIAL;
}

void foresee_tell_groups(const foresee_here *here, size_t slot, wijk_group_outcome outcome)
{
    const foresee_state *s = here->s;
    foresee_tell_groups_of(here, s->kind[slot], s->status[slot], s->needs[slot],
                           tenure_of(s->home[slot]), outcome);
}

void foresee_fell_empty(const foresee_here *here, size_t slot)
{
    uint32_t *home = &here->s->home[slot];
    if (here->s->kind[slot] != WIJK_NOBODY || !(*home & (HOME_TO_SELL | HOME_TO_FREE))) {
        return;
    }
    int sell = (*home & HOME_TO_SELL) != 0;
    here->place->social--;
    tell(here, sell ? WIJK_OUT_SOLD : WIJK_OUT_LIBERALISED, 1);
    /* no longer new either: who buys it buys what `sold` counts */
    *home &= ~(uint32_t)(HOME_TO_SELL | HOME_TO_FREE | HOME_NEW);
    *home = with_bits(*home, 0, 3, sell ? WIJK_OWNER : WIJK_PRIVATE);
    *home = with_bits(*home, HOME_PRICE, 7, sell ? WIJK_PRICE_SOCIAL : WIJK_PRICE_MIDDLE);
    *home = with_bits(*home, HOME_OWNER, 15, 0);
    *home = with_bits(*home, HOME_LABEL, 7, WIJK_LABEL_NONE);
}

void foresee_vacate(const foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    tell(here, WIJK_OUT_TIES_BROKEN, (int32_t)foresee_tie_break_all(s, slot));
    s->id[slot] = 0;
    s->months[slot] = 0;
    s->kind[slot] = s->age[slot] = s->status[slot] = s->needs[slot] = 0;
    s->strain[slot] = s->search[slot] = s->help[slot] = 0;
    s->trust[slot] = s->part[slot] = s->contacts[slot] = s->leaver[slot] = 0;
    uint32_t *home = &s->home[slot];
    if (tenure_of(*home) == WIJK_NO_HOME) {
        *home = 0;
        return;
    }
    *home = with_bits(*home, HOME_EMPTY, HOME_EMPTY_MOST, 0) & ~(uint32_t)HOME_TASK;
    if (label_of(*home) == WIJK_LABEL_FIRST) {
        *home = with_bits(*home, HOME_LABEL, 7, WIJK_LABEL_NONE);
        here->place->firsts--;
    }
    foresee_fell_empty(here, slot);
}

void foresee_outside_add(foresee_run *run, uint32_t region, uint8_t kind, uint8_t age,
                         unsigned income, int sign)
{
    size_t at = (((size_t)region * WIJK_AGE_BANDS + age_band(age)) * KINDS + kind) * WIJK_INCOMES;
    __atomic_fetch_add(&run->outside[at + income], sign, __ATOMIC_RELAXED);
    __atomic_fetch_add(&run->regions[region].outside_households, sign, __ATOMIC_RELAXED);
    __atomic_fetch_add(&run->regions[region].outside_persons, sign * (int64_t)persons_of(kind),
                       __ATOMIC_RELAXED);
}

void foresee_to_outside(const foresee_here *here, size_t slot)
{
    const foresee_state *s = here->s;
    foresee_outside_add(here->run, here->place->region, s->kind[slot], s->age[slot],
                        s->status[slot] & STATUS_INCOME, 1);
    foresee_vacate(here, slot);
}

void foresee_send_waiting(foresee_here *here, const foresee_newcomer *who)
{
    foresee_outbox *box = here->outbox;
    if (foresee_room((void **)&box->rows, &box->room, box->n, sizeof *box->rows) != WIJK_OK) {
        box->failed = 1;
        return;
    }
    box->rows[box->n++] = *who;
}

void foresee_note(foresee_here *here, int note, size_t slot, uint32_t region)
{
    foresee_outbox *box = here->outbox;
    if (foresee_room((void **)&box->notes[note], &box->note_room[note], box->noted[note],
                     sizeof **box->notes) != WIJK_OK) {
        box->failed = 1;
        return;
    }
    box->notes[note][box->noted[note]++] = (foresee_noted){(uint32_t)slot, region};
}

uint32_t foresee_far_region(const foresee_run *run, uint32_t own, unsigned band, uint32_t id,
                            uint32_t since)
{
    foresee_world world = run->world;
    world.month = since; /* where it looks is settled when it begins to look */
    uint32_t bits[4];
    draw4(bits, &world, id, DRAW_FAR, 0);
    const uint64_t *before = run->come_before + band * (run->n_regions + 1);
    uint64_t own_part = before[own + 1] - before[own], others = before[run->n_regions] - own_part;
    uint64_t mark = (uint64_t)(((unsigned __int128)others * bits[0]) >> 32);
    mark += mark >= before[own] ? own_part : 0;
    size_t low = 0, high = run->n_regions;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (before[middle] <= mark) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}
