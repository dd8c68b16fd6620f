/* An area of which no mix can be measured: what is missing, what is known around it, and what is
 * known at all. A page without figures must still lead somewhere. */
#include "figure/mix.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <stdlib.h>

/* Larger areas around it, nearest first, of which something is known. */
static int take_around(mix_work *w, wijk_mix_none *out, int64_t id)
{
    wijk_mixture_row *rows;
    size_t count = 0;
    wijk_area area;
    int rc = wijk_area_get(&area, w->store, w->arena, id);
    for (size_t i = 0; !rc && i < out->around_count; i++) {
        if (out->around[i].level == area.level) {
            return WIJK_OK;
        }
    }
    rc = rc ? rc : wijk_mixture_of(&rows, &count, w->store, &w->out->groupings, w->arena, &area);
    if (!rc && count && out->around_count < WIJK_MIX_AROUND && area.id != out->area.id) {
        out->around[out->around_count++] = area;
    }
    return rc;
}

static int look_around(mix_work *w, wijk_mix_none *out)
{
    int64_t gemeente = 0, land = 0;
    int rc = WIJK_OK;
    wijk_area at = out->area;
    for (int step = 0; !rc && at.parent && step < 4; step++) {
        int64_t id = at.parent;
        rc = take_around(w, out, id);
        rc = rc ? rc : wijk_area_get(&at, w->store, w->arena, id);
    }
    rc = rc ? rc : wijk_area_gemeente(&gemeente, w->store, &out->area);
    if (!rc && gemeente) {
        rc = take_around(w, out, gemeente);
    }
    if (!rc && !out->area.fictional) {
        rc = wijk_run_int(&land,
                          wijk_store_sql(w->store, "SELECT id FROM area WHERE level=0 AND "
                                                   "fictional=0 ORDER BY vintage DESC LIMIT 1"),
                          0);
        rc = rc || !land ? rc : take_around(w, out, land);
    }
    return rc;
}

/* In the order of the registry, large parts before small. */
static int by_grouping(const void *a, const void *b)
{
    const wijk_mix_published *x = a, *y = b;
    int order = (x->grouping > y->grouping) - (x->grouping < y->grouping);
    return order ? order : ((int)x->level > (int)y->level) - ((int)x->level < (int)y->level);
}

static const char *in_words(mix_work *w, const wijk_mix_published *at)
{
    wijk_lang lang = w->out->lang;
    const char *years = at->first == at->last
                            ? wijk_arena_printf(w->arena, "%d", at->last)
                            : wijk_arena_printf(w->arena, "%d–%d", at->first, at->last);
    const char *parts = at->level == WIJK_LOCAL ? wijk_text(lang, T_MIX_LOCAL_MANY)
                                                : wijk_levels_name(lang, at->level);
    return WIJK_FILL(w->arena, lang,
                     at->wholes > 1   ? T_MIX_NONE_LEVEL
                     : at->wholes > 0 ? T_MIX_NONE_LEVEL_ONE
                                      : T_MIX_NONE_LEVEL_LAND,
                     {"parts", parts}, {"years", years ? years : ""},
                     {"n", wijk_int_in(w->arena, lang, (long long)at->wholes, 1)});
}

/* Every grouping in the file, per kind of parts. */
static int read_published(mix_work *w, wijk_mix_none *out)
{
    enum { MOST = 128 };
    out->published = wijk_arena_alloc(w->arena, MOST * sizeof *out->published);
    if (!out->published) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        w->store, "SELECT m.grouping, m.level, min(m.period), max(m.period), count(DISTINCT CASE "
                  "a.level WHEN 1 THEN a.code END) "
                  "FROM mixture m CROSS JOIN area a ON a.id=m.whole_id AND a.level<=1 AND "
                  "a.fictional=?1 GROUP BY 1, 2");
    wijk_bind_int(stmt, 1, out->area.fictional);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const wijk_grouping *grouping =
            wijk_grouping_find(&w->out->groupings, wijk_col_text(stmt, 0));
        if (grouping && out->published_count < MOST) {
            out->published[out->published_count++] =
                (wijk_mix_published){grouping,
                                     (enum wijk_level)wijk_col_int(stmt, 1),
                                     (int)wijk_col_int(stmt, 2),
                                     (int)wijk_col_int(stmt, 3),
                                     (size_t)wijk_col_int(stmt, 4),
                                     ""};
        }
    }
    qsort(out->published, out->published_count, sizeof *out->published, by_grouping);
    for (size_t i = 0; i < out->published_count; i++) {
        out->published[i].words = in_words(w, &out->published[i]);
    }
    return rc;
}

/* Groupings of which a figure of the area itself can be told. */
static int read_others(mix_work *w, wijk_mix_none *out)
{
    const wijk_mix *mix = w->out;
    out->others = wijk_arena_alloc(w->arena, (mix->groupings.count + 1) * sizeof *out->others);
    int rc = out->others ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < mix->choice_count; i++) {
        const wijk_grouping *grouping = mix->choices[i].grouping;
        if (out->other_count && out->others[out->other_count - 1] == grouping) {
            continue;
        }
        wijk_grouped one;
        int read = mix->part ? mix_read_self(&one, w, &mix->choices[i]) : WIJK_OK;
        if (!read) {
            out->others[out->other_count++] = grouping;
        }
        rc = read == WIJK_ENOTFOUND ? WIJK_OK : read;
    }
    return rc;
}

int wijk_mix_none_get(wijk_mix_none *out, wijk_store *store, const wijk_registry *registry,
                      wijk_arena *arena, int64_t area, wijk_lang lang, const char *grouping)
{
    wijk_mix mix = {.lang = lang};
    mix_work w = {store, registry, arena, &mix, 0};
    *out = (wijk_mix_none){0};
    int rc = wijk_area_get(&out->area, store, arena, area);
    rc = rc ? rc : wijk_groupings_read(&mix.groupings, registry, arena);
    mix.area = out->area;
    rc = rc ? rc : mix_choices(&w);
    rc = rc ? rc : read_others(&w, out);
    rc = rc ? rc : look_around(&w, out);
    rc = rc ? rc : read_published(&w, out);
    if (rc) {
        return rc;
    }
    out->name = out->area.level == WIJK_PC4 || !*out->area.name ? out->area.code : out->area.name;
    int named = grouping && *grouping;
    const wijk_grouping *asked = named ? wijk_grouping_find(&mix.groupings, grouping) : NULL;
    out->sentence = WIJK_FILL(
        arena, lang, named && out->other_count ? T_MIX_NONE_GROUPING : T_MIX_NONE_SENTENCE,
        {"name", out->name}, {"level", wijk_level_name(lang, out->area.level)},
        {"grouping", asked   ? asked->name[lang]
                     : named ? grouping
                             : ""});
    return WIJK_OK;
}
