/* The course without a policy in words: what the simulation says, and how far it was off before.
 * Idea: a range is worth what it held where it was not made; that stands beside it, also when it is
 * little. */
#include "wijk/fan.h"

#include "figure/svg.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

enum wijk_text_key wijk_course_label(wijk_backtest_measure measure)
{
    static const enum wijk_text_key labels[WIJK_BACKTEST_LEAVERS] = {
        T_COURSE_M_SINGLE,     T_COURSE_M_CHILDLESS, T_COURSE_M_CHILDREN, T_COURSE_M_ONE_PARENT,
        T_COURSE_M_ALONE,      T_COURSE_M_YOUNG,     T_COURSE_M_OLDER,    T_COURSE_M_OLDEST,
        T_COURSE_M_HOUSEHOLDS, T_COURSE_M_MOVES};
    return labels[measure < WIJK_BACKTEST_LEAVERS ? measure : 0];
}

static int last_year(wijk_course *out, uint32_t *years, const wijk_course_plot *c)
{
    *years = wijk_ensemble_tell(c->ensemble).years;
    return wijk_backtest_course(out, c->backtest, c->ensemble, c->place, *years, c->measure);
}

const char *wijk_course_say(wijk_arena *arena, wijk_lang lang, const wijk_course_plot *course)
{
    wijk_course c;
    uint32_t years;
    if (last_year(&c, &years, course) || !isfinite(c.band.median)) {
        return wijk_text(lang, T_FORECAST_SAY_WITHHELD);
    }
    int known = isfinite(c.low), flow = course->measure == WIJK_BACKTEST_MOVES;
    enum wijk_text_key key = !known     ? T_COURSE_SAY_NONE
                             : c.beyond ? T_COURSE_SAY_LEAST
                                        : T_COURSE_SAY;
    const wijk_ensemble_about about = wijk_ensemble_tell(course->ensemble);
    const char *simulation =
        about.first == about.last
            ? wijk_text(lang, T_COURSE_ONE_RUN)
            : WIJK_FILL(arena, lang, T_COURSE_SPAN,
                        {"low", wijk_number_in(arena, lang, c.band.low90, 1)},
                        {"high", wijk_number_in(arena, lang, c.band.high90, 1)});
    return WIJK_FILL(
        arena, lang, key,
        {"when", WIJK_FILL(arena, lang, flow ? T_FORECAST_WHEN_FLOW : T_FORECAST_WHEN_STOCK,
                           {"years", wijk_int_in(arena, lang, years, 0)})},
        {"middle", wijk_number_in(arena, lang, c.band.median, 1)}, {"simulation", simulation},
        {"past_low", known ? wijk_number_in(arena, lang, c.low, 1) : ""},
        {"past_high", known ? wijk_number_in(arena, lang, c.high, 1) : ""},
        {"tested", wijk_int_in(arena, lang, c.past.tested, 0)});
}

const char *wijk_course_end(wijk_arena *arena, wijk_lang lang, const wijk_course *c, int upper)
{
    double end = upper ? c->high : c->low;
    const char *number = isfinite(end) ? wijk_number_in(arena, lang, end, 1) : "–";
    const char *text = wijk_arena_printf(arena, "%s %s", upper ? "≥" : "≤", number);
    return c->beyond && isfinite(end) && text ? text : number;
}

/* Spans overlap and are few: what is told is a count, and only where hardly any points the other
 * way. */
const char *wijk_course_lean(wijk_arena *arena, wijk_lang lang, const wijk_backtest *b,
                             wijk_backtest_measure measure)
{
    enum { LEAST_SPANS = 3, ONE_IN = 10 };
    wijk_backtest_lean lean = wijk_backtest_leans(b, measure);
    int high = lean.high > lean.low, n = high ? lean.high : lean.low;
    if (lean.spans < LEAST_SPANS || (lean.spans - n) * ONE_IN > lean.spans) {
        return NULL;
    }
    return WIJK_FILL(arena, lang, high ? T_COURSE_TOO_HIGH : T_COURSE_TOO_LOW,
                     {"n", wijk_int_in(arena, lang, n, 0)},
                     {"all", wijk_int_in(arena, lang, lean.spans, 0)});
}

wijk_backtest_measure wijk_course_at(size_t i)
{
    static const wijk_backtest_measure shown[] = {
        WIJK_BACKTEST_HOUSEHOLDS, WIJK_BACKTEST_SINGLE, WIJK_BACKTEST_CHILDREN,
        WIJK_BACKTEST_ONE_PARENT, WIJK_BACKTEST_YOUNG,  WIJK_BACKTEST_OLDER,
        WIJK_BACKTEST_CHILDLESS,  WIJK_BACKTEST_OLDEST, WIJK_BACKTEST_ALONE,
        WIJK_BACKTEST_MOVES};
    return i < sizeof shown / sizeof *shown ? shown[i] : WIJK_BACKTEST_MEASURES;
}

