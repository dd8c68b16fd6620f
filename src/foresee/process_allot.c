/* Process 6, allocation: every vacant home goes to one household under that year's law and the
 * scenario's local rules.
 * The idea is a serial dictatorship with rules of entry (Abdulkadiroglu & Sonmez 1998): homes come
 * up in random order; each walks its list of candidates until one is allowed, reacts and does not
 * refuse. Social homes: first who is homeless while there are places of Housing First, then the
 * reserved lists (newcomers' task, urgent), then by months
 * registered or, for the share of the lottery, by chance; owner and private homes by chance among
 * those whose income suffices. A share of homes goes to households from outside the region.
 *   react = react x taste (taste.c) x react_own_area in the own area, 0 when persons > rooms + 1;
 *           1 when urgent
 * Local rules: a spreading cap leaves out who has urgency or a task where as many of a block came
 * so in the past five years; after those lists, for that is a duty, a mix target gives a share of
 * lets to the side, low income or not, of which the block has fewer than the region; screening;
 * local priority. Who would have had the home without these is counted as passed over. Lists are
 * ordered by (registration or chance, scrambled identity): the same on any machine. The law is
 * rules, not effects: passend toewijzen, free room, quotas (C1 of the domain notes). */
#include "foresee/allot.h"
#include "foresee/sort.h"
#include "wijk/err.h"
#include "wijk/mem.h"

enum { AHEAD = 4, WALK_MOST = 4096, STARTER_UNTIL = 28, OLDER_FROM = 65, COURT_FROM = 55 };

/* ---- who may have this home -------------------------------------------- */

/* The rent class that a household of low income may have under passend toewijzen. */
static int fits(unsigned price, uint8_t kind)
{
    return price <= (persons_of(kind) <= 2 ? WIJK_PRICE_FIRST : WIJK_PRICE_SECOND);
}

int foresee_label_allows(const offer *o, uint8_t age)
{
    return o->label == WIJK_LABEL_OLDER   ? age >= OLDER_FROM
           : o->label == WIJK_LABEL_YOUNG ? age < STARTER_UNTIL
           : o->label == WIJK_LABEL_COURT ? age >= COURT_FROM
                                          : 1;
}

static int label_allows(const offer *o, const foresee_candidate *c)
{
    switch (o->label) {
    case WIJK_LABEL_DOTTED:
        return (c->needs & (WIJK_NEED_MILD | WIJK_NEED_MENTAL | WIJK_NEED_FRAIL)) != 0;
    case WIJK_LABEL_MIX: /* carriers and vulnerable households in turn, by the ratio of the block */
        return o->wants_carrier == ((c->needs & NEED_ALL) == 0);
    default:
        return foresee_label_allows(o, c->age);
    }
}

/* Incomes that the law lets have a social home, this month of this year in this region. */
static uint32_t social_classes(const offer *o)
{
    const foresee_region *r = o->here.region;
    const int32_t *lever = o->here.lever;
    /* the slack that the law leaves, counted per region and year */
    int slack =
        (uint64_t)r->lets_fit * PERCENT >= (uint64_t)lever[WIJK_LEVER_PASSEND] * (r->lets_low + 1u);
    int room = (uint64_t)(r->lets_free + 1u) * PERCENT <=
               (uint64_t)lever[WIJK_LEVER_FREE_ROOM] * (r->lets + 1u);
    uint32_t classes = 0;
    for (unsigned c = 0; c < 2 * CLASS_OWNER; c++) {
        unsigned income = c & 3u;
        int fit = o->price <= (c & CLASS_SMALL ? WIJK_PRICE_FIRST : WIJK_PRICE_SECOND);
        int low = fit || o->two_rent || slack;
        int yes = income == WIJK_INCOME_LOW ? low : income == WIJK_INCOME_DAEB ? 1 : room;
        classes |= (uint32_t)yes << c;
    }
    return classes;
}

/* What the mix target leaves of these classes; all of them where it would leave nobody. */
static uint32_t mixed_classes(const offer *o, uint32_t classes)
{
    const uint32_t low = 0x1111u << WIJK_INCOME_LOW; /* of four incomes, the lowest */
    uint32_t left = o->not_low ? classes & ~low : o->only_low ? classes & low : classes;
    return left != 0 ? left : classes;
}

