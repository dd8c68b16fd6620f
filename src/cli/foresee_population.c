/* wijk foresee population: how well the start population fits what is published, and which figures
 * are the area's own and which are borrowed. Totals only: no household is ever printed. */
#include "cli/foresee.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "figure/words.h"
#include "wijk/fan.h"
#include "wijk/mem.h"
#include "wijk/start.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 5, VINTAGES = 32 };

static void add_fit(cmd_sheet *sheet, const wijk_start *start, wijk_lang lang)
{
    cmd_sheet_table(sheet, "fit", wijk_text(lang, T_POPULATION_FIT));
    cmd_sheet_column(sheet, "margin", wijk_text(lang, T_POPULATION_MARGIN), -1);
    cmd_sheet_column(sheet, "areas", wijk_text(lang, T_POPULATION_AREAS), 0);
    cmd_sheet_column(sheet, "published", wijk_text(lang, T_POPULATION_PUBLISHED), 0);
    cmd_sheet_column(sheet, "synthetic", wijk_text(lang, T_POPULATION_MADE), 0);
    cmd_sheet_column(sheet, "within_percent", wijk_text(lang, T_POPULATION_RIGHT), 1);
    cmd_sheet_column(sheet, "worst", wijk_text(lang, T_POPULATION_WORST), 1);
    cmd_sheet_column(sheet, "worst_area", wijk_text(lang, T_POPULATION_WHERE), -1);
    cmd_sheet_column(sheet, "worst_z", wijk_text(lang, T_POPULATION_Z), 2);
    cmd_sheet_column(sheet, "worst_z_area", wijk_text(lang, T_POPULATION_WHERE), -1);
    for (int m = 0; m < WIJK_MARGINS; m++) {
        const wijk_start_margin *sum = wijk_start_margin_of(start, (wijk_margin)m);
        if (sum->native == 0) {
            continue;
        }
        const wijk_start_area *worst = wijk_start_area_at(start, sum->worst_area);
        const wijk_start_area *worst_z = wijk_start_area_at(start, sum->worst_z_area);
        cmd_sheet_text(sheet, wijk_margin_say(lang, (wijk_margin)m));
        cmd_sheet_number(sheet, sum->native);
        cmd_sheet_number(sheet, sum->published);
        cmd_sheet_number(sheet, sum->synthetic);
        cmd_sheet_number(sheet, 100.0 * sum->within / sum->native);
        cmd_sheet_number(sheet, sum->worst);
        cmd_sheet_text(sheet, sum->worst > 0 ? worst->code : "");
        cmd_sheet_number(sheet, sum->worst_z);
        cmd_sheet_text(sheet, sum->worst_z > 0 ? worst_z->code : "");
    }
}

/* What was borrowed, and how much of it is left where it clashes with an area's own figures. */
static void add_borrowed(cmd_sheet *sheet, const wijk_start *start, wijk_lang lang)
{
    cmd_sheet_table(sheet, "borrowed", wijk_text(lang, T_POPULATION_LENT));
    cmd_sheet_column(sheet, "margin", wijk_text(lang, T_POPULATION_MARGIN), -1);
    cmd_sheet_column(sheet, "areas", wijk_text(lang, T_POPULATION_AREAS), 0);
    cmd_sheet_column(sheet, "target", wijk_text(lang, T_POPULATION_TARGET), 0);
    cmd_sheet_column(sheet, "synthetic", wijk_text(lang, T_POPULATION_MADE), 0);
    cmd_sheet_column(sheet, "difference", wijk_text(lang, T_POPULATION_DIFFERENCE), 0);
    cmd_sheet_column(sheet, "apart_percent_points", wijk_text(lang, T_POPULATION_APART), 1);
    for (int m = 0; m < WIJK_MARGINS; m++) {
        const wijk_start_margin *sum = wijk_start_margin_of(start, (wijk_margin)m);
        if (sum->borrowed == 0) {
            continue;
        }
        cmd_sheet_text(sheet, wijk_margin_say(lang, (wijk_margin)m));
        cmd_sheet_number(sheet, sum->borrowed);
        cmd_sheet_number(sheet, sum->target);
        cmd_sheet_number(sheet, sum->made);
        cmd_sheet_number(sheet, sum->made - sum->target);
        cmd_sheet_number(sheet, 100 * sum->apart);
    }
}

