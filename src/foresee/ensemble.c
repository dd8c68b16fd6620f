/* Pairs of runs: a scenario and do-nothing, in the same random world and with the same drawn
 * parameters, one run until the scenario changes something. Each pair depends on its number alone
 * and writes only its own row, so that any number of threads and any division in parts gives the
 * same bytes. What few households would show is left out here, before it can reach a file. */
#include "foresee/ensemble.h"

#include "foresee/breakeven.h"
#include "foresee/run.h"

#include "wijk/err.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR = 12 };

typedef struct {
    wijk_ensemble *e;
    const wijk_population *population;
    const wijk_scenario *scenario[SIDES];
    const ensemble_ranges *ranges;
    const double *effect;  /* as in the options */
    const uint32_t *focus; /* areas, or regions, looked at */
    size_t n_focus;
    int by_region;
    uint8_t *known; /* [pair] doing nothing is there already */
    atomic_uchar *ready;
    size_t kept; /* pairs in a row that were handed over; by who has `keeping` */
    atomic_flag keeping;
    int (*keep)(void *payload, const wijk_ensemble *so_far);
    size_t first;     /* of the pairs under way */
    unsigned threads; /* for each of them */
    size_t *place_of; /* [focus] its place; 0: withheld */
    int (*grown)(void *payload, wijk_ensemble *so_far);
    void *payload;
    atomic_size_t told[WIJK_ENSEMBLE_YEARS]; /* runs that reached each year */
    wijk_ctx *ctx;
} job;

int ensemble_reserve(wijk_ensemble *e, uint64_t ceiling)
{
    e->row = ensemble_row(e->years, e->n_places);
    uint64_t bytes = (uint64_t)ensemble_replicates(e) * e->row * sizeof *e->cell;
    ceiling = ceiling ? ceiling : 1ull << 30;
    if (bytes > ceiling) {
        return wijk_fail(WIJK_ELIMIT,
                         "De uitkomsten vragen %llu MB en er mag %llu MB: neem minder replicaties, "
                         "minder jaren of een kleiner gebied.",
                         "The results take %llu MB and %llu MB are allowed: take fewer replicates, "
                         "fewer years or a smaller area.",
                         (unsigned long long)(bytes >> 20), (unsigned long long)(ceiling >> 20));
    }
    e->cell = wijk_alloc((size_t)bytes);
    return e->cell ? WIJK_OK : WIJK_ENOMEM;
}

uint64_t wijk_ensemble_bytes(size_t areas, const wijk_ensemble_options *o)
{
    uint64_t pairs = (uint64_t)o->last - o->first + 1;
    return pairs * ensemble_row(o->years, areas + WIJK_ENSEMBLE_AREAS) * sizeof(int32_t);
}

void wijk_ensemble_free(wijk_ensemble *e)
{
    if (e) {
        for (int i = 0; i < TEXTS; i++) {
            wijk_free(e->text[i]);
        }
        for (size_t i = 0; e->places && i < e->n_places; i++) {
            wijk_free(e->places[i].code);
            wijk_free(e->places[i].name);
        }
        wijk_free(e->places);
        wijk_free(e->cell);
        wijk_free(e);
    }
}

/* ---- one pair ------------------------------------------------------------------------------- */

static int is_livability(int outcome)
{
    return outcome == WIJK_OUT_LIVABILITY_SOC || outcome == WIJK_OUT_LIVABILITY_ONV;
}

static int32_t rounded_mean(int64_t sum, int64_t n)
{
    return n == 0 ? 0 : (int32_t)((sum >= 0 ? sum + n / 2 : sum - n / 2) / n);
}

/* What one of the areas (or regions) looked at counts. */
static int64_t count_at(const job *j, const wijk_foresee *run, uint32_t year, size_t f, int outcome)
{
    return j->by_region ? wijk_foresee_region_count(run, year, j->focus[f], (wijk_outcome)outcome)
                        : wijk_foresee_area_count(run, year, j->focus[f], (wijk_outcome)outcome);
}

