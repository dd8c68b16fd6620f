/* Break-even effects from inside: the share at which effects are set, and the sums per replicate.
 */
#ifndef WIJK_FORESEE_BREAKEVEN_H
#define WIJK_FORESEE_BREAKEVEN_H

#include "wijk/breakeven.h"
#include "wijk/parameters.h"

/* Sets every effect through which levers work to a share of the way from none to its strong end. */
void breakeven_set(wijk_parameters *p, const double *low, const double *high, double share);
/* 1 when levers work through this effect; *none is its value without effect, *strong_low 1 when
 * less is stronger. */
int breakeven_effect(wijk_parameter parameter, double *none, int *strong_low);
/* The smallest share at which three nets, at 0, 1/2 and 1, are not below nought, on the straight
 * lines between them; NAN when there is none. */
double breakeven_share(const double net[WIJK_BREAKEVEN_SHARES]);

/* Net present value of every purse in every replicate, [purse][replicate]; purse 0 is society, the
 * others are those of the price table in its order. */
int ensemble_nets(double **out, const wijk_ensemble *e, const wijk_prices *prices);

/* The effect that says most about a lever, its value at a share and at its strong end. */
void breakeven_name_effect(wijk_breakeven_row *row, const wijk_dictionary *dictionary);

/* The whole reckoning on a population; `options` complete as for wijk_ensemble_run. */
int breakeven_run(wijk_breakeven **out, const wijk_population *population,
                  const wijk_scenario *scenario, const wijk_ensemble_options *options,
                  const wijk_prices *prices, const wijk_breakeven_work *work, wijk_ctx *ctx);

#endif
