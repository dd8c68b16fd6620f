/* Buurtbeeld: one area on one page. Everything shown comes from wijk_portrait, so that page,
 * terminal, PDF and JSON cannot disagree; this file only decides the order and the words around. */
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- small parts ------------------------------------------------------------------------------
 */

const char *page_value_class(const wijk_value *value)
{
    return value->flags & WIJK_GREY         ? "wijk-value wijk-value--grey"
           : value->mark != WIJK_MARK_VALUE ? "wijk-value wijk-value--none"
                                            : "wijk-value";
}

static void bare_number(web_call *call, const wijk_indicator *indicator, double value)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_number_shown(&text, call->lang, indicator, value);
    h_text(&call->h, wijk_str_text(&text));
    wijk_str_free(&text);
}

const char *page_indicator_url(web_call *call, const wijk_indicator *indicator)
{
    return page_url(call, "/indicator/", indicator->code, NULL, NULL);
}

/* The value that may be held beside those of other areas: a figure of the area around it, or one
 * that is unreliable, does not say where this area lies. */
static double placed(const wijk_line *line)
{
    const wijk_value *value = line->value;
    int own = value->origin != WIJK_BORROWED && !(value->flags & WIJK_GREY);
    return own ? value->value : NAN;
}

/* Where a value lies among all areas of its level, in words that need no statistics. */
static enum wijk_text_key place_words(const wijk_line *line)
{
    double value = placed(line);
    return !isfinite(value) || !isfinite(line->p10) || !isfinite(line->p90) ? T_WEB_PLACE_UNKNOWN
           : value > line->p90                                              ? T_WEB_PLACE_TOP
           : value > line->p75                                              ? T_WEB_PLACE_HIGH
           : value >= line->p25                                             ? T_WEB_PLACE_MIDDLE
           : value >= line->p10                                             ? T_WEB_PLACE_LOW
                                                                            : T_WEB_PLACE_BOTTOM;
}

/* A word-sized strip: the middle 80% of all areas, the middle half, the median and this area. The
 * words beside it say the same, so it is hidden from assistive technology. */
static void strip(web_call *call, const wijk_line *line)
{
    double low = line->p10, high = line->p90, value = placed(line);
    if (!isfinite(low) || !isfinite(high) || !isfinite(value) || high <= low) {
        return;
    }
    double margin = (high - low) * 0.2;
    low -= margin;
    high += margin;
    double scale = 100 / (high - low);
    double at = (value - low) * scale;
    at = at < 2 ? 2 : at > 98 ? 98 : at;
    int half = isfinite(line->p25) && isfinite(line->p75);
    wijk_str *out = call->h.out;
    h_markup(&call->h, "", 0);
    wijk_str_add(out, "<svg class=\"wijk-strip\" viewBox=\"0 0 100 10\" aria-hidden=\"true\" "
                      "preserveAspectRatio=\"none\"><rect class=\"wijk-strip__all\" x=\"");
    wijk_str_addi(out, (long long)lround((line->p10 - low) * scale));
    wijk_str_add(out, "\" y=\"4\" height=\"2\" width=\"");
    wijk_str_addi(out, (long long)lround((line->p90 - line->p10) * scale));
    if (half) {
        wijk_str_add(out, "\"/><rect class=\"wijk-strip__half\" x=\"");
        wijk_str_addi(out, (long long)lround((line->p25 - low) * scale));
        wijk_str_add(out, "\" y=\"3\" height=\"4\" width=\"");
        wijk_str_addi(out, (long long)lround((line->p75 - line->p25) * scale));
    }
    wijk_str_add(out, line->value->flags & WIJK_GREY
                          ? "\"/><rect class=\"wijk-strip__self wijk-strip__self--grey\" x=\""
                          : "\"/><rect class=\"wijk-strip__self\" x=\"");
    wijk_str_addi(out, (long long)lround(at) - 1);
    wijk_str_add(out, "\" y=\"0\" height=\"10\" width=\"2\"/></svg>");
}

