/* The portrait of an area: its facts arranged for a reader, each beside what it can be compared
 * with. Page, terminal, JSON and print all show this one structure. */
#include "wijk/portrait.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines -------------------------------------------------------------------------------------
 */

/* The area that a value was published for; the latest one asked is remembered, because values of
 * one source come in a row. */
static const wijk_area *published_for(const wijk_drawing *d, wijk_area *last, int64_t id)
{
    if (!id) {
        return NULL;
    }
    if (last->id != id && wijk_area_get(last, d->store, d->arena, id)) {
        last->id = 0;
        return NULL;
    }
    return last;
}

static double gemeente_value(const wijk_drawing *d, const wijk_value *value)
{
    const wijk_value *there =
        d->gemeente ? wijk_facts_find(d->gemeente, value->indicator, value->period) : NULL;
    return there && there->mark == WIJK_MARK_VALUE && !(there->flags & WIJK_PROTECTED)
               ? there->value
               : NAN;
}

static int draw_line(wijk_line *out, const wijk_drawing *d, const wijk_value *series,
                     size_t periods, wijk_area *last)
{
    const wijk_value *value = wijk_facts_find(d->facts, series->indicator, 0);
    const wijk_indicator *it = wijk_indicator_by_id(d->registry, series->indicator);
    const wijk_load_info *load = wijk_load_by_id(d->registry, value->load);
    const wijk_area *area = &d->facts->area;
    const wijk_area *from = published_for(d, last, value->from);
    wijk_str shown = WIJK_STR_INIT;
    wijk_value_shown(&shown, d->lang, it, value);
    *out = (wijk_line){
        .indicator = it,
        .value = value,
        .series = series,
        .periods = periods,
        .shown = wijk_arena_strndup(d->arena, wijk_str_text(&shown), shown.size),
        .range = wijk_range_words(d->arena, d->lang, it, value),
        .note = wijk_note_words(d->arena, d->lang, it, value, area, from),
        .source = load ? load->publisher : "",
        .gemeente = it->joining == WIJK_JOIN_SUM ? NAN : gemeente_value(d, value),
        .similar = NAN,
        .land = it->joining == WIJK_JOIN_SUM || area->fictional
                    ? NAN
                    : wijk_country_mean(d->registry, it->id, value->period),
        .p10 = NAN,
        .p25 = NAN,
        .p50 = NAN,
        .p75 = NAN,
        .p90 = NAN,
    };
    wijk_str_free(&shown);
    enum wijk_level level = area->level == WIJK_OWN ? WIJK_BUURT : area->level;
    const wijk_series *spread =
        wijk_series_country(d->registry, it->id, level, area->vintage, value->period);
    if (spread) {
        out->p10 = spread->p10;
        out->p25 = spread->p25;
        out->p50 = spread->p50;
        out->p75 = spread->p75;
        out->p90 = spread->p90;
    }
    return out->shown ? WIJK_OK : WIJK_ENOMEM;
}

/* Place of an indicator in the table: by theme, then as in data/indicators.csv. */
typedef struct {
    size_t theme, order, first, periods;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *x = a, *y = b;
    int order = (x->theme > y->theme) - (x->theme < y->theme);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static size_t theme_order(const char *theme)
{
    size_t i = 0;
    while (wijk_theme_at(i) && strcmp(wijk_theme_at(i), theme) != 0) {
        i++;
    }
    return i;
}

static place *place_values(size_t *count, const wijk_drawing *d)
{
    place *places = wijk_arena_alloc(d->arena, (d->facts->count + 1) * sizeof *places);
    *count = 0;
    for (size_t i = 0; places && i < d->facts->count; i++) {
        int indicator = d->facts->values[i].indicator;
        if (*count && d->facts->values[places[*count - 1].first].indicator == indicator) {
            places[*count - 1].periods++;
            continue;
        }
        const wijk_indicator *it = wijk_indicator_by_id(d->registry, indicator);
        places[(*count)++] =
            (place){theme_order(it->theme), (size_t)(it - wijk_indicator_at(d->registry, 0)), i, 1};
    }
    if (places) {
        qsort(places, *count, sizeof *places, compare_places);
    }
    return places;
}

static int draw_lines(wijk_portrait *out, const wijk_drawing *d)
{
    size_t count;
    place *places = place_values(&count, d);
    out->lines = wijk_arena_alloc(d->arena, (count + 1) * sizeof *out->lines);
    out->sections = wijk_arena_alloc(d->arena, (count + 1) * sizeof *out->sections);
    if (!places || !out->lines || !out->sections) {
        return WIJK_ENOMEM;
    }
    wijk_area last = {.id = 0};
    for (size_t i = 0; i < count; i++) {
        int rc = draw_line(&out->lines[i], d, &d->facts->values[places[i].first], places[i].periods,
                           &last);
        if (rc) {
            return rc;
        }
        const char *theme = out->lines[i].indicator->theme;
        wijk_section *section = out->section_count ? &out->sections[out->section_count - 1] : NULL;
        if (!section || strcmp(section->theme, theme) != 0) {
            section = &out->sections[out->section_count++];
            *section = (wijk_section){theme, wijk_theme_name(d->lang, theme), i, 0};
        }
        section->count++;
    }
    out->line_count = count;
    return WIJK_OK;
}

/* ---- the glance panel
 * ---------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const wijk_line *x = a, *y = b;
    return (x->indicator->key > y->indicator->key) - (x->indicator->key < y->indicator->key);
}

/* Median of the similar areas that have this figure; one or two of them would be an anecdote. */
static int similar_median(double *out, const wijk_drawing *d, const wijk_value *value)
{
    double found[5];
    size_t n = 0;
    *out = NAN;
    for (size_t i = 0; i < d->similar_count; i++) {
        wijk_stmt *stmt = wijk_store_sql(
            d->store, "SELECT value FROM layer_value WHERE indicator_id=?1 AND level=?2 AND "
                      "vintage=?3 AND period=?4 AND area_id=?5");
        wijk_bind_int(stmt, 1, value->indicator);
        wijk_bind_int(stmt, 2, d->facts->area.level);
        wijk_bind_int(stmt, 3, d->facts->area.vintage);
        wijk_bind_int(stmt, 4, value->period);
        wijk_bind_int(stmt, 5, d->similar[i]);
        int step = wijk_step(stmt);
        if (step < 0) {
            return step;
        }
        if (step == 1) {
            found[n++] = wijk_col_double(stmt, 0);
            wijk_reset(stmt);
        }
    }
    if (n >= 3) {
        for (size_t i = 1; i < n; i++) {
            for (size_t k = i; k > 0 && found[k] < found[k - 1]; k--) {
                double swap = found[k];
                found[k] = found[k - 1];
                found[k - 1] = swap;
            }
        }
        *out = n % 2 ? found[n / 2] : (found[n / 2 - 1] + found[n / 2]) / 2;
    }
    return WIJK_OK;
}

static int draw_key(wijk_portrait *out, const wijk_drawing *d)
{
    size_t room = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        room += out->lines[i].indicator->key > 0;
    }
    out->key = wijk_arena_alloc(d->arena, (room + 1) * sizeof *out->key);
    if (!out->key) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < out->line_count; i++) {
        wijk_line *line = &out->lines[i];
        if (line->indicator->key > 0) {
            int rc = line->indicator->joining == WIJK_JOIN_SUM
                         ? WIJK_OK
                         : similar_median(&line->similar, d, line->value);
            if (rc) {
                return rc;
            }
            out->key[out->key_count++] = *line;
        }
    }
    qsort(out->key, out->key_count, sizeof *out->key, by_key);
    return WIJK_OK;
}

