/* wijk/money.h: euro as whole cents: reading, writing and dividing without losing one.
 *
 * Sums of money are int64_t cents, at most WIJK_MAX_CENTS either way, so that adding is exact and
 * in any order the same. */
#ifndef WIJK_MONEY_H
#define WIJK_MONEY_H

#include "wijk/err.h"
#include "wijk/str.h"

#include <stddef.h>
#include <stdint.h>

#define WIJK_MAX_CENTS 100000000000000 /* a thousand billion euro: more than the country spends */

/* "1234", "1234.5", "1234,50", with or without a minus sign. A separator is followed by one or two
 * digits, so that 1.234 (a thousand, or one and a bit?) is refused and never guessed.
 * WIJK_EFORMAT, WIJK_ELIMIT. */
int wijk_cents_parse(int64_t *out, const char *text);
/* Nearest cent, halves away from zero. WIJK_EINVAL when not finite, WIJK_ELIMIT past the ceiling.
 */
int wijk_cents_round(int64_t *out, double cents);
/* As wijk_euro: "€ 1.234,50" or "€1,234.50"; whole euro when `decimals` is 0 (halves away from
 * zero). */
void wijk_cents_write(wijk_str *out, wijk_lang lang, int64_t cents, int decimals);
/* "1234.50": for CSV and JSON. */
void wijk_cents_plain(wijk_str *out, int64_t cents);

/* Divides `total` over `n` parts in proportion to `weights` (>= 0, finite, not all zero) by the
 * largest remainder, so that the parts add up to the cent; equal remainders go to the earlier part.
 * Negative totals are divided as their positive mirror image. WIJK_EINVAL for weights that cannot
 * be right, WIJK_ELIMIT for more than WIJK_MAX_SPLIT parts. O(n²), n is small.
 * Hare's quota: Balinski & Young 1982, Fair Representation, chapter 3. */
#define WIJK_MAX_SPLIT 64
int wijk_cents_split(int64_t *parts, int64_t total, const double *weights, size_t n);

#endif
