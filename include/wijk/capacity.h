/* wijk/capacity.h: load and carrying capacity (draaglast, draagkracht) of an area: help that is
 * needed against help that is given, per 100 households, from what is published.
 *
 * The parts and their weights are the rows of data/capacity.csv. A part is a share of adults; per
 * 100 households it is that share of the adults (residents aged 15 or over: 18 is not published) of
 * 100 households. Load and capacity are weighted sums; somebody with two needs counts twice, so
 * they count needs and helpers, not persons. Balance = capacity / load. It does not depend on the
 * size of households. How much the place of an area among others depends on the weights is shown,
 * not assumed: every weight is drawn anew between a third and three times what the table says.
 * docs/model/capacity.md has the checks against figures that do not enter. */
#ifndef WIJK_CAPACITY_H
#define WIJK_CAPACITY_H

#include "wijk/areas.h"

enum wijk_capacity_side { WIJK_CAPACITY_LOAD, WIJK_CAPACITY_HELP, WIJK_CAPACITY_BESIDE };

typedef struct {
    const wijk_indicator *indicator;
    enum wijk_capacity_side side;
    double weight;
    const char *why[2];
    const wijk_value *value; /* of this area; NULL when nothing is known */
    double per_100;          /* people per 100 households; NAN for BESIDE or when unknown */
    double gemeente, land;   /* registry unit; NAN when unknown */
    double without;          /* place when this part is left out, 0..100; NAN when not known */
} wijk_capacity_part;

typedef struct {
    wijk_area area;
    int period;      /* year of the parts that enter the sums; when none has all, that with most */
    double adults;   /* per 100 households, NAN when unknown */
    int adults_year; /* of residents and households: that of the parts, or the nearest there is */
    const wijk_indicator *lacking; /* why `adults` is unknown: what is not known of any year; NULL
                                      when all is, but never of one year */
    wijk_capacity_part *parts;
    size_t count;
    /* Per 100 households; NAN when a part of that side is missing or `adults` is unknown. */
    double load, help;
    double balance, balance_gemeente, balance_land; /* NAN when a part is missing */
    int borrowed; /* 1: a part is the gemeente's figure, so nothing is known of the area itself */
    /* Place among areas of one level: the share of them with a lower balance, 0..100; under the
     * weights of the table, and the 5th and 95th percentile over other weights. */
    double place, place_low, place_high;
    size_t areas; /* how many of its level, 0 when it cannot be compared */
    int alone;    /* 1: these figures are published for no area of its level */
} wijk_capacity;

/* The figure of a part; NAN when it is unknown or protected. */
double wijk_capacity_number(const wijk_value *value);
/* Parts, sums and balance from facts that were gathered (wijk_facts_get of the area; BESIDE of the
 * gemeente, NULL for none). An area without figures gives NANs. O(parts * log facts). */
int wijk_capacity_of(wijk_capacity *out, const wijk_registry *registry, wijk_arena *arena,
                     const wijk_facts *facts, const wijk_facts *gemeente);
/* Then its place among the areas of its level, invented ones among themselves. Needs twenty of
 * them. O(areas of the level * (parts + draws)): about 40 ms for 13,000 buurten. */
int wijk_capacity_place(wijk_capacity *out, wijk_store *store, const wijk_registry *registry,
                        wijk_arena *arena);

#endif
