/* wijk load: files and folders into the file, told file by file, then everything that follows from
 * them. A file that no layout knows is an error when it was named, and counted when it lay in a
 * folder. */
#include "cli/cmd.h"

#include "wijk/csv.h"
#include "wijk/load.h"
#include "wijk/measure.h"
#include "wijk/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MAX_FOLDERS = 16 };

typedef struct {
    char *path;
    int named; /* on the command line */
    int turn;  /* wijk_sources_turn */
    size_t order;
} found;

typedef struct {
    found *list;
    size_t count, room;
    const wijk_sources *sources;
} findings;

typedef struct {
    wijk_lang lang;
    wijk_str table;   /* a line per file, with its notes */
    wijk_str strange; /* names of files that no layout knows */
    int64_t files, unchanged, unknown, failed;
    int64_t read, kept, cells, missing, secret, columns;
    int rc; /* of the first file that was named and failed */
} summary;

/* ---- which files ------------------------------------------------------------------------- */

static int add_path(findings *to, const char *path, int named)
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
    to->list[to->count] = (found){copy, named, wijk_sources_turn(to->sources, path), to->count};
    to->count++;
    return WIJK_OK;
}

static int ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), length = strlen(end);
    return size > length && !strcasecmp(name + size - length, end);
}

static int is_data(const char *name)
{
    static const char *const ends[] = {".csv",     ".txt",  ".tsv", ".xlsx", ".json",
                                       ".geojson", ".gpkg", ".zst", ".gz",   ".zip"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends_with(name, ends[i])) {
            return *name != '.' && !ends_with(name, ".map.csv");
        }
    }
    return 0;
}

/* Folders are read as they lie; by_turn puts everything in order afterwards. */
static int walk(findings *to, const char *path, int depth)
{
    struct stat info;
    if (stat(path, &info) || !S_ISDIR(info.st_mode)) {
        return add_path(to, path, depth == 0);
    }
    DIR *folder = depth < MAX_FOLDERS ? opendir(path) : NULL;
    int rc = WIJK_OK;
    for (struct dirent *entry; folder && !rc && (entry = readdir(folder));) {
        char below[4096];
        const char *name = entry->d_name;
        int size = snprintf(below, sizeof below, "%s/%s", path, name);
        if (*name != '.' && size < (int)sizeof below && !stat(below, &info) &&
            (S_ISDIR(info.st_mode) || is_data(name))) {
            rc = walk(to, below, depth + 1);
        }
    }
    if (folder) {
        closedir(folder);
    }
    return rc;
}

/* Files that others rest on first, then as named or by name, so that the same folder always gives
 * the same file. */
static int by_turn(const void *a, const void *b)
{
    const found *x = a, *y = b;
    if (x->turn != y->turn) {
        return x->turn - y->turn;
    }
    if (x->named && y->named) {
        return (x->order > y->order) - (x->order < y->order);
    }
    return strcmp(x->path, y->path);
}

/* ---- what became of them ----------------------------------------------------------------- */

static void number(wijk_str *out, wijk_lang lang, int64_t value, int width)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number(&text, lang, (double)value, 0);
    wijk_str_addf(out, " %*s", width, wijk_str_text(&text));
    wijk_str_free(&text);
}

static void tell_counts(summary *sum, const wijk_load_report *report)
{
    wijk_str *out = &sum->table;
    wijk_str_addf(out, "%-48.48s", report->file);
    number(out, sum->lang, report->rows_read, 9);
    number(out, sum->lang, report->rows_kept, 9);
    number(out, sum->lang, report->cells_kept, 10);
    number(out, sum->lang, report->missing, 9);
    number(out, sum->lang, report->secret, 9);
    wijk_str_addf(out, "  %s", report->source);
    static const enum wijk_text_key keys[] = {T_LOAD_SHAPES, T_LOAD_FLOWS, T_LOAD_LINKS};
    const int64_t also[] = {report->shapes, report->flows, report->links};
    for (int i = 0; i < 3; i++) {
        if (also[i]) {
            wijk_str_add(out, ",");
            number(out, sum->lang, also[i], 0);
            wijk_str_addf(out, " %s", wijk_text(sum->lang, keys[i]));
        }
    }
    if (report->supersedes) {
        wijk_str_addf(out, ", %s", wijk_text(sum->lang, T_LOAD_SUPERSEDES));
    }
    wijk_str_addc(out, '\n');
}

