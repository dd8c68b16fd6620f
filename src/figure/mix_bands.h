/* The band of H over distance. Apart from figure/mix.h: two public headers below have one name. */
#ifndef WIJK_FIGURE_MIX_BANDS_H
#define WIJK_FIGURE_MIX_BANDS_H

#include <stddef.h>
#include <stdint.h>

enum { MIX_BAND_RADII = 6 };

typedef struct {
    const double *radii; /* rising, > 0; at most MIX_BAND_RADII */
    size_t count;
    const double *counts, *x, *y; /* as in wijk/scale.h */
    size_t areas, groups;
} mix_profile;

/* low and high, [count]: the whole profile of H lies between them 9 times in 10. */
int mix_profile_band(double *low, double *high, const mix_profile *profile, uint32_t replicates);

#endif
