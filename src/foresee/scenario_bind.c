/* A scenario on a population: which areas are meant, and which values hold. The idea: what is
 * written relative to "what holds there" is made definite here, in the order of the months, so that
 * a run needs no more than a sorted list. */
#include "foresee/scenario.h"
#include "foresee/start.h"
#include "foresee/state.h"

#include "wijk/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 256 };

typedef struct { /* the places one word means */
    wijk_scope scope;
    uint32_t first, last; /* areas first..last of the population, or one region */
} spot;

typedef struct {
    const wijk_scenario_file *file;
    const wijk_scenario_options *options;
    wijk_change *changes;
    size_t n, room;
    size_t line;
} binder;

static int at_line(const binder *b, int code)
{
    char where[32];
    snprintf(where, sizeof where, "regel/line %zu", b->line);
    return b->line ? wijk_fail_at(code, where) : code;
}

/* ---- places ------------------------------------------------------------------------------------
 */

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

/* By name; WIJK_ENOTFOUND with the codes when several have it. */
static int find_name(spot *out, const binder *b, const char *word)
{
    const wijk_start *start = b->options->start;
    char wanted[NAME], name[NAME], codes[NAME] = "";
    int found = 0;
    wijk_fold(wanted, sizeof wanted, word);
    for (uint32_t i = 0; start && *wanted && i < start->set.areas; i++) {
        wijk_fold(name, sizeof name, start->areas[i].name);
        if (strcmp(name, wanted) == 0) {
            *out = (spot){WIJK_IN_AREA, i, i};
            size_t used = strlen(codes);
            snprintf(codes + used, sizeof codes - used, "%s%s", used ? ", " : "",
                     start->areas[i].code);
            found++;
        }
    }
    if (found > 1) {
        return wijk_fail(WIJK_ENOTFOUND, "\"%s\" heten er meer: gebruik een code (%s)",
                         "several are called \"%s\": use a code (%s)", word, codes);
    }
    return found ? WIJK_OK
                 : wijk_fail(WIJK_ENOTFOUND,
                             "hier is geen gebied \"%s\": gebruik een code of naam van een gebied "
                             "in deze berekening, here of everywhere",
                             "there is no area \"%s\" here: use a code or name of an area in this "
                             "run, here or everywhere",
                             word);
}

static int find_spot(spot *out, const binder *b, const char *word)
{
    static const char *const everywhere[] = {"everywhere", "overal"};
    static const char *const here[] = {"here", "hier"};
    for (int i = 0; i < 2; i++) {
        int chosen = is_code(word, here[i]) && b->options->here;
        if (chosen) {
            word = b->options->here;
        } else if (is_code(word, everywhere[i]) || is_code(word, here[i])) {
            *out = (spot){WIJK_EVERYWHERE, 0, 0};
            return WIJK_OK;
        }
    }
    return find_code(out, b, word) ? WIJK_OK : find_name(out, b, word);
}

/* ---- values ------------------------------------------------------------------------------------
 */

static int covers(const binder *b, const wijk_change *c, wijk_scope scope, uint32_t place)
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
        if (c->lever == lever && covers(b, c, scope, place)) {
            return c->value;
        }
    }
    return wijk_lever_get(lever)->nothing;
}

static int add(binder *b, const wijk_scenario_change *from, int month, wijk_scope scope,
               uint32_t place)
{
    double value = from->value;
    int rc = WIJK_OK;
    if (from->relative) {
        value += present(b, from->lever, scope, place);
        rc = scenario_check_value(from->lever, value, 0);
    }
    if (rc) {
        return at_line(b, rc);
    }
    if (b->n == b->room) {
        size_t room = b->room ? b->room * 2 : 32;
        wijk_change *moved = wijk_realloc(b->changes, room * sizeof *moved);
        if (!moved) {
            return WIJK_ENOMEM;
        }
        b->changes = moved;
        b->room = room;
    }
    b->changes[b->n++] = (wijk_change){
        .month = month, .scope = scope, .place = place, .lever = from->lever, .value = value};
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
static int divide_event(binder *b, const wijk_scenario_change *change, int month, const spot *where)
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
        rc = here.value <= 0 ? WIJK_OK : add(b, &here, month, WIJK_IN_AREA, i);
    }
    return rc;
}

/* Streets of a wijk lie together in its largest area, and in no other. */
static int choose_area(binder *b, const wijk_scenario_change *change, int month, const spot *where)
{
    uint32_t largest = where->first;
    int rc = WIJK_OK;
    for (uint32_t i = where->first; i <= where->last; i++) {
        const wijk_population *p = b->options->population;
        largest = wijk_population_area(p, i)->homes > wijk_population_area(p, largest)->homes
                      ? i
                      : largest;
    }
    for (uint32_t i = where->first; !rc && i <= where->last; i++) {
        wijk_scenario_change here = *change;
        here.value = i == largest ? change->value : 0;
        rc = add(b, &here, month, WIJK_IN_AREA, i);
    }
    return rc;
}

