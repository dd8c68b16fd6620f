/* Overlay and coordinates on the real maps: against GEOS pair by pair, and the same wijken
 * published in two coordinate systems. */
#include "../geo_fixture.h"

#include "areas/overlay.h"

#include <geos_c.h>

typedef struct {
    wijk_sweep *sweep;
    int map;
    wijk_shape *shapes;
    char (*codes)[16];
    double *areas;
    size_t count, room;
    const char *code; /* property */
} layer;

static int on_shape(void *payload, const wijk_feature *feature)
{
    layer *in = payload;
    if (feature->problem) {
        return 0;
    }
    assert_true(in->count < in->room);
    wijk_measure m;
    must(wijk_wkb_parse(&in->shapes[in->count], feature->wkb, feature->size));
    must(wijk_shape_measure(&m, &in->shapes[in->count]));
    for (size_t i = 0; i < feature->count; i++) {
        if (!strcmp(feature->properties[i].name, in->code)) {
            snprintf(in->codes[in->count], sizeof *in->codes, "%s", feature->properties[i].value);
        }
    }
    if (in->sweep) {
        must(wijk_sweep_add(in->sweep, in->map, &in->shapes[in->count], m.area));
    }
    in->areas[in->count++] = m.area;
    return 0;
}

static void read_layer(layer *out, wijk_sweep *sweep, const char *file, const char *code)
{
    enum { ROOM = 5000 };
    *out = (layer){.sweep = sweep, .room = ROOM, .code = code};
    out->shapes = calloc(ROOM, sizeof *out->shapes);
    out->codes = calloc(ROOM, sizeof *out->codes);
    out->areas = calloc(ROOM, sizeof *out->areas);
    if (sweep) {
        must(wijk_sweep_map(&out->map, sweep));
    }
    FILE *pipe = unpacked(file);
    must(wijk_geojson_read(read_pipe, pipe, file, on_shape, out, NULL));
    pclose(pipe);
}

static void free_layer(layer *in)
{
    for (size_t i = 0; i < in->count; i++) {
        wijk_shape_free(&in->shapes[i]);
    }
    free(in->shapes);
    free(in->codes);
    free(in->areas);
}

/* Valid, because GEOS refuses to intersect anything else: that is why the sweep exists. */
static GEOSGeometry *valid_of(GEOSContextHandle_t geos, const wijk_shape *shape)
{
    wijk_str wkb = WIJK_STR_INIT;
    must(wijk_wkb_write(&wkb, shape));
    GEOSWKBReader *reader = GEOSWKBReader_create_r(geos);
    GEOSGeometry *raw =
        GEOSWKBReader_read_r(geos, reader, (const unsigned char *)wkb.data, wkb.size);
    GEOSGeometry *valid = GEOSMakeValid_r(geos, raw);
    GEOSGeom_destroy_r(geos, raw);
    GEOSWKBReader_destroy_r(geos, reader);
    wijk_str_free(&wkb);
    return valid;
}

/* Every overlap of every seventh wijk of 2022 with the postcodes, by area: the weights are the
 * wijken themselves, so that land counts where the wijk is. */
