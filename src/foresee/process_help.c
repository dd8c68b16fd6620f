/* Process 3, seeing and helping: a strained household is noticed through one of seven channels, or
 * not; it accepts help, or not; informal help first, else the queue of the team.
 * The idea is a queue with limited hours that eats its own prevention (caseload crowds out early
 * work: Movisie 2019; the threshold form is our hypothesis). Equations, per month:
 *   chance of being noticed = neighbour x ties x trust/128 + manager x fte + visits + debt signal
 *     + officer + asking oneself + preventive work, as competing chances
 *   prevention = share x max(0, 1 - queue per fte / crowd_out), the whole share when ring-fenced
 *   a case takes hours_formal or, above strain intensive_from, hours_intensive a month, first come
 *   first served; it closes with chance formal_end or intensive_end (M/M/c when arrivals are
 * steady, Erlang 1917; a test holds it to that). Who waits for a home of his own is not seen by the
 * teams of a wijk. What help does to strain is an assumed effect and stands in process 2. */
#include "foresee/run.h"
#include "foresee/sort.h"
#include "wijk/err.h"
#include "wijk/mem.h"

enum { MILLI = 1000, PERCENT = 100 * MILLI, TRUST_MEAN = 128 };

void foresee_help_tables(foresee_tables *t, const wijk_parameters *p)
{
    double strained = p->value[WIJK_P_STRAINED], intensive = p->value[WIJK_P_INTENSIVE_FROM];
    t->strained = (uint8_t)(strained < 0 ? 0 : strained > 255 ? 255 : strained);
    t->intensive = (uint8_t)(intensive < 0 ? 0 : intensive > 255 ? 255 : intensive);
    t->progress[HELP_INFORMAL] = t->chance[WIJK_P_INFORMAL_END];
    t->progress[HELP_WAITING] = t->chance[WIJK_P_QUEUE_LEAVE];
    t->progress[HELP_FORMAL] = t->chance[WIJK_P_FORMAL_END];
    t->progress[HELP_INTENSIVE] = t->chance[WIJK_P_INTENSIVE_END];
}

int32_t foresee_management(const foresee_here *here)
{
    int64_t price = here->t->milli[WIJK_P_FTE_EURO] / 1000; /* euro an fte */
    int64_t most =
        price > 0 ? (int64_t)here->lever[WIJK_LEVER_LIVABILITY_CAP] * 1000 / price : INT32_MAX;
    int64_t wanted = here->lever[WIJK_LEVER_SOCIAL_MANAGEMENT];
    return (int32_t)(wanted < most ? wanted : most);
}

void foresee_help_see(foresee_here *here)
{
    const foresee_tables *t = here->t;
    const int32_t *lever = here->lever;
    foresee_seeing *see = &here->see;
    see->neighbour = t->chance[WIJK_P_SEE_NEIGHBOUR];
    see->manager = times(t->chance[WIJK_P_SEE_MANAGER], foresee_management(here));
    uint32_t contact = t->chance[WIJK_P_SEE_VISIT];
    uint64_t rounds = (uint64_t)contact * (uint32_t)lever[WIJK_LEVER_VISIT_COVERAGE];
    see->visit =
        lever[WIJK_LEVER_VISIT_BY_STREET] > 0 ? contact : (uint32_t)(rounds / (12 * PERCENT));
    see->debt = times(t->chance[WIJK_P_SEE_DEBT], lever[WIJK_LEVER_DEBT_SIGNALLING] / 100);
    see->agent = times(t->chance[WIJK_P_SEE_AGENT], lever[WIJK_LEVER_WIJKAGENT] / 30);
    see->self = t->chance[WIJK_P_SEE_SELF];
    see->prevention = here->place->prevention;
}

void foresee_help_bound(uint32_t see[WIJK_TENURES], const foresee_here *here)
{
    const foresee_seeing *c = &here->see;
    int street = here->lever[WIJK_LEVER_VISIT_COVERAGE] > 0;
    uint32_t all = plus(times(c->neighbour, TIES * 2 * MILLI), street ? c->visit : 0);
    all = plus(plus(plus(all, c->debt), plus(c->agent, c->self)), c->prevention);
    for (int tenure = 0; tenure < WIJK_TENURES; tenure++) {
        see[tenure] =
            tenure == WIJK_NO_HOME ? 0 : plus(all, tenure == WIJK_SOCIAL ? c->manager : 0);
    }
}

