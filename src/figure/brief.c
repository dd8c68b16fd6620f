/* The brief: one area on two sheets of A4, for a meeting table. Drawn as two SVG pages with the
 * same figures as the screen, then printed to one PDF. What is grey there is grey here. */
#include "figure/paper.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

#define MOST_SOURCES 24

typedef struct {
    wijk_str *page;
    wijk_arena *arena;
    const wijk_portrait *portrait;
    wijk_lang lang;
    double y;
    const char *sources[MOST_SOURCES]; /* numbered in the table */
    size_t source_count;
} sheet;

static const char *say(const sheet *s, enum wijk_text_key key)
{
    return wijk_text(s->lang, key);
}

static double write_text(const sheet *s, double x, double y, double width, double size,
                         const char *class, const char *text, size_t most)
{
    return paper_text(s->page, s->arena, x, y, width, size, class, text, most);
}

static void close_page(const sheet *s, size_t number)
{
    paper_close(s->page, s->arena, s->lang, s->portrait->citation, number, 2);
}

static void write_head(sheet *s)
{
    const wijk_portrait *p = s->portrait;
    s->y = write_text(s, PAPER_EDGE, 34, PAPER_WIDE, 11.5, "small soft",
                      say(s, T_FIGURE_BRIEF_HEAD), 1) +
           4;
    s->y = write_text(s, PAPER_EDGE, s->y, PAPER_WIDE, 26, "title", p->name, 2) + 4;
    const char *where = p->where;
    if (isfinite(p->people)) {
        const char *args[2] = {wijk_number_in(s->arena, s->lang, p->people, 0),
                               wijk_svg_period(s->arena, s->lang, p->people_period)};
        const char *both =
            wijk_arena_printf(s->arena, "%s · %s", where,
                              wijk_svg_fill(s->arena, say(s, T_FIGURE_BRIEF_PEOPLE), args, 2));
        where = both ? both : where;
    }
    s->y = write_text(s, PAPER_EDGE, s->y, PAPER_WIDE, 11.5, "small soft", where, 2) + 6;
    s->y = write_text(s, PAPER_EDGE, s->y, PAPER_WIDE, 15, "lead", p->sentence, 4) + 4;
    if (p->area.fictional) {
        s->y = write_text(s, PAPER_EDGE, s->y, PAPER_WIDE, 11.5, "small strong",
                          say(s, T_FIGURE_BRIEF_FICTIONAL), 1) +
               4;
    }
    wijk_svg_line(s->page, "zero", PAPER_EDGE, s->y + 6, PAPER_W - PAPER_EDGE, s->y + 6);
    s->y += 14;
}

static int on_map(const wijk_registry *registry, const wijk_portrait *portrait, int indicator)
{
    size_t count = 0;
    const wijk_series *series = wijk_series_of(&count, registry, indicator);
    for (size_t i = 0; i < count; i++) {
        if (series[i].level == portrait->area.level &&
            series[i].vintage == portrait->area.vintage && series[i].areas > 1) {
            return 1;
        }
    }
    return 0;
}

/* What the map shows: livability where it was published for these areas, else the first figure of
 * the glance that is, shares and means before counts. */
static int indicator_of_map(const wijk_registry *registry, const wijk_portrait *portrait)
{
    const wijk_trend *total = &portrait->livability.total;
    if (portrait->livability.known && total->count &&
        on_map(registry, portrait, total->indicator->id)) {
        return total->indicator->id;
    }
    for (int sums = 0; sums < 2; sums++) {
        for (size_t i = 0; i < portrait->key_count; i++) {
            const wijk_indicator *it = portrait->key[i].indicator;
            if ((it->joining == WIJK_JOIN_SUM) == sums && on_map(registry, portrait, it->id)) {
                return it->id;
            }
        }
    }
    return 0;
}

typedef int (*picture_fn)(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_portrait *portrait);

static int picture_tenure(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                          const wijk_portrait *portrait)
{
    return wijk_picture_shares(out, arena, style, portrait, "tenure");
}

static int picture_age(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                       const wijk_portrait *portrait)
{
    return wijk_picture_shares(out, arena, style, portrait, "age");
}

/* Puts a figure under the shorter of the two columns when the sheet has room for it. */
static void put(const sheet *s, const wijk_figure *figure, double *below)
{
    int column = below[1] < below[0];
    double height = paper_figure_height(s->arena, figure, PAPER_HALF);
    if (below[column] + height > PAPER_FOOT - 24) {
        column = !column;
    }
    if (below[column] + height <= PAPER_FOOT - 24) {
        double x = PAPER_EDGE + column * (PAPER_HALF + PAPER_GAP);
        below[column] = paper_figure(s->page, s->arena, figure, x, below[column], PAPER_HALF) + 20;
    }
}

/* Strips of 60 with words and a legend of about 210; fewer than three are not worth their legend.
 */
static size_t strips_for(double room)
{
    double count = floor((room - 210) / 60);
    return count >= 3 ? (size_t)count : 0;
}

/* Page 1: what stands out, where it is, how livable, who lives there and how. What is not known
 * leaves its room to the next. */
