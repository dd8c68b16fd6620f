/* Levers: what a scenario turns, and how. A level lever is a number per place that processes read;
 * an event lever changes homes here, once. The list itself stands in wijk/lever.h.
 *
 *   build_*         new homes behind the last of the area, empty, to be let or sold in the market
 *   demolish        social homes side by side go; who lived there is urgent on the waiting list
 *   restructure     the same, and as many homes come back on the spot, restructure_social % social
 *   sell, liberalise  social homes become owner or private homes when they next fall empty
 *   renovate        upkeep of the blocks of homes side by side is as new
 *   knarrenhof      homes side by side get the label for 55 and over who chose each other
 *   gespikkeld      homes here and there get the label for people with a need
 *   streets         homes side by side, to which community work, residents' budget and common task
 *                   are kept: elsewhere these are as when nothing is done
 * What goes side by side goes to one area of chance that holds it, or to as few as hold it; a
 * second step of the same lever mostly goes on where the first ended. The rest is divided over all
 * areas. What cannot be done is counted: not_done, where there are no more such homes, or where a
 * home that was to be sold or let freely is demolished first; task_months, first_months and
 * management_unpaid for tasks without a home, Housing First places without anybody, and hours over
 * the livability cap. Everything else is read where it works: rent and allocation in
 * process_allot.c, people at work in process_help.c, process_block.c and process_ledger.c, ties in
 * process_ties.c, tasks in market.c.
 */
#include "foresee/run.h"
#include "wijk/err.h"

#include <math.h>

enum { MILLI = 1000, PERCENT = 100 * MILLI };

static int is_event(wijk_lever lever)
{
    return wijk_lever_get(lever)->kind == WIJK_LEVER_KIND_EVENT;
}

int foresee_levers_check(const wijk_population *population, const wijk_scenario *scenario,
                         uint32_t months)
{
    for (size_t i = 0; i < scenario->n; i++) {
        const wijk_change *c = &scenario->changes[i];
        if ((unsigned)c->lever >= WIJK_LEVERS || (unsigned)c->scope > WIJK_IN_AREA) {
            return wijk_fail(WIJK_EINVAL, "wijziging %zu: geen bestaande knop of reikwijdte",
                             "change %zu: no such lever or scope", i + 1);
        }
        const wijk_lever_row *row = wijk_lever_get(c->lever);
        if (!isfinite(c->value) || c->value < row->least || c->value > row->most) {
            return wijk_fail(WIJK_EINVAL, "wijziging %zu: %s is %g, moet %g tot %g zijn (%s)",
                             "change %zu: %s is %g, must be %g to %g (%s)", i + 1, row->key,
                             c->value, row->least, row->most, row->unit);
        }
        size_t places = c->scope == WIJK_IN_AREA     ? wijk_population_areas(population)
                        : c->scope == WIJK_IN_REGION ? wijk_population_regions(population)
                                                     : 1;
        if (c->place >= places || c->month < 0 || (uint32_t)c->month >= months) {
            return wijk_fail(WIJK_EINVAL,
                             "wijziging %zu (%s): maand %d of plaats %u valt buiten de berekening",
                             "change %zu (%s): month %d or place %u is outside the run", i + 1,
                             row->key, (int)c->month, (unsigned)c->place);
        }
    }
    return WIJK_OK;
}

static int applies(const wijk_change *c, const wijk_population *p, size_t area)
{
    return c->scope == WIJK_EVERYWHERE ||
           (c->scope == WIJK_IN_REGION && p->areas[area].region == c->place) ||
           (c->scope == WIJK_IN_AREA && area == c->place);
}

static int builds(wijk_lever lever)
{
    return lever == WIJK_LEVER_BUILD_SOCIAL || lever == WIJK_LEVER_BUILD_OWNER ||
           lever == WIJK_LEVER_BUILD_PRIVATE;
}

/* ---- homes that an event can still be done to --------------------------- */

