/* A loop on several threads: each takes the next index from one atomic counter until none is left.
 * The calling thread works too, so that one thread is simply the loop. */
#include "wijk/threads.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

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
    int code = atomic_load(&l.code);
    /* Both sentences travel as arguments; each format shows one of them. */
    return code ? wijk_fail(code, "%1$s%2$.0s", "%1$.0s%2$s", l.sentence[WIJK_NL],
                            l.sentence[WIJK_EN])
                : WIJK_OK;
}
