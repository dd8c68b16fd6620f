/* The file and the area that a command is about: opened together, closed together. */
#ifndef WIJK_CLI_PLACE_H
#define WIJK_CLI_PLACE_H

#include "cli/cmd.h"

#include "wijk/areas.h"

typedef struct {
    wijk_store *store; /* reading, inside one read transaction */
    wijk_registry *registry;
    wijk_arena *arena;
    int64_t area;
} cmd_place;

/* The area that the positional arguments from `nth` on name together (a name of several words need
 * not be quoted), in the file of --file. Only a code, a postcode or a whole name will do: what
 * merely resembles one is WIJK_ENOTFOUND and says what it resembles. Says on the error stream which
 * other areas have the same name. Close it also after a failure. */
int cmd_place_open(cmd_place *out, int argc, char **argv, int nth, wijk_lang lang);
/* The same by one name; an open place is kept and only its area changes. */
int cmd_place_find(cmd_place *place, int argc, char **argv, const char *name, wijk_lang lang);
void cmd_place_close(cmd_place *place);

#endif
