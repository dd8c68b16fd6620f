/* Mix and segregation of an area: the same structure whoever asks, in two languages, for wholes and
 * parts; the change adds up; files can be read back; what is not known is said. */
#include "facts_fixture.h"

#include "wijk/load.h"
#include "wijk/mix.h"
#include "wijk/rng.h"

#include <jansson.h>
#include <unistd.h>

enum { FIRST = 2020, LAST = 2022, BUURTEN = 12 };

typedef struct {
    country c;
    int64_t gemeente, wijk[2], buurt[BUURTEN];
} town;

static double draw(uint32_t place, uint32_t nth)
{
    return wijk_rng_uniform((wijk_draw){.seed = 7, .purpose = 1, .place = place, .nth = nth});
}

static void add_homes(town *t, int64_t load, int i, int period, double drift)
{
    double homes = 100 + floor(400 * draw((uint32_t)i, 0));
    double owner = floor(homes * (0.2 + 0.6 * draw((uint32_t)i, 1)) * (1 - drift));
    double social = floor((homes - owner) * draw((uint32_t)i, 2));
    add_cell(&t->c, t->buurt[i], id_of(&t->c, "homes_owner"), period, load, owner, 0.5, 0);
    add_cell(&t->c, t->buurt[i], id_of(&t->c, "homes_social"), period, load, social, 0.5, 0);
    add_cell(&t->c, t->buurt[i], id_of(&t->c, "homes_private"), period, load,
             homes - owner - social, 0.5, 0);
}

static void town_open(town *t, const char *name)
{
    memset(t, 0, sizeof *t);
    country_open(&t->c, name);
    int64_t load = add_load(&t->c, "published", 90);
    int64_t land = add_area(&t->c, WIJK_LAND, "NL", LAST, "Nederland", 0);
    t->gemeente = add_area(&t->c, WIJK_GEMEENTE, "GM0001", LAST, "Proefstad", land);
    for (int k = 0; k < 2; k++) {
        t->wijk[k] = add_area(&t->c, WIJK_WIJK, k ? "WK000102" : "WK000101", LAST,
                              k ? "Zuid" : "Noord", t->gemeente);
    }
    for (int i = 0; i < BUURTEN; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU000101%02d", i);
        t->buurt[i] = add_area(&t->c, WIJK_BUURT, code, LAST, code, t->wijk[i % 2]);
        add_homes(t, load, i, FIRST, 0);
        add_homes(t, load, i, LAST, i % 3 ? 0 : 0.3);
    }
    derive(&t->c);
    refresh(&t->c);
    must(wijk_mixture_derive(t->c.store, t->c.registry, NULL));
}

static wijk_mix mix_of(town *t, int64_t area, wijk_lang lang, const char *grouping)
{
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = grouping;
    must(wijk_mix_get(&mix, t->c.store, t->c.registry, t->c.arena, area, lang, &ask));
    return mix;
}

