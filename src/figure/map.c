/* Drawing a choropleth: areas in their classes, the area itself outlined, a legend that counts, a
 * scale bar, and words for those who do not look. Arrow keys and zoom are the page's; this file
 * gives them data-x, data-y and a viewBox to work with. */
#include "figure/map.h"
#include "figure/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL 22.0 /* height of the colour bar of the legend */

typedef struct {
    wijk_canvas canvas;
    wijk_map_data data;
    const wijk_map *map;
    wijk_area self;        /* id 0 when the map is about no area */
    double grid;           /* metres of one path unit */
    double vx, vy, vw, vh; /* view box in path units */
    double unit;           /* path units of one drawing unit */
    double height;         /* of the map part */
} drawing;

static const char *text_of(const drawing *d, enum wijk_text_key key)
{
    return wijk_text(d->canvas.lang, key);
}

static const char *fill(drawing *d, enum wijk_text_key key, const char *a, const char *b,
                        const char *c)
{
    const char *args[3] = {a, b, c};
    return wijk_svg_fill(d->canvas.arena, text_of(d, key), args, 3);
}

static const char *count_words(drawing *d, size_t count)
{
    return wijk_number_in(d->canvas.arena, d->canvas.lang, (double)count, 0);
}

static const char *shown(drawing *d, double value)
{
    return wijk_shown_in(d->canvas.arena, d->canvas.lang, d->data.layer.indicator, value);
}

static const char *edge_words(drawing *d, double edge)
{
    return wijk_number_in(d->canvas.arena, d->canvas.lang, edge, d->data.classes.decimals);
}

static const char *name_of(const wijk_area *area)
{
    return area->name && *area->name ? area->name : area->code;
}

/* ---- the view ---------------------------------------------------------------------------- */

static void make_view(drawing *d)
{
    wijk_map_data *data = &d->data;
    double w = fmax(data->x1 - data->x0, 1), h = fmax(data->y1 - data->y0, 1);
    double tallest = d->map->kind == WIJK_MAP_AROUND ? 0.9 : 1.2;
    double ratio = fmin(fmax(h / w, 0.62), tallest);
    d->grid = wijk_map_grid(data->scale);
    d->height = round(d->canvas.width * ratio);
    /* Grow the smaller side, so that everything is in view and a metre is as long both ways. */
    double metres = fmax(w, h / ratio);
    double cx = (data->x0 + data->x1) / 2, cy = (data->y0 + data->y1) / 2;
    d->unit = metres / d->grid / d->canvas.width;
    d->vw = d->canvas.width * d->unit;
    d->vh = d->height * d->unit;
    d->vx = cx / d->grid - d->vw / 2;
    d->vy = (1000000 - cy) / d->grid - d->vh / 2;
}

/* RD metres to drawing units. */
static double to_x(const drawing *d, double x)
{
    return (x / d->grid - d->vx) / d->unit;
}

static double to_y(const drawing *d, double y)
{
    return ((1000000 - y) / d->grid - d->vy) / d->unit;
}

/* ---- areas ------------------------------------------------------------------------------- */

static void area_title(drawing *d, const wijk_map_area *at)
{
    const char *name = name_of(&at->area);
    const char *period = wijk_svg_period(d->canvas.arena, d->canvas.lang, d->data.layer.period);
    wijk_str_add(&d->canvas.body, "<title>");
    if (!d->data.layer.indicator) {
        wijk_svg_escape(&d->canvas.body, name);
    } else if (at->class < 0) {
        wijk_svg_escape(&d->canvas.body, fill(d, T_FIGURE_MAP_TITLE_NONE, name, NULL, NULL));
    } else {
        const char *why = d->data.layer.values ? d->data.layer.values->grey_label : NULL;
        enum wijk_text_key key =
            at->grey && !why ? T_FIGURE_MAP_TITLE_GREY : T_FIGURE_MAP_TITLE_VALUE;
        if (at->grey && why) {
            const char *both = wijk_arena_printf(d->canvas.arena, "%s, %s", period, why);
            period = both ? both : period;
        }
        wijk_svg_escape(&d->canvas.body, fill(d, key, name, shown(d, at->value), period));
    }
    wijk_str_add(&d->canvas.body, "</title>");
}

