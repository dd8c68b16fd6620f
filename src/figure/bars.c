/* Figures without a time axis: bars around zero, where an area lies among all, parts of a whole.
 * Positions on a common scale carry the message (Cleveland & McGill 1984,
 * doi:10.1080/01621459.1984.10478080); colour only repeats it. */
#include "figure/svg.h"

#include <math.h>
#include <string.h>

#define LETTER 13.0

static const char *number(wijk_canvas *canvas, double value, int decimals)
{
    return wijk_number_in(canvas->arena, canvas->lang, value, decimals);
}

static const char *filled(wijk_canvas *canvas, enum wijk_text_key key, const char *const *args,
                          size_t count)
{
    return wijk_svg_fill(canvas->arena, wijk_text(canvas->lang, key), args, count);
}

/* "12,4%", "12,4 km": the unit behind the number when there is one. */
static const char *with_unit(wijk_canvas *canvas, double value, int decimals, const char *unit)
{
    const char *text = number(canvas, value, decimals);
    if (unit && *unit && isfinite(value)) {
        const char *gap = strcmp(unit, "%") ? "\u00A0" : "";
        text = wijk_arena_printf(canvas->arena, "%s%s%s", text, gap, unit);
    }
    return text ? text : "";
}

static const char *marked(wijk_canvas *canvas, const char *text, int grey)
{
    return grey ? filled(canvas, T_FIGURE_UNRELIABLE_MARK, &text, 1) : text;
}

static const char *with_band(wijk_canvas *canvas, const char *value, double low, double high,
                             int decimals, int grey)
{
    if (isfinite(low) && isfinite(high) && high > low) {
        const char *args[3] = {value, number(canvas, low, decimals),
                               number(canvas, high, decimals)};
        value = filled(canvas, T_FIGURE_BETWEEN, args, 3);
    }
    return marked(canvas, value, grey);
}

static void draw_nothing(wijk_canvas *canvas)
{
    wijk_svg_rect(&canvas->body, "nodata", 0, 4, canvas->width, 56, 4);
    wijk_svg_text(&canvas->body, canvas->width / 2, 37, WIJK_MIDDLE, "soft",
                  wijk_text(canvas->lang, T_FIGURE_NONE));
    canvas->height = 64;
}

/* ---- bars around zero -------------------------------------------------------------------- */

typedef struct {
    double left, right, zero, unit; /* drawing units; unit = width of value 1 */
    double names;
} bar_space;

static bar_space space_for(wijk_canvas *canvas, const wijk_bars_chart *chart)
{
    bar_space space = {0};
    double low = 0, high = 0, value_room = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_bar *bar = &chart->bars[i];
        const double parts[] = {bar->value, bar->low, bar->high, bar->other};
        for (size_t j = 0; j < 4; j++) {
            low = isfinite(parts[j]) ? fmin(low, parts[j]) : low;
            high = isfinite(parts[j]) ? fmax(high, parts[j]) : high;
        }
        space.names = fmax(space.names, wijk_svg_width(bar->name, LETTER, 0));
        value_room = fmax(value_room,
                          wijk_svg_width(number(canvas, bar->value, chart->decimals), LETTER, 1));
    }
    /* Zero in the middle: equal distances left and right read as equally far. */
    double reach = fmax(fmax(-low, high), 1e-9);
    space.names = fmin(space.names, canvas->width * 0.36) + 12;
    space.left = space.names + value_room + 12;
    space.right = canvas->width - value_room - 12;
    space.zero = (space.left + space.right) / 2;
    space.unit = (space.right - space.left) / 2 / reach;
    return space;
}

