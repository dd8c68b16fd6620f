/* Progress of a long command on the terminal, and Ctrl-C as a request to stop in good order.
 * Nothing is printed when the errors do not go to a terminal: logs stay readable. */
#include "cli/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR = 24 };

static wijk_ctx *_Atomic interrupted; /* the one job that Ctrl-C stops */

static void on_interrupt(int number)
{
    (void)number;
    wijk_ctx *ctx = interrupted;
    if (ctx) {
        atomic_store(&ctx->cancel, 1);
    }
}

static void draw(void *payload, const char *what, double done)
{
    double *drawn = payload;
    double now = wijk_now();
    if (now - *drawn < 0.1 && done < 1) {
        return;
    }
    *drawn = now;
    int full = done < 0 ? 0 : done > 1 ? BAR : (int)(done * BAR);
    fprintf(stderr, "\r\033[K%-24.60s [", what);
    for (int i = 0; i < BAR; i++) {
        fputc(i < full ? '#' : '.', stderr);
    }
    fprintf(stderr, "] %3d%%", (int)(done * 100));
    fflush(stderr);
}

void cmd_job_begin(cmd_job *job, int quiet)
{
    memset(job, 0, sizeof *job);
    job->shown = !quiet && isatty(STDERR_FILENO);
    if (job->shown) {
        job->ctx.progress = draw;
        job->ctx.payload = &job->drawn;
    }
    interrupted = &job->ctx;
    struct sigaction act = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
}

void cmd_job_end(cmd_job *job)
{
    interrupted = NULL;
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (job->shown && job->drawn > 0) {
        fputs("\r\033[K", stderr);
    }
}
