/* One line of an account as arithmetic, and what every line must satisfy. The idea: an amount is a
 * product of factors, each with its own range and its own reason. */
#include "account/internal.h"

#include "wijk/map.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int account_line_scales(const wijk_account_line *line)
{
    return line->kind != WIJK_COST && line->evidence >= 0;
}

int account_counts(const wijk_account_line *line, enum wijk_stage stage)
{
    return line->stage == stage && line->priced;
}

double account_multiplier(enum wijk_factor factor, double value)
{
    return factor == WIJK_DEADWEIGHT || factor == WIJK_DISPLACEMENT ? 1 - value : value;
}

double account_units(const wijk_account_line *line, int claimed)
{
    double units = 1;
    for (int f = 0; f < WIJK_DROPOFF; f++) {
        if (f != WIJK_OPTIMISM || !claimed) {
            units *= account_multiplier((enum wijk_factor)f, line->factor[f].central);
        }
    }
    return units;
}

double account_years(const wijk_account_line *line, double rate, double dropoff)
{
    double factor = 1 / (1 + rate), weight = 1, sum = 0;
    for (int k = 0; k < line->start; k++) {
        weight *= factor;
    }
    for (int k = 0; k < line->years; k++) {
        sum += weight * line->profile[k];
        weight *= factor * (1 - dropoff);
    }
    return sum;
}

int64_t wijk_account_nominal(const wijk_account *account, const wijk_account_line *line, int first,
                             int years)
{
    double annual = account_units(line, 0) * line->factor[WIJK_PRICE].central, left = 1;
    int64_t sum = 0;
    for (int year = line->start; year < line->start + line->years && year < account->years;
         year++) {
        int64_t cents = 0;
        if (year >= first && year < first + years) {
            wijk_cents_round(&cents, annual * left * line->profile[year - line->start]);
        }
        sum += cents;
        left *= 1 - line->factor[WIJK_DROPOFF].central;
    }
    return sum;
}

void account_factor_key(char *out, size_t room, const wijk_account_line *line,
                        enum wijk_factor factor)
{
    const char *group = line->group ? line->group : "";
    const char *side = line->kind == WIJK_COST ? "cost" : "benefit";
    if (factor == WIJK_PRICE && line->price) {
        /* One assumption about charges and overhead stands behind every wage, one conversion
         * behind every British value. */
        int wage = !strcmp(line->price->index, "wage"), uk = !strcmp(line->price->grade, "UK");
        snprintf(out, room, "price:%s", wage ? "wage" : uk ? "UK" : line->price->code);
    } else if (factor == WIJK_REACH) { /* the same people cost and yield */
        snprintf(out, room, "reach:%s", group);
    } else {
        snprintf(out, room, "%s:%s:%s", account_factor_names[factor], side, group);
    }
}

/* ---- what is refused
 * ----------------------------------------------------------------------------- */

void account_fault_note(account_fault *fault, const char *column)
{
    if (fault) {
        snprintf(fault->column, sizeof fault->column, "%s", column);
        for (int lang = WIJK_NL; lang <= WIJK_EN; lang++) {
            snprintf(fault->text[lang], sizeof fault->text[lang], "%s",
                     wijk_error((wijk_lang)lang));
        }
    }
}

static int at_line(const wijk_account_line *line, account_fault *fault, const char *column)
{
    char where[160];
    account_fault_note(fault, column);
    snprintf(where, sizeof where, "%.60s (%zu), %.40s", line->id, line->row, column);
    return wijk_fail_at(WIJK_EINVAL, where);
}

static int check_range(const wijk_account_line *line, account_fault *fault, enum wijk_factor factor,
                       double least, double most)
{
    const wijk_range *r = &line->factor[factor];
    int rises = r->low <= r->central && r->central <= r->high; /* false for NAN */
    if (!rises || !isfinite(r->low) || !isfinite(r->high)) {
        wijk_fail(WIJK_EINVAL, "laag, midden en hoog moeten oplopen.",
                  "low, central and high must rise.");
        return at_line(line, fault, account_factor_names[factor]);
    }
    if (r->low < 0 && (factor == WIJK_PRICE || factor == WIJK_QUANTITY)) {
        wijk_fail(WIJK_EINVAL,
                  "kan niet negatief zijn; wat oplevert is een baat, wat schaadt een baat met een "
                  "negatief effect.",
                  "cannot be negative; what yields is a benefit, what harms is a benefit with a "
                  "negative effect.");
        return at_line(line, fault, account_factor_names[factor]);
    }
    if (r->low < least || r->high > most) {
        wijk_fail(WIJK_EINVAL, "moet van %g tot en met %g zijn.", "must be from %g to %g.", least,
                  most);
        return at_line(line, fault, account_factor_names[factor]);
    }
    return WIJK_OK;
}

