/* Reads the margins of a start population in bulk. The idea: a figure is taken from the nearest
 * place and year that has one, nearness counted in years, and it carries that distance along, so
 * that the fit may trust it less (docs/model/population.md, "Borrowing"). Shares are borrowed, not
 * counts: the area's own number of people and households stays what it is. */
#include "foresee/margins.h"

#include "wijk/err.h"
#include "wijk/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Years that a source is worse than the same place in the same year. */
enum {
    FAR_UNCHECKED = 3, /* same code, name not known */
    FAR_OVERLAY = 2,
    FAR_WIJK = 6,
    FAR_SIMILAR = 8,
    FAR_GEMEENTE = 12,
    FAR_COUNTRY = 40
};

enum link_kind { LINK_SAME, LINK_UNCHECKED, LINK_OVERLAY, LINK_WIJK, LINK_SIMILAR, LINK_GEMEENTE };
enum form { FORM_SHARE, FORM_COMPLEMENT, FORM_COUNT, FORM_BASE, FORMS };
enum { SLOTS = MARGIN_READ * FORMS, GROUPS = 8 };

/* How a margin stands in the registry: as a share, or as a count of a base. */
static const struct {
    const char *share;      /* percent when the divisor is 100 */
    const char *complement; /* percent of what it is not */
    const char *count, *base;
    double divisor;
} defined[MARGIN_READ] = {
    [WIJK_MARGIN_HOUSEHOLDS] = {NULL, NULL, "households", NULL, 1},
    [WIJK_MARGIN_SINGLE] = {"households_single_share", NULL, "households_single", "households",
                            100},
    [WIJK_MARGIN_CHILDLESS] = {"households_without_children_share", NULL,
                               "households_without_children", "households", 100},
    [WIJK_MARGIN_CHILDREN] = {"households_with_children_share", NULL, "households_with_children",
                              "households", 100},
    [WIJK_MARGIN_ONE_PARENT] = {NULL, NULL, "households_one_parent", "households", 100},
    [WIJK_MARGIN_PEOPLE] = {NULL, NULL, "population", NULL, 1},
    [WIJK_MARGIN_AGE_0] = {"age_0_14_share", NULL, "age_0_14", "population", 100},
    [WIJK_MARGIN_AGE_15] = {"age_15_24_share", NULL, "age_15_24", "population", 100},
    [WIJK_MARGIN_AGE_25] = {"age_25_44_share", NULL, "age_25_44", "population", 100},
    [WIJK_MARGIN_AGE_45] = {"age_45_64_share", NULL, "age_45_64", "population", 100},
    [WIJK_MARGIN_AGE_65] = {"age_65_plus_share", NULL, "age_65_plus", "population", 100},
    [WIJK_MARGIN_LOW] = {"households_low_income_share", NULL, NULL, NULL, 100},
    [WIJK_MARGIN_HIGH] = {"households_high_income_share", NULL, NULL, NULL, 100},
    [WIJK_MARGIN_HOMES] = {NULL, NULL, "homes", "households", 1},
    [WIJK_MARGIN_OCCUPIED] = {"occupied_share", "vacant_share", NULL, NULL, 100},
    [WIJK_MARGIN_OWNER] = {"owner_share", NULL, "homes_owner", "homes", 100},
    [WIJK_MARGIN_SOCIAL] = {"social_share", NULL, "homes_social", "homes", 100},
    [MARGIN_SIZE] = {"household_size", NULL, NULL, NULL, 1},
    [MARGIN_STRUGGLING] = {"struggling", NULL, NULL, NULL, 100},
    [MARGIN_ANXIETY] = {"anxiety_high_risk", NULL, NULL, NULL, 100},
    [MARGIN_WOZ] = {"woz_value", NULL, NULL, NULL, 1},
    [MARGIN_MULTI_FAMILY] = {"multi_family_share", "single_family_share", NULL, NULL, 100},
    [MARGIN_SOC] = {"lbm3_soc", NULL, NULL, NULL, 1},
    [MARGIN_ONV] = {"lbm3_onv", NULL, NULL, NULL, 1},
};

typedef struct {
    uint32_t source; /* index in `ids` */
    uint32_t target; /* index of the area */
    uint8_t kind;
    float share;
} area_link;

typedef struct {
    double value;
    int32_t period, load;
} figure;

typedef struct { /* all figures of one indicator, by area then period */
    int indicator;
    uint32_t *start; /* per wanted area, and the end */
    figure *figures;
} slot_figures;

