/* The portrait as one JSON object, the same for the API and for `wijk show --json`. Numbers are the
 * bare registry units; words are only where the page has words. */
#include "figure/words.h"
#include "wijk/portrait.h"

#include <math.h>

/* `,"name":` or `"name":` right after an opening brace. */
static void name(wijk_str *out, const char *key)
{
    if (out->size && out->data[out->size - 1] != '{' && out->data[out->size - 1] != '[') {
        wijk_str_addc(out, ',');
    }
    wijk_str_addq(out, key);
    wijk_str_addc(out, ':');
}

static void text(wijk_str *out, const char *key, const char *value)
{
    name(out, key);
    wijk_str_addq(out, value);
}

static void number(wijk_str *out, const char *key, double value)
{
    name(out, key);
    wijk_str_addg(out, value);
}

static void whole(wijk_str *out, const char *key, long long value)
{
    name(out, key);
    wijk_str_addi(out, value);
}

static void yes(wijk_str *out, const char *key, int value)
{
    name(out, key);
    wijk_str_add(out, value ? "true" : "false");
}

/* Between the elements of an array. */
static void next(wijk_str *out, size_t i)
{
    if (i) {
        wijk_str_addc(out, ',');
    }
}

static void area_members(wijk_str *out, const wijk_area *area)
{
    text(out, "code", area->code);
    text(out, "name", area->name);
    text(out, "level", wijk_level_word(area->level));
    whole(out, "vintage", area->vintage);
    text(out, "gemeente", area->gemeente);
    yes(out, "fictional", area->fictional);
}

const wijk_flag_word wijk_flag_words[WIJK_FLAG_WORDS] = {{WIJK_GREY, "grey"},
                                                         {WIJK_MODELLED, "modelled"},
                                                         {WIJK_PROTECTED, "protected"},
                                                         {WIJK_FICTIONAL, "fictional"},
                                                         {WIJK_PROVISIONAL, "provisional"}};

static void flags(wijk_str *out, unsigned bits)
{
    name(out, "flags");
    wijk_str_addc(out, '[');
    for (size_t i = 0, said = 0; i < WIJK_FLAG_WORDS; i++) {
        if (bits & wijk_flag_words[i].flag) {
            next(out, said++);
            wijk_str_addq(out, wijk_flag_words[i].word);
        }
    }
    wijk_str_addc(out, ']');
}

static void value_members(wijk_str *out, const wijk_value *value, const wijk_registry *registry)
{
    static const char *const marks[] = {"value", "missing", "secret", "not_applicable"};
    static const char *const origins[] = {"published", "same",     "unchecked",
                                          "converted", "borrowed", "computed"};
    const wijk_load_info *load = wijk_load_by_id(registry, value->load);
    whole(out, "period", value->period);
    number(out, "value", value->mark == WIJK_MARK_VALUE ? value->value : NAN);
    number(out, "low", value->low);
    number(out, "high", value->high);
    text(out, "mark", marks[value->mark]);
    text(out, "origin", origins[value->origin]);
    flags(out, value->flags);
    text(out, "source", load ? load->code : "");
}

static void line(wijk_str *out, const wijk_line *it, const wijk_registry *registry, wijk_lang lang)
{
    wijk_str_addc(out, '{');
    text(out, "indicator", it->indicator->code);
    text(out, "label", it->indicator->label[lang]);
    text(out, "theme", it->indicator->theme);
    text(out, "unit", it->indicator->unit);
    value_members(out, it->value, registry);
    text(out, "shown", it->shown);
    text(out, "note", it->note);
    number(out, "gemeente", it->gemeente);
    number(out, "similar", it->similar);
    number(out, "land", it->land);
    name(out, "series");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->periods; i++) {
        next(out, i);
        wijk_str_addc(out, '{');
        value_members(out, &it->series[i], registry);
        wijk_str_addc(out, '}');
    }
    wijk_str_add(out, "]}");
}