unsigned foresee_income_asked(unsigned tenure, unsigned price)
{
    if (tenure == WIJK_OWNER) {
        return price <= WIJK_PRICE_SECOND   ? WIJK_INCOME_DAEB
               : price <= WIJK_PRICE_MIDDLE ? WIJK_INCOME_MIDDLE
                                            : WIJK_INCOME_HIGH;
    }
    return price <= WIJK_PRICE_SOCIAL   ? WIJK_INCOME_LOW
           : price == WIJK_PRICE_MIDDLE ? WIJK_INCOME_DAEB
                                        : WIJK_INCOME_MIDDLE;
}

/* Incomes that suffice for a home to buy or at a free rent; any when the household stretches: with
 * savings, parents who help, a room of a shared home. */
static uint32_t market_classes(const offer *o, int stretches)
{
    uint32_t classes = 0;
    unsigned asked = foresee_income_asked(o->tenure, o->price);
    for (unsigned c = 0; c < 2 * CLASS_OWNER; c++) {
        unsigned income = c & 3u, owner = (c & CLASS_OWNER) != 0;
        /* an owner brings the value of the old home, and does not go and rent */
        int yes = o->tenure == WIJK_OWNER ? stretches || income + owner >= asked
                                          : !owner && (stretches || income >= asked);
        classes |= (uint32_t)yes << c;
    }
    return classes;
}

static int social_allows(offer *o, const foresee_candidate *c)
{
    int low = (c->status & STATUS_INCOME) == WIJK_INCOME_LOW;
    if ((c->far && !o->regional) || (o->local && c->place != o->place) || !label_allows(o, c)) {
        return 0;
    }
    if (o->capped && c->status & STATUS_URGENT) {
        return 0;
    }
    int stranger = c->tenure == WIJK_NO_HOME && c->reason >= REASON_NEWCOMER;
    if (o->screened && ((low && stranger) || c->strain >= o->here.t->intensive)) {
        tell(&o->here, WIJK_OUT_SCREENED_OUT, !o->silent);
        return 0;
    }
    int task = c->tenure == WIJK_NO_HOME && c->reason >= REASON_MENTAL;
    return !task || o->task_open;
}

/* 1 when the candidate, allowed, takes the home: it reacts and does not refuse. */
static int takes(offer *o, const foresee_candidate *c)
{
    const foresee_tables *t = o->here.t;
    uint32_t bits[4];
    draw4(bits, &o->here.world, c->id, DRAW_OFFER, o->number);
    int assigned = (c->status & STATUS_URGENT) != 0 && o->tenure == WIJK_SOCIAL;
    int64_t own = c->place == o->place ? t->milli[WIJK_P_REACT_OWN_AREA] : 1000;
    if (c->tenure != WIJK_NO_HOME && !c->far) { /* may wait for what it likes */
        own = own * t->milli[WIJK_P_REACT_SETTLED] / 1000;
    }
    own = own * o->drawn[foresee_taste_kind(c->kind, c->age)] / TASTE_ONE;
    own = c->persons + 2u < o->rooms ? own * o->large / TASTE_ONE : own;
    if (!assigned && bits[0] >= times(t->chance[WIJK_P_REACT], own)) {
        return 0;
    }
    if (bits[1] < t->chance[WIJK_P_REFUSE]) {
        tell(&o->here, WIJK_OUT_REFUSALS, !o->silent);
        return 0;
    }
    return 1;
}

/* Whom an age label lets in; it is a matter of social homes. */
static uint64_t of_age(const offer *o, const foresee_sieve *sieve)
{
    if (o->tenure != WIJK_SOCIAL) {
        return ~(uint64_t)0;
    }
    return o->label == WIJK_LABEL_OLDER   ? sieve->older
           : o->label == WIJK_LABEL_YOUNG ? sieve->young
           : o->label == WIJK_LABEL_COURT ? sieve->court
                                          : ~(uint64_t)0;
}

/* The places of a word of a list at which somebody stands who may have this home by class, persons
 * and age. */
static uint64_t sifted(const offer *o, const foresee_sieve *sieve)
{
    uint64_t some = 0;
    for (uint32_t left = o->allowed; left != 0; left &= left - 1) {
        some |= sieve->class[__builtin_ctz(left)];
    }
    /* cppcheck-suppress negativeIndex ; whoever looks for a home asks for at least one person */
    return some & of_age(o, sieve) &
           sieve->upto[(o->most < PERSONS_MOST ? o->most : PERSONS_MOST) - 1];
}