typedef struct {
    wijk_store *store;
    const wijk_registry *registry;
    margin_set *set;
    area_link *links;
    size_t n_links, room_links;
    uint32_t *first_link; /* per area, and the end */
    int64_t *ids;         /* every area that a figure is wanted of, ascending */
    uint8_t *levels;
    int16_t *vintages;
    size_t n_ids;
    slot_figures slots[SLOTS];
    size_t n_slots;
    int slot_of[MARGIN_READ][FORMS]; /* -1 none */
} reader;

/* ---- the areas --------------------------------------------------------------------------- */

int margins_add(margin_set *set, size_t *room)
{
    size_t n = set->areas + set->gemeenten;
    if (n == *room) {
        size_t bigger = *room ? *room * 2 : 256;
        if (bigger > WIJK_MAX_AREAS) {
            return wijk_fail(WIJK_ELIMIT, "Een startbevolking heeft hoogstens %u gebieden.",
                             "A start population has at most %u areas.", WIJK_MAX_AREAS);
        }
        margin_area *moved = wijk_realloc(set->area, bigger * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        set->area = moved;
        *room = bigger;
    }
    memset(&set->area[n], 0, sizeof set->area[n]);
    return WIJK_OK;
}

/* A row of SELECT id, code, name, then id, code and name of its wijk and of its gemeente. */
static int add_area(margin_set *set, size_t *room, wijk_stmt *row)
{
    int rc = margins_add(set, room);
    if (rc) {
        return rc;
    }
    margin_area *area = &set->area[set->areas + set->gemeenten];
    area->id = wijk_col_int(row, 0);
    area->code = wijk_arena_strdup(set->arena, wijk_col_text(row, 1));
    area->name = wijk_arena_strdup(set->arena, wijk_col_text(row, 2));
    area->wijk = wijk_col_int(row, 3);
    area->wijk_code = wijk_arena_strdup(set->arena, wijk_col_text(row, 4));
    area->wijk_name = wijk_arena_strdup(set->arena, wijk_col_text(row, 5));
    area->gemeente = wijk_col_int(row, 6);
    area->gemeente_code = wijk_arena_strdup(set->arena, wijk_col_text(row, 7));
    area->gemeente_name = wijk_arena_strdup(set->arena, wijk_col_text(row, 8));
    return area->code && area->name && area->wijk_code && area->wijk_name && area->gemeente_code &&
                   area->gemeente_name
               ? WIJK_OK
               : WIJK_ENOMEM;
}

/* Parts of a place, with the wijk and the gemeente around each (parents up to two steps up). */
static wijk_stmt *parts_of(wijk_store *store, int64_t area)
{
    if (area == 0) {
        return wijk_store_sql(
            store,
            "SELECT a.id, a.code, a.name, w.id, w.code, w.name, g.id, g.code, g.name FROM area a "
            "LEFT JOIN area p ON p.id=a.parent_id LEFT JOIN area q ON q.id=p.parent_id "
            "LEFT JOIN area w ON w.id IN (p.id) AND w.level=2 "
            "LEFT JOIN area g ON g.id IN (a.id, p.id, q.id) AND g.level=1 "
            "WHERE a.level=?2 AND a.vintage=?3 AND ?1=0 AND a.fictional="
            "(SELECT min(fictional) FROM area WHERE level=?2 AND vintage=?3) "
            "ORDER BY coalesce(g.code, ''), coalesce(w.code, ''), a.code");
    }
    return wijk_store_sql(
        store,
        "WITH RECURSIVE under(id) AS (SELECT ?1 UNION SELECT c.id FROM under u JOIN area c "
        "ON c.parent_id=u.id UNION SELECT m.member_id FROM under u JOIN own_member m "
        "ON m.area_id=u.id) "
        "SELECT a.id, a.code, a.name, w.id, w.code, w.name, g.id, g.code, g.name FROM under u "
        "JOIN area a ON a.id=u.id "
        "LEFT JOIN area p ON p.id=a.parent_id LEFT JOIN area q ON q.id=p.parent_id "
        "LEFT JOIN area w ON w.id IN (p.id) AND w.level=2 "
        "LEFT JOIN area g ON g.id IN (a.id, p.id, q.id) AND g.level=1 "
        "WHERE a.level=?2 AND a.vintage=?3 "
        "ORDER BY coalesce(g.code, ''), coalesce(w.code, ''), a.code");
}

static int read_parts(margin_set *set, wijk_store *store, int64_t area, wijk_ctx *ctx)
{
    size_t room = 0;
    wijk_stmt *stmt = parts_of(store, area);
    wijk_bind_int(stmt, 1, area);
    wijk_bind_int(stmt, 2, set->level);
    wijk_bind_int(stmt, 3, set->vintage);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        rc = add_area(set, &room, stmt);
        set->areas += !rc;
        rc = rc ? rc : wijk_checkpoint(ctx);
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return rc;
}

/* The gemeente around every part that is not one itself; parts of one stand together. */
static int read_around(margin_set *set, wijk_store *store)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT id, code, name, NULL, '', '', NULL, '', '' FROM area WHERE id=?1");
    size_t room = set->areas;
    int64_t last = 0;
    for (size_t i = 0; i < set->areas; i++) {
        int64_t gemeente = set->area[i].gemeente;
        if (gemeente == 0 || gemeente == set->area[i].id) {
            continue;
        }
        if (gemeente != last) {
            wijk_bind_int(stmt, 1, gemeente);
            int rc = wijk_step(stmt);
            rc = rc == 1 ? add_area(set, &room, stmt) : rc < 0 ? rc : WIJK_EDB;
            wijk_reset(stmt);
            if (rc) {
                return rc;
            }
            set->gemeenten++;
            last = gemeente;
        }
        set->area[i].around = set->areas + set->gemeenten - 1;
    }
    return WIJK_OK;
}

