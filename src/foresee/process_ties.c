/* Process 7, ties: they form by nearness, likeness and doing things together, fade, and break at
 * moves.
 * The idea is meeting and mating of networks (Bruggeman 2008; homophily: McPherson et al. 2001,
 * doi:10.1146/annurev.soc.27.1.415; contact: Pettigrew & Tropp 2006). Equations, per month:
 *   attempt = tie_form x (tie_new with under two ties) x part / 96 x place
 *   place   = (1 + (tie_activity - 1) activity / 255) (1 + (tie_task - 1) hours / 10)
 *             x tie_court in a court
 *   with whom: a household of the block with chance tie_block, else of the area
 *   it takes with chance 1 between similar households and 1 / tie_similar between different ones
 *   (low income or not, newcomer or not); a common task takes tie_task_across of that away
 *   fade = tie_fade / 2 for each tie, seen from both ends; contacts away come and go likewise.
 * tie_task, tie_task_across, tie_activity and tie_court are assumed effects, centred on none. */
#include "foresee/run.h"

enum { MILLI = 1000, STAYS = 24, TASK_HOURS = 10000, FORM_MOST = 1 << 16 };

/* A chance that is added up to fifteen times may not pass certainty. */
static uint32_t capped(uint32_t chance)
{
    return chance < UINT32_MAX / 16 ? chance : UINT32_MAX / 16;
}

void foresee_ties_tables(foresee_tables *t, const wijk_parameters *p)
{
    (void)p;
    t->fade = capped(t->chance[WIJK_P_TIE_FADE] / 2);
    t->fade_away = capped(t->chance[WIJK_P_AWAY_FADE]);
    t->form_away = capped(t->chance[WIJK_P_AWAY_FORM]);
    t->form[0] = capped(times(t->chance[WIJK_P_TIE_FORM], t->milli[WIJK_P_TIE_NEW]));
    t->form[1] = capped(t->chance[WIJK_P_TIE_FORM]);
}

/* What is among the homes of a block: a court need not begin at the first door. */
typedef struct {
    int32_t court, mix, streets;
} among;

static among look_at_homes(const uint32_t home[BLOCK])
{
    among out = {0, 0, 0};
    for (int i = 0; i < BLOCK; i++) { /* no ways out, so that it becomes vectors */
        uint32_t label = home[i] >> HOME_LABEL & 7u;
        out.court |= label == WIJK_LABEL_COURT;
        out.mix |= label == WIJK_LABEL_MIX;
        out.streets |= (home[i] & HOME_STREETS) != 0;
    }
    return out;
}

void foresee_ties_block(foresee_here *here, size_t block)
{
    const foresee_tables *t = here->t;
    int64_t court = t->milli[WIJK_P_TIE_COURT];
    int32_t hours = here->lever[WIJK_LEVER_COMMON_TASK];
    among homes = {0, 0, 0};
    if (hours > 0 || here->place->limited || court != MILLI) {
        homes = look_at_homes(here->s->home + block * BLOCK);
    }
    here->mixed = hours > 0 && (homes.mix | homes.court);
    here->task = here->mixed || homes.streets ? hours : 0;
    here->away = here->place->limited && !homes.streets;
    int64_t activity =
        MILLI + (t->milli[WIJK_P_TIE_ACTIVITY] - MILLI) * here->s->activity[block] / 255;
    int64_t task = MILLI + (t->milli[WIJK_P_TIE_TASK] - MILLI) * here->task / TASK_HOURS;
    court = homes.court ? court : MILLI;
    int64_t all = activity * task / MILLI * court / MILLI * 256 / MILLI;
    here->form = (uint32_t)(all < 0 ? 0 : all > FORM_MOST ? FORM_MOST : all);
}

/* 1 when the two belong to different groups: low income or not, newcomer or not. */
int foresee_ties_across(const foresee_state *s, size_t a, size_t b)
{
    int low_a = (s->status[a] & STATUS_INCOME) == WIJK_INCOME_LOW;
    int low_b = (s->status[b] & STATUS_INCOME) == WIJK_INCOME_LOW;
    return low_a != low_b || ((s->needs[a] ^ s->needs[b]) & WIJK_NEED_NEWCOMER) != 0;
}

static void meet(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint32_t bits[4];
    draw4(bits, &here->world, s->id[slot], DRAW_TIE, 0);
    size_t block = slot / BLOCK, with = block * BLOCK + below(bits[1], BLOCK);
    if (bits[0] >= t->chance[WIJK_P_TIE_BLOCK]) {
        /* not in homes that are still to be built: until then a policy changes nothing */
        uint32_t slots = (here->place->used + BLOCK - 1) / BLOCK * BLOCK;
        with = (size_t)here->place->block * BLOCK + below(bits[1], slots);
    }
    if (s->kind[with] == WIJK_NOBODY) {
        return;
    }
    int across = foresee_ties_across(s, slot, with);
    uint32_t takes = UINT32_MAX;
    if (across && t->milli[WIJK_P_TIE_SIMILAR] > MILLI) {
        takes = (uint32_t)((uint64_t)UINT32_MAX * MILLI / (uint64_t)t->milli[WIJK_P_TIE_SIMILAR]);
        int64_t hours = here->task;
        int64_t share = t->milli[WIJK_P_TIE_TASK_ACROSS] *
                        (hours < TASK_HOURS ? hours : TASK_HOURS) / TASK_HOURS;
        takes =
            share < 0 ? times(takes, MILLI + share) : plus(takes, times(UINT32_MAX - takes, share));
    }
    if (s->months[with] < STAYS) {
        takes = times(takes, t->milli[WIJK_P_TIE_STAY]);
    }
    if (bits[2] < takes && foresee_tie_make(s, slot, with)) {
        tell(here, WIJK_OUT_TIES_MADE, 1);
        tell(here, WIJK_OUT_TIES_MADE_ACROSS, across);
    }
}

void foresee_ties(foresee_here *here, size_t slot, uint32_t word)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint8_t contacts = s->contacts[slot];
    unsigned degree = degree_of(contacts), away = away_of(contacts);
    uint64_t mark = (uint64_t)t->fade * degree;
    if (word < mark) {
        uint32_t which = below(draw1(&here->world, s->id[slot], DRAW_TIE, 1), degree);
        foresee_tie_break(s, slot, which);
        tell(here, WIJK_OUT_TIES_FADED, 1);
        return;
    }
    mark += (uint64_t)t->fade_away * away;
    if (word < mark) {
        s->contacts[slot] = (uint8_t)(contacts - 1);
        return;
    }
    mark += away < AWAY_MOST ? (uint64_t)t->form_away * s->part[slot] / PART_MEAN : 0;
    if (word < mark) {
        s->contacts[slot] = (uint8_t)(contacts + 1);
        return;
    }
    if (here->place->area == NO_AREA || degree == TIES) {
        return;
    }
    uint64_t form = (uint64_t)t->form[degree >= FEW_TIES] * s->part[slot] / PART_MEAN;
    mark += form * here->form >> 8;
    if (word < mark) {
        meet(here, slot);
    }
}
