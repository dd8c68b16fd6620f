/* The start population: homes and households as a builder gives them, packed; then what no
 * statistic gives: strain, trust, taking part and ties, drawn so that the first month is no shock.
 * Contacts follow the loneliness figures (about 10% without any, 40% with few: CBS and RIVM 2016,
 * 2020), three quarters of the near ones within the block. */
#include "foresee/draw.h"
#include "foresee/tables.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <string.h>

enum { MILLI = 1000, STAYS = 24 };

static int check_areas(const wijk_foresee_area *areas, size_t n, size_t n_regions, uint32_t *teams,
                       size_t n_teams)
{
    for (size_t i = 0; i < n; i++) {
        const wijk_foresee_area *a = &areas[i];
        if (memchr(a->code, 0, sizeof a->code) == NULL) {
            return wijk_fail(WIJK_EINVAL, "gebied %zu: code te lang", "area %zu: code too long", i);
        }
        if (a->region >= n_regions || (i > 0 && a->region < areas[i - 1].region)) {
            return wijk_fail(WIJK_EINVAL, "%s: de gebieden van een regio moeten bij elkaar staan",
                             "%s: areas of one region must stand together", a->code);
        }
        if (a->team >= n_teams || (teams[a->team] != UINT32_MAX && teams[a->team] != a->region)) {
            return wijk_fail(WIJK_EINVAL, "%s: team %u werkt in twee regio's of bestaat niet",
                             "%s: team %u works in two regions or does not exist", a->code,
                             (unsigned)a->team);
        }
        teams[a->team] = a->region;
        if (a->homes > WIJK_AREA_HOMES) {
            return wijk_fail(WIJK_EINVAL, "%s: %u woningen, hoogstens %d in een gebied",
                             "%s: %u homes, at most %d in one area", a->code, (unsigned)a->homes,
                             WIJK_AREA_HOMES);
        }
    }
    return WIJK_OK;
}

static int reserve(wijk_population *p)
{
    uint64_t blocks = 0;
    for (size_t i = 0; i < p->n_areas; i++) {
        p->first[i] = (uint32_t)blocks;
        blocks += (p->areas[i].homes + BLOCK - 1) / BLOCK;
    }
    unsigned long long slots = blocks * BLOCK;
    if (slots > UINT32_MAX / 4) { /* slots have 32 bits, with room for waiting lists */
        return wijk_fail(WIJK_ELIMIT, "te veel woningen: %llu", "too many homes: %llu", slots);
    }
    p->first[p->n_areas] = (uint32_t)blocks;
    return foresee_state_new(&p->state, blocks);
}

int wijk_population_new(wijk_population **out, const wijk_foresee_area *areas, size_t n_areas,
                        const wijk_foresee_region *regions, size_t n_regions)
{
    *out = NULL;
    if (n_areas == 0 || n_regions == 0 || n_areas > AREAS_MOST || n_regions > n_areas) {
        return wijk_fail(WIJK_EINVAL,
                         "een bevolking heeft 1 tot %d gebieden (nu %zu, in %zu regio's)",
                         "a population has 1 to %d areas (now %zu, in %zu regions)", AREAS_MOST,
                         n_areas, n_regions);
    }
    wijk_population *p = wijk_alloc(sizeof *p);
    uint32_t *teams = wijk_alloc(n_areas * sizeof *teams);
    int rc = p == NULL || teams == NULL ? WIJK_ENOMEM : WIJK_OK;
    if (rc == WIJK_OK) {
        memset(teams, 0xFF, n_areas * sizeof *teams);
        rc = check_areas(areas, n_areas, n_regions, teams, n_areas);
    }
    if (rc == WIJK_OK) {
        p->n_areas = p->n_teams = n_areas;
        p->n_regions = n_regions;
        p->areas = wijk_alloc(n_areas * sizeof *areas);
        p->regions = wijk_alloc(n_regions * sizeof *regions);
        p->first = wijk_alloc((n_areas + 1) * sizeof *p->first);
        p->filled = wijk_alloc(n_areas * sizeof *p->filled);
        rc = p->areas && p->regions && p->first && p->filled ? WIJK_OK : WIJK_ENOMEM;
    }
    if (rc == WIJK_OK) {
        memcpy(p->areas, areas, n_areas * sizeof *areas);
        memcpy(p->regions, regions, n_regions * sizeof *regions);
        rc = reserve(p);
    }
    wijk_free(teams);
    if (rc != WIJK_OK) {
        wijk_population_free(p);
        return rc;
    }
    *out = p;
    return WIJK_OK;
}