/* Chooses borders, year and level where the caller left them open, and lists the parts. */
static int choose_parts(reader *r, const wijk_start_options *options, wijk_ctx *ctx)
{
    static const enum wijk_level finest[] = {WIJK_BUURT, WIJK_WIJK, WIJK_PC4, WIJK_LOCAL,
                                             WIJK_GEMEENTE};
    margin_set *set = r->set;
    wijk_area area;
    int64_t id = options->area;
    int vintage = options->vintage;
    if (id) {
        int rc = wijk_area_get(&area, r->store, set->arena, id);
        if (!rc && vintage && vintage != area.vintage && area.level != WIJK_LAND) {
            rc = wijk_area_find(&area, r->store, set->arena, area.code, vintage);
        }
        if (rc) {
            return rc;
        }
        /* the country has no borders of its own: its parts decide */
        vintage = area.level == WIJK_OWN || area.level == WIJK_LAND ? vintage : area.vintage;
        id = area.level == WIJK_LAND ? 0 : area.id;
    }
    for (size_t i = 0; i < sizeof finest / sizeof *finest && set->areas == 0; i++) {
        if (options->level != WIJK_LEVELS && options->level != finest[i]) {
            continue;
        }
        set->level = finest[i];
        set->vintage = vintage ? vintage : wijk_level_vintage(r->registry, finest[i]);
        int rc = read_parts(set, r->store, id, ctx);
        if (rc) {
            return rc;
        }
    }
    set->year = options->year ? options->year : set->vintage;
    if (set->areas == 0 && options->level != WIJK_LEVELS) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Hier liggen geen gebieden van de soort %s in deze gegevens. Kies een "
                         "andere --level, of laat die weg: dan worden het de kleinste die er zijn.",
                         "There are no areas of the kind %s here in these data. Choose another "
                         "--level, or leave it out: then it is the smallest there are.",
                         wijk_level_word(options->level));
    }
    if (set->areas == 0) {
        return wijk_fail(WIJK_ENOTFOUND,
                         "Hier zijn geen buurten, wijken of postcodes waaruit een startbevolking "
                         "kan worden gemaakt. Lees eerst kerncijfers in (wijk load).",
                         "There are no neighbourhoods, districts or postcodes here to make a start "
                         "population of. Load key figures first (wijk load).");
    }
    return WIJK_OK;
}

/* ---- where figures may come from ---------------------------------------------------------- */

static int too_many(void)
{
    return wijk_fail(WIJK_ELIMIT,
                     "Meer dan %u cijfers voor een startbevolking: neem minder gebied.",
                     "More than %u figures for a start population: take less area.", WIJK_MAX_ROWS);
}

static int add_link(reader *r, size_t target, int64_t source, enum link_kind kind, double share)
{
    if (r->n_links == r->room_links) {
        size_t room = r->room_links ? r->room_links * 2 : 4096;
        if (room > WIJK_MAX_ROWS) {
            return too_many();
        }
        area_link *moved = wijk_realloc(r->links, room * sizeof *moved);
        int64_t *ids = moved ? wijk_realloc(r->ids, room * sizeof *ids) : NULL;
        r->links = moved ? moved : r->links;
        if (!ids) {
            return WIJK_ENOMEM;
        }
        r->ids = ids;
        r->room_links = room;
    }
    r->ids[r->n_links] = source;
    r->links[r->n_links++] =
        (area_link){.target = (uint32_t)target, .kind = (uint8_t)kind, .share = (float)share};
    return WIJK_OK;
}

