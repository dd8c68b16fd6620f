/* wijk/disclose.h: what a coalition's own exact counts may show, and the one place that decides.
 *
 * Published figures appear as published. Figures of a source of nature 'own' are exact and about
 * few people, so they are made safe where the layers are made: layer_value holds only protected
 * figures, and facts, own areas, differences, maps and exports are computed from those. Whatever is
 * combined afterwards, nothing is in it that layer_value does not show (post-processing).
 *
 * A count is rounded to a multiple of 5, up or down by a draw that depends on the place, the
 * indicator, the period and a secret of the file, not on when or how often it is asked: unbiased,
 * and averaging teaches nothing. A count shown as less than the minimum is withheld. A total is the
 * sum of its parts as shown plus one rounded rest that holds all withheld parts together; a single
 * withheld part takes its smallest neighbour with it. Idea: random rounding (Nargundkar & Saveland
 * 1972; Statistics New Zealand RR3) with additive small-count totals (Langsrud & Heldal 2018). */
#ifndef WIJK_DISCLOSE_H
#define WIJK_DISCLOSE_H

#include "wijk/areas.h"
#include "wijk/ctx.h"

#define WIJK_OWN_STEP    5.0  /* own counts are multiples of this */
#define WIJK_OWN_MINIMUM 10.0 /* less is withheld */

/* Replaces the exact own figures that stand in layer_value by protected ones and removes those that
 * must be withheld. Call it after the winners are in and before shares and spreads are computed
 * from them, inside the same transaction: exact figures are then never committed to layer_value.
 * O(own cells log own cells); returns at once when nothing is own. */
int wijk_disclose_layers(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

#endif
