/* Why separation changed between the first and the last year: parts that came and went, groups and
 * parts that grew, and people who spread otherwise. Parts are matched as the same place; where a
 * border changed they count as gone and new, never as if nothing happened. */
#include "figure/mix.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t id;
    size_t row;
} found;

static int by_id(const void *a, const void *b)
{
    const found *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The row of the later table that is the same place as row `i` of the earlier one; -1 for none. */
static int match(long *out, mix_work *w, const wijk_grouped *before, size_t i,
                 const wijk_grouped *after, const found *sorted)
{
    int64_t id = before->area[i].id;
    *out = -1;
    if (before->layer.vintage != after->layer.vintage) {
        wijk_stmt *stmt = wijk_store_sql(
            w->store, "SELECT a.id FROM area_link l CROSS JOIN area a ON a.id=l.from_id WHERE "
                      "l.to_id=?1 AND l.kind=0 AND a.level=?2 AND a.vintage=?3 LIMIT 1");
        wijk_bind_int(stmt, 1, id);
        wijk_bind_int(stmt, 2, after->layer.level);
        wijk_bind_int(stmt, 3, after->layer.vintage);
        id = 0;
        int rc = wijk_run_int(&id, stmt, 0);
        if (rc || !id) {
            return rc;
        }
    }
    const found key = {id, 0};
    const found *at = bsearch(&key, sorted, after->areas, sizeof key, by_id);
    *out = at ? (long)at->row : -1;
    return WIJK_OK;
}

/* Rows of both tables side by side: [0, areas of before) and then what is only after. */
static int align(double **before, double **after, size_t *areas, mix_work *w,
                 const wijk_grouped *first, const wijk_grouped *last)
{
    size_t groups = first->groups, most = first->areas + last->areas;
    found *sorted = wijk_arena_alloc(w->arena, (last->areas + 1) * sizeof *sorted);
    unsigned char *taken = wijk_arena_alloc(w->arena, last->areas + 1);
    *before = wijk_arena_alloc(w->arena, (most * groups + 1) * sizeof **before);
    *after = wijk_arena_alloc(w->arena, (most * groups + 1) * sizeof **after);
    if (!sorted || !taken || !*before || !*after) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < last->areas; i++) {
        sorted[i] = (found){last->area[i].id, i};
    }
    qsort(sorted, last->areas, sizeof *sorted, by_id);
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < first->areas; i++) {
        long row = -1;
        rc = match(&row, w, first, i, last, sorted);
        memcpy(*before + i * groups, first->counts + i * groups, groups * sizeof **before);
        if (row >= 0 && !taken[row]) { /* two places that became one: the second is gone */
            taken[row] = 1;
            memcpy(*after + i * groups, last->counts + (size_t)row * groups,
                   groups * sizeof **after);
        }
    }
    *areas = first->areas;
    for (size_t i = 0; !rc && i < last->areas; i++) {
        if (!taken[i]) {
            memcpy(*after + *areas * groups, last->counts + i * groups, groups * sizeof **after);
            (*areas)++;
        }
    }
    return rc;
}

int mix_change(mix_work *w)
{
    wijk_mix *mix = w->out;
    const wijk_mix_moment *first = mix->history, *last = first + mix->history_count - 1;
    mix->changed = 0;
    if (mix->history_count < 2) {
        return WIJK_OK;
    }
    wijk_grouped before, after;
    double *then, *now;
    size_t areas = 0;
    int rc = wijk_grouped_read(&before, w->store, w->registry, w->arena, mix->grouping,
                               first->layer, mix->whole.id);
    rc = rc ? rc
            : wijk_grouped_read(&after, w->store, w->registry, w->arena, mix->grouping, last->layer,
                                mix->whole.id);
    rc = rc ? rc : align(&then, &now, &areas, w, &before, &after);
    rc = rc ? rc : wijk_change_between(&mix->change, then, now, areas, before.groups, NULL);
    /* Where hardly any part is the same, nothing can be told apart. */
    mix->changed = !rc && isfinite(mix->change.theil.structure) &&
                   mix->change.common * 2 >= mix->change.common + mix->change.removed;
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* ---- as a figure -------------------------------------------------------------------------- */

static const char *signed_words(wijk_arena *arena, wijk_lang lang, double value)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_str_add(&out, value > 0 ? "+" : "");
    wijk_number(&out, lang, value, 3);
    const char *text = wijk_arena_strdup(arena, wijk_str_text(&out));
    wijk_str_free(&out);
    return text ? text : "";
}

static const char *plain_words(wijk_arena *arena, wijk_lang lang, double value)
{
    return signed_words(arena, lang, value) + (value > 0);
}

static const char *change_message(wijk_arena *arena, const wijk_mix *mix, const char *from,
                                  const char *to)
{
    const wijk_change_parts *h = &mix->change.theil;
    return WIJK_FILL(arena, mix->lang, T_MIX_CHANGE_MESSAGE, {"from", from}, {"to", to},
                     {"before", plain_words(arena, mix->lang, h->before)},
                     {"after", plain_words(arena, mix->lang, h->after)},
                     {"structure", signed_words(arena, mix->lang, h->structure)},
                     {"groups", signed_words(arena, mix->lang, h->groups)});
}

int wijk_mix_figure_change(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                           const wijk_mix *mix)
{
    if (!mix->changed) {
        return wijk_fail(WIJK_ENOTFOUND, "Van %s is de verandering hier niet te verdelen.",
                         "The change of %s cannot be divided here.", mix->whole_name);
    }
    const wijk_change_parts *h = &mix->change.theil;
    const wijk_mix_moment *first = mix->history, *last = first + mix->history_count - 1;
    const struct {
        enum wijk_text_key name;
        double value;
    } parts[] = {{T_MIX_CHANGE_STRUCTURE, h->structure},
                 {T_MIX_CHANGE_GROUPS, h->groups},
                 {T_MIX_CHANGE_UNITS, h->units},
                 {T_MIX_CHANGE_ADDITIONS, h->additions},
                 {T_MIX_CHANGE_REMOVALS, h->removals}};
    enum { PARTS = sizeof parts / sizeof *parts };
    wijk_bar bars[PARTS];
    for (size_t i = 0; i < PARTS; i++) {
        bars[i] = (wijk_bar){.name = wijk_text(mix->lang, parts[i].name),
                             .value = parts[i].value,
                             .low = NAN,
                             .high = NAN,
                             .other = NAN};
    }
    const char *from = wijk_arena_printf(arena, "%d", first->layer.period);
    const char *to = wijk_arena_printf(arena, "%d", last->layer.period);
    if (!from || !to) {
        return WIJK_ENOMEM;
    }
    const wijk_bars_chart chart = {.title = WIJK_FILL(arena, mix->lang, T_MIX_CHANGE_TITLE,
                                                      {"name", mix->whole_name}, {"from", from},
                                                      {"to", to}),
                                   .unit = "",
                                   .source = mix->figure_source,
                                   .self = mix->whole_name,
                                   .left = wijk_text(mix->lang, T_MIX_CHANGE_LEFT),
                                   .right = wijk_text(mix->lang, T_MIX_CHANGE_RIGHT),
                                   .decimals = 3,
                                   .bars = bars,
                                   .count = PARTS};
    int rc = wijk_figure_bars(out, arena, style, &chart);
    out->message = change_message(arena, mix, from, to);
    return rc;
}