static void test_whole_is_told_with_chance(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_whole.wijk");
    wijk_mix mix = mix_of(&t, t.gemeente, WIJK_NL, NULL);
    assert_string_equal(mix.grouping->code, "tenure");
    assert_int_equal(mix.layer.period, LAST);
    assert_int_equal(mix.all.areas, BUURTEN);
    assert_false(mix.part);
    assert_true(mix.exact); /* counts to the nearest home: nothing was rounded */
    assert_non_null(strstr(mix.sentence, "woningen in Proefstad"));
    assert_non_null(strstr(mix.sentence, "lot"));
    /* What the map shows is what D is made of: D = mean of `apart` / Simpson (Morgan 1975). */
    double moved = 0, people = 0;
    for (size_t i = 0; i < mix.grouped.areas; i++) {
        double here = 0;
        for (size_t g = 0; g < mix.grouped.groups; g++) {
            here += mix.grouped.counts[i * mix.grouped.groups + g];
        }
        moved += here * mix.apart[i];
        people += here;
    }
    assert_true(fabs(moved / people / mix.all.simpson - mix.all.dissimilarity) < 1e-12);
    /* Two of the same part differ as often as the weighted mean of the parts says. */
    double same = 0;
    for (size_t i = 0; i < mix.grouped.areas; i++) {
        double total = 0, squares = 0;
        for (size_t g = 0; g < 3; g++) {
            double count = mix.grouped.counts[i * 3 + g];
            total += count;
            squares += count * count;
        }
        same += squares / total;
    }
    assert_true(fabs(mix.within - (1 - same / mix.all.total)) < 1e-12);
    /* Exposures of a group add up to one, its own part being the isolation. */
    for (size_t g = 0; g < 3; g++) {
        double sum = 0;
        for (size_t k = 0; k < 3; k++) {
            sum += mix.group[g].exposure[k];
        }
        assert_true(fabs(sum - 1) < 1e-12);
        assert_true(fabs(mix.group[g].exposure[g] - mix.group[g].isolation) < 1e-12);
    }
    wijk_mix english = mix_of(&t, t.gemeente, WIJK_EN, NULL);
    assert_non_null(strstr(english.sentence, "Of the homes in Proefstad"));
    assert_null(strstr(english.sentence, "{"));
    assert_null(strstr(mix.sentence, "{"));
    country_close(&t.c);
}

/* H of both ends, and all between them. */
static void change_is_whole(const wijk_mix *mix)
{
    const wijk_change_ranges *h = &mix->change.moved.theil;
    double sum = h->before;
    for (size_t part = 0; part < WIJK_CHANGE_PARTS; part++) {
        sum += h->part[part];
    }
    assert_true(fabs(h->before - mix->history[0].h) < 1e-12);
    assert_true(fabs(h->after - mix->history[mix->history_count - 1].h) < 1e-12);
    assert_true(fabs(sum - h->after) < 1e-12);
}

static void test_change_adds_up(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_change.wijk");
    wijk_mix mix = mix_of(&t, t.gemeente, WIJK_NL, "tenure");
    assert_int_equal(mix.history_count, 2);
    assert_true(mix.changed);
    assert_int_equal(mix.change.moved.common, BUURTEN);
    assert_true(mix.change.same == 1 && mix.change.overlaid == 0 && mix.change.gone == 0);
    change_is_whole(&mix);
    country_close(&t.c);
}

/* Six areas of 2020 and eight of 2024, found again in every way there is. */
typedef struct {
    country c;
    int64_t gemeente, before[6], after[8];
} moved_town;

static void homes_of(moved_town *t, int64_t area, int64_t load, int period, const double homes[3])
{
    static const char *const codes[] = {"homes_owner", "homes_social", "homes_private"};
    for (int g = 0; g < 3; g++) {
        add_cell(&t->c, area, id_of(&t->c, codes[g]), period, load, homes[g], 0.5, 0);
    }
}

static const double HOMES_BEFORE[6][3] = {{50, 30, 20},  {20, 160, 20}, {200, 50, 50},
                                          {10, 100, 40}, {90, 40, 20},  {30, 30, 40}};
static const double HOMES_AFTER[8][3] = {{55, 30, 20}, {60, 40, 20}, {10, 60, 10}, {190, 60, 50},
                                         {80, 0, 20},  {20, 30, 10}, {95, 40, 20}, {1, 2, 3}};

