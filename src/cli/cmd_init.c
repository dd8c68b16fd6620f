/* wijk init: an empty file with the newest schema and every indicator of the registry. */
#include "cli/cmd.h"

#include "wijk/store.h"

#include <stdio.h>

int cmd_init(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0);
    path = path ? path : cmd_file(argc, argv);
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_CREATE);
    if (rc) {
        return rc;
    }
    wijk_store_close(store);
    printf(lang == WIJK_EN ? "%s is ready. Fill it with `wijk load FILE…` (--file %s).\n"
                           : "%s staat klaar. Vul het met `wijk load BESTAND…` (--file %s).\n",
           path, path);
    return WIJK_OK;
}