static int is_plain(const wijk_account_line *line, enum wijk_factor factor, double value)
{
    const wijk_range *r = &line->factor[factor];
    return r->low >= value && r->high <= value;
}

/* What is not caused by an effect can have no share of an effect taken off. */
static int check_no_effect(const wijk_account_line *line, account_fault *fault)
{
    static const struct {
        enum wijk_factor factor;
        double plain;
    } effects[] = {
        {WIJK_EFFECT, 1}, {WIJK_DEADWEIGHT, 0}, {WIJK_ATTRIBUTION, 1}, {WIJK_DISPLACEMENT, 0}};
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        if (!is_plain(line, effects[i].factor, effects[i].plain)) {
            wijk_fail(WIJK_EINVAL,
                      "een regel zonder effect (evidence) kent dit niet: kosten vallen er ook "
                      "als het toch wel was gebeurd.",
                      "a line without an effect (evidence) has none: costs are made also when it "
                      "would have happened anyway.");
            return at_line(line, fault, account_factor_names[effects[i].factor]);
        }
    }
    return WIJK_OK;
}

static int check_kind(const wijk_account_line *line, account_fault *fault)
{
    if (line->kind == WIJK_COST && line->evidence >= 0) {
        wijk_fail(
            WIJK_EINVAL,
            "kosten hebben geen bewijs; een nadelig gevolg is een baat met een negatief effect.",
            "costs have no evidence; a harm is a benefit with a negative effect.");
        return at_line(line, fault, "evidence");
    }
    if (line->kind == WIJK_BENEFIT && (line->evidence < 0 || line->evidence > 5)) {
        wijk_fail(WIJK_EINVAL,
                  "een baat noemt zijn bewijs, 0 (geen) tot 5 (overzicht van sterke studies).",
                  "a benefit names its evidence, 0 (none) to 5 (review of strong designs).");
        return at_line(line, fault, "evidence");
    }
    if (!account_line_scales(line)) {
        int rc = check_no_effect(line, fault);
        return rc ? rc : check_range(line, fault, WIJK_OPTIMISM, 1, 10);
    }
    int rc = check_range(line, fault, WIJK_OPTIMISM, -1, 1);
    return rc ? rc : check_range(line, fault, WIJK_EFFECT, -1e6, 1e6);
}

static int check_weights(const double *weights, size_t purses, double *sum)
{
    *sum = 0;
    for (size_t i = 0; i < WIJK_MAX_PURSES; i++) {
        if (!(weights[i] >= 0) || !isfinite(weights[i]) || (i >= purses && weights[i] > 0)) {
            return WIJK_EINVAL;
        }
        *sum += weights[i];
    }
    return WIJK_OK;
}

static int check_parties(const wijk_account_line *line, account_fault *fault, size_t purses)
{
    double to, from;
    if (check_weights(line->to, purses, &to) || (line->priced && !(to > 0))) {
        wijk_fail(WIJK_EINVAL, "noem de beurs die betaalt of ontvangt.",
                  "name the purse that pays or receives.");
        return at_line(line, fault, "purse");
    }
    int transfer = line->kind == WIJK_TRANSFER;
    if (check_weights(line->from, purses, &from) || (transfer && !(from > 0)) ||
        (!transfer && from > 0)) {
        wijk_fail(WIJK_EINVAL,
                  "een overdracht (en niets anders) noemt de beurs waar het vandaan komt.",
                  "a transfer (and nothing else) names the purse it comes from.");
        return at_line(line, fault, "from");
    }
    return WIJK_OK;
}

static int check_time(const wijk_account *account, const wijk_account_line *line,
                      account_fault *fault)
{
    if (line->start < 0 || line->years < 1 || line->start + line->years > account->years) {
        wijk_fail(WIJK_EINVAL, "valt buiten de looptijd van %d jaar.",
                  "falls outside the horizon of %d years.", account->years);
        return at_line(line, fault, "years");
    }
    for (int k = 0; k < line->years; k++) {
        if (!(line->profile[k] >= 0 && line->profile[k] <= 100)) {
            wijk_fail(WIJK_EINVAL, "een deel moet van 0 tot en met 100 zijn.",
                      "a share must be from 0 to 100.");
            return at_line(line, fault, "profile");
        }
    }
    return WIJK_OK;
}

