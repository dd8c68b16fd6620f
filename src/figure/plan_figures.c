/* Plans drawn: the course of the outcome with what was foretold, chance as a histogram, and the
 * streams from who pays to who gains. */
#include "wijk/plan_figure.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <stdlib.h>

/* ---- the course -------------------------------------------------------------------------------
 */

static void mean_of(wijk_point *out, const wijk_panel *panel, const size_t *units, size_t count)
{
    for (size_t t = 0; t < panel->waves; t++) {
        double sum = 0;
        size_t n = 0;
        for (size_t k = 0; k < count; k++) {
            double y = panel->outcome[units[k] * panel->waves + t];
            if (isfinite(y)) {
                sum += y;
                n++;
            }
        }
        out[t] = (wijk_point){
            .x = panel->year[t], .y = n ? sum / (double)n : (double)NAN, .low = NAN, .high = NAN};
    }
}

/* Treated areas that the verdict counts: those with every wave. */
static size_t treated_units(size_t *out, const wijk_panel_data *data)
{
    const wijk_panel *panel = &data->panel;
    size_t count = 0;
    for (size_t i = 0; i < panel->units; i++) {
        int whole = data->chosen[i];
        for (size_t t = 0; t < panel->waves && whole; t++) {
            whole = isfinite(panel->outcome[i * panel->waves + t]);
        }
        if (whole) {
            out[count++] = i;
        }
    }
    return count;
}

/* The foretold mean after the start: flat, since it is foretold as one mean. */
static size_t foretold(wijk_point *out, const wijk_point *self, const wijk_plan_judgement *it)
{
    const wijk_verdict *v = &it->verdict;
    size_t waves = it->data.panel.waves, n = 0;
    double after = 0;
    for (size_t t = waves - v->post; t < waves; t++) {
        after += self[t].y / (double)v->post;
    }
    for (size_t t = waves - v->post; t < waves; t++) {
        out[n++] = (wijk_point){
            .x = self[t].x, .y = after - v->effect, .low = after - v->high, .high = after - v->low};
    }
    return n;
}

static const char *treated_name(wijk_arena *arena, wijk_lang lang, size_t count)
{
    return count == 1 ? wijk_text(lang, T_PLAN_CHART_ONE)
                      : WIJK_FILL(arena, lang, T_EVALUATE_AREAS,
                                  {"count", wijk_int_in(arena, lang, (long long)count, 1)});
}

int wijk_plan_picture_so_far(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_panel_data *data, const wijk_indicator *outcome)
{
    const wijk_panel *panel = &data->panel;
    size_t *treated = wijk_arena_alloc(arena, (panel->units + 1) * sizeof *treated);
    wijk_point *self = wijk_arena_alloc(arena, (panel->waves + 1) * sizeof *self);
    if (!treated || !self) {
        return WIJK_ENOMEM;
    }
    size_t count = treated_units(treated, data);
    if (!count) {
        return wijk_fail(WIJK_ENOTFOUND, "Van deze gebieden zijn er geen metingen.",
                         "There are no measurements of these areas.");
    }
    mean_of(self, panel, treated, count);
    const wijk_chart_line line = {.name = treated_name(arena, style->lang, count),
                                  .role = WIJK_LINE_SELF,
                                  .points = self,
                                  .count = panel->waves};
    const wijk_line_chart chart = {.title = outcome->label[style->lang],
                                   .unit = wijk_svg_unit(style->lang, outcome),
                                   .source = "",
                                   .decimals = outcome->decimals,
                                   .lines = &line,
                                   .count = 1,
                                   .reference = NAN};
    int rc = wijk_figure_lines(out, arena, style, &chart);
    if (!rc) {
        out->message = wijk_text(style->lang, T_PLAN_SO_FAR_MESSAGE);
    }
    return rc;
}

