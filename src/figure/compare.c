/* Two areas, or two periods of one, side by side. A difference is called clear only when the bands
 * of both figures do not touch. */
#include "figure/words.h"

#include "wijk/err.h"

#include <math.h>
#include <string.h>

static double number_of(const wijk_value *value)
{
    return value && value->mark == WIJK_MARK_VALUE ? value->value : NAN;
}

static int bands_apart(const wijk_value *a, const wijk_value *b)
{
    return a && b && !((a->flags | b->flags) & WIJK_GREY) && (a->low > b->high || a->high < b->low);
}

static const char *caution(wijk_arena *arena, wijk_lang lang, const wijk_area *a,
                           const wijk_area *b)
{
    if (a->level != b->level) {
        return WIJK_FILL(arena, lang, T_PORTRAIT_COMPARE_LEVELS,
                         {"a", wijk_level_name(lang, a->level)},
                         {"b", wijk_level_name(lang, b->level)});
    }
    return a->vintage != b->vintage ? wijk_text(lang, T_PORTRAIT_COMPARE_VINTAGES) : "";
}

int wijk_portrait_compare(wijk_comparison *out, wijk_store *store, const wijk_registry *registry,
                          wijk_arena *arena, int64_t a, int period_a, int64_t b, int period_b,
                          wijk_lang lang)
{
    *out = (wijk_comparison){.period_a = period_a, .period_b = period_b, .caution = ""};
    wijk_facts left, right;
    int rc = wijk_facts_get(&left, store, registry, arena, a);
    if (!rc && a != b) {
        rc = wijk_facts_get(&right, store, registry, arena, b);
    } else {
        right = left;
    }
    if (rc) {
        return rc;
    }
    if (left.area.fictional != right.area.fictional) {
        return wijk_fail(WIJK_EINVAL,
                         "%s en %s zijn niet te vergelijken: één van de twee is verzonnen.",
                         "%s and %s cannot be compared: one of them is invented.", left.area.code,
                         right.area.code);
    }
    out->a = left.area;
    out->b = right.area;
    out->caution = caution(arena, lang, &out->a, &out->b);
    size_t n = wijk_indicator_count(registry);
    out->rows = wijk_arena_alloc(arena, (n + 1) * sizeof *out->rows);
    if (!out->rows) {
        return WIJK_ENOMEM;
    }
    for (size_t t = 0; wijk_theme_at(t); t++) {
        for (size_t i = 0; i < n; i++) {
            const wijk_indicator *it = wijk_indicator_at(registry, i);
            if (it->id <= 0 || strcmp(it->theme, wijk_theme_at(t)) != 0) {
                continue;
            }
            const wijk_value *x = wijk_facts_find(&left, it->id, period_a);
            const wijk_value *y = wijk_facts_find(&right, it->id, period_b);
            if (x || y) {
                out->rows[out->count++] =
                    (wijk_difference){it, x, y, number_of(y) - number_of(x), bands_apart(x, y)};
            }
        }
    }
    return WIJK_OK;
}
