/* Forecasts in the background: whatever waits in the file is computed in batches of pairs that are
 * stored as they come. The file is the queue: a program that is killed loses one batch, and who
 * asks last still sees a first answer soon, because a request without any answer goes first. */
#include "web/foresee.h"

#include "web/job.h"
#include "web/task.h"
#include "wijk/breakeven.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/threads.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { KEPT = 8, NICE = 10, BATCH_SECONDS = 12 };
static const double FIRST_SECONDS = 1.0;     /* of the batches of a run that has only begun */
static const size_t KEPT_BYTES = 256u << 20; /* of answers in memory */

struct web_foresee {
    web_site *site;
    web_task task; /* its lock guards all below */
    wijk_ctx ctx;  /* of the present batch: one can be broken off while the work goes on */
    int again;     /* something was asked since the work looked */
    web_foresee_state state;
    web_foreseen *kept[KEPT]; /* latest used first */
    web_foreseen *look;       /* the first pairs of what is under way, year by year */
};

/* What the work has at hand; only its own thread sees it. */
typedef struct {
    web_foresee *it;
    wijk_store *store; /* reads */
    wijk_registry *registry;
    wijk_arena *arena;
    int generation;
    char mark[WIJK_MARK]; /* of what is below */
    wijk_forecast now;
    wijk_case *place;
    int64_t placed; /* the area of `place` */
    char figures[32];
    wijk_scenario_file *scenario;
    web_foreseen *so_far;
    double speed;     /* pairs a second; 0 unknown */
    wijk_study study; /* the further question under way */
    double since;     /* its last whole unit */
    wijk_prices *prices;
} desk;

/* ---- answers --------------------------------------------------------------------------------- */

void web_foreseen_leave(web_foreseen *answer)
{
    if (answer && atomic_fetch_sub(&answer->users, 1) == 1) {
        wijk_ensemble_free(answer->ensemble);
        wijk_free(answer);
    }
}

static web_foreseen *hold(web_foreseen *answer)
{
    atomic_fetch_add(&answer->users, 1);
    return answer;
}

/* Puts one in front; what is old, or more than fits, is let go. The caller holds the lock. */
static void remember(web_foresee *it, web_foreseen *answer)
{
    web_foreseen *order[KEPT + 1] = {hold(answer)};
    size_t n = 1, bytes = answer->bytes;
    for (size_t i = 0; i < KEPT && it->kept[i]; i++) {
        web_foreseen *old = it->kept[i];
        if (n < KEPT && strcmp(old->mark, answer->mark) != 0 && bytes + old->bytes <= KEPT_BYTES) {
            bytes += old->bytes;
            order[n++] = old;
        } else {
            web_foreseen_leave(old);
        }
    }
    for (size_t i = 0; i < KEPT; i++) {
        it->kept[i] = i < n ? order[i] : NULL;
    }
}

static web_foreseen *answer_new(const char *mark, wijk_ensemble *ensemble)
{
    web_foreseen *answer = wijk_alloc(sizeof *answer);
    if (answer) {
        wijk_ensemble_about about = wijk_ensemble_tell(ensemble);
        const wijk_ensemble_options size = {
            .first = about.first, .last = about.last, .years = about.years};
        atomic_init(&answer->users, 1);
        snprintf(answer->mark, sizeof answer->mark, "%s", mark);
        answer->done = about.last;
        answer->years = about.years;
        answer->ensemble = ensemble;
        answer->bytes = wijk_ensemble_bytes(wijk_ensemble_places(ensemble), &size);
    }
    return answer;
}

static web_foreseen *remembered(web_foresee *it, const char *mark, uint32_t done)
{
    web_foreseen *found = NULL;
    pthread_mutex_lock(&it->task.lock);
    for (size_t i = 0; i < KEPT && it->kept[i] && !found; i++) {
        if (!strcmp(it->kept[i]->mark, mark) && it->kept[i]->done >= done) {
            found = hold(it->kept[i]);
        }
    }
    pthread_mutex_unlock(&it->task.lock);
    return found;
}

