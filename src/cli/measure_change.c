/* wijk measure change: why segregation differs between two tables, and where it lies in the second:
 * over levels, groups and pairs of groups. */
#include "cli/measure.h"
#include "cli/sheet.h"

#include "wijk/change_border.h"
#include "wijk/csv.h"
#include "wijk/map.h"
#include "wijk/mem.h"
#include "wijk/segregation.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BEFORE, AFTER, MOMENTS };

typedef struct {
    wijk_plain plain[MOMENTS];
    double *counts[MOMENTS]; /* [areas of that moment, or of both][groups] */
    size_t areas[MOMENTS], groups;
    const char **group_name; /* [groups], borrowed */
    wijk_map *row;           /* area name to row */
    wijk_change_link *links;
    size_t link_count;
    wijk_change_options options;
} work;

static void work_free(work *w)
{
    for (int m = 0; m < MOMENTS; m++) {
        wijk_plain_free(&w->plain[m]);
        wijk_free(w->counts[m]);
    }
    wijk_free(w->group_name);
    wijk_free(w->links);
    wijk_map_free(w->row);
}

/* Groups of both tables by name: those of the first, then what the second adds. */
static int name_groups(work *w, size_t *to[MOMENTS])
{
    wijk_map *map = NULL;
    int rc = wijk_map_new(&map);
    w->group_name =
        wijk_alloc((w->plain[BEFORE].groups + w->plain[AFTER].groups) * sizeof *w->group_name);
    rc = rc || w->group_name ? rc : WIJK_ENOMEM;
    for (int m = 0; !rc && m < MOMENTS; m++) {
        to[m] = wijk_alloc(w->plain[m].groups * sizeof **to);
        rc = to[m] ? WIJK_OK : WIJK_ENOMEM;
        for (size_t g = 0; !rc && g < w->plain[m].groups; g++) {
            rc = wijk_map_number(&to[m][g], map, w->plain[m].group_name[g]);
            w->group_name[to[m][g]] = w->plain[m].group_name[g];
        }
    }
    w->groups = map ? wijk_map_size(map) : 0;
    wijk_map_free(map);
    return rc;
}

/* With links each moment keeps its own rows; without, an area is its name. */
static int number_areas(work *w, size_t *to[MOMENTS], int linked)
{
    int rc = wijk_map_new(&w->row);
    for (int m = 0; !rc && m < MOMENTS; m++) {
        to[m] = wijk_alloc(w->plain[m].areas * sizeof **to);
        rc = to[m] ? WIJK_OK : WIJK_ENOMEM;
        for (size_t i = 0; !rc && i < w->plain[m].areas; i++) {
            to[m][i] = i;
            rc = linked ? WIJK_OK : wijk_map_number(&to[m][i], w->row, w->plain[m].area_name[i]);
        }
    }
    for (int m = 0; m < MOMENTS; m++) {
        w->areas[m] = linked ? w->plain[m].areas : wijk_map_size(w->row);
    }
    return rc;
}

static int line_up(work *w, int linked)
{
    size_t *area[MOMENTS] = {NULL, NULL}, *group[MOMENTS] = {NULL, NULL};
    int rc = name_groups(w, group);
    rc = rc ? rc : number_areas(w, area, linked);
    for (int m = 0; !rc && m < MOMENTS; m++) {
        const wijk_plain *p = &w->plain[m];
        w->counts[m] = wijk_alloc(w->areas[m] * w->groups * sizeof *w->counts[m]);
        rc = w->counts[m] ? WIJK_OK : WIJK_ENOMEM;
        for (size_t k = 0; !rc && k < p->areas * p->groups; k++) {
            w->counts[m][area[m][k / p->groups] * w->groups + group[m][k % p->groups]] +=
                p->counts[k];
        }
    }
    for (int m = 0; m < MOMENTS; m++) {
        wijk_free(area[m]);
        wijk_free(group[m]);
    }
    return rc;
}

/* Names of the areas of one moment. */
static int map_areas(wijk_map **out, const wijk_plain *plain)
{
    int rc = wijk_map_new(out);
    for (size_t i = 0; !rc && i < plain->areas; i++) {
        const char *name = plain->area_name[i];
        rc = wijk_map_set(*out, name, strlen(name), (int64_t)i);
    }
    return rc;
}

