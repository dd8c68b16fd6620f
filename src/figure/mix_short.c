/* Mix and segregation in two sentences: from the derived table for an area with parts, from one row
 * of figures for an area without. */
#include "figure/mix.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <math.h>
#include <string.h>

static const char *hundred(wijk_arena *arena, wijk_lang lang, double value)
{
    return wijk_int_in(arena, lang, lround(100 * value), 0);
}

static const char *year_of(wijk_arena *arena, wijk_layer layer)
{
    const char *text = wijk_arena_printf(arena, "%d", layer.period);
    return text ? text : "";
}

static const char *sentence_of_whole(mix_work *w, const wijk_mixture_row *row)
{
    wijk_lang lang = w->out->lang;
    return WIJK_FILL(
        w->arena, lang, T_MIX_SHORT_WHOLE, {"units", mix_units(lang, row->grouping->counted)},
        {"name", w->out->whole_name}, {"whole", hundred(w->arena, lang, row->at.simpson)},
        {"grouping", row->grouping->name[lang]}, {"part", mix_one_part(lang, row->at.layer.level)},
        {"within", hundred(w->arena, lang, row->at.within)},
        {"d", hundred(w->arena, lang, row->at.d)},
        {"chance", hundred(w->arena, lang, row->at.chance_d)},
        {"year", year_of(w->arena, row->at.layer)});
}

static int sentence_of_part(const char **out, mix_work *w, const wijk_mixture_row *row)
{
    wijk_grouped one;
    int rc = mix_read_self(&one, w, row);
    if (rc) {
        return rc;
    }
    double share[WIJK_GROUPS_MAX], total = 0, same = 0, unknown = mix_unknown(&one, 0);
    for (size_t g = 0; g < one.groups; g++) {
        total += one.counts[g];
    }
    for (size_t g = 0; g < one.groups; g++) {
        share[g] = one.counts[g] / total;
        same += share[g] * share[g];
        share[g] *= 1 - unknown;
    }
    wijk_lang lang = w->out->lang;
    *out = WIJK_FILL(w->arena, lang, T_MIX_SHORT_PART,
                     {"units", mix_units(lang, row->grouping->counted)}, {"name", w->out->name},
                     {"whole", w->out->whole_name},
                     {"shares", mix_share_list(w->arena, lang, row->grouping, share, unknown)},
                     {"self", hundred(w->arena, lang, 1 - same)},
                     {"all", hundred(w->arena, lang, row->at.simpson)},
                     {"year", year_of(w->arena, row->at.layer)});
    return WIJK_OK;
}

/* The best layer of each grouping, in the order of the registry; origin is never among them. */
static void choose_rows(wijk_mix_short *out, const wijk_mix *mix)
{
    for (size_t i = 0; i < mix->choice_count && out->count < WIJK_MIX_SHORT; i++) {
        const wijk_grouping *grouping = mix->choices[i].grouping;
        if (grouping->origin || (i && grouping == mix->choices[i - 1].grouping)) {
            continue;
        }
        wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
        ask.grouping = grouping->code;
        out->rows[out->count++] = *mix_choose(mix, &ask);
    }
}

int wijk_mix_short_get(wijk_mix_short *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_area *area, int64_t gemeente, wijk_lang lang)
{
    *out = (wijk_mix_short){.sentence = ""};
    wijk_mix mix = {.lang = lang, .area = *area};
    mix_work w = {store, registry, arena, &mix, gemeente};
    int64_t measured = 0;
    int rc = wijk_run_int(&measured, wijk_store_sql(store, "SELECT 1 FROM mixture LIMIT 1"), 0);
    if (rc || !measured || area->level == WIJK_OWN) {
        return rc ? rc : WIJK_ENOTFOUND; /* measured when asked for, on its own page */
    }
    mix.name = area->level == WIJK_PC4 || !*area->name ? area->code : area->name;
    rc = wijk_groupings_read(&mix.groupings, registry, arena);
    rc = rc ? rc : mix_choices(&w);
    if (rc) {
        return rc;
    }
    mix.whole_name = *mix.whole.name ? mix.whole.name : mix.whole.code;
    choose_rows(out, &mix);
    out->part = mix.part;
    out->whole_name = mix.whole_name;
    if (!out->count) {
        return WIJK_ENOTFOUND;
    }
    if (mix.part) {
        return sentence_of_part(&out->sentence, &w, &out->rows[0]);
    }
    out->sentence = sentence_of_whole(&w, &out->rows[0]);
    return WIJK_OK;
}
