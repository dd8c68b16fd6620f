/* wijk export: figures out of the file, with their bands, marks and sources, in four formats. */
#include "cli/cmd.h"

#include "wijk/export.h"
#include "wijk/file.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MAX_INDICATORS = 400, CHUNK = 64 << 10 };

typedef struct {
    wijk_store *store;
    wijk_registry *registry;
    wijk_selection selection;
    int ids[MAX_INDICATORS];
    cmd_job job;
    wijk_lang lang;
    const char *out; /* NULL: standard output */
} request;

static int indicators(request *it, const char *list)
{
    while (list && *list) {
        char code[80];
        size_t size = strcspn(list, ",");
        snprintf(code, sizeof code, "%.*s", (int)size, list);
        const wijk_indicator *found = wijk_indicator_by_code(it->registry, code);
        if (!found || it->selection.indicator_count == MAX_INDICATORS) {
            return wijk_fail(WIJK_ENOTFOUND,
                             "--indicator %s: die is er niet. `wijk info` noemt ze.",
                             "--indicator %s: there is none. `wijk info` names them.", code);
        }
        it->ids[it->selection.indicator_count++] = found->id;
        list += size + (list[size] == ',');
    }
    it->selection.indicators = it->ids;
    return WIJK_OK;
}

static int choose(request *it, int argc, char **argv)
{
    const char *level = cmd_option(argc, argv, "level"), *code = cmd_option(argc, argv, "area");
    it->selection = (wijk_selection)WIJK_SELECTION_ALL;
    int rc = cmd_year(&it->selection.period, argc, argv, "period", 210012 /* a month */);
    rc = rc ? rc : cmd_year(&it->selection.vintage, argc, argv, "vintage", 2100);
    rc = rc ? rc : indicators(it, cmd_option(argc, argv, "indicator"));
    if (!rc && level && (it->selection.level = wijk_level_parse(level)) < 0) {
        rc = wijk_fail(
            WIJK_EINVAL, "--level %s: kies land, gemeente, wijk, buurt, pc4, square, local of own.",
            "--level %s: choose land, gemeente, wijk, buurt, pc4, square, local or own.", level);
    }
    if (!rc && code) {
        wijk_arena *arena;
        wijk_area area;
        rc = wijk_arena_new(&arena, 0);
        rc = rc ? rc : wijk_area_find(&area, it->store, arena, code, it->selection.vintage);
        it->selection.area = rc ? 0 : area.id;
        wijk_arena_free(arena);
    }
    return rc;
}

/* Into `file`, or to the standard output when that is NULL. */
static int pump(wijk_export *export, wijk_file *file)
{
    char *buffer = wijk_alloc(CHUNK);
    ptrdiff_t size = buffer ? 1 : WIJK_ENOMEM;
    int rc = WIJK_OK;
    while (!rc && size > 0 && (size = wijk_export_read(export, buffer, CHUNK)) > 0) {
        if (file) {
            rc = wijk_file_add(file, buffer, (size_t)size);
        } else if (fwrite(buffer, 1, (size_t)size, stdout) != (size_t)size) {
            rc = wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", "stdout",
                           strerror(errno));
        }
    }
    wijk_free(buffer);
    return rc ? rc : (int)size;
}

static int to_file(const char *path, wijk_export *export)
{
    wijk_file *file;
    int rc = wijk_file_create(&file, path);
    rc = rc ? rc : pump(export, file);
    return wijk_file_finish(file, rc);
}

/* The metadata stands where CSVW readers look for it: the name of the table and a fixed tail. */
static int metadata(const request *it)
{
    wijk_str json = WIJK_STR_INIT, path = WIJK_STR_INIT;
    const char *slash = strrchr(it->out, '/');
    wijk_str_addf(&path, "%s-metadata.json", it->out);
    int rc = wijk_export_csvw(&json, it->store, it->registry, slash ? slash + 1 : it->out);
    rc = rc ? rc : wijk_str_status(&path);
    rc = rc ? rc : wijk_file_write(path.data, json.data, json.size);
    wijk_str_free(&json);
    wijk_str_free(&path);
    return rc;
}

static int stream(request *it, enum wijk_export_format format, int64_t *rows)
{
    wijk_export *export;
    int rc =
        wijk_export_open(&export, it->store, it->registry, format, &it->selection, &it->job.ctx);
    if (!rc) {
        rc = it->out ? to_file(it->out, export) : pump(export, NULL);
        *rows = wijk_export_rows(export);
        wijk_export_close(export);
    }
    if (!rc && format == WIJK_EXPORT_CSV && it->out) {
        rc = metadata(it);
    }
    return rc;
}

static int run(request *it, const char *format, int rd, int64_t *rows)
{
    if (!strcmp(format, "csv")) {
        return stream(it, WIJK_EXPORT_CSV, rows);
    }
    if (!strcmp(format, "geojson")) {
        return stream(it, rd ? WIJK_EXPORT_GEOJSON_RD : WIJK_EXPORT_GEOJSON, rows);
    }
    if (!strcmp(format, "gpkg")) {
        return it->out
                   ? wijk_export_gpkg(rows, it->out, 1, it->store, it->registry, &it->selection,
                                      &it->job.ctx)
                   : wijk_fail(WIJK_EINVAL, "Een GeoPackage heeft een naam nodig: --out NAAM.gpkg",
                               "A GeoPackage needs a name: --out NAME.gpkg");
    }
    return wijk_fail(WIJK_EINVAL, "--format %s: kies csv, geojson of gpkg.",
                     "--format %s: choose csv, geojson or gpkg.", format);
}

int cmd_export(int argc, char **argv, wijk_lang lang)
{
    request it = {.lang = lang, .out = cmd_option(argc, argv, "out")};
    const char *format = cmd_option(argc, argv, "format");
    const char *dot = it.out ? strrchr(it.out, '.') : NULL;
    format = format ? format : dot ? dot + 1 : "csv";
    int rc = wijk_store_open(&it.store, cmd_file(argc, argv), WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&it.registry, it.store);
    rc = rc ? rc : choose(&it, argc, argv);
    if (!rc) {
        int64_t rows = 0;
        cmd_job_begin(&it.job, cmd_flag(argc, argv, "quiet"));
        rc = wijk_begin_read(it.store);
        rc = rc ? rc : run(&it, format, cmd_flag(argc, argv, "rd"), &rows);
        wijk_end_read(it.store);
        cmd_job_end(&it.job);
        if (!rc && it.out) {
            wijk_str words = WIJK_STR_INIT;
            wijk_number(&words, lang, (double)rows, 0);
            printf(lang == WIJK_EN ? "%s: %s rows.\n" : "%s: %s rijen.\n", it.out,
                   wijk_str_text(&words));
            wijk_str_free(&words);
        }
    }
    wijk_registry_free(it.registry);
    wijk_store_close(it.store);
    return rc;
}