/* Adds the rows (id, kind, share) of a statement bound to ?1; `kind` < 0: as the rows say. */
static int add_rows(reader *r, size_t target, wijk_stmt *stmt, int64_t id, int kind)
{
    wijk_bind_int(stmt, 1, id);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        int64_t of = kind < 0 ? wijk_col_int(stmt, 1) : kind;
        rc = add_link(r, target, wijk_col_int(stmt, 0), (enum link_kind)of,
                      wijk_col_double(stmt, 2));
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return rc;
}

static int links_of(reader *r, size_t i)
{
    const margin_area *area = &r->set->area[i];
    size_t before = r->n_links;
    int overlaid = 0;
    int rc = add_link(r, i, area->id, LINK_SAME, 1); /* itself, in other years */
    rc = rc ? rc
            : add_rows(r, i,
                       wijk_store_sql(r->store, "SELECT from_id, kind, share_to FROM area_link "
                                                "WHERE to_id=?1"),
                       area->id, -1);
    for (size_t l = before; !rc && l < r->n_links; l++) {
        overlaid |= r->links[l].kind == LINK_OVERLAY;
    }
    if (!rc && !overlaid) { /* by the same place in borders that were laid over others */
        rc = add_rows(r, i,
                      wijk_store_sql(r->store,
                                     "SELECT o.from_id, 2, o.share_to FROM area_link s JOIN "
                                     "area_link o ON o.to_id=s.from_id AND o.kind=2 "
                                     "WHERE s.to_id=?1 AND s.kind=0"),
                      area->id, -1);
    }
    rc = rc ? rc
            : add_rows(r, i,
                       wijk_store_sql(r->store, "SELECT other_id, 4, 1 FROM similar "
                                                "WHERE area_id=?1 ORDER BY place LIMIT 5"),
                       area->id, LINK_SIMILAR);
    const int64_t parent[] = {area->wijk, area->gemeente};
    for (int p = 0; !rc && p < 2; p++) {
        enum link_kind kind = p ? LINK_GEMEENTE : LINK_WIJK;
        if (parent[p] && parent[p] != area->id) {
            rc = add_link(r, i, parent[p], kind, 1);
            rc = rc ? rc
                    : add_rows(r, i,
                               wijk_store_sql(r->store, "SELECT from_id, 0, 1 FROM area_link "
                                                        "WHERE to_id=?1 AND kind=0"),
                               parent[p], (int)kind);
        }
    }
    return rc;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static long index_of(const reader *r, int64_t id)
{
    size_t low = 0, high = r->n_ids;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < r->n_ids && r->ids[low] == id ? (long)low : -1;
}

static int read_links(reader *r, wijk_ctx *ctx)
{
    size_t n = r->set->areas + r->set->gemeenten;
    int rc = WIJK_OK;
    r->first_link = wijk_alloc((n + 1) * sizeof *r->first_link);
    if (!r->first_link) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; !rc && i < n; i++) {
        r->first_link[i] = (uint32_t)r->n_links;
        rc = links_of(r, i);
        rc = rc ? rc : wijk_checkpoint(ctx);
    }
    r->first_link[n] = (uint32_t)r->n_links;
    int64_t *sources = rc ? NULL : wijk_alloc((r->n_links + 1) * sizeof *sources);
    if (!sources) {
        return rc ? rc : WIJK_ENOMEM;
    }
    memcpy(sources, r->ids, r->n_links * sizeof *sources);
    qsort(r->ids, r->n_links, sizeof *r->ids, by_id);
    for (size_t i = 0; i < r->n_links; i++) {
        if (r->n_ids == 0 || r->ids[r->n_ids - 1] != r->ids[i]) {
            r->ids[r->n_ids++] = r->ids[i];
        }
    }
    for (size_t i = 0; i < r->n_links; i++) {
        r->links[i].source = (uint32_t)index_of(r, sources[i]);
    }
    wijk_free(sources);
    return WIJK_OK;
}

