/* The words of mix and segregation: every sentence is a template of data/texts/mix.csv. Two homes
 * drawn by lot say "mixed" without a formula; the index itself stands on a scale of 0 to 100 beside
 * what chance alone gives. */
#include "figure/mix.h"

#include "figure/words.h"
#include "wijk/err.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const char *number(const mix_work *w, double value, int decimals)
{
    return wijk_number_in(w->arena, w->out->lang, value, decimals);
}

static const char *whole(const mix_work *w, double value)
{
    return number(w, value, 0);
}

static const char *year(const mix_work *w, int period)
{
    const char *text = wijk_arena_printf(w->arena, "%d", period);
    return text ? text : "";
}

/* What is counted: index 0 homes, 1 households, 2 people. */
static int kind_counted(const wijk_indicator *base)
{
    return strstr(base->code, "homes") ? 0 : strstr(base->code, "households") ? 1 : 2;
}

const char *mix_units(wijk_lang lang, const wijk_indicator *base)
{
    static const enum wijk_text_key keys[] = {T_MIX_UNIT_HOMES, T_MIX_UNIT_HOUSEHOLDS,
                                              T_MIX_UNIT_PEOPLE};
    return wijk_text(lang, keys[kind_counted(base)]);
}

static const char *units_of(const mix_work *w, const wijk_indicator *base)
{
    return mix_units(w->out->lang, base);
}

const char *mix_one_part(wijk_lang lang, enum wijk_level level)
{
    return level == WIJK_LOCAL ? wijk_text(lang, T_MIX_LOCAL_ONE) : wijk_level_name(lang, level);
}

const char *mix_capital(wijk_arena *arena, const char *text)
{
    char *copy = wijk_arena_strdup(arena, text);
    if (copy) {
        *copy = (char)toupper((unsigned char)*copy);
    }
    return copy ? copy : text;
}

static void add_share(wijk_str *out, wijk_arena *arena, wijk_lang lang, double share,
                      const char *name)
{
    wijk_str_add(out, out->size ? ", " : "");
    wijk_str_add(out, WIJK_FILL(arena, lang, T_MIX_SHARE,
                                {"share", wijk_number_in(arena, lang, 100 * share, 0)},
                                {"group", name}));
}

const char *mix_share_list(wijk_arena *arena, wijk_lang lang, const wijk_grouping *grouping,
                           const double *share, double unknown)
{
    wijk_str out = WIJK_STR_INIT;
    for (size_t g = 0; g < grouping->groups; g++) {
        add_share(&out, arena, lang, share[g], grouping->group[g].name[lang]);
    }
    if (unknown > 0) {
        add_share(&out, arena, lang, unknown, wijk_text(lang, T_MIX_UNKNOWN));
    }
    return wijk_str_keep(&out, arena);
}

/* The shares of the whole, or of the area itself; of everyone, as publishers give them. */
static const char *share_list(const mix_work *w, int self)
{
    const wijk_mix *mix = w->out;
    double share[WIJK_GROUPS_MAX];
    for (size_t g = 0; g < mix->grouping->groups; g++) {
        share[g] = self ? mix->group[g].of_all : mix->group[g].whole_of_all;
    }
    return mix_share_list(w->arena, mix->lang, mix->grouping, share,
                          self && mix->part ? mix->self_unknown : mix->unknown);
}

static const char *join(const mix_work *w, const char *const *sentences, size_t count)
{
    wijk_str out = WIJK_STR_INIT;
    for (size_t i = 0; i < count; i++) {
        wijk_str_add(&out, i && *sentences[i] ? " " : "");
        wijk_str_add(&out, sentences[i]);
    }
    return wijk_str_keep(&out, w->arena);
}

static const char *sentence_of_whole(const mix_work *w)
{
    const wijk_mix *mix = w->out;
    const char *said[5];
    size_t n = 0;
    said[n++] = WIJK_FILL(w->arena, mix->lang, T_MIX_SHARES, {"units", mix->units},
                          {"name", mix->whole_name}, {"shares", share_list(w, 0)},
                          {"year", year(w, mix->layer.period)});
    said[n++] = WIJK_FILL(w->arena, mix->lang, T_MIX_MEET, {"units", mix->units},
                          {"name", mix->whole_name}, {"whole", whole(w, 100 * mix->all.simpson)},
                          {"part", mix->one_part}, {"within", whole(w, 100 * mix->within)});
    said[n++] = WIJK_FILL(w->arena, mix->lang, T_MIX_APART, {"n", whole(w, (double)mix->all.areas)},
                          {"parts", mix->parts}, {"d", whole(w, 100 * mix->all.dissimilarity)},
                          {"chance", whole(w, 100 * mix->chance.dissimilarity)});
    if (mix->beside) {
        said[n++] =
            WIJK_FILL(w->arena, mix->lang, T_MIX_BESIDE, {"n", whole(w, (double)mix->beside)},
                      {"others", wijk_levels_name(mix->lang, mix->whole.level)},
                      {"p25", whole(w, 100 * mix->p25)}, {"p75", whole(w, 100 * mix->p75)});
    }
    if (isfinite(mix->land)) {
        said[n++] = WIJK_FILL(w->arena, mix->lang, T_MIX_LAND, {"land", whole(w, 100 * mix->land)});
    }
    return join(w, said, n);
}

