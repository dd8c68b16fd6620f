/* What is published of every area that a start population needs, and what is borrowed where it is
 * not. */
#ifndef WIJK_FORESEE_MARGINS_H
#define WIJK_FORESEE_MARGINS_H

#include "wijk/start.h"

/* The figures of an area beyond the margins that are fitted. */
enum margin_extra {
    MARGIN_SIZE = WIJK_MARGINS, /* persons per household */
    MARGIN_STRUGGLING,          /* percent of adults that struggle to make ends meet */
    MARGIN_ANXIETY,             /* percent of adults at high risk of anxiety or depression */
    MARGIN_WOZ,                 /* mean property value, thousand euro */
    MARGIN_MULTI_FAMILY,        /* percent of homes in buildings with several */
    MARGIN_SOC,                 /* parts of livability */
    MARGIN_ONV,
    MARGIN_READ /* how many are read */
};

typedef struct {
    double value; /* count for WIJK_MARGIN_HOUSEHOLDS, PEOPLE, HOMES when native, else share 0..1 of
                     the base or homes per household; NAN: nowhere to be had */
    double half;  /* half the rounding step in the same unit; 0 when not native */
    double distance;  /* in years; 0 native; more: less like this area, see margins.c */
    int year;         /* of the figure; 0 for the country's default */
    uint8_t from;     /* wijk_from */
    uint8_t is_count; /* value and half are a count, not a share */
} margin_value;

typedef struct {
    int64_t id, gemeente, wijk; /* row ids; 0 when none */
    char *code, *name, *gemeente_code, *wijk_code;
    char *gemeente_name, *wijk_name; /* "" when none */
    size_t around; /* index of its gemeente among the areas; 0: none, or it is one itself */
    margin_value value[MARGIN_READ];
} margin_area;

typedef struct {
    margin_area *area; /* the parts, then the gemeenten around them */
    size_t areas;      /* parts */
    size_t gemeenten;
    wijk_arena *arena;           /* of the texts */
    double country[MARGIN_READ]; /* mean of the country where the file has one, else NAN */
    int vintage, year;           /* of the borders; of the figures */
    enum wijk_level level;       /* of the parts */
} margin_set;

/* Lists the parts that the options ask for and the gemeenten around them, and fills every margin of
 * each: native, or from the nearest source. WIJK_ENOTFOUND when there are no such parts. `out` is
 * empty after a failure. O(areas x indicators x years). */
int margins_read(margin_set *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_start_options *options, wijk_ctx *ctx);
/* Makes place [areas + gemeenten] of `area`, all zero; the caller fills it and counts it. `room` is
 * how many fit now. WIJK_ELIMIT past WIJK_MAX_AREAS. */
int margins_add(margin_set *set, size_t *room);
/* The areas alone: their codes and names, without a figure. */
int margins_list(margin_set *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_start_options *options);
void margins_free(margin_set *set);

#endif
