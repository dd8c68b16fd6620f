/* Models and score cards in the file, made anew when the facts changed. A model is a few hundred
 * named numbers and knows no areas; whoever asks for an area gets a forecast reckoned there and
 * then. So no list of areas by risk exists, in the file or anywhere. */
#include "measure/outlook_kept.h"
#include "measure/outlook_score.h"

#include "wijk/mem.h"
#include "wijk/stats.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const enum wijk_level LEVELS[] = {WIJK_GEMEENTE, WIJK_WIJK, WIJK_BUURT, WIJK_PC4};
static const char *const PARTS[] = {"lbm3_won", "lbm3_soc", "lbm3_vrz", "lbm3_onv", "lbm3_fys"};

/* Raised when the same facts give other models: a file then gets them anew. */
#define METHOD "2"

static const struct {
    const char *name;
    size_t offset, count;
} fields[] = {
    {"shift", offsetof(outlook_fitted, scene.shift), WIJK_OUTLOOK_WAVES},
    {"middle", offsetof(outlook_fitted, scene.middle), 1},
    {"stir", offsetof(outlook_fitted, scene.stir), 1},
    {"noise", offsetof(outlook_fitted, scene.noise), OUTLOOK_CLASSES},
    {"process", offsetof(outlook_fitted, scene.process), OUTLOOK_CLASSES},
    {"ahead", offsetof(outlook_fitted, scene.ahead), 1},
    {"drift", offsetof(outlook_fitted, drift), 1},
    {"where", offsetof(outlook_fitted, where), OUTLOOK_FEATURES},
    {"spread", offsetof(outlook_fitted, spread), OUTLOOK_FEATURES},
    {"miss", offsetof(outlook_fitted, miss), OUTLOOK_CLASSES *OUTLOOK_GRID},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static double *field(outlook_fitted *fitted, size_t i)
{
    return (double *)(void *)((char *)fitted + fields[i].offset);
}

static int run(wijk_stmt *stmt)
{
    return stmt ? wijk_run(stmt) : WIJK_EDB;
}

/* ---- writing -----------------------------------------------------------------------------------
 */

static int write_number(wijk_store *store, int64_t id, const char *part, size_t place, double value)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO outlook_number(outlook_id, part, place, value) VALUES (?1,?2,?3,?4)");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_text(stmt, 2, part);
    wijk_bind_int(stmt, 3, (int64_t)place);
    wijk_bind_double(stmt, 4, value);
    return run(stmt);
}

static int write_model(int64_t *id, wijk_store *store, const char *score, enum wijk_level level,
                       int fictional, const wijk_outlook_panel *panel, wijk_outlook_model *model)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "INSERT INTO outlook(score, level, fictional, estimator, vintage, areas)"
               " VALUES (?1,?2,?3,?4,?5,?6)");
    wijk_bind_text(stmt, 1, score);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_int(stmt, 3, fictional);
    wijk_bind_text(stmt, 4, wijk_outlook_code(model->estimator));
    wijk_bind_int(stmt, 5, panel->vintage);
    wijk_bind_int(stmt, 6, (int64_t)panel->areas);
    int rc = run(stmt);
    *id = wijk_store_last_id(store);
    for (size_t w = 0; w <= model->upto && !rc; w++) {
        rc = write_number(store, *id, "year", w, panel->years[w]);
    }
    for (size_t i = 0; i < FIELDS && !rc; i++) {
        size_t count = fields[i].count, all = count * model->members;
        for (size_t at = 0; at < all && !rc; at++) {
            double value = field(&model->fitted[at / count], i)[at % count];
            rc = value != 0 ? write_number(store, *id, fields[i].name, at, value) : WIJK_OK;
        }
    }
    return rc;
}

