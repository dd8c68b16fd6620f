/* Mix and segregation for other programs: one JSON object, and one CSV row per part. Numbers are
 * given in full; what is not known is null or an empty cell. */
#include "figure/mix.h"

#include "wijk/text.h"

#include <math.h>
#include <string.h>

/* ---- JSON --------------------------------------------------------------------------------- */

static void member(wijk_str *out, const char *name, double value)
{
    wijk_str_addf(out, ",\"%s\":", name);
    wijk_str_addg(out, value);
}

static void text_member(wijk_str *out, const char *name, const char *text)
{
    wijk_str_addf(out, ",\"%s\":", name);
    wijk_str_addq(out, text);
}

static void layer_members(wijk_str *out, wijk_layer layer)
{
    text_member(out, "level", wijk_level_word(layer.level));
    member(out, "vintage", layer.vintage);
    member(out, "period", layer.period);
}

static void area_object(wijk_str *out, const char *name, const wijk_area *area)
{
    wijk_str_addf(out, ",\"%s\":{\"code\":", name);
    wijk_str_addq(out, area->code);
    text_member(out, "name", area->name);
    text_member(out, "level", wijk_level_word(area->level));
    member(out, "vintage", area->vintage);
    wijk_str_addf(out, ",\"fictional\":%s}", area->fictional ? "true" : "false");
}

static void measures(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"measures\":[");
    for (size_t i = 0; i < WIJK_MIX_MEASURES; i++) {
        const wijk_mix_measure *at = &mix->measure[i];
        wijk_str_addf(out, "%s{\"code\":\"%s\"", i ? "," : "", at->code);
        text_member(out, "name", at->name);
        member(out, "value", at->value);
        member(out, "chance", at->chance);
        member(out, "low", mix->exact ? at->value : at->low);
        member(out, "high", mix->exact ? at->value : at->high);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
}

static void groups(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"groups\":[");
    for (size_t g = 0; g < mix->grouped.groups; g++) {
        const wijk_mix_group *at = &mix->group[g];
        wijk_str_addf(out, "%s{\"code\":\"%s\"", g ? "," : "", at->code);
        text_member(out, "name", at->name);
        member(out, "share", at->share);
        member(out, "shareHere", at->self);
        member(out, "shareOfAll", at->whole_of_all);
        member(out, "dissimilarity", at->dissimilarity);
        member(out, "isolation", at->isolation);
        wijk_str_add(out, ",\"exposure\":{");
        for (size_t k = 0; k < mix->grouped.groups; k++) {
            wijk_str_addf(out, "%s\"%s\":", k ? "," : "", mix->group[k].code);
            wijk_str_addg(out, at->exposure[k]);
        }
        wijk_str_add(out, "},\"within\":[");
        for (size_t k = 0; k < WIJK_MIX_MEETS && isfinite(at->meets[k]); k++) {
            wijk_str_addf(out, "%s{\"metres\":%.0f,\"share\":", k ? "," : "", mix->meets_radius[k]);
            wijk_str_addg(out, at->meets[k]);
            wijk_str_addc(out, '}');
        }
        wijk_str_add(out, "]}");
    }
    wijk_str_addc(out, ']');
}

static void scale(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"scale\":[");
    for (size_t i = 0; i < mix->scale_count; i++) {
        const wijk_scale *at = &mix->scale[i];
        wijk_str_addf(out, "%s{\"metres\":%.0f", i ? "," : "", at->radius);
        member(out, "h", at->theil);
        member(out, "hLow", mix->banded ? mix->scale_low[i] : NAN);
        member(out, "hHigh", mix->banded ? mix->scale_high[i] : NAN);
        member(out, "d", at->dissimilarity);
        member(out, "people", at->people);
        member(out, "parts", at->neighbours);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
}

static void history(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"history\":[");
    for (size_t i = 0; i < mix->history_count; i++) {
        const wijk_mix_moment *at = &mix->history[i];
        wijk_str_addf(out, "%s{\"parts\":%zu", i ? "," : "", at->areas);
        layer_members(out, at->layer);
        member(out, "d", at->d);
        member(out, "h", at->h);
        member(out, "chanceD", at->chance_d);
        member(out, "chanceH", at->chance_h);
        wijk_str_addc(out, '}');
    }
    wijk_str_addc(out, ']');
}

/* Why H changed between the ends of the history; null where that cannot be told. */
static void change(wijk_str *out, const wijk_mix *mix)
{
    if (!mix->changed) {
        wijk_str_add(out, ",\"change\":null");
        return;
    }
    const wijk_change_moved *moved = &mix->change.moved;
    const wijk_change_ranges *h = &moved->theil;
    static const char *const names[WIJK_CHANGE_PARTS] = {
        [WIJK_CHANGE_BORDER] = "border",     [WIJK_CHANGE_ADDITIONS] = "additions",
        [WIJK_CHANGE_REMOVALS] = "removals", [WIJK_CHANGE_OF_GROUPS] = "groups",
        [WIJK_CHANGE_OF_UNITS] = "units",    [WIJK_CHANGE_STRUCTURE] = "structure"};
    wijk_str_addf(out, ",\"change\":{\"common\":%zu,\"added\":%zu,\"removed\":%zu", moved->common,
                  moved->added, moved->removed);
    member(out, "addedFromElsewhere", (double)mix->change.elsewhere);
    member(out, "addedWithoutFigureBefore", (double)mix->change.missing);
    member(out, "shareSame", mix->change.same);
    member(out, "shareOverlay", mix->change.overlaid);
    member(out, "shareByCode", mix->change.by_code);
    member(out, "shareGone", mix->change.gone);
    member(out, "overlayError", mix->change.error);
    text_member(out, "carried", mix->change.carried);
    member(out, "before", h->before);
    member(out, "after", h->after);
    for (size_t i = 0; i < WIJK_CHANGE_PARTS; i++) {
        member(out, names[i], h->part[i]);
    }
    wijk_str_add(out, ",\"ranges\":{");
    for (size_t i = 0; mix->change.ranged && i < WIJK_CHANGE_PARTS; i++) {
        wijk_str_addf(out, "%s\"%s\":[", i ? "," : "", names[i]);
        wijk_str_addg(out, h->low[i]);
        wijk_str_addc(out, ',');
        wijk_str_addg(out, h->high[i]);
        wijk_str_addc(out, ']');
    }
    wijk_str_add(out, "}}");
}

