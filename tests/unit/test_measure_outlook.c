/* The outlook: nothing of a later wave reaches a forecast, skill is real and goes when the outcome
 * is shuffled, bands cover what they say, and scores equal independent formulas. */
#include "load_fixture.h"

#include "measure/outlook.h"
#include "measure/outlook_score.h"
#include "wijk/rng.h"
#include "wijk/stats.h"
#include "wijk/town.h"

#include <unistd.h>

static const int YEARS[] = {2002, 2008, 2012, 2014, 2016, 2018, 2020};

static double draw(uint32_t place, uint32_t time, uint32_t nth)
{
    return wijk_rng_normal((wijk_draw){7, 4711, place, time, nth});
}

/* An invented country: a level that wanders, and a noise that is larger where fewer people live. */
static void country(wijk_outlook_panel *out, size_t areas, size_t waves, int even)
{
    must(wijk_outlook_panel_new(out, areas, waves));
    for (size_t a = 0; a < areas; a++) {
        uint32_t id = (uint32_t)a;
        double people = exp(7.6 + 1.2 * draw(id, 100, 0)), level = 4.1 + 0.1 * draw(id, 100, 1);
        double noise = 0.01 + 0.05 * sqrt(300 / (300 + people));
        for (size_t w = 0; w < waves; w++) {
            out->years[w] = even ? 2008 + 2 * (int)w : YEARS[w];
            int gap = w ? out->years[w] - out->years[w - 1] : 0;
            level += 0.008 * sqrt(gap) * draw(id, (uint32_t)w, 2);
            double heavy = draw(id, (uint32_t)w, 3) * (1 + 2 * (draw(id, (uint32_t)w, 4) > 1.5));
            size_t at = w * areas + a;
            out->level[at] = level + 0.01 * (double)w + noise * heavy;
            out->people[at] = people;
            out->social[at] = 30 + 15 * draw(id, 100, 5);
            out->density[at] = exp(6 + draw(id, 100, 6));
        }
    }
}

static const wijk_outlook_score *score_of(const wijk_outlook_card *card, size_t step,
                                          const char *code, enum wijk_outlook_slice slice)
{
    return &card->steps[step].score[wijk_outlook_find(code) * WIJK_SLICES + slice];
}

/* What the rule's choice gained on the constant band in the last step. */
static double gain(const wijk_outlook_card *card)
{
    const wijk_outlook_step *last = &card->steps[card->count - 1];
    return 1 - last->score[last->chosen * WIJK_SLICES].pinball /
                   score_of(card, card->count - 1, "constant", WIJK_SLICE_ALL)->pinball;
}

/* ---- leaks -------------------------------------------------------------------------------------
 */

static void the_last_wave_changes_nothing_that_was_fitted(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    country(&panel, 400, 7, 0);
    for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
        wijk_outlook_model *before, *after;
        wijk_outlook_past past;
        wijk_outlook_forecast first, second;
        const double *a, *b;
        must(wijk_outlook_fit(&before, &panel, e, 5, NULL));
        wijk_outlook_past_of(&past, &panel, 3, 5);
        wijk_outlook_predict(&first, before, &past);
        for (size_t i = 0; i < panel.areas; i++) {
            panel.level[6 * panel.areas + i] = i % 3 ? 99 + (double)i : NAN;
        }
        must(wijk_outlook_fit(&after, &panel, e, 5, NULL));
        wijk_outlook_past_of(&past, &panel, 3, 5);
        wijk_outlook_predict(&second, after, &past);
        size_t n = wijk_outlook_parameters(&a, before);
        assert_int_equal(n, wijk_outlook_parameters(&b, after));
        assert_memory_equal(a, b, n * sizeof *a);
        assert_memory_equal(&first, &second, sizeof first);
        wijk_outlook_model_free(before);
        wijk_outlook_model_free(after);
        wijk_outlook_panel_free(&panel);
        country(&panel, 400, 7, 0);
    }
    wijk_outlook_panel_free(&panel);
}