/* Rounds by street: each year a share of the blocks, each in a month of its own. */
static int visited(const foresee_here *here, size_t slot)
{
    uint32_t bits[4], month = here->world.month % 12;
    foresee_world year = here->world;
    year.month /= 12;
    draw4(bits, &year, home_number(here, slot / BLOCK * BLOCK), DRAW_BLOCK, 1);
    uint32_t share = (uint32_t)here->lever[WIJK_LEVER_VISIT_COVERAGE]; /* of PERCENT */
    return below(bits[0], PERCENT) < share && below(bits[1], 12) == month;
}

/* The channel through which a household is noticed; WIJK_OUTCOMES when it is not. */
static wijk_outcome channel(const foresee_here *here, size_t slot, uint32_t word)
{
    const foresee_state *s = here->s;
    const foresee_seeing *c = &here->see;
    int strained = s->strain[slot] >= here->t->strained;
    int behind = (s->needs[slot] & (WIJK_NEED_DEBT | NEED_ARREARS)) != 0;
    int social = tenure_of(s->home[slot]) == WIJK_SOCIAL;
    if (!strained && !behind) { /* a visit finds nothing to help with */
        return WIJK_OUTCOMES;
    }
    uint32_t near = times(c->neighbour, (int64_t)degree_of(s->contacts[slot]) * MILLI *
                                            s->trust[slot] / TRUST_MEAN);
    uint32_t visit = c->visit;
    if (here->lever[WIJK_LEVER_VISIT_BY_STREET] > 0 && !visited(here, slot)) {
        visit = 0;
    }
    const struct {
        uint32_t chance;
        wijk_outcome outcome;
    } channels[] = {
        {strained ? near : 0, WIJK_OUT_SEEN_NEIGHBOUR},
        {strained && social ? c->manager : 0, WIJK_OUT_SEEN_MANAGER},
        {visit, WIJK_OUT_SEEN_VISIT},
        {behind ? c->debt : 0, WIJK_OUT_SEEN_DEBT},
        {strained ? c->agent : 0, WIJK_OUT_SEEN_AGENT},
        {strained ? c->self : 0, WIJK_OUT_SEEN_SELF},
        {c->prevention, WIJK_OUT_SEEN_PREVENTION},
    };
    uint64_t mark = 0;
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        mark += channels[i].chance;
        if (word < mark) {
            return channels[i].outcome;
        }
    }
    return WIJK_OUTCOMES;
}

static void set_help(foresee_here *here, size_t slot, unsigned kind)
{
    here->s->status[slot] = with_support(here->s->status[slot], kind);
    here->s->help[slot] = 0;
}

static void notice(foresee_here *here, size_t slot, uint32_t word)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    wijk_outcome by = channel(here, slot, word);
    if (by == WIJK_OUTCOMES) {
        return;
    }
    tell(here, by, 1);
    uint32_t bits[4];
    draw4(bits, &here->world, s->id[slot], DRAW_HELP, 0);
    if (bits[0] >= t->chance[WIJK_P_ACCEPT]) {
        return;
    }
    tell(here, WIJK_OUT_ACCEPTED, 1);
    if (s->contacts[slot] != 0 && bits[1] < t->chance[WIJK_P_INFORMAL_SHARE]) {
        set_help(here, slot, HELP_INFORMAL);
        tell(here, WIJK_OUT_OPENED_INFORMAL, 1);
        return;
    }
    set_help(here, slot, HELP_WAITING);
    tell(here, WIJK_OUT_QUEUED, 1);
    /* Who saw it is seldom who helps: a hand-over, spared where the post is shared. */
    int64_t spared = PERCENT - here->lever[WIJK_LEVER_SHARED_POSTS];
    tell(here, WIJK_OUT_WORK_HANDOVER,
         (int32_t)(t->milli[WIJK_P_HANDOVER_MINUTES] * spared / PERCENT / MILLI));
}

void foresee_help(foresee_here *here, size_t slot, uint32_t word)
{
    unsigned kind = support_of(here->s->status[slot]);
    if (kind == HELP_NONE) {
        notice(here, slot, word);
    } else if (word < here->t->progress[kind]) {
        set_help(here, slot, HELP_NONE);
        tell(here, kind == HELP_WAITING ? WIJK_OUT_GAVE_UP : WIJK_OUT_CLOSED, 1);
    }
}

/* Who helps a case: debt help where there is debt, else the wijkteam. */
static unsigned team_of(uint8_t needs)
{
    return needs & WIJK_NEED_DEBT ? TEAM_DEBT : TEAM_WIJK;
}

