/* Reading who owns the homes of every postcode, and the short sentence on a page, beside the
 * dumbest method: all facts of every area through the door of one area. Usage: bench_grouping
 * FILE.wijk */
#include "bench.h"

#include "wijk/mix.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 9, PAGES = 300, NAIVE = 200 };

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median seconds of reading the country by postcode. */
static int read_country(double *took, size_t *areas, wijk_store *store,
                        const wijk_registry *registry, wijk_arena *arena)
{
    double times[ROUNDS];
    int rc = 0;
    for (int i = 0; !rc && i < ROUNDS; i++) {
        wijk_groupings groupings;
        wijk_grouped table;
        wijk_arena_reset(arena);
        double start = bench_now();
        rc = wijk_groupings_read(&groupings, registry, arena);
        rc = rc ? rc
                : wijk_grouped_read_all(&table, store, registry, arena,
                                        wijk_grouping_find(&groupings, "tenure"),
                                        (wijk_layer){WIJK_PC4, 2020, 2020}, 0);
        times[i] = bench_now() - start;
        *areas = rc ? 0 : table.areas;
    }
    qsort(times, ROUNDS, sizeof *times, by_number);
    *took = times[ROUNDS / 2];
    return rc;
}

/* Some buurten, spread over the country. */
static size_t some_areas(int64_t *out, wijk_store *store, int level, int vintage, int most)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT id FROM area WHERE level=?1 AND vintage=?2 "
                                            "ORDER BY (id*7919)%10007, id LIMIT ?3");
    size_t count = 0;
    wijk_bind_int(stmt, 1, level);
    wijk_bind_int(stmt, 2, vintage);
    wijk_bind_int(stmt, 3, most);
    while (wijk_step(stmt) == 1) {
        out[count++] = wijk_col_int(stmt, 0);
    }
    return count;
}

static double naive_country(size_t areas, wijk_store *store, const wijk_registry *registry,
                            wijk_arena *arena)
{
    int64_t ids[NAIVE];
    size_t count = some_areas(ids, store, WIJK_PC4, 2020, NAIVE);
    double start = bench_now();
    for (size_t i = 0; i < count; i++) {
        wijk_facts facts;
        wijk_arena_reset(arena);
        if (wijk_facts_reach(&facts, store, registry, arena, ids[i], WIJK_REACH_PUBLISHED)) {
            return 0;
        }
    }
    return count ? (bench_now() - start) / (double)count * (double)areas : 0;
}

static double short_sentence(wijk_store *store, const wijk_registry *registry, wijk_arena *arena)
{
    int64_t ids[PAGES];
    double times[PAGES];
    size_t count = some_areas(ids, store, WIJK_BUURT, 2024, PAGES), known = 0;
    for (size_t i = 0; i < count; i++) {
        wijk_area area;
        wijk_mix_short brief;
        wijk_arena_reset(arena);
        int64_t gemeente = 0; /* a page knows it already */
        if (wijk_area_get(&area, store, arena, ids[i]) ||
            wijk_area_gemeente(&gemeente, store, &area)) {
            return 0;
        }
        double start = bench_now();
        if (!wijk_mix_short_get(&brief, store, registry, arena, &area, gemeente, WIJK_NL)) {
            times[known++] = bench_now() - start;
        }
    }
    qsort(times, known, sizeof *times, by_number);
    return known ? times[known / 2] : 0;
}

int main(int argc, char **argv)
{
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    wijk_arena *arena = NULL;
    double took = 0;
    size_t areas = 0;
    int rc = argc == 2
                 ? wijk_store_open(&store, argv[1], WIJK_STORE_READ)
                 : wijk_fail(WIJK_EINVAL, "bench_grouping FILE.wijk", "bench_grouping FILE.wijk");
    rc = rc ? rc : wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : read_country(&took, &areas, store, registry, arena);
    if (rc) {
        fprintf(stderr, "bench_grouping: %s\n", wijk_error(WIJK_EN));
    } else {
        bench_line("tenure of every postcode, read", took * 1e3, 250, '>', "ms",
                   "facts area by area: %.0f ms (%zu areas)",
                   naive_country(areas, store, registry, arena) * 1e3, areas);
        bench_line("mix on the page of a buurt, median",
                   short_sentence(store, registry, arena) * 1e3, 1, '>', "ms",
                   "of the 5 ms that a page may take");
    }
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc != 0;
}
