/* The outlook of one area: its own past, looked up when somebody asks, put into the kept model.
 * An area without waves of its own gets those of the postcodes where most of its people live, in
 * the order of people, never of risk. */
#include "measure/outlook_kept.h"

#include <math.h>
#include <string.h>

static const char *const PARTS[WIJK_OUTLOOK_PARTS] = {"lbm3_won", "lbm3_soc", "lbm3_vrz",
                                                      "lbm3_onv", "lbm3_fys"};
enum { SIBLINGS = 8 }; /* the same code in other vintages */

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    const outlook_kept *kept;
    const wijk_area *area;
    struct {
        int64_t id;
        int vintage;
    } at[SIBLINGS]; /* the vintage of the model first, then newest first */
    size_t count;
    int with_parts;
} lookup;

static int find_siblings(lookup *l)
{
    wijk_stmt *stmt = wijk_store_sql(
        l->store, "SELECT id, vintage FROM area WHERE level=?1 AND code=?2"
                  " AND (?1 = 4 OR vintage = ?3) ORDER BY vintage <> ?3, vintage DESC LIMIT 8");
    wijk_bind_int(stmt, 1, l->area->level);
    wijk_bind_text(stmt, 2, l->area->code);
    wijk_bind_int(stmt, 3, l->kept->vintage);
    int row;
    l->count = 0;
    while ((row = wijk_step(stmt)) == 1) {
        l->at[l->count].id = wijk_col_int(stmt, 0);
        l->at[l->count++].vintage = (int)wijk_col_int(stmt, 1);
    }
    return row;
}

/* The value of a year; NAN when no vintage has it. */
static int value_of(double *out, const lookup *l, int indicator, int period, size_t sibling)
{
    wijk_stmt *stmt =
        wijk_store_sql(l->store, "SELECT value FROM layer_value WHERE indicator_id=?1 AND level=?2"
                                 " AND vintage=?3 AND period=?4 AND area_id=?5");
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, l->area->level);
    wijk_bind_int(stmt, 3, l->at[sibling].vintage);
    wijk_bind_int(stmt, 4, period);
    wijk_bind_int(stmt, 5, l->at[sibling].id);
    int row = wijk_step(stmt);
    *out = NAN;
    if (row == 1) {
        *out = wijk_col_double(stmt, 0);
        wijk_reset(stmt);
    }
    return row < 0 ? row : WIJK_OK;
}

static int any_value(double *out, const lookup *l, int indicator, int period)
{
    int rc = WIJK_OK;
    *out = NAN;
    for (size_t i = 0; i < l->count && !rc && !isfinite(*out); i++) {
        rc = value_of(out, l, indicator, period, i);
    }
    return rc;
}

static int id_of(const lookup *l, const char *code)
{
    const wijk_indicator *it = wijk_indicator_by_code(l->registry, code);
    return it ? it->id : 0;
}

/* As wijk_outlook_panel: the newest figure of that year or before, else the oldest there is. */
static int known_by(double *out, const lookup *l, const char *code, int year)
{
    size_t n = 0;
    int indicator = id_of(l, code), best = 0, rc = WIJK_OK;
    const wijk_series *series = wijk_series_of(&n, l->registry, indicator);
    *out = NAN;
    for (size_t s = 0; s < n && !rc; s++) {
        int period = series[s].period;
        if (series[s].level != l->area->level || period >= 10000) {
            continue;
        }
        for (size_t i = 0; i < l->count && !rc; i++) {
            double value = NAN;
            if (l->at[i].vintage == series[s].vintage) {
                rc = value_of(&value, l, indicator, period, i);
            }
            int better = !isfinite(*out) || (period <= year ? best > year || period >= best
                                                            : best > year && period < best);
            if (isfinite(value) && better) {
                *out = value;
                best = period;
            }
        }
    }
    return rc;
}

static int read_past(wijk_outlook_past *out, const lookup *l, const char *score,
                     const wijk_outlook_model *model)
{
    int indicator = id_of(l, score), year = model->years[model->upto], rc = WIJK_OK;
    for (size_t w = 0; w < WIJK_OUTLOOK_WAVES && !rc; w++) {
        out->level[w] = NAN;
        if (w <= model->upto) {
            rc = any_value(&out->level[w], l, indicator, model->years[w]);
        }
    }
    rc = rc ? rc : known_by(&out->people, l, "population", year);
    rc = rc ? rc : known_by(&out->social, l, "social_share", year);
    return rc ? rc : known_by(&out->density, l, "address_density", year);
}

/* The parts of the score; those without a model or a newest value are left out. */
static int read_parts(wijk_outlook_item *item, lookup *l)
{
    const outlook_kept *whole = l->kept;
    int rc = WIJK_OK;
    for (size_t p = 0; p < WIJK_OUTLOOK_PARTS && !rc; p++) {
        outlook_kept kept;
        wijk_outlook_past past = {.people = item->past.people, .social = NAN, .density = NAN};
        wijk_outlook_forecast said;
        rc = outlook_kept_read(&kept, l->store, PARTS[p], l->area->level, l->area->fictional);
        if (rc) {
            rc = rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
            continue;
        }
        const wijk_outlook_model *model = &kept.model;
        for (size_t w = 0; w < WIJK_OUTLOOK_WAVES; w++) {
            past.level[w] = NAN;
        }
        int year = model->years[model->upto];
        rc = any_value(&past.level[model->upto], l, id_of(l, PARTS[p]), year);
        wijk_outlook_predict(&said, model, &past);
        if (!rc && isfinite(said.quantile[WIJK_Q50]) &&
            year == whole->model.years[whole->model.upto]) {
            item->parts[item->part_count++] = (wijk_outlook_part){
                wijk_indicator_by_code(l->registry, PARTS[p]), past.level[model->upto],
                said.quantile[WIJK_Q05], said.quantile[WIJK_Q95]};
        }
    }
    return rc;
}

