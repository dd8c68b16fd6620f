/* From lines to purses. The idea: an amount of a line in a year becomes whole cents once, is
 * divided over its purses by the largest remainder, and everything else is adding whole numbers up;
 * society is added up from the undivided amounts, so that the two can be compared. */
#include "account/internal.h"

#include <math.h>
#include <string.h>

typedef struct {
    const wijk_account *account;
    wijk_account_result *result;
    double money;                       /* to the year the result is shown in */
    int64_t (*present)[WIJK_MAX_YEARS]; /* [party][year], discounted net: for the pay-back */
    double *fixed, *slope; /* [party]: net without effect, and per whole claimed effect */
    double *share;         /* [line][party]: part of the line's amount that the party gains */
    int party_of[WIJK_MAX_PURSES], group_of[WIJK_MAX_PURSES], is_public[WIJK_MAX_PURSES];
    int public_party;
} work;

/* ---- who takes part
 * ------------------------------------------------------------------------------ */

static int takes_part(const work *w, size_t purse)
{
    for (size_t i = 0; i < w->account->count; i++) {
        const wijk_account_line *line = &w->account->lines[i];
        if (account_counts(line, w->result->stage) &&
            (line->to[purse] > 0 || line->from[purse] > 0)) {
            return 1;
        }
    }
    return 0;
}

static int same_group(const work *w, size_t a, size_t b)
{
    return !strcmp(wijk_purse_at(w->account->prices, a)->group,
                   wijk_purse_at(w->account->prices, b)->group);
}

static int add_party(work *w, enum wijk_party_kind kind, int purse)
{
    w->result->parties[w->result->party_count] = (wijk_party){
        .kind = kind,
        .purse = purse,
        .low = NAN,
        .median = NAN,
        .high = NAN,
        .mean = NAN,
        .mean_error = NAN,
        .chance = NAN,
        .share = NAN,
    };
    return (int)w->result->party_count++;
}

/* Society, public money when it is several purses, organisations with several, then each purse. */
static void list_parties(work *w)
{
    size_t purses = w->result->purses, publics = 0;
    int used[WIJK_MAX_PURSES];
    add_party(w, WIJK_SOCIETY, -1);
    for (size_t i = 0; i < purses; i++) {
        used[i] = takes_part(w, i);
        w->is_public[i] = wijk_purse_at(w->account->prices, i)->is_public;
        publics += (size_t)(used[i] && w->is_public[i]);
        w->party_of[i] = w->group_of[i] = -1;
    }
    w->public_party = publics > 1 ? add_party(w, WIJK_PUBLIC, -1) : -1;
    for (size_t i = 0; i < purses; i++) {
        for (size_t j = i + 1; used[i] && j < purses; j++) {
            if (used[j] && w->group_of[j] < 0 && same_group(w, i, j)) {
                if (w->group_of[i] < 0) {
                    w->group_of[i] = add_party(w, WIJK_GROUP, (int)i);
                }
                w->group_of[j] = w->group_of[i];
            }
        }
    }
    for (size_t i = 0; i < purses; i++) {
        w->party_of[i] = used[i] ? add_party(w, WIJK_PURSE, (int)i) : -1;
    }
}

/* The parties that a purse belongs to, itself included, society not. */
static size_t parties_of(int out[3], const work *w, size_t purse)
{
    size_t n = 0;
    out[n++] = w->party_of[purse];
    if (w->group_of[purse] >= 0) {
        out[n++] = w->group_of[purse];
    }
    if (w->public_party >= 0 && w->is_public[purse]) {
        out[n++] = w->public_party;
    }
    return n;
}

/* ---- amounts
 * ----------------------------------------------------------------------------------------- */

enum side { SIDE_PAYS, SIDE_GAINS, SIDE_GIVES, SIDE_RECEIVES };

static void book(work *w, int party, const wijk_account_line *line, enum side side, int year,
                 int64_t nominal, int64_t present)
{
    wijk_party *p = &w->result->parties[party];
    int sign = side == SIDE_PAYS || side == SIDE_GIVES ? -1 : 1;
    p->cost += side == SIDE_PAYS ? present : 0;
    p->benefit += side == SIDE_GAINS ? present : 0;
    p->given += side == SIDE_GIVES ? present : 0;
    p->received += side == SIDE_RECEIVES ? present : 0;
    p->net += sign * present;
    p->by_cash[line->cash] += sign * present;
    p->yearly[year] += sign * nominal;
    w->present[party][year] += sign * present;
}

