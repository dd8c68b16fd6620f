/* The outlook of an area in words and as a drawing: the same for page and command line. How often
 * it was wrong stands beside what it says. */
#include "figure/svg.h"
#include "figure/words.h"

#include "wijk/outlook.h"

#include <math.h>
#include <string.h>

static const char *whole(wijk_arena *arena, wijk_lang lang, size_t value)
{
    return wijk_int_in(arena, lang, (long long)value, 1);
}

static const char *year(wijk_arena *arena, int value)
{
    const char *text = wijk_arena_printf(arena, "%d", value);
    return text ? text : "";
}

/* Of a hundred: no decimals, as nothing here is known that well. */
static const char *of_100(wijk_arena *arena, wijk_lang lang, double share)
{
    return wijk_number_in(arena, lang, 100 * share, 0);
}

static const char *chance_sentence(wijk_arena *arena, wijk_lang lang, const wijk_outlook_item *item)
{
    if (!isfinite(item->next.drop)) {
        return WIJK_FILL(arena, lang, T_OUTLOOK_CHANCE_NONE,
                         {"people", whole(arena, lang, WIJK_OUTLOOK_PEOPLE)});
    }
    enum wijk_text_key key = item->next.drop < 0.01 ? T_OUTLOOK_CHANCE_SMALL : T_OUTLOOK_CHANCE;
    return WIJK_FILL(arena, lang, key, {"of_100", of_100(arena, lang, item->next.drop)});
}

void wijk_outlook_say(wijk_outlook_words *out, wijk_arena *arena, wijk_lang lang,
                      const wijk_outlook_item *item)
{
    const double *q = item->next.quantile;
    double now = item->past.level[item->waves - 1];
    int last = item->years[item->waves - 1];
    const char *next = year(arena, last + item->ahead);
    *out = (wijk_outlook_words){0};
    out->said[0] = WIJK_FILL(arena, lang, T_OUTLOOK_BAND, {"year", year(arena, last)},
                             {"next", next}, {"now", wijk_number_in(arena, lang, now, 2)},
                             {"low", wijk_number_in(arena, lang, q[WIJK_Q05], 2)},
                             {"high", wijk_number_in(arena, lang, q[WIJK_Q95], 2)},
                             {"middle", wijk_number_in(arena, lang, q[WIJK_Q50], 2)});
    out->said[1] = chance_sentence(arena, lang, item);
    if (isfinite(item->noise)) {
        out->said[2] =
            WIJK_FILL(arena, lang, T_OUTLOOK_NOISE, {"of_100", of_100(arena, lang, item->noise)});
    }
}

const char *wijk_outlook_why_not(wijk_lang lang, const wijk_outlook_view *view)
{
    static const enum wijk_text_key reasons[] = {[WIJK_OUTLOOK_UNMADE] = T_OUTLOOK_WHY_UNMADE,
                                                 [WIJK_OUTLOOK_UNKNOWN] = T_OUTLOOK_WHY_UNKNOWN,
                                                 [WIJK_OUTLOOK_WIDE] = T_OUTLOOK_WHY_WIDE};
    return view->why == WIJK_OUTLOOK_KNOWN ? "" : wijk_text(lang, reasons[view->why]);
}

static enum wijk_outlook_slice slice_of(double people)
{
    static const double from[] = {500, 1000, 2500, 5000, 10000};
    int slice = WIJK_SLICE_UNDER_500;
    while (slice < WIJK_SLICE_10000 && people >= from[slice - WIJK_SLICE_UNDER_500]) {
        slice++;
    }
    return (enum wijk_outlook_slice)slice;
}

/* Whether the order of chances says more than size alone. */
static const char *ranking(wijk_arena *arena, wijk_lang lang, const wijk_outlook_step *step)
{
    const wijk_outlook_score *score =
        &step->score[step->chosen * WIJK_SLICES + WIJK_SLICE_FROM_500];
    if (!isfinite(step->warning.ahead)) {
        return WIJK_FILL(arena, lang, T_OUTLOOK_RANK_NONE,
                         {"drops", whole(arena, lang, score->drops)});
    }
    return WIJK_FILL(
        arena, lang, step->warning.ahead_low > 0 ? T_OUTLOOK_RANK_BETTER : T_OUTLOOK_RANK_UNSURE,
        {"ours", wijk_number_in(arena, lang, score->precision, 2)},
        {"size", wijk_number_in(arena, lang, score->precision - step->warning.ahead, 2)});
}

