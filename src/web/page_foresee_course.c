/* Who lives here when nothing changes: the course without a policy, with the hindsight range around
 * what the simulation says. Only what the back-test scored is shown with one; that differences from
 * doing nothing have none is said here too. */
#include "web/foresee_page.h"

#include "wijk/mem.h"
#include "wijk/text.h"

static int one_course(web_call *call, const foresee_view *view, const wijk_backtest *b,
                      wijk_backtest_measure measure)
{
    html *h = &call->h;
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_course_plot course = {.backtest = b,
                                     .ensemble = view->answer->ensemble,
                                     .place = WIJK_ENSEMBLE_HERE,
                                     .start = view->start,
                                     .measure = measure};
    const char *id =
        wijk_arena_printf(call->arena, "verloop-%s", wijk_backtest_measure_key(measure));
    const wijk_figure_style style = {.lang = call->lang, .width = WIJK_FIGURE_ANY, .id = id};
    int rc = wijk_picture_course(&figure, call->arena, &style, &course);
    if (!rc) {
        h_open(h, "div", "wijk-fan");
        page_figure(call, &figure, "wijk-figure", NULL, NULL);
        h_leaf(h, "p", "wijk-from", wijk_course_worth(call->arena, call->lang, &course));
        const char *lean = wijk_course_lean(call->arena, call->lang, b, measure);
        if (lean) {
            h_leaf(h, "p", "wijk-caution", lean);
        }
        h_close(h);
    }
    wijk_figure_free(&figure);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int courses(web_call *call, const foresee_view *view, const wijk_backtest *b)
{
    html *h = &call->h;
    int rc = WIJK_OK;
    h_open(h, "details", "wijk-details wijk-details--print");
    if (foresee_does_nothing(view)) { /* then it is all there is to see */
        h_flag(h, "open");
    }
    h_leaft(h, "summary", NULL, T_COURSE_MORE);
    h_leaft(h, "p", NULL, T_COURSE_ABOUT);
    h_leaft(h, "p", NULL, T_COURSE_FURTHER);
    h_open(h, "div", "wijk-fans");
    wijk_backtest_measure measure;
    for (size_t i = 0; !rc && (measure = wijk_course_at(i)) != WIJK_BACKTEST_MEASURES; i++) {
        rc = one_course(call, view, b, measure);
    }
    h_closes(h, 2);
    return rc;
}

int foresee_course(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    wijk_backtest *b = NULL;
    int rc = wijk_backtest_shipped(&b);
    if (rc) {
        return rc;
    }
    page_section(call, "wijk-section", "verloop", T_COURSE_TITLE);
    const char *scope =
        wijk_course_scope(call->arena, call->lang, view->answer->ensemble, WIJK_ENSEMBLE_HERE);
    if (scope) {
        h_leaf(h, "p", "wijk-note", scope);
    }
    rc = courses(call, view, b);
    h_leaft(h, "p", "wijk-caution", T_COURSE_UNTESTED);
    page_more(call, page_manual_url(call, "terugblik", "hindsight"), T_COURSE_LINK);
    h_close(h);
    wijk_backtest_free(b);
    return rc;
}
