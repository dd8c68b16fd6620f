/* wijk load: files and folders into the file, told file by file, then everything that follows from
 * them. */
#include "cli/cmd.h"

#include "wijk/load.h"
#include "wijk/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

typedef struct {
    char *path;
    int asked; /* named on the command line, so not to be passed over in silence */
} found;

typedef struct {
    found *list;
    size_t count, room;
} findings;

static int add_path(findings *to, const char *path, int asked)
{
    if (to->count == to->room) {
        size_t room = to->room ? to->room * 2 : 64;
        found *list = wijk_realloc(to->list, room * sizeof *list);
        if (!list) {
            return WIJK_ENOMEM;
        }
        to->list = list;
        to->room = room;
    }
    char *copy = wijk_strdup(path);
    if (!copy) {
        return WIJK_ENOMEM;
    }
    to->list[to->count++] = (found){copy, asked};
    return WIJK_OK;
}

static int is_data(const char *name)
{
    static const char *const ends[] = {".csv",     ".txt",  ".tsv", ".xlsx", ".json",
                                       ".geojson", ".gpkg", ".zst", ".gz",   ".zip"};
    size_t size = strlen(name);
    if (*name == '.' || (size > 8 && !strcasecmp(name + size - 8, ".map.csv"))) {
        return 0;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(ends[i]);
        if (size > length && !strcasecmp(name + size - length, ends[i])) {
            return 1;
        }
    }
    return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int walk(findings *to, const char *path, int depth)
{
    struct stat info;
    if (stat(path, &info) || !S_ISDIR(info.st_mode)) {
        return add_path(to, path, depth == 0);
    }
    if (depth > 16) {
        return WIJK_OK;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, by_name);
    int rc = WIJK_OK;
    for (int i = 0; i < count; i++) {
        char below[4096];
        const char *name = entries[i]->d_name;
        int size = snprintf(below, sizeof below, "%s/%s", path, name);
        if (!rc && *name != '.' && size < (int)sizeof below &&
            (!stat(below, &info) && (S_ISDIR(info.st_mode) || is_data(name)))) {
            rc = walk(to, below, depth + 1);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    return rc;
}

typedef struct {
    int64_t files, unchanged, unknown, failed, read, kept, cells, missing, secret;
} totals;

static void add_totals(totals *sum, const wijk_load_report *report)
{
    sum->files += report->load && !report->unchanged;
    sum->unchanged += report->unchanged;
    sum->read += report->rows_read;
    sum->kept += report->rows_kept;
    sum->cells += report->cells_kept;
    sum->missing += report->missing;
    sum->secret += report->secret;
}

static void tell(const wijk_load_report *report, wijk_lang lang)
{
    printf("%-52.52s %-26.26s %9lld %9lld %10lld %9lld %9lld\n", report->file, report->source,
           (long long)report->rows_read, (long long)report->rows_kept,
           (long long)report->cells_kept, (long long)report->missing, (long long)report->secret);
    for (size_t i = 0; i < report->note_count; i++) {
        const wijk_load_note *note = &report->notes[i];
        if (!strcmp(note->reason, "missing") || !strcmp(note->reason, "secret")) {
            continue;
        }
        wijk_str example = WIJK_STR_INIT;
        wijk_load_example_text(&example, lang, note->example);
        printf("    %lld × %s%s%s%s%s\n", (long long)note->count,
               wijk_load_reason_text(lang, note->reason), *note->what ? ": " : "", note->what,
               example.size ? "; " : "", wijk_str_text(&example));
        wijk_str_free(&example);
    }
}

int cmd_load(int argc, char **argv, wijk_lang lang)
{
    findings files = {0};
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    wijk_sources *sources = NULL;
    totals sum = {0};
    int rc = WIJK_OK;
    for (int i = 0; !rc && cmd_positional(argc, argv, i); i++) {
        rc = walk(&files, cmd_positional(argc, argv, i), 0);
    }
    rc = rc ? rc : wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_WRITE);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_sources_open(&sources);
    wijk_load_options options = {.sources = sources, .source = cmd_option(argc, argv, "source")};
    cmd_job job;
    cmd_job_begin(&job, 0);
    for (size_t i = 0; i < files.count && !rc; i++) {
        wijk_load_report report;
        int failed =
            wijk_load_file(&report, store, registry, files.list[i].path, &options, &job.ctx);
        if (failed) {
            printf("%s\n", wijk_error(lang));
        } else {
            tell(&report, lang);
        }
        add_totals(&sum, &report);
        wijk_load_report_free(&report);
    }
    rc = rc ? rc : wijk_derive(store, registry, &job.ctx);
    cmd_job_end(&job);
    printf("%lld %lld\n", (long long)sum.files, (long long)sum.cells);
    wijk_sources_free(sources);
    wijk_registry_free(registry);
    wijk_store_close(store);
    for (size_t i = 0; i < files.count; i++) {
        wijk_free(files.list[i].path);
    }
    wijk_free(files.list);
    return rc;
}
