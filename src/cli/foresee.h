/* The subcommands of `wijk foresee`: one row in cmd_foresee.c and one file foresee_NAME.c each. */
#ifndef WIJK_CLI_FORESEE_H
#define WIJK_CLI_FORESEE_H

#include "cli/cmd.h"

extern const wijk_command wijk_foresees[]; /* ends with a NULL name */

int foresee_levers(int argc, char **argv, wijk_lang lang);
int foresee_scenario(int argc, char **argv, wijk_lang lang);
int foresee_parameters(int argc, char **argv, wijk_lang lang);
int foresee_rules(int argc, char **argv, wijk_lang lang);
int foresee_run(int argc, char **argv, wijk_lang lang);
int foresee_backtest(int argc, char **argv, wijk_lang lang);
int foresee_breakeven(int argc, char **argv, wijk_lang lang);
int foresee_merge(int argc, char **argv, wijk_lang lang);
int foresee_sensitivity(int argc, char **argv, wijk_lang lang);
int foresee_calibrate(int argc, char **argv, wijk_lang lang);
int foresee_facts(int argc, char **argv, wijk_lang lang);
int foresee_population(int argc, char **argv, wijk_lang lang);

#endif
