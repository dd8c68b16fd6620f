/* The figures of a portrait: the same for page, terminal and print, because all of them come from
 * the one structure that the facts were arranged in. */
#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

#define MOST_STRIPS 16

static int nothing_to_draw(const wijk_portrait *portrait)
{
    return wijk_fail(WIJK_ENOTFOUND, "Van %s zijn de cijfers voor deze figuur niet bekend.",
                     "The figures for this picture are not known for %s.", portrait->name);
}

static const char *one_arg(wijk_arena *arena, wijk_lang lang, enum wijk_text_key key,
                           const char *arg)
{
    return wijk_svg_fill(arena, wijk_text(lang, key), &arg, 1);
}

/* ---- livability -------------------------------------------------------------------------- */

/* The label without "(LBM 3.0)": title and source of a figure say the version once. */
static const char *plain_label(wijk_arena *arena, const char *label)
{
    const char *end = strstr(label, " (LBM");
    const char *plain = end ? wijk_arena_strndup(arena, label, (size_t)(end - label)) : label;
    return plain ? plain : label;
}

/* The lines of one trend that have any value; the area itself carries band and grey. */
static int lines_of_trend(wijk_chart_line *lines, size_t *count, wijk_arena *arena,
                          const wijk_portrait *portrait, const wijk_trend *trend)
{
    static const enum wijk_line_role roles[] = {WIJK_LINE_SELF, WIJK_LINE_GEMEENTE,
                                                WIJK_LINE_SIMILAR, WIJK_LINE_LAND};
    const char *names[WIJK_WHOSE] = {
        portrait->name, portrait->gemeente.id ? portrait->gemeente.name : "",
        one_arg(arena, portrait->lang, T_FIGURE_SIMILAR,
                wijk_levels_name(portrait->lang, portrait->area.level)),
        wijk_text(portrait->lang, T_FIGURE_LAND)};
    *count = 0;
    for (int whose = 0; whose < WIJK_WHOSE; whose++) {
        wijk_point *points = wijk_arena_alloc(arena, (trend->count + 1) * sizeof *points);
        size_t known = 0;
        if (!points) {
            return WIJK_ENOMEM;
        }
        for (size_t i = 0; i < trend->count; i++) {
            int here = whose == WIJK_HERE;
            points[i] = (wijk_point){.x = trend->years[i],
                                     .y = trend->value[whose] ? trend->value[whose][i] : NAN,
                                     .low = here && trend->low ? trend->low[i] : NAN,
                                     .high = here && trend->high ? trend->high[i] : NAN,
                                     .grey = here && (trend->flags[i] & WIJK_GREY)};
            known += isfinite(points[i].y) != 0;
        }
        if (known) {
            lines[(*count)++] =
                (wijk_chart_line){names[whose], roles[whose], points, trend->count, 0};
        }
    }
    return 0;
}

static const char *livability_source(wijk_arena *arena, const wijk_portrait *portrait)
{
    if (portrait->area.fictional) {
        return one_arg(arena, portrait->lang, T_FIGURE_SOURCE,
                       wijk_text(portrait->lang, T_FIGURE_MAP_FICTIONAL));
    }
    return one_arg(arena, portrait->lang, T_FIGURE_LIVABILITY_SOURCE, portrait->livability.version);
}

static wijk_line_chart chart_of_trend(wijk_arena *arena, const wijk_portrait *portrait,
                                      const wijk_trend *trend, const wijk_chart_line *lines,
                                      size_t count)
{
    return (wijk_line_chart){.title = plain_label(arena, trend->label),
                             .unit = wijk_text(portrait->lang, T_FIGURE_LIVABILITY_UNIT),
                             .source = livability_source(arena, portrait),
                             .decimals = trend->indicator->decimals,
                             .lines = lines,
                             .count = count,
                             .reference = NAN};
}

int wijk_picture_livability(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                            const wijk_portrait *portrait)
{
    wijk_chart_line lines[WIJK_WHOSE];
    size_t count = 0;
    if (!portrait->livability.known || !portrait->livability.total.count) {
        return nothing_to_draw(portrait);
    }
    int rc = lines_of_trend(lines, &count, arena, portrait, &portrait->livability.total);
    if (rc) {
        return rc;
    }
    wijk_line_chart chart =
        chart_of_trend(arena, portrait, &portrait->livability.total, lines, count);
    chart.title = wijk_text(portrait->lang, T_FIGURE_LIVABILITY_TITLE);
    rc = wijk_figure_lines(out, arena, style, &chart);
    if (!rc && portrait->livability.reading && *portrait->livability.reading) {
        out->message = portrait->livability.reading;
    }
    return rc;
}

