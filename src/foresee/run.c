/* The month loop: five processes and ties place by place, then teams, then the market of each
 * region, then moves between regions, then the counts. Within a step places share nothing, so
 * threads take them in any order; between steps everyone waits. Only the end of a month is a state.
 */
#include "foresee/run.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <string.h>

enum { YEAR = 12, MILLI = 1000, MONTHS_MOST = 1200, REPLICATES_MOST = 1 << 24 };
enum { RUN_IN_FROM = 1 << 16 }; /* the months before the start have draws of their own */

/* ---- one place --------------------------------------------------------- */

/* What happens to whom, household by household, to each in the order of the processes. */
static void events(foresee_here *here, const foresee_screen *screen, size_t first)
{
    static void (*const happens[SCREENS])(foresee_here *, size_t, uint32_t) = {
        [SCREEN_YEAR] = foresee_birthday, [SCREEN_LIFE] = foresee_life,
        [SCREEN_ONSET] = foresee_onset,   [SCREEN_ENDS] = foresee_ends,
        [SCREEN_HELP] = foresee_help,     [SCREEN_DANGER] = foresee_danger,
        [SCREEN_LEAVE] = foresee_leave,   [SCREEN_TIES] = foresee_ties,
    };
    for (uint32_t who = block_some(screen->hit, UINT8_MAX); who != 0; who &= who - 1) {
        unsigned i = (unsigned)__builtin_ctz(who);
        for (unsigned left = screen->hit[i]; left != 0; left &= left - 1) {
            int process = __builtin_ctz(left);
            if (here->s->kind[first + i] != WIJK_NOBODY) {
                happens[process](here, first + i, screen->word[process][i]);
            }
        }
    }
}

void foresee_look_at_incomes(foresee_here *here)
{
    const foresee_state *s = here->s;
    uint32_t count[WIJK_INCOMES] = {0}, all = 0, sum = 0;
    size_t slot = (size_t)here->place->block * BLOCK,
           end = slot + here->place->blocks * (size_t)BLOCK;
    for (; slot < end; slot++) {
        count[s->status[slot] & STATUS_INCOME] += s->kind[slot] != WIJK_NOBODY;
    }
    for (int i = 0; i < WIJK_INCOMES; i++) {
        all += count[i];
    }
    here->place->low = count[WIJK_INCOME_LOW];
    here->place->lived = all;
    here->place->middle = WIJK_INCOME_LOW;
    for (uint32_t i = 0; i < WIJK_INCOMES; i++) {
        sum += count[i];
        if (2 * sum >= all) {
            here->place->middle = i;
            return;
        }
    }
}

static void widen(foresee_scratch *scratch, const foresee_here *here)
{
    const uint8_t *strain = here->s->strain + (size_t)here->place->block * BLOCK;
    int32_t *wide = scratch->strain;
    for (size_t b = 0; b < here->place->blocks; b++, strain += BLOCK, wide += BLOCK) {
        for (int i = 0; i < BLOCK; i++) { /* a fixed number, so that it becomes vectors */
            wide[i] = strain[i];
        }
    }
}

static void settle_strain(const foresee_scratch *scratch, foresee_here *here)
{
    const foresee_state *s = here->s;
    for (size_t b = 0; b < here->place->blocks; b++) {
        const uint8_t *restrict next = scratch->next + b * BLOCK;
        const uint8_t *restrict kind = s->kind + (here->place->block + b) * BLOCK;
        uint8_t *restrict strain = s->strain + (here->place->block + b) * BLOCK;
        for (int i = 0; i < BLOCK; i++) {
            strain[i] = next[i] & (uint8_t) - (kind[i] != WIJK_NOBODY);
        }
    }
}

static void count_waiting(foresee_here *here)
{
    const foresee_state *s = here->s;
    size_t block = here->place->block, end = block + here->place->blocks;
    for (; block < end; block++) {
        uint32_t who = block_some(s->needs + block * BLOCK, NEED_HOMELESS);
        int32_t tasks = 0, known = 0;
        for (const uint32_t *home = s->home + block * BLOCK, *last = home + BLOCK; home < last;) {
            known += (*home & WAIT_KNOWN) != 0;
            tasks += (*home++ >> WAIT_REASON & 7u) >= REASON_NEWCOMER;
        }
        tell(here, WIJK_OUT_SHELTER_MONTHS, __builtin_popcount(who) - known);
        tell(here, WIJK_OUT_TASK_MONTHS, tasks);
    }
    tell(here, WIJK_OUT_FIRST_MONTHS, (int32_t)here->region->firsts);
}

