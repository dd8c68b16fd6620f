/* wijk/change_border.h: change of segregation between two moments with other borders.
 *
 * The areas of the first moment are brought to those of the second by links: which part of the
 * people of an area lives in which later area (the overlay: docs/model/overlay.md). Every group of
 * a split area is handed out by the same parts, for nobody knows better; so conversion mixes people
 * who may have lived apart, and lowers M. What it lowers is a part of the change of its own,
 * `border`, and not mistaken for people who moved. How far the other parts depend on the even
 * handing out is told by drawing it otherwise. Parts: wijk/change.h. */
#ifndef WIJK_CHANGE_BORDER_H
#define WIJK_CHANGE_BORDER_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/change.h"
#include "wijk/store.h"

typedef struct {
    size_t from, to; /* rows of the tables before and after */
    double share;    /* part of the people of `from` who live in `to`, in (0, 1] */
} wijk_change_link;

typedef struct {
    double error;  /* relative error that 9 in 10 handed-out counts keep within: 0.15 */
    double level;  /* of the bands: 0.9 */
    size_t draws;  /* 0: no bands; else at least 20 */
    uint64_t seed; /* the same seed, the same bands */
} wijk_change_options;

enum wijk_change_part {
    WIJK_CHANGE_BORDER, /* the table before: converted less as it was */
    WIJK_CHANGE_ADDITIONS,
    WIJK_CHANGE_REMOVALS,
    WIJK_CHANGE_OF_GROUPS,
    WIJK_CHANGE_OF_UNITS,
    WIJK_CHANGE_STRUCTURE,
    WIJK_CHANGE_PARTS
};

/* after = before + all parts, to 1e-12. low and high are NAN without draws; equal to the value when
 * no area is split. */
typedef struct {
    double before, after;
    double part[WIJK_CHANGE_PARTS], low[WIJK_CHANGE_PARTS], high[WIJK_CHANGE_PARTS];
} wijk_change_ranges;

typedef struct {
    wijk_change_ranges mutual, theil;
    size_t common, added, removed, zeros; /* as in wijk_segregation_change, after conversion */
    size_t split;                         /* areas before whose people went to several */
    double people_split;                  /* part of the people before who lived there, [0, 1] */
} wijk_change_moved;

/* The parts of one area need not add up to 1: they are scaled. An area before without any link is a
 * removal, an area after without people before an addition. WIJK_EINVAL for a link to no row or a
 * share that is not above 0, and as wijk_change_between. O(draws) times that. */
int wijk_change_across(wijk_change_moved *out, const double *before, size_t areas_before,
                       const double *after, size_t areas_after, size_t groups,
                       const wijk_change_link *links, size_t count,
                       const wijk_change_options *options, wijk_ctx *ctx);

/* How a link was found. */
enum wijk_change_match {
    WIJK_CHANGE_SAME,    /* the very same place */
    WIJK_CHANGE_OVERLAY, /* by the people who live in both */
    WIJK_CHANGE_BY_CODE  /* the same code; no borders to check it by */
};

/* What an area after without a link was at the first moment. */
enum wijk_change_origin {
    WIJK_CHANGE_NEW,      /* nothing that is known of */
    WIJK_CHANGE_MISSING,  /* a place of the same municipality that is not among the areas before */
    WIJK_CHANGE_ELSEWHERE /* a place of another municipality */
};

typedef struct {
    wijk_change_link *links;
    unsigned char *match; /* [count] enum wijk_change_match */
    size_t count;
    unsigned char *origin; /* [areas_after] enum wijk_change_origin of areas without a link */
} wijk_change_matched;

/* The links of the file between areas (row ids, each array without duplicates and of one level and
 * vintage). Where one of the vintages has no borders of its own, the overlay of a vintage that has
 * the same places serves. An area of which less than half can be followed gets no link: most of its
 * people live outside the areas after. O(areas log areas). */
int wijk_change_match(wijk_change_matched *out, wijk_store *store, const int64_t *before,
                      size_t areas_before, const int64_t *after, size_t areas_after);
void wijk_change_matched_free(wijk_change_matched *matched);

#endif
