/* What the files that make wijk_mix share. */
#ifndef WIJK_FIGURE_MIX_H
#define WIJK_FIGURE_MIX_H

#include "wijk/mix.h"

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    wijk_arena *arena;
    wijk_mix *out;
} mix_work;

/* Title, sentence, notes and source of what was measured. mix_words.c */
int mix_words(mix_work *w);
/* "de indeling Bezit van woningen" as a title begins: first letter large. */
const char *mix_capital(wijk_arena *arena, const char *text);

#endif
