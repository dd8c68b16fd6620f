/* wijk/grouping.h: how the people, households or homes of any area fall into groups, per part of
 * that area, as published.
 *
 * A grouping (who owns the homes, income, age …) is rows of data/groupings.csv: which indicators
 * each group can come from. A layer is one division of the map in one year (the buurten of 2024).
 * Figures are read where they are native: as published for these very areas and this very year,
 * never converted from another division and never borrowed. What the publisher rounded or withheld
 * stays visible cell by cell. */
#ifndef WIJK_GROUPING_H
#define WIJK_GROUPING_H

#include "wijk/areas.h"
#include "wijk/ctx.h"

enum { WIJK_GROUPS_MAX = 8, WIJK_GROUP_PARTS = 6 };

typedef struct {
    const char *code, *name[2];
    const char *from; /* alternatives of data/groupings.csv: "homes_owner|owner_share" */
} wijk_group;

typedef struct {
    const char *code, *name[2], *source;
    const char *base;              /* what is counted, and stand-ins: "homes|households" */
    const wijk_indicator *counted; /* the first of those */
    int ordered;                   /* groups run from low to high */
    int origin; /* about migration background: shown where published, never a first choice */
    size_t groups;
    wijk_group group[WIJK_GROUPS_MAX];
} wijk_grouping;

typedef struct {
    wijk_grouping *at; /* in the order of data/groupings.csv */
    size_t count;
} wijk_groupings;

/* Reads data/groupings.csv; texts in `arena`. WIJK_EFORMAT for a row that cannot be: no such
 * indicator, two rests, too many groups. O(rows). */
int wijk_groupings_read(wijk_groupings *out, const wijk_registry *registry, wijk_arena *arena);
/* NULL when there is none of that code. */
const wijk_grouping *wijk_grouping_find(const wijk_groupings *groupings, const char *code);

typedef struct {
    enum wijk_level level;
    int vintage, period; /* of the borders; of the figures */
} wijk_layer;

/* The layers in which every group of `grouping` can be read for at least some areas, by level,
 * vintage and period. In `arena`. O(series of its indicators). */
int wijk_grouping_layers(wijk_layer **out, size_t *count, const wijk_grouping *grouping,
                         const wijk_registry *registry, wijk_arena *arena);

/* One published figure of one group in one area. */
typedef struct {
    double value;     /* as published: a count, or a share in [0, 1]; NAN when withheld */
    double low, high; /* what rounding leaves: a count, or a share; high INFINITY: nothing known */
    int share;        /* 1: a share of the area's own total */
    int withheld;     /* 1: secret or missing; a rest that nobody publishes is not */
} wijk_group_cell;

typedef struct {
    int64_t id;
    const char *code, *name;
    double x, y;    /* NAN when not placed */
    int placed_by;  /* 0 own borders, 1 those of the same place in another year, 2 by code only */
    int64_t around; /* the larger area it is counted under in its own layer: parent_id */
    const char *gemeente;
} wijk_group_area;

typedef struct {
    const wijk_grouping *grouping;
    wijk_layer layer;
    size_t areas, groups;
    wijk_group_area *area;  /* [areas] by rising id */
    wijk_group_cell *cells; /* row-major [areas][groups] */
    wijk_group_cell *total; /* [areas] of the base; NULL without one. The groups add up to it only
                               where one of them is the rest */
    double *counts;         /* row-major [areas][groups], best reading: shares × total, a rest as
                               what is left; withheld counts as nothing */
    size_t without;         /* parts of the area without a usable row: left out */
    double total_without;   /* their people, homes … as far as known */
    double withheld;        /* part of the published cells (rests not counted) that was withheld */
    const wijk_indicator *base; /* what the shares are of; NULL without totals */
    int base_period;            /* its year: may differ when nearest_base */
    int stand_in;   /* 1: not what the grouping counts, but its stand-in (households for homes) */
    int rest;       /* the group that is what the others leave; -1 when all are published */
    unsigned flags; /* WIJK_MODELLED, WIJK_FICTIONAL */
    const char **publishers; /* once each */
    size_t publisher_count;
} wijk_grouped;

/* The parts of `whole` in a layer: below a gemeente or wijk in the layer's own vintage (found by
 * its code, or as the same place), all of the country, or the members of an own area. Parts that
 * hold other parts of the same division are left out. WIJK_ENOTFOUND when nothing can be read.
 * O(parts log parts). */
int wijk_grouped_read(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                      int64_t whole);
/* All areas of the layer, invented or real: as wijk_grouped_read of the country. */
int wijk_grouped_read_all(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                          int fictional);
/* The areas of the layer whose point lies within `metres` of (x, y), whatever they are part of.
 * Only areas with borders of their own have a point. O(areas of the layer). */
int wijk_grouped_read_near(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                           wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                           double x, double y, double metres);
/* The row of one area of the layer. */
int wijk_grouped_read_one(wijk_grouped *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, const wijk_grouping *grouping, wijk_layer layer,
                          int64_t area);
/* Fills x and y where borders are of another year: the same place, else the same code. O(areas). */
int wijk_grouped_place(wijk_grouped *grouped, wijk_store *store);

/* ---- every area of the file at once -------------------------------------------------------- */

typedef struct {
    int64_t whole;
    wijk_layer layer;
    size_t areas, without;
    double total, d, h, chance_d, chance_h;
    double simpson, within; /* chance that two of the whole, two of one part, are of other groups */
} wijk_mixture;

/* Rebuilds table `mixture`: for every grouping and layer the indices of the country (where six in
 * ten of its areas are known), of every gemeente and of every wijk with at least two parts. Begins
 * and commits its own transaction. O(figures of all groupings); some seconds for a national file.
 */
int wijk_mixture_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);
/* The same when the derived tables it rests on are newer, and the store is for writing. */
int wijk_mixture_derive_when_due(wijk_store *store, wijk_ctx *ctx);

/* What is kept of one area (0 grouping: all), in the order of the registry's groupings, then by
 * level, vintage and period. Of a gemeente and the country under any vintage of their own row; of
 * others also as the same place. O(rows log rows). */
typedef struct {
    const wijk_grouping *grouping;
    wijk_mixture at;
} wijk_mixture_row;

int wijk_mixture_of(wijk_mixture_row **out, size_t *count, wijk_store *store,
                    const wijk_groupings *groupings, wijk_arena *arena, const wijk_area *area);
/* Areas of `level` of the same grouping and layer, for comparison. O(log n + rows). */
int wijk_mixture_beside(wijk_mixture **out, size_t *count, wijk_store *store, wijk_arena *arena,
                        const wijk_grouping *grouping, wijk_layer layer, enum wijk_level level);

#endif
