/* Disclosure control for a coalition's own exact counts; see wijk/disclose.h for the rule. The
 * rounding draw is SipHash-2-4 (Aumasson & Bernstein 2012) of the cell's name under the file's
 * secret, so that nobody without the file can tell which way a count was rounded. */
#include "wijk/disclose.h"

#include "areas/facts.h"
#include "areas/registry.h"
#include "wijk/err.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t k0, k1;
} secret;

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static uint64_t siphash(secret key, const char *text, size_t size)
{
    uint64_t v[4] = {key.k0 ^ 0x736f6d6570736575ull, key.k1 ^ 0x646f72616e646f6dull,
                     key.k0 ^ 0x6c7967656e657261ull, key.k1 ^ 0x7465646279746573ull};
    for (size_t at = 0; at <= size; at += 8) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8 && at + i < size; i++) {
            word |= (uint64_t)(unsigned char)text[at + i] << (8 * i);
        }
        if (at + 8 > size) {
            word |= (uint64_t)size << 56;
        }
        v[3] ^= word;
        sip_round(v);
        sip_round(v);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

typedef struct {
    int indicator, period, vintage, level;
    int64_t area, parent, load;
    const char *code;
    double exact, shown;
    long up;   /* the cell of the nearest area around this one, -1 when none */
    int total; /* 1: some cell lies inside this one */
    int withheld;
    double pool;  /* exact count of the withheld parts below */
    double below; /* exact count of all parts below */
    double parts; /* shown count of the shown parts below */
} cell;

/* Up or down to a multiple of `step`: the mean over draws is the count itself. */
static double round_cell(secret key, const cell *it, const char *indicator, const char *what,
                         double exact, double step)
{
    char name[256];
    int size = snprintf(name, sizeof name, "%d|%.60s|%.60s|%d|%s", it->level, it->code, indicator,
                        it->period, what);
    double draw = (double)(siphash(key, name, (size_t)size) >> 11) * 0x1p-53;
    return step * floor(exact / step + draw);
}

static int read_secret(secret *out, wijk_store *store)
{
    *out = (secret){0, 0};
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT value FROM meta WHERE key='salt'");
    int rc = wijk_step(stmt);
    if (rc == 1) {
        char half[17] = "";
        const char *text = wijk_col_text(stmt, 0);
        snprintf(half, sizeof half, "%.16s", text);
        out->k0 = strtoull(half, NULL, 16);
        out->k1 = strlen(text) > 16 ? strtoull(text + 16, NULL, 16) : 0;
        wijk_reset(stmt);
        return WIJK_OK;
    }
    return rc < 0 ? rc
                  : wijk_fail(WIJK_EDENIED,
                              "Dit bestand heeft geen geheim getal (meta 'salt'); eigen aantallen "
                              "kunnen zo niet veilig worden getoond.",
                              "This file has no secret number (meta 'salt'); own counts cannot be "
                              "shown safely.");
}

/* ---- the own cells ------------------------------------------------------------------------ */

/* Own are: every load of a source of nature 'own', and every indicator that a coalition added.
 * Asked of the file, not of the registry, which may be older than the latest load. */
#define OWN_CELLS                                                                                  \
    "FROM layer_value v CROSS JOIN area a ON a.id=v.area_id WHERE v.load_id IN (SELECT l.id FROM " \
    "load l JOIN source s ON s.id=l.source_id WHERE s.nature='own') OR v.indicator_id IN (SELECT " \
    "id FROM indicator WHERE own=1)"

static int any_own(int64_t *out, wijk_store *store)
{
    return wijk_run_int(out,
                        wijk_store_sql(store,
                                       "SELECT EXISTS(SELECT 1 FROM source WHERE nature='own') OR "
                                       "EXISTS(SELECT 1 FROM indicator WHERE own=1)"),
                        0);
}

