/* wijk/account.h: what something costs whom, what it yields whom, and how sure that is.
 *
 * An account is a list of lines in money of one year. Pure arithmetic: structures in, structures
 * out, no file and no clock. Three rules that hold everywhere:
 *
 * 1. Purses add up to society to the cent. Each amount of a line in a year is rounded to cents once
 *    and then divided over purses (wijk_cents_split); transfers leave one purse for another.
 * 2. So who pays never changes what society pays; nor do the language and the order of the lines.
 *    Shown in money of another year every amount is the same times one factor, before rounding: the
 *    total divided by the factor differs by no more than half a cent per line and year and level.
 * 3. Unknown is not zero. A line without a price stays in its own unit; totals say that they leave
 *    it out, and at which price the account would break even.
 *
 * Society is the sum of all purses. Net present value, discounting at the start of each year, year
 * 0 whole: sum of amount(t) / (1 + rate)^t. HM Treasury Green Book 2022; Werkgroep discontovoet
 * 2020. Uncertain figures are triangular (low, most likely, high). */
#ifndef WIJK_ACCOUNT_H
#define WIJK_ACCOUNT_H

#include "wijk/ctx.h"
#include "wijk/prices.h"
#include "wijk/str.h"

#define WIJK_MAX_LINES 1000
#define WIJK_MAX_YEARS 60
#define WIJK_MAX_DRAWS 1000000

enum wijk_line_kind {
    WIJK_COST,    /* somebody gives up money, time or goods */
    WIJK_BENEFIT, /* somebody keeps or gains them; a harm is a benefit with a negative effect */
    WIJK_TRANSFER /* from one purse to another: nothing for society as a whole */
};

enum wijk_stage { WIJK_PLANNED, WIJK_REAL };

/* What is multiplied to make an amount. An empty one is 1, or 0 where it is taken off. */
enum wijk_factor {
    WIJK_QUANTITY,     /* units a year: hours, households, incidents */
    WIJK_REACH,        /* share of them that is reached */
    WIJK_EFFECT,       /* what changes per reached unit, as claimed or published */
    WIJK_DEADWEIGHT,   /* share that would have happened anyway */
    WIJK_ATTRIBUTION,  /* share of the rest that is due to this, not to others */
    WIJK_DISPLACEMENT, /* share that only moved elsewhere */
    WIJK_OPTIMISM,     /* what the evidence is worth; on a cost the overrun, 1 or more */
    WIJK_DROPOFF,      /* share lost every further year */
    WIJK_PRICE,        /* cents per unit in money of the account's year */
    WIJK_FACTORS
};

typedef struct {
    const char *id, *what; /* what: the user's own words */
    enum wijk_line_kind kind;
    enum wijk_stage stage;
    enum wijk_cash cash;
    int priced;   /* 0: no price is known; factor[WIJK_PRICE] says nothing */
    int evidence; /* 0 to 5; -1 where no effect is claimed */
    wijk_range factor[WIJK_FACTORS];
    const wijk_rate *rate[WIJK_FACTORS]; /* the registry row a factor came from, or NULL */
    const wijk_price *price;             /* or NULL when the line brings its own amount */
    int price_year;                      /* before it was turned into money of the account's year */
    double price_factor;                 /* by which it was */
    const char *source, *unit;           /* of an amount of its own */
    int start, years;                    /* first year (0 is the account's first) and how many */
    double profile[WIJK_MAX_YEARS];      /* share of a full year, from `start` */
    double to[WIJK_MAX_PURSES];   /* weights: who pays a cost, who gets a benefit or transfer */
    double from[WIJK_MAX_PURSES]; /* a transfer: who gives */
    const char *group;            /* lines of one group are uncertain together; "" is one too */
    const char *note;
    size_t row; /* line of the file, 0 when there was none */
} wijk_account_line;

typedef struct {
    const char *title;
    int first_year, years, price_year;
    double discount; /* 0.0225 */
    wijk_account_line *lines;
    size_t count;
    const wijk_prices *prices;
} wijk_account;

/* ---- a file -----------------------------------------------------------------------------------
 */

typedef struct wijk_account_file wijk_account_file;

/* Reads an account (docs/manual: account). `own_prices` (may be NULL) is laid over the shipped
 * table. WIJK_EFORMAT with file, line and column. O(bytes). */
int wijk_account_read(wijk_account_file **out, const void *bytes, size_t size, const char *what,
                      const void *own_prices, size_t own_size, const char *own_what);
const wijk_account *wijk_account_of(const wijk_account_file *file);
void wijk_account_file_free(wijk_account_file *file);
/* What every account must satisfy, also one that no file brought: ranges that rise, shares within
 * 0 and 1, no negative cost, years within the horizon, somebody who pays. WIJK_EINVAL. */
int wijk_account_check(const wijk_account *account);

/* ---- the result -------------------------------------------------------------------------------
 */

enum wijk_break_even {
    WIJK_BREAK_AT,     /* not worse off from `share` of the claimed effect on */
    WIJK_BREAK_ALWAYS, /* not worse off whatever the effect */
    WIJK_BREAK_NEVER,  /* no effect is large enough: it pays and others gain */
    WIJK_BREAK_UP_TO   /* loses by the effect: not worse off only below `share` */
};

