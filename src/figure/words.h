/* How figures and findings become words: shared by the portrait's files. */
#ifndef WIJK_FIGURE_WORDS_H
#define WIJK_FIGURE_WORDS_H

#include "wijk/areas.h"
#include "wijk/portrait.h"
#include "wijk/standout.h"
#include "wijk/text.h"

/* A {name} in a screen text and what stands there. */
typedef struct {
    const char *name, *text;
} wijk_slot;

/* The text with every {name} filled in; an unknown name stays as it is. Never NULL: "" when memory
 * is out, which the next allocation reports. */
const char *wijk_fill(wijk_arena *arena, wijk_lang lang, enum wijk_text_key key,
                      const wijk_slot *slots, size_t count);
#define WIJK_FILL(arena, lang, key, ...)                                                           \
    wijk_fill(arena, lang, key, (const wijk_slot[]){__VA_ARGS__},                                  \
              sizeof((const wijk_slot[]){__VA_ARGS__}) / sizeof(wijk_slot))

const char *wijk_shown_in(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                          double value);
/* With a sign: "+0,08". */
const char *wijk_signed_in(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                           double value);
/* "+12", "−3"; what rounds to nothing has no sign. */
const char *wijk_with_sign(wijk_arena *arena, wijk_lang lang, double value, int decimals);
const char *wijk_int_in(wijk_arena *arena, wijk_lang lang, long long value, int grouped);
/* The label inside a sentence: its first letter small, unless it is an abbreviation. */
const char *wijk_inner_label(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator);
/* "buurten", "wijken" */
const char *wijk_levels_name(wijk_lang lang, enum wijk_level level);

/* The generated sentence of the page: what stands out, or that nothing does. */
const char *wijk_sentence(wijk_arena *arena, wijk_lang lang, const wijk_facts *facts,
                          const wijk_registry *registry);

/* The range of a value in words, or why there is none. */
const char *wijk_range_words(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                             const wijk_value *value);
/* Where a value comes from, or why there is none; `from` is the area it was published for. */
const char *wijk_note_words(wijk_arena *arena, wijk_lang lang, const wijk_indicator *indicator,
                            const wijk_value *value, const wijk_area *area, const wijk_area *from);

/* What a program reads for each flag of a value: the same words in JSON and in every export. */
enum { WIJK_FLAG_WORDS = 5 };
typedef struct {
    unsigned flag;
    const char *word;
} wijk_flag_word;
extern const wijk_flag_word wijk_flag_words[WIJK_FLAG_WORDS];

/* ---- parts of the portrait, each in a file of its own ---- */

typedef struct { /* what every part is made from */
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_facts *facts;
    const wijk_facts *gemeente; /* NULL when there is none around it */
    int64_t similar[5];
    size_t similar_count;
} wijk_drawing;

/* livability.c */
int wijk_draw_livability(wijk_livability *out, const wijk_drawing *drawing);
/* portrait_around.c: similar areas, overlapping areas, changes, limits, conversions, citation */
int wijk_draw_similar(wijk_portrait *out, wijk_drawing *drawing);
int wijk_draw_parts(wijk_portrait *out, const wijk_drawing *drawing);
int wijk_draw_changes(wijk_portrait *out, const wijk_drawing *drawing);
int wijk_draw_notes(wijk_portrait *out, const wijk_drawing *drawing);

#endif