int web_foreseen_hold(web_foreseen **out, web_foresee *it, wijk_store *store,
                      const wijk_forecast *forecast)
{
    wijk_ensemble *read = NULL;
    *out = remembered(it, forecast->mark, forecast->done);
    if (*out || !forecast->done) {
        return WIJK_OK;
    }
    int rc = wijk_forecast_read(&read, store, forecast->id);
    if (rc || !read) {
        return rc;
    }
    *out = answer_new(forecast->mark, read);
    if (!*out) {
        wijk_ensemble_free(read);
        return WIJK_ENOMEM;
    }
    pthread_mutex_lock(&it->task.lock);
    remember(it, *out);
    pthread_mutex_unlock(&it->task.lock);
    return WIJK_OK;
}

web_foreseen *web_foreseen_first_look(web_foresee *it, const char *mark)
{
    web_foreseen *found = NULL;
    pthread_mutex_lock(&it->task.lock);
    if (it->look && !strcmp(it->look->mark, mark)) {
        found = hold(it->look);
    }
    pthread_mutex_unlock(&it->task.lock);
    return found;
}

/* Takes the place of the first look there was; NULL: there is an answer now, or none will come. */
static void show_look(web_foresee *it, web_foreseen *look)
{
    pthread_mutex_lock(&it->task.lock);
    web_foreseen *old = it->look;
    it->look = look;
    it->state.years = look ? look->years : 0;
    pthread_mutex_unlock(&it->task.lock);
    web_foreseen_leave(old);
}

/* ---- the desk -------------------------------------------------------------------------------- */

static int stopping(const desk *d)
{
    return atomic_load(&d->it->task.ctx.cancel);
}

static void clear_run(desk *d)
{
    wijk_scenario_free(d->scenario);
    web_foreseen_leave(d->so_far);
    d->scenario = NULL;
    d->so_far = NULL;
    d->speed = 0;
    d->mark[0] = 0;
}

static void clear_desk(desk *d)
{
    clear_run(d);
    wijk_case_free(d->place);
    wijk_registry_free(d->registry);
    wijk_store_close(d->store);
    wijk_arena_free(d->arena);
    *d = (desk){.it = d->it};
}

/* The present file, opened anew when the site moved to another one. */
static int sit_down(desk *d)
{
    web_site *site = d->it->site;
    if (d->store && d->generation == atomic_load(&site->generation)) {
        return WIJK_OK;
    }
    char path[WEB_PATH];
    clear_desk(d);
    pthread_mutex_lock(&site->lock);
    memcpy(path, site->path, sizeof path);
    d->generation = atomic_load(&site->generation);
    pthread_mutex_unlock(&site->lock);
    int rc = wijk_arena_new(&d->arena, 0);
    return rc ? rc : wijk_store_open(&d->store, path, WIJK_STORE_READ);
}

