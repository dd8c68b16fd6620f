/* Houses the households of a start population. The idea: a block is one landlord and one kind of
 * home, so homes are laid out by tenure in blocks; within a tenure incomes stand together as far as
 * a parameter says; needs are drawn so that the area has what is published of it and the rest of
 * the country what is known of the country. docs/model/population.md, "Homes, blocks and needs". */
#include "foresee/start.h"

#include "wijk/err.h"
#include "wijk/exact.h"
#include "wijk/foresee.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = SEED_TENURES + 1, ROOMS = SEED_TENURES, DRAWS = 12 };

typedef struct {
    wijk_household household;
    uint8_t persons, kind;
    uint32_t number; /* within the area: what its draws are keyed by */
    double order;    /* place within its tenure */
} settler;

typedef struct {
    const wijk_start *start;
    const wijk_parameters *parameters;
    wijk_population *population;
} housing;

typedef struct { /* how needs and prices differ here from the country */
    double debt, debt_low, mental, newcomer, value, multi;
} leaning;

/* Twelve uniforms of one household or home: three blocks of four words. */
static void draw_row(double out[DRAWS], uint64_t seed, uint32_t purpose, uint32_t place,
                     uint32_t number)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (uint32_t part = 0; part < DRAWS / 4; part++) {
        const uint32_t counter[4] = {purpose, place, number, part};
        uint32_t bits[4];
        wijk_philox(bits, counter, key);
        for (int i = 0; i < 4; i++) {
            out[part * 4 + (uint32_t)i] = ((double)bits[i] + 0.5) * 0x1p-32;
        }
    }
}

/* ---- households ---------------------------------------------------------------------------- */

static int between(int low, int high, double u)
{
    return low + (int)(u * (high - low + 1));
}

/* Years of the reference person: within the band, and not too far from the children; within those
 * limits as the country's households of that composition. */
static int age_of(const seed_table *seed, const seed_kind *kind, double u)
{
    static const uint8_t from[SEED_AGES] = {18, 25, 45, 65, 75};
    static const uint8_t to[SEED_AGES] = {24, 44, 64, 74, SEED_YEARS - 1};
    int low = from[kind->age], high = to[kind->age];
    if (kind->age == 1) {
        low = kind->persons[1] ? 36 : kind->persons[0] ? 27 : low;
    } else if (kind->age == 2) {
        low = !kind->persons[0] && !kind->persons[1] && kind->persons[2] ? 55 : low;
        high = kind->persons[0] ? 54 : kind->persons[1] ? 60 : high;
    }
    const double *younger = seed->younger[kind->composition];
    double mark = younger[low] + u * (younger[high + 1] - younger[low]);
    while (low < high && younger[low + 1] <= mark) {
        low++;
    }
    return low;
}

static int composition_in_run(const seed_kind *kind, int age)
{
    switch (kind->composition) {
    case SEED_SINGLE:
        return age >= 65 ? WIJK_OLDER_SINGLE : WIJK_SINGLE;
    case SEED_COUPLE:
        return age >= 65 ? WIJK_OLDER_COUPLE : WIJK_COUPLE;
    case SEED_FAMILY:
        return WIJK_FAMILY;
    default:
        return WIJK_ONE_PARENT;
    }
}

static uint8_t needs_of(const wijk_start *start, const leaning *lean, const wijk_household *h,
                        int tenure, const double *u)
{
    const double *c = start->country;
    double debt = lean->debt * (h->income == WIJK_INCOME_LOW ? lean->debt_low : 1);
    double frail = h->age >= 80 ? c[START_FRAIL_80] : h->age >= 65 ? c[START_FRAIL_65] : 0;
    int may_be_new = tenure == SEED_SOCIAL && h->income == WIJK_INCOME_LOW && h->age < 65;
    unsigned needs = 0;
    needs |= u[0] < fmin(debt, 0.9) ? WIJK_NEED_DEBT : 0;
    needs |= u[1] < fmin(lean->mental, 0.9) ? WIJK_NEED_MENTAL : 0;
    needs |= u[2] < frail ? WIJK_NEED_FRAIL : 0;
    needs |= u[3] < c[START_MILD] ? WIJK_NEED_MILD : 0;
    needs |= may_be_new && u[4] < lean->newcomer ? WIJK_NEED_NEWCOMER : 0;
    return (uint8_t)needs;
}