enum wijk_party_kind { WIJK_SOCIETY, WIJK_PUBLIC, WIJK_GROUP, WIJK_PURSE };

/* One party: society, public money together, an organisation with several purses, or a purse. */
typedef struct {
    enum wijk_party_kind kind;
    int purse;                      /* of a purse; of a group its first purse; else -1 */
    int64_t cost, benefit;          /* present value; a harm makes a benefit negative */
    int64_t received, given;        /* transfers */
    int64_t net;                    /* benefit - cost + received - given */
    int64_t by_cash[WIJK_CASHES];   /* `net` divided: cashable, capacity, well-being */
    int64_t yearly[WIJK_MAX_YEARS]; /* net, not discounted */
    double hours;                   /* of lines priced by the hour, over all years */
    int payback;                    /* years until the discounted sum stays >= 0; 0: never below;
                                       -1: not within the horizon */
    enum wijk_break_even break_even;
    double share; /* of the claimed effect, all lines alike; NAN where it says nothing */
    double low, median, high; /* of `net` in cents: 5%, 50%, 95% of the draws; NAN without draws */
    double mean, mean_error;  /* over the draws, and the standard error of that mean */
    double chance;            /* share of the draws in which the party does not lose */
} wijk_party;

/* A line that no price is known for, in units over the horizon. */
typedef struct {
    size_t line;
    double units, present_units; /* central; `present_units` discounted as money is */
    double price;                /* cents per unit at which society breaks even, the other unpriced
                                    lines left out; NAN when no price >= 0 does */
} wijk_unpriced;

typedef struct {
    enum wijk_stage stage;
    int price_year;
    size_t draws;
    wijk_party *parties; /* society first, then public, groups, purses; only those that take part */
    size_t party_count;
    wijk_unpriced *unpriced;
    size_t unpriced_count;
    size_t line_count;   /* of the account */
    int64_t *part;       /* [line][purse] present value in cents, signed: what the parties add up */
    int64_t *line_net;   /* [line] present value for society */
    int64_t *line_gross; /* [line] present value of the amount itself, also of a transfer */
    int64_t flow[WIJK_MAX_PURSES][WIJK_MAX_PURSES]; /* [payer][beneficiary], see below */
    size_t purses;
    size_t points; /* ranges that are points because their source gives none (prices) */
} wijk_account_result;

typedef struct {
    enum wijk_stage stage;
    size_t draws; /* 0: central values only; at most WIJK_MAX_DRAWS */
    uint64_t seed;
    unsigned threads; /* 0: what the machine has; never changes a bit of the result */
    int money_year;   /* shown in money of this year by consumer prices; 0: the account's own */
} wijk_account_options;

/* Reckons an account. flow[i][j]: the benefits of purse j divided over payers i in proportion to
 * the present value each pays; every column adds up to the purse's benefit. What stands in two
 * lines with the same price, or the same judgement in the same group, is drawn once: nothing
 * averages out that is wrong together. O(lines * (years + draws)). */
int wijk_account_reckon(wijk_account_result **out, const wijk_account *account,
                        const wijk_account_options *options, wijk_ctx *ctx);
void wijk_account_result_free(wijk_account_result *result);
const wijk_party *wijk_account_society(const wijk_account_result *result);
const wijk_party *wijk_account_party(const wijk_account_result *result, int purse); /* or NULL */

/* Which ranges decide: the society total with one factor at its low and at its high, the rest
 * central. The widest first. */
typedef struct {
    enum wijk_factor factor;
    size_t line;            /* the first line that has it */
    size_t lines;           /* how many move with it */
    double at_low, at_high; /* cents */
} wijk_swing;
int wijk_account_swings(wijk_swing *out, size_t *count, size_t room, const wijk_account *account,
                        enum wijk_stage stage);

/* ---- where a figure comes from
 * ------------------------------------------------------------------- */

/* One line as a sum: every factor, the price, its year, source and grade. Plain text, several
 * lines. `purse` -1: what it means for society. */
void wijk_account_explain(wijk_str *out, wijk_lang lang, const wijk_account *account,
                          const wijk_account_result *result, size_t line, int purse);
/* Every line that makes up a party's total, each as above, and the sum that they add up to. */
void wijk_account_explain_party(wijk_str *out, wijk_lang lang, const wijk_account *account,
                                const wijk_account_result *result, const wijk_party *party);
/* What a line is worth to a party: present value in cents. The lines add up to the party's net. */
int64_t wijk_account_part(const wijk_account *account, const wijk_account_result *result,
                          size_t line, const wijk_party *party);
/* The amount of a line over `years` years from year `first` of the account, not discounted, in
 * cents of the account's year: to set a planned line beside the real one of the same id. */
int64_t wijk_account_nominal(const wijk_account *account, const wijk_account_line *line, int first,
                             int years);
/* What a party is called. */
void wijk_account_party_name(wijk_str *out, wijk_lang lang, const wijk_account *account,
                             const wijk_party *party);

/* Years until the sum of `present` (net in cents, discounted, per year) stays at or above zero: 0
 * when it is never below, -1 when it still is after the last year. O(years). */
int wijk_account_payback(const int64_t *present, int years);

#endif