static void draw_area(drawing *d, const wijk_map_area *at)
{
    wijk_str *body = &d->canvas.body;
    wijk_str link = WIJK_STR_INIT;
    if (d->map->link) {
        d->map->link(d->map->payload, &link, &at->area);
        wijk_str_add(body, "<a href=\"");
        wijk_svg_escape(body, wijk_str_text(&link));
        wijk_str_add(body, "\" tabindex=\"-1\">");
    }
    if (wijk_str_status(&link)) {
        body->status = wijk_str_status(&link);
    }
    wijk_str_free(&link);
    wijk_str_addf(body, "<path id=\"%s-", d->canvas.style.id);
    wijk_svg_escape(body, at->area.code);
    wijk_str_add(body, "\" data-code=\"");
    wijk_svg_escape(body, at->area.code);
    wijk_str_addc(body, '"');
    if (isfinite(at->area.x) && isfinite(at->area.y)) {
        wijk_svg_attr(body, "data-x", round(to_x(d, at->area.x)));
        wijk_svg_attr(body, "data-y", round(to_y(d, at->area.y)));
    }
    if (at->self) {
        wijk_str_add(body, " aria-current=\"true\"");
    }
    wijk_str_addf(body, " d=\"%s\">", at->path);
    area_title(d, at);
    wijk_str_add(body, d->map->link ? "</path></a>" : "</path>");
}

/* The tag of an element that holds a class: 0 and up a colour, then grey, then no data. */
static void begin_group(drawing *d, const char *tag, int group)
{
    wijk_str *body = &d->canvas.body;
    wijk_str_add(body, tag);
    if (group == WIJK_CLASSES_MAX) {
        wijk_str_add(body, " class=\"grey\"");
        wijk_svg_hatched(body, &d->canvas);
    } else {
        wijk_str_addf(body, " class=\"%s\"",
                      group > WIJK_CLASSES_MAX ? "nodata" : d->data.classes.token[group]);
    }
}

/* A group per class; within it the areas in order of their code. */
static void draw_group(drawing *d, int group)
{
    wijk_str *body = &d->canvas.body;
    const wijk_map_data *data = &d->data;
    int open = 0;
    for (size_t i = 0; i < data->count && data->areas; i++) {
        const wijk_map_area *at = &data->areas[i];
        int of = at->class < 0 ? WIJK_CLASSES_MAX + 1 : at->grey ? WIJK_CLASSES_MAX : at->class;
        if (of != group) {
            continue;
        }
        if (!open) {
            begin_group(d, "<g", group);
            wijk_str_addc(body, '>');
            open = 1;
        }
        draw_area(d, at);
    }
    if (!data->areas && data->grouped[group].size) {
        begin_group(d, "<path", group);
        wijk_str_add(body, " d=\"");
        wijk_str_addn(body, data->grouped[group].data, data->grouped[group].size);
        wijk_str_add(body, "\"/>");
    }
    wijk_str_add(body, open ? "</g>" : "");
}

static void outline(drawing *d, const char *path)
{
    static const char *const classes[] = {"self-halo", "self"};
    for (int i = d->map->kind == WIJK_MAP_COUNTRY; i < 2; i++) {
        wijk_str_addf(&d->canvas.body, "<path class=\"%s\" d=\"%s\"/>", classes[i], path);
    }
}

static void draw_self(drawing *d)
{
    for (size_t i = 0; i < d->data.count && d->data.areas; i++) {
        if (d->data.areas[i].self) {
            outline(d, d->data.areas[i].path);
        }
    }
}

/* The hatch of a map lies in path units: scaled, so that its lines are as wide as elsewhere. */
static void map_hatch(drawing *d)
{
    wijk_str *body = &d->canvas.body;
    wijk_str_addf(body,
                  "<defs><pattern id=\"%s-hatch\" width=\"5\" height=\"5\" "
                  "patternUnits=\"userSpaceOnUse\" patternTransform=\"scale(",
                  d->canvas.style.id);
    wijk_str_addg(body, round(d->unit * 1e4) / 1e4);
    wijk_str_add(body, ") rotate(45)\"><rect class=\"hatchback\" width=\"5\" height=\"5\"/>"
                       "<line class=\"hatch\" x1=\"2.5\" x2=\"2.5\" y2=\"5\"/></pattern></defs>");
}

