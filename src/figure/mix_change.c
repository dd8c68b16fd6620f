/* Why separation changed between the first and the last year: parts that came and went, groups and
 * parts that grew, and people who spread otherwise. Where a border changed the people of then are
 * brought to the parts of now by the overlay; what that does to the figure is a part of its own,
 * and what it leaves open is a range, never taken for people who moved. */
#include "figure/mix.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ids of the parts of a table, in its order. */
static int64_t *ids_of(mix_work *w, const wijk_grouped *table)
{
    int64_t *ids = wijk_arena_alloc(w->arena, (table->areas + 1) * sizeof *ids);
    for (size_t i = 0; ids && i < table->areas; i++) {
        ids[i] = table->area[i].id;
    }
    return ids;
}

static double people_of(const wijk_grouped *table, size_t row)
{
    double people = 0;
    for (size_t g = 0; g < table->groups; g++) {
        people += table->counts[row * table->groups + g];
    }
    return people;
}

/* How everyone of the first year was found again, and who is new because they came with land of
 * another municipality. */
static int count_matched(wijk_mix_change *out, mix_work *w, const wijk_grouped *before,
                         const wijk_grouped *after, const wijk_change_matched *matched)
{
    double *linked = wijk_arena_alloc(w->arena, (before->areas + 1) * sizeof *linked);
    double people[3] = {0}, all = 0, gone = 0, laid = 0, onto = 0;
    if (!linked) {
        return WIJK_ENOMEM;
    }
    memset(linked, 0, (before->areas + 1) * sizeof *linked);
    for (size_t k = 0; k < matched->count; k++) {
        linked[matched->links[k].from] += matched->links[k].share;
    }
    for (size_t i = 0; i < before->areas; i++) {
        all += people_of(before, i);
        gone += linked[i] > 0 ? 0 : people_of(before, i);
    }
    for (size_t k = 0; k < matched->count; k++) {
        const wijk_change_link *link = &matched->links[k];
        double here = people_of(before, link->from) * link->share / linked[link->from];
        people[matched->match[k]] += here;
        if (matched->match[k] == WIJK_CHANGE_OVERLAY) { /* the size of where most went */
            laid += here;
            onto += here * people_of(after, link->to);
        }
    }
    for (size_t i = 0; i < after->areas; i++) {
        out->elsewhere += matched->origin[i] == WIJK_CHANGE_ELSEWHERE && people_of(after, i) > 0;
        out->missing += matched->origin[i] == WIJK_CHANGE_MISSING && people_of(after, i) > 0;
    }
    out->same = people[WIJK_CHANGE_SAME] / all;
    out->by_code = people[WIJK_CHANGE_BY_CODE] / all;
    out->overlaid = people[WIJK_CHANGE_OVERLAY] / all;
    out->gone = gone / all;
    out->onto = laid > 0 ? onto / laid : 0;
    return WIJK_OK;
}

/* What 9 in 10 counts handed out by the overlay keep within, as measured for areas of this size
 * (docs/model/overlay.md). */