static int book_side(work *w, size_t at, enum side side, int year, int64_t nominal, int64_t present)
{
    const wijk_account_line *line = &w->account->lines[at];
    const double *weights = side == SIDE_GIVES ? line->from : line->to;
    int64_t nominals[WIJK_MAX_PURSES], presents[WIJK_MAX_PURSES];
    size_t purses = w->result->purses;
    int rc = wijk_cents_split(nominals, nominal, weights, purses);
    rc = rc ? rc : wijk_cents_split(presents, present, weights, purses);
    int sign = side == SIDE_PAYS || side == SIDE_GIVES ? -1 : 1;
    for (size_t i = 0; !rc && i < purses; i++) {
        int parties[3];
        size_t n = weights[i] > 0 ? parties_of(parties, w, i) : 0;
        for (size_t j = 0; j < n; j++) {
            book(w, parties[j], line, side, year, nominals[i], presents[i]);
        }
        w->result->part[at * purses + i] += sign * presents[i];
    }
    return rc;
}

static int book_year(work *w, size_t at, int year, double amount, double discount)
{
    const wijk_account_line *line = &w->account->lines[at];
    int64_t nominal = 0, present = 0;
    int rc = wijk_cents_round(&nominal, amount);
    rc = rc ? rc : wijk_cents_round(&present, amount * discount);
    w->result->line_gross[at] += present;
    if (line->kind == WIJK_TRANSFER) {
        rc = rc ? rc : book_side(w, at, SIDE_GIVES, year, nominal, present);
        return rc ? rc : book_side(w, at, SIDE_RECEIVES, year, nominal, present);
    }
    enum side side = line->kind == WIJK_COST ? SIDE_PAYS : SIDE_GAINS;
    if (!rc) {
        book(w, 0, line, side, year, nominal, present);
        w->result->line_net[at] += side == SIDE_PAYS ? -present : present;
        rc = book_side(w, at, side, year, nominal, present);
    }
    return rc;
}

static int book_line(work *w, size_t at)
{
    const wijk_account_line *line = &w->account->lines[at];
    double annual = account_units(line, 0) * line->factor[WIJK_PRICE].central * w->money;
    double left = 1, discount = 1;
    int rc = WIJK_OK;
    for (int year = 0; !rc && year < line->start + line->years; year++) {
        if (year >= line->start) {
            rc =
                book_year(w, at, year, annual * left * line->profile[year - line->start], discount);
            left *= 1 - line->factor[WIJK_DROPOFF].central;
        }
        discount /= 1 + w->account->discount;
    }
    return rc;
}

static int is_hourly(const wijk_account_line *line)
{
    const char *unit = line->price ? line->price->unit[1] : line->unit;
    return !strcmp(unit, "hour") || !strcmp(unit, "uur");
}

static void add_hours(work *w, const wijk_account_line *line, const double *share)
{
    if (line->kind != WIJK_COST || !is_hourly(line)) {
        return;
    }
    double hours =
        account_units(line, 0) * account_years(line, 0, line->factor[WIJK_DROPOFF].central);
    hours /= line->factor[WIJK_OPTIMISM].central; /* an overrun is money, not planned time */
    for (size_t p = 0; p < w->result->party_count; p++) {
        w->result->parties[p].hours -= hours * share[p];
    }
}

/* ---- what follows from the amounts
 * ------------------------------------------------------------------ */

/* Which part of a line's amount each party gains; what it pays or gives is negative. */
static void find_share(double *share, const work *w, const wijk_account_line *line)
{
    double to = 0, from = 0, sign = line->kind == WIJK_COST ? -1 : 1;
    for (size_t i = 0; i < w->result->purses; i++) {
        to += line->to[i];
        from += line->from[i];
    }
    share[0] = line->kind == WIJK_TRANSFER ? 0 : sign;
    for (size_t i = 0; i < w->result->purses; i++) {
        int parties[3];
        size_t n = line->to[i] > 0 || line->from[i] > 0 ? parties_of(parties, w, i) : 0;
        double part = sign * line->to[i] / to - (from > 0 ? line->from[i] / from : 0);
        for (size_t j = 0; j < n; j++) {
            share[parties[j]] += part;
        }
    }
}

