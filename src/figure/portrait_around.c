/* What stands around the figures of a portrait: similar and overlapping areas, what changed, what
 * the page does not tell, where figures were converted, and how to cite it. */
#include "figure/words.h"

#include "wijk/err.h"
#include "wijk/own.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIMILAR = 5, PARTS = 12, CHANGES = 12, LIMITS = 10, GROUPS = 24, SOURCES = 64 };

/* ---- similar areas -----------------------------------------------------------------------------
 */

/* "dichtheid, leeftijd 65+ en koop" from "density age_65_plus_share owner_share". */
static const char *reason_words(const wijk_drawing *d, const char *codes)
{
    wijk_str text = WIJK_STR_INIT;
    int said = 0;
    while (*codes && said < 3) {
        size_t size = strcspn(codes, " ");
        char code[64];
        snprintf(code, sizeof code, "%.*s", (int)(size < 63 ? size : 63), codes);
        const wijk_indicator *it = wijk_indicator_by_code(d->registry, code);
        if (it) {
            wijk_str_add(&text, said++ ? ", " : "");
            wijk_str_add(&text, wijk_inner_label(d->arena, d->lang, it));
        }
        codes += size;
        codes += *codes == ' ';
    }
    const char *words =
        said ? WIJK_FILL(d->arena, d->lang, T_PORTRAIT_LIKE_REASON, {"items", wijk_str_text(&text)})
             : "";
    wijk_str_free(&text);
    return words;
}

int wijk_draw_similar(wijk_portrait *out, wijk_drawing *d)
{
    const wijk_area *area = &d->facts->area;
    out->similar_why_not = "";
    out->similar = wijk_arena_alloc(d->arena, SIMILAR * sizeof *out->similar);
    if (!out->similar) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(d->store, "SELECT other_id,distance,reason FROM similar WHERE "
                                               "area_id=? ORDER BY place LIMIT 5");
    wijk_bind_int(stmt, 1, area->id);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        wijk_like *like = &out->similar[out->similar_count];
        d->similar[out->similar_count++] = wijk_col_int(stmt, 0);
        like->distance = wijk_col_double(stmt, 1);
        like->reason = reason_words(d, wijk_col_text(stmt, 2));
    }
    int rc = step;
    d->similar_count = out->similar_count;
    for (size_t i = 0; !rc && i < out->similar_count; i++) {
        rc = wijk_area_get(&out->similar[i].area, d->store, d->arena, d->similar[i]);
    }
    if (!out->similar_count) {
        out->similar_why_not = wijk_text(
            d->lang, area->level == WIJK_OWN ? T_PORTRAIT_SIMILAR_OWN : T_PORTRAIT_SIMILAR_NONE);
    }
    return rc;
}

/* ---- overlapping areas
 * --------------------------------------------------------------------------- */

static int overlay_weights(const char **out, const wijk_drawing *d, const wijk_area *from)
{
    wijk_stmt *stmt = wijk_store_sql(
        d->store, "SELECT weights FROM overlay WHERE to_level=?1 AND to_vintage=?2 AND "
                  "from_level=?3 AND from_vintage=?4");
    wijk_bind_int(stmt, 1, d->facts->area.level);
    wijk_bind_int(stmt, 2, d->facts->area.vintage);
    wijk_bind_int(stmt, 3, from->level);
    wijk_bind_int(stmt, 4, from->vintage);
    int step = wijk_step(stmt);
    *out = step == 1 ? wijk_arena_strdup(d->arena, wijk_col_text(stmt, 0)) : "";
    wijk_reset(stmt);
    return step < 0 ? step : *out ? WIJK_OK : WIJK_ENOMEM;
}

/* A postcode area shows its buurten; any other area shows its postcode areas. */
int wijk_draw_parts(wijk_portrait *out, const wijk_drawing *d)
{
    const wijk_area *area = &d->facts->area;
    out->parts_about = "";
    out->parts = wijk_arena_alloc(d->arena, PARTS * sizeof *out->parts);
    if (!out->parts) {
        return WIJK_ENOMEM;
    }
    if (area->level == WIJK_OWN) {
        return wijk_own_members(&out->members, &out->member_count, d->store, d->arena, area->id);
    }
    wijk_stmt *stmt = wijk_store_sql(
        d->store,
        "SELECT l.from_id,l.share_to FROM area_link l CROSS JOIN area a ON a.id=l.from_id "
        "WHERE l.to_id=?1 AND l.kind=2 AND a.level=?2 AND l.share_to>=0.005 AND "
        "a.vintage=(SELECT max(b.vintage) FROM area_link k CROSS JOIN area b ON "
        "b.id=k.from_id WHERE k.to_id=?1 AND k.kind=2 AND b.level=?2) "
        "ORDER BY l.share_to DESC LIMIT 12");
    wijk_bind_int(stmt, 1, area->id);
    wijk_bind_int(stmt, 2, area->level == WIJK_PC4 ? WIJK_BUURT : WIJK_PC4);
    int64_t ids[PARTS] = {0};
    int step;
    while ((step = wijk_step(stmt)) == 1 && out->part_count < PARTS) {
        ids[out->part_count] = wijk_col_int(stmt, 0);
        out->parts[out->part_count++].share = wijk_col_double(stmt, 1);
    }
    wijk_reset(stmt);
    int rc = step < 0 ? step : WIJK_OK;
    for (size_t i = 0; !rc && i < out->part_count; i++) {
        rc = wijk_area_get(&out->parts[i].area, d->store, d->arena, ids[i]);
    }
    if (!rc && out->part_count) {
        const char *weights;
        rc = overlay_weights(&weights, d, &out->parts[0].area);
        if (!rc && *weights) {
            out->parts_about =
                WIJK_FILL(d->arena, d->lang, T_PORTRAIT_PARTS_ABOUT, {"weights", weights});
        }
    }
    return rc;
}

