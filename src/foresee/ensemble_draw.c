/* The parameters of a replicate: a Latin hypercube over the ranges of the dictionary, in which the
 * plausible points are one dimension and take the place of the parameters that they speak of.
 *
 * Each block of replicates is a hypercube of its own, keyed by seed, block and parameter: a design
 * that grows without moving what was drawn before. Only additions, products and square roots, so
 * the same bits on every machine. McKay, Beckman & Conover 1979, doi:10.2307/1268522. */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/parameters.h"
#include "wijk/rng.h"

#include <string.h>

enum { PURPOSE_ORDER = 0x4C485331, PURPOSE_WITHIN = 0x4C485332 };

uint64_t ensemble_hash(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ at[i]) * 0x100000001B3u;
    }
    return hash;
}

static int read_points(ensemble_ranges *out)
{
    wijk_plausible *set = NULL;
    int rc = wijk_plausible_open(&set);
    out->points = rc ? 0 : wijk_plausible_points(set);
    for (int i = 0; !rc && i < WIJK_PARAMETERS; i++) {
        if (!wijk_plausible_has(set, (wijk_parameter)i)) {
            continue;
        }
        for (size_t k = 0; k < out->points; k++) {
            wijk_parameters values = {{0}};
            wijk_plausible_apply(&values, set, k);
            out->point[k][out->columns] = values.value[i];
        }
        out->parameter[out->columns++] = (uint64_t)i;
    }
    wijk_plausible_free(set);
    return rc;
}

int ensemble_ranges_read(ensemble_ranges *out)
{
    wijk_dictionary *dictionary = NULL;
    memset(out, 0, sizeof *out);
    int rc = wijk_dictionary_open(&dictionary);
    for (int i = 0; rc == WIJK_OK && i < WIJK_PARAMETERS; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, (wijk_parameter)i);
        out->low[i] = row->low;
        out->middle[i] = row->initial;
        out->high[i] = row->high;
        out->shape[i] = (uint64_t)row->shape;
    }
    wijk_dictionary_free(dictionary);
    return rc ? rc : read_points(out);
}

uint64_t ensemble_fingerprint(const ensemble_ranges *ranges)
{
    return ensemble_hash(ENSEMBLE_HASH, ranges, sizeof *ranges);
}

int wijk_ensemble_parameters(uint64_t *out)
{
    ensemble_ranges ranges;
    int rc = ensemble_ranges_read(&ranges);
    *out = rc ? 0 : ensemble_fingerprint(&ranges);
    return rc;
}

/* Which of the equal slices of a range a place in the block gets: a shuffle per parameter. */
static unsigned slice(uint64_t seed, uint32_t block, uint32_t parameter, unsigned place)
{
    unsigned order[WIJK_ENSEMBLE_BLOCK] = {0};
    wijk_rng_stream stream;
    const wijk_draw draw = {
        .seed = seed, .purpose = PURPOSE_ORDER, .place = parameter, .time = block};
    wijk_rng_begin(&stream, draw);
    for (unsigned i = 0; i < WIJK_ENSEMBLE_BLOCK; i++) {
        unsigned j = wijk_rng_below(&stream, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    return order[place];
}

void ensemble_draw(wijk_parameters *out, const ensemble_ranges *ranges, uint64_t seed,
                   uint32_t replicate)
{
    uint32_t block = (replicate - 1) / WIJK_ENSEMBLE_BLOCK;
    unsigned place = (replicate - 1) % WIJK_ENSEMBLE_BLOCK;
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        const wijk_draw draw = {
            .seed = seed, .purpose = PURPOSE_WITHIN, .place = i, .time = replicate};
        double u = (slice(seed, block, i, place) + wijk_rng_uniform(draw)) / WIJK_ENSEMBLE_BLOCK;
        const wijk_parameter_row row = {.low = ranges->low[i],
                                        .initial = ranges->middle[i],
                                        .high = ranges->high[i],
                                        .shape = (wijk_shape)ranges->shape[i]};
        out->value[i] = wijk_parameter_at(&row, u);
    }
    const wijk_draw draw = {
        .seed = seed, .purpose = PURPOSE_WITHIN, .place = WIJK_PARAMETERS, .time = replicate};
    double u =
        (slice(seed, block, WIJK_PARAMETERS, place) + wijk_rng_uniform(draw)) / WIJK_ENSEMBLE_BLOCK;
    for (uint64_t c = 0; c < ranges->columns; c++) {
        size_t point = (size_t)(u * (double)ranges->points);
        point = point < ranges->points ? point : ranges->points - 1; /* u may round to one */
        out->value[ranges->parameter[c]] = ranges->point[point][c];
    }
}

int wijk_ensemble_draw(wijk_parameters *out, uint64_t seed, uint32_t replicate)
{
    ensemble_ranges ranges = {0};
    int rc = replicate == 0
                 ? wijk_fail(WIJK_EINVAL, "replicaties tellen vanaf 1", "replicates count from 1")
                 : ensemble_ranges_read(&ranges);
    if (rc == WIJK_OK) {
        ensemble_draw(out, &ranges, seed, replicate);
    }
    return rc;
}
