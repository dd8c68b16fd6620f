/* Where a run keeps what: areas of a region in order, its waiting list behind them, chunks of
 * places that one thread takes at a time, teams over places. Decided by the population and the
 * scenario alone, never by the number of threads. */
#include "foresee/run.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <string.h>

enum { WAITING_SHARE = 12, WAITING_LEAST = 64, MILLI = 1000 };

static uint32_t blocks_for(uint64_t homes)
{
    return (uint32_t)((homes + BLOCK - 1) / BLOCK);
}

/* Blocks of an area: those of the population and what the scenario builds. */
static uint32_t area_blocks(const wijk_population *p, size_t area, const uint32_t *built)
{
    return blocks_for((uint64_t)p->areas[area].homes + built[area]);
}

static uint32_t waiting_blocks(uint64_t homes)
{
    return blocks_for(homes / WAITING_SHARE + WAITING_LEAST);
}

static uint64_t periods_of(const wijk_foresee_options *o)
{
    uint64_t each = o->period == WIJK_PER_YEAR ? 12 : 1;
    return (o->months + each - 1) / each + 1;
}

/* Rows of places: one a period, or the start and the whole run. */
static uint64_t rows_of(const wijk_foresee_options *o)
{
    return o->detail == WIJK_EVERY_REGION ? 2 : periods_of(o);
}

static int built_by(uint32_t **out, const wijk_population *p, const wijk_scenario *scenario)
{
    *out = wijk_alloc((p->n_areas + 1) * sizeof **out);
    if (*out == NULL) {
        return WIJK_ENOMEM;
    }
    foresee_levers_room(*out, p, scenario);
    for (size_t area = 0; area < p->n_areas; area++) {
        if ((uint64_t)p->areas[area].homes + (*out)[area] > AREA_SLOTS - BLOCK) {
            wijk_free(*out);
            *out = NULL;
            wijk_fail(WIJK_ELIMIT, "%s: met nieuwbouw meer dan %d woningen in een gebied",
                      "%s: with what is built more than %d homes in one area", p->areas[area].code,
                      AREA_SLOTS - BLOCK);
            return WIJK_ELIMIT;
        }
    }
    return WIJK_OK;
}

static uint64_t blocks_of(const wijk_population *p, const uint32_t *built)
{
    uint64_t blocks = 0, homes = 0;
    for (size_t area = 0; area < p->n_areas; area++) {
        blocks += area_blocks(p, area, built);
        homes += p->areas[area].homes;
        if (area + 1 == p->n_areas || p->areas[area + 1].region != p->areas[area].region) {
            blocks += waiting_blocks(homes);
            homes = 0;
        }
    }
    return blocks;
}

int foresee_layout_bytes(uint64_t *out, const wijk_population *p, const wijk_scenario *scenario,
                         const wijk_foresee_options *options)
{
    uint32_t *built;
    int rc = built_by(&built, p, scenario);
    if (rc != WIJK_OK) {
        return rc;
    }
    uint64_t blocks = blocks_of(p, built), places = p->n_areas + p->n_regions;
    wijk_free(built);
    uint64_t row = sizeof(int32_t) * (WIJK_OUTCOMES + WIJK_GROUPS * WIJK_GROUP_OUTCOMES);
    uint64_t outside = (sizeof(int64_t) + sizeof(uint32_t)) * FORESEE_OUTSIDE;
    uint64_t threads = wijk_threads(options->threads == 0 ? 1 : options->threads, SIZE_MAX);
    *out = foresee_state_bytes(blocks) + places * row * rows_of(options) +
           p->n_regions * SUMS * sizeof(int64_t) * periods_of(options) +
           places * (sizeof(foresee_place) + WIJK_LEVERS * sizeof(int32_t) + 16) +
           p->n_regions * (sizeof(foresee_region) + sizeof(foresee_taste_homes) + outside) +
           p->n_teams * sizeof(foresee_team) + threads * 6 * AREA_SLOTS + sizeof(foresee_tables) +
           sizeof(foresee_run) +
           blocks * (sizeof(uint32_t) + 24); /* 24: lists of the market: about one household in
                                                twelve looks for a home */
    return WIJK_OK;
}

