/* A scenario on a population: which areas are meant, and which values hold. The idea: what is
 * written relative to "what holds there" is made definite here, in the order of the months and from
 * the widest place to the narrowest, so that a run needs no more than a sorted list. Without a
 * population each word is a place by itself: what cannot be anywhere is found in the text alone. */
#include "foresee/scenario_bind.h"
#include "foresee/start.h"
#include "foresee/state.h"

#include "wijk/limits.h"
#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 256 };

/* ---- places ---------------------------------------------------------------------------------- */

static int is_code(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        int x = *a >= 'a' && *a <= 'z' ? *a - 32 : *a, y = *b >= 'a' && *b <= 'z' ? *b - 32 : *b;
        if (x != y) {
            return 0;
        }
    }
    return *a == *b;
}

/* A wijk by its code: its buurten follow each other. */
static int find_wijk(spot *out, const binder *b, const char *word)
{
    const wijk_start *start = b->options->start;
    int found = 0;
    for (uint32_t i = 0; start && i < start->set.areas; i++) {
        if (is_code(word, start->set.area[i].wijk_code)) {
            out->first = found ? out->first : i;
            out->last = i;
            found = 1;
        }
    }
    out->scope = WIJK_IN_AREA;
    return found;
}

static int find_code(spot *out, const binder *b, const char *word)
{
    const wijk_population *p = b->options->population;
    for (uint32_t i = 0; i < wijk_population_areas(p); i++) {
        if (is_code(word, wijk_population_area(p, i)->code)) {
            *out = (spot){WIJK_IN_AREA, i, i};
            return 1;
        }
    }
    for (uint32_t i = 0; i < wijk_population_regions(p); i++) {
        if (is_code(word, p->regions[i].code)) {
            *out = (spot){WIJK_IN_REGION, i, i};
            return 1;
        }
    }
    return find_wijk(out, b, word);
}

/* The three names of the i-th area of a start: its own, of its wijk, of its gemeente. */
enum { OWN_NAME, WIJK_NAME, GEMEENTE_NAME, NAMES };

/* "Wijk 01 Finsterwolde" is Finsterwolde to the people who live there. */
static const char *plain_wijk(const char *name)
{
    static const char word[] = "Wijk ";
    size_t size = strncmp(name, word, sizeof word - 1) ? 0 : sizeof word - 1;
    size_t digits = size ? strspn(name + size, "0123456789") : 0;
    return digits && name[size + digits] == ' ' ? name + size + digits + 1 : name;
}

static const char *name_at(const wijk_start *start, uint32_t i, int which, const char **code)
{
    const margin_area *area = &start->set.area[i];
    const wijk_start_area *own = &start->areas[i];
    const char *const names[] = {own->name, area->wijk_name, area->gemeente_name};
    const char *const codes[] = {own->code, area->wijk_code, area->gemeente_code};
    const char *name = names[which] ? names[which] : ""; /* made for a back-test: by code alone */
    *code = codes[which] ? codes[which] : "";
    return which == WIJK_NAME ? plain_wijk(name) : name;
}

/* A name that is not there, with those that come near it. */
static int no_such_name(const wijk_start *start, const char *word)
{
    scenario_near near = {.n = 0};
    char wanted[NAME], names[2][NAME * 2];
    wijk_fold(wanted, sizeof wanted, word);
    for (uint32_t i = 0; start && *wanted && i < start->set.areas; i++) {
        for (int which = 0; which < NAMES; which++) {
            const char *code, *name = name_at(start, i, which, &code);
            scenario_offer(&near, wanted, name, code);
        }
    }
    scenario_name_near(names[0], sizeof names[0], &near, WIJK_NL);
    scenario_name_near(names[1], sizeof names[1], &near, WIJK_EN);
    const char *code, *region = "";
    for (uint32_t i = 0; start && i < start->set.areas; i++) {
        const char *name = name_at(start, i, GEMEENTE_NAME, &code);
        region = i == 0 || strcmp(name, region) == 0 ? name : "";
    }
    return near.n ? wijk_fail(WIJK_ENOTFOUND, "hier is geen gebied \"%s\"; bedoelt u %s%.0s?",
                              "there is no area \"%s\" here; do you mean %.0s%s?", word, names[0],
                              names[1])
                  : wijk_fail(WIJK_ENOTFOUND,
                              "hier is geen gebied \"%s\": noem een buurt of wijk van wat wordt "
                              "doorgerekend%s%s, of schrijf hier of overal",
                              "there is no area \"%s\" here: name an area or wijk of what is "
                              "modelled%s%s, or write here or everywhere",
                              word, *region ? ": " : "", region);
}

