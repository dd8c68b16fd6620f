/* load/sources.h: data/sources.csv and data/columns.csv as typed rows, and which of them a header
 * belongs to. The idea: a source is a row, not a function; a reader only needs this table. */
#ifndef WIJK_LOAD_SOURCES_H
#define WIJK_LOAD_SOURCES_H

#include "wijk/csv.h"
#include "wijk/load.h"

#include <stddef.h>

enum wijk_layout { WIJK_WIDE, WIJK_LONG, WIJK_SHAPES, WIJK_CROSSWALK, WIJK_FLOWS, WIJK_LOOKUP };
enum wijk_area_by { WIJK_BY_CODE, WIJK_BY_GEMEENTE_NAME, WIJK_BY_FIRST_WORD };

enum wijk_role {
    WIJK_ROLE_INDICATOR,
    WIJK_ROLE_CODE,
    WIJK_ROLE_NAME,
    WIJK_ROLE_GEMEENTE,
    WIJK_ROLE_LEVEL,
    WIJK_ROLE_YEAR,
    WIJK_ROLE_MONTH,
    WIJK_ROLE_CATEGORY,
    WIJK_ROLE_VALUE,
    WIJK_ROLE_KEEP,
    WIJK_ROLE_FROM,
    WIJK_ROLE_TO,
    WIJK_ROLE_GEOMETRY,
    WIJK_ROLE_TOLERANCE, /* metres by which borders may be off; in `factor` without a column */
    WIJK_ROLE_CHANGED,   /* filled: the publisher says that the border changed */
    WIJK_ROLE_IGNORE     /* known, and of no use here: x, y, lat, lon, a row number … */
};

typedef struct {
    const char **items;
    size_t count;
} wijk_list;

typedef struct {
    wijk_list names;       /* normalised alternatives; may hold {yyyy} {yy} {yy2} {n} */
    const char *indicator; /* code, when role is INDICATOR */
    enum wijk_role role;
    wijk_list categories; /* long layout: the categories this row adds up */
    wijk_list missing;    /* tokens on top of the source's */
    wijk_list words;      /* map: text, number, text, number … */
    double factor, round;
    int period; /* 0: of the row or of the column's name */
    const char *note;
} wijk_source_column;

typedef struct {
    wijk_source_info info;
    const char *dialect;
    wijk_list match, signature; /* signature normalised */
    wijk_list also;             /* codes of other sources whose columns stand in the same file */
    const char *format;
    char delimiter; /* only where it cannot be found out */
    char decimal;   /* 0: either */
    int ragged;     /* 1: its rows end at their last filled cell, so a short row is whole */
    enum wijk_layout layout;
    enum wijk_area_by area_by;
    wijk_list area, name, parent; /* normalised column names */
    const char *prefix;           /* before the code in the file */
    const char *parent_code;      /* "=GM0363" without the sign, or NULL */
    int parent_cut; /* 1: the parent is the code without its last character, in parent_code */
    int level;      /* enum wijk_level, -1: by the shape of the code */
    int vintages[8];
    size_t vintage_count;
    int period;            /* fixed year, 0: see below */
    int period_in_name;    /* the column's name holds it */
    wijk_list year, month; /* columns that hold it */
    wijk_list missing, secret;
    const wijk_source_column *columns;
    size_t column_count;
} wijk_source;

struct wijk_sources {
    wijk_arena *arena;
    wijk_source *list;
    size_t count;
};

/* A user's own map: blocks of rows under the header of sources.csv, columns.csv or, for own
 * indicators, indicators.csv, separated by an empty line. Indicators are handed to `add`. */
int wijk_sources_from_map(wijk_sources **out, const char *bytes, size_t size, const char *what,
                          int (*add)(void *payload, const void *table, size_t row), void *payload);

const wijk_source *wijk_sources_find(const wijk_sources *sources, const char *code);

/* The source of a file by its name and its header. NULL when none fits. *rivals (may be NULL)
 * counts how many fit equally well by header alone, when that is more than one. `header` holds
 * normalised names. O(sources × signature × columns). */
const wijk_source *wijk_sources_recognise(const wijk_sources *sources, const char *name,
                                          const char *const *header, size_t count, size_t *rivals);

/* The delimiter that a file of this name has, 0 when it is to be found out: a colon, say, is no
 * delimiter one may guess. */
char wijk_sources_delimiter(const wijk_sources *sources, const char *name);

/* 1 when the header holds the column that names the area, or the source needs none. */
int wijk_source_has_area(const wijk_source *source, const char *const *header, size_t count);

/* Trimmed, runs of blanks (no-break space too) made one, ASCII letters in lower case. `room` > 0.
 * Returns the length. */
size_t wijk_header_normalise(char *out, size_t room, const char *text);
/* 1 when a normalised name fits a column's pattern; *year (when the pattern holds one, else
 * untouched). */
int wijk_header_matches(const char *pattern, const char *name, int *year);
int wijk_list_has(const wijk_list *list, const char *text);

#endif