/* ---- what changed
 * ------------------------------------------------------------------------------------ */

static const wijk_value *previous_number(const wijk_line *line)
{
    const wijk_value *before = NULL;
    for (size_t i = 0; i < line->periods; i++) {
        const wijk_value *at = &line->series[i];
        if (at->period < line->value->period && at->mark == WIJK_MARK_VALUE) {
            before = at;
        }
    }
    return before;
}

/* More than rounding, and for counts of events more than the chance that any count has: two sd of a
 * Poisson difference. `people` turns a rate per 1,000 into its count. */
static int beyond_noise(const wijk_indicator *it, const wijk_value *from, const wijk_value *to,
                        double people)
{
    double digit = pow(10, -it->decimals); /* less would read "from 11 % to 11 %" */
    if (!(to->low > from->high || to->high < from->low) || fabs(to->value - from->value) < digit) {
        return 0;
    }
    double scale = !strcmp(it->unit, "count")      ? 1
                   : !strcmp(it->unit, "per_1000") ? people / 1000
                                                   : 0;
    if (scale > 0) {
        double change = scale * fabs(to->value - from->value);
        return change > 2 * sqrt(scale * (fabs(to->value) + fabs(from->value)));
    }
    return 1;
}

static double relative_change(const wijk_portrait_change *change)
{
    double size = fabs(change->from->value) + fabs(change->to->value);
    return size > 0 ? fabs(change->change) / size : 0;
}

static int by_weight(const void *a, const void *b)
{
    const wijk_portrait_change *x = a, *y = b;
    int key_x = x->indicator->key ? x->indicator->key : 1000;
    int key_y = y->indicator->key ? y->indicator->key : 1000;
    if (key_x != key_y) {
        return key_x < key_y ? -1 : 1;
    }
    double p = relative_change(x), q = relative_change(y);
    return p != q ? (p > q ? -1 : 1) : (x->indicator->id > y->indicator->id) * 2 - 1;
}

static int same_kind_of_figure(const wijk_value *a, const wijk_value *b,
                               const wijk_registry *registry)
{
    const wijk_load_info *x = wijk_load_by_id(registry, a->load);
    const wijk_load_info *y = wijk_load_by_id(registry, b->load);
    /* Of two vintages of a place the border may differ a little: that is no change of the place. */
    return a->origin == b->origin && a->from == b->from && x && y &&
           !strcmp(x->publisher, y->publisher) &&
           !((a->flags | b->flags) & (WIJK_GREY | WIJK_MODELLED | WIJK_PROTECTED)) &&
           a->origin != WIJK_BORROWED && a->origin != WIJK_UNCHECKED;
}

/* Of hundreds of figures some always jump, the rarest most: only those that a resident can place
 * are read for change, or whatever has a better and a worse end. */
static int read_for_change(const wijk_indicator *it)
{
    return strcmp(it->theme, "livability") != 0 &&
           (it->key || it->similar > 0 || it->direction != WIJK_DIRECTION_NONE ||
            !strcmp(it->theme, "income") || !strcmp(it->theme, "safety"));
}