/* Net per party as a straight line in the share of the claimed effect that comes true. */
static void add_slope(work *w, const wijk_account_line *line, const double *share)
{
    double years = account_years(line, w->account->discount, line->factor[WIJK_DROPOFF].central);
    double amount = account_units(line, account_line_scales(line)) *
                    line->factor[WIJK_PRICE].central * w->money * years;
    double *into = account_line_scales(line) ? w->slope : w->fixed;
    for (size_t p = 0; p < w->result->party_count; p++) {
        into[p] += amount * share[p];
    }
}

static void break_even(wijk_party *party, double fixed, double slope)
{
    const double cent = 0.5; /* less is rounding */
    if (fabs(slope) < cent) {
        party->break_even = fixed > -cent ? WIJK_BREAK_ALWAYS : WIJK_BREAK_NEVER;
    } else if (slope > 0) {
        party->break_even = fixed > -cent ? WIJK_BREAK_ALWAYS : WIJK_BREAK_AT;
    } else {
        party->break_even = fixed > -cent ? WIJK_BREAK_UP_TO : WIJK_BREAK_NEVER;
    }
    int at = party->break_even == WIJK_BREAK_AT || party->break_even == WIJK_BREAK_UP_TO;
    party->share = at ? fmax(0, -fixed / slope) : NAN;
}

int wijk_account_payback(const int64_t *present, int years)
{
    int64_t sum = 0;
    int last = -1; /* the last year that ends below zero */
    for (int y = 0; y < years; y++) {
        sum += present[y];
        last = sum < 0 ? y : last;
    }
    return last < 0 ? 0 : last == years - 1 ? -1 : last + 2;
}

/* What each purse gains, divided over those who pay as they pay. */
static int find_flows(work *w)
{
    wijk_account_result *r = w->result;
    double weights[WIJK_MAX_PURSES] = {0}, sum = 0;
    for (size_t i = 0; i < r->purses; i++) {
        const wijk_party *p = w->party_of[i] < 0 ? NULL : &r->parties[w->party_of[i]];
        weights[i] = p ? (double)p->cost : 0;
        sum += weights[i];
    }
    int rc = WIJK_OK;
    for (size_t j = 0; !rc && sum > 0 && j < r->purses; j++) {
        int64_t parts[WIJK_MAX_PURSES];
        int64_t gain = w->party_of[j] < 0 ? 0 : r->parties[w->party_of[j]].benefit;
        rc = wijk_cents_split(parts, gain, weights, r->purses);
        for (size_t i = 0; !rc && i < r->purses; i++) {
            r->flow[i][j] = parts[i];
        }
    }
    return rc;
}

static void add_unpriced(work *w, size_t at)
{
    const wijk_account_line *line = &w->account->lines[at];
    double units = account_units(line, 0), dropoff = line->factor[WIJK_DROPOFF].central;
    wijk_unpriced *it = &w->result->unpriced[w->result->unpriced_count++];
    double net = (double)w->result->parties[0].net;
    *it =
        (wijk_unpriced){.line = at,
                        .units = units * account_years(line, 0, dropoff),
                        .present_units = units * account_years(line, w->account->discount, dropoff),
                        .price = NAN};
    double sign = line->kind == WIJK_BENEFIT ? -1 : 1;
    double price = it->present_units != 0 ? sign * net / it->present_units : NAN;
    if (line->kind != WIJK_TRANSFER && price >= 0) {
        it->price = price;
    }
}

/* ---- the whole
 * ----------------------------------------------------------------------------------------- */

