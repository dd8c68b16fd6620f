/* The two sides of a region's market, month by month: who comes to the waiting list, who forms a
 * couple, who looks for a home, which homes stand empty, who comes from outside; and the move
 * itself, by which the number of households and of homes is kept. */
#include "foresee/allot.h"
#include "foresee/sort.h"
#include "wijk/err.h"
#include "wijk/mem.h"

#include <string.h>

enum {
    MILLI = 1000,
    TRIES = 8,
    AGE_GAP = 10,
    REGION_NUMBER = 0x7F000000,
    CANDIDATES_MOST = 1 << 24,
    OWED_MONTHS = 3,   /* who could not come for so long stays away */
    SMOOTH_MONTHS = 12 /* over which what is freed and who asks for it are known */
};

int foresee_room(void **rows, size_t *room, size_t n, size_t size)
{
    if (n < *room) {
        return WIJK_OK;
    }
    size_t more = *room < 64 ? 64 : *room * 2;
    void *grown = wijk_realloc(*rows, more * size);
    if (grown == NULL) {
        return WIJK_ENOMEM;
    }
    *rows = grown;
    *room = more;
    return WIJK_OK;
}

/* ---- moving ------------------------------------------------------------ */

void foresee_settle(const foresee_here *here, size_t slot, const foresee_newcomer *who)
{
    foresee_state *s = here->s;
    s->id[slot] = who->id;
    s->kind[slot] = who->kind;
    s->age[slot] = who->age;
    s->status[slot] = who->status;
    s->needs[slot] = who->needs;
    s->strain[slot] = who->strain;
    s->trust[slot] = who->trust;
    s->part[slot] = who->part;
    s->contacts[slot] = who->contacts & 15;
    s->months[slot] = 0;
    s->search[slot] = 0;
    s->help[slot] = 0;
    s->leaver[slot] = 0;
    s->home[slot] =
        tenure_of(s->home[slot]) != WIJK_NO_HOME
            ? with_bits(s->home[slot], HOME_EMPTY, HOME_EMPTY_MOST, 0) & ~(uint32_t)HOME_NEW
            : who->reason;
}

void foresee_move_household(const foresee_here *from, size_t from_slot, const foresee_here *to,
                            size_t to_slot)
{
    const foresee_state *s = from->s;
    foresee_newcomer who = {
        .id = s->id[from_slot],
        .kind = s->kind[from_slot],
        .age = s->age[from_slot],
        .status = s->status[from_slot] & (STATUS_INCOME | STATUS_SUPPORT_BITS),
        .needs = s->needs[from_slot] & NEED_ALL, /* arrears and judgment are of the old home */
        .strain = s->strain[from_slot],
        .trust = s->trust[from_slot],
        .part = s->part[from_slot],
        .contacts = s->contacts[from_slot],
    };
    uint8_t help = s->help[from_slot], leaver = s->leaver[from_slot];
    tell(to, WIJK_OUT_PERSONS_MOVED, (int32_t)persons_of(who.kind));
    if (from->place == to->place) {
        tell(to, WIJK_OUT_MOVED_IN_AREA, 1);
    } else {
        tell(from, WIJK_OUT_MOVED_OUT, 1);
        foresee_tell_groups(from, from_slot, WIJK_GOUT_MOVED_OUT);
    }
    foresee_vacate(from, from_slot);
    foresee_settle(to, to_slot, &who);
    to->s->help[to_slot] = help;
    to->s->leaver[to_slot] = leaver;
    if (from->place != to->place) {
        tell(to, WIJK_OUT_MOVED_IN, 1);
        foresee_tell_groups(to, to_slot, WIJK_GOUT_MOVED_IN);
    }
}

void foresee_move_far(foresee_run *run, size_t region)
{
    const foresee_moves *moves = &run->moves[region];
    for (size_t i = 0; i < moves->n; i++) {
        foresee_here from, to;
        foresee_here_at(&from, run, foresee_place_of(run, moves->rows[i].from));
        foresee_here_at(&to, run, foresee_place_of(run, moves->rows[i].to));
        foresee_move_household(&from, moves->rows[i].from, &to, moves->rows[i].to);
    }
}

/* ---- the waiting list -------------------------------------------------- */