int wijk_plan_picture_course(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_plan_judgement *judgement, const wijk_indicator *outcome)
{
    const wijk_panel *panel = &judgement->data.panel;
    const wijk_verdict *v = &judgement->verdict;
    if (!v->pool || !v->compared || !isfinite(v->effect) || v->post > panel->waves) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is niets om mee te vergelijken.",
                         "There is nothing to compare with.");
    }
    size_t *treated = wijk_arena_alloc(arena, (panel->units + 1) * sizeof *treated);
    wijk_point *points = wijk_arena_alloc(arena, 3 * (panel->waves + 1) * sizeof *points);
    if (!treated || !points) {
        return WIJK_ENOMEM;
    }
    wijk_point *self = points, *like = self + panel->waves, *told = like + panel->waves;
    size_t count = treated_units(treated, &judgement->data);
    mean_of(self, panel, treated, count);
    mean_of(like, panel, v->compared, v->pool);
    const wijk_chart_line lines[] = {{.name = treated_name(arena, style->lang, count),
                                      .role = WIJK_LINE_SELF,
                                      .points = self,
                                      .count = panel->waves},
                                     {.name = wijk_text(style->lang, T_PLAN_CHART_FORETOLD),
                                      .role = WIJK_LINE_LAND,
                                      .points = told,
                                      .count = foretold(told, self, judgement)},
                                     {.name = wijk_text(style->lang, T_PLAN_CHART_LIKE),
                                      .role = WIJK_LINE_SIMILAR,
                                      .points = like,
                                      .count = panel->waves}};
    const wijk_line_chart chart = {.title = outcome->label[style->lang],
                                   .unit = wijk_svg_unit(style->lang, outcome),
                                   .source = "",
                                   .decimals = judgement->decimals,
                                   .lines = lines,
                                   .count = sizeof lines / sizeof *lines,
                                   .reference = NAN};
    int rc = wijk_figure_lines(out, arena, style, &chart);
    if (!rc) {
        out->message = WIJK_FILL(
            arena, style->lang, T_PLAN_CHART_MESSAGE,
            {"foretold", wijk_number_in(arena, style->lang, told[0].y, chart.decimals)},
            {"became", wijk_number_in(arena, style->lang, told[0].y + v->effect, chart.decimals)});
    }
    return rc;
}

/* ---- chance -----------------------------------------------------------------------------------
 */

enum { BINS = 24, CHANCE_HEIGHT = 150 };

typedef struct {
    double low, step;
    size_t count[BINS], most;
} bins;

static void fill_bins(bins *out, const wijk_verdict *v)
{
    double low = fmin(v->null[0], v->effect), high = fmax(v->null[v->draws - 1], v->effect);
    double reach = fmax(fmax(-low, high), 1e-9) * 1.02;
    *out = (bins){.low = -reach, .step = 2 * reach / BINS};
    for (size_t i = 0; i < v->draws; i++) {
        double at = (v->null[i] - out->low) / out->step;
        size_t k = at <= 0 ? 0 : at >= BINS ? BINS - 1 : (size_t)at;
        out->count[k]++;
        out->most = out->count[k] > out->most ? out->count[k] : out->most;
    }
}

static const char *signed_number(wijk_arena *arena, wijk_lang lang, double value, int decimals)
{
    const char *text = wijk_number_in(arena, lang, value, decimals);
    const char *both = value > 0 ? wijk_arena_printf(arena, "+%s", text) : NULL;
    return both ? both : text;
}

static void chance_table(wijk_figure *out, wijk_arena *arena, wijk_lang lang, const bins *b,
                         const wijk_verdict *v, int decimals)
{
    if (wijk_table_begin(out, arena, 3, BINS)) {
        return;
    }
    out->head[0] = wijk_text(lang, T_EVALUATE_LOW);
    out->head[1] = wijk_text(lang, T_EVALUATE_HIGH);
    out->head[2] = wijk_text(lang, T_PLAN_CHANCE_SHARE);
    for (size_t k = 0; k < BINS; k++) {
        double from = b->low + (double)k * b->step;
        wijk_table_set(out, k, 0, wijk_number_in(arena, lang, from, decimals));
        wijk_table_set(out, k, 1, wijk_number_in(arena, lang, from + b->step, decimals));
        wijk_table_set(
            out, k, 2,
            wijk_number_in(arena, lang, 100.0 * (double)b->count[k] / (double)v->draws, 1));
    }
}

