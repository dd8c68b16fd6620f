/* How forecasts did: absolute error of the middle, pinball loss of the five quantiles (Koenker &
 * Bassett 1978, doi:10.2307/1913643), share of outcomes inside the bands, and average precision of
 * the ranking by chance of a drop. */
#include "measure/outlook_score.h"

#include "wijk/stats.h"
#include "wijk/text.h"

#include <math.h>
#include <stdlib.h>

static const double probabilities[WIJK_QUANTILES] = {0.05, 0.25, 0.50, 0.75, 0.95};

static const struct {
    const char *code;
    enum wijk_text_key name;
    double from, to; /* residents */
} slices[WIJK_SLICES] = {
    {"all", T_OUTLOOK_S_ALL, -1, INFINITY},
    {"under_500", T_OUTLOOK_S_UNDER_500, -1, 500},
    {"500", T_OUTLOOK_S_500, 500, 1000},
    {"1000", T_OUTLOOK_S_1000, 1000, 2500},
    {"2500", T_OUTLOOK_S_2500, 2500, 5000},
    {"5000", T_OUTLOOK_S_5000, 5000, 10000},
    {"10000", T_OUTLOOK_S_10000, 10000, INFINITY},
    {"from_500", T_OUTLOOK_S_FROM_500, WIJK_OUTLOOK_PEOPLE, INFINITY},
    {"social", T_OUTLOOK_S_SOCIAL, -1, INFINITY},
};

const char *wijk_outlook_slice_code(enum wijk_outlook_slice slice)
{
    return slices[slice].code;
}

const char *wijk_outlook_slice_name(enum wijk_outlook_slice slice, wijk_lang lang)
{
    return wijk_text(lang, slices[slice].name);
}

int outlook_in_slice(enum wijk_outlook_slice slice, const outlook_case *one)
{
    double people = isfinite(one->people) ? one->people : 0;
    return people >= slices[slice].from && people < slices[slice].to &&
           (slice != WIJK_SLICE_SOCIAL || one->social > WIJK_OUTLOOK_SOCIAL);
}

int outlook_dropped(const outlook_case *one)
{
    return one->after - one->before < -WIJK_OUTLOOK_DROP;
}

static int fearful_first(const void *a, const void *b)
{
    const outlook_ranked *x = a, *y = b;
    return x->rank < y->rank   ? 1
           : x->rank > y->rank ? -1
                               : (x->area > y->area) - (x->area < y->area);
}

size_t outlook_rank(outlook_ranked *order, enum wijk_outlook_slice slice, const outlook_case *cases,
                    size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (outlook_in_slice(slice, &cases[i])) {
            order[count++] = (outlook_ranked){cases[i].rank, i, outlook_dropped(&cases[i])};
        }
    }
    qsort(order, count, sizeof *order, fearful_first);
    return count;
}

double outlook_precision(const outlook_ranked *order, const unsigned char *weight, size_t n)
{
    double seen = 0, found = 0, sum = 0;
    for (size_t i = 0; i < n;) {
        double rank = order[i].rank, more = 0;
        for (; i < n && order[i].rank == rank; i++) {
            double times = weight ? weight[order[i].area] : 1;
            seen += times;
            more += order[i].dropped ? times : 0;
        }
        found += more;
        sum += seen > 0 ? more * found / seen : 0;
    }
    return found > 0 ? sum / found : NAN;
}

static double pinball(const wijk_outlook_forecast *said, double after)
{
    double sum = 0;
    for (int q = 0; q < WIJK_QUANTILES; q++) {
        double off = after - said->quantile[q];
        sum += off >= 0 ? probabilities[q] * off : (probabilities[q] - 1) * off;
    }
    return sum / WIJK_QUANTILES;
}

void outlook_score_slice(wijk_outlook_score *out, enum wijk_outlook_slice slice,
                         const outlook_case *cases, size_t n, outlook_ranked *order)
{
    wijk_sum missed = {0}, lost = {0};
    double in50 = 0, in90 = 0;
    *out = (wijk_outlook_score){0};
    for (size_t i = 0; i < n; i++) {
        const outlook_case *one = &cases[i];
        if (!outlook_in_slice(slice, one)) {
            continue;
        }
        const double *q = one->said.quantile;
        out->areas++;
        out->drops += (size_t)outlook_dropped(one);
        wijk_sum_add(&missed, fabs(one->after - q[WIJK_Q50]));
        wijk_sum_add(&lost, pinball(&one->said, one->after));
        in50 += one->after >= q[WIJK_Q25] && one->after <= q[WIJK_Q75];
        in90 += one->after >= q[WIJK_Q05] && one->after <= q[WIJK_Q95];
    }
    double count = out->areas ? (double)out->areas : NAN;
    out->mae = wijk_sum_value(&missed) / count;
    out->pinball = wijk_sum_value(&lost) / count;
    out->cover50 = in50 / count;
    out->cover90 = in90 / count;
    wijk_share_interval(&out->low50, &out->high50, in50, (double)out->areas);
    wijk_share_interval(&out->low90, &out->high90, in90, (double)out->areas);
    out->precision = NAN;
    if (out->drops >= WIJK_OUTLOOK_EVENTS) {
        out->precision = outlook_precision(order, NULL, outlook_rank(order, slice, cases, n));
    }
}
