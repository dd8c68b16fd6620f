/* wijk/account_words.h: what the benchmark letter and a shared post come to, in sentences for page
 * and command line alike. Everything in the arena. */
#ifndef WIJK_ACCOUNT_WORDS_H
#define WIJK_ACCOUNT_WORDS_H

#include "wijk/letter.h"
#include "wijk/mem.h"
#include "wijk/staff.h"

enum { WIJK_LETTER_NOTES = 5, WIJK_STAFF_HEADS = 3, WIJK_STAFF_NOTES = 12 };

/* Where the limits come from, how much room is left, what others would have to do, and two
 * cautions; NULL past the last. */
void wijk_letter_say(const char *out[WIJK_LETTER_NOTES], wijk_arena *arena, wijk_lang lang,
                     const wijk_prices *prices, const wijk_letter_limits *limits,
                     const wijk_letter *letter);
/* Which post, what it costs, and what an hour costs; NULL past the last. */
void wijk_staff_head_say(const char *out[WIJK_STAFF_HEADS], wijk_arena *arena, wijk_lang lang,
                         const wijk_staff *staff, const wijk_statement *statement);
/* How to read the statement, every flag, what is at stake, and that this is no advice. */
void wijk_staff_notes_say(const char *out[WIJK_STAFF_NOTES], wijk_arena *arena, wijk_lang lang,
                          const wijk_statement *statement);
/* "corporatie (werkgever)" */
const char *wijk_payer_say(wijk_arena *arena, wijk_lang lang, const wijk_staff *staff,
                           const wijk_prices *prices, size_t payer);

#endif