/* Has a home already; or its parents moved this month and it with them. */
static int is_gone(const offer *o, const foresee_candidate *c)
{
    return c->taken || (c->at_home && o->here.s->id[c->slot] != c->parents);
}

/* The first of the list who is allowed and takes it; NULL when nobody does. */
static foresee_candidate *walk(offer *o, foresee_market *m, int list)
{
    const uint32_t *entries = m->list[list];
    size_t left = o->walk, n = m->list_n[list], *first = &m->list_first[list];
    while (*first < n && m->candidates[entries[*first]].taken) {
        ++*first;
    }
    n = n - *first < WALK_MOST ? n : *first + WALK_MOST;
    uint64_t from = ~(uint64_t)0 << *first % SIEVE;
    for (size_t word = *first / SIEVE; word * SIEVE < n && left > 0; word++, from = ~(uint64_t)0) {
        foresee_sieve *sieve = &m->sieve[list][word];
        uint64_t some = sifted(o, sieve) & from;
        some &= n - word * SIEVE >= SIEVE ? ~(uint64_t)0 : ~(~(uint64_t)0 << n % SIEVE);
        for (; some != 0 && left > 0; some &= some - 1) {
            foresee_candidate *c =
                &m->candidates[entries[word * SIEVE + (size_t)__builtin_ctzll(some)]];
            if (is_gone(o, c)) { /* seen once: the sieve forgets it */
                sieve->class[c->class] &= ~(some & -some);
                continue;
            }
            if (o->tenure == WIJK_SOCIAL && !social_allows(o, c)) {
                continue;
            }
            left--;
            m->offers += !o->silent;
            if (takes(o, c)) {
                return c;
            }
        }
    }
    return NULL;
}

/* ---- one home ---------------------------------------------------------- */

/* Rules that depend on who else lives in the block. `mixed`: the mix target holds for this home. */
static void look_around(offer *o, int mixed)
{
    const foresee_state *s = o->here.s;
    const foresee_region *r = o->here.region;
    unsigned lived = 0, low = 0, task = 0, carriers = 0, vulnerable = 0;
    for (size_t slot = o->slot / BLOCK * BLOCK; slot < (o->slot / BLOCK + 1) * BLOCK; slot++) {
        if (s->kind[slot] == WIJK_NOBODY) {
            continue;
        }
        lived++;
        low += (s->status[slot] & STATUS_INCOME) == WIJK_INCOME_LOW;
        task += (s->home[slot] & HOME_TASK) != 0 && s->months[slot] < TASK_MONTHS;
        if (label_of(s->home[slot]) == WIJK_LABEL_MIX) {
            unsigned needy = (s->needs[slot] & NEED_ALL) != 0;
            carriers += !needy;
            vulnerable += needy;
        }
    }
    const int32_t *lever = o->here.lever;
    o->capped =
        lever[WIJK_LEVER_SPREADING_CAP] < PERCENT &&
        (uint64_t)(task + 1) * PERCENT > (uint64_t)lever[WIJK_LEVER_SPREADING_CAP] * (lived + 1);
    o->not_low = mixed && (uint64_t)low * r->lived > r->low * lived;
    o->only_low = mixed && (uint64_t)low * r->lived < r->low * lived;
    o->wants_carrier =
        (uint64_t)carriers * 1000 <= (uint64_t)lever[WIJK_LEVER_MIX_RATIO] * vulnerable;
}

static int chosen(uint32_t bits, int32_t percent)
{
    return below(bits, PERCENT) < (uint32_t)percent;
}

