/* How long the map of the country takes, and how large it is on the wire, beside the dumbest method
 * that draws the same picture: one <path> with a title per area. Usage: bench_map FILE.wijk */
#include "wijk/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define ROUNDS 40

static const char *const codes[] = {"population", "woz_value", "owner_share", "density",
                                    "crime_total_per_1000"};
enum { CODES = sizeof codes / sizeof *codes };

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Bytes after gzip -6. */
static size_t wire_size(const wijk_str *svg)
{
    z_stream z = {0};
    size_t room = compressBound((uLong)svg->size) + 64, size = 0;
    Bytef *out = malloc(room);
    if (out && deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) {
        z.next_in = (Bytef *)svg->data;
        z.avail_in = (uInt)svg->size;
        z.next_out = out;
        z.avail_out = (uInt)room;
        if (deflate(&z, Z_FINISH) == Z_STREAM_END) {
            size = z.total_out;
        }
        deflateEnd(&z);
    }
    free(out);
    return size;
}

/* The dumbest method: every area its own element, with its class, name and value. */
static int per_area(wijk_str *out, wijk_store *store, int indicator, int period, int vintage)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT a.code, a.name, p.path, v.value FROM area a JOIN area_path p ON "
               "p.area_id=a.id AND p.scale=0 LEFT JOIN layer_value v ON v.indicator_id=?1 AND "
               "v.level=3 AND v.vintage=?2 AND v.period=?3 AND v.area_id=a.id WHERE a.level=3 AND "
               "a.vintage=?2");
    int rc;
    wijk_str_clear(out);
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, vintage);
    wijk_bind_int(stmt, 3, period);
    while ((rc = wijk_step(stmt)) == 1) {
        wijk_str_addf(out, "<path id=\"%s\" class=\"q3\" d=\"%s\"><title>%s: %g</title></path>",
                      wijk_col_text(stmt, 0), wijk_col_text(stmt, 2), wijk_col_text(stmt, 1),
                      wijk_col_double(stmt, 3));
    }
    return rc ? rc : wijk_str_status(out);
}

typedef struct {
    double times[ROUNDS * CODES], naive[ROUNDS * CODES];
    size_t count, bytes, wire, naive_bytes, naive_wire;
} result;

static int measure(result *out, wijk_store *store, const wijk_registry *registry, const char *code)
{
    wijk_arena *arena = NULL;
    wijk_figure figure = WIJK_FIGURE_INIT;
    wijk_str naive = WIJK_STR_INIT;
    const wijk_figure_style style = {.lang = WIJK_NL, .width = 720};
    const wijk_indicator *indicator = wijk_indicator_by_code(registry, code);
    int(*periods)[2] = NULL;
    size_t have = 0;
    int rc = wijk_arena_new(&arena, 0);
    if (!rc && indicator) {
        rc = wijk_map_periods(&periods, &have, store, arena, indicator->id, WIJK_BUURT);
    }
    int period = have ? periods[0][0] : 0, vintage = have ? periods[0][1] : 0;
    for (int round = 0; have && round < ROUNDS && !rc; round++) {
        const wijk_map map = {
            .kind = WIJK_MAP_COUNTRY, .level = WIJK_BUURT, .indicator = indicator->id};
        double start = wijk_now();
        rc = wijk_figure_map(&figure, store, registry, arena, &style, &map);
        out->times[out->count] = wijk_now() - start;
        start = wijk_now();
        rc = rc ? rc : per_area(&naive, store, indicator->id, period, vintage);
        out->naive[out->count++] = wijk_now() - start;
        wijk_arena_reset(arena);
    }
    if (!rc && have) {
        size_t wire = wire_size(&figure.svg), naive_wire = wire_size(&naive);
        out->bytes = figure.svg.size > out->bytes ? figure.svg.size : out->bytes;
        out->wire = wire > out->wire ? wire : out->wire;
        out->naive_bytes = naive.size > out->naive_bytes ? naive.size : out->naive_bytes;
        out->naive_wire = naive_wire > out->naive_wire ? naive_wire : out->naive_wire;
    }
    wijk_str_free(&naive);
    wijk_figure_free(&figure);
    wijk_arena_free(arena);
    return rc;
}

static void print(const char *what, double *times, size_t count, size_t bytes, size_t wire)
{
    qsort(times, count, sizeof *times, by_number);
    printf("%-44s median %6.1f ms  p99 %6.1f ms  %5.2f MB, %5.2f MB compressed\n", what,
           times[count / 2] * 1e3, times[count * 99 / 100] * 1e3, (double)bytes / 1e6,
           (double)wire / 1e6);
}

int main(int argc, char **argv)
{
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    static result found;
    int rc = wijk_store_open(&store, argc > 1 ? argv[1] : "nederland.wijk", WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&registry, store);
    for (int i = 0; i < CODES && !rc; i++) {
        rc = measure(&found, store, registry, codes[i]);
    }
    if (rc || !found.count) {
        fprintf(stderr, "bench_map: %s\n", rc ? wijk_error(WIJK_EN) : "no buurten with figures");
    } else {
        print("country by buurt, limit 60 ms and 1.5 MB", found.times, found.count, found.bytes,
              found.wire);
        print("  dumbest: one path and title per buurt", found.naive, found.count,
              found.naive_bytes, found.naive_wire);
    }
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc || !found.count;
}
