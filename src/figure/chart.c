/* Lines through the years: one area against its gemeente, similar areas and the country. Years lie
 * at their true distance, a gap stays a gap, what is unreliable is hollow and dotted, and every
 * line carries its own name (direct labels, after Cleveland), so that colour is never needed. */
#include "figure/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LETTER   12.0  /* size of end labels */
#define LEADING  14.5  /* their line height */
#define MOST_X   400   /* distinct periods in one table; more are not shown by any source */
#define MOST_END 32    /* end labels */
#define PANEL    146.0 /* height of a small multiple */

static const char *const role_names[] = {"self", "gemeente", "similar", "land"};

typedef struct {
    double x0, x1, y0, y1; /* of the plot, in drawing units */
    double left, right;    /* years at x0 and x1 */
    double low, high;      /* values at y1 (below) and y0 (above) */
    int decimals;
} plot;

static double at_x(const plot *p, double year)
{
    return p->right > p->left ? p->x0 + (year - p->left) / (p->right - p->left) * (p->x1 - p->x0)
                              : (p->x0 + p->x1) / 2;
}

static double at_y(const plot *p, double value)
{
    return p->y1 - (value - p->low) / (p->high - p->low) * (p->y1 - p->y0);
}

static const char *role_class(wijk_arena *arena, const char *prefix, enum wijk_line_role role)
{
    const char *text = wijk_arena_printf(arena, "%s%s", prefix, role_names[role & 3]);
    return text ? text : "";
}

static int drawn(const wijk_point *point)
{
    return isfinite(point->x) && isfinite(point->y);
}

static const wijk_point *last_of(const wijk_chart_line *line)
{
    for (size_t i = line->count; i-- > 0;) {
        if (drawn(&line->points[i])) {
            return &line->points[i];
        }
    }
    return NULL;
}

static const wijk_point *first_of(const wijk_chart_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        if (drawn(&line->points[i])) {
            return &line->points[i];
        }
    }
    return NULL;
}