/* A home that was left is made ready: rent, label; then offered. */
static void prepare(offer *o, const uint32_t bits[4])
{
    const int32_t *lever = o->here.lever;
    uint32_t *home = &o->here.s->home[o->slot];
    if (chosen(bits[0], lever[WIJK_LEVER_RENT_RESET])) {
        int64_t rise = o->here.t->milli[WIJK_P_RESET_RISE]; /* parts of a class by chance */
        rise = rise / 1000 + (below(scrambled(bits[0]), 1000) < rise % 1000);
        int64_t price = (int64_t)price_of(*home) + rise;
        *home = with_bits(*home, HOME_PRICE, 7,
                          (uint32_t)(price > WIJK_PRICE_SOCIAL ? WIJK_PRICE_SOCIAL : price));
    }
    unsigned label = label_of(*home);
    if (label == WIJK_LABEL_NONE || label == WIJK_LABEL_OLDER || label == WIJK_LABEL_YOUNG) {
        int32_t mix = lever[WIJK_LEVER_MAGIC_MIX], older = mix + lever[WIJK_LEVER_LABEL_OLDER];
        int32_t young = older + lever[WIJK_LEVER_LABEL_YOUNG]; /* shares of all, not of the rest */
        label = chosen(bits[1], mix)     ? WIJK_LABEL_MIX
                : chosen(bits[1], older) ? WIJK_LABEL_OLDER
                : chosen(bits[1], young) ? WIJK_LABEL_YOUNG
                                         : label;
        *home = with_bits(*home, HOME_LABEL, 7, label);
    }
}

/* Permit holders and the urgent: a duty by law, which goes before local priority and the mix target
 * (a block at its spreading cap is passed, for the next one has room). */
static foresee_candidate *walk_reserved(offer *o, foresee_market *m, int list)
{
    const uint32_t allowed = o->allowed;
    const int local = o->local;
    o->allowed = o->legal;
    o->local = 0;
    foresee_candidate *c = walk(o, m, list);
    o->allowed = allowed;
    o->local = local;
    return c;
}

/* The lists in their turn: homeless while Housing First has places, reserved, local, lottery,
 * registered. */
static foresee_candidate *first_of_lists(offer *o, foresee_market *m, const uint32_t bits[4])
{
    const int32_t *lever = o->here.lever;
    foresee_candidate *c = NULL;
    if (o->here.region->firsts > 0 && !o->capped) { /* places of Housing First */
        c = walk_reserved(o, m, LIST_HOMELESS);
    }
    int32_t newcomer = lever[WIJK_LEVER_NEWCOMER_TASK], urgent = lever[WIJK_LEVER_URGENCY];
    int reserved = chosen(bits[0], newcomer)            ? LIST_NEWCOMER
                   : chosen(bits[0], newcomer + urgent) ? LIST_URGENT
                                                        : LISTS;
    if (c == NULL && reserved != LISTS && o->capped) {
        tell(&o->here, WIJK_OUT_CAPPED_OUT, 1);
    } else if (c == NULL && reserved != LISTS) {
        c = walk_reserved(o, m, reserved);
    }
    if (c == NULL && o->local) {
        c = walk(o, m, LIST_REGISTERED);
        tell(&o->here, WIJK_OUT_LETS_LOCAL, c != NULL);
        o->local = 0;
    }
    if (c == NULL && chosen(bits[2], lever[WIJK_LEVER_LOTTERY])) {
        c = walk(o, m, LIST_CHANCE);
        tell(&o->here, WIJK_OUT_LETS_LOTTERY, c != NULL && !o->silent);
    }
    return c != NULL ? c : walk(o, m, LIST_REGISTERED);
}

/* Who would have had this home by law and list alone, when that is somebody else. Households of
 * other regions are left to their own market. */
static void tell_passed_over(const offer *o, foresee_market *m, const uint32_t bits[4],
                             const foresee_candidate *got)
{
    offer plain = *o;
    plain.allowed = o->legal;
    plain.capped = plain.screened = plain.local = 0;
    plain.silent = 1;
    const foresee_candidate *would = first_of_lists(&plain, m, bits);
    if (would != NULL && would != got && !would->far) {
        foresee_tell_groups_of(&o->here, would->kind, would->status, would->needs, would->tenure,
                               WIJK_GOUT_PASSED_OVER);
        tell(&o->here, WIJK_OUT_PASSED_OVER, 1);
    }
}