void wijk_population_free(wijk_population *population)
{
    if (population != NULL) {
        foresee_state_free(&population->state);
        wijk_free(population->areas);
        wijk_free(population->regions);
        wijk_free(population->first);
        wijk_free(population->filled);
        wijk_free(population);
    }
}

static const char *wrong_home(const wijk_home *h)
{
    return h->tenure < WIJK_OWNER || h->tenure >= WIJK_TENURES ? "tenure"
           : h->size < 1 || h->size > 7                        ? "size"
           : h->price >= WIJK_PRICES                           ? "price"
           : h->owner > 15                                     ? "owner"
           : h->label >= WIJK_LABELS                           ? "label"
                                                               : NULL;
}

static const char *wrong_household(const wijk_household *h)
{
    if (h->composition == WIJK_NOBODY) {
        return NULL;
    }
    if (h->composition >= WIJK_COMPOSITIONS) {
        return "composition";
    }
    unsigned adults = adults_of(h->composition);
    return h->age < 18 || h->age > AGE_MOST   ? "age"
           : h->children > CHILDREN_MOST      ? "children"
           : h->income >= WIJK_INCOMES        ? "income"
           : (h->needs & ~(unsigned)NEED_ALL) ? "needs"
           : foresee_composition(adults, h->children, h->age) != h->composition
               ? "composition, age, children"
               : NULL;
}

static void put(foresee_state *s, size_t slot, uint32_t number, const wijk_home *h,
                const wijk_household *who)
{
    s->home[slot] = (uint32_t)h->tenure | (uint32_t)h->size << HOME_SIZE |
                    (uint32_t)h->price << HOME_PRICE | (uint32_t)h->owner << HOME_OWNER |
                    (uint32_t)h->label << HOME_LABEL;
    if (who->composition == WIJK_NOBODY) {
        return;
    }
    s->id[slot] = number;
    s->kind[slot] = kind_of(who->composition, who->children);
    s->age[slot] = who->age;
    s->status[slot] = who->income;
    s->needs[slot] = who->needs;
    s->months[slot] = who->months;
}

int wijk_population_add(wijk_population *population, size_t area, const wijk_home *homes,
                        const wijk_household *households, size_t n)
{
    if (area >= population->n_areas) {
        return wijk_fail(WIJK_EINVAL, "gebied %zu bestaat niet", "there is no area %zu", area);
    }
    const wijk_foresee_area *a = &population->areas[area];
    uint32_t at = population->filled[area];
    if (n > a->homes - at) {
        return wijk_fail(WIJK_EINVAL, "%s: meer woningen dan de aangekondigde %u",
                         "%s: more homes than the %u announced", a->code, (unsigned)a->homes);
    }
    for (size_t i = 0; i < n; i++) {
        const char *wrong = wrong_home(&homes[i]);
        wrong = wrong != NULL ? wrong : wrong_household(&households[i]);
        if (wrong != NULL) {
            return wijk_fail(WIJK_EINVAL, "%s, woning %zu: %s kan niet",
                             "%s, home %zu: %s cannot be", a->code, at + i + 1, wrong);
        }
        size_t slot = (size_t)population->first[area] * BLOCK + at + i;
        put(&population->state, slot, (uint32_t)area << SLOT_BITS | (uint32_t)(at + i), &homes[i],
            &households[i]);
    }
    population->filled[area] += (uint32_t)n;
    return WIJK_OK;
}

/* ---- what no statistic gives ------------------------------------------- */

/* Number of good contacts, in hundredths of households: 10% none, 45% at most two, as is read from
 * GGD, CBS and RIVM in data/targets.csv. */
static const uint8_t contacts_upto[] = {10, 26, 45, 62, 77, 88, 95, 98, 100};