static int write_scores(wijk_store *store, int64_t id, const wijk_outlook_step *step)
{
    int rc = WIJK_OK;
    for (size_t e = 0; e < wijk_outlook_estimators() && !rc; e++) {
        for (int slice = 0; slice < WIJK_SLICES && !rc; slice++) {
            const wijk_outlook_score *s = &step->score[e * WIJK_SLICES + (size_t)slice];
            wijk_stmt *stmt = wijk_store_sql(
                store, "INSERT INTO outlook_score(outlook_id, from_year, estimator, slice, areas,"
                       " drops, mae, pinball, cover50, cover90, average_precision)"
                       " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");
            wijk_bind_int(stmt, 1, id);
            wijk_bind_int(stmt, 2, step->from);
            wijk_bind_text(stmt, 3, wijk_outlook_code(e));
            wijk_bind_text(stmt, 4, wijk_outlook_slice_code((enum wijk_outlook_slice)slice));
            wijk_bind_int(stmt, 5, (int64_t)s->areas);
            wijk_bind_int(stmt, 6, (int64_t)s->drops);
            const double values[] = {s->mae, s->pinball, s->cover50, s->cover90, s->precision};
            for (int i = 0; i < 5; i++) {
                wijk_bind_double(stmt, 7 + i, values[i]);
            }
            rc = run(stmt);
        }
    }
    return rc;
}

static int write_chances(wijk_store *store, int64_t id, const wijk_outlook_step *step)
{
    const wijk_outlook_warning *w = &step->warning;
    int rc = WIJK_OK;
    for (int bin = 0; bin < WIJK_OUTLOOK_BINS && !rc; bin++) {
        if (!w->areas[bin]) {
            continue;
        }
        wijk_stmt *stmt =
            wijk_store_sql(store, "INSERT INTO outlook_chance(outlook_id, from_year, bin, areas,"
                                  " drops, mean) VALUES (?1,?2,?3,?4,?5,?6)");
        wijk_bind_int(stmt, 1, id);
        wijk_bind_int(stmt, 2, step->from);
        wijk_bind_int(stmt, 3, bin);
        wijk_bind_int(stmt, 4, (int64_t)w->areas[bin]);
        wijk_bind_int(stmt, 5, (int64_t)w->drops[bin]);
        wijk_bind_double(stmt, 6, w->mean[bin]);
        rc = run(stmt);
    }
    return rc;
}

static int write_card(wijk_store *store, int64_t id, const wijk_outlook_card *card)
{
    int rc = WIJK_OK;
    for (size_t s = 0; s < card->count && !rc; s++) {
        const wijk_outlook_step *step = &card->steps[s];
        const wijk_outlook_warning *w = &step->warning;
        wijk_stmt *stmt = wijk_store_sql(
            store,
            "INSERT INTO outlook_step(outlook_id, from_year, to_year, chosen, common, warned,"
            " hits, missed, early, ahead, ahead_low, ahead_high)"
            " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
        wijk_bind_int(stmt, 1, id);
        wijk_bind_int(stmt, 2, step->from);
        wijk_bind_int(stmt, 3, step->to);
        wijk_bind_text(stmt, 4, wijk_outlook_code(step->chosen));
        wijk_bind_double(stmt, 5, step->common);
        const size_t counts[] = {w->warned, w->right, w->missed, w->early};
        for (int i = 0; i < 4; i++) {
            wijk_bind_int(stmt, 6 + i, (int64_t)counts[i]);
        }
        wijk_bind_double(stmt, 10, w->ahead);
        wijk_bind_double(stmt, 11, w->ahead_low);
        wijk_bind_double(stmt, 12, w->ahead_high);
        rc = run(stmt);
        rc = rc ? rc : write_scores(store, id, step);
        rc = rc ? rc : write_chances(store, id, step);
    }
    return rc;
}

/* ---- making ------------------------------------------------------------------------------------
 */

static size_t changes_in(const wijk_outlook_panel *panel)
{
    size_t n = 0;
    for (size_t i = panel->areas; i < panel->areas * panel->waves; i++) {
        n += isfinite(panel->level[i]) && isfinite(panel->level[i - panel->areas]);
    }
    return n;
}

/* The score as a whole is judged where there are enough areas; its parts never are. */
static int make_one(wijk_store *store, const wijk_registry *registry, const char *score,
                    enum wijk_level level, int fictional, int judged, wijk_ctx *ctx)
{
    wijk_outlook_panel panel;
    wijk_outlook_card card = {0};
    wijk_outlook_model *model = NULL;
    size_t estimator = wijk_outlook_find("no_change");
    int64_t id;
    int rc = wijk_outlook_panel_read(&panel, store, registry, score, level, fictional);
    if (rc || !panel.areas || changes_in(&panel) < WIJK_OUTLOOK_FEWEST) {
        goto done;
    }
    if (judged && panel.areas >= WIJK_OUTLOOK_MANY && panel.waves >= 3) {
        rc = wijk_outlook_backtest(&card, &panel, ctx);
        estimator = rc ? estimator : card.next;
    } else if (panel.areas >= WIJK_OUTLOOK_MANY) {
        estimator = wijk_outlook_find("same_by_size");
    }
    rc = rc ? rc : wijk_outlook_fit(&model, &panel, estimator, panel.waves - 1, ctx);
    rc = rc ? rc : write_model(&id, store, score, level, fictional, &panel, model);
    rc = rc ? rc : write_card(store, id, &card);
done:
    wijk_outlook_model_free(model);
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
    return rc;
}

static int make_all(wijk_store *store, const wijk_registry *registry, wijk_ctx *ctx)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        for (int fictional = 0; fictional < 2; fictional++) {
            rc = rc ? rc : make_one(store, registry, "lbm3_lbm", LEVELS[i], fictional, 1, ctx);
            for (size_t p = 0; p < sizeof PARTS / sizeof *PARTS && !rc; p++) {
                rc = make_one(store, registry, PARTS[p], LEVELS[i], fictional, 0, ctx);
            }
        }
    }
    return rc;
}

