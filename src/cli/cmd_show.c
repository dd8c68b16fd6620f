/* wijk show: the portrait of an area in the terminal: the same facts as the page, from the same
 * structure. Columns are aligned by the width that people see, not by bytes. */
#include "cli/place.h"

#include "figure/words.h"
#include "wijk/portrait.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 38, CELL = 15, WIDTH = 96 };

/* Characters of a UTF-8 text; all that we print are one column wide. */
static int columns(const char *text)
{
    int n = 0;
    for (; *text; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

static void pad(int width)
{
    for (int i = 0; i < width; i++) {
        putchar(' ');
    }
}

static void left(const char *text, int width)
{
    int over = columns(text) - width, n = 0;
    for (; *text; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
        if (over > 0 && n >= width) {
            fputs("…", stdout);
            return;
        }
        putchar(*text);
    }
    pad(-over);
}

static void right(const char *text, int width)
{
    pad(width - columns(text));
    fputs(text, stdout);
}

/* Prints words within the width of a page, later lines indented. */
static void wrap(const char *text, int indent)
{
    int at = indent;
    pad(indent);
    while (*text) {
        size_t size = strcspn(text, " ");
        char word[512];
        snprintf(word, sizeof word, "%.*s", (int)(size < 511 ? size : 511), text);
        if (at > indent && at + columns(word) > WIDTH) {
            putchar('\n');
            pad(indent);
            at = indent;
        }
        fputs(word, stdout);
        at += columns(word) + 1;
        text += size;
        if (*text) {
            text++;
            putchar(' ');
        }
    }
    putchar('\n');
}

typedef struct {
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_portrait *it;
} page;

static void heading(const page *p, enum wijk_text_key key)
{
    printf("\n%s\n", wijk_text(p->lang, key));
}

static void period(char out[12], int value)
{
    if (value > 9999) {
        snprintf(out, 12, "%d-%02d", value / 100, value % 100);
    } else {
        snprintf(out, 12, "%d", value);
    }
}

static void line_columns(const page *p)
{
    left("", LABEL);
    right(wijk_text(p->lang, T_SHOW_COLUMN_HERE), CELL);
    right(wijk_text(p->lang, T_SHOW_COLUMN_GEMEENTE), CELL);
    right(wijk_text(p->lang, T_SHOW_COLUMN_LAND), CELL);
    printf("  %-7s %s\n", wijk_text(p->lang, T_SHOW_COLUMN_YEAR),
           wijk_text(p->lang, T_SHOW_COLUMN_SOURCE));
}

static void print_line(const page *p, const wijk_line *line)
{
    char year[12];
    period(year, line->value->period);
    fputs("  ", stdout);
    left(line->indicator->label[p->lang], LABEL - 2);
    right(line->shown, CELL);
    right(wijk_shown_in(p->arena, p->lang, line->indicator, line->gemeente), CELL);
    right(wijk_shown_in(p->arena, p->lang, line->indicator, line->land), CELL);
    printf("  %-7s %s\n", year, line->source);
    if (line->value->mark != WIJK_MARK_VALUE && *line->note) {
        wrap(line->note, 4);
    }
}

/* ---- livability
 * ---------------------------------------------------------------------------------- */

/* One bar per wave, between the smallest and largest value shown. */
static void sparkline(const double *values, size_t count)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    for (size_t i = 0; i < count; i++) {
        double share = high > low ? (values[i] - low) / (high - low) : 0.5;
        fputs(isfinite(values[i]) ? bars[(int)(share * 7.999)] : " ", stdout);
    }
}

static void print_waves(const page *p, const wijk_trend *trend, const double *values,
                        const char *label)
{
    for (size_t i = 0; i <= trend->count; i++) {
        if (i == trend->count) {
            return; /* nothing known: no row */
        }
        if (isfinite(values[i])) {
            break;
        }
    }
    fputs("  ", stdout);
    left(label, LABEL - 12);
    sparkline(values, trend->count);
    pad(10 - (int)trend->count);
    for (size_t i = 0; i < trend->count; i++) {
        right(isfinite(values[i]) ? wijk_signed_in(p->arena, p->lang, trend->indicator, values[i])
                                  : "–",
              8);
    }
    putchar('\n');
}

static void print_livability(const page *p)
{
    const wijk_livability *live = &p->it->livability;
    if (!live->known) {
        return;
    }
    printf("\n%s\n", WIJK_FILL(p->arena, p->lang, T_SHOW_LIVABILITY, {"version", live->version}));
    wrap(live->reading, 2);
    pad(LABEL);
    for (size_t i = 0; i < live->total.count; i++) {
        char year[12];
        snprintf(year, sizeof year, "%d", live->total.years[i]);
        right(year, 8);
    }
    putchar('\n');
    static const enum wijk_text_key rows[] = {T_SHOW_ROW_HERE, T_SHOW_ROW_GEMEENTE,
                                              T_SHOW_ROW_SIMILAR};
    for (int w = WIJK_HERE; w <= WIJK_ALIKE; w++) {
        print_waves(p, &live->total, live->total.value[w], wijk_text(p->lang, rows[w]));
    }
    for (size_t i = 0; i < live->part_count; i++) {
        const wijk_trend *part = &live->parts[i];
        double now = part->value[WIJK_HERE][part->count - 1];
        fputs("  · ", stdout);
        left(part->label, LABEL - 4);
        right(wijk_signed_in(p->arena, p->lang, part->indicator, now), 8);
        printf("  (%d)\n", part->years[part->count - 1]);
    }
}

/* ---- around
 * ------------------------------------------------------------------------------------------ */

static const char *area_name(const wijk_area *area)
{
    return *area->name ? area->name : area->code;
}

static void print_around(const page *p)
{
    const wijk_portrait *it = p->it;
    if (it->similar_count) {
        heading(p, T_SHOW_SIMILAR);
    }
    for (size_t i = 0; i < it->similar_count; i++) {
        const wijk_like *like = &it->similar[i];
        printf("  %s, %s (%s)\n", area_name(&like->area), like->area.gemeente, like->area.code);
        wrap(like->reason, 6);
    }
    if (it->part_count) {
        heading(p, it->area.level == WIJK_PC4 ? T_SHOW_PARTS_PC4 : T_SHOW_PARTS);
    }
    for (size_t i = 0; i < it->part_count; i++) {
        wijk_str share = WIJK_STR_INIT;
        wijk_number(&share, p->lang, 100 * it->parts[i].share, 0);
        fputs("  ", stdout);
        left(area_name(&it->parts[i].area), LABEL - 2);
        printf("%-12s %s %% %s\n", it->parts[i].area.code, wijk_str_text(&share),
               wijk_text(p->lang, T_SHOW_OF_PEOPLE));
        wijk_str_free(&share);
    }
    if (it->member_count) {
        heading(p, T_SHOW_MEMBERS);
    }
    for (size_t i = 0; i < it->member_count; i++) {
        printf("  %s (%s)\n", area_name(&it->members[i]), it->members[i].code);
    }
    if (it->change_count) {
        heading(p, T_SHOW_CHANGES);
    }
    for (size_t i = 0; i < it->change_count; i++) {
        fputs("  ", stdout);
        left(it->changes[i].indicator->label[p->lang], LABEL);
        printf("%s\n", it->changes[i].words);
    }
}

static void print_texts(const page *p, enum wijk_text_key key, const char **texts, size_t count)
{
    if (count) {
        heading(p, key);
    }
    for (size_t i = 0; i < count; i++) {
        wrap(texts[i], 2);
    }
}

static void print_portrait(const page *p)
{
    const wijk_portrait *it = p->it;
    printf("%s\n%s\n", it->name, it->where);
    if (isfinite(it->people)) {
        wijk_str people = WIJK_STR_INIT;
        wijk_number(&people, p->lang, it->people, 0);
        printf("%s\n",
               WIJK_FILL(p->arena, p->lang, T_SHOW_PEOPLE, {"people", wijk_str_text(&people)},
                         {"year", wijk_int_in(p->arena, p->lang, it->people_period, 0)}));
        wijk_str_free(&people);
    }
    if (it->area.fictional) {
        printf("*** %s ***\n", wijk_text(p->lang, T_SHOW_FICTIONAL));
    }
    putchar('\n');
    wrap(it->sentence, 0);
    heading(p, T_SHOW_GLANCE);
    line_columns(p);
    for (size_t i = 0; i < it->key_count; i++) {
        print_line(p, &it->key[i]);
    }
    print_livability(p);
    print_around(p);
    for (size_t s = 0; s < it->section_count; s++) {
        printf("\n%s\n", it->sections[s].title);
        for (size_t i = 0; i < it->sections[s].count; i++) {
            print_line(p, &it->lines[it->sections[s].first + i]);
        }
    }
    print_texts(p, T_SHOW_LIMITS, it->limits, it->limit_count);
    print_texts(p, T_SHOW_CONVERSIONS, it->conversions, it->conversion_count);
    heading(p, T_SHOW_CITATION);
    wrap(it->citation, 2);
    printf("\n%s\n", wijk_text(p->lang, T_SHOW_LEGEND));
}

int cmd_show(int argc, char **argv, wijk_lang lang)
{
    page p = {.lang = lang};
    cmd_place place;
    int json = cmd_flag(argc, argv, "json");
    int rc = cmd_place_open(&place, argc, argv, 0, lang);
    wijk_portrait *portrait = rc ? NULL : wijk_arena_alloc(place.arena, sizeof *portrait);
    rc = rc || portrait ? rc : WIJK_ENOMEM;
    rc = rc ? rc
            : wijk_portrait_get(portrait, place.store, place.registry, place.arena, place.area,
                                lang);
    p.arena = place.arena;
    p.it = portrait;
    if (!rc && !json) {
        print_portrait(&p);
    } else if (!rc) {
        wijk_str out = WIJK_STR_INIT;
        wijk_portrait_json(&out, portrait, place.registry);
        rc = wijk_str_status(&out);
        if (!rc) {
            puts(wijk_str_text(&out));
        }
        wijk_str_free(&out);
    }
    cmd_place_close(&place);
    return rc;
}