static void test_overlap_of_real_maps(void **state)
{
    (void)state;
    if (!have("boundaries/nl_pc4_2020_rd_s25.geojson.zst")) {
        skip();
    }
    wijk_sweep *sweep;
    must(wijk_sweep_new(&sweep, 20));
    layer wijken, postcodes;
    read_layer(&wijken, sweep, "boundaries/nl_wijk_2022_rd.geojson.zst", "code");
    read_layer(&postcodes, sweep, "boundaries/nl_pc4_2020_rd_s25.geojson.zst", "pc4");
    double *people = calloc(wijken.count, sizeof *people);
    uint32_t *label = calloc(5000, sizeof *label);
    for (uint32_t i = 0; i < 5000; i++) {
        label[i] = i;
    }
    wijk_sweep_pair pair = {wijken.map, postcodes.map, label, label, NULL, 0};
    double start = wijk_now();
    must(wijk_sweep_run(sweep, wijken.map, people, &pair, 1, NULL));
    print_message("sweep of wijken and postcodes: %zu overlaps in %.2f s\n", pair.count,
                  wijk_now() - start);
    GEOSContextHandle_t geos = GEOS_init_r();
    size_t compared = 0;
    double worst = 0, off = 0, all = 0;
    for (size_t i = 0; i < pair.count; i++) {
        const wijk_overlap *at = &pair.overlaps[i];
        if (at->b == WIJK_NO_LABEL || at->a % 7 || wijken.areas[at->a] < 1e5) {
            continue;
        }
        GEOSGeometry *a = valid_of(geos, &wijken.shapes[at->a]);
        GEOSGeometry *b = valid_of(geos, &postcodes.shapes[at->b]);
        GEOSGeometry *both = GEOSIntersection_r(geos, a, b);
        double area = 0;
        GEOSArea_r(geos, both, &area);
        double difference = fabs(area - at->land);
        worst = fmax(worst, difference / wijken.areas[at->a]);
        off += difference;
        all += area;
        compared++;
        GEOSGeom_destroy_r(geos, both);
        GEOSGeom_destroy_r(geos, a);
        GEOSGeom_destroy_r(geos, b);
    }
    GEOS_finish_r(geos);
    print_message("against GEOS: %zu overlaps, worst off %.2f%% of its wijk, in all %.3f%%\n",
                  compared, 100 * worst, 100 * off / all);
    assert_true(compared > 500);
    assert_true(off / all < 0.005);
    assert_true(worst < 0.05); /* two postcodes that overlap: the smaller holds the ground */
    wijk_free(pair.overlaps);
    wijk_sweep_free(sweep);
    free(people);
    free(label);
    free_layer(&wijken);
    free_layer(&postcodes);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The wijken around The Hague come in WGS84 (2022) and in RD (2016). Some borders were redrawn in
 * between, so single corners differ; a wrong conversion would shift all. The median shift of the
 * four sides must be within the polynomial's half metre and the whole metres of the RD file. */
static void test_two_systems(void **state)
{
    (void)state;
    if (!have("boundaries/haaglanden_wijk_wgs84.geojson.zst")) {
        skip();
    }
    layer degrees, metres;
    read_layer(&degrees, NULL, "boundaries/haaglanden_wijk_wgs84.geojson.zst", "WK_CODE");
    read_layer(&metres, NULL, "boundaries/nl_wijk_2016_rd.geojson.zst", "WKC");
    double shift[4][200];
    size_t found = 0;
    for (size_t i = 0; i < degrees.count; i++) {
        for (size_t k = 0; k < metres.count; k++) {
            if (strcmp(degrees.codes[i], metres.codes[k]) != 0) {
                continue;
            }
            wijk_measure a, b;
            must(wijk_shape_measure(&a, &degrees.shapes[i]));
            must(wijk_shape_measure(&b, &metres.shapes[k]));
            shift[0][found] = a.x0 - b.x0;
            shift[1][found] = a.x1 - b.x1;
            shift[2][found] = a.y0 - b.y0;
            shift[3][found++] = a.y1 - b.y1;
        }
    }
    assert_true(found > 50);
    for (int side = 0; side < 4; side++) {
        qsort(shift[side], found, sizeof(double), by_value);
        double median = shift[side][found / 2];
        size_t close = 0;
        for (size_t i = 0; i < found; i++) {
            close += fabs(shift[side][i]) < 1;
        }
        print_message(
            "WGS84 against RD, side %d of %zu wijken: median shift %.2f m, within 1 m: %zu\n", side,
            found, median, close);
        assert_true(fabs(median) < 0.75);
    }
    free_layer(&degrees);
    free_layer(&metres);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_overlap_of_real_maps),
                                       cmocka_unit_test(test_two_systems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
