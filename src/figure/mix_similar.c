/* A gemeente or wijk beside those most like it: by what they are, never by how they fare, so that a
 * separation is set beside what is usual for such a place. */
#include "figure/mix.h"

#include "wijk/err.h"

#include <math.h>

/* Those of the newest division on which similar areas were looked for, with figures of this layer.
 */
static wijk_stmt *select_like(mix_work *w)
{
    const wijk_mix *mix = w->out;
    wijk_stmt *stmt = wijk_store_sql(
        w->store,
        "SELECT a.code, a.name, a.id, m.d, m.chance_d, m.areas FROM similar s CROSS JOIN area o ON "
        "o.id=s.other_id CROSS JOIN area a ON a.code=o.code AND a.level=o.level CROSS JOIN mixture "
        "m ON m.whole_id=a.id AND m.grouping=?1 AND m.level=?2 AND m.vintage=?3 AND m.period=?4 "
        "WHERE s.area_id=(SELECT b.id FROM area b CROSS JOIN similar t ON t.area_id=b.id WHERE "
        "b.code=?5 AND b.level=?6 ORDER BY b.vintage DESC LIMIT 1) ORDER BY s.place LIMIT ?7");
    wijk_bind_text(stmt, 1, mix->grouping->code);
    wijk_bind_int(stmt, 2, mix->layer.level);
    wijk_bind_int(stmt, 3, mix->layer.vintage);
    wijk_bind_int(stmt, 4, mix->layer.period);
    wijk_bind_text(stmt, 5, mix->whole.code);
    wijk_bind_int(stmt, 6, mix->whole.level);
    wijk_bind_int(stmt, 7, WIJK_MIX_LIKE);
    return stmt;
}

int mix_similar(mix_work *w, int draws)
{
    wijk_mix *mix = w->out;
    int64_t ids[WIJK_MIX_LIKE];
    if (mix->part || mix->whole.fictional ||
        (mix->whole.level != WIJK_GEMEENTE && mix->whole.level != WIJK_WIJK)) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = select_like(w);
    int rc;
    size_t n = 0;
    while ((rc = wijk_step(stmt)) == 1) {
        ids[n] = wijk_col_int(stmt, 2);
        const char *code = wijk_arena_strdup(w->arena, wijk_col_text(stmt, 0));
        const char *name = wijk_arena_strdup(w->arena, wijk_col_text(stmt, 1));
        mix->like[n++] = (wijk_mix_like){code ? code : "",
                                         name && *name ? name
                                         : code        ? code
                                                       : "",
                                         wijk_col_double(stmt, 3),
                                         wijk_col_double(stmt, 4),
                                         NAN,
                                         NAN,
                                         (size_t)wijk_col_int(stmt, 5)};
    }
    wijk_reset(stmt);
    mix->like_count = n;
    mix->like_ranged = draws > WIJK_MIX_LOOK; /* as dear as five of these pages */
    for (size_t i = 0; !rc && mix->like_ranged && i < n; i++) {
        wijk_grouped table;
        rc = wijk_grouped_read(&table, w->store, w->registry, w->arena, mix->grouping, mix->layer,
                               ids[i]);
        rc = rc ? rc : mix_range_of(&mix->like[i].low, &mix->like[i].high, w, &table, draws);
    }
    return rc;
}
