/* GeoJSON (RFC 7946): one feature per area, its figures as flat properties, because GIS programs
 * make a column of each. A figure's band, period and flags stand beside it under the same name with
 * a tail, and only where there are any. */
#include "figure/export.h"

#include <math.h>
#include <stdio.h>

static int head(wijk_export *export)
{
    wijk_str_add(&export->out, "{\"type\":\"FeatureCollection\",");
    if (export->rd) {
        wijk_str_add(&export->out, "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
                                   "\"urn:ogc:def:crs:EPSG::28992\"}},");
    }
    wijk_str_add(&export->out, "\"features\":[");
    return wijk_str_status(&export->out);
}

static void tail(wijk_export *export)
{
    wijk_str_add(&export->out, "\n]}\n");
}

/* A fixed number of decimals without the trailing zeros that printf leaves. */
static void coordinate(wijk_str *out, double value, int decimals)
{
    char digits[48];
    int size = snprintf(digits, sizeof digits, "%.*f", decimals, value);
    while (size > 1 && digits[size - 1] == '0') {
        size--;
    }
    wijk_str_addn(out, digits, (size_t)(digits[size - 1] == '.' ? size - 1 : size));
}

static void point(const wijk_export *export, wijk_str *out, const double *xy)
{
    double x = xy[0], y = xy[1];
    if (!export->rd) {
        wijk_rd_to_wgs84(&x, &y, xy[0], xy[1]);
    }
    wijk_str_addc(out, '[');
    coordinate(out, x, export->rd ? 2 : 6);
    wijk_str_addc(out, ',');
    coordinate(out, y, export->rd ? 2 : 6);
    wijk_str_addc(out, ']');
}

static double signed_area(const double *xy, size_t points)
{
    double twice = 0;
    for (size_t i = 0, j = points - 1; i < points; j = i++) {
        /* Relative to the first point: RD numbers are large and their products lose digits. */
        twice += (xy[2 * j] - xy[0]) * (xy[2 * i + 1] - xy[1]) -
                 (xy[2 * i] - xy[0]) * (xy[2 * j + 1] - xy[1]);
    }
    return twice / 2;
}

/* RFC 7946 wants outer rings counter-clockwise and holes clockwise; the loaded ones are not always.
 */
static void ring(const wijk_export *export, wijk_str *out, size_t number)
{
    const wijk_shape *shape = &export->shape;
    const double *xy = shape->xy + 2 * shape->ring[number];
    size_t points = shape->ring[number + 1] - shape->ring[number];
    int backwards = (signed_area(xy, points) < 0) != (shape->hole[number] != 0);
    wijk_str_addc(out, '[');
    for (size_t i = 0; i <= points; i++) {
        size_t at = i % points;
        if (i) {
            wijk_str_addc(out, ',');
        }
        point(export, out, xy + 2 * (backwards ? (points - at) % points : at));
    }
    wijk_str_addc(out, ']');
}

static int geometry(wijk_export *export, const wijk_area *area)
{
    wijk_str *out = &export->out;
    const void *wkb;
    size_t size;
    int rc = export_shape(&wkb, &size, &export->wkb, export->walk.store, area);
    if (!rc && size) {
        rc = wijk_wkb_parse(&export->shape, wkb, size);
    }
    if (rc || !size || !export->shape.rings) {
        wijk_str_add(out, "null");
        return rc;
    }
    wijk_str_add(out, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (size_t i = 0; i < export->shape.rings; i++) {
        int outer = !export->shape.hole[i];
        wijk_str_add(out, !i ? "[" : outer ? "],[" : ",");
        ring(export, out, i);
    }
    wijk_str_add(out, "]]}");
    return WIJK_OK;
}

static void named_text(wijk_str *out, const char *key, const char *value)
{
    wijk_str_addf(out, ",\"%s\":", key);
    wijk_str_addq(out, value);
}

/* The key comes from a registry or from a user's own file: it is escaped like any text. */
static void key_with_tail(wijk_str *out, const char *key, const char *tail_of_key)
{
    wijk_str_addc(out, ',');
    wijk_str_addq(out, key);
    if (*tail_of_key) {
        out->size--; /* the closing quote moves behind the tail */
        wijk_str_add(out, tail_of_key);
        wijk_str_addc(out, '"');
    }
    wijk_str_addc(out, ':');
}

static void figure(wijk_export *export, const wijk_value *value)
{
    wijk_str *out = &export->out;
    const wijk_indicator *it = wijk_indicator_by_id(export->walk.registry, value->indicator);
    const wijk_load_info *load = wijk_load_by_id(export->walk.registry, value->load);
    char words[96];
    key_with_tail(out, it->code, "");
    wijk_str_addg(out, value->value);
    key_with_tail(out, it->code, "_period");
    wijk_str_addi(out, value->period);
    if (isfinite(value->low) && isfinite(value->high) && value->low < value->high) {
        key_with_tail(out, it->code, "_low");
        wijk_str_addg(out, value->low);
        key_with_tail(out, it->code, "_high");
        wijk_str_addg(out, value->high);
    }
    if (value->flags) {
        key_with_tail(out, it->code, "_flags");
        wijk_str_addq(out, export_flag_words(words, sizeof words, value->flags));
    }
    if (value->mark != WIJK_MARK_VALUE) {
        key_with_tail(out, it->code, "_mark");
        wijk_str_addq(out, export_mark_word(value->mark));
    }
    if (value->origin != WIJK_PUBLISHED) {
        key_with_tail(out, it->code, "_origin");
        wijk_str_addq(out, export_origin_word(value->origin));
    }
    if (load) {
        key_with_tail(out, it->code, "_source");
        wijk_str_addq(out, load->code);
    }
}

static int area(wijk_export *export, const wijk_facts *facts)
{
    wijk_str *out = &export->out;
    const wijk_area *it = &facts->area;
    wijk_str_add(out, export->rows++ ? ",\n" : "\n");
    wijk_str_add(out, "{\"type\":\"Feature\",\"id\":");
    wijk_str_addq(out, it->code);
    wijk_str_add(out, ",\"properties\":{\"code\":");
    wijk_str_addq(out, it->code);
    named_text(out, "name", it->name);
    named_text(out, "level", wijk_level_word(it->level));
    wijk_str_addf(out, ",\"vintage\":%d", it->vintage);
    named_text(out, "gemeente", it->gemeente);
    if (it->fictional) {
        wijk_str_add(out, ",\"fictional\":true");
    }
    for (size_t i = 0; i < facts->count;) {
        int indicator = facts->values[i].indicator;
        const wijk_value *value = wijk_facts_find(facts, indicator, export->walk.selection.period);
        if (value && export_wants_indicator(&export->walk, indicator)) {
            figure(export, value);
        }
        while (i < facts->count && facts->values[i].indicator == indicator) {
            i++;
        }
    }
    wijk_str_add(out, "},\"geometry\":");
    int rc = geometry(export, it);
    wijk_str_addc(out, '}');
    return rc;
}

const export_format export_geojson = {head, area, tail};