static int read_error(double *out, mix_work *w, double size)
{
    /* Sizes are in people; a home or household has about two. */
    int people = !strcmp(w->out->grouping->counted->code, "population");
    wijk_stmt *stmt =
        wijk_store_sql(w->store, "SELECT p90 FROM conversion_error WHERE indicator_id=?1 AND "
                                 "size_class<=?2 ORDER BY size_class DESC LIMIT 1");
    wijk_bind_int(stmt, 1, w->out->grouping->counted->id);
    wijk_bind_int(stmt, 2, (int64_t)(people ? size : 2 * size));
    int rc = wijk_step(stmt);
    *out = rc == 1 ? fmin(wijk_col_double(stmt, 0), 5) : 0.15; /* unmeasured: as the worst usual */
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

static int divide(mix_work *w, const wijk_grouped *before, const wijk_grouped *after, int draws)
{
    enum { MOST_AREAS = 200, FEWEST_DRAWS = 40 };
    wijk_mix_change *out = &w->out->change;
    wijk_change_matched matched;
    const int64_t *then = ids_of(w, before), *now = ids_of(w, after);
    if (!then || !now) {
        return WIJK_ENOMEM;
    }
    int rc = wijk_change_match(&matched, w->store, then, before->areas, now, after->areas);
    if (rc) {
        return rc;
    }
    rc = count_matched(out, w, before, after, &matched);
    rc = rc ? rc : read_error(&out->error, w, out->onto);
    int too_many = draws <= WIJK_MIX_LOOK && after->areas > MOST_AREAS;
    size_t times = draws <= 0 || too_many   ? 0
                   : draws <= WIJK_MIX_LOOK ? FEWEST_DRAWS
                                            : (size_t)draws;
    const wijk_change_options options = {out->error, 0.9, times, 1};
    rc = rc ? rc
            : wijk_change_across(&out->moved, before->counts, before->areas, after->counts,
                                 after->areas, before->groups, matched.links, matched.count,
                                 &options, NULL);
    out->ranged = times > 0 && out->moved.split > 0;
    wijk_change_matched_free(&matched);
    return rc;
}

int mix_change(mix_work *w, int draws)
{
    wijk_mix *mix = w->out;
    const wijk_mix_moment *first = mix->history, *last = first + mix->history_count - 1;
    mix->changed = 0;
    if (mix->history_count < 2) {
        return WIJK_OK;
    }
    wijk_grouped before, after;
    int rc = wijk_grouped_read(&before, w->store, w->registry, w->arena, mix->grouping,
                               first->layer, mix->whole.id);
    rc = rc ? rc
            : wijk_grouped_read(&after, w->store, w->registry, w->arena, mix->grouping, last->layer,
                                mix->whole.id);
    rc = rc ? rc : divide(w, &before, &after, draws);
    /* Where hardly anyone is found again, nothing can be told apart. */
    mix->changed = !rc && isfinite(mix->change.moved.theil.part[WIJK_CHANGE_STRUCTURE]) &&
                   mix->change.gone <= 0.5;
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

/* ---- in words ----------------------------------------------------------------------------- */

/* Where H hardly changed a digit more is needed to tell its parts apart. */
static int decimals_of(const wijk_mix *mix)
{
    const wijk_change_ranges *h = &mix->change.moved.theil;
    double most = 0;
    for (size_t part = 0; part < WIJK_CHANGE_PARTS; part++) {
        most = fmax(most, fabs(h->part[part]));
    }
    return most < 0.01 ? 4 : 3;
}

static const char *signed_words(wijk_arena *arena, const wijk_mix *mix, double value)
{
    wijk_str out = WIJK_STR_INIT;
    wijk_str_add(&out, value > 0 ? "+" : "");
    wijk_number(&out, mix->lang, value, decimals_of(mix));
    return wijk_str_keep(&out, arena);
}

static const char *plain_words(wijk_arena *arena, const wijk_mix *mix, double value)
{
    return signed_words(arena, mix, value) + (value > 0);
}

/* With a digit more near none and near all, so that neither is said of almost. */
static const char *percent(wijk_arena *arena, const wijk_mix *mix, double share)
{
    wijk_str out = WIJK_STR_INIT;
    double rest = share < 1 ? fmin(share, 1 - share) : 1;
    wijk_number(&out, mix->lang, 100 * share, rest < 0.001 ? 2 : rest < 0.1 ? 1 : 0);
    return wijk_str_keep(&out, arena);
}

const char *wijk_mix_change_part(wijk_lang lang, enum wijk_change_part part)
{
    static const enum wijk_text_key names[WIJK_CHANGE_PARTS] = {
        [WIJK_CHANGE_BORDER] = T_MIX_CHANGE_BORDER,
        [WIJK_CHANGE_ADDITIONS] = T_MIX_CHANGE_ADDITIONS,
        [WIJK_CHANGE_REMOVALS] = T_MIX_CHANGE_REMOVALS,
        [WIJK_CHANGE_OF_GROUPS] = T_MIX_CHANGE_GROUPS,
        [WIJK_CHANGE_OF_UNITS] = T_MIX_CHANGE_UNITS,
        [WIJK_CHANGE_STRUCTURE] = T_MIX_CHANGE_STRUCTURE};
    return wijk_text(lang, names[part]);
}

static const char *year_of(wijk_arena *arena, const wijk_mix_moment *at)
{
    const char *text = wijk_arena_printf(arena, "%d", at->layer.period);
    return text ? text : "";
}

static const char *from_year(wijk_arena *arena, const wijk_mix *mix)
{
    return year_of(arena, mix->history);
}

static const char *to_year(wijk_arena *arena, const wijk_mix *mix)
{
    return year_of(arena, mix->history + mix->history_count - 1);
}

static void say(wijk_str *out, const char *sentence)
{
    wijk_str_add(out, out->size ? " " : "");
    wijk_str_add(out, sentence);
}

/* What conversion does by itself, and how far the rest may be off by it. */
static void say_doubt(wijk_str *out, wijk_arena *arena, const wijk_mix *mix)
{
    const wijk_mix_change *change = &mix->change;
    const wijk_change_ranges *h = &change->moved.theil;
    const char *border = signed_words(arena, mix, h->part[WIJK_CHANGE_BORDER]);
    const char *low = signed_words(arena, mix, h->low[WIJK_CHANGE_STRUCTURE]);
    const char *high = signed_words(arena, mix, h->high[WIJK_CHANGE_STRUCTURE]);
    int any = fabs(h->part[WIJK_CHANGE_BORDER]) >= 0.5 * pow(10, -decimals_of(mix));
    say(out, any ? WIJK_FILL(arena, mix->lang, T_MIX_CHANGE_EVENLY, {"border", border})
                 : wijk_text(mix->lang, T_MIX_CHANGE_EVENLY_NONE));
    if (change->ranged) {
        say(out,
            WIJK_FILL(arena, mix->lang,
                      strcmp(low, high) != 0 ? T_MIX_CHANGE_DOUBT : T_MIX_CHANGE_DOUBT_NONE,
                      {"error", percent(arena, mix, change->error)}, {"low", low}, {"high", high}));
    }
}

const char *mix_change_carried(wijk_arena *arena, const wijk_mix *mix)
{
    const wijk_mix_change *change = &mix->change;
    const char *from = from_year(arena, mix), *to = to_year(arena, mix);
    const struct {
        enum wijk_text_key key;
        double share;
    } found[] = {{T_MIX_CHANGE_SAME, change->same},
                 {T_MIX_CHANGE_OVERLAID, change->overlaid},
                 {T_MIX_CHANGE_BY_CODE, change->by_code},
                 {T_MIX_CHANGE_GONE, change->gone}};
    wijk_str out = WIJK_STR_INIT;
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        if (found[i].share > 0) {
            say(&out,
                WIJK_FILL(arena, mix->lang, found[i].key, {"units", mix->units}, {"from", from},
                          {"to", to}, {"share", percent(arena, mix, found[i].share)}));
        }
    }
    if (change->overlaid > 0) {
        say_doubt(&out, arena, mix);
    }
    const struct {
        size_t count;
        enum wijk_text_key one, more;
    } added[] = {{change->elsewhere, T_MIX_CHANGE_ELSEWHERE_ONE, T_MIX_CHANGE_ELSEWHERE},
                 {change->missing, T_MIX_CHANGE_MISSING_ONE, T_MIX_CHANGE_MISSING}};
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        if (added[i].count) {
            say(&out,
                WIJK_FILL(arena, mix->lang, added[i].count == 1 ? added[i].one : added[i].more,
                          {"n", wijk_int_in(arena, mix->lang, (long long)added[i].count, 1)},
                          {"from", from}));
        }
    }
    if (change->by_code > 0 && change->moved.added > change->elsewhere + change->missing) {
        say(&out, wijk_text(mix->lang, T_MIX_CHANGE_RECODED));
    }
    return wijk_str_keep(&out, arena);
}

