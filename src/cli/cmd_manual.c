/* wijk manual: the hand-written pages and those made from the registries, as Markdown files. */
#include "cli/cmd.h"

#include "wijk/manual.h"

#include <stdio.h>

int cmd_manual(int argc, char **argv, wijk_lang lang)
{
    const char *folder = cmd_positional(argc, argv, 0);
    if (!folder) {
        return wijk_fail(WIJK_EINVAL, "Noem een map: wijk manual handleiding",
                         "Name a folder: wijk manual handbook");
    }
    wijk_registry *registry;
    int rc = wijk_registry_open(&registry, NULL);
    if (rc) {
        return rc;
    }
    int pages = wijk_manual_write(folder, registry);
    wijk_registry_free(registry);
    if (pages < 0) {
        return pages;
    }
    printf(lang == WIJK_EN ? "%d pages written to %s\n" : "%d bladzijden geschreven in %s\n", pages,
           folder);
    return WIJK_OK;
}
