/* web/foresee.h: the simulation in the background of the pages: it computes what waits in the file,
 * a few pairs at a time, stores each batch, and lets pages read what there is so far. */
#ifndef WIJK_WEB_FORESEE_H
#define WIJK_WEB_FORESEE_H

#include "web/site.h"

#include "wijk/forecast_study.h"

/* What there is of one forecast; shared and counted, never changed once made. */
typedef struct {
    atomic_int users;
    char mark[WIJK_MARK];
    uint32_t done;  /* pairs in it */
    uint32_t years; /* it goes so far: fewer than asked in a first look */
    size_t bytes;
    wijk_ensemble *ensemble;
} web_foreseen;

typedef struct {            /* of what is under way */
    char mark[WIJK_MARK];   /* "" when nothing is */
    char step[64];          /* key of the step, for words: "people", "pairs", "study" */
    uint32_t done, wanted;  /* pairs */
    double per_second;      /* pairs; 0 while unknown */
    double batch;           /* 0 … 1 of the present batch */
    uint32_t years;         /* of the first look, while there is no answer; else 0 */
    int64_t study;          /* the further question that is looked into; 0: none */
    char failed[WIJK_MARK]; /* the last one that ended in an error, "" when none did */
    int64_t failed_study;   /* the same of further questions; 0 when none did */
    char error[2][1024];    /* why: the file may be where it could not be written */
} web_foresee_state;

int web_foresee_new(web_foresee **out, web_site *site);
/* Stops what is under way, which stays waiting in the file, and waits for it. Takes NULL. */
void web_foresee_free(web_foresee *it);
/* There is something to compute, perhaps. A forecast goes before a further question: that one is
 * broken off, keeps its whole units and comes later. Does nothing on a site that is read only. */
int web_foresee_wake(web_foresee *it);
/* The same for a forecast without any answer: a batch of one that has an answer is broken off. */
int web_foresee_wake_first(web_foresee *it);
/* The same for a further question, which waits its turn. */
int web_foresee_wake_study(web_foresee *it);
/* Breaks off this question; its state in the file is the caller's care. */
void web_foresee_break_study(web_foresee *it, int64_t study);
/* Breaks off the batch of this forecast; its state in the file is the caller's care. */
void web_foresee_break(web_foresee *it, const char *mark);
/* The same for one that is no longer in the file: nothing of it stays in memory. */
void web_foresee_forget(web_foresee *it, const char *mark);
void web_foresee_look(web_foresee *it, web_foresee_state *out);

/* What is stored of a forecast, from memory when it is there; NULL in *out when nothing is. Leave
 * it when done. */
int web_foreseen_hold(web_foreseen **out, web_foresee *it, wijk_store *store,
                      const wijk_forecast *forecast);
/* While there is no answer: the first pairs as far as they have come, in memory alone; NULL when
 * there is none. */
web_foreseen *web_foreseen_first_look(web_foresee *it, const char *mark);
void web_foreseen_leave(web_foreseen *answer); /* takes NULL */

#endif
