/* wijk backup: a verified copy of the whole file, made while it stays in use. */
#include "cli/cmd.h"

#include "wijk/store.h"

#include <stdio.h>
#include <sys/stat.h>

int cmd_backup(int argc, char **argv, wijk_lang lang)
{
    const char *target = cmd_positional(argc, argv, 0);
    if (!target) {
        return wijk_fail(WIJK_EINVAL, "Waarheen? Gebruik: wijk backup DOEL.wijk",
                         "Where to? Use: wijk backup TARGET.wijk");
    }
    wijk_store *store;
    int rc = wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_READ);
    if (rc) {
        return rc;
    }
    cmd_job job;
    cmd_job_begin(&job, cmd_flag(argc, argv, "quiet"));
    rc = wijk_store_backup(store, target, &job.ctx);
    cmd_job_end(&job);
    struct stat info;
    if (!rc && !stat(target, &info)) {
        printf(lang == WIJK_EN
                   ? "%s (%.1f MB, verified) is a copy of %s. To restore: stop wijk and "
                     "copy it over the original.\n"
                   : "%s (%.1f MB, nagekeken) is een kopie van %s. Terugzetten: stop "
                     "wijk en kopieer het over het origineel.\n",
               target, (double)info.st_size / 1e6, wijk_store_path(store));
    }
    wijk_store_close(store);
    return rc;
}