static void draw_bar(wijk_canvas *canvas, const wijk_bars_chart *chart, const wijk_bar *bar,
                     const bar_space *space, double y)
{
    wijk_str *body = &canvas->body;
    const char *rows[2];
    size_t lines = wijk_svg_wrap(rows, 2, canvas->arena, bar->name, LETTER, 0, space->names - 10);
    for (size_t i = 0; i < lines; i++) {
        wijk_svg_text(body, 0, y + 17 + (double)i * 14 - (lines > 1 ? 7 : 0), WIJK_START, NULL,
                      rows[i]);
    }
    if (!isfinite(bar->value)) {
        wijk_svg_text(body, space->zero + 6, y + 17, WIJK_START, "soft", "–");
        return;
    }
    double end = space->zero + bar->value * space->unit;
    double left = fmin(end, space->zero), right = fmax(end, space->zero);
    wijk_str_addf(body, "<rect%s",
                  bar->grey        ? ""
                  : bar->value < 0 ? " class=\"d1\""
                                   : " class=\"d7\"");
    if (bar->grey) {
        wijk_svg_hatched(body, canvas);
    }
    wijk_svg_attr(body, "x", left);
    wijk_svg_attr(body, "y", y + 4);
    wijk_svg_attr(body, "width", fmax(right - left, 1));
    wijk_str_add(body, " height=\"17\" rx=\"1.5\"><title>");
    wijk_svg_escape(body, bar->name);
    wijk_str_add(body, ": ");
    wijk_svg_escape(body, with_band(canvas, number(canvas, bar->value, chart->decimals), bar->low,
                                    bar->high, chart->decimals, bar->grey));
    wijk_str_add(body, "</title></rect>");
    if (isfinite(bar->low) && isfinite(bar->high) && bar->high > bar->low) {
        double a = space->zero + bar->low * space->unit, b = space->zero + bar->high * space->unit;
        wijk_svg_line(body, "whisker", a, y + 12.5, b, y + 12.5);
        left = fmin(left, a);
        right = fmax(right, b);
    }
    if (isfinite(bar->other)) {
        double at = space->zero + bar->other * space->unit;
        wijk_svg_line(body, "tick-halo", at, y + 1, at, y + 24);
        wijk_svg_line(body, "tick-other", at, y + 1, at, y + 24);
        left = fmin(left, at - 2);
        right = fmax(right, at + 2);
    }
    int below = bar->value < 0;
    wijk_svg_text(body, below ? left - 6 : right + 6, y + 17, below ? WIJK_END : WIJK_START,
                  "num strong", number(canvas, bar->value, chart->decimals));
}

static const char *bars_message(wijk_canvas *canvas, const wijk_bars_chart *chart)
{
    const wijk_bar *high = NULL, *low = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_bar *bar = &chart->bars[i];
        if (isfinite(bar->value)) {
            high = !high || bar->value > high->value ? bar : high;
            low = !low || bar->value < low->value ? bar : low;
        }
    }
    if (!high) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    const char *args[5] = {chart->self, high->name, number(canvas, high->value, chart->decimals),
                           low->name, number(canvas, low->value, chart->decimals)};
    return high == low ? filled(canvas, T_FIGURE_BARS_ONE, args, 3)
                       : filled(canvas, T_FIGURE_BARS_ENDS, args, 5);
}

static int bars_table(wijk_canvas *canvas, const wijk_bars_chart *chart)
{
    size_t columns = chart->other ? 3 : 2;
    int rc = wijk_table_begin(canvas->out, canvas->arena, columns, chart->count);
    if (rc) {
        return rc;
    }
    canvas->out->head[0] = wijk_text(canvas->lang, T_FIGURE_PART);
    canvas->out->head[1] = chart->self;
    if (chart->other) {
        canvas->out->head[2] = chart->other;
    }
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_bar *bar = &chart->bars[i];
        wijk_table_set(canvas->out, i, 0, bar->name);
        wijk_table_set(canvas->out, i, 1,
                       with_band(canvas, number(canvas, bar->value, chart->decimals), bar->low,
                                 bar->high, chart->decimals, bar->grey));
        if (chart->other) {
            wijk_table_set(canvas->out, i, 2, number(canvas, bar->other, chart->decimals));
        }
    }
    return 0;
}

static void bars_legend(wijk_canvas *canvas, const wijk_bars_chart *chart)
{
    wijk_key keys[3];
    size_t count = 0;
    int grey = 0, band = 0;
    for (size_t i = 0; i < chart->count; i++) {
        grey |= chart->bars[i].grey;
        band |= chart->bars[i].high > chart->bars[i].low;
    }
    if (chart->other) {
        keys[count++] = (wijk_key){WIJK_KEY_TICK, "tick-other", chart->other};
    }
    if (band) {
        keys[count++] =
            (wijk_key){WIJK_KEY_LINE, "whisker", wijk_text(canvas->lang, T_FIGURE_BAND)};
    }
    if (grey) {
        keys[count++] =
            (wijk_key){WIJK_KEY_HATCH, "key", wijk_text(canvas->lang, T_FIGURE_UNRELIABLE)};
    }
    wijk_svg_legend(canvas, keys, count);
}