/* Among the quarter that differ most or least, or neither: counted out it would read as a rank. */
static enum wijk_text_key how_usual(size_t further, size_t others)
{
    return 4 * further < others              ? T_MIX_PART_FURTHER
           : 4 * (others - further) < others ? T_MIX_PART_NEARER
                                             : T_MIX_PART_USUAL;
}

static const char *sentence_of_part(const mix_work *w)
{
    const wijk_mix *mix = w->out;
    size_t others = mix->grouped.areas - 1;
    const char *said[3];
    said[0] =
        WIJK_FILL(w->arena, mix->lang, T_MIX_PART_SHARES, {"name", mix->name},
                  {"units", mix->units}, {"shares", share_list(w, 1)}, {"whole", mix->whole_name},
                  {"wholeshares", share_list(w, 0)}, {"year", year(w, mix->layer.period)});
    said[1] = WIJK_FILL(w->arena, mix->lang, T_MIX_PART_MEET, {"units", mix->units},
                        {"self", whole(w, 100 * mix->self_simpson)}, {"whole", mix->whole_name},
                        {"all", whole(w, 100 * mix->all.simpson)});
    said[2] = WIJK_FILL(w->arena, mix->lang, how_usual(mix->further, others), {"parts", mix->parts},
                        {"whole", mix->whole_name});
    return join(w, said, 3);
}

/* ---- what to know ------------------------------------------------------------------------- */

static void note(const mix_work *w, const char *text)
{
    w->out->notes[w->out->note_count++] = text;
}

static void notes_on_layer(const mix_work *w)
{
    const wijk_mix *mix = w->out;
    const wijk_grouped *table = &mix->grouped;
    wijk_lang lang = mix->lang;
    note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_LAYER, {"n", whole(w, (double)mix->all.areas)},
                      {"parts", mix->parts}, {"vintage", year(w, mix->layer.vintage)},
                      {"year", year(w, mix->layer.period)}));
    if (table->without) {
        const char *total =
            table->total_without > 0
                ? wijk_arena_printf(w->arena, "%s %s", whole(w, table->total_without),
                                    units_of(w, table->base))
                : NULL;
        note(w, WIJK_FILL(w->arena, lang, total ? T_MIX_NOTE_WITHOUT : T_MIX_NOTE_WITHOUT_UNKNOWN,
                          {"n", whole(w, (double)table->without)}, {"parts", mix->parts},
                          {"total", total ? total : ""}));
    }
    if (mix->placed < table->areas) {
        note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_PLACED, {"n", whole(w, (double)mix->placed)},
                          {"all", whole(w, (double)table->areas)}, {"parts", mix->parts}));
    }
    if (mix->layer.level == WIJK_PC4) {
        note(w, wijk_text(lang, T_MIX_NOTE_PC4));
    }
}

/* The widest step, in per cents, in which shares were published. */
static double coarsest(const wijk_grouped *table)
{
    double step = 0;
    for (size_t i = 0; i < table->areas * table->groups; i++) {
        const wijk_group_cell *cell = &table->cells[i];
        if (cell->share && isfinite(cell->value) && cell->low > 0 && cell->high < 1) {
            step = fmax(step, 100 * (cell->high - cell->low));
        }
    }
    return step;
}

