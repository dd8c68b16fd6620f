/* How the facts of an area are gathered: shared by the tree (facts.c) and own areas (own.c). */
#ifndef WIJK_AREAS_FACTS_H
#define WIJK_AREAS_FACTS_H

#include "wijk/areas.h"

/* A growing list of values in an arena. */
typedef struct {
    wijk_value *items;
    size_t count, room;
    wijk_arena *arena;
} wijk_values;

int wijk_values_add(wijk_values *values, wijk_value value);
/* By indicator, then period; of equals the better one comes first (see facts.c). */
int wijk_values_sort(wijk_values *values, const wijk_registry *registry);
/* Keeps the first of every indicator and period. */
void wijk_values_unique(wijk_values *values);

/* Adds shares and rates that follow from a count and its base, where nobody published them.
 * `values` must be sorted and unique, and is afterwards. */
int wijk_values_compute(wijk_values *values, const wijk_registry *registry);

/* Marks grey what data/reliability.csv calls unreliable; `all` holds the bases and
 * the years (it may be `facts` itself). Both sorted. reliability.c */
void wijk_facts_grey(wijk_facts *facts, const wijk_facts *all, const wijk_registry *registry);

/* The figures of an own area from its members' figures; sorted and unique. own.c */
int wijk_own_facts(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                   const wijk_area *area);

/* Adds the protected figures of a coalition's own counts; `hidden` are the rows that were read
 * and may not be shown as they are (their values are never looked at). disclosure.c */
int wijk_disclose_add(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                      const wijk_area *area, const wijk_value *hidden, size_t count);

#endif
