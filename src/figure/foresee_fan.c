/* Forecasts drawn: a fan of the difference from doing nothing, and the level with and without.
 * Idea: fan charts (Britton, Fisher & Whitley 1998), the zero line being doing nothing in the same
 * world of chance; what is assumed is dotted and dashed, what is reckoned is solid. */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>

#define PLOT 132.0 /* height of a plot */
#define TOP  10.0

enum { YEARS = WIJK_ENSEMBLE_YEARS + 1 };

typedef struct {
    wijk_canvas canvas;
    wijk_bands bands[YEARS]; /* a flow has no year 0 */
    wijk_band range[YEARS];  /* hindsight, as the ends of 90% */
    double start;            /* as a year; NAN: not known */
    int effect;
    uint32_t tested; /* the last year of a range that was tested */
    uint32_t first, last;
    wijk_ticks ticks;
    double x0, x1, y0, y1, low, high;
} fan_plot;

/* ---- what is drawn --------------------------------------------------------------------------- */

/* Both sides as well when `sides` is 1: the difference may be told where they are not. */
static int read_bands(fan_plot *p, const wijk_fan *fan, int sides)
{
    int rc = WIJK_OK;
    p->first = (uint32_t)wijk_outcome_is_flow(fan->asked->outcome);
    p->last = wijk_ensemble_tell(fan->ensemble).years;
    for (uint32_t year = p->first; !rc && year <= p->last; year++) {
        rc = wijk_ensemble_outcome(&p->bands[year], fan->ensemble, fan->place, year,
                                   fan->asked->outcome);
        const wijk_bands *b = &p->bands[year];
        if (!rc && !isfinite(sides ? b->nothing.median : b->difference.median)) {
            rc = wijk_fail(WIJK_ENOTFOUND,
                           "Dit gaat over te weinig mensen of huishoudens om het te tonen.",
                           "This is about too few people or households to show it.");
        }
    }
    return rc;
}

static void stretch(fan_plot *p, const wijk_band *band)
{
    p->low = fmin(p->low, fmin(band->low90, band->median)); /* one pair has a middle alone */
    p->high = fmax(p->high, fmax(band->high90, band->median));
}

static double at_x(const fan_plot *p, uint32_t year)
{
    double span = (double)p->last - (double)p->first;
    return p->x0 + (span > 0 ? (year - p->first) / span : 0.5) * (p->x1 - p->x0);
}

static double at_y(const fan_plot *p, double value)
{
    return p->y1 - (value - p->low) / (p->high - p->low) * (p->y1 - p->y0);
}

/* A calendar year, or the how-manieth year when it is not known. */
static const char *year_of(const fan_plot *p, uint32_t year)
{
    double shown = isfinite(p->start) ? floor(p->start + year + 1e-6) : year;
    /* A flow of the year that ends on 1 January is of the year before. */
    if (isfinite(p->start) && p->first == 1) {
        shown -= 1;
    }
    return wijk_svg_year(p->canvas.arena, shown);
}

/* ---- frame ----------------------------------------------------------------------------------- */

static void frame(fan_plot *p, double right)
{
    wijk_canvas *c = &p->canvas;
    double widest = 0;
    if (p->high - p->low < 1) { /* counts: an axis of fractions of a household says nothing */
        p->high = p->low + 1;
    }
    wijk_ticks_make(&p->ticks, p->low, p->high, 4);
    p->low = p->ticks.first;
    p->high = wijk_ticks_at(&p->ticks, p->ticks.count - 1);
    for (int i = 0; i < p->ticks.count; i++) {
        const char *text =
            wijk_number_in(c->arena, c->lang, wijk_ticks_at(&p->ticks, i), p->ticks.decimals);
        widest = fmax(widest, wijk_svg_width(text, 11.5, 0));
    }
    p->x0 = widest + 10;
    p->x1 = c->width - right;
    p->y0 = TOP;
    p->y1 = TOP + PLOT;
    wijk_str_add(&c->body, "<g class=\"axis num\">");
    for (int i = 0; i < p->ticks.count; i++) {
        double value = wijk_ticks_at(&p->ticks, i), y = at_y(p, value);
        wijk_svg_line(&c->body, "grid", p->x0, y, p->x1, y);
        wijk_svg_text(&c->body, p->x0 - 6, y + 4, WIJK_END, NULL,
                      wijk_number_in(c->arena, c->lang, value, p->ticks.decimals));
    }
    uint32_t span = p->last - p->first, step = span > 20 ? 10 : span > 6 ? 5 : span > 2 ? 2 : 1;
    for (uint32_t year = p->first; year <= p->last; year += step) {
        if (year != p->last && p->last - year < step / 2 + 1 && step > 1) {
            continue; /* too near to the last one */
        }
        double x = at_x(p, year);
        enum wijk_anchor anchor = year == p->last && right < 12 ? WIJK_END : WIJK_MIDDLE;
        wijk_svg_line(&c->body, "zero", x, p->y1, x, p->y1 + 4);
        wijk_svg_text(&c->body, x, p->y1 + 17, anchor, NULL, year_of(p, year));
    }
    if (span % step != 0) {
        wijk_svg_line(&c->body, "zero", p->x1, p->y1, p->x1, p->y1 + 4);
        wijk_svg_text(&c->body, p->x1, p->y1 + 17, right < 12 ? WIJK_END : WIJK_MIDDLE, NULL,
                      year_of(p, p->last));
    }
    wijk_str_add(&c->body, "</g>");
    c->height = p->y1 + 24;
}

