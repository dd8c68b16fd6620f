/* The verdict in words: one answer, what chance shows, what people see, and what it does not say.
 */
#include "wijk/figure.h"

#include "figure/words.h"

#include <math.h>

/* With a sign, so that a rise reads as one. */
static const char *changed(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    const char *text = wijk_number_in(arena, lang, value, decimals);
    const char *both = value > 0 ? wijk_arena_printf(arena, "+%s", text) : NULL;
    return both ? both : text;
}

static const char *answer(wijk_arena *arena, wijk_lang lang, const wijk_verdict *v,
                          const wijk_design *design, int decimals)
{
    static const enum wijk_text_key keys[] = {T_EVALUATE_BETTER, T_EVALUATE_WORSE, T_EVALUATE_NONE,
                                              T_EVALUATE_CANNOT};
    enum wijk_text_key key = v->why_not == WIJK_CANNOT_FEW      ? T_EVALUATE_CANNOT_FEW
                             : v->why_not == WIJK_CANNOT_SMALL  ? T_EVALUATE_CANNOT_SMALL
                             : v->why_not == WIJK_CANNOT_UNLIKE ? T_EVALUATE_CANNOT_UNLIKE
                                                                : keys[v->kind];
    const char *areas =
        v->treated == 1 ? wijk_text(lang, T_EVALUATE_AREA_ONE)
                        : WIJK_FILL(arena, lang, T_EVALUATE_AREAS,
                                    {"count", wijk_int_in(arena, lang, (long long)v->treated, 1)});
    double shown = v->kind == WIJK_BETTER || v->kind == WIJK_WORSE ? fabs(v->effect) : v->effect;
    return WIJK_FILL(arena, lang, key, {"areas", areas},
                     {"effect", v->kind == WIJK_CANNOT_KNOW
                                    ? changed(arena, lang, shown, decimals)
                                    : wijk_number_in(arena, lang, shown, decimals)},
                     {"matters", wijk_number_in(arena, lang, design->matters, decimals)},
                     {"low", wijk_number_in(arena, lang, v->effect - v->high, decimals)},
                     {"high", wijk_number_in(arena, lang, v->effect - v->low, decimals)},
                     {"pool", wijk_int_in(arena, lang, (long long)v->pool, 1)},
                     {"small", wijk_int_in(arena, lang, (long long)v->small, 1)});
}

void wijk_verdict_say(wijk_verdict_words *out, wijk_arena *arena, wijk_lang lang,
                      const wijk_verdict *verdict, const wijk_design *design, int decimals)
{
    const wijk_verdict *v = verdict;
    size_t n = 0;
    *out = (wijk_verdict_words){.answer = answer(arena, lang, v, design, decimals)};
    if (isfinite(v->effect)) {
        out->notes[n++] =
            WIJK_FILL(arena, lang, T_EVALUATE_POWER,
                      {"detectable", wijk_number_in(arena, lang, v->detectable, decimals)});
        out->notes[n++] = WIJK_FILL(arena, lang, T_EVALUATE_SEEN,
                                    {"before", changed(arena, lang, v->before_after, decimals)},
                                    {"naive", changed(arena, lang, v->naive, decimals)});
        out->notes[n++] = WIJK_FILL(arena, lang, T_EVALUATE_COMPARED,
                                    {"pool", wijk_int_in(arena, lang, (long long)v->pool, 1)},
                                    {"pre", wijk_int_in(arena, lang, (long long)v->pre, 1)},
                                    {"post", wijk_int_in(arena, lang, (long long)v->post, 1)});
    }
    out->notes[n] = wijk_text(lang, T_EVALUATE_ONLY_ASSOCIATION);
}
