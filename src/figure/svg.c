/* The ground under every figure: escaping that holds for any name, letters measured without a
 * font, ticks people can read, labels that never overlap, and the frame around a drawing. */
#include "figure/svg.h"

#include "wijk/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN 16.0 /* around a figure that is a file by itself */

/* ---- writing ----------------------------------------------------------------------------- */

/* Length of the UTF-8 sequence at `at` when XML 1.0 allows its character, else 0. */
static size_t allowed(const unsigned char *at)
{
    unsigned c = *at;
    if (c < 0x80) {
        return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    }
    size_t size = c >= 0xF0 && c < 0xF5   ? 4
                  : c >= 0xE0 && c < 0xF0 ? 3
                  : c >= 0xC2 && c < 0xE0 ? 2
                                          : 0;
    unsigned code = size ? c & (0x7Fu >> size) : 0;
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xC0u) != 0x80u) {
            return 0;
        }
        code = code << 6 | (at[i] & 0x3Fu);
    }
    int overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    int surrogate = code >= 0xD800 && code <= 0xDFFF;
    return overlong || surrogate || code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF ? 0 : size;
}

/* What stands for the character at `at`; NULL when it may stay as it is. */
static const char *escaped(const unsigned char *at, size_t size)
{
    switch (size ? *at : 0) {
    case 0:
        return "\xEF\xBF\xBD";
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

void wijk_svg_escape(wijk_str *out, const char *text)
{
    const unsigned char *at = (const unsigned char *)text, *from = at;
    while (*at) {
        size_t size = allowed(at);
        const char *instead = escaped(at, size);
        if (instead) {
            wijk_str_addn(out, from, (size_t)(at - from));
            wijk_str_add(out, instead);
            from = at + (size ? size : 1);
        }
        at += size ? size : 1;
    }
    wijk_str_addn(out, from, (size_t)(at - from));
}

void wijk_svg_clean(wijk_str *out, const char *text)
{
    while (*text) {
        size_t size = allowed((const unsigned char *)text);
        wijk_str_addn(out, size ? text : "\xEF\xBF\xBD", size ? size : 3);
        text += size ? size : 1;
    }
}

void wijk_svg_num(wijk_str *out, double value)
{
    if (!isfinite(value) || fabs(value) > 1e9) {
        value = 0;
    }
    long long hundredths = llround(value * 100);
    if (hundredths < 0) {
        wijk_str_addc(out, '-');
        hundredths = -hundredths;
    }
    wijk_str_addi(out, hundredths / 100);
    int rest = (int)(hundredths % 100);
    if (rest) {
        char digits[4] = {'.', (char)('0' + rest / 10), (char)('0' + rest % 10), 0};
        wijk_str_addn(out, digits, rest % 10 ? 3 : 2);
    }
}

void wijk_svg_attr(wijk_str *out, const char *name, double value)
{
    wijk_str_addc(out, ' ');
    wijk_str_add(out, name);
    wijk_str_addn(out, "=\"", 2);
    wijk_svg_num(out, value);
    wijk_str_addc(out, '"');
}

static void class_of(wijk_str *out, const char *class)
{
    if (class && *class) {
        wijk_str_add(out, " class=\"");
        wijk_str_add(out, class);
        wijk_str_addc(out, '"');
    }
}

void wijk_svg_text(wijk_str *out, double x, double y, enum wijk_anchor anchor, const char *class,
                   const char *text)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    wijk_str_add(out, "<text");
    class_of(out, class);
    wijk_svg_attr(out, "x", x);
    wijk_svg_attr(out, "y", y);
    wijk_str_add(out, anchors[anchor]);
    wijk_str_addc(out, '>');
    wijk_svg_escape(out, text);
    wijk_str_add(out, "</text>");
}

void wijk_svg_line(wijk_str *out, const char *class, double x1, double y1, double x2, double y2)
{
    wijk_str_add(out, "<line");
    class_of(out, class);
    wijk_svg_attr(out, "x1", x1);
    wijk_svg_attr(out, "y1", y1);
    wijk_svg_attr(out, "x2", x2);
    wijk_svg_attr(out, "y2", y2);
    wijk_str_add(out, "/>");
}

void wijk_svg_rect(wijk_str *out, const char *class, double x, double y, double w, double h,
                   double radius)
{
    wijk_str_add(out, "<rect");
    class_of(out, class);
    wijk_svg_attr(out, "x", x);
    wijk_svg_attr(out, "y", y);
    wijk_svg_attr(out, "width", fmax(w, 0));
    wijk_svg_attr(out, "height", fmax(h, 0));
    if (radius > 0) {
        wijk_svg_attr(out, "rx", radius);
    }
    wijk_str_add(out, "/>");
}

void wijk_svg_circle(wijk_str *out, const char *class, double x, double y, double r)
{
    wijk_str_add(out, "<circle");
    class_of(out, class);
    wijk_svg_attr(out, "cx", x);
    wijk_svg_attr(out, "cy", y);
    wijk_svg_attr(out, "r", r);
    wijk_str_add(out, "/>");
}

void wijk_svg_hatch(wijk_canvas *canvas)
{
    wijk_str_addf(&canvas->body,
                  "<defs><pattern id=\"%s-hatch\" width=\"5\" height=\"5\" "
                  "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
                  "<rect class=\"hatchback\" width=\"5\" height=\"5\"/>"
                  "<line class=\"hatch\" x1=\"2.5\" x2=\"2.5\" y2=\"5\"/></pattern></defs>",
                  canvas->style.id);
}

void wijk_svg_hatched(wijk_str *out, const wijk_canvas *canvas)
{
    wijk_str_addf(out, " fill=\"url(#%s-hatch)\"", canvas->style.id);
}

void wijk_svg_mark(wijk_str *out, const wijk_canvas *canvas, enum wijk_shape_of_key shape,
                   const char *class, double x, double y)
{
    const char *path = NULL;
    switch (shape) {
    case WIJK_KEY_LINE:
        wijk_svg_line(out, class, x - 11, y, x + 11, y);
        break;
    case WIJK_KEY_DOT:
        wijk_svg_circle(out, class, x, y, 5.5);
        break;
    case WIJK_KEY_DIAMOND:
        path = "m0-5.5 5 5.5-5 5.5-5-5.5z";
        break;
    case WIJK_KEY_TRIANGLE:
        path = "m0 5-5.5-9.5h11z";
        break;
    case WIJK_KEY_BOX:
        wijk_svg_rect(out, class, x - 6, y - 6, 12, 12, 2);
        break;
    case WIJK_KEY_TICK:
        wijk_svg_line(out, class, x, y - 7, x, y + 7);
        break;
    case WIJK_KEY_HATCH:
    case WIJK_KEY_OUTLINE:
        wijk_str_addf(out, "<rect class=\"%s\"", class);
        if (shape == WIJK_KEY_HATCH) {
            wijk_svg_hatched(out, canvas);
        }
        wijk_svg_attr(out, "x", x - 6);
        wijk_svg_attr(out, "y", y - 6);
        wijk_str_add(out, " width=\"12\" height=\"12\" rx=\"2\"/>");
        break;
    }
    if (path) {
        wijk_str_addf(out, "<path class=\"%s\" transform=\"translate(", class);
        wijk_svg_num(out, x);
        wijk_str_addc(out, ' ');
        wijk_svg_num(out, y);
        wijk_str_addf(out, ")\" d=\"%s\"/>", path);
    }
}

void wijk_svg_legend(wijk_canvas *canvas, const wijk_key *keys, size_t count)
{
    double x = 0, y = canvas->height + 14;
    for (size_t i = 0; i < count; i++) {
        double mark = keys[i].shape == WIJK_KEY_LINE ? 24 : 14;
        const char *text =
            wijk_svg_fit(canvas->arena, keys[i].text, 11.5, 0, canvas->width - mark - 8);
        double wide = mark + 6 + wijk_svg_width(text, 11.5, 0) + 16;
        if (x > 0 && x + wide - 16 > canvas->width) {
            x = 0;
            y += 20;
        }
        wijk_svg_mark(&canvas->body, canvas, keys[i].shape, keys[i].class, x + mark / 2, y);
        wijk_svg_text(&canvas->body, x + mark + 6, y + 4, WIJK_START, "small", text);
        x += wide;
    }
    if (count) {
        canvas->height = y + 12;
    }
}

/* ---- measuring --------------------------------------------------------------------------- */

/* Advance widths of DejaVu Sans, thousandths of the letter size, for U+0020 … U+007E. */
static const short widths[2][95] = {
    {318,  401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
     636,  636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
     1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
     603,  787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
     500,  613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
     635,  635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838},
    {348,  456, 521, 838, 696, 1002, 872, 306,  457, 457, 523, 838, 380, 415,  380, 365,
     696,  696, 696, 696, 696, 696,  696, 696,  696, 696, 400, 400, 838, 838,  838, 580,
     1000, 774, 762, 734, 830, 683,  683, 821,  837, 372, 372, 775, 637, 995,  837, 850,
     733,  850, 770, 720, 682, 812,  774, 1103, 771, 724, 725, 457, 365, 457,  838, 500,
     500,  675, 716, 593, 716, 678,  435, 716,  712, 343, 343, 665, 343, 1042, 712, 687,
     716,  716, 493, 595, 478, 712,  652, 924,  645, 652, 582, 712, 365, 712,  838}};

static double advance(const unsigned char *at, int bold)
{
    if (*at >= 0x20 && *at < 0x7F) {
        return widths[bold][*at - 0x20];
    }
    /* Continuation bytes cost nothing; other letters are about as wide as an o, wide scripts 1 em.
     */
    return (*at & 0xC0) == 0x80 ? 0 : *at >= 0xE3 ? 1000 : *at < 0x20 ? 0 : 690;
}

double wijk_svg_width(const char *text, double size, int bold)
{
    double sum = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        sum += advance(at, bold != 0);
    }
    return sum * size / 1000;
}