static void draw_chance(wijk_canvas *canvas, const bins *b, const wijk_verdict *v, int decimals)
{
    wijk_str *body = &canvas->body;
    double left = 8, width = canvas->width - 16, top = 26, floor = top + CHANCE_HEIGHT;
    double slot = width / BINS;
    for (size_t k = 0; k < BINS; k++) {
        double height = CHANCE_HEIGHT * (double)b->count[k] / (double)b->most;
        if (b->count[k]) {
            wijk_svg_rect(body, "s1", left + (double)k * slot + 0.5, floor - height, slot - 1,
                          height, 1);
        }
    }
    wijk_svg_line(body, "baseline", left, floor, left + width, floor);
    wijk_ticks ticks;
    double reach = -b->low;
    wijk_ticks_make(&ticks, -reach * 0.9, reach * 0.9, 5);
    for (int i = 0; i < ticks.count; i++) {
        double value = wijk_ticks_at(&ticks, i), x = left + (value + reach) / (2 * reach) * width;
        if (fabs(value) <= reach) {
            wijk_svg_line(body, "baseline", x, floor, x, floor + 4);
            wijk_svg_text(body, x, floor + 17, WIJK_MIDDLE, "soft small num",
                          wijk_number_in(canvas->arena, canvas->lang, value, ticks.decimals));
        }
    }
    double at = left + (v->effect + reach) / (2 * reach) * width;
    const char *label =
        WIJK_FILL(canvas->arena, canvas->lang, T_PLAN_CHANCE_HERE,
                  {"effect", signed_number(canvas->arena, canvas->lang, v->effect, decimals)});
    double half = wijk_svg_width(label, 13, 1) / 2 + 2;
    wijk_svg_line(body, "line line-self", at, top - 4, at, floor);
    wijk_svg_text(body, fmin(fmax(at, half), canvas->width - half), 14, WIJK_MIDDLE, "label-self",
                  label);
    canvas->height = floor + 24;
}

int wijk_plan_picture_chance(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_plan_judgement *judgement)
{
    const wijk_verdict *v = &judgement->verdict;
    if (!v->null || !v->draws || !isfinite(v->effect)) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is niets om mee te vergelijken.",
                         "There is nothing to compare with.");
    }
    wijk_canvas canvas;
    bins b;
    wijk_lang lang = style->lang;
    wijk_canvas_begin(&canvas, out, arena, style, "chance");
    out->title = wijk_text(lang, T_PLAN_CHANCE_TITLE);
    out->message =
        WIJK_FILL(arena, lang, T_PLAN_CHANCE_MESSAGE,
                  {"low", wijk_number_in(arena, lang, v->effect - v->high, judgement->decimals)},
                  {"high", wijk_number_in(arena, lang, v->effect - v->low, judgement->decimals)},
                  {"effect", signed_number(arena, lang, v->effect, judgement->decimals)});
    out->source = "";
    fill_bins(&b, v);
    draw_chance(&canvas, &b, v, judgement->decimals);
    chance_table(out, arena, lang, &b, v, judgement->decimals + 1);
    return wijk_canvas_end(&canvas);
}

/* ---- streams ----------------------------------------------------------------------------------
 */

enum { FLOW_HEIGHT = 260, FLOW_GAP = 14, FLOW_LEAST = 18, NODE = 10 };

typedef struct {
    size_t purse;
    double euro;      /* paid or gained, cents */
    double y, height; /* of the node */
    double used;      /* height that streams have taken */
} node;

typedef struct {
    node left[WIJK_MAX_PURSES], right[WIJK_MAX_PURSES];
    size_t lefts, rights;
    double scale; /* drawing units per cent */
} streams;

static double gained(const wijk_account_result *result, size_t purse)
{
    double sum = 0;
    for (size_t i = 0; i < result->purses; i++) {
        sum += result->flow[i][purse] > 0 ? (double)result->flow[i][purse] : 0;
    }
    return sum;
}

