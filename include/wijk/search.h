/* wijk/search.h: finding an area by what people type: a name, a part of it, a code, a postcode.
 *
 * The index holds the newest vintage of every level and all own areas. It is built once and then
 * only read, so threads share it. */
#ifndef WIJK_SEARCH_H
#define WIJK_SEARCH_H

#include "wijk/areas.h"

typedef struct wijk_search wijk_search;

typedef struct {
    int64_t area;
    enum wijk_level level;
    int vintage, fictional;
    const char *code, *name, *gemeente; /* borrowed from the index; name is never empty */
    double people;                      /* newest population, NAN when unknown */
    int forgiving; /* 1: found only by forgiving a typing error or by an alias */
    int exact;     /* 1: what was typed is its code or its whole name, or an alias of that */
    int postcode;  /* 1: a full postcode was typed and only its four digits are known */
} wijk_hit;

/* O(areas log areas). At most 20 MB for the whole country. */
int wijk_search_new(wijk_search **out, wijk_store *store, const wijk_registry *registry);
void wijk_search_free(wijk_search *search);

/* Best first: exact code, then exact name, beginning of a name, inner word, typing error; larger
 * population first among equals. `hits` has room for `room`; *count tells how many were written.
 * Accents, case, punctuation and word order do not matter. An empty query gives none.
 * WIJK_ELIMIT beyond WIJK_MAX_QUERY bytes. O(words of the country), about a millisecond. */
int wijk_search_find(size_t *count, const wijk_search *search, const char *query, wijk_hit *hits,
                     size_t room);
size_t wijk_search_size(const wijk_search *search); /* areas in the index */

#endif