/* Households at the start; 0 when withheld. */
static double households_of(const wijk_ensemble *e, size_t place)
{
    wijk_bands b;
    int rc = wijk_ensemble_outcome(&b, e, place, 0, WIJK_OUT_HOUSEHOLDS);
    return rc || !isfinite(b.nothing.median) ? 0 : b.nothing.median;
}

const char *wijk_course_scope(wijk_arena *arena, wijk_lang lang, const wijk_ensemble *e,
                              size_t place)
{
    const wijk_ensemble_about about = wijk_ensemble_tell(e);
    double households = households_of(e, place);
    int whole = place == WIJK_ENSEMBLE_HERE && !strcmp(about.place, about.region);
    if (households < WIJK_BACKTEST_LEAST) {
        return wijk_text(lang, T_COURSE_SCOPE_TINY);
    }
    return whole && wijk_backtest_size_of(households) == WIJK_BACKTEST_LARGE
               ? WIJK_FILL(arena, lang, T_COURSE_SCOPE_WHOLE, {"place", about.place})
               : NULL;
}

const char *wijk_course_worth(wijk_arena *arena, wijk_lang lang, const wijk_course_plot *course)
{
    wijk_course c = {.past = {.areas = 0}};
    uint32_t years;
    if (households_of(course->ensemble, course->place) < WIJK_BACKTEST_LEAST) {
        return wijk_text(lang, T_COURSE_WORTH_TINY);
    }
    if (last_year(&c, &years, course) || !isfinite(c.low)) {
        /* A summary of before there were ranges has the areas and not the range. */
        return wijk_text(lang, c.past.areas >= WIJK_BACKTEST_FEW ? T_COURSE_WORTH_OLD
                                                                 : T_COURSE_WORTH_NONE);
    }
    const wijk_hindsight *past = &c.past;
    int held = isfinite(past->held);
    return WIJK_FILL(arena, lang, held ? T_COURSE_WORTH : T_COURSE_WORTH_UNHELD,
                     {"areas", wijk_int_in(arena, lang, (long long)past->areas, 0)},
                     {"held", held ? wijk_number_in(arena, lang, 100 * past->held, 0) : ""},
                     {"least", held ? wijk_number_in(arena, lang, 100 * past->held_least, 0) : ""},
                     {"years", wijk_int_in(arena, lang, past->tested, 0)});
}

/* One count for page, print and command line; that of every place and period is named behind it. */
const char *wijk_past_say(wijk_arena *arena, wijk_lang lang, const wijk_backtest *b, uint32_t years)
{
    size_t kinds = 0, of[3] = {0}, tests = 0, of_tests[3] = {0};
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        const wijk_backtest_row *row = wijk_backtest_find(b, (wijk_backtest_measure)m, (int)years);
        if (row) {
            kinds++;
            of[wijk_backtest_judge(row)]++;
        }
    }
    for (size_t i = 0; i < b->n_rows; i++) {
        if (b->rows[i].size == WIJK_BACKTEST_ALL) {
            tests++;
            of_tests[wijk_backtest_judge(&b->rows[i])]++;
        }
    }
    const size_t counts[] = {kinds, of[WIJK_BACKTEST_BETTER],       of[WIJK_BACKTEST_WORSE],
                             tests, of_tests[WIJK_BACKTEST_BETTER], of_tests[WIJK_BACKTEST_WORSE]};
    const char *said[6];
    for (size_t i = 0; i < 6; i++) {
        said[i] = wijk_int_in(arena, lang, (long long)counts[i], 0);
    }
    return WIJK_FILL(arena, lang, T_FORECAST_PAST_SAY, {"kinds", said[0]}, {"better", said[1]},
                     {"worse", said[2]}, {"tests", said[3]}, {"tests_better", said[4]},
                     {"tests_worse", said[5]});
}

const char *wijk_past_held_say(wijk_arena *arena, wijk_lang lang, const wijk_backtest *b,
                               uint32_t years)
{
    double least = 1, most = 0;
    for (int m = 0; m < WIJK_BACKTEST_MEASURES; m++) {
        const wijk_backtest_row *row = wijk_backtest_find(b, (wijk_backtest_measure)m, (int)years);
        if (row && isfinite(row->in90)) {
            least = fmin(least, row->in90);
            most = fmax(most, row->in90);
        }
    }
    return least > most ? NULL
                        : WIJK_FILL(arena, lang, T_FORECAST_PAST_BANDS,
                                    {"least", wijk_number_in(arena, lang, 100 * least, 0)},
                                    {"most", wijk_number_in(arena, lang, 100 * most, 0)});
}
