/* Inputs as changes of a kept result that this version of the program has just made. A file of an
 * older version is refused at its head, so that a corpus of such files meets nothing behind it. */
#ifndef EDITED_H
#define EDITED_H

#include "wijk/ensemble.h"
#include "wijk/parameters.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { EDIT = 4, LONGER = 4096 };

/* The least town of which anything is told. */
static inline wijk_population *edited_town(void)
{
    wijk_parameters p;
    wijk_population *town;
    if (wijk_parameters_default(&p) || wijk_population_sample(&town, 1, 1, 40, &p, 1)) {
        abort();
    }
    return town;
}

/* Two pairs of a year; made once. */
static inline const uint8_t *edited_part(size_t *size)
{
    static void *bytes;
    static size_t n;
    if (!bytes) {
        const wijk_change more = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4};
        const wijk_scenario scenario = {&more, 1};
        const wijk_ensemble_options o = {.seed = 1,
                                         .first = 1,
                                         .last = 2,
                                         .years = 1,
                                         .threads = 1,
                                         .place = "Stad",
                                         .region = "Stad",
                                         .title = {"beleid", "policy"},
                                         .scenario = "support",
                                         .lineage = "fuzz"};
        wijk_population *town = edited_town();
        wijk_ensemble *e, *again;
        if (wijk_ensemble_run(&e, town, &scenario, &o, NULL) ||
            wijk_ensemble_store(&bytes, &n, e) || wijk_ensemble_read(&again, bytes, n, "whole")) {
            abort();
        }
        wijk_ensemble_free(again);
        wijk_ensemble_free(e);
        wijk_population_free(town);
    }
    *size = n;
    return bytes;
}

/* A copy of `whole` changed as the input says, in steps of four bytes: where (two bytes), how, and
 * with what: another byte, one more, one less, or the end. Free it. */
static inline uint8_t *edited(size_t *out, const uint8_t *whole, size_t size, const uint8_t *data,
                              size_t n)
{
    uint8_t *bytes = malloc(size + LONGER);
    if (!bytes) {
        abort();
    }
    memcpy(bytes, whole, size);
    size_t most = size + LONGER;
    for (size_t i = 0; i + EDIT <= n && size > 0; i += EDIT) {
        size_t at = (data[i] | (size_t)data[i + 1] << 8) % size;
        switch (data[i + 2] % 4) {
        case 0:
            bytes[at] = data[i + 3];
            break;
        case 1:
            if (size < most) {
                memmove(bytes + at + 1, bytes + at, size - at);
                bytes[at] = data[i + 3];
                size++;
            }
            break;
        case 2:
            memmove(bytes + at, bytes + at + 1, size - at - 1);
            size--;
            break;
        default:
            size = data[i + 3] % 16 ? size : at;
        }
    }
    *out = size;
    return bytes;
}

/* The last eight bytes made the checksum of those before. */
static inline void edited_checksum(uint8_t *bytes, size_t size)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i + 8 < size; i++) {
        hash = (hash ^ bytes[i]) * 0x100000001B3u;
    }
    for (size_t i = 0; size >= 8 && i < 8; i++) {
        bytes[size - 8 + i] = (uint8_t)(hash >> 8 * i);
    }
}

#endif
