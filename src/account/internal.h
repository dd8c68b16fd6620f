/* What the files of the account room share: names of factors, the present value of a line, and the
 * plan of the draws. */
#ifndef WIJK_ACCOUNT_INTERNAL_H
#define WIJK_ACCOUNT_INTERNAL_H

#include "wijk/account_rows.h"
#include "wijk/mem.h"

/* Column of the file in which a factor stands. */
extern const char *const account_factor_names[WIJK_FACTORS];

/* 1 when a larger effect changes this line: it claims one. */
int account_line_scales(const wijk_account_line *line);
/* How a value of a factor counts in the product: 1 - x where it is taken off. */
double account_multiplier(enum wijk_factor factor, double value);
/* Units in a full year at `level` (0 low, 1 central, 2 high of every factor), without the price;
 * with `claimed` the optimism is left out. */
double account_units(const wijk_account_line *line, int claimed);
/* Years that the profile adds up to, discounted at `rate` (0 for none), at one drop-off. */
double account_years(const wijk_account_line *line, double rate, double dropoff);
/* 1 when a line is of the stage and has a price. */
int account_counts(const wijk_account_line *line, enum wijk_stage stage);
/* "price:P-03", "reach:": lines whose factor has the same name are wrong together. */
void account_factor_key(char *out, size_t room, const wijk_account_line *line,
                        enum wijk_factor factor);

/* The first thing that was wrong: its column, and what was said before the place was put in front.
 */
typedef struct {
    char column[48];
    char text[2][400];
} account_fault;

/* Keeps the present message; `fault` may be NULL. */
void account_fault_note(account_fault *fault, const char *column);
int account_check(const wijk_account *account, account_fault *fault);

typedef struct {
    const void *bytes;
    size_t size;
    const char *what;
} account_own_prices;

/* wijk_account_read that also says where. */
int account_read(wijk_account_file **out, const void *bytes, size_t size, const char *what,
                 const account_own_prices *own, account_fault *fault);

/* Bands and chances of every party; the central part has been done. `share` is [line][party]: which
 * part of the amount of a line a party gains (negative: loses). */
int account_draw(wijk_account_result *result, const wijk_account *account, const double *share,
                 const wijk_account_options *options, double money, wijk_ctx *ctx);

#endif
