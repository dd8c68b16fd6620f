/* The drawings of mix and segregation: over distance, through the years, over the map, and the
 * parts of the whole. Distances stand at equal steps: each circle is about twice the one before,
 * so that nearby and far get the same room. */
#include "figure/mix.h"

#include "figure/svg.h"
#include "figure/words.h"
#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int nothing_to_draw(const wijk_mix *mix)
{
    return wijk_fail(WIJK_ENOTFOUND, "Van %s is hier te weinig bekend voor een figuur.",
                     "Too little is known here of %s to draw.", mix->name);
}

static const char *dated(wijk_arena *arena, const wijk_mix *mix, enum wijk_text_key key)
{
    return WIJK_FILL(arena, mix->lang, key,
                     {"grouping", mix_capital(arena, mix->grouping->name[mix->lang])},
                     {"name", mix->whole_name}, {"whole", mix->whole_name},
                     {"year", wijk_svg_year(arena, mix->layer.period)});
}

/* ---- parts of a whole --------------------------------------------------------------------- */

int wijk_mix_figure_shares(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                           const wijk_mix *mix)
{
    enum { MOST = 7 };
    double shares[2][MOST];
    const char *names[MOST];
    size_t n = mix->grouped.groups, rows = 0;
    if (n > MOST) {
        return nothing_to_draw(mix);
    }
    for (size_t g = 0; g < n; g++) {
        names[g] = mix->group[g].name;
        shares[0][g] = 100 * mix->group[g].of_all;
        shares[1][g] = 100 * mix->group[g].whole_of_all;
    }
    wijk_stack stacks[2];
    if (mix->part) {
        stacks[rows++] = (wijk_stack){mix->name, shares[0], 0};
    }
    stacks[rows++] = (wijk_stack){mix->whole_name, shares[1], 0};
    const wijk_stacks_chart chart = {.title = dated(arena, mix, T_MIX_SHARES_TITLE),
                                     .source = mix->figure_source,
                                     .segments = names,
                                     .segment_count = n,
                                     .stacks = stacks,
                                     .count = rows};
    return wijk_figure_stacks(out, arena, style, &chart);
}

/* ---- through the years -------------------------------------------------------------------- */

/* Parts of another size make another measure: a new edition from there on. */
static int same_kind(const wijk_mix_moment *a, const wijk_mix_moment *b)
{
    double ratio = (double)a->areas / (double)b->areas;
    return ratio < 1.5 && ratio > 1 / 1.5;
}

int wijk_mix_figure_history(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_mix *mix)
{
    size_t n = mix->history_count, lines = 0;
    wijk_point *points = wijk_arena_alloc(arena, (2 * n + 1) * sizeof *points);
    wijk_chart_line *line = wijk_arena_alloc(arena, (n + 2) * sizeof *line);
    if (!points || !line) {
        return WIJK_ENOMEM;
    }
    if (n < 2) {
        return nothing_to_draw(mix);
    }
    for (size_t i = 0; i < n; i++) {
        const wijk_mix_moment *at = &mix->history[i];
        points[i] = (wijk_point){at->layer.period, 100 * at->d, 100 * at->low, 100 * at->high, 0};
        points[n + i] = (wijk_point){at->layer.period, 100 * at->chance_d, NAN, NAN, 0};
        if (!i || !same_kind(at, at - 1)) {
            line[lines] =
                (wijk_chart_line){mix->whole_name, WIJK_LINE_SELF, points + i, 0, (int)lines};
            lines++;
        }
        line[lines - 1].count++;
    }
    line[lines++] = (wijk_chart_line){wijk_text(mix->lang, T_MIX_HISTORY_CHANCE), WIJK_LINE_LAND,
                                      points + n, n, 0};
    const wijk_line_chart chart = {.title = dated(arena, mix, T_MIX_HISTORY_TITLE),
                                   .unit = wijk_text(mix->lang, T_MIX_HISTORY_D),
                                   .source = mix->figure_source,
                                   .decimals = 0,
                                   .lines = line,
                                   .count = lines,
                                   .from_zero = 1,
                                   .reference = NAN};
    return wijk_figure_lines(out, arena, style, &chart);
}