static foresee_candidate *choose_social(offer *o, foresee_market *m, const uint32_t bits[4])
{
    const int32_t *lever = o->here.lever;
    uint32_t more[4];
    draw4(more, &o->here.world, o->number, DRAW_HOME, 2);
    o->two_rent = chosen(more[0], lever[WIJK_LEVER_TWO_RENT]);
    o->screened = chosen(more[2], lever[WIJK_LEVER_SCREENING]);
    o->regional = more[3] < o->here.t->chance[WIJK_P_OUTSIDE_SOCIAL] ||
                  chosen(more[3], lever[WIJK_LEVER_REGIONAL_MARKET]);
    o->local = chosen(bits[1], lever[WIJK_LEVER_LOCAL_PRIORITY]);
    look_around(o, chosen(more[1], lever[WIJK_LEVER_MIX_TARGET]));
    o->legal = social_classes(o);
    o->allowed = mixed_classes(o, o->legal);
    int ruled = o->screened || o->local || o->capped || o->not_low || o->only_low;
    foresee_candidate *c = first_of_lists(o, m, bits);
    if (ruled) {
        tell_passed_over(o, m, bits, c);
    }
    return c;
}

static void tell_let(offer *o, uint8_t kind, uint8_t status, uint8_t needs, int urgent, int task)
{
    foresee_region *r = o->here.region;
    unsigned income = status & STATUS_INCOME;
    int first = (o->here.s->home[o->slot] & HOME_NEW) != 0;
    if (o->tenure != WIJK_SOCIAL) {
        tell(&o->here, o->tenure == WIJK_OWNER ? WIJK_OUT_SALES : WIJK_OUT_LETS_PRIVATE, 1);
        tell(&o->here, WIJK_OUT_SOLD_NEW,
             first && o->tenure == WIJK_OWNER && o->here.s->home[o->slot] & HOME_RESTRUCTURED);
        return;
    }
    int fit = o->two_rent || fits(o->price, kind);
    r->lets++;
    tell(&o->here, WIJK_OUT_LETS, 1);
    tell(&o->here, first ? WIJK_OUT_LETS_FIRST : WIJK_OUT_LETS_AGAIN, 1);
    if (income == WIJK_INCOME_LOW) {
        r->lets_low++;
        r->lets_fit += fit != 0;
        tell(&o->here, WIJK_OUT_LETS_LOW, 1);
        tell(&o->here, WIJK_OUT_LETS_FIT, fit != 0);
        if (o->two_rent && !fits(o->price, kind)) { /* the lower of the two rents */
            uint32_t *home = &o->here.s->home[o->slot];
            *home = with_bits(*home, HOME_PRICE, 7,
                              persons_of(kind) <= 2 ? WIJK_PRICE_FIRST : WIJK_PRICE_SECOND);
        }
    } else if (income >= WIJK_INCOME_MIDDLE) {
        r->lets_free++;
        tell(&o->here, WIJK_OUT_LETS_FREE, 1);
    }
    tell(&o->here, WIJK_OUT_LETS_URGENT, urgent);
    tell(&o->here, WIJK_OUT_LETS_NEWCOMER, (needs & WIJK_NEED_NEWCOMER) != 0);
    tell(&o->here, WIJK_OUT_LETS_MIX, o->label == WIJK_LABEL_MIX);
    if (task) {
        r->lets_task++;
        o->here.place->task_lets++;
        tell(&o->here, WIJK_OUT_LETS_TASK, 1);
    }
}

/* Housing First: an own home with intensive support at once, while places last. */
static void perhaps_first(offer *o, const foresee_candidate *c)
{
    foresee_region *r = o->here.region;
    foresee_state *s = o->here.s;
    if (!(c->needs & NEED_HOMELESS) || r->firsts == 0 || o->tenure != WIJK_SOCIAL) {
        return;
    }
    r->firsts--;
    o->here.place->firsts++;
    s->home[o->slot] = with_bits(s->home[o->slot], HOME_LABEL, 7, WIJK_LABEL_FIRST);
    s->status[o->slot] = with_support(s->status[o->slot], HELP_INTENSIVE);
    s->help[o->slot] = 0;
    tell(&o->here, WIJK_OUT_OPENED_INTENSIVE, 1);
}

/* A child leaves its parents for the home in `slot`. */
static void let_to_starter(const offer *o, const foresee_candidate *c)
{
    foresee_here from;
    foresee_newcomer who;
    foresee_here_at(&from, o->here.run, c->place);
    foresee_starter_of(&who, &from, c->slot);
    foresee_starter_gone(&from, c->slot);
    who.status &= STATUS_INCOME;
    foresee_settle(&o->here, o->slot, &who);
    tell(&o->here, WIJK_OUT_PERSONS_MOVED, 1);
    tell(&o->here, WIJK_OUT_MOVED_IN, 1);
    foresee_tell_groups(&o->here, o->slot, WIJK_GOUT_MOVED_IN);
}

