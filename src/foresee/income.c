/* Incomes, at the start of a run: what keeps a region's mix as it is. Process 1, life: households
 * rise with the chance of the dictionary and fall so often that the mix of each age band comes out
 * as it was, given that each year some enter the band with the mix of the band before. Process 6,
 * allocation: how often a home goes to who has less than it asks, as often as who lives there has.
 */
#include "foresee/run.h"

#include <string.h>

enum {
    PRIOR = 200, /* households of the mix of all regions that steady the mix of a small one */
    OLD_BAND = 4 /* from 65 on nobody rises by the chance of the dictionary */
};

/* Years that a household stays in a band. The last: what is left at eighty. */
static const double years[WIJK_AGE_BANDS] = {7, 10, 15, 15, 15, 9};

/* Counts of a region by age band and income, from its copy in the world outside. */
static void count(double out[WIJK_AGE_BANDS][WIJK_INCOMES], const foresee_run *run, size_t region)
{
    const int64_t *outside = run->outside + region * (size_t)FORESEE_OUTSIDE;
    for (int i = 0; i < FORESEE_OUTSIDE; i++) {
        out[i / (KINDS * WIJK_INCOMES)][i % WIJK_INCOMES] += (double)outside[i];
    }
}

/* Shares of a region, leaning on those of all regions where it has few households. */
static void share(double out[WIJK_AGE_BANDS][WIJK_INCOMES], const foresee_run *run, size_t region,
                  const double all[WIJK_AGE_BANDS][WIJK_INCOMES])
{
    count(out, run, region);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        double of_all = 0, sum = 0;
        for (int k = 0; k < WIJK_INCOMES; k++) {
            of_all += all[band][k];
        }
        for (int k = 0; k < WIJK_INCOMES; k++) {
            double usual = of_all > 0 ? all[band][k] / of_all : 1.0 / WIJK_INCOMES;
            out[band][k] += PRIOR * usual;
            sum += out[band][k];
        }
        for (int k = 0; k < WIJK_INCOMES; k++) {
            out[band][k] /= sum;
        }
    }
}

/* Between one class and the next: who must cross a year, net and upward, so that the band keeps its
 * mix although it is renewed from the band before. */
static void balance(foresee_region *r, int band, int k, double net, const double mix[WIJK_INCOMES],
                    const wijk_parameters *p)
{
    double up = band < OLD_BAND ? p->value[WIJK_P_INCOME_UP] : 0;
    double falls = up * mix[k] - net;
    if (falls < 0) { /* more must rise than do; where nobody does, nobody can */
        up = up > 0 ? net / mix[k] : 0;
        falls = 0;
    }
    double down = mix[k + 1] > 0 ? falls / mix[k + 1] * p->value[WIJK_P_INCOME_DOWN] : 0;
    r->up[band][k] = threshold(up);
    r->down[band][k + 1] = threshold(down);
}

static void lay_region(foresee_run *run, size_t region,
                       const double all[WIJK_AGE_BANDS][WIJK_INCOMES])
{
    double mix[WIJK_AGE_BANDS][WIJK_INCOMES] = {{0}};
    foresee_region *r = &run->regions[region];
    share(mix, run, region, all);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        const double *before = mix[band > 0 ? band - 1 : 0];
        double enter = 0, stay = 0;
        for (int k = 0; k + 1 < WIJK_INCOMES; k++) {
            enter += before[k];
            stay += mix[band][k];
            balance(r, band, k, (enter - stay) / years[band], mix[band], run->parameters);
        }
        for (int k = 0; k < WIJK_INCOMES; k++) {
            uint32_t moves = plus(r->up[band][k], r->down[band][k]);
            uint32_t *bound = &run->tables->income_bound;
            *bound = moves > *bound ? moves : *bound;
        }
    }
    double below = 0;
    for (int k = 0; k + 1 < WIJK_INCOMES; k++) {
        below += mix[0][k];
        r->starter[k] = threshold(below);
    }
}

void foresee_lay_incomes(foresee_run *run)
{
    double all[WIJK_AGE_BANDS][WIJK_INCOMES] = {{0}};
    for (size_t region = 0; region < run->n_regions; region++) {
        count(all, run, region);
    }
    for (size_t region = 0; region < run->n_regions; region++) {
        lay_region(run, region, all);
    }
}

/* ---- who lives where income should not suffice ------------------------- */

typedef struct {
    double below[WIJK_TENURES][WIJK_PRICES], all[WIJK_TENURES][WIJK_PRICES];
    double look[WIJK_INCOMES]; /* who looks for a home, a year */
} dear_homes;

/* Who is not yet 65: older owners paid for their homes when they earned more. */
static void count_dear(dear_homes *out, foresee_run *run, uint32_t at)
{
    foresee_here here;
    foresee_here_at(&here, run, at);
    const foresee_state *s = here.s;
    size_t slot = (size_t)here.place->block * BLOCK;
    size_t end = slot + (size_t)here.place->blocks * BLOCK;
    for (; slot < end && here.place->area != NO_AREA; slot++) {
        if (s->kind[slot] != WIJK_NOBODY && s->age[slot] < OLDER) {
            unsigned tenure = tenure_of(s->home[slot]), price = price_of(s->home[slot]);
            unsigned income = s->status[slot] & STATUS_INCOME;
            out->all[tenure][price]++;
            out->below[tenure][price] += income < foresee_income_asked(tenure, price);
            out->look[income] +=
                (double)foresee_leave_chance(&here, slot) + foresee_search_chance(&here, slot);
        }
    }
}

/* A home goes to somebody of whom the income decides or, with chance x, to anybody of those who
 * look, of whom q have too little: x q of such homes go to them, which is the share s that lives in
 * them when x = s / q. */
void foresee_lay_stretch(foresee_run *run)
{
    dear_homes all;
    for (size_t i = 0; i < run->n_regions; i++) {
        foresee_region *r = &run->regions[i];
        memset(&all, 0, sizeof all);
        for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
            count_dear(&all, run, at);
        }
        for (unsigned tenure = 0; tenure < WIJK_TENURES; tenure++) {
            for (unsigned price = 0; price < WIJK_PRICES; price++) {
                double few = 0, look = 0;
                for (unsigned k = 0; k < WIJK_INCOMES; k++) {
                    few += k < foresee_income_asked(tenure, price) ? all.look[k] : 0;
                    look += all.look[k];
                }
                double lives = all.all[tenure][price] > 0
                                   ? all.below[tenure][price] / all.all[tenure][price]
                                   : 0;
                double of_all = few > 0 ? lives * look / few : 1;
                r->stretch[tenure][price] =
                    threshold(of_all * run->parameters->value[WIJK_P_STRETCH]);
            }
        }
    }
}