/* Bits that say that a lever was there already. */
static uint32_t closed_by(wijk_lever lever)
{
    switch (lever) {
    case WIJK_LEVER_SELL:
    case WIJK_LEVER_LIBERALISE:
        return HOME_TO_SELL | HOME_TO_FREE;
    case WIJK_LEVER_RENOVATE:
        return HOME_RENOVATED;
    case WIJK_LEVER_KNARRENHOF:
    case WIJK_LEVER_GESPIKKELD:
        return 7u << HOME_LABEL; /* any label */
    case WIJK_LEVER_RESTRUCTURE:
        return HOME_RESTRUCTURED;
    case WIJK_LEVER_STREETS:
        return HOME_STREETS;
    default:
        return 0;
    }
}

int foresee_open_to(wijk_lever lever, uint32_t home)
{
    unsigned tenure = tenure_of(home);
    int kind = lever == WIJK_LEVER_STREETS ? tenure != WIJK_NO_HOME : tenure == WIJK_SOCIAL;
    return kind && (home & closed_by(lever)) == 0;
}

/* Homes here and there, each with the same chance, over all areas. */
static int scattered(wijk_lever lever)
{
    return lever == WIJK_LEVER_SELL || lever == WIJK_LEVER_LIBERALISE ||
           lever == WIJK_LEVER_GESPIKKELD;
}

int foresee_side_by_side(wijk_lever lever)
{
    return is_event(lever) && !builds(lever) && !scattered(lever);
}

/* How many words have these bits of a mask; a block at a time, so that it becomes vectors. */
static uint32_t alike(const uint32_t *home, size_t blocks, uint32_t mask, uint32_t bits)
{
    uint32_t n = 0;
    for (size_t b = 0; b < blocks; b++, home += BLOCK) {
        for (int i = 0; i < BLOCK; i++) {
            n += (home[i] & mask) == bits;
        }
    }
    return n;
}

/* Homes of a place that foresee_open_to lets a lever be done to. */
static uint32_t open_in(const foresee_run *run, const foresee_place *place, wijk_lever lever)
{
    const uint32_t *home = run->state.home + (size_t)place->block * BLOCK;
    uint32_t closed = closed_by(lever), with_tenure = closed | HOME_TENURE;
    return lever == WIJK_LEVER_STREETS
               ? alike(home, place->blocks, closed, 0) - alike(home, place->blocks, with_tenure, 0)
               : alike(home, place->blocks, with_tenure, WIJK_SOCIAL);
}

/* ---- by area ------------------------------------------------------------ */

/* Homes of an event for each area it applies to: whole homes in one sweep, by what there is to do
 * it to. Building goes by size at the start, since room is kept for it before there is a run. */
typedef struct {
    const wijk_population *population;
    const foresee_run *run; /* NULL: before there is one */
    const wijk_change *change;
    uint64_t homes, all, before;
} division;

static uint64_t weight(const division *d, size_t area)
{
    if (!applies(d->change, d->population, area)) {
        return 0;
    }
    if (builds(d->change->lever)) {
        return d->population->areas[area].homes;
    }
    return open_in(d->run, &d->run->places[d->run->area_place[area]], d->change->lever);
}

static division divide(const wijk_population *p, const foresee_run *run, const wijk_change *c)
{
    division d = {.population = p, .run = run, .change = c};
    for (size_t area = 0; area < p->n_areas; area++) {
        d.all += weight(&d, area);
    }
    d.homes = (uint64_t)(c->value + 0.5);
    if (!builds(c->lever) && d.homes > d.all) {
        d.homes = d.all;
    }
    return d;
}

static uint32_t share(division *d, size_t area)
{
    uint64_t own = weight(d, area);
    if (d->all == 0) { /* a new area without homes yet */
        return d->change->scope == WIJK_IN_AREA && area == d->change->place ? (uint32_t)d->homes
                                                                            : 0;
    }
    uint64_t after = d->before + own;
    uint64_t part = d->homes * after / d->all - d->homes * d->before / d->all;
    d->before = after;
    return (uint32_t)part;
}