static void moved_town_open(moved_town *t, const char *name)
{
    memset(t, 0, sizeof *t);
    country_open(&t->c, name);
    int64_t load = add_load(&t->c, "published", 90), gemeente[2];
    for (int k = 0; k < 2; k++) {
        int year = k ? 2024 : 2020;
        int64_t land = add_area(&t->c, WIJK_LAND, "NL", year, "Nederland", 0);
        gemeente[k] = add_area(&t->c, WIJK_GEMEENTE, "GM0001", year, "Proefstad", land);
        for (int i = 0; i < (k ? 8 : 6); i++) {
            char code[32];
            snprintf(code, sizeof code, "BU000%d01%02d", k + 1, i);
            int64_t *at = k ? &t->after[i] : &t->before[i];
            *at = add_area(&t->c, WIJK_BUURT, code, year, code, gemeente[k]);
            homes_of(t, *at, load, year, k ? HOMES_AFTER[i] : HOMES_BEFORE[i]);
        }
    }
    t->gemeente = gemeente[1];
    int64_t other = add_area(&t->c, WIJK_GEMEENTE, "GM0002", 2020, "Buurstad", 0);
    int64_t theirs = add_area(&t->c, WIJK_BUURT, "BU00020999", 2020, "Grens", other);
    int64_t map = add_area(&t->c, WIJK_BUURT, "BU00010104", 2019, "Kaart", 0);
    int64_t silent = add_area(&t->c, WIJK_BUURT, "BU00010108", 2020, "Stil", gemeente[0]);
    homes_of(t, theirs, load, 2020, HOMES_BEFORE[0]);
    derive(&t->c);
    add_link(&t->c, t->after[0], t->before[0], 0, 1, 1);
    add_link(&t->c, t->after[1], t->before[1], 2, 1, 0.6);
    add_link(&t->c, t->after[2], t->before[1], 2, 1, 0.4);
    add_link(&t->c, t->after[3], t->before[2], 1, 1, 1);
    add_link(&t->c, t->after[0], t->before[3], 2, 0.1, 0.3); /* most of it lives elsewhere now */
    add_link(&t->c, t->after[5], theirs, 2, 0.9, 0.9);
    add_link(&t->c, t->after[7], silent, 0, 1, 1);
    add_link(&t->c, t->after[6], map, 2, 1, 1); /* of 2020 there is no map, of 2019 there is */
    add_link(&t->c, map, t->before[4], 0, 1, 1);
    refresh(&t->c);
    must(wijk_mixture_derive(t->c.store, t->c.registry, NULL));
}

static void test_change_follows_the_overlay(void **state)
{
    (void)state;
    moved_town t;
    moved_town_open(&t, "mix_moved.wijk");
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = "tenure";
    ask.draws = WIJK_MIX_LOOK;
    must(wijk_mix_get(&mix, t.c.store, t.c.registry, t.c.arena, t.gemeente, WIJK_NL, &ask));
    assert_int_equal(mix.history_count, 2);
    assert_true(mix.changed);
    /* Of 1,000 homes: 100 the same, 200 split and 150 over an older map, 300 by code alone. */
    assert_true(fabs(mix.change.same - 0.10) < 1e-12);
    assert_true(fabs(mix.change.overlaid - 0.35) < 1e-12);
    assert_true(fabs(mix.change.by_code - 0.30) < 1e-12);
    assert_true(fabs(mix.change.gone - 0.25) < 1e-12);
    assert_int_equal(mix.change.moved.removed, 2);
    assert_int_equal(mix.change.moved.added, 3);
    assert_int_equal(mix.change.elsewhere, 1);
    assert_int_equal(mix.change.missing, 1);
    change_is_whole(&mix);
    /* What conversion does is H of the table converted by hand less H as it was. */
    double by_hand[7][3];
    static const int row[6] = {0, -1, 3, 4, 5, 6};
    for (int i = 0; i < 6; i++) {
        for (int g = 0; g < 3; g++) {
            by_hand[1][g] = 0.6 * HOMES_BEFORE[1][g];
            by_hand[2][g] = 0.4 * HOMES_BEFORE[1][g];
            if (row[i] >= 0) {
                by_hand[row[i]][g] = HOMES_BEFORE[i][g];
            }
        }
    }
    wijk_segregation converted;
    must(wijk_segregation_all(&converted, &by_hand[0][0], 7, 3));
    const wijk_change_ranges *h = &mix.change.moved.theil;
    assert_true(fabs(h->part[WIJK_CHANGE_BORDER] - (converted.theil - mix.history[0].h)) < 1e-12);
    assert_true(mix.change.ranged &&
                h->low[WIJK_CHANGE_STRUCTURE] < h->high[WIJK_CHANGE_STRUCTURE]);
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = WIJK_NL};
    must(wijk_mix_figure_change(&figure, t.c.arena, &style, &mix));
    assert_int_equal(figure.rows, WIJK_CHANGE_PARTS);
    assert_non_null(strstr(figure.message, "35%"));
    assert_non_null(strstr(figure.message, "andere gemeente"));
    assert_null(strstr(figure.message, "{"));
    wijk_figure_free(&figure);
    country_close(&t.c);
}

