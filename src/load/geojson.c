/* A streaming GeoJSON reader: one feature in memory, never the file (RFC 7946; the `crs` member of
 * the 2008 draft, which Dutch files in RD need, is read too). Members may come in any order, so a
 * shape is judged when its feature ends. */
#include "load/json.h"
#include "load/shapes.h"
#include "wijk/geofile.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <string.h>

enum { LEVELS = 8 }; /* arrays that may be open inside `coordinates`; a MultiPolygon opens four */

typedef struct {
    wijk_json json;
    wijk_feature_fn on_feature;
    void *payload;
    wijk_ctx *ctx;
    enum wijk_crs crs;
    size_t features;
    wijk_str key, word; /* scratch: the member at hand */
    wijk_str text;      /* names and values of the present feature's properties, NUL after each */
    size_t *offset;     /* where property i's name [2i] and value [2i + 1] begin in `text` */
    wijk_property *list;
    size_t properties, room;
    wijk_shape shape;
    wijk_str wkb;
    char type[24]; /* of the present geometry */
    char top[24];  /* of the file */
    int depth;     /* array in which positions lie: 1 Polygon, 2 MultiPolygon; -1 none yet, -2
                      neither */
    int ring_open;
    int has_geometry; /* the present feature has one that is not null */
    int saw_features;
} reader;

/* ---- geometry --------------------------------------------------------------------------- */

/* A position, its '[' taken, in the array at `level`; place[l]: elements before it at level l. */
static int read_position(reader *in, int level, const size_t *place)
{
    double xy[2] = {0, 0}, value;
    int count = 0, first = 1, rc;
    while ((rc = wijk_json_next(&in->json, &first, ']')) == 1) {
        rc = wijk_json_number(&value, &in->json);
        if (rc) {
            return rc;
        }
        if (count < 2) {
            xy[count++] = value;
        }
    }
    if (in->depth == -1 && (level == 1 || level == 2)) {
        in->depth = level;
    }
    if (!rc && in->depth == level && place[level] == 0) {
        rc = wijk_shape_begin(&in->shape, place[level - 1] > 0);
        in->ring_open = 1;
    }
    if (rc || in->depth != level || count < 2 || !in->ring_open) {
        in->depth = -2;
        return rc;
    }
    return wijk_shape_point(&in->shape, xy[0], xy[1]);
}

/* One element of the array at *level: a position is read, an array is entered. */
static int read_element(reader *in, int *level, size_t *place)
{
    if (wijk_json_peek(&in->json) != '[') { /* the bare numbers of a Point */
        in->depth = -2;
        place[*level]++;
        return wijk_json_skip(&in->json);
    }
    int rc = wijk_json_expect(&in->json, '[');
    int next = wijk_json_peek(&in->json);
    if (rc || next < 0) {
        return rc ? rc : wijk_json_broken(&in->json);
    }
    if (next != '[' && next != ']') {
        rc = read_position(in, *level, place);
        place[*level]++;
        return rc;
    }
    if (++*level == LEVELS) {
        return wijk_fail(WIJK_ELIMIT, "%s, regel %zu: een vorm is te diep genest.",
                         "%s, line %zu: a shape is nested too deep.", in->json.what, in->json.line);
    }
    place[*level] = 0;
    return WIJK_OK;
}

static int read_coordinates(reader *in)
{
    size_t place[LEVELS] = {0};
    int level = 0;
    wijk_shape_clear(&in->shape);
    in->depth = -1;
    in->ring_open = 0;
    int rc = wijk_json_peek(&in->json) == '[' ? wijk_json_expect(&in->json, '[')
                                              : wijk_json_broken(&in->json);
    while (!rc) {
        int first = place[level] == 0;
        rc = wijk_json_next(&in->json, &first, ']');
        if (rc < 0) {
            break;
        }
        if (rc == 1) {
            rc = read_element(in, &level, place);
            continue;
        }
        if (in->ring_open) {
            wijk_shape_end(&in->shape);
            in->ring_open = 0;
        }
        if (level-- == 0) {
            break;
        }
        place[level]++;
    }
    return rc;
}

static int short_word(char out[24], reader *in)
{
    if (wijk_json_peek(&in->json) != '"') {
        return wijk_json_skip(&in->json);
    }
    int rc = wijk_json_string(&in->word, &in->json);
    size_t size = in->word.size < 23 ? in->word.size : 23;
    memcpy(out, wijk_str_text(&in->word), size);
    out[size] = 0;
    return rc;
}