/* The newest wave in which a part has a value; -1 when none. */
static int newest_wave(const wijk_trend *trend)
{
    for (size_t i = trend->count; i-- > 0;) {
        if (isfinite(trend->value[WIJK_HERE][i])) {
            return (int)i;
        }
    }
    return -1;
}

static size_t waves_of(const wijk_trend *trend)
{
    size_t known = 0;
    for (size_t i = 0; i < trend->count; i++) {
        known += isfinite(trend->value[WIJK_HERE][i]) != 0;
    }
    return known;
}

int wijk_picture_parts(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_portrait *portrait)
{
    wijk_bar bars[5];
    size_t count = 0;
    int year = 0;
    for (size_t i = 0; i < portrait->livability.part_count && portrait->livability.known; i++) {
        const wijk_trend *trend = &portrait->livability.parts[i];
        int at = newest_wave(trend);
        if (at < 0) {
            continue;
        }
        year = trend->years[at] > year ? trend->years[at] : year;
        bars[count++] =
            (wijk_bar){.name = plain_label(arena, trend->label),
                       .value = trend->value[WIJK_HERE][at],
                       .low = trend->low ? trend->low[at] : NAN,
                       .high = trend->high ? trend->high[at] : NAN,
                       .other = trend->value[WIJK_AROUND] ? trend->value[WIJK_AROUND][at] : NAN,
                       .grey = (trend->flags[at] & WIJK_GREY) != 0};
    }
    if (!count) {
        return nothing_to_draw(portrait);
    }
    wijk_lang lang = portrait->lang;
    const wijk_bars_chart chart = {
        .title = one_arg(arena, lang, T_FIGURE_LIVABILITY_PARTS, wijk_svg_year(arena, year)),
        .unit = wijk_text(lang, T_FIGURE_LIVABILITY_UNIT),
        .source = livability_source(arena, portrait),
        .self = portrait->name,
        .other = portrait->gemeente.id ? portrait->gemeente.name : NULL,
        .left = wijk_text(lang, T_FIGURE_LIVABILITY_LEFT),
        .right = wijk_text(lang, T_FIGURE_LIVABILITY_RIGHT),
        .decimals = 2,
        .bars = bars,
        .count = count};
    return wijk_figure_bars(out, arena, style, &chart);
}

int wijk_picture_part_panels(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_portrait *portrait)
{
    wijk_line_chart panels[5];
    wijk_chart_line lines[5][WIJK_WHOSE];
    size_t count = 0;
    for (size_t i = 0; i < portrait->livability.part_count && portrait->livability.known; i++) {
        const wijk_trend *trend = &portrait->livability.parts[i];
        size_t n = 0;
        if (waves_of(trend) < 2) { /* one wave is in wijk_picture_parts */
            continue;
        }
        int rc = lines_of_trend(lines[count], &n, arena, portrait, trend);
        if (rc) {
            return rc;
        }
        panels[count] = chart_of_trend(arena, portrait, trend, lines[count], n);
        count++;
    }
    if (!count) {
        return nothing_to_draw(portrait);
    }
    return wijk_figure_panels(out, arena, style,
                              wijk_text(portrait->lang, T_FIGURE_LIVABILITY_PANELS), panels, count);
}

/* ---- the glance panel -------------------------------------------------------------------- */

/* Publishers of the lines shown, once each: "Bron: CBS; RIVM". */
static const char *source_of(wijk_arena *arena, wijk_lang lang, const wijk_line *const *lines,
                             size_t count, const char *years)
{
    wijk_str text = WIJK_STR_INIT;
    for (size_t i = 0; i < count; i++) {
        int met = !lines[i]->source || !*lines[i]->source;
        for (size_t j = 0; j < i && !met; j++) {
            met = lines[j]->source && !strcmp(lines[i]->source, lines[j]->source);
        }
        if (!met) {
            wijk_str_add(&text, text.size ? "; " : "");
            wijk_str_add(&text, lines[i]->source);
        }
    }
    const char *args[2] = {wijk_str_text(&text), years};
    const char *source =
        text.size
            ? wijk_svg_fill(arena, wijk_text(lang, years ? T_FIGURE_SOURCE_YEAR : T_FIGURE_SOURCE),
                            args, 2)
            : "";
    wijk_str_free(&text);
    return source;
}

int wijk_picture_glance(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_portrait *portrait)
{
    return wijk_picture_glance_most(out, arena, style, portrait, MOST_STRIPS);
}