/* Bytes of `text` that fit in `width`, whole letters only. */
static size_t fits(const char *text, double size, int bold, double width)
{
    const unsigned char *at = (const unsigned char *)text;
    double sum = 0;
    for (; *at; at++) {
        sum += advance(at, bold) * size / 1000;
        if (sum > width && (*at & 0xC0) != 0x80) {
            break;
        }
    }
    return (size_t)(at - (const unsigned char *)text);
}

const char *wijk_svg_fit(wijk_arena *arena, const char *text, double size, int bold, double width)
{
    if (wijk_svg_width(text, size, bold) <= width) {
        return text;
    }
    size_t keep = fits(text, size, bold, width - size);
    while (keep && text[keep - 1] == ' ') {
        keep--;
    }
    char *cut = wijk_arena_alloc(arena, keep + 4);
    if (!cut) {
        return "";
    }
    memcpy(cut, text, keep);
    memcpy(cut + keep, "…", 4);
    return cut;
}

size_t wijk_svg_wrap(const char **lines, size_t most, wijk_arena *arena, const char *text,
                     double size, int bold, double width)
{
    size_t count = 0;
    while (*text == ' ') {
        text++;
    }
    while (*text && count < most) {
        size_t room = fits(text, size, bold, width);
        if (!text[room] || count + 1 == most) {
            lines[count++] = wijk_svg_fit(arena, text, size, bold, width);
            break;
        }
        size_t end = room;
        while (end && text[end] != ' ' && text[end - 1] != '-') {
            end--;
        }
        if (!end) { /* one long word: better cut than lost */
            end = room;
        }
        if (!end) {
            end = 1;
            while ((text[end] & 0xC0) == 0x80) {
                end++;
            }
        }
        char *line = wijk_arena_strndup(arena, text, end);
        lines[count++] = line ? line : "";
        text += end;
        while (*text == ' ') {
            text++;
        }
    }
    return count;
}