/* Puts a household in the next free slot of the waiting list; a full list sends it outside. */
static void wait(foresee_here *pool, size_t *next, const foresee_newcomer *who)
{
    foresee_state *s = pool->s;
    size_t end = (size_t)(pool->place->block + pool->place->blocks) * BLOCK;
    while (*next < end && s->kind[*next] != WIJK_NOBODY) {
        ++*next;
    }
    if (*next == end) {
        foresee_outside_add(pool->run, pool->place->region, who->kind, who->age,
                            who->status & STATUS_INCOME, 1);
        tell(pool, WIJK_OUT_TO_OUTSIDE, 1);
        return;
    }
    foresee_settle(pool, *next, who);
    if (who->seeks) {
        foresee_note(pool, NOTE_SEEKS, *next, 0);
    }
}

static uint32_t share_with_debt(const foresee_here *here, unsigned income)
{
    uint64_t in = here->region->debt_onset[income], out = here->t->chance[WIJK_P_DEBT_END];
    return in + out > 0 ? (uint32_t)(in * UINT32_MAX / (in + out)) : 0;
}

/* Needs of a household from elsewhere: as common as they are when in- and outflow balance. */
static uint8_t common_needs(const foresee_here *here, const uint32_t bits[4], unsigned income,
                            unsigned age)
{
    const foresee_tables *t = here->t;
    uint32_t frail = age < 65 ? 0 : age < 80 ? UINT32_MAX / 5 : UINT32_MAX / 2;
    return (uint8_t)((bits[0] < share_with_debt(here, income) ? WIJK_NEED_DEBT : 0) |
                     (bits[1] < here->region->mental ? WIJK_NEED_MENTAL : 0) |
                     (bits[2] < t->chance[WIJK_P_MILD_SHARE] ? WIJK_NEED_MILD : 0) |
                     (bits[3] < frail ? WIJK_NEED_FRAIL : 0));
}

/* Households with a task: newcomers with a permit, leavers of mental care, youth care and shelter.
 * `known` is WAIT_KNOWN for who would be in shelter without the policy too, else 0. */
static void task_household(foresee_here *pool, size_t *next, unsigned reason, uint32_t nth,
                           uint32_t known)
{
    const foresee_tables *t = pool->t;
    uint32_t bits[4], needs[4];
    uint32_t who_number = REGION_NUMBER + pool->place->region;
    draw4(bits, &pool->world, who_number, DRAW_ARRIVE, reason << 20 | nth << 1);
    draw4(needs, &pool->world, who_number, DRAW_ARRIVE, reason << 20 | nth << 1 | 1);
    unsigned adults = 1, children = 0;
    uint8_t age = (uint8_t)(22 + below(bits[0], 34));
    if (reason == REASON_NEWCOMER && below(bits[1], 100) < 40) { /* four in ten come as a family */
        adults = below(bits[1], 100) < 30 ? 2 : 1;
        children = 1 + below(bits[2], 3);
    }
    age = reason == REASON_YOUTH ? (uint8_t)(18 + below(bits[0], 5)) : age;
    uint8_t flags = common_needs(pool, needs, WIJK_INCOME_LOW, age);
    if (reason == REASON_NEWCOMER) {
        flags = WIJK_NEED_NEWCOMER;
    } else if (reason == REASON_MENTAL && needs[3] < t->chance[WIJK_P_TASK_MENTAL]) {
        flags |= WIJK_NEED_MENTAL;
    } else if (reason == REASON_SHELTER) {
        flags |= needs[3] < t->chance[WIJK_P_TASK_DEBT] ? WIJK_NEED_DEBT : 0;
        flags |= NEED_HOMELESS;
    }
    foresee_newcomer who = {
        .id = bits[3] | 1u << 31,
        .reason = reason << WAIT_REASON | known | WAIT_NOWHERE << WAIT_AREA,
        .kind = kind_of(foresee_composition(adults, children, age), children),
        .age = age,
        .status = WIJK_INCOME_LOW | STATUS_SEARCH | STATUS_URGENT,
        .needs = flags,
        .strain = t->strained,
        .trust = 128,
        .part = part_of(bits[2]),
        .contacts = (uint8_t)(reason == REASON_NEWCOMER ? 0 : 1),
    };
    foresee_outside_add(pool->run, pool->place->region, who.kind, who.age, WIJK_INCOME_LOW, -1);
    tell(pool, WIJK_OUT_FROM_OUTSIDE, 1);
    wait(pool, next, &who);
}