static void source_and_year(web_call *call, const wijk_line *line)
{
    html *h = &call->h;
    h_open(h, "span", "wijk-from");
    h_text(h, line->source);
    if (line->value->period) {
        h_text(h, *line->source ? ", " : "");
        h_text(h, page_period(call, line->value->period));
    }
    h_close(h);
}

/* The theme that the part with the history already holds. */
static int is_livability(const wijk_portrait *portrait, const wijk_section *section)
{
    return portrait->livability.known && !strcmp(section->theme, "livability");
}

/* ---- head -------------------------------------------------------------------------------------
 */

int page_breadcrumb(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    wijk_area chain[4];
    size_t count = 0;
    for (int64_t id = portrait->area.parent; id && count < 4; count++) {
        if (wijk_area_get(&chain[count], call->store, call->arena, id)) {
            break;
        }
        id = chain[count].parent;
    }
    if (!count) {
        return WIJK_OK;
    }
    h_open(h, "nav", "wijk-breadcrumb");
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_BREADCRUMB));
    h_open(h, "ol", NULL);
    while (count-- > 0) {
        h_open(h, "li", NULL);
        page_link(call, NULL, page_area_url(call, &chain[count], NULL),
                  *chain[count].name ? chain[count].name : chain[count].code);
        h_close(h);
    }
    h_closes(h, 2);
    return WIJK_OK;
}

static void actions(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    const wijk_area *area = &portrait->area;
    h_open(h, "ul", "wijk-actions");
    const struct {
        const char *url;
        enum wijk_text_key text;
    } items[] = {
        {page_url(call, "/vergelijk", NULL, NULL, "a", area->code, NULL), T_WEB_COMPARE_THIS},
        {page_area_url(call, area, ".pdf"), T_WEB_AS_PDF},
        {page_area_url(call, area, ".csv"), T_WEB_AS_CSV},
        {page_area_url(call, area, ".json"), T_WEB_AS_JSON},
        {page_area_url(call, area, "/tabel"), T_WEB_AS_TABLE}};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        h_open(h, "li", NULL);
        page_link(call, "wijk-action", items[i].url, wijk_text(call->lang, items[i].text));
        h_close(h);
    }
    h_close(h);
}

enum { MEASURED = 4 };

/* What is measured of the area, each part as far as anything is known of it. */
typedef struct {
    wijk_str text;
    int shown[MEASURED];
} measured_part;

static const struct {
    const char *to;
    enum wijk_text_key text;
    int (*write)(web_call *call, const wijk_portrait *portrait);
} measured_parts[MEASURED] = {{"#vooruitblik", T_OUTLOOK_TITLE, page_outlook_section},
                              {"#draagkracht", T_CAPACITY_TITLE, page_capacity_section},
                              {"#mix", T_MIX_PAGE_TITLE, page_mix_section},
                              {"#vooruitzicht", T_FORECAST_TITLE, page_foresee_section}};

/* Written before the page, aside: the list of contents must know which of them there are. */
static int write_measured(measured_part *out, web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    wijk_str *page = h->out;
    int rc = WIJK_OK;
    *out = (measured_part){.text = WIJK_STR_INIT};
    h->out = &out->text;
    for (size_t i = 0; !rc && i < MEASURED; i++) {
        size_t before = out->text.size;
        rc = measured_parts[i].write(call, portrait);
        out->shown[i] = out->text.size > before;
    }
    h->out = page;
    return rc ? rc : wijk_str_status(&out->text);
}

