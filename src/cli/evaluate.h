/* What `wijk evaluate` and `wijk plan judge` print alike. */
#ifndef WIJK_CLI_EVALUATE_H
#define WIJK_CLI_EVALUATE_H

#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/verdict.h"

/* The verdict in words above, its numbers in the tables "verdict" and "beside", notes below. */
void evaluate_verdict(cmd_sheet *sheet, wijk_arena *arena, wijk_lang lang,
                      const wijk_verdict *verdict, const wijk_design *design, int decimals);

#endif
