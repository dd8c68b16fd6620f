/* Who is drawn to which home: phases of life sort themselves over homes and areas. The idea is
 * revealed preference (McFadden 1978, Modelling the choice of residential location): what a kind
 * of household thinks of a kind of home, and of an area beyond its homes, is read off where it
 * lives at the start, as a ratio to how many it is in the region; nothing later is looked at.
 *   home(t, r, k) = (n(t, r, k) + m) / (n(t, r) share(k) + m)      tenure t, rooms r, kind k
 *   area(a, k)    = (n(a, k) + m) / (sum over its households of n(t, r, k) / n(t, r) + m)
 * both within TASTE_LEAST..TASTE_MOST. A vacancy then goes to the kinds that leave such vacancies,
 * so that an area keeps its part for students, families or older people unless its homes, the law
 * or a lever say otherwise. */
#include "foresee/taste.h"

#include "foresee/run.h"

#include <string.h>

/* m: a published count is rounded to five; so few households more or less say nothing. */
static const double doubt = 5;

typedef struct {
    uint32_t of[WIJK_TENURES][TASTE_ROOMS][TASTE_KINDS], in[WIJK_TENURES][TASTE_ROOMS];
    uint32_t kind[TASTE_KINDS], all;
} counted;

static void count_place(counted *out, const foresee_run *run, const foresee_place *place)
{
    const foresee_state *s = &run->state;
    size_t slot = (size_t)place->block * BLOCK, end = slot + (size_t)place->blocks * BLOCK;
    for (; slot < end; slot++) {
        if (s->kind[slot] != WIJK_NOBODY) {
            unsigned tenure = tenure_of(s->home[slot]), rooms = size_of(s->home[slot]);
            unsigned kind = foresee_taste_kind(s->kind[slot], s->age[slot]);
            out->of[tenure][rooms][kind]++;
            out->in[tenure][rooms]++;
            out->kind[kind]++;
            out->all++;
        }
    }
}

static uint16_t ratio(double here, double expected)
{
    double times = TASTE_ONE * (here + doubt) / (expected + doubt);
    times = times < TASTE_LEAST ? TASTE_LEAST : times > TASTE_MOST ? TASTE_MOST : times;
    return (uint16_t)(times + 0.5);
}

static void lay_homes(foresee_taste_homes out, const counted *region)
{
    double all = region->all > 0 ? region->all : 1;
    for (int t = 0; t < WIJK_TENURES; t++) {
        for (int r = 0; r < TASTE_ROOMS; r++) {
            for (int k = 0; k < TASTE_KINDS; k++) {
                double expected = region->in[t][r] * (region->kind[k] / all);
                out[t][r][k] = ratio(region->of[t][r][k], expected);
            }
        }
    }
}

static void lay_area(uint16_t out[TASTE_KINDS], const counted *area, const counted *region)
{
    double expected[TASTE_KINDS] = {0};
    for (int t = 0; t < WIJK_TENURES; t++) {
        for (int r = 0; r < TASTE_ROOMS; r++) {
            double share = area->in[t][r] > 0 ? (double)area->in[t][r] / region->in[t][r] : 0;
            for (int k = 0; k < TASTE_KINDS; k++) {
                expected[k] += share * region->of[t][r][k];
            }
        }
    }
    for (int k = 0; k < TASTE_KINDS; k++) {
        out[k] = ratio(area->kind[k], expected[k]);
    }
}

void foresee_lay_taste(foresee_run *run)
{
    for (size_t i = 0; i < run->n_regions; i++) {
        const foresee_region *r = &run->regions[i];
        counted region, area;
        memset(&region, 0, sizeof region);
        for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
            count_place(&region, run, &run->places[at]);
        }
        lay_homes(run->taste_homes[i], &region);
        for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
            memset(&area, 0, sizeof area);
            count_place(&area, run, &run->places[at]);
            lay_area(run->places[at].taste, &area, &region);
        }
    }
}

/* As far as the strengths of the dictionary say: 0 none, 1 all of it. */
uint32_t foresee_drawn(const foresee_here *here, size_t slot, unsigned kind)
{
    const foresee_state *s = here->s;
    const int64_t *milli = here->t->milli;
    const uint16_t(*homes)[TASTE_ROOMS][TASTE_KINDS] = here->run->taste_homes[here->place->region];
    int64_t a = homes[tenure_of(s->home[slot])][size_of(s->home[slot])][kind] - TASTE_ONE;
    int64_t b = here->place->taste[kind] - TASTE_ONE;
    a = TASTE_ONE + a * milli[WIJK_P_HOME_TASTE] / TASTE_ONE;
    b = TASTE_ONE + b * milli[WIJK_P_AREA_TASTE] / TASTE_ONE;
    return (uint32_t)(a * b / TASTE_ONE);
}