/* Who looks in another region is told to that region's market. */
static void note_far(foresee_here *here)
{
    const foresee_state *s = here->s;
    size_t block = here->place->block, end = block + here->place->blocks;
    for (; here->region->elsewhere > 0 && block < end; block++) {
        uint32_t who = block_some(s->status + block * BLOCK, STATUS_FAR);
        for (; who != 0; who &= who - 1) {
            size_t slot = block * BLOCK + (size_t)__builtin_ctz(who);
            uint32_t since = here->world.month - s->search[slot];
            foresee_note(here, NOTE_FAR, slot,
                         foresee_far_region(here->run, here->place->region, age_band(s->age[slot]),
                                            s->id[slot], since));
        }
    }
}

static void one_place(foresee_run *run, size_t at, foresee_scratch *scratch)
{
    foresee_here here;
    foresee_here_at(&here, run, at);
    foresee_place *place = here.place;
    int waiting = place->area == NO_AREA;
    if (run->month % YEAR == 0) {
        foresee_look_at_incomes(&here);
    }
    foresee_help_see(&here);
    here.mediations =
        foresee_pieces(&here, (int64_t)place->homes * here.lever[WIJK_LEVER_MEDIATION],
                       (int64_t)MILLI * MILLI * YEAR, 8);
    int32_t reports = here.count[WIJK_OUT_REPORTS];
    foresee_screen screen;
    foresee_screen_in in = {.tables = run->tables,
                            .state = &run->state,
                            .first = place->block,
                            .world = run->world,
                            .still = foresee_still(run),
                            .leave = here.region->leave_most,
                            .onset = here.region->onset};
    foresee_help_bound(in.see, &here);
    if (run->tables->share[1] != 0) {
        widen(scratch, &here);
        in.strain = scratch->strain;
    }
    uint32_t newcomers = 0;
    for (size_t b = 0; b < place->blocks; b++) {
        in.block = place->block + b;
        if (!waiting) {
            foresee_ties_block(&here, in.block);
            in.form = here.form;
        }
        run->screen(&screen, &in);
        memcpy(scratch->next + b * BLOCK, screen.strain, BLOCK);
        tell(&here, WIJK_OUT_DEBT_MONTHS, (int32_t)screen.debt);
        tell(&here, WIJK_OUT_LONELY_MONTHS, (int32_t)screen.lonely);
        newcomers += screen.newcomers;
        if (!in.still) {
            foresee_starters_wait(&here, in.block);
        }
        events(&here, &screen, in.block * BLOCK);
        if (!waiting) {
            foresee_block(&here, in.block);
        }
    }
    settle_strain(scratch, &here);
    if (waiting) {
        count_waiting(&here);
        return;
    }
    note_far(&here);
    foresee_help_ask(&here);
    foresee_ledger(&here, newcomers);
    /* About the reports of a year, x16: each month a twelfth of the old goes. */
    reports = here.count[WIJK_OUT_REPORTS] - reports;
    place->reports = (uint32_t)(place->reports - place->reports / YEAR + (uint32_t)reports * 16);
}

/* ---- the steps of a month ---------------------------------------------- */

static int chunk_step(void *payload, size_t chunk, unsigned worker)
{
    foresee_run *run = payload;
    foresee_outbox *box = &run->outboxes[chunk];
    for (size_t at = run->chunk_places[chunk]; at < run->chunk_places[chunk + 1]; at++) {
        one_place(run, at, &run->scratch[worker]);
    }
    if (box->failed) {
        return wijk_fail(WIJK_ENOMEM, "het geheugen is vol", "memory ran out");
    }
    return WIJK_OK;
}

static int team_step(void *payload, size_t team, unsigned worker)
{
    foresee_run *run = payload;
    return foresee_help_team(run, team, &run->scratch[worker]);
}

static int market_step(void *payload, size_t region, unsigned worker)
{
    foresee_run *run = payload;
    return foresee_allot(run, region, &run->scratch[worker]);
}

static int stock_step(void *payload, size_t chunk, unsigned worker)
{
    foresee_run *run = payload;
    (void)worker;
    for (size_t at = run->chunk_places[chunk]; at < run->chunk_places[chunk + 1]; at++) {
        foresee_here here;
        foresee_here_at(&here, run, at);
        foresee_count_stocks(&here);
    }
    return WIJK_OK;
}

