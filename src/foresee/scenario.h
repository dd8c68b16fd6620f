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
/* Looks at one change by itself: WIJK_EINVAL with the range of its lever. */
int scenario_check_value(wijk_lever lever, double value, int relative);
/* A change on what holds before it. *out is what then holds, or WIJK_EINVAL with both numbers. */
int scenario_add_value(double *out, const wijk_scenario_change *change, double before);
/* The message of the moment, with file and line of this change in front: "mix.scenario:7: …". A
 * line of the file is a line of its text. */
int scenario_at_line(const wijk_scenario_file *file, const wijk_scenario_change *change, int code);
/* To six decimals: what a text holds, so that reading and writing agree. */
double scenario_round(double value);
/* A line of a change: its place is copied and its word set. */
int scenario_set_place(wijk_scenario_file *file, scenario_line *line, const char *place);
/* Another change of this lever at this place and month; NULL when there is none. */
const scenario_line *scenario_find_same(const wijk_scenario_file *file, const scenario_line *line);
/* Says that a line contradicts an earlier one of the text. */
int scenario_contradicts(const wijk_scenario_file *file, const scenario_line *line,
                         const scenario_line *other);
/* The lever whose key is most like a word. */
const char *scenario_nearest_lever(const char *word);

#endif