static void contents(web_call *call, const wijk_portrait *portrait, const measured_part *measured)
{
    html *h = &call->h;
    h_open(h, "nav", "wijk-contents");
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_CONTENTS));
    h_open(h, "ul", NULL);
    if (portrait->livability.known) {
        h_open(h, "li", NULL);
        page_link(call, NULL, "#leefbaarheid", wijk_text(call->lang, T_WEB_LIVABILITY));
        h_close(h);
    }
    for (size_t i = 0; i < MEASURED; i++) {
        if (measured->shown[i]) {
            h_open(h, "li", NULL);
            page_link(call, NULL, measured_parts[i].to,
                      wijk_text(call->lang, measured_parts[i].text));
            h_close(h);
        }
    }
    for (size_t i = 0; i < portrait->section_count; i++) {
        if (is_livability(portrait, &portrait->sections[i])) {
            continue;
        }
        h_open(h, "li", NULL);
        h_open(h, "a", NULL);
        h_attr(h, "href", wijk_arena_printf(call->arena, "#%s", portrait->sections[i].theme));
        h_text(h, portrait->sections[i].title);
        h_closes(h, 2);
    }
    const struct {
        const char *to;
        enum wijk_text_key text;
        int shown;
    } rest[] = {{"#vergelijkbaar", T_WEB_SIMILAR, 1},
                {"#veranderd", T_WEB_CHANGED, portrait->change_count > 0},
                {"#niet", T_WEB_LIMITS, 1},
                {"#bronnen", T_WEB_NAV_SOURCES, 1}};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        if (rest[i].shown) {
            h_open(h, "li", NULL);
            page_link(call, NULL, rest[i].to, wijk_text(call->lang, rest[i].text));
            h_close(h);
        }
    }
    h_closes(h, 2);
}

/* ---- at a glance ------------------------------------------------------------------------------
 */

/* The country is not beside itself, and an invented gemeente is no part of it. */
static int beside_country(const wijk_portrait *portrait)
{
    return portrait->area.level != WIJK_LAND && !portrait->area.fictional;
}

static void comparison(web_call *call, enum wijk_text_key whose, const wijk_indicator *indicator,
                       double value)
{
    html *h = &call->h;
    if (isfinite(value)) {
        h_open(h, "div", NULL);
        h_leaft(h, "dt", NULL, whose);
        h_open(h, "dd", NULL);
        bare_number(call, indicator, value);
        h_closes(h, 2);
    }
}

static void glance_card(web_call *call, const wijk_portrait *portrait, const wijk_line *line)
{
    html *h = &call->h;
    h_open(h, "li", "wijk-card");
    h_open(h, "h3", "wijk-card__label");
    page_link(call, NULL, page_indicator_url(call, line->indicator),
              line->indicator->label[call->lang]);
    h_close(h);
    h_leaf(h, "p", page_value_class(line->value), line->shown);
    if (*line->range) {
        h_leaf(h, "p", "wijk-card__range", line->range);
    }
    if (*line->note) {
        h_leaf(h, "p", "wijk-card__note", line->note);
    }
    if (line->value->flags & WIJK_GREY) {
        h_leaft(h, "p", "wijk-card__note", T_WEB_MARK_GREY);
    }
    strip(call, line);
    enum wijk_text_key place = place_words(line);
    if (place != T_WEB_PLACE_UNKNOWN) {
        h_open(h, "p", "wijk-card__place");
        const char *level = page_levels(call, portrait->area.level);
        h_fill(h, place, &level, 1);
        h_close(h);
    }
    h_open(h, "dl", "wijk-card__compare");
    if (portrait->gemeente.id && portrait->gemeente.id != portrait->area.id) {
        comparison(call, T_WEB_GEMEENTE, line->indicator, line->gemeente);
    }
    comparison(call, T_WEB_ALIKE, line->indicator, line->similar);
    if (beside_country(portrait)) {
        comparison(call, T_WEB_COUNTRY, line->indicator, line->land);
    }
    h_close(h);
    source_and_year(call, line);
    h_close(h);
}

static void glance(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "oogopslag", T_WEB_GLANCE);
    h_open(h, "ul", "wijk-cards");
    for (size_t i = 0; i < portrait->key_count; i++) {
        glance_card(call, portrait, &portrait->key[i]);
    }
    h_closes(h, 2);
}

/* ---- map --------------------------------------------------------------------------------------
 */