/* By the name of a buurt, else of a wijk, else of a gemeente; WIJK_ENOTFOUND with the codes when
 * several have it. */
static int find_name(spot *out, const binder *b, const char *word)
{
    const wijk_start *start = b->options->start;
    char wanted[NAME], name[NAME], codes[NAME] = "";
    const char *found = NULL;
    int n = 0;
    wijk_fold(wanted, sizeof wanted, word);
    for (int which = 0; which < NAMES && !n; which++) {
        for (uint32_t i = 0; start && *wanted && i < start->set.areas; i++) {
            const char *code, *own = name_at(start, i, which, &code);
            wijk_fold(name, sizeof name, own);
            int same = strcmp(name, wanted) == 0;
            if (!same && which == WIJK_NAME && *own) {
                wijk_fold(name, sizeof name, start->set.area[i].wijk_name);
                same = strcmp(name, wanted) == 0;
            }
            if (!same || (found && strcmp(found, code) == 0)) {
                continue;
            }
            size_t used = strlen(codes);
            snprintf(codes + used, sizeof codes - used, "%s%s", used ? ", " : "", code);
            found = code;
            n++;
        }
    }
    if (n > 1) {
        return wijk_fail(WIJK_ENOTFOUND, "\"%s\" heten er meer: gebruik een code (%s)",
                         "several are called \"%s\": use a code (%s)", word, codes);
    }
    return n == 1 && find_code(out, b, found) ? WIJK_OK : no_such_name(start, word);
}

/* Without a population: the first line with this word. */
static spot find_word(const binder *b, const scenario_line *line)
{
    for (uint32_t at = 0; at < b->n_lines; at++) {
        if (strcmp(line->word, b->lines[at].line->word) == 0) {
            return b->lines[at].where;
        }
    }
    return (spot){WIJK_IN_AREA, (uint32_t)b->n_lines, (uint32_t)b->n_lines};
}

static int find_spot(spot *out, const binder *b, const scenario_line *line)
{
    int here = strcmp(line->word, "here") == 0;
    int everywhere = strcmp(line->word, "everywhere") == 0;
    if (everywhere || (here && b->options->population && !b->options->here)) {
        *out = (spot){WIJK_EVERYWHERE, 0, 0};
        return WIJK_OK;
    }
    if (!b->options->population) {
        *out = find_word(b, line);
        return WIJK_OK;
    }
    const char *place = here ? b->options->here : line->change.place;
    return find_code(out, b, place) ? WIJK_OK : find_name(out, b, place);
}

/* ---- values ---------------------------------------------------------------------------------- */

int scenario_covers(const binder *b, const wijk_change *c, wijk_scope scope, uint32_t place)
{
    const wijk_population *p = b->options->population;
    if (c->scope == WIJK_EVERYWHERE) {
        return 1;
    }
    if (c->scope == scope) {
        return c->place == place;
    }
    return c->scope == WIJK_IN_REGION && scope == WIJK_IN_AREA &&
           wijk_population_area(p, place)->region == c->place;
}

/* What holds at a place after the changes so far, which are in the order of time. */
static double present(const binder *b, wijk_lever lever, wijk_scope scope, uint32_t place)
{
    for (size_t i = b->n; i > 0; i--) {
        const wijk_change *c = &b->changes[i - 1];
        if (c->lever == lever && scenario_covers(b, c, scope, place)) {
            return c->value;
        }
    }
    return wijk_lever_get(lever)->nothing;
}

static int make_room(binder *b)
{
    size_t room = b->room ? b->room * 2 : 32;
    if (b->n < b->room) {
        return WIJK_OK;
    }
    if (room > WIJK_MAX_CHANGES) {
        return wijk_fail(WIJK_ELIMIT,
                         "dit scenario wordt hier meer dan %u veranderingen: noem gebieden in "
                         "plaats van hele wijken, of korter",
                         "this scenario comes to more than %u changes here: name areas instead of "
                         "whole wijken, or write less",
                         WIJK_MAX_CHANGES);
    }
    wijk_change *changes = wijk_realloc(b->changes, room * sizeof *changes);
    b->changes = changes ? changes : b->changes;
    uint32_t *from = wijk_realloc(b->from, room * sizeof *from);
    b->from = from ? from : b->from;
    b->room = changes && from ? room : b->room;
    return changes && from ? WIJK_OK : WIJK_ENOMEM;
}