static int check_size(const wijk_account_line *line, account_fault *fault)
{
    double most = line->priced ? line->factor[WIJK_PRICE].high : 1;
    for (int f = 0; f < WIJK_PRICE; f++) {
        const wijk_range *r = &line->factor[f];
        most *= fmax(1, fmax(fabs(r->low), fabs(r->high)));
    }
    if (!(most * 100 <= (double)WIJK_MAX_CENTS)) {
        wijk_fail(WIJK_EINVAL, "het bedrag is groter dan wat een land uitgeeft.",
                  "the amount is larger than what a country spends.");
        return at_line(line, fault, "quantity");
    }
    return WIJK_OK;
}

static int check_line(const wijk_account *account, const wijk_account_line *line,
                      account_fault *fault)
{
    if (!line->id || !*line->id || strlen(line->id) > 60) {
        return wijk_fail(WIJK_EINVAL, "regel %zu heeft geen id, of een te lange.",
                         "line %zu has no id, or one too long.", line->row);
    }
    int rc = check_kind(line, fault);
    rc = rc ? rc : check_range(line, fault, WIJK_QUANTITY, 0, 1e12);
    rc = rc ? rc : check_range(line, fault, WIJK_REACH, 0, 1);
    rc = rc ? rc : check_range(line, fault, WIJK_DEADWEIGHT, 0, 1);
    rc = rc ? rc : check_range(line, fault, WIJK_ATTRIBUTION, 0, 1);
    rc = rc ? rc : check_range(line, fault, WIJK_DISPLACEMENT, 0, 1);
    rc = rc ? rc : check_range(line, fault, WIJK_DROPOFF, 0, 1);
    rc = rc || !line->priced ? rc : check_range(line, fault, WIJK_PRICE, 0, (double)WIJK_MAX_CENTS);
    if (!rc && line->priced && line->cash == WIJK_CASH_MIXED) {
        wijk_fail(WIJK_EINVAL, "zeg of dit geld (yes), ruimte (capacity) of welzijn (welfare) is.",
                  "say whether this is money (yes), capacity or well-being (welfare).");
        rc = at_line(line, fault, "cash");
    }
    rc = rc ? rc : check_parties(line, fault, wijk_purse_count(account->prices));
    rc = rc ? rc : check_time(account, line, fault);
    return rc ? rc : check_size(line, fault);
}

static int check_ids(const wijk_account *account, account_fault *fault)
{
    wijk_map *seen;
    int rc = wijk_map_new(&seen);
    for (size_t i = 0; !rc && i < account->count; i++) {
        const wijk_account_line *line = &account->lines[i];
        char key[256];
        int64_t before;
        int size = snprintf(key, sizeof key, "%d%.200s", (int)line->stage, line->id);
        if (wijk_map_get(seen, key, (size_t)size, &before)) {
            wijk_fail(WIJK_EINVAL, "deze id staat er tweemaal.", "this id is there twice.");
            rc = at_line(line, fault, "id");
        }
        rc = rc ? rc : wijk_map_set(seen, key, (size_t)size, (int64_t)i);
    }
    wijk_map_free(seen);
    return rc;
}

int account_check(const wijk_account *account, account_fault *fault)
{
    if (account->years < 1 || account->years > WIJK_MAX_YEARS ||
        !(account->discount > -0.5 && account->discount < 0.5)) {
        return wijk_fail(WIJK_EINVAL, "Een rekening loopt 1 tot %d jaar en heeft een discontovoet.",
                         "An account runs 1 to %d years and has a discount rate.", WIJK_MAX_YEARS);
    }
    if (account->count == 0 || account->count > WIJK_MAX_LINES) {
        return wijk_fail(WIJK_EINVAL, "Een rekening heeft 1 tot %d regels, niet %zu.",
                         "An account has 1 to %d lines, not %zu.", WIJK_MAX_LINES, account->count);
    }
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < account->count; i++) {
        rc = check_line(account, &account->lines[i], fault);
    }
    return rc ? rc : check_ids(account, fault);
}

int wijk_account_check(const wijk_account *account)
{
    return account_check(account, NULL);
}