/* ---- bands and lines ------------------------------------------------------------------------- */

typedef enum { OF_SCENARIO, OF_NOTHING, OF_DIFFERENCE, OF_RANGE } which;

static const wijk_band *band_of(const fan_plot *p, uint32_t year, which of)
{
    const wijk_bands *all = &p->bands[year];
    return of == OF_SCENARIO  ? &all->scenario
           : of == OF_NOTHING ? &all->nothing
           : of == OF_RANGE   ? &p->range[year]
                              : &all->difference;
}

typedef enum { LOW90, LOW50, MIDDLE, HIGH50, HIGH90 } edge;

static double edge_of(const wijk_band *b, edge e)
{
    const double all[] = {b->low90, b->low50, b->median, b->high50, b->high90};
    return all[e];
}

typedef struct {
    uint32_t from, to;
} stretch_of_years;

static stretch_of_years whole(const fan_plot *p)
{
    return (stretch_of_years){p->first, p->last};
}

static void trace(fan_plot *p, which of, edge e, stretch_of_years years, int back, char letter)
{
    wijk_str *body = &p->canvas.body;
    for (uint32_t i = years.from; i <= years.to; i++) {
        uint32_t year = back ? years.to - (i - years.from) : i;
        wijk_str_addc(body, letter);
        wijk_svg_num(body, at_x(p, year));
        wijk_str_addc(body, ' ');
        wijk_svg_num(body, at_y(p, edge_of(band_of(p, year, of), e)));
        letter = 'L';
    }
}

/* Assumed effects: a field of dots, told from the hatch that means unreliable. */
static void dots(fan_plot *p)
{
    wijk_canvas *c = &p->canvas;
    static const char *const names[] = {"50", "90"};
    for (int i = 0; i < 2; i++) {
        wijk_str_addf(&c->body,
                      "<pattern id=\"%s-dots%s\" width=\"%d\" height=\"%d\" "
                      "patternUnits=\"userSpaceOnUse\"><circle class=\"fan-dot\" cx=\"2\" "
                      "cy=\"2\" r=\"%s\"/></pattern>",
                      c->style.id, names[i], i ? 6 : 4, i ? 6 : 4, i ? "1" : "1.25");
    }
}

static void area(fan_plot *p, which of, edge low, edge high, int effect, const char *name)
{
    wijk_str *body = &p->canvas.body;
    if (!isfinite(edge_of(band_of(p, p->last, of), low))) {
        return; /* one pair has no range */
    }
    if (effect) {
        wijk_str_addf(body, "<path class=\"fan-assumed\" fill=\"url(#%s-dots%s)\" d=\"",
                      p->canvas.style.id, name);
    } else {
        wijk_str_addf(body, "<path class=\"fan%s\" d=\"", name);
    }
    trace(p, of, high, whole(p), 0, 'M');
    trace(p, of, low, whole(p), 1, 'L');
    wijk_str_add(body, "z\"/>");
}

static void line(fan_plot *p, which of, edge e, const char *class)
{
    if (!isfinite(edge_of(band_of(p, p->last, of), e))) {
        return;
    }
    wijk_str_addf(&p->canvas.body, "<path class=\"%s\" d=\"", class);
    trace(p, of, e, whole(p), 0, 'M');
    wijk_str_add(&p->canvas.body, "\"/>");
}

static void fan_of(fan_plot *p, which of)
{
    int effect = p->effect;
    if (effect) {
        dots(p);
    }
    area(p, of, LOW90, HIGH90, effect, "90");
    area(p, of, LOW50, HIGH50, effect, "50");
    line(p, of, MIDDLE, effect ? "line fan-mid fan-mid-assumed" : "line fan-mid");
}

/* ---- the table and the figures --------------------------------------------------------------- */

/* A dash for what is withheld, and for the range of one pair. */
static const char *count_of(const wijk_canvas *c, double value, int decimals)
{
    return isfinite(value) ? wijk_number_in(c->arena, c->lang, value, decimals) : "–";
}

