/* The benchmark letter and the shared post in sentences: one place for what page and command line
 * must both say, cautions first of all. */
#include "wijk/account_words.h"

#include "wijk/text.h"

#include <math.h>
#include <stdio.h>

static const char *fill(wijk_arena *arena, wijk_lang lang, enum wijk_text_key key, const char *a,
                        const char *b, const char *c, const char *d)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, lang, key, a, b, c, d, NULL);
    return wijk_str_keep(&text, arena);
}

static const char *euro(wijk_arena *arena, wijk_lang lang, double cents, int decimals)
{
    wijk_str text = WIJK_STR_INIT;
    int64_t whole = 0;
    wijk_cents_round(&whole, cents);
    wijk_cents_write(&text, lang, whole, decimals);
    return wijk_str_keep(&text, arena);
}

void wijk_letter_say(const char *out[WIJK_LETTER_NOTES], wijk_arena *arena, wijk_lang lang,
                     const wijk_prices *prices, const wijk_letter_limits *limits,
                     const wijk_letter *letter)
{
    size_t n = 0;
    char year[16];
    const wijk_price *hour = wijk_price_find(prices, "P-02");
    for (size_t i = 0; i < WIJK_LETTER_NOTES; i++) {
        out[i] = NULL;
    }
    snprintf(year, sizeof year, "%d", limits->year);
    out[n++] = fill(arena, lang, T_ACCOUNT_LETTER_LIMITS, year,
                    wijk_number_in(arena, lang, limits->a_below, 0),
                    wijk_number_in(arena, lang, limits->c_from, 0), limits->source);
    if (isfinite(letter->room) && hour && hour->known) {
        out[n++] =
            fill(arena, lang, T_ACCOUNT_LETTER_ROOM, euro(arena, lang, letter->room * 100, 0),
                 wijk_number_in(arena, lang, letter->room * 100 / (double)hour->euro.central, 0),
                 NULL, NULL);
    }
    if (letter->then > letter->now) {
        out[n++] = fill(arena, lang, T_ACCOUNT_LETTER_OTHERS,
                        euro(arena, lang, letter->others * 100, 2), NULL, NULL, NULL);
    }
    out[n++] = wijk_text(lang, T_ACCOUNT_LETTER_RELATIVE);
    out[n] = wijk_text(lang, T_ACCOUNT_LETTER_CAUTION);
}

void wijk_staff_head_say(const char *out[WIJK_STAFF_HEADS], wijk_arena *arena, wijk_lang lang,
                         const wijk_staff *staff, const wijk_statement *s)
{
    out[0] = fill(arena, lang, T_ACCOUNT_STAFF_HEAD, staff->post, staff->period,
                  wijk_route_text(lang, staff->route), NULL);
    out[1] = fill(arena, lang, T_ACCOUNT_STAFF_COST, euro(arena, lang, (double)s->cost, 2),
                  euro(arena, lang, (double)s->charged, 2), NULL, NULL);
    out[2] = s->hours > 0
                 ? fill(arena, lang, T_ACCOUNT_STAFF_HOUR, wijk_number_in(arena, lang, s->hours, 1),
                        euro(arena, lang, s->hour_cost, 2), NULL, NULL)
                 : NULL;
}

void wijk_staff_notes_say(const char *out[WIJK_STAFF_NOTES], wijk_arena *arena, wijk_lang lang,
                          const wijk_statement *s)
{
    size_t n = 0;
    for (size_t i = 0; i < WIJK_STAFF_NOTES; i++) {
        out[i] = NULL;
    }
    out[n++] = wijk_text(lang, T_ACCOUNT_STAFF_MINUS);
    for (unsigned flag = 1; flag <= WIJK_FLAG_CHARGED; flag <<= 1) {
        if (s->flags & flag) {
            out[n++] = wijk_staff_flag_text(lang, (enum wijk_staff_flag)flag);
        }
    }
    if (s->at_stake) {
        out[n++] = fill(arena, lang, T_ACCOUNT_STAFF_STAKE,
                        euro(arena, lang, (double)s->at_stake, 2), NULL, NULL, NULL);
    }
    out[n] = wijk_text(lang, T_ACCOUNT_STAFF_ADVICE);
}

const char *wijk_payer_say(wijk_arena *arena, wijk_lang lang, const wijk_staff *staff,
                           const wijk_prices *prices, size_t payer)
{
    const char *label = wijk_purse_at(prices, (size_t)staff->payers[payer].purse)->label[lang];
    return payer == staff->employer && staff->route != WIJK_ROUTE_OWN
               ? fill(arena, lang, T_ACCOUNT_EMPLOYER, label, NULL, NULL, NULL)
               : label;
}