int wijk_picture_glance_most(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                             const wijk_portrait *portrait, size_t most)
{
    wijk_strip strips[MOST_STRIPS];
    const wijk_line *lines[MOST_STRIPS];
    size_t count = 0;
    wijk_lang lang = portrait->lang;
    for (size_t i = 0; i < portrait->key_count && count < most && count < MOST_STRIPS; i++) {
        const wijk_line *line = &portrait->key[i];
        if (line->value->mark != WIJK_MARK_VALUE || !isfinite(line->p50)) {
            continue;
        }
        const char *name = line->indicator->label[lang];
        const char *dated = wijk_arena_printf(arena, "%s, %s", name,
                                              wijk_svg_period(arena, lang, line->value->period));
        lines[count] = line;
        strips[count++] =
            (wijk_strip){.name = dated ? dated : name,
                         .unit = "",
                         .decimals = line->indicator->decimals,
                         .p10 = line->p10,
                         .p25 = line->p25,
                         .p50 = line->p50,
                         .p75 = line->p75,
                         .p90 = line->p90,
                         .self = line->value->value,
                         .low = line->value->low,
                         .high = line->value->high,
                         .gemeente = line->gemeente,
                         .land = line->land,
                         .grey = (line->value->flags & WIJK_GREY) != 0,
                         .shown = line->shown,
                         .middle = wijk_shown_in(arena, lang, line->indicator, line->p50)};
    }
    if (!count) {
        return nothing_to_draw(portrait);
    }
    const char *levels = wijk_levels_name(lang, portrait->area.level);
    const char *names[2] = {portrait->name, levels};
    const wijk_strips_chart chart = {
        .title = wijk_svg_fill(arena, wijk_text(lang, T_FIGURE_GLANCE_TITLE), names, 2),
        .source = source_of(arena, lang, lines, count, NULL),
        .self = portrait->name,
        .gemeente = portrait->gemeente.id ? portrait->gemeente.name : NULL,
        .land = portrait->area.fictional ? NULL : wijk_text(lang, T_FIGURE_LAND),
        .among = one_arg(
            arena, lang,
            portrait->area.fictional ? T_FIGURE_GLANCE_AMONG_TOWN : T_FIGURE_GLANCE_AMONG, levels),
        .strips = strips,
        .count = count};
    return wijk_figure_strips(out, arena, style, &chart);
}

/* ---- parts of a whole -------------------------------------------------------------------- */

typedef struct {
    const char *indicator;
    enum wijk_text_key name;
} share;

static const share tenure[] = {{"owner_share", T_FIGURE_TENURE_OWNER},
                               {"social_share", T_FIGURE_TENURE_SOCIAL},
                               {"private_share", T_FIGURE_TENURE_PRIVATE},
                               {NULL, T_FIGURE_NONE}};
static const share ages[] = {
    {"age_0_14_share", T_FIGURE_AGE_0},     {"age_15_24_share", T_FIGURE_AGE_15},
    {"age_25_44_share", T_FIGURE_AGE_25},   {"age_45_64_share", T_FIGURE_AGE_45},
    {"age_65_plus_share", T_FIGURE_AGE_65}, {NULL, T_FIGURE_NONE}};

static const wijk_line *line_named(const wijk_portrait *portrait, const char *code)
{
    for (size_t i = 0; i < portrait->line_count; i++) {
        if (!strcmp(portrait->lines[i].indicator->code, code)) {
            return &portrait->lines[i];
        }
    }
    return NULL;
}

/* The newest figure of a part in the years up to `period` that still say something about it; what
 * is borrowed from the area around is no part of this one. */
static const wijk_value *part_in(const wijk_line *line, int period)
{
    enum { APART = 4 }; /* years: who owns the homes, and how old people are, moves slowly */
    const wijk_value *found = NULL;
    for (size_t i = 0; line && i < line->periods; i++) {
        const wijk_value *value = &line->series[i];
        if (value->period <= period && value->period >= period - APART &&
            value->mark == WIJK_MARK_VALUE && value->origin != WIJK_BORROWED) {
            found = value;
        }
    }
    return found;
}

static const char *publisher_of(const wijk_portrait *portrait, const wijk_value *value)
{
    for (size_t i = 0; i < portrait->source_count; i++) {
        if (portrait->sources[i]->id == value->load) {
            return portrait->sources[i]->publisher;
        }
    }
    return "";
}

/* Parts of one whole are of about one time: the newest at which most of them are known. */
static int year_of_parts(const wijk_portrait *portrait, const share *parts)
{
    int best = 0;
    size_t most = 0;
    for (const share *part = parts; part->indicator; part++) {
        const wijk_line *line = line_named(portrait, part->indicator);
        for (size_t i = 0; line && i < line->periods; i++) {
            int period = line->series[i].period;
            size_t known = 0;
            for (const share *other = parts; other->indicator; other++) {
                known += part_in(line_named(portrait, other->indicator), period) != NULL;
            }
            if (known > most || (known == most && period > best)) {
                most = known;
                best = period;
            }
        }
    }
    return best;
}