static int make_room(work *w)
{
    wijk_account_result *r = w->result;
    size_t lines = w->account->count, parties = r->purses * 2 + 2;
    r->parties = wijk_alloc(parties * sizeof *r->parties);
    r->unpriced = wijk_alloc(lines * sizeof *r->unpriced);
    r->part = wijk_alloc(lines * r->purses * sizeof *r->part);
    r->line_net = wijk_alloc(lines * sizeof *r->line_net);
    r->line_gross = wijk_alloc(lines * sizeof *r->line_gross);
    w->present = wijk_alloc(parties * sizeof *w->present);
    w->fixed = wijk_alloc(parties * sizeof *w->fixed);
    w->slope = wijk_alloc(parties * sizeof *w->slope);
    w->share = wijk_alloc(lines * parties * sizeof *w->share);
    return r->parties && r->unpriced && r->part && r->line_net && r->line_gross && w->present &&
                   w->fixed && w->slope && w->share
               ? WIJK_OK
               : WIJK_ENOMEM;
}

static int reckon_centre(work *w)
{
    wijk_account_result *r = w->result;
    int rc = WIJK_OK;
    list_parties(w);
    for (size_t i = 0; !rc && i < w->account->count; i++) {
        const wijk_account_line *line = &w->account->lines[i];
        if (!account_counts(line, r->stage)) {
            continue;
        }
        double *share = w->share + i * r->party_count;
        find_share(share, w, line);
        rc = book_line(w, i);
        add_hours(w, line, share);
        add_slope(w, line, share);
        r->points += line->price && !line->price->ranged;
    }
    for (size_t p = 0; !rc && p < r->party_count; p++) {
        break_even(&r->parties[p], w->fixed[p], w->slope[p]);
        r->parties[p].payback = wijk_account_payback(w->present[p], w->account->years);
    }
    for (size_t i = 0; !rc && i < w->account->count; i++) {
        const wijk_account_line *line = &w->account->lines[i];
        if (line->stage == r->stage && !line->priced) {
            add_unpriced(w, i);
        }
    }
    return rc ? rc : find_flows(w);
}

static int check_options(double *money, const wijk_account *account,
                         const wijk_account_options *options)
{
    *money = 1;
    if (options->draws > WIJK_MAX_DRAWS) {
        return wijk_fail(WIJK_EINVAL, "Hoogstens %d trekkingen.", "At most %d draws.",
                         WIJK_MAX_DRAWS);
    }
    int rc = wijk_account_check(account);
    return rc || !options->money_year ? rc
                                      : wijk_index_factor(money, NULL, account->prices, "cpi",
                                                          account->price_year, options->money_year);
}

int wijk_account_reckon(wijk_account_result **out, const wijk_account *account,
                        const wijk_account_options *options, wijk_ctx *ctx)
{
    work w = {.account = account};
    *out = NULL;
    int rc = check_options(&w.money, account, options);
    if (rc) {
        return rc;
    }
    w.result = wijk_alloc(sizeof *w.result);
    if (!w.result) {
        return WIJK_ENOMEM;
    }
    w.result->stage = options->stage;
    w.result->price_year = options->money_year ? options->money_year : account->price_year;
    w.result->purses = wijk_purse_count(account->prices);
    w.result->line_count = account->count;
    rc = make_room(&w);
    rc = rc ? rc : reckon_centre(&w);
    rc = rc || !options->draws ? rc
                               : account_draw(w.result, account, w.share, options, w.money, ctx);
    wijk_free(w.present);
    wijk_free(w.fixed);
    wijk_free(w.slope);
    wijk_free(w.share);
    if (rc) {
        wijk_account_result_free(w.result);
        return rc;
    }
    *out = w.result;
    return WIJK_OK;
}

void wijk_account_result_free(wijk_account_result *result)
{
    if (result) {
        wijk_free(result->parties);
        wijk_free(result->unpriced);
        wijk_free(result->part);
        wijk_free(result->line_net);
        wijk_free(result->line_gross);
        wijk_free(result);
    }
}

const wijk_party *wijk_account_society(const wijk_account_result *result)
{
    return &result->parties[0];
}

const wijk_party *wijk_account_party(const wijk_account_result *result, int purse)
{
    for (size_t i = 0; i < result->party_count; i++) {
        if (result->parties[i].kind == WIJK_PURSE && result->parties[i].purse == purse) {
            return &result->parties[i];
        }
    }
    return NULL;
}