static int read_link(wijk_change_link *out, const wijk_table *table, size_t row,
                     wijk_map *const at[], const char *path)
{
    static const char *const names[] = {"from", "to"};
    int64_t found[MOMENTS] = {0, 0};
    for (int m = 0; m < MOMENTS; m++) {
        const char *name = wijk_table_get(table, row, names[m]);
        if (!wijk_map_get(at[m], name, strlen(name), &found[m])) {
            return wijk_fail(WIJK_EFORMAT,
                             "%s, rij %zu: gebied \"%.60s\" (%s) staat niet in de tabel.",
                             "%s, row %zu: area \"%.60s\" (%s) is not in the table.", path, row + 2,
                             name, names[m]);
        }
    }
    *out = (wijk_change_link){(size_t)found[BEFORE], (size_t)found[AFTER],
                              wijk_table_number(table, row, "share", NAN)};
    return WIJK_OK;
}

static int read_links(work *w, const char *path)
{
    char *bytes = NULL;
    size_t size;
    wijk_table *table = NULL;
    wijk_map *at[MOMENTS] = {NULL, NULL};
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_table_bytes(&table, bytes, size, path);
    if (!rc && (wijk_table_column(table, "from") < 0 || wijk_table_column(table, "to") < 0 ||
                wijk_table_column(table, "share") < 0)) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: de kolommen heten from, to en share.",
                       "%s: the columns are called from, to and share.", path);
    }
    for (int m = 0; !rc && m < MOMENTS; m++) {
        rc = map_areas(&at[m], &w->plain[m]);
    }
    if (!rc) {
        w->links = wijk_alloc(wijk_table_rows(table) * sizeof *w->links);
        rc = w->links ? WIJK_OK : WIJK_ENOMEM;
    }
    for (size_t row = 0; !rc && row < wijk_table_rows(table); row++) {
        rc = read_link(&w->links[w->link_count++], table, row, at, path);
    }
    wijk_map_free(at[BEFORE]);
    wijk_map_free(at[AFTER]);
    wijk_table_free(table);
    wijk_free(bytes);
    return rc;
}

/* Without links every area is itself. */
static int link_same(work *w)
{
    size_t areas = w->areas[BEFORE];
    w->links = wijk_alloc(areas * sizeof *w->links);
    for (size_t i = 0; w->links && i < areas; i++) {
        w->links[i] = (wijk_change_link){i, i, 1};
    }
    w->link_count = areas;
    return w->links ? WIJK_OK : WIJK_ENOMEM;
}

static int read_options(wijk_change_options *out, int argc, char **argv)
{
    double error = 15, level = 90, draws = 100, seed = 1;
    int rc = cmd_number(&error, argc, argv, "error");
    rc = rc ? rc : cmd_number(&level, argc, argv, "level");
    rc = rc ? rc : cmd_number(&draws, argc, argv, "draws");
    rc = rc ? rc : cmd_number(&seed, argc, argv, "seed");
    if (!rc && !(draws >= 0 && draws < 1e6 && seed >= 0 && seed < 0x1p53)) {
        rc = wijk_fail(WIJK_EINVAL, "--draws en --seed: geef een getal vanaf nul.",
                       "--draws and --seed: give a number from zero.");
    }
    if (!rc) {
        *out = (wijk_change_options){error / 100, level / 100, (size_t)draws, (uint64_t)seed};
    }
    return rc;
}

static int read_all(work *w, int argc, char **argv)
{
    const char *links = cmd_option(argc, argv, "links");
    int rc = read_options(&w->options, argc, argv);
    if (!rc && (!cmd_positional(argc, argv, 1) || !cmd_option(argc, argv, "unit"))) {
        rc = wijk_fail(WIJK_EINVAL,
                       "Noem twee bestanden en de kolom met het gebied: wijk measure change "
                       "eerst.csv later.csv --unit buurt --groups koop,huur",
                       "Name two files and the column with the area: wijk measure change "
                       "before.csv after.csv --unit area --groups own,rent");
    }
    for (int m = 0; !rc && m < MOMENTS; m++) {
        rc = measure_read(&w->plain[m], argc, argv, m);
    }
    rc = rc ? rc : line_up(w, links != NULL);
    return rc ? rc : links ? read_links(w, links) : link_same(w);
}

static void add_part(cmd_sheet *sheet, const char *const codes[2], const char *name, double value,
                     double low, double high)
{
    cmd_sheet_text(sheet, codes[0]);
    cmd_sheet_text(sheet, codes[1]);
    cmd_sheet_text(sheet, name);
    cmd_sheet_number(sheet, value);
    cmd_sheet_number(sheet, low);
    cmd_sheet_number(sheet, high);
}