static int add_item(wijk_outlook_view *out, lookup *l, const wijk_area *area, double share)
{
    const wijk_outlook_model *model = &l->kept->model;
    wijk_outlook_item *item = &out->items[out->count];
    l->area = area;
    *item = (wijk_outlook_item){.area = *area, .share = share, .waves = model->upto + 1};
    memcpy(item->years, model->years, sizeof item->years);
    int rc = find_siblings(l);
    rc = rc ? rc : read_past(&item->past, l, "lbm3_lbm", model);
    if (rc || !isfinite(item->past.level[model->upto])) {
        return rc;
    }
    wijk_outlook_predict(&item->next, model, &item->past);
    item->ahead = (int)model->fitted[0].scene.ahead;
    int class = outlook_size_class(item->past.people);
    double noise = 2 * model->fitted[0].scene.noise[class];
    double process = model->fitted[0].scene.process[class] * item->ahead;
    item->noise = noise + process > 0 ? noise / (noise + process) : NAN;
    if (!(item->past.people >= WIJK_OUTLOOK_PEOPLE)) {
        item->next.drop = NAN;
    }
    item->warns = item->next.drop >= WIJK_OUTLOOK_WARN && l->kept->areas >= WIJK_OUTLOOK_MANY;
    rc = l->with_parts ? read_parts(item, l) : WIJK_OK;
    out->count++;
    return rc;
}

/* The postcodes where at least a tenth of the people live, most people first. */
static int add_postcodes(wijk_outlook_view *out, lookup *l, wijk_arena *arena)
{
    struct {
        int64_t id;
        double share;
    } found[WIJK_OUTLOOK_ITEMS];
    size_t n = 0;
    wijk_stmt *stmt = wijk_store_sql(
        l->store,
        "SELECT l.from_id, l.share_to FROM area_link l CROSS JOIN area a"
        " ON a.id = l.from_id WHERE l.to_id=?1 AND l.kind=2 AND a.level=4 AND a.vintage=?2"
        " AND l.share_to >= 0.1 ORDER BY l.share_to DESC, a.code");
    wijk_bind_int(stmt, 1, out->area.id);
    wijk_bind_int(stmt, 2, l->kept->vintage);
    int row;
    while ((row = wijk_step(stmt)) == 1) {
        if (n < WIJK_OUTLOOK_ITEMS) {
            found[n].id = wijk_col_int(stmt, 0);
            found[n++].share = wijk_col_double(stmt, 1);
        }
    }
    int rc = row;
    for (size_t i = 0; i < n && !rc; i++) {
        wijk_area area;
        rc = wijk_area_get(&area, l->store, arena, found[i].id);
        rc = rc ? rc : add_item(out, l, &area, found[i].share);
        l->area = NULL;
    }
    return rc;
}

/* The model of the level itself when it rests on many areas; else that of postcodes when that
 * does; else whichever there is. */
static int choose_model(outlook_kept *out, wijk_store *store, const wijk_area *area)
{
    outlook_kept postcodes;
    int own = outlook_kept_read(out, store, "lbm3_lbm", area->level, area->fictional);
    if (own != WIJK_ENOTFOUND && (own || out->areas >= WIJK_OUTLOOK_MANY)) {
        return own;
    }
    int other = outlook_kept_read(&postcodes, store, "lbm3_lbm", WIJK_PC4, area->fictional);
    if (!other && (own || postcodes.areas >= WIJK_OUTLOOK_MANY)) {
        *out = postcodes;
        return WIJK_OK;
    }
    return other && other != WIJK_ENOTFOUND ? other : own;
}

int wijk_outlook_of(wijk_outlook_view *out, wijk_store *store, const wijk_registry *registry,
                    wijk_arena *arena, int64_t area, int with_parts)
{
    memset(out, 0, sizeof *out);
    int rc = wijk_area_get(&out->area, store, arena, area);
    if (rc) {
        return rc;
    }
    enum wijk_level level = out->area.level;
    if (level != WIJK_WIJK && level != WIJK_BUURT && level != WIJK_PC4) {
        out->why = WIJK_OUTLOOK_WIDE;
        return WIJK_OK;
    }
    outlook_kept kept;
    rc = choose_model(&kept, store, &out->area);
    if (rc) {
        out->why = WIJK_OUTLOOK_UNMADE;
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    out->level = kept.level;
    out->estimator = kept.model.estimator;
    out->modelled = kept.areas;
    lookup l = {.store = store, .registry = registry, .kept = &kept, .with_parts = with_parts};
    if (out->level == level) {
        rc = add_item(out, &l, &out->area, 1);
    } else {
        rc = add_postcodes(out, &l, arena);
    }
    out->why = out->count ? WIJK_OUTLOOK_KNOWN : WIJK_OUTLOOK_UNKNOWN;
    return rc;
}
