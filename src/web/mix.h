/* web/mix.h: mix and segregation as the page, the figures and the files ask for it. */
#ifndef WIJK_WEB_MIX_H
#define WIJK_WEB_MIX_H

#include "web/page.h"

#include "wijk/mix.h"

/* What ?groep= and ?delen= ask of an area; `draws` as in wijk_mix_ask. */
int mix_read(web_call *call, wijk_mix *out, const wijk_area *area, int draws);
/* The drawing that `name` stands for: mix-kaart, mix-aandelen, mix-afstand, mix-verloop,
 * mix-verandering. */
int mix_draw(web_call *call, wijk_figure *out, const char *name, const wijk_mix *mix,
             const wijk_figure_style *style);

#endif