static uint32_t minutes(const foresee_tables *t, int intensive)
{
    int64_t milli = t->milli[intensive ? WIJK_P_HOURS_INTENSIVE : WIJK_P_HOURS_FORMAL];
    return (uint32_t)(milli > 0 ? milli * 60 / MILLI : 0);
}

void foresee_help_ask(foresee_here *here)
{
    foresee_place *place = here->place;
    const foresee_state *s = here->s;
    uint32_t cases[TEAM_KINDS][HELPS] = {{0}};
    for (size_t block = place->block; block < place->block + place->blocks; block++) {
        const uint8_t *status = s->status + block * BLOCK, *needs = s->needs + block * BLOCK;
        uint32_t helped = block_some(status, STATUS_SUPPORT_BITS);
        for (; helped != 0; helped &= helped - 1) {
            int i = __builtin_ctz(helped);
            cases[team_of(needs[i])][support_of(status[i])]++;
        }
    }
    for (int k = 0; k < TEAM_KINDS; k++) {
        place->waiting[k] = cases[k][HELP_WAITING];
        place->busy[k] = cases[k][HELP_FORMAL] * minutes(here->t, 0) +
                         cases[k][HELP_INTENSIVE] * minutes(here->t, 1);
    }
}

typedef struct {
    int64_t fte; /* x 10^6 */
    int64_t minutes, prevention, busy, free;
    uint64_t waiting, homes;
} capacity;

/* Hours of a team this month; what prevention is left after the queue has eaten. */
static void measure(capacity out[TEAM_KINDS], foresee_run *run, const foresee_team *team)
{
    const foresee_tables *t = run->tables;
    int64_t share = 0, ring = 0, shared = 0;
    for (uint32_t i = 0; i < team->places; i++) {
        const foresee_place *place = &run->places[run->team_places[team->first + i]];
        const int32_t *lever =
            run->levers + run->team_places[team->first + i] * (size_t)WIJK_LEVERS;
        for (int k = 0; k < TEAM_KINDS; k++) {
            out[k].fte += (int64_t)place->homes *
                          lever[k == TEAM_DEBT ? WIJK_LEVER_DEBT_TEAM : WIJK_LEVER_WIJKTEAM];
            out[k].waiting += place->waiting[k];
            out[k].busy += place->busy[k];
            out[k].homes += place->homes;
        }
        share = lever[WIJK_LEVER_PREVENTION]; /* one team has one rule: its last area tells */
        ring = lever[WIJK_LEVER_RING_FENCE];
        shared = lever[WIJK_LEVER_SHARED_POSTS];
    }
    for (int k = 0; k < TEAM_KINDS; k++) {
        capacity *c = &out[k];
        c->minutes = c->fte * t->milli[WIJK_P_PRODUCTIVE_HOURS] / MILLI * 60 / (MILLI * MILLI);
        int64_t gain = t->milli[WIJK_P_SHARED_GAIN] - t->milli[WIJK_P_SHARED_OVERHEAD];
        c->minutes += c->minutes * shared / PERCENT * gain / MILLI;
        int64_t prevention = k == TEAM_WIJK ? c->minutes * share / PERCENT : 0;
        int64_t room = c->fte / MILLI * t->milli[WIJK_P_CROWD_OUT]; /* cases x 10^6 */
        if (ring <= 0 && room > 0) {
            int64_t queue = (int64_t)c->waiting * MILLI * MILLI;
            prevention =
                queue >= room ? 0 : prevention - prevention * (queue / MILLI) / (room / MILLI + 1);
        }
        c->prevention = prevention;
        c->free = c->minutes - prevention - c->busy;
    }
    /* Shared posts lend what one team has left to the other. */
    for (int k = 0; k < TEAM_KINDS; k++) {
        capacity *mine = &out[k], *other = &out[1 - k];
        if (mine->free > 0 && other->waiting > 0 && shared > 0) {
            int64_t lent = mine->free * shared / PERCENT / 2;
            mine->free -= lent;
            other->free += lent;
        }
    }
}

typedef struct {
    foresee_run *run;
    const foresee_team *team;
    unsigned kind;
    size_t n;
    uint64_t *keys; /* longest waiting first, then chance */
} queue;

static void gather_block(queue *q, const foresee_state *s, size_t block)
{
    uint32_t who = block_some(s->status + block * BLOCK, HELP_WAITING << STATUS_SUPPORT);
    for (; who != 0; who &= who - 1) { /* paid help has that bit too */
        size_t slot = block * BLOCK + (size_t)__builtin_ctz(who);
        if (support_of(s->status[slot]) == HELP_WAITING && team_of(s->needs[slot]) == q->kind) {
            uint64_t order = (uint64_t)(255 - s->help[slot]) << 24 | scrambled(s->id[slot]) >> 8;
            q->keys[q->n++] = order << 32 | slot;
        }
    }
}

