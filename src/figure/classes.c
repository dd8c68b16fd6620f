/* Dividing values into the classes of a choropleth. Quantiles show place within the whole (Brewer &
 * Pickle 2002, doi:10.1111/1467-8306.00310), rounded so that a legend can be read; scores around a
 * mean get equal steps on both sides of it, so that equal colours are equal distances. */
#include "wijk/figure.h"

#include <math.h>
#include <string.h>

static const char *const sequential[] = {"q0", "q1", "q2", "q3", "q4", "q5", "q6"};
static const char *const diverging[] = {"d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"};

/* Spreads `count` classes over the seven tokens, so that few classes differ clearly. */
static const char *sequential_token(int i, int count)
{
    return sequential[count > 1 ? (i * 6 + (count - 1) / 2) / (count - 1) : 3];
}

static int decimals_of(const double *edges, int count)
{
    for (int decimals = 0; decimals < 6; decimals++) {
        double factor = pow(10, decimals);
        int enough = 1;
        for (int i = 1; i < count && enough; i++) {
            double scaled = edges[i] * factor;
            enough = fabs(scaled - round(scaled)) <= 1e-6 * fmax(1, fabs(scaled));
        }
        if (enough) {
            return decimals;
        }
    }
    return 6;
}

static void make_whole(wijk_classes *out, const wijk_indicator *indicator, double top)
{
    int up = indicator->direction != WIJK_DIRECTION_NONE;
    int count = isfinite(top) ? (int)fmin(fmax(round(top), 1), up ? 9 : 7) : up ? 9 : 5;
    if (up) { /* a middle class needs an odd number, also when the highest did not occur */
        count = count <= 5 ? 5 : count | 1;
    }
    out->whole = 1;
    out->count = count;
    for (int i = 0; i < count; i++) {
        out->edge[i] = i ? i + 0.5 : -INFINITY;
        out->token[i] = up ? diverging[4 - count / 2 + i] : sequential_token(i, count);
    }
}

static void make_diverging(wijk_classes *out, const double spread[5], double centre)
{
    double reach = spread[4] - spread[0];
    if (!(reach > 0)) {
        reach = fmax(fabs(centre), 1);
    }
    /* Five steps from p10 to p90: the outer classes hold about a tenth each. */
    double raw = reach / 5, power = pow(10, floor(log10(raw)));
    static const double nice[] = {1, 2, 2.5, 5, 10};
    int best = 0;
    for (int i = 1; i < 5; i++) {
        best = fabs(log(nice[i] * power / raw)) < fabs(log(nice[best] * power / raw)) ? i : best;
    }
    double step = nice[best] * power;
    out->centre = round(centre / (step / 2)) * (step / 2);
    out->count = 7;
    for (int i = 0; i < 7; i++) {
        out->edge[i] = i ? out->centre + step * (i - 3.5) : -INFINITY;
        out->token[i] = diverging[i + 1];
    }
    out->decimals = decimals_of(out->edge, out->count);
}

/* Rounds to a nice number, coarser where the whole scale is wide, never away from its own size. */
static double nice_edge(double value, double reach)
{
    if (value == 0 || !(reach > 0)) {
        return value;
    }
    double grain = pow(10, floor(log10(reach / 8)));
    double own = pow(10, floor(log10(fabs(value))));
    grain = fmin(grain, own);
    double rounded = round(value / grain) * grain;
    return fabs(rounded) < grain * 1e-9 ? 0 : rounded;
}

static void make_quantiles(wijk_classes *out, const double spread[5], int decimals)
{
    double reach = spread[4] - spread[0];
    int negative = spread[0] < 0;
    double least = pow(10, -decimals); /* finer than the values are shown tells nothing */
    out->count = 1;
    out->edge[0] = -INFINITY;
    for (int i = 0; i < 5 && reach > 0; i++) {
        double edge = nice_edge(spread[i], fmax(reach, least * 8));
        int below_all = edge <= 0 && !negative;
        if (isfinite(edge) && !below_all &&
            (out->count == 1 || edge > out->edge[out->count - 1] + least * 1e-6)) {
            out->edge[out->count++] = edge;
        }
    }
    if (!(reach > 0)) { /* (nearly) all alike: that value, and what lies above it */
        out->edge[out->count++] = spread[2] + least;
    }
    for (int i = 0; i < out->count; i++) {
        out->token[i] = sequential_token(i, out->count);
    }
    out->decimals = decimals_of(out->edge, out->count);
}

void wijk_classes_make(wijk_classes *out, const wijk_indicator *indicator, const double spread[5],
                       double centre, double top)
{
    *out = (wijk_classes){.centre = NAN};
    if (!strcmp(indicator->unit, "class")) {
        make_whole(out, indicator, top);
    } else if (!isfinite(spread[0]) || !isfinite(spread[2]) || !isfinite(spread[4])) {
        return;
    } else if (isfinite(centre)) {
        make_diverging(out, spread, centre);
    } else {
        make_quantiles(out, spread, indicator->decimals);
    }
}

int wijk_class_of(const wijk_classes *classes, double value)
{
    if (isnan(value) || classes->count == 0) {
        return -1;
    }
    int class = classes->count - 1;
    /* The edges are decimal numbers: 0.3 read from a file and 3 × 0.1 must fall alike. */
    while (class > 0 && value < classes->edge[class] - 1e-9 * fmax(1, fabs(classes->edge[class]))) {
        class --;
    }
    return class;
}
