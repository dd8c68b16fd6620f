/* wijk/threads.h: one loop on several threads. Which thread does what is left to chance, so the
 * work of an index may depend on that index alone: then results are the same on any number. */
#ifndef WIJK_THREADS_H
#define WIJK_THREADS_H

#include <stddef.h>

#include "wijk/ctx.h"

/* The work of one index. `worker` is below the number of threads; no two run at once with the same
 * one, so scratch space can be kept per worker. Worker 0 is the calling thread: only it may call
 * wijk_progress. */
typedef int (*wijk_work)(void *payload, size_t index, unsigned worker);

/* How many threads a loop of n indices gets when `wanted` are asked for (0: one for each processor
 * this process may use): at least 1, at most n and WIJK_MAX_THREADS. */
unsigned wijk_threads(unsigned wanted, size_t n);

/* work(payload, index, worker) for every index below n, on `threads` threads as given by
 * wijk_threads. After a failure, or when `ctx` says stop, no further index is begun; the first
 * failure is returned with its sentence. Fewer threads than asked for (the system gives none) is no
 * failure. wijk_checkpoint is called before every index. */
int wijk_parallel(unsigned threads, size_t n, wijk_work work, void *payload, wijk_ctx *ctx);

/* Threads that stay between loops. To begin one takes tens of microseconds, as long as a short loop
 * itself: who has thousands of short loops keeps a crew. Idle, it looks out for the next loop for a
 * moment and then sleeps. */
typedef struct wijk_crew wijk_crew;

/* The calling thread and `threads` - 1 more, as given by wijk_threads; fewer when the system gives
 * none. WIJK_ENOMEM when memory ran out. */
int wijk_crew_new(wijk_crew **out, unsigned threads);
void wijk_crew_free(wijk_crew *crew);

/* As wijk_parallel, on a crew; NULL: the calling thread alone. One loop at a time, begun from one
 * thread at a time, and none from within another. It ends when every index is done: it does not
 * wait for threads that found no processor to begin on. */
int wijk_crew_loop(wijk_crew *crew, size_t n, wijk_work work, void *payload, wijk_ctx *ctx);

#endif