static int gather(queue *q, foresee_scratch *scratch, size_t expected)
{
    foresee_run *run = q->run;
    foresee_market *m = &scratch->market;
    if (m->keys_room < expected * 2) {
        uint64_t *keys = wijk_realloc(m->keys, expected * 4 * sizeof *keys);
        if (keys == NULL) {
            return WIJK_ENOMEM;
        }
        m->keys = keys;
        m->keys_room = expected * 4;
    }
    q->keys = m->keys;
    const foresee_state *s = &run->state;
    for (uint32_t i = 0; i < q->team->places; i++) {
        const foresee_place *place = &run->places[run->team_places[q->team->first + i]];
        size_t block = place->block, end = block + place->blocks;
        for (; place->waiting[q->kind] != 0 && block < end; block++) {
            gather_block(q, s, block);
        }
    }
    foresee_sort(q->keys, q->keys + q->n, q->n, 32);
    return WIJK_OK;
}

static void admit(queue *q, capacity *c)
{
    foresee_run *run = q->run;
    foresee_here here = {0};
    for (size_t i = 0; i < q->n; i++) {
        size_t slot = (uint32_t)q->keys[i];
        int intensive = run->state.strain[slot] >= run->tables->intensive;
        int64_t cost = minutes(run->tables, intensive);
        if (c->free < cost) {
            break;
        }
        uint32_t place = foresee_place_of(run, slot);
        if (here.place != &run->places[place]) {
            foresee_here_at(&here, run, place);
        }
        c->free -= cost;
        c->busy += cost;
        here.place->busy[q->kind] += (uint32_t)cost;
        here.place->waiting[q->kind]--;
        tell(&here, WIJK_OUT_WAITED, run->state.help[slot]);
        tell(&here, intensive ? WIJK_OUT_OPENED_INTENSIVE : WIJK_OUT_OPENED_FORMAL, 1);
        set_help(&here, slot, intensive ? HELP_INTENSIVE : HELP_FORMAL);
    }
}

/* Hours per place, in proportion to homes where no case says where they went. */
static void spread(foresee_run *run, const foresee_team *team, const capacity c[TEAM_KINDS])
{
    const foresee_tables *t = run->tables;
    int64_t visit = t->milli[WIJK_P_VISIT_MINUTES];
    for (uint32_t i = 0; i < team->places; i++) {
        foresee_here here;
        foresee_here_at(&here, run, run->team_places[team->first + i]);
        int64_t homes = (int64_t)here.place->homes, all = (int64_t)c[TEAM_WIJK].homes;
        if (all == 0) {
            continue;
        }
        tell(&here, WIJK_OUT_WORK_CASES, (int32_t)here.place->busy[TEAM_WIJK]);
        tell(&here, WIJK_OUT_WORK_DEBT, (int32_t)here.place->busy[TEAM_DEBT]);
        tell(&here, WIJK_OUT_WORK_PREVENTION, (int32_t)(c[TEAM_WIJK].prevention * homes / all));
        int64_t idle = (c[TEAM_WIJK].free > 0 ? c[TEAM_WIJK].free : 0) +
                       (c[TEAM_DEBT].free > 0 ? c[TEAM_DEBT].free : 0);
        tell(&here, WIJK_OUT_WORK_IDLE, (int32_t)(idle * homes / all));
        /* Next month: preventive visits per home, times the chance that one gives contact. */
        int64_t milli = visit > 0 ? c[TEAM_WIJK].prevention * MILLI * MILLI / visit / all : 0;
        here.place->prevention = times(t->chance[WIJK_P_SEE_VISIT], milli);
    }
}

int foresee_help_team(foresee_run *run, size_t team, foresee_scratch *scratch)
{
    capacity c[TEAM_KINDS] = {{0}};
    measure(c, run, &run->teams[team]);
    for (unsigned k = 0; k < TEAM_KINDS; k++) {
        queue q = {.run = run, .team = &run->teams[team], .kind = k};
        if (c[k].waiting > 0 && c[k].free >= minutes(run->tables, 0)) {
            int rc = gather(&q, scratch, c[k].waiting);
            if (rc != WIJK_OK) {
                return rc;
            }
            admit(&q, &c[k]);
        }
    }
    spread(run, &run->teams[team], c);
    return WIJK_OK;
}
