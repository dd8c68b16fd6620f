/* wijk/manual.h: the part of the manual that is made from the registries: a page per indicator and
 * a list of sources, in Dutch and English, so that manual and program cannot say different things.
 */
#ifndef WIJK_MANUAL_H
#define WIJK_MANUAL_H

#include "wijk/areas.h"
#include "wijk/str.h"

/* One indicator as Markdown: definition, unit, direction, how it joins, source's own name,
 * disclosure and reliability rule, the owner's caution. */
void wijk_manual_indicator(wijk_str *out, const wijk_registry *registry,
                           const wijk_indicator *indicator, wijk_lang lang);
/* One of the pages that are made from the registries: "indicators" (all, by theme), "sources" (who,
 * licence, layout), "similar" (what counts in similar areas, and how), "rules" (small counts and
 * grey). WIJK_ENOTFOUND for another name. */
int wijk_manual_page(wijk_str *out, const wijk_registry *registry, const char *name,
                     wijk_lang lang);

/* Writes FOLDER/nl and FOLDER/en with all of the above and the hand-written pages that are inside
 * the binary. Existing files of the same name are replaced. Returns the number of pages, or
 * WIJK_EIO with the path that could not be written. */
int wijk_manual_write(const char *folder, const wijk_registry *registry);

#endif