/* A sum as it stands in a cell: past what fits there is no answer, rather than a wrong one. */
static int to_cell(int32_t *out, int64_t sum, int outcome)
{
    *out = (int32_t)sum;
    return sum > MISSING && sum <= INT32_MAX
               ? WIJK_OK
               : wijk_fail(WIJK_ELIMIT,
                           "De som van %s is hier te groot om te bewaren (%lld): kies een kleiner "
                           "gebied of een kleiner beleid.",
                           "The sum of %s is too large to keep here (%lld): choose a smaller area "
                           "or a smaller policy.",
                           wijk_outcome_key((wijk_outcome)outcome), (long long)sum);
}

/* Areas together: counts add up, a score is the mean over households. A region's score is its sum
 * over households already. */
static int tell_here(const job *j, const wijk_foresee *run, uint32_t year, int32_t *out)
{
    int64_t households = 0;
    int rc = WIJK_OK;
    for (size_t f = 0; f < j->n_focus; f++) {
        households += count_at(j, run, year, f, WIJK_OUT_HOUSEHOLDS);
    }
    for (int o = 0; !rc && o < WIJK_OUTCOMES; o++) {
        int64_t sum = 0;
        for (size_t f = 0; f < j->n_focus; f++) {
            int64_t weight = is_livability(o) && !j->by_region
                                 ? count_at(j, run, year, f, WIJK_OUT_HOUSEHOLDS)
                                 : 1;
            sum += count_at(j, run, year, f, o) * weight;
        }
        if (households < WIJK_ENSEMBLE_LEAST) {
            out[o] = MISSING;
        } else if (is_livability(o)) {
            out[o] = rounded_mean(sum, households);
        } else {
            rc = to_cell(&out[o], sum, o);
        }
    }
    return rc;
}

/* Flows of everything that was modelled; stocks would show, by subtraction, how few wait. */
static int tell_whole(const job *j, const wijk_foresee *run, uint32_t year, int32_t *out)
{
    int rc = WIJK_OK;
    for (int o = 0; !rc && o < WIJK_OUTCOMES; o++) {
        int64_t sum = 0;
        for (size_t r = 0; r < j->population->n_regions; r++) {
            sum += wijk_foresee_region_count(run, year, r, (wijk_outcome)o) +
                   wijk_foresee_waiting_count(run, year, r, (wijk_outcome)o);
        }
        out[o] = MISSING;
        rc = wijk_outcome_is_flow((wijk_outcome)o) ? to_cell(&out[o], sum, o) : WIJK_OK;
    }
    return rc;
}

static int64_t group_at(const job *j, const wijk_foresee *run, uint32_t year, size_t f, int g,
                        int o)
{
    return j->by_region ? wijk_foresee_region_group(run, year, j->focus[f], (wijk_group)g,
                                                    (wijk_group_outcome)o)
                        : wijk_foresee_group_count(run, year, j->focus[f], (wijk_group)g,
                                                   (wijk_group_outcome)o);
}

/* Of households: they fit a cell in any country. */
static void tell_groups(const job *j, const wijk_foresee *run, uint32_t year, int32_t *out)
{
    for (int g = 0; g < WIJK_GROUPS; g++) {
        int64_t sum[WIJK_GROUP_OUTCOMES] = {0};
        for (size_t f = 0; f < j->n_focus; f++) {
            for (int o = 0; o < WIJK_GROUP_OUTCOMES; o++) {
                sum[o] += group_at(j, run, year, f, g, o);
            }
        }
        for (int o = 0; o < WIJK_GROUP_OUTCOMES; o++) {
            int few = sum[WIJK_GOUT_HOUSEHOLDS] < WIJK_ENSEMBLE_LEAST;
            out[g * WIJK_GROUP_OUTCOMES + o] = few ? MISSING : (int32_t)sum[o];
        }
    }
}

static void tell_areas(const job *j, const wijk_foresee *run, uint32_t year, int side, int32_t *row)
{
    for (size_t f = 0; f < j->n_focus; f++) {
        if (j->place_of[f] != 0) {
            int32_t *out = row + ensemble_at(j->e, side, year, j->place_of[f], (wijk_outcome)0);
            int64_t households = count_at(j, run, year, f, WIJK_OUT_HOUSEHOLDS);
            for (int o = 0; o < WIJK_OUTCOMES; o++) {
                int64_t count = count_at(j, run, year, f, o);
                out[o] = households < WIJK_ENSEMBLE_LEAST   ? MISSING
                         : j->by_region && is_livability(o) ? rounded_mean(count, households)
                                                            : (int32_t)count;
            }
        }
    }
}

