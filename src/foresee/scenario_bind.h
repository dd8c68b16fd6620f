/* A scenario while it is set on a population: shared by scenario_bind.c, which makes its lines
 * definite, and scenario_check.c, which looks whether they can be together. */
#ifndef WIJK_FORESEE_SCENARIO_BIND_H
#define WIJK_FORESEE_SCENARIO_BIND_H

#include "foresee/scenario.h"

typedef struct { /* the places one word means */
    wijk_scope scope;
    uint32_t first, last; /* areas first..last of the population, or one region */
} spot;

typedef struct {
    const scenario_line *line;
    spot where;
} line_at;

typedef struct {
    const wijk_scenario_file *file;
    const wijk_scenario_options *options; /* population NULL: the text alone */
    line_at *lines;                       /* within the run, as they take effect */
    wijk_change *changes;                 /* made definite, in the order of the lines */
    uint32_t *from;                       /* the line that each of them is of */
    size_t n_lines, n, room;
    uint32_t now; /* the line under way */
    int first;    /* the month that is month 0 */
} binder;

/* 1 when a change is also about that place. */
int scenario_covers(const binder *b, const wijk_change *c, wijk_scope scope, uint32_t place);

/* What a change of the file is refused for, the message of the moment: told to who gathers what is
 * found (then 0), or `code` with file and line in front. */
int scenario_tell_at(const binder *b, const wijk_scenario_change *change, int code);

/* The changes lie within start and years of the file. */
int scenario_check_span(const binder *b);
/* One line by itself: month and market. The message is without a line yet. */
int scenario_check_line(const binder *b, const wijk_scenario_change *change);
/* All of them together: common tasks have a block, shares of one whole are no more than that. */
int scenario_check_whole(const binder *b);

#endif
