/* Well-known binary, both ways. The parser trusts nothing: every count is checked against the bytes
 * that are left before anything is allocated. OGC 06-103r4 (ISO WKB), and PostGIS's EWKB flags. */
#include "wijk/geo.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <string.h>

typedef struct {
    const unsigned char *at, *start, *end;
    int little;
    wijk_shape *shape;
} reader;

enum { POLYGON = 3, MULTIPOLYGON = 6 };
static const uint32_t EWKB_Z = 0x80000000u, EWKB_M = 0x40000000u, EWKB_SRID = 0x20000000u;

static int broken(const reader *in)
{
    return wijk_fail(WIJK_EFORMAT, "De vorm (WKB) is stuk bij byte %zu.",
                     "The shape (WKB) is broken at byte %zu.", (size_t)(in->at - in->start));
}

static size_t left(const reader *in)
{
    return (size_t)(in->end - in->at);
}

static int read_u32(uint32_t *out, reader *in)
{
    *out = 0;
    if (left(in) < 4) {
        return broken(in);
    }
    const unsigned char *b = in->at;
    *out = in->little
               ? (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24
               : (uint32_t)b[3] | (uint32_t)b[2] << 8 | (uint32_t)b[1] << 16 | (uint32_t)b[0] << 24;
    in->at += 4;
    return WIJK_OK;
}

static double double_at(const unsigned char *b, int little)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | b[little ? 7 - i : i];
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Byte order, type and dimensions of one geometry; *ordinates is 2, 3 or 4. */
static int read_head(reader *in, uint32_t *type, size_t *ordinates)
{
    *type = 0;
    *ordinates = 2;
    if (left(in) < 1 || *in->at > 1) {
        return broken(in);
    }
    in->little = *in->at++;
    int rc = read_u32(type, in);
    if (rc) {
        return rc;
    }
    if (*type & EWKB_SRID) {
        uint32_t srid;
        rc = read_u32(&srid, in);
    }
    *ordinates += ((*type & EWKB_Z) != 0) + ((*type & EWKB_M) != 0);
    *type &= 0x1FFFFFFFu;
    if (*type >= 1000 && *type < 4000) { /* ISO: 1000 Z, 2000 M, 3000 ZM */
        *ordinates = *type >= 3000 ? 4 : 3;
        *type %= 1000;
    }
    return rc;
}

static int read_ring(reader *in, size_t ordinates, int hole)
{
    uint32_t points;
    int rc = read_u32(&points, in);
    if (rc || left(in) / (8 * ordinates) < points) {
        return rc ? rc : broken(in);
    }
    rc = wijk_shape_begin(in->shape, hole);
    for (uint32_t i = 0; !rc && i < points; i++) {
        double x = double_at(in->at, in->little), y = double_at(in->at + 8, in->little);
        /* Beyond the earth a repair would take for ever; NAN fails both comparisons too. */
        if (!(fabs(x) <= WIJK_MAX_METRES) || !(fabs(y) <= WIJK_MAX_METRES)) {
            return broken(in);
        }
        in->at += 8 * ordinates;
        rc = wijk_shape_point(in->shape, x, y);
    }
    if (!rc) {
        wijk_shape_end(in->shape);
    }
    return rc;
}

static int read_polygon(reader *in, size_t ordinates)
{
    uint32_t rings;
    int rc = read_u32(&rings, in);
    if (!rc && left(in) / 4 < rings) {
        rc = broken(in);
    }
    for (uint32_t i = 0; !rc && i < rings; i++) {
        rc = read_ring(in, ordinates, i > 0);
    }
    return rc;
}

int wijk_wkb_parse(wijk_shape *shape, const void *wkb, size_t size)
{
    wijk_shape_clear(shape);
    reader in = {wkb, wkb, (const unsigned char *)wkb + size, 1, shape};
    uint32_t type, polygons;
    size_t ordinates;
    int rc = read_head(&in, &type, &ordinates);
    if (rc || type == POLYGON) {
        return rc ? rc : read_polygon(&in, ordinates);
    }
    if (type != MULTIPOLYGON) {
        return wijk_fail(WIJK_EFORMAT, "Een vorm is geen vlak (WKB-soort %u).",
                         "A shape is not a polygon (WKB type %u).", type);
    }
    rc = read_u32(&polygons, &in);
    if (!rc && left(&in) / 9 < polygons) {
        rc = broken(&in);
    }
    for (uint32_t i = 0; !rc && i < polygons; i++) {
        rc = read_head(&in, &type, &ordinates);
        if (!rc && type != POLYGON) {
            rc = broken(&in);
        }
        rc = rc ? rc : read_polygon(&in, ordinates);
    }
    return rc;
}

static void add_u32(wijk_str *out, size_t value)
{
    unsigned char b[4] = {(unsigned char)value, (unsigned char)(value >> 8),
                          (unsigned char)(value >> 16), (unsigned char)(value >> 24)};
    wijk_str_addn(out, b, sizeof b);
}

static void add_point(wijk_str *out, const double *xy)
{
    unsigned char b[16];
    for (int k = 0; k < 2; k++) {
        uint64_t bits;
        memcpy(&bits, xy + k, sizeof bits);
        for (int i = 0; i < 8; i++) {
            b[8 * k + i] = (unsigned char)(bits >> (8 * i));
        }
    }
    wijk_str_addn(out, b, sizeof b);
}

/* The polygon whose outer ring is `first`; returns the ring after its last hole. */
static size_t add_polygon(wijk_str *out, const wijk_shape *shape, size_t first)
{
    size_t end = first + 1;
    while (end < shape->rings && shape->hole[end]) {
        end++;
    }
    wijk_str_addc(out, 1);
    add_u32(out, POLYGON);
    add_u32(out, end - first);
    for (size_t r = first; r < end; r++) {
        add_u32(out, shape->ring[r + 1] - shape->ring[r] + 1);
        for (size_t i = shape->ring[r]; i < shape->ring[r + 1]; i++) {
            add_point(out, shape->xy + 2 * i);
        }
        add_point(out, shape->xy + 2 * shape->ring[r]);
    }
    return end;
}

int wijk_wkb_write(wijk_str *out, const wijk_shape *shape)
{
    size_t outers = 0;
    for (size_t r = 0; r < shape->rings; r++) {
        outers += !shape->hole[r];
    }
    if (outers != 1) {
        wijk_str_addc(out, 1);
        add_u32(out, MULTIPOLYGON);
        add_u32(out, outers);
    }
    for (size_t r = 0; r < shape->rings;) {
        r = add_polygon(out, shape, r);
    }
    return wijk_str_status(out);
}