/* Returns how many there were. */
static uint32_t tasks(foresee_here *pool, size_t *next)
{
    static const struct {
        unsigned reason;
        wijk_lever lever;
    } outflow[] = {{REASON_MENTAL, WIJK_LEVER_OUTFLOW_MENTAL},
                   {REASON_YOUTH, WIJK_LEVER_OUTFLOW_YOUTH},
                   {REASON_SHELTER, WIJK_LEVER_OUTFLOW_SHELTER}};
    foresee_run *run = pool->run;
    foresee_region *r = pool->region;
    int64_t asked[3] = {0}, firsts = 0, homes = 0;
    uint32_t sum = 0;
    for (uint32_t i = 0; i + 1 < r->places; i++) {
        uint32_t place = r->first_place + i;
        const int32_t *lever = run->levers + (size_t)place * WIJK_LEVERS;
        for (int k = 0; k < 3; k++) {
            asked[k] += (int64_t)run->places[place].homes * lever[outflow[k].lever];
        }
        firsts += (int64_t)run->places[place].homes * lever[WIJK_LEVER_HOUSING_FIRST];
        homes += run->places[place].homes;
    }
    for (int k = 0; k < 3; k++) { /* per 1,000 homes a year, in thousandths */
        const int64_t month = (int64_t)MILLI * MILLI * 12;
        uint32_t n = foresee_pieces(pool, asked[k], month, 16 + (uint32_t)k), usual = n;
        if (outflow[k].reason == REASON_SHELTER) {
            int64_t nothing = (int64_t)(wijk_lever_get(outflow[k].lever)->nothing * MILLI + 0.5);
            usual = foresee_pieces(pool, homes * nothing, month, 16 + (uint32_t)k);
        }
        for (uint32_t i = 0; i < n; i++) {
            task_household(pool, next, outflow[k].reason, i, i < usual ? 0 : WAIT_KNOWN);
        }
        sum += n;
    }
    r->firsts += foresee_pieces(pool, firsts, (int64_t)MILLI * MILLI * 12, 19);
    /* The permit holders' task: a share of the lets of the region, as its first area is told. */
    const int32_t *lever = run->levers + (size_t)r->first_place * WIJK_LEVERS;
    uint32_t n = foresee_pieces(pool, (int64_t)r->pace * lever[WIJK_LEVER_NEWCOMER_TASK],
                                (int64_t)256 * PERCENT, 20);
    for (uint32_t i = 0; i < n; i++) {
        task_household(pool, next, REASON_NEWCOMER, i, 0);
    }
    return sum + n;
}

/* ---- couples ----------------------------------------------------------- */

static int alone(const foresee_state *s, size_t slot)
{
    unsigned composition = composition_of(s->kind[slot]);
    int far = (s->status[slot] & STATUS_FAR) != 0; /* on its way: another region may move it */
    return !far && (composition == WIJK_SINGLE || composition == WIJK_ONE_PARENT);
}

/* b moves in with a; whoever has a home, and else the larger one, keeps it. Returns 1 when who
 * moved in had been waiting for a home of its own. */
static int join(foresee_run *run, size_t a, size_t b)
{
    foresee_state *s = &run->state;
    unsigned tenure_a = tenure_of(s->home[a]), tenure_b = tenure_of(s->home[b]);
    int worth_a = tenure_a == WIJK_NO_HOME ? -1 : (int)size_of(s->home[a]);
    int worth_b = tenure_b == WIJK_NO_HOME ? -1 : (int)size_of(s->home[b]);
    if (worth_b > worth_a) {
        size_t swap = a;
        a = b;
        b = swap;
    }
    foresee_here stays, goes;
    foresee_here_at(&stays, run, foresee_place_of(run, a));
    foresee_here_at(&goes, run, foresee_place_of(run, b));
    unsigned children = children_of(s->kind[a]) + children_of(s->kind[b]);
    unsigned income_a = s->status[a] & STATUS_INCOME, income_b = s->status[b] & STATUS_INCOME;
    s->kind[a] = kind_of(foresee_composition(2, children, s->age[a]), children);
    s->needs[a] = (uint8_t)(s->needs[a] | (s->needs[b] & NEED_ALL));
    unsigned income = income_a > income_b ? income_a : income_b;
    uint32_t rises = draw1(&stays.world, s->id[a], DRAW_LIFE, 6);
    income += income < WIJK_INCOME_HIGH && rises < stays.t->chance[WIJK_P_PARTNER_RISE];
    s->status[a] = (uint8_t)((s->status[a] & ~STATUS_INCOME) | income);
    s->strain[a] = (uint8_t)((s->strain[a] + s->strain[b] + 1) / 2);
    s->leaver[a] = s->leaver[a] > s->leaver[b] ? s->leaver[a] : s->leaver[b];
    tell(&stays, WIJK_OUT_PARTNERSHIPS, 1);
    if (tenure_of(s->home[a]) != WIJK_NO_HOME) {
        tell(&stays, WIJK_OUT_PERSONS_MOVED, (int32_t)persons_of(s->kind[b]));
    }
    int waited = tenure_of(s->home[b]) == WIJK_NO_HOME;
    foresee_vacate(&goes, b);
    return waited;
}

