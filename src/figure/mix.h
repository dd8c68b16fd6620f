/* What the files that make wijk_mix share. */
#ifndef WIJK_FIGURE_MIX_H
#define WIJK_FIGURE_MIX_H

#include "wijk/mix.h"
#include "wijk/rounding.h"

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    wijk_mix *out;
    int64_t around; /* the gemeente around the area, when already known */
} mix_work;

/* Every grouping and layer there is for w->out->area, as a whole or as a part. mix.c */
int mix_choices(mix_work *w);
/* The best of them that fits; NULL when none does. */
const wijk_mixture_row *mix_choose(const wijk_mix *mix, const wijk_mix_ask *ask);
/* The row of the area itself in a layer: itself, or the same place; 0 when there is none. */
int mix_self(int64_t *out, mix_work *w, wijk_layer layer);
/* Share of row `row`, or of all rows from SIZE_MAX, whose group is unknown or withheld: only where
 * the groups are published as shares of one total and none of them is what the others leave. */
double mix_unknown(const wijk_grouped *table, size_t row);
/* The house's own limit of reliability: fewer people than 50, homes or households than 20. */
double mix_least(const wijk_grouping *grouping);
/* The figures of the area itself as a part; WIJK_ENOTFOUND when there are none, or below that. */
int mix_read_self(wijk_grouped *out, mix_work *w, const wijk_mixture_row *row);

/* Low, high and corrected of every measure. mix_range.c */
int mix_ranges(mix_work *w, int draws);
/* Low and high of D of one table; the value itself where nothing was rounded. */
int mix_range_of(double *low, double *high, mix_work *w, const wijk_grouped *table, int draws);
/* The band of the profile over distance: of the placed parts, at places x and y. */
int mix_scale_bands(mix_work *w, const double *counts, const double *x, const double *y, int draws);
/* Low and high of every year of the history. */
int mix_history_ranges(mix_work *w, int draws);
/* The table as rounding.h takes it. */
int mix_table_of(wijk_published_table *out, wijk_arena *arena, const wijk_grouped *table);

/* The areas most like the whole, with the same figures. mix_similar.c */
int mix_similar(mix_work *w, int draws);
/* Why it changed between the ends of w->out->history. mix_change.c */
int mix_change(mix_work *w, int draws);
/* How the parts of then were found among those of now, and what that leaves open. */
const char *mix_change_carried(wijk_arena *arena, const wijk_mix *mix);

/* Title, sentence, notes and source of what was measured. mix_words.c */
int mix_words(mix_work *w);
/* "woningen": what the shares of an indicator are of. */
const char *mix_units(wijk_lang lang, const wijk_indicator *base);
const char *mix_one_part(wijk_lang lang, enum wijk_level level);
/* "20% koop, 53% corporatie, 2% onbekend": `share` of each group, in [0, 1]. */
const char *mix_share_list(wijk_arena *arena, wijk_lang lang, const wijk_grouping *grouping,
                           const double *share, double unknown);
/* "de indeling Bezit van woningen" as a title begins: first letter large. */
const char *mix_capital(wijk_arena *arena, const char *text);

#endif
