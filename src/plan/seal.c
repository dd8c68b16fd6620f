/* Hashes that show a change made behind the program's back. They guard against quiet edits, not
 * against somebody who rewrites the whole file: that takes a copy kept elsewhere, which the manual
 * advises to make. */
#include "plan/internal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Every part with its length before it, so that no two lists of parts give the same bytes. */
static void add(crypto_generichash_state *state, const char *text)
{
    unsigned long long size = strlen(text);
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(size >> 8 * i);
    }
    crypto_generichash_update(state, bytes, sizeof bytes);
    crypto_generichash_update(state, (const unsigned char *)text, size);
}

static void finish(char out[PLAN_HASH], crypto_generichash_state *state)
{
    unsigned char hash[32];
    crypto_generichash_final(state, hash, sizeof hash);
    sodium_bin2hex(out, PLAN_HASH, hash, sizeof hash);
}

void plan_chain(char out[PLAN_HASH], const char *before, const char *field, const char *value,
                const char *at, int amends, const char *signed_by, const char *reason)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    const char *parts[] = {"wijk plan entry 1", before,    field, value, at,
                           amends ? "1" : "0",  signed_by, reason};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        add(&state, parts[i]);
    }
    finish(out, &state);
}

void plan_seal(char out[PLAN_HASH], const wijk_plan *plan)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 32);
    add(&state, "wijk plan design 1");
    add(&state, plan->code);
    for (size_t i = 0; i < plan->area_count; i++) {
        char area[128];
        snprintf(area, sizeof area, "%.80s %d", plan->areas[i].code, plan->areas[i].vintage);
        add(&state, area);
    }
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        if (wijk_plan_columns[i].design) {
            add(&state, wijk_plan_columns[i].code);
            add(&state, plan->design[i]);
        }
    }
    finish(out, &state);
}

int wijk_plan_mark(char out[WIJK_PLAN_MARK], wijk_store *store, const wijk_plan *plan)
{
    crypto_generichash_state state;
    char seal[PLAN_HASH], own[64];
    plan_seal(seal, plan);
    snprintf(own, sizeof own, "%d %d %.20s", (int)plan->state, plan->intact, plan->last_wave);
    crypto_generichash_init(&state, NULL, 0, 32);
    add(&state, "wijk plan mark 1");
    add(&state, seal);
    add(&state, own);
    for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
        add(&state, plan->value[i]);
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT t.area_id FROM plan p JOIN plan_area t ON t.plan_id=p.id WHERE p.id<>? AND "
               "p.state>0 AND p.withdrawn=0 ORDER BY t.area_id");
    wijk_bind_int(stmt, 1, plan->id);
    int step;
    while ((step = wijk_step(stmt)) == 1) {
        add(&state, wijk_col_text(stmt, 0));
    }
    wijk_reset(stmt);
    finish(out, &state);
    return step;
}
