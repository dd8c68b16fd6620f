/* Who is drawn to which home: phases of life sort themselves over homes and areas. The idea is that
 * neighbourhoods reproduce themselves by who moves in (Hedman, van Ham & Manley 2011,
 * doi:10.1068/a43453): what a kind of household thinks of a kind of home, and of an area beyond its
 * homes, is read off what must have come there for it to be what it is at the start; nothing later
 * is looked at. Of every group of homes (tenure t by rooms r, or area a) and kind k
 *   n  households, v homes that fall vacant, w what must come so that k changes as in the region:
 *   w(k) = v c(k) + need(k) - need(region, k) v / v(region)
 * with need = who leaves or dies of k, less what life makes of others (flows of taste_flow.c), and
 * c the mix of all who look. Then
 *   home(t, r, k) = (w + m c) / (v c + m c)            m: doubt, in households a year
 *   area(a, k)    = (w + m c) / (expected + m c)       expected: by its homes alone
 * both within TASTE_LEAST..TASTE_MOST. So an area keeps its part for students, families or older
 * people as far as who moves can do that, unless its homes, the law or a lever say otherwise. */
#include "foresee/taste.h"

#include "foresee/run.h"
#include "wijk/err.h"
#include "wijk/mem.h"

#include <string.h>

enum { HOMES = WIJK_TENURES * TASTE_ROOMS };

/* m: a published count is rounded to five; so few households more or less say nothing. */
static const double doubt = 5;

typedef struct {
    foresee_flow home[HOMES], all;
    double looks[TASTE_KINDS], look; /* who looks for a home, a year */
    double empty[WIJK_TENURES];      /* homes in which nobody lives */
} region_flows;

static unsigned home_of(uint32_t home)
{
    return tenure_of(home) * TASTE_ROOMS + size_of(home);
}

static void sum_up(foresee_flow *to, const foresee_flow *flow)
{
    to->households += flow->households;
    to->vacant += flow->vacant;
    for (int k = 0; k < TASTE_KINDS; k++) {
        to->need[k] += flow->need[k];
    }
}

/* Flows of one place by kind of home. */
static void add_place(region_flows *to, foresee_run *run, uint32_t at)
{
    foresee_here here;
    foresee_here_at(&here, run, at);
    const foresee_state *s = here.s;
    size_t slot = (size_t)here.place->block * BLOCK;
    size_t end = slot + (size_t)here.place->blocks * BLOCK;
    for (; slot < end; slot++) {
        if (s->kind[slot] != WIJK_NOBODY) {
            foresee_flow_add(&to->home[home_of(s->home[slot])], to->looks, &here, slot);
        } else if (tenure_of(s->home[slot]) != WIJK_NO_HOME) {
            to->empty[tenure_of(s->home[slot])]++;
        }
    }
}

/* What must come a year of kind k to homes of which `vacant` fall vacant. */
static double wanted(const foresee_flow *homes, const region_flows *region, int k)
{
    if (region->all.vacant <= 0 || region->look <= 0) {
        return 0;
    }
    double mix = region->looks[k] / region->look;
    double usual = region->all.need[k] / region->all.vacant;
    return homes->vacant * (mix - usual) + homes->need[k];
}

static uint16_t ratio(double wanted, double expected, double doubt_of)
{
    double below = expected + doubt_of;
    double times = below > 0 ? TASTE_ONE * (wanted + doubt_of) / below : TASTE_ONE;
    times = times < TASTE_LEAST ? TASTE_LEAST : times > TASTE_MOST ? TASTE_MOST : times;
    return (uint16_t)(times + 0.5);
}

/* Doubt as a flow: five households of which as many move as of all, of the mix that looks. */
static double doubt_of(const region_flows *region, int k)
{
    return region->all.households > 0 && region->look > 0
               ? doubt * region->all.vacant / region->all.households * region->looks[k] /
                     region->look
               : 0;
}

static void lay_homes(foresee_taste_homes out, const region_flows *region)
{
    for (int h = 0; h < HOMES; h++) {
        for (int k = 0; k < TASTE_KINDS; k++) {
            double mix = region->look > 0 ? region->looks[k] / region->look : 0;
            out[h / TASTE_ROOMS][h % TASTE_ROOMS][k] =
                ratio(wanted(&region->home[h], region, k), region->home[h].vacant * mix,
                      doubt_of(region, k));
        }
    }
}

static void lay_area(uint16_t out[TASTE_KINDS], const foresee_flow homes[HOMES],
                     const region_flows *region)
{
    foresee_flow all = {0};
    for (int h = 0; h < HOMES; h++) {
        sum_up(&all, &homes[h]);
    }
    for (int k = 0; k < TASTE_KINDS; k++) {
        double expected = 0;
        for (int h = 0; h < HOMES; h++) {
            const foresee_flow *such = &region->home[h];
            double part = such->vacant > 0 ? homes[h].vacant / such->vacant : 0;
            double come = wanted(such, region, k);
            expected += part * (come > 0 ? come : 0);
        }
        out[k] = ratio(wanted(&all, region, k), expected, doubt_of(region, k));
    }
}

int foresee_lay_taste(foresee_run *run)
{
    region_flows *region = wijk_alloc(sizeof *region);
    if (region == NULL) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < run->n_regions; i++) {
        const foresee_region *r = &run->regions[i];
        memset(region, 0, sizeof *region);
        for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
            add_place(region, run, at);
        }
        double vacated[WIJK_TENURES] = {0};
        for (int h = 0; h < HOMES; h++) {
            sum_up(&region->all, &region->home[h]);
            vacated[h / TASTE_ROOMS] += region->home[h].vacant;
        }
        foresee_lay_idle(run, i, vacated, region->empty);
        for (int k = 0; k < TASTE_KINDS; k++) {
            region->look += region->looks[k];
        }
        lay_homes(run->taste_homes[i], region);
        for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
            region_flows own = {0};
            add_place(&own, run, at);
            lay_area(run->places[at].taste, own.home, region);
        }
    }
    wijk_free(region);
    return WIJK_OK;
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