static void add_parts(cmd_sheet *sheet, const wijk_change_moved *moved, wijk_lang lang)
{
    static const struct {
        const char *code;
        enum wijk_text_key name;
    } rows[] = {{"border", T_CHANGE_BORDER},     {"additions", T_CHANGE_ADDITIONS},
                {"removals", T_CHANGE_REMOVALS}, {"groups", T_CHANGE_GROUPS},
                {"units", T_CHANGE_UNITS},       {"structure", T_CHANGE_STRUCTURE}};
    static const char *const codes[] = {"M", "H"};
    const wijk_change_ranges *const of[] = {&moved->mutual, &moved->theil};
    cmd_sheet_table(sheet, "parts", "");
    cmd_sheet_column(sheet, "index", wijk_text(lang, T_MEASURE_CODE), -1);
    cmd_sheet_column(sheet, "part", wijk_text(lang, T_CHANGE_PART), -1);
    cmd_sheet_column(sheet, "name", "", -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_MEASURE_VALUE), 5);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_CHANGE_LOW), 5);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_CHANGE_HIGH), 5);
    for (size_t k = 0; k < 2; k++) {
        add_part(sheet, (const char *const[2]){codes[k], "before"},
                 wijk_text(lang, T_CHANGE_BEFORE), of[k]->before, NAN, NAN);
        for (int row = 0; row < WIJK_CHANGE_PARTS; row++) {
            if (row == WIJK_CHANGE_BORDER && moved->split == 0 && of[k]->part[row] == 0) {
                continue; /* nothing was converted */
            }
            add_part(sheet, (const char *const[2]){codes[k], rows[row].code},
                     wijk_text(lang, rows[row].name), of[k]->part[row],
                     moved->split ? of[k]->low[row] : NAN, moved->split ? of[k]->high[row] : NAN);
        }
        add_part(sheet, (const char *const[2]){codes[k], "after"}, wijk_text(lang, T_CHANGE_AFTER),
                 of[k]->after, NAN, NAN);
    }
}

/* Where M of the second table lies: which groups, which pairs. */
static int add_groups(cmd_sheet *sheet, const work *w, wijk_lang lang)
{
    size_t n = w->groups;
    double *room = wijk_alloc((2 + 3 * n) * n * sizeof *room);
    if (!room) {
        return WIJK_ENOMEM;
    }
    double *share = room, *local = room + n, *part = local + n, *mutual = part + n * n;
    double *apart = mutual + n * n;
    int rc = wijk_change_groups(share, local, w->counts[AFTER], w->areas[AFTER], n);
    rc = rc ? rc : wijk_change_pairs(part, mutual, apart, w->counts[AFTER], w->areas[AFTER], n);
    cmd_sheet_table(sheet, "groups", wijk_text(lang, T_CHANGE_AFTER));
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_CHANGE_GROUP), -1);
    cmd_sheet_column(sheet, "share", wijk_text(lang, T_CHANGE_SHARE), 4);
    cmd_sheet_column(sheet, "local", wijk_text(lang, T_CHANGE_LOCAL), 4);
    cmd_sheet_column(sheet, "part", wijk_text(lang, T_CHANGE_WEIGHT), 4);
    for (size_t g = 0; !rc && g < n; g++) {
        cmd_sheet_text(sheet, w->group_name[g]);
        cmd_sheet_number(sheet, share[g]);
        cmd_sheet_number(sheet, local[g]);
        cmd_sheet_number(sheet, share[g] > 0 ? share[g] * local[g] : 0);
    }
    cmd_sheet_table(sheet, "pairs", "");
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_CHANGE_GROUP), -1);
    cmd_sheet_column(sheet, "other", wijk_text(lang, T_CHANGE_OTHER), -1);
    cmd_sheet_column(sheet, "part_r", wijk_text(lang, T_CHANGE_PAIR_R), 4);
    cmd_sheet_column(sheet, "mutual", wijk_text(lang, T_CHANGE_PAIR_M), 4);
    cmd_sheet_column(sheet, "dissimilarity", wijk_text(lang, T_CHANGE_PAIR_D), 4);
    for (size_t g = 0; !rc && g < n; g++) {
        for (size_t h = g + 1; h < n; h++) {
            cmd_sheet_text(sheet, w->group_name[g]);
            cmd_sheet_text(sheet, w->group_name[h]);
            cmd_sheet_number(sheet, part[g * n + h]);
            cmd_sheet_number(sheet, mutual[g * n + h]);
            cmd_sheet_number(sheet, apart[g * n + h]);
        }
    }
    wijk_free(room);
    return rc;
}