/* The rule may not look at the step it is about. */
static void the_choice_does_not_see_the_step(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    wijk_outlook_card plain, odd;
    country(&panel, 600, 7, 0);
    must(wijk_outlook_backtest(&plain, &panel, NULL));
    for (size_t i = 0; i < panel.areas; i++) {
        panel.level[6 * panel.areas + i] = 4 + 0.5 * draw((uint32_t)i, 9, 9);
    }
    must(wijk_outlook_backtest(&odd, &panel, NULL));
    assert_int_equal(plain.count, 5);
    for (size_t s = 0; s < plain.count; s++) {
        assert_int_equal(plain.steps[s].chosen, odd.steps[s].chosen);
    }
    for (size_t s = 0; s + 1 < plain.count; s++) {
        assert_true(plain.steps[s].score[0].pinball == odd.steps[s].score[0].pinball);
    }
    wijk_outlook_card_free(&plain);
    wijk_outlook_card_free(&odd);
    wijk_outlook_panel_free(&panel);
}

/* Gives every area the last change of another. */
static void shuffle_last_wave(wijk_outlook_panel *panel)
{
    size_t n = panel->areas, w = panel->waves - 1;
    double *change = test_malloc(n * sizeof *change);
    for (size_t a = 0; a < n; a++) {
        change[a] = panel->level[w * n + a] - panel->level[(w - 1) * n + a];
    }
    for (size_t a = n - 1; a > 0; a--) {
        size_t b =
            (size_t)(wijk_rng_uniform((wijk_draw){3, 1, (uint32_t)a, 0, 0}) * (double)(a + 1));
        double kept = change[a];
        change[a] = change[b];
        change[b] = kept;
    }
    for (size_t a = 0; a < n; a++) {
        panel->level[w * n + a] = panel->level[(w - 1) * n + a] + change[a];
    }
    test_free(change);
}

static void skill_vanishes_when_the_outcome_is_shuffled(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    wijk_outlook_card card;
    country(&panel, 2000, 7, 0);
    must(wijk_outlook_backtest(&card, &panel, NULL));
    const wijk_outlook_step *last = &card.steps[card.count - 1];
    assert_true(gain(&card) > 0.05);
    assert_true(last->warning.ahead_low > 0); /* noise that returns: better than size alone */
    double precision = last->score[last->chosen * WIJK_SLICES + WIJK_SLICE_FROM_500].precision;
    wijk_outlook_card_free(&card);
    shuffle_last_wave(&panel);
    must(wijk_outlook_backtest(&card, &panel, NULL));
    last = &card.steps[card.count - 1];
    const wijk_outlook_score *score =
        &last->score[last->chosen * WIJK_SLICES + WIJK_SLICE_FROM_500];
    assert_true(gain(&card) < 0.005);
    assert_true(score->precision < 2 * (double)score->drops / (double)score->areas);
    assert_true(score->precision < precision / 2);
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
}

/* ---- bands and scores --------------------------------------------------------------------------
 */

static void bands_cover_what_they_say(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    wijk_outlook_card card;
    country(&panel, 2500, 7, 1);
    must(wijk_outlook_backtest(&card, &panel, NULL));
    static const char *const codes[] = {"state", "past", "past_and_place", "and_years"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        for (int slice = 0; slice <= WIJK_SLICE_10000; slice++) {
            const wijk_outlook_score *s =
                score_of(&card, 4, codes[i], (enum wijk_outlook_slice)slice);
            assert_true(s->areas > 100);
            assert_true(s->high90 > 0.88 && s->low90 < 0.92);
            assert_true(s->high50 > 0.46 && s->low50 < 0.54);
            assert_true(s->low90 < s->cover90 && s->cover90 < s->high90);
        }
    }
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
}

/* With one step to learn from, the constant band is the empirical distribution of its changes. */
static void the_constant_band_is_the_past(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    must(wijk_outlook_panel_new(&panel, 99, 2));
    panel.years[0] = 2010;
    panel.years[1] = 2012;
    for (size_t a = 0; a < 99; a++) { /* changes 0.01 … 0.99: rank p (n + 1) hits them */
        panel.level[a] = 4;
        panel.level[99 + (a * 37) % 99] = 4 + 0.01 * (double)(a + 1);
    }
    wijk_outlook_model *model;
    wijk_outlook_forecast said;
    wijk_outlook_past past = {.level = {4, 5}, .people = 1000, .social = NAN, .density = NAN};
    must(wijk_outlook_fit(&model, &panel, wijk_outlook_find("constant"), 1, NULL));
    wijk_outlook_predict(&said, model, &past);
    const double expected[] = {5.05, 5.25, 5.50, 5.75, 5.95};
    for (int q = 0; q < WIJK_QUANTILES; q++) {
        assert_true(fabs(said.quantile[q] - expected[q]) < 1e-12);
    }
    wijk_outlook_model_free(model);
    must(wijk_outlook_fit(&model, &panel, wijk_outlook_find("no_change"), 1, NULL));
    wijk_outlook_predict(&said, model, &past);
    assert_true(said.quantile[WIJK_Q50] == 5);
    wijk_outlook_model_free(model);
    wijk_outlook_panel_free(&panel);
}