int wijk_figure_bars(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                     const wijk_bars_chart *chart)
{
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "bars");
    out->title = chart->title ? chart->title : "";
    out->source = chart->source ? chart->source : "";
    out->message = bars_message(&canvas, chart);
    wijk_svg_hatch(&canvas);
    bar_space space = space_for(&canvas, chart);
    double y = 0;
    if (chart->left && chart->right) {
        const char *left = wijk_arena_printf(arena, "← %s", chart->left);
        const char *right = wijk_arena_printf(arena, "%s →", chart->right);
        wijk_svg_text(&canvas.body, space.zero - 8, 12, WIJK_END, "small soft", left ? left : "");
        wijk_svg_text(&canvas.body, space.zero + 8, 12, WIJK_START, "small soft",
                      right ? right : "");
        y = 20;
    }
    for (size_t i = 0; i < chart->count; i++) {
        draw_bar(&canvas, chart, &chart->bars[i], &space, y + 32 * (double)i);
    }
    canvas.height = y + 32 * (double)chart->count;
    if (chart->count) {
        wijk_svg_line(&canvas.body, "zero", space.zero, y - 2, space.zero, canvas.height - 4);
        bars_legend(&canvas, chart);
    } else {
        draw_nothing(&canvas);
    }
    int rc = bars_table(&canvas, chart);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}

/* ---- strips ------------------------------------------------------------------------------ */

typedef struct {
    double low, high, width;
} strip_scale;

static strip_scale scale_of(const wijk_strip *strip, double width)
{
    double reach = strip->p90 - strip->p10;
    if (!(reach > 0)) { /* all alike: any scale shows that */
        reach = strip->p50 != 0 ? fabs(strip->p50) : 1;
    }
    return (strip_scale){strip->p10 - reach * 0.22, strip->p90 + reach * 0.22, width};
}

static double strip_x(const strip_scale *scale, double value)
{
    return (value - scale->low) / (scale->high - scale->low) * scale->width;
}

static int has_spread(const wijk_strip *strip)
{
    return isfinite(strip->p10) && isfinite(strip->p90) && isfinite(strip->p50);
}

/* A mark on the track, or an arrow at the edge for what lies beyond it. */
static void draw_mark(wijk_canvas *canvas, const strip_scale *scale, double value, double y,
                      enum wijk_shape_of_key shape, const char *class)
{
    if (!isfinite(value)) {
        return;
    }
    double x = strip_x(scale, value), edge = 7;
    if (x >= edge && x <= scale->width - edge) {
        wijk_svg_mark(&canvas->body, canvas, shape, class, x, y);
        return;
    }
    int left = x < edge;
    wijk_str_addf(&canvas->body, "<path class=\"%s\" d=\"M%d ", class,
                  left ? 1 : (int)scale->width - 1);
    wijk_svg_num(&canvas->body, y);
    wijk_str_addf(&canvas->body, "l%d-6v12z\"/>", left ? 10 : -10);
}

static const char *self_words(wijk_canvas *canvas, const wijk_strip *strip)
{
    return strip->shown ? strip->shown
                        : with_unit(canvas, strip->self, strip->decimals, strip->unit);
}

