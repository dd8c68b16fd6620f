/* wijk/standout.h: the few figures in which an area differs most from the others of its level. */
#ifndef WIJK_STANDOUT_H
#define WIJK_STANDOUT_H

#include "wijk/areas.h"

#define WIJK_STANDOUTS 3

typedef struct {
    const wijk_indicator *indicator;
    const wijk_value *value;
    const wijk_series *spread; /* of the areas it is compared with */
    double score; /* (value − median) / (interquartile range / 1.349); the sign says high or low */
} wijk_standout;

/* Writes at most WIJK_STANDOUTS, the strongest first, and how many figures could be compared. A
 * figure counts when it is a share, mean, rate or score of this area that is neither grey, borrowed
 * nor unchecked, is not about origin, and the spread of most areas of the level is known. It stands
 * out when it lies beyond the outer tenth, and its band too. At most one per theme, so that one
 * fact is not told three ways. O(values log series). */
size_t wijk_standouts(wijk_standout out[WIJK_STANDOUTS], size_t *compared, const wijk_facts *facts,
                      const wijk_registry *registry);

/* The spread of an indicator over the areas of a level in one period: of this vintage, else of the
 * vintage with most areas. NULL when fewer than six in ten areas have a value: then it is not the
 * country's; NULL also below eight areas, of which no middle half can be told. O(log n + vintages).
 */
const wijk_series *wijk_series_country(const wijk_registry *registry, int indicator,
                                       enum wijk_level level, int vintage, int period);
/* The figure of the country in one period: as published for it, else the mean, weighted by people,
 * homes or households, over the coarsest map on which nine in ten areas have a value, else over the
 * map that has most of them; NAN when no map has six in ten. */
double wijk_country_mean(const wijk_registry *registry, int indicator, int period);

#endif