/* What a run tells of one year. */
static int tell_year(const job *j, const wijk_foresee *run, int side, uint32_t year, int32_t *row)
{
    const wijk_ensemble *e = j->e;
    int rc = tell_whole(j, run, year, row + ensemble_at(e, side, year, WIJK_ENSEMBLE_WHOLE, 0));
    rc = rc ? rc : tell_here(j, run, year, row + ensemble_at(e, side, year, WIJK_ENSEMBLE_HERE, 0));
    tell_areas(j, run, year, side, row);
    tell_groups(j, run, year, row + ensemble_group_at(e, side, year, 0));
    return rc;
}

/* Whoever is the last of all runs to reach a year shows it. A run tells its years in order, so no
 * two show at once. */
static int perhaps_show(job *j, uint32_t year)
{
    if (!j->grown || year == 0 || year == j->e->years ||
        atomic_fetch_add(&j->told[year], 1) + 1 < SIDES * ensemble_replicates(j->e)) {
        return WIJK_OK;
    }
    wijk_ensemble *so_far;
    int rc = ensemble_until(&so_far, j->e, year);
    return rc ? rc : j->grown(j->payload, so_far);
}

typedef struct {
    job *j;
    int32_t *row;
    wijk_parameters parameters;
    wijk_foresee *run[SIDES];
    uint32_t apart; /* the month in which the scenario first changes something */
} couple;

/* From one month to another; what it gives is told of side `first` up to `last`. */
static int go_on(const couple *c, int runs, uint32_t from, uint32_t to, int first, int last)
{
    int rc = WIJK_OK;
    for (uint32_t month = from; rc == WIJK_OK && month <= to; month++) {
        rc = wijk_checkpoint(c->j->ctx);
        rc = rc ? rc : wijk_foresee_to(c->run[runs], month, NULL);
        for (int side = first; !rc && month % YEAR == 0 && side <= last; side++) {
            rc = tell_year(c->j, c->run[runs], side, month / YEAR, c->row);
            rc = rc ? rc : perhaps_show(c->j, month / YEAR);
        }
    }
    return rc;
}

static int one_side(void *payload, size_t side, unsigned worker)
{
    const couple *c = payload;
    (void)worker;
    return go_on(c, (int)side, c->apart + 1, c->j->e->years * YEAR, (int)side, (int)side);
}

/* The two sides go side by side, or in turn a year at a time, so that years come together. */
static int both_sides(couple *c)
{
    uint32_t months = c->j->e->years * YEAR;
    int rc =
        foresee_fork(&c->run[SIDE_SCENARIO], c->run[SIDE_NOTHING], c->j->scenario[SIDE_SCENARIO]);
    if (!rc && c->j->threads >= SIDES) {
        for (int side = 0; side < SIDES; side++) {
            foresee_threads(c->run[side], c->j->threads / SIDES);
        }
        return wijk_parallel(SIDES, SIDES, one_side, c, NULL);
    }
    for (uint32_t from = c->apart, to; !rc && from < months; from = to) {
        to = (from / YEAR + 1) * YEAR;
        for (int side = 0; !rc && side < SIDES; side++) {
            rc = go_on(c, side, from + 1, to, side, side);
        }
    }
    return rc;
}

/* The pairs in a row that are ready are a part: it is handed over as it grows. A thread that finds
 * another one at it leaves its own pair to the next. */
static int keep_ready(job *j, size_t pair)
{
    size_t pairs = ensemble_replicates(j->e);
    int rc = WIJK_OK;
    atomic_store(&j->ready[pair], 1);
    if (atomic_flag_test_and_set(&j->keeping)) {
        return WIJK_OK;
    }
    size_t before = j->kept;
    while (j->kept < pairs && atomic_load(&j->ready[j->kept])) {
        j->kept++;
    }
    if (j->kept > before) {
        wijk_ensemble part = *j->e;
        part.last = part.first + (uint32_t)j->kept - 1;
        rc = j->keep(j->payload, &part);
    }
    atomic_flag_clear(&j->keeping);
    return rc;
}