static const wijk_point *point_at(const wijk_chart_line *line, double x)
{
    for (size_t i = 0; i < line->count; i++) {
        if (drawn(&line->points[i]) && fabs(line->points[i].x - x) < 1e-6) {
            return &line->points[i];
        }
    }
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The distinct periods of all lines, rising. */
static size_t periods_of(double *out, size_t most, const wijk_line_chart *chart)
{
    size_t count = 0;
    for (size_t i = 0; i < chart->count; i++) {
        for (size_t j = 0; j < chart->lines[i].count && count < most; j++) {
            const wijk_point *point = &chart->lines[i].points[j];
            size_t at = 0;
            while (at < count && fabs(out[at] - point->x) > 1e-6) {
                at++;
            }
            if (at == count && drawn(point)) {
                out[count++] = point->x;
            }
        }
    }
    qsort(out, count, sizeof *out, by_number);
    return count;
}

static void stretch(plot *p, double value)
{
    if (isfinite(value)) {
        p->low = fmin(p->low, value);
        p->high = fmax(p->high, value);
    }
}

/* Years and values that the plot must hold; 0 when there is no point at all. */
static int span_of(plot *p, const wijk_line_chart *chart)
{
    p->left = p->low = INFINITY;
    p->right = p->high = -INFINITY;
    for (size_t i = 0; i < chart->count; i++) {
        for (size_t j = 0; j < chart->lines[i].count; j++) {
            const wijk_point *point = &chart->lines[i].points[j];
            if (drawn(point)) {
                p->left = fmin(p->left, point->x);
                p->right = fmax(p->right, point->x);
                stretch(p, point->y);
                stretch(p, point->low);
                stretch(p, point->high);
            }
        }
    }
    if (!isfinite(p->low)) {
        return 0;
    }
    stretch(p, chart->reference);
    if (chart->from_zero) {
        stretch(p, 0);
    }
    return 1;
}

/* ---- axes -------------------------------------------------------------------------------- */

static void fit_values(plot *p, wijk_ticks *ticks, int want)
{
    wijk_ticks_make(ticks, p->low, p->high, want);
    p->low = ticks->first;
    p->high = wijk_ticks_at(ticks, ticks->count - 1);
    p->decimals = ticks->decimals;
}

static double axis_width(wijk_canvas *canvas, const wijk_ticks *ticks)
{
    double widest = 0;
    for (int i = 0; i < ticks->count; i++) {
        const char *text =
            wijk_number_in(canvas->arena, canvas->lang, wijk_ticks_at(ticks, i), ticks->decimals);
        widest = fmax(widest, wijk_svg_width(text, 11.5, 0));
    }
    return widest;
}

static void value_axis(wijk_canvas *canvas, const plot *p, const wijk_ticks *ticks)
{
    wijk_str_add(&canvas->body, "<g class=\"axis num\">");
    for (int i = 0; i < ticks->count; i++) {
        double value = wijk_ticks_at(ticks, i), y = at_y(p, value);
        wijk_svg_line(&canvas->body, value == 0 ? "zero" : "grid", p->x0, y, p->x1, y);
        wijk_svg_text(&canvas->body, p->x0 - 7, y + 4, WIJK_END, NULL,
                      wijk_number_in(canvas->arena, canvas->lang, value, ticks->decimals));
    }
    wijk_str_add(&canvas->body, "</g>");
}

/* Labels at the years that were measured, the first and last first, others where they fit. With
 * many years or months: whole years in nice steps. */
static void year_axis(wijk_canvas *canvas, const plot *p, const double *years, size_t count,
                      double space)
{
    double shown[64], ticks_of[64];
    size_t n = 0, have = 0;
    int whole = count <= 24;
    for (size_t i = 0; i < count && whole; i++) {
        whole = years[i] == floor(years[i]);
    }
    if (!whole) {
        wijk_ticks ticks;
        wijk_ticks_make(&ticks, p->left, p->right, 6);
        double step = fmax(1, ceil(ticks.step));
        double first = ceil(p->left / step) * step;
        while (have < 64 && first + (double)have * step <= p->right) {
            ticks_of[have] = first + (double)have * step;
            have++;
        }
        years = ticks_of;
        count = have;
    }
    wijk_str_add(&canvas->body, "<g class=\"axis num\">");
    for (size_t i = 0; i < count && n < 64; i++) {
        /* Order: last, first, then the others from new to old. */
        size_t at = i == 0 ? count - 1 : i == 1 ? 0 : count - i;
        double x = at_x(p, years[at]);
        int free = 1;
        for (size_t j = 0; j < n && free; j++) {
            free = fabs(shown[j] - x) >= space;
        }
        wijk_svg_line(&canvas->body, "zero", x, p->y1, x, p->y1 + (free ? 5 : 3));
        if (free) {
            shown[n++] = x;
            wijk_svg_text(&canvas->body, x, p->y1 + 18, WIJK_MIDDLE, NULL,
                          wijk_svg_year(canvas->arena, years[at]));
        }
    }
    wijk_str_add(&canvas->body, "</g>");
}

/* ---- lines ------------------------------------------------------------------------------- */

static void point_to(wijk_str *path, char letter, double x, double y)
{
    wijk_str_addc(path, letter);
    wijk_svg_num(path, x);
    wijk_str_addc(path, ' ');
    wijk_svg_num(path, y);
}

static int banded(const wijk_point *point)
{
    return drawn(point) && isfinite(point->low) && isfinite(point->high) &&
           point->high > point->low;
}

/* Runs of neighbouring points with a band; one alone becomes a whisker. */
static void draw_band(wijk_canvas *canvas, const plot *p, const wijk_chart_line *line)
{
    wijk_str *body = &canvas->body;
    for (size_t i = 0; i < line->count; i++) {
        size_t end = i;
        while (end < line->count && banded(&line->points[end])) {
            end++;
        }
        if (end == i + 1) {
            double x = at_x(p, line->points[i].x);
            wijk_svg_line(body, "whisker", x, at_y(p, line->points[i].low), x,
                          at_y(p, line->points[i].high));
        } else if (end > i) {
            wijk_str_add(body, "<path class=\"band\" d=\"");
            for (size_t j = i; j < end; j++) {
                point_to(body, j == i ? 'M' : 'L', at_x(p, line->points[j].x),
                         at_y(p, line->points[j].high));
            }
            for (size_t j = end; j-- > i;) {
                point_to(body, 'L', at_x(p, line->points[j].x), at_y(p, line->points[j].low));
            }
            wijk_str_add(body, "z\"/>");
        }
        i = end > i ? end - 1 : i;
    }
}

/* One <path> of the segments that are (`grey` 1) or are not drawn as unreliable. */
static void draw_segments(wijk_canvas *canvas, const plot *p, const wijk_chart_line *line, int grey,
                          const char *class)
{
    wijk_str path = WIJK_STR_INIT;
    size_t pen = SIZE_MAX; /* point at which the pen stands */
    for (size_t i = 1; i < line->count; i++) {
        const wijk_point *a = &line->points[i - 1], *b = &line->points[i];
        if (!drawn(a) || !drawn(b) || (a->grey || b->grey) != grey) {
            continue;
        }
        if (pen != i - 1) {
            point_to(&path, 'M', at_x(p, a->x), at_y(p, a->y));
        }
        point_to(&path, 'L', at_x(p, b->x), at_y(p, b->y));
        pen = i;
    }
    if (path.size) {
        wijk_str_addf(&canvas->body, "<path class=\"%s\" d=\"%s\"/>", class, wijk_str_text(&path));
    }
    if (wijk_str_status(&path)) {
        canvas->body.status = wijk_str_status(&path);
    }
    wijk_str_free(&path);
}

static const char *value_words(wijk_canvas *canvas, const wijk_point *point, int decimals)
{
    wijk_arena *arena = canvas->arena;
    const char *args[3] = {wijk_number_in(arena, canvas->lang, point->y, decimals), NULL, NULL};
    if (banded(point)) {
        args[1] = wijk_number_in(arena, canvas->lang, point->low, decimals);
        args[2] = wijk_number_in(arena, canvas->lang, point->high, decimals);
        if (strcmp(args[1], args[2]) != 0) { /* a band thinner than the digits says nothing */
            args[0] = wijk_svg_fill(arena, wijk_text(canvas->lang, T_FIGURE_BETWEEN), args, 3);
        }
    }
    return point->grey
               ? wijk_svg_fill(arena, wijk_text(canvas->lang, T_FIGURE_UNRELIABLE_MARK), args, 1)
               : args[0];
}

/* "2014" or "april 2011" for an x on the axis. */
static const char *x_words(wijk_canvas *canvas, double x)
{
    double year = floor(x + 1e-9);
    int period = (int)year;
    if (x - year > 1e-6) {
        period = period * 100 + (int)fmin(12, fmax(1, round((x - year) * 12 + 0.5)));
    }
    return wijk_svg_period(canvas->arena, canvas->lang, period);
}

/* Dots of the area itself, of lone points and of unreliable ones, with their value as tooltip. */
static void draw_dots(wijk_canvas *canvas, const plot *p, const wijk_chart_line *line, int decimals,
                      double radius)
{
    wijk_str *body = &canvas->body;
    int crowded = line->count > 60;
    for (size_t i = 0; i < line->count; i++) {
        const wijk_point *point = &line->points[i];
        if (!drawn(point)) {
            continue;
        }
        int joined = (i > 0 && drawn(point - 1)) || (i + 1 < line->count && drawn(point + 1));
        if ((line->role != WIJK_LINE_SELF || crowded) && joined && !point->grey) {
            continue;
        }
        const char *class =
            point->grey ? "dot-grey" : role_class(canvas->arena, "dot-", line->role);
        wijk_str_addf(body, "<circle class=\"%s\"", class);
        wijk_svg_attr(body, "cx", at_x(p, point->x));
        wijk_svg_attr(body, "cy", at_y(p, point->y));
        wijk_svg_attr(body, "r", point->grey ? radius - 0.5 : radius);
        wijk_str_add(body, "><title>");
        wijk_svg_escape(body, line->name);
        wijk_str_add(body, ", ");
        wijk_svg_escape(body, x_words(canvas, point->x));
        wijk_str_add(body, ": ");
        wijk_svg_escape(body, value_words(canvas, point, decimals));
        wijk_str_add(body, "</title></circle>");
    }
}

static void draw_lines(wijk_canvas *canvas, const plot *p, const wijk_line_chart *chart,
                       double radius)
{
    wijk_arena *arena = canvas->arena;
    for (size_t i = 0; i < chart->count; i++) {
        draw_band(canvas, p, &chart->lines[i]);
    }
    if (isfinite(chart->reference)) {
        double y = at_y(p, chart->reference);
        wijk_svg_line(&canvas->body, "ref", p->x0, y, p->x1, y);
    }
    for (int role = WIJK_LINE_LAND; role >= WIJK_LINE_SELF; role--) {
        for (size_t i = 0; i < chart->count; i++) {
            const wijk_chart_line *line = &chart->lines[i];
            if ((int)line->role == role) {
                draw_segments(canvas, p, line, 0, role_class(arena, "line line-", line->role));
                draw_segments(canvas, p, line, 1, "line line-grey");
                draw_dots(canvas, p, line, chart->decimals, radius);
            }
        }
    }
}

/* ---- names at the ends ------------------------------------------------------------------- */

typedef struct {
    const wijk_chart_line *line;
    const wijk_point *point;
    const char *rows[3];
    size_t count;
} end_label;

/* Lines that are named: per role only the newest edition. */
static size_t end_labels(end_label *out, wijk_canvas *canvas, const wijk_line_chart *chart,
                         double width, double newest)
{
    size_t count = 0;
    for (size_t i = 0; i < chart->count && count < MOST_END; i++) {
        const wijk_chart_line *line = &chart->lines[i];
        const wijk_point *end = last_of(line);
        int later = 0;
        for (size_t j = 0; j < chart->count && end; j++) {
            const wijk_point *other = last_of(&chart->lines[j]);
            later |= other && chart->lines[j].role == line->role &&
                     chart->lines[j].edition != line->edition && other->x > end->x;
        }
        if (!end || later) {
            continue;
        }
        const char *value = wijk_number_in(canvas->arena, canvas->lang, end->y, chart->decimals);
        const char *text = end->x < newest - 1e-6
                               ? wijk_arena_printf(canvas->arena, "%s %s (%s)", line->name, value,
                                                   x_words(canvas, end->x))
                               : wijk_arena_printf(canvas->arena, "%s %s", line->name, value);
        out[count].line = line;
        out[count].point = end;
        out[count].count = wijk_svg_wrap(out[count].rows, 3, canvas->arena, text ? text : "",
                                         LETTER, line->role == WIJK_LINE_SELF, width);
        count += out[count].count > 0;
    }
    return count;
}

static double label_width(const end_label *labels, size_t count)
{
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < labels[i].count; j++) {
            widest = fmax(widest, wijk_svg_width(labels[i].rows[j], LETTER,
                                                 labels[i].line->role == WIJK_LINE_SELF));
        }
    }
    return widest;
}