static int reserve(foresee_run *run, uint64_t blocks)
{
    const wijk_population *p = run->population;
    run->n_regions = p->n_regions;
    run->n_places = p->n_areas + p->n_regions;
    run->n_teams = p->n_teams;
    run->rows = rows_of(&run->options);
    run->periods = periods_of(&run->options);
    size_t row = run->n_places * run->rows;
    size_t outside = (size_t)FORESEE_OUTSIDE;
    int rc = foresee_state_new(&run->state, blocks);
    if (rc != WIJK_OK) {
        return rc;
    }
    struct {
        void *array;
        size_t bytes;
    } arrays[] = {
        {&run->places, run->n_places * sizeof *run->places},
        {&run->regions, run->n_regions * sizeof *run->regions},
        {&run->teams, run->n_teams * sizeof *run->teams},
        {&run->team_places, p->n_areas * sizeof *run->team_places},
        {&run->chunk_places, (run->n_places + 1) * sizeof *run->chunk_places},
        {&run->area_place, p->n_areas * sizeof *run->area_place},
        {&run->block_place, blocks * sizeof *run->block_place},
        {&run->outside, run->n_regions * outside * sizeof *run->outside},
        {&run->beyond, run->n_regions * outside * sizeof *run->beyond},
        {&run->taste_homes, run->n_regions * sizeof *run->taste_homes},
        {&run->moves, run->n_regions * sizeof *run->moves},
        {&run->far_first, (run->n_regions + 2) * sizeof *run->far_first},
        {&run->homes_before, (run->n_regions + 1) * sizeof *run->homes_before},
        {&run->come_before, WIJK_AGE_BANDS * (run->n_regions + 1) * sizeof *run->come_before},
        {&run->levers, run->n_places * WIJK_LEVERS * sizeof *run->levers},
        {&run->counts, row * WIJK_OUTCOMES * sizeof *run->counts},
        {&run->sums, run->periods * run->n_regions * SUMS * sizeof *run->sums},
        {&run->groups, row * WIJK_GROUPS * WIJK_GROUP_OUTCOMES * sizeof *run->groups},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        void *block = wijk_alloc(arrays[i].bytes);
        if (block == NULL) {
            return WIJK_ENOMEM;
        }
        memcpy(arrays[i].array, &block, sizeof block);
    }
    return WIJK_OK;
}

static void lay_area(foresee_run *run, size_t at, size_t area, uint32_t block, uint32_t blocks)
{
    const wijk_population *p = run->population;
    uint32_t from = p->first[area], own = p->first[area + 1] - from;
    run->places[at] = (foresee_place){
        .block = block,
        .blocks = blocks,
        .region = p->areas[area].region,
        .team = p->areas[area].team,
        .area = (int32_t)area,
        .number = (uint32_t)area << SLOT_BITS,
        .homes = p->areas[area].homes,
        .used = p->areas[area].homes,
    };
    run->area_place[area] = (uint32_t)at;
    foresee_state_copy(&run->state, block, &p->state, from, own);
    foresee_state *s = &run->state;
    for (size_t slot = (size_t)block * BLOCK; slot < (size_t)(block + own) * BLOCK; slot++) {
        uint32_t home = s->home[slot];
        run->places[at].social += tenure_of(home) == WIJK_SOCIAL;
        run->places[at].firsts +=
            tenure_of(home) != WIJK_NO_HOME && label_of(home) == WIJK_LABEL_FIRST;
    }
}

void foresee_lay_idle(foresee_run *run, size_t region, const double vacated[WIJK_TENURES],
                      const double empty[WIJK_TENURES])
{
    const foresee_region *r = &run->regions[region];
    uint32_t idle[WIJK_TENURES];
    for (unsigned tenure = 0; tenure < WIJK_TENURES; tenure++) {
        double offered = vacated[tenure] / 12 * run->parameters->value[WIJK_P_OFFERED_MONTHS];
        idle[tenure] = threshold(empty[tenure] > 0 ? 1 - offered / empty[tenure] : 0);
    }
    for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
        const foresee_place *place = &run->places[at];
        size_t first = (size_t)place->block * BLOCK, homes = (size_t)place->blocks * BLOCK;
        for (size_t i = 0; i < homes && place->area != NO_AREA; i++) {
            uint32_t *home = &run->state.home[first + i];
            unsigned tenure = tenure_of(*home);
            if (run->state.kind[first + i] == WIJK_NOBODY && tenure != WIJK_NO_HOME &&
                draw1(&run->world, place->number + (uint32_t)i, DRAW_STOCK, UINT32_MAX) <
                    idle[tenure]) {
                *home |= HOME_IDLE;
            }
        }
    }
}