/* Waves of equal shape of which one is three times as rough: the band is that of the usual wave,
 * and stays about the middle that all of them share. */
static void one_rough_wave_does_not_widen_the_band(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    must(wijk_outlook_panel_new(&panel, 99, 4));
    for (size_t w = 0; w < 4; w++) {
        panel.years[w] = 2010 + 2 * (int)w;
        for (size_t a = 0; a < 99; a++) { /* changes about 0.1, −0.49 … 0.49 or thrice that */
            double off = 0.01 * ((double)((a * 37 + w * 11) % 99) - 49) * (w == 2 ? 3 : 1);
            panel.level[w * 99 + a] = w ? panel.level[(w - 1) * 99 + a] + 0.1 + off : 4;
        }
    }
    wijk_outlook_model *model;
    wijk_outlook_forecast said;
    wijk_outlook_past past = {.level = {4, 4, 4, 5}, .people = 1000, .social = NAN, .density = NAN};
    must(wijk_outlook_fit(&model, &panel, wijk_outlook_find("constant"), 3, NULL));
    wijk_outlook_predict(&said, model, &past);
    const double expected[] = {5.1 - 0.45, 5.1 - 0.25, 5.1, 5.1 + 0.25, 5.1 + 0.45};
    for (int q = 0; q < WIJK_QUANTILES; q++) {
        assert_true(fabs(said.quantile[q] - expected[q]) < 1e-12);
    }
    wijk_outlook_model_free(model);
    wijk_outlook_panel_free(&panel);
}

/* The mean of forecasts is reckoned from each of them, quantile by quantile, and so is its chance.
 */
static void the_mean_is_that_of_its_members(void **state)
{
    (void)state;
    static const char *const members[] = {"similar", "state", "past", "past_and_place",
                                          "and_years"};
    enum { MEMBERS = sizeof members / sizeof *members };
    wijk_outlook_panel panel;
    wijk_outlook_model *model;
    wijk_outlook_forecast mean, said;
    wijk_outlook_past past;
    country(&panel, 400, 7, 0);
    for (size_t a = 0; a < 400; a += 37) {
        double sum[WIJK_QUANTILES + 1] = {0};
        wijk_outlook_past_of(&past, &panel, a, 6);
        for (size_t e = 0; e < MEMBERS; e++) {
            must(wijk_outlook_fit(&model, &panel, wijk_outlook_find(members[e]), 6, NULL));
            wijk_outlook_predict(&said, model, &past);
            for (int q = 0; q < WIJK_QUANTILES; q++) {
                sum[q] += said.quantile[q];
            }
            sum[WIJK_QUANTILES] += said.drop;
            wijk_outlook_model_free(model);
        }
        must(wijk_outlook_fit(&model, &panel, wijk_outlook_find("mean"), 6, NULL));
        wijk_outlook_predict(&mean, model, &past);
        for (int q = 0; q < WIJK_QUANTILES; q++) {
            assert_true(fabs(mean.quantile[q] - sum[q] / MEMBERS) < 1e-12);
        }
        assert_true(fabs(mean.drop - sum[WIJK_QUANTILES] / MEMBERS) < 1e-12);
        wijk_outlook_model_free(model);
    }
    wijk_outlook_panel_free(&panel);
}

