/* For whom a forecast works out well or badly: what is sure in sentences, then group by group and
 * area by area. Who was passed over stands beside who gains. */
#include "figure/words.h"
#include "web/foresee_page.h"

#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AREAS_MOST = 60, AREA_COLUMNS = 7 };

/* "reckoned" or "assumed effect", as a mark. */
void foresee_kind(web_call *call, int effect)
{
    h_leaft(&call->h, "span", effect ? "wijk-kind wijk-kind--assumed" : "wijk-kind",
            effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
}

void foresee_kinds(web_call *call, const char *const about[2])
{
    html *h = &call->h;
    h_open(h, "dl", "wijk-kinds");
    for (int effect = 0; effect < 2; effect++) {
        h_open(h, "div", NULL);
        h_open(h, "dt", NULL);
        foresee_kind(call, effect);
        h_close(h);
        h_leaf(h, "dd", NULL, about[effect]);
        h_close(h);
    }
    h_close(h);
}

static void told(web_call *call, const wijk_equity *e)
{
    html *h = &call->h;
    wijk_equity_say says[WIJK_EQUITY_SAYS];
    size_t n = wijk_equity_told(says, call->arena, call->lang, e);
    int groups = n && says[0].kind >= 0; /* what is about no group has no kind */
    h_open(h, "ul", "wijk-list");
    for (size_t i = 0; i < n; i++) {
        h_open(h, "li", NULL);
        h_text(h, says[i].text);
        if (says[i].kind >= 0) {
            h_text(h, " ");
            foresee_kind(call, says[i].kind);
        }
        h_close(h);
    }
    h_close(h);
    if (groups) {
        h_leaft(h, "p", "wijk-from", T_FORECAST_WHO_OVERLAP);
    }
}

/* Leaves the table open within its head row. */
static void table_head(web_call *call, enum wijk_text_key what, enum wijk_text_key rows)
{
    html *h = &call->h;
    h_leaft(h, "p", "wijk-slide", T_FORECAST_SLIDE);
    h_open(h, "div", "wijk-scroll wijk-scroll--signed");
    h_attr(h, "tabindex", "0");
    h_attr(h, "role", "group");
    h_attr(h, "aria-label", wijk_text(call->lang, what));
    h_open(h, "table", "wijk-table wijk-table--equity wijk-table--pinned");
    h_leaft(h, "caption", "wijk-hidden", what);
    h_open(h, "thead", NULL);
    h_open(h, "tr", NULL);
    page_head_cell(h, rows, NULL);
    page_head_cell(h, T_FORECAST_G_WITHOUT, "wijk-table__number");
}

static void column_head(web_call *call, enum wijk_text_key key, int effect)
{
    html *h = &call->h;
    h_open(h, "th", "wijk-table__number");
    h_attr(h, "scope", "col");
    h_t(h, key);
    h_text(h, " ");
    foresee_kind(call, effect);
    h_close(h);
}

static void row_head(web_call *call, const char *name, double without)
{
    html *h = &call->h;
    h_open(h, "tr", NULL);
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_text(h, name);
    h_close(h);
    if (isfinite(without)) {
        page_number_cell(h, without, 0);
    } else {
        h_leaf(h, "td", "wijk-table__number", "–");
    }
}

/* *small: a change below ten was told as such, which wants an explanation. */
static void change_cell(web_call *call, const wijk_ensemble *ensemble, const wijk_bands *b,
                        int *small)
{
    html *h = &call->h;
    *small |= wijk_change_small(&b->difference) || (b->few && !isfinite(b->difference.median));
    const char *said = wijk_change_say(call->arena, call->lang, ensemble, b);
    size_t middle = strcspn(said, "("); /* what is in brackets stands below it */
    const char *first = wijk_arena_strndup(call->arena, said, middle);
    h_open(h, "td", "wijk-table__number");
    html_leaf(h, wijk_ensemble_sure(ensemble, &b->difference) ? "strong" : "span", NULL,
              first ? first : "");
    if (said[middle]) {
        h_leaf(h, "span", "wijk-from", said + middle);
    }
    h_close(h);
}

/* Every change in a row is nothing or below ten, either way: the row tells nobody anything. */
static int says_little(const wijk_bands *of, const int *moves, int n)
{
    int little = 1;
    for (int c = 0; c < n; c++) {
        const wijk_band *d = &of[c].difference;
        int none = isfinite(d->median) && d->low90 >= 0 && d->high90 <= 0;
        little &= !moves[c] || none || !isfinite(d->median) || wijk_change_small(d);
    }
    return little;
}

/* A group that is not told is no reason for a column; a change below ten is. */
static int touched(const wijk_bands *b)
{
    const wijk_band *d = &b->difference;
    return isfinite(d->median) ? d->low90 < 0 || d->high90 > 0 : b->few;
}

static int group_column_moves(const wijk_equity *e, int c)
{
    int moves = 0;
    for (int g = 0; g < WIJK_GROUPS; g++) {
        moves |= touched(&e->of[g][c]);
    }
    return moves;
}

/* The columns that are not in a table, by name. */
static void name_left_out(web_call *call, const wijk_str *left_out)
{
    if (left_out->size) {
        h_leaf(&call->h, "p", "wijk-from",
               WIJK_FILL(call->arena, call->lang, T_FORECAST_UNTOUCHED,
                         {"list", wijk_str_text(left_out)}));
    }
}

/* The rows that are not in a table, by name. */
static void name_little(web_call *call, const wijk_str *little)
{
    if (little->size) {
        foresee_filled(call, "p", "wijk-from", T_RESULT_LITTLE, wijk_str_text(little), NULL, NULL);
    }
}

static void add_name(wijk_str *list, const char *name)
{
    wijk_str_add(list, list->size ? ", " : "");
    wijk_str_add(list, name);
}

static void leave_out(web_call *call, wijk_str *left_out, enum wijk_text_key label)
{
    add_name(left_out, wijk_text(call->lang, label));
}

static void groups(web_call *call, const wijk_equity *e, int *small)
{
    html *h = &call->h;
    wijk_str left_out = WIJK_STR_INIT, little = WIJK_STR_INIT;
    int moves[WIJK_EQUITY_COLUMNS];
    table_head(call, T_FORECAST_WHO, T_FORECAST_GROUP);
    for (int c = 0; c < WIJK_EQUITY_COLUMNS; c++) {
        const wijk_equity_column *column = wijk_equity_column_at((size_t)c);
        moves[c] = group_column_moves(e, c);
        if (moves[c]) {
            column_head(call, column->label, column->effect);
        } else {
            leave_out(call, &left_out, column->label);
        }
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (int g = 0; g < WIJK_GROUPS; g++) {
        const char *name = wijk_group_say(call->lang, (wijk_group)g);
        if (says_little(e->of[g], moves, WIJK_EQUITY_COLUMNS)) {
            add_name(&little, name);
            continue;
        }
        row_head(call, name, e->of[g][0].nothing.median);
        for (int c = 0; c < WIJK_EQUITY_COLUMNS; c++) {
            if (moves[c]) {
                change_cell(call, e->ensemble, &e->of[g][c], small);
            }
        }
        h_close(h);
    }
    h_closes(h, 3);
    name_little(call, &little);
    name_left_out(call, &left_out);
    wijk_str_free(&little);
    wijk_str_free(&left_out);
}

/* ---- area by area ---------------------------------------------------------------------------- */

static const struct {
    wijk_outcome outcome;
    enum wijk_text_key label;
    int effect;
} area_columns[AREA_COLUMNS] = {{WIJK_OUT_HOUSEHOLDS, T_FORECAST_G_HOUSEHOLDS, 0},
                                {WIJK_OUT_INCOME_LOW, T_ENSEMBLE_O_INCOME_LOW, 0},
                                {WIJK_OUT_MOVED_IN, T_FORECAST_A_MOVED_IN, 0},
                                {WIJK_OUT_MOVED_OUT, T_FORECAST_A_MOVED_OUT, 0},
                                {WIJK_OUT_DISPLACED, T_FORECAST_G_DISPLACED, 0},
                                {WIJK_OUT_PASSED_OVER, T_FORECAST_G_PASSED_OVER, 0},
                                {WIJK_OUT_STRAINED, T_FORECAST_G_STRAINED, 1}};

typedef struct {
    size_t place;
    wijk_bands of[AREA_COLUMNS];
    int sure;
} area_row;

static int read_area(area_row *out, const wijk_ensemble *e, size_t place)
{
    int rc = WIJK_OK;
    *out = (area_row){.place = place};
    for (int c = 0; !rc && c < AREA_COLUMNS; c++) {
        rc = wijk_ensemble_outcome_ever(&out->of[c], e, place, area_columns[c].outcome);
        out->sure |= !rc && wijk_ensemble_sure(e, &out->of[c].difference) != 0;
    }
    return rc;
}

static int by_change(const void *a, const void *b)
{
    const area_row *x = a, *y = b;
    double p = fabs(x->of[0].difference.median), q = fabs(y->of[0].difference.median);
    return x->sure != y->sure ? y->sure - x->sure
           : p != q           ? (p < q) - (p > q)
                              : (x->place > y->place) - (x->place < y->place);
}

static int by_place(const void *a, const void *b)
{
    const area_row *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

static void area_table(web_call *call, const wijk_ensemble *e, const area_row *rows, size_t n,
                       int *small)
{
    html *h = &call->h;
    wijk_str left_out = WIJK_STR_INIT, little = WIJK_STR_INIT;
    int moves[AREA_COLUMNS] = {0};
    table_head(call, T_FORECAST_WHO_AREAS, T_FORECAST_AREA);
    for (int c = 0; c < AREA_COLUMNS; c++) {
        for (size_t i = 0; i < n; i++) {
            moves[c] |= touched(&rows[i].of[c]);
        }
        if (moves[c]) {
            column_head(call, area_columns[c].label, area_columns[c].effect);
        } else {
            leave_out(call, &left_out, area_columns[c].label);
        }
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    for (size_t i = 0; i < n; i++) {
        const char *name = wijk_ensemble_name(e, rows[i].place);
        if (says_little(rows[i].of, moves, AREA_COLUMNS)) {
            add_name(&little, name);
            continue;
        }
        row_head(call, name, rows[i].of[0].nothing.median);
        for (int c = 0; c < AREA_COLUMNS; c++) {
            if (moves[c]) {
                change_cell(call, e, &rows[i].of[c], small);
            }
        }
        h_close(h);
    }
    h_closes(h, 3);
    name_little(call, &little);
    name_left_out(call, &left_out);
    wijk_str_free(&little);
    wijk_str_free(&left_out);
}

/* All areas where they are few; else those where something is sure, as far as a page goes. */
static int areas(web_call *call, const wijk_ensemble *e, int *small)
{
    html *h = &call->h;
    size_t all = wijk_ensemble_places(e) - WIJK_ENSEMBLE_AREAS, n = all;
    if (all < 2) {
        return WIJK_OK;
    }
    area_row *rows = wijk_arena_alloc(call->arena, all * sizeof *rows);
    int rc = rows ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < all; i++) {
        rc = read_area(&rows[i], e, WIJK_ENSEMBLE_AREAS + i);
    }
    if (rc) {
        return rc;
    }
    if (all > AREAS_MOST) {
        qsort(rows, all, sizeof *rows, by_change);
        for (n = 0; n < AREAS_MOST && rows[n].sure; n++) {
        }
        qsort(rows, n, sizeof *rows, by_place);
    }
    const char *count = foresee_int(call, (long long)all);
    h_open(h, "details", "wijk-details");
    h_leaft(h, "summary", NULL, T_FORECAST_WHO_AREAS);
    foresee_filled(call, "p", NULL,
                   n == all ? T_FORECAST_WHO_AREAS_ABOUT
                   : n      ? T_FORECAST_WHO_AREAS_SOME
                            : T_FORECAST_WHO_AREAS_NONE,
                   n && n < all ? foresee_int(call, (long long)n) : count, count, NULL);
    if (n) {
        area_table(call, e, rows, n, small);
    }
    h_close(h);
    return WIJK_OK;
}

int foresee_who(web_call *call, const foresee_view *view)
{
    wijk_equity *e = wijk_arena_alloc(call->arena, sizeof *e);
    int rc = e ? wijk_equity_read(e, view->answer->ensemble) : WIJK_ENOMEM;
    if (rc) {
        return rc;
    }
    page_section(call, "wijk-section", "wie", T_FORECAST_WHO);
    foresee_filled(call, "p", NULL, T_FORECAST_WHO_ABOUT, foresee_int(call, view->forecast.years),
                   NULL, NULL);
    told(call, e);
    int small = 0;
    groups(call, e, &small);
    rc = areas(call, e->ensemble, &small);
    if (!rc && small) {
        h_leaft(&call->h, "p", "wijk-from", T_FEW_NOTE);
    }
    h_close(&call->h);
    return rc;
}
