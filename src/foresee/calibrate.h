/* foresee/calibrate.h: a calibration from inside, shared by the search and the file of its set. */
#ifndef WIJK_FORESEE_CALIBRATE_H
#define WIJK_FORESEE_CALIBRATE_H

#include "wijk/calibrate.h"

struct wijk_calibration {
    uint64_t seed;
    uint32_t wanted;
    int found;
    char *made_on;
    uint8_t informed[WIJK_PARAMETERS]; /* some target says something about it */
    uint8_t can[WIJK_TARGETS];
    double chance[WIJK_TARGETS]; /* standard deviation between worlds */
    double share;
    wijk_target_fit before[WIJK_TARGETS], after[WIJK_TARGETS];
    wijk_parameters *point;
    size_t points, runs;
};

#endif
