/* Chance for the sampler of tables: normals, gammas and their logarithms from exact arithmetic.
 * The idea: only + - * / and roots, so the same seed gives the same bytes on every machine. */
#include "measure/rounding_sampler.h"

#include <math.h>

/* Stirling's series beyond 8, the recursion below. Error under 1e-12 of the value or 1e-13. */
double measure_log_gamma(double x)
{
    double product = 1;
    while (x < 8) {
        product *= x;
        x += 1;
    }
    double r = 1 / x, q = r * r;
    double series = r * (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680))));
    double value = (x - 0.5) * wijk_exact_log(x) - x + 0.91893853320467274178 + series;
    return product > 1 || product < 1 ? value - wijk_exact_log(product) : value;
}

/* Standard normal, by the polar method: exact logarithm, no sine. */
double measure_normal(measure_stream *random)
{
    for (;;) {
        double u = 2 * measure_next(random) - 1, v = 2 * measure_next(random) - 1,
               q = u * u + v * v;
        if (q > 0 && q < 1) {
            return u * sqrt(-2 * wijk_exact_log(q) / q);
        }
    }
}

/* Root of a chi-square with `freedom` > 1: Marsaglia & Tsang 2000, doi:10.1145/358407.358414 */
double measure_chi(double freedom, measure_stream *random)
{
    double d = freedom / 2 - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = measure_normal(random), v = 1 + c * z;
        v = v * v * v;
        if (v > 0 && wijk_exact_log(1 - measure_next(random)) <
                         z * z / 2 + d - d * v + d * wijk_exact_log(v)) {
            return sqrt(2 * d * v);
        }
    }
}

double measure_log_rise(double a, double x)
{
    if (x > 16) {
        return measure_log_gamma(x + a) - measure_log_gamma(a);
    }
    if (x == 0) {
        return 0;
    }
    double product = 1;
    for (int k = 0; k < x; k++) {
        product *= a + k;
    }
    return wijk_exact_log(product);
}

double measure_log_of_gamma(double shape, measure_stream *random)
{
    double chi = measure_chi(2 * shape + 2, random); /* of shape + 1, then a power of a uniform */
    return 2 * wijk_exact_log(chi) + wijk_exact_log(1 - measure_next(random)) / shape;
}
