/* Reckons twenty years of every patch from its character, its story and the trends of the town.
 * What lasts (a patch is a little dearer than its kind) is drawn once per patch, what passes once
 * per year, so that histories look like histories. Only + - * / and sqrt: the same bits anywhere.
 */
#include "load/town.h"

#include "wijk/err.h"
#include "wijk/rng.h"

#include <math.h>
#include <string.h>

static const uint64_t years_seed = 0x4D6572656C313938u;

/* What a draw is for; the order is part of the recipe: append, never insert. */
enum purpose {
    FOR_HOMES = 1,
    FOR_EMPTY,
    FOR_SIZE,
    FOR_AGES,
    FOR_WOMEN,
    FOR_TYPES,
    FOR_TENURES,
    FOR_HOUSES,
    FOR_BIRTHS,
    FOR_DEATHS,
    FOR_WELFARE,
    FOR_ABROAD,
    FOR_CRIMES,
    FOR_WOZ,
    FOR_INCOME,
    FOR_LOW_INCOME,
    FOR_HEALTH,
    FOR_LONELY,
    FOR_STRUGGLING,
    FOR_PARTS,
    FOR_DISTANCES
};

typedef struct {
    const town_recipe *recipe;
    const town_patch *patch;
    uint32_t place;
    int year;
    double along;   /* 0 in the first year, 1 in the last */
    double blend;   /* how far the patch has become another kind */
    double decline; /* how far it has slid */
} moment;

/* A lasting trait of the patch: the same every year. */
static double trait(const moment *m, enum purpose purpose, uint32_t nth)
{
    return wijk_rng_normal((wijk_draw){
        .seed = years_seed, .purpose = (uint32_t)purpose, .place = m->place, .nth = nth});
}

/* Chance of this year alone. */
static double chance(const moment *m, enum purpose purpose, uint32_t nth)
{
    return wijk_rng_normal((wijk_draw){.seed = years_seed,
                                       .purpose = (uint32_t)purpose,
                                       .place = m->place,
                                       .time = (uint32_t)m->year,
                                       .nth = nth});
}

/* Slow ups and downs: chance at every third year, straight lines between. */
static double wobble(const moment *m, enum purpose purpose)
{
    moment knot = *m;
    int since = (m->year - TOWN_FIRST) % 3;
    knot.year = m->year - since;
    double before = chance(&knot, purpose, 99);
    knot.year += 3;
    return before + (chance(&knot, purpose, 99) - before) * since / 3;
}

/* 0 before `from`, 1 after `to`, smooth between. */
static double step(double year, double from, double to)
{
    double t = (year - from) / (to - from);
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

static double limit(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static int whole(double value)
{
    return value <= 0 ? 0 : (int)(value + 0.5);
}

/* A count with the spread that independent events have. */
static int events(const moment *m, enum purpose purpose, uint32_t nth, double mean)
{
    return mean <= 0 ? 0 : whole(mean + chance(m, purpose, nth) * sqrt(mean));
}

static double steady(const moment *m, const char *column)
{
    const wijk_table *table = m->recipe->characters;
    double own = wijk_table_number(table, m->patch->character, column, NAN);
    return own + (wijk_table_number(table, m->patch->becomes, column, NAN) - own) * m->blend;
}

static double moving(const moment *m, const char *first, const char *last)
{
    double from = steady(m, first);
    return from + (steady(m, last) - from) * m->along;
}

static double trend(const moment *m, const char *name)
{
    return wijk_town_trend(m->recipe, name, m->year);
}

static int has_story(const moment *m, const char *story)
{
    return strcmp(m->patch->story, story) == 0;
}

/* Divides `total` over shares so that the parts add up: the largest remainders get the rest. */
static void apportion(int *out, int total, const double *share, int n)
{
    double sum = 0, rest[8] = {0};
    int left = total;
    for (int i = 0; i < n; i++) {
        sum += share[i] > 0 ? share[i] : 0;
    }
    for (int i = 0; i < n; i++) {
        double part = sum > 0 && share[i] > 0 ? total * share[i] / sum : 0;
        out[i] = (int)part;
        rest[i] = part - out[i];
        left -= out[i];
    }
    for (; left > 0; left--) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            best = rest[i] > rest[best] ? i : best;
        }
        out[best]++;
        rest[best] = -1;
    }
}

/* ---- one moment ------------------------------------------------------------------------- */

static double homes_planned(const moment *m)
{
    const double *homes = m->patch->homes;
    double year = m->year;
    if (has_story(m, "newbuild")) {
        return homes[0] + (homes[1] - homes[0]) * step(year, 2006, 2018);
    }
    if (has_story(m, "newtown")) {
        return homes[0] + (homes[1] - homes[0]) * step(year, 2012, 2025) / step(2024, 2012, 2025);
    }
    if (has_story(m, "rebuild")) {
        return homes[0] * (1 - step(year, 2010, 2013)) + homes[1] * step(year, 2012, 2016);
    }
    return homes[0] + (homes[1] - homes[0]) * m->along;
}