enum { NUMBERS = 5 }; /* behind each year */

static int begin_table(fan_plot *p, const enum wijk_text_key heads[NUMBERS + 1])
{
    wijk_canvas *c = &p->canvas;
    int rc = wijk_table_begin(c->out, c->arena, NUMBERS + 1, p->last - p->first + 1);
    for (size_t i = 0; !rc && i <= NUMBERS; i++) {
        c->out->head[i] = wijk_text(c->lang, heads[i]);
    }
    return rc;
}

static void table_row(fan_plot *p, uint32_t year, const double numbers[NUMBERS], int decimals)
{
    wijk_canvas *c = &p->canvas;
    wijk_table_set(c->out, year - p->first, 0, year_of(p, year));
    for (size_t i = 0; i < NUMBERS; i++) {
        wijk_table_set(c->out, year - p->first, i + 1, count_of(c, numbers[i], decimals));
    }
}

static int table(fan_plot *p)
{
    static const enum wijk_text_key heads[] = {T_FORECAST_YEAR,    T_FORECAST_WITHOUT,
                                               T_FORECAST_WITH,    T_FORECAST_DIFFERENCE,
                                               T_FORECAST_FROM_90, T_FORECAST_TO_90};
    int rc = begin_table(p, heads);
    for (uint32_t year = p->first; !rc && year <= p->last; year++) {
        const wijk_bands *b = &p->bands[year];
        const double numbers[] = {b->nothing.median, b->scenario.median, b->difference.median,
                                  b->difference.low90, b->difference.high90};
        table_row(p, year, numbers, 0);
    }
    return rc;
}

static int begin(fan_plot *p, wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                 const wijk_fan *fan, int sides)
{
    wijk_canvas_begin(&p->canvas, out, arena, style, sides ? "levels" : "fan");
    p->start = fan->start;
    p->effect = fan->asked->effect;
    p->low = INFINITY;
    p->high = -INFINITY;
    return read_bands(p, fan, sides);
}

static int close_canvas(wijk_canvas *c, int rc)
{
    c->out->source = "";
    if (rc) {
        wijk_str_free(&c->body);
        return rc;
    }
    return wijk_canvas_end(c);
}

static int end(fan_plot *p, const wijk_fan *fan, int rc)
{
    wijk_canvas *c = &p->canvas;
    c->out->title = wijk_asked_title(c->arena, c->lang, fan->asked);
    c->out->message = wijk_fan_short(c->arena, c->lang, fan);
    return close_canvas(c, rc ? rc : table(p));
}

int wijk_picture_fan(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                     const wijk_fan *fan)
{
    fan_plot p = {0};
    int rc = begin(&p, out, arena, style, fan, 0);
    if (!rc) {
        p.low = p.high = 0; /* doing nothing is always in sight */
        for (uint32_t year = p.first; year <= p.last; year++) {
            stretch(&p, &p.bands[year].difference);
        }
        frame(&p, 10);
        fan_of(&p, OF_DIFFERENCE);
        double y = at_y(&p, 0);
        const char *nothing = wijk_text(p.canvas.lang, T_FORECAST_NOTHING);
        wijk_svg_line(&p.canvas.body, "fan-nothing", p.x0, y, p.x1, y);
        /* On the side where the fan is not. */
        int above = p.bands[p.first + (p.last - p.first) / 4].difference.median < 0;
        double label = above && y - 5 < p.y0 + 10 ? y + 14 : above ? y - 5 : y + 14;
        wijk_svg_text(&p.canvas.body, p.x0 + 4, fmin(label, p.y1 - 3), WIJK_START,
                      "small soft halo", nothing);
    }
    return end(&p, fan, rc);
}

int wijk_picture_levels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_fan *fan)
{
    fan_plot p = {0};
    int rc = begin(&p, out, arena, style, fan, 1);
    if (!rc) {
        for (uint32_t year = p.first; year <= p.last; year++) {
            stretch(&p, &p.bands[year].scenario);
            stretch(&p, &p.bands[year].nothing);
        }
        frame(&p, 10);
        fan_of(&p, OF_SCENARIO);
        line(&p, OF_NOTHING, LOW90, "fan-edge");
        line(&p, OF_NOTHING, HIGH90, "fan-edge");
        line(&p, OF_NOTHING, MIDDLE, "line line-land");
        const wijk_key keys[] = {
            {WIJK_KEY_LINE, fan->asked->effect ? "line fan-mid fan-mid-assumed" : "line fan-mid",
             wijk_text(p.canvas.lang, T_FORECAST_KEY_WITH)},
            {WIJK_KEY_LINE, "line line-land", wijk_text(p.canvas.lang, T_FORECAST_KEY_WITHOUT)}};
        wijk_svg_legend(&p.canvas, keys, 2);
    }
    return end(&p, fan, rc);
}

