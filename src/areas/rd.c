/* RD New ↔ WGS84 by the polynomials of Schreutelkamp & Strang van Hees (Geodesia 43, 2001): two
 * power series around the Amersfoort spire. No grid files are needed, and a quarter of a metre is
 * finer than any neighbourhood border we draw. */
#include "wijk/geo.h"

static const double SPIRE_X = 155000, SPIRE_Y = 463000; /* Onze-Lieve-Vrouwetoren, Amersfoort */
static const double SPIRE_LAT = 52.15517440, SPIRE_LON = 5.38720621;

typedef struct {
    int p, q;
    double k; /* k · a^p · b^q */
} term;

static double series(const term *terms, size_t count, double a, double b)
{
    double power_a[6] = {1, a, a * a, a * a * a, a * a * a * a, a * a * a * a * a};
    double power_b[6] = {1, b, b * b, b * b * b, b * b * b * b, b * b * b * b * b};
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += terms[i].k * power_a[terms[i].p] * power_b[terms[i].q];
    }
    return sum;
}

void wijk_rd_from_wgs84(double *x, double *y, double lon, double lat)
{
    static const term east[] = {{0, 1, 190094.945}, {1, 1, -11832.228}, {2, 1, -114.221},
                                {0, 3, -32.391},    {1, 0, -0.705},     {3, 1, -2.340},
                                {1, 3, -0.608},     {0, 2, -0.008},     {2, 3, 0.148}};
    static const term north[] = {
        {1, 0, 309056.544}, {0, 2, 3638.893}, {2, 0, 73.077}, {1, 2, -157.984}, {3, 0, 59.788},
        {0, 1, 0.433},      {2, 2, -6.439},   {1, 1, -0.032}, {0, 4, 0.092},    {1, 4, -0.054}};
    double a = 0.36 * (lat - SPIRE_LAT), b = 0.36 * (lon - SPIRE_LON);
    *x = SPIRE_X + series(east, sizeof east / sizeof *east, a, b);
    *y = SPIRE_Y + series(north, sizeof north / sizeof *north, a, b);
}

void wijk_rd_to_wgs84(double *lon, double *lat, double x, double y)
{
    static const term east[] = {{1, 0, 5260.52916}, {1, 1, 105.94684}, {1, 2, 2.45656},
                                {3, 0, -0.81885},   {1, 3, 0.05594},   {3, 1, -0.05607},
                                {0, 1, 0.01199},    {3, 2, -0.00256},  {1, 4, 0.00128},
                                {0, 2, 0.00022},    {2, 0, -0.00022},  {5, 0, 0.00026}};
    static const term north[] = {{0, 1, 3235.65389}, {2, 0, -32.58297}, {0, 2, -0.24750},
                                 {2, 1, -0.84978},   {0, 3, -0.06550},  {2, 2, -0.01709},
                                 {1, 0, -0.00738},   {4, 0, 0.00530},   {2, 3, -0.00039},
                                 {4, 1, 0.00033},    {1, 1, -0.00012}};
    double a = (x - SPIRE_X) * 1e-5, b = (y - SPIRE_Y) * 1e-5;
    *lon = SPIRE_LON + series(east, sizeof east / sizeof *east, a, b) / 3600;
    *lat = SPIRE_LAT + series(north, sizeof north / sizeof *north, a, b) / 3600;
}

int wijk_rd_plausible(double x, double y)
{
    /* The European Netherlands with the municipal parts of the North Sea, and some margin: the
     * polynomials may not be trusted further out. */
    return x > -30000 && x < 310000 && y > 280000 && y < 680000;
}
