/* The state of the sampler of tables that fit, and what its three files share: chance, the table of
 * one area (rounding_table.c), the log-normal (rounding_levels.c) and kinds (rounding_kinds.c). */
#ifndef WIJK_MEASURE_ROUNDING_SAMPLER_H
#define WIJK_MEASURE_ROUNDING_SAMPLER_H

#include "measure/rounding.h"

#include "wijk/exact.h"
#include "wijk/limits.h"
#include "wijk/rng.h"

enum {
    WINDOW = 12,    /* values of one group that are weighed at once; a cell of 10 fits whole */
    KINDS = 6,      /* of areas beside the log-normal, which is kind 0 */
    TOGETHER = 128, /* areas that one thread takes at a time */
    BURN = 200,     /* sweeps before the first table */
    MANY = 2048,    /* areas; then more than one thread, and some steps */
    SELDOM = 4,     /* are taken once in so many sweeps */
    KNOWN = 4096    /* counts of which the logarithm is kept */
};

enum {
    FOR_AREA = 0x524f0001,
    FOR_LEVEL,
    FOR_SHAPE,
    FOR_NORMAL,
    FOR_KIND,
    FOR_MEAN,
    FOR_WEIGHT,
    FOR_LEAP
};

typedef struct {                    /* room for one area */
    double *low, *high, *high_end;  /* [groups] */
    double *weight;                 /* [groups][WINDOW] */
    double *reach;                  /* [groups][groups * WINDOW] */
    double *total;                  /* [groups * WINDOW]: weight of each total */
    double *first;                  /* [groups]: lowest value in the window */
    double *root;                   /* [groups][groups]: of a guess at the levels */
    double *guess, *z, *far, *base; /* [groups] */
    const double *alpha;            /* [groups] of the Dirichlet of its kind, or NULL */
    double alpha_sum;
    size_t *count, *skip, *last; /* [groups]: values in the window; clipped by a total */
} measure_bench;

typedef struct {       /* of areas: their shares are Dirichlet */
    double *alpha;     /* [groups] */
    double *gamma_log; /* [groups]: log gamma of those */
    double sum, sum_log;
} measure_kind;

struct measure_sampler {
    const measure_cells *cells;
    size_t areas, groups, living;
    uint64_t seed;
    uint32_t sweep;
    double *x;                     /* [areas][groups]: the present table */
    double *n;                     /* [areas]: its totals */
    unsigned char *open;           /* [areas]: only its total is published */
    unsigned char *kind;           /* [areas]: 0 log-normal, else of which kind */
    double *level;                 /* [areas][groups]: logs of intensities, of kind 0 */
    double *intensity;             /* [areas][groups] */
    double *mean, *precision;      /* of the levels: [groups], [groups][groups] */
    double *spread;                /* [groups][groups]: a root of the covariance */
    double precision_log;          /* half the logarithm of its determinant */
    double *shape;                 /* [groups]: of the gamma around an intensity */
    double *stride;                /* [groups]: of its Metropolis steps, log scale */
    double *centre;                /* [groups]: where the prior lies */
    double *scatter, *root, *tri;  /* [groups][groups]: to draw the normal */
    double *sum, *z;               /* [groups]: a mean; standard normals */
    measure_kind kinds[KINDS + 2]; /* 0 is not used; the last is tried */
    double *kinds_room;
    size_t members[KINDS + 1];     /* areas of each kind */
    double share_log[KINDS + 1];   /* log of its share of the areas, but for a constant */
    double *shape_log;             /* [groups] */
    double *half_log;              /* [KNOWN]: log(n + 1/2) */
    double *size_log, *size_next;  /* [KNOWN]: of n people; how much likelier is n + 1 */
    double *part;                  /* [areas / TOGETHER]: of a sum */
    unsigned char *out;            /* [areas]: takes no part, or not yet */
    double size_mean, size_spread; /* of log(n + 1/2) over areas: mean and variance */
    measure_bench bench[WIJK_MAX_THREADS];
    unsigned threads;
};

/* A stream of uniforms for one purpose, place and sweep: two from each block of the generator. */
typedef struct {
    uint32_t counter[4], key[2], bits[4];
    int left;
} measure_stream;

static inline double measure_next(measure_stream *r)
{
    if (r->left == 0) {
        wijk_philox(r->bits, r->counter, r->key);
        r->counter[3]++;
        r->left = 2;
    }
    const uint32_t *word = r->bits + 2 * --r->left;
    return (double)(((uint64_t)word[0] << 32 | word[1]) >> 11) * 0x1p-53;
}

static inline measure_stream measure_stream_of(const measure_sampler *s, uint32_t purpose,
                                               size_t place)
{
    return (measure_stream){.counter = {purpose, (uint32_t)place, s->sweep, 0},
                            .key = {(uint32_t)s->seed, (uint32_t)(s->seed >> 32)}};
}

/* Whether Metropolis takes a step that makes the whole e^gain as likely. */
static inline int measure_accept(double gain, measure_stream *random)
{
    double u = measure_next(random);
    return gain >= 0 || u < wijk_exact_exp(gain);
}

/* A step of sd 1 in either direction; that it is uniform does not matter to Metropolis. */
static inline double measure_step(measure_stream *random)
{
    return 3.4641016151377544 * (measure_next(random) - 0.5);
}

/* Log gamma, x > 0. */
double measure_log_gamma(double x);
/* log gamma(x + a) - log gamma(a), x a whole number. */
double measure_log_rise(double a, double x);
double measure_normal(measure_stream *random);
/* Root of a chi-square with `freedom` > 1. */
double measure_chi(double freedom, measure_stream *random);
/* Logarithm of a gamma of any `shape` > 0. */
double measure_log_of_gamma(double shape, measure_stream *random);

/* Draws the table of one area, given what it is. */
void measure_redraw_area(measure_sampler *s, measure_bench *b, size_t area);

/* Log of how likely what was published of an area is where its shares are Dirichlet (as far as its
 * windows of this sweep show), but for what does not depend on alpha. */
double measure_table_log(measure_sampler *s, measure_bench *b, size_t area, const measure_kind *k);

/* The log-normal: any levels to begin with; the levels of an area; mean, covariance, shapes. */
void measure_levels_start(measure_sampler *s);
void measure_levels_move(measure_sampler *s, size_t area);
void measure_levels_fit(measure_sampler *s);

/* Kinds: what an area is; the share of each kind and its Dirichlet. */
void measure_kinds_start(measure_sampler *s);
void measure_kinds_move(measure_sampler *s, measure_bench *b, size_t area);
void measure_kinds_count(measure_sampler *s);
/* What an area of which only the total is known is, and its table with it. */
void measure_kinds_leap(measure_sampler *s, measure_bench *b, size_t area);
/* All areas take part from now on. */
void measure_kinds_wake(measure_sampler *s);
void measure_kinds_fit(measure_sampler *s);
void measure_kinds_shift(measure_sampler *s);
/* How much likelier an area of n + 1 people is than one of n, for every kind but the log-normal. */
double measure_size_next(const measure_sampler *s, double n);
static inline double measure_half_log(const measure_sampler *s, double n)
{
    return n < KNOWN ? s->half_log[(size_t)n] : wijk_exact_log(n + 0.5);
}

#endif
