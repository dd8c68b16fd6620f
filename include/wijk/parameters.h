/* wijk/parameters.h: the parameter dictionary with its ranges, and points drawn from them.
 *
 * wijk/parameter.h is the list by name; here stands what is known of each: unit, default, range,
 * shape, whether it is mechanics or an assumed effect, grade and source, as data/parameters.csv
 * says. A point of an ensemble is a function of (seed, index) alone, so any part of a design can be
 * made on any machine. docs/model/parameters.md. */
#ifndef WIJK_PARAMETERS_H
#define WIJK_PARAMETERS_H

#include <stddef.h>
#include <stdint.h>

#include "wijk/err.h"
#include "wijk/parameter.h"

typedef enum {
    WIJK_SHAPE_TRIANGULAR,
    WIJK_SHAPE_UNIFORM,
    WIJK_SHAPE_EITHER_WAY, /* as likely below the default as above it, and by as much: a difference
                              (default 0) by its sign, a ratio (default 1) by division */
    WIJK_SHAPE_FIXED
} wijk_shape;

typedef struct {
    const char *name, *symbol, *unit, *process, *grade, *source, *label[2];
    /* source: "idem" in the table stands for that of the row above, and is that here */
    double initial, low, high; /* low <= initial <= high; triangular: initial is the mode */
    wijk_shape shape;
    int effect; /* 1: an assumed effect, 0: mechanics */
} wijk_parameter_row;

typedef struct wijk_dictionary wijk_dictionary; /* read-only once made; threads may share it */

/* The shipped one. */
int wijk_dictionary_open(wijk_dictionary **out);
/* One from bytes in the same form; every parameter of the list exactly once. WIJK_EFORMAT names
 * row and column. O(bytes). */
int wijk_dictionary_read(wijk_dictionary **out, const void *bytes, size_t size, const char *what);
void wijk_dictionary_free(wijk_dictionary *dictionary);
/* Borrowed, never NULL. */
const wijk_parameter_row *wijk_dictionary_row(const wijk_dictionary *dictionary,
                                              wijk_parameter parameter);
void wijk_dictionary_defaults(wijk_parameters *out, const wijk_dictionary *dictionary);

/* ---- set by hand --------------------------------------------------------------------------- */

/* "debt_onset=0.012". WIJK_EINVAL for an unknown name (with the nearest), no number, or a value
 * outside low..high (with the range). */
int wijk_parameters_set(wijk_parameters *values, const wijk_dictionary *dictionary,
                        const char *assignment);
/* Many of them: a text with one a line, `name value` or `name = value`, # for remarks; each at most
 * once. WIJK_EFORMAT with file and line. Nothing is changed on failure. O(bytes). */
int wijk_parameters_read(wijk_parameters *values, const wijk_dictionary *dictionary,
                         const void *bytes, size_t size, const char *what);
/* Sixteen hex digits of all values: what a run cites. */
void wijk_parameters_mark(char out[17], const wijk_parameters *values);

/* ---- points of a design ---------------------------------------------------------------------- */

/* The value of a parameter at quantile u in [0, 1] of its range. */
double wijk_parameter_at(const wijk_parameter_row *row, double u);

/* Coordinate `dimension` of point `index` of a Latin hypercube of n points: every one of n equal
 * slices holds one point in each dimension. McKay, Beckman & Conover 1979,
 * doi:10.1080/00401706.1979.10489755. O(1) expected. */
double wijk_latin(uint64_t seed, uint32_t n, uint32_t index, uint32_t dimension);

enum { WIJK_SOBOL_MOST = 400 }; /* dimensions; two for each parameter fit */

typedef struct wijk_sobol wijk_sobol;
/* The Sobol' sequence of data/sobol.csv (direction numbers of Joe & Kuo 2008,
 * doi:10.1137/070709359). */
int wijk_sobol_new(wijk_sobol **out, uint32_t dimensions);
void wijk_sobol_free(wijk_sobol *sobol);
/* Coordinate of point `index` (below 2^32) in Gray-code order. With seed 0 the plain sequence (the
 * first point is the origin), else shifted by random digits of the seed, which keeps its evenness
 * and moves every point off the edges. O(log index). */
double wijk_sobol_at(const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t dimension);

/* All parameters at point `index` of a Latin hypercube of n. */
void wijk_parameters_latin(wijk_parameters *out, const wijk_dictionary *dictionary, uint64_t seed,
                           uint32_t n, uint32_t index);
/* All parameters at point `index` of a Sobol' sequence, from dimension `first` on. */
void wijk_parameters_sobol(wijk_parameters *out, const wijk_dictionary *dictionary,
                           const wijk_sobol *sobol, uint64_t seed, uint32_t index, uint32_t first);

#endif