static double label_heights(const end_label *labels, size_t count, double *heights)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        heights[i] = (double)labels[i].count * LEADING + 3;
        sum += heights[i];
    }
    return sum;
}

static void draw_labels(wijk_canvas *canvas, const plot *p, const end_label *labels, size_t count,
                        double bottom)
{
    double y[MOST_END], heights[MOST_END];
    label_heights(labels, count, heights);
    for (size_t i = 0; i < count; i++) {
        y[i] = at_y(p, labels[i].point->y);
    }
    wijk_spread_labels(y, heights, count, p->y0 - 6, bottom);
    for (size_t i = 0; i < count; i++) {
        double from_x = at_x(p, labels[i].point->x), from_y = at_y(p, labels[i].point->y);
        const char *class = role_class(canvas->arena, "num end label-", labels[i].line->role);
        if (fabs(y[i] - from_y) > 4 || from_x < p->x1 - 1) {
            wijk_str_add(&canvas->body, "<path class=\"leader\" d=\"");
            point_to(&canvas->body, 'M', from_x + 6, from_y);
            if (from_x < p->x1 - 1) {
                point_to(&canvas->body, 'L', p->x1 + 4, from_y);
            }
            point_to(&canvas->body, 'L', p->x1 + 12, y[i]);
            wijk_str_add(&canvas->body, "\"/>");
        }
        double top = y[i] - (double)labels[i].count * LEADING / 2;
        for (size_t j = 0; j < labels[i].count; j++) {
            wijk_svg_text(&canvas->body, p->x1 + 15, top + (double)j * LEADING + 11, WIJK_START,
                          class, labels[i].rows[j]);
        }
    }
}