static int read_cells(cell **out, size_t *count, wijk_store *store, wijk_arena *arena)
{
    int64_t room;
    int rc = wijk_run_int(&room, wijk_store_sql(store, "SELECT count(*) " OWN_CELLS), 0);
    *count = 0;
    *out = rc ? NULL : wijk_arena_alloc(arena, (size_t)room * sizeof **out);
    if (!*out) {
        return rc ? rc : WIJK_ENOMEM;
    }
    /* Within a group the finest areas come first, so that parts are done before their total. */
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT v.indicator_id,v.period,v.vintage,v.level,v.area_id,a.parent_id,v.load_id,"
               "a.code,v.value " OWN_CELLS
               " ORDER BY v.indicator_id,v.vintage,v.period,v.level DESC,v.area_id");
    int step = 0;
    while (*count < (size_t)room && (step = wijk_step(stmt)) == 1) {
        cell *at = &(*out)[(*count)++];
        *at = (cell){.indicator = (int)wijk_col_int(stmt, 0),
                     .period = (int)wijk_col_int(stmt, 1),
                     .vintage = (int)wijk_col_int(stmt, 2),
                     .level = (int)wijk_col_int(stmt, 3),
                     .area = wijk_col_int(stmt, 4),
                     .parent = wijk_col_int(stmt, 5),
                     .load = wijk_col_int(stmt, 6),
                     .code = wijk_arena_strdup(arena, wijk_col_text(stmt, 7)),
                     .exact = wijk_col_double(stmt, 8),
                     .up = -1};
        if (!at->code) {
            step = WIJK_ENOMEM;
            break;
        }
    }
    wijk_reset(stmt);
    return step < 0 ? step : WIJK_OK;
}

static long cell_of(const cell *cells, size_t count, int64_t area)
{
    for (size_t i = 0; i < count; i++) {
        if (cells[i].area == area) {
            return (long)i;
        }
    }
    return -1;
}

/* The nearest area around each cell that has a cell too. Coarse cells stand at the end, and there
 * are few of them: the search goes through those alone. */
static int link_cells(cell *cells, size_t count, wijk_store *store)
{
    size_t coarse = 0; /* first cell of a coarser level than cell i */
    for (size_t i = 0; i < count; i++) {
        while (coarse < count && cells[coarse].level >= cells[i].level) {
            coarse++;
        }
        int64_t around = coarse < count ? cells[i].parent : 0;
        while (around) {
            long at = cell_of(cells + coarse, count - coarse, around);
            if (at >= 0) {
                cells[i].up = at + (long)coarse;
                cells[at + (long)coarse].total = 1;
                break;
            }
            wijk_stmt *stmt = wijk_store_sql(store, "SELECT parent_id FROM area WHERE id=?");
            wijk_bind_int(stmt, 1, around);
            int rc = wijk_run_int(&around, stmt, 0);
            if (rc) {
                return rc;
            }
        }
    }
    return WIJK_OK;
}

/* One withheld part could be found as the rest of the total: its smallest neighbour goes too. */
static void withhold_pairs(cell *cells, size_t count, long total)
{
    long smallest = -1;
    int withheld = 0;
    for (size_t i = 0; i < count; i++) {
        if (cells[i].up == total) {
            withheld += cells[i].withheld;
            if (!cells[i].withheld && (smallest < 0 || cells[i].shown < cells[smallest].shown)) {
                smallest = (long)i;
            }
        }
    }
    if (withheld == 1 && smallest >= 0) {
        cells[smallest].withheld = 1;
    }
}

static void protect_counts(cell *cells, size_t count, const char *indicator, secret key)
{
    for (size_t i = 0; i < count; i++) {
        cell *it = &cells[i];
        if (it->total) {
            withhold_pairs(cells, i, (long)i);
        }
        for (size_t k = 0; it->total && k < i; k++) {
            if (cells[k].up == (long)i) {
                it->below += cells[k].exact;
                it->pool += cells[k].withheld ? cells[k].exact : 0;
                it->parts += cells[k].withheld ? 0 : cells[k].shown;
            }
        }
        double rest = it->exact - it->below + it->pool;
        it->shown = it->parts + round_cell(key, it, indicator, "", rest, WIJK_OWN_STEP);
        it->withheld = it->shown < WIJK_OWN_MINIMUM;
    }
}