static int add(binder *b, const wijk_scenario_change *from, wijk_scope scope, uint32_t place)
{
    double value = from->value;
    int rc = make_room(b);
    if (!rc && from->relative) {
        rc = scenario_add_value(&value, from, present(b, from->lever, scope, place));
    }
    if (rc) {
        return rc;
    }
    b->from[b->n] = b->now;
    b->changes[b->n++] = (wijk_change){.month = from->month - b->first,
                                       .scope = scope,
                                       .place = place,
                                       .lever = from->lever,
                                       .value = value};
    return WIJK_OK;
}

/* What an area counts for when homes are divided over a wijk: as in a run, the homes that it can be
 * done to at the start, for building all homes. */
static double weight(const binder *b, wijk_lever lever, uint32_t area)
{
    const wijk_population *p = b->options->population;
    size_t from = (size_t)p->first[area] * BLOCK, open = 0;
    if (lever == WIJK_LEVER_BUILD_SOCIAL || lever == WIJK_LEVER_BUILD_OWNER ||
        lever == WIJK_LEVER_BUILD_PRIVATE) {
        return wijk_population_area(p, area)->homes;
    }
    for (size_t slot = from; slot < (size_t)p->first[area + 1] * BLOCK; slot++) {
        open += foresee_open_to(lever, p->state.home[slot]) != 0;
    }
    return (double)open;
}

/* Homes divided over the areas of a wijk. When there are none it can be done to, the first is asked
 * for all and the run says that it could not. */
static int divide_event(binder *b, const wijk_scenario_change *change, const spot *where)
{
    double homes = 0, given = 0, sum = 0;
    int rc = WIJK_OK;
    for (uint32_t i = where->first; i <= where->last; i++) {
        homes += weight(b, change->lever, i);
    }
    for (uint32_t i = where->first; !rc && i <= where->last; i++) {
        sum += weight(b, change->lever, i);
        double part = homes > 0 ? change->value * sum / homes : change->value;
        wijk_scenario_change here = *change;
        here.value = (double)(int64_t)(part + 0.5) - given;
        given += here.value;
        rc = here.value <= 0 ? WIJK_OK : add(b, &here, WIJK_IN_AREA, i);
    }
    return rc;
}

/* Homes that lie together: in the area of a wijk that has most of them, and when that is full in
 * the next. What none has is asked of the first, and the run says that it could not. */
static int keep_together(binder *b, const wijk_scenario_change *change, const spot *where)
{
    uint32_t first = where->first, areas = where->last - where->first + 1;
    double most = 0, all = 0, left = change->value;
    for (uint32_t i = where->first; i <= where->last; i++) {
        double own = weight(b, change->lever, i);
        first = own > most ? i : first;
        most = own > most ? own : most;
        all += own;
    }
    int rc = WIJK_OK;
    for (uint32_t i = 0; !rc && i < areas && left > 0; i++) {
        uint32_t area = where->first + (first - where->first + i) % areas;
        double own = weight(b, change->lever, area);
        own += i == 0 && change->value > all ? change->value - all : 0;
        wijk_scenario_change here = *change;
        here.value = own < left ? own : left;
        left -= here.value;
        rc = here.value <= 0 ? WIJK_OK : add(b, &here, WIJK_IN_AREA, area);
    }
    return rc;
}

/* Streets of a wijk lie together in its largest area, and in no other. */
static int choose_area(binder *b, const wijk_scenario_change *change, const spot *where)
{
    uint32_t largest = where->first;
    int rc = WIJK_OK;
    for (uint32_t i = where->first; i <= where->last; i++) {
        const wijk_population *p = b->options->population;
        if (wijk_population_area(p, i)->homes > wijk_population_area(p, largest)->homes) {
            largest = i;
        }
    }
    for (uint32_t i = where->first; !rc && i <= where->last; i++) {
        wijk_scenario_change here = *change;
        here.value = i == largest ? change->value : 0;
        rc = add(b, &here, WIJK_IN_AREA, i);
    }
    return rc;
}