static int one_pair(void *payload, size_t index, unsigned worker)
{
    job *j = payload;
    size_t pair = j->first + index;
    uint32_t months = j->e->years * YEAR;
    uint32_t apart = foresee_fork_month(j->scenario[SIDE_SCENARIO]);
    couple c = {
        .j = j, .row = j->e->cell + pair * j->e->row, .apart = apart < months ? apart : months};
    const wijk_foresee_options options = {.seed = j->e->seed,
                                          .replicate = j->e->first + (uint32_t)pair,
                                          .months = months,
                                          .period = WIJK_PER_YEAR,
                                          .detail =
                                              j->by_region ? WIJK_EVERY_REGION : WIJK_EVERY_AREA,
                                          .threads = j->threads};
    ensemble_draw(&c.parameters, j->ranges, j->e->seed, options.replicate);
    if (j->effect) {
        breakeven_set(&c.parameters, j->ranges->low, j->ranges->high, *j->effect);
    }
    int alone = j->known[pair], side = alone ? SIDE_SCENARIO : SIDE_NOTHING;
    int rc =
        wijk_foresee_new(&c.run[side], j->population, &c.parameters, j->scenario[side], &options);
    if (alone) {
        rc = rc ? rc : go_on(&c, side, 0, months, side, side);
    } else {
        rc = rc ? rc : go_on(&c, side, 0, c.apart, SIDE_SCENARIO, SIDE_NOTHING);
        rc = rc || c.apart == months ? rc : both_sides(&c);
    }
    wijk_foresee_free(c.run[SIDE_SCENARIO]);
    wijk_foresee_free(c.run[SIDE_NOTHING]);
    if (worker == 0) {
        wijk_progress(j->ctx, "foresee", (double)pair / (double)ensemble_replicates(j->e));
    }
    return rc || !j->keep ? rc : keep_ready(j, pair);
}

/* Pairs go side by side, each on one processor, as far as that comes out; the last few share all.
 * Those of a country go one by one: they would not fit beside each other. */
static int run_pairs(job *j, unsigned threads)
{
    size_t pairs = ensemble_replicates(j->e) - j->first;
    size_t rest = j->by_region ? pairs : pairs % threads;
    j->threads = 1;
    int rc = wijk_parallel(threads, pairs - rest, one_pair, j, j->ctx);
    unsigned beside = j->by_region || rest == 0 ? 1 : (unsigned)rest;
    j->first += pairs - rest;
    j->threads = threads / beside;
    return rc ? rc : wijk_parallel(beside, rest, one_pair, j, j->ctx);
}

/* ---- what another policy knows --------------------------------------------------------------- */

/* 1 when doing nothing is the same question in both. */
static int same_nothing(const wijk_ensemble *a, const wijk_ensemble *b)
{
    int same = a->seed == b->seed && a->years == b->years && a->parameters == b->parameters &&
               a->population == b->population && a->n_places == b->n_places &&
               !strcmp(a->text[TEXT_VERSION], b->text[TEXT_VERSION]);
    for (size_t i = 0; same && i < a->n_places; i++) {
        same = !strcmp(a->places[i].code, b->places[i].code);
    }
    return same;
}

static void copy_nothing(wijk_ensemble *e, size_t pair, const int32_t *from)
{
    size_t places = ensemble_at(e, SIDE_NOTHING, 0, 0, (wijk_outcome)0);
    size_t groups = ensemble_group_at(e, SIDE_NOTHING, 0, 0);
    size_t years = (size_t)e->years + 1;
    int32_t *row = e->cell + pair * e->row;
    memcpy(row + places, from + places, years * e->n_places * WIJK_OUTCOMES * sizeof *row);
    memcpy(row + groups, from + groups, years * GROUP_CELLS * sizeof *row);
}

static int take_known(wijk_ensemble *e, size_t pair, const wijk_ensemble_options *o)
{
    uint32_t replicate = e->first + (uint32_t)pair;
    for (size_t i = 0; i < o->n_known; i++) {
        const wijk_ensemble *known = o->known[i];
        if (replicate >= known->first && replicate <= known->last && same_nothing(e, known)) {
            copy_nothing(e, pair, ensemble_of(known, replicate - known->first));
            return 1;
        }
    }
    return 0;
}