static void set_homes(town_state *s, const moment *m)
{
    s->homes = whole(homes_planned(m));
    double vacant = limit(0.026 + 0.006 * trait(m, FOR_EMPTY, 0) + 0.005 * wobble(m, FOR_EMPTY) +
                              0.02 * m->decline,
                          0.005, 0.12);
    s->empty = whole(s->homes * vacant);
    s->households = s->homes - s->empty;
    double tenure[TOWN_TENURES];
    tenure[0] = moving(m, "owner_2005", "owner_2024") + 2.5 * trait(m, FOR_TENURES, 0);
    tenure[1] = moving(m, "social_2005", "social_2024") + 2.5 * trait(m, FOR_TENURES, 1);
    tenure[0] = limit(tenure[0], 2, 96);
    tenure[1] = limit(tenure[1], 1, 97 - tenure[0]);
    tenure[2] = 100 - tenure[0] - tenure[1];
    apportion(s->tenures, s->homes, tenure, TOWN_TENURES);
    s->single_family =
        whole(s->homes * limit(steady(m, "houses") + 3 * trait(m, FOR_HOUSES, 0), 2, 99) / 100);
    /* What was added since 2000 is new, whatever the kind of buurt. */
    double old = s->homes * steady(m, "old") / 100;
    double had = m->patch->homes[0] * (1 - m->blend);
    s->old = whole(old < had ? old : had);
}

static void set_people(town_state *s, const moment *m)
{
    double size = moving(m, "size_2005", "size_2024") + 0.05 * trait(m, FOR_SIZE, 0) +
                  0.015 * wobble(m, FOR_SIZE);
    s->people = whole(s->households * size);
    double ages[TOWN_AGES] = {moving(m, "a00_2005", "a00_2024"), moving(m, "a15_2005", "a15_2024"),
                              moving(m, "a25_2005", "a25_2024"), moving(m, "a45_2005", "a45_2024"),
                              100};
    for (int i = 0; i < TOWN_AGES - 1; i++) {
        ages[TOWN_AGES - 1] -= ages[i];
    }
    for (uint32_t i = 0; i < TOWN_AGES; i++) {
        ages[i] *= 1 + 0.07 * trait(m, FOR_AGES, i);
    }
    apportion(s->ages, s->people, ages, TOWN_AGES);
    s->women = whole(s->people * (0.503 + 0.006 * trait(m, FOR_WOMEN, 0)));
    double types[TOWN_HOUSEHOLDS];
    types[0] = moving(m, "single_2005", "single_2024") + 1.5 * trait(m, FOR_TYPES, 0);
    types[2] = moving(m, "children_2005", "children_2024") + 1.2 * trait(m, FOR_TYPES, 1);
    types[1] = 100 - types[0] - types[2];
    apportion(s->types, s->households, types, TOWN_HOUSEHOLDS);
    double young = s->ages[2], old = s->ages[4];
    s->births = events(m, FOR_BIRTHS, 0, 0.041 * young * trend(m, "births"));
    s->deaths = events(m, FOR_DEATHS, 0, 0.0006 * s->people + 0.041 * old);
    s->abroad = whole(
        s->people *
        limit(moving(m, "abroad_2005", "abroad_2024") + 1.2 * trait(m, FOR_ABROAD, 0), 0, 90) /
        100);
}

static void set_money(town_state *s, const moment *m)
{
    s->woz = steady(m, "woz") * trend(m, "woz") *
             (1 + 0.08 * trait(m, FOR_WOZ, 0) + 0.008 * wobble(m, FOR_WOZ)) *
             (1 - 0.09 * m->decline);
    s->income = steady(m, "income") * trend(m, "income") *
                (1 + 0.035 * trait(m, FOR_INCOME, 0) + 0.006 * wobble(m, FOR_INCOME)) *
                (1 - 0.05 * m->decline);
    s->low_income = limit(steady(m, "low_income") + 2 * trait(m, FOR_LOW_INCOME, 0) +
                              0.7 * wobble(m, FOR_LOW_INCOME) + 6 * m->decline,
                          3, 90);
    s->welfare =
        whole(s->people / 1000.0 * steady(m, "welfare") * trend(m, "welfare") *
              limit(1 + 0.14 * trait(m, FOR_WELFARE, 0) + 0.03 * wobble(m, FOR_WELFARE), 0.4, 2) *
              (1 + 0.3 * m->decline));
}