static void lay_places(foresee_run *run, const uint32_t *built)
{
    const wijk_population *p = run->population;
    uint32_t block = 0;
    size_t at = 0, area = 0;
    for (size_t region = 0; region < p->n_regions; region++) {
        foresee_region *r = &run->regions[region];
        r->first_place = (uint32_t)at;
        for (; area < p->n_areas && p->areas[area].region == region; area++) {
            uint32_t blocks = area_blocks(p, area, built);
            lay_area(run, at++, area, block, blocks);
            block += blocks;
            r->homes += p->areas[area].homes;
        }
        uint32_t blocks = waiting_blocks(r->homes);
        run->places[at++] = (foresee_place){
            .block = block,
            .blocks = blocks,
            .region = (uint32_t)region,
            .team = UINT32_MAX,
            .area = NO_AREA,
            .number = 0x7E000000u + (uint32_t)region, /* above every home: AREAS_MOST keeps it so */
        };
        block += blocks;
        r->places = (uint32_t)(at - r->first_place);
        run->homes_before[region + 1] = run->homes_before[region] + r->homes;
    }
}

static int lay_chunks(foresee_run *run)
{
    size_t n = 0;
    uint32_t largest = 0;
    for (size_t region = 0; region < run->n_regions; region++) {
        foresee_region *r = &run->regions[region];
        uint32_t end = r->first_place + r->places, blocks = 0;
        r->first_chunk = (uint32_t)n;
        largest = r->homes > largest ? r->homes : largest;
        for (uint32_t at = r->first_place; at < end; at++) {
            if (blocks == 0) {
                run->chunk_places[n++] = at;
            }
            run->places[at].chunk = (uint32_t)n - 1;
            for (uint32_t b = 0; b < run->places[at].blocks; b++) {
                run->block_place[run->places[at].block + b] = at;
            }
            blocks += run->places[at].blocks;
            blocks = blocks >= CHUNK_BLOCKS ? 0 : blocks;
        }
        r->chunks = (uint32_t)n - r->first_chunk;
    }
    run->n_chunks = n;
    run->chunk_places[n] = (uint32_t)run->n_places;
    run->outboxes = wijk_alloc(n * sizeof *run->outboxes);
    int by_crew = run->options.threads > 1 && largest > run->homes_before[run->n_regions] / 2;
    run->parts = by_crew ? wijk_alloc(n * sizeof *run->parts) : NULL;
    return run->outboxes == NULL || (by_crew && run->parts == NULL) ? WIJK_ENOMEM : WIJK_OK;
}

static void lay_teams(foresee_run *run)
{
    const wijk_population *p = run->population;
    for (size_t area = 0; area < p->n_areas; area++) {
        run->teams[p->areas[area].team].places++;
        run->teams[p->areas[area].team].region = p->areas[area].region;
    }
    uint32_t first = 0;
    for (size_t team = 0; team < p->n_teams; team++) {
        run->teams[team].first = first;
        first += run->teams[team].places;
        run->teams[team].places = 0;
    }
    for (size_t area = 0; area < p->n_areas; area++) {
        foresee_team *team = &run->teams[p->areas[area].team];
        run->team_places[team->first + team->places++] = run->area_place[area];
    }
}

/* The world outside begins as a copy of the region: as many households, of the same kinds. */
static void lay_outside(foresee_run *run)
{
    const foresee_state *s = &run->state;
    for (size_t at = 0; at < run->n_places; at++) {
        const foresee_place *place = &run->places[at];
        size_t end = (size_t)(place->block + place->blocks) * BLOCK;
        for (size_t slot = (size_t)place->block * BLOCK; slot < end; slot++) {
            if (s->kind[slot] != WIJK_NOBODY) {
                foresee_outside_add(run, place->region, s->kind[slot], s->age[slot],
                                    s->status[slot] & STATUS_INCOME, 1);
            }
        }
    }
    for (size_t i = 0; i < run->n_regions * (size_t)FORESEE_OUTSIDE; i++) {
        size_t at = i % FORESEE_OUTSIDE, kind = at / WIJK_INCOMES % KINDS;
        unsigned composition = composition_of((uint8_t)kind);
        run->beyond[i] = (uint32_t)run->outside[i];
        if (composition < WIJK_COMPOSITIONS) { /* three bits hold one more than there are */
            run->regions[i / FORESEE_OUTSIDE].beyond[at / (KINDS * WIJK_INCOMES)][composition] +=
                run->beyond[i];
        }
    }
}

