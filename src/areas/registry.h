/* What the files of this room share: the rules behind the indicators, by pointer. */
#ifndef WIJK_AREAS_REGISTRY_H
#define WIJK_AREAS_REGISTRY_H

#include "areas/kept.h"
#include "wijk/areas.h"

typedef struct { /* a row of data/disclosure.csv */
    const char *code, *base, *text[2];
    double min_base, round_to, clamp_low, clamp_high; /* NAN or 0: no such rule */
} wijk_disclosure_rule;

typedef struct { /* a row of data/reliability.csv */
    const char *code, *text[2];
    double grey_below; /* people, households or homes under which a value is grey; NAN: none */
    int base_id;       /* the indicator that counts them */
    int max_age;       /* years after which a value is grey; 0: never */
    int modelled;      /* 1: what it holds for comes out of a model */
} wijk_reliability_rule;

/* NULL when the indicator has none. O(1). */
const wijk_disclosure_rule *wijk_registry_disclosure(const wijk_registry *registry, int indicator);
const wijk_reliability_rule *wijk_registry_reliability(const wijk_registry *registry,
                                                       int indicator);
/* 1 when a reliability rule counts in this indicator (people, households, homes). O(1). */
int wijk_registry_is_base(const wijk_registry *registry, int indicator);
/* 1 when any loaded figure is a coalition's own: only then protected layers are read. */
int wijk_registry_has_own(const wijk_registry *registry);
/* 1 when the figures of this indicator and load are exact counts of a coalition. */
int wijk_registry_is_own(const wijk_registry *registry, int indicator, int64_t load);
/* The newest year among the loaded figures: ages are counted from it, not from today's date, so
 * that the same file always shows the same page. */
int wijk_registry_newest_year(const wijk_registry *registry);
/* Areas of the fullest figure of a level: how many the country has there. O(1). */
int wijk_registry_areas(const wijk_registry *registry, enum wijk_level level);
/* Rows kept of areas; NULL when nothing is to be kept. */
wijk_kept *wijk_registry_kept(const wijk_registry *registry);
/* Position of an indicator in the list; ids are dense enough for tables of this many rows. */
int wijk_registry_max_id(const wijk_registry *registry);

/* 202403 → 2024. */
static inline int wijk_period_year(int period)
{
    return period > 9999 ? period / 100 : period;
}

#endif
