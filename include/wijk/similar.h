/* wijk/similar.h: the areas that are most like an area, by what an area is and not by how it fares.
 *
 * Distance = the weighted root mean square of differences in robust standard deviations
 * ((x − median) / (interquartile range / 1.349), held within ±4), over the indicators with a weight
 * `similar` in data/indicators.csv that both areas have; at least 60% of all weight must be present
 * on both sides. Never between an invented and a real area. docs/model/similar.md. */
#ifndef WIJK_SIMILAR_H
#define WIJK_SIMILAR_H

#include "wijk/areas.h"
#include "wijk/ctx.h"

/* The indicators that enter, in the order of the registry: none about origin, none of a coalition's
 * own. Returns how many, at most `room`. */
size_t wijk_similar_design(const wijk_indicator **out, size_t room, const wijk_registry *registry);

/* The distance of two rows: `a` and `b` hold robust scores, `present` the weight of each dimension
 * or 0. INFINITY when too little is known on both sides. Symmetric; 0 for equal rows. O(dims). */
double wijk_similar_distance(const float *a, const float *present_a, const float *b,
                             const float *present_b, size_t dims, double all_weight);

/* Rebuilds table `similar` for every level and vintage with at least twenty areas, from layer_value
 * and series; `registry` must have been read after those were made. Begins and commits its own
 * transaction. O(areas² × dims) per layer: 14,574 buurten in about two
 * seconds. */
int wijk_similar_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

#endif