/* ---- over distance ------------------------------------------------------------------------ */

static const char *distance_words(wijk_arena *arena, const wijk_mix *mix, double radius)
{
    if (radius <= 0) {
        return wijk_text(mix->lang, T_MIX_SCALE_ZERO);
    }
    const char *text =
        radius < 1000
            ? wijk_arena_printf(arena, "%.0f m", radius)
            : wijk_arena_printf(arena, "%s km", wijk_number_in(arena, mix->lang, radius / 1000, 0));
    return text ? text : "";
}

static const char *scale_message(wijk_arena *arena, const wijk_mix *mix)
{
    size_t at = 0;
    for (size_t i = 0; i < mix->scale_count; i++) {
        at = mix->scale[i].radius <= 2000 ? i : at; /* a quarter of an hour on foot and back */
    }
    const wijk_scale *first = &mix->scale[0], *last = &mix->scale[at];
    double part = first->theil > 0 ? last->theil / first->theil : NAN;
    const char *said = WIJK_FILL(arena, mix->lang, T_MIX_SCALE_MESSAGE, {"parts", mix->parts},
                                 {"first", wijk_number_in(arena, mix->lang, first->theil, 3)},
                                 {"radius", distance_words(arena, mix, last->radius)},
                                 {"last", wijk_number_in(arena, mix->lang, last->theil, 3)});
    if (!isfinite(part) || !at) {
        return said;
    }
    enum wijk_text_key where = part > 0.6   ? T_MIX_SCALE_LARGE
                               : part < 0.3 ? T_MIX_SCALE_SMALL
                                            : T_MIX_SCALE_MIDDLE;
    const char *flat = WIJK_FILL(arena, mix->lang, T_MIX_SCALE_FLAT,
                                 {"part", wijk_number_in(arena, mix->lang, 100 * part, 0)},
                                 {"where", wijk_text(mix->lang, where)});
    const char *both = wijk_arena_printf(
        arena, "%s %s %s", said, flat,
        wijk_text(mix->lang, mix->banded ? T_MIX_SCALE_BANDED : T_MIX_SCALE_NOBAND));
    return both ? both : said;
}

static int scale_table(wijk_figure *out, wijk_arena *arena, const wijk_mix *mix)
{
    int rc = wijk_table_begin(out, arena, mix->banded ? 5 : 4, mix->scale_count);
    if (rc) {
        return rc;
    }
    if (mix->banded) {
        out->head[4] = wijk_text(mix->lang, T_MIX_SCALE_BAND);
    }
    out->head[0] = wijk_text(mix->lang, T_MIX_SCALE_DISTANCE);
    out->head[1] = wijk_text(mix->lang, T_MIX_SCALE_H);
    out->head[2] =
        WIJK_FILL(arena, mix->lang, T_MIX_SCALE_PEOPLE, {"units", mix_capital(arena, mix->units)});
    out->head[3] = mix_capital(arena, wijk_text(mix->lang, T_MIX_SCALE_AREAS));
    for (size_t i = 0; i < mix->scale_count; i++) {
        const wijk_scale *at = &mix->scale[i];
        wijk_table_set(out, i, 0, distance_words(arena, mix, at->radius));
        wijk_table_set(out, i, 1, wijk_number_in(arena, mix->lang, at->theil, 3));
        wijk_table_set(out, i, 2, wijk_number_in(arena, mix->lang, at->people, 0));
        wijk_table_set(out, i, 3, wijk_number_in(arena, mix->lang, at->neighbours, 1));
        if (mix->banded) {
            const char *band = wijk_arena_printf(
                arena, "%s – %s", wijk_number_in(arena, mix->lang, mix->scale_low[i], 3),
                wijk_number_in(arena, mix->lang, mix->scale_high[i], 3));
            wijk_table_set(out, i, 4, band ? band : "");
        }
    }
    return WIJK_OK;
}

