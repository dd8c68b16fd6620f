/* What cannot be in a scenario although each line by itself can: a month outside its years, a task
 * that no block can have, shares that are more than the whole. The idea: refuse with the line what
 * would otherwise be run in silence as something else. */
#include "foresee/scenario_bind.h"

#include <stdio.h>
#include <string.h>

int scenario_tell_at(const binder *b, const wijk_scenario_change *change, int code)
{
    return scenario_tell(b->options->found, b->file->what, scenario_line_of(b->file, change), code);
}

int scenario_check_span(const binder *b)
{
    const wijk_scenario_file *file = b->file;
    int first = wijk_scenario_start(file), end = first + wijk_scenario_years(file) * 12;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < file->n; i++) {
        const wijk_scenario_change *c = &file->lines[i].change;
        if (file->lines[i].kind != SCENARIO_CHANGE || (c->month >= first && c->month < end)) {
            continue;
        }
        rc = wijk_fail(WIJK_EINVAL,
                       "%04d-%02d (%s) valt buiten dit scenario, dat loopt van %04d-%02d tot en "
                       "met %04d-%02d: kies een maand daarbinnen, of verander begin of jaren",
                       "%04d-%02d (%s) is outside this scenario, which goes from %04d-%02d to "
                       "%04d-%02d: choose a month within it, or change start or years",
                       c->month / 12, c->month % 12 + 1, wijk_lever_get(c->lever)->key, first / 12,
                       first % 12 + 1, (end - 1) / 12, (end - 1) % 12 + 1);
        rc = scenario_tell_at(b, c, rc);
    }
    return rc;
}

int scenario_check_line(const binder *b, const wijk_scenario_change *c)
{
    if (c->month < b->first) {
        return wijk_fail(WIJK_EINVAL,
                         "%04d-%02d ligt voor het begin (%04d-%02d): kies een latere maand of een "
                         "vroeger begin",
                         "%04d-%02d is before the beginning (%04d-%02d): choose a later month or "
                         "an earlier beginning",
                         c->month / 12, c->month % 12 + 1, b->first / 12, b->first % 12 + 1);
    }
    if (c->lever == WIJK_LEVER_REGIONAL_MARKET && c->value > 0 && b->options->population &&
        wijk_population_regions(b->options->population) < 2) {
        return wijk_fail(WIJK_EINVAL,
                         "regional_market: hier wordt één gemeente doorgerekend, dus er is geen "
                         "tweede woningmarkt om in te zoeken; kies een eigen gebied van meer "
                         "gemeenten of het land, of haal de regel weg",
                         "regional_market: one gemeente is modelled here, so there is no second "
                         "housing market to look in; choose an area of your own of several "
                         "gemeenten or the country, or take the line away");
    }
    return WIJK_OK;
}

/* The message of the moment, at the line that change i is of. */
static int at_change(const binder *b, size_t i, int code)
{
    return scenario_tell_at(b, &b->lines[b->from[i]].line->change, code);
}

/* ---- a common task ---------------------------------------------------------------------------
 */

/* In a text alone one word may lie within another. */
static int meet(const binder *b, const wijk_change *x, const wijk_change *y)
{
    return !b->options->population || scenario_covers(b, x, y->scope, y->place) ||
           scenario_covers(b, y, x->scope, x->place);
}

/* A common task of residents is done in mixed blocks, courts and chosen streets: one that none of
 * these can have would silently do nothing. */
static int check_task(const binder *b, size_t task)
{
    static const wijk_lever blocks[] = {WIJK_LEVER_MAGIC_MIX, WIJK_LEVER_KNARRENHOF,
                                        WIJK_LEVER_STREETS};
    for (size_t i = 0; i < b->n; i++) {
        for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
            if (b->changes[i].lever == blocks[k] && meet(b, &b->changes[i], &b->changes[task])) {
                return WIJK_OK;
            }
        }
    }
    return at_change(b, task,
                     wijk_fail(WIJK_EINVAL,
                               "common_task: een gezamenlijke taak is voor gemengde blokken, hoven "
                               "of gekozen straten, en die zijn er hier niet; geef ook magic_mix, "
                               "knarrenhof of streets",
                               "common_task: a common task is for mixed blocks, courts or chosen "
                               "streets, and there are none here; also give magic_mix, knarrenhof "
                               "or streets"));
}

/* ---- shares of one whole ---------------------------------------------------------------------
 */

enum { WHOLES = 2, SHARES = 3, PERCENT = 100 };

/* A home that falls empty gets one label; a let is reserved for one group (process_allot.c). The
 * other shares of lets are drawn apart and may overlap. */
static const struct {
    size_t n;
    wijk_lever lever[SHARES];
    const char *nl, *en;
} wholes[WHOLES] = {
    {3,
     {WIJK_LEVER_MAGIC_MIX, WIJK_LEVER_LABEL_OLDER, WIJK_LEVER_LABEL_YOUNG},
     "een woning die vrijkomt krijgt één bestemming",
     "a home that falls empty gets one label"},
    {2,
     {WIJK_LEVER_NEWCOMER_TASK, WIJK_LEVER_URGENCY},
     "een woning gaat naar één van beide groepen",
     "a home goes to one of both groups"},
};

