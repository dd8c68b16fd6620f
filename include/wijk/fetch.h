/* wijk/fetch.h: open data from the publisher's own address into a cache, whole or not at all.
 *
 * Only https (http on this very machine only), few redirects, a ceiling on the size, a stalled
 * server is left. What was broken off goes on where it stopped, as long as the publisher's file is
 * still the same (RFC 9110: Range with If-Range). */
#ifndef WIJK_FETCH_H
#define WIJK_FETCH_H

#include <stdint.h>

#include "wijk/ctx.h"

typedef struct {
    const char *url;
    const char *folder; /* NULL: wijk_fetch_folder */
    const char *name;   /* of the stored file; NULL: the last part of the address */
    const char *sha256; /* what the bytes must be, 64 hex digits; NULL: not known */
    uint64_t ceiling;   /* bytes; 0: WIJK_MAX_FILE */
    int patience;       /* seconds without a byte before giving up; 0: 30 */
} wijk_fetch_options;

typedef struct {
    char path[4096];
    char sha256[65];
    char before[65]; /* checksum of the copy that this one replaced; "" when there was none */
    uint64_t bytes;
    int unchanged; /* 1: the publisher says that the copy in the cache is still the newest */
    int resumed;   /* 1: an earlier, broken-off download was completed */
} wijk_fetched;

/* Stores NAME and NAME.sha256 (as `sha256sum -c` reads it) in the folder; NAME.part stays when the
 * download broke off. Codes, each with a sentence that says what to do:
 * WIJK_EINVAL (an address we do not go to), WIJK_ENOTFOUND (404, 410), WIJK_EIO (offline, refused,
 * stalled, broken off, disk), WIJK_EFORMAT (a web page instead of data, or another checksum),
 * WIJK_ELIMIT (too large, too many redirects), WIJK_EBUSY (being fetched already), WIJK_ECANCEL. */
int wijk_fetch(wijk_fetched *out, const wijk_fetch_options *options, wijk_ctx *ctx);

/* $XDG_CACHE_HOME/wijk, else $HOME/.cache/wijk. WIJK_EINVAL when neither is set. */
int wijk_fetch_folder(char *out, unsigned room);

#endif