/* Where the points of the profile stand. */
typedef struct {
    double x0, step, y0, y1, top;
} scale_space;

static double scale_y(const scale_space *space, double value)
{
    return space->y1 - value / space->top * (space->y1 - space->y0);
}

/* There along the upper edge and back along the lower. */
static void draw_scale_band(wijk_str *body, const wijk_mix *mix, const scale_space *space)
{
    size_t n = mix->scale_count;
    wijk_str_add(body, "<path class=\"band\" d=\"");
    for (size_t k = 0; k < 2 * n; k++) {
        size_t i = k < n ? k : 2 * n - 1 - k;
        wijk_str_addc(body, k ? 'L' : 'M');
        wijk_svg_num(body, space->x0 + space->step * (double)i);
        wijk_str_addc(body, ' ');
        wijk_svg_num(body, scale_y(space, k < n ? mix->scale_high[i] : mix->scale_low[i]));
    }
    wijk_str_add(body, "Z\"/>");
}

static void draw_scale(wijk_canvas *canvas, const wijk_mix *mix)
{
    wijk_str *body = &canvas->body;
    double high = 0;
    for (size_t i = 0; i < mix->scale_count; i++) {
        high = fmax(high, mix->scale[i].theil);
        high = mix->banded ? fmax(high, mix->scale_high[i]) : high;
    }
    wijk_ticks ticks;
    wijk_ticks_make(&ticks, 0, fmax(high, 0.01), 5);
    double top = wijk_ticks_at(&ticks, ticks.count - 1), x0 = 44, x1 = canvas->width - 26;
    double y0 = 26, y1 = 226, step = (x1 - x0 - 24) / (double)(mix->scale_count - 1);
    wijk_svg_text(body, 0, 11, WIJK_START, "small soft", wijk_text(mix->lang, T_MIX_SCALE_H));
    wijk_str_add(body, "<g class=\"axis num\">");
    for (int i = 0; i < ticks.count; i++) {
        double value = wijk_ticks_at(&ticks, i), y = y1 - value / top * (y1 - y0);
        wijk_svg_line(body, i ? "grid" : "zero", x0, y, x1 + 12, y);
        wijk_svg_text(body, x0 - 7, y + 4, WIJK_END, NULL,
                      wijk_number_in(canvas->arena, mix->lang, value, ticks.decimals));
    }
    wijk_str_add(body, "</g>");
    const scale_space space = {x0 + 24, step, y0, y1, top};
    if (mix->banded) {
        draw_scale_band(body, mix, &space);
    }
    wijk_str_add(body, "<path class=\"line line-self\" d=\"");
    for (size_t i = 0; i < mix->scale_count; i++) {
        wijk_str_addc(body, i ? 'L' : 'M');
        wijk_svg_num(body, x0 + 24 + step * (double)i);
        wijk_str_addc(body, ' ');
        wijk_svg_num(body, scale_y(&space, mix->scale[i].theil));
    }
    wijk_str_add(body, "\"/>");
    for (size_t i = 0; i < mix->scale_count; i++) {
        double x = x0 + 24 + step * (double)i, y = scale_y(&space, mix->scale[i].theil);
        wijk_svg_circle(body, "dot-self", x, y, 4.5);
        wijk_svg_text(body, x, y - 10, WIJK_MIDDLE, "tiny num halo",
                      wijk_number_in(canvas->arena, mix->lang, mix->scale[i].theil, 3));
        const char *rows[2];
        size_t lines = wijk_svg_wrap(rows, 2, canvas->arena,
                                     distance_words(canvas->arena, mix, mix->scale[i].radius), 11.5,
                                     0, fmax(step - 4, 30));
        for (size_t k = 0; k < lines; k++) {
            wijk_svg_text(body, x, y1 + 18 + 13 * (double)k, WIJK_MIDDLE, "small", rows[k]);
        }
    }
    canvas->height = y1 + 38;
    if (mix->banded) {
        const wijk_key key = {WIJK_KEY_BOX, "band", wijk_text(mix->lang, T_MIX_SCALE_BAND)};
        wijk_svg_legend(canvas, &key, 1);
    }
}