static void notes_on_figures(const mix_work *w)
{
    const wijk_mix *mix = w->out;
    const wijk_grouped *table = &mix->grouped;
    wijk_lang lang = mix->lang;
    if (table->withheld > 0) {
        note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_WITHHELD,
                          {"share", number(w, 100 * table->withheld, table->withheld < 0.1)}));
    }
    if (table->base && table->stand_in) {
        note(w,
             WIJK_FILL(w->arena, lang, T_MIX_NOTE_STANDIN, {"units", mix->units},
                       {"base", units_of(w, table->base)}, {"year", year(w, table->base_period)}));
    } else if (table->base && table->base_period != mix->layer.period) {
        note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_OTHERYEAR,
                          {"year", year(w, mix->layer.period)}, {"base", units_of(w, table->base)},
                          {"baseyear", year(w, table->base_period)}));
    }
    double step = coarsest(table);
    if (step >= 5) {
        note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_COARSE, {"step", whole(w, step)}));
    }
    if (!mix->exact) {
        note(w, mix->ranged
                    ? wijk_text(lang, T_MIX_NOTE_RANGE)
                    : WIJK_FILL(w->arena, lang, T_MIX_NOTE_NORANGE, {"code", mix->whole.code}));
    }
    if (table->rest >= 0) {
        note(w,
             WIJK_FILL(w->arena, lang, T_MIX_NOTE_REST, {"group", mix->group[table->rest].name}));
    }
    double unknown = mix->part ? mix->self_unknown : mix->unknown;
    if (unknown > 0) {
        note(w, WIJK_FILL(w->arena, lang, T_MIX_NOTE_UNKNOWN, {"units", mix->units},
                          {"share", whole(w, 100 * unknown)}));
    }
    if (strstr(mix->grouping->base, "homes") == mix->grouping->base) {
        note(w, wijk_text(lang, T_MIX_NOTE_TENURE));
    }
    if (mix->grouping->origin) {
        note(w, wijk_text(lang, T_MIX_NOTE_ORIGIN));
    }
    if (table->flags & WIJK_MODELLED) {
        note(w, wijk_text(lang, T_MIX_NOTE_MODELLED));
    }
}

static void note_on_change(const mix_work *w)
{
    wijk_mix *mix = w->out;
    const wijk_change_moved *change = &mix->change.moved;
    note(w, WIJK_FILL(w->arena, mix->lang, T_MIX_CHANGE_MATCHED,
                      {"n", whole(w, (double)change->common)},
                      {"removed", whole(w, (double)change->removed)},
                      {"added", whole(w, (double)change->added)},
                      {"from", year(w, mix->history[0].layer.period)},
                      {"to", year(w, mix->history[mix->history_count - 1].layer.period)}));
    mix->change.carried = mix_change_carried(w->arena, mix);
}

static const char *source_of(const mix_work *w)
{
    const wijk_grouped *table = &w->out->grouped;
    wijk_str out = WIJK_STR_INIT;
    for (size_t i = 0; i < table->publisher_count; i++) {
        wijk_str_add(&out, i ? "; " : "");
        wijk_str_add(&out, table->publishers[i]);
    }
    const char *text =
        WIJK_FILL(w->arena, w->out->lang, T_MIX_SOURCE, {"publishers", wijk_str_text(&out)},
                  {"year", year(w, w->out->layer.period)});
    wijk_str_free(&out);
    return text;
}

static void name_measures(wijk_mix *mix)
{
    const struct {
        const char *code;
        enum wijk_text_key name;
        double value, chance;
    } rows[WIJK_MIX_MEASURES] = {
        {"D", T_MIX_PAGE_D, mix->all.dissimilarity, mix->chance.dissimilarity},
        {"H", T_MIX_PAGE_H, mix->all.theil, mix->chance.theil},
        {"M", T_MIX_PAGE_M, mix->all.mutual, mix->chance.mutual},
        {"G", T_MIX_PAGE_GINI, mix->all.gini, NAN},
        {"I", T_MIX_PAGE_SIMPSON, mix->all.simpson, NAN},
        {"I_within", T_MIX_PAGE_WITHIN, mix->within, NAN}};
    for (size_t i = 0; i < WIJK_MIX_MEASURES; i++) {
        wijk_mix_measure *at = &mix->measure[i];
        at->code = rows[i].code;
        at->name = wijk_text(mix->lang, rows[i].name);
        at->value = rows[i].value;
        at->chance = rows[i].chance;
    }
}

int mix_words(mix_work *w)
{
    enum { MOST_NOTES = 16 };
    wijk_mix *mix = w->out;
    mix->units = units_of(w, mix->grouping->counted);
    int local = mix->layer.level == WIJK_LOCAL;
    mix->parts = local ? wijk_text(mix->lang, T_MIX_LOCAL_MANY)
                       : wijk_levels_name(mix->lang, mix->layer.level);
    mix->one_part = mix_one_part(mix->lang, mix->layer.level);
    mix->notes = wijk_arena_alloc(w->arena, MOST_NOTES * sizeof *mix->notes);
    if (!mix->notes) {
        return WIJK_ENOMEM;
    }
    mix->title = WIJK_FILL(w->arena, mix->lang, T_MIX_TITLE,
                           {"grouping", mix_capital(w->arena, mix->grouping->name[mix->lang])},
                           {"name", mix->part ? mix->name : mix->whole_name},
                           {"year", year(w, mix->layer.period)});
    mix->sentence = mix->part ? sentence_of_part(w) : sentence_of_whole(w);
    name_measures(mix);
    notes_on_layer(w);
    notes_on_figures(w);
    if (mix->changed) {
        note_on_change(w);
    }
    mix->source = source_of(w);
    mix->figure_source =
        WIJK_FILL(w->arena, mix->lang, T_MIX_FIGURE_SOURCE, {"source", mix->source});
    return WIJK_OK;
}