/* ---- shares and means ---------------------------------------------------------------------- */

/* The people, households or homes that a share is about: of that year, else of any year. */
static int base_of(double *out, wijk_store *store, int base_id, const cell *it)
{
    *out = NAN;
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT value FROM layer_value WHERE indicator_id=?1 AND level=?2 AND vintage=?3 "
               "AND area_id=?4 ORDER BY period<>?5, period DESC LIMIT 1");
    wijk_bind_int(stmt, 1, base_id);
    wijk_bind_int(stmt, 2, it->level);
    wijk_bind_int(stmt, 3, it->vintage);
    wijk_bind_int(stmt, 4, it->area);
    wijk_bind_int(stmt, 5, wijk_period_year(it->period));
    int rc = wijk_step(stmt);
    if (rc == 1) {
        *out = wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* A share times its base is a count: that count is rounded, not the share. */
static int protect_ratio(cell *it, wijk_store *store, const wijk_indicator *indicator,
                         const wijk_disclosure_rule *rule, secret key)
{
    double base, factor = !strcmp(indicator->unit, "percent")    ? 100
                          : !strcmp(indicator->unit, "per_1000") ? 1000
                                                                 : 0;
    double least = rule && rule->min_base > WIJK_OWN_MINIMUM ? rule->min_base : WIJK_OWN_MINIMUM;
    int rc = base_of(&base, store, indicator->base_id, it);
    if (rc || !(base >= least)) {
        it->withheld = 1;
        return rc;
    }
    it->shown = it->exact;
    if (factor > 0) {
        double count = it->exact * base / factor;
        it->shown =
            factor * round_cell(key, it, indicator->code, "share", count, WIJK_OWN_STEP) / base;
        it->shown = factor == 100 && it->shown > 100 ? 100 : it->shown;
    } else if (rule && rule->round_to > 0) {
        it->shown = rule->round_to * round(it->exact / rule->round_to);
    }
    if (rule && it->shown < rule->clamp_low) {
        it->shown = rule->clamp_low;
    }
    if (rule && it->shown > rule->clamp_high) {
        it->shown = rule->clamp_high;
    }
    return WIJK_OK;
}

static int write_cell(wijk_store *store, const cell *it)
{
    wijk_stmt *stmt = it->withheld
                          ? wijk_store_sql(store, "DELETE FROM layer_value WHERE indicator_id=?1 "
                                                  "AND level=?2 AND vintage=?3 AND period=?4 AND "
                                                  "area_id=?5")
                          : wijk_store_sql(store, "UPDATE layer_value SET value=?6 WHERE "
                                                  "indicator_id=?1 AND level=?2 AND vintage=?3 AND "
                                                  "period=?4 AND area_id=?5");
    wijk_bind_int(stmt, 1, it->indicator);
    wijk_bind_int(stmt, 2, it->level);
    wijk_bind_int(stmt, 3, it->vintage);
    wijk_bind_int(stmt, 4, it->period);
    wijk_bind_int(stmt, 5, it->area);
    if (!it->withheld) {
        wijk_bind_double(stmt, 6, it->shown);
    }
    return wijk_run(stmt);
}

static size_t group_end(const cell *cells, size_t count, size_t from)
{
    size_t to = from;
    while (to < count && cells[to].indicator == cells[from].indicator &&
           cells[to].period == cells[from].period && cells[to].vintage == cells[from].vintage) {
        to++;
    }
    return to;
}

/* The definition of an indicator that the registry may not know yet. */
static int define(wijk_indicator *out, wijk_store *store, wijk_arena *arena, int id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT i.code,i.unit,i.kind,b.id FROM indicator i LEFT JOIN indicator b ON "
               "b.code=i.base WHERE i.id=?");
    wijk_bind_int(stmt, 1, id);
    int rc = wijk_step(stmt);
    if (rc != 1) {
        return rc < 0 ? rc : WIJK_EDB;
    }
    *out = (wijk_indicator){.id = id,
                            .code = wijk_arena_strdup(arena, wijk_col_text(stmt, 0)),
                            .unit = wijk_arena_strdup(arena, wijk_col_text(stmt, 1)),
                            .kind = wijk_arena_strdup(arena, wijk_col_text(stmt, 2)),
                            .base_id = (int)wijk_col_int(stmt, 3)};
    wijk_reset(stmt);
    return out->code && out->unit && out->kind ? WIJK_OK : WIJK_ENOMEM;
}