/* `waited`: how many need no home of their own any more. */
static int couples(uint32_t *waited, foresee_run *run, const foresee_region *r, foresee_market *m)
{
    const foresee_state *s = &run->state;
    size_t n = 0;
    *waited = 0;
    for (uint32_t c = r->first_chunk; c < r->first_chunk + r->chunks; c++) {
        const foresee_outbox *box = &run->outboxes[c];
        if (m->keys_room < 2 * (n + box->noted[NOTE_SEEKS])) {
            size_t more = 4 * (n + box->noted[NOTE_SEEKS]);
            uint64_t *keys = wijk_realloc(m->keys, more * sizeof *keys);
            if (keys == NULL) {
                return WIJK_ENOMEM;
            }
            m->keys = keys;
            m->keys_room = more;
        }
        for (size_t i = 0; i < box->noted[NOTE_SEEKS]; i++) {
            size_t slot = box->notes[NOTE_SEEKS][i].slot;
            if (alone(s, slot)) { /* like seeks like: of about one age and income */
                uint64_t like =
                    (uint64_t)(s->age[slot] / 5) << 2 | (s->status[slot] & STATUS_INCOME);
                uint64_t order = like << 24 | scrambled(s->id[slot]) >> 8;
                m->keys[n++] = order << 32 | slot;
            }
        }
    }
    if (n < 2) { /* nobody to seek, and perhaps no list at all */
        return WIJK_OK;
    }
    foresee_sort(m->keys, m->keys + n, n, 32);
    size_t seekers = 0;
    for (size_t i = 0; i < n; i++) { /* a place on the waiting list may have been noted twice */
        if (seekers == 0 || m->keys[i] != m->keys[seekers - 1]) {
            m->keys[seekers++] = m->keys[i];
        }
    }
    for (size_t i = 0; i + 1 < seekers; i++) {
        size_t a = (uint32_t)m->keys[i], b = (uint32_t)m->keys[i + 1];
        int gap = s->age[a] - s->age[b];
        if (gap <= AGE_GAP && gap >= -AGE_GAP &&
            children_of(s->kind[a]) + children_of(s->kind[b]) <= CHILDREN_MOST) {
            *waited += (uint32_t)join(run, a, b);
            i++;
        }
    }
    return WIJK_OK;
}

/* ---- who looks, and what is empty -------------------------------------- */

void foresee_candidate_of(foresee_candidate *out, const foresee_run *run, size_t slot,
                          uint32_t place)
{
    const foresee_state *s = &run->state;
    uint32_t home = s->home[slot], from = place;
    unsigned tenure = tenure_of(home);
    if (tenure == WIJK_NO_HOME) {
        uint32_t area = home >> WAIT_AREA;
        from = area < run->population->n_areas ? run->area_place[area] : UINT32_MAX;
    }
    *out = (foresee_candidate){
        .slot = (uint32_t)slot,
        .id = s->id[slot],
        .order = turn_of(&run->world, s->id[slot]),
        .place = from,
        .age = s->age[slot],
        .kind = s->kind[slot],
        .status = s->status[slot],
        .needs = s->needs[slot],
        .search = s->search[slot],
        .strain = s->strain[slot],
        .tenure = (uint8_t)tenure,
        .reason = (uint8_t)(tenure == WIJK_NO_HOME ? home >> WAIT_REASON & 7u : 0),
        .class = foresee_class(s->kind[slot], s->status[slot] & STATUS_INCOME, tenure),
        .persons = (uint8_t)persons_of(s->kind[slot]),
        .far = place == UINT32_MAX,
    };
}

