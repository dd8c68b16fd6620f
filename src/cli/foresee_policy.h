/* The policy that a subcommand of `wijk foresee` is asked about. */
#ifndef WIJK_CLI_FORESEE_POLICY_H
#define WIJK_CLI_FORESEE_POLICY_H

#include "cli/place.h"

#include "wijk/forecast.h"

typedef struct {
    wijk_arena *arena;
    wijk_scenario_file *file; /* to look at; to run it once foresee_policy_check said yes */
    wijk_mistakes found;
    const char *name; /* as it was typed */
} foresee_policy;

/* A shipped scenario or a file of that name. WIJK_ENOTFOUND names the shipped ones. What is wrong
 * with its text is told by foresee_policy_check. Close it, also after a failure. */
int foresee_policy_open(foresee_policy *out, const char *name);
/* The one of --scenario. */
int foresee_policy_asked(foresee_policy *out, int argc, char **argv);
/* All that is wrong with it at once, for this place or (NULL) whatever the place. */
int foresee_policy_check(foresee_policy *policy, const cmd_place *place);
void foresee_policy_close(foresee_policy *policy);

#endif
