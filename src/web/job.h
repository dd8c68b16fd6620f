/* web/job.h: the one long piece of work that a page can start: loading files of a folder on this
 * machine into the file, with progress and a way to stop. */
#ifndef WIJK_WEB_JOB_H
#define WIJK_WEB_JOB_H

#include "web/site.h"

enum web_job_phase { WEB_JOB_IDLE, WEB_JOB_RUNNING, WEB_JOB_DONE, WEB_JOB_FAILED };

typedef struct {
    enum web_job_phase phase;
    double done;         /* 0 … 1 */
    char what[256];      /* the file or step under way */
    char error[2][1024]; /* why it failed, Dutch and English */
    int files, loaded, unchanged, refused;
    long long cells;
    char refusals[4096]; /* name and reason of files that could not be loaded, one a line */
} web_job_state;

int web_job_new(web_job **out, web_site *site);
/* Cancels what runs and waits for it. */
void web_job_free(web_job *job);
/* Begins loading `folder` (or one file). When the present file is fictional the data go into a new
 * file beside it and the site moves there when all is done, so that invented and real figures are
 * never mixed. WIJK_EBUSY while another runs, WIJK_ENOTFOUND when there is nothing there. */
int web_job_begin(web_job *job, const char *folder);
void web_job_cancel(web_job *job);
int web_job_running(web_job *job);
void web_job_look(web_job *job, web_job_state *out);

#endif
