/* figure/map.h: what reading a map (map_read.c), dividing it (classes.c) and drawing it (map.c)
 * share. */
#ifndef WIJK_FIGURE_MAP_H
#define WIJK_FIGURE_MAP_H

#include "figure/svg.h"

#define WIJK_MAP_MOST_LINKS 800 /* areas up to which each is a link of its own */
#define WIJK_MAP_SOURCES    4

typedef struct {
    wijk_area area;
    const char *path; /* grid units */
    double value;     /* NAN when unknown */
    int grey, self;
    int class; /* of the classes; -1 when there is none */
} wijk_map_area;

/* Which figures are shown on which borders. */
typedef struct {
    const wijk_indicator *indicator; /* NULL: borders only */
    enum wijk_level level;
    int vintage;      /* of the borders */
    int period;       /* of the figures */
    int areas;        /* that have a figure */
    int from_vintage; /* of the areas the figures were published for; equal to vintage mostly */
    int base_id;      /* counts what makes a figure reliable; 0 when no such rule */
    int base_period;
    double grey_below; /* of that base; NAN when no such rule */
    int too_old;       /* all figures are grey by age */
    double spread[5], centre, top;
    const wijk_map_values *values; /* NULL: those of the indicator */
} wijk_map_layer;

typedef struct {
    wijk_map_layer layer;
    wijk_classes classes;
    wijk_map_area *areas; /* NULL when grouped */
    size_t count;
    size_t in_class[WIJK_CLASSES_MAX], grey, unknown;
    /* Beyond WIJK_MAP_MOST_LINKS: one path text per class, then grey, then unknown. */
    wijk_str grouped[WIJK_CLASSES_MAX + 2];
    double x0, y0, x1, y1; /* RD metres that must be in view */
    int scale;             /* of area_path */
    const char *publishers[WIJK_MAP_SOURCES];
    size_t publisher_count;
    int64_t last_load; /* whose publisher was noted last */
    int fictional;
} wijk_map_data;

static inline int wijk_map_grid(int scale)
{
    return scale == 0 ? 250 : scale == 1 ? 25 : 2;
}

/* Reads what the map asks for. `self` is map->area (id 0 when none). */
int wijk_map_read(wijk_map_data *out, wijk_store *store, const wijk_registry *registry,
                  wijk_arena *arena, const wijk_map *map, const wijk_area *self, double width);
void wijk_map_data_free(wijk_map_data *data);

#endif