void foresee_levers_room(uint32_t *homes, const wijk_population *population,
                         const wijk_scenario *scenario)
{
    for (size_t i = 0; i < scenario->n; i++) {
        if (builds(scenario->changes[i].lever)) {
            division d = divide(population, NULL, &scenario->changes[i]);
            for (size_t area = 0; area < population->n_areas; area++) {
                homes[area] += share(&d, area);
            }
        }
    }
}

/* ---- events ------------------------------------------------------------ */

static uint32_t new_home(const foresee_here *here, size_t slot, unsigned tenure)
{
    uint32_t bits[4];
    draw4(bits, &here->world, home_number(here, slot), DRAW_STOCK, 1);
    unsigned rooms = tenure == WIJK_OWNER ? 3 + below(bits[0], 3) : 2 + below(bits[0], 3);
    unsigned price = tenure == WIJK_OWNER     ? WIJK_PRICE_MIDDLE + below(bits[1], 2)
                     : tenure == WIJK_PRIVATE ? WIJK_PRICE_MIDDLE
                     : rooms > 3              ? WIJK_PRICE_SECOND
                                              : WIJK_PRICE_FIRST;
    return tenure | rooms << HOME_SIZE | price << HOME_PRICE | HOME_NEW |
           (tenure == WIJK_SOCIAL ? 1u << HOME_OWNER : 0);
}

/* A new home, by who has it built: of what is neither for social rent nor on the ground of social
 * homes the corporation pays nothing. */
static void tell_built(const foresee_here *here, uint32_t home)
{
    tell(here, WIJK_OUT_BUILT, 1);
    tell(here,
         tenure_of(home) == WIJK_SOCIAL ? WIJK_OUT_BUILT_SOCIAL
         : home & HOME_RESTRUCTURED     ? WIJK_OUT_BUILT_SALE
                                        : WIJK_OUT_BUILT_OTHER,
         1);
}

/* How many of them were built: all that room was kept for. */
static uint32_t build(foresee_here *here, uint32_t homes, unsigned tenure)
{
    foresee_place *place = here->place;
    uint32_t built = 0;
    for (; built < homes && place->used < place->blocks * BLOCK; built++) {
        size_t slot = (size_t)place->block * BLOCK + place->used++;
        here->s->home[slot] = new_home(here, slot, tenure);
        here->s->upkeep[slot / BLOCK] = 255;
        place->homes++;
        here->region->homes++;
        place->social += tenure == WIJK_SOCIAL;
        tell_built(here, here->s->home[slot]);
    }
    return built;
}

static void displace(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    if (s->kind[slot] == WIJK_NOBODY) {
        return;
    }
    foresee_newcomer who = {
        .id = s->id[slot],
        .reason = (uint32_t)REASON_DISPLACED << WAIT_REASON | (uint32_t)here->place->area
                                                                  << WAIT_AREA,
        .kind = s->kind[slot],
        .age = s->age[slot],
        .status = (uint8_t)((s->status[slot] & STATUS_INCOME) | STATUS_SEARCH | STATUS_URGENT),
        .needs = s->needs[slot] & NEED_ALL,
        .strain = s->strain[slot],
        .trust = s->trust[slot],
        .part = s->part[slot],
        .contacts = s->contacts[slot] & 15,
    };
    tell(here, WIJK_OUT_DISPLACED, 1);
    foresee_tell_groups(here, slot, WIJK_GOUT_DISPLACED);
    foresee_send_waiting(here, &who);
    foresee_vacate(here, slot);
}