/* ---- words and table --------------------------------------------------------------------- */

static const wijk_chart_line *line_of(const wijk_line_chart *chart, enum wijk_line_role role)
{
    const wijk_chart_line *found = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const wijk_point *end = last_of(&chart->lines[i]);
        if (chart->lines[i].role == role && end && (!found || end->x > last_of(found)->x)) {
            found = &chart->lines[i];
        }
    }
    return found;
}

/* A number in a sentence: with its sign when it is a percentage. */
static const char *said(wijk_canvas *canvas, const wijk_line_chart *chart, double value)
{
    const char *text = wijk_number_in(canvas->arena, canvas->lang, value, chart->decimals);
    if (chart->unit && !strcmp(chart->unit, "%")) {
        text = wijk_arena_printf(canvas->arena, "%s%%", text);
    }
    return text ? text : "";
}

static const char *lines_message(wijk_canvas *canvas, const wijk_line_chart *chart)
{
    wijk_arena *arena = canvas->arena;
    const wijk_chart_line *self = line_of(chart, WIJK_LINE_SELF);
    if (!self) {
        self = chart->count ? &chart->lines[0] : NULL;
    }
    const wijk_point *a = self ? first_of(self) : NULL, *b = self ? last_of(self) : NULL;
    if (!a) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    const char *args[8] = {self->name, said(canvas, chart, a->y), x_words(canvas, a->x),
                           said(canvas, chart, b->y), x_words(canvas, b->x)};
    if (a == b) {
        return wijk_svg_fill(arena, wijk_text(canvas->lang, T_FIGURE_LINES_ONE), args, 3);
    }
    enum wijk_text_key key = T_FIGURE_LINES_CHANGED;
    for (int role = WIJK_LINE_LAND; role > WIJK_LINE_SELF && key == T_FIGURE_LINES_CHANGED;
         role -= 2) { /* the country, else the gemeente */
        const wijk_chart_line *other = line_of(chart, (enum wijk_line_role)role);
        const wijk_point *c = other && other != self ? point_at(other, a->x) : NULL;
        const wijk_point *d = c ? point_at(other, b->x) : NULL;
        if (d && (c->y != 0 || d->y != 0)) { /* a line that is zero by definition tells nothing */
            key = T_FIGURE_LINES_COMPARED;
            args[5] = other->name;
            args[6] = said(canvas, chart, c->y);
            args[7] = said(canvas, chart, d->y);
        }
    }
    const char *text = wijk_svg_fill(arena, wijk_text(canvas->lang, key), args, 8);
    if (banded(a) && banded(b) && a->low <= b->high && b->low <= a->high) {
        const char *both =
            wijk_arena_printf(arena, "%s %s", text, wijk_text(canvas->lang, T_FIGURE_LINES_WITHIN));
        text = both ? both : text;
    }
    return text;
}

