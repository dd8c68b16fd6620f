/* Hashes that show a change made behind the program's back. They guard against quiet edits, not
 * against somebody who rewrites the whole file: that takes a copy kept elsewhere, which the manual
 * advises to make. */
#include "plan/internal.h"

#include "wijk/hash.h"

#include <stdio.h>
#include <string.h>

void plan_chain(char out[PLAN_HASH], const char *before, const char *field, const char *value,
                const char *at, int amends, const char *signed_by, const char *reason)
{
    wijk_hash hash;
    wijk_hash_begin(&hash, PLAN_HASH / 2);
    const char *parts[] = {"wijk plan entry 1", before,    field, value, at,
                           amends ? "1" : "0",  signed_by, reason};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        wijk_hash_add(&hash, parts[i]);
    }
    wijk_hash_end(out, &hash);
}

void plan_seal(char out[PLAN_HASH], const wijk_plan *plan)
{
    wijk_hash hash;
    wijk_hash_begin(&hash, PLAN_HASH / 2);
    wijk_hash_add(&hash, "wijk plan design 1");
    wijk_hash_add(&hash, plan->code);
    for (size_t i = 0; i < plan->area_count; i++) {
        char area[128];
        snprintf(area, sizeof area, "%.80s %d", plan->areas[i].code, plan->areas[i].vintage);
        wijk_hash_add(&hash, area);
    }
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        if (wijk_plan_columns[i].design) {
            wijk_hash_add(&hash, wijk_plan_columns[i].code);
            wijk_hash_add(&hash, plan->design[i]);
        }
    }
    wijk_hash_end(out, &hash);
}

int wijk_plan_mark(char out[WIJK_PLAN_MARK], wijk_store *store, const wijk_plan *plan)
{
    wijk_hash hash;
    char seal[PLAN_HASH], own[64];
    plan_seal(seal, plan);
    snprintf(own, sizeof own, "%d %d %.20s", (int)plan->state, plan->intact, plan->last_wave);
    wijk_hash_begin(&hash, PLAN_HASH / 2);
    wijk_hash_add(&hash, "wijk plan mark 1");
    wijk_hash_add(&hash, seal);
    wijk_hash_add(&hash, own);
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        wijk_hash_add(&hash, plan->value[i]);
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT t.area_id FROM plan p JOIN plan_area t ON t.plan_id=p.id WHERE p.id<>? AND "
               "p.state>0 AND p.withdrawn=0 ORDER BY t.area_id");
    wijk_bind_int(stmt, 1, plan->id);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        wijk_hash_add(&hash, wijk_col_text(stmt, 0));
    }
    wijk_reset(stmt);
    wijk_hash_end(out, &hash);
    return step;
}
