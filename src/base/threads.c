/* A loop on several threads: each takes the next index from one atomic counter until none is left.
 * The calling thread works too, so that one thread is simply the loop. A crew keeps its threads
 * from loop to loop: they spin for a moment, since the next loop mostly follows at once, and then
 * sleep. */
#include "wijk/threads.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

enum { SPINS = 2000 }; /* some forty microseconds: about what it takes to wake a thread */

typedef struct {
    size_t n;
    wijk_work work;
    void *payload;
    wijk_ctx *ctx;
    atomic_size_t next;
    atomic_int code;        /* of the first failure */
    char sentence[2][1024]; /* written by the thread that set `code`, read after the joins */
} loop;

typedef struct {
    loop *loop;
    unsigned number;
    pthread_t thread;
} worker;

unsigned wijk_threads(unsigned wanted, size_t n)
{
    cpu_set_t mine;
    if (wanted == 0) {
        wanted = sched_getaffinity(0, sizeof mine, &mine) ? 1 : (unsigned)CPU_COUNT(&mine);
    }
    size_t most = n < WIJK_MAX_THREADS ? n : WIJK_MAX_THREADS;
    return wanted < most ? wanted : most ? (unsigned)most : 1;
}

static void keep_failure(loop *l, int code)
{
    int none = WIJK_OK;
    if (atomic_compare_exchange_strong(&l->code, &none, code)) {
        for (int lang = 0; lang < 2; lang++) {
            snprintf(l->sentence[lang], sizeof l->sentence[lang], "%s",
                     wijk_error((wijk_lang)lang));
        }
    }
}

static void *run(void *payload)
{
    const worker *self = payload;
    loop *l = self->loop;
    while (atomic_load_explicit(&l->code, memory_order_relaxed) == WIJK_OK) {
        size_t index = atomic_fetch_add_explicit(&l->next, 1, memory_order_relaxed);
        if (index >= l->n) {
            break;
        }
        int rc = wijk_checkpoint(l->ctx);
        rc = rc ? rc : l->work(l->payload, index, self->number);
        if (rc) {
            keep_failure(l, rc);
        }
    }
    return NULL;
}

static int outcome(const loop *l)
{
    int code = atomic_load(&l->code);
    /* Both sentences travel as arguments; each format shows one of them. */
    return code ? wijk_fail(code, "%1$s%2$.0s", "%1$.0s%2$s", l->sentence[WIJK_NL],
                            l->sentence[WIJK_EN])
                : WIJK_OK;
}

int wijk_parallel(unsigned threads, size_t n, wijk_work work, void *payload, wijk_ctx *ctx)
{
    loop l = {.n = n, .work = work, .payload = payload, .ctx = ctx};
    worker workers[WIJK_MAX_THREADS];
    unsigned started = 0;
    threads = wijk_threads(threads, n);
    workers[0] = (worker){.loop = &l};
    for (unsigned i = 1; i < threads; i++, started++) {
        workers[i] = (worker){.loop = &l, .number = i};
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i])) {
            break;
        }
    }
    run(&workers[0]);
    for (unsigned i = 1; i <= started; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    return outcome(&l);
}

/* ---- a crew ------------------------------------------------------------ */

typedef struct {
    wijk_crew *crew;
    unsigned number;
    pthread_t thread;
} helper;

struct wijk_crew {
    pthread_mutex_t mutex;
    pthread_cond_t news; /* a loop began, nobody is busy any more, or all may go home */
    atomic_uint turn;    /* of the last loop that began, so that nobody joins one twice */
    atomic_uint busy;    /* helpers at work in it */
    loop *loop;          /* that may be joined; NULL: none */
    int over;
    unsigned helpers;
    helper helper[WIJK_MAX_THREADS];
};

static void pause_a_little(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* Waits for the loop after `turn` and joins it, unless it is over already: then NULL. */
static loop *join_next(wijk_crew *crew, unsigned *turn, int *over)
{
    for (int i = 0; i < SPINS && atomic_load(&crew->turn) == *turn; i++) {
        pause_a_little();
    }
    pthread_mutex_lock(&crew->mutex);
    while (atomic_load(&crew->turn) == *turn) {
        pthread_cond_wait(&crew->news, &crew->mutex);
    }
    *turn = atomic_load(&crew->turn);
    *over = crew->over;
    loop *l = crew->loop;
    atomic_fetch_add(&crew->busy, l != NULL);
    pthread_mutex_unlock(&crew->mutex);
    return l;
}

static void *help(void *payload)
{
    const helper *self = payload;
    wijk_crew *crew = self->crew;
    unsigned turn = 0;
    int over = 0;
    while (!over) {
        worker me = {.loop = join_next(crew, &turn, &over), .number = self->number};
        if (me.loop == NULL) {
            continue;
        }
        run(&me);
        pthread_mutex_lock(&crew->mutex);
        if (atomic_fetch_sub(&crew->busy, 1) == 1) {
            pthread_cond_broadcast(&crew->news);
        }
        pthread_mutex_unlock(&crew->mutex);
    }
    return NULL;
}

/* Tells the helpers that there is a loop, or with NULL that all may go home. */
static void call(wijk_crew *crew, loop *l)
{
    pthread_mutex_lock(&crew->mutex);
    crew->loop = l;
    crew->over = l == NULL;
    atomic_fetch_add(&crew->turn, 1);
    pthread_cond_broadcast(&crew->news);
    pthread_mutex_unlock(&crew->mutex);
}

/* Nobody joins any more; waits for those who are still at work. */
static void close_loop(wijk_crew *crew)
{
    for (int i = 0; i < SPINS && atomic_load(&crew->busy) > 0; i++) {
        pause_a_little();
    }
    pthread_mutex_lock(&crew->mutex);
    crew->loop = NULL;
    while (atomic_load(&crew->busy) > 0) {
        pthread_cond_wait(&crew->news, &crew->mutex);
    }
    pthread_mutex_unlock(&crew->mutex);
}

int wijk_crew_new(wijk_crew **out, unsigned threads)
{
    wijk_crew *crew = wijk_alloc(sizeof *crew);
    *out = crew;
    if (crew == NULL) {
        return WIJK_ENOMEM;
    }
    pthread_mutex_init(&crew->mutex, NULL);
    pthread_cond_init(&crew->news, NULL);
    for (unsigned i = 1; i < threads && i < WIJK_MAX_THREADS; i++) {
        helper *h = &crew->helper[crew->helpers];
        *h = (helper){.crew = crew, .number = i};
        if (pthread_create(&h->thread, NULL, help, h)) {
            break;
        }
        crew->helpers++;
    }
    return WIJK_OK;
}

void wijk_crew_free(wijk_crew *crew)
{
    if (crew == NULL) {
        return;
    }
    call(crew, NULL);
    for (unsigned i = 0; i < crew->helpers; i++) {
        pthread_join(crew->helper[i].thread, NULL);
    }
    pthread_cond_destroy(&crew->news);
    pthread_mutex_destroy(&crew->mutex);
    wijk_free(crew);
}

int wijk_crew_loop(wijk_crew *crew, size_t n, wijk_work work, void *payload, wijk_ctx *ctx)
{
    loop l = {.n = n, .work = work, .payload = payload, .ctx = ctx};
    worker me = {.loop = &l};
    int alone = crew == NULL || crew->helpers == 0 || n < 2;
    if (!alone) {
        call(crew, &l);
    }
    run(&me);
    if (!alone) {
        close_loop(crew);
    }
    return outcome(&l);
}