void wijk_outlook_tested(const char *out[WIJK_OUTLOOK_TESTED + 1], wijk_arena *arena,
                         wijk_lang lang, const wijk_outlook_card *card,
                         const wijk_outlook_view *view)
{
    memset(out, 0, (WIJK_OUTLOOK_TESTED + 1) * sizeof *out);
    if (!card->count) {
        out[0] = WIJK_FILL(arena, lang, T_OUTLOOK_NOTE_FEW,
                           {"areas", whole(arena, lang, view->modelled)});
        return;
    }
    const wijk_outlook_step *step = &card->steps[card->count - 1];
    const wijk_outlook_score *ours = &step->score[step->chosen * WIJK_SLICES];
    const wijk_outlook_score *constant = &step->score[wijk_outlook_find("constant") * WIJK_SLICES];
    const wijk_outlook_score *same = &step->score[wijk_outlook_find("no_change") * WIJK_SLICES];
    const wijk_outlook_warning *w = &step->warning;
    double people = view->count ? view->items[0].past.people : NAN;
    enum wijk_outlook_slice slice = slice_of(isfinite(people) ? people : 0);
    const char *from = year(arena, step->from), *to = year(arena, step->to);
    out[WIJK_OUTLOOK_BANDS] = WIJK_FILL(arena, lang, T_OUTLOOK_TESTED_BAND, {"from", from},
                                        {"to", to}, {"of_100", of_100(arena, lang, ours->cover90)},
                                        {"size_of_100", of_100(arena, lang, ours[slice].cover90)},
                                        {"size", wijk_outlook_slice_name(slice, lang)});
    out[WIJK_OUTLOOK_LEVEL] = WIJK_FILL(
        arena, lang, T_OUTLOOK_TESTED_LEVEL, {"ours", wijk_number_in(arena, lang, ours->mae, 4)},
        {"same", wijk_number_in(arena, lang, same->mae, 4)},
        {"ours_size", wijk_number_in(arena, lang, ours[slice].mae, 4)},
        {"same_size", wijk_number_in(arena, lang, same[slice].mae, 4)},
        {"gain", wijk_number_in(arena, lang, 100 * (1 - ours->pinball / constant->pinball), 1)});
    out[WIJK_OUTLOOK_ALARM] = WIJK_FILL(arena, lang, T_OUTLOOK_TESTED_ALARM, {"from", from},
                                        {"to", to}, {"warned", whole(arena, lang, w->warned)},
                                        {"right", whole(arena, lang, w->right)},
                                        {"false", whole(arena, lang, w->warned - w->right)},
                                        {"missed", whole(arena, lang, w->missed)});
    out[WIJK_OUTLOOK_LEAD] =
        WIJK_FILL(arena, lang, T_OUTLOOK_TESTED_LEAD,
                  {"years", whole(arena, lang, (size_t)(step->to - step->from))},
                  {"early", whole(arena, lang, w->early)},
                  {"drops", whole(arena, lang, w->right + w->missed)});
    out[WIJK_OUTLOOK_RANKING] = ranking(arena, lang, step);
}

/* ---- drawing -----------------------------------------------------------------------------------
 */

int wijk_picture_outlook(wijk_figure *out, wijk_arena *arena, const wijk_figure_style *style,
                         const wijk_outlook_item *item)
{
    const double *q = item->next.quantile;
    wijk_point past[WIJK_OUTLOOK_WAVES], next[2];
    size_t last = item->waves - 1;
    for (size_t w = 0; w <= last; w++) {
        past[w] = (wijk_point){item->years[w], item->past.level[w], NAN, NAN, 0};
    }
    /* A band of no width where it starts makes the fan. */
    double now = item->past.level[last];
    next[0] = (wijk_point){item->years[last], now, now - 1e-9, now + 1e-9, 0};
    next[1] =
        (wijk_point){item->years[last] + item->ahead, q[WIJK_Q50], q[WIJK_Q05], q[WIJK_Q95], 0};
    const wijk_chart_line lines[] = {
        {wijk_text(style->lang, T_OUTLOOK_LINE_PAST), WIJK_LINE_SELF, past, item->waves, 0},
        {wijk_text(style->lang, T_OUTLOOK_LINE_NEXT), WIJK_LINE_LAND, next, 2, 0}};
    const char *source[] = {item->area.fictional ? "Merelwaard" : "Leefbaarometer 3.0",
                            year(arena, item->years[last])};
    const wijk_line_chart chart = {
        .title = wijk_text(style->lang, T_OUTLOOK_PICTURE),
        .unit = "",
        .source = wijk_svg_fill(arena, wijk_text(style->lang, T_FIGURE_SOURCE_YEAR), source, 2),
        .decimals = 2,
        .lines = lines,
        .count = 2,
        .reference = NAN};
    int rc = wijk_figure_lines(out, arena, style, &chart);
    wijk_outlook_words words;
    wijk_outlook_say(&words, arena, style->lang, item);
    out->message = words.said[0] ? words.said[0] : "";
    return rc;
}
