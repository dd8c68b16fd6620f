/* load/notes.h: what was skipped, withheld or unknown in one load, counted by reason, with the
 * first place it was met. */
#ifndef WIJK_LOAD_NOTES_H
#define WIJK_LOAD_NOTES_H

#include "wijk/load.h"
#include "wijk/map.h"

#include <stddef.h>

typedef struct {
    wijk_arena *arena; /* borrowed: the report's */
    wijk_map *index;
    wijk_load_note *list;
    size_t count, room;
    int status; /* sticky failure, asked for once at the end */
} wijk_notes;

int wijk_notes_new(wijk_notes *notes, wijk_arena *arena);
void wijk_notes_free(wijk_notes *notes);
/* The slot of a reason and what it concerns; made when new. `reason` must be static. */
size_t wijk_notes_slot(wijk_notes *notes, const char *reason, const char *what);
/* Counts one more. The first time, remembers the row (0: none), the column (NULL: none) and the
 * text (NULL: none). */
void wijk_notes_hit(wijk_notes *notes, size_t slot, size_t row, const char *column,
                    const char *text);
/* Both at once. */
void wijk_notes_add(wijk_notes *notes, const char *reason, const char *what, size_t row,
                    const char *column, const char *text);

#endif