static int lines_table(wijk_canvas *canvas, const wijk_line_chart *chart, const double *years,
                       size_t count)
{
    int rc = wijk_table_begin(canvas->out, canvas->arena, chart->count + 1, count);
    if (rc) {
        return rc;
    }
    canvas->out->head[0] = wijk_text(canvas->lang, T_FIGURE_PERIOD);
    for (size_t i = 0; i < chart->count; i++) {
        canvas->out->head[i + 1] = chart->lines[i].name;
    }
    for (size_t row = 0; row < count; row++) {
        wijk_table_set(canvas->out, row, 0, x_words(canvas, years[row]));
        for (size_t i = 0; i < chart->count; i++) {
            const wijk_point *point = point_at(&chart->lines[i], years[row]);
            wijk_table_set(canvas->out, row, i + 1,
                           point ? value_words(canvas, point, chart->decimals) : "–");
        }
    }
    return 0;
}

static void draw_nothing(wijk_canvas *canvas)
{
    wijk_svg_rect(&canvas->body, "nodata", 0, 4, canvas->width, 56, 4);
    wijk_svg_text(&canvas->body, canvas->width / 2, 37, WIJK_MIDDLE, "soft",
                  wijk_text(canvas->lang, T_FIGURE_NONE));
    canvas->height = 64;
}