static unsigned contacts_drawn(uint32_t bits)
{
    unsigned percent = below(bits, 100), n = 0;
    while (percent >= contacts_upto[n]) {
        n++;
    }
    return n;
}

typedef struct {
    wijk_population *population;
    const foresee_tables *t;
    foresee_world world;
} beginning;

/* Near ties wanted: about half of all contacts, fewer for who came lately. */
static unsigned near_wanted(unsigned contacts, uint32_t bits, uint16_t months)
{
    unsigned near = 0;
    for (unsigned i = 0; i < contacts && near < TIES; i++) {
        near += bits >> i & 1;
    }
    return months < STAYS ? near / 2 : near;
}

static void draw_traits(const beginning *b, size_t slot, unsigned *near)
{
    foresee_state *s = &b->population->state;
    uint32_t bits[4];
    draw4(bits, &b->world, s->id[slot], DRAW_START, 0);
    unsigned contacts = contacts_drawn(bits[0]);
    *near = near_wanted(contacts, bits[1], s->months[slot]);
    s->contacts[slot] =
        (uint8_t)(contacts - *near); /* ties that do not come about stay away ones */
    s->part[slot] = part_of(bits[0]);
    s->trust[slot] = (uint8_t)(96 + below(bits[3], 97));
}

static void draw_arrears(const beginning *b, size_t slot)
{
    foresee_state *s = &b->population->state;
    const foresee_tables *t = b->t;
    unsigned tenure = tenure_of(s->home[slot]);
    if (tenure == WIJK_OWNER || (s->status[slot] & STATUS_INCOME) != WIJK_INCOME_LOW) {
        return;
    }
    uint64_t in = t->chance[WIJK_P_ARREARS_BEGIN];
    in = s->needs[slot] & WIJK_NEED_DEBT ? times((uint32_t)in, t->milli[WIJK_P_ARREARS_DEBT]) : in;
    uint64_t out = (uint64_t)t->chance[WIJK_P_ARREARS_SETTLE] + t->chance[WIJK_P_JUDGMENT];
    uint32_t share = in + out > 0 ? (uint32_t)(in * UINT32_MAX / (in + out)) : 0;
    if (draw1(&b->world, s->id[slot], DRAW_START, 1) < share) {
        s->needs[slot] |= NEED_ARREARS;
    }
}

/* Where strain would come to rest, give or take what chance adds in a few months. */
static void draw_strain(const beginning *b, size_t slot)
{
    foresee_state *s = &b->population->state;
    const foresee_tables *t = b->t;
    int32_t load = foresee_load(t, s->needs[slot], s->status[slot] & STATUS_INCOME,
                                composition_of(s->kind[slot]), 0, scrambled(s->id[slot]));
    unsigned contacts = degree_of(s->contacts[slot]) + away_of(s->contacts[slot]);
    int32_t aim = load - t->own - foresee_relief(t, (int32_t)contacts);
    uint32_t bits = draw1(&b->world, s->id[slot], DRAW_START, 2);
    aim += (int32_t)below(bits, (uint32_t)t->noise * 2 + 1) - t->noise;
    s->strain[slot] = (uint8_t)(aim < 0 ? 0 : aim > 255 ? 255 : aim);
}

/* Who came with urgency or a task in the past years: newcomers, and of the other social lets the
 * share that has urgency when nothing is changed. */
static void draw_task(const beginning *b, size_t slot)
{
    foresee_state *s = &b->population->state;
    if (tenure_of(s->home[slot]) != WIJK_SOCIAL || s->months[slot] >= TASK_MONTHS) {
        return;
    }
    double urgent = wijk_lever_get(WIJK_LEVER_URGENCY)->nothing / 100;
    if (s->needs[slot] & WIJK_NEED_NEWCOMER ||
        draw1(&b->world, s->id[slot], DRAW_START, 3) < threshold(urgent)) {
        s->home[slot] |= HOME_TASK;
    }
}