/* Room for one more, counted in; NULL when memory ran out. */
static foresee_candidate *add_candidate(foresee_market *m, uint8_t kind, uint8_t age)
{
    if (foresee_room((void **)&m->candidates, &m->room, m->n, sizeof *m->candidates) != WIJK_OK) {
        return NULL;
    }
    m->kinds[foresee_taste_kind(kind, age)]++;
    return &m->candidates[m->n++];
}

static int add_vacant(foresee_here *here, foresee_market *m, size_t slot)
{
    uint32_t *home = &here->s->home[slot];
    unsigned tenure = tenure_of(*home), empty = empty_of(*home);
    int rc = foresee_room((void **)&m->vacant, &m->vacant_room, m->n_vacant, sizeof *m->vacant);
    if (rc != WIJK_OK) {
        return rc;
    }
    empty += empty < HOME_EMPTY_MOST;
    m->empty++;
    *home = with_bits(*home, HOME_EMPTY, HOME_EMPTY_MOST, empty);
    static const wijk_outcome waits[2][2] = {
        /* [new][social] */
        {WIJK_OUT_EMPTY_MONTHS_OTHER, WIJK_OUT_EMPTY_MONTHS_SOCIAL},
        {WIJK_OUT_EMPTY_MONTHS_FIRST_OTHER, WIJK_OUT_EMPTY_MONTHS_FIRST}};
    tell(here, waits[(*home & HOME_NEW) != 0][tenure == WIJK_SOCIAL], 1);
    if ((int64_t)empty * MILLI >= here->t->milli[WIJK_P_REPAIR_MONTHS]) {
        m->vacant[m->n_vacant++] = (uint32_t)slot;
    }
    return WIJK_OK;
}

/* A child that looks from its parents' home, where it has stood on the list since it began. */
static int add_starter(foresee_here *here, foresee_market *m, uint32_t at, size_t slot)
{
    foresee_newcomer who;
    foresee_starter_of(&who, here, slot);
    foresee_candidate *c = add_candidate(m, who.kind, who.age);
    if (c == NULL) {
        return WIJK_ENOMEM;
    }
    m->begun += here->s->leaver[slot] == 1;
    *c = (foresee_candidate){
        .slot = (uint32_t)slot,
        .id = who.id,
        .order = turn_of(&here->world, who.id),
        .place = at,
        .parents = here->s->id[slot],
        .age = who.age,
        .kind = who.kind,
        .status = who.status,
        .needs = who.needs,
        .search = (uint8_t)(here->s->leaver[slot] - 1),
        .strain = who.strain,
        .tenure = WIJK_NO_HOME,
        .reason = REASON_STARTER,
        .class = foresee_class(who.kind, who.status & STATUS_INCOME, WIJK_NO_HOME),
        .persons = 1,
        .at_home = 1,
    };
    return WIJK_OK;
}

/* Demand and supply of one place. Most slots are neither: look at a block at once. */
static int list_place(foresee_run *run, foresee_market *m, uint32_t at)
{
    foresee_here here;
    foresee_here_at(&here, run, at);
    const foresee_state *s = here.s;
    int rc = WIJK_OK;
    for (size_t block = here.place->block; block < here.place->block + here.place->blocks;
         block++) {
        const uint8_t *status = s->status + block * BLOCK;
        uint32_t look = block_some(status, STATUS_SEARCH) & ~block_some(status, STATUS_FAR);
        uint32_t nobody = ~block_some(s->kind + block * BLOCK, UINT8_MAX);
        for (uint32_t left = look | nobody; left != 0 && rc == WIJK_OK; left &= left - 1) {
            size_t slot = block * BLOCK + (size_t)__builtin_ctz(left);
            if (look & left & -left) {
                foresee_candidate *c = add_candidate(m, s->kind[slot], s->age[slot]);
                if (c == NULL) {
                    return WIJK_ENOMEM;
                }
                foresee_candidate_of(c, run, slot, at);
            } else if (s->home[slot] & HOME_TENURE && !(s->home[slot] & HOME_IDLE)) {
                rc = add_vacant(&here, m, slot);
            }
        }
        uint32_t leavers = block_some(s->leaver + block * BLOCK, UINT8_MAX);
        for (; leavers != 0 && rc == WIJK_OK; leavers &= leavers - 1) {
            rc = add_starter(&here, m, at, block * BLOCK + (size_t)__builtin_ctz(leavers));
        }
    }
    return rc;
}

