/* web/foresee_page.h: what the pages about forecasts share. */
#ifndef WIJK_WEB_FORESEE_PAGE_H
#define WIJK_WEB_FORESEE_PAGE_H

#include "web/foresee.h"
#include "web/pages.h"

#include "wijk/fan.h"

typedef struct {
    wijk_portrait portrait;
    wijk_forecast forecast; /* id 0: none was named */
    web_foreseen *answer;   /* what there is of it; NULL: nothing yet */
    web_foreseen *look;     /* while there is no answer: the first years of the first pairs */
    wijk_study study[WIJK_STUDIES]; /* further questions; id 0: not asked */
    web_foresee_state state;        /* of the work in the background */
    const wijk_asked *asked;        /* the outcome that is looked at closely */
    double start;                   /* of the run, as a year */
    int outdated;                   /* the same request would get another mark now */
    int unasked;                    /* nobody named it: the last one of this area */
    int unreadable;                 /* what is kept was written by another version */
    const char *refused; /* why nothing can be worked out for this area; NULL when it can */
    wijk_case_size size; /* of the area */
    const char
        *mistakes; /* of a forecast that failed: what is wrong with its policy; NULL: nothing */
} foresee_view;

/* The area that {} names and the forecast of ?reeks=. Leave it when done, also after a failure. */
int foresee_open(foresee_view *out, web_call *call);
void foresee_close(foresee_view *view);
/* Whether anything can be worked out for an area: WIJK_EINVAL for a kind of area that pages do not
 * model, else as wijk_case_look. */
int foresee_look(wijk_case_size *size, web_call *call, const wijk_area *area);
/* The same for a page: *refused is the sentence why not in its language, NULL when it can. */
int foresee_refused(const char **refused, wijk_case_size *size, web_call *call,
                    const wijk_area *area);
/* That sentence, with a link to the larger areas that can be, or of a postcode to its buurten. */
void foresee_refusal(web_call *call, const char *refused, const wijk_case_size *size,
                     const wijk_portrait *portrait);
/* The forecast that {} names. */
int foresee_of_mark(wijk_forecast *out, web_call *call);
/* When its run begins, as a year; NAN when the policy says nothing. */
double foresee_start(const wijk_forecast *forecast);
/* The page of the area with this forecast on it. */
const char *foresee_url(web_call *call, const wijk_area *area, const char *mark);
/* A forecast in a list. `named`: with its area; `here`: it is the one shown, so no link. */
void foresee_item(web_call *call, const wijk_area *area, const wijk_forecast *forecast,
                  const web_foresee_state *state, int named, int here);
/* <tag class>text with {0} {1} {2}</tag> */
void foresee_filled(web_call *call, const char *tag, const char *class_name, enum wijk_text_key key,
                    const char *a, const char *b, const char *c);
const char *foresee_int(web_call *call, long long value);
/* "reckoned" or "assumed effect", as a mark. */
void foresee_kind(web_call *call, int effect);
/* What each of the two marks stands for here: about[effect]. */
void foresee_kinds(web_call *call, const char *const about[2]);
/* Stores the request of ?paren= pairs, starts it and leads to its page. */
int foresee_ask(web_call *call, const wijk_area *area, const wijk_scenario_file *file);
/* After a change: go and look at it with GET, so that reloading repeats nothing. */
int foresee_see_other(web_call *call, const char *url);

/* A part of the page that is a function of what is kept of the forecast, the outcome that is looked
 * at, the language and the file alone: made once. */
int foresee_kept(web_call *call, const foresee_view *view, const char *part,
                 int (*make)(web_call *call, const foresee_view *view));

/* Says so while there are too few pairs to be sure of anything. */
void foresee_say_few(web_call *call, const foresee_view *view);
/* Sections of the page. */
int foresee_results(web_call *call, const foresee_view *view);
int foresee_first_look(web_call *call, const foresee_view *view);
int foresee_who(web_call *call, const foresee_view *view);
int foresee_pays(web_call *call, const foresee_view *view);
int foresee_decides(web_call *call, const foresee_view *view);
/* 1 for a policy that sees debts earlier and does nothing else but help with them: of that gains
 * were published. */
int foresee_is_about_debts(const char *scenario);
/* 1 for a policy without a line: every difference is zero. */
int foresee_does_nothing(const foresee_view *view);
int foresee_course(web_call *call, const foresee_view *view);
int foresee_past(web_call *call, const foresee_view *view);
int foresee_known(web_call *call);
int foresee_people(web_call *call, const foresee_view *view);
/* What each measure puts in, per purse. Nothing where nothing is put in. */
void foresee_measures(web_call *call, const foresee_view *view, const wijk_ledger *ledger,
                      const wijk_prices *prices);
/* A further question: how to ask it, how far it is, what came out. */
int foresee_study(web_call *call, const foresee_view *view, wijk_study_kind kind);
int foresee_study_percent(const foresee_view *view, wijk_study_kind kind);
void foresee_study_again(web_call *call, const foresee_view *view, wijk_study_kind kind);
/* What came out, from its text. */
int foresee_moves(web_call *call, const foresee_view *view, wijk_study_kind kind,
                  const wijk_str *text);
int foresee_even(web_call *call, const foresee_view *view, const wijk_str *text);
int foresee_next(web_call *call, const foresee_view *view);
void foresee_repeat(web_call *call, const foresee_view *view);
/* How many pairs, as a select named paren, with what is modelled and how long it takes. */
int foresee_pairs(web_call *call, const wijk_area *area, uint32_t years);
/* The options of a select: every lever in its group; without the one that needs several gemeenten
 * unless there are. */
void foresee_lever_options(web_call *call, const char *chosen, int several);
/* The section #knoppen: what each group of levers can and cannot do, and its levers. */
void foresee_lever_groups(web_call *call);
/* "40 seconden", "12 minuten", "3,5 uur". In the arena. */
const char *foresee_duration(web_call *call, double seconds);

#endif