/* One change; of a wijk in each of its areas. */
static int bind_change(binder *b, const wijk_scenario_change *change, int month)
{
    spot where = {0};
    int rc = find_spot(&where, b, change->place);
    if (rc) {
        return at_line(b, rc);
    }
    if (where.scope != WIJK_IN_AREA || where.first == where.last) {
        return add(b, change, month, where.scope, where.first);
    }
    if (change->lever == WIJK_LEVER_STREETS) {
        return choose_area(b, change, month, &where);
    }
    if (wijk_lever_get(change->lever)->kind == WIJK_LEVER_KIND_EVENT) {
        return divide_event(b, change, month, &where);
    }
    for (uint32_t i = where.first; !rc && i <= where.last; i++) {
        rc = add(b, change, month, WIJK_IN_AREA, i);
    }
    return rc;
}

static int meet(const binder *b, const wijk_change *x, const wijk_change *y)
{
    return covers(b, x, y->scope, y->place) || covers(b, y, x->scope, x->place);
}

/* A common task of residents is done in mixed blocks, courts and chosen streets: one that none of
 * these can have would silently do nothing. */
static int check_task(binder *b, const wijk_change *task)
{
    static const wijk_lever blocks[] = {WIJK_LEVER_MAGIC_MIX, WIJK_LEVER_KNARRENHOF,
                                        WIJK_LEVER_STREETS};
    for (size_t i = 0; i < b->n; i++) {
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
            if (b->changes[i].lever == blocks[k] && meet(b, &b->changes[i], task)) {
                return WIJK_OK;
            }
        }
    }
    for (size_t i = 0; i < wijk_scenario_count(b->file); i++) {
        const wijk_scenario_change *c = wijk_scenario_at(b->file, i);
        b->line = c->lever == WIJK_LEVER_COMMON_TASK && c->value > 0 ? c->line : b->line;
    }
    return at_line(b,
                   wijk_fail(WIJK_EINVAL,
                             "common_task: een gezamenlijke taak is voor gemengde blokken, hoven "
                             "of gekozen straten, en die zijn er hier niet; geef ook magic_mix, "
                             "knarrenhof of streets",
                             "common_task: a common task is for mixed blocks, courts or chosen "
                             "streets, and there are none here; also give magic_mix, knarrenhof "
                             "or streets"));
}

static int check_tasks(binder *b)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < b->n; i++) {
        const wijk_change *c = &b->changes[i];
        rc = c->lever == WIJK_LEVER_COMMON_TASK && c->value > 0 ? check_task(b, c) : WIJK_OK;
    }
    return rc;
}

static int check_change(const binder *b, const wijk_scenario_change *c, int first)
{
    if (c->month < first) {
        return at_line(b, wijk_fail(WIJK_EINVAL,
                                    "%04d-%02d ligt voor het begin (%04d-%02d): kies een latere "
                                    "maand of een vroeger begin",
                                    "%04d-%02d is before the beginning (%04d-%02d): choose a "
                                    "later month or an earlier beginning",
                                    c->month / 12, c->month % 12 + 1, first / 12, first % 12 + 1));
    }
    if (c->lever == WIJK_LEVER_REGIONAL_MARKET && c->value > 0 &&
        wijk_population_regions(b->options->population) < 2) {
        return at_line(b,
                       wijk_fail(WIJK_EINVAL,
                                 "regional_market: hier wordt één gemeente doorgerekend, dus er "
                                 "is geen tweede woningmarkt om in te zoeken; kies een eigen "
                                 "gebied van meer gemeenten of het land, of haal de regel weg",
                                 "regional_market: one gemeente is modelled here, so there is no "
                                 "second housing market to look in; choose an area of your own "
                                 "of several gemeenten or the country, or take the line away"));
    }
    return WIJK_OK;
}

static int by_month(const void *a, const void *b)
{
    const wijk_scenario_change *x = *(const wijk_scenario_change *const *)a;
    const wijk_scenario_change *y = *(const wijk_scenario_change *const *)b;
    if (x->month != y->month) {
        return x->month < y->month ? -1 : 1;
    }
    return (x > y) - (x < y); /* in the order of the text */
}

int wijk_scenario_bind(wijk_scenario *out, const wijk_scenario_file *file,
                       const wijk_scenario_options *options)
{
    *out = (wijk_scenario){0};
    size_t n = wijk_scenario_count(file);
    int first = options->first >= 0 ? options->first : wijk_scenario_start(file);
    binder b = {.file = file, .options = options};
    int rc = wijk_scenario_check_span(file);
    if (rc) {
        return rc;
    }
    const wijk_scenario_change **order = wijk_alloc((n + 1) * sizeof *order);
    rc = order ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        order[i] = wijk_scenario_at(file, i);
    }
    if (!rc) {
        qsort(order, n, sizeof *order, by_month);
    }
    for (size_t i = 0; !rc && i < n; i++) {
        b.line = order[i]->line;
        if (options->months && order[i]->month >= first + (int)options->months) {
            break;
        }
        rc = check_change(&b, order[i], first);
        rc = rc ? rc : bind_change(&b, order[i], order[i]->month - first);
    }
    rc = rc ? rc : check_tasks(&b);
    wijk_free(order);
    if (rc) {
        wijk_free(b.changes);
        return rc;
    }
    out->changes = b.changes;
    out->n = b.n;
    return WIJK_OK;
}

void wijk_scenario_release(wijk_scenario *bound)
{
    wijk_free((void *)(uintptr_t)bound->changes);
    *bound = (wijk_scenario){0};
}