/* What is listed of one chunk, behind what was listed before it. */
static int append(foresee_market *m, const foresee_market *part)
{
    int rc = WIJK_OK;
    while (rc == WIJK_OK && m->room < m->n + part->n) {
        rc = foresee_room((void **)&m->candidates, &m->room, m->room, sizeof *m->candidates);
    }
    while (rc == WIJK_OK && m->vacant_room < m->n_vacant + part->n_vacant) {
        rc = foresee_room((void **)&m->vacant, &m->vacant_room, m->vacant_room, sizeof *m->vacant);
    }
    if (rc != WIJK_OK || part->n + part->empty == 0) {
        return rc;
    }
    if (part->n > 0) { /* a list that never held anything has no array */
        memcpy(m->candidates + m->n, part->candidates, part->n * sizeof *m->candidates);
    }
    if (part->n_vacant > 0) {
        memcpy(m->vacant + m->n_vacant, part->vacant, part->n_vacant * sizeof *m->vacant);
    }
    m->n += part->n;
    m->n_vacant += part->n_vacant;
    m->empty += part->empty;
    m->begun += part->begun;
    for (int k = 0; k < TASTE_KINDS; k++) {
        m->kinds[k] += part->kinds[k];
    }
    return WIJK_OK;
}

static void clear(foresee_market *m)
{
    m->n = m->n_vacant = m->empty = m->fills = m->begun = 0;
    memset(m->kinds, 0, sizeof m->kinds);
}

typedef struct {
    foresee_run *run;
    uint32_t first; /* chunk of the region */
} listing;

static int list_chunk(void *payload, size_t index, unsigned worker)
{
    const listing *l = payload;
    foresee_run *run = l->run;
    size_t chunk = l->first + index;
    (void)worker;
    int rc = WIJK_OK;
    clear(&run->parts[chunk]);
    for (uint32_t at = run->chunk_places[chunk]; !rc && at < run->chunk_places[chunk + 1]; at++) {
        rc = list_place(run, &run->parts[chunk], at);
    }
    return rc;
}

/* Demand and supply of the region, in the order of its places. */
static int list_region(foresee_run *run, const foresee_region *r, foresee_market *m)
{
    int rc = WIJK_OK;
    clear(m);
    if (!foresee_by_crew(run)) {
        for (uint32_t i = 0; rc == WIJK_OK && i < r->places; i++) {
            rc = list_place(run, m, r->first_place + i);
        }
        return rc;
    }
    listing l = {run, r->first_chunk};
    rc = wijk_crew_loop(run->crew, r->chunks, list_chunk, &l, NULL);
    for (uint32_t i = 0; rc == WIJK_OK && i < r->chunks; i++) {
        rc = append(m, &run->parts[r->first_chunk + i]);
    }
    return rc;
}

static int make_room(foresee_market *m)
{
    size_t most = m->n > m->n_vacant ? m->n : m->n_vacant;
    if (m->keys_room >= SORTS * 2 * most && m->list[0] != NULL && m->list_room >= most) {
        return WIJK_OK;
    }
    size_t more = most + most / 2 + 64;
    uint64_t *keys = wijk_realloc(m->keys, SORTS * 2 * more * sizeof *keys);
    if (keys == NULL) {
        return WIJK_ENOMEM;
    }
    m->keys = keys;
    m->keys_room = SORTS * 2 * more;
    for (int l = 0; l < LISTS; l++) {
        uint32_t *list = wijk_realloc(m->list[l], more * sizeof *list);
        if (list == NULL) {
            return WIJK_ENOMEM;
        }
        m->list[l] = list;
        foresee_sieve *sieve = wijk_realloc(m->sieve[l], (more / SIEVE + 1) * sizeof *sieve);
        if (sieve == NULL) {
            return WIJK_ENOMEM;
        }
        m->sieve[l] = sieve;
    }
    m->list_room = more;
    return WIJK_OK;
}