/* In a page the style sheet keeps lines equally thin at any zoom (vector-effect). Renderers of
 * files do not all know that: there the widths are written in path units. */
static void file_strokes(drawing *d)
{
    static const struct {
        const char *selector;
        double width;
    } strokes[] = {{"path", 0.6}, {".self", 2.4}, {".self-halo", 5}};
    wijk_str *body = &d->canvas.body;
    if (!d->canvas.style.standalone) {
        return;
    }
    wijk_str_add(body, "<style>");
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++) {
        wijk_str_addf(body, ".fig .view %s{stroke-width:", strokes[i].selector);
        wijk_svg_num(body, strokes[i].width * d->unit);
        wijk_str_add(body, "}");
    }
    wijk_str_add(body, ".fig .fine path{stroke-width:");
    wijk_svg_num(body, 0.25 * d->unit);
    wijk_str_add(body, "}</style>");
}

static void draw_view(drawing *d)
{
    wijk_str *body = &d->canvas.body;
    file_strokes(d);
    wijk_svg_rect(body, "sea", 0, 0, d->canvas.width, d->height, 0);
    wijk_str_add(body, "<svg class=\"map-view\"");
    wijk_svg_attr(body, "width", d->canvas.width);
    wijk_svg_attr(body, "height", d->height);
    wijk_str_add(body, " viewBox=\"");
    const double box[] = {d->vx, d->vy, d->vw, d->vh};
    for (int i = 0; i < 4; i++) {
        wijk_str_add(body, i ? " " : "");
        wijk_svg_num(body, box[i]);
    }
    wijk_str_add(body, "\">");
    if (d->data.grey) {
        map_hatch(d);
    }
    wijk_str_add(body, d->data.areas ? "<g class=\"view\">" : "<g class=\"view fine\">");
    for (int group = 0; group < WIJK_CLASSES_MAX + 2; group++) {
        draw_group(d, group);
    }
    draw_self(d);
    wijk_str_add(body, "</g>");
}

/* ---- names on the map -------------------------------------------------------------------- */

typedef struct {
    double x0, y0, x1, y1;
} box;

static int overlaps(const box *a, const box *b)
{
    return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static double longest_word(const char *text, double size, int bold)
{
    double longest = 0;
    char word[128];
    while (*text) {
        size_t n = strcspn(text, " -");
        n += text[n] == '-';
        size_t kept = n < sizeof word - 1 ? n : sizeof word - 1;
        memcpy(word, text, kept);
        word[kept] = 0;
        longest = fmax(longest, wijk_svg_width(word, size, bold));
        text += n + (text[n] == ' ');
    }
    return longest;
}

typedef struct {
    box taken[60];
    size_t count;
} name_plan;

/* Writes one name when it fits in its area, in view, and beside the names there are. The area's own
 * name may be wider than the area. */
static void draw_name(drawing *d, name_plan *plan, const wijk_map_area *at)
{
    const wijk_area *area = &at->area;
    double size = at->self ? 12 : 10.5, x = to_x(d, area->x), y = to_y(d, area->y);
    double wide = to_x(d, area->x1) - to_x(d, area->x0);
    double high = to_y(d, area->y0) - to_y(d, area->y1);
    double room = at->self ? 150 : fmin(wide * 0.86, 130), widest = 0;
    const char *rows[3];
    if (longest_word(area->name, size, at->self) > room) {
        return;
    }
    size_t n = wijk_svg_wrap(rows, 3, d->canvas.arena, area->name, size, at->self, room);
    int cut = 0;
    for (size_t j = 0; j < n; j++) {
        widest = fmax(widest, wijk_svg_width(rows[j], size, at->self));
        cut |= strstr(rows[j], "…") != NULL;
    }
    double tall = (double)n * size * 1.15;
    box now = {x - widest / 2 - 2, y - tall / 2, x + widest / 2 + 2, y + tall / 2};
    int fits = at->self || (!cut && tall < high * 0.8);
    fits &= now.x0 > 0 && now.y0 > 0 && now.x1 < d->canvas.width && now.y1 < d->height - 26;
    for (size_t j = 0; j < plan->count && fits; j++) {
        fits = !overlaps(&now, &plan->taken[j]);
    }
    if (!fits) {
        return;
    }
    plan->taken[plan->count++] = now;
    for (size_t j = 0; j < n; j++) {
        wijk_svg_text(&d->canvas.body, x, y - tall / 2 + size * (0.95 + 1.15 * (double)j),
                      WIJK_MIDDLE, at->self ? "small strong halo" : "tiny halo", rows[j]);
    }
}

/* The area's own name first, so that others give way to it. */
static void draw_names(drawing *d)
{
    name_plan plan = {.count = 0};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < d->data.count && d->data.areas && plan.count < 60; i++) {
            const wijk_map_area *at = &d->data.areas[i];
            int named = at->self || d->map->kind != WIJK_MAP_COUNTRY;
            if (named && at->self == (pass == 0) && *at->area.name && isfinite(at->area.x)) {
                draw_name(d, &plan, at);
            }
        }
    }
}