static int first_page(sheet *s, wijk_store *store, const wijk_registry *registry)
{
    static const struct {
        picture_fn draw;
        const char *id;
    } pictures[] = {{wijk_picture_livability, "lines"},
                    {wijk_picture_parts, "parts"},
                    {picture_tenure, "tenure"},
                    {picture_age, "age"},
                    {wijk_picture_glance, "glance"}};
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_map map = {.kind = WIJK_MAP_AROUND,
                    .area = s->portrait->area.id,
                    .indicator = indicator_of_map(registry, s->portrait)};
    wijk_figure_style style = {s->lang, 2, (int)PAPER_HALF, "map"};
    paper_open(s->page);
    write_head(s);
    double below[2] = {s->y, s->y};
    int rc = wijk_figure_map(&figure, store, registry, s->arena, &style, &map);
    if (!rc) {
        put(s, &figure, below);
    }
    for (size_t i = 0; i < sizeof pictures / sizeof *pictures && (!rc || rc == WIJK_ENOTFOUND);
         i++) {
        style.id = pictures[i].id;
        rc = pictures[i].draw(&figure, s->arena, &style, s->portrait);
        if (!rc) {
            put(s, &figure, below);
        }
    }
    size_t strips = strips_for(PAPER_FOOT - 24 - fmin(below[0], below[1]));
    if (strips && (!rc || rc == WIJK_ENOTFOUND)) {
        style.id = "glance";
        rc = wijk_picture_glance_most(&figure, s->arena, &style, s->portrait, strips);
        if (!rc) {
            put(s, &figure, below);
        }
    }
    wijk_figure_free(&figure);
    close_page(s, 1);
    return rc == WIJK_ENOTFOUND ? 0 : rc;
}

/* ---- page 2 ------------------------------------------------------------------------------ */

typedef struct {
    double at, width; /* share of the page */
    enum wijk_anchor anchor;
} column;

static const column columns[] = {{0, 0.29, WIJK_START},     {0.425, 0.13, WIJK_END},
                                 {0.44, 0.215, WIJK_START}, {0.775, 0.118, WIJK_END},
                                 {0.895, 0.118, WIJK_END},  {0.945, 0.05, WIJK_END},
                                 {1, 0.05, WIJK_END}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void write_row(const sheet *s, double y, const char *const *cells, const char *class)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        double x = PAPER_EDGE + columns[i].at * PAPER_WIDE;
        wijk_svg_text(s->page, x, y, columns[i].anchor, class,
                      wijk_svg_fit(s->arena, cells[i], 10.5, strstr(class, "strong") != NULL,
                                   columns[i].width * PAPER_WIDE));
    }
}

/* The number of a source in the list below the table; it is added when new. */
static const char *source_number(sheet *s, const char *source)
{
    size_t i = 0;
    while (i < s->source_count && strcmp(s->sources[i], source) != 0) {
        i++;
    }
    if (i == s->source_count && i < MOST_SOURCES) {
        s->sources[s->source_count++] = source;
    }
    return i < MOST_SOURCES ? wijk_number_in(s->arena, s->lang, (double)i + 1, 0) : "";
}

static void write_line(sheet *s, const wijk_line *line, double y)
{
    const char *range = line->range && *line->range ? line->range : line->note;
    int grey = (line->value->flags & WIJK_GREY) != 0;
    if (grey) {
        range = say(s, T_FIGURE_UNRELIABLE);
    }
    const char *cells[COLUMNS] = {
        line->indicator->label[s->lang],
        line->shown,
        range ? range : "",
        isfinite(line->gemeente) ? wijk_shown_in(s->arena, s->lang, line->indicator, line->gemeente)
                                 : "",
        isfinite(line->land) ? wijk_shown_in(s->arena, s->lang, line->indicator, line->land) : "",
        wijk_svg_year(s->arena,
                      line->value->period > 9999 ? line->value->period / 100 : line->value->period),
        line->source ? source_number(s, line->source) : ""};
    write_row(s, y, cells, grey ? "tiny soft num" : "tiny num");
    wijk_svg_line(s->page, "grid", PAPER_EDGE, y + 5, PAPER_W - PAPER_EDGE, y + 5);
}

