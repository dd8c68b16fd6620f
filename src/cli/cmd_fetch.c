/* wijk fetch: open data from the publisher, by the code of a source or by a full address. */
#include "cli/cmd.h"

#include "wijk/fetch.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

static int list(const wijk_table *sources, wijk_lang lang)
{
    for (size_t row = 0; row < wijk_table_rows(sources); row++) {
        const char *address = wijk_table_get(sources, row, "download");
        if (*address) {
            printf("%-28s %s\n%-28s %s · %s\n", wijk_table_get(sources, row, "code"), address, "",
                   wijk_table_get(sources, row, "publisher"),
                   wijk_table_get(sources, row, lang == WIJK_EN ? "title_en" : "title_nl"));
        }
    }
    return WIJK_OK;
}

/* A file by the code of its source is kept under that code, by which `wijk load` knows it again;
 * what publishers call it ("TypedDataSet") says nothing. */
static int address_of(wijk_fetch_options *options, char *name, size_t room,
                      const wijk_table *sources, const char *what)
{
    if (strstr(what, "://")) {
        options->url = what;
        return WIJK_OK;
    }
    long row = wijk_table_find(sources, "code", what);
    if (row < 0) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Er is geen bron %s. `wijk fetch --list` noemt ze; een heel adres "
                         "(https://…) mag ook.",
                         "There is no source %s. `wijk fetch --list` names them; a whole address "
                         "(https://…) will do too.",
                         what);
    }
    options->url = wijk_table_get(sources, (size_t)row, "download");
    if (!*options->url) {
        const char *page = wijk_table_get(sources, (size_t)row, "address");
        return wijk_fail(WIJK_ENOTFOUND,
                         "Van %s kennen wij het adres van het bestand niet. Haal het zelf bij de "
                         "uitgever %s en gebruik `wijk load`.",
                         "We do not know the address of the file of %s. Fetch it yourself from "
                         "the publisher %s and use `wijk load`.",
                         what, *page ? page : wijk_table_get(sources, (size_t)row, "publisher"));
    }
    if (!options->name) {
        snprintf(name, room, "%s.%s", what, wijk_table_get(sources, (size_t)row, "format"));
        options->name = name;
    }
    return WIJK_OK;
}

static void tell(const wijk_fetched *got, wijk_lang lang)
{
    int en = lang == WIJK_EN;
    if (got->unchanged) {
        puts(wijk_text(lang, T_FETCH_UNCHANGED));
    } else if (got->before[0] && strcmp(got->before, got->sha256) != 0) {
        printf(en ? "The publisher's file changed: its checksum was %.16s….\n"
                  : "Het bestand van de uitgever is veranderd: de controlesom was %.16s….\n",
               got->before);
    }
    if (got->resumed) {
        puts(wijk_text(lang, T_FETCH_RESUMED));
    }
    printf("%s\n  %.1f MB · sha256 %s\n  wijk load '%s'\n", got->path, (double)got->bytes / 1e6,
           got->sha256, got->path);
}

int cmd_fetch(int argc, char **argv, wijk_lang lang)
{
    const char *what = cmd_positional(argc, argv, 0);
    char name[128];
    wijk_table *sources;
    int rc = wijk_table_asset(&sources, "data/sources.csv");
    if (rc) {
        return rc;
    }
    wijk_fetch_options options = {.folder = cmd_option(argc, argv, "to"),
                                  .name = cmd_option(argc, argv, "name"),
                                  .sha256 = cmd_option(argc, argv, "sha256")};
    if (cmd_flag(argc, argv, "list")) {
        rc = list(sources, lang);
    } else if (!what) {
        rc = wijk_fail(WIJK_EINVAL, "Wat ophalen? Gebruik: wijk fetch BRON, of wijk fetch --list",
                       "Fetch what? Use: wijk fetch SOURCE, or wijk fetch --list");
    } else {
        rc = address_of(&options, name, sizeof name, sources, what);
        if (!rc) {
            wijk_fetched got;
            cmd_job job;
            cmd_job_begin(&job, cmd_flag(argc, argv, "quiet"));
            rc = wijk_fetch(&got, &options, &job.ctx);
            cmd_job_end(&job);
            if (!rc) {
                tell(&got, lang);
            }
        }
    }
    wijk_table_free(sources);
    return rc;
}