static int map_section(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    page_map_choice choice;
    int rc = page_map_choose(call, &choice, &portrait->area);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = call->lang, .width = 480, .id = "kaart"};
    rc = wijk_figure_map(&figure, call->store, call->registry, call->arena, &style, &choice.map);
    if (rc) {
        wijk_figure_free(&figure);
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    h_open(h, "section", "wijk-section wijk-section--map");
    h_attr(h, "data-part", "kaart");
    h_attr(h, "aria-labelledby", "kaart-kop");
    page_heading(call, "kaart-kop", T_WEB_MAP);
    page_map_form(call, &choice, page_area_url(call, &portrait->area, NULL), &portrait->area, 0);
    char period[16];
    snprintf(period, sizeof period, "%d", choice.period);
    const char *query =
        page_url(call, "", NULL, NULL, "gebied", portrait->area.code, "indicator",
                 choice.indicator ? choice.indicator->code : NULL, "niveau",
                 wijk_level_word(choice.level), "jaar", choice.period ? period : NULL, NULL);
    page_figure(call, &figure, "wijk-figure wijk-figure--map", "/figuur/kaart", strchr(query, '?'));
    page_more(call,
              page_url(call, "/kaart", NULL, NULL, "gebied",
                       portrait->gemeente.id ? portrait->gemeente.code : NULL, "indicator",
                       choice.indicator ? choice.indicator->code : NULL, NULL),
              T_WEB_MAP_LARGER);
    h_close(h);
    wijk_figure_free(&figure);
    return WIJK_OK;
}

static int picture(web_call *call, const wijk_portrait *portrait, const char *name,
                   const char *class_name)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_figure_style style = {.lang = call->lang, .width = 480, .id = name};
    int rc = page_draw(call, &figure, name, portrait, &style);
    if (!rc) {
        const char *query = page_url(call, "", NULL, NULL, "gebied", portrait->area.code, NULL);
        page_figure(call, &figure, class_name, wijk_arena_printf(call->arena, "/figuur/%s", name),
                    strchr(query, '?'));
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* ---- sections ---------------------------------------------------------------------------------
 */

void page_head_cell(html *h, enum wijk_text_key key, const char *class_name)
{
    h_open(h, "th", class_name);
    h_attr(h, "scope", "col");
    h_t(h, key);
    h_close(h);
}

void page_number_cell(html *h, double value, int decimals)
{
    h_open(h, "td", "wijk-table__number");
    h_number(h, value, decimals);
    h_close(h);
}

static void number_cell(web_call *call, const wijk_indicator *indicator, double value)
{
    html *h = &call->h;
    h_open(h, "td", "wijk-table__number wijk-table__other");
    if (isfinite(value)) {
        bare_number(call, indicator, value);
    }
    h_close(h);
}

static void section_row(web_call *call, const wijk_portrait *portrait, const wijk_line *line)
{
    html *h = &call->h;
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    page_link(call, NULL, page_indicator_url(call, line->indicator),
              line->indicator->label[call->lang]);
    source_and_year(call, line);
    if (*line->range) {
        h_leaf(h, "span", "wijk-from", line->range);
    }
    if (*line->note) {
        h_leaf(h, "span", "wijk-from", line->note);
    }
    h_close(h);
    h_open(h, "td", "wijk-table__number");
    h_leaf(h, "span", page_value_class(line->value), line->shown);
    h_close(h);
    if (portrait->gemeente.id && portrait->gemeente.id != portrait->area.id) {
        number_cell(call, line->indicator, line->gemeente);
    }
    if (beside_country(portrait)) {
        number_cell(call, line->indicator, line->land);
    }
    h_close(h);
}

/* Lines of the portrait as a table. */
static void lines_table(web_call *call, const wijk_portrait *portrait, const char *title,
                        const wijk_line *const *lines, size_t count)
{
    html *h = &call->h;
    h_open(h, "table", "wijk-table wijk-table--lines");
    h_open(h, "caption", "wijk-hidden");
    h_text(h, title);
    h_text(h, ", ");
    h_text(h, portrait->name);
    h_close(h);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_WEB_INDICATOR, NULL);
    page_head_cell(h, T_WEB_HERE, "wijk-table__number");
    if (portrait->gemeente.id && portrait->gemeente.id != portrait->area.id) {
        h_open(h, "th", "wijk-table__number wijk-table__other");
        h_attr(h, "scope", "col");
        h_text(h, *portrait->gemeente.name ? portrait->gemeente.name : portrait->gemeente.code);
        h_close(h);
    }
    if (beside_country(portrait)) {
        page_head_cell(h, T_WEB_COUNTRY, "wijk-table__number wijk-table__other");
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < count; i++) {
        section_row(call, portrait, lines[i]);
    }
    h_closes(h, 2);
}