static void demolish(foresee_here *here, size_t slot, int rebuild)
{
    foresee_place *place = here->place;
    if (here->s->home[slot] & (HOME_TO_SELL | HOME_TO_FREE)) { /* that comes no more */
        here->s->home[slot] &= ~(uint32_t)(HOME_TO_SELL | HOME_TO_FREE);
        tell(here, WIJK_OUT_NOT_DONE, 1);
    }
    displace(here, slot);
    tell(here, WIJK_OUT_DEMOLISHED, 1);
    place->social--;
    place->streets -= (here->s->home[slot] & HOME_STREETS) != 0;
    here->s->home[slot] = 0;
    if (!rebuild) {
        place->homes--;
        here->region->homes--;
        return;
    }
    uint32_t bits = draw1(&here->world, home_number(here, slot), DRAW_STOCK, 2);
    unsigned tenure = below(bits, PERCENT) < (uint32_t)here->lever[WIJK_LEVER_RESTRUCTURE_SOCIAL]
                          ? WIJK_SOCIAL
                          : WIJK_OWNER;
    here->s->home[slot] = new_home(here, slot, tenure) | HOME_RESTRUCTURED;
    here->s->upkeep[slot / BLOCK] = 255;
    place->social += tenure == WIJK_SOCIAL;
    place->restructured++;
    tell_built(here, here->s->home[slot]);
}

static void change_home(foresee_here *here, size_t slot, wijk_lever lever)
{
    uint32_t *home = &here->s->home[slot];
    switch (lever) {
    case WIJK_LEVER_DEMOLISH:
        demolish(here, slot, 0);
        break;
    case WIJK_LEVER_RESTRUCTURE:
        demolish(here, slot, 1);
        break;
    case WIJK_LEVER_SELL:
    case WIJK_LEVER_LIBERALISE:
        *home |= lever == WIJK_LEVER_SELL ? HOME_TO_SELL : HOME_TO_FREE;
        foresee_fell_empty(here, slot);
        break;
    case WIJK_LEVER_RENOVATE:
        *home |= HOME_RENOVATED;
        here->s->upkeep[slot / BLOCK] = 255;
        tell(here, WIJK_OUT_RENOVATED, 1);
        break;
    case WIJK_LEVER_KNARRENHOF:
        *home = with_bits(*home, HOME_LABEL, 7, WIJK_LABEL_COURT);
        break;
    case WIJK_LEVER_STREETS:
        *home |= HOME_STREETS;
        here->place->streets++;
        break;
    default:
        *home = with_bits(*home, HOME_LABEL, 7, WIJK_LABEL_DOTTED);
    }
}

/* Where homes side by side begin, the same in every month: so a second step goes on from there. */
static uint32_t place_of_chance(const foresee_run *run, uint32_t number, wijk_lever lever)
{
    foresee_world world = run->world;
    world.month = 0;
    return draw1(&world, number, DRAW_STOCK, 64 + (uint32_t)lever);
}

/* Changes `homes` homes of the place that the lever is about: side by side from a block of chance,
 * or each with the same chance (selection sampling: Knuth, volume 2, 3.4.2 S). */
static void change_homes(foresee_here *here, uint32_t homes, wijk_lever lever)
{
    const foresee_place *place = here->place;
    size_t first = (size_t)place->block * BLOCK, slots = (size_t)place->blocks * BLOCK;
    int apart = scattered(lever);
    uint32_t open = open_in(here->run, place, lever);
    uint32_t word = place_of_chance(here->run, place->number, lever);
    size_t from = apart || place->blocks == 0 ? 0 : (size_t)below(word, place->blocks) * BLOCK;
    for (size_t i = 0; i < slots && homes > 0; i++) {
        size_t slot = first + (from + i) % slots;
        if (!foresee_open_to(lever, here->s->home[slot])) {
            continue;
        }
        if (!apart ||
            below(draw1(&here->world, home_number(here, slot), DRAW_STOCK, 3), open) < homes) {
            change_home(here, slot, lever);
            homes--;
        }
        open--;
    }
}

/* An area that holds all of it, drawn by the homes that it can be done to; the largest when none
 * does. */
static size_t first_area(const foresee_run *run, const division *d)
{
    size_t n = run->population->n_areas, last = 0;
    uint64_t most = 0, all = 0;
    for (size_t area = 0; area < n; area++) {
        uint64_t own = weight(d, area);
        most = own > most ? own : most;
    }
    uint64_t least = most < d->homes ? most : d->homes;
    for (size_t area = 0; area < n; area++) {
        uint64_t own = weight(d, area);
        all += own >= least ? own : 0;
    }
    uint64_t wanted = (uint64_t)place_of_chance(run, 0, d->change->lever) * all >> 32, upto = 0;
    for (size_t area = 0; area < n && upto <= wanted; area++) {
        uint64_t own = weight(d, area);
        upto += own >= least ? own : 0;
        last = area;
    }
    return last;
}

