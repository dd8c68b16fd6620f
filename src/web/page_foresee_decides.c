/* Which assumptions decide this answer: the quick screening that every forecast has, and the two
 * analyses that can be asked. Longest bar first; what is assumed looks unlike what is reckoned. */
#include "web/foresee_page.h"

#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DECIDING = 8, BARS = 10, NAMED = 3, WIDTH = 1000, PATHS_LEAST = 4 };

static const enum wijk_text_key group_words[WIJK_SENSITIVITY_GROUPS] = {
#define X(name, key) T_SENSITIVITY_G_##name,
    WIJK_SENSITIVITY_GROUPS_X(X)
#undef X
};

typedef enum { KIND_RECKONED, KIND_ASSUMED, KIND_CHANCE } bar_kind;

static void mark_of(web_call *call, bar_kind kind)
{
    static const enum wijk_text_key names[] = {T_FORECAST_MECHANICS, T_FORECAST_EFFECTS,
                                               T_STUDY_CHANCE_KIND};
    h_leaft(&call->h, "span", kind == KIND_ASSUMED ? "wijk-kind wijk-kind--assumed" : "wijk-kind",
            names[kind]);
}

/* ---- bars ------------------------------------------------------------------------------------ */

static long long across(double value, double most)
{
    double part = most > 0 ? value / most : 0;
    return llround(WIDTH * fmin(1, fmax(0, part)));
}

static void rect(wijk_str *out, const char *class_name, double value, double most)
{
    wijk_str_addf(out, "<rect class=\"%s\" width=\"%lld\" height=\"10\"/>", class_name,
                  across(value, most));
}

/* A bar with, in it, a second one (NAN: none) and the range of the first as a line. */
static void bar(web_call *call, bar_kind kind, double value, double inner, double low, double high,
                double most)
{
    static const char *const classes[] = {"wijk-bar__reckoned", "wijk-bar__assumed",
                                          "wijk-bar__chance"};
    h_markup(&call->h, "", 0);
    wijk_str *out = call->h.out;
    wijk_str_add(out, "<svg class=\"wijk-bar\" viewBox=\"0 0 1000 10\" aria-hidden=\"true\" "
                      "preserveAspectRatio=\"none\">");
    rect(out, classes[kind], value, most);
    if (isfinite(inner)) {
        rect(out, "wijk-bar__inner", inner, most);
    }
    wijk_str_addf(out,
                  "<path class=\"wijk-bar__halo\" d=\"M%lld 5H%lld\"/>"
                  "<path class=\"wijk-bar__range\" d=\"M%lld 5H%lldM%lld 2V8M%lld 2V8\"/></svg>",
                  across(low, most), across(high, most), across(low, most), across(high, most),
                  across(low, most), across(high, most));
}

static const char *decimal(web_call *call, double value)
{
    return wijk_number_in(call->arena, call->lang, value, fabs(value) < 9.95 && value != 0);
}

/* ---- one by one ------------------------------------------------------------------------------ */

static bar_kind kind_of(const wijk_dictionary *dictionary, int parameter)
{
    return parameter < 0                                                        ? KIND_CHANCE
           : wijk_dictionary_row(dictionary, (wijk_parameter)parameter)->effect ? KIND_ASSUMED
                                                                                : KIND_RECKONED;
}

static const char *name_of(web_call *call, const wijk_dictionary *dictionary, int parameter)
{
    return parameter < 0
               ? wijk_text(call->lang, T_STUDY_CHANCE)
               : wijk_dictionary_row(dictionary, (wijk_parameter)parameter)->label[call->lang];
}

