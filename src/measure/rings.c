/* The inner loop of the profile over radii: plain C on eight numbers at a time, compiled three
 * times; without fused steps each form gives the same bits. */
#include "measure/rings.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* Eight doubles, anywhere in an array of doubles; compilers cut them to what the processor has. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int64_t whole_lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef int8_t byte_lanes __attribute__((vector_size(8), may_alias));
typedef uint32_t place_lanes __attribute__((vector_size(32), aligned(4), may_alias));

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
    field->edge[n] = INFINITY;
    for (size_t r = 0; r < n; r++) {
        for (size_t k = 0; k <= r; k++) {
            weigh_ring(field->weight[r][k], field, k, r);
        }
    }
}

/* Eight small whole numbers as the bytes of one, the first lane lowest. */
INLINE uint64_t as_bytes(const whole_lanes *lane)
{
    byte_lanes narrow = __builtin_convertvector(*lane, byte_lanes);
    uint64_t bytes;
    memcpy(&bytes, &narrow, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

/* How far eight places are, squared. Vectors go by address: in registers the call would differ
 * between processors. */
INLINE void how_far(lanes *out, const rings_field *field, uint32_t at, double x, double y)
{
    lanes dx = *(const lanes *)(field->grid->x + at) - x;
    lanes dy = *(const lanes *)(field->grid->y + at) - y;
    *out = dx * dx + dy * dy;
}

/* In which ring each is, as bytes: the number of edges at or within that distance. A comparison
 * gives -1 in each lane where it holds. */
INLINE uint64_t find_rings(const rings_field *field, const lanes *squared)
{
    whole_lanes k = {0};
    for (size_t r = 0; r < field->n; r++) {
        k -= *squared >= field->edge[r];
    }
    return as_bytes(&k);
}

/* Places wait per ring until there are WAITING, so that their sums stay in registers meanwhile. */
enum { WAITING = 64 };

typedef struct {
    uint32_t count[RINGS_MOST + 1];
    uint32_t place[RINGS_MOST + 1][WAITING];
    double e[RINGS_MOST + 1][WAITING];
} queues;

/* Sums of what waits for one ring. Neighbours would wait for each other's sum: two take turns. */
INLINE void add_waiting(double *restrict sums, const rings_field *field, queues *q, size_t ring,
                        size_t width, size_t moments)
{
    const uint32_t *place = q->place[ring], count = q->count[ring];
    const double *e = q->e[ring];
    for (size_t g = 0; g < width; g += RINGS_LANES) {
        lanes even[RINGS_MOMENTS] = {{0}}, odd[RINGS_MOMENTS] = {{0}};
        const double *cells = field->cells + g;
        uint32_t i = 0;
        for (; i + 2 <= count; i += 2) {
            lanes a = *(const lanes *)(cells + place[i] * width);
            lanes b = *(const lanes *)(cells + place[i + 1] * width);
            even[0] += a;
            odd[0] += b;
            for (size_t m = 1; m < moments; m++) {
                even[m] += a *= e[i];
                odd[m] += b *= e[i + 1];
            }
        }
        if (i < count) {
            lanes a = *(const lanes *)(cells + place[i] * width);
            even[0] += a;
            for (size_t m = 1; m < moments; m++) {
                even[m] += a *= e[i];
            }
        }
        for (size_t m = 0; m < moments; m++) {
            *(lanes *)(sums + (ring * RINGS_MOMENTS + m) * width + g) += even[m] + odd[m];
        }
    }
    q->count[ring] = 0;
}

/* Makes room for eight more; what is beyond the last ring is never added. */
INLINE void make_room(double *restrict sums, const rings_field *field, queues *q, size_t ring,
                      size_t width, size_t moments)
{
    if (q->count[ring] <= WAITING - RINGS_LANES) {
        return;
    }
    if (ring < field->n) {
        add_waiting(sums, field, q, ring, width, moments);
    } else {
        q->count[ring] = 0;
    }
}

static const uint64_t ONE_EACH = 0x0101010101010101;

/* Neighbours in a run are mostly in the ring of those before them: then eight join at once. */
INLINE void add_runs(double *restrict sums, const rings_field *field, double x, double y,
                     const near_run *runs, size_t n, size_t width, size_t moments)
{
    const place_lanes step = {0, 1, 2, 3, 4, 5, 6, 7};
    queues q;
    size_t k = 0;
    memset(q.count, 0, sizeof q.count);
    for (size_t r = 0; r < n; r++) {
        for (uint32_t at = runs[r].first; at < runs[r].end; at += RINGS_LANES) {
            uint32_t left = runs[r].end - at, count = left < RINGS_LANES ? left : RINGS_LANES;
            lanes d;
            how_far(&d, field, at, x, y);
            double from = k ? field->edge[k - 1] : -1, to = field->edge[k];
            whole_lanes sides = {0};
            sides -= d >= from;
            sides -= d < to;
            /* cppcheck-suppress shiftTooManyBits ; a run is not empty: count is 1 to RINGS_LANES */
            uint64_t apart = (as_bytes(&sides) ^ 2 * ONE_EACH) << (8 * (RINGS_LANES - count));
            uint64_t rings = 0;
            if (apart) {
                rings = find_rings(field, &d);
                k = rings & 255;
                /* cppcheck-suppress shiftTooManyBits ; as above */
                apart = (rings ^ k * ONE_EACH) << (8 * (RINGS_LANES - count));
            }
            for (int l = 0; l < RINGS_LANES && !field->squared; l++) {
                d[l] = sqrt(d[l]);
            }
            if (!apart) {
                *(lanes *)(q.e[k] + q.count[k]) = field->outer[k] - d;
                *(place_lanes *)(q.place[k] + q.count[k]) = at + step;
                q.count[k] += count;
                make_room(sums, field, &q, k, width, moments);
                continue;
            }
            double far[RINGS_LANES];
            *(lanes *)far = d;
            for (uint32_t l = 0; l < count; l++, rings >>= 8) {
                k = rings & 255;
                uint32_t last = q.count[k]++;
                q.place[k][last] = at + l;
                q.e[k][last] = field->outer[k] - far[l];
                make_room(sums, field, &q, k, width, moments);
            }
        }
    }
    for (k = 0; k < field->n; k++) {
        add_waiting(sums, field, &q, k, width, moments);
    }
}

INLINE void combine(double *restrict met, const double *restrict sums, const rings_field *field,
                    size_t width, size_t moments)
{
    for (size_t r = 0; r < field->n; r++) {
        for (size_t g = 0; g < width; g += RINGS_LANES) {
            lanes all = {0};
            for (size_t k = 0; k <= r; k++) {
                const double *ring = sums + k * RINGS_MOMENTS * width + g;
                for (size_t m = 0; m < moments; m++) {
                    all += field->weight[r][k][m] * *(const lanes *)(ring + m * width);
                }
            }
            *(lanes *)(met + r * width + g) = all;
        }
    }
    double inside = 0;
    for (size_t r = 0; r < field->n; r++) {
        met[r * width + field->groups] = inside += sums[r * RINGS_MOMENTS * width + field->groups];
    }
}

INLINE void meet_all(double *met, double *sums, const rings_field *field, double x, double y,
                     const near_run *runs, size_t n)
{
    size_t width = field->width, moments = field->degree + 1;
    memset(sums, 0, field->n * RINGS_MOMENTS * width * sizeof *sums);
    if (width == RINGS_LANES && moments == RINGS_MOMENTS) { /* the common case, unrolled */
        add_runs(sums, field, x, y, runs, n, RINGS_LANES, RINGS_MOMENTS);
        combine(met, sums, field, RINGS_LANES, RINGS_MOMENTS);
    } else {
        add_runs(sums, field, x, y, runs, n, width, moments);
        combine(met, sums, field, width, moments);
    }
}

static void meet_plain(double *met, double *sums, const rings_field *field, double x, double y,
                       const near_run *runs, size_t n)
{
    meet_all(met, sums, field, x, y, runs, n);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void meet_avx2(double *met, double *sums,
                                                      const rings_field *field, double x, double y,
                                                      const near_run *runs, size_t n)
{
    meet_all(met, sums, field, x, y, runs, n);
}

__attribute__((target("avx512f,avx512dq,avx512vl"))) static void
meet_avx512(double *met, double *sums, const rings_field *field, double x, double y,
            const near_run *runs, size_t n)
{
    meet_all(met, sums, field, x, y, runs, n);
}
#endif

size_t rings_forms(rings_meet_fn out[3])
{
    size_t n = 0;
    out[n++] = meet_plain;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        out[n++] = meet_avx2;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        out[n++] = meet_avx512;
    }
#endif
    return n;
}

rings_meet_fn rings_best(void)
{
    rings_meet_fn forms[3] = {0};
    return forms[rings_forms(forms) - 1];
}
