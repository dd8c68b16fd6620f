/* Points in the space of parameters. The idea: a point is a function of its number and the seed, so
 * an ensemble can be made in any order, in parts, and longer later on. */
#include "wijk/parameters.h"

#include "wijk/mem.h"
#include "wijk/rng.h"
#include "wijk/table.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_LATIN = 0x44450001, PURPOSE_SLICE, PURPOSE_SHIFT, ROUNDS = 6, BITS = 32 };

double wijk_parameter_at(const wijk_parameter_row *row, double u)
{
    double width = row->high - row->low;
    if (row->shape == WIJK_SHAPE_FIXED) {
        return row->initial;
    }
    if (row->shape == WIJK_SHAPE_UNIFORM) {
        return row->low + u * width;
    }
    double left = row->initial - row->low, right = row->high - row->initial;
    if (row->shape == WIJK_SHAPE_EITHER_WAY) {
        double above = row->initial + right * (1 - sqrt(1 - fabs(2 * u - 1)));
        double below = row->initial != 0 ? row->initial * row->initial / above : -above;
        return u < 0.5 ? below : above;
    }
    double value = u * width < left ? row->low + sqrt(u * width * left)
                                    : row->high - sqrt((1 - u) * width * right);
    return value < row->low ? row->low : value > row->high ? row->high : value;
}

/* ---- Latin hypercube ------------------------------------------------------------------------- */

static uint32_t keyed(uint64_t seed, uint32_t purpose, uint32_t dimension, uint32_t round,
                      uint32_t value)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    const uint32_t counter[4] = {purpose, dimension, round, value};
    uint32_t out[4];
    wijk_philox(out, counter, key);
    return out[0];
}

/* Where `index` goes in a permutation of 0..n-1 that the seed chooses: a Feistel network over the
 * next even number of bits, walked again while it falls outside (Black & Rogaway 2002,
 * doi:10.1007/3-540-45760-7_9). No table, so that point one million costs what point one does. */
static uint32_t permuted(uint64_t seed, uint32_t dimension, uint32_t n, uint32_t index)
{
    uint32_t half = 1;
    while (half < 16 && (uint64_t)1 << (2 * half) < n) {
        half++;
    }
    uint32_t mask = (1u << half) - 1;
    do {
        uint32_t left = index >> half, right = index & mask;
        for (uint32_t round = 0; round < ROUNDS; round++) {
            uint32_t next = left ^ (keyed(seed, PURPOSE_LATIN, dimension, round, right) & mask);
            left = right;
            right = next;
        }
        index = left << half | right;
    } while (index >= n);
    return index;
}

double wijk_latin(uint64_t seed, uint32_t n, uint32_t index, uint32_t dimension)
{
    double within = ((double)keyed(seed, PURPOSE_SLICE, dimension, 0, index) + 0.5) * 0x1p-32;
    return ((double)permuted(seed, dimension, n, index) + within) / (double)n;
}

/* ---- Sobol' ---------------------------------------------------------------------------------- */

struct wijk_sobol {
    uint32_t dimensions;
    uint32_t direction[][BITS];
};

/* Direction numbers of one dimension from its primitive polynomial and first numbers. */
static int directions(uint32_t v[BITS], const wijk_table *table, size_t row)
{
    uint32_t polynomial = (uint32_t)wijk_table_number(table, row, "polynomial", 0);
    const char *text = wijk_table_get(table, row, "initial");
    int degree = 31 - (polynomial ? __builtin_clz(polynomial) : 31), given = 0;
    for (const char *at = text; *at && given < BITS;) {
        uint32_t m = 0;
        while (*at >= '0' && *at <= '9') {
            m = m * 10 + (uint32_t)(*at++ - '0');
        }
        at += *at == ' ';
        v[given] = m << (BITS - 1 - given);
        given++;
    }
    if (row == 0) { /* the first dimension is plain halving */
        for (int i = 0; i < BITS; i++) {
            v[i] = 1u << (BITS - 1 - i);
        }
        return WIJK_OK;
    }
    if (degree < 1 || given != degree) {
        return wijk_fail(WIJK_EFORMAT, "data/sobol.csv, rij %zu: %d getallen voor graad %d",
                         "data/sobol.csv, row %zu: %d numbers for degree %d", row + 2, given,
                         degree);
    }
    for (int i = degree; i < BITS; i++) {
        v[i] = v[i - degree] ^ v[i - degree] >> degree;
        for (int k = 1; k < degree; k++) {
            v[i] ^= polynomial >> (degree - k) & 1u ? v[i - k] : 0;
        }
    }
    return WIJK_OK;
}

int wijk_sobol_new(wijk_sobol **out, uint32_t dimensions)
{
    wijk_table *table = NULL;
    *out = NULL;
    if (dimensions < 1 || dimensions > WIJK_SOBOL_MOST) {
        return wijk_fail(WIJK_EINVAL, "de Sobol'-rij heeft 1 tot %d dimensies, niet %u",
                         "the Sobol' sequence has 1 to %d dimensions, not %u", WIJK_SOBOL_MOST,
                         (unsigned)dimensions);
    }
    wijk_sobol *sobol = wijk_alloc(sizeof *sobol + dimensions * sizeof sobol->direction[0]);
    int rc = sobol ? wijk_table_asset(&table, "data/sobol.csv") : WIJK_ENOMEM;
    if (!rc && wijk_table_rows(table) < dimensions) {
        rc = wijk_fail(WIJK_EFORMAT, "data/sobol.csv heeft te weinig rijen",
                       "data/sobol.csv has too few rows");
    }
    for (uint32_t d = 0; !rc && d < dimensions; d++) {
        rc = directions(sobol->direction[d], table, d);
    }
    wijk_table_free(table);
    if (rc) {
        wijk_free(sobol);
        return rc;
    }
    sobol->dimensions = dimensions;
    *out = sobol;
    return WIJK_OK;
}

void wijk_sobol_free(wijk_sobol *sobol)
{
    wijk_free(sobol);
}

double wijk_sobol_at(const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t dimension)
{
    uint32_t gray = index ^ index >> 1, x = 0;
    for (int bit = 0; gray; bit++, gray >>= 1) {
        x ^= gray & 1u ? sobol->direction[dimension][bit] : 0;
    }
    if (seed == 0) {
        return (double)x * 0x1p-32;
    }
    /* Half a step in, so that no point lies on an edge. */
    return ((double)(x ^ keyed(seed, PURPOSE_SHIFT, dimension, 0, 0)) + 0.5) * 0x1p-32;
}

/* ---- all parameters
 * ------------------------------------------------------------------------------ */

void wijk_parameters_latin(wijk_parameters *out, const wijk_dictionary *dictionary, uint64_t seed,
                           uint32_t n, uint32_t index)
{
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        out->value[i] = wijk_parameter_at(wijk_dictionary_row(dictionary, (wijk_parameter)i),
                                          wijk_latin(seed, n, index, i));
    }
}

void wijk_parameters_sobol(wijk_parameters *out, const wijk_dictionary *dictionary,
                           const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t first)
{
    for (uint32_t i = 0; i < WIJK_PARAMETERS; i++) {
        out->value[i] = wijk_parameter_at(wijk_dictionary_row(dictionary, (wijk_parameter)i),
                                          wijk_sobol_at(sobol, seed, index, first + i));
    }
}