/* A ring and a name where the area is, on a map too coarse to show it. */
static void draw_ring(drawing *d)
{
    if (d->data.areas || !isfinite(d->self.x) || !d->self.id) {
        return;
    }
    double x = to_x(d, d->self.x), y = to_y(d, d->self.y);
    double wide = wijk_svg_width(name_of(&d->self), 12, 1);
    int left = x + 18 + wide > d->canvas.width;
    wijk_svg_circle(&d->canvas.body, "ring-halo", x, y, 10);
    wijk_svg_circle(&d->canvas.body, "ring", x, y, 10);
    wijk_svg_text(&d->canvas.body, left ? x - 15 : x + 15, y + 4, left ? WIJK_END : WIJK_START,
                  "small strong halo", name_of(&d->self));
}

static void draw_labels(drawing *d)
{
    wijk_str *body = &d->canvas.body;
    wijk_str_add(body, "<g class=\"labels\" aria-hidden=\"true\" transform=\"translate(");
    wijk_svg_num(body, d->vx);
    wijk_str_addc(body, ' ');
    wijk_svg_num(body, d->vy);
    wijk_str_add(body, ") scale(");
    wijk_str_addg(body, round(d->unit * 1e6) / 1e6);
    wijk_str_add(body, ")\">");
    draw_names(d);
    draw_ring(d);
    wijk_str_add(body, "</g></svg>");
}

static void draw_scale(drawing *d)
{
    double per_unit = d->unit * d->grid; /* metres of one drawing unit */
    double most = per_unit * d->canvas.width / 4, power = pow(10, floor(log10(most)));
    double metres = (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1) * power;
    double wide = metres / per_unit, y = d->height - 10;
    const char *words = metres >= 1000
                            ? wijk_arena_printf(d->canvas.arena, "%.0f km", metres / 1000)
                            : wijk_arena_printf(d->canvas.arena, "%.0f m", metres);
    wijk_str *body = &d->canvas.body;
    wijk_str_addf(body,
                  "<g class=\"scale-bar\" data-metres=\"%.0f\"><path class=\"scale-halo\" "
                  "d=\"M8 ",
                  metres);
    for (int i = 0; i < 2; i++) {
        wijk_svg_num(body, y - 5);
        wijk_str_add(body, "v5h");
        wijk_svg_num(body, wide);
        wijk_str_add(body, i ? "v-5\"/>" : "v-5\"/><path class=\"scale\" d=\"M8 ");
    }
    wijk_svg_text(body, 14 + wide, y + 1, WIJK_START, "tiny halo", words ? words : "");
    wijk_str_add(body, "</g>");
}

/* ---- legend ------------------------------------------------------------------------------ */

static const char *class_words(drawing *d, int i)
{
    const wijk_classes *classes = &d->data.classes;
    if (classes->whole) {
        return count_words(d, (size_t)i + 1);
    }
    if (classes->count == 1) {
        return text_of(d, T_FIGURE_MAP_AREAS);
    }
    if (i == 0) {
        return fill(d, T_FIGURE_MAP_BELOW, edge_words(d, classes->edge[1]), NULL, NULL);
    }
    const char *low = edge_words(d, classes->edge[i]);
    return i + 1 == classes->count
               ? fill(d, T_FIGURE_MAP_ABOVE, low, NULL, NULL)
               : fill(d, T_FIGURE_MAP_FROM_TO, low, edge_words(d, classes->edge[i + 1]), NULL);
}