/* What the region's own months tell of supply and demand: homes that were left by who moved to no
 * other home here, and households that came to ask for one. */
static void learn(foresee_region *r, const foresee_market *m, double entered)
{
    double empty = (double)m->empty, freed = r->empty < 0 ? r->freed : empty - r->empty;
    r->usual = r->usual < 0 ? empty : r->usual;
    r->spare = (empty - r->usual) / SMOOTH_MONTHS;
    r->freed += (freed - r->freed) / SMOOTH_MONTHS;
    r->entered += (entered - r->entered) / SMOOTH_MONTHS;
}

int foresee_allot_gather(foresee_run *run, size_t region, foresee_market *m)
{
    foresee_region *r = &run->regions[region];
    foresee_here pool;
    foresee_here_at(&pool, run, r->first_place + r->places - 1);
    size_t next = (size_t)pool.place->block * BLOCK;
    uint32_t waited = 0;
    double entered = 0;
    for (uint32_t c = r->first_chunk; c < r->first_chunk + r->chunks; c++) {
        for (size_t i = 0; i < run->outboxes[c].n; i++) {
            wait(&pool, &next, &run->outboxes[c].rows[i]);
            entered += !run->outboxes[c].rows[i].listed;
        }
    }
    entered += tasks(&pool, &next);
    int rc = pool.outbox->failed ? WIJK_ENOMEM : couples(&waited, run, r, m);
    rc = rc == WIJK_OK ? list_region(run, r, m) : rc;
    if (rc == WIJK_OK) {
        learn(r, m, entered + (double)m->begun - waited);
    }
    for (size_t i = run->far_first[region]; rc == WIJK_OK && i < run->far_first[region + 1]; i++) {
        foresee_candidate *c = add_candidate(m, run->far[i].kind, run->far[i].age);
        if (c == NULL) {
            return WIJK_ENOMEM;
        }
        *c = run->far[i];
    }
    if (rc == WIJK_OK && m->n >= CANDIDATES_MOST) {
        rc = wijk_fail(WIJK_ELIMIT, "te veel woningzoekenden in een regio: %zu",
                       "too many who look for a home in one region: %zu", m->n);
    }
    return rc == WIJK_OK ? make_room(m) : rc;
}

/* ---- from outside ------------------------------------------------------ */

static uint32_t times_threshold(uint32_t a, double factor)
{
    double product = a * factor;
    double most = 0.95 * UINT32_MAX; /* some homes always go to people from here */
    return (uint32_t)(product > most ? most : product < 0 ? 0 : product);
}

void foresee_arrivals_of(foresee_arrivals *out, foresee_run *run, size_t region,
                         const foresee_market *m)
{
    static const wijk_parameter share[WIJK_TENURES] = {[WIJK_OWNER] = WIJK_P_OUTSIDE_OWNER,
                                                       [WIJK_SOCIAL] = WIJK_P_OUTSIDE_SOCIAL,
                                                       [WIJK_PRIVATE] = WIJK_P_OUTSIDE_PRIVATE};
    foresee_region *r = &run->regions[region];
    const foresee_tables *t = run->tables;
    memset(out, 0, sizeof *out);
    out->owed = r->owed;
    out->beyond = run->beyond + region * (size_t)FORESEE_OUTSIDE;
    double expected = 0, wanted = 0;
    for (size_t i = 0; i < m->n_vacant; i++) {
        unsigned tenure = tenure_of(run->state.home[m->vacant[i]]);
        expected += t->chance[share[tenure]] / 4294967296.0;
    }
    /* What comes from modelled regions stands in the list of candidates already. */
    double factor = (1 - r->elsewhere / 4294967296.0) * foresee_room_for(r);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        double come = r->come[band] * factor, most = OWED_MONTHS * come;
        r->owed[band] = r->owed[band] + come < most ? r->owed[band] + come : most;
        uint64_t sum = 0;
        for (int c = 0; c < WIJK_COMPOSITIONS; c++) {
            sum += r->beyond[band][c];
        }
        if (r->owed[band] > 0 && sum > 0) {
            wanted += r->owed[band];
            out->each[band] = r->owed[band] / (double)sum;
        }
    }
    factor = expected > 0 ? wanted / expected : 0;
    for (int tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
        out->share[tenure] = times_threshold(t->chance[share[tenure]], factor);
    }
}