/* Those who look in another region, in the order of the regions they look in. */
static int sort_far(foresee_run *run)
{
    size_t n = 0, *first = run->far_first;
    memset(first, 0, (run->n_regions + 2) * sizeof *first);
    for (size_t c = 0; c < run->n_chunks; c++) {
        const foresee_outbox *box = &run->outboxes[c];
        n += box->noted[NOTE_FAR];
        for (size_t i = 0; i < box->noted[NOTE_FAR]; i++) {
            first[box->notes[NOTE_FAR][i].region + 2]++;
        }
    }
    if (n > run->far_room) {
        foresee_candidate *far = wijk_realloc(run->far, 2 * n * sizeof *far);
        if (far == NULL) {
            return WIJK_ENOMEM;
        }
        run->far = far;
        run->far_room = 2 * n;
    }
    for (size_t r = 0; r < run->n_regions; r++) {
        first[r + 2] += first[r + 1];
    }
    for (size_t c = 0; c < run->n_chunks; c++) {
        const foresee_outbox *box = &run->outboxes[c];
        for (size_t i = 0; i < box->noted[NOTE_FAR]; i++) {
            const foresee_noted *note = &box->notes[NOTE_FAR][i];
            foresee_candidate_of(&run->far[first[note->region + 1]++], run, note->slot, UINT32_MAX);
        }
    }
    return WIJK_OK;
}

static void empty_outboxes(foresee_run *run)
{
    for (size_t c = 0; c < run->n_chunks; c++) {
        run->outboxes[c].n = 0;
        memset(run->outboxes[c].noted, 0, sizeof run->outboxes[c].noted);
    }
}

static void begin_month(foresee_run *run)
{
    run->world.month = run->month;
    empty_outboxes(run);
    for (size_t r = 0; run->month % YEAR == 0 && r < run->n_regions; r++) {
        foresee_region *region = &run->regions[r];
        region->lets = region->lets_low = region->lets_fit = 0;
        region->lets_free = region->lets_task = 0;
        for (uint32_t i = 0; i < region->places; i++) {
            run->places[region->first_place + i].task_lets = 0;
        }
    }
    foresee_levers_apply(run);
}

/* The period under way is over: stocks are counted, sums made, and the next rows begun. */
static int close_period(foresee_run *run)
{
    int rc = wijk_crew_loop(run->crew, run->n_chunks, stock_step, run, NULL);
    if (rc != WIJK_OK) {
        return rc;
    }
    foresee_sum_period(run);
    run->period += run->period + 1 < run->periods;
    run->row += run->row + 1 < run->rows;
    return WIJK_OK;
}

static int end_month(foresee_run *run)
{
    unsigned each = run->options.period == WIJK_PER_YEAR ? YEAR : 1;
    int whole = (run->month + 1) % each == 0 || run->month + 1 == run->options.months;
    return whole ? close_period(run) : WIJK_OK;
}

/* What no statistic gives and comes to rest within months is let come to rest before the start:
 * strain, arrears, who is seen, helped and waits for help, nuisance, initiatives. Nobody is born,
 * dies, moves, or gets or loses a need, and nothing of it is counted. With the parameters of the
 * run itself: a start at the rest of others would be a shock. */
static int still_month(foresee_run *run)
{
    run->world.month = RUN_IN_FROM + run->before;
    empty_outboxes(run);
    int rc = wijk_crew_loop(run->crew, run->n_chunks, chunk_step, run, NULL);
    rc = rc ? rc : wijk_crew_loop(run->crew, run->n_teams, team_step, run, NULL);
    run->before += rc == WIJK_OK;
    return rc;
}

/* The start is period 0. */
static int begin(foresee_run *run)
{
    size_t groups = WIJK_GROUPS * WIJK_GROUP_OUTCOMES;
    empty_outboxes(run);
    memset(run->counts, 0, run->n_places * WIJK_OUTCOMES * sizeof *run->counts);
    memset(run->groups, 0, run->n_places * groups * sizeof *run->groups);
    return close_period(run);
}