/* Class of the area itself, -1 when unknown. */
static int class_of_self(const drawing *d)
{
    int found = -1;
    for (size_t i = 0; i < d->data.count && d->data.areas; i++) {
        if (d->data.areas[i].self && !d->data.areas[i].grey && found < 0) {
            found = d->data.areas[i].class;
        }
    }
    return found;
}

/* "WOZ-waarde, duizend euro" */
static const char *legend_heading(drawing *d)
{
    const wijk_indicator *indicator = d->data.layer.indicator;
    const char *label = indicator->label[d->canvas.lang];
    const char *unit = wijk_svg_unit(d->canvas.lang, indicator);
    const char *both = wijk_arena_printf(d->canvas.arena, *unit ? "%s, %s" : "%s", label, unit);
    return both ? both : label;
}

/* A bar of colours with the edges between them and the number of areas in each. */
static void draw_bar(drawing *d, double top)
{
    wijk_str *body = &d->canvas.body;
    const wijk_classes *classes = &d->data.classes;
    double wide = d->canvas.width / classes->count;
    wijk_svg_text(body, 0, top, WIJK_START, "small strong",
                  wijk_svg_fit(d->canvas.arena, legend_heading(d), 11.5, 1, d->canvas.width));
    double y = top + 9;
    for (int i = 0; i < classes->count; i++) {
        wijk_str_addf(body, "<rect class=\"%s key\"", classes->token[i]);
        wijk_svg_attr(body, "x", wide * i + 0.5);
        wijk_svg_attr(body, "y", y);
        wijk_svg_attr(body, "width", wide - 1);
        wijk_svg_attr(body, "height", CELL);
        wijk_str_add(body, "><title>");
        wijk_svg_escape(body, class_words(d, i));
        wijk_str_add(body, ": ");
        wijk_svg_escape(body, count_words(d, d->data.in_class[i]));
        wijk_str_add(body, "</title></rect>");
        const char *count =
            wijk_arena_printf(d->canvas.arena, "%s×", count_words(d, d->data.in_class[i]));
        wijk_svg_text(body, wide * (i + 0.5), y + CELL + 28, WIJK_MIDDLE, "tiny soft num",
                      count ? count : "");
        if (classes->whole) {
            wijk_svg_text(body, wide * (i + 0.5), y + CELL + 14, WIJK_MIDDLE, "small num",
                          count_words(d, (size_t)i + 1));
        } else if (i) {
            wijk_svg_text(body, wide * i, y + CELL + 14, WIJK_MIDDLE, "small num",
                          edge_words(d, classes->edge[i]));
        }
    }
    int self = class_of_self(d);
    if (self >= 0) {
        wijk_svg_rect(body, "self", wide * self + 1, y + 0.5, wide - 2, CELL - 1, 0);
    }
    d->canvas.height = y + CELL + 30;
}

