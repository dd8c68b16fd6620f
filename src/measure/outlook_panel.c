/* The measurements of all areas of one level on all waves, read from the file and joined over
 * vintages by code. */
#include "wijk/outlook.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

int wijk_outlook_panel_new(wijk_outlook_panel *out, size_t areas, size_t waves)
{
    *out = (wijk_outlook_panel){.areas = areas, .waves = waves};
    if (!areas || areas > WIJK_MAX_AREAS || !waves || waves > WIJK_OUTLOOK_WAVES) {
        *out = (wijk_outlook_panel){0};
        return wijk_fail(WIJK_EINVAL, "Een reeks metingen heeft 1 tot %d metingen van gebieden.",
                         "A series of measurements has 1 to %d measurements of areas.",
                         WIJK_OUTLOOK_WAVES);
    }
    double **arrays[] = {&out->level, &out->people, &out->social, &out->density};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = wijk_alloc(areas * waves * sizeof **arrays[i]);
        if (!*arrays[i]) {
            wijk_outlook_panel_free(out);
            return WIJK_ENOMEM;
        }
        for (size_t j = 0; j < areas * waves; j++) {
            (*arrays[i])[j] = NAN;
        }
    }
    return WIJK_OK;
}

void wijk_outlook_panel_free(wijk_outlook_panel *panel)
{
    wijk_free(panel->level);
    wijk_free(panel->people);
    wijk_free(panel->social);
    wijk_free(panel->density);
    *panel = (wijk_outlook_panel){0};
}

void wijk_outlook_panel_facts(wijk_outlook_panel *panel, enum wijk_outlook_facts facts)
{
    size_t n = panel->areas, last = (panel->waves - 1) * n;
    for (size_t at = 0; at < n * panel->waves; at++) {
        if (facts == WIJK_OUTLOOK_NO_HOMES) {
            panel->social[at] = panel->density[at] = NAN;
        } else {
            panel->people[at] = panel->people[last + at % n];
        }
    }
}

void wijk_outlook_past_of(wijk_outlook_past *out, const wijk_outlook_panel *panel, size_t area,
                          size_t upto)
{
    for (size_t w = 0; w < WIJK_OUTLOOK_WAVES; w++) {
        out->level[w] = w <= upto ? panel->level[w * panel->areas + area] : NAN;
    }
    size_t at = upto * panel->areas + area;
    out->people = panel->people[at];
    out->social = panel->social[at];
    out->density = panel->density[at];
}

/* ---- from the file -----------------------------------------------------------------------------
 */

typedef struct {
    wijk_outlook_panel *panel;
    wijk_store *store;
    int level, fictional;
    int indicator; /* the score */
    int vintage;   /* of the borders on which most waves are known */
    int only;      /* 1: codes of other vintages may be other places */
    char (*codes)[16];
} reading;

static wijk_stmt *bound(const reading *r, wijk_stmt *stmt, int indicator)
{
    wijk_bind_int(stmt, 1, indicator);
    wijk_bind_int(stmt, 2, r->level);
    wijk_bind_int(stmt, 3, r->fictional);
    wijk_bind_int(stmt, 4, r->vintage);
    wijk_bind_int(stmt, 5, r->only);
    return stmt;
}

/* Borders change and codes with them, so one release on one set of borders leads; of postcodes,
 * which keep their number, other releases add the waves that it lacks. */
static int find_vintage(reading *r)
{
    wijk_stmt *stmt = wijk_store_sql(
        r->store, "SELECT s.vintage, count(*) FROM series s WHERE s.indicator_id = ?1"
                  " AND s.level = ?2 AND EXISTS (SELECT 1 FROM area a WHERE a.level = s.level"
                  " AND a.vintage = s.vintage AND a.fictional = ?3)"
                  " GROUP BY s.vintage ORDER BY count(*) DESC, s.vintage DESC");
    wijk_bind_int(stmt, 1, r->indicator);
    wijk_bind_int(stmt, 2, r->level);
    wijk_bind_int(stmt, 3, r->fictional);
    int rc = wijk_step(stmt);
    if (rc == 1) {
        r->vintage = (int)wijk_col_int(stmt, 0);
        r->only = r->level != WIJK_PC4;
        wijk_reset(stmt);
    }
    return rc < 0 ? rc : WIJK_OK;
}

/* A wave that only a corner of the country has is no wave of this panel. */
static int find_waves(reading *r)
{
    wijk_outlook_panel *panel = r->panel;
    wijk_stmt *stmt = bound(
        r,
        wijk_store_sql(r->store,
                       "WITH wave(period, areas) AS (SELECT v.period, count(DISTINCT a.code)"
                       "  FROM layer_value v JOIN area a ON a.id = v.area_id"
                       "  WHERE v.indicator_id = ?1 AND v.level = ?2 AND a.fictional = ?3"
                       "  AND (?5 = 0 OR v.vintage = ?4) GROUP BY v.period)"
                       " SELECT period FROM wave"
                       " WHERE areas * 2 >= (SELECT max(areas) FROM wave) ORDER BY period DESC"),
        r->indicator);
    int years[WIJK_OUTLOOK_WAVES], rc;
    size_t n = 0;
    while ((rc = wijk_step(stmt)) == 1) {
        if (n < WIJK_OUTLOOK_WAVES) { /* the newest ones */
            years[n++] = (int)wijk_col_int(stmt, 0);
        }
    }
    panel->waves = n;
    for (size_t w = 0; w < n; w++) {
        panel->years[w] = years[n - 1 - w];
    }
    return rc;
}