/* One of the households outside of an age band and composition, as (kind, income); -1: none. */
static int drawn(const uint32_t *count, unsigned composition, uint32_t total, uint32_t bits)
{
    uint32_t mark = below(bits, total), sum = 0;
    for (unsigned children = 0; children <= CHILDREN_MOST; children++) {
        for (unsigned income = 0; income < WIJK_INCOMES; income++) {
            int at = (int)(kind_of(composition, children) * WIJK_INCOMES + income);
            sum += count[at];
            if (mark < sum) {
                return at;
            }
        }
    }
    return -1;
}

static const uint8_t band_from[WIJK_AGE_BANDS] = {18, 25, 35, 50, 65, 80};
static const uint8_t band_years[WIJK_AGE_BANDS] = {7, 10, 15, 15, 15, 12};

/* How often each age and composition comes to this home: as they come to the region, times how much
 * they are drawn to it. The sum up to and with each. */
typedef struct {
    double upto[WIJK_AGE_BANDS * WIJK_COMPOSITIONS];
} comer_sums;

static void weigh(comer_sums *out, const offer *o, const foresee_arrivals *arrivals)
{
    const foresee_region *region = o->here.region;
    double sum = 0;
    for (unsigned band = 0; band < WIJK_AGE_BANDS; band++) {
        for (unsigned c = 0; c < WIJK_COMPOSITIONS; c++) {
            unsigned kind = foresee_taste_kind((uint8_t)c, band_from[band]);
            sum += arrivals->each[band] * region->beyond[band][c] * region->kinds[band][c] *
                   o->drawn[kind];
            out->upto[band * WIJK_COMPOSITIONS + c] = sum;
        }
    }
}

/* Somebody from outside who may have this home; 0 when nobody is drawn. */
static int stranger(foresee_newcomer *out, const offer *o, const foresee_arrivals *arrivals,
                    const comer_sums *sums, uint32_t nth)
{
    enum { ALL = WIJK_AGE_BANDS * WIJK_COMPOSITIONS };
    uint32_t bits[4];
    draw4(bits, &o->here.world, o->number, DRAW_ARRIVE, 2 * nth);
    double mark = sums->upto[ALL - 1] * (bits[0] / 4294967296.0);
    int which = 0;
    while (which < ALL - 1 && sums->upto[which] <= mark) {
        which++;
    }
    int band = which / WIJK_COMPOSITIONS;
    unsigned composition = (unsigned)which % WIJK_COMPOSITIONS;
    int at = drawn(arrivals->beyond + (size_t)band * KINDS * WIJK_INCOMES, composition,
                   o->here.region->beyond[band][composition], bits[1]);
    if (at < 0) {
        return 0;
    }
    uint8_t kind = (uint8_t)(at / WIJK_INCOMES), income = (uint8_t)(at % WIJK_INCOMES);
    *out = (foresee_newcomer){
        .id = bits[3] | 1u << 31,
        .kind = kind,
        .age = (uint8_t)(band_from[band] + below(bits[2], band_years[band])),
        .status = income,
        .trust = 144,
        .part = part_of(scrambled(bits[3])),
        .contacts = (uint8_t)(1 + below(scrambled(bits[2]), 3)),
    };
    return persons_of(kind) <= o->most && foresee_label_allows(o, out->age) &&
           (o->allowed >> foresee_class(kind, income, WIJK_NO_HOME) & 1) != 0;
}

int foresee_arrive(foresee_newcomer *out, const offer *o, foresee_arrivals *arrivals)
{
    const foresee_here *here = &o->here;
    comer_sums sums;
    weigh(&sums, o, arrivals);
    uint32_t nth = 0;
    while (nth < TRIES && !stranger(out, o, arrivals, &sums, nth)) {
        nth++;
    }
    if (nth == TRIES) {
        return 0;
    }
    uint32_t needs[4];
    unsigned income = out->status & STATUS_INCOME;
    draw4(needs, &here->world, o->number, DRAW_ARRIVE, 2 * nth + 1);
    out->needs = common_needs(here, needs, income, out->age);
    foresee_outside_add(here->run, here->place->region, out->kind, out->age, income, -1);
    arrivals->owed[age_band(out->age)]--;
    return 1;
}
