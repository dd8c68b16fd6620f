/* Money as whole cents. The idea: what is integer adds up in any order, and what is divided by the
 * largest remainder adds up again. */
#include "wijk/money.h"

#include "wijk/text.h"

#include <math.h>

static int not_an_amount(const char *text)
{
    return wijk_fail(WIJK_EFORMAT,
                     "\"%.40s\" is geen bedrag. Schrijf cijfers met hoogstens twee achter de komma "
                     "en zonder punten tussen duizendtallen: 1234,50.",
                     "\"%.40s\" is not an amount. Write digits with at most two decimals and no "
                     "separators between thousands: 1234.50.",
                     text);
}

static int too_large(void)
{
    return wijk_fail(WIJK_ELIMIT, "Een bedrag is groter dan duizend miljard euro.",
                     "An amount is larger than a thousand billion euro.");
}

int wijk_cents_parse(int64_t *out, const char *text)
{
    const char *at = text;
    int negative = *at == '-';
    at += negative;
    int64_t value = 0;
    size_t digits = 0;
    for (; *at >= '0' && *at <= '9'; at++, digits++) {
        value = value * 10 + (*at - '0');
        if (value > WIJK_MAX_CENTS) {
            return too_large();
        }
    }
    int decimals = -1;
    if (*at == '.' || *at == ',') {
        for (at++, decimals = 0; *at >= '0' && *at <= '9' && decimals < 3; at++, decimals++) {
            value = value * 10 + (*at - '0');
        }
    }
    if (!digits || *at || decimals == 0 || decimals > 2) {
        return not_an_amount(text);
    }
    value *= decimals == 2 ? 1 : decimals == 1 ? 10 : 100;
    if (value > WIJK_MAX_CENTS) {
        return too_large();
    }
    *out = negative ? -value : value;
    return WIJK_OK;
}

int wijk_cents_round(int64_t *out, double cents)
{
    if (!isfinite(cents)) {
        return wijk_fail(WIJK_EINVAL, "Een bedrag is geen eindig getal.",
                         "An amount is not a finite number.");
    }
    if (fabs(cents) > (double)WIJK_MAX_CENTS) {
        return too_large();
    }
    int64_t whole = (int64_t)cents; /* toward zero, and exact below 2^53 */
    double rest = cents - (double)whole;
    *out = whole + (rest >= 0.5) - (rest <= -0.5);
    return WIJK_OK;
}

void wijk_cents_write(wijk_str *out, wijk_lang lang, int64_t cents, int decimals)
{
    int64_t size = cents < 0 ? -cents : cents;
    int64_t whole = (size + 50) / 100;
    double euro = decimals ? (double)size / 100.0 : (double)whole;
    wijk_euro(out, lang, cents < 0 ? -euro : euro, decimals ? 2 : 0);
}

void wijk_cents_plain(wijk_str *out, int64_t cents)
{
    int64_t size = cents < 0 ? -cents : cents;
    wijk_str_addf(out, "%s%lld.%02lld", cents < 0 ? "-" : "", (long long)(size / 100),
                  (long long)(size % 100));
}

int wijk_cents_split(int64_t *parts, int64_t total, const double *weights, size_t n)
{
    double sum = 0, left[WIJK_MAX_SPLIT];
    if (n == 0 || n > WIJK_MAX_SPLIT) {
        return wijk_fail(WIJK_ELIMIT, "Een bedrag is te verdelen over 1 tot %d delen, niet %zu.",
                         "An amount divides over 1 to %d parts, not %zu.", WIJK_MAX_SPLIT, n);
    }
    for (size_t i = 0; i < n; i++) {
        sum += weights[i];
        if (!(weights[i] >= 0) || !isfinite(sum)) {
            return wijk_fail(WIJK_EINVAL,
                             "Deel %zu van de verdeelsleutel is geen getal van 0 of meer.",
                             "Part %zu of the split key is not a number of 0 or more.", i + 1);
        }
    }
    if (!(sum > 0)) {
        return wijk_fail(WIJK_EINVAL, "De verdeelsleutel telt op tot nul: niemand betaalt.",
                         "The split key adds up to zero: nobody pays.");
    }
    int64_t size = total < 0 ? -total : total, given = 0;
    for (size_t i = 0; i < n; i++) {
        double share = (double)size * (weights[i] / sum);
        parts[i] = (int64_t)share;
        left[i] = share - (double)parts[i];
        given += parts[i];
    }
    /* Rounding in the shares may have given a cent too many; it is taken from the smallest
     * remainder, just as the missing ones go to the largest. */
    while (given != size) {
        int step = given < size ? 1 : -1;
        size_t best = 0;
        double most = -INFINITY;
        for (size_t i = 0; i < n; i++) {
            int may = weights[i] > 0 && parts[i] + step >= 0;
            if (may && left[i] * step > most) {
                best = i;
                most = left[i] * step;
            }
        }
        parts[best] += step;
        left[best] -= step;
        given += step;
    }
    for (size_t i = 0; total < 0 && i < n; i++) {
        parts[i] = -parts[i];
    }
    return WIJK_OK;
}