static int one_month(foresee_run *run)
{
    begin_month(run);
    int rc = wijk_crew_loop(run->crew, run->n_chunks, chunk_step, run, NULL);
    rc = rc == WIJK_OK ? wijk_crew_loop(run->crew, run->n_teams, team_step, run, NULL) : rc;
    rc = rc == WIJK_OK ? sort_far(run) : rc;
    wijk_crew *beside = foresee_by_crew(run) ? NULL : run->crew;
    rc = rc == WIJK_OK ? wijk_crew_loop(beside, run->n_regions, market_step, run, NULL) : rc;
    for (size_t r = 0; rc == WIJK_OK && r < run->n_regions; r++) {
        foresee_move_far(run, r);
    }
    rc = rc == WIJK_OK ? end_month(run) : rc;
    run->month += rc == WIJK_OK;
    return rc;
}

int wijk_foresee_to(wijk_foresee *run, uint32_t month, wijk_ctx *ctx)
{
    if (month > run->options.months) {
        return wijk_fail(WIJK_EINVAL, "deze berekening gaat tot maand %u",
                         "this run goes to month %u", (unsigned)run->options.months);
    }
    int rc =
        run->threads > 1 && run->crew == NULL ? wijk_crew_new(&run->crew, run->threads) : WIJK_OK;
    while (rc == WIJK_OK && (run->period == 0 || run->month < month)) {
        if (!run->whole) {
            return wijk_fail(WIJK_EINVAL, "deze berekening is afgebroken; begin opnieuw",
                             "this run broke off; begin again");
        }
        rc = wijk_checkpoint(ctx);
        if (rc != WIJK_OK) {
            return rc;
        }
        rc = foresee_still(run) ? still_month(run) : run->period == 0 ? begin(run) : one_month(run);
        if (rc != WIJK_OK) {
            run->whole = 0;
            return rc;
        }
        wijk_progress(ctx, "foresee", (double)run->month / run->options.months);
    }
    return rc;
}

/* ---- beginning and ending ---------------------------------------------- */

static int check_options(const wijk_population *population, const wijk_scenario *scenario,
                         const wijk_foresee_options *o)
{
    if (!population->finished) {
        return wijk_fail(WIJK_EINVAL, "de bevolking is nog niet af",
                         "the population is not finished");
    }
    if (o->months < 1 || o->months > MONTHS_MOST || o->replicate >= REPLICATES_MOST) {
        return wijk_fail(WIJK_EINVAL, "een berekening duurt 1 tot %d maanden (nu %u)",
                         "a run takes 1 to %d months (now %u)", MONTHS_MOST, (unsigned)o->months);
    }
    int rc = foresee_levers_check(population, scenario, o->months);
    if (rc != WIJK_OK) {
        return rc;
    }
    uint64_t ceiling = o->ceiling == 0 ? WIJK_MAX_FORESEE : o->ceiling;
    uint64_t bytes;
    rc = foresee_layout_bytes(&bytes, population, scenario, o);
    if (rc != WIJK_OK) {
        return rc;
    }
    if (bytes > ceiling) {
        return wijk_fail(WIJK_ELIMIT,
                         "deze berekening vraagt %llu MB geheugen, meer dan de grens van %llu MB",
                         "this run asks for %llu MB of memory, over the ceiling of %llu MB",
                         (unsigned long long)(bytes >> 20), (unsigned long long)(ceiling >> 20));
    }
    return WIJK_OK;
}

uint64_t wijk_foresee_bytes(const wijk_population *population, const wijk_scenario *scenario,
                            const wijk_foresee_options *options)
{
    uint64_t bytes;
    int rc = foresee_layout_bytes(&bytes, population, scenario, options);
    return rc == WIJK_OK ? bytes : UINT64_MAX;
}

/* By month, keeping the order within a month: a later row of the scenario has the last word. */
static int copy_changes(foresee_run *run, const wijk_scenario *scenario)
{
    run->changes = wijk_alloc((scenario->n + 1) * sizeof *run->changes);
    if (run->changes == NULL) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < scenario->n; i++) {
        size_t at = run->n_changes++;
        for (; at > 0 && foresee_levers_later(&run->changes[at - 1], &scenario->changes[i]); at--) {
            run->changes[at] = run->changes[at - 1];
        }
        run->changes[at] = scenario->changes[i];
    }
    return WIJK_OK;
}