static void draw_legend(drawing *d)
{
    wijk_key keys[4];
    size_t count = 0;
    double y = d->height + 20;
    d->canvas.height = d->height;
    if (d->data.classes.count) {
        draw_bar(d, y);
    }
    if (d->data.grey) {
        const char *many = count_words(d, d->data.grey);
        const char *why = d->data.layer.values ? d->data.layer.values->grey_label : NULL;
        const char *text = why ? wijk_arena_printf(d->canvas.arena, "%s (%s)", why, many)
                               : fill(d, T_FIGURE_MAP_GREY, many, NULL, NULL);
        keys[count++] = (wijk_key){WIJK_KEY_HATCH, "key", text ? text : ""};
    }
    if (d->data.unknown && d->data.layer.indicator) {
        keys[count++] =
            (wijk_key){WIJK_KEY_BOX, "nodata key",
                       fill(d, T_FIGURE_MAP_UNKNOWN, count_words(d, d->data.unknown), NULL, NULL)};
    }
    if (d->self.id && (class_of_self(d) >= 0 || d->map->kind == WIJK_MAP_AROUND)) {
        keys[count++] = (wijk_key){WIJK_KEY_OUTLINE, "self", name_of(&d->self)};
    }
    if (count) {
        /* The hatch of the legend is drawn at the legend's own scale. */
        const char *kept = d->canvas.style.id;
        const char *own = wijk_arena_printf(d->canvas.arena, "%s-key", kept);
        d->canvas.style.id = own ? own : kept;
        if (d->data.grey) {
            wijk_svg_hatch(&d->canvas);
        }
        wijk_svg_legend(&d->canvas, keys, count);
        d->canvas.style.id = kept;
    }
    if (d->data.classes.count && !d->data.classes.whole && !d->data.fictional &&
        !d->data.layer.values) {
        const char *note = text_of(d, isfinite(d->data.classes.centre) ? T_FIGURE_MAP_CENTRE
                                                                       : T_FIGURE_MAP_COLOURS);
        d->canvas.height += 14;
        wijk_svg_text(&d->canvas.body, 0, d->canvas.height, WIJK_START, "tiny soft",
                      wijk_svg_fit(d->canvas.arena, note, 10.5, 0, d->canvas.width));
        d->canvas.height += 4;
    }
}

/* ---- words ------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const char *rank_words(drawing *d, const wijk_map_area *self)
{
    size_t others = 0, higher = 0, lower = 0;
    for (size_t i = 0; i < d->data.count; i++) {
        const wijk_map_area *at = &d->data.areas[i];
        if (!at->self && at->class >= 0 && !at->grey) {
            others++;
            higher += at->value > self->value;
            lower += at->value < self->value;
        }
    }
    const char *args[5] = {name_of(&self->area), shown(d, self->value), count_words(d, others),
                           count_words(d, higher), count_words(d, lower)};
    enum wijk_text_key key = others ? T_FIGURE_MAP_RANK : T_FIGURE_MAP_ALONE;
    return wijk_svg_fill(d->canvas.arena, text_of(d, key), args, 5);
}

/* How the values on a small map run; grey ones are left out. */
static const char *spread_words(drawing *d)
{
    double *values = wijk_arena_alloc(d->canvas.arena, (d->data.count + 1) * sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < d->data.count && values; i++) {
        if (d->data.areas[i].class >= 0 && !d->data.areas[i].grey) {
            values[n++] = d->data.areas[i].value;
        }
    }
    if (!n) {
        return text_of(d, T_FIGURE_MAP_NONE);
    }
    qsort(values, n, sizeof *values, by_number);
    if (values[0] == values[n - 1]) {
        return fill(d, T_FIGURE_MAP_ONE, shown(d, values[0]), NULL, NULL);
    }
    const char *args[4] = {shown(d, values[0]), shown(d, values[n - 1]), shown(d, values[n / 4]),
                           shown(d, values[n - 1 - n / 4])};
    return wijk_svg_fill(d->canvas.arena, text_of(d, T_FIGURE_MAP_SPREAD), args, 4);
}

static const char *map_message(drawing *d)
{
    const wijk_map_layer *layer = &d->data.layer;
    if (!layer->indicator) {
        return text_of(d, T_FIGURE_MAP_ONLY_BORDERS);
    }
    if (d->data.unknown == d->data.count) {
        return text_of(d, T_FIGURE_MAP_NONE);
    }
    if (!d->data.areas) {
        const char *args[4] = {count_words(d, d->data.count - d->data.unknown),
                               shown(d, layer->spread[1]), shown(d, layer->spread[3]),
                               shown(d, layer->spread[2])};
        return wijk_svg_fill(d->canvas.arena, text_of(d, T_FIGURE_MAP_HALF), args, 4);
    }
    const wijk_map_area *self = NULL;
    size_t selves = 0;
    for (size_t i = 0; i < d->data.count; i++) {
        if (d->data.areas[i].self) {
            self = &d->data.areas[i];
            selves++;
        }
    }
    if (selves == 1 && self->class >= 0 && !self->grey) {
        return rank_words(d, self);
    }
    const char *spread = spread_words(d);
    if (selves == 1 && self->class < 0) {
        const char *both = wijk_arena_printf(
            d->canvas.arena, "%s %s",
            fill(d, T_FIGURE_MAP_SELF_NONE, name_of(&self->area), NULL, NULL), spread);
        return both ? both : spread;
    }
    return spread;
}

