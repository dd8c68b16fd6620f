/* One piece of work in the background: begun, asked to stop, waited for. Idea: the lock of the task
 * is the lock of its state, so that "it is done" and "what came out" change together. */
#include "web/task.h"

#include "wijk/err.h"

void web_task_init(web_task *task, void (*work)(void *payload), void *payload,
                   void (*tell)(void *payload, const char *what, double done))
{
    *task = (web_task){.work = work, .payload = payload};
    pthread_mutex_init(&task->lock, NULL);
    /* Set once: who cancels reads the same structure without a lock. */
    task->ctx.progress = tell;
    task->ctx.payload = payload;
}

void web_task_end(web_task *task)
{
    atomic_store(&task->ctx.cancel, 1);
    if (task->started) {
        pthread_join(task->thread, NULL);
    }
    pthread_mutex_destroy(&task->lock);
}

static void *enter(void *payload)
{
    web_task *task = payload;
    task->work(task->payload);
    return NULL;
}

int web_task_begin(web_task *task)
{
    if (task->running) {
        return wijk_fail(WIJK_EBUSY, "Er loopt al werk op de achtergrond.",
                         "Work is under way in the background already.");
    }
    if (task->started) {
        pthread_join(task->thread, NULL);
        task->started = 0;
    }
    atomic_store(&task->ctx.cancel, 0);
    if (pthread_create(&task->thread, NULL, enter, task)) {
        return wijk_fail(WIJK_ENOMEM, "Er kon geen werk op de achtergrond beginnen.",
                         "No work could be started in the background.");
    }
    task->started = task->running = 1;
    return WIJK_OK;
}

void web_task_done(web_task *task)
{
    task->running = 0;
}

int web_task_running(web_task *task)
{
    pthread_mutex_lock(&task->lock);
    int running = task->running;
    pthread_mutex_unlock(&task->lock);
    return running;
}

void web_task_cancel(web_task *task)
{
    atomic_store(&task->ctx.cancel, 1);
}
