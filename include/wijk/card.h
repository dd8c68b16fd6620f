/* wijk/card.h: the evidence card: what a closed plan did, in one small file that another can read.
 *
 * A card says what was done, in what kind of areas (never which people), what it cost whom, the
 * effect with its range, how well the design guards against choosing the answer, what the figures
 * mean and where they came from. Reading it gives the very numbers that were written. JSON (RFC
 * 8259), at most WIJK_CARD_MOST bytes. */
#ifndef WIJK_CARD_H
#define WIJK_CARD_H

#include "wijk/plan.h"
#include "wijk/str.h"

enum { WIJK_CARD_MOST = 262144, WIJK_CARD_PURSES = 64, WIJK_CARD_SOURCES = 64 };

typedef struct {
    const char *code;          /* of data/purses.csv, or "society" */
    double cost, benefit, net; /* euro, present value */
    double low, high;          /* 5% and 95% of the draws; NAN when there are none */
} wijk_card_purse;

typedef struct {
    const char *publisher, *file, *sha256;
} wijk_card_source;

typedef struct {
    const char *title, *aim, *approach, *parties;
    const char *outcome, *outcome_nl, *outcome_en, *definition; /* code, labels, what it means */
    const char *level;                                          /* "buurt", "pc4" … */
    double areas, residents, score; /* how many; all together; mean outcome when chosen */
    double begins, ends, selected;  /* years; NAN when not said */
    double matters, fictional, amendments;
    double sealed_before; /* 1: frozen in the year it began or earlier: nothing could be chosen */
    double closed_early;  /* 1: closed before the end that was agreed when it was frozen */
    double last_wave;     /* year of the newest measurement that it is judged by; NAN: none */
    const char *verdict;  /* better, worse, no_difference, cannot_know */
    double effect, low, high, p, detectable, before_after;
    double treated, compared, pre, post;
    double price_year; /* of the purses; NAN when there is no account */
    wijk_card_purse *purses;
    size_t purse_count;
    wijk_card_source *sources;
    size_t source_count;
    const char *file_hash, *program, *frozen_at;
} wijk_card;

/* WIJK_EDENIED unless the plan is closed and intact. Everything in `arena`. */
int wijk_card_make(wijk_card *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, const wijk_plan *plan, wijk_ctx *ctx);
int wijk_card_write(wijk_str *out, const wijk_card *card);
/* WIJK_EFORMAT with what is wrong; WIJK_ELIMIT when larger than a card can be. */
int wijk_card_read(wijk_card *out, wijk_arena *arena, const void *bytes, size_t size,
                   const char *what);

#endif