/* Where one way of measuring gives way to the next, and the note that says so. */
static void draw_editions(wijk_canvas *canvas, const plot *p, const wijk_line_chart *chart)
{
    int unequal = 0;
    for (size_t i = 0; i < chart->count; i++) {
        for (size_t j = 0; j < chart->count; j++) {
            const wijk_chart_line *a = &chart->lines[i], *b = &chart->lines[j];
            const wijk_point *end = last_of(a), *begin = first_of(b);
            if (a->role != b->role || a->edition >= b->edition || !end || !begin) {
                continue;
            }
            unequal = 1;
            if (a->role == WIJK_LINE_SELF && end->x < begin->x) {
                double x = at_x(p, (end->x + begin->x) / 2);
                wijk_svg_line(&canvas->body, "ref", x, p->y0, x, p->y1);
            }
        }
    }
    if (unequal) {
        const char *rows[3];
        size_t count =
            wijk_svg_wrap(rows, 3, canvas->arena, wijk_text(canvas->lang, T_FIGURE_LINES_EDITIONS),
                          11.5, 0, canvas->width);
        for (size_t i = 0; i < count; i++) {
            canvas->height += 15;
            wijk_svg_text(&canvas->body, 0, canvas->height, WIJK_START, "small soft", rows[i]);
        }
        canvas->height += 4;
    }
}

/* Keys for what the lines do not name themselves. */
static void lines_legend(wijk_canvas *canvas, const wijk_line_chart *chart)
{
    wijk_key keys[2];
    size_t count = 0;
    int band = 0, grey = 0;
    for (size_t i = 0; i < chart->count; i++) {
        for (size_t j = 0; j < chart->lines[i].count; j++) {
            band |= banded(&chart->lines[i].points[j]);
            grey |= chart->lines[i].points[j].grey && drawn(&chart->lines[i].points[j]);
        }
    }
    if (band) {
        keys[count++] = (wijk_key){WIJK_KEY_BOX, "band", wijk_text(canvas->lang, T_FIGURE_BAND)};
    }
    if (grey) {
        keys[count++] =
            (wijk_key){WIJK_KEY_DOT, "dot-grey", wijk_text(canvas->lang, T_FIGURE_UNRELIABLE)};
    }
    wijk_svg_legend(canvas, keys, count);
}

static void draw_chart(wijk_canvas *canvas, plot *p, const wijk_line_chart *chart,
                       const double *years, size_t count)
{
    wijk_ticks ticks;
    end_label labels[MOST_END];
    double heights[MOST_END];
    fit_values(p, &ticks, 5);
    size_t named = end_labels(labels, canvas, chart, canvas->width * 0.3, p->right);
    int unit = chart->unit && *chart->unit;
    p->x0 = axis_width(canvas, &ticks) + 9;
    p->x1 = fmax(p->x0 + 40, canvas->width - label_width(labels, named) - 16);
    p->y0 = unit ? 26 : 10;
    double need = label_heights(labels, named, heights);
    p->y1 = p->y0 + fmax(canvas->width < 400 ? 170 : 200, need);
    double inset = count > 1 ? 6 : 0; /* so that the first dot does not sit on the axis */
    if (unit) {
        wijk_svg_text(&canvas->body, 0, 11, WIJK_START, "small soft", chart->unit);
    }
    value_axis(canvas, p, &ticks);
    p->x0 += inset;
    year_axis(canvas, p, years, count, 36);
    canvas->height = p->y1 + 26;
    draw_lines(canvas, p, chart, 4.5);
    if (isfinite(chart->reference) && chart->ref_name && *chart->ref_name) {
        wijk_svg_text(&canvas->body, p->x0 + 2, at_y(p, chart->reference) - 5, WIJK_START,
                      "tiny soft halo", chart->ref_name);
    }
    draw_labels(canvas, p, labels, named, p->y1 + 8);
    lines_legend(canvas, chart);
    draw_editions(canvas, p, chart);
}

int wijk_figure_lines(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                      const wijk_line_chart *chart)
{
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "lines");
    double *years = wijk_arena_alloc(arena, MOST_X * sizeof *years);
    if (!years) {
        return WIJK_ENOMEM;
    }
    size_t count = periods_of(years, MOST_X, chart);
    out->title = chart->title ? chart->title : "";
    out->source = chart->source ? chart->source : "";
    out->message = lines_message(&canvas, chart);
    plot p = {0};
    if (span_of(&p, chart)) {
        draw_chart(&canvas, &p, chart, years, count);
    } else {
        draw_nothing(&canvas);
    }
    int rc = lines_table(&canvas, chart, years, count);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}

/* ---- small multiples --------------------------------------------------------------------- */