/* M and H between and within the larger units, at both moments. */
static int add_levels(cmd_sheet *sheet, const work *w, const char *within, wijk_lang lang)
{
    double part[MOMENTS][2], theil[MOMENTS][2];
    int rc = WIJK_OK;
    for (int m = 0; !rc && m < MOMENTS; m++) {
        const wijk_plain *p = &w->plain[m];
        const size_t size[] = {p->areas, p->units}, *const parent[] = {p->unit};
        rc = wijk_change_tree(part[m], theil[m], p->counts, p->areas, p->groups, 2, size, parent);
    }
    cmd_sheet_table(sheet, "levels", "");
    cmd_sheet_column(sheet, "level", wijk_text(lang, T_CHANGE_LEVEL), -1);
    cmd_sheet_column(sheet, "mutual_before", "M", 5);
    cmd_sheet_column(sheet, "mutual_after", wijk_text(lang, T_CHANGE_AFTER), 5);
    cmd_sheet_column(sheet, "theil_before", "H", 5);
    cmd_sheet_column(sheet, "theil_after", wijk_text(lang, T_CHANGE_AFTER), 5);
    for (int level = 1; !rc && level >= 0; level--) {
        wijk_str name = WIJK_STR_INIT;
        wijk_text_fill(&name, lang, level ? T_CHANGE_TOP : T_CHANGE_AREAS, within, NULL);
        cmd_sheet_text(sheet, wijk_str_text(&name));
        wijk_str_free(&name);
        cmd_sheet_number(sheet, part[BEFORE][level]);
        cmd_sheet_number(sheet, part[AFTER][level]);
        cmd_sheet_number(sheet, theil[BEFORE][level]);
        cmd_sheet_number(sheet, theil[AFTER][level]);
    }
    return rc;
}

static void add_words(cmd_sheet *sheet, const wijk_change_moved *moved, double error,
                      wijk_lang lang)
{
    wijk_str text = WIJK_STR_INIT, number = WIJK_STR_INIT;
    char common[24], added[24], removed[24];
    snprintf(common, sizeof common, "%zu", moved->common);
    snprintf(added, sizeof added, "%zu", moved->added);
    snprintf(removed, sizeof removed, "%zu", moved->removed);
    wijk_text_fill(&text, lang, T_CHANGE_HEAD, common, added, removed, NULL);
    cmd_sheet_head(sheet, wijk_str_text(&text));
    cmd_sheet_note(sheet, wijk_text(lang, T_CHANGE_NOTE));
    if (moved->split) {
        wijk_str_clear(&text);
        wijk_number(&number, lang, 100 * moved->people_split, 1);
        snprintf(common, sizeof common, "%zu", moved->split);
        snprintf(added, sizeof added, "%.0f", 100 * error);
        wijk_text_fill(&text, lang, T_CHANGE_SPLIT, common, wijk_str_text(&number), added, NULL);
        cmd_sheet_note(sheet, wijk_str_text(&text));
    }
    if (moved->zeros) {
        wijk_str_clear(&text);
        snprintf(common, sizeof common, "%zu", moved->zeros);
        wijk_text_fill(&text, lang, T_CHANGE_ZEROS, common, NULL);
        cmd_sheet_note(sheet, wijk_str_text(&text));
    }
    wijk_str_free(&text);
    wijk_str_free(&number);
}

int measure_change(int argc, char **argv, wijk_lang lang)
{
    work w = {0};
    wijk_change_moved moved;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_job job;
    cmd_job_begin(&job, 1);
    int rc = read_all(&w, argc, argv);
    rc = rc ? rc
            : wijk_change_across(&moved, w.counts[BEFORE], w.areas[BEFORE], w.counts[AFTER],
                                 w.areas[AFTER], w.groups, w.links, w.link_count, &w.options,
                                 &job.ctx);
    if (!rc) {
        add_parts(sheet, &moved, lang);
        rc = add_groups(sheet, &w, lang);
    }
    if (!rc && w.plain[BEFORE].units && w.plain[AFTER].units) {
        rc = add_levels(sheet, &w, cmd_option(argc, argv, "within"), lang);
    }
    if (!rc) {
        add_words(sheet, &moved, w.options.error, lang);
    }
    cmd_job_end(&job);
    work_free(&w);
    if (rc) {
        cmd_sheet_free(sheet);
        return rc;
    }
    return cmd_sheet_print(sheet);
}
