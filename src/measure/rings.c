/* The inner loop of the profile over radii: plain C on eight numbers at a time, compiled three
 * times; without fused steps each form gives the same bits. */
#include "measure/rings.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Eight doubles, anywhere in an array of doubles; compilers cut them to what the processor has. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));

void rings_kernel(rings_field *field, const double *radii, size_t n, enum wijk_kernel kernel)
{
    static const struct {
        int squared;
        size_t degree;
    } kernels[] = {[WIJK_KERNEL_FLAT] = {1, 0},
                   [WIJK_KERNEL_BIWEIGHT] = {1, 2},
                   [WIJK_KERNEL_EPANECHNIKOV] = {1, 1},
                   [WIJK_KERNEL_TRIANGLE] = {0, 1}};
    field->n = n;
    field->squared = kernels[kernel].squared;
    field->degree = kernels[kernel].degree;
    for (size_t k = 0; k < n; k++) {
        field->edge[k] = radii[k] * radii[k];
        field->outer[k] = field->squared ? field->edge[k] : radii[k];
    }
    field->edge[n] = INFINITY;
    field->outer[n] = 0;
    field->bins = RINGS_BINS / field->edge[n - 1];
    for (size_t b = 0, ring = 0; b < RINGS_BINS; b++) {
        while (field->edge[ring] <= (double)b / field->bins) {
            ring++;
        }
        field->first[b] = (uint8_t)ring;
    }
}

/* The ring of a squared distance within the largest radius: a table says where to begin, and seldom
 * more than one edge lies beyond that. */
INLINE size_t find_ring(const rings_field *field, double squared)
{
    size_t ring = field->first[(size_t)(squared * field->bins * (1 - 1e-15))];
    while (squared >= field->edge[ring]) {
        ring++;
    }
    return ring;
}

INLINE void add_place(double *restrict sums, const double *restrict cells, double e, size_t width,
                      size_t moments)
{
    for (size_t g = 0; g < width; g += RINGS_LANES) {
        lanes term = *(const lanes *)(cells + g);
        *(lanes *)(sums + g) += term;
        for (size_t m = 1; m < moments; m++) {
            term *= e;
            *(lanes *)(sums + m * width + g) += term;
        }
    }
}

/* Neighbours in a run are often in the same ring, and then wait for each other's sums: two sets of
 * sums take turns. */
INLINE void add_runs(double *restrict sums, const rings_field *field, double x, double y,
                     const near_run *runs, size_t n, size_t width, size_t moments)
{
    double reach = field->edge[field->n - 1];
    const double *px = field->grid->x, *py = field->grid->y, *cells = field->cells;
    for (size_t r = 0; r < n; r++) {
        for (uint32_t at = runs[r].first; at < runs[r].end; at++) {
            double dx = px[at] - x, dy = py[at] - y, squared = dx * dx + dy * dy;
            if (squared < reach) {
                size_t ring = find_ring(field, squared), set = (at & 1) * field->n;
                double e = field->outer[ring] - (field->squared ? squared : sqrt(squared));
                add_place(sums + (set + ring) * RINGS_MOMENTS * width, cells + at * width, e, width,
                          moments);
            }
        }
    }
}

INLINE void add_all(double *sums, const rings_field *field, double x, double y,
                    const near_run *runs, size_t n)
{
    size_t moments = field->degree + 1;
    if (field->width == RINGS_LANES && moments == RINGS_MOMENTS) { /* the common case, unrolled */
        add_runs(sums, field, x, y, runs, n, RINGS_LANES, RINGS_MOMENTS);
    } else {
        add_runs(sums, field, x, y, runs, n, field->width, moments);
    }
}

static void add_plain(double *sums, const rings_field *field, double x, double y,
                      const near_run *runs, size_t n)
{
    add_all(sums, field, x, y, runs, n);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void
add_avx2(double *sums, const rings_field *field, double x, double y, const near_run *runs, size_t n)
{
    add_all(sums, field, x, y, runs, n);
}

__attribute__((target("avx512f,avx512dq,avx512vl"))) static void
add_avx512(double *sums, const rings_field *field, double x, double y, const near_run *runs,
           size_t n)
{
    add_all(sums, field, x, y, runs, n);
}
#endif

size_t rings_forms(rings_add_fn out[3])
{
    size_t n = 0;
    out[n++] = add_plain;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        out[n++] = add_avx2;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        out[n++] = add_avx512;
    }
#endif
    return n;
}

rings_add_fn rings_best(void)
{
    rings_add_fn forms[3];
    return forms[rings_forms(forms) - 1];
}

/* What a ring weighs at a radius: factors of its moments. */
static void weigh_ring(double weight[RINGS_MOMENTS], const rings_field *field, size_t ring,
                       size_t radius)
{
    double by = 1 / field->outer[radius];
    double a = (field->outer[radius] - field->outer[ring]) * by; /* what every place in it has */
    weight[0] = field->degree == 0 ? 1 : field->degree == 1 ? a : a * a;
    weight[1] = field->degree == 1 ? by : 2 * a * by;
    weight[2] = by * by;
}

void rings_combine(double *met, double *sums, const rings_field *field)
{
    size_t width = field->width, set = field->n * RINGS_MOMENTS * width;
    for (size_t k = 0; k < set; k += RINGS_LANES) {
        *(lanes *)(sums + k) += *(const lanes *)(sums + set + k);
    }
    memset(met, 0, field->n * width * sizeof *met);
    for (size_t r = 0; r < field->n; r++) {
        double *to = met + r * width;
        for (size_t k = 0; k <= r; k++) {
            const double *ring = sums + k * RINGS_MOMENTS * width;
            double weight[RINGS_MOMENTS];
            weigh_ring(weight, field, k, r);
            for (size_t m = 0; m <= field->degree; m++) {
                for (size_t g = 0; g < width; g += RINGS_LANES) {
                    *(lanes *)(to + g) += weight[m] * *(const lanes *)(ring + m * width + g);
                }
            }
        }
    }
    double inside = 0;
    for (size_t r = 0; r < field->n; r++) {
        met[r * width + field->groups] = inside += sums[r * RINGS_MOMENTS * width + field->groups];
    }
}