static void draw_strip(wijk_canvas *canvas, const wijk_strip *strip, double y)
{
    wijk_str *body = &canvas->body;
    const char *value = marked(canvas, self_words(canvas, strip), strip->grey);
    double room = wijk_svg_width(value, LETTER, 1) + 14;
    wijk_svg_text(body, 0, y + 13, WIJK_START, NULL,
                  wijk_svg_fit(canvas->arena, strip->name, 13, 0, canvas->width - room));
    wijk_svg_text(body, canvas->width, y + 13, WIJK_END, "num strong", value);
    if (!has_spread(strip)) {
        wijk_svg_text(body, 0, y + 31, WIJK_START, "small soft",
                      wijk_text(canvas->lang, T_FIGURE_STRIPS_NOSPREAD));
        return;
    }
    strip_scale scale = scale_of(strip, canvas->width);
    double track = y + 29;
    double a = strip_x(&scale, strip->p10), b = strip_x(&scale, strip->p90);
    double q = strip_x(&scale, isfinite(strip->p25) ? strip->p25 : strip->p50);
    double r = strip_x(&scale, isfinite(strip->p75) ? strip->p75 : strip->p50);
    double mid = strip_x(&scale, strip->p50);
    wijk_svg_rect(body, "track", a, track - 2.5, fmax(b - a, 1), 5, 2.5);
    wijk_svg_rect(body, "track-mid", q, track - 5, fmax(r - q, 1), 10, 2);
    wijk_svg_line(body, "track-line", mid, track - 5, mid, track + 5);
    if (isfinite(strip->low) && isfinite(strip->high) && strip->high > strip->low) {
        double from = fmax(strip_x(&scale, strip->low), 0);
        double to = fmin(strip_x(&scale, strip->high), canvas->width);
        wijk_svg_line(body, "whisker", from, track, fmax(to, from), track);
    }
    draw_mark(canvas, &scale, strip->land, track, WIJK_KEY_TRIANGLE, "dot-land");
    draw_mark(canvas, &scale, strip->gemeente, track, WIJK_KEY_DIAMOND, "dot-gemeente");
    draw_mark(canvas, &scale, strip->self, track, WIJK_KEY_DOT,
              strip->grey ? "dot-grey" : "dot-self");
    const char *low = number(canvas, strip->p10, strip->decimals);
    const char *high = number(canvas, strip->p90, strip->decimals);
    if (b - a > wijk_svg_width(low, 10.5, 0) + wijk_svg_width(high, 10.5, 0)) {
        wijk_svg_text(body, a, track + 17, WIJK_MIDDLE, "tiny soft num", low);
        wijk_svg_text(body, b, track + 17, WIJK_MIDDLE, "tiny soft num", high);
    }
}

/* How far outside the middle half, in widths of p10 … p90; 0 when inside. */
static double outside(const wijk_strip *strip)
{
    if (!has_spread(strip) || !isfinite(strip->self) || !isfinite(strip->p25) ||
        !isfinite(strip->p75) || strip->p90 <= strip->p10) {
        return 0;
    }
    return fmax(0, fmax(strip->p25 - strip->self, strip->self - strip->p75)) /
           (strip->p90 - strip->p10);
}

static const char *strips_message(wijk_canvas *canvas, const wijk_strips_chart *chart)
{
    size_t known = 0, inside = 0;
    const wijk_strip *most = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_strip *strip = &chart->strips[i];
        if (has_spread(strip) && isfinite(strip->self)) {
            known++;
            inside += outside(strip) == 0;
            if (outside(strip) > (most ? outside(most) : 0) && !strip->grey) {
                most = strip;
            }
        }
    }
    if (!known) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    const char *all = number(canvas, (double)known, 0);
    if (!most) {
        const char *args[3] = {chart->self, all, chart->among};
        return inside == known ? filled(canvas, T_FIGURE_STRIPS_ALL, args, 3) : "";
    }
    const char *args[7] = {chart->self,
                           number(canvas, (double)inside, 0),
                           all,
                           chart->among,
                           most->name,
                           self_words(canvas, most),
                           most->middle ? most->middle
                                        : with_unit(canvas, most->p50, most->decimals, most->unit)};
    return filled(canvas, T_FIGURE_STRIPS_MESSAGE, args, 7);
}

