/* The benchmark letter as a rule: two limits that divide the sector in thirds, and that move with
 * the sector. Comparing with moved limits is comparing the difference with the others. */
#include "wijk/letter.h"

#include <math.h>
#include <stdio.h>

static double rate(const wijk_prices *prices, int year, const char *name, const char **source)
{
    char code[32];
    snprintf(code, sizeof code, "letter.%d.%s", year, name);
    const wijk_rate *found = wijk_rate_find(prices, code);
    if (found && source) {
        *source = found->source;
    }
    return found ? found->value.central : NAN;
}

int wijk_letter_limits_of(wijk_letter_limits *out, const wijk_prices *prices, int year)
{
    *out = (wijk_letter_limits){.year = year, .source = ""};
    out->a_below = rate(prices, year, "a", &out->source);
    out->c_from = rate(prices, year, "c", NULL);
    out->mean = rate(prices, year, "mean", NULL);
    if (isfinite(out->a_below) && isfinite(out->c_from)) {
        return WIJK_OK;
    }
    int first = 0, last = 0;
    for (int y = 1990; y < 2100; y++) {
        if (isfinite(rate(prices, y, "a", NULL))) {
            first = first ? first : y;
            last = y;
        }
    }
    return wijk_fail(WIJK_ENOTFOUND,
                     "De grenzen van de letters zijn bekend voor %d tot en met %d, niet voor %d.",
                     "The limits of the letters are known for %d to %d, not for %d.", first, last,
                     year);
}

static char letter_of(double cost, double a_below, double c_from)
{
    return cost < a_below ? 'A' : cost < c_from ? 'B' : 'C';
}

int wijk_letter_reckon(wijk_letter *out, const wijk_letter_limits *limits,
                       const wijk_letter_case *about)
{
    double cost = isnan(about->cost) ? limits->mean : about->cost;
    if (!(about->dwellings > 0) || !isfinite(about->dwellings) || !isfinite(cost) || cost < 0 ||
        !isfinite(about->extra)) {
        return wijk_fail(WIJK_EINVAL,
                         "Noem het aantal gewogen woningen (meer dan 0), het bedrag dat erbij komt "
                         "en, in een jaar zonder sectorgemiddelde, de bedrijfslasten per woning.",
                         "Give the number of weighted dwellings (more than 0), the amount that is "
                         "added and, in a year without a sector mean, the operating cost per "
                         "dwelling.");
    }
    double a = limits->a_below, c = limits->c_from, extra = about->extra / about->dwellings;
    *out = (wijk_letter){.cost = cost, .extra = extra, .room = INFINITY};
    out->now = letter_of(cost, a, c);
    out->then = letter_of(cost + extra, a, c);
    out->together = letter_of(cost + extra, a + extra, c + extra);
    double limit = out->now == 'A' ? a : c; /* from here on it is a letter worse */
    if (out->now != 'C') {
        out->room = (limit - cost) * about->dwellings;
        out->others = fmax(0, cost + extra - limit);
    }
    return WIJK_OK;
}