static void screened_item(web_call *call, const wijk_dictionary *dictionary, const wijk_screened *e,
                          double most)
{
    html *h = &call->h;
    bar_kind kind = kind_of(dictionary, e->parameter);
    const char *range[] = {decimal(call, e->mu_star), decimal(call, e->low),
                           decimal(call, e->high)};
    h_open(h, "li", NULL);
    h_open(h, "span", "wijk-bars__name");
    if (e->parameter < 0) {
        h_text(h, name_of(call, dictionary, -1));
    } else {
        const char *row = wijk_parameter_name((wijk_parameter)e->parameter);
        page_link(call, NULL,
                  wijk_arena_printf(call->arena, "%s#%s",
                                    page_url(call, "/aannames", NULL, NULL, NULL), row),
                  name_of(call, dictionary, e->parameter));
    }
    h_text(h, " ");
    mark_of(call, kind);
    h_close(h);
    bar(call, kind, e->mu_star, NAN, e->low, e->high, most);
    h_open(h, "span", "wijk-bars__value");
    h_fill(h, T_STUDY_RANGE, range, 3);
    h_closes(h, 2);
}

/* The names of those that clearly move it more than chance does, the largest first. */
static void say_most(web_call *call, const foresee_view *view, const wijk_dictionary *dictionary,
                     const wijk_screened *rows, size_t n)
{
    wijk_str list = WIJK_STR_INIT;
    double chance = 0;
    int named = 0;
    for (size_t i = 0; i < n; i++) {
        chance = rows[i].parameter < 0 ? rows[i].high : chance;
    }
    for (size_t i = 0; i < n && named < NAMED; i++) {
        if (rows[i].parameter >= 0 && rows[i].low > chance) {
            wijk_str_add(&list, named++ ? "; " : "");
            wijk_str_add(&list, name_of(call, dictionary, rows[i].parameter));
        }
    }
    foresee_filled(call, "p", "wijk-lead", named ? T_STUDY_MOST : T_STUDY_NONE_CLEAR,
                   named ? wijk_str_text(&list) : wijk_text(call->lang, view->asked->label), NULL,
                   NULL);
    wijk_str_free(&list);
}

/* The longest bars; chance is always among them, to compare with. */
static void screened_list(web_call *call, const wijk_dictionary *dictionary,
                          const wijk_screened *rows, size_t n)
{
    double most = 0;
    size_t shown = 0;
    for (size_t i = 0; i < n; i++) {
        most = i < BARS || rows[i].parameter < 0 ? fmax(most, rows[i].high) : most;
    }
    h_open(&call->h, "ol", "wijk-bars");
    for (size_t i = 0; i < n; i++) {
        if (i < BARS || rows[i].parameter < 0) {
            screened_item(call, dictionary, &rows[i], most);
            shown++;
        }
    }
    h_close(&call->h);
    foresee_filled(call, "p", "wijk-from", T_STUDY_REST, foresee_int(call, (long long)(n - shown)),
                   NULL, NULL);
}

static int one_by_one(web_call *call, const foresee_view *view, const wijk_sensitivity *s)
{
    wijk_screened *rows = wijk_arena_alloc(call->arena, (WIJK_PARAMETERS + 1) * sizeof *rows);
    wijk_dictionary *dictionary = NULL;
    const char *outcome = wijk_text(call->lang, view->asked->label);
    size_t n = 0;
    int rc = rows ? wijk_dictionary_open(&dictionary) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_sensitivity_screen(rows, &n, s, view->asked->outcome);
    if (!rc && !(rows[0].mu_star > 0)) {
        foresee_filled(call, "p", NULL, T_STUDY_UNTOUCHED, outcome, NULL, NULL);
    } else if (!rc) {
        wijk_sensitivity_about about = wijk_sensitivity_tell(s);
        if (about.last - about.first + 1 < PATHS_LEAST) {
            h_leaft(&call->h, "p", NULL, T_STUDY_FEW);
        } else {
            say_most(call, view, dictionary, rows, n);
        }
        foresee_filled(call, "p", NULL,
                       view->asked->score ? T_STUDY_MEASURE_SCORE : T_STUDY_MEASURE_1, outcome,
                       NULL, NULL);
        screened_list(call, dictionary, rows, n);
    }
    wijk_dictionary_free(dictionary);
    return rc;
}

/* ---- in groups ------------------------------------------------------------------------------- */