static double given(const wijk_account_result *result, size_t purse)
{
    double sum = 0;
    for (size_t j = 0; j < result->purses; j++) {
        sum += result->flow[purse][j] > 0 ? (double)result->flow[purse][j] : 0;
    }
    return sum;
}

static int larger(const void *a, const void *b)
{
    double x = ((const node *)a)->euro, y = ((const node *)b)->euro;
    return x < y ? 1 : x > y ? -1 : 0;
}

static double stack(node *nodes, size_t count, double scale)
{
    double y = 34;
    qsort(nodes, count, sizeof *nodes, larger);
    for (size_t i = 0; i < count; i++) {
        nodes[i].height = fmax(nodes[i].euro * scale, 2);
        nodes[i].y = y;
        y += fmax(nodes[i].height, FLOW_LEAST) + FLOW_GAP;
    }
    return y;
}

static double lay_out(streams *out, const wijk_account_result *result)
{
    double paid = 0, got = 0;
    *out = (streams){0};
    for (size_t i = 0; i < result->purses; i++) {
        const wijk_party *party = wijk_account_party(result, (int)i);
        double benefit = gained(result, i);
        if (party && party->cost > 0) {
            out->left[out->lefts++] = (node){.purse = i, .euro = (double)party->cost};
            paid += (double)party->cost;
        }
        if (benefit > 0) {
            out->right[out->rights++] = (node){.purse = i, .euro = benefit};
            got += benefit;
        }
    }
    if (!out->lefts || !out->rights) {
        return 0;
    }
    out->scale = FLOW_HEIGHT / fmax(paid, got);
    return fmax(stack(out->left, out->lefts, out->scale),
                stack(out->right, out->rights, out->scale));
}

static void stream_path(wijk_str *body, double x0, double a0, double a1, double x1, double b0,
                        double b1)
{
    double middle = (x0 + x1) / 2;
    const double numbers[] = {x0, a0, middle, a0, middle, b0, x1, b0,
                              x1, b1, middle, b1, middle, a1, x0, a1};
    static const char *const commands[] = {"M", " ", "C", " ", " ", " ", " ", " ",
                                           "L", " ", "C", " ", " ", " ", " ", " "};
    wijk_str_add(body, "<path class=\"band\" d=\"");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        wijk_str_add(body, commands[i]);
        wijk_svg_num(body, numbers[i]);
    }
    wijk_str_add(body, "Z\"/>");
}

static const char *euro(wijk_arena *arena, wijk_lang lang, double cents)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_cents_write(&text, lang, (int64_t)llround(cents), 0);
    return wijk_str_keep(&text, arena);
}

static void draw_node(wijk_canvas *canvas, const wijk_account *account, const node *it, double x,
                      enum wijk_anchor anchor, double text_x, double room)
{
    wijk_str *body = &canvas->body;
    const char *name = wijk_purse_at(account->prices, it->purse)->label[canvas->lang];
    const char *rows[2];
    double y = it->y + fmin(it->height / 2, 60) + 4;
    size_t lines = wijk_svg_wrap(rows, 2, canvas->arena, name, 12, 0, room);
    wijk_svg_rect(body, anchor == WIJK_END ? "s2" : "s4", x, it->y, NODE, it->height, 1);
    y -= it->height < 34 ? 6 : (double)lines * 7;
    y = fmax(y, it->y + 8);
    for (size_t i = 0; i < lines && (i == 0 || it->height > 34); i++) {
        wijk_svg_text(body, text_x, y + (double)i * 14, anchor, "small", rows[i]);
    }
    double drawn = it->height > 34 ? (double)lines : 1;
    wijk_svg_text(body, text_x, y + drawn * 14, anchor, "small strong num",
                  euro(canvas->arena, canvas->lang, it->euro));
}