static int read_layers(reader *r)
{
    r->levels = wijk_alloc(r->n_ids * sizeof *r->levels);
    r->vintages = wijk_alloc(r->n_ids * sizeof *r->vintages);
    wijk_stmt *stmt = wijk_store_sql(r->store, "SELECT level, vintage FROM area WHERE id=?1");
    if (!r->levels || !r->vintages) {
        return WIJK_ENOMEM;
    }
    for (size_t i = 0; i < r->n_ids; i++) {
        wijk_bind_int(stmt, 1, r->ids[i]);
        int rc = wijk_step(stmt);
        if (rc < 0) {
            return rc;
        }
        r->levels[i] = rc ? (uint8_t)wijk_col_int(stmt, 0) : WIJK_LEVELS;
        r->vintages[i] = rc ? (int16_t)wijk_col_int(stmt, 1) : 0;
        wijk_reset(stmt);
    }
    return WIJK_OK;
}

/* ---- figures ------------------------------------------------------------------------------ */

enum { LAST_YEAR = 9999 }; /* a later period is a month: 202401 */

typedef struct {
    uint32_t area;
    figure figure;
} found_figure;

typedef struct {
    found_figure *rows;
    size_t n, room;
} found_list;

static int keep_found(found_list *list, uint32_t area, int period, wijk_stmt *row, int value,
                      int load)
{
    if (list->n == list->room) {
        size_t room = list->room ? list->room * 2 : 8192;
        if (room > WIJK_MAX_ROWS) {
            return too_many();
        }
        found_figure *moved = wijk_realloc(list->rows, room * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        list->rows = moved;
        list->room = room;
    }
    double number = wijk_col_double(row, value);
    if (isfinite(number)) {
        list->rows[list->n++] =
            (found_figure){area, {number, period, (int32_t)wijk_col_int(row, load)}};
    }
    return WIJK_OK;
}

/* One layer of one indicator, when most of it is wanted: read through, areas ascending. */
static int scan_layer(found_list *list, const reader *r, const wijk_series *series)
{
    wijk_stmt *stmt =
        wijk_store_sql(r->store, "SELECT area_id, value, load_id FROM layer_value WHERE "
                                 "indicator_id=?1 AND level=?2 AND vintage=?3 AND period=?4");
    wijk_bind_int(stmt, 1, series->indicator);
    wijk_bind_int(stmt, 2, (int)series->level);
    wijk_bind_int(stmt, 3, series->vintage);
    wijk_bind_int(stmt, 4, series->period);
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        long at = index_of(r, wijk_col_int(stmt, 0));
        if (at >= 0 && (rc = keep_found(list, (uint32_t)at, series->period, stmt, 1, 2)) != 0) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return rc;
}

/* The same for a few areas. */
static int pick_layer(found_list *list, const reader *r, const wijk_series *series)
{
    wijk_stmt *stmt =
        wijk_store_sql(r->store, "SELECT value, load_id FROM layer_value WHERE indicator_id=?1 AND "
                                 "level=?2 AND vintage=?3 AND period=?4 AND area_id=?5");
    for (size_t i = 0; i < r->n_ids; i++) {
        if (r->levels[i] != series->level || r->vintages[i] != series->vintage) {
            continue;
        }
        wijk_bind_int(stmt, 1, series->indicator);
        wijk_bind_int(stmt, 2, (int)series->level);
        wijk_bind_int(stmt, 3, series->vintage);
        wijk_bind_int(stmt, 4, series->period);
        wijk_bind_int(stmt, 5, r->ids[i]);
        int rc = wijk_step(stmt);
        rc = rc == 1 ? keep_found(list, (uint32_t)i, series->period, stmt, 0, 1) : rc;
        wijk_reset(stmt);
        if (rc < 0) {
            return rc;
        }
    }
    return WIJK_OK;
}

/* Sorts what was found by area; series came by period, and the sort keeps that. */
static int index_found(slot_figures *slot, const found_list *list, size_t n_ids)
{
    slot->start = wijk_alloc((n_ids + 2) * sizeof *slot->start);
    slot->figures = wijk_alloc((list->n + 1) * sizeof *slot->figures);
    if (!slot->start || !slot->figures) {
        return WIJK_ENOMEM;
    }
    /* start[a + 1] is where the next figure of `a` goes: in the end, where those of a + 1 begin. */
    for (size_t i = 0; i < list->n; i++) {
        slot->start[list->rows[i].area + 2]++;
    }
    for (size_t i = 2; i <= n_ids; i++) {
        slot->start[i] += slot->start[i - 1];
    }
    for (size_t i = 0; i < list->n; i++) {
        slot->figures[slot->start[list->rows[i].area + 1]++] = list->rows[i].figure;
    }
    return WIJK_OK;
}

static int read_slot(reader *r, slot_figures *slot, wijk_ctx *ctx)
{
    size_t n;
    const wijk_series *series = wijk_series_of(&n, r->registry, slot->indicator);
    found_list list = {0};
    int rc = WIJK_OK;
    for (size_t s = 0; !rc && s < n; s++) {
        size_t wanted = 0;
        for (size_t i = 0; i < r->n_ids; i++) {
            wanted += r->levels[i] == series[s].level && r->vintages[i] == series[s].vintage;
        }
        if (wanted == 0 || series[s].period > LAST_YEAR) {
            continue;
        }
        rc = wanted * 6 > (size_t)series[s].areas ? scan_layer(&list, r, &series[s])
                                                  : pick_layer(&list, r, &series[s]);
        rc = rc ? rc : wijk_checkpoint(ctx);
    }
    rc = rc ? rc : index_found(slot, &list, r->n_ids);
    wijk_free(list.rows);
    return rc;
}

static int slot_for(reader *r, const char *code)
{
    const wijk_indicator *indicator = code ? wijk_indicator_by_code(r->registry, code) : NULL;
    if (!indicator) {
        return -1;
    }
    for (size_t i = 0; i < r->n_slots; i++) {
        if (r->slots[i].indicator == indicator->id) {
            return (int)i;
        }
    }
    r->slots[r->n_slots].indicator = indicator->id;
    return (int)r->n_slots++;
}

static int read_figures(reader *r, wijk_ctx *ctx)
{
    for (int m = 0; m < MARGIN_READ; m++) {
        r->slot_of[m][FORM_SHARE] = slot_for(r, defined[m].share);
        r->slot_of[m][FORM_COMPLEMENT] = slot_for(r, defined[m].complement);
        r->slot_of[m][FORM_COUNT] = slot_for(r, defined[m].count);
        r->slot_of[m][FORM_BASE] = slot_for(r, defined[m].base);
    }
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < r->n_slots; i++) {
        wijk_progress(ctx, "margins", 0.1 + 0.9 * (double)i / (double)r->n_slots);
        rc = read_slot(r, &r->slots[i], ctx);
    }
    return rc;
}

