/* What the files of the evaluate room share. */
#ifndef WIJK_EVALUATE_INTERNAL_H
#define WIJK_EVALUATE_INTERNAL_H

#include "wijk/panel.h"

/* Checks the panel and finds the one start of all treated units; WIJK_EINVAL when they differ. */
int evaluate_single_start(int *out, const wijk_panel *panel);

#endif