/* Pinball loss, precision and interval beside formulas written another way. */
static void scores_equal_other_formulas(void **state)
{
    (void)state;
    outlook_case cases[4] = {
        {4, 4.2, 600, 10, 0.1, {{3.9, 4.0, 4.1, 4.2, 4.3}, 0.1}},
        {4, 3.9, 600, 50, 0.9, {{3.9, 3.95, 4.0, 4.1, 4.2}, 0.9}}, /* a drop, feared most */
        {4, 3.8, 400, 50, 0.4, {{3.9, 3.95, 4.0, 4.1, 4.2}, 0.4}}, /* a drop, third */
        {4, 4.0, 20000, 5, 0.5, {{3.9, 3.95, 4.0, 4.1, 4.2}, 0.5}},
    };
    outlook_ranked order[4];
    wijk_outlook_score score;
    outlook_score_slice(&score, WIJK_SLICE_ALL, cases, 4, order);
    double sum = 0; /* the loss as weighted distance to each quantile */
    const double p[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (int i = 0; i < 4; i++) {
        for (int q = 0; q < 5; q++) {
            double y = cases[i].after, at = cases[i].said.quantile[q];
            sum += fabs(y - at) * (y < at ? 1 - p[q] : p[q]) / 20;
        }
    }
    assert_true(fabs(score.pinball - sum) < 1e-15);
    assert_true(fabs(score.mae - (0.1 + 0.1 + 0.2 + 0) / 4) < 1e-15);
    assert_true(score.cover90 == 0.75 && score.cover50 == 0.5 && score.drops == 2);
    assert_true(isnan(score.precision)); /* under twenty drops: not scored */
    size_t n = outlook_rank(order, WIJK_SLICE_ALL, cases, 4);
    assert_true(fabs(outlook_precision(order, NULL, n) - (1.0 + 2.0 / 3) / 2) < 1e-15);
    n = outlook_rank(order, WIJK_SLICE_FROM_500, cases, 4);
    assert_int_equal(n, 3);
    outlook_score_slice(&score, WIJK_SLICE_SOCIAL, cases, 4, order);
    assert_int_equal(score.areas, 2);
    for (int i = 0; i < 4; i++) {
        cases[i].rank = 1; /* all tied: guessing, so the share of drops */
    }
    n = outlook_rank(order, WIJK_SLICE_ALL, cases, 4);
    assert_true(outlook_precision(order, NULL, n) == 0.5);
    double low, high; /* Wilson 1927 as tabled by Brown, Cai & DasGupta 2001 */
    wijk_share_interval(&low, &high, 0, 10);
    assert_true(fabs(low) < 1e-12 && fabs(high - 0.2775) < 5e-5);
    wijk_share_interval(&low, &high, 5, 10);
    assert_true(fabs(low - 0.2366) < 5e-5 && fabs(high - 0.7634) < 5e-5);
}

/* The filter's noise and wandering are found back where they are known. */
static void noise_and_true_change_are_told_apart(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    size_t n = 4000;
    must(wijk_outlook_panel_new(&panel, n, 7));
    memcpy(panel.years, YEARS, sizeof YEARS);
    for (size_t a = 0; a < n; a++) {
        double level = 4;
        for (size_t w = 0; w < 7; w++) {
            level +=
                w ? 0.01 * sqrt(YEARS[w] - YEARS[w - 1]) * draw((uint32_t)a, (uint32_t)w, 0) : 0;
            panel.level[w * n + a] = level + 0.02 * draw((uint32_t)a, (uint32_t)w, 1);
            panel.people[w * n + a] = 3000;
        }
    }
    outlook_scene scene;
    double *scratch = test_malloc(n * sizeof *scratch);
    outlook_scene_of(&scene, &panel, 6, scratch);
    int class = outlook_size_class(3000);
    assert_true(fabs(sqrt(scene.noise[class]) / 0.02 - 1) < 0.05);
    assert_true(fabs(sqrt(scene.process[class]) / 0.01 - 1) < 0.10);
    test_free(scratch);
    wijk_outlook_panel_free(&panel);
}

/* ---- robustness --------------------------------------------------------------------------------
 */

static void the_order_of_areas_does_not_matter(void **state)
{
    (void)state;
    wijk_outlook_panel panel, turned;
    country(&panel, 500, 6, 0);
    country(&turned, 500, 6, 0);
    const double *from[] = {panel.level, panel.people, panel.social, panel.density};
    double *to[] = {turned.level, turned.people, turned.social, turned.density};
    for (size_t i = 0; i < 4; i++) {
        for (size_t w = 0; w < 6; w++) {
            for (size_t a = 0; a < 500; a++) {
                to[i][w * 500 + a] = from[i][w * 500 + 499 - a];
            }
        }
    }
    for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
        wijk_outlook_model *one, *other;
        const double *a, *b;
        must(wijk_outlook_fit(&one, &panel, e, 5, NULL));
        must(wijk_outlook_fit(&other, &turned, e, 5, NULL));
        size_t n = wijk_outlook_parameters(&a, one);
        wijk_outlook_parameters(&b, other);
        for (size_t i = 0; i < n; i++) {
            assert_true(fabs(a[i] - b[i]) < 1e-7);
        }
        wijk_outlook_model_free(one);
        wijk_outlook_model_free(other);
    }
    wijk_outlook_panel_free(&panel);
    wijk_outlook_panel_free(&turned);
}

