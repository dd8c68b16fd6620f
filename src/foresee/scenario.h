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
    wijk_scenario_change change;
} scenario_line;

struct wijk_scenario_file {
    wijk_arena *arena; /* of all texts */
    scenario_line *lines;
    size_t n, room;
};

/* Appends at `at`, moving later lines. */
int scenario_insert(wijk_scenario_file *file, size_t at, const scenario_line *line);
/* Looks at one change by itself: WIJK_EINVAL with the range of its lever. */
int scenario_check_value(wijk_lever lever, double value, int relative);
/* To six decimals: what a text holds, so that reading and writing agree. */
double scenario_round(double value);
/* The line of another change of this lever at this place and month; -1 when there is none. */
long scenario_find_same(const wijk_scenario_file *file, const wijk_scenario_change *change);
/* The lever whose key is most like a word. */
const char *scenario_nearest_lever(const char *word);

#endif