/* The replicates that an earlier run of the same kept, from the first on. */
static int take_done(job *j, const wijk_ensemble *done)
{
    const char *const *why = ensemble_difference(j->e, done);
    if (why) {
        return wijk_fail(WIJK_EINVAL,
                         "Wat er al bewaard is, is van een andere berekening (%s%.0s): bewaar deze "
                         "onder een andere naam.",
                         "What is kept already is of another run (%.0s%s): keep this one under "
                         "another name.",
                         why[0], why[1]);
    }
    if (done->first != j->e->first || done->last > j->e->last) {
        return wijk_fail(
            WIJK_EINVAL,
            "Wat er al bewaard is, is van replicaties %u tot en met %u, en gevraagd is "
            "%u tot en met %u: vraag er meer vanaf dezelfde eerste, of bewaar ze onder "
            "een andere naam.",
            "What is kept already is of replicates %u to %u, and asked are %u to %u: "
            "ask more from the same first, or keep them under another name.",
            done->first, done->last, j->e->first, j->e->last);
    }
    j->first = j->kept = ensemble_replicates(done);
    memcpy(j->e->cell, done->cell, j->first * j->e->row * sizeof *j->e->cell);
    for (uint32_t year = 0; year < j->e->years; year++) {
        atomic_fetch_add(&j->told[year], SIDES * j->first);
    }
    return WIJK_OK;
}

/* Takes over what is known, and counts its years as told. */
static void take_all_known(job *j, const wijk_ensemble_options *o)
{
    for (size_t pair = j->first; pair < ensemble_replicates(j->e); pair++) {
        j->known[pair] = (uint8_t)take_known(j->e, pair, o);
        for (uint32_t year = 0; year < j->e->years; year++) {
            atomic_fetch_add(&j->told[year], j->known[pair]);
        }
    }
}

/* ---- which places ---------------------------------------------------------------------------- */

static uint32_t households_of_area(const wijk_population *p, size_t area)
{
    uint32_t sum = 0;
    for (size_t slot = (size_t)p->first[area] * BLOCK; slot < (size_t)p->first[area + 1] * BLOCK;
         slot++) {
        sum += p->state.kind[slot] != WIJK_NOBODY;
    }
    return sum;
}

static uint32_t households_at_start(const job *j, size_t f)
{
    const wijk_population *p = j->population;
    uint32_t sum = 0;
    if (!j->by_region) {
        return households_of_area(p, j->focus[f]);
    }
    for (size_t area = 0; area < p->n_areas; area++) {
        sum += p->areas[area].region == j->focus[f] ? households_of_area(p, area) : 0;
    }
    return sum;
}

/* The areas that are shown apart: not those with few households, and when these together are still
 * few, not the smallest of the others either, or the difference from the whole would show them. */
static int choose_places(job *j, uint32_t *total)
{
    uint32_t few = 0;
    uint32_t *households = wijk_alloc((j->n_focus + 1) * sizeof *households);
    if (!households) {
        return WIJK_ENOMEM;
    }
    for (size_t f = 0; f < j->n_focus; f++) {
        households[f] = households_at_start(j, f);
        *total += households[f];
        j->place_of[f] = households[f] >= WIJK_ENSEMBLE_LEAST;
        few += j->place_of[f] ? 0 : households[f];
    }
    while (few > 0 && few < WIJK_ENSEMBLE_LEAST) {
        size_t least = j->n_focus;
        for (size_t f = 0; f < j->n_focus; f++) {
            if (j->place_of[f] && (least == j->n_focus || households[f] < households[least])) {
                least = f;
            }
        }
        if (least == j->n_focus) {
            break;
        }
        j->place_of[least] = 0;
        few += households[least];
    }
    j->e->n_places = WIJK_ENSEMBLE_AREAS;
    for (size_t f = 0; f < j->n_focus; f++) {
        j->e->withheld += j->place_of[f] == 0;
        j->place_of[f] = j->place_of[f] ? j->e->n_places++ : 0;
    }
    wijk_free(households);
    return WIJK_OK;
}