int wijk_draw_changes(wijk_portrait *out, const wijk_drawing *d)
{
    wijk_portrait_change *found = wijk_arena_alloc(d->arena, (out->line_count + 1) * sizeof *found);
    if (!found) {
        return WIJK_ENOMEM;
    }
    size_t count = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        const wijk_line *line = &out->lines[i];
        const wijk_value *to = line->value, *from = previous_number(line);
        /* A month differs from the month before by the season. */
        if (from && to->mark == WIJK_MARK_VALUE && to->period < 10000 &&
            read_for_change(line->indicator) && same_kind_of_figure(from, to, d->registry) &&
            beyond_noise(line->indicator, from, to, d->facts->people)) {
            found[count++] =
                (wijk_portrait_change){line->indicator, from, to, to->value - from->value, ""};
        }
    }
    qsort(found, count, sizeof *found, by_weight);
    out->changes = found;
    out->change_count = count < CHANGES ? count : CHANGES;
    for (size_t i = 0; i < out->change_count; i++) {
        wijk_portrait_change *c = &found[i];
        c->words =
            WIJK_FILL(d->arena, d->lang, T_PORTRAIT_CHANGE,
                      {"from", wijk_shown_in(d->arena, d->lang, c->indicator, c->from->value)},
                      {"to", wijk_shown_in(d->arena, d->lang, c->indicator, c->to->value)},
                      {"from_year", wijk_int_in(d->arena, d->lang, c->from->period, 0)},
                      {"to_year", wijk_int_in(d->arena, d->lang, c->to->period, 0)});
    }
    return WIJK_OK;
}

/* ---- limits
 * -------------------------------------------------------------------------------------------- */

static int has_theme(const wijk_portrait *out, const char *theme)
{
    for (size_t i = 0; i < out->section_count; i++) {
        if (!strcmp(out->sections[i].theme, theme)) {
            return 1;
        }
    }
    return 0;
}

static int draw_limits(wijk_portrait *out, const wijk_drawing *d)
{
    out->limits = wijk_arena_alloc(d->arena, LIMITS * sizeof *out->limits);
    if (!out->limits) {
        return WIJK_ENOMEM;
    }
    int origin = 0, grey = 0;
    for (size_t i = 0; i < out->line_count; i++) {
        origin |= out->lines[i].indicator->origin;
        grey |= (out->lines[i].value->flags & WIJK_GREY) != 0;
    }
    size_t n = 0;
    wijk_lang lang = d->lang;
    if (out->area.fictional) {
        out->limits[n++] = wijk_text(lang, T_PORTRAIT_LIMIT_FICTIONAL);
    }
    out->limits[n++] = wijk_text(lang, T_PORTRAIT_LIMIT_PEOPLE);
    if (out->people < 200) {
        out->limits[n++] =
            WIJK_FILL(d->arena, lang, T_PORTRAIT_LIMIT_SMALL,
                      {"people", wijk_int_in(d->arena, lang, (long long)out->people, 1)});
    }
    const struct {
        int applies;
        enum wijk_text_key key;
    } rules[] = {
        {out->livability.known, T_PORTRAIT_LIMIT_LIVABILITY},
        {has_theme(out, "safety"), T_PORTRAIT_LIMIT_CRIME},
        {has_theme(out, "health"), T_PORTRAIT_LIMIT_HEALTH},
        {origin, T_PORTRAIT_LIMIT_ORIGIN},
        {out->area.level == WIJK_PC4, T_PORTRAIT_LIMIT_POSTCODE},
        {grey, T_PORTRAIT_LIMIT_OLD},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].applies) {
            out->limits[n++] = wijk_text(lang, rules[i].key);
        }
    }
    out->limit_count = n;
    return WIJK_OK;
}

/* ---- conversions
 * ----------------------------------------------------------------------------------------- */

typedef struct { /* figures that came the same way from the same division */
    enum wijk_origin_of_value origin;
    wijk_area from; /* one of the areas; its level and vintage name the division */
    int count;
} group;

static group *group_of(group *groups, size_t *count, enum wijk_origin_of_value origin,
                       const wijk_area *from)
{
    for (size_t i = 0; i < *count; i++) {
        group *at = &groups[i];
        int division = at->from.level == from->level && at->from.vintage == from->vintage;
        if (at->origin == origin &&
            (origin == WIJK_BORROWED ? at->from.id == from->id : division)) {
            return at;
        }
    }
    if (*count == GROUPS) {
        return NULL;
    }
    groups[*count] = (group){origin, *from, 0};
    return &groups[(*count)++];
}

static const char *group_words(const wijk_drawing *d, const group *it, const char *weights)
{
    static const enum wijk_text_key keys[] = {
        [WIJK_SAME] = T_PORTRAIT_CONV_SAME,           [WIJK_UNCHECKED] = T_PORTRAIT_CONV_UNCHECKED,
        [WIJK_CONVERTED] = T_PORTRAIT_CONV_CONVERTED, [WIJK_BORROWED] = T_PORTRAIT_CONV_BORROWED,
        [WIJK_COMPUTED] = T_PORTRAIT_CONV_COMPUTED,
    };
    return WIJK_FILL(d->arena, d->lang, keys[it->origin],
                     {"count", wijk_int_in(d->arena, d->lang, it->count, 1)},
                     {"levels", wijk_levels_name(d->lang, it->from.level)},
                     {"level", wijk_level_name(d->lang, it->from.level)},
                     {"name", it->from.name ? it->from.name : ""},
                     {"vintage", wijk_int_in(d->arena, d->lang, it->from.vintage, 0)},
                     {"weights", weights});
}

