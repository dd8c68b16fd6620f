/* wijk/plan.h: plans: what is intended where, how it will be judged, what it costs whom.
 *
 * A plan begins with three fields, is completed as a draft, and is frozen before it starts. From
 * then on its design (areas, outcome, start, wave of selection, smallest effect of interest) cannot
 * change: what changes is an amendment with a name and a reason, shown beside it. A seal and a
 * chain of hashes show a change made behind the program's back; such a plan gives no verdict. */
#ifndef WIJK_PLAN_H
#define WIJK_PLAN_H

#include "wijk/panel_read.h"
#include "wijk/verdict.h"

enum wijk_plan_state { WIJK_PLAN_DRAFT, WIJK_PLAN_FROZEN, WIJK_PLAN_RUNNING, WIJK_PLAN_CLOSED };

/* In the order of a page. */
enum wijk_plan_field {
    WIJK_PLAN_TITLE,
    WIJK_PLAN_AIM,       /* what should be better for whom */
    WIJK_PLAN_INDICATOR, /* the outcome it is judged by */
    WIJK_PLAN_APPROACH,  /* what will be done */
    WIJK_PLAN_LEVER,     /* a code of data/approaches.csv, "none" for nothing like it, or empty */
    WIJK_PLAN_PARTIES,   /* organisations */
    WIJK_PLAN_BEGINS,    /* year */
    WIJK_PLAN_ENDS,      /* year, or empty */
    WIJK_PLAN_SELECTED,  /* year of the figures on which the areas were chosen, or empty */
    WIJK_PLAN_MATTERS,   /* smallest effect of interest */
    WIJK_PLAN_ACCOUNT,   /* costs and benefits, as the text that wijk/account.h reads */
    WIJK_PLAN_FIELDS
};

enum wijk_plan_kind {
    WIJK_PLAN_TEXT,
    WIJK_PLAN_YEAR,
    WIJK_PLAN_NUMBER,
    WIJK_PLAN_CODE,
    WIJK_PLAN_CHOICE, /* a row of data/approaches.csv */
    WIJK_PLAN_SHEET
};

typedef struct {
    const char *code; /* of the field, in the file and in addresses */
    enum wijk_plan_kind kind;
    int design;  /* 1: sealed at freezing; an amendment is shown but never used for the verdict */
    int needed;  /* 1: no freezing without */
    size_t most; /* bytes */
} wijk_plan_column;

extern const wijk_plan_column wijk_plan_columns[WIJK_PLAN_FIELDS];

typedef struct {
    enum wijk_plan_field field;
    const char *from, *to, *at, *signed_by, *reason;
} wijk_amendment;

typedef struct {
    int64_t id;
    const char *code, *created_at, *frozen_at; /* frozen_at "" for a draft */
    const char *seal;                          /* of the design, hexadecimal; "" for a draft */
    enum wijk_plan_state state;
    int fictional;
    const char *closed_at; /* UTC; "" until it is closed */
    const char *last_wave; /* year of the newest measurement at closing; "" when there was none */
    int intact;            /* 0: seal or chain do not fit: changed behind the program's back */
    const char *value[WIJK_PLAN_FIELDS];  /* as it holds now; "" when not said */
    const char *design[WIJK_PLAN_FIELDS]; /* as frozen; of a draft the same as `value` */
    wijk_area *areas;
    size_t area_count;
    wijk_amendment *amendments; /* oldest first */
    size_t amendment_count;
    const char **overlaps; /* codes of other plans, not drafts, that share an area */
    size_t overlap_count;
} wijk_plan;

/* Three fields. `indicator` NULL: the Leefbaarometer. Returns its id; the store must be writing. */
int wijk_plan_create(int64_t *out, wijk_store *store, const wijk_registry *registry,
                     const char *title, int64_t area, const char *indicator);