static int name_places(job *j, const wijk_ensemble_options *o)
{
    wijk_ensemble *e = j->e;
    e->places = wijk_alloc(e->n_places * sizeof *e->places);
    if (!e->places) {
        return WIJK_ENOMEM;
    }
    e->places[WIJK_ENSEMBLE_WHOLE].code = wijk_strdup("");
    e->places[WIJK_ENSEMBLE_WHOLE].name = wijk_strdup(e->text[TEXT_REGION]);
    e->places[WIJK_ENSEMBLE_HERE].code = wijk_strdup("");
    e->places[WIJK_ENSEMBLE_HERE].name = wijk_strdup(e->text[TEXT_PLACE]);
    for (size_t f = 0; f < j->n_focus; f++) {
        ensemble_place *place = &e->places[j->place_of[f]];
        if (j->place_of[f] != 0) {
            const char *code = j->by_region ? j->population->regions[j->focus[f]].code
                                            : j->population->areas[j->focus[f]].code;
            place->code = wijk_strdup(code);
            place->name = wijk_strdup(o->names ? o->names[j->focus[f]] : code);
        }
    }
    for (size_t i = 0; i < e->n_places; i++) {
        if (!e->places[i].code || !e->places[i].name) {
            return WIJK_ENOMEM;
        }
    }
    return WIJK_OK;
}

/* ---- what it was made from ------------------------------------------------------------------- */

static int take_texts(wijk_ensemble *e, const wijk_ensemble_options *o)
{
    const char *const texts[TEXTS] = {WIJK_VERSION, o->place,    o->region, o->title[0],
                                      o->title[1],  o->scenario, o->lineage};
    for (int i = 0; i < TEXTS; i++) {
        e->text[i] = wijk_strdup(texts[i] ? texts[i] : "");
        if (!e->text[i]) {
            return WIJK_ENOMEM;
        }
    }
    return WIJK_OK;
}

uint64_t ensemble_of_people(const wijk_population *p)
{
    const foresee_state *s = &p->state;
    size_t slots = (size_t)p->first[p->n_areas] * BLOCK;
    const struct {
        const void *bytes;
        size_t size;
    } arrays[] = {{s->home, slots * sizeof *s->home},
                  {s->months, slots * sizeof *s->months},
                  {s->kind, slots},
                  {s->age, slots},
                  {s->status, slots},
                  {s->needs, slots},
                  {s->strain, slots}};
    uint64_t hash = ensemble_hash(ENSEMBLE_HASH, &p->seed, sizeof p->seed);
    for (size_t a = 0; a < p->n_areas; a++) {
        const wijk_foresee_area *area = &p->areas[a];
        hash = ensemble_hash(hash, area->code, strlen(area->code) + 1);
        hash = ensemble_hash(hash, &area->homes, sizeof area->homes);
    }
    for (size_t r = 0; r < p->n_regions; r++) {
        hash = ensemble_hash(hash, p->regions[r].leave, sizeof p->regions[r].leave);
        hash = ensemble_hash(hash, p->regions[r].come, sizeof p->regions[r].come);
        hash = ensemble_hash(hash, &p->regions[r].debt, sizeof p->regions[r].debt);
        hash = ensemble_hash(hash, &p->regions[r].mental, sizeof p->regions[r].mental);
    }
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        hash = ensemble_hash(hash, arrays[i].bytes, arrays[i].size);
    }
    return hash;
}

static int check_options(const wijk_population *p, const wijk_ensemble_options *o)
{
    if (o->first < 1 || o->last < o->first || o->last > WIJK_ENSEMBLE_MOST) {
        return wijk_fail(WIJK_EINVAL, "replicaties: van 1 tot en met %d, de kleinste eerst",
                         "replicates: from 1 to %d, the smallest first", WIJK_ENSEMBLE_MOST);
    }
    if (o->years < 1 || o->years > WIJK_ENSEMBLE_YEARS) {
        return wijk_fail(WIJK_EINVAL, "jaren: van 1 tot en met %d", "years: from 1 to %d",
                         WIJK_ENSEMBLE_YEARS);
    }
    for (size_t i = 0; o->focus && i < o->n_focus; i++) {
        if (o->by_region || o->focus[i] >= p->n_areas ||
            (i > 0 && o->focus[i] <= o->focus[i - 1])) {
            return wijk_fail(WIJK_EINVAL, "gekozen gebied %zu bestaat niet of staat er dubbel",
                             "chosen area %zu does not exist or is there twice", i);
        }
    }
    return WIJK_OK;
}

