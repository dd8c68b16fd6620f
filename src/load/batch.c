/* Sorting by (area, indicator, period) is an LSD radix sort on three keys: files are large, keys
 * are small numbers, and a stable sort keeps "the first stays" true. */
#include "load/batch.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/map.h"
#include "wijk/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 8 << 20 }; /* facts held at once: 256 MiB */

void wijk_batch_free(wijk_batch *batch)
{
    wijk_free(batch->list);
    batch->list = NULL;
    batch->count = batch->room = 0;
}

int wijk_batch_add(wijk_batch *batch, wijk_fact fact)
{
    if (batch->count == batch->room) {
        size_t room = batch->room ? batch->room * 2 : 4096;
        if (room > MOST) {
            return wijk_fail(WIJK_ELIMIT,
                             "Meer dan %d getallen in één bestand. Deel het bestand op.",
                             "More than %d figures in one file. Split the file.", MOST);
        }
        wijk_fact *list = wijk_realloc(batch->list, room * sizeof *list);
        if (!list) {
            return WIJK_ENOMEM;
        }
        batch->list = list;
        batch->room = room;
    }
    batch->list[batch->count++] = fact;
    return WIJK_OK;
}

static int before(const wijk_fact *a, const wijk_fact *b)
{
    if (a->area != b->area) {
        return a->area < b->area;
    }
    return a->indicator != b->indicator ? a->indicator < b->indicator : a->period < b->period;
}

static uint32_t digit(const wijk_fact *fact, int pass)
{
    switch (pass) {
    case 0:
        return (uint32_t)fact->period & 0xFFFF;
    case 1:
        return (uint32_t)fact->period >> 16;
    case 2:
        return fact->indicator;
    case 3:
        return fact->area & 0xFFFF;
    default:
        return fact->area >> 16;
    }
}

/* Stable; a pass whose digit is the same everywhere costs one look. */
static int sort(wijk_batch *batch)
{
    int sorted = 1;
    for (size_t i = 1; i < batch->count && sorted; i++) {
        sorted = !before(&batch->list[i], &batch->list[i - 1]);
    }
    if (sorted) {
        return WIJK_OK;
    }
    wijk_fact *other = wijk_alloc(batch->count * sizeof *other);
    uint32_t *starts = wijk_alloc(65536 * sizeof *starts);
    wijk_fact *from = batch->list, *to = other;
    for (int pass = 0; other && starts && pass < 5; pass++) {
        memset(starts, 0, 65536 * sizeof *starts);
        for (size_t i = 0; i < batch->count; i++) {
            starts[digit(&from[i], pass)]++;
        }
        if (starts[digit(&from[0], pass)] == batch->count) {
            continue;
        }
        for (uint32_t i = 0, sum = 0; i < 65536; i++) {
            uint32_t n = starts[i];
            starts[i] = sum;
            sum += n;
        }
        for (size_t i = 0; i < batch->count; i++) {
            to[starts[digit(&from[i], pass)]++] = from[i];
        }
        wijk_fact *swap = from;
        from = to;
        to = swap;
    }
    int rc = other && starts ? WIJK_OK : WIJK_ENOMEM;
    batch->room = from == batch->list ? batch->room : batch->count;
    wijk_free(from == batch->list ? other : batch->list);
    batch->list = from;
    wijk_free(starts);
    return rc;
}

/* Joins equal keys: a sum has the marks of its parts; otherwise the first value stays. */
static void join(wijk_batch *batch)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        wijk_fact *last = kept ? &batch->list[kept - 1] : NULL;
        const wijk_fact *fact = &batch->list[i];
        if (!last || before(last, fact)) {
            batch->list[kept++] = *fact;
        } else if (batch->adds[fact->rule]) {
            last->value += fact->value;
            last->parts = (uint16_t)(last->parts + (last->parts < UINT16_MAX));
            last->mark = last->mark > fact->mark ? last->mark : fact->mark;
        } else {
            batch->doubles++;
        }
    }
    batch->count = kept;
}

/* Which (indicator, period) have a value at all. */
static int find_filled(wijk_map *filled, const wijk_batch *batch)
{
    int rc = WIJK_OK;
    int64_t last = -1;
    for (size_t i = 0; i < batch->count && !rc; i++) {
        const wijk_fact *fact = &batch->list[i];
        int64_t key = (int64_t)fact->indicator << 32 | (uint32_t)fact->period, seen;
        if (!fact->mark && key != last &&
            !wijk_map_get(filled, (const char *)&key, sizeof key, &seen)) {
            rc = wijk_map_set(filled, (const char *)&key, sizeof key, 1);
        }
        last = key;
    }
    return rc;
}

static int store_fact(wijk_batch *batch, wijk_stmt *stmt, const wijk_fact *fact, int64_t load)
{
    double half = batch->halves[fact->rule];
    wijk_bind_int(stmt, 1, fact->area);
    wijk_bind_int(stmt, 2, fact->indicator);
    wijk_bind_int(stmt, 3, fact->period);
    wijk_bind_int(stmt, 4, load);
    if (fact->mark) {
        wijk_bind_null(stmt, 5);
    } else {
        wijk_bind_double(stmt, 5, fact->value);
    }
    wijk_bind_double(stmt, 6, half > 0 ? half * fact->parts : half);
    wijk_bind_int(stmt, 7, fact->mark);
    batch->kept += fact->mark == 0;
    batch->missing += fact->mark == 1;
    batch->secret += fact->mark == 2;
    return wijk_step(stmt);
}

int wijk_batch_store(wijk_batch *batch, wijk_store *store, int64_t load, wijk_ctx *ctx)
{
    if (!batch->count) {
        return WIJK_OK;
    }
    wijk_map *filled = NULL;
    int rc = sort(batch);
    if (rc) {
        return rc;
    }
    join(batch);
    rc = wijk_map_new(&filled);
    rc = rc ? rc : find_filled(filled, batch);
    wijk_stmt *stmt =
        wijk_store_sql(store, "INSERT INTO observation(area_id, indicator_id, period, load_id, "
                              "value, half, mark) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    rc = rc || stmt ? rc : WIJK_EDB;
    for (size_t i = 0; i < batch->count && !rc; i++) {
        const wijk_fact *fact = &batch->list[i];
        if (fact->mark == 1) {
            int64_t key = (int64_t)fact->indicator << 32 | (uint32_t)fact->period, seen;
            if (!wijk_map_get(filled, (const char *)&key, sizeof key, &seen)) {
                continue;
            }
        }
        rc = store_fact(batch, stmt, fact, load);
        if (i % 65536 == 0 && !rc) {
            rc = wijk_checkpoint(ctx);
        }
    }
    wijk_map_free(filled);
    return rc;
}