static void test_part_is_set_in_its_gemeente(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_part.wijk");
    wijk_mix mix = mix_of(&t, t.buurt[3], WIJK_NL, NULL);
    assert_true(mix.part);
    assert_true(mix.whole.id == t.gemeente);
    assert_true(mix.grouped.area[mix.self].id == t.buurt[3]);
    double sum = 0;
    for (size_t g = 0; g < 3; g++) {
        sum += mix.group[g].self;
    }
    assert_true(fabs(sum - 1) < 1e-12);
    assert_true(mix.further < BUURTEN);
    assert_non_null(strstr(mix.sentence, "in heel Proefstad"));
    /* Never its place in a row: neither how many differ more nor how many differ less. */
    assert_null(strstr(mix.sentence, "sterker"));
    size_t others = mix.grouped.areas - 1;
    const char *told = 4 * mix.further < others ? "anders dan in heel Proefstad"
                       : 4 * (others - mix.further) < others
                           ? "lijkt hier op die van heel Proefstad"
                           : "is gewoon voor de buurten daar";
    assert_non_null(strstr(mix.sentence, told));
    /* In short it says the same. */
    wijk_area area;
    wijk_mix_short brief;
    must(wijk_area_get(&area, t.c.store, t.c.arena, t.buurt[3]));
    must(wijk_mix_short_get(&brief, t.c.store, t.c.registry, t.c.arena, &area, 0, WIJK_NL));
    assert_true(brief.part);
    char here[32];
    snprintf(here, sizeof here, "%ld%% koop", lround(100 * mix.group[0].self));
    assert_non_null(strstr(brief.sentence, here));
    assert_non_null(strstr(mix.sentence, here));
    country_close(&t.c);
}

/* Rounded to ten per cent, the range must hold what was rounded; to the nearest home there is none.
 */
static void test_range_holds_what_was_rounded(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_range.wijk");
    wijk_mix exact = mix_of(&t, t.gemeente, WIJK_NL, "tenure");
    assert_true(exact.exact && !exact.ranged && isnan(exact.measure[0].low));
    int64_t load = add_load(&t.c, "published", 90), pc4[BUURTEN];
    for (int i = 0; i < BUURTEN; i++) { /* the same homes, as postcodes publish them */
        const double *counts = exact.grouped.counts + 3 * i;
        double homes = counts[0] + counts[1] + counts[2];
        char code[16];
        snprintf(code, sizeof code, "10%02d", i);
        pc4[i] = add_area(&t.c, WIJK_PC4, code, LAST, code, t.gemeente);
        add_cell(&t.c, pc4[i], id_of(&t.c, "homes"), LAST, load, homes, 2.5, 0);
        add_cell(&t.c, pc4[i], id_of(&t.c, "owner_share"), LAST, load,
                 10 * round(10 * counts[0] / homes), 5, 0);
    }
    derive(&t.c);
    refresh(&t.c);
    must(wijk_mixture_derive(t.c.store, t.c.registry, NULL));
    double two[2 * BUURTEN];
    for (int i = 0; i < BUURTEN; i++) {
        const double *counts = exact.grouped.counts + 3 * i;
        two[2 * i] = counts[0];
        two[2 * i + 1] = counts[1] + counts[2];
    }
    wijk_segregation truth;
    must(wijk_segregation_all(&truth, two, BUURTEN, 2));
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = "owner";
    ask.level = WIJK_PC4;
    ask.draws = 200;
    must(wijk_mix_get(&mix, t.c.store, t.c.registry, t.c.arena, t.gemeente, WIJK_NL, &ask));
    assert_true(mix.ranged && !mix.exact);
    assert_true(mix.measure[0].low <= truth.dissimilarity);
    assert_true(truth.dissimilarity <= mix.measure[0].high);
    assert_true(mix.measure[1].low <= truth.theil && truth.theil <= mix.measure[1].high);
    assert_true(mix.measure[0].high - mix.measure[0].low > 0.005);
    country_close(&t.c);
}