/* The words of figures of the same place under other borders say it when the border moved a little.
 */
static int add_moved(const char **words, const wijk_drawing *d, int64_t area, const group *it)
{
    static const double SAID_FROM = 0.005; /* of the people; less is drawing */
    wijk_stmt *stmt = wijk_store_sql(
        d->store, "SELECT min(share_to, share_from) FROM area_link WHERE to_id=? AND from_id=?");
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, it->from.id);
    int rc = wijk_step(stmt);
    double other = rc == 1 ? 1 - wijk_col_double(stmt, 0) : 0;
    wijk_reset(stmt);
    if (rc == 1 && other >= SAID_FROM) {
        const char *moved =
            WIJK_FILL(d->arena, d->lang, T_PORTRAIT_CONV_MOVED,
                      {"part", wijk_number_in(d->arena, d->lang, 100 * other, other < 0.1)});
        *words = wijk_arena_printf(d->arena, "%s %s", *words, moved);
    }
    return rc < 0 ? rc : *words ? WIJK_OK : WIJK_ENOMEM;
}

static int draw_conversions(wijk_portrait *out, const wijk_drawing *d)
{
    group groups[GROUPS];
    size_t count = 0;
    wijk_area last = {.id = 0};
    for (size_t i = 0; i < out->line_count; i++) {
        const wijk_value *v = out->lines[i].value;
        if (v->mark != WIJK_MARK_VALUE || v->origin == WIJK_PUBLISHED ||
            (v->origin == WIJK_COMPUTED && out->area.level == WIJK_OWN)) {
            continue;
        }
        wijk_area none = {.name = ""};
        if (v->origin != WIJK_COMPUTED && v->from && last.id != v->from) {
            int rc = wijk_area_get(&last, d->store, d->arena, v->from);
            if (rc) {
                return rc;
            }
        }
        group *at = group_of(groups, &count, v->origin, v->origin == WIJK_COMPUTED ? &none : &last);
        if (at) {
            at->count++;
        }
    }
    out->conversions = wijk_arena_alloc(d->arena, (count + 1) * sizeof *out->conversions);
    int rc = out->conversions ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < count; i++) {
        const char *weights = "";
        if (groups[i].origin == WIJK_CONVERTED) {
            rc = overlay_weights(&weights, d, &groups[i].from);
        }
        const char *words = group_words(d, &groups[i], weights);
        if (!rc && groups[i].origin == WIJK_SAME) {
            rc = add_moved(&words, d, out->area.id, &groups[i]);
        }
        out->conversions[out->conversion_count++] = words;
    }
    return rc;
}

/* ---- sources
 * -----------------------------------------------------------------------------------------------
 */

static int draw_sources(wijk_portrait *out, const wijk_drawing *d)
{
    out->sources = wijk_arena_alloc(d->arena, SOURCES * sizeof *out->sources);
    if (!out->sources) {
        return WIJK_ENOMEM;
    }
    wijk_str names = WIJK_STR_INIT;
    const char *newest = "";
    for (size_t i = 0; i < out->line_count; i++) {
        const wijk_load_info *load = wijk_load_by_id(d->registry, out->lines[i].value->load);
        size_t k = 0;
        int named = 0;
        while (load && k < out->source_count && out->sources[k] != load) {
            named |= !strcmp(out->sources[k++]->publisher, load->publisher);
        }
        if (!load || k < out->source_count || k == SOURCES) {
            continue;
        }
        out->sources[out->source_count++] = load;
        newest = strcmp(load->loaded_at, newest) > 0 ? load->loaded_at : newest;
        if (!named) {
            wijk_str_add(&names, names.size ? ", " : "");
            wijk_str_add(&names, load->publisher);
        }
    }
    char day[11];
    snprintf(day, sizeof day, "%.10s", newest);
    out->citation = WIJK_FILL(
        d->arena, d->lang, T_PORTRAIT_CITATION, {"name", out->name}, {"code", out->area.code},
        {"vintage", wijk_int_in(d->arena, d->lang, out->area.vintage, 0)},
        {"version", WIJK_VERSION}, {"fingerprint", wijk_registry_fingerprint(d->registry)},
        {"date", day}, {"sources", wijk_str_text(&names)});
    wijk_str_free(&names);
    return WIJK_OK;
}

int wijk_draw_notes(wijk_portrait *out, const wijk_drawing *d)
{
    int rc = draw_limits(out, d);
    rc = rc ? rc : draw_conversions(out, d);
    return rc ? rc : draw_sources(out, d);
}