static int count_areas(int64_t *out, reading *r)
{
    return wijk_run_int(
        out,
        bound(r,
              wijk_store_sql(r->store, "SELECT count(DISTINCT a.code) FROM layer_value v"
                                       " JOIN area a ON a.id = v.area_id WHERE v.indicator_id = ?1"
                                       " AND v.level = ?2 AND a.fictional = ?3"
                                       " AND (?5 = 0 OR v.vintage = ?4)"),
              r->indicator),
        0);
}

static int read_levels(reading *r)
{
    wijk_outlook_panel *panel = r->panel;
    wijk_stmt *stmt =
        bound(r,
              wijk_store_sql(
                  r->store, "SELECT a.code, v.period, v.value FROM layer_value v"
                            " JOIN area a ON a.id = v.area_id WHERE v.indicator_id = ?1"
                            " AND v.level = ?2 AND a.fictional = ?3 AND (?5 = 0 OR v.vintage = ?4)"
                            " ORDER BY a.code, v.vintage = ?4, v.vintage"), /* the last one stays */
              r->indicator);
    size_t count = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const char *code = wijk_col_text(stmt, 0);
        if (!count || strcmp(r->codes[count - 1], code) != 0) {
            if (count == panel->areas) {
                break;
            }
            snprintf(r->codes[count++], sizeof *r->codes, "%s", code);
        }
        for (size_t w = 0; w < panel->waves; w++) {
            if (panel->years[w] == wijk_col_int(stmt, 1)) {
                panel->level[w * panel->areas + count - 1] = wijk_col_double(stmt, 2);
            }
        }
    }
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

/* Rows come by code and then by year, so a later row overwrites the waves from its year on, and
 * the first row also those before. */
static int read_facts(double *out, reading *r, int indicator)
{
    const wijk_outlook_panel *panel = r->panel;
    wijk_stmt *stmt =
        bound(r,
              wijk_store_sql(r->store, "SELECT a.code, v.period, v.value FROM layer_value v"
                                       " JOIN area a ON a.id = v.area_id WHERE v.indicator_id = ?1"
                                       " AND v.level = ?2 AND a.fictional = ?3"
                                       " AND (?5 = 0 OR v.vintage = ?4) AND v.period < 10000"
                                       " ORDER BY a.code, v.period, v.vintage"),
              indicator);
    size_t at = 0;
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const char *code = wijk_col_text(stmt, 0);
        while (at < panel->areas && strcmp(r->codes[at], code) < 0) {
            at++;
        }
        if (at == panel->areas || strcmp(r->codes[at], code) != 0) {
            continue;
        }
        for (size_t w = 0; w < panel->waves; w++) {
            double *place = &out[w * panel->areas + at];
            if (!isfinite(*place) || panel->years[w] >= wijk_col_int(stmt, 1)) {
                *place = wijk_col_double(stmt, 2);
            }
        }
    }
    return rc;
}

static int id_of(const wijk_registry *registry, const char *code)
{
    const wijk_indicator *it = wijk_indicator_by_code(registry, code);
    return it ? it->id : 0;
}

int wijk_outlook_panel_read(wijk_outlook_panel *out, wijk_store *store,
                            const wijk_registry *registry, const char *score, enum wijk_level level,
                            int fictional)
{
    *out = (wijk_outlook_panel){0};
    reading r = {.panel = out,
                 .store = store,
                 .level = level,
                 .fictional = fictional != 0,
                 .indicator = id_of(registry, score)};
    int64_t areas = 0;
    int rc = find_vintage(&r);
    rc = rc ? rc : find_waves(&r);
    rc = rc ? rc : count_areas(&areas, &r);
    if (rc || out->waves < 2) {
        *out = (wijk_outlook_panel){0};
        return rc;
    }
    wijk_outlook_panel waves = *out;
    rc = wijk_outlook_panel_new(out, (size_t)areas, waves.waves);
    memcpy(out->years, waves.years, sizeof out->years);
    out->vintage = r.vintage;
    r.codes = rc ? NULL : wijk_alloc((size_t)areas * sizeof *r.codes);
    rc = rc ? rc : r.codes ? WIJK_OK : WIJK_ENOMEM;
    rc = rc ? rc : read_levels(&r);
    rc = rc ? rc : read_facts(out->people, &r, id_of(registry, "population"));
    rc = rc ? rc : read_facts(out->social, &r, id_of(registry, "social_share"));
    rc = rc ? rc : read_facts(out->density, &r, id_of(registry, "address_density"));
    wijk_free(r.codes);
    if (rc) {
        wijk_outlook_panel_free(out);
    }
    return rc;
}