static void origin_table(web_call *call, const wijk_portrait *portrait,
                         const wijk_line *const *lines, size_t count)
{
    html *h = &call->h;
    h_open(h, "details", "wijk-details");
    h_open(h, "summary", NULL);
    h_t(h, T_WEB_ORIGIN);
    h_text(h, " (");
    h_int(h, (long long)count);
    h_text(h, ")");
    h_close(h);
    h_leaft(h, "p", "wijk-caution", T_WEB_ORIGIN_WHY);
    lines_table(call, portrait, wijk_text(call->lang, T_WEB_ORIGIN), lines, count);
    h_close(h);
}

/* The way to the figures of a theme that do not stand on the page itself. */
static void more_figures(web_call *call, const wijk_portrait *portrait, const char *theme,
                         size_t count)
{
    html *h = &call->h;
    const char *page = page_area_url(call, &portrait->area, "/tabel");
    h_open(h, "p", "wijk-more");
    h_open(h, "a", NULL);
    h_attr(h, "href", wijk_arena_printf(call->arena, "%s#%s", page, theme));
    h_t(h, T_WEB_MORE_FIGURES);
    h_text(h, " (");
    h_int(h, (long long)count);
    h_text(h, ")");
    h_open(h, "span", "wijk-hidden");
    h_text(h, ": ");
    h_text(h, wijk_theme_name(call->lang, theme));
    h_closes(h, 3);
}

/* The figures of a theme: the first few, and the way to the others. Origin stands in its own folded
 * part and never among what is compared. */
static int section_tables(web_call *call, const wijk_portrait *portrait,
                          const wijk_section *section)
{
    enum { OPEN = 6 };
    const wijk_line **plain = wijk_arena_alloc(call->arena, (section->count + 1) * sizeof *plain);
    const wijk_line **origin = wijk_arena_alloc(call->arena, (section->count + 1) * sizeof *origin);
    size_t plains = 0, origins = 0;
    if (!plain || !origin) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < section->count; i++) {
        const wijk_line *line = &portrait->lines[section->first + i];
        if (line->indicator->origin) {
            origin[origins++] = line;
        } else {
            plain[plains++] = line;
        }
    }
    size_t open = plains <= OPEN + 2 ? plains : OPEN;
    if (open) {
        lines_table(call, portrait, section->title, plain, open);
    }
    if (plains > open) {
        more_figures(call, portrait, section->theme, plains - open);
    }
    if (origins) {
        origin_table(call, portrait, origin, origins);
    }
    return WIJK_OK;
}

/* The picture that goes with a theme, if it has one. */
static int theme_picture(web_call *call, const wijk_portrait *portrait, const char *theme)
{
    const char *name = !strcmp(theme, "homes")    ? "eigendom"
                       : !strcmp(theme, "people") ? "leeftijd"
                                                  : NULL;
    return name ? picture(call, portrait, name, "wijk-figure") : WIJK_OK;
}

static int one_section(web_call *call, const wijk_portrait *portrait, const wijk_section *section)
{
    html *h = &call->h;
    h_open(h, "section", "wijk-section");
    h_attr(h, "aria-labelledby", section->theme);
    h_open(h, "h2", NULL);
    h_attr(h, "id", section->theme);
    h_text(h, section->title);
    h_close(h);
    int rc = theme_picture(call, portrait, section->theme);
    rc = rc ? rc : section_tables(call, portrait, section);
    h_close(h);
    return rc;
}

/* ---- livability -------------------------------------------------------------------------------
 */