int wijk_mix_figure_scale(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_mix *mix)
{
    if (mix->scale_count < 2) {
        return nothing_to_draw(mix);
    }
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "lines");
    out->title = dated(arena, mix, T_MIX_SCALE_TITLE);
    out->message = scale_message(arena, mix);
    out->source = mix->figure_source;
    draw_scale(&canvas, mix);
    int rc = scale_table(out, arena, mix);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}

/* ---- over the map ------------------------------------------------------------------------- */

typedef struct {
    int64_t id;
    size_t part;
} drawn_part;

typedef struct {
    int level, vintage;
    size_t count;
} division;

static int by_id(const void *a, const void *b)
{
    const drawn_part *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Steps through the areas that a part can be drawn as: itself, or the same place of another year or
 * division. `take` gets id, level, vintage. */
static int each_drawing(wijk_store *store, const wijk_mix *mix,
                        void (*take)(void *payload, size_t part, int64_t id, int level,
                                     int vintage),
                        void *payload)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < mix->grouped.areas && rc >= 0; i++) {
        const wijk_group_area *area = &mix->grouped.area[i];
        if (!area->placed_by && isfinite(area->x)) {
            take(payload, i, area->id, mix->layer.level, mix->layer.vintage);
            continue;
        }
        if (area->placed_by != 1) {
            continue;
        }
        wijk_stmt *stmt =
            wijk_store_sql(store, "SELECT a.id, a.level, a.vintage FROM area_link l CROSS JOIN "
                                  "area a ON a.id=l.from_id WHERE l.to_id=?1 AND l.kind=0 AND "
                                  "a.x0 IS NOT NULL ORDER BY a.level, a.vintage");
        wijk_bind_int(stmt, 1, area->id);
        while ((rc = wijk_step(stmt)) == 1) {
            take(payload, i, wijk_col_int(stmt, 0), (int)wijk_col_int(stmt, 1),
                 (int)wijk_col_int(stmt, 2));
        }
    }
    return rc < 0 ? rc : WIJK_OK;
}

enum { MOST_DIVISIONS = 16 };

typedef struct {
    division divisions[MOST_DIVISIONS];
    size_t division_count;
    const division *chosen;
    drawn_part *parts;
    size_t count, room;
} drawing;

static void count_division(void *payload, size_t part, int64_t id, int level, int vintage)
{
    (void)part;
    (void)id;
    drawing *d = payload;
    size_t i = 0;
    while (i < d->division_count &&
           (d->divisions[i].level != level || d->divisions[i].vintage != vintage)) {
        i++;
    }
    if (i < MOST_DIVISIONS) {
        d->division_count += i == d->division_count;
        d->divisions[i].level = level;
        d->divisions[i].vintage = vintage;
        d->divisions[i].count++;
    }
}

static void take_chosen(void *payload, size_t part, int64_t id, int level, int vintage)
{
    drawing *d = payload;
    if (level == d->chosen->level && vintage == d->chosen->vintage && d->count < d->room) {
        d->parts[d->count++] = (drawn_part){id, part};
    }
}

/* The division on which most parts can be drawn; of equal ones the nearest in time. */
static const division *choose_division(const drawing *d, int period)
{
    const division *best = NULL;
    for (size_t i = 0; i < d->division_count; i++) {
        const division *at = &d->divisions[i];
        if (!best || at->count > best->count ||
            (at->count == best->count && abs(at->vintage - period) < abs(best->vintage - period))) {
            best = at;
        }
    }
    return best;
}