static void write_words(drawing *d)
{
    wijk_figure *out = d->canvas.out;
    wijk_arena *arena = d->canvas.arena;
    const wijk_map_layer *layer = &d->data.layer;
    const char *what = layer->indicator ? layer->indicator->label[d->canvas.lang]
                                        : text_of(d, T_FIGURE_MAP_BORDERS);
    if (layer->indicator && layer->period) {
        const char *dated = wijk_arena_printf(
            arena, "%s, %s", what, wijk_svg_period(arena, d->canvas.lang, layer->period));
        what = dated ? dated : what;
    }
    const char *where = d->self.id ? name_of(&d->self) : "";
    out->title =
        d->map->kind == WIJK_MAP_COUNTRY
            ? fill(d, T_FIGURE_MAP_COUNTRY, what, NULL, NULL)
            : fill(d, d->map->kind == WIJK_MAP_AROUND ? T_FIGURE_MAP_AROUND : T_FIGURE_MAP_WITHIN,
                   what, where, NULL);
    if (d->map->kind != WIJK_MAP_AROUND && layer->level >= WIJK_GEMEENTE &&
        layer->level <= WIJK_LOCAL) {
        const char *grain = wijk_arena_printf(
            arena, "%s, %s", out->title,
            text_of(d, (enum wijk_text_key)(T_FIGURE_MAP_GRAIN_1 + (int)layer->level - 1)));
        out->title = grain ? grain : out->title;
    }
    out->title = layer->values ? layer->values->title : out->title;
    out->message =
        layer->values && layer->values->message ? layer->values->message : map_message(d);
}

static void write_source(drawing *d)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_arena *arena = d->canvas.arena;
    const wijk_map_layer *layer = &d->data.layer;
    for (size_t i = 0; i < d->data.publisher_count; i++) {
        wijk_str_add(&text, i ? "; " : "");
        wijk_str_add(&text, d->data.publishers[i]);
    }
    wijk_str_add(&text, d->data.publisher_count ? "; " : "");
    wijk_str_add(&text,
                 fill(d, T_FIGURE_MAP_BOUNDS, wijk_svg_year(arena, layer->vintage), NULL, NULL));
    if (layer->indicator && layer->from_vintage != layer->vintage) {
        wijk_str_add(&text, "; ");
        wijk_str_add(&text, fill(d, T_FIGURE_MAP_LINKED, wijk_svg_year(arena, layer->from_vintage),
                                 NULL, NULL));
    }
    if (d->data.fictional) {
        wijk_str_add(&text, "; ");
        wijk_str_add(&text, text_of(d, T_FIGURE_MAP_FICTIONAL));
    }
    d->canvas.out->source = fill(d, T_FIGURE_SOURCE, wijk_str_text(&text), NULL, NULL);
    wijk_str_free(&text);
}