static void group_item(web_call *call, int group, const wijk_sensitivity_index *i, double most)
{
    html *h = &call->h;
    bar_kind kind = group == WIJK_SENSITIVITY_EFFECTS  ? KIND_ASSUMED
                    : group == WIJK_SENSITIVITY_CHANCE ? KIND_CHANCE
                                                       : KIND_RECKONED;
    const double values[] = {i->total, i->total_low, i->total_high,
                             i->first, i->first_low, i->first_high};
    const char *args[6];
    for (int k = 0; k < 6; k++) {
        args[k] = foresee_int(call, llround(100 * values[k]));
    }
    h_open(h, "li", NULL);
    h_open(h, "span", "wijk-bars__name");
    h_t(h, group_words[group]);
    h_text(h, " ");
    mark_of(call, kind);
    h_close(h);
    bar(call, kind, i->total, i->first, i->total_low, i->total_high, most);
    h_open(h, "span", "wijk-bars__value");
    h_fill(h, T_STUDY_PART, args, 6);
    h_closes(h, 2);
}

static int in_groups(web_call *call, const foresee_view *view, const wijk_sensitivity *s)
{
    wijk_sensitivity_indices all;
    const char *outcome = wijk_text(call->lang, view->asked->label);
    int order[WIJK_SENSITIVITY_GROUPS] = {0};
    double most = 0;
    int rc = wijk_sensitivity_split(&all, s, view->asked->outcome);
    if (rc) {
        return rc;
    }
    for (int g = 0; g < WIJK_SENSITIVITY_GROUPS; g++) {
        int at = g;
        for (; at > 0 && all.of[order[at - 1]].total < all.of[g].total; at--) {
            order[at] = order[at - 1];
        }
        order[at] = g;
        most = fmax(most, all.of[g].total_high);
    }
    foresee_filled(
        call, "p", "wijk-lead", T_STUDY_PARTS, outcome,
        foresee_int(call, llround(100 * fmax(0, all.of[WIJK_SENSITIVITY_EFFECTS].total))),
        foresee_int(call, llround(100 * fmax(0, all.of[WIJK_SENSITIVITY_CHANCE].total))));
    h_open(&call->h, "ol", "wijk-bars");
    for (int k = 0; k < WIJK_SENSITIVITY_GROUPS; k++) {
        group_item(call, order[k], &all.of[order[k]], most);
    }
    h_close(&call->h);
    return WIJK_OK;
}

/* ---- together -------------------------------------------------------------------------------- */

int foresee_moves(web_call *call, const foresee_view *view, wijk_study_kind kind,
                  const wijk_str *text)
{
    html *h = &call->h;
    wijk_sensitivity *s = NULL;
    int screening = kind == WIJK_STUDY_SCREENING;
    int rc = wijk_sensitivity_read(&s, text->data, text->size, wijk_study_key(kind));
    rc = rc ? rc : screening ? one_by_one(call, view, s) : in_groups(call, view, s);
    if (rc == WIJK_ENOTFOUND) { /* too few units as yet, or it never differs */
        h_leaf(h, "p", NULL, wijk_error(call->lang));
        rc = WIJK_OK;
    }
    if (!rc) {
        wijk_sensitivity_about a = wijk_sensitivity_tell(s);
        uint32_t units = a.last - a.first + 1;
        foresee_filled(call, "p", "wijk-from", screening ? T_STUDY_METHOD_1 : T_STUDY_METHOD_2,
                       foresee_int(call, units), foresee_int(call, (long long)units * a.points),
                       foresee_int(call, a.years));
        foresee_filled(call, "p", "wijk-from", T_STUDY_COMMAND,
                       wijk_arena_printf(call->arena,
                                         "wijk foresee sensitivity %s --scenario FILE%s --years %u "
                                         "--units %u --seed %llu --outcome %s",
                                         view->portrait.area.code, screening ? "" : " --by-group",
                                         a.years, units, (unsigned long long)a.seed,
                                         wijk_outcome_key(view->asked->outcome)),
                       NULL, NULL);
    }
    wijk_sensitivity_free(s);
    return rc;
}