/* Missing and withheld cells stand in the table; every other reason gets a line. */
static void tell_notes(summary *sum, const wijk_load_report *report)
{
    for (size_t i = 0; i < report->note_count; i++) {
        const wijk_load_note *note = &report->notes[i];
        int in_table = !strcmp(note->reason, "missing") || !strcmp(note->reason, "secret");
        sum->columns += !strcmp(note->reason, "unknown column");
        if (in_table) {
            continue;
        }
        wijk_str_add(&sum->table, "   ");
        number(&sum->table, sum->lang, note->count, 0);
        wijk_str_addf(&sum->table, " × %s", wijk_load_reason_text(sum->lang, note->reason));
        if (*note->what) {
            wijk_str_addf(&sum->table, ": %s", note->what);
        }
        if (*note->example) {
            wijk_str_add(&sum->table, " (");
            wijk_load_example_text(&sum->table, sum->lang, note->example);
            wijk_str_addc(&sum->table, ')');
        }
        wijk_str_addc(&sum->table, '\n');
    }
}

static void take_report(summary *sum, const found *file, const wijk_load_report *report, int rc)
{
    if (rc) {
        /* Known to no layout and only met in a folder: nobody asked for this file. */
        int strange = !*report->source && !file->named;
        if (strange && rc == WIJK_ENOTFOUND) {
            sum->unknown++;
            wijk_str_addf(&sum->strange, "%s%s", sum->strange.size ? ", " : "", report->file);
            return;
        }
        sum->failed++;
        sum->rc = sum->rc || strange ? sum->rc : rc;
        wijk_str_addf(&sum->table, "%-48.48s  %s: %s\n", report->file,
                      wijk_text(sum->lang, T_LOAD_REFUSED), wijk_error(sum->lang));
        return;
    }
    if (report->unchanged) {
        sum->unchanged++;
        wijk_str_addf(&sum->table, "%-48.48s  %s\n", report->file,
                      wijk_text(sum->lang, T_LOAD_UNCHANGED));
        return;
    }
    sum->files += report->load != 0;
    sum->read += report->rows_read;
    sum->kept += report->rows_kept;
    sum->cells += report->cells_kept;
    sum->missing += report->missing;
    sum->secret += report->secret;
    tell_counts(sum, report);
    tell_notes(sum, report);
}

static void print_header(wijk_lang lang)
{
    printf("%-48s %9s %9s %10s %9s %9s  %s\n", wijk_text(lang, T_LOAD_FILE),
           wijk_text(lang, T_LOAD_READ), wijk_text(lang, T_LOAD_KEPT),
           wijk_text(lang, T_LOAD_CELLS), wijk_text(lang, T_LOAD_MISSING),
           wijk_text(lang, T_LOAD_SECRET), wijk_text(lang, T_LOAD_SOURCE));
}

static void print_totals(summary *sum, double seconds)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_str_addf(&out, "%-48s", wijk_text(sum->lang, T_LOAD_TOTALS));
    const int64_t values[] = {sum->read, sum->kept, sum->cells, sum->missing, sum->secret};
    static const int widths[] = {9, 9, 10, 9, 9};
    for (int i = 0; i < 5; i++) {
        number(&out, sum->lang, values[i], widths[i]);
    }
    wijk_str_addc(&out, '\n');
    const struct {
        int64_t count;
        enum wijk_text_key key;
    } also[] = {{sum->files, T_LOAD_FILES},
                {sum->unchanged, T_LOAD_UNCHANGED},
                {sum->failed, T_LOAD_REFUSED},
                {sum->columns, T_LOAD_UNKNOWN_COLUMNS},
                {sum->unknown, T_LOAD_NOT_RECOGNISED}};
    for (int i = 0; i < 5; i++) {
        if (also[i].count || i == 0) {
            number(&out, sum->lang, also[i].count, 0);
            wijk_str_addf(&out, " %s%s", wijk_text(sum->lang, also[i].key),
                          also[i].key == T_LOAD_NOT_RECOGNISED ? ": " : "\n");
        }
    }
    if (sum->unknown) {
        wijk_str_addf(&out, "%s\n", wijk_str_text(&sum->strange));
    }
    wijk_str spent = WIJK_STR_INIT;
    wijk_number(&spent, sum->lang, seconds, 1);
    if (sum->files) {
        wijk_str_addf(&out, "%s %s s\n", wijk_text(sum->lang, T_LOAD_DONE), wijk_str_text(&spent));
    } else {
        wijk_str_addf(&out, "%s\n", wijk_text(sum->lang, T_LOAD_NOTHING));
    }
    fputs(wijk_str_text(&out), stdout);
    wijk_str_free(&spent);
    wijk_str_free(&out);
}