static void origin_columns(cmd_sheet *sheet, wijk_lang lang)
{
    cmd_sheet_column(sheet, "margin", wijk_text(lang, T_POPULATION_MARGIN), -1);
    for (int f = 0; f < WIJK_FROMS; f++) {
        cmd_sheet_column(sheet, wijk_from_key((wijk_from)f), wijk_from_say(lang, (wijk_from)f), 0);
    }
}

static void origin_cells(cmd_sheet *sheet, const wijk_start *start, int m, wijk_lang lang)
{
    const wijk_start_margin *sum = wijk_start_margin_of(start, (wijk_margin)m);
    cmd_sheet_text(sheet, wijk_margin_say(lang, (wijk_margin)m));
    for (int f = 0; f < WIJK_FROMS; f++) {
        cmd_sheet_number(sheet, sum->from[f]);
    }
}

static void add_origins(cmd_sheet *sheet, const wijk_start *start, wijk_lang lang)
{
    cmd_sheet_table(sheet, "origins", wijk_text(lang, T_POPULATION_ORIGINS));
    origin_columns(sheet, lang);
    for (int m = 0; m < WIJK_MARGINS; m++) {
        origin_cells(sheet, start, m, lang);
    }
}

/* Every margin of every area: a long table, only for who asks for it by name. */
static void add_areas(cmd_sheet *sheet, const wijk_start *start, wijk_lang lang)
{
    cmd_sheet_table(sheet, "areas", "");
    cmd_sheet_column(sheet, "area", wijk_text(lang, T_POPULATION_AREA), -1);
    cmd_sheet_column(sheet, "margin", wijk_text(lang, T_POPULATION_MARGIN), -1);
    cmd_sheet_column(sheet, "published", wijk_text(lang, T_POPULATION_PUBLISHED), 1);
    cmd_sheet_column(sheet, "synthetic", wijk_text(lang, T_POPULATION_MADE), 0);
    cmd_sheet_column(sheet, "half", wijk_text(lang, T_POPULATION_HALF), 1);
    cmd_sheet_column(sheet, "origin", wijk_text(lang, T_POPULATION_ORIGIN), -1);
    cmd_sheet_column(sheet, "year", wijk_text(lang, T_POPULATION_YEAR), -1);
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        for (int m = 0; m < WIJK_MARGINS && !area->empty; m++) {
            const wijk_fitted *f = &area->fitted[m];
            char year[8] = "";
            if (f->year) {
                snprintf(year, sizeof year, "%d", f->year);
            }
            cmd_sheet_text(sheet, area->code);
            cmd_sheet_text(sheet, wijk_margin_key((wijk_margin)m));
            cmd_sheet_number(sheet, (double)f->published);
            cmd_sheet_number(sheet, (double)f->synthetic);
            cmd_sheet_number(sheet, f->from == WIJK_FROM_NATIVE ? (double)f->half : NAN);
            cmd_sheet_text(sheet, wijk_from_key((wijk_from)f->from));
            cmd_sheet_text(sheet, year);
        }
    }
}

typedef struct {
    double households, people, outside, homes, rooms;
    size_t empty, conflicts;
    char examples[NAMED * 20];
} totals;

static void add_up(totals *sum, const wijk_start *start)
{
    memset(sum, 0, sizeof *sum);
    for (size_t i = 0; i < wijk_start_areas(start); i++) {
        const wijk_start_area *area = wijk_start_area_at(start, i);
        sum->households += area->households;
        sum->people += area->people;
        sum->outside += area->outside;
        sum->homes += area->homes;
        sum->rooms += area->rooms;
        sum->empty += area->empty;
        if (area->conflict && sum->conflicts++ < NAMED) {
            size_t used = strlen(sum->examples);
            snprintf(sum->examples + used, sizeof sum->examples - used, "%s%s", used ? ", " : "",
                     area->code);
        }
    }
}