void wijk_ticks_make(wijk_ticks *out, double low, double high, int want)
{
    if (!isfinite(low) || !isfinite(high)) {
        low = 0;
        high = 1;
    }
    if (high - low < fmax(fabs(high), fabs(low)) * 1e-9 || high <= low) {
        double pad = high != 0 ? fabs(high) * 0.1 : 1;
        low -= pad;
        high += pad;
    }
    double raw = (high - low) / (want > 1 ? want : 1);
    double power = pow(10, floor(log10(raw)));
    static const double nice[] = {1, 2, 2.5, 5, 10};
    int i = 0;
    while (i < 4 && nice[i] * power < raw * 0.999) {
        i++;
    }
    out->step = nice[i] * power;
    double from = floor(low / out->step + 1e-9);
    double to = ceil(high / out->step - 1e-9);
    out->first = from * out->step;
    out->count = (int)fmin(to - from, 60) + 1;
    int exponent = (int)floor(log10(out->step) + 1e-9);
    out->decimals = exponent < 0 ? -exponent : 0;
    if (i == 2 && exponent <= 0) {
        out->decimals++;
    }
}

double wijk_ticks_at(const wijk_ticks *ticks, int i)
{
    double value = ticks->first + i * ticks->step;
    return fabs(value) < ticks->step * 1e-6 ? 0 : value;
}