/* One line; of a wijk in each of its areas. Only a population has a wijk. */
static int bind_line(binder *b, const line_at *line)
{
    const wijk_scenario_change *change = &line->line->change;
    const spot *where = &line->where;
    int rc = WIJK_OK;
    if (!b->options->population || where->scope != WIJK_IN_AREA || where->first == where->last) {
        return add(b, change, where->scope, where->first);
    }
    if (change->lever == WIJK_LEVER_STREETS) {
        return choose_area(b, change, where);
    }
    if (foresee_side_by_side(change->lever)) {
        return keep_together(b, change, where);
    }
    if (wijk_lever_get(change->lever)->kind == WIJK_LEVER_KIND_EVENT) {
        return divide_event(b, change, where);
    }
    for (uint32_t i = where->first; !rc && i <= where->last; i++) {
        rc = add(b, change, WIJK_IN_AREA, i);
    }
    return rc;
}

/* ---- the order of lines ---------------------------------------------------------------------- */

/* 0 for everywhere; the narrower the place, the later. */
static int narrowness(const spot *where)
{
    return where->scope == WIJK_EVERYWHERE  ? 0
           : where->scope == WIJK_IN_REGION ? 1
           : where->first != where->last    ? 2
                                            : 3;
}

static int order_of(const line_at *x, const line_at *y)
{
    const wijk_scenario_change *a = &x->line->change, *b = &y->line->change;
    const int64_t by[][2] = {{a->month, b->month},
                             {narrowness(&x->where), narrowness(&y->where)},
                             {x->where.first, y->where.first},
                             {x->where.last, y->where.last},
                             {a->lever, b->lever}};
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        if (by[i][0] != by[i][1]) {
            return by[i][0] < by[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int by_effect(const void *a, const void *b)
{
    const line_at *x = a, *y = b;
    int order = order_of(x, y);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* What every line means, those after the run left out, in the order in which they take effect. */
static int take_lines(binder *b)
{
    int end = b->first + (int)b->options->months;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < b->file->n; i++) {
        const scenario_line *line = &b->file->lines[i];
        if (line->kind != SCENARIO_CHANGE || (b->options->months && line->change.month >= end)) {
            continue;
        }
        line_at *at = &b->lines[b->n_lines];
        at->line = line;
        rc = scenario_check_line(b, &line->change);
        rc = rc ? rc : find_spot(&at->where, b, line);
        b->n_lines += !rc;
        rc = rc ? scenario_tell_at(b, &line->change, rc) : rc;
    }
    qsort(b->lines, b->n_lines, sizeof *b->lines, by_effect);
    for (size_t i = 1; !rc && i < b->n_lines; i++) {
        if (order_of(&b->lines[i - 1], &b->lines[i]) == 0) { /* a name and its code */
            const scenario_line *line = b->lines[i].line;
            rc = scenario_tell_at(b, &line->change,
                                  scenario_contradicts(b->file, line, b->lines[i - 1].line));
        }
    }
    return rc;
}

static int bind(binder *b)
{
    int rc = scenario_check_span(b);
    rc = rc ? rc : take_lines(b);
    for (; !rc && b->now < b->n_lines; b->now++) {
        rc = bind_line(b, &b->lines[b->now]);
        rc = rc ? scenario_tell_at(b, &b->lines[b->now].line->change, rc) : rc;
    }
    return rc ? rc : scenario_check_whole(b);
}

int wijk_scenario_bind(wijk_scenario *out, const wijk_scenario_file *file,
                       const wijk_scenario_options *options)
{
    *out = (wijk_scenario){0};
    binder b = {.file = file,
                .options = options,
                .first = options->first >= 0 ? options->first : wijk_scenario_start(file),
                .lines = wijk_alloc((file->n + 1) * sizeof *b.lines)};
    int rc = b.lines ? bind(&b) : WIJK_ENOMEM;
    wijk_free(b.lines);
    wijk_free(b.from);
    if (rc) {
        wijk_free(b.changes);
        return rc;
    }
    out->changes = b.changes;
    out->n = b.n;
    return WIJK_OK;
}

int wijk_scenario_check(const wijk_scenario_file *file)
{
    const wijk_scenario_options text = {.first = -1};
    wijk_scenario bound;
    int rc = wijk_scenario_bind(&bound, file, &text);
    wijk_scenario_release(&bound);
    return rc;
}

void wijk_scenario_release(wijk_scenario *bound)
{
    wijk_free((void *)(uintptr_t)bound->changes);
    *bound = (wijk_scenario){0};
}
