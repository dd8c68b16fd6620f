/* What the formats of the export share: which areas, which values, which words. */
#ifndef WIJK_FIGURE_EXPORT_H
#define WIJK_FIGURE_EXPORT_H

#include "wijk/export.h"
#include "wijk/geo.h"

enum { EXPORT_BATCH = 256, EXPORT_CODE = 64 };

/* Walks the selected areas by level, code and vintage. It keeps no statement open between two
 * areas, so several exports can share a connection. */
typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_selection selection;
    wijk_ctx *ctx;
    wijk_arena *arena; /* the facts of one area; reset for the next */
    int64_t ids[EXPORT_BATCH];
    size_t at, have;
    int last_level, last_vintage;
    char last_code[EXPORT_CODE];
    int64_t walked, total;
} export_walk;

int export_walk_open(export_walk *walk, wijk_store *store, const wijk_registry *registry,
                     const wijk_selection *selection, wijk_ctx *ctx);
void export_walk_close(export_walk *walk);
/* 1 with the next area's facts (valid until the next call), 0 at the end, negative on failure. */
int export_walk_next(export_walk *walk, wijk_facts *facts);

/* 1 when the selection asks for this value. */
int export_wants(const export_walk *walk, const wijk_value *value);
int export_wants_indicator(const export_walk *walk, int indicator);

/* Machine words, the same in every language. */
const char *export_mark_word(enum wijk_mark mark);
const char *export_origin_word(enum wijk_origin_of_value origin);
/* "grey modelled"; "" when there are none. Returns `room`. */
const char *export_flag_words(char *out, size_t room, unsigned flags);

/* The polygon of an area as ISO WKB in RD New, valid until the next call; size 0 when none. */
int export_shape(const void **wkb, size_t *size, wijk_str *own, wijk_store *store,
                 const wijk_area *area);

/* A format writes itself into export->out, area by area. */
typedef struct {
    int (*head)(wijk_export *export);
    int (*area)(wijk_export *export, const wijk_facts *facts);
    void (*tail)(wijk_export *export);
} export_format;

extern const export_format export_csv, export_geojson;

struct wijk_export {
    export_walk walk;
    const export_format *format;
    wijk_selection chosen;
    int *ids; /* what chosen.indicators points to */
    int rd, ended;
    int64_t rows;
    wijk_str out; /* written; from out_at on, not yet read */
    size_t out_at;
    wijk_str wkb; /* of a square */
    wijk_shape shape;
};

#endif