/* pass 0: counts; pass 1: what is divided by them, which may itself be an own count. */
static int protect_group(cell *cells, size_t count, wijk_store *store, wijk_arena *arena,
                         const wijk_registry *registry, secret key, int pass)
{
    wijk_indicator indicator;
    int rc = define(&indicator, store, arena, cells[0].indicator);
    int is_count = !rc && !strcmp(indicator.unit, "count");
    if (rc || is_count != (pass == 0)) {
        return rc;
    }
    if (is_count) {
        rc = link_cells(cells, count, store);
        if (!rc) {
            protect_counts(cells, count, indicator.code, key);
        }
    } else if (!indicator.base_id) {
        return WIJK_OK; /* a score or a class holds no count */
    }
    for (size_t i = 0; !rc && i < count; i++) {
        if (!is_count) {
            rc = protect_ratio(&cells[i], store, &indicator,
                               wijk_registry_disclosure(registry, indicator.id), key);
        }
        rc = rc ? rc : write_cell(store, &cells[i]);
    }
    return rc;
}

int wijk_disclose_layers(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    int64_t own = 0;
    int rc = any_own(&own, store);
    if (rc || !own) {
        return rc;
    }
    wijk_arena *arena;
    secret key;
    cell *cells = NULL;
    size_t count = 0;
    rc = wijk_arena_new(&arena, 0);
    rc = rc ? rc : read_secret(&key, store);
    rc = rc ? rc : read_cells(&cells, &count, store, arena);
    for (int pass = 0; !rc && pass < 2; pass++) {
        for (size_t from = 0, to; !rc && from < count; from = to) {
            to = group_end(cells, count, from);
            rc = wijk_checkpoint(ctx);
            rc =
                rc ? rc : protect_group(cells + from, to - from, store, arena, registry, key, pass);
        }
    }
    wijk_arena_free(arena);
    return rc;
}

/* ---- for one area ---------------------------------------------------------------------------- */

int wijk_disclose_add(wijk_values *values, wijk_store *store, const wijk_registry *registry,
                      const wijk_area *area, const wijk_value *hidden, size_t count)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < count; i++) {
        wijk_value value = hidden[i];
        wijk_stmt *stmt = wijk_store_sql(
            store, "SELECT v.value,v.level FROM area a CROSS JOIN layer_value v ON v.level=a.level "
                   "AND v.vintage=a.vintage AND v.area_id=a.id WHERE a.id=?1 AND v.indicator_id=?2 "
                   "AND v.period=?3 AND v.load_id=?4");
        wijk_bind_int(stmt, 1, value.from ? value.from : area->id);
        wijk_bind_int(stmt, 2, value.indicator);
        wijk_bind_int(stmt, 3, value.period);
        wijk_bind_int(stmt, 4, value.load);
        int step = wijk_step(stmt);
        if (step < 0) {
            return step;
        }
        value.flags |= WIJK_PROTECTED;
        const wijk_indicator *it = wijk_indicator_by_id(registry, value.indicator);
        int is_count = it && !strcmp(it->unit, "count");
        if (step == 1) {
            value.value = wijk_col_double(stmt, 0);
            /* A total is rounded more than once; only of the finest areas is the band known. */
            if (is_count && wijk_col_int(stmt, 1) >= WIJK_BUURT) {
                value.low = fmax(0, value.value - WIJK_OWN_STEP + 1);
                value.high = value.value + WIJK_OWN_STEP - 1;
            }
            wijk_reset(stmt);
        } else if (value.mark == WIJK_MARK_VALUE) {
            value.mark = WIJK_MARK_SECRET;
        }
        rc = wijk_values_add(values, value);
    }
    return rc;
}
