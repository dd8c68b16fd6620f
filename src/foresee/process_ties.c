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

/* Hours of common task that the residents of a block have: in mixed blocks, courts and the streets
 * that residents' work is meant for. */
static int32_t task_hours(foresee_here *here, size_t block)
{
    int32_t hours = here->lever[WIJK_LEVER_COMMON_TASK];
    int chosen = 0;
    here->mixed = 0;
    for (size_t slot = block * BLOCK; hours > 0 && slot < (block + 1) * BLOCK; slot++) {
        uint32_t home = here->s->home[slot];
        unsigned label = label_of(home);
        here->mixed |= label == WIJK_LABEL_MIX || label == WIJK_LABEL_COURT;
        chosen |= (home & HOME_STREETS) != 0;
    }
    return here->mixed || chosen ? hours : 0;
}

/* 1 when residents' work is meant for some streets and none of these is in this block. */
static int is_away(const foresee_here *here, size_t block)
{
    int away = here->place->limited;
    for (size_t slot = block * BLOCK; away && slot < (block + 1) * BLOCK; slot++) {
        away = (here->s->home[slot] & HOME_STREETS) == 0;
    }
    return away;
}

/* 1 when homes of this block are a court; it need not begin at the first door. */
static int is_court(const foresee_here *here, size_t block)
{
    const uint32_t *home = here->s->home + block * BLOCK;
    int any = 0;
    for (int i = 0; i < BLOCK; i++) {
        any |= label_of(home[i]) == WIJK_LABEL_COURT;
    }
    return any;
}

void foresee_ties_block(foresee_here *here, size_t block)
{
    const foresee_tables *t = here->t;
    here->task = task_hours(here, block);
    here->away = is_away(here, block);
    int64_t activity =
        MILLI + (t->milli[WIJK_P_TIE_ACTIVITY] - MILLI) * here->s->activity[block] / 255;
    int64_t task = MILLI + (t->milli[WIJK_P_TIE_TASK] - MILLI) * here->task / TASK_HOURS;
    int64_t court = t->milli[WIJK_P_TIE_COURT];
    court = court != MILLI && is_court(here, block) ? court : MILLI;
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