static int read_geometry(reader *in)
{
    if (wijk_json_peek(&in->json) != '{') {
        return wijk_json_skip(&in->json);
    }
    in->has_geometry = 1;
    int first = 1, rc = wijk_json_expect(&in->json, '{');
    while (!rc && (rc = wijk_json_next(&in->json, &first, '}')) == 1) {
        rc = wijk_json_key(&in->key, &in->json);
        if (rc) {
            break;
        }
        const char *key = wijk_str_text(&in->key);
        rc = !strcmp(key, "type")          ? short_word(in->type, in)
             : !strcmp(key, "coordinates") ? read_coordinates(in)
                                           : wijk_json_skip(&in->json);
    }
    return rc;
}

/* ---- features --------------------------------------------------------------------------- */

static int more_properties(reader *in)
{
    if (in->properties == WIJK_MAX_COLUMNS) {
        return wijk_fail(WIJK_ELIMIT, "%s, regel %zu: meer dan %u eigenschappen bij één vorm.",
                         "%s, line %zu: more than %u properties with one shape.", in->json.what,
                         in->json.line, WIJK_MAX_COLUMNS);
    }
    if (in->properties < in->room) {
        return WIJK_OK;
    }
    size_t room = in->room ? in->room * 2 : 32;
    size_t *offset = wijk_realloc(in->offset, 2 * room * sizeof *offset);
    if (!offset) {
        return WIJK_ENOMEM;
    }
    in->offset = offset;
    wijk_property *list = wijk_realloc(in->list, room * sizeof *list);
    if (!list) {
        return WIJK_ENOMEM;
    }
    in->list = list;
    in->room = room;
    return WIJK_OK;
}

static int read_properties(reader *in)
{
    if (wijk_json_peek(&in->json) != '{') {
        return wijk_json_skip(&in->json);
    }
    int first = 1, rc = wijk_json_expect(&in->json, '{');
    while (!rc && (rc = wijk_json_next(&in->json, &first, '}')) == 1) {
        rc = more_properties(in);
        rc = rc ? rc : wijk_json_key(&in->key, &in->json);
        if (rc) {
            break;
        }
        in->offset[2 * in->properties] = in->text.size;
        wijk_str_addn(&in->text, wijk_str_text(&in->key), in->key.size + 1);
        in->offset[2 * in->properties + 1] = in->text.size;
        rc = wijk_json_text(&in->text, &in->json);
        wijk_str_addc(&in->text, 0);
        in->properties++;
        rc = rc ? rc : wijk_str_status(&in->text);
    }
    return rc;
}

static void begin_feature(reader *in)
{
    wijk_str_clear(&in->text);
    wijk_shape_clear(&in->shape);
    in->properties = 0;
    in->type[0] = 0;
    in->has_geometry = 0;
    in->depth = -1;
}

static int judge_shape(reader *in, const char **problem)
{
    int polygon = !strcmp(in->type, "Polygon"), multi = !strcmp(in->type, "MultiPolygon");
    *problem = !in->has_geometry                ? "no shape"
               : !polygon && !multi             ? "not a polygon"
               : in->depth == -1                ? "empty shape"
               : in->depth != (polygon ? 1 : 2) ? "bad shape"
                                                : NULL;
    return *problem ? WIJK_OK : wijk_shape_deliver(&in->wkb, problem, &in->shape, in->crs);
}

static int deliver(reader *in)
{
    wijk_feature feature = {.number = ++in->features, .count = in->properties};
    int rc = judge_shape(in, &feature.problem);
    if (rc) {
        return rc;
    }
    for (size_t i = 0; i < in->properties; i++) {
        in->list[i].name = in->text.data + in->offset[2 * i];
        in->list[i].value = in->text.data + in->offset[2 * i + 1];
    }
    feature.properties = in->list;
    if (!feature.problem) {
        feature.wkb = in->wkb.data;
        feature.size = in->wkb.size;
    }
    rc = in->on_feature(in->payload, &feature);
    return rc ? rc : wijk_checkpoint(in->ctx);
}

static int read_feature(reader *in)
{
    begin_feature(in);
    int first = 1, rc = wijk_json_expect(&in->json, '{');
    while (!rc && (rc = wijk_json_next(&in->json, &first, '}')) == 1) {
        rc = wijk_json_key(&in->key, &in->json);
        if (rc) {
            break;
        }
        const char *key = wijk_str_text(&in->key);
        rc = !strcmp(key, "properties") ? read_properties(in)
             : !strcmp(key, "geometry") ? read_geometry(in)
                                        : wijk_json_skip(&in->json);
    }
    return rc ? rc : deliver(in);
}