static int clear(wijk_store *store)
{
    int rc = run(wijk_store_sql(store, "DELETE FROM outlook_chance"));
    rc = rc ? rc : run(wijk_store_sql(store, "DELETE FROM outlook_score"));
    rc = rc ? rc : run(wijk_store_sql(store, "DELETE FROM outlook_step"));
    rc = rc ? rc : run(wijk_store_sql(store, "DELETE FROM outlook_number"));
    return rc ? rc : run(wijk_store_sql(store, "DELETE FROM outlook"));
}

/* Due when other facts were derived since, or under another schema. */
static int is_due(int *out, wijk_store *store)
{
    int64_t due = 0;
    int rc = wijk_run_int(
        &due,
        wijk_store_sql(
            store, "SELECT 1 FROM meta d JOIN meta s ON s.key = 'derived_schema'"
                   " WHERE d.key = 'derived_at' AND d.value || '/' || s.value || '/" METHOD "' <>"
                   " coalesce((SELECT value FROM meta WHERE key = 'outlook_of'), '')"),
        0);
    *out = !rc && due;
    return rc;
}

int wijk_outlook_derive_when_due(wijk_store *store, wijk_ctx *ctx)
{
    int due = 0;
    int rc = is_due(&due, store);
    if (rc || !due || !wijk_store_writes(store)) {
        return rc;
    }
    wijk_registry *registry = NULL;
    rc = wijk_registry_open(&registry, store);
    rc = rc ? rc : wijk_begin(store);
    if (!rc) {
        rc = clear(store);
        rc = rc ? rc : make_all(store, registry, ctx);
        rc = rc ? rc
                : run(wijk_store_sql(
                      store, "INSERT INTO meta(key, value) SELECT 'outlook_of', d.value || '/' ||"
                             " s.value || '/" METHOD
                             "' FROM meta d JOIN meta s ON s.key = 'derived_schema'"
                             " WHERE d.key = 'derived_at'"
                             " ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
        rc = rc ? rc : wijk_commit(store);
        if (rc) {
            wijk_rollback(store);
        }
    }
    wijk_registry_free(registry);
    return rc;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static int find(outlook_kept *out, wijk_store *store, const char *score, enum wijk_level level,
                int fictional)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT id, estimator, vintage, areas FROM outlook"
                                            " WHERE score=?1 AND level=?2 AND fictional=?3");
    wijk_bind_text(stmt, 1, score);
    wijk_bind_int(stmt, 2, level);
    wijk_bind_int(stmt, 3, fictional);
    memset(out, 0, sizeof *out);
    int step = wijk_step(stmt);
    if (step == 1) {
        out->id = wijk_col_int(stmt, 0);
        out->level = level;
        out->model.estimator = wijk_outlook_find(wijk_col_text(stmt, 1));
        out->vintage = (int)wijk_col_int(stmt, 2);
        out->areas = (size_t)wijk_col_int(stmt, 3);
        wijk_reset(stmt);
    }
    int known = step == 1 && out->model.estimator < wijk_outlook_estimators();
    while (known && out->model.members < OUTLOOK_MEMBERS &&
           outlook_member(out->model.estimator, out->model.members) < wijk_outlook_estimators()) {
        out->model.members++;
    }
    return step < 0 ? step : known ? WIJK_OK : WIJK_ENOTFOUND;
}

int outlook_kept_read(outlook_kept *out, wijk_store *store, const char *score,
                      enum wijk_level level, int fictional)
{
    int rc = find(out, store, score, level, fictional), step;
    if (rc) {
        return rc;
    }
    wijk_stmt *stmt =
        wijk_store_sql(store, "SELECT part, place, value FROM outlook_number WHERE outlook_id=?1");
    wijk_bind_int(stmt, 1, out->id);
    size_t waves = 0,
           kind = 0; /* rows come by part, so the kind is mostly that of the row before */
    while ((step = wijk_step(stmt)) == 1) {
        const char *part = wijk_col_text(stmt, 0);
        size_t place = (size_t)wijk_col_int(stmt, 1);
        double value = wijk_col_double(stmt, 2);
        if (strcmp(part, fields[kind].name) != 0) {
            for (kind = 0; kind + 1 < FIELDS && strcmp(part, fields[kind].name) != 0;) {
                kind++;
            }
        }
        size_t count = fields[kind].count, member = place / count;
        if (!strcmp(part, "year") && place < WIJK_OUTLOOK_WAVES) {
            out->model.years[place] = (int)value;
            waves++;
        } else if (member < out->model.members && !strcmp(part, fields[kind].name)) {
            field(&out->model.fitted[member], kind)[place % count] = value;
        }
    }
    out->model.upto = waves ? waves - 1 : 0;
    return step < 0 ? step : waves > 1 ? WIJK_OK : WIJK_ENOTFOUND;
}

static int read_steps(wijk_outlook_card *out, wijk_store *store, int64_t id, int newest)
{
    int64_t count = 0;
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT count(*) FROM outlook_step WHERE outlook_id=?1"
                                            " AND (?2 = 0 OR from_year = (SELECT max(from_year)"
                                            " FROM outlook_step WHERE outlook_id=?1))");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, newest);
    int rc = wijk_run_int(&count, stmt, 0);
    if (rc || !count) {
        return rc;
    }
    out->steps = wijk_alloc((size_t)count * sizeof *out->steps);
    stmt = wijk_store_sql(store, "SELECT from_year, to_year, chosen, common, warned, hits, missed,"
                                 " early, ahead, ahead_low, ahead_high FROM outlook_step"
                                 " WHERE outlook_id=?1 AND (?2 = 0 OR from_year ="
                                 " (SELECT max(from_year) FROM outlook_step WHERE outlook_id=?1))"
                                 " ORDER BY from_year");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, newest);
    int step = 0;
    while (out->steps && out->count < (size_t)count && (step = wijk_step(stmt)) == 1) {
        wijk_outlook_step *one = &out->steps[out->count];
        one->score = wijk_alloc(wijk_outlook_estimators() * WIJK_SLICES * sizeof *one->score);
        if (!one->score) {
            break;
        }
        out->count++;
        one->from = (int)wijk_col_int(stmt, 0);
        one->to = (int)wijk_col_int(stmt, 1);
        one->chosen = wijk_outlook_find(wijk_col_text(stmt, 2)) % wijk_outlook_estimators();
        one->common = wijk_col_double(stmt, 3);
        one->warning.warned = (size_t)wijk_col_int(stmt, 4);
        one->warning.right = (size_t)wijk_col_int(stmt, 5);
        one->warning.missed = (size_t)wijk_col_int(stmt, 6);
        one->warning.early = (size_t)wijk_col_int(stmt, 7);
        one->warning.ahead = wijk_col_double(stmt, 8);
        one->warning.ahead_low = wijk_col_double(stmt, 9);
        one->warning.ahead_high = wijk_col_double(stmt, 10);
    }
    wijk_reset(stmt);
    return step < 0 ? step : out->count == (size_t)count ? WIJK_OK : WIJK_ENOMEM;
}

