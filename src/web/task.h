/* web/task.h: one piece of work on a thread of its own, at most once at a time, that can be asked
 * to stop. What the work says of itself stands behind the same lock. */
#ifndef WIJK_WEB_TASK_H
#define WIJK_WEB_TASK_H

#include "wijk/ctx.h"

#include <pthread.h>

typedef struct {
    pthread_mutex_t lock; /* guards what follows and whatever the owner keeps beside it */
    pthread_t thread;
    int running;
    int started;  /* a thread that was not joined yet */
    wijk_ctx ctx; /* of the work */
    void (*work)(void *payload);
    void *payload;
} web_task;

/* `tell` hears of progress, from the thread of the work; may be NULL. */
void web_task_init(web_task *task, void (*work)(void *payload), void *payload,
                   void (*tell)(void *payload, const char *what, double done));
/* Asks to stop, waits and releases. */
void web_task_end(web_task *task);
/* Begins; the caller holds the lock. WIJK_EBUSY while it runs, WIJK_ENOMEM without a thread. */
int web_task_begin(web_task *task);
/* To be called by the work as its last deed, with the lock held: from then on it can begin anew. */
void web_task_done(web_task *task);
int web_task_running(web_task *task);
void web_task_cancel(web_task *task);

#endif
