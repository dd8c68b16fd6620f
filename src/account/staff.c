/* One post and its payers. The idea: the cost is divided once by the largest remainder, what is
 * charged on follows from the shares, and what each form of sharing asks for is looked up in the
 * figures themselves and said, not judged. */
#include "wijk/staff.h"

#include "wijk/text.h"

#include <math.h>
#include <string.h>

static const char *const route_words[WIJK_ROUTES] = {"lending", "exempt", "care", "pooling", "own"};

const char *wijk_route_word(enum wijk_route route)
{
    return route_words[route];
}

const char *wijk_route_text(wijk_lang lang, enum wijk_route route)
{
    return wijk_text(lang, (enum wijk_text_key)(T_ACCOUNT_ROUTE_1 + route));
}

const char *wijk_staff_flag_text(wijk_lang lang, enum wijk_staff_flag flag)
{
    int at = 0;
    while ((1u << at) < (unsigned)flag) {
        at++;
    }
    return wijk_text(lang, (enum wijk_text_key)(T_ACCOUNT_FLAG_1 + at));
}

static int check(const wijk_staff *staff, size_t purses)
{
    if (staff->count == 0 || staff->count > WIJK_MAX_PAYERS || staff->employer >= staff->count) {
        return wijk_fail(WIJK_EINVAL,
                         "Een functie heeft 1 tot %d betalers, onder wie de werkgever.",
                         "A post has 1 to %d payers, the employer among them.", WIJK_MAX_PAYERS);
    }
    if (staff->gross < 0 || staff->charges < 0 || staff->overhead < 0 || staff->other < 0) {
        return wijk_fail(WIJK_EINVAL, "Kosten kunnen niet negatief zijn.",
                         "Costs cannot be negative.");
    }
    int good = staff->common_hours >= 0 && isfinite(staff->common_hours);
    for (size_t i = 0; i < staff->count; i++) {
        const wijk_payer *p = &staff->payers[i];
        good = good && p->purse >= 0 && (size_t)p->purse < purses && p->hours >= 0 &&
               isfinite(p->hours) && p->advance >= 0;
        if (i == staff->employer && p->advance && staff->route != WIJK_ROUTE_OWN) {
            return wijk_fail(WIJK_EINVAL,
                             "De werkgever betaalt alles vooruit: een voorschot heeft hij niet.",
                             "The employer pays everything first: it has no advance.");
        }
    }
    return good ? WIJK_OK
                : wijk_fail(WIJK_EINVAL,
                            "Uren en voorschotten zijn 0 of meer, en elke betaler is een beurs.",
                            "Hours and advances are 0 or more, and every payer is a purse.");
}

/* 21% of what each other payer is charged. */
static int vat_on(int64_t *out, int64_t *each, const wijk_staff *staff,
                  const wijk_statement *statement, double rate)
{
    int rc = WIJK_OK;
    *out = 0;
    for (size_t i = 0; !rc && i < staff->count; i++) {
        int64_t vat = 0;
        if (i != staff->employer) {
            rc = wijk_cents_round(&vat, (double)statement->parts[i].share * rate);
        }
        *out += vat;
        if (each) {
            each[i] = vat;
        }
    }
    return rc;
}

static int is_group(const wijk_prices *prices, const wijk_payer *payer, const char *group)
{
    return !strcmp(wijk_purse_at(prices, (size_t)payer->purse)->group, group);
}

static int outside_care(const wijk_prices *prices, const wijk_payer *payer)
{
    const char *code = wijk_purse_at(prices, (size_t)payer->purse)->code;
    return strcmp(code, "gem_wmo") != 0 && strcmp(code, "gem_youth") != 0;
}

