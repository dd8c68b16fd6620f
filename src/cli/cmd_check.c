/* wijk check: integrity, foreign keys and the invariants of db/checks.sql. Opening for writing
 * brings an older schema up to date on the way; what is derived from the facts then follows. */
#include "cli/cmd.h"

#include "wijk/areas.h"
#include "wijk/load.h"
#include "wijk/measure.h"
#include "wijk/store.h"
#include "wijk/text.h"

#include <stdio.h>

static void tell(void *payload, const char *line)
{
    (void)payload;
    printf("  ! %s\n", line);
}

/* For writing where that is possible, because that updates the schema; else for reading. */
static int open_either(wijk_store **store, const char *path, wijk_lang lang)
{
    int rc = wijk_store_open(store, path, WIJK_STORE_WRITE);
    if (rc == WIJK_EBUSY) {
        rc = wijk_store_open(store, path, WIJK_STORE_READ);
        if (!rc) {
            puts(wijk_text(lang, T_CHECK_READING));
        } else { /* reading would say: bring it up to date with this very command */
            rc = wijk_fail(WIJK_EBUSY,
                           "%s kan nu niet worden bijgewerkt: een ander programma heeft het open "
                           "(wijk serve?). Sluit dat en probeer het opnieuw.",
                           "%s cannot be brought up to date now: another program has it open "
                           "(wijk serve?). Close that and try again.",
                           path);
        }
    }
    return rc;
}

int cmd_check(int argc, char **argv, wijk_lang lang)
{
    wijk_store *store;
    const char *path = cmd_file(argc, argv);
    int rc = open_either(&store, path, lang);
    if (rc) {
        return rc;
    }
    cmd_job job;
    cmd_job_begin(&job, 1);
    int findings = wijk_store_check(store, tell, NULL, &job.ctx);
    if (!findings) {
        findings = wijk_derive_when_due(store, wijk_text(lang, T_LOAD_DERIVING), &job.ctx);
        findings = findings ? findings : wijk_measure_when_due(store, &job.ctx);
    }
    cmd_job_end(&job);
    wijk_store_close(store);
    if (findings > 0) {
        return wijk_fail(
            WIJK_EFORMAT,
            "%s: %d bevindingen. Zet een kopie terug (wijk backup), of laad de bronnen "
            "opnieuw in een nieuw bestand.",
            "%s: %d findings. Restore a copy (wijk backup), or load the sources again "
            "into a new file.",
            path, findings);
    }
    if (!findings) {
        printf(lang == WIJK_EN ? "%s is whole: pages, references and our own rules.\n"
                               : "%s is heel: bladzijden, verwijzingen en onze eigen regels.\n",
               path);
    }
    return findings;
}