/* Labels that touch move as one block, whose best place is the mean of the wishes in it. */
void wijk_spread_labels(double *y, const double *h, size_t n, double top, double bottom)
{
    struct block {
        size_t first, count;
        double height, wish; /* wish: sum of the tops that its labels ask of the block */
    } blocks[64] = {{0}};
    size_t order[64] = {0}, count = 0;
    n = n < 64 ? n : 64;
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        while (at && y[order[at - 1]] > y[i]) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    for (size_t i = 0; i < n; i++) {
        struct block now = {i, 1, h[order[i]], y[order[i]] - h[order[i]] / 2};
        while (count) {
            struct block *before = &blocks[count - 1];
            double before_top = fmax(top, before->wish / (double)before->count);
            if (before_top + before->height <= now.wish / (double)now.count) {
                break;
            }
            now.wish = before->wish + now.wish - (double)now.count * before->height;
            now.height += before->height;
            now.count += before->count;
            now.first = before->first;
            count--;
        }
        blocks[count++] = now;
    }
    double floor_at = bottom;
    for (size_t b = count; b-- > 0;) { /* from below, so that the lower edge holds too */
        double at = fmax(top, blocks[b].wish / (double)blocks[b].count);
        at = fmin(at, floor_at - blocks[b].height);
        floor_at = at;
        for (size_t i = 0; i < blocks[b].count; i++) {
            size_t label = order[blocks[b].first + i];
            y[label] = at + h[label] / 2;
            at += h[label];
        }
    }
}

/* ---- texts and tables -------------------------------------------------------------------- */

const char *wijk_svg_fill(wijk_arena *arena, const char *template_text, const char *const *args,
                          size_t count)
{
    wijk_str text = WIJK_STR_INIT;
    for (const char *at = template_text; *at; at++) {
        if (*at == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            size_t i = (size_t)(at[1] - '0');
            wijk_str_add(&text, i < count && args[i] ? args[i] : "");
            at += 2;
        } else {
            wijk_str_addc(&text, *at);
        }
    }
    return wijk_str_keep(&text, arena);
}

const char *wijk_svg_period(wijk_arena *arena, wijk_lang lang, int period)
{
    int month = period > 9999 ? period % 100 : 0;
    if (month < 1 || month > 12) {
        const char *year = wijk_arena_printf(arena, "%d", period > 9999 ? period / 100 : period);
        return year ? year : "";
    }
    const char *text = wijk_arena_printf(
        arena, "%s %d", wijk_text(lang, (enum wijk_text_key)(T_FIGURE_MONTH_1 + month - 1)),
        period / 100);
    return text ? text : "";
}

const char *wijk_svg_year(wijk_arena *arena, double x)
{
    const char *text = wijk_arena_printf(arena, "%d", (int)floor(x + 1e-9));
    return text ? text : "";
}

const char *wijk_svg_unit(wijk_lang lang, const wijk_indicator *indicator)
{
    static const struct {
        const char *unit;
        enum wijk_text_key key;
    } units[] = {{"percent", T_PORTRAIT_UNIT_PERCENT},
                 {"per_1000", T_PORTRAIT_UNIT_PER_1000},
                 {"euro", T_FIGURE_UNIT_EURO},
                 {"euro_1000", T_FIGURE_UNIT_EURO_1000},
                 {"euro_per_year", T_FIGURE_UNIT_EURO_PER_YEAR},
                 {"years", T_PORTRAIT_UNIT_YEARS},
                 {"km", T_PORTRAIT_UNIT_KM},
                 {"ha", T_PORTRAIT_UNIT_HA},
                 {"m3", T_PORTRAIT_UNIT_M3},
                 {"kwh", T_PORTRAIT_UNIT_KWH},
                 {"db", T_PORTRAIT_UNIT_DB},
                 {"per_km2", T_PORTRAIT_UNIT_PER_KM2}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!strcmp(indicator->unit, units[i].unit)) {
            return wijk_text(lang, units[i].key);
        }
    }
    return "";
}

int wijk_table_begin(wijk_figure *out, wijk_arena *arena, size_t columns, size_t rows)
{
    out->columns = columns;
    out->rows = rows;
    out->head = wijk_arena_alloc(arena, columns * sizeof *out->head);
    out->cells = wijk_arena_alloc(arena, (columns * rows + 1) * sizeof *out->cells);
    if (!out->head || !out->cells) {
        out->columns = out->rows = 0;
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < columns; i++) {
        out->head[i] = "";
    }
    for (size_t i = 0; i < columns * rows; i++) {
        out->cells[i] = "";
    }
    return 0;
}