/* ---- together
 * -------------------------------------------------------------------------------------- */

static void draw_header(wijk_portrait *out, const wijk_drawing *d)
{
    const wijk_area *area = &d->facts->area;
    out->area = *area;
    out->lang = d->lang;
    out->people = d->facts->people;
    out->name = *area->name ? area->name : area->code;
    if (area->level == WIJK_PC4 && out->name != area->code) {
        const char *both = wijk_arena_printf(d->arena, "%s %s", area->code, area->name);
        out->name = both ? both : area->code; /* a town has many postcodes */
    }
    const wijk_indicator *population = wijk_indicator_by_code(d->registry, "population");
    const wijk_value *people = population ? wijk_facts_find(d->facts, population->id, 0) : NULL;
    out->people_period = people ? people->period : 0;
    const char *gemeente =
        d->gemeente && *d->gemeente->area.name ? d->gemeente->area.name : area->gemeente;
    int alone = !*gemeente || area->level <= WIJK_GEMEENTE;
    out->where = WIJK_FILL(d->arena, d->lang, alone ? T_PORTRAIT_WHERE_ALONE : T_PORTRAIT_WHERE,
                           {"level", wijk_level_name(d->lang, area->level)}, {"gemeente", gemeente},
                           {"code", area->code},
                           {"vintage", wijk_int_in(d->arena, d->lang, area->vintage, 0)});
    if (d->gemeente) {
        out->gemeente = d->gemeente->area;
    }
    out->sentence = wijk_sentence(d->arena, d->lang, d->facts, d->registry);
}

int wijk_portrait_get(wijk_portrait *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area, wijk_lang lang)
{
    *out = (wijk_portrait){.people = NAN};
    wijk_facts *facts = wijk_arena_alloc(arena, sizeof *facts);
    wijk_facts *gemeente = wijk_arena_alloc(arena, sizeof *gemeente);
    if (!facts || !gemeente) {
        return WIJK_ENOMEM;
    }
    wijk_drawing drawing = {.store = store, .registry = registry, .arena = arena, .lang = lang};
    int rc = wijk_facts_get(facts, store, registry, arena, area);
    int64_t around = 0;
    rc = rc ? rc : wijk_area_gemeente(&around, store, &facts->area);
    if (!rc && around) {
        rc = wijk_facts_reach(gemeente, store, registry, arena, around, WIJK_REACH_BESIDE);
        drawing.gemeente = gemeente;
    }
    if (rc) {
        return rc;
    }
    drawing.facts = out->facts = facts;
    out->around = drawing.gemeente;
    draw_header(out, &drawing);
    rc = wijk_draw_similar(out, &drawing);
    rc = rc ? rc : draw_lines(out, &drawing);
    rc = rc ? rc : draw_key(out, &drawing);
    rc = rc ? rc : wijk_draw_livability(&out->livability, &drawing);
    rc = rc ? rc : wijk_draw_parts(out, &drawing);
    rc = rc ? rc : wijk_draw_changes(out, &drawing);
    return rc ? rc : wijk_draw_notes(out, &drawing);
}