/* ---- one margin of one area ---------------------------------------------------------------- */

/* The figure nearest to the year (the later of two as near); NULL when there is none. */
static const figure *nearest(const reader *r, int slot, uint32_t area, int year)
{
    const figure *best = NULL;
    if (slot >= 0) {
        const slot_figures *s = &r->slots[slot];
        for (uint32_t i = s->start[area]; i < s->start[area + 1]; i++) {
            if (!best || abs(s->figures[i].period - year) <= abs(best->period - year)) {
                best = &s->figures[i];
            }
        }
    }
    return best;
}

static const figure *of_year(const reader *r, int slot, uint32_t area, int year)
{
    const figure *found = nearest(r, slot, area, year);
    return found && found->period == year ? found : NULL;
}

typedef struct {
    double value;
    int year;
} share_found;

/* The share of a margin at a source, of the nearest year. 0 when there is none. */
static int share_at(share_found *out, const reader *r, int margin, uint32_t source, int year)
{
    const int *slot = r->slot_of[margin];
    double divisor = defined[margin].divisor;
    const figure *best = nearest(r, slot[FORM_SHARE], source, year);
    double value = best ? best->value / divisor : 0;
    const figure *other = nearest(r, slot[FORM_COMPLEMENT], source, year);
    if (other && (!best || abs(other->period - year) < abs(best->period - year))) {
        best = other;
        value = 1 - other->value / divisor;
    }
    const figure *count = slot[FORM_BASE] >= 0 ? nearest(r, slot[FORM_COUNT], source, year) : NULL;
    const figure *base = count ? of_year(r, slot[FORM_BASE], source, count->period) : NULL;
    if (base && base->value > 0 &&
        (!best || abs(count->period - year) < abs(best->period - year))) {
        best = count;
        value = count->value / base->value;
    }
    if (best) {
        out->value = value;
        out->year = best->period;
    }
    return best != NULL;
}

typedef struct { /* a weighted mean in the making */
    double weight, sum, years;
    int level, vintage, used;
} group_sum;

static void offer(margin_value *out, double value, int year, double distance, wijk_from from)
{
    if (distance < out->distance) {
        *out = (margin_value){value, 0, distance, year, (uint8_t)from, 0};
    }
}