static void odd_input_has_a_defined_answer(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    wijk_outlook_card card;
    wijk_outlook_model *model;
    assert_int_equal(wijk_outlook_panel_new(&panel, 0, 3), WIJK_EINVAL);
    assert_int_equal(wijk_outlook_panel_new(&panel, 3, WIJK_OUTLOOK_WAVES + 1), WIJK_EINVAL);
    must(wijk_outlook_panel_new(&panel, 5, 3)); /* too few changes */
    for (size_t i = 0; i < 15; i++) {
        panel.level[i] = 4;
    }
    for (size_t w = 0; w < 3; w++) {
        panel.years[w] = 2010 + 2 * (int)w;
    }
    assert_int_equal(wijk_outlook_fit(&model, &panel, 0, 2, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_outlook_backtest(&card, &panel, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_outlook_fit(&model, &panel, 0, 0, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_outlook_fit(&model, &panel, 0, 3, NULL), WIJK_EINVAL);
    assert_int_equal(wijk_outlook_fit(&model, &panel, 99, 2, NULL), WIJK_EINVAL);
    wijk_outlook_panel_free(&panel);

    must(wijk_outlook_panel_new(&panel, 60, 4)); /* nothing ever moves, little is known */
    for (size_t i = 0; i < 240; i++) {
        panel.level[i] = i % 7 ? 4 : NAN;
    }
    for (size_t w = 0; w < 4; w++) {
        panel.years[w] = 2010 + 2 * (int)w;
    }
    must(wijk_outlook_backtest(&card, &panel, NULL));
    for (size_t e = 0; e < wijk_outlook_estimators(); e++) {
        const wijk_outlook_score *s = &card.steps[1].score[e * WIJK_SLICES];
        assert_true(s->areas > 30 && isfinite(s->mae) && s->mae < 1e-3 && isnan(s->precision));
        must(wijk_outlook_fit(&model, &panel, e, 3, NULL));
        wijk_outlook_past past = {
            .level = {NAN, 4, 4, NAN}, .people = NAN, .social = NAN, .density = NAN};
        wijk_outlook_forecast said;
        wijk_outlook_predict(&said, model, &past); /* no last score: nothing is said */
        assert_true(isnan(said.quantile[WIJK_Q50]) && isnan(said.drop));
        past.level[3] = 4;
        wijk_outlook_predict(&said, model, &past);
        assert_true(fabs(said.quantile[WIJK_Q50] - 4) < 0.01 && said.drop >= 0 && said.drop < 0.01);
        wijk_outlook_model_free(model);
    }
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
}

static void running_out_of_memory_is_survived(void **state)
{
    (void)state;
    wijk_outlook_panel panel;
    country(&panel, 60, 4, 0);
    int rc = WIJK_ENOMEM;
    long n = 1;
    for (; rc == WIJK_ENOMEM && n < 100000; n += n < 40 ? 1 : 7) {
        wijk_outlook_card card;
        wijk_alloc_fail_at(n, 1);
        rc = wijk_outlook_backtest(&card, &panel, NULL);
        wijk_alloc_fail_at(0, 0);
        if (!rc) {
            wijk_outlook_card_free(&card);
        }
    }
    assert_int_equal(rc, WIJK_OK);
    assert_true(n > 20);
    wijk_outlook_panel_free(&panel);
}

/* ---- in the file -------------------------------------------------------------------------------
 */

/* An area's outlook equals that of the model on the panel: what is looked up when somebody asks is
 * what the model was fitted to. */
static void town_check_area(wijk_store *store, const wijk_registry *registry, wijk_arena *arena,
                            const wijk_outlook_panel *panel, const wijk_outlook_model *model)
{
    wijk_stmt *stmt = wijk_store_sql(store, "SELECT id FROM area WHERE level=3 AND vintage=2024"
                                            " ORDER BY code");
    int64_t ids[128];
    size_t count = 0, at = 0, known = 0;
    while (wijk_step(stmt) == 1 && count < 128) {
        ids[count++] = wijk_col_int(stmt, 0);
    }
    for (size_t i = 0; i < count; i++) {
        wijk_outlook_view view;
        wijk_outlook_forecast said;
        wijk_outlook_past past;
        must(wijk_outlook_of(&view, store, registry, arena, ids[i], 1));
        if (view.why != WIJK_OUTLOOK_KNOWN) {
            continue;
        }
        const wijk_outlook_item *item = &view.items[0];
        assert_int_equal(view.count, 1);
        assert_int_equal(view.level, WIJK_BUURT);
        assert_int_equal(item->part_count, 5);
        assert_false(item->warns); /* too few areas to have been judged */
        for (at = 0; at < panel->areas; at++) {
            wijk_outlook_past_of(&past, panel, at, panel->waves - 1);
            if (past.level[panel->waves - 1] == item->past.level[panel->waves - 1] &&
                past.people == item->past.people) {
                break;
            }
        }
        assert_true(at < panel->areas);
        wijk_outlook_predict(&said, model, &past);
        assert_memory_equal(said.quantile, item->next.quantile, sizeof said.quantile);
        assert_true(past.people >= WIJK_OUTLOOK_PEOPLE ? said.drop == item->next.drop
                                                       : isnan(item->next.drop));
        known++;
    }
    assert_true(known > 40);
}

static void a_town_has_an_outlook_and_no_claims(void **state)
{
    (void)state;
    char path[4096];
    wijk_store *store;
    wijk_registry *registry;
    wijk_arena *arena;
    temp_path(path, sizeof path, "outlook_town.wijk");
    temp_remove(path);
    must(wijk_town_create(path, NULL));
    must(wijk_store_open(&store, path, WIJK_STORE_WRITE));
    must(wijk_outlook_derive_when_due(store, NULL));
    must(wijk_registry_open(&registry, store));
    must(wijk_arena_new(&arena, 0));
    int64_t before = wijk_store_data_version(store);
    double made = number_of(store, "SELECT count(*) FROM outlook_number");
    assert_true(made > 500 && number_of(store, "SELECT count(*) FROM outlook_step") == 0);
    must(wijk_outlook_derive_when_due(store, NULL)); /* nothing is due */
    assert_int_equal(wijk_store_data_version(store), before);

    wijk_outlook_panel panel;
    wijk_outlook_model *model;
    wijk_outlook_card card;
    must(wijk_outlook_panel_read(&panel, store, registry, "lbm3_lbm", WIJK_BUURT, 1));
    assert_true(panel.areas > 50 && panel.areas < WIJK_OUTLOOK_MANY && panel.waves >= 8);
    must(wijk_outlook_fit(&model, &panel, wijk_outlook_find("no_change"), panel.waves - 1, NULL));
    town_check_area(store, registry, arena, &panel, model);
    must(wijk_outlook_card_read(&card, store, WIJK_BUURT, 1, 0));
    assert_int_equal(card.count, 0);

    wijk_area gemeente;
    wijk_outlook_view view;
    must(wijk_area_find(&gemeente, store, arena, "GM9901", 0));
    must(wijk_outlook_of(&view, store, registry, arena, gemeente.id, 1));
    assert_true(view.why == WIJK_OUTLOOK_WIDE && view.count == 0);

    must(wijk_derive_outdate(store)); /* other facts: made anew after deriving */
    must(wijk_derive_when_due(store, NULL, NULL));
    must(wijk_run(wijk_store_sql(store, "DELETE FROM outlook_number WHERE part='miss'")));
    must(wijk_outlook_derive_when_due(store, NULL)); /* also within the same second */
    assert_true(number_of(store, "SELECT count(*) FROM outlook_number") == made);
    wijk_outlook_model_free(model);
    wijk_outlook_panel_free(&panel);
    wijk_arena_free(arena);
    wijk_registry_free(registry);
    wijk_store_close(store);
    temp_remove(path);
}

/* No table holds both an area and anything of the outlook: a list of areas by risk cannot be read
 * from a file. */
static void the_file_holds_no_forecast_of_an_area(void **state)
{
    (void)state;
    fixture f;
    fixture_open(&f, "outlook_tables.wijk");
    assert_true(number_of(f.store, "SELECT count(*) FROM sqlite_master WHERE type='table'"
                                   " AND name LIKE 'outlook%'") == 5);
    assert_true(number_of(f.store,
                          "SELECT count(*) FROM sqlite_master m JOIN pragma_table_info(m.name) c"
                          " WHERE m.type='table' AND m.name LIKE 'outlook%' AND (c.name LIKE"
                          " '%area_id%' OR c.name = 'code')") == 0);
    fixture_close(&f);
}

/* ---- the real country --------------------------------------------------------------------------
 */

/* A wave that nobody has seen: every score up by 0.01, and the card has one more step. */
static void a_new_wave_is_judged(fixture *f)
{
    wijk_str csv = WIJK_STR_INIT;
    wijk_str_add(&csv, "PC4,jaar,lbm,afw,fys,onv,soc,vrz,won\n");
    wijk_stmt *stmt = wijk_store_sql(
        f->store, "SELECT a.code, v.value FROM layer_value v JOIN area a ON a.id = v.area_id"
                  " JOIN indicator i ON i.id = v.indicator_id"
                  " WHERE i.code = 'lbm3_lbm' AND v.level = 4 AND v.period = 2020");
    while (wijk_step(stmt) == 1) {
        double score = wijk_col_double(stmt, 1) + 0.01;
        wijk_str_addf(&csv, "%s,2022,%.12f,%.12f,NA,NA,NA,NA,NA\n", wijk_col_text(stmt, 0), score,
                      score - 4.102265);
    }
    wijk_load_report report;
    wijk_load_options options = {0};
    must(wijk_load_bytes(&report, f->store, f->registry, "lbm3_pc4_2022.csv", csv.data, csv.size,
                         &options, NULL));
    wijk_load_report_free(&report);
    wijk_str_free(&csv);
    must(wijk_derive_when_due(f->store, NULL, NULL));
    must(wijk_outlook_derive_when_due(f->store, NULL));
    wijk_outlook_card card;
    must(wijk_outlook_card_read(&card, f->store, WIJK_PC4, 0, 0));
    assert_int_equal(card.count, 6);
    assert_true(card.steps[5].from == 2020 && card.steps[5].to == 2022);
    assert_true(fabs(card.steps[5].common - 0.01) < 1e-9);
    assert_int_equal(score_of(&card, 5, "no_change", WIJK_SLICE_ALL)->areas, 4048);
    assert_true(fabs(score_of(&card, 5, "no_change", WIJK_SLICE_ALL)->mae - 0.01) < 1e-9);
    wijk_outlook_card_free(&card);
    must(wijk_outlook_card_read(&card, f->store, WIJK_PC4, 0, 1));
    assert_true(card.count == 1 && card.steps[0].from == 2020);
    wijk_outlook_card_free(&card);
}

/* From 500 residents on: the chances add up to what came, within what chance allows (areas do not
 * fall one by one, so the square root of the number is less than that). */
static void falls_come_as_often_as_said(const wijk_outlook_warning *warning)
{
    double expected = 0, seen = 0;
    for (int bin = 0; bin < WIJK_OUTLOOK_BINS; bin++) {
        expected += warning->areas[bin] ? warning->mean[bin] * (double)warning->areas[bin] : 0;
        seen += (double)warning->drops[bin];
    }
    assert_true(seen == 65 && fabs(expected - seen) < 2 * sqrt(seen));
}

/* Homes and density of 2018 serve older waves, and residents too: neither makes the result. */
static void facts_of_later_do_not_matter(const wijk_outlook_panel *panel, double kept)
{
    for (int facts = 0; facts < 2; facts++) {
        wijk_outlook_panel other;
        wijk_outlook_card card;
        size_t n = panel->areas * panel->waves;
        must(wijk_outlook_panel_new(&other, panel->areas, panel->waves));
        memcpy(other.years, panel->years, sizeof other.years);
        memcpy(other.level, panel->level, n * sizeof *other.level);
        memcpy(other.people, panel->people, n * sizeof *other.people);
        memcpy(other.social, panel->social, n * sizeof *other.social);
        memcpy(other.density, panel->density, n * sizeof *other.density);
        wijk_outlook_panel_facts(&other, (enum wijk_outlook_facts)facts);
        must(wijk_outlook_backtest(&card, &other, NULL));
        assert_true(fabs(gain(&card) - kept) < 0.01);
        wijk_outlook_card_free(&card);
        wijk_outlook_panel_free(&other);
    }
}

/* Known before this was written, from elsewhere: on 2018-2020 the absolute error of no change is
 * 0.0253 and of the trend 0.0388; ranking by size alone has an average precision of 0.28 at base
 * 0.067. The goals of the outlook stand here too. */
static void the_real_country_meets_the_goals(void **state)
{
    (void)state;
    const char *folder = getenv("WIJK_DATA");
    static const char *const files[] = {"cbs_pc4/cbs_pc4_2018_v3.csv.zst",
                                        "cbs_pc4/cbs_pc4_2020_v1.csv.zst",
                                        "leefbaarometer/lbm3_pc4_2002_2020.csv.zst"};
    fixture f;
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data/raw", files[2]);
    if (access(path, R_OK)) {
        print_message("skipped: no %s (set WIJK_DATA to the folder of real data)\n", path);
        skip();
    }
    fixture_open(&f, "outlook_real.wijk");
    for (size_t i = 0; i < 3; i++) {
        wijk_load_report report;
        wijk_load_options options = {0};
        snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data/raw", files[i]);
        must(wijk_load_file(&report, f.store, f.registry, path, &options, NULL));
        wijk_load_report_free(&report);
    }
    must(wijk_derive(f.store, f.registry, NULL));
    wijk_outlook_panel panel;
    wijk_outlook_card card;
    must(wijk_outlook_panel_read(&panel, f.store, f.registry, "lbm3_lbm", WIJK_PC4, 0));
    assert_int_equal(panel.areas, 4054);
    assert_int_equal(panel.waves, 7);
    must(wijk_outlook_backtest(&card, &panel, NULL));
    const wijk_outlook_step *last = &card.steps[4];
    const wijk_outlook_score *ours = &last->score[last->chosen * WIJK_SLICES];
    const wijk_outlook_score *same = score_of(&card, 4, "no_change", WIJK_SLICE_ALL);
    const wijk_outlook_score *trend = score_of(&card, 4, "trend", WIJK_SLICE_ALL);
    const wijk_outlook_score *size = score_of(&card, 4, "size", WIJK_SLICE_ALL);
    assert_true(last->from == 2018 && last->to == 2020 && same->areas == 4048);
    assert_true(fabs(same->mae - 0.0253) < 0.0001 && fabs(trend->mae - 0.0388) < 0.0001);
    assert_true(fabs(size->precision - 0.28) < 0.01 && same->drops == 272);
    assert_int_equal(score_of(&card, 4, "no_change", WIJK_SLICE_SOCIAL)->areas, 438);
    assert_int_equal(score_of(&card, 4, "no_change", WIJK_SLICE_SOCIAL)->drops, 2);
    assert_true(ours->mae <= same->mae && gain(&card) > 0.06);
    const wijk_outlook_score *band = score_of(&card, 4, "constant", WIJK_SLICE_FROM_500);
    assert_true(ours[WIJK_SLICE_FROM_500].pinball < 0.96 * band->pinball);
    for (int slice = 0; slice < WIJK_SLICES; slice++) {
        assert_true(ours[slice].cover90 >= 0.85 && ours[slice].cover90 <= 0.95);
    }
    falls_come_as_often_as_said(&last->warning);
    double kept = gain(&card);
    wijk_outlook_card_free(&card);
    facts_of_later_do_not_matter(&panel, kept);
    shuffle_last_wave(&panel);
    must(wijk_outlook_backtest(&card, &panel, NULL));
    assert_true(gain(&card) < 0);
    wijk_outlook_card_free(&card);
    wijk_outlook_panel_free(&panel);
    a_new_wave_is_judged(&f);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_wave_changes_nothing_that_was_fitted),
        cmocka_unit_test(the_choice_does_not_see_the_step),
        cmocka_unit_test(skill_vanishes_when_the_outcome_is_shuffled),
        cmocka_unit_test(bands_cover_what_they_say),
        cmocka_unit_test(the_constant_band_is_the_past),
        cmocka_unit_test(one_rough_wave_does_not_widen_the_band),
        cmocka_unit_test(the_mean_is_that_of_its_members),
        cmocka_unit_test(scores_equal_other_formulas),
        cmocka_unit_test(noise_and_true_change_are_told_apart),
        cmocka_unit_test(the_order_of_areas_does_not_matter),
        cmocka_unit_test(odd_input_has_a_defined_answer),
        cmocka_unit_test(running_out_of_memory_is_survived),
        cmocka_unit_test(a_town_has_an_outlook_and_no_claims),
        cmocka_unit_test(the_file_holds_no_forecast_of_an_area),
        cmocka_unit_test(the_real_country_meets_the_goals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
