/* Reads the recipe of the invented gemeente, the tables of data/town. The recipe holds what a
 * person decided (who lives where, which buurt slides); everything else is reckoned from it. The
 * idea is PROJ's: reference data as files that can be reviewed. */
#include "load/town.h"

#include "wijk/err.h"

#include <math.h>
#include <string.h>

static int open_tables(town_recipe *out)
{
    const struct {
        wijk_table **table;
        const char *path;
    } files[] = {
        {&out->wijken, "data/town/wijken.csv"},
        {&out->buurten, "data/town/buurten.csv"},
        {&out->characters, "data/town/characters.csv"},
        {&out->trends, "data/town/trends.csv"},
        {&out->pc4, "data/town/pc4.csv"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int rc = wijk_table_asset(files[i].table, files[i].path);
        if (rc) {
            return rc;
        }
    }
    return 0;
}

static int copy_points(town_point **out, size_t *count, wijk_arena *arena, const wijk_table *table)
{
    *count = wijk_table_rows(table);
    *out = wijk_arena_alloc(arena, *count * sizeof **out);
    for (size_t i = 0; *out && i < *count; i++) {
        (*out)[i] = (town_point){wijk_table_number(table, i, "x", NAN),
                                 wijk_table_number(table, i, "y", NAN),
                                 wijk_table_number(table, i, "width", 0)};
    }
    return *out ? 0 : WIJK_ENOMEM;
}

static int read_points(town_point **out, size_t *count, wijk_arena *arena, const char *path)
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, path);
    if (!rc) {
        rc = copy_points(out, count, arena, table);
        wijk_table_free(table);
    }
    return rc;
}

static const char *either(const char *first, const char *second)
{
    return *first ? first : second;
}

static int find_character(size_t *out, const town_recipe *recipe, size_t row, const char *column)
{
    const char *code = wijk_table_get(recipe->buurten, row, column);
    long at = wijk_table_find(recipe->characters, "code", code);
    if (at < 0) {
        return wijk_fail(WIJK_EFORMAT, "data/town/buurten.csv, rij %zu: karakter '%s' is er niet.",
                         "data/town/buurten.csv, row %zu: there is no character '%s'.", row + 2,
                         code);
    }
    *out = (size_t)at;
    return 0;
}

static int read_patch(town_patch *out, const town_recipe *recipe, size_t row)
{
    const wijk_table *table = recipe->buurten;
    *out = (town_patch){
        .wijk = wijk_table_get(table, row, "wijk"),
        .story = wijk_table_get(table, row, "story"),
        .x = wijk_table_number(table, row, "x", NAN),
        .y = wijk_table_number(table, row, "y", NAN),
        .reach = wijk_table_number(table, row, "reach", 0),
        .planned = strcmp(wijk_table_get(table, row, "shape"), "planned") == 0,
        .homes = {wijk_table_number(table, row, "homes_2005", 0),
                  wijk_table_number(table, row, "homes_2024", 0)},
    };
    out->code[TOWN_NEW] = wijk_table_get(table, row, "code");
    out->name[TOWN_NEW] = wijk_table_get(table, row, "name");
    out->code[TOWN_OLD] = either(wijk_table_get(table, row, "code_2014"), out->code[TOWN_NEW]);
    out->name[TOWN_OLD] = either(wijk_table_get(table, row, "name_2014"), out->name[TOWN_NEW]);
    int rc = find_character(&out->character, recipe, row, "character");
    out->becomes = out->character;
    if (!rc && *wijk_table_get(table, row, "becomes")) {
        rc = find_character(&out->becomes, recipe, row, "becomes");
    }
    return rc;
}

int wijk_town_recipe_open(town_recipe *out)
{
    memset(out, 0, sizeof *out);
    int rc = wijk_arena_new(&out->arena, 0);
    if (!rc) {
        rc = open_tables(out);
    }
    if (!rc) {
        rc = read_points(&out->outline, &out->outline_points, out->arena, "data/town/outline.csv");
    }
    if (!rc) {
        rc = read_points(&out->river, &out->river_points, out->arena, "data/town/river.csv");
    }
    if (!rc) {
        rc = copy_points(&out->pc4_seeds, &out->pc4_count, out->arena, out->pc4);
    }
    if (!rc) {
        out->count = wijk_table_rows(out->buurten);
        out->patches = wijk_arena_alloc(out->arena, out->count * sizeof *out->patches);
        rc = out->patches ? 0 : WIJK_ENOMEM;
    }
    for (size_t i = 0; !rc && i < out->count; i++) {
        rc = read_patch(&out->patches[i], out, i);
    }
    if (rc) {
        wijk_town_recipe_close(out);
    }
    return rc;
}

void wijk_town_recipe_close(town_recipe *recipe)
{
    wijk_table_free(recipe->wijken);
    wijk_table_free(recipe->buurten);
    wijk_table_free(recipe->characters);
    wijk_table_free(recipe->trends);
    wijk_table_free(recipe->pc4);
    wijk_arena_free(recipe->arena);
    memset(recipe, 0, sizeof *recipe);
}

double wijk_town_trend(const town_recipe *recipe, const char *name, double year)
{
    double before = NAN, before_year = NAN;
    for (size_t row = 0; row < wijk_table_rows(recipe->trends); row++) {
        if (strcmp(wijk_table_get(recipe->trends, row, "trend"), name) != 0) {
            continue;
        }
        double at = wijk_table_number(recipe->trends, row, "year", NAN);
        double value = wijk_table_number(recipe->trends, row, "value", NAN);
        if (at >= year) {
            return isnan(before) || at == year
                       ? value
                       : before + (value - before) * (year - before_year) / (at - before_year);
        }
        before = value;
        before_year = at;
    }
    return before;
}