static wijk_outlook_step *step_from(const wijk_outlook_card *card, int from)
{
    size_t s = 0;
    while (s < card->count && card->steps[s].from != from) {
        s++;
    }
    return s < card->count ? &card->steps[s] : NULL;
}

static int slice_of(const char *code)
{
    int slice = 0;
    while (slice < WIJK_SLICES &&
           strcmp(code, wijk_outlook_slice_code((enum wijk_outlook_slice)slice)) != 0) {
        slice++;
    }
    return slice;
}

static int read_scores(const wijk_outlook_card *out, wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT from_year, estimator, slice, areas, drops, mae, pinball, cover50, cover90,"
               " average_precision FROM outlook_score WHERE outlook_id=?1 AND from_year>=?2");
    wijk_bind_int(stmt, 1, id);
    wijk_bind_int(stmt, 2, out->count ? out->steps[0].from : 0);
    int row;
    while ((row = wijk_step(stmt)) == 1) {
        wijk_outlook_step *step = step_from(out, (int)wijk_col_int(stmt, 0));
        size_t e = wijk_outlook_find(wijk_col_text(stmt, 1));
        int slice = slice_of(wijk_col_text(stmt, 2));
        if (!step || e == wijk_outlook_estimators() || slice == WIJK_SLICES) {
            continue;
        }
        wijk_outlook_score *s = &step->score[e * WIJK_SLICES + (size_t)slice];
        s->areas = (size_t)wijk_col_int(stmt, 3);
        s->drops = (size_t)wijk_col_int(stmt, 4);
        s->mae = wijk_col_double(stmt, 5);
        s->pinball = wijk_col_double(stmt, 6);
        s->cover50 = wijk_col_double(stmt, 7);
        s->cover90 = wijk_col_double(stmt, 8);
        s->precision = wijk_col_double(stmt, 9);
        double n = (double)s->areas;
        wijk_share_interval(&s->low50, &s->high50, s->cover50 * n, n);
        wijk_share_interval(&s->low90, &s->high90, s->cover90 * n, n);
    }
    return row;
}