void wijk_table_set(wijk_figure *out, size_t row, size_t column, const char *text)
{
    out->cells[row * out->columns + column] = text ? text : "";
}

/* ---- the style sheet --------------------------------------------------------------------- */

typedef struct {
    char name[16], light[8], dark[8];
} token;

static size_t read_tokens(token *tokens, size_t most)
{
    size_t size = 0, count = 0, cells;
    const char *bytes = wijk_asset_get("data/figure_tokens.csv", &size);
    const wijk_cell *cell;
    wijk_csv *csv = NULL;
    if (!bytes || wijk_csv_new_bytes(&csv, bytes, size, "figure_tokens.csv")) {
        return 0;
    }
    for (int row = 0; count < most && wijk_csv_next(csv, &cell, &cells) == 1; row++) {
        if (row && cells >= 3) {
            snprintf(tokens[count].name, sizeof tokens[count].name, "%s", cell[0].text);
            snprintf(tokens[count].light, sizeof tokens[count].light, "%s", cell[1].text);
            snprintf(tokens[count].dark, sizeof tokens[count].dark, "%s", cell[2].text);
            count++;
        }
    }
    wijk_csv_free(csv);
    return count;
}

static void variables(wijk_str *out, const char *selector, const token *tokens, size_t count,
                      int dark)
{
    wijk_str_addf(out, "%s{color-scheme:%s;", selector, dark ? "dark" : "light");
    for (size_t i = 0; i < count; i++) {
        wijk_str_addf(out, "--fig-%s:%s;", tokens[i].name, dark ? tokens[i].dark : tokens[i].light);
    }
    wijk_str_add(out, "}\n");
}

/* `$name` of data/figure.css becomes a variable of the page or a literal colour. */
static void rules(wijk_str *out, const token *tokens, size_t count, int standalone)
{
    size_t left = 0;
    const char *at = wijk_asset_get("data/figure.css", &left);
    for (; at && left; at++, left--) {
        if (*at != '$') {
            wijk_str_addc(out, *at);
            continue;
        }
        size_t size = 1;
        while (size < left &&
               ((at[size] >= 'a' && at[size] <= 'z') || (at[size] >= '0' && at[size] <= '9'))) {
            size++;
        }
        if (size == 5 && !memcmp(at, "$font", 5)) {
            wijk_str_add(out, standalone ? "'DejaVu Sans',Verdana,sans-serif" : "inherit");
        } else {
            for (size_t i = 0; i < count; i++) {
                if (strlen(tokens[i].name) == size - 1 &&
                    !memcmp(tokens[i].name, at + 1, size - 1)) {
                    wijk_str_addf(out, standalone ? "%s" : "var(--fig-%s)",
                                  standalone ? tokens[i].light : tokens[i].name);
                    break;
                }
            }
        }
        at += size - 1;
        left -= size - 1;
    }
}

int wijk_figure_css(wijk_str *out, int standalone)
{
    token tokens[64];
    size_t count = read_tokens(tokens, 64);
    if (!standalone) {
        variables(out, ":root", tokens, count, 0);
        wijk_str_add(out, "@media (prefers-color-scheme:dark){\n");
        variables(out, ":root:not([data-theme=light])", tokens, count, 1);
        wijk_str_add(out, "}\n");
        variables(out, ":root[data-theme=dark]", tokens, count, 1);
    }
    rules(out, tokens, count, standalone);
    if (!standalone) {
        /* Not in a file by itself: there `height: auto` would leave it without a size. */
        wijk_str_add(out, ".fig{display:block;max-width:100%;height:auto}\n"
                          ".fig .view path{vector-effect:non-scaling-stroke}\n");
        /* Paper is white: a dark screen must not print a dark figure. */
        wijk_str_add(out, "@media print{\n");
        variables(out, ":root,:root[data-theme]", tokens, count, 0);
        wijk_str_add(out, "}\n@media (forced-colors:active){\n"
                          ".fig{forced-color-adjust:none;background:var(--fig-paper)}\n}\n");
    }
    return wijk_str_status(out);
}

/* ---- the canvas -------------------------------------------------------------------------- */

