/* Any bytes as a table of a known layout, through the mapping into a real file: the first byte
 * chooses the layout. Whatever comes, the file keeps its invariants. */
#include "wijk/load.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"cbs_pc4_2020_v1.csv",
                                    "kwb_2020_gm0363_amsterdam_subset.csv",
                                    "nodes_sex.csv",
                                    "edges_sex.csv",
                                    "ams_buurt_tenure_2005_2017.csv",
                                    "lbm2_wijk_change_2012_2016.csv",
                                    "ams_overgang_2005_2010_2015_buurten.csv",
                                    "vektis_2023_municipality_benchmark.csv",
                                    "ams_buurt_crosswalk_2015_2022_wkt.csv",
                                    "nl_wijk_2022_rd.geojson"};

static wijk_store *store;
static wijk_registry *registry;
static wijk_sources *sources;

static char path[256];

static void close_file(void)
{
    static const char *const tails[] = {"", "-wal", "-shm", ".lock"};
    wijk_registry_free(registry);
    wijk_store_close(store);
    for (size_t i = 0; i < 4; i++) {
        char name[300];
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        unlink(name);
    }
}

/* A fresh file now and then: facts cannot be deleted, and a full one would slow the search. */
static void open_file(void)
{
    const char *folder = getenv("WIJK_TMP");
    if (store) {
        close_file();
    } else {
        atexit(close_file);
    }
    snprintf(path, sizeof path, "%s/fuzz_mapping_%d.wijk", folder ? folder : "/tmp", (int)getpid());
    unlink(path);
    if (wijk_store_open(&store, path, WIJK_STORE_CREATE) || wijk_registry_open(&registry, store) ||
        (!sources && wijk_sources_open(&sources))) {
        abort();
    }
}

/* Not one row may say that it is a number and a mark, or that its area is nowhere. */
static void check(void)
{
    int64_t wrong = 0;
    if (wijk_run_int(&wrong,
                     wijk_store_sql(store, "SELECT count(*) FROM observation o LEFT JOIN area a ON "
                                           "a.id = o.area_id WHERE (mark = 0) <> (value IS NOT "
                                           "NULL) OR a.id IS NULL OR period < 1900"),
                     0) ||
        wrong) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned inputs;
    if (inputs++ % 1000 == 0) {
        open_file();
    }
    if (!size) {
        return 0;
    }
    wijk_load_report report;
    wijk_load_options options = {.sources = sources};
    int rc = wijk_load_bytes(&report, store, registry, names[data[0] % 10], data + 1, size - 1,
                             &options, NULL);
    if (!rc && report.load) {
        check();
    }
    wijk_load_report_free(&report);
    return 0;
}