static int prepare(foresee_run *run, const wijk_scenario *scenario)
{
    int rc = copy_changes(run, scenario);
    rc = rc == WIJK_OK ? foresee_tables_new(&run->tables, run->parameters) : rc;
    rc = rc == WIJK_OK ? foresee_layout(run) : rc;
    if (rc != WIJK_OK) {
        return rc;
    }
    unsigned wanted = run->options.threads == 0 ? 1 : run->options.threads;
    size_t most = run->n_chunks > run->n_teams ? run->n_chunks : run->n_teams;
    run->threads = wijk_threads(wanted, most > run->n_regions ? most : run->n_regions);
    run->n_scratch = run->threads;
    run->scratch = wijk_alloc(run->threads * sizeof *run->scratch);
    for (unsigned i = 0; run->scratch != NULL && i < run->threads; i++) {
        size_t slots = AREA_SLOTS + 2 * BLOCK;
        for (size_t at = 0; at < run->n_places; at++) {
            size_t own = (size_t)run->places[at].blocks * BLOCK;
            slots = own > slots ? own : slots;
        }
        run->scratch[i].strain = wijk_alloc(slots * sizeof *run->scratch[i].strain);
        run->scratch[i].next = wijk_alloc(slots);
        if (run->scratch[i].strain == NULL || run->scratch[i].next == NULL) {
            return WIJK_ENOMEM;
        }
    }
    return run->scratch == NULL ? WIJK_ENOMEM : WIJK_OK;
}

int wijk_foresee_new(wijk_foresee **out, const wijk_population *population,
                     const wijk_parameters *parameters, const wijk_scenario *scenario,
                     const wijk_foresee_options *options)
{
    const wijk_scenario nothing = {NULL, 0};
    scenario = scenario == NULL ? &nothing : scenario;
    *out = NULL;
    int rc = check_options(population, scenario, options);
    if (rc != WIJK_OK) {
        return rc;
    }
    foresee_run *run = wijk_alloc(sizeof *run);
    if (run == NULL) {
        return WIJK_ENOMEM;
    }
    run->population = population;
    run->parameters = parameters;
    run->options = *options;
    run->whole = 1;
    run->screen = foresee_screen_best();
    run->world = (foresee_world){.key = {(uint32_t)options->seed, (uint32_t)(options->seed >> 32)},
                                 .replicate = options->replicate};
    rc = prepare(run, scenario);
    if (rc != WIJK_OK) {
        wijk_foresee_free(run);
        return rc;
    }
    *out = run;
    return WIJK_OK;
}

static void free_market(const foresee_market *m)
{
    wijk_free(m->candidates);
    wijk_free(m->keys);
    wijk_free(m->vacant);
    for (int l = 0; l < LISTS; l++) {
        wijk_free(m->list[l]);
        wijk_free(m->sieve[l]);
    }
}

static void free_scratch(foresee_run *run)
{
    for (unsigned i = 0; run->scratch != NULL && i < run->n_scratch; i++) {
        wijk_free(run->scratch[i].strain);
        wijk_free(run->scratch[i].next);
        free_market(&run->scratch[i].market);
    }
    for (size_t c = 0; run->parts != NULL && c < run->n_chunks; c++) {
        free_market(&run->parts[c]);
    }
    wijk_free(run->scratch);
    wijk_free(run->parts);
}

void wijk_foresee_free(wijk_foresee *run)
{
    if (run == NULL) {
        return;
    }
    wijk_crew_free(run->crew);
    free_scratch(run);
    for (size_t c = 0; run->outboxes != NULL && c < run->n_chunks; c++) {
        wijk_free(run->outboxes[c].rows);
        wijk_free(run->outboxes[c].notes[NOTE_SEEKS]);
        wijk_free(run->outboxes[c].notes[NOTE_FAR]);
    }
    for (size_t r = 0; run->moves != NULL && r < run->n_regions; r++) {
        wijk_free(run->moves[r].rows);
    }
    wijk_free(run->outboxes);
    wijk_free(run->moves);
    wijk_free(run->far);
    wijk_free(run->far_first);
    wijk_free(run->homes_before);
    wijk_free(run->come_before);
    wijk_free(run->places);
    wijk_free(run->regions);
    wijk_free(run->teams);
    wijk_free(run->team_places);
    wijk_free(run->chunk_places);
    wijk_free(run->area_place);
    wijk_free(run->block_place);
    wijk_free(run->outside);
    wijk_free(run->beyond);
    wijk_free(run->taste_homes);
    wijk_free(run->levers);
    wijk_free(run->counts);
    wijk_free(run->groups);
    wijk_free(run->sums);
    wijk_free(run->changes);
    foresee_tables_free(run->tables);
    foresee_state_free(&run->state);
    wijk_free(run);
}
