/* What links.c, same.c and conversion.c share: the layers of the map and their overlaps. */
#ifndef WIJK_AREAS_LINKS_H
#define WIJK_AREAS_LINKS_H

#include "areas/overlay.h"

typedef struct { /* all areas of one level and vintage that have an outline */
    int level, vintage;
    int own;         /* 1: label i is shape i; 0: drawn through the areas in it */
    int map;         /* in the sweep */
    uint32_t *label; /* of every shape of that map: position in `ids`, or WIJK_NO_LABEL */
    size_t shapes;
    int64_t *ids;  /* ascending */
    double *slack; /* of every id: part of its land that its tolerance may misplace */
    size_t count;
} wijk_layer;

typedef struct { /* the overlaps of two layers: a is the target in one direction, b in the other */
    const wijk_layer *a, *b;
    wijk_sweep_pair swept;
    wijk_overlap *total_a, *total_b; /* of every label, outside the other map included */
} wijk_layer_pair;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_ctx *ctx;
    wijk_layer layers[32];
    size_t layer_count;
    wijk_layer_pair pairs[128];
    size_t pair_count;
    char weights[80]; /* name of the population layer: "buurt 2024, inwoners 2024" */
} wijk_links;

/* NULL when the layer has no outline of the area. */
const int64_t *wijk_layer_find(const wijk_layer *layer, int64_t id);
/* The smaller of the two shares that two areas have in each other, of people and of land; NAN when
 * their layers were not laid over each other, or an area lies outside the weights. */
typedef struct {
    double people, land;
} wijk_likeness;
wijk_likeness wijk_links_likeness(const wijk_links *links, int64_t one, int64_t other);
/* The part of an area's land that the tolerance of its outline may misplace; 0 without outline. */
double wijk_links_slack(const wijk_links *links, int64_t id);
/* Adds a link; an existing one of a lower kind (more certain) stays. */
int wijk_links_store(wijk_links *links, int64_t to, int64_t from, int kind, double share_to,
                     double share_from);

/* Values follow people, so what measures land itself is not converted: hectares, and rates per
 * area. */
int wijk_can_convert(const wijk_registry *registry, const wijk_indicator *of);

/* same.c: links of kind 0 and 1. */
int wijk_links_same(wijk_links *links);
/* NULL when there is none. The newest of a level leaves out layers of a small part of it. */
const wijk_layer *wijk_links_newest(const wijk_links *links, int level);
/* conversion.c: fills conversion_error, once the links are stored. */
int wijk_conversion_measure(wijk_links *links);

#endif
