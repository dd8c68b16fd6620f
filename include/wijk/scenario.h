/* wijk/scenario.h: a policy as a small text that people can read, mail and change.
 *
 *     wijk scenario 1
 *     title nl Sociaal beheer erbij
 *     title en More social management
 *     start 2026-01
 *     years 10
 *
 *     # one post more for every thousand homes
 *     2026-01 everywhere social_management +1 fte per 1000 social homes
 *     2027-06 BU03440131 build_social 40 homes    # where the school was
 *
 * A change is: month, place, lever (wijk/lever.h), value, and if one likes its unit. A value with a
 * sign is added to what holds there at that moment; without a sign it replaces that. A place is a
 * code of an area, wijk or gemeente, a name ("between quotes" when it has blanks), `here` (the area
 * that the reader chose) or `everywhere`. Levers, units and the words in front have Dutch names
 * too, which are read, and written as the English ones. Empty lines and comments are kept, so that
 * what is read and written again is the same text. docs/manual/en/scenario.md tells it to people.
 */
#ifndef WIJK_SCENARIO_H
#define WIJK_SCENARIO_H

#include <stddef.h>

#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/mem.h"
#include "wijk/start.h"
#include "wijk/str.h"

enum {
    WIJK_SCENARIO_VERSION = 1,
    WIJK_SCENARIO_YEARS = 60,     /* most that one may last */
    WIJK_SCENARIO_BYTES = 1 << 20 /* most that a text may hold */
};

typedef struct {
    int month; /* year x 12 + month - 1 */
    const char *place;
    wijk_lever lever;
    double value;
    int relative;       /* 1: added to what holds */
    const char *remark; /* what follows # on the line, or "" */
    size_t line;        /* in the text it was read from; 0 when added */
} wijk_scenario_change;

typedef struct wijk_scenario_file wijk_scenario_file;

/* What is wrong with a text, told all at once: in the order of its lines, one for each line. */
enum { WIJK_MISTAKES = 20 }; /* that are kept */
typedef struct {
    size_t line;         /* from 1; 0: of no line in particular */
    const char *text[2]; /* Dutch and English, without the line in front */
} wijk_mistake;
typedef struct {
    wijk_arena *arena; /* set by the caller: holds the sentences */
    wijk_mistake at[WIJK_MISTAKES];
    size_t n, more; /* more: beyond those kept */
    int code;       /* of the first that was found */
} wijk_mistakes;
/* 0 when there are none; else their code, with as many as fit in the message, each as
 * "what:line: …". */
int wijk_mistakes_fail(const wijk_mistakes *found, const char *what);

/* Reads a whole text; `what` names it in messages. WIJK_EFORMAT with line and word for anything
 * that is not as above (a newer version, an unknown lever with the nearest known one, an impossible
 * month, two changes of one lever at one place and month), WIJK_EINVAL for a value outside the
 * range of its lever, WIJK_ELIMIT past WIJK_MAX_SCENARIO lines. O(bytes). */
int wijk_scenario_read(wijk_scenario_file **out, const void *bytes, size_t size, const char *what);
/* The same, but goes on behind a line that is wrong: *out then holds that line as a remark, so it
 * is for looking further (wijk_scenario_options.found), not for running. Negative only for what
 * makes reading on senseless: memory, a newer version, too many lines or bytes. */
int wijk_scenario_read_all(wijk_scenario_file **out, wijk_mistakes *found, const void *bytes,
                           size_t size, const char *what);
/* An empty one, to be filled by an editor. */
int wijk_scenario_new(wijk_scenario_file **out);
void wijk_scenario_free(wijk_scenario_file *file);

/* Borrowed, never NULL; "" when not given. */
const char *wijk_scenario_title(const wijk_scenario_file *file, wijk_lang lang);
const char *wijk_scenario_about(const wijk_scenario_file *file, wijk_lang lang);
/* Month of the beginning (the first change's when not given; -1 without changes) and length in
 * years (10 when not given). */
int wijk_scenario_start(const wijk_scenario_file *file);
int wijk_scenario_years(const wijk_scenario_file *file);

size_t wijk_scenario_count(const wijk_scenario_file *file);
const wijk_scenario_change *wijk_scenario_at(const wijk_scenario_file *file, size_t i);

/* What an editor does; each checks as reading does. Texts are copied; a line break in one is
 * refused. Removing shifts the later changes by one. */
int wijk_scenario_set_title(wijk_scenario_file *file, wijk_lang lang, const char *title);
int wijk_scenario_set_about(wijk_scenario_file *file, wijk_lang lang, const char *about);
int wijk_scenario_set_span(wijk_scenario_file *file, int start, int years);
int wijk_scenario_add(wijk_scenario_file *file, const wijk_scenario_change *change);
int wijk_scenario_remove(wijk_scenario_file *file, size_t i);

/* The text. Read again it is the same scenario, and written again the same bytes. */
void wijk_scenario_write(wijk_str *out, const wijk_scenario_file *file);

/* ---- on a population ----------------------------------------------------------------------- */

typedef struct {
    const wijk_population *population; /* NULL: each place of the text is one by itself */
    const wijk_start *start;           /* knows names; NULL: places by code only */
    const char *here;                  /* code of what the reader chose; NULL: everywhere */
    int first;            /* the month that is month 0 of the run; -1: wijk_scenario_start */
    uint32_t months;      /* of the run: what begins later is left out; 0: nothing is */
    wijk_mistakes *found; /* not NULL: what is wrong is told there, left out, and gone on behind */
} wijk_scenario_options;

/* What can be known without a population: the changes lie within start and years of the file, what
 * is added gives a value within the range, and shares of one whole are not above 100%. WIJK_EINVAL
 * with file, line, lever and month. Binding looks at the same, and at the places. */
int wijk_scenario_check(const wijk_scenario_file *file);
/* Places and values made definite, for wijk_foresee_new. In one month a narrower place comes after
 * a wider one, whatever the order of the lines. WIJK_ENOTFOUND for a place that is not in the
 * population or a name that several have, WIJK_EINVAL for a month outside the span, a sum outside
 * the range, shares of one whole above 100%, a common task that no block can have, or
 * regional_market where one region is modelled, WIJK_EFORMAT for two lines that mean the same place
 * in one month: each with file and line. Free with wijk_scenario_release. */
int wijk_scenario_bind(wijk_scenario *out, const wijk_scenario_file *file,
                       const wijk_scenario_options *options);
void wijk_scenario_release(wijk_scenario *bound);

/* ---- those that are shipped ------------------------------------------------------------------ */

/* 1 and the i-th shipped scenario's name ("mix-only"), 0 past the end; and its text. */
int wijk_scenario_shipped(char *out, size_t room, size_t i);
int wijk_scenario_open(wijk_scenario_file **out, const char *name);

#endif