static const char *change_message(wijk_arena *arena, const wijk_mix *mix)
{
    const wijk_change_ranges *h = &mix->change.moved.theil;
    const char *said =
        WIJK_FILL(arena, mix->lang, T_MIX_CHANGE_MESSAGE, {"from", from_year(arena, mix)},
                  {"to", to_year(arena, mix)}, {"before", plain_words(arena, mix, h->before)},
                  {"after", plain_words(arena, mix, h->after)},
                  {"structure", signed_words(arena, mix, h->part[WIJK_CHANGE_STRUCTURE])},
                  {"groups", signed_words(arena, mix, h->part[WIJK_CHANGE_OF_GROUPS])});
    const char *both = wijk_arena_printf(arena, "%s %s", said, mix->change.carried);
    return both ? both : said;
}

/* ---- as a figure -------------------------------------------------------------------------- */

int wijk_mix_figure_change(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                           const wijk_mix *mix)
{
    if (!mix->changed) {
        return wijk_fail(WIJK_ENOTFOUND, "Van %s is de verandering hier niet te verdelen.",
                         "The change of %s cannot be divided here.", mix->whole_name);
    }
    const wijk_change_ranges *h = &mix->change.moved.theil;
    wijk_bar bars[WIJK_CHANGE_PARTS];
    size_t count = 0;
    for (int part = WIJK_CHANGE_PARTS - 1; part >= 0; part--) { /* what people ask for first */
        if (part == WIJK_CHANGE_BORDER && !(mix->change.overlaid > 0)) {
            continue;
        }
        int ranged = mix->change.ranged;
        bars[count++] =
            (wijk_bar){.name = wijk_mix_change_part(mix->lang, (enum wijk_change_part)part),
                       .value = h->part[part],
                       .low = ranged ? h->low[part] : NAN,
                       .high = ranged ? h->high[part] : NAN,
                       .other = NAN};
    }
    const wijk_bars_chart chart = {
        .title = WIJK_FILL(arena, mix->lang, T_MIX_CHANGE_TITLE, {"name", mix->whole_name},
                           {"from", from_year(arena, mix)}, {"to", to_year(arena, mix)}),
        .unit = "",
        .source = mix->figure_source,
        .self = mix->whole_name,
        .left = wijk_text(mix->lang, T_MIX_CHANGE_LEFT),
        .right = wijk_text(mix->lang, T_MIX_CHANGE_RIGHT),
        .decimals = decimals_of(mix),
        .bars = bars,
        .count = count};
    int rc = wijk_figure_bars(out, arena, style, &chart);
    out->message = change_message(arena, mix);
    return rc;
}
