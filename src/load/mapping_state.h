/* What the two halves of the mapping share: header.c ties columns to rules, mapping.c reads rows.
 */
#ifndef WIJK_LOAD_MAPPING_STATE_H
#define WIJK_LOAD_MAPPING_STATE_H

#include "load/mapping.h"

#include "wijk/str.h"

enum {
    WIJK_NO_COLUMN = -1,
    WIJK_MAPPING_KEEPS = 4,
    WIJK_MAPPING_LINKS = 6,
    WIJK_MAPPING_TOKENS = 12,
    WIJK_MAPPING_VINTAGES = 8
};

enum { WIJK_CELL_MISSING, WIJK_CELL_SECRET, WIJK_CELL_BAD, WIJK_CELL_SLOTS };

typedef struct {
    const wijk_source_column *rule;
    const char *header;
    size_t column;
    int indicator;
    int period; /* of the column; 0: of the row */
    double missing[WIJK_MAPPING_TOKENS], secret[WIJK_MAPPING_TOKENS];
    size_t missing_count, secret_count;
    size_t slots[WIJK_CELL_SLOTS]; /* of the notes; SIZE_MAX until first met */
} wijk_field;

typedef struct {
    size_t column;
    int vintage;
    const wijk_source_column *rule;
} wijk_link_column;

struct wijk_mapping {
    wijk_mapping_setup in;
    wijk_arena *arena;
    const char **header;
    size_t columns;
    int area, name, gemeente, year, month, category, value, from, to, geometry, tolerance_column,
        changed;
    int keeps[WIJK_MAPPING_KEEPS];
    const wijk_source_column *keep_rules[WIJK_MAPPING_KEEPS];
    const wijk_source_column *gemeente_rule; /* names written otherwise, as word=number */
    const wijk_source_column *code_rule;     /* its `missing`: codes whose rows are left out */
    size_t keep_count;
    wijk_link_column links[WIJK_MAPPING_LINKS];
    size_t link_count;
    wijk_field *fields;
    size_t field_count;
    double *halves;
    unsigned char *adds;
    size_t *unknown; /* columns nobody knows */
    size_t unknown_count;
    double tolerance;
    wijk_places places;
    wijk_batch batch;
    wijk_map *seen;
    wijk_str wkb;
    wijk_mapping_counts counts;
    int fictional, own;
    /* the present row */
    size_t row;
    wijk_place_code code;
    int period;
    int64_t parent;
    int vintages[WIJK_MAPPING_VINTAGES];
    int64_t ids[WIJK_MAPPING_VINTAGES];
    size_t id_count;
};

#endif