int wijk_picture_shares(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                        const wijk_portrait *portrait, const char *what)
{
    double shares[3][7];
    const char *segments[7];
    wijk_line sourced[7];
    const wijk_line *lines[7];
    size_t count = 0, known = 0, found = 0, rows = 0;
    int grey = 0, gemeente = 0, land = 0;
    const share *parts = !strcmp(what, "age") ? ages : tenure;
    int year = year_of_parts(portrait, parts), first = year, last = 0;
    for (; parts[count].indicator; count++) {
        const wijk_line *line = line_named(portrait, parts[count].indicator);
        const wijk_value *value = part_in(line, year);
        int has = value != NULL, newest = has && line->value->period == value->period;
        segments[count] = wijk_text(portrait->lang, parts[count].name);
        shares[0][count] = has ? value->value : NAN;
        shares[1][count] = newest ? line->gemeente : NAN;
        shares[2][count] = newest ? line->land : NAN;
        known += has != 0;
        gemeente |= isfinite(shares[1][count]);
        land |= isfinite(shares[2][count]);
        if (has) {
            first = value->period < first ? value->period : first;
            last = value->period > last ? value->period : last;
            grey |= (value->flags & WIJK_GREY) != 0;
            sourced[found] = (wijk_line){.source = publisher_of(portrait, value)};
            lines[found] = &sourced[found];
            found++;
        }
    }
    if (known < 2) { /* one part says nothing about a whole */
        return nothing_to_draw(portrait);
    }
    wijk_stack stacks[3];
    stacks[rows++] = (wijk_stack){portrait->name, shares[0], grey};
    if (gemeente && portrait->gemeente.id) {
        stacks[rows++] = (wijk_stack){portrait->gemeente.name, shares[1], 0};
    }
    if (land) {
        stacks[rows++] = (wijk_stack){wijk_text(portrait->lang, T_FIGURE_LAND), shares[2], 0};
    }
    const wijk_stacks_chart chart = {
        .title =
            wijk_text(portrait->lang, parts == ages ? T_FIGURE_AGE_TITLE : T_FIGURE_TENURE_TITLE),
        .source = source_of(arena, portrait->lang, lines, found,
                            first < last ? wijk_arena_printf(arena, "%d–%d", first, last)
                                         : wijk_svg_year(arena, last)),
        .segments = segments,
        .segment_count = count,
        .stacks = stacks,
        .count = rows};
    return wijk_figure_stacks(out, arena, style, &chart);
}

/* ---- one line ---------------------------------------------------------------------------- */

/* Of what is counted or is a part, zero means none: an axis without it would magnify changes. */
static int counts(const wijk_indicator *indicator)
{
    return !strcmp(indicator->unit, "count") || !strcmp(indicator->unit, "percent") ||
           !strcmp(indicator->unit, "per_1000");
}

static double x_of(int period)
{
    int year = period / 100, month = period % 100;
    return period > 9999 ? year + (month - 0.5) / 12 : period;
}

int wijk_picture_history(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                         const wijk_portrait *portrait, const wijk_line *line)
{
    wijk_point *points = wijk_arena_alloc(arena, (line->periods + 1) * sizeof *points);
    wijk_point others[2];
    wijk_chart_line lines[3];
    size_t known = 0, count = 1;
    if (!points) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < line->periods; i++) {
        const wijk_value *value = &line->series[i];
        points[i] =
            (wijk_point){x_of(value->period), value->mark == WIJK_MARK_VALUE ? value->value : NAN,
                         value->low, value->high, (value->flags & WIJK_GREY) != 0};
        known += isfinite(points[i].y) != 0;
    }
    if (known < 2) {
        return nothing_to_draw(portrait);
    }
    lines[0] = (wijk_chart_line){portrait->name, WIJK_LINE_SELF, points, line->periods, 0};
    const double values[2] = {line->gemeente, line->land};
    const char *names[2] = {portrait->gemeente.name, wijk_text(portrait->lang, T_FIGURE_LAND)};
    for (int i = 0; i < 2; i++) { /* known for the newest period only: a dot with its name */
        if (isfinite(values[i]) && names[i]) {
            others[i] = (wijk_point){x_of(line->value->period), values[i], NAN, NAN, 0};
            lines[count++] = (wijk_chart_line){names[i], i ? WIJK_LINE_LAND : WIJK_LINE_GEMEENTE,
                                               &others[i], 1, 0};
        }
    }
    const wijk_line_chart chart = {.title = line->indicator->label[portrait->lang],
                                   .unit = wijk_svg_unit(portrait->lang, line->indicator),
                                   .source = source_of(arena, portrait->lang, &line, 1, NULL),
                                   .decimals = line->indicator->decimals,
                                   .lines = lines,
                                   .count = count,
                                   .from_zero = counts(line->indicator),
                                   .reference = NAN};
    return wijk_figure_lines(out, arena, style, &chart);
}