/* A file that was never measured, and may only be read, gives the same. */
static void test_unmeasured_file_gives_the_same(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_unmeasured.wijk");
    wijk_mix measured = mix_of(&t, t.gemeente, WIJK_NL, NULL);
    must(wijk_begin(t.c.store));
    must(wijk_run(wijk_store_sql(t.c.store, "DELETE FROM mixture")));
    must(wijk_commit(t.c.store));
    wijk_mix tried = mix_of(&t, t.gemeente, WIJK_NL, NULL);
    assert_true(tried.all.theil == measured.all.theil);
    assert_int_equal(tried.choice_count, measured.choice_count);
    /* The country is beside it only where it was measured. */
    assert_memory_equal(tried.sentence, measured.sentence, strlen(tried.sentence));
    country_close(&t.c);
}

static void test_files_read_back(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_files.wijk");
    wijk_mix mix = mix_of(&t, t.gemeente, WIJK_NL, "tenure");
    wijk_str json = WIJK_STR_INIT, csv = WIJK_STR_INIT;
    wijk_mix_json(&json, &mix);
    json_error_t error;
    json_t *root = json_loads(wijk_str_text(&json), 0, &error);
    assert_non_null(root);
    json_t *measures = json_object_get(root, "measures");
    assert_int_equal(json_array_size(measures), WIJK_MIX_MEASURES);
    assert_true(json_real_value(json_object_get(json_array_get(measures, 1), "value")) ==
                mix.all.theil);
    assert_int_equal(json_array_size(json_object_get(root, "groups")), 3);
    json_decref(root);
    wijk_mix_csv(&csv, &mix);
    size_t lines = 0;
    for (const char *at = wijk_str_text(&csv); *at; at++) {
        lines += *at == '\n';
    }
    assert_int_equal(lines, BUURTEN + 1);
    wijk_str_free(&json);
    wijk_str_free(&csv);
    country_close(&t.c);
}

static void test_unknown_is_said(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_unknown.wijk");
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = "age";
    assert_int_equal(
        wijk_mix_get(&mix, t.c.store, t.c.registry, t.c.arena, t.gemeente, WIJK_NL, &ask),
        WIJK_ENOTFOUND);
    assert_non_null(strstr(wijk_error(WIJK_EN), "Proefstad"));
    assert_true(wijk_mix_ask_layer(&ask, "buurt-2022-2020"));
    assert_int_equal(ask.level, WIJK_BUURT);
    assert_int_equal(ask.period, 2020);
    assert_false(wijk_mix_ask_layer(&ask, "straat-2022-2020"));
    assert_false(wijk_mix_ask_layer(&ask, "buurt"));
    /* No borders in this town: no map, no distances, and that is no failure of the rest. */
    mix = mix_of(&t, t.gemeente, WIJK_NL, "tenure");
    assert_int_equal(mix.scale_count, 0);
    wijk_figure figure = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {.lang = WIJK_NL};
    assert_int_equal(
        wijk_mix_figure_map(&figure, t.c.store, t.c.registry, t.c.arena, &style, &mix, NULL, NULL),
        WIJK_ENOTFOUND);
    must(wijk_mix_figure_history(&figure, t.c.arena, &style, &mix));
    assert_int_equal(figure.rows, 2);
    must(wijk_mix_figure_change(&figure, t.c.arena, &style, &mix));
    assert_int_equal(figure.rows, 5);
    must(wijk_mix_figure_shares(&figure, t.c.arena, &style, &mix));
    wijk_figure_free(&figure);
    country_close(&t.c);
}

