/* What `wijk help` says of one subcommand, beyond its line in the table. */
#ifndef WIJK_CLI_HELP_H
#define WIJK_CLI_HELP_H

#include "wijk/err.h"

/* What an option ("--seed") or argument ("PART…") of `wijk foresee COMMAND` means; NULL when there
 * is no such thing. Static. */
const char *help_foresee_option(const char *command, const char *option, wijk_lang lang);
/* The i-th example of it, a whole line to type; NULL past the last. */
const char *help_foresee_example(const char *command, int i);
/* The next thing of a usage line that may have a sentence, an option or its first argument, as text
 * of at most `room` bytes; *at moves behind it. 0 when there is none left. */
int help_next(char *out, unsigned long room, const char **at, const char *usage);

#endif