/* Moves within the region happen at once; those from another region when all markets are done. */
static int give(offer *o, foresee_market *m, foresee_candidate *c)
{
    foresee_run *run = o->here.run;
    int task = c->tenure == WIJK_NO_HOME && c->reason >= REASON_MENTAL;
    tell_let(o, c->kind, c->status, c->needs, (c->status & STATUS_URGENT) != 0, task);
    if (o->tenure == WIJK_SOCIAL) {
        tell(&o->here, WIJK_OUT_SEARCHED, c->search);
    }
    c->taken = 1;
    m->fills += c->far || c->tenure == WIJK_NO_HOME;
    if (c->at_home) {
        let_to_starter(o, c);
        return WIJK_OK;
    }
    if (c->far) {
        foresee_moves *moves = &run->moves[o->here.place->region];
        int rc = foresee_room((void **)&moves->rows, &moves->room, moves->n, sizeof *moves->rows);
        if (rc == WIJK_OK) {
            moves->rows[moves->n++] = (foresee_move){.from = c->slot, .to = (uint32_t)o->slot};
        }
        return rc;
    }
    foresee_here from;
    foresee_here_at(&from, run, foresee_place_of(run, c->slot));
    foresee_move_household(&from, c->slot, &o->here, o->slot);
    if (o->tenure == WIJK_SOCIAL && c->status & STATUS_URGENT) {
        o->here.s->home[o->slot] |= HOME_TASK;
    }
    perhaps_first(o, c);
    return WIJK_OK;
}

/* Who is drawn to this home in this area. Taste says who reacts and not how many: over all who
 * look the mean is one. */
static void look_who_is_drawn(offer *o, const foresee_market *m)
{
    uint64_t sum = 0;
    for (unsigned k = 0; k < TASTE_KINDS; k++) {
        o->drawn[k] = foresee_drawn(&o->here, o->slot, k);
        sum += (uint64_t)o->drawn[k] * m->kinds[k];
    }
    uint64_t scale = sum > 0 ? (((uint64_t)m->n * TASTE_ONE) << 16) / sum : 1 << 16;
    for (int k = 0; k < TASTE_KINDS; k++) {
        o->drawn[k] = (uint32_t)(o->drawn[k] * scale >> 16);
    }
    /* what rooms do not say by themselves */
    o->large = (TASTE_ONE + o->here.t->milli[WIJK_P_HOME_TASTE]) / 2;
}

static int offer_home(offer *o, foresee_market *m, foresee_arrivals *arrivals)
{
    foresee_state *s = o->here.s;
    const foresee_tables *t = o->here.t;
    uint32_t bits[4], ready[4];
    o->tenure = tenure_of(s->home[o->slot]);
    o->number = home_number(&o->here, o->slot);
    draw4(bits, &o->here.world, o->number, DRAW_HOME, 0);
    int64_t repair = t->milli[WIJK_P_REPAIR_MONTHS] > 0 ? t->milli[WIJK_P_REPAIR_MONTHS] : 1;
    int64_t before = ((int64_t)empty_of(s->home[o->slot]) - 1) * 1000;
    if (o->tenure == WIJK_SOCIAL && before < repair) { /* offered for the first time */
        draw4(ready, &o->here.world, o->number, DRAW_HOME, 1);
        prepare(o, ready);
    }
    uint32_t home = s->home[o->slot];
    o->price = price_of(home);
    o->rooms = size_of(home);
    o->label = label_of(home);
    o->most = o->rooms + 1;
    look_who_is_drawn(o, m);
    o->allowed = o->tenure == WIJK_SOCIAL
                     ? social_classes(o)
                     : market_classes(o, bits[1] < o->here.region->stretch[o->tenure][o->price]);
    foresee_newcomer who;
    int by_list = o->label == WIJK_LABEL_DOTTED || o->label == WIJK_LABEL_MIX; /* needs decide */
    if (!by_list && bits[3] < arrivals->share[o->tenure] && foresee_arrive(&who, o, arrivals)) {
        tell_let(o, who.kind, who.status, who.needs, 0, 0);
        foresee_settle(&o->here, o->slot, &who);
        tell(&o->here, WIJK_OUT_FROM_OUTSIDE, 1);
        m->fills++;
        tell(&o->here, WIJK_OUT_PERSONS_MOVED, (int32_t)persons_of(who.kind));
        foresee_tell_groups(&o->here, o->slot, WIJK_GOUT_MOVED_IN);
        return WIJK_OK;
    }
    foresee_candidate *c =
        o->tenure == WIJK_SOCIAL ? choose_social(o, m, bits) : walk(o, m, LIST_CHANCE);
    return c != NULL ? give(o, m, c) : WIJK_OK;
}

