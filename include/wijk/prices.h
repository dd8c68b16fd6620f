/* wijk/prices.h: who pays (purses), what one of something costs (prices), how price years compare.
 *
 * Nothing is hard-coded: the tables are data/purses.csv, data/prices.csv and data/cpi.csv, and a
 * coalition may lay a table of its own over the prices. An unknown price is unknown, never zero: it
 * keeps its row, its unit and the reason. */
#ifndef WIJK_PRICES_H
#define WIJK_PRICES_H

#include "wijk/money.h"

#include <stddef.h>
#include <stdint.h>

#define WIJK_MAX_PURSES 32

typedef struct {
    const char *code, *group; /* group: the organisation; "gem" has several purses */
    const char *label[2], *definition[2];
    int is_public; /* money of the public, as against residents and private parties */
} wijk_purse;

enum wijk_cash {
    WIJK_CASH_YES,      /* money leaves, or no longer leaves, a bank account */
    WIJK_CASH_CAPACITY, /* time or room is freed; money only when it is given up or used again */
    WIJK_CASH_WELFARE,  /* worth something to people, in nobody's budget */
    WIJK_CASH_MIXED,    /* a price that covers several; the line has to say which */
    WIJK_CASHES
};

typedef struct {
    int64_t low, central, high; /* cents; low <= central <= high */
} wijk_cents_range;

typedef struct {
    const char *code, *theme;
    const char *label[2], *unit[2];
    int known;             /* 0: no sourced price; `euro` and `year` say nothing */
    int ranged;            /* 0: the source gives no range; low and high equal central */
    wijk_cents_range euro; /* per unit, in money of `year` */
    int year;
    const char *index; /* series by which it moves: "cpi", "wage", or "none" */
    int purse;         /* who pays, as an index of wijk_purse_at(); -1: the line must say */
    enum wijk_cash cash;
    const char *grade; /* A official, B research, C practice, UK British value; "" unknown */
    const char *source;
    const char *note[2];
    int own; /* from a table that the user gave */
} wijk_price;

/* A rate or rule of appraisal (data/appraisal.csv): discount rate, what evidence is worth,
 * additionality, VAT, benchmark letters. */
typedef struct {
    double low, central, high;
} wijk_range;

typedef struct {
    const char *code;
    wijk_range value;
    const char *grade, *source;
    const char *label[2], *note[2];
} wijk_rate;

typedef struct wijk_prices wijk_prices;

/* The shipped tables. Immutable afterwards, so threads may share it. O(bytes).
 * WIJK_EFORMAT names table, line and column. */
int wijk_prices_open(wijk_prices **out);
/* The same with the rows of a user's table in front: same columns, only `code` and what differs
 * need be there for a code that exists. `what` names it in messages. */
int wijk_prices_open_own(wijk_prices **out, const void *bytes, size_t size, const char *what);
void wijk_prices_free(wijk_prices *prices);

size_t wijk_purse_count(const wijk_prices *prices);
const wijk_purse *wijk_purse_at(const wijk_prices *prices, size_t i); /* i < count */
int wijk_purse_find(const wijk_prices *prices, const char *code);     /* -1 when there is none */

size_t wijk_price_count(const wijk_prices *prices);
const wijk_price *wijk_price_at(const wijk_prices *prices, size_t i);
const wijk_price *wijk_price_find(const wijk_prices *prices, const char *code); /* or NULL; O(1) */

size_t wijk_rate_count(const wijk_prices *prices);
const wijk_rate *wijk_rate_at(const wijk_prices *prices, size_t i);
const wijk_rate *wijk_rate_find(const wijk_prices *prices, const char *code); /* or NULL; O(n) */

/* By how much money of year `from` is multiplied to be money of year `to`. `*error` (may be NULL):
 * the largest relative error by rounding in the published changes. The same year is always 1.
 * WIJK_EINVAL when the series does not reach both years: nothing is extrapolated. */
int wijk_index_factor(double *out, double *error, const wijk_prices *prices, const char *series,
                      int from, int to);
/* First and last year of a series that a source gives; 0 and 0 when there is no such series. */
void wijk_index_years(int *first, int *last, const wijk_prices *prices, const char *series);
/* Adds a year that the user has a source for: the change in percent against the year before. */
int wijk_index_add(wijk_prices *prices, const char *series, int year, double change,
                   const char *source);
/* Source and grade of the step into `year`; NULL when the series does not hold it. */
const char *wijk_index_source(const wijk_prices *prices, const char *series, int year);

/* The price in money of `year`, whole cents. WIJK_ENOTFOUND when the price is unknown (the message
 * says why), WIJK_EINVAL when no index reaches. */
int wijk_price_in(wijk_cents_range *out, const wijk_prices *prices, const wijk_price *price,
                  int year);

/* How a code of data/prices.csv is spelled, and how it reads: "cashable", "geeft ruimte". */
int wijk_cash_parse(enum wijk_cash *out, const char *word);
const char *wijk_cash_word(enum wijk_cash cash);
const char *wijk_cash_text(wijk_lang lang, enum wijk_cash cash);

#endif