/* Months in this home: a memoryless stay, no longer than since leaving the parents. */
static uint16_t months_of(const wijk_start *start, int tenure, int age, double u)
{
    static const int row[SEED_TENURES] = {START_STAY_OWNER, START_STAY_SOCIAL, START_STAY_PRIVATE};
    double months = -wijk_exact_log(u) * start->country[row[tenure]] * 12;
    return (uint16_t)fmin(months, (age - 18) * 12);
}

static void settle_household(settler *out, const wijk_start *start, const leaning *lean,
                             const start_mix *mix, unsigned cell, uint32_t number)
{
    unsigned tenure = start_tenure(cell);
    out->kind = (uint8_t)start_kind(cell);
    const seed_kind *kind = &start->seed.kind[out->kind];
    double u[DRAWS];
    draw_row(u, start->options.seed, START_DRAW_HOUSEHOLD, mix->place, number);
    wijk_household *h = &out->household;
    int age = age_of(&start->seed, kind, u[0]);
    h->age = (uint8_t)age;
    h->composition = (uint8_t)composition_in_run(kind, age);
    h->children = kind->children;
    h->income = start->seed.segment[start_segment(cell)].income;
    h->needs = needs_of(start, lean, h, (int)tenure, u + 2);
    h->months = months_of(start, (int)tenure, age, u[7]);
    out->persons = kind->size;
    out->number = number;
    double sorting = start->country[START_SORTING];
    out->order = sorting * h->income / (SEED_INCOMES - 1) + (1 - sorting) * u[8];
}

/* ---- homes ---------------------------------------------------------------------------------- */

static unsigned step_of(double at, const double *bounds, unsigned n)
{
    unsigned i = 0;
    while (i < n && at > bounds[i]) {
        i++;
    }
    return i;
}

/* Low incomes rent the cheaper homes of their tenure somewhat more often. */
static double leaned(double u, int income)
{
    static const double low[SEED_INCOMES] = {0, 0.02, 0.10, 0.15};
    static const double high[SEED_INCOMES] = {0.92, 1, 1, 1};
    return low[income] + u * (high[income] - low[income]);
}

static unsigned price_of(const wijk_start *start, const leaning *lean, int group, int income,
                         double u)
{
    const double *c = start->country;
    if (group == SEED_SOCIAL) {
        const double rent[] = {c[START_RENT_QUALITY], c[START_RENT_QUALITY] + c[START_RENT_FIRST],
                               c[START_RENT_QUALITY] + c[START_RENT_FIRST] + c[START_RENT_SECOND]};
        return step_of(leaned(u, income), rent, 3);
    }
    if (group == SEED_OWNER) {
        static const double value[] = {0.5, 0.7, 0.9, 1.2, 1.7}; /* of the country's mean */
        return step_of(lean->value * (0.6 + 0.5 * u + 0.1 * income), value, 5);
    }
    const double rent[] = {c[START_PRIVATE_SOCIAL],
                           c[START_PRIVATE_SOCIAL] + c[START_PRIVATE_MIDDLE]};
    return WIJK_PRICE_SOCIAL + step_of(leaned(u, income), rent, 2);
}

/* The home in which `who` lives; of an empty one `who` is NULL. */
static wijk_home home_of(const wijk_start *start, const leaning *lean, const start_mix *mix,
                         int group, const settler *who, uint32_t number)
{
    static const int spare[GROUPS] = {2, 1, 1, 0};
    static const uint8_t tenure[GROUPS] = {WIJK_OWNER, WIJK_SOCIAL, WIJK_PRIVATE, WIJK_PRIVATE};
    double u[DRAWS];
    draw_row(u, start->options.seed, START_DRAW_HOME, mix->place, number);
    int persons = who ? who->persons : between(1, 3, u[0]);
    int size = persons + spare[group] + between(-1, 1, u[1]) - (u[2] < lean->multi);
    size = group == ROOMS ? 1 : size < 1 ? 1 : size > 7 ? 7 : size;
    int income = who ? who->household.income : between(0, 3, u[3]);
    return (wijk_home){.tenure = tenure[group],
                       .size = (uint8_t)size,
                       .price = (uint8_t)price_of(start, lean, group, income, u[4]),
                       .owner = group == SEED_SOCIAL,
                       .label = WIJK_LABEL_NONE};
}