/* The row of the whole in the vintage that is drawn: above any part of it. */
static int whole_drawn(int64_t *out, wijk_store *store, const wijk_mix *mix, int64_t part)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "WITH RECURSIVE up(id, level, parent) AS (SELECT id, level, parent_id FROM area "
               "WHERE id=?1 UNION ALL SELECT a.id, a.level, a.parent_id FROM up CROSS JOIN area a "
               "ON a.id=up.parent) SELECT id FROM up WHERE level=?2 AND id<>?1 LIMIT 1");
    wijk_bind_int(stmt, 1, part);
    wijk_bind_int(stmt, 2, mix->whole.level);
    return wijk_run_int(out, stmt, mix->whole.id);
}

static int fill_values(wijk_map_values *out, wijk_arena *arena, const drawing *d,
                       const wijk_mix *mix)
{
    double least = mix_least(mix->grouping);
    int64_t *areas = wijk_arena_alloc(arena, (d->count + 1) * sizeof *areas);
    double *values = wijk_arena_alloc(arena, (d->count + 1) * sizeof *values);
    unsigned char *grey = wijk_arena_alloc(arena, d->count + 1);
    if (!areas || !values || !grey) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < d->count; i++) {
        size_t part = d->parts[i].part;
        double total = 0;
        for (size_t g = 0; g < mix->grouped.groups; g++) {
            total += mix->grouped.counts[part * mix->grouped.groups + g];
        }
        areas[i] = d->parts[i].id;
        values[i] = 100 * mix->apart[part];
        grey[i] = total < least;
    }
    *out = (wijk_map_values){.title = dated(arena, mix, T_MIX_MAP_TITLE),
                             .message = WIJK_FILL(arena, mix->lang, T_MIX_MAP_MESSAGE,
                                                  {"whole", mix->whole_name}, {"units", mix->units},
                                                  {"part", mix->one_part}),
                             .label = WIJK_FILL(arena, mix->lang, T_MIX_MAP_LABEL,
                                                {"whole", mix->whole_name}, {"units", mix->units}),
                             .unit = "percent",
                             .source = mix->source,
                             .areas = areas,
                             .values = values,
                             .grey = grey,
                             .count = d->count,
                             .period = mix->layer.period};
    return WIJK_OK;
}

int wijk_mix_figure_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                        wijk_arena *arena, const wijk_figure_style *style, const wijk_mix *mix,
                        wijk_map_link_fn link, void *payload)
{
    drawing d = {.room = mix->grouped.areas};
    int rc = each_drawing(store, mix, count_division, &d);
    d.chosen = choose_division(&d, mix->layer.period);
    if (rc || !d.chosen) {
        return rc ? rc : nothing_to_draw(mix);
    }
    d.parts = wijk_arena_alloc(arena, (d.room + 1) * sizeof *d.parts);
    rc = d.parts ? each_drawing(store, mix, take_chosen, &d) : WIJK_ENOMEM;
    if (rc || d.count < 2) {
        return rc ? rc : nothing_to_draw(mix);
    }
    qsort(d.parts, d.count, sizeof *d.parts, by_id);
    wijk_map_values values;
    wijk_map map = {.kind = mix->whole.level == WIJK_LAND  ? WIJK_MAP_COUNTRY
                            : mix->whole.level == WIJK_OWN ? WIJK_MAP_AROUND
                                                           : WIJK_MAP_WITHIN,
                    .level = (enum wijk_level)d.chosen->level,
                    .vintage = d.chosen->vintage,
                    .values = &values,
                    .link = link,
                    .payload = payload};
    rc = fill_values(&values, arena, &d, mix);
    for (size_t i = 0; !rc && mix->part && i < d.count; i++) {
        if (d.parts[i].part == mix->self) {
            map.area = d.parts[i].id;
            map.kind = WIJK_MAP_AROUND;
        }
    }
    if (!rc && !map.area && map.kind != WIJK_MAP_COUNTRY) {
        rc = mix->whole.level == WIJK_OWN ? (map.area = mix->whole.id, WIJK_OK)
                                          : whole_drawn(&map.area, store, mix, d.parts[0].id);
    }
    return rc ? rc : wijk_figure_map(out, store, registry, arena, style, &map);
}
