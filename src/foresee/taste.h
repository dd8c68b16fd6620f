/* foresee/taste.h: what kinds of households make of kinds of homes and of areas: see taste.c. */
#ifndef WIJK_FORESEE_TASTE_H
#define WIJK_FORESEE_TASTE_H

#include "foresee/state.h"

enum {
    TASTE_KINDS = 16, /* composition by age: see foresee_taste_kind */
    TASTE_ROOMS = 8,
    TASTE_ONE = 1000, /* as often as elsewhere */
    TASTE_LEAST = 250,
    TASTE_MOST = 4000
};

/* Of one region, in thousandths: how much more often a kind comes to such homes than to others. */
typedef uint16_t foresee_taste_homes[WIJK_TENURES][TASTE_ROOMS][TASTE_KINDS];

/* What is expected of the households of some homes in a year. */
typedef struct {
    double households, vacant; /* vacant: homes that fall empty */
    double need[TASTE_KINDS];  /* who goes or becomes another kind, less who becomes this kind */
    double life[WIJK_AGE_BANDS][WIJK_COMPOSITIONS]; /* who becomes this kind at this age, less who
                                                       becomes another, dies or goes to a nursing
                                                       home: nobody who moves */
    double
        enters[WIJK_AGE_BANDS]; /* who leaves parents or a partner: one person who needs a home */
} foresee_flow;

/* Singles under 25, under 35, under 50, 50 and over; older singles under 80, 80 and over; couples
 * under 35, under 50, 50 and over; older couples under 80, 80 and over; families under 35, under
 * 50, 50 and over; one-parent families under 50, 50 and over. */
static inline unsigned foresee_taste_kind(uint8_t kind, unsigned age)
{
    static const uint8_t of[WIJK_COMPOSITIONS][WIJK_AGE_BANDS] = {
        [WIJK_SINGLE] = {0, 1, 2, 3, 3, 3},       [WIJK_COUPLE] = {6, 6, 7, 8, 8, 8},
        [WIJK_FAMILY] = {11, 11, 12, 13, 13, 13}, [WIJK_ONE_PARENT] = {14, 14, 14, 15, 15, 15},
        [WIJK_OLDER_SINGLE] = {4, 4, 4, 4, 4, 5}, [WIJK_OLDER_COUPLE] = {9, 9, 9, 9, 9, 10},
    };
    return of[composition_of(kind)][age_band(age)];
}

#endif
