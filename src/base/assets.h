/* The files inside the binary (made by tools/embed.c) and the screen texts. */
#ifndef WIJK_BASE_ASSETS_H
#define WIJK_BASE_ASSETS_H

#include <stddef.h>

typedef struct {
    const char *path;          /* relative to the repository, e.g. "data/indicators.csv" */
    const unsigned char *data; /* followed by one NUL byte */
    size_t size;
} wijk_asset;

extern const wijk_asset wijk_asset_table[];    /* ends with a NULL path */
extern const char *const wijk_text_table[][3]; /* key, Dutch, English; ends with NULL */

#endif