static int write_table(drawing *d)
{
    wijk_figure *out = d->canvas.out;
    const wijk_map_data *data = &d->data;
    size_t rows = data->areas ? data->count : (size_t)data->classes.count + 2;
    size_t columns = data->areas && data->layer.indicator ? 3 : data->areas ? 1 : 2;
    int rc = wijk_table_begin(out, d->canvas.arena, columns, rows);
    if (rc) {
        return rc;
    }
    if (!data->areas) {
        out->head[0] = text_of(d, T_FIGURE_MAP_CLASS);
        out->head[1] = text_of(d, T_FIGURE_MAP_COUNT);
        for (int i = 0; i < data->classes.count; i++) {
            wijk_table_set(out, (size_t)i, 0, class_words(d, i));
            wijk_table_set(out, (size_t)i, 1, count_words(d, data->in_class[i]));
        }
        wijk_table_set(out, rows - 2, 0, text_of(d, T_FIGURE_UNRELIABLE));
        wijk_table_set(out, rows - 2, 1, count_words(d, data->grey));
        wijk_table_set(out, rows - 1, 0, text_of(d, T_FIGURE_STACKS_UNKNOWN));
        wijk_table_set(out, rows - 1, 1, count_words(d, data->unknown));
        return 0;
    }
    out->head[0] = text_of(d, T_FIGURE_AREA);
    if (columns == 3) {
        out->head[1] = data->layer.indicator->label[d->canvas.lang];
        out->head[2] = text_of(d, T_FIGURE_PERIOD);
    }
    const char *period = wijk_svg_period(d->canvas.arena, d->canvas.lang, data->layer.period);
    for (size_t i = 0; i < data->count; i++) {
        const wijk_map_area *at = &data->areas[i];
        wijk_table_set(out, i, 0, name_of(&at->area));
        if (columns == 3) {
            const char *value = at->class < 0 ? "–" : shown(d, at->value);
            const char *why = data->layer.values ? data->layer.values->grey_label : NULL;
            const char *marked = !at->grey ? value
                                 : why ? wijk_arena_printf(d->canvas.arena, "%s (%s)", value, why)
                                       : fill(d, T_FIGURE_UNRELIABLE_MARK, value, NULL, NULL);
            wijk_table_set(out, i, 1, marked ? marked : value);
            wijk_table_set(out, i, 2, at->class < 0 ? "" : period);
        }
    }
    return 0;
}

/* ---- the door ---------------------------------------------------------------------------- */

/* The same place with borders, where the newest row of it has none: by code for a postcode, else
 * only by a link that says that code and name, or borders, are equal. */
static int with_borders(wijk_area *area, wijk_store *store, wijk_arena *arena)
{
    if (isfinite(area->x0) || area->level == WIJK_OWN || area->level == WIJK_LAND) {
        return 0;
    }
    wijk_stmt *stmt =
        area->level == WIJK_PC4
            ? wijk_store_sql(store, "SELECT id FROM area WHERE level=4 AND code=?2 AND x0 IS NOT "
                                    "NULL AND ?1 ORDER BY vintage DESC LIMIT 1")
            : wijk_store_sql(store, "SELECT a.id FROM area_link l CROSS JOIN area a ON "
                                    "a.id=l.from_id WHERE l.to_id=?1 AND l.kind=0 AND a.x0 IS NOT "
                                    "NULL AND ?2 <> '' ORDER BY a.vintage DESC LIMIT 1");
    int64_t other = 0;
    wijk_bind_int(stmt, 1, area->id);
    wijk_bind_text(stmt, 2, area->code);
    int rc = wijk_run_int(&other, stmt, 0);
    return rc || !other ? rc : wijk_area_get(area, store, arena, other);
}

int wijk_figure_map(wijk_figure *out, wijk_store *store, const wijk_registry *registry,
                    wijk_arena *arena, const wijk_figure_style *style, const wijk_map *map)
{
    drawing d = {.self = {.x0 = NAN, .x = NAN, .y = NAN}};
    wijk_map asked = *map;
    int rc = map->area ? wijk_area_get(&d.self, store, arena, map->area) : 0;
    rc = rc || !map->area ? rc : with_borders(&d.self, store, arena);
    if (rc) {
        return rc;
    }
    asked.area = d.self.id;
    if (d.self.level == WIJK_LAND && d.self.id && map->kind != WIJK_MAP_COUNTRY) {
        asked.kind = WIJK_MAP_COUNTRY;
        asked.level = map->kind == WIJK_MAP_AROUND ? WIJK_GEMEENTE : map->level;
        asked.area = 0;
    }
    d.map = &asked;
    wijk_canvas_begin(&d.canvas, out, arena, style, "map");
    rc = wijk_map_read(&d.data, store, registry, arena, &asked, &d.self, d.canvas.width);
    if (!rc) {
        d.canvas.links = d.data.areas != NULL && asked.link != NULL;
        make_view(&d);
        write_words(&d);
        write_source(&d);
        draw_view(&d);
        draw_labels(&d);
        draw_scale(&d);
        draw_legend(&d);
        rc = write_table(&d);
    }
    int written = rc ? (wijk_str_free(&d.canvas.body), rc) : wijk_canvas_end(&d.canvas);
    wijk_map_data_free(&d.data);
    return written;
}