static void set_crimes(town_state *s, const moment *m)
{
    static const double part[TOWN_CRIMES] = {0.50, 0.17, 0.21, 0.12};
    double rate = steady(m, "crime") / 1000 * trend(m, "crime") *
                  limit(1 + 0.15 * trait(m, FOR_CRIMES, 0) + 0.05 * wobble(m, FOR_CRIMES), 0.4, 2);
    rate *= 1 + 0.5 * m->decline;
    if (has_story(m, "dip") && (m->year == 2013 || m->year == 2014)) {
        rate *= 1.3;
    }
    for (uint32_t i = 0; i < TOWN_CRIMES; i++) {
        s->crimes[i] = events(m, FOR_CRIMES, 1 + i, s->people * rate * part[i]);
    }
}

static void set_health(town_state *s, const moment *m)
{
    s->good_health =
        limit(steady(m, "health") + trend(m, "health") + 1.1 * trait(m, FOR_HEALTH, 0) +
                  0.5 * chance(m, FOR_HEALTH, 1) - 3.5 * m->decline,
              30, 97);
    s->lonely = limit(steady(m, "lonely") + trend(m, "lonely") + 1.1 * trait(m, FOR_LONELY, 0) +
                          0.6 * chance(m, FOR_LONELY, 1) + 3 * m->decline,
                      10, 80);
    s->struggling =
        limit(steady(m, "struggling") + trend(m, "struggling") + trait(m, FOR_STRUGGLING, 0) +
                  0.5 * chance(m, FOR_STRUGGLING, 1) + 4 * m->decline,
              1, 70);
}

/* A published score is what is true plus what the measuring adds. Five errors of 0.0125 make 0.028
 * in the total, so that a step between two waves of an area where nothing happens has sd 0.04:
 * what Leefbaarometer 3.0 shows. */
static void set_livability(town_state *s, const moment *m)
{
    static const char *const column[TOWN_PARTS] = {"won", "soc", "vrz", "onv", "fys"};
    static const double slid[TOWN_PARTS] = {-0.015, -0.055, 0, -0.075, -0.025};
    static const double dipped[TOWN_PARTS] = {0, -0.04, 0, -0.08, -0.01};
    static const double helped[TOWN_PARTS] = {0, 0.05, 0, 0.05, 0.02};
    for (uint32_t i = 0; i < TOWN_PARTS; i++) {
        s->parts[i] = steady(m, column[i]) + 0.018 * trait(m, FOR_PARTS, i) +
                      trend(m, "livability") / TOWN_PARTS + slid[i] * m->decline +
                      0.0125 * chance(m, FOR_PARTS, 10 + i);
        if (has_story(m, "dip") && m->year == 2014) {
            s->parts[i] += dipped[i];
        }
        if (has_story(m, "helped") && m->year >= 2017) {
            s->parts[i] += helped[i];
        }
    }
}

static void set_distances(town_state *s, const moment *m)
{
    s->shop = steady(m, "shop") * limit(1 + 0.2 * trait(m, FOR_DISTANCES, 0), 0.4, 2);
    s->doctor = steady(m, "doctor") * limit(1 + 0.2 * trait(m, FOR_DISTANCES, 1), 0.4, 2);
    s->school = steady(m, "school") * limit(1 + 0.2 * trait(m, FOR_DISTANCES, 2), 0.4, 2);
}

static void set_state(town_state *s, moment m)
{
    m.along = (m.year - TOWN_FIRST) / (double)(TOWN_LAST - TOWN_FIRST);
    m.blend = has_story(&m, "rebuild")    ? 0.75 * step(m.year, 2011, 2016)
              : has_story(&m, "gentrify") ? 0.55 * step(m.year, 2006, 2022)
                                          : 0;
    m.decline = has_story(&m, "slide") ? step(m.year, 2011, 2023) : 0;
    set_homes(s, &m);
    set_people(s, &m);
    set_money(s, &m);
    set_crimes(s, &m);
    set_health(s, &m);
    set_livability(s, &m);
    set_distances(s, &m);
}

int wijk_town_years(town_state **out, const town_recipe *recipe, wijk_ctx *ctx)
{
    *out = wijk_arena_alloc(recipe->arena, recipe->count * TOWN_YEARS * sizeof **out);
    int rc = *out ? 0 : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < recipe->count; i++) {
        rc = wijk_checkpoint(ctx);
        for (int year = TOWN_FIRST; !rc && year <= TOWN_LAST; year++) {
            set_state(&(*out)[i * TOWN_YEARS + (size_t)(year - TOWN_FIRST)],
                      (moment){.recipe = recipe,
                               .patch = &recipe->patches[i],
                               .place = (uint32_t)i,
                               .year = year});
        }
    }
    return rc;
}