void wijk_canvas_begin(wijk_canvas *canvas, wijk_figure *out, wijk_arena *arena,
                       const wijk_figure_style *style, const char *kind)
{
    *canvas = (wijk_canvas){.out = out, .arena = arena, .kind = kind, .body = WIJK_STR_INIT};
    canvas->style = *style;
    canvas->lang = style->lang;
    if (canvas->style.width <= 0) {
        canvas->style.width = 480;
    }
    if (!canvas->style.id) {
        canvas->style.id = "fig";
    }
    canvas->width = canvas->style.width;
    wijk_str_clear(&out->svg);
    out->title = out->message = out->source = "";
    out->columns = out->rows = 0;
    out->head = out->cells = NULL;
    out->height = 0;
}

void wijk_figure_free(wijk_figure *figure)
{
    wijk_str_free(&figure->svg);
}

static void open_svg(wijk_canvas *canvas, double width, double height)
{
    wijk_str *svg = &canvas->out->svg;
    const char *id = canvas->style.id;
    wijk_str_addf(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig fig-%s\"",
                  canvas->kind);
    wijk_svg_attr(svg, "width", width);
    wijk_svg_attr(svg, "height", height);
    wijk_str_add(svg, " viewBox=\"0 0 ");
    wijk_svg_num(svg, width);
    wijk_str_addc(svg, ' ');
    wijk_svg_num(svg, height);
    wijk_str_addf(svg, "\" role=\"%s\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">",
                  canvas->links ? "group" : "img", id, id, id);
    wijk_svg_escape(svg, canvas->out->title);
    wijk_str_addf(svg, "</title><desc id=\"%s-d\">", id);
    wijk_svg_escape(svg, canvas->out->message);
    wijk_str_add(svg, "</desc>");
}

static double lines_of(wijk_canvas *canvas, const char *text, const char *class, double size,
                       double y)
{
    const char *lines[6];
    size_t count = wijk_svg_wrap(lines, 6, canvas->arena, text, size, size > 15, canvas->width);
    for (size_t i = 0; i < count; i++) {
        y += size * 1.3;
        wijk_svg_text(&canvas->out->svg, MARGIN, y, WIJK_START, class, lines[i]);
    }
    return y;
}

/* A file by itself: paper, title, sentence, drawing, source. */
static void write_standalone(wijk_canvas *canvas)
{
    wijk_str *svg = &canvas->out->svg;
    wijk_figure *out = canvas->out;
    const char *lines[6];
    double width = canvas->width;
    double above = MARGIN + 6, below = MARGIN;
    above += 1.3 * 16 * (double)wijk_svg_wrap(lines, 6, canvas->arena, out->title, 16, 1, width);
    above += 1.3 * 13 * (double)wijk_svg_wrap(lines, 6, canvas->arena, out->message, 13, 0, width);
    below +=
        1.3 * 10.5 * (double)wijk_svg_wrap(lines, 6, canvas->arena, out->source, 10.5, 0, width);
    above += 12;
    double height = above + canvas->height + 8 + below;
    open_svg(canvas, width + 2 * MARGIN, height);
    wijk_str_add(svg, "<style>");
    wijk_figure_css(svg, 1);
    wijk_str_add(svg, "</style>");
    wijk_svg_rect(svg, "paper", 0, 0, width + 2 * MARGIN, height, 0);
    double y = lines_of(canvas, out->title, "head", 16, MARGIN);
    lines_of(canvas, out->message, NULL, 13, y + 2);
    wijk_str_add(svg, "<g transform=\"translate(");
    wijk_svg_num(svg, MARGIN);
    wijk_str_addc(svg, ' ');
    wijk_svg_num(svg, above + 4);
    wijk_str_add(svg, ")\">");
    wijk_str_addn(svg, wijk_str_text(&canvas->body), canvas->body.size);
    wijk_str_add(svg, "</g>");
    lines_of(canvas, out->source, "tiny soft", 10.5, above + canvas->height + 8);
    out->height = (int)ceil(height);
}

int wijk_canvas_end(wijk_canvas *canvas)
{
    wijk_str *svg = &canvas->out->svg;
    int rc = wijk_str_status(&canvas->body);
    if (!rc) {
        if (canvas->style.standalone == 1) {
            write_standalone(canvas);
        } else {
            open_svg(canvas, canvas->width, canvas->height);
            wijk_str_addn(svg, wijk_str_text(&canvas->body), canvas->body.size);
            canvas->out->height = (int)ceil(canvas->height);
        }
        wijk_str_add(svg, "</svg>");
        rc = wijk_str_status(svg);
    }
    wijk_str_free(&canvas->body);
    return rc;
}