static void lines(wijk_str *out, const char *key, const wijk_line *list, size_t count,
                  const wijk_portrait *portrait, const wijk_registry *registry)
{
    name(out, key);
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < count; i++) {
        next(out, i);
        line(out, &list[i], registry, portrait->lang);
    }
    wijk_str_addc(out, ']');
}

static void trend(wijk_str *out, const wijk_trend *it)
{
    static const char *const whose[WIJK_WHOSE] = {"here", "gemeente", "similar", "country"};
    wijk_str_addc(out, '{');
    text(out, "indicator", it->indicator->code);
    text(out, "label", it->label);
    name(out, "waves");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->count; i++) {
        next(out, i);
        wijk_str_addc(out, '{');
        whole(out, "year", it->years[i]);
        for (int w = 0; w < WIJK_WHOSE; w++) {
            number(out, whose[w], it->value[w][i]);
        }
        number(out, "raw", it->raw[i]);
        number(out, "low", it->low[i]);
        number(out, "high", it->high[i]);
        flags(out, it->flags[i]);
        wijk_str_addc(out, '}');
    }
    wijk_str_add(out, "]}");
}

static void livability(wijk_str *out, const wijk_livability *it)
{
    name(out, "livability");
    if (!it->known) {
        wijk_str_add(out, "null");
        return;
    }
    wijk_str_addc(out, '{');
    text(out, "version", it->version);
    text(out, "reading", it->reading);
    text(out, "caution", it->caution);
    number(out, "noise_sd", it->noise);
    name(out, "total");
    trend(out, &it->total);
    name(out, "parts");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->part_count; i++) {
        next(out, i);
        trend(out, &it->parts[i]);
    }
    wijk_str_add(out, "]}");
}

static void around(wijk_str *out, const wijk_portrait *it)
{
    name(out, "similar");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->similar_count; i++) {
        next(out, i);
        wijk_str_addc(out, '{');
        area_members(out, &it->similar[i].area);
        number(out, "distance", it->similar[i].distance);
        text(out, "reason", it->similar[i].reason);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
    name(out, "overlaps");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->part_count; i++) {
        next(out, i);
        wijk_str_addc(out, '{');
        area_members(out, &it->parts[i].area);
        number(out, "share", it->parts[i].share);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
    name(out, "changes");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->change_count; i++) {
        next(out, i);
        wijk_str_addc(out, '{');
        text(out, "indicator", it->changes[i].indicator->code);
        whole(out, "from_period", it->changes[i].from->period);
        whole(out, "to_period", it->changes[i].to->period);
        number(out, "change", it->changes[i].change);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
}

static void texts(wijk_str *out, const char *key, const char **list, size_t count)
{
    name(out, key);
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < count; i++) {
        next(out, i);
        wijk_str_addq(out, list[i]);
    }
    wijk_str_addc(out, ']');
}

void wijk_portrait_json(wijk_str *out, const wijk_portrait *it, const wijk_registry *registry)
{
    wijk_str_addc(out, '{');
    area_members(out, &it->area);
    number(out, "people", it->people);
    text(out, "where", it->where);
    text(out, "sentence", it->sentence);
    lines(out, "glance", it->key, it->key_count, it, registry);
    livability(out, &it->livability);
    lines(out, "figures", it->lines, it->line_count, it, registry);
    around(out, it);
    texts(out, "limits", it->limits, it->limit_count);
    texts(out, "conversions", it->conversions, it->conversion_count);
    name(out, "sources");
    wijk_str_addc(out, '[');
    for (size_t i = 0; i < it->source_count; i++) {
        const wijk_load_info *load = it->sources[i];
        next(out, i);
        wijk_str_addc(out, '{');
        text(out, "code", load->code);
        text(out, "publisher", load->publisher);
        text(out, "title", load->title[it->lang]);
        text(out, "licence", load->licence);
        text(out, "file", load->file);
        text(out, "sha256", load->sha256);
        text(out, "loaded_at", load->loaded_at);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
    text(out, "citation", it->citation);
    wijk_str_addc(out, '}');
}