static int livability(web_call *call, const wijk_portrait *portrait)
{
    const wijk_livability *life = &portrait->livability;
    html *h = &call->h;
    if (!life->known) {
        return WIJK_OK;
    }
    page_section(call, "wijk-section", "leefbaarheid", T_WEB_LIVABILITY);
    if (life->reading && *life->reading) {
        h_leaf(h, "p", "wijk-lead", life->reading);
    }
    h_open(h, "div", "wijk-pair");
    int rc = picture(call, portrait, "leefbaarheid", "wijk-figure");
    rc = rc ? rc : picture(call, portrait, "onderdelen", "wijk-figure");
    h_close(h);
    if (!rc && life->part_count) {
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_WEB_PARTS_HISTORY);
        rc = picture(call, portrait, "onderdelen-verloop", "wijk-figure wijk-figure--wide");
        h_close(h);
    }
    if (life->caution && *life->caution) {
        h_leaf(h, "p", "wijk-caution", life->caution);
    }
    for (size_t i = 0; !rc && i < portrait->section_count; i++) {
        if (is_livability(portrait, &portrait->sections[i])) {
            more_figures(call, portrait, "livability", portrait->sections[i].count);
        }
    }
    h_close(h);
    return rc;
}

/* ---- what is alike, changed, overlapping ------------------------------------------------------
 */

static void similar(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "vergelijkbaar", T_WEB_SIMILAR);
    if (!portrait->similar_count) {
        h_leaf(h, "p", NULL, portrait->similar_why_not);
    } else {
        h_leaft(h, "p", NULL, T_WEB_SIMILAR_ABOUT);
        h_open(h, "ol", "wijk-similar");
        for (size_t i = 0; i < portrait->similar_count; i++) {
            const wijk_like *like = &portrait->similar[i];
            h_open(h, "li", "wijk-similar__item");
            page_link(call, "wijk-similar__name", page_area_url(call, &like->area, NULL),
                      *like->area.name ? like->area.name : like->area.code);
            h_leaf(h, "span", "wijk-from", like->area.gemeente);
            h_leaf(h, "p", "wijk-similar__reason", like->reason);
            h_open(h, "a", "wijk-action");
            h_attr(h, "href",
                   page_url(call, "/vergelijk", NULL, NULL, "a", portrait->area.code, "b",
                            like->area.code, NULL));
            h_t(h, T_WEB_PUT_BESIDE);
            h_open(h, "span", "wijk-hidden");
            h_text(h, ": ");
            h_text(h, *like->area.name ? like->area.name : like->area.code);
            h_closes(h, 3);
        }
        h_close(h);
    }
    h_close(h);
}

static void changes(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    if (!portrait->change_count) {
        return;
    }
    page_section(call, "wijk-section", "veranderd", T_WEB_CHANGED);
    h_leaft(h, "p", NULL, T_WEB_CHANGED_ABOUT);
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < portrait->change_count; i++) {
        h_open(h, "li", NULL);
        h_leaf(h, "strong", NULL, portrait->changes[i].indicator->label[call->lang]);
        h_text(h, ": ");
        h_text(h, portrait->changes[i].words);
        h_close(h);
    }
    h_closes(h, 2);
}

/* A town has many postcodes: its name alone would not tell them apart. */
static const char *part_name(web_call *call, const wijk_area *area)
{
    const char *both = area->level == WIJK_PC4 && *area->name
                           ? wijk_arena_printf(call->arena, "%s %s", area->code, area->name)
                           : NULL;
    return both ? both : *area->name ? area->name : area->code;
}

static void overlaps(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    if (!portrait->part_count && !portrait->member_count) {
        return;
    }
    page_section(call, "wijk-section", "overlap",
                 portrait->member_count ? T_WEB_MEMBERS : T_WEB_OVERLAP);
    if (*portrait->parts_about) {
        h_leaf(h, "p", NULL, portrait->parts_about);
    }
    h_open(h, "ul", "wijk-list wijk-list--columns");
    for (size_t i = 0; i < portrait->member_count; i++) {
        h_open(h, "li", NULL);
        page_link(call, NULL, page_area_url(call, &portrait->members[i], NULL),
                  *portrait->members[i].name ? portrait->members[i].name
                                             : portrait->members[i].code);
        h_close(h);
    }
    for (size_t i = 0; i < portrait->part_count; i++) {
        const wijk_part *part = &portrait->parts[i];
        h_open(h, "li", NULL);
        page_link(call, NULL, page_area_url(call, &part->area, NULL), part_name(call, &part->area));
        h_text(h, " ");
        h_open(h, "span", "wijk-from");
        h_number(h, part->share * 100, 0);
        h_text(h, " % ");
        h_t(h, T_WEB_OF_THE_PEOPLE);
        h_closes(h, 2);
    }
    h_closes(h, 2);
}