/* Postcodes or other divisions together, each division by itself. */
static void offer_groups(margin_value *out, const group_sum *groups, int year, double far,
                         wijk_from from, double least)
{
    for (int g = 0; g < GROUPS && groups[g].used; g++) {
        if (groups[g].weight >= least) {
            double when = groups[g].years / groups[g].weight;
            offer(out, groups[g].sum / groups[g].weight, (int)(when + 0.5), fabs(when - year) + far,
                  from);
        }
    }
}

static void add_group(group_sum *groups, int level, int vintage, const share_found *found,
                      double weight)
{
    for (int g = 0; g < GROUPS; g++) {
        if (groups[g].used && (groups[g].level != level || groups[g].vintage != vintage)) {
            continue;
        }
        groups[g].used = 1;
        groups[g].level = level;
        groups[g].vintage = vintage;
        groups[g].weight += weight;
        groups[g].sum += weight * found->value;
        groups[g].years += weight * found->year;
        return;
    }
}

static void borrow(margin_value *out, const reader *r, size_t area, int margin)
{
    int year = r->set->year;
    group_sum overlay[GROUPS], similar[GROUPS];
    memset(overlay, 0, sizeof overlay);
    memset(similar, 0, sizeof similar);
    *out = (margin_value){NAN, 0, FAR_COUNTRY, 0, WIJK_FROM_COUNTRY, 0};
    for (uint32_t l = r->first_link[area]; l < r->first_link[area + 1]; l++) {
        const area_link *link = &r->links[l];
        share_found found;
        if (!share_at(&found, r, margin, link->source, year)) {
            continue;
        }
        double years = abs(found.year - year);
        switch (link->kind) {
        case LINK_SAME:
            offer(out, found.value, found.year, years, WIJK_FROM_YEAR);
            break;
        case LINK_UNCHECKED:
            offer(out, found.value, found.year, years + FAR_UNCHECKED, WIJK_FROM_YEAR);
            break;
        case LINK_OVERLAY:
            add_group(overlay, r->levels[link->source], r->vintages[link->source], &found,
                      (double)link->share);
            break;
        case LINK_WIJK:
            offer(out, found.value, found.year, years + FAR_WIJK, WIJK_FROM_WIJK);
            break;
        case LINK_SIMILAR:
            add_group(similar, 0, 0, &found, 1);
            break;
        default:
            offer(out, found.value, found.year, years + FAR_GEMEENTE, WIJK_FROM_GEMEENTE);
        }
    }
    offer_groups(out, overlay, year, FAR_OVERLAY, WIJK_FROM_OVERLAY, 0.5);
    offer_groups(out, similar, year, FAR_SIMILAR, WIJK_FROM_SIMILAR, 1);
}

/* 1 and half the step in which a figure was published (`otherwise` when the source does not say);
 * 0 when it was not published but follows from other figures, whose rounding it has. */
static int half_of(double *out, const reader *r, int slot, uint32_t area, const figure *found,
                   double otherwise)
{
    wijk_stmt *stmt = wijk_store_sql(
        r->store, "SELECT half FROM observation WHERE area_id=?1 AND indicator_id=?2 AND period=?3 "
                  "AND load_id=?4");
    *out = otherwise;
    wijk_bind_int(stmt, 1, r->ids[area]);
    wijk_bind_int(stmt, 2, r->slots[slot].indicator);
    wijk_bind_int(stmt, 3, found->period);
    wijk_bind_int(stmt, 4, found->load);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        double half = wijk_col_double(stmt, 0);
        *out = half >= 0 ? half : otherwise;
        wijk_reset(stmt);
    }
    return rc;
}

/* What is published for the very area and year: the sharper of count and share. */
static int native(margin_value *out, const reader *r, int margin, uint32_t self)
{
    const int *slot = r->slot_of[margin];
    int year = r->set->year, rc = WIJK_OK;
    double half = 0, divisor = defined[margin].divisor;
    const figure *count = of_year(r, slot[FORM_COUNT], self, year);
    const figure *base = count ? of_year(r, slot[FORM_BASE], self, year) : NULL;
    out->from = WIJK_FROMS;
    if (count && count->value >= 0) {
        rc = half_of(&half, r, slot[FORM_COUNT], self, count, 2.5);
        if (rc == 1) {
            *out = (margin_value){count->value, half, 0, year, WIJK_FROM_NATIVE, 1};
        }
    }
    for (int form = FORM_SHARE; rc >= 0 && form <= FORM_COMPLEMENT; form++) {
        const figure *share = of_year(r, slot[form], self, year);
        rc = share ? half_of(&half, r, slot[form], self, share, divisor == 100 ? 0.5 : 0.05) : 0;
        if (rc != 1) {
            continue;
        }
        double part = share->value / divisor;
        double value = form == FORM_COMPLEMENT ? 1 - part : part;
        double sharp = base && base->value > 0 ? out->half / base->value : INFINITY;
        if (out->from == WIJK_FROMS || half / divisor < sharp) {
            *out = (margin_value){value, half / divisor, 0, year, WIJK_FROM_NATIVE, 0};
        }
        break;
    }
    return rc < 0 ? rc : WIJK_OK;
}