/* ---- the course without a policy ------------------------------------------------------------- */

static int read_course(fan_plot *p, wijk_course *courses, const wijk_course_plot *course)
{
    int rc = WIJK_OK;
    p->first = course->measure == WIJK_BACKTEST_MOVES;
    p->last = wijk_ensemble_tell(course->ensemble).years;
    p->tested = p->last;
    for (uint32_t year = p->first; !rc && year <= p->last; year++) {
        wijk_course *c = &courses[year];
        rc = wijk_backtest_course(c, course->backtest, course->ensemble, course->place, year,
                                  course->measure);
        if (!rc && !isfinite(c->band.median)) {
            rc = wijk_fail(WIJK_ENOTFOUND,
                           "Hier wonen te weinig huishoudens om deze uitkomst te tonen.",
                           "Too few households live here to show this outcome.");
        }
        if (!rc) {
            p->bands[year].nothing = c->band;
            p->range[year] = (wijk_band){.low90 = c->low, .high90 = c->high};
            stretch(p, &c->band);
            p->tested = isfinite(c->low) && !c->beyond ? year : p->tested;
            p->low = fmin(p->low, c->low);
            p->high = fmax(p->high, c->high);
        }
    }
    return rc;
}

static void range_edge(fan_plot *p, edge e, stretch_of_years years, const char *class)
{
    wijk_str_addf(&p->canvas.body, "<path class=\"%s\" d=\"", class);
    trace(p, OF_RANGE, e, years, 0, 'M');
    wijk_str_add(&p->canvas.body, "\"/>");
}

/* Filled as far as was tested, further on only its edges. */
static void range_of(fan_plot *p)
{
    const stretch_of_years tested = {p->first, p->tested}, further = {p->tested, p->last};
    wijk_str_add(&p->canvas.body, "<path class=\"past\" d=\"");
    trace(p, OF_RANGE, HIGH90, tested, 0, 'M');
    trace(p, OF_RANGE, LOW90, tested, 1, 'L');
    wijk_str_add(&p->canvas.body, "z\"/>");
    for (int i = 0; i < 2; i++) {
        edge e = i ? HIGH90 : LOW90;
        range_edge(p, e, tested, "past-edge");
        if (further.to > further.from) {
            range_edge(p, e, further, "past-edge past-further");
        }
    }
}

static int course_table(fan_plot *p, const wijk_course *courses)
{
    static const enum wijk_text_key heads[] = {T_FORECAST_YEAR, T_COURSE_MIDDLE, T_COURSE_SIM_FROM,
                                               T_COURSE_SIM_TO, T_COURSE_FROM,   T_COURSE_TO};
    int rc = begin_table(p, heads);
    for (uint32_t year = p->first; !rc && year <= p->last; year++) {
        const wijk_course *at = &courses[year];
        const double numbers[NUMBERS] = {at->band.median, at->band.low90, at->band.high90, NAN,
                                         NAN};
        table_row(p, year, numbers, 1);
        for (int upper = 0; upper < 2; upper++) { /* never bare past what was tested */
            wijk_table_set(p->canvas.out, year - p->first, NUMBERS - 1 + (size_t)upper,
                           wijk_course_end(p->canvas.arena, p->canvas.lang, at, upper));
        }
    }
    return rc;
}

int wijk_picture_course(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_course_plot *course)
{
    fan_plot p = {.start = course->start, .low = INFINITY, .high = -INFINITY};
    wijk_course *courses = wijk_arena_alloc(arena, YEARS * sizeof *courses);
    wijk_canvas_begin(&p.canvas, out, arena, style, "course");
    int rc = courses ? read_course(&p, courses, course) : WIJK_ENOMEM;
    if (!rc) {
        int known = isfinite(p.range[p.last].low90);
        frame(&p, 10);
        if (known) {
            range_of(&p);
        }
        area(&p, OF_NOTHING, LOW90, HIGH90, 0, "90");
        area(&p, OF_NOTHING, LOW50, HIGH50, 0, "50");
        line(&p, OF_NOTHING, MIDDLE, "line fan-mid");
        const wijk_key keys[] = {
            {WIJK_KEY_BOX, "fan90", wijk_text(style->lang, T_COURSE_KEY_SIM)},
            {WIJK_KEY_BOX, "past-key", wijk_text(style->lang, T_COURSE_KEY_PAST)}};
        wijk_svg_legend(&p.canvas, keys, known ? 2 : 1);
        out->title = wijk_text(style->lang, wijk_course_label(course->measure));
        out->message = wijk_course_say(arena, style->lang, course);
        rc = course_table(&p, courses);
    }
    return close_canvas(&p.canvas, rc);
}