static void draw_panel(wijk_canvas *canvas, const wijk_line_chart *chart, const plot *shared,
                       double x, double y, double width)
{
    plot p = {0};
    double years[MOST_X];
    wijk_ticks ticks;
    const char *rows[2];
    size_t lines =
        wijk_svg_wrap(rows, 2, canvas->arena, chart->title ? chart->title : "", 12, 1, width);
    for (size_t i = 0; i < lines; i++) {
        wijk_svg_text(&canvas->body, x, y + 12 + 15 * (double)i, WIJK_START, "small strong",
                      rows[i]);
    }
    if (!span_of(&p, chart)) {
        wijk_svg_rect(&canvas->body, "nodata", x, y + 38, width, 74, 4);
        wijk_svg_text(&canvas->body, x + width / 2, y + 79, WIJK_MIDDLE, "soft", "–");
        return;
    }
    size_t count = periods_of(years, MOST_X, chart);
    if (shared) {
        p.low = shared->low;
        p.high = shared->high;
    }
    fit_values(&p, &ticks, 2);
    p.x0 = x + axis_width(canvas, &ticks) + 7;
    p.x1 = x + width - 16; /* half a year label */
    p.y0 = y + 40;
    p.y1 = y + 112;
    value_axis(canvas, &p, &ticks);
    p.x0 += count > 1 ? 5 : 0;
    year_axis(canvas, &p, years, count, 44);
    draw_lines(canvas, &p, chart, 3.2);
}

/* The values of all panels together; 1 when they are of one unit, so that sizes can be compared. */
static int shared_span(plot *all, const wijk_line_chart *panels, size_t count)
{
    int same = 1, found = 0;
    all->low = INFINITY;
    all->high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        plot one = {0};
        same &= panels[i].unit && panels[0].unit && !strcmp(panels[i].unit, panels[0].unit);
        if (span_of(&one, &panels[i])) {
            found = 1;
            stretch(all, one.low);
            stretch(all, one.high);
        }
    }
    return same && found;
}

/* The panel whose area changed most, relative to the width of its own axis. */
static const char *panels_message(wijk_canvas *canvas, const wijk_line_chart *panels, size_t count)
{
    const wijk_line_chart *most = NULL;
    double largest = -1;
    for (size_t i = 0; i < count; i++) {
        const wijk_chart_line *self = line_of(&panels[i], WIJK_LINE_SELF);
        double change = self ? fabs(last_of(self)->y - first_of(self)->y) : -1;
        if (self && change > largest && first_of(self) != last_of(self)) {
            largest = change;
            most = &panels[i];
        }
    }
    if (!most) {
        return wijk_text(canvas->lang, T_FIGURE_NONE);
    }
    const wijk_chart_line *self = line_of(most, WIJK_LINE_SELF);
    const wijk_point *a = first_of(self), *b = last_of(self);
    if (banded(a) && banded(b) && a->low <= b->high && b->low <= a->high) {
        return wijk_text(canvas->lang, T_FIGURE_PANELS_WITHIN);
    }
    const char *args[5] = {
        most->title, wijk_number_in(canvas->arena, canvas->lang, a->y, most->decimals),
        x_words(canvas, a->x), wijk_number_in(canvas->arena, canvas->lang, b->y, most->decimals),
        x_words(canvas, b->x)};
    return wijk_svg_fill(canvas->arena, wijk_text(canvas->lang, T_FIGURE_PANELS_MOST), args, 5);
}

/* Names by role, from the first panel that has the role. */
static size_t roles_of(wijk_key *keys, enum wijk_line_role *roles, wijk_canvas *canvas,
                       const wijk_line_chart *panels, size_t count)
{
    size_t n = 0;
    for (int role = WIJK_LINE_SELF; role <= WIJK_LINE_LAND; role++) {
        const wijk_chart_line *line = NULL;
        for (size_t i = 0; i < count && !line; i++) {
            line = line_of(&panels[i], (enum wijk_line_role)role);
        }
        if (line) {
            roles[n] = line->role;
            keys[n++] = (wijk_key){WIJK_KEY_LINE,
                                   role_class(canvas->arena, "line line-", line->role), line->name};
        }
    }
    return n;
}