static void tie_area(const beginning *b, size_t first, size_t slots, uint8_t *wanted)
{
    foresee_state *s = &b->population->state;
    for (size_t i = 0; i < slots; i++) {
        /* a few tries for each tie: who has found all of his stops looking */
        for (uint32_t nth = 0; wanted[i] > 0 && nth < 3u * TIES; nth++) {
            uint32_t bits[4];
            draw4(bits, &b->world, s->id[first + i], DRAW_START, 16 + nth);
            size_t with = bits[0] < b->t->chance[WIJK_P_TIE_BLOCK]
                              ? i / BLOCK * BLOCK + below(bits[1], BLOCK)
                              : below(bits[1], (uint32_t)slots);
            int like =
                (s->status[first + i] & STATUS_INCOME) == (s->status[first + with] & STATUS_INCOME);
            if (wanted[with] > 0 && with != i && (like || below(bits[2], 2)) &&
                foresee_tie_make(s, first + i, first + with)) {
                wanted[i]--;
                wanted[with]--;
            }
        }
    }
}

static int begin_area(void *payload, size_t area, unsigned worker)
{
    const beginning *b = payload;
    const wijk_population *p = b->population;
    foresee_state s = p->state;
    (void)worker;
    size_t first = (size_t)p->first[area] * BLOCK;
    size_t slots = (size_t)(p->first[area + 1] - p->first[area]) * BLOCK;
    uint8_t *wanted = wijk_alloc(slots);
    if (wanted == NULL) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < slots; i++) {
        unsigned near = 0;
        if (s.kind[first + i] != WIJK_NOBODY) {
            draw_traits(b, first + i, &near);
            draw_arrears(b, first + i);
            draw_task(b, first + i);
        }
        wanted[i] = (uint8_t)near;
    }
    tie_area(b, first, slots, wanted);
    for (size_t i = 0; i < slots; i++) {
        if (s.kind[first + i] != WIJK_NOBODY) {
            unsigned away = away_of(s.contacts[first + i]) + wanted[i];
            s.contacts[first + i] =
                (uint8_t)((s.contacts[first + i] & ~15u) | (away > AWAY_MOST ? AWAY_MOST : away));
            draw_strain(b, first + i);
        }
    }
    for (size_t block = first / BLOCK; block < (first + slots) / BLOCK; block++) {
        s.nuisance[block] = 8;
        s.upkeep[block] = 160;
    }
    wijk_free(wanted);
    return WIJK_OK;
}

int wijk_population_finish(wijk_population *population, const wijk_parameters *parameters,
                           uint64_t seed)
{
    for (size_t i = 0; i < population->n_areas; i++) {
        if (population->filled[i] != population->areas[i].homes) {
            return wijk_fail(WIJK_EINVAL, "%s: %u van de %u woningen gegeven",
                             "%s: %u of %u homes given", population->areas[i].code,
                             (unsigned)population->filled[i], (unsigned)population->areas[i].homes);
        }
    }
    if (population->finished) {
        return wijk_fail(WIJK_EINVAL, "de bevolking is al af",
                         "the population is finished already");
    }
    beginning b = {.population = population,
                   .world = {.key = {(uint32_t)seed, (uint32_t)(seed >> 32)}}};
    foresee_tables *tables;
    int rc = foresee_tables_new(&tables, parameters);
    if (rc == WIJK_OK) {
        b.t = tables;
        rc = wijk_parallel(wijk_threads(0, population->n_areas), population->n_areas, begin_area,
                           &b, NULL);
        foresee_tables_free(tables);
    }
    population->seed = seed;
    population->finished = rc == WIJK_OK;
    return rc;
}

/* ---- reading ----------------------------------------------------------- */

size_t wijk_population_areas(const wijk_population *population)
{
    return population->n_areas;
}

size_t wijk_population_regions(const wijk_population *population)
{
    return population->n_regions;
}

const wijk_foresee_area *wijk_population_area(const wijk_population *population, size_t area)
{
    return &population->areas[area];
}

size_t wijk_population_homes(const wijk_population *population)
{
    size_t sum = 0;
    for (size_t i = 0; i < population->n_areas; i++) {
        sum += population->areas[i].homes;
    }
    return sum;
}

size_t wijk_population_households(const wijk_population *population)
{
    size_t sum = 0;
    for (size_t slot = 0; slot < population->state.slots; slot++) {
        sum += population->state.kind[slot] != WIJK_NOBODY;
    }
    return sum;
}
