/* Incomes, at the start of a run: what keeps a region's mix as it is. Process 1, life: what
 * households of one and of two adults of every age have at the start they keep: they rise with the
 * chance of the dictionary and fall so often that the mix of each such class comes out as it was,
 * given that each year some enter the age with the mix of the age before. Who pairs or parts goes
 * over to the mix of the others, year by year: one adult earns less than two. Process 6,
 * allocation: how often a home goes to who has less than it asks, as often as who lives there has.
 */
#include "foresee/run.h"

#include <string.h>

enum {
    PRIOR = 200, /* households of the mix of all regions that steady the mix of a small one */
    OLD_BAND = 4 /* from 65 on nobody rises by the chance of the dictionary */
};

typedef double mixes[WIJK_AGE_BANDS][INCOME_ADULTS][WIJK_INCOMES];

/* Years that a household stays in a band. The last: what is left at eighty. */
static const double years[WIJK_AGE_BANDS] = {7, 10, 15, 15, 15, 9};

/* Counts of a region, from its copy in the world outside. */
static void count(mixes out, const foresee_run *run, size_t region)
{
    const int64_t *outside = run->outside + region * (size_t)FORESEE_OUTSIDE;
    for (int i = 0; i < FORESEE_OUTSIDE; i++) {
        unsigned composition = composition_of((uint8_t)(i / WIJK_INCOMES % KINDS));
        int two = composition < WIJK_COMPOSITIONS && adults_of(composition) == 2;
        out[i / (KINDS * WIJK_INCOMES)][two][i % WIJK_INCOMES] += (double)outside[i];
    }
}

static double sum_of(const double of[WIJK_INCOMES])
{
    double sum = 0;
    for (int k = 0; k < WIJK_INCOMES; k++) {
        sum += of[k];
    }
    return sum;
}

/* Shares of a region, leaning on those of all regions where it has few households. */
static void share(mixes out, const foresee_run *run, size_t region, const mixes all)
{
    count(out, run, region);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        for (int adults = 0; adults < INCOME_ADULTS; adults++) {
            double *mix = out[band][adults], of_all = sum_of(all[band][adults]);
            for (int k = 0; k < WIJK_INCOMES; k++) {
                mix[k] += PRIOR * (of_all > 0 ? all[band][adults][k] / of_all : 1.0 / WIJK_INCOMES);
            }
            double sum = sum_of(mix);
            for (int k = 0; k < WIJK_INCOMES; k++) {
                mix[k] /= sum;
            }
        }
    }
}

/* Between one class and the next: who must cross a year, net and upward, so that the band keeps its
 * mix although it is renewed from the band before. */
static void balance(uint32_t up_of[WIJK_INCOMES], uint32_t down_of[WIJK_INCOMES], double up, int k,
                    double net, const double mix[WIJK_INCOMES], const wijk_parameters *p)
{
    double falls = up * mix[k] - net;
    if (falls < 0) { /* more must rise than do; where nobody does, nobody can */
        up = up > 0 ? net / mix[k] : 0;
        falls = 0;
    }
    double down = mix[k + 1] > 0 ? falls / mix[k + 1] * p->value[WIJK_P_INCOME_DOWN] : 0;
    up_of[k] = threshold(up);
    down_of[k + 1] = threshold(down);
}

static void lay_class(foresee_run *run, foresee_region *r, const mixes mix, int band, int adults)
{
    const double *now = mix[band][adults], *before = mix[band > 0 ? band - 1 : 0][adults];
    uint32_t *up = r->up[band][adults], *down = r->down[band][adults];
    double rises = band < OLD_BAND ? run->parameters->value[WIJK_P_INCOME_UP] : 0;
    double enter = 0, stay = 0;
    for (int k = 0; k + 1 < WIJK_INCOMES; k++) {
        enter += before[k];
        stay += now[k];
        balance(up, down, rises, k, (enter - stay) / years[band], now, run->parameters);
    }
    for (int k = 0; k < WIJK_INCOMES; k++) {
        uint32_t moves = plus(up[k], down[k]);
        uint32_t *bound = &run->tables->income_bound;
        *bound = moves > *bound ? moves : *bound;
    }
}

static void lay_region(foresee_run *run, size_t region, const mixes all)
{
    mixes mix = {{{0}}};
    foresee_region *r = &run->regions[region];
    share(mix, run, region, all);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        for (int adults = 0; adults < INCOME_ADULTS; adults++) {
            lay_class(run, r, mix, band, adults);
        }
    }
    double below = 0; /* who leaves its parents does so alone */
    for (int k = 0; k + 1 < WIJK_INCOMES; k++) {
        below += mix[0][0][k];
        r->starter[k] = threshold(below);
    }
}

void foresee_lay_incomes(foresee_run *run)
{
    mixes all = {{{0}}};
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
