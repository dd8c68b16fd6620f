/* POLYGON and MULTIPOLYGON in well-known text, with PostGIS's "SRID=28992;" in front or not. A
 * descent of one function per level; nothing but the points is kept. OGC 06-103r4, section 7. */
#include "load/shapes.h"
#include "wijk/geofile.h"

#include "wijk/err.h"

#include <string.h>
#include <strings.h>

typedef struct {
    const char *at, *start, *end;
    wijk_shape *shape;
} reader;

static int broken(const reader *in)
{
    return wijk_fail(WIJK_EFORMAT, "De vorm (WKT) is stuk bij teken %zu.",
                     "The shape (WKT) is broken at character %zu.",
                     (size_t)(in->at - in->start) + 1);
}

static void skip_blanks(reader *in)
{
    while (in->at < in->end && strchr(" \t\r\n", *in->at) && *in->at) {
        in->at++;
    }
}

/* 1 and past it when `c` comes next. */
static int take(reader *in, char c)
{
    skip_blanks(in);
    if (in->at < in->end && *in->at == c) {
        in->at++;
        return 1;
    }
    return 0;
}

static int take_word(reader *in, const char *word)
{
    skip_blanks(in);
    size_t size = strlen(word);
    if ((size_t)(in->end - in->at) < size || strncasecmp(in->at, word, size)) {
        return 0;
    }
    in->at += size;
    return 1;
}

static int take_number(double *out, reader *in)
{
    skip_blanks(in);
    const char *from = in->at;
    while (in->at < in->end && *in->at && strchr("+-0123456789.eE", *in->at)) {
        in->at++;
    }
    return wijk_csv_number(out, from, (size_t)(in->at - from), '.');
}

static int read_point(reader *in)
{
    double x, y, more;
    if (!take_number(&x, in) || !take_number(&y, in)) {
        return broken(in);
    }
    for (int extra = 0; extra < 2; extra++) { /* height and measure */
        skip_blanks(in);
        if (in->at < in->end && *in->at != ',' && *in->at != ')' && !take_number(&more, in)) {
            return broken(in);
        }
    }
    return wijk_shape_point(in->shape, x, y);
}

static int read_ring(reader *in, int hole)
{
    int rc = take(in, '(') ? wijk_shape_begin(in->shape, hole) : broken(in);
    while (!rc) {
        rc = read_point(in);
        if (!rc && !take(in, ',')) {
            break;
        }
    }
    if (!rc && !take(in, ')')) {
        rc = broken(in);
    }
    if (!rc) {
        wijk_shape_end(in->shape);
    }
    return rc;
}

static int read_polygon(reader *in)
{
    int rc = take(in, '(') ? WIJK_OK : broken(in);
    for (int hole = 0; !rc; hole = 1) {
        rc = read_ring(in, hole);
        if (!rc && !take(in, ',')) {
            return take(in, ')') ? WIJK_OK : broken(in);
        }
    }
    return rc;
}

static int read_multipolygon(reader *in)
{
    int rc = take(in, '(') ? WIJK_OK : broken(in);
    while (!rc) {
        rc = read_polygon(in);
        if (!rc && !take(in, ',')) {
            return take(in, ')') ? WIJK_OK : broken(in);
        }
    }
    return rc;
}

static int read_crs(reader *in, enum wijk_crs *crs)
{
    double srid = 0;
    *crs = WIJK_CRS_UNKNOWN;
    if (!take_word(in, "SRID=")) {
        return WIJK_OK;
    }
    if (!take_number(&srid, in) || srid < 0 || srid > 1e6 || !take(in, ';')) {
        return broken(in);
    }
    *crs = wijk_crs_from_srid((long)srid);
    return *crs != WIJK_CRS_OTHER
               ? WIJK_OK
               : wijk_fail(
                     WIJK_EFORMAT,
                     "Coördinatenstelsel %d is onbekend; nodig is 28992 (RD) of 4326 (WGS84).",
                     "Coordinate system %d is unknown; 28992 (RD) or 4326 (WGS84) is needed.",
                     (int)srid);
}

static int read_geometry(reader *in)
{
    int multi = take_word(in, "MULTIPOLYGON");
    if (!multi && !take_word(in, "POLYGON")) {
        return wijk_fail(WIJK_EFORMAT, "De vorm (WKT) begint niet met POLYGON of MULTIPOLYGON.",
                         "The shape (WKT) does not begin with POLYGON or MULTIPOLYGON.");
    }
    if (!take_word(in, "ZM") && !take_word(in, "Z")) {
        take_word(in, "M");
    }
    if (take_word(in, "EMPTY")) {
        return WIJK_OK;
    }
    int rc = multi ? read_multipolygon(in) : read_polygon(in);
    skip_blanks(in);
    return rc || in->at == in->end ? rc : broken(in);
}

int wijk_wkt_read(wijk_str *wkb, const char *text, size_t size)
{
    wijk_shape shape = WIJK_SHAPE_INIT;
    reader in = {text, text, text + size, &shape};
    enum wijk_crs crs;
    const char *problem = NULL;
    int rc = read_crs(&in, &crs);
    rc = rc ? rc : read_geometry(&in);
    rc = rc ? rc : wijk_shape_deliver(wkb, &problem, &shape, crs);
    if (!rc && problem) {
        rc = wijk_fail(WIJK_EFORMAT, "De vorm (WKT) is leeg of ligt buiten Nederland (%s).",
                       "The shape (WKT) is empty or lies outside the Netherlands (%s).", problem);
    }
    wijk_shape_free(&shape);
    return rc;
}
