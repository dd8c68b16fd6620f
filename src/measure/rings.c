/* The inner loop of the profile over radii: plain C on eight numbers at a time, compiled three
 * times; without fused steps each form gives the same bits. */
#include "measure/rings.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Eight doubles, anywhere in an array of doubles; compilers cut them to what the processor has. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t whole_lanes __attribute__((vector_size(64), aligned(8), may_alias));

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
    field->outer[n] = 0;
    for (size_t r = 0; r < n; r++) {
        for (size_t k = 0; k <= r; k++) {
            weigh_ring(field->weight[r][k], field, k, r);
        }
    }
}

/* How far eight places are (squared) and in which ring: the number of edges at or within that
 * distance. A comparison gives -1 in each lane where it holds. */
INLINE void find_rings(double *squared, int64_t *ring, const rings_field *field, uint32_t at,
                       double x, double y)
{
    lanes dx = *(const lanes *)(field->grid->x + at) - x;
    lanes dy = *(const lanes *)(field->grid->y + at) - y;
    lanes d = dx * dx + dy * dy;
    whole_lanes k = {0};
    for (size_t r = 0; r < field->n; r++) {
        k -= d >= field->edge[r];
    }
    *(lanes *)squared = d;
    *(whole_lanes *)ring = k;
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
 * sums take turns. What is beyond the last ring has sums too, that nobody reads: no branch. */
INLINE void add_runs(double *restrict sums, const rings_field *field, double x, double y,
                     const near_run *runs, size_t n, size_t width, size_t moments)
{
    double squared[RINGS_LANES];
    int64_t ring[RINGS_LANES];
    size_t set = (field->n + 1) * RINGS_MOMENTS * width;
    for (size_t r = 0; r < n; r++) {
        for (uint32_t at = runs[r].first; at < runs[r].end; at += RINGS_LANES) {
            uint32_t left = runs[r].end - at, count = left < RINGS_LANES ? left : RINGS_LANES;
            find_rings(squared, ring, field, at, x, y);
            for (uint32_t l = 0; l < count; l++) {
                double d = field->squared ? squared[l] : sqrt(squared[l]);
                double e = field->outer[ring[l]] - d;
                double *to =
                    sums + (l % RINGS_SETS) * set + (size_t)ring[l] * RINGS_MOMENTS * width;
                add_place(to, field->cells + (at + l) * width, e, width, moments);
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

void rings_combine(double *met, double *sums, const rings_field *field)
{
    size_t width = field->width, set = (field->n + 1) * RINGS_MOMENTS * width;
    for (size_t k = 0; k < set; k += RINGS_LANES) {
        for (size_t more = 1; more < RINGS_SETS; more++) {
            *(lanes *)(sums + k) += *(const lanes *)(sums + more * set + k);
        }
    }
    memset(met, 0, field->n * width * sizeof *met);
    for (size_t r = 0; r < field->n; r++) {
        double *to = met + r * width;
        for (size_t k = 0; k <= r; k++) {
            const double *ring = sums + k * RINGS_MOMENTS * width;
            const double *weight = field->weight[r][k];
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