static int panels_table(wijk_canvas *canvas, const wijk_line_chart *panels, size_t count,
                        const wijk_key *keys, const enum wijk_line_role *roles, size_t roles_n)
{
    double years[MOST_X];
    size_t rows = 0, row = 0;
    for (size_t i = 0; i < count; i++) {
        rows += periods_of(years, MOST_X, &panels[i]);
    }
    int rc = wijk_table_begin(canvas->out, canvas->arena, roles_n + 2, rows);
    if (rc) {
        return rc;
    }
    canvas->out->head[0] = wijk_text(canvas->lang, T_FIGURE_PART);
    canvas->out->head[1] = wijk_text(canvas->lang, T_FIGURE_PERIOD);
    for (size_t i = 0; i < roles_n; i++) {
        canvas->out->head[i + 2] = keys[i].text;
    }
    for (size_t i = 0; i < count; i++) {
        size_t n = periods_of(years, MOST_X, &panels[i]);
        for (size_t j = 0; j < n; j++, row++) {
            wijk_table_set(canvas->out, row, 0, panels[i].title);
            wijk_table_set(canvas->out, row, 1, x_words(canvas, years[j]));
            for (size_t k = 0; k < roles_n; k++) {
                const wijk_chart_line *line = line_of(&panels[i], roles[k]);
                const wijk_point *point = line ? point_at(line, years[j]) : NULL;
                wijk_table_set(canvas->out, row, k + 2,
                               point ? value_words(canvas, point, panels[i].decimals) : "–");
            }
        }
    }
    return 0;
}

int wijk_figure_panels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const char *title, const wijk_line_chart *panels, size_t count)
{
    wijk_canvas canvas;
    wijk_key keys[4];
    enum wijk_line_role roles[4];
    count = count < 12 ? count : 12;
    wijk_canvas_begin(&canvas, out, arena, style, "panels");
    out->title = title ? title : "";
    out->source = count && panels[0].source ? panels[0].source : "";
    out->message = panels_message(&canvas, panels, count);
    plot all = {0};
    int one_unit = shared_span(&all, panels, count);
    size_t across = canvas.width < 400 ? 2 : canvas.width < 620 ? 3 : 5;
    double wide = (canvas.width - 14 * (double)(across - 1)) / (double)across;
    for (size_t i = 0; i < count; i++) {
        size_t row = i / across;
        draw_panel(&canvas, &panels[i], one_unit ? &all : NULL, (wide + 14) * (double)(i % across),
                   PANEL * (double)row, wide);
        canvas.height = PANEL * (double)(row + 1);
    }
    size_t n = roles_of(keys, roles, &canvas, panels, count);
    wijk_svg_legend(&canvas, keys, n);
    if (!count) {
        draw_nothing(&canvas);
    }
    int rc = panels_table(&canvas, panels, count, keys, roles, n);
    int written = wijk_canvas_end(&canvas);
    return rc ? rc : written;
}

int wijk_figure_spark(wijk_str *svg, const wijk_figure_style *style, const wijk_point *points,
                      size_t count, const char *label)
{
    wijk_arena *arena = NULL;
    int rc = wijk_arena_new(&arena, 1u << 20);
    if (rc) {
        return rc;
    }
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_canvas canvas;
    wijk_chart_line line = {"", WIJK_LINE_SELF, points, count, 0};
    wijk_line_chart chart = {.lines = &line, .count = 1, .reference = NAN};
    plot p = {.x0 = 4, .x1 = 96, .y0 = 4, .y1 = 20};
    wijk_canvas_begin(&canvas, &figure, arena, style, "spark");
    canvas.style.standalone = 0;
    canvas.width = 100;
    canvas.height = 24;
    figure.title = label;
    if (span_of(&p, &chart)) {
        if (p.high <= p.low) {
            p.low -= 1;
            p.high += 1;
        }
        draw_segments(&canvas, &p, &line, 0, "line line-self");
        draw_segments(&canvas, &p, &line, 1, "line line-grey");
        const wijk_point *end = last_of(&line);
        wijk_svg_circle(&canvas.body, end->grey ? "dot-grey" : "dot-self", at_x(&p, end->x),
                        at_y(&p, end->y), 3.5);
    }
    rc = wijk_canvas_end(&canvas);
    if (!rc) {
        wijk_str_addn(svg, wijk_str_text(&figure.svg), figure.svg.size);
        rc = wijk_str_status(svg);
    }
    wijk_figure_free(&figure);
    wijk_arena_free(arena);
    return rc;
}