/* The writing connection, waiting while data are loaded. WIJK_ECANCEL when asked to stop. */
static int write_when_free(wijk_store **out, const desk *d)
{
    for (;;) {
        int rc = web_site_write(out, d->it->site);
        if (rc != WIJK_EBUSY) {
            return rc;
        }
        if (stopping(d)) {
            return wijk_fail(WIJK_ECANCEL, "Gestopt.", "Stopped.");
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
}

static void tell(void *payload, const char *what, double done)
{
    web_foresee *it = payload;
    (void)what;
    pthread_mutex_lock(&it->task.lock);
    it->state.batch = done;
    pthread_mutex_unlock(&it->task.lock);
}

static void tell_step(const desk *d, const char *step)
{
    web_foresee *it = d->it;
    pthread_mutex_lock(&it->task.lock);
    snprintf(it->state.mark, sizeof it->state.mark, "%s", d->now.mark);
    snprintf(it->state.step, sizeof it->state.step, "%s", step);
    it->state.done = d->now.done;
    it->state.wanted = d->now.wanted;
    it->state.per_second = d->speed;
    it->state.batch = 0;
    it->state.failed[0] = 0;
    pthread_mutex_unlock(&it->task.lock);
}

/* ---- one batch ------------------------------------------------------------------------------- */

/* Nothing is stored yet: what the first pairs give so far is shown as far as it goes. */
static int grown(void *payload, wijk_ensemble *so_far)
{
    desk *d = payload;
    web_foreseen *look = answer_new(d->now.mark, so_far);
    if (!look) {
        wijk_ensemble_free(so_far);
        return WIJK_ENOMEM;
    }
    show_look(d->it, look);
    return WIJK_OK;
}

static wijk_ensemble_options options_of(desk *d, uint32_t first, uint32_t last)
{
    return (wijk_ensemble_options){.grown = d->so_far ? NULL : grown,
                                   .payload = d,
                                   .seed = d->now.seed,
                                   .first = first,
                                   .last = last,
                                   .years = d->now.years,
                                   .ceiling = WIJK_MAX_FORECAST};
}

/* Figures or model changed since it was asked: then it is another question. */
static int still_the_same(const desk *d)
{
    char mark[WIJK_MARK];
    const wijk_ask ask = {.area = d->now.area,
                          .scenario = d->now.scenario,
                          .years = d->now.years,
                          .wanted = d->now.wanted,
                          .seed = d->now.seed};
    int rc = wijk_forecast_mark(mark, d->store, d->registry, &ask);
    if (!rc && strcmp(mark, d->now.mark)) {
        rc = wijk_fail(WIJK_EINVAL,
                       "De cijfers of het model zijn veranderd sinds dit gevraagd is. Vraag het "
                       "opnieuw.",
                       "The figures or the model changed since this was asked. Ask it again.");
    }
    return rc;
}

static int fits(desk *d)
{
    const wijk_ensemble_options all = options_of(d, 1, d->now.wanted);
    uint64_t bytes = wijk_case_bytes(d->place, &all);
    wijk_store *writer;
    int rc = write_when_free(&writer, d);
    if (!rc) {
        rc = wijk_forecast_tell_memory(writer, d->now.id, bytes);
        web_site_written(d->it->site);
    }
    if (!rc && bytes > WIJK_MAX_FORECAST) {
        rc = wijk_fail(WIJK_ELIMIT,
                       "Dit vraagt %llu MB geheugen en er mag %llu MB: kies een kleiner gebied, "
                       "minder jaren of minder paren.",
                       "This takes %llu MB of memory and %llu MB are allowed: choose a smaller "
                       "area, fewer years or fewer pairs.",
                       (unsigned long long)(bytes >> 20),
                       (unsigned long long)(WIJK_MAX_FORECAST >> 20));
    }
    return rc;
}

/* The place of the forecast `now`: the one on the desk, another one of its gemeente, or a new one.
 */
static int find_place(desk *d)
{
    int same = d->place && !strcmp(d->figures, d->now.figures), aimed = 0;
    if (same && d->placed == d->now.area) {
        return WIJK_OK;
    }
    int rc = same ? wijk_case_aim(&aimed, d->place, d->store, d->registry, d->now.area) : WIJK_OK;
    if (!rc && !aimed) {
        wijk_case_free(d->place);
        d->place = NULL;
        rc = wijk_case_new(&d->place, d->store, d->registry, d->now.area, &d->it->ctx);
        snprintf(d->figures, sizeof d->figures, "%s", d->now.figures);
    }
    d->placed = rc ? 0 : d->now.area;
    return rc;
}

/* Everything that the forecast `now` needs, unless it lies on the desk already. */
static int prepare(desk *d)
{
    uint32_t done = d->so_far ? d->so_far->done : 0;
    if (!strcmp(d->mark, d->now.mark) && done == d->now.done) {
        return WIJK_OK;
    }
    clear_run(d);
    tell_step(d, "people");
    wijk_registry_free(d->registry);
    d->registry = NULL;
    int rc = wijk_registry_open(&d->registry, d->store);
    rc = rc ? rc : still_the_same(d);
    rc = rc ? rc : find_place(d);
    rc = rc ? rc : fits(d);
    rc =
        rc ? rc
           : wijk_scenario_read(&d->scenario, d->now.scenario, strlen(d->now.scenario), "scenario");
    rc = rc ? rc : web_foreseen_hold(&d->so_far, d->it, d->store, &d->now);
    if (!rc) {
        memcpy(d->mark, d->now.mark, sizeof d->mark);
    }
    return rc;
}

/* Small at first, so that an answer comes soon: as few pairs as keep every processor busy, since
 * the two runs of a pair go side by side. Then so large that storing costs nothing, and as many as
 * go pair beside pair. */
static uint32_t batch_size(const desk *d)
{
    uint32_t left = d->now.wanted - d->now.done;
    uint32_t beside = wijk_threads(0, 2 * left), least = (beside + 1) / 2;
    double seconds = fmin(BATCH_SECONDS, FIRST_SECONDS + 0.5 * d->now.done / fmax(d->speed, 0.1));
    double pairs = d->speed > 0 ? d->speed * seconds : least;
    double round = pairs < beside ? least : beside;
    pairs = floor(pairs / round) * round;
    return pairs >= left ? left : pairs < least ? least : (uint32_t)pairs;
}

/* Joins a batch to what there is and shows it. Takes the batch, also when it fails. */
static int publish(desk *d, wijk_ensemble *batch)
{
    wijk_ensemble *all = batch;
    int rc = WIJK_OK;
    if (d->so_far) {
        const wijk_ensemble *parts[] = {d->so_far->ensemble, batch};
        rc = wijk_ensemble_merge(&all, parts, 2);
        wijk_ensemble_free(batch);
    }
    web_foreseen *answer = rc ? NULL : answer_new(d->now.mark, all);
    if (!answer) {
        wijk_ensemble_free(rc ? NULL : all);
        return rc ? rc : WIJK_ENOMEM;
    }
    web_foreseen_leave(d->so_far);
    d->so_far = answer;
    pthread_mutex_lock(&d->it->task.lock);
    remember(d->it, answer);
    pthread_mutex_unlock(&d->it->task.lock);
    return WIJK_OK;
}

/* Runs the next pairs. Doing nothing is the same whatever the policy: where another one was asked
 * of this place, half of the runs are there already. */
static int run_batch(wijk_ensemble **out, desk *d, uint32_t size)
{
    wijk_ensemble *known[WIJK_FORECAST_KNOWN];
    size_t n = 0;
    uint32_t first = d->now.done + 1, last = d->now.done + size;
    int rc = wijk_forecast_known(known, &n, d->store, &d->now, first, last);
    wijk_ensemble_options o = options_of(d, first, last);
    o.known = (const wijk_ensemble *const *)known;
    o.n_known = n;
    rc = rc ? rc : wijk_case_run(out, d->place, d->scenario, &o, &d->it->ctx);
    for (size_t i = 0; i < n; i++) {
        wijk_ensemble_free(known[i]);
    }
    return rc;
}

static int one_batch(desk *d)
{
    wijk_ensemble *batch = NULL;
    wijk_store *writer;
    uint32_t size = batch_size(d);
    tell_step(d, "pairs");
    double began = wijk_now();
    int rc = run_batch(&batch, d, size);
    if (rc) {
        return rc;
    }
    double took = wijk_now() - began;
    d->speed = size / fmax(took, 1e-6);
    rc = write_when_free(&writer, d);
    if (!rc) {
        rc = wijk_forecast_keep(writer, d->now.id, batch);
        rc = rc ? rc : wijk_forecast_tell_seconds(writer, d->now.id, took);
        rc = rc == WIJK_ENOTFOUND ? WIJK_ECANCEL : rc; /* somebody removed it meanwhile */
        web_site_written(d->it->site);
    }
    if (rc) {
        wijk_ensemble_free(batch);
        return rc;
    }
    return publish(d, batch);
}

/* ---- a further question ---------------------------------------------------------------------- */

static int keep_text(desk *d, uint32_t done, const wijk_str *text)
{
    wijk_store *writer;
    double now = wijk_now();
    int rc = write_when_free(&writer, d);
    if (!rc) {
        rc = wijk_study_keep(writer, d->study.id, done, now - d->since, text);
        rc = rc == WIJK_ENOTFOUND ? WIJK_ECANCEL : rc; /* somebody removed it meanwhile */
        web_site_written(d->it->site);
    }
    d->since = now;
    return rc;
}

static int keep_units(void *payload, const wijk_sensitivity *so_far)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_sensitivity_about about = wijk_sensitivity_tell(so_far);
    wijk_sensitivity_write(&text, so_far);
    int rc = keep_text(payload, about.last, &text);
    wijk_str_free(&text);
    return rc;
}

static int keep_sets(void *payload, const wijk_breakeven *so_far)
{
    wijk_str text = WIJK_STR_INIT;
    desk *d = payload;
    wijk_breakeven_write(&text, so_far, d->prices);
    int rc = keep_text(d, so_far->done, &text);
    wijk_str_free(&text);
    return rc;
}

static int which_decide(desk *d, const wijk_str *so_far)
{
    wijk_sensitivity *done = NULL, *all = NULL;
    const wijk_study *s = &d->study;
    int rc = so_far->size
                 ? wijk_sensitivity_read(&done, so_far->data, so_far->size, wijk_study_key(s->kind))
                 : WIJK_OK;
    const wijk_sensitivity_options o = {.kind = s->kind == WIJK_STUDY_SCREENING ? WIJK_SCREENING
                                                                                : WIJK_GROUPING,
                                        .seed = d->now.seed,
                                        .first = 1,
                                        .last = s->wanted,
                                        .years = d->now.years,
                                        .done = done,
                                        .keep = keep_units,
                                        .payload = d};
    rc = rc ? rc : wijk_case_sensitivity(&all, d->place, d->scenario, &o, &d->it->ctx);
    wijk_sensitivity_free(done);
    wijk_sensitivity_free(all);
    return rc;
}

static int how_strongly(desk *d, const wijk_str *so_far)
{
    wijk_breakeven *done = NULL, *all = NULL;
    const wijk_ensemble_options o = {
        .seed = d->now.seed, .first = 1, .last = WIJK_STUDY_PAIRS, .years = d->now.years};
    int rc = wijk_prices_open(&d->prices);
    if (!rc && so_far->size) {
        rc = wijk_breakeven_read(&done, so_far->data, so_far->size, d->prices,
                                 wijk_study_key(d->study.kind));
    }
    const wijk_breakeven_work on = {.done = done, .keep = keep_sets, .payload = d};
    rc =
        rc ? rc : wijk_case_breakeven(&all, d->place, d->scenario, &o, d->prices, &on, &d->it->ctx);
    wijk_breakeven_free(done);
    wijk_breakeven_free(all);
    wijk_prices_free(d->prices);
    d->prices = NULL;
    return rc;
}

static void tell_study(const desk *d, int64_t id)
{
    pthread_mutex_lock(&d->it->task.lock);
    d->it->state.study = id;
    pthread_mutex_unlock(&d->it->task.lock);
}

/* Goes on from what is kept; what no longer fits (other prices, another version) is left behind. */
static int look_into(desk *d)
{
    wijk_str so_far = WIJK_STR_INIT;
    int (*run)(desk *, const wijk_str *) =
        d->study.kind == WIJK_STUDY_EVEN ? how_strongly : which_decide;
    int rc = prepare(d);
    if (!rc) {
        tell_step(d, "study");
        d->since = wijk_now();
        rc = wijk_study_read(&so_far, d->store, d->study.id);
        rc = rc ? rc : run(d, &so_far);
        if (rc == WIJK_EFORMAT || (rc == WIJK_EINVAL && so_far.size)) {
            wijk_str_clear(&so_far);
            rc = run(d, &so_far);
        }
    }
    wijk_str_free(&so_far);
    return rc;
}

/* ---- the work -------------------------------------------------------------------------------- */

/* The file is told why it failed; when even that cannot be written, the page is. */
static void give_up(desk *d, int code)
{
    wijk_store *writer;
    char why[2][1024];
    for (int lang = 0; lang < 2; lang++) {
        snprintf(why[lang], sizeof why[lang], "%s", wijk_error((wijk_lang)lang));
    }
    if (code != WIJK_EIO && !write_when_free(&writer, d)) {
        wijk_fail(code, "%s%.0s", "%.0s%s", why[WIJK_NL], why[WIJK_EN]);
        if (d->study.id) {
            wijk_study_turn(writer, d->study.id, WIJK_FORECAST_FAILED);
        } else {
            wijk_forecast_turn(writer, d->now.id, WIJK_FORECAST_FAILED);
        }
        web_site_written(d->it->site);
    }
    pthread_mutex_lock(&d->it->task.lock);
    memcpy(d->it->state.error, why, sizeof why);
    if (d->study.id) {
        d->it->state.failed_study = d->study.id;
    } else {
        memcpy(d->it->state.failed, d->now.mark, sizeof d->now.mark);
    }
    pthread_mutex_unlock(&d->it->task.lock);
    clear_run(d);
}

/* What comes next: a forecast that waits, else a further question; d->now.id is 0 when none does.
 */
static int take_next(desk *d)
{
    wijk_arena_reset(d->arena);
    d->study = (wijk_study){0};
    int rc = wijk_forecast_next(&d->now, d->store, d->arena);
    if (!rc && !d->now.id) {
        rc = wijk_study_next(&d->study, d->store, d->arena);
        rc = rc || !d->study.id ? rc
                                : wijk_forecast_get(&d->now, d->store, d->arena, d->study.forecast);
    }
    return rc;
}

static int do_step(desk *d)
{
    atomic_store(&d->it->ctx.cancel, 0);
    tell_study(d, d->study.id);
    int rc = stopping(d) ? WIJK_ECANCEL : d->study.id ? look_into(d) : prepare(d);
    rc = rc || d->study.id ? rc : one_batch(d);
    tell_study(d, 0);
    show_look(d->it, NULL);
    return rc;
}

/* 1 when a batch was done or given up, 0 when nothing waits, negative when the work must end. */
static int one_step(desk *d)
{
    int rc = sit_down(d);
    rc = rc ? rc : take_next(d);
    if (rc || !d->now.id) {
        return rc;
    }
    rc = do_step(d);
    if (rc == WIJK_ECANCEL && !stopping(d)) {
        return 1; /* a person stopped this one: the file says so; or a forecast goes first */
    }
    if (rc && rc != WIJK_ECANCEL) {
        give_up(d, rc);
        return rc == WIJK_EIO ? rc : 1; /* a full disk: waiting, until somebody asks again */
    }
    return rc ? rc : 1;
}

static void work(void *payload)
{
    web_foresee *it = payload;
    desk d = {.it = it};
    /* Pages come first; on Linux this counts for this thread and those it makes. */
    setpriority(PRIO_PROCESS, 0, NICE);
    for (int on = 1; on;) {
        pthread_mutex_lock(&it->task.lock);
        it->again = 0;
        pthread_mutex_unlock(&it->task.lock);
        int rc;
        while ((rc = one_step(&d)) == 1) {
        }
        pthread_mutex_lock(&it->task.lock);
        on = it->again && !rc && !stopping(&d);
        if (!on) {
            it->state.mark[0] = 0;
            web_task_done(&it->task);
        }
        pthread_mutex_unlock(&it->task.lock);
    }
    clear_desk(&d);
}

int web_foresee_new(web_foresee **out, web_site *site)
{
    web_foresee *it = wijk_alloc(sizeof *it);
    if (!it) {
        return WIJK_ENOMEM;
    }
    it->site = site;
    it->ctx = (wijk_ctx){.progress = tell, .payload = it};
    web_task_init(&it->task, work, it, NULL);
    *out = it;
    return WIJK_OK;
}

void web_foresee_free(web_foresee *it)
{
    if (it) {
        web_task_cancel(&it->task);
        atomic_store(&it->ctx.cancel, 1);
        web_task_end(&it->task);
        for (size_t i = 0; i < KEPT; i++) {
            web_foreseen_leave(it->kept[i]);
        }
        web_foreseen_leave(it->look);
        wijk_free(it);
    }
}

enum waker { WAKES_STUDY, WAKES_FORECAST, WAKES_FIRST };

/* What is under way gives way to a forecast when it is a further question, and to one without any
 * answer when it has an answer itself: who asks sees something soon, for a batch run again. */
static int gives_way(const web_foresee_state *now, enum waker who)
{
    return (who >= WAKES_FORECAST && now->study) ||
           (who == WAKES_FIRST && now->mark[0] && now->done > 0);
}

static int wake(web_foresee *it, enum waker who)
{
    int rc = WIJK_OK;
    if (it->site->read_only) {
        return rc;
    }
    pthread_mutex_lock(&it->task.lock);
    it->again = 1;
    it->state.failed[0] = 0;
    it->state.failed_study = 0;
    if (gives_way(&it->state, who)) {
        atomic_store(&it->ctx.cancel, 1);
    }
    if (!it->task.running) {
        rc = web_task_begin(&it->task);
    }
    pthread_mutex_unlock(&it->task.lock);
    return rc;
}

int web_foresee_wake(web_foresee *it)
{
    return wake(it, WAKES_FORECAST);
}

int web_foresee_wake_first(web_foresee *it)
{
    return wake(it, WAKES_FIRST);
}

int web_foresee_wake_study(web_foresee *it)
{
    return wake(it, WAKES_STUDY);
}

void web_foresee_break_study(web_foresee *it, int64_t study)
{
    pthread_mutex_lock(&it->task.lock);
    if (study && it->state.study == study) {
        atomic_store(&it->ctx.cancel, 1);
    }
    pthread_mutex_unlock(&it->task.lock);
}

void web_foresee_break(web_foresee *it, const char *mark)
{
    pthread_mutex_lock(&it->task.lock);
    if (!strcmp(it->state.mark, mark)) {
        atomic_store(&it->ctx.cancel, 1);
    }
    pthread_mutex_unlock(&it->task.lock);
}

void web_foresee_forget(web_foresee *it, const char *mark)
{
    size_t n = 0;
    web_foresee_break(it, mark);
    pthread_mutex_lock(&it->task.lock);
    for (size_t i = 0; i < KEPT; i++) {
        web_foreseen *answer = it->kept[i];
        it->kept[i] = NULL;
        if (answer && !strcmp(answer->mark, mark)) {
            web_foreseen_leave(answer);
        } else if (answer) {
            it->kept[n++] = answer;
        }
    }
    pthread_mutex_unlock(&it->task.lock);
}

void web_foresee_look(web_foresee *it, web_foresee_state *out)
{
    pthread_mutex_lock(&it->task.lock);
    *out = it->state;
    pthread_mutex_unlock(&it->task.lock);
}