static void head_line(cmd_sheet *sheet, enum wijk_text_key key, wijk_lang lang,
                      const double *numbers, int n, const char *last,
                      void (*put)(cmd_sheet *, const char *))
{
    wijk_str cell[5], line = WIJK_STR_INIT;
    const char *text[6] = {NULL};
    for (int i = 0; i < n; i++) {
        cell[i] = (wijk_str)WIJK_STR_INIT;
        wijk_number(&cell[i], lang, numbers[i], 0);
        text[i] = wijk_str_text(&cell[i]);
    }
    text[n] = last;
    wijk_text_fill(&line, lang, key, text[0], text[1], text[2], text[3], text[4], NULL);
    put(sheet, wijk_str_text(&line));
    wijk_str_free(&line);
    for (int i = 0; i < n; i++) {
        wijk_str_free(&cell[i]);
    }
}

static void add_heads(cmd_sheet *sheet, const wijk_start *start, const char *name, wijk_lang lang)
{
    totals sum;
    wijk_start_counts came;
    add_up(&sum, start);
    wijk_start_count(&came, start);
    char count[24], year[16], borders[16];
    snprintf(count, sizeof count, "%zu", wijk_start_areas(start));
    snprintf(year, sizeof year, "%d", wijk_start_year(start));
    snprintf(borders, sizeof borders, "%d", wijk_start_vintage(start));
    wijk_str line = WIJK_STR_INIT;
    wijk_text_fill(&line, lang, T_POPULATION_HEAD, name, count,
                   wijk_level_name(lang, wijk_start_level(start)), year, borders, NULL);
    cmd_sheet_head(sheet, wijk_str_text(&line));
    wijk_str_free(&line);
    const double sizes[] = {sum.households, sum.people, sum.outside, sum.homes, sum.rooms};
    head_line(sheet, T_POPULATION_SIZE, lang, sizes, 5, NULL, cmd_sheet_head);
    wijk_str percent = WIJK_STR_INIT;
    wijk_number(&percent, lang, 100.0 * (double)came.within / (double)came.areas, 1);
    const double rights[] = {(double)came.within, (double)came.areas};
    head_line(sheet, T_POPULATION_WITHIN, lang, rights, 2, wijk_str_text(&percent), cmd_sheet_head);
    wijk_str_free(&percent);
    const double conflicts = (double)sum.conflicts, empty = (double)sum.empty;
    const double loose = (double)came.loose;
    if (came.loose) {
        head_line(sheet, T_POPULATION_LOOSE, lang, &loose, 1, NULL, cmd_sheet_note);
    }
    if (sum.conflicts) {
        head_line(sheet, T_POPULATION_CONFLICT, lang, &conflicts, 1, sum.examples, cmd_sheet_note);
    }
    if (sum.empty) {
        head_line(sheet, T_POPULATION_EMPTY, lang, &empty, 1, NULL, cmd_sheet_note);
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_POPULATION_BORROWED));
    cmd_sheet_note(sheet, wijk_text(lang, T_POPULATION_SYNTHETIC));
}

/* ---- by year -------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* The borders of buurten that any figure of people or homes stands on. */
static size_t vintages_of(int out[VINTAGES], const wijk_registry *registry, enum wijk_level level)
{
    size_t found = 0;
    static const char *const codes[] = {"population", "households", "homes"};
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        const wijk_indicator *indicator = wijk_indicator_by_code(registry, codes[c]);
        size_t n = 0;
        const wijk_series *series = indicator ? wijk_series_of(&n, registry, indicator->id) : NULL;
        for (size_t i = 0; i < n; i++) {
            size_t at = 0;
            while (at < found && out[at] != series[i].vintage) {
                at++;
            }
            if (series[i].level == level && at == found && found < VINTAGES) {
                out[found++] = series[i].vintage;
            }
        }
    }
    qsort(out, found, sizeof *out, ascending);
    return found;
}

