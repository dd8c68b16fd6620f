/* A scenario from inside: its lines in order, so that writing gives back what was read. */
#ifndef WIJK_FORESEE_SCENARIO_H
#define WIJK_FORESEE_SCENARIO_H

#include "wijk/mem.h"
#include "wijk/scenario.h"

enum scenario_line_kind {
    SCENARIO_VERSION,
    SCENARIO_TITLE,
    SCENARIO_ABOUT,
    SCENARIO_START,
    SCENARIO_YEARS,
    SCENARIO_CHANGE,
    SCENARIO_OTHER /* empty, or a comment: kept as it is */
};

typedef struct {
    uint8_t kind; /* enum scenario_line_kind */
    uint8_t lang;
    int number;       /* of start and years */
    const char *text; /* of a title, about or comment */
    const char *word; /* the place of the change as it is compared: folded, one word a meaning */
    wijk_scenario_change change;
} scenario_line;

struct wijk_scenario_file {
    wijk_arena *arena; /* of all texts */
    const char *what;  /* names it in messages */
    scenario_line *lines;
    size_t n, room;
};

/* Appends at `at`, moving later lines. */
int scenario_insert(wijk_scenario_file *file, size_t at, const scenario_line *line);
/* Looks at one change by itself: WIJK_EINVAL with the range of its lever, which stands there as
 * `name`. */
int scenario_check_value(const char *name, const wijk_scenario_change *change);
/* A change on what holds before it. *out is what then holds, or WIJK_EINVAL with both numbers. */
int scenario_add_value(double *out, const wijk_scenario_change *change, double before);
/* The line of a change in its text; of one that is not there (yet) the line behind the last. */
size_t scenario_line_of(const wijk_scenario_file *file, const wijk_scenario_change *change);
/* The message of the moment, with file and line of this change in front: "mix.scenario:7: …". A
 * line of the file is a line of its text. */
int scenario_at_line(const wijk_scenario_file *file, const wijk_scenario_change *change, int code);
/* To six decimals: what a text holds, so that reading and writing agree. */
double scenario_round(double value);
/* A line of a change: its place is copied and its word set. */
int scenario_set_place(wijk_scenario_file *file, scenario_line *line, const char *place);
/* Another change of this lever at this place and month; NULL when there is none. */
const scenario_line *scenario_find_same(const wijk_scenario_file *file, const scenario_line *line);
/* Says that a line contradicts an earlier one of the text; without its own line in front. */
int scenario_contradicts(const wijk_scenario_file *file, const scenario_line *line,
                         const scenario_line *other);
/* Adds the message of the moment to what was found and returns 0, so that looking goes on. With
 * `found` NULL, and of what is no mistake of the text (memory): `code`, with "what:line" in front.
 */
int scenario_tell(wijk_mistakes *found, const char *what, size_t line, int code);

/* ---- what may be meant (suggest.c) ----------------------------------------------------------- */

/* Says that there is no such lever, and which ones are most like the word or are about it. */
int scenario_no_such_lever(const char *word);
/* The best few of many places, by name. */
enum { SCENARIO_NEAR = 3 };
typedef struct {
    const char *name[SCENARIO_NEAR], *code[SCENARIO_NEAR];
    int distance[SCENARIO_NEAR];
    size_t n;
} scenario_near;
/* Offers a place for a word, both as wijk_fold leaves the word. */
void scenario_offer(scenario_near *near, const char *folded, const char *name, const char *code);
/* "Finsterwolde-Centrum" (BU18950100), …; "" when nothing comes near. */
void scenario_name_near(char *out, size_t room, const scenario_near *near, wijk_lang lang);

#endif