typedef double shares[WHOLES][SHARES]; /* what holds in one area */

static int find_share(size_t *whole, size_t *share, wijk_lever lever)
{
    for (*whole = 0; *whole < WHOLES; ++*whole) {
        for (*share = 0; *share < wholes[*whole].n; ++*share) {
            if (wholes[*whole].lever[*share] == lever) {
                return 1;
            }
        }
    }
    return 0;
}

/* "label_older 60 + label_young 60". */
static void tell_sum(char *out, size_t room, size_t whole, const double held[SHARES])
{
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < wholes[whole].n; i++) {
        if (held[i] > 0 && used < room) {
            used += (size_t)snprintf(out + used, room - used, "%s%s %g", used ? " + " : "",
                                     wijk_lever_get(wholes[whole].lever[i])->key, held[i]);
        }
    }
}

static int refuse_sum(const binder *b, size_t change, size_t whole, const double held[SHARES],
                      double sum)
{
    char said[160];
    const wijk_scenario_change *c = &b->lines[b->from[change]].line->change;
    tell_sum(said, sizeof said, whole, held);
    return at_change(b, change,
                     wijk_fail(WIJK_EINVAL,
                               "%s = %g procent vanaf %04d-%02d (%s): %s%.0s, dus samen kan het "
                               "niet boven 100; verlaag er één (een knop die u niet noemt blijft "
                               "zoals hij nu is)",
                               "%s = %g percent from %04d-%02d (%s): %.0s%s, so together it cannot "
                               "be above 100; lower one of them (a lever that you do not name "
                               "stays as it is now)",
                               said, sum, c->month / 12, c->month % 12 + 1, c->place,
                               wholes[whole].nl, wholes[whole].en));
}

/* What holds from change `from` on, until `to` in the same month; then whether it can be. */
static int check_month(const binder *b, shares *held, size_t areas, size_t from, size_t to)
{
    size_t whole, share;
    int touched[WHOLES] = {0};
    for (size_t i = from; i < to; i++) {
        if (!find_share(&whole, &share, b->changes[i].lever)) {
            continue;
        }
        touched[whole] = 1;
        for (uint32_t area = 0; area < areas; area++) {
            if (scenario_covers(b, &b->changes[i], WIJK_IN_AREA, area)) {
                held[area][whole][share] = b->changes[i].value;
            }
        }
    }
    for (whole = 0; whole < WHOLES; whole++) {
        for (uint32_t area = 0; touched[whole] && area < areas; area++) {
            double sum = 0;
            for (share = 0; share < SHARES; share++) {
                sum += held[area][whole][share];
            }
            size_t last = to;
            while (sum > PERCENT + 1e-9 && last-- > from) {
                size_t of;
                if (find_share(&of, &share, b->changes[last].lever) && of == whole &&
                    scenario_covers(b, &b->changes[last], WIJK_IN_AREA, area)) {
                    int rc = refuse_sum(b, last, whole, held[area][whole], sum);
                    if (rc) {
                        return rc;
                    }
                    sum = 0; /* told: the other areas may have another line to tell */
                }
            }
        }
    }
    return WIJK_OK;
}

/* Month by month, what holds in each area. Of a text alone each line may be a place, and one more
 * stands for all others. */
static int check_shares(const binder *b)
{
    const wijk_population *p = b->options->population;
    size_t areas = p ? wijk_population_areas(p) : b->n_lines + 1, whole, share, any = 0;
    for (size_t i = 0; i < b->n; i++) {
        any += (size_t)find_share(&whole, &share, b->changes[i].lever);
    }
    if (any == 0) {
        return WIJK_OK;
    }
    shares *held = wijk_alloc(areas * sizeof *held);
    int rc = held ? WIJK_OK : WIJK_ENOMEM;
    for (size_t area = 0; !rc && area < areas; area++) {
        for (whole = 0; whole < WHOLES; whole++) {
            for (share = 0; share < wholes[whole].n; share++) {
                held[area][whole][share] = wijk_lever_get(wholes[whole].lever[share])->nothing;
            }
        }
    }
    for (size_t from = 0, to = 0; !rc && from < b->n; from = to) {
        while (to < b->n && b->changes[to].month == b->changes[from].month) {
            to++;
        }
        rc = check_month(b, held, areas, from, to);
    }
    wijk_free(held);
    return rc;
}

int scenario_check_whole(const binder *b)
{
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < b->n; i++) {
        const wijk_change *c = &b->changes[i];
        rc = c->lever == WIJK_LEVER_COMMON_TASK && c->value > 0 ? check_task(b, i) : WIJK_OK;
    }
    return rc ? rc : check_shares(b);
}