/* A page without figures leads on: what is asked elsewhere, the areas around, all of the file. */
static void test_nothing_leads_on(void **state)
{
    (void)state;
    town t;
    town_open(&t, "mix_none.wijk");
    int64_t load = add_load(&t.c, "published", 80);
    int64_t tiny = add_area(&t.c, WIJK_BUURT, "BU00010199", LAST, "Polder", t.wijk[0]);
    const char *const codes[] = {"homes_owner", "homes_social", "homes_private"};
    for (int g = 0; g < 3; g++) { /* 19 homes: one too few to tell anything */
        add_cell(&t.c, tiny, id_of(&t.c, codes[g]), LAST, load, g ? 6 : 7, 0.5, 0);
    }
    derive(&t.c);
    must(wijk_mixture_derive(t.c.store, t.c.registry, NULL));
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    assert_int_equal(wijk_mix_get(&mix, t.c.store, t.c.registry, t.c.arena, tiny, WIJK_NL, &ask),
                     WIJK_ENOTFOUND);
    wijk_mix_none none;
    must(wijk_mix_none_get(&none, t.c.store, t.c.registry, t.c.arena, tiny, WIJK_NL, NULL));
    assert_non_null(strstr(none.sentence, "Polder (buurt)"));
    assert_int_equal(none.other_count, 0);
    assert_int_equal(none.around_count, 3); /* the wijk has parts too */
    assert_string_equal(none.around[0].code, "WK000101");
    assert_string_equal(none.around[1].code, "GM0001");
    assert_string_equal(none.around[2].code, "NL");
    assert_true(none.published_count > 0);
    assert_string_equal(none.published[0].grouping->code, "tenure");
    assert_int_equal(none.published[0].level, WIJK_BUURT);
    assert_int_equal(none.published[0].first, FIRST);
    assert_int_equal(none.published[0].last, LAST);
    assert_int_equal(none.published[0].wholes, 1);
    assert_string_equal(none.published[0].words, "buurten (2020–2022, in één gemeente)");
    /* Asked for a division that is not there, the others are named. */
    must(wijk_mix_none_get(&none, t.c.store, t.c.registry, t.c.arena, t.gemeente, WIJK_EN, "age"));
    assert_non_null(strstr(none.sentence, "Other divisions"));
    assert_true(none.other_count > 0);
    assert_string_equal(none.others[0]->code, "tenure");
    country_close(&t.c);
}

/* Homes of an unknown owner stay in the percentages, as publishers have it, and out of measures. */
static void test_unknown_owners_are_shown(void **state)
{
    (void)state;
    country c;
    country_open(&c, "mix_owners.wijk");
    int64_t load = add_load(&c, "published", 90);
    int64_t gemeente = add_area(&c, WIJK_GEMEENTE, "GM0003", LAST, "Leegstad", 0);
    for (int i = 0; i < 4; i++) {
        char code[16];
        snprintf(code, sizeof code, "BU0003010%d", i);
        int64_t buurt = add_area(&c, WIJK_BUURT, code, LAST, code, gemeente);
        add_cell(&c, buurt, id_of(&c, "homes"), LAST, load, 100, 0.5, 0);
        add_cell(&c, buurt, id_of(&c, "owner_share"), LAST, load, i % 2 ? 60 : 40, 0.5, 0);
        add_cell(&c, buurt, id_of(&c, "social_share"), LAST, load, i % 2 ? 20 : 40, 0.5, 0);
        add_cell(&c, buurt, id_of(&c, "private_share"), LAST, load, 15, 0.5, 0);
    }
    derive(&c);
    must(wijk_mixture_derive(c.store, c.registry, NULL));
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    must(wijk_mix_get(&mix, c.store, c.registry, c.arena, gemeente, WIJK_NL, &ask));
    assert_true(fabs(mix.unknown - 0.05) < 1e-12);
    assert_true(fabs(mix.group[0].whole_of_all - 0.50) < 1e-12);
    assert_true(fabs(mix.group[1].whole_of_all - 0.30) < 1e-12);
    assert_true(fabs(mix.group[1].share - 0.30 / 0.95) < 1e-12);
    assert_non_null(strstr(mix.sentence, "50% koop, 30% corporatie, 15% particuliere huur, "
                                         "5% onbekend"));
    country_close(&c);
}