static int prepare(job *j, const wijk_ensemble_options *o, ensemble_ranges *ranges, uint32_t *all)
{
    wijk_ensemble *e = j->e;
    uint32_t total = 0;
    e->seed = o->seed;
    e->first = o->first;
    e->last = o->last;
    e->years = o->years;
    for (size_t i = 0; !o->focus && i < j->n_focus; i++) {
        all[i] = (uint32_t)i;
    }
    int rc = ensemble_ranges_read(ranges);
    e->parameters = ensemble_fingerprint(ranges);
    if (o->effect) { /* runs at different strengths never merge */
        e->parameters = ensemble_hash(e->parameters, o->effect, sizeof *o->effect);
    }
    e->population = ensemble_of_people(j->population);
    rc = rc ? rc : take_texts(e, o);
    rc = rc ? rc : choose_places(j, &total);
    if (!rc && total < WIJK_ENSEMBLE_LEAST) {
        rc = wijk_fail(
            WIJK_EDENIED, "Hier wonen te weinig huishoudens (minder dan %d) om iets te tonen.",
            "Too few households live here (fewer than %d) to show anything.", WIJK_ENSEMBLE_LEAST);
    }
    rc = rc ? rc : name_places(j, o);
    return rc ? rc : ensemble_reserve(e, o->ceiling);
}

int wijk_ensemble_run(wijk_ensemble **out, const wijk_population *population,
                      const wijk_scenario *scenario, const wijk_ensemble_options *o, wijk_ctx *ctx)
{
    static const wijk_scenario nothing = {NULL, 0};
    ensemble_ranges ranges;
    int rc = check_options(population, o);
    *out = NULL;
    if (rc) {
        return rc;
    }
    size_t n_focus = o->focus       ? o->n_focus
                     : o->by_region ? population->n_regions
                                    : population->n_areas;
    uint32_t *all = wijk_alloc((population->n_areas + 1) * sizeof *all);
    job j = {.e = wijk_alloc(sizeof *j.e),
             .population = population,
             .scenario = {scenario, &nothing},
             .ranges = &ranges,
             .effect = o->effect,
             .focus = o->focus ? o->focus : all,
             .n_focus = n_focus,
             .by_region = o->by_region,
             .place_of = wijk_alloc((n_focus + 1) * sizeof *j.place_of),
             .known = wijk_alloc((size_t)o->last - o->first + 1),
             .ready = wijk_alloc(((size_t)o->last - o->first + 1) * sizeof *j.ready),
             .grown = o->grown,
             .keep = o->keep,
             .keeping = ATOMIC_FLAG_INIT,
             .payload = o->payload,
             .ctx = ctx};
    rc =
        all && j.e && j.place_of && j.known && j.ready ? prepare(&j, o, &ranges, all) : WIJK_ENOMEM;
    rc = rc ? rc : foresee_fork_check(population, scenario, o->years * YEAR);
    rc = rc || !o->done ? rc : take_done(&j, o->done);
    if (!rc) {
        take_all_known(&j, o);
        rc = run_pairs(&j, wijk_threads(o->threads, SIZE_MAX));
    }
    wijk_free(all);
    wijk_free(j.place_of);
    wijk_free(j.known);
    wijk_free(j.ready);
    if (rc) {
        wijk_ensemble_free(j.e);
        return rc;
    }
    *out = j.e;
    return WIJK_OK;
}

/* ---- what it is about ------------------------------------------------------------------------ */

wijk_ensemble_about wijk_ensemble_tell(const wijk_ensemble *e)
{
    return (wijk_ensemble_about){.seed = e->seed,
                                 .parameters = e->parameters,
                                 .population = e->population,
                                 .first = e->first,
                                 .last = e->last,
                                 .years = e->years,
                                 .withheld = e->withheld,
                                 .version = e->text[TEXT_VERSION],
                                 .place = e->text[TEXT_PLACE],
                                 .region = e->text[TEXT_REGION],
                                 .title = {e->text[TEXT_TITLE_NL], e->text[TEXT_TITLE_EN]},
                                 .scenario = e->text[TEXT_SCENARIO],
                                 .lineage = e->text[TEXT_LINEAGE]};
}

size_t wijk_ensemble_places(const wijk_ensemble *e)
{
    return e->n_places;
}

const char *wijk_ensemble_code(const wijk_ensemble *e, size_t place)
{
    return e->places[place].code;
}

const char *wijk_ensemble_name(const wijk_ensemble *e, size_t place)
{
    return e->places[place].name;
}