/* ---- what not to conclude ---------------------------------------------------------------------
 */

static void limits(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-pair");
    page_limits(call, &(page_limit_list){.title = T_WEB_LIMITS,
                                         .said = portrait->limits,
                                         .said_count = portrait->limit_count});
    page_section(call, "wijk-section wijk-section--panel", "bewoners", T_WEB_RESIDENTS);
    h_leaft(h, "p", NULL, T_WEB_RESIDENTS_EMPTY);
    h_open(h, "p", NULL);
    page_link(call, "wijk-button wijk-button--quiet",
              page_area_url(call, &portrait->area, "/klopt-niet"),
              wijk_text(call->lang, T_WEB_DISPUTE));
    h_closes(h, 3);
}

static void sources(web_call *call, const wijk_portrait *portrait)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "bronnen", T_WEB_NAV_SOURCES);
    page_legend(call);
    if (portrait->conversion_count) {
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_WEB_CONVERTED);
        h_open(h, "ul", "wijk-list");
        for (size_t i = 0; i < portrait->conversion_count; i++) {
            h_leaf(h, "li", NULL, portrait->conversions[i]);
        }
        h_close(h);
        h_close(h);
    }
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < portrait->source_count; i++) {
        const wijk_load_info *load = portrait->sources[i];
        h_open(h, "li", NULL);
        h_text(h, load->publisher);
        h_text(h, ": ");
        h_text(h, load->title[call->lang]);
        h_open(h, "span", "wijk-from");
        h_text(h, load->licence);
        h_closes(h, 2);
    }
    h_close(h);
    h_open(h, "p", "wijk-citation");
    h_leaft(h, "strong", NULL, T_WEB_CITE);
    h_text(h, " ");
    h_text(h, portrait->citation);
    h_closes(h, 2);
}

/* ---- the page ---------------------------------------------------------------------------------
 */

int page_portrait(web_call *call, wijk_portrait *out)
{
    wijk_area area;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    return rc ? rc
              : wijk_portrait_get(out, call->store, call->registry, call->arena, area.id,
                                  call->lang);
}

int page_area(web_call *call)
{
    wijk_portrait portrait;
    measured_part measured;
    int rc = page_portrait(call, &portrait);
    if (rc) {
        return rc;
    }
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = portrait.name,
                                  .area = "wijk-area",
                                  .fictional = portrait.area.fictional});
    page_breadcrumb(call, &portrait);
    h_open(h, "header", "wijk-title");
    h_leaf(h, "h1", NULL, portrait.name);
    h_leaf(h, "p", "wijk-title__where", portrait.where);
    h_leaf(h, "p", "wijk-lead", portrait.sentence);
    actions(call, &portrait);
    h_close(h);
    rc = write_measured(&measured, call, &portrait);
    contents(call, &portrait, &measured);
    h_open(h, "div", "wijk-top");
    glance(call, &portrait);
    rc = rc ? rc : map_section(call, &portrait);
    h_close(h);
    rc = rc ? rc : livability(call, &portrait);
    h_markup(h, wijk_str_text(&measured.text), measured.text.size);
    wijk_str_free(&measured.text);
    rc = rc ? rc : page_plans_section(call, &portrait);
    h_open(h, "div", "wijk-sections");
    for (size_t i = 0; !rc && i < portrait.section_count; i++) {
        if (!is_livability(&portrait, &portrait.sections[i])) {
            rc = one_section(call, &portrait, &portrait.sections[i]);
        }
    }
    h_close(h);
    similar(call, &portrait);
    overlaps(call, &portrait);
    changes(call, &portrait);
    limits(call, &portrait);
    sources(call, &portrait);
    return rc ? rc : page_end(call);
}