static int strips_table(wijk_canvas *canvas, const wijk_strips_chart *chart)
{
    wijk_figure *out = canvas->out;
    size_t columns = 5 + (chart->gemeente != NULL) + (chart->land != NULL);
    int rc = wijk_table_begin(out, canvas->arena, columns, chart->count);
    if (rc) {
        return rc;
    }
    size_t c = 0;
    out->head[c++] = wijk_text(canvas->lang, T_FIGURE_PART);
    out->head[c++] = chart->self;
    if (chart->gemeente) {
        out->head[c++] = chart->gemeente;
    }
    if (chart->land) {
        out->head[c++] = chart->land;
    }
    out->head[c++] = wijk_text(canvas->lang, T_FIGURE_STRIPS_HEAD_P10);
    out->head[c++] = wijk_text(canvas->lang, T_FIGURE_STRIPS_HEAD_P50);
    out->head[c++] = wijk_text(canvas->lang, T_FIGURE_STRIPS_HEAD_P90);
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_strip *strip = &chart->strips[i];
        c = 0;
        wijk_table_set(out, i, c++, strip->name);
        wijk_table_set(out, i, c++,
                       with_band(canvas, self_words(canvas, strip), strip->low, strip->high,
                                 strip->decimals, strip->grey));
        if (chart->gemeente) {
            wijk_table_set(out, i, c++, number(canvas, strip->gemeente, strip->decimals));
        }
        if (chart->land) {
            wijk_table_set(out, i, c++, number(canvas, strip->land, strip->decimals));
        }
        wijk_table_set(out, i, c++, number(canvas, strip->p10, strip->decimals));
        wijk_table_set(out, i, c++, number(canvas, strip->p50, strip->decimals));
        wijk_table_set(out, i, c++, number(canvas, strip->p90, strip->decimals));
    }
    return 0;
}

int wijk_figure_strips(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_strips_chart *chart)
{
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "strips");
    out->title = chart->title ? chart->title : "";
    out->source = chart->source ? chart->source : "";
    out->message = strips_message(&canvas, chart);
    for (size_t i = 0; i < chart->count; i++) {
        draw_strip(&canvas, &chart->strips[i], canvas.height);
        canvas.height += 60;
    }
    if (chart->count) {
        wijk_key keys[5];
        size_t n = 0;
        keys[n++] = (wijk_key){WIJK_KEY_DOT, "dot-self", chart->self ? chart->self : ""};
        if (chart->gemeente) {
            keys[n++] = (wijk_key){WIJK_KEY_DIAMOND, "dot-gemeente", chart->gemeente};
        }
        if (chart->land) {
            keys[n++] = (wijk_key){WIJK_KEY_TRIANGLE, "dot-land", chart->land};
        }
        keys[n++] = (wijk_key){WIJK_KEY_BOX, "track-mid",
                               filled(&canvas, T_FIGURE_STRIPS_HALF, &chart->among, 1)};
        keys[n++] = (wijk_key){WIJK_KEY_BOX, "track", wijk_text(canvas.lang, T_FIGURE_STRIPS_MOST)};
        wijk_svg_legend(&canvas, keys, n);
    } else {
        draw_nothing(&canvas);
    }
    int rc = strips_table(&canvas, chart);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}

/* ---- parts of a whole -------------------------------------------------------------------- */

static double share_of(const wijk_stack *stack, size_t segment)
{
    double share = stack->shares[segment];
    return isfinite(share) && share > 0 ? fmin(share, 100) : 0;
}

/* What the parts leave open; 0 when rounding of the parts explains it. */
static double open_of(const wijk_stack *stack, size_t segments)
{
    double sum = 0;
    for (size_t i = 0; i < segments; i++) {
        sum += share_of(stack, i);
    }
    return 100 - sum > 0.5 * (double)segments ? 100 - sum : 0;
}

static void draw_stack(wijk_canvas *canvas, const wijk_stacks_chart *chart, const wijk_stack *stack,
                       double y)
{
    wijk_str *body = &canvas->body;
    double sum = 0, x = 0;
    for (size_t i = 0; i < chart->segment_count; i++) {
        sum += share_of(stack, i);
    }
    /* Rounded parts may add up to a little more or less than the whole. */
    double unknown = open_of(stack, chart->segment_count), whole = fmax(sum + unknown, 1);
    wijk_svg_text(body, 0, y + 12, WIJK_START, NULL,
                  wijk_svg_fit(canvas->arena, marked(canvas, stack->name, stack->grey), 13, 0,
                               canvas->width));
    for (size_t i = 0; i < chart->segment_count; i++) {
        double share = share_of(stack, i), width = share / whole * canvas->width;
        if (width <= 0) {
            continue;
        }
        const char *text = with_unit(canvas, share, chart->decimals, "%");
        wijk_str_addf(body, "<rect class=\"s%d\"", (int)i);
        wijk_svg_attr(body, "x", x);
        wijk_svg_attr(body, "y", y + 19);
        wijk_svg_attr(body, "width", width);
        wijk_str_add(body, " height=\"24\"><title>");
        wijk_svg_escape(body, chart->segments[i]);
        wijk_str_add(body, ": ");
        wijk_svg_escape(body, text);
        wijk_str_add(body, "</title></rect>");
        if (width > wijk_svg_width(text, 11.5, 0) + 6) {
            wijk_svg_text(body, x + width / 2, y + 35, WIJK_MIDDLE,
                          i % 2 ? "small num on1" : "small num on0", text);
        }
        x += width;
    }
    if (unknown > 0) {
        wijk_svg_rect(body, "nodata key", x, y + 19.5, canvas->width - x - 0.5, 23, 0);
    }
}