static void lay_region(foresee_run *run, size_t region)
{
    static const wijk_parameter leave[WIJK_AGE_BANDS] = {WIJK_P_LEAVE_24, WIJK_P_LEAVE_34,
                                                         WIJK_P_LEAVE_49, WIJK_P_LEAVE_64,
                                                         WIJK_P_LEAVE_79, WIJK_P_LEAVE_80};
    const wijk_foresee_region *given = &run->population->regions[region];
    foresee_region *r = &run->regions[region];
    const wijk_parameters *p = run->parameters;
    foresee_needs_region(r, run->tables, given);
    int64_t here[WIJK_AGE_BANDS] = {0};
    const int64_t *outside = run->outside + region * (size_t)FORESEE_OUTSIDE;
    for (int i = 0; i < FORESEE_OUTSIDE; i++) {
        here[i / (KINDS * WIJK_INCOMES)] += outside[i]; /* still a copy of the region */
    }
    /* The region's own rates are of persons, but under 25, and of moves within the country; the
     * defaults are of households. */
    double out = 1 - p->value[WIJK_P_ABROAD], in = 1 - p->value[WIJK_P_FROM_ABROAD];
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        double whole = (band == 0 ? 1 : p->value[WIJK_P_HOUSEHOLD_MOVES]) / 1000;
        r->leave_most[band] = given->leave[band] < 0
                                  ? run->tables->chance[leave[band]]
                                  : threshold(foresee_monthly(given->leave[band] * whole / out));
        r->come[band] =
            given->come[band] < 0 ? -1 : given->come[band] * whole / in / 12 * (double)here[band];
    }
    double all = (double)run->homes_before[run->n_regions], own = r->homes;
    double nation = p->value[WIJK_P_NATION_HOMES];
    double share = nation > own ? (all - own) / (nation - own) : 0;
    share = share > 1 ? 1 : share;
    r->elsewhere = threshold(share * (1 - p->value[WIJK_P_ABROAD]));
    /* about what is let now: 7.5% a year (CBS 2022, 2023), until the months tell */
    uint64_t social = 0;
    for (uint32_t i = 0; i < r->places; i++) {
        social += run->places[r->first_place + i].social;
    }
    r->pace = (uint32_t)(social * 75 * 256 / 12000);
    r->empty = r->usual = -1;
}

/* Where those of an age go when they leave their region: as many come of that age, which is how
 * students go to towns with a university. A region of which that is not known draws as its homes do
 * elsewhere. */
static void lay_far(foresee_run *run)
{
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        uint64_t *before = run->come_before + (size_t)band * (run->n_regions + 1);
        double come = 0, homes = 0;
        for (size_t i = 0; i < run->n_regions; i++) {
            const foresee_region *r = &run->regions[i];
            come += r->come[band] >= 0 ? r->come[band] : 0;
            homes += r->come[band] >= 0 ? r->homes : 0;
        }
        double each = homes > 0 ? come / homes : 1;
        for (size_t i = 0; i < run->n_regions; i++) {
            const foresee_region *r = &run->regions[i];
            double part = r->come[band] >= 0 ? r->come[band] : each * r->homes;
            before[i + 1] = before[i] + (uint64_t)(part * MILLI * MILLI) + (r->homes > 0);
        }
    }
}

int foresee_layout(foresee_run *run)
{
    const wijk_scenario scenario = {run->changes, run->n_changes};
    uint32_t *built;
    int rc = built_by(&built, run->population, &scenario);
    if (rc != WIJK_OK) {
        return rc;
    }
    rc = reserve(run, blocks_of(run->population, built));
    if (rc == WIJK_OK) {
        lay_places(run, built);
        rc = lay_chunks(run);
    }
    if (rc == WIJK_OK) {
        lay_teams(run);
        lay_outside(run);
        for (size_t region = 0; region < run->n_regions; region++) {
            lay_region(run, region);
        }
        lay_far(run);
        for (size_t at = 0; at < run->n_places; at++) {
            foresee_here here;
            foresee_here_at(&here, run, at);
            foresee_look_at_incomes(&here);
        }
        foresee_lay_leaving(run);
        foresee_lay_starters(run);
        foresee_lay_incomes(run);
        foresee_lay_stretch(run);
        rc = foresee_lay_taste(run);
        for (size_t i = 0; i < run->n_places; i++) {
            for (int lever = 0; lever < WIJK_LEVERS; lever++) {
                double nothing = wijk_lever_get((wijk_lever)lever)->nothing;
                run->levers[i * WIJK_LEVERS + (size_t)lever] = (int32_t)(nothing * MILLI + 0.5);
            }
        }
    }
    wijk_free(built);
    return rc;
}
