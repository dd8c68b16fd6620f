/* An ensemble as a sheet: the same for a run and for merged parts. */
#ifndef WIJK_CLI_FORESEE_SHEET_H
#define WIJK_CLI_FORESEE_SHEET_H

#include "wijk/ensemble.h"

/* Prints. `out`: where it was kept, or NULL. */
int foresee_sheet(int argc, char **argv, wijk_lang lang, const wijk_ensemble *ensemble,
                  const char *out);
/* WIJK_EINVAL when --table names none that it can have: before hours of work, not after. */
int foresee_sheet_check(int argc, char **argv);
/* What people call an outcome; its key where they have no word for it. Static. */
const char *foresee_outcome_word(wijk_lang lang, wijk_outcome outcome);

#endif
