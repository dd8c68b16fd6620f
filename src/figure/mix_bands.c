/* How sure the profile over distance is: the same people drawn again, and the band that holds the
 * whole line at once (wijk/resample.h). */
#include "figure/mix_bands.h"

#include "wijk/resample.h"

#include <math.h>

int mix_profile_band(double *low, double *high, const mix_profile *profile, uint32_t replicates)
{
    wijk_band bands[WIJK_PROFILES * MIX_BAND_RADII];
    const wijk_resample_options options = {.seed = 1, .replicates = replicates, .level = 0.9};
    int rc = profile->count <= MIX_BAND_RADII
                 ? wijk_resample_profile(
                       bands, profile->radii, profile->count, WIJK_KERNEL_BIWEIGHT, profile->counts,
                       profile->x, profile->y, profile->areas, profile->groups, &options, NULL)
                 : WIJK_EINVAL;
    for (size_t i = 0; i < profile->count; i++) {
        const wijk_band *band = &bands[WIJK_PROFILE_H * profile->count + i];
        low[i] = rc ? NAN : fmax(0, band->joint.low);
        high[i] = rc ? NAN : fmin(1, band->joint.high);
    }
    return rc;
}