/* One start per set of borders; borders in which this place has no figures are passed over. */
static int add_years(cmd_sheet *sheet, cmd_place *place, wijk_start_options options, wijk_ctx *ctx,
                     wijk_lang lang)
{
    int vintages[VINTAGES];
    enum wijk_level level = options.level == WIJK_LEVELS ? WIJK_BUURT : options.level;
    size_t n = vintages_of(vintages, place->registry, level);
    cmd_sheet_table(sheet, "years", wijk_text(lang, T_POPULATION_YEARS));
    cmd_sheet_column(sheet, "borders", wijk_text(lang, T_POPULATION_BORDERS), -1);
    origin_columns(sheet, lang);
    for (size_t i = 0; i < n; i++) {
        wijk_start *start;
        char borders[16];
        options.level = level;
        options.vintage = vintages[i];
        options.year = 0;
        int rc = wijk_start_new(&start, place->store, place->registry, &options, ctx);
        if (rc == WIJK_ENOTFOUND) {
            continue;
        }
        if (rc) {
            return rc;
        }
        snprintf(borders, sizeof borders, "%d", vintages[i]);
        for (int m = 0; m < WIJK_MARGINS; m++) {
            cmd_sheet_text(sheet, borders);
            origin_cells(sheet, start, m, lang);
        }
        wijk_start_free(start);
    }
    return WIJK_OK;
}

/* ---- the command ---------------------------------------------------------------------------- */

static int read_options(wijk_start_options *out, int argc, char **argv)
{
    const char *level = cmd_option(argc, argv, "level");
    int known = level ? wijk_level_parse(level) : WIJK_LEVELS;
    memset(out, 0, sizeof *out);
    if (known < 0) {
        return wijk_fail(WIJK_EINVAL, "--level %s: kies buurt, wijk, pc4, local of gemeente.",
                         "--level %s: choose buurt, wijk, pc4, local or gemeente.", level);
    }
    out->level = (enum wijk_level)known;
    out->seed = 1;
    int rc = cmd_threads(&out->threads, argc, argv);
    rc = rc ? rc : cmd_year(&out->year, argc, argv, "year", 2200);
    return rc ? rc : cmd_year(&out->vintage, argc, argv, "borders", 2200);
}

/* The file and the area; without an area the whole country. */
static int open_place(cmd_place *place, int argc, char **argv, wijk_lang lang)
{
    if (cmd_positional(argc, argv, 0)) {
        return cmd_place_open(place, argc, argv, 0, lang);
    }
    memset(place, 0, sizeof *place);
    int rc = wijk_store_open(&place->store, cmd_file(argc, argv), WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&place->registry, place->store);
    rc = rc ? rc : wijk_arena_new(&place->arena, 0);
    return rc ? rc : wijk_begin_read(place->store);
}

static int add_one(cmd_sheet *sheet, cmd_place *place, const wijk_start_options *options,
                   const char *table, wijk_ctx *ctx, wijk_lang lang)
{
    wijk_start *start = NULL;
    wijk_area area = {0};
    int rc =
        options->area ? wijk_area_get(&area, place->store, place->arena, options->area) : WIJK_OK;
    rc = rc ? rc : wijk_start_new(&start, place->store, place->registry, options, ctx);
    if (rc) {
        return rc;
    }
    const char *name = !options->area            ? wijk_text(lang, T_POPULATION_COUNTRY)
                       : area.name && *area.name ? area.name
                                                 : area.code;
    add_heads(sheet, start, name, lang);
    add_fit(sheet, start, lang);
    add_borrowed(sheet, start, lang);
    add_origins(sheet, start, lang);
    if (table && strcmp(table, "areas") == 0) {
        add_areas(sheet, start, lang);
    }
    wijk_start_free(start);
    return WIJK_OK;
}

int foresee_population(int argc, char **argv, wijk_lang lang)
{
    cmd_place place;
    cmd_job job;
    wijk_start_options options;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int rc = open_place(&place, argc, argv, lang);
    rc = rc ? rc : read_options(&options, argc, argv);
    if (!rc) {
        options.area = place.area;
        cmd_job_begin(&job, machine);
        rc =
            cmd_flag(argc, argv, "years")
                ? add_years(sheet, &place, options, &job.ctx, lang)
                : add_one(sheet, &place, &options, cmd_option(argc, argv, "table"), &job.ctx, lang);
        cmd_job_end(&job);
    }
    cmd_place_close(&place);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    return cmd_sheet_print(sheet);
}
