/* wijk/panel_read.h: a panel from anybody's CSV, or from the figures of a file. */
#ifndef WIJK_PANEL_READ_H
#define WIJK_PANEL_READ_H

#include "wijk/areas.h"
#include "wijk/panel.h"

/* Owns what its panel borrows. */
typedef struct {
    wijk_panel panel;
    double *outcome, *year;
    int *start;
    double *size;           /* [units] people; NULL when not known */
    unsigned char *chosen;  /* [units] 1: named as treated, also when it starts after the last wave;
                               NULL for a CSV */
    unsigned char *exclude; /* [units] 1: no comparison: touches a treated area, or nobody lives
                               there; NULL when borders are not known */
    unsigned char *ring;    /* [units] 1: touches a treated area; NULL when borders are not known */
    double *covariate;      /* [units][covariates] as in the panel; NULL for none */
    unsigned char *drop;    /* [waves] as in the panel; NULL for none */
    char **name;            /* [units] name or code */
    int64_t *area;          /* [units] rows of the file; NULL for a CSV */
    int level, vintage;     /* the map of the file; 0 for a CSV */
    int fictional;
    size_t bridged;   /* values of other maps brought to this one by the overlay */
    size_t unchecked; /* values of other maps under the same code, of which no name was given */
    size_t thin;      /* years of other maps left out: too few areas, or not the treated */
} wijk_panel_data;

typedef struct {
    const char *unit, *time, *outcome; /* columns, all needed */
    const char *start;      /* column with the year of the start; empty, 0 or NA: never */
    const char *size;       /* column with residents; NULL for none */
    const char *treated;    /* instead of `start`: names of the treated, commas between, with … */
    double begins;          /* … the year in which they all start */
    const char *covariates; /* columns, commas between: what was known before; NULL for none */
    const char *ring;       /* column with 1 for areas that touch a treated one; NULL for none */
} wijk_panel_columns;

/* One row per area and year, in any order; decimal point or comma; an empty cell or NA is a gap.
 * WIJK_EFORMAT with line and column for what is no number, a year twice for one area, or a start
 * that changes; WIJK_ENOTFOUND for a column or an area that is not there. A start after the last
 * year is never; one between two waves counts from the next. Of a covariate the newest value before
 * the first start of any area counts (what came later may be an effect); an area without one gets
 * gaps, so that every estimator leaves it out and counts it. Free with wijk_panel_free, also after
 * a failure. O(cells). */
int wijk_panel_csv(wijk_panel_data *out, const void *bytes, size_t size, const char *what,
                   const wijk_panel_columns *columns);

/* Every area of the level of `treated` [count], on the map that has most years of `indicator` (that
 * of the treated when one of them is not on it); the treated start in `begins`. Years that were
 * published on other maps are brought to this one: the same area, the same code, or by the overlay
 * where borders changed (sums by people, means by people, at least 80% of them covered;
 * docs/model/overlay.md). Such a year counts when 80% of the areas and all of the treated have it.
 * Sizes are the newest residents. WIJK_EINVAL when the treated are of several levels,
 * WIJK_ENOTFOUND when one has no figures. O(values of the level). */
int wijk_panel_file(wijk_panel_data *out, wijk_store *store, const wijk_registry *registry,
                    const wijk_indicator *indicator, const int64_t *treated, size_t count,
                    double begins);

/* Indicators by code, commas between, as covariates of a panel of the file: of every area the
 * newest value before the year `begins`. WIJK_ENOTFOUND for an indicator that is not there or has
 * no such value on this map. O(values of the level). */
int wijk_panel_covariates(wijk_panel_data *data, wijk_store *store, const wijk_registry *registry,
                          const char *codes, double begins);

/* Another outcome for the same areas on the same map, in its own years, as the same programme in
 * the year `begins`: for wijk_verdict_several. WIJK_ENOTFOUND when it is not known there. */
int wijk_panel_beside(wijk_panel_data *out, const wijk_panel_data *first, wijk_store *store,
                      const wijk_registry *registry, const wijk_indicator *indicator,
                      double begins);

void wijk_panel_free(wijk_panel_data *data);

/* The wave of a year, or WIJK_NEVER. */
int wijk_panel_wave(const wijk_panel *panel, double year);

#endif