static const char *stacks_message(wijk_canvas *canvas, const wijk_stacks_chart *chart)
{
    if (!chart->count || !chart->segment_count) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    const wijk_stack *self = &chart->stacks[0], *last = &chart->stacks[chart->count - 1];
    size_t most = 0;
    for (size_t i = 1; i < chart->segment_count; i++) {
        most = share_of(self, i) > share_of(self, most) ? i : most;
    }
    if (share_of(self, most) <= 0) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    /* What is not known may be larger than the largest part that is. */
    int settled = open_of(self, chart->segment_count) < share_of(self, most);
    const char *args[5] = {self->name, chart->segments[most],
                           with_unit(canvas, share_of(self, most), chart->decimals, "%"),
                           last->name, with_unit(canvas, last->shares[most], chart->decimals, "%")};
    int compared = last != self && isfinite(last->shares[most]);
    return !settled   ? filled(canvas, T_FIGURE_STACKS_PART, args, 3)
           : compared ? filled(canvas, T_FIGURE_STACKS_COMPARED, args, 5)
                      : filled(canvas, T_FIGURE_STACKS_MESSAGE, args, 3);
}

static int stacks_table(wijk_canvas *canvas, const wijk_stacks_chart *chart)
{
    int rc = wijk_table_begin(canvas->out, canvas->arena, chart->segment_count + 1, chart->count);
    if (rc) {
        return rc;
    }
    canvas->out->head[0] = wijk_text(canvas->lang, T_FIGURE_AREA);
    for (size_t i = 0; i < chart->segment_count; i++) {
        canvas->out->head[i + 1] = chart->segments[i];
    }
    for (size_t row = 0; row < chart->count; row++) {
        const wijk_stack *stack = &chart->stacks[row];
        wijk_table_set(canvas->out, row, 0, marked(canvas, stack->name, stack->grey));
        for (size_t i = 0; i < chart->segment_count; i++) {
            wijk_table_set(canvas->out, row, i + 1,
                           with_unit(canvas, stack->shares[i], chart->decimals, "%"));
        }
    }
    return 0;
}

int wijk_figure_stacks(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_stacks_chart *chart)
{
    static const char *const classes[] = {"s0", "s1", "s2", "s3", "s4", "s5", "s6"};
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "stacks");
    wijk_stacks_chart kept = *chart;
    kept.segment_count = kept.segment_count < 7 ? kept.segment_count : 7;
    out->title = chart->title ? chart->title : "";
    out->source = chart->source ? chart->source : "";
    out->message = stacks_message(&canvas, &kept);
    int open = 0;
    for (size_t i = 0; i < kept.count; i++) {
        open |= open_of(&kept.stacks[i], kept.segment_count) > 0;
        draw_stack(&canvas, &kept, &kept.stacks[i], canvas.height);
        canvas.height += 52;
    }
    if (kept.count) {
        wijk_key keys[8];
        size_t n = 0;
        for (; n < kept.segment_count; n++) {
            keys[n] = (wijk_key){WIJK_KEY_BOX, classes[n], kept.segments[n]};
        }
        if (open) {
            keys[n++] = (wijk_key){WIJK_KEY_BOX, "nodata key",
                                   wijk_text(canvas.lang, T_FIGURE_STACKS_UNKNOWN)};
        }
        wijk_svg_legend(&canvas, keys, n);
    } else {
        draw_nothing(&canvas);
    }
    int rc = stacks_table(&canvas, &kept);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}