/* ---- the region -------------------------------------------------------- */

/* Bit i: age i is at least `least`. */
static uint64_t at_least(const uint8_t age[SIEVE], uint8_t least)
{
    uint8_t yes[SIEVE];
    for (int i = 0; i < SIEVE; i++) { /* no ways out, so that it becomes vectors */
        yes[i] = age[i] >= least;
    }
    return block_some(yes, 1) | (uint64_t)block_some(yes + BLOCK, 1) << BLOCK;
}

static void make_sieve(foresee_market *m, int list)
{
    const uint32_t *entries = m->list[list];
    size_t n = m->list_n[list];
    for (size_t word = 0; word * SIEVE < n; word++) {
        foresee_sieve *sieve = &m->sieve[list][word];
        size_t end = n - word * SIEVE < SIEVE ? n - word * SIEVE : SIEVE;
        uint8_t age[SIEVE] = {0};
        *sieve = (foresee_sieve){.older = 0};
        for (size_t i = 0; i < end; i++) {
            const foresee_candidate *c = &m->candidates[entries[word * SIEVE + i]];
            age[i] = c->age;
            sieve->class[c->class] |= (uint64_t)1 << i;
            if (c->persons <= PERSONS_MOST) {
                sieve->upto[c->persons - 1] |= (uint64_t)1 << i;
            }
        }
        for (int p = 1; p < PERSONS_MOST; p++) {
            sieve->upto[p] |= sieve->upto[p - 1];
        }
        sieve->young = ~at_least(age, STARTER_UNTIL);
        sieve->court = at_least(age, COURT_FROM);
        sieve->older = at_least(age, OLDER_FROM);
    }
}

/* `firsts`: places of Housing First that are free. */
static void list_registered(foresee_market *m, uint64_t *keys, uint32_t firsts)
{
    for (size_t i = 0; i < m->n; i++) {
        const foresee_candidate *c = &m->candidates[i];
        uint64_t waited = 255u - c->search;
        keys[i] = waited << 56 | (uint64_t)(scrambled(c->id) >> 8) << 32 | i;
    }
    foresee_sort(keys, keys + m->n, m->n, 32);
    for (size_t i = 0; i < m->n; i++) {
        uint32_t at = (uint32_t)keys[i];
        const foresee_candidate *c = &m->candidates[at];
        m->list[LIST_REGISTERED][m->list_n[LIST_REGISTERED]++] = at;
        int waits = c->tenure == WIJK_NO_HOME;
        if (waits && c->reason == REASON_NEWCOMER) {
            m->list[LIST_NEWCOMER][m->list_n[LIST_NEWCOMER]++] = at;
        } else if (c->status & STATUS_URGENT) {
            m->list[LIST_URGENT][m->list_n[LIST_URGENT]++] = at;
        }
        if (firsts > 0 && waits && c->needs & NEED_HOMELESS) {
            m->list[LIST_HOMELESS][m->list_n[LIST_HOMELESS]++] = at;
        }
    }
    make_sieve(m, LIST_REGISTERED);
    make_sieve(m, LIST_NEWCOMER);
    make_sieve(m, LIST_URGENT);
    make_sieve(m, LIST_HOMELESS);
}

static void list_by_chance(foresee_market *m, uint64_t *keys)
{
    for (size_t i = 0; i < m->n; i++) {
        keys[i] = (uint64_t)m->candidates[i].order << 32 | i;
    }
    foresee_sort(keys, keys + m->n, m->n, 32);
    for (size_t i = 0; i < m->n; i++) {
        m->list[LIST_CHANCE][m->list_n[LIST_CHANCE]++] = (uint32_t)keys[i];
    }
    make_sieve(m, LIST_CHANCE);
}