/* ---- the quick screening --------------------------------------------------------------------- */

static int quick_rows(web_call *call, const wijk_influence *of, int count)
{
    html *h = &call->h;
    wijk_dictionary *dictionary = NULL;
    int rc = wijk_dictionary_open(&dictionary);
    for (int i = 0; !rc && i < count; i++) {
        const wijk_parameter_row *row = wijk_dictionary_row(dictionary, of[i].parameter);
        h_open(h, "tr", NULL);
        h_open(h, "th", NULL);
        h_attr(h, "scope", "row");
        page_link(call, NULL,
                  wijk_arena_printf(call->arena, "%s#%s",
                                    page_url(call, "/aannames", NULL, NULL, NULL), row->name),
                  row->label[call->lang]);
        h_text(h, " ");
        mark_of(call, row->effect ? KIND_ASSUMED : KIND_RECKONED);
        h_close(h);
        page_number_cell(h, of[i].rank_correlation, 2);
        h_close(h);
    }
    wijk_dictionary_free(dictionary);
    return rc;
}

static int quick_table(web_call *call, const wijk_influence *of, int count)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-scroll");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, T_FORECAST_DECIDES));
    h_open(h, "table", "wijk-table");
    h_leaft(h, "caption", "wijk-hidden", T_FORECAST_DECIDES);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, T_FORECAST_ASSUMPTION, NULL);
    page_head_cell(h, T_FORECAST_CORRELATION, "wijk-table__number");
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    int rc = quick_rows(call, of, count);
    h_closes(h, 3);
    return rc;
}

/* Those that move more than chance does; of others a rank tells nothing. */
static int beyond_chance(const wijk_influence *of)
{
    int n = 0;
    while (n < DECIDING && of[n].beyond) {
        n++;
    }
    return n;
}

/* From the pairs of the forecast itself; folded once there is something better. */
static int quick(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    int folded = view->study[WIJK_STUDY_SCREENING].state == WIJK_FORECAST_DONE;
    wijk_influence *of = wijk_arena_alloc(call->arena, WIJK_PARAMETERS * sizeof *of);
    int rc = of ? wijk_ensemble_influences(of, view->answer->ensemble, view->asked->outcome)
                : WIJK_ENOMEM;
    if (rc == WIJK_ENOTFOUND) {
        h_leaft(h, "p", NULL, T_FORECAST_DECIDES_NONE);
        return WIJK_OK;
    }
    if (rc) {
        return rc;
    }
    if (folded) {
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_STUDY_QUICK);
    }
    int count = beyond_chance(of);
    foresee_filled(call, "p", count ? NULL : "wijk-note",
                   count ? T_FORECAST_DECIDES_ABOUT : T_FORECAST_DECIDES_NOTHING,
                   wijk_text(call->lang, view->asked->label), foresee_int(call, view->answer->done),
                   NULL);
    rc = count ? quick_table(call, of, count) : WIJK_OK;
    h_closes(h, folded);
    return rc;
}

int foresee_decides(web_call *call, const foresee_view *view)
{
    html *h = &call->h;
    page_section(call, "wijk-section", "beslist", T_FORECAST_DECIDES);
    h_open(h, "div", "wijk-study");
    h_attr(h, "data-part", "beslist");
    h_attr(h, "data-follows", "dichtbij");
    int rc = foresee_kept(
        call, view,
        view->study[WIJK_STUDY_SCREENING].state == WIJK_FORECAST_DONE ? "folded" : "quick", quick);
    h_close(h);
    rc = rc ? rc : foresee_study(call, view, WIJK_STUDY_SCREENING);
    rc = rc ? rc : foresee_study(call, view, WIJK_STUDY_GROUPING);
    h_open(h, "p", "wijk-more");
    page_link(call, NULL, page_url(call, "/aannames", NULL, NULL, NULL),
              wijk_text(call->lang, T_STUDY_ASSUMPTIONS));
    h_closes(h, 2);
    return rc;
}
