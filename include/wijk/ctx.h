/* wijk/ctx.h: progress, cancel and deadline of one long job. Long loops call wijk_checkpoint(). */
#ifndef WIJK_CTX_H
#define WIJK_CTX_H

#include <stdatomic.h>

typedef struct wijk_ctx {
    void (*progress)(void *payload, const char *what,
                     double done); /* may be NULL; done in [0, 1] */
    void *payload;
    atomic_int cancel; /* set from another thread or a signal handler */
    double deadline;   /* wijk_now() past which the job stops; 0 for none */
    const char *what;  /* the step under way, shown to the user */
    double done;
    unsigned threads;  /* how many a job may use; 0: one for each processor */
    double from, part; /* what is under way is this part of the whole, from there; part 0: all */
} wijk_ctx;

/* Monotonic seconds. */
double wijk_now(void);
/* 0, or WIJK_ECANCEL with a message. `ctx` may be NULL: then it is free. */
int wijk_checkpoint(wijk_ctx *ctx);
/* Tells what is under way; `what` must outlive the step. */
void wijk_progress(wijk_ctx *ctx, const char *what, double done);
/* What follows, until the next call, is only a part of the work: its 0..1 is told as
 * from..from + part. `ctx` may be NULL. */
void wijk_ctx_part(wijk_ctx *ctx, double from, double part);

#endif