/* Homes come up in an order of chance, so that no street is always first. */
static void shuffle(foresee_run *run, foresee_market *m, uint64_t *keys)
{
    foresee_here here = {0};
    for (size_t i = 0; i < m->n_vacant; i++) {
        uint32_t place = foresee_place_of(run, m->vacant[i]);
        if (here.place != &run->places[place]) {
            foresee_here_at(&here, run, place);
        }
        uint32_t number = home_number(&here, m->vacant[i]);
        keys[i] = (uint64_t)turn_of(&run->world, number) << 32 | m->vacant[i];
    }
    foresee_sort(keys, keys + m->n_vacant, m->n_vacant, 32);
    for (size_t i = 0; i < m->n_vacant; i++) {
        m->vacant[i] = (uint32_t)keys[i];
    }
}

typedef struct {
    foresee_run *run;
    foresee_market *market;
    uint32_t firsts;
} ordering;

/* Three orders that do not look at each other. */
static int order(void *payload, size_t which, unsigned worker)
{
    const ordering *o = payload;
    foresee_market *m = o->market;
    uint64_t *keys = m->keys + which * (m->keys_room / SORTS);
    (void)worker;
    if (which == SORT_REGISTERED) {
        list_registered(m, keys, o->firsts);
    } else if (which == SORT_CHANCE) {
        list_by_chance(m, keys);
    } else {
        shuffle(o->run, m, keys);
    }
    return WIJK_OK;
}

static int make_lists(foresee_run *run, foresee_market *m, uint32_t firsts)
{
    ordering o = {run, m, firsts};
    for (int l = 0; l < LISTS; l++) {
        m->list_n[l] = m->list_first[l] = 0;
    }
    return wijk_crew_loop(foresee_by_crew(run) ? run->crew : NULL, SORTS, order, &o, NULL);
}

/* No area takes more of the outflow task than its share by homes, times the lever. */
static int task_open(const offer *o)
{
    const foresee_region *r = o->here.region;
    uint64_t equal = (uint64_t)(r->lets_task + 1) * o->here.place->homes;
    return (uint64_t)o->here.place->task_lets * r->homes * PERCENT <
           equal * (uint64_t)o->here.lever[WIJK_LEVER_OUTFLOW_SHARE];
}

/* Homes come up in an order of chance, so that each is a new corner of memory: ask for what
 * look_around reads while the homes before it are let. */
static void fetch_block(const foresee_state *s, size_t block)
{
    size_t slot = block * BLOCK;
    __builtin_prefetch(s->home + slot);
    __builtin_prefetch(s->home + slot + BLOCK / 2);
    __builtin_prefetch(s->months + slot);
    __builtin_prefetch(s->kind + slot);
    __builtin_prefetch(s->status + slot);
    __builtin_prefetch(s->needs + slot);
}

int foresee_allot(foresee_run *run, size_t region, foresee_scratch *scratch)
{
    foresee_region *r = &run->regions[region];
    foresee_market *m = &scratch->market;
    run->moves[region].n = 0;
    int rc = foresee_allot_gather(run, region, m);
    if (rc != WIJK_OK) {
        return rc;
    }
    foresee_arrivals arrivals;
    foresee_arrivals_of(&arrivals, run, region, m);
    rc = make_lists(run, m, r->firsts);
    r->low = r->lived = 0;
    for (uint32_t i = 0; i + 1 < r->places; i++) {
        r->low += run->places[r->first_place + i].low;
        r->lived += run->places[r->first_place + i].lived;
    }
    uint32_t before = r->lets;
    int64_t walk_most = run->tables->milli[WIJK_P_SEARCH_LIST] / 1000;
    for (size_t i = 0; rc == WIJK_OK && i < m->n_vacant; i++) {
        if (i + AHEAD < m->n_vacant) {
            fetch_block(&run->state, m->vacant[i + AHEAD] / BLOCK);
        }
        offer o = {.slot = m->vacant[i], .place = foresee_place_of(run, m->vacant[i])};
        o.walk = (size_t)(walk_most > 1 ? walk_most : 1);
        foresee_here_at(&o.here, run, o.place);
        o.task_open = task_open(&o);
        rc = offer_home(&o, m, &arrivals);
    }
    r->empty = (double)m->empty - (double)m->fills;
    /* pace follows the social lets of a month, an eighth of the way, x256 */
    int64_t way = (int64_t)(r->lets - before) * 256 - r->pace;
    r->pace = (uint32_t)((int64_t)r->pace + way / 8);
    return rc;
}
