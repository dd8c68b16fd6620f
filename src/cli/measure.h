/* What the subcommands of `wijk measure` share: reading anybody's CSV, lists of numbers. A new
 * measure is one file measure_NAME.c and one row in cmd_measure.c. */
#ifndef WIJK_CLI_MEASURE_H
#define WIJK_CLI_MEASURE_H

#include "cli/cmd.h"

#include "wijk/plain.h"

/* Reads the CSV that positional argument `nth` (0-based) names, with --unit --group --count
 * --groups --total --within --x --y --surface --neighbours. WIJK_EINVAL with an example when no
 * file is named. Free with wijk_plain_free, also after a failure. */
int measure_read(wijk_plain *out, int argc, char **argv, int nth);

/* "500,1000,2000" as at most `room` numbers; `option` is whose value it is, for the message. */
int measure_numbers(double *out, size_t *n, size_t room, const char *option, const char *text);

extern const wijk_command wijk_measures[]; /* the rows of `wijk measure`; ends with a NULL name */

int measure_chance(int argc, char **argv, wijk_lang lang);
int measure_change(int argc, char **argv, wijk_lang lang);
int measure_backtest(int argc, char **argv, wijk_lang lang);
int measure_outlook(int argc, char **argv, wijk_lang lang);
int measure_index(int argc, char **argv, wijk_lang lang);
int measure_local(int argc, char **argv, wijk_lang lang);
int measure_nearest(int argc, char **argv, wijk_lang lang);
int measure_ordered(int argc, char **argv, wijk_lang lang);
int measure_proximity(int argc, char **argv, wijk_lang lang);
int measure_rounded(int argc, char **argv, wijk_lang lang);
int measure_scale(int argc, char **argv, wijk_lang lang);
int measure_area(int argc, char **argv, wijk_lang lang);
int measure_capacity(int argc, char **argv, wijk_lang lang);

#endif