/* Not withdrawn, newest first, at most 1,000. Everything in `arena`. */
int wijk_plan_list(wijk_plan **out, size_t *count, wijk_store *store, wijk_arena *arena);
/* The same, of plans that have this area, whatever the division of its year. */
int wijk_plan_list_in(wijk_plan **out, size_t *count, wijk_store *store, wijk_arena *arena,
                      int64_t area);
/* WIJK_ENOTFOUND when there is no such plan. */
int wijk_plan_get(wijk_plan *out, wijk_store *store, wijk_arena *arena, const char *code);

/* Drafts only (WIJK_EDENIED else, saying how to amend). WIJK_EINVAL says what a field must be. */
int wijk_plan_set(wijk_store *store, const wijk_registry *registry, int64_t plan,
                  enum wijk_plan_field field, const char *value);
int wijk_plan_add_area(wijk_store *store, int64_t plan, int64_t area);
int wijk_plan_drop_area(wijk_store *store, int64_t plan, int64_t area);
int wijk_plan_withdraw(wijk_store *store, int64_t plan);
/* Seals the design. WIJK_EINVAL names what is missing. */
int wijk_plan_freeze(wijk_store *store, int64_t plan);
/* After freezing: `signed_by` and `reason` are needed. Never the areas. */
int wijk_plan_amend(wijk_store *store, const wijk_registry *registry, int64_t plan,
                    enum wijk_plan_field field, const char *value, const char *signed_by,
                    const char *reason);
/* Frozen to running, running to closed; no other step. Closing writes down the newest measurement
 * there is: the verdict goes by the waves up to it, so that nobody can wait for a better one. */
int wijk_plan_advance(wijk_store *store, const wijk_registry *registry, int64_t plan,
                      enum wijk_plan_state to);

/* The panel of its outcome and the design as frozen, up to the last wave of a closed plan; areas of
 * other plans and neighbours are no comparison. Free the panel. WIJK_EDENIED when the plan is not
 * intact. The design borrows from both. */
int wijk_plan_panel(wijk_panel_data *out, wijk_design *design, wijk_store *store,
                    const wijk_registry *registry, const wijk_plan *plan);
/* The smallest effect that this design would notice in 80 of 100, on the waves before its start. */
int wijk_plan_power(double *detectable, wijk_store *store, const wijk_registry *registry,
                    const wijk_plan *plan, wijk_ctx *ctx);

/* The mark of all that decides verdict, power and account of a plan but the figures of the file:
 * its design, areas and last wave, what it says now, and the areas of other plans, which are no
 * comparison. O(bytes). */
enum { WIJK_PLAN_MARK = 65 };
int wijk_plan_mark(char out[WIJK_PLAN_MARK], wijk_store *store, const wijk_plan *plan);

/* A plan judged by what was frozen. */
typedef struct {
    wijk_panel_data data;
    wijk_design design;
    wijk_verdict verdict;
    int decimals; /* in which the outcome is shown */
} wijk_plan_judgement;

/* Only once it is closed: whoever looks at every measurement and stops when it looks well finds
 * effects where nothing happened (Armitage, McPherson & Rowe 1969, doi:10.2307/2343787: five looks
 * make 14 in 100 of 5). WIJK_EDENIED when the plan is not intact, WIJK_EINVAL before it is closed
 * or while there is nothing to judge. Free it also after a failure. */
int wijk_plan_judge(wijk_plan_judgement *out, wijk_store *store, const wijk_registry *registry,
                    const wijk_plan *plan, wijk_ctx *ctx);
void wijk_plan_judgement_free(wijk_plan_judgement *judgement);

/* 1 when it was frozen in the year it began or earlier; else its outcome could be seen already. */
int wijk_plan_sealed_before(const wijk_plan *plan);
/* 1 when it was closed before the year in which it was to end when it was frozen. */
int wijk_plan_closed_early(const wijk_plan *plan);

/* Writes the three plans of the invented town (data/town/plans.csv) into the file that
 * wijk_town_create made. */
int wijk_plan_examples(const char *path);

#endif
