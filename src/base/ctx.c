/* Progress, cancel and deadline. The clock is monotonic: a changed wall clock stops nothing. */
#include "wijk/ctx.h"

#include "wijk/err.h"

#include <stddef.h>
#include <time.h>

double wijk_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int wijk_checkpoint(wijk_ctx *ctx)
{
    if (!ctx) {
        return WIJK_OK;
    }
    if (atomic_load_explicit(&ctx->cancel, memory_order_relaxed)) {
        return wijk_fail(WIJK_ECANCEL, "Gestopt op uw verzoek; er is niets half opgeslagen.",
                         "Stopped as you asked; nothing was half stored.");
    }
    if (ctx->deadline > 0 && wijk_now() > ctx->deadline) {
        return wijk_fail(WIJK_ECANCEL,
                         "Dit duurde te lang en is gestopt. Vraag een kleiner gebied.",
                         "This took too long and was stopped. Ask for a smaller area.");
    }
    return WIJK_OK;
}

void wijk_progress(wijk_ctx *ctx, const char *what, double done)
{
    if (ctx) {
        done = ctx->part > 0 ? ctx->from + ctx->part * done : done;
        ctx->what = what;
        ctx->done = done;
        if (ctx->progress) {
            ctx->progress(ctx->payload, what, done);
        }
    }
}

void wijk_ctx_part(wijk_ctx *ctx, double from, double part)
{
    if (ctx) {
        ctx->from = from;
        ctx->part = part;
    }
}
