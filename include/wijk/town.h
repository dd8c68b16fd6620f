/* wijk/town.h: Merelwaard, a gemeente that does not exist, with twenty years of figures.
 *
 * So that everything works, can be shown and can be tested without anybody's data. Names, people
 * and figures are invented from the recipe in data/town; the figures are published the way CBS
 * publishes (rounded, suppressed) and go in through the same loader as real files, as sources of
 * nature 'fictional'. The map lies in the North Sea, where there is no land. */
#ifndef WIJK_TOWN_H
#define WIJK_TOWN_H

#include "wijk/ctx.h"

#define WIJK_TOWN_CODE "GM9901" /* no such gemeente: CBS has never given out codes above 2000 */

/* Makes the file `path` with the whole town in it; WIJK_EINVAL when the file exists already.
 * Nothing is left behind on failure. The same facts to the bit every time. About a second. */
int wijk_town_create(const char *path, wijk_ctx *ctx);

#endif