static void beside(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_addf(out, ",\"beside\":{\"areas\":%zu", mix->beside);
    member(out, "p25", mix->p25);
    member(out, "p50", mix->p50);
    member(out, "p75", mix->p75);
    member(out, "country", mix->land);
    wijk_str_addc(out, '}');
}

static void similar(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"similar\":[");
    for (size_t i = 0; i < mix->like_count; i++) {
        const wijk_mix_like *at = &mix->like[i];
        wijk_str_addf(out, "%s{\"code\":", i ? "," : "");
        wijk_str_addq(out, at->code);
        text_member(out, "name", at->name);
        member(out, "d", at->d);
        member(out, "low", at->low);
        member(out, "high", at->high);
        member(out, "chanceD", at->chance_d);
        wijk_str_addf(out, ",\"parts\":%zu}", at->areas);
    }
    wijk_str_addc(out, ']');
}

static void choices(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_add(out, ",\"choices\":[");
    for (size_t i = 0; i < mix->choice_count; i++) {
        const wijk_mixture_row *row = &mix->choices[i];
        wijk_str_addf(out, "%s{\"grouping\":\"%s\"", i ? "," : "", row->grouping->code);
        layer_members(out, row->at.layer);
        wijk_str_addf(out, ",\"parts\":%zu}", row->at.areas);
    }
    wijk_str_addc(out, ']');
}

void wijk_mix_json(wijk_str *out, const wijk_mix *mix)
{
    wijk_str_addf(out, "{\"grouping\":\"%s\"", mix->grouping->code);
    text_member(out, "title", mix->title);
    text_member(out, "sentence", mix->sentence);
    area_object(out, "area", &mix->area);
    area_object(out, "whole", &mix->whole);
    layer_members(out, mix->layer);
    text_member(out, "units", mix->units);
    member(out, "total", mix->all.total);
    member(out, "parts", (double)mix->all.areas);
    member(out, "partsLeftOut", (double)mix->grouped.without);
    member(out, "withheldShare", mix->grouped.withheld);
    member(out, "unknownShare", mix->unknown);
    measures(out, mix);
    groups(out, mix);
    scale(out, mix);
    history(out, mix);
    change(out, mix);
    beside(out, mix);
    similar(out, mix);
    wijk_str_add(out, ",\"notes\":[");
    for (size_t i = 0; i < mix->note_count; i++) {
        wijk_str_add(out, i ? "," : "");
        wijk_str_addq(out, mix->notes[i]);
    }
    wijk_str_addc(out, ']');
    text_member(out, "source", mix->source);
    choices(out, mix);
    wijk_str_add(out, "}\n");
}

/* ---- CSV ---------------------------------------------------------------------------------- */

/* Quoted where it must be; what a spreadsheet would take for a formula gets an apostrophe. */
static void cell(wijk_str *out, const char *text)
{
    int formula = *text && strchr("=+-@\t\r", *text) != NULL;
    int quoted = formula || strpbrk(text, ",\"\n\r") != NULL;
    wijk_str_add(out, quoted ? "\"" : "");
    wijk_str_add(out, formula ? "'" : "");
    for (; *text; text++) {
        wijk_str_addc(out, *text);
        if (*text == '"') {
            wijk_str_addc(out, '"');
        }
    }
    wijk_str_add(out, quoted ? "\"" : "");
}

static void number_cell(wijk_str *out, double value)
{
    wijk_str_addc(out, ',');
    if (isfinite(value)) {
        wijk_str_addg(out, value);
    }
}

void wijk_mix_csv(wijk_str *out, const wijk_mix *mix)
{
    const wijk_grouped *table = &mix->grouped;
    wijk_str_add(out, "code,name,level,vintage,period,grouping");
    for (size_t g = 0; g < table->groups; g++) {
        wijk_str_addf(out, ",%s,%s_low,%s_high", mix->group[g].code, mix->group[g].code,
                      mix->group[g].code);
    }
    wijk_str_add(out, ",apart,divergence,entropy,source\r\n");
    for (size_t i = 0; i < table->areas; i++) {
        double total = 0;
        for (size_t g = 0; g < table->groups; g++) {
            total += table->counts[i * table->groups + g];
        }
        cell(out, table->area[i].code);
        wijk_str_addc(out, ',');
        cell(out, table->area[i].name);
        wijk_str_addf(out, ",%s,%d,%d,%s", wijk_level_word(mix->layer.level), mix->layer.vintage,
                      mix->layer.period, mix->grouping->code);
        for (size_t g = 0; g < table->groups; g++) {
            const wijk_group_cell *at = &table->cells[i * table->groups + g];
            double factor = at->share ? total : 1;
            number_cell(out, table->counts[i * table->groups + g]);
            number_cell(out, at->low * factor);
            number_cell(out, at->high * factor);
        }
        number_cell(out, mix->apart[i]);
        number_cell(out, mix->divergence[i]);
        number_cell(out, mix->entropy[i]);
        wijk_str_addc(out, ',');
        cell(out, mix->source);
        wijk_str_add(out, "\r\n");
    }
}