static int fill_area(reader *r, size_t i)
{
    margin_area *area = &r->set->area[i];
    long self = index_of(r, area->id);
    for (int m = 0; m < MARGIN_READ; m++) {
        margin_value *value = &area->value[m];
        int rc = self < 0 ? WIJK_EDB : native(value, r, m, (uint32_t)self);
        if (rc) {
            return rc;
        }
        if (value->from == WIJK_FROMS) {
            borrow(value, r, i, m);
        }
    }
    return WIJK_OK;
}

/* 1 when a series tells more of the country as it is in the year of the start: the nearest year,
 * then the most areas. A series of less than half as many areas as the fullest is not the country.
 */
static int nearer(const wijk_series *a, const wijk_series *b, int year)
{
    int far_a = abs(a->period - year), far_b = abs(b->period - year);
    return far_a != far_b ? far_a < far_b : a->areas > b->areas;
}

/* The mean of the country as derived by the load, of the nearest year and any level: an area is set
 * against the country of its own time. */
static void country_means(reader *r)
{
    for (int m = 0; m < MARGIN_READ; m++) {
        r->set->country[m] = NAN;
        int slot = r->slot_of[m][FORM_SHARE], best = -1;
        size_t n = 0;
        const wijk_series *series =
            slot < 0 ? NULL : wijk_series_of(&n, r->registry, r->slots[slot].indicator);
        size_t most = 0;
        for (size_t s = 0; s < n; s++) {
            size_t areas = isfinite(series[s].mean) ? (size_t)series[s].areas : 0;
            most = areas > most ? areas : most;
        }
        for (size_t s = 0; s < n; s++) {
            if (isfinite(series[s].mean) && 2 * (size_t)series[s].areas >= most &&
                (best < 0 || nearer(&series[s], &series[best], r->set->year))) {
                best = (int)s;
            }
        }
        if (best >= 0) {
            r->set->country[m] = series[best].mean / defined[m].divisor;
        }
    }
}

static void reader_free(reader *r)
{
    for (size_t i = 0; i < r->n_slots; i++) {
        wijk_free(r->slots[i].start);
        wijk_free(r->slots[i].figures);
    }
    wijk_free(r->links);
    wijk_free(r->first_link);
    wijk_free(r->ids);
    wijk_free(r->levels);
    wijk_free(r->vintages);
    wijk_free(r);
}

int margins_read(margin_set *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_start_options *options, wijk_ctx *ctx)
{
    memset(out, 0, sizeof *out);
    reader *r = wijk_alloc(sizeof *r);
    int rc = r ? wijk_arena_new(&out->arena, 0) : WIJK_ENOMEM;
    if (rc) {
        wijk_free(r);
        return rc;
    }
    r->store = store;
    r->registry = registry;
    r->set = out;
    wijk_progress(ctx, "margins", 0);
    rc = choose_parts(r, options, ctx);
    rc = rc ? rc : read_around(out, store);
    rc = rc ? rc : read_links(r, ctx);
    rc = rc ? rc : read_layers(r);
    rc = rc ? rc : read_figures(r, ctx);
    for (size_t i = 0; !rc && i < out->areas + out->gemeenten; i++) {
        rc = fill_area(r, i);
        rc = rc ? rc : wijk_checkpoint(ctx);
    }
    if (!rc) {
        country_means(r);
    }
    reader_free(r);
    if (rc) {
        margins_free(out);
    }
    return rc;
}

int margins_list(margin_set *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_start_options *options)
{
    reader r = {.store = store, .registry = registry, .set = out};
    memset(out, 0, sizeof *out);
    int rc = wijk_arena_new(&out->arena, 0);
    rc = rc ? rc : choose_parts(&r, options, NULL);
    if (rc) {
        margins_free(out);
    }
    return rc;
}

void margins_free(margin_set *set)
{
    wijk_free(set->area);
    wijk_arena_free(set->arena);
    memset(set, 0, sizeof *set);
}