/* ---- the street ----------------------------------------------------------------------------- */

typedef struct {
    settler *settlers; /* by group, each in the order of its street */
    uint32_t first[GROUPS + 1];
    uint32_t homes[GROUPS]; /* occupied and empty */
} street;

static int by_order(const void *a, const void *b)
{
    const settler *x = a, *y = b;
    int order = (x->order > y->order) - (x->order < y->order);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

/* Those who most likely live in a room (alone, young, poor) come last. */
static int by_room(const void *a, const void *b)
{
    const settler *x = a, *y = b;
    int persons = (int)y->persons - x->persons, age = y->household.age - x->household.age;
    int income = y->household.income - x->household.income;
    return persons  ? persons
           : age    ? age
           : income ? income
                    : (x->number > y->number) - (x->number < y->number);
}

static void gather(street *out, const wijk_start *start, const leaning *lean, size_t index)
{
    const start_mix *mix = &start->mixes[index];
    const wijk_start_area *area = &start->areas[index];
    uint32_t at = 0, number = 0;
    for (int t = 0; t < SEED_TENURES; t++) {
        out->first[t] = at;
        number = (uint32_t)t << 28;
        for (uint32_t i = 0; i < mix->n_cells; i++) {
            const start_cell *c = &mix->cells[i];
            uint32_t here = start_tenure(c->cell) == (unsigned)t ? c->count : 0;
            for (uint32_t n = 0; n < here; n++) {
                settle_household(&out->settlers[at++], start, lean, mix, c->cell, number++);
            }
        }
        out->homes[t] = mix->homes[t];
    }
    uint32_t tenants = at - out->first[SEED_PRIVATE];
    qsort(&out->settlers[out->first[SEED_PRIVATE]], tenants, sizeof *out->settlers, by_room);
    out->homes[ROOMS] = area->rooms < tenants ? area->rooms : tenants;
    out->first[ROOMS] = at - out->homes[ROOMS];
    out->first[GROUPS] = at;
    for (int g = 0; g < GROUPS; g++) {
        qsort(&out->settlers[out->first[g]], out->first[g + 1] - out->first[g],
              sizeof *out->settlers, by_order);
    }
}

static double chance(const wijk_start *start, const start_mix *mix, uint32_t *nth)
{
    return wijk_rng_uniform((wijk_draw){.seed = start->options.seed,
                                        .purpose = START_DRAW_BLOCK,
                                        .place = mix->place,
                                        .nth = (*nth)++});
}

/* Writes the homes of one group from `at` on, empty ones scattered among them. */
static void line_up(wijk_home *homes, wijk_household *households, const street *from, int group,
                    const wijk_start *start, const leaning *lean, const start_mix *mix,
                    uint32_t *nth)
{
    const settler *who = &from->settlers[from->first[group]];
    uint32_t n = from->homes[group], living = from->first[group + 1] - from->first[group];
    uint32_t vacant = n > living ? n - living : 0;
    for (uint32_t i = 0; i < n; i++) {
        int is_empty = vacant > 0 && chance(start, mix, nth) * (n - i) < vacant;
        uint32_t number = (uint32_t)group << 28 | i;
        homes[i] = home_of(start, lean, mix, group, is_empty ? NULL : who, number);
        memset(&households[i], 0, sizeof *households);
        if (is_empty) {
            vacant--;
        } else {
            households[i] = who++->household;
        }
    }
}

/* Blocks of one group each, in an order of chance; what is left of every group makes the last. */
static int add_blocks(wijk_population *population, size_t index, const wijk_home *homes,
                      const wijk_household *households, const street *from, uint32_t *order,
                      const wijk_start *start, const start_mix *mix, uint32_t *nth)
{
    uint32_t blocks = 0, begin = 0;
    for (int g = 0; g < GROUPS; g++) {
        for (uint32_t b = 0; b < from->homes[g] / WIJK_BLOCK_HOMES; b++) {
            order[blocks++] = begin + b * WIJK_BLOCK_HOMES;
        }
        begin += from->homes[g];
    }
    for (uint32_t i = blocks; i > 1; i--) {
        uint32_t other = (uint32_t)(chance(start, mix, nth) * i), swap = order[i - 1];
        order[i - 1] = order[other];
        order[other] = swap;
    }
    int rc = WIJK_OK;
    for (uint32_t b = 0; !rc && b < blocks; b++) {
        rc = wijk_population_add(population, index, homes + order[b], households + order[b],
                                 WIJK_BLOCK_HOMES);
    }
    begin = 0;
    for (int g = 0; !rc && g < GROUPS; g++) {
        uint32_t rest = from->homes[g] % WIJK_BLOCK_HOMES;
        begin += from->homes[g];
        rc = rest ? wijk_population_add(population, index, homes + begin - rest,
                                        households + begin - rest, rest)
                  : WIJK_OK;
    }
    return rc;
}

/* ---- needs of an area ------------------------------------------------------------------------ */

/* How much more than in the country; 1 where nothing is known. */
static double ratio_to_country(const wijk_start *start, size_t index, int margin)
{
    double here = start->set.area[index].value[margin].value;
    double country = start->set.country[margin];
    double ratio = isfinite(here) && country > 0 ? here / country : 1;
    return fmin(fmax(ratio, 0.2), 4);
}

/* Share of the households of an area that have the lowest income. */
static double low_share(const wijk_start *start, const start_mix *mix)
{
    double low = 0, all = 0;
    for (uint32_t i = 0; i < mix->n_cells; i++) {
        const start_cell *c = &mix->cells[i];
        int income = start->seed.segment[start_segment(c->cell)].income;
        all += c->count;
        low += income == WIJK_INCOME_LOW ? c->count : 0;
    }
    return all > 0 ? low / all : 0;
}

/* Part of all households of the country that could be newcomers: low income, corporation, under
 * 65. */
static double newcomer_places(const wijk_start *start)
{
    const seed_table *seed = &start->seed;
    double sum = 0;
    for (size_t k = 0; k < seed->household_kinds; k++) {
        for (size_t i = 0; i < seed->segments && seed->kind[k].age < 3; i++) {
            sum += seed->segment[i].income == 0 ? seed->weight[k][i][SEED_SOCIAL] : 0;
        }
    }
    return sum;
}

/* Chance of debt of who has no low income, against the mean of the country. */
static double debt_of_others(const housing *it)
{
    double times = it->parameters->value[WIJK_P_DEBT_LOW], low = it->start->country[START_PASSEND];
    return fmax((1 - times * low) / (1 - low), 0.05);
}

/* Debt in this area against what its incomes would give: by income as in the country, then scaled
 * to what is published of the area. */
static double debt_scale(const housing *it, size_t index)
{
    const wijk_start *start = it->start;
    double here = low_share(start, &start->mixes[index]);
    double expected =
        here * it->parameters->value[WIJK_P_DEBT_LOW] + (1 - here) * debt_of_others(it);
    int known = isfinite(start->set.area[index].value[MARGIN_STRUGGLING].value) &&
                start->set.country[MARGIN_STRUGGLING] > 0;
    return known ? ratio_to_country(start, index, MARGIN_STRUGGLING) / expected : 1;
}

static leaning lean_of(const housing *it, size_t index)
{
    const wijk_start *start = it->start;
    const double *c = start->country;
    double other = debt_of_others(it);
    double multi = start->set.area[index].value[MARGIN_MULTI_FAMILY].value;
    return (leaning){.debt = c[START_DEBT] * other * debt_scale(it, index),
                     .debt_low = it->parameters->value[WIJK_P_DEBT_LOW] / other,
                     .mental = c[START_MENTAL] * ratio_to_country(start, index, MARGIN_ANXIETY),
                     .newcomer = c[START_NEWCOMER] / newcomer_places(start),
                     .value = ratio_to_country(start, index, MARGIN_WOZ),
                     .multi = isfinite(multi) ? multi : 0.36};
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int house_area(void *payload, size_t index, unsigned worker)
{
    (void)worker;
    const housing *it = payload;
    const wijk_start *start = it->start;
    const start_mix *mix = &start->mixes[index];
    const wijk_start_area *area = &start->areas[index];
    size_t n = (size_t)area->homes + area->rooms;
    if (n == 0) {
        return WIJK_OK;
    }
    street from = {.settlers = wijk_alloc((area->households + 1) * sizeof *from.settlers)};
    wijk_home *homes = wijk_alloc(n * sizeof *homes);
    wijk_household *households = wijk_alloc(n * sizeof *households);
    uint32_t *order = wijk_alloc((n / WIJK_BLOCK_HOMES + 1) * sizeof *order);
    int rc = from.settlers && homes && households && order ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        leaning lean = lean_of(it, index);
        uint32_t nth = 0, at = 0;
        gather(&from, start, &lean, index);
        for (int g = 0; g < GROUPS; g++) {
            line_up(homes + at, households + at, &from, g, start, &lean, mix, &nth);
            at += from.homes[g];
        }
        rc = add_blocks(it->population, index, homes, households, &from, order, start, mix, &nth);
    }
    wijk_free(from.settlers);
    wijk_free(homes);
    wijk_free(households);
    wijk_free(order);
    return rc;
}

static int32_t thousandths(const margin_value *value)
{
    return isfinite(value->value) ? (int32_t)floor(value->value * 1000 + 0.5) : 0;
}

/* Regions are gemeenten and teams wijken, in the order of the areas. */
static void name_places(wijk_foresee_area *areas, const wijk_start *start)
{
    uint32_t region = 0, team = 0;
    for (size_t i = 0; i < start->set.areas; i++) {
        const margin_area *m = &start->set.area[i], *before = i ? m - 1 : NULL;
        const wijk_start_area *a = &start->areas[i];
        region += before && strcmp(before->gemeente_code, m->gemeente_code) != 0;
        team += before && (strcmp(before->gemeente_code, m->gemeente_code) != 0 ||
                           strcmp(before->wijk_code, m->wijk_code) != 0 || !*m->wijk_code);
        snprintf(areas[i].code, sizeof areas[i].code, "%s", m->code);
        areas[i].region = region;
        areas[i].team = team;
        areas[i].homes = a->homes + a->rooms;
        areas[i].soc = thousandths(&m->value[MARGIN_SOC]);
        areas[i].onv = thousandths(&m->value[MARGIN_ONV]);
    }
}

/* Onset follows what is published, of the whole region: by area a household that moves would get
 * or lose debt by where it lives, an effect that no evidence gives. */
static void lean_region(wijk_foresee_region *out, const housing *it, size_t from, size_t to)
{
    double debt = 0, mental = 0, all = 0;
    for (size_t i = from; i < to; i++) {
        double households = it->start->areas[i].households;
        debt += households * debt_scale(it, i);
        mental += households * ratio_to_country(it->start, i, MARGIN_ANXIETY);
        all += households;
    }
    out->debt = all > 0 ? fmin(fmax(debt / all, 0.5), 2) : 1;
    out->mental = all > 0 ? fmin(fmax(mental / all, 0.5), 2) : 1;
}

static int make_population(wijk_population **out, const housing *it)
{
    const wijk_start *start = it->start;
    size_t n = start->set.areas, first = 0;
    wijk_foresee_area *areas = wijk_alloc(n * sizeof *areas);
    wijk_foresee_region *regions = wijk_alloc(start->n_regions * sizeof *regions);
    int rc = areas && regions ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        name_places(areas, start);
        for (size_t i = 0; i < start->n_regions; i++) {
            const start_region *from = &start->regions[i];
            snprintf(regions[i].code, sizeof regions[i].code, "%s", from->code);
            memcpy(regions[i].leave, from->leave, sizeof regions[i].leave);
            memcpy(regions[i].come, from->come, sizeof regions[i].come);
            size_t end = first;
            while (end < n && areas[end].region == i) {
                end++;
            }
            lean_region(&regions[i], it, first, end);
            first = end;
        }
        rc = wijk_population_new(out, areas, n, regions, start->n_regions);
    }
    wijk_free(areas);
    wijk_free(regions);
    return rc;
}

int wijk_start_population(wijk_population **out, const wijk_start *start,
                          const wijk_parameters *parameters, wijk_ctx *ctx)
{
    *out = NULL;
    housing it = {start, parameters, NULL};
    wijk_progress(ctx, "homes", 0);
    int rc = make_population(&it.population, &it);
    unsigned threads = wijk_threads(start->options.threads, start->set.areas);
    rc = rc ? rc : wijk_parallel(threads, start->set.areas, house_area, &it, ctx);
    rc = rc ? rc : wijk_population_finish(it.population, parameters, start->options.seed);
    if (rc) {
        wijk_population_free(it.population);
        return rc;
    }
    *out = it.population;
    return WIJK_OK;
}