/* Opens the figures of one published file; 0 when there is none here. */
static int open_real(country *c, const char *name, const char *file)
{
    const char *data = getenv("WIJK_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", data ? data : "../shared/data/raw", file);
    if (access(path, R_OK)) {
        print_message("skipped: no real data at %s\n", path);
        return 0;
    }
    country_open(c, name);
    wijk_load_report report = {0};
    wijk_load_options options = {0};
    must(wijk_load_file(&report, c->store, c->registry, path, &options, NULL));
    wijk_load_report_free(&report);
    must(wijk_derive(c->store, c->registry, NULL));
    refresh(c);
    must(wijk_mixture_derive(c->store, c->registry, NULL));
    return 1;
}

/* The Hague as CBS publishes it for the municipality: 43, 31 and 25% in 2019. */
static void test_the_hague_as_published(void **state)
{
    (void)state;
    static const double published[] = {43, 31, 25};
    country c;
    if (!open_real(&c, "mix_hague.wijk", "cbs_kwb/kwb_2019_gm0518_denhaag_84583NED.csv")) {
        skip();
    }
    wijk_area area;
    must(wijk_area_find(&area, c.store, c.arena, "GM0518", 0));
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = "tenure";
    must(wijk_mix_get(&mix, c.store, c.registry, c.arena, area.id, WIJK_NL, &ask));
    for (size_t g = 0; g < 3; g++) { /* whole per cents of both the town and its parts */
        assert_int_equal(lround(100 * mix.group[g].whole_of_all), published[g]);
    }
    country_close(&c);
}

/* A gemeente of nine buurten in a row, 450 m apart, `times` as many homes. */
static int64_t placed_town(country *c, int64_t load, const char *code, int64_t land, int which,
                           double times)
{
    int64_t gemeente = add_area(c, WIJK_GEMEENTE, code, LAST, code, land);
    for (int i = 0; i < 9; i++) {
        char name[32];
        snprintf(name, sizeof name, "BU%s%02d01", code + 2, i);
        int64_t buurt = add_area(c, WIJK_BUURT, name, LAST, name, gemeente);
        double owner = floor(100 * draw((uint32_t)(i + 20 * which), 5));
        add_cell(c, buurt, id_of(c, "homes_owner"), LAST, load, times * owner, 0.5, 0);
        add_cell(c, buurt, id_of(c, "homes_social"), LAST, load, times * (100 - owner), 0.5, 0);
        add_cell(c, buurt, id_of(c, "homes_private"), LAST, load, times * 20, 0.5, 0);
        wijk_stmt *stmt = wijk_store_sql(c->store, "UPDATE area SET x=?2, y=?3 WHERE id=?1");
        wijk_bind_int(stmt, 1, buurt);
        wijk_bind_double(stmt, 2, 100000 + 450.0 * i);
        wijk_bind_double(stmt, 3, 400000);
        must(wijk_run(stmt));
    }
    return gemeente;
}

static wijk_mix looked_at(country *c, int64_t area, int draws)
{
    wijk_mix mix;
    wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
    ask.grouping = "tenure";
    ask.draws = draws;
    must(wijk_mix_get(&mix, c->store, c->registry, c->arena, area, WIJK_NL, &ask));
    return mix;
}

/* Beside a similar gemeente stands what that gemeente's own page says; a hundred times as many
 * homes make the band of the profile ten times as thin. */