/* Side by side: in one area, and when that is full in the next. */
static void keep_together(foresee_run *run, division *d)
{
    size_t n = run->population->n_areas, first = first_area(run, d);
    for (size_t i = 0; i < n && d->homes > 0; i++) {
        size_t area = (first + i) % n;
        uint64_t own = weight(d, area), part = own < d->homes ? own : d->homes;
        foresee_here here;
        foresee_here_at(&here, run, run->area_place[area]);
        change_homes(&here, (uint32_t)part, d->change->lever);
        d->homes -= part;
    }
}

/* How many homes it was done to. */
static uint64_t divide_homes(foresee_run *run, division *d, wijk_lever lever)
{
    uint64_t done = 0;
    for (size_t area = 0; area < run->population->n_areas; area++) {
        uint32_t homes = share(d, area);
        if (homes == 0) {
            continue;
        }
        foresee_here here;
        foresee_here_at(&here, run, run->area_place[area]);
        if (builds(lever)) {
            done += build(&here, homes,
                          lever == WIJK_LEVER_BUILD_SOCIAL  ? WIJK_SOCIAL
                          : lever == WIJK_LEVER_BUILD_OWNER ? WIJK_OWNER
                                                            : WIJK_PRIVATE);
        } else {
            change_homes(&here, homes, lever);
            done += homes;
        }
    }
    return done;
}

/* What is asked and cannot be done is told at the first area that it was asked of. */
static void event(foresee_run *run, const wijk_change *c)
{
    division d = divide(run->population, run, c);
    uint64_t asked = (uint64_t)(c->value + 0.5), done = d.homes;
    if (foresee_side_by_side(c->lever)) {
        keep_together(run, &d);
    } else {
        done = divide_homes(run, &d, c->lever);
    }
    for (size_t area = 0; done < asked && area < run->population->n_areas; area++) {
        if (applies(c, run->population, area)) {
            foresee_here here;
            foresee_here_at(&here, run, run->area_place[area]);
            tell(&here, WIJK_OUT_NOT_DONE, (int32_t)(asked - done));
            break;
        }
    }
}

int foresee_levers_later(const wijk_change *a, const wijk_change *b)
{
    if (a->month != b->month) {
        return a->month > b->month;
    }
    int turn_a = is_event(a->lever) ? 1 + (int)a->lever : 0;
    int turn_b = is_event(b->lever) ? 1 + (int)b->lever : 0;
    return turn_a > turn_b;
}

int32_t foresee_lever_of_block(const foresee_here *here, wijk_lever lever)
{
    return here->away ? (int32_t)(wijk_lever_get(lever)->nothing * MILLI + 0.5)
                      : here->lever[lever];
}

static int concerns(const wijk_change *c, const foresee_run *run, const foresee_place *place)
{
    return place->area != NO_AREA ? applies(c, run->population, (size_t)place->area)
                                  : c->scope == WIJK_EVERYWHERE ||
                                        (c->scope == WIJK_IN_REGION && c->place == place->region);
}

void foresee_levers_apply(foresee_run *run)
{
    for (; run->next_change < run->n_changes; run->next_change++) {
        const wijk_change *c = &run->changes[run->next_change];
        if ((uint32_t)c->month > run->month) {
            return;
        }
        if (is_event(c->lever)) {
            event(run, c);
        }
        for (size_t i = 0; i < run->n_places; i++) {
            if (!concerns(c, run, &run->places[i])) {
                continue;
            }
            run->places[i].limited |= c->lever == WIJK_LEVER_STREETS && c->value >= 0.5;
            if (!is_event(c->lever)) {
                run->levers[i * WIJK_LEVERS + c->lever] = (int32_t)(c->value * MILLI + 0.5);
            }
        }
    }
}
