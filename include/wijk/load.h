/* wijk/load.h: files become facts. One file is read once, in one transaction: its good rows are
 * kept, every other row or cell is counted by reason with its first example, and where nothing was
 * good the database is as it was.
 *
 * What a file means stands in data/sources.csv and data/columns.csv, or in a map of the user's own
 * (NAME.map.csv beside the file); code is only per format: csv, xlsx, geojson, gpkg, each also in
 * .zst, .gz or .zip. */
#ifndef WIJK_LOAD_H
#define WIJK_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/areas.h"
#include "wijk/ctx.h"
#include "wijk/mem.h"
#include "wijk/store.h"
#include "wijk/str.h"

/* The layouts that can be read: data/sources.csv and data/columns.csv, parsed once; read-only
 * afterwards, so threads may share them. */
typedef struct wijk_sources wijk_sources;

int wijk_sources_open(wijk_sources **out);
void wijk_sources_free(wijk_sources *sources);

typedef struct {
    const char *code, *publisher, *title[2], *licence, *citation, *address, *nature, *note;
    const char *match; /* file name patterns, separated by | */
    int rank;
} wijk_source_info;

size_t wijk_sources_count(const wijk_sources *sources);
const wijk_source_info *wijk_sources_at(const wijk_sources *sources, size_t i);

/* When a file of this name is best read among others: 0 for what later files rest on (the accuracy
 * of drawings), 1 for most, 2 for what needs the names of gemeenten. */
int wijk_sources_turn(const wijk_sources *sources, const char *file);

typedef struct {
    const wijk_sources *sources; /* NULL: parsed for this call */
    const char *source;          /* code of data/sources.csv; NULL recognises the file */
    int period, vintage;         /* years that overrule the source's; 0 leaves them */
} wijk_load_options;

typedef struct {
    const char *reason;  /* "missing", "secret", "unknown column", …: wijk_load_reason_text */
    const char *what;    /* the column or token it concerns, or "" */
    int64_t count;       /* cells or rows */
    const char *example; /* 'row 12, column P_KOOPWON: "abc"', or "" */
} wijk_load_note;

typedef struct {
    wijk_arena *arena;       /* holds every text below */
    const char *file;        /* base name */
    const char *source;      /* code; "" when the file was not recognised */
    int64_t load;            /* row of table load; 0 when nothing was stored */
    int unchanged;           /* 1: these very bytes were loaded before; nothing was done */
    int64_t supersedes;      /* the load that this one replaces, or 0 */
    int64_t rows_read;       /* rows below the header */
    int64_t rows_kept;       /* rows of which anything was stored */
    int64_t cells_kept;      /* values stored */
    int64_t missing, secret; /* cells with a mark instead */
    int64_t areas, shapes, flows, links; /* areas made, polygons, flows and code pairs stored */
    double seconds;
    const wijk_load_note *notes;
    size_t note_count;
} wijk_load_report;

/* Reads one file into the store, which must be open for writing and outside a transaction.
 * The report is filled as far as the work came, also on failure: free it in every case.
 * WIJK_ENOTFOUND when no layout fits (the message names the columns that were met); WIJK_EFORMAT,
 * WIJK_ELIMIT for a file that is not what it should be. After any failure the store is unchanged.
 * O(n log n) in the cells; memory O(cells of the file), at most about 250 MiB. */
int wijk_load_file(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                   const char *path, const wijk_load_options *options, wijk_ctx *ctx);
/* The same for bytes in memory; `name` stands for the file's name. */
int wijk_load_bytes(wijk_load_report *report, wijk_store *store, const wijk_registry *registry,
                    const char *name, const void *bytes, size_t size,
                    const wijk_load_options *options, wijk_ctx *ctx);
void wijk_load_report_free(wijk_load_report *report);

/* Asks one question and takes the answer; with `answer` NULL only tells. An empty answer takes what
 * the question offers between brackets. Returns 0, or negative to stop asking. */
typedef int (*wijk_ask_fn)(void *payload, const char *text, char *answer, size_t room);

/* Describes a table (csv or workbook) that no layout knows by asking which column is the area, of
 * which year it is and what the other columns measure, and writes the answers to `map_path`:
 * NAME.map.csv beside the file, which wijk_load_file finds from then on. The rows of the map are
 * those of sources.csv, columns.csv and, for new measures, indicators.csv. WIJK_EINVAL when there
 * is a map already. */
int wijk_load_describe(char *map_path, size_t room, const wijk_registry *registry, const char *path,
                       wijk_lang lang, wijk_ask_fn ask, void *payload);

/* The reason of a note in plain words, and an example in the reader's language (into `out`). */
const char *wijk_load_reason_text(wijk_lang lang, const char *reason);
void wijk_load_example_text(wijk_str *out, wijk_lang lang, const char *example);

/* Rebuilds every derived table from the facts: names of gemeenten, drawing paths and neighbours,
 * winning values per layer, overlays and links, similar areas. Idempotent; one transaction per
 * step; the same input gives the same tables. Call it once after the last file. */
int wijk_derive(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx);

/* Says that the facts changed; belongs in the transaction that changes them, so that a run that is
 * broken off before the derived tables follow is made good by the next one. */
int wijk_derive_outdate(wijk_store *store);

/* Derives when the file holds facts whose derived tables are missing, out of date or made under an
 * older schema (an upgrade adds tables but does not fill them); else, or when `store` is for
 * reading, does nothing. `saying` names the step in the progress, NULL for no word. */
int wijk_derive_when_due(wijk_store *store, const char *saying, wijk_ctx *ctx);

#endif
