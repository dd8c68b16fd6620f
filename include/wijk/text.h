/* wijk/text.h: screen texts in two languages, numbers as people write them, files in the binary. */
#ifndef WIJK_TEXT_H
#define WIJK_TEXT_H

#include "wijk/err.h"
#include "wijk/str.h"
#include "wijk/texts.h" /* generated: enum wijk_text_key, one T_... per row of data/texts */

/* Never NULL. */
const char *wijk_text(wijk_lang lang, enum wijk_text_key key);

/* The text with {0} {1} ... {9} replaced by the NULL-terminated list of texts that follows; the
 * places may stand in another order in each language. A missing text leaves its place empty. */
void wijk_text_fill(wijk_str *out, wijk_lang lang, enum wijk_text_key key, ...)
    __attribute__((sentinel));

/* A number with `decimals` digits in Dutch ("1.234,5") or English ("1,234.5") form; a true minus
 * sign; "-0" never appears. NAN gives an en dash. */
void wijk_number(wijk_str *out, wijk_lang lang, double value, int decimals);
/* An amount of euro: "€ −1.234,50" or "−€1,234.50", the sign where that language has it. A line
 * never breaks in it: between sign and currency stands a word joiner (U+2060), for UAX #14 allows a
 * break there. NAN as above. */
void wijk_euro(wijk_str *out, wijk_lang lang, double euro, int decimals);
/* How many decimals write `value` down whole, from `least` to `most`: 0.25 has two. */
int wijk_number_decimals(double value, int least, int most);
/* wijk_number() in the arena; "" when that is full, never NULL. */
const char *wijk_number_in(wijk_arena *arena, wijk_lang lang, double value, int decimals);

/* The bytes of a shipped file ("data/indicators.csv"); NULL when there is none. Static. */
const char *wijk_asset_get(const char *path, size_t *size);
/* The i-th shipped path, NULL past the end: for tests and listings. */
const char *wijk_asset_path(size_t i);

/* Folds a UTF-8 text for searching: lower case, accents off, punctuation to one blank, no blanks
 * at the ends. `room` > 0; always NUL-terminated; returns the length written. */
size_t wijk_fold(char *out, size_t room, const char *text);

#endif