static int read_features(reader *in)
{
    in->saw_features = 1;
    int first = 1, rc = wijk_json_expect(&in->json, '[');
    while (!rc && (rc = wijk_json_next(&in->json, &first, ']')) == 1) {
        rc = read_feature(in);
    }
    return rc;
}

/* ---- the file --------------------------------------------------------------------------- */

static int judge_crs(reader *in)
{
    static const struct {
        const char *sign;
        enum wijk_crs crs;
    } known[] = {{"28992", WIJK_CRS_RD},
                 {"7415", WIJK_CRS_RD},
                 {"CRS84", WIJK_CRS_WGS84},
                 {"4326", WIJK_CRS_WGS84},
                 {"4258", WIJK_CRS_WGS84}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strstr(wijk_str_text(&in->word), known[i].sign)) {
            in->crs = known[i].crs;
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_EFORMAT,
                     "%s: coördinatenstelsel %.80s is onbekend; nodig is EPSG:28992 (RD) of WGS84.",
                     "%s: coordinate system %.80s is unknown; EPSG:28992 (RD) or WGS84 is needed.",
                     in->json.what, wijk_str_text(&in->word));
}

/* {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}: the first "name". */
static int read_crs(reader *in)
{
    int open = 0, rc = WIJK_OK;
    int first[2] = {1, 1};
    if (wijk_json_peek(&in->json) != '{') {
        return wijk_json_skip(&in->json);
    }
    rc = wijk_json_expect(&in->json, '{');
    while (!rc) {
        rc = wijk_json_next(&in->json, &first[open], '}');
        if (rc == 0 && open-- == 0) {
            return WIJK_OK;
        }
        if (rc <= 0) {
            continue;
        }
        rc = wijk_json_key(&in->key, &in->json);
        const char *key = wijk_str_text(&in->key);
        if (!rc && !open && !strcmp(key, "properties") && wijk_json_peek(&in->json) == '{') {
            first[open = 1] = 1;
            rc = wijk_json_expect(&in->json, '{');
        } else if (!rc && open && !strcmp(key, "name") && wijk_json_peek(&in->json) == '"') {
            rc = wijk_json_string(&in->word, &in->json);
            rc = rc ? rc : judge_crs(in);
        } else if (!rc) {
            rc = wijk_json_skip(&in->json);
        }
    }
    return rc;
}

static int read_member(reader *in)
{
    int rc = wijk_json_key(&in->key, &in->json);
    if (rc) {
        return rc;
    }
    const char *key = wijk_str_text(&in->key);
    return !strcmp(key, "type")         ? short_word(in->top, in)
           : !strcmp(key, "crs")        ? read_crs(in)
           : !strcmp(key, "features")   ? read_features(in)
           : !strcmp(key, "properties") ? read_properties(in)
           : !strcmp(key, "geometry")   ? read_geometry(in)
                                        : wijk_json_skip(&in->json);
}

static int read_file(reader *in)
{
    int first = 1, rc = wijk_json_expect(&in->json, '{');
    begin_feature(in);
    while (!rc && (rc = wijk_json_next(&in->json, &first, '}')) == 1) {
        rc = read_member(in);
    }
    if (!rc && (wijk_json_peek(&in->json) >= 0 || in->json.failed)) {
        rc = wijk_json_broken(&in->json);
    }
    if (!rc && !strcmp(in->top, "Feature") && !in->saw_features) {
        return deliver(in);
    }
    if (!rc && !in->saw_features) {
        rc = wijk_fail(WIJK_EFORMAT,
                       "%s: dit is JSON, maar geen GeoJSON met features (type \"%s\").",
                       "%s: this is JSON, but not GeoJSON with features (type \"%s\").",
                       in->json.what, in->top);
    }
    return rc;
}

int wijk_geojson_read(wijk_read_fn read, void *payload, const char *what,
                      wijk_feature_fn on_feature, void *feature_payload, wijk_ctx *ctx)
{
    reader *in = wijk_alloc(sizeof *in); /* the buffer in it is too large for a stack */
    if (!in) {
        return WIJK_ENOMEM;
    }
    in->on_feature = on_feature;
    in->payload = feature_payload;
    in->ctx = ctx;
    wijk_json_start(&in->json, read, payload, what);
    int rc = read_file(in);
    wijk_str_free(&in->key);
    wijk_str_free(&in->word);
    wijk_str_free(&in->text);
    wijk_str_free(&in->wkb);
    wijk_free(in->offset);
    wijk_free(in->list);
    wijk_shape_free(&in->shape);
    wijk_free(in);
    return rc;
}