/* The glance panel first, then the other lines in order, as many as fit above `bottom`. */
static void write_table(sheet *s, double bottom)
{
    const wijk_portrait *p = s->portrait;
    const char *head[COLUMNS] = {say(s, T_FIGURE_BRIEF_TABLE_WHAT),
                                 say(s, T_FIGURE_BRIEF_TABLE_VALUE),
                                 say(s, T_FIGURE_BRIEF_TABLE_RANGE),
                                 p->gemeente.id ? p->gemeente.name
                                                : say(s, T_FIGURE_BRIEF_TABLE_GEMEENTE),
                                 say(s, T_FIGURE_BRIEF_TABLE_LAND),
                                 say(s, T_FIGURE_BRIEF_TABLE_YEAR),
                                 say(s, T_FIGURE_BRIEF_TABLE_SOURCE)};
    s->y =
        write_text(s, PAPER_EDGE, s->y, PAPER_WIDE, 15, "strong", say(s, T_FIGURE_BRIEF_TABLE), 1) +
        18;
    write_row(s, s->y, head, "tiny strong");
    wijk_svg_line(s->page, "zero", PAPER_EDGE, s->y + 5, PAPER_W - PAPER_EDGE, s->y + 5);
    size_t left = 0;
    for (size_t i = 0; i < p->key_count + p->line_count; i++) {
        const wijk_line *line = i < p->key_count ? &p->key[i] : &p->lines[i - p->key_count];
        int shown_before = 0;
        for (size_t j = 0; j < p->key_count && i >= p->key_count && !shown_before; j++) {
            shown_before = p->key[j].indicator == line->indicator;
        }
        if (shown_before || line->value->mark != WIJK_MARK_VALUE) {
            continue;
        }
        if (s->y + 34 > bottom) {
            left++;
            continue;
        }
        s->y += 17;
        write_line(s, line, s->y);
    }
    if (left) {
        const char *count = wijk_number_in(s->arena, s->lang, (double)left, 0);
        s->y = write_text(s, PAPER_EDGE, s->y + 6, PAPER_WIDE, 10.5, "tiny soft",
                          wijk_svg_fill(s->arena, say(s, T_FIGURE_BRIEF_MORE), &count, 1), 1);
    }
}

static double write_similar(const sheet *s, double y)
{
    const wijk_portrait *p = s->portrait;
    y = write_text(s, PAPER_EDGE, y, PAPER_HALF, 13, "strong", say(s, T_FIGURE_BRIEF_SIMILAR), 1) +
        2;
    for (size_t i = 0; i < p->similar_count && i < 5; i++) {
        const wijk_like *like = &p->similar[i];
        const char *name = wijk_arena_printf(s->arena, "%s (%s)",
                                             *like->area.name ? like->area.name : like->area.code,
                                             like->area.gemeente);
        y = write_text(s, PAPER_EDGE, y + 2, PAPER_HALF, 11.5, "small", name ? name : "", 1);
        y = write_text(s, PAPER_EDGE, y, PAPER_HALF, 10.5, "tiny soft", like->reason, 2);
    }
    if (!p->similar_count && p->similar_why_not) {
        y = write_text(s, PAPER_EDGE, y, PAPER_HALF, 11.5, "small", p->similar_why_not, 3);
    }
    return y;
}

static void write_sources(const sheet *s, double y, double bottom)
{
    y = write_text(s, PAPER_EDGE, y, PAPER_HALF, 13, "strong", say(s, T_FIGURE_BRIEF_SOURCES), 1) +
        2;
    for (size_t i = 0; i < s->source_count && y + 18 < bottom; i++) {
        const char *text = wijk_arena_printf(s->arena, "%d  %s", (int)i + 1, s->sources[i]);
        y = write_text(s, PAPER_EDGE, y, PAPER_HALF, 10.5, "tiny", text ? text : "", 2) + 1;
    }
}

static void write_notes(const sheet *s, double x, double y, double bottom)
{
    const wijk_portrait *p = s->portrait;
    y = write_text(s, x, y, PAPER_HALF, 13, "strong", say(s, T_FIGURE_BRIEF_NOTES), 1) + 2;
    for (size_t i = 0; i < p->limit_count + p->conversion_count; i++) {
        const char *note = i < p->limit_count ? p->limits[i] : p->conversions[i - p->limit_count];
        if (y + 34 > bottom) {
            break;
        }
        size_t most = (size_t)fmax(1, floor((bottom - y - 4) / (10.5 * 1.32)));
        wijk_svg_circle(s->page, "marker", x + 2.5, y + 12, 1.8);
        y = write_text(s, x + 10, y + 2, PAPER_HALF - 10, 10.5, "tiny", note, most < 5 ? most : 5) +
            2;
    }
}

/* Page 2: every key figure with range, year and source; who is alike; what not to conclude. */
static void second_page(sheet *s)
{
    paper_open(s->page);
    s->y = 30;
    write_table(s, 640);
    double top = s->y + 22;
    double below = write_similar(s, top);
    write_sources(s, below + 18, PAPER_FOOT - 30);
    write_notes(s, PAPER_EDGE + PAPER_HALF + PAPER_GAP, top, PAPER_FOOT - 30);
    close_page(s, 2);
}

int wijk_brief_pdf(wijk_str *out, wijk_store *store, const wijk_registry *registry,
                   const wijk_portrait *portrait)
{
    wijk_str pages[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    wijk_arena *arena = NULL;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    sheet first = {.page = &pages[0], .arena = arena, .portrait = portrait};
    sheet second = {.page = &pages[1], .arena = arena, .portrait = portrait};
    first.lang = second.lang = portrait->lang;
    rc = first_page(&first, store, registry);
    second_page(&second);
    for (int i = 0; i < 2 && !rc; i++) {
        rc = wijk_str_status(&pages[i]);
    }
    if (!rc) {
        rc = wijk_render_pdf(out, pages, 2, portrait->name);
    }
    wijk_str_free(&pages[0]);
    wijk_str_free(&pages[1]);
    wijk_arena_free(arena);
    return rc;
}
