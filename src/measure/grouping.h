/* How a grouping is read in one layer: shared by grouping.c (choosing) and grouping_read.c. */
#ifndef WIJK_MEASURE_GROUPING_H
#define WIJK_MEASURE_GROUPING_H

#include "wijk/grouping.h"

/* Where the figures of one group come from in a layer. */
typedef struct {
    int indicator[WIJK_GROUP_PARTS]; /* added up */
    size_t parts;                    /* 0: the rest, what the other groups leave of the base */
    int share;                       /* 1: per cents of the base */
    int areas;                       /* that have it */
} measure_recipe;

typedef struct {
    measure_recipe group[WIJK_GROUPS_MAX];
    int rest;                   /* the group without parts; -1 when there is none */
    const wijk_indicator *base; /* NULL when counts need none */
    int base_period, stand_in, areas;
} measure_recipes;

/* 1 when every group can be read in the layer, else 0. */
int measure_recipes_find(measure_recipes *out, const wijk_grouping *grouping,
                         const wijk_registry *registry, wijk_layer layer);

#endif