static void test_similar_areas_and_the_band(void **state)
{
    (void)state;
    country c;
    country_open(&c, "mix_like.wijk");
    int64_t load = add_load(&c, "published", 90);
    int64_t land = add_area(&c, WIJK_LAND, "NL", LAST, "Nederland", 0);
    int64_t small = placed_town(&c, load, "GM0001", land, 0, 1);
    int64_t large = placed_town(&c, load, "GM0002", land, 0, 100);
    int64_t other = placed_town(&c, load, "GM0003", land, 1, 1);
    derive(&c);
    const int64_t like[2] = {other, large};
    for (int place = 1; place <= 2; place++) {
        wijk_stmt *stmt =
            wijk_store_sql(c.store, "INSERT INTO similar VALUES (?1,?2,?3,?2,'owner_share')");
        wijk_bind_int(stmt, 1, small);
        wijk_bind_int(stmt, 2, place);
        wijk_bind_int(stmt, 3, like[place - 1]);
        must(wijk_run(stmt));
    }
    refresh(&c);
    must(wijk_mixture_derive(c.store, c.registry, NULL));
    wijk_mix mix = looked_at(&c, small, WIJK_MIX_LOOK), big = looked_at(&c, large, WIJK_MIX_LOOK);
    assert_int_equal(mix.like_count, 2);
    assert_string_equal(mix.like[0].code, "GM0003");
    assert_true(fabs(mix.like[0].d - looked_at(&c, other, 0).all.dissimilarity) < 1e-12);
    assert_true(isnan(mix.like[0].low)); /* five pages' worth of work: only when asked for */
    mix = looked_at(&c, small, WIJK_MIX_LOOK + 1);
    assert_true(mix.like_ranged && mix.like[0].low == mix.like[0].high); /* exact counts */
    assert_true(mix.banded && big.banded && mix.scale_count == big.scale_count);
    for (size_t i = 0; i < mix.scale_count; i++) {
        double wide = mix.scale_high[i] - mix.scale_low[i];
        double thin = big.scale_high[i] - big.scale_low[i];
        assert_true(thin > 0 && wide > 5 * thin && wide < 20 * thin);
        assert_true(big.scale_low[i] < big.scale[i].theil &&
                    big.scale[i].theil < big.scale_high[i]);
    }
    assert_false(looked_at(&c, small, 0).banded);
    country_close(&c);
}

/* Amsterdam as its statistics office publishes it: the corporation share of all homes. */
static void test_amsterdam_as_published(void **state)
{
    (void)state;
    static const double published[][2] = {{2005, 53.1}, {2009, 49.3}, {2013, 46.1}, {2017, 42.8}};
    country c;
    if (!open_real(&c, "mix_amsterdam.wijk", "amsterdam/ams_buurt_tenure_2005_2017.csv")) {
        skip();
    }
    wijk_area area;
    must(wijk_area_find(&area, c.store, c.arena, "GM0363", 0));
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        wijk_mix mix;
        wijk_mix_ask ask = WIJK_MIX_ASK_BEST;
        ask.grouping = "tenure";
        ask.period = (int)published[i][0];
        must(wijk_mix_get(&mix, c.store, c.registry, c.arena, area.id, WIJK_NL, &ask));
        assert_true(fabs(100 * mix.group[1].share - published[i][1]) < 0.05);
        assert_int_equal(mix.history_count, 4);
    }
    country_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_is_told_with_chance),
        cmocka_unit_test(test_change_adds_up),
        cmocka_unit_test(test_change_follows_the_overlay),
        cmocka_unit_test(test_part_is_set_in_its_gemeente),
        cmocka_unit_test(test_range_holds_what_was_rounded),
        cmocka_unit_test(test_unmeasured_file_gives_the_same),
        cmocka_unit_test(test_files_read_back),
        cmocka_unit_test(test_unknown_is_said),
        cmocka_unit_test(test_nothing_leads_on),
        cmocka_unit_test(test_similar_areas_and_the_band),
        cmocka_unit_test(test_unknown_owners_are_shown),
        cmocka_unit_test(test_the_hague_as_published),
        cmocka_unit_test(test_amsterdam_as_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