/* ---- the work ------------------------------------------------------------------------------ */

static int load_all(summary *sum, const findings *files, wijk_store *store,
                    const wijk_registry *registry, const wijk_load_options *options, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < files->count && !rc; i++) {
        const char *slash = strrchr(files->list[i].path, '/');
        wijk_progress(ctx, slash ? slash + 1 : files->list[i].path,
                      (double)i / (double)files->count);
        wijk_load_report report;
        int failed = wijk_load_file(&report, store, registry, files->list[i].path, options, ctx);
        take_report(sum, &files->list[i], &report, failed);
        wijk_load_report_free(&report);
        /* Only these are about the program or the disk and not about the one file. */
        if (failed == WIJK_ECANCEL || failed == WIJK_EIO || failed == WIJK_ENOMEM ||
            failed == WIJK_EBUSY) {
            rc = failed;
        }
    }
    return rc;
}

/* One line from standard input, be it a person or a file with answers; its end answers nothing. */
static int ask(void *payload, const char *text, char *answer, size_t room)
{
    (void)payload;
    fputs(text, stdout);
    if (!answer) {
        putchar('\n');
        return WIJK_OK;
    }
    fflush(stdout);
    if (!fgets(answer, (int)room, stdin)) {
        return wijk_fail(WIJK_ECANCEL, "De antwoorden houden op; er is niets geschreven.",
                         "The answers end; nothing was written.");
    }
    return WIJK_OK;
}

static int describe(const findings *files, const wijk_registry *registry, wijk_lang lang)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < files->count && !rc; i++) {
        char map[4096];
        if (files->list[i].named) {
            rc =
                wijk_load_describe(map, sizeof map, registry, files->list[i].path, lang, ask, NULL);
            if (!rc) {
                printf("\n%s %s\n\n", wijk_text(lang, T_LOAD_ASK_WRITTEN), map);
            }
        }
    }
    return rc;
}

static int run(summary *sum, findings *files, int argc, char **argv)
{
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    int year;
    int rc = cmd_year(&year, argc, argv, "year", 2100);
    if (rc) {
        return rc;
    }
    double began = wijk_now();
    wijk_load_options options = {
        .sources = files->sources, .source = cmd_option(argc, argv, "source"), .period = year};
    if (files->count) { /* qsort may not be given NULL, even for nothing */
        qsort(files->list, files->count, sizeof *files->list, by_turn);
    }
    rc = wijk_store_open(&store, cmd_file(argc, argv), WIJK_STORE_WRITE);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    if (!rc && cmd_flag(argc, argv, "map")) {
        rc = describe(files, registry, sum->lang);
    }
    if (!rc) {
        cmd_job job;
        cmd_job_begin(&job, cmd_flag(argc, argv, "quiet"));
        rc = load_all(sum, files, store, registry, &options, &job.ctx);
        rc = rc ? rc : wijk_derive_when_due(store, wijk_text(sum->lang, T_LOAD_DERIVING), &job.ctx);
        rc = rc ? rc : wijk_measure_when_due(store, &job.ctx);
        cmd_job_end(&job);
    }
    wijk_registry_free(registry);
    wijk_store_close(store);
    if (sum->table.size) {
        print_header(sum->lang);
        fputs(wijk_str_text(&sum->table), stdout);
    }
    if (!rc) {
        print_totals(sum, wijk_now() - began);
    }
    return rc;
}

int cmd_load(int argc, char **argv, wijk_lang lang)
{
    wijk_sources *sources = NULL;
    summary sum = {.lang = lang};
    int rc = wijk_sources_open(&sources);
    findings files = {.sources = sources};
    for (int i = 0; !rc && cmd_positional(argc, argv, i); i++) {
        rc = walk(&files, cmd_positional(argc, argv, i), 0);
    }
    if (!rc && !files.count) {
        rc = wijk_fail(WIJK_EINVAL, "%s", "%s", wijk_text(lang, T_LOAD_USAGE));
    }
    rc = rc ? rc : run(&sum, &files, argc, argv);
    /* Told already, file by file; the exit code still says that something was refused. */
    if (!rc && sum.rc) {
        rc = wijk_fail(sum.rc, "%s", "%s", wijk_text(lang, T_LOAD_REFUSED));
    }
    wijk_sources_free(sources);
    wijk_str_free(&sum.table);
    wijk_str_free(&sum.strange);
    for (size_t i = 0; i < files.count; i++) {
        wijk_free(files.list[i].path);
    }
    wijk_free(files.list);
    return rc;
}