static unsigned find_flags(const wijk_staff *staff, const wijk_statement *s,
                           const wijk_prices *prices)
{
    const wijk_payer *employer = &staff->payers[staff->employer];
    enum wijk_route route = staff->route;
    int corporation = is_group(prices, employer, "corp"), pooling = route == WIJK_ROUTE_POOLING;
    int too_high = route == WIJK_ROUTE_EXEMPT && s->charged > s->fee_limit;
    unsigned flags = 0;
    flags |= s->vat > 0 ? WIJK_FLAG_VAT_DUE : 0;
    flags |= s->at_stake > 0 ? WIJK_FLAG_AT_STAKE : 0;
    flags |= too_high ? WIJK_FLAG_FEE_TOO_HIGH : 0;
    flags |= route == WIJK_ROUTE_EXEMPT && corporation ? WIJK_FLAG_CORPORATION_LENDS : 0;
    flags |= pooling && !staff->agreed ? WIJK_FLAG_NOT_AGREED : 0;
    flags |= pooling && staff->by_hours ? WIJK_FLAG_BY_HOURS : 0;
    for (size_t i = 0; i < staff->count; i++) {
        int pays_vat = s->parts[i].vat > 0 && staff->payers[i].recovers != 1;
        int moved = route == WIJK_ROUTE_OWN && s->parts[i].settle != 0;
        int no_care = route == WIJK_ROUTE_CARE && outside_care(prices, &staff->payers[i]);
        flags |= pays_vat ? WIJK_FLAG_NOT_RECOVERED : 0;
        flags |= no_care ? WIJK_FLAG_NOT_CARE : 0;
        flags |= moved ? WIJK_FLAG_CHARGED : 0;
    }
    return flags;
}

static int settle_vat(wijk_statement *s, const wijk_staff *staff, const wijk_prices *prices)
{
    const wijk_rate *vat = wijk_rate_find(prices, "vat"), *fee = wijk_rate_find(prices, "vat.fee");
    int64_t each[WIJK_MAX_PAYERS] = {0};
    int rc = WIJK_OK;
    if (staff->route == WIJK_ROUTE_LENDING) {
        rc = vat_on(&s->vat, each, staff, s, vat ? vat->value.central : 0);
    } else if (staff->route != WIJK_ROUTE_OWN) {
        rc = vat_on(&s->at_stake, NULL, staff, s, vat ? vat->value.central : 0);
    }
    double most = (double)(staff->gross + staff->charges) +
                  (fee ? fee->value.central : 0) * (double)staff->gross;
    double part = s->cost ? (double)s->charged / (double)s->cost : 0;
    rc = rc ? rc : wijk_cents_round(&s->fee_limit, most * part);
    for (size_t i = 0; i < staff->count; i++) {
        s->parts[i].vat = each[i];
    }
    return rc;
}

int wijk_staff_settle(wijk_statement *out, const wijk_staff *staff, const wijk_prices *prices)
{
    double weights[WIJK_MAX_PAYERS];
    int64_t shares[WIJK_MAX_PAYERS];
    wijk_statement s = {.hours = staff->common_hours, .hour_cost = NAN};
    int rc = check(staff, wijk_purse_count(prices));
    if (rc) {
        return rc;
    }
    double sum = 0;
    for (size_t i = 0; i < staff->count; i++) {
        weights[i] = staff->by_hours ? staff->payers[i].hours : staff->payers[i].weight;
        sum += weights[i];
        s.hours += staff->payers[i].hours;
    }
    s.cost = staff->gross + staff->charges + staff->overhead + staff->other;
    rc = wijk_cents_split(shares, s.cost, weights, staff->count);
    for (size_t i = 0; !rc && i < staff->count; i++) {
        s.parts[i].share = shares[i];
        s.parts[i].hours = staff->payers[i].hours + staff->common_hours * (weights[i] / sum);
        s.charged += i == staff->employer || staff->route == WIJK_ROUTE_OWN ? 0 : shares[i];
    }
    rc = rc ? rc : settle_vat(&s, staff, prices);
    for (size_t i = 0; !rc && i < staff->count; i++) {
        int64_t owed = s.parts[i].share + s.parts[i].vat - staff->payers[i].advance;
        if (staff->route == WIJK_ROUTE_OWN) {
            s.parts[i].settle = owed;
        } else if (i != staff->employer) {
            s.parts[i].settle = owed;
            s.parts[staff->employer].settle -= owed;
        }
    }
    if (s.hours > 0) {
        s.hour_cost = (double)s.cost / s.hours;
    }
    s.flags = rc ? 0 : find_flags(staff, &s, prices);
    *out = s;
    return rc;
}