static int read_chances(const wijk_outlook_card *out, wijk_store *store, int64_t id)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT from_year, bin, areas, drops, mean"
                                            " FROM outlook_chance WHERE outlook_id=?1");
    wijk_bind_int(stmt, 1, id);
    int row;
    while ((row = wijk_step(stmt)) == 1) {
        wijk_outlook_step *step = step_from(out, (int)wijk_col_int(stmt, 0));
        size_t bin = (size_t)wijk_col_int(stmt, 1);
        if (step && bin < WIJK_OUTLOOK_BINS) {
            step->warning.areas[bin] = (size_t)wijk_col_int(stmt, 2);
            step->warning.drops[bin] = (size_t)wijk_col_int(stmt, 3);
            step->warning.mean[bin] = wijk_col_double(stmt, 4);
        }
    }
    return row;
}

int wijk_outlook_card_read(wijk_outlook_card *out, wijk_store *store, enum wijk_level level,
                           int fictional, int newest)
{
    outlook_kept kept;
    *out = (wijk_outlook_card){0};
    int rc = find(&kept, store, "lbm3_lbm", level, fictional);
    if (rc) {
        return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
    }
    rc = read_steps(out, store, kept.id, newest);
    rc = rc ? rc : read_scores(out, store, kept.id);
    rc = rc ? rc : read_chances(out, store, kept.id);
    out->next = kept.model.estimator;
    if (rc) {
        wijk_outlook_card_free(out);
    }
    return rc;
}