static void draw_streams(wijk_canvas *canvas, const wijk_account *account,
                         const wijk_account_result *result, streams *s)
{
    double room = fmin(canvas->width * 0.32, 150), x0 = room + NODE + 6;
    double x1 = canvas->width - room - NODE - 6;
    for (size_t i = 0; i < s->lefts; i++) {
        node *a = &s->left[i];
        double out_of = given(result, a->purse);
        for (size_t j = 0; j < s->rights; j++) {
            node *b = &s->right[j];
            double flow = (double)result->flow[a->purse][b->purse];
            if (flow <= 0) {
                continue;
            }
            double from = a->height * flow / out_of, to = b->height * flow / b->euro;
            stream_path(&canvas->body, x0, a->y + a->used, a->y + a->used + from, x1,
                        b->y + b->used, b->y + b->used + to);
            a->used += from;
            b->used += to;
        }
    }
    wijk_svg_text(&canvas->body, 0, 14, WIJK_START, "soft small",
                  wijk_text(canvas->lang, T_PLAN_FLOW_PAYS));
    wijk_svg_text(&canvas->body, canvas->width, 14, WIJK_END, "soft small",
                  wijk_text(canvas->lang, T_PLAN_FLOW_GAINS));
    for (size_t i = 0; i < s->lefts; i++) {
        draw_node(canvas, account, &s->left[i], x0 - NODE, WIJK_END, room, room);
    }
    for (size_t j = 0; j < s->rights; j++) {
        draw_node(canvas, account, &s->right[j], x1, WIJK_START, x1 + NODE + 6, room);
    }
}

static int flow_table(wijk_figure *out, wijk_arena *arena, wijk_lang lang,
                      const wijk_account *account, const wijk_account_result *result)
{
    size_t rows = 0;
    for (size_t i = 0; i < result->purses * result->purses; i++) {
        rows += result->flow[i / result->purses][i % result->purses] != 0;
    }
    int rc = wijk_table_begin(out, arena, 3, rows);
    if (rc) {
        return rc;
    }
    out->head[0] = wijk_text(lang, T_PLAN_FLOW_PAYS);
    out->head[1] = wijk_text(lang, T_PLAN_FLOW_GAINS);
    out->head[2] = wijk_text(lang, T_ACCOUNT_BENEFIT);
    rows = 0;
    for (size_t i = 0; i < result->purses; i++) {
        for (size_t j = 0; j < result->purses; j++) {
            if (result->flow[i][j]) {
                wijk_table_set(out, rows, 0, wijk_purse_at(account->prices, i)->label[lang]);
                wijk_table_set(out, rows, 1, wijk_purse_at(account->prices, j)->label[lang]);
                wijk_table_set(out, rows++, 2, euro(arena, lang, (double)result->flow[i][j]));
            }
        }
    }
    return WIJK_OK;
}

int wijk_plan_picture_flows(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_account *account, const wijk_account_result *result)
{
    streams *s = wijk_arena_alloc(arena, sizeof *s);
    if (!s) {
        return WIJK_ENOMEM;
    }
    double height = lay_out(s, result);
    if (height <= 0) {
        return wijk_fail(WIJK_ENOTFOUND, "Er is niemand die betaalt of niemand die wint.",
                         "There is nobody who pays or nobody who gains.");
    }
    wijk_lang lang = style->lang;
    wijk_canvas canvas;
    wijk_canvas_begin(&canvas, out, arena, style, "flows");
    const node *payer = &s->left[0], *winner = &s->right[0];
    out->title = wijk_text(lang, T_PLAN_FLOW_TITLE);
    out->source = "";
    out->message = WIJK_FILL(arena, lang, T_PLAN_FLOW_MESSAGE,
                             {"payer", wijk_purse_at(account->prices, payer->purse)->label[lang]},
                             {"paid", euro(arena, lang, payer->euro)},
                             {"winner", wijk_purse_at(account->prices, winner->purse)->label[lang]},
                             {"gained", euro(arena, lang, winner->euro)});
    draw_streams(&canvas, account, result, s);
    canvas.height = height;
    int rc = flow_table(out, arena, lang, account, result);
    int end = wijk_canvas_end(&canvas);
    return rc ? rc : end;
}
