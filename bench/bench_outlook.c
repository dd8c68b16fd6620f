/* The outlook: reading the waves, the back-test of every estimator on every step, and the forecast
 * of one area as its page needs it. Argument: FILE.wijk with the Leefbaarometer 3.0 (postcodes);
 * without one an invented country of the same size. */
#include "bench.h"

#include "wijk/outlook.h"
#include "wijk/rng.h"

#include <math.h>
#include <string.h>

enum { AREAS = 4054, WAVES = 7, PAGES = 200 };

static double draw(size_t area, size_t wave, uint32_t nth)
{
    return wijk_rng_normal((wijk_draw){1, 4712, (uint32_t)area, (uint32_t)wave, nth});
}

static int invent(wijk_outlook_panel *out)
{
    static const int years[WAVES] = {2002, 2008, 2012, 2014, 2016, 2018, 2020};
    int rc = wijk_outlook_panel_new(out, AREAS, WAVES);
    for (size_t a = 0; a < AREAS && !rc; a++) {
        double people = exp(7.6 + 1.3 * draw(a, 0, 0)), level = 4.1 + 0.1 * draw(a, 0, 1);
        for (size_t w = 0; w < WAVES; w++) {
            out->years[w] = years[w];
            level += 0.02 * draw(a, w, 2);
            out->level[w * AREAS + a] = level + 0.6 / sqrt(people + 200) * draw(a, w, 3);
            out->people[w * AREAS + a] = people;
            out->social[w * AREAS + a] = 30 + 10 * draw(a, 0, 4);
            out->density[w * AREAS + a] = 800;
        }
    }
    return rc;
}

/* The dumbest method that gives a band at all: sort the past changes, take five of them. */
static double dumb(const wijk_outlook_panel *panel)
{
    wijk_outlook_model *model;
    double began = bench_now();
    if (!wijk_outlook_fit(&model, panel, wijk_outlook_find("constant"), panel->waves - 1, NULL)) {
        wijk_outlook_model_free(model);
    }
    return bench_now() - began;
}

static int backtest(const wijk_outlook_panel *panel)
{
    wijk_outlook_card card;
    double began = bench_now();
    int rc = wijk_outlook_backtest(&card, panel, NULL);
    double seconds = bench_now() - began;
    if (!rc) {
        const wijk_outlook_step *last = &card.steps[card.count - 1];
        bench_line("outlook: back-test, all estimators and steps", seconds, 10, '>', "s",
                   "%zu areas, %zu steps, %zu estimators; dumbest (constant band, one step) %.3f s",
                   panel->areas, card.count, wijk_outlook_estimators(), dumb(panel));
        bench_line("outlook: pinball below the constant band",
                   100 * (1 - last->score[last->chosen * WIJK_SLICES].pinball /
                                  last->score[wijk_outlook_find("constant") * WIJK_SLICES].pinball),
                   4, '<', "%", "%d-%d, by %s", last->from, last->to,
                   wijk_outlook_code(last->chosen));
        wijk_outlook_card_free(&card);
    }
    return rc;
}

/* What the page of an area asks, over areas spread through the file. */
static int pages(wijk_store *store, const wijk_registry *registry)
{
    wijk_arena *arena;
    int64_t areas = 0, asked = 0;
    double seconds = 0;
    int rc = wijk_arena_new(&arena, 0);
    rc = rc ? rc
            : wijk_run_int(&areas, wijk_store_sql(store, "SELECT max(id) FROM area WHERE level=4"),
                           0);
    for (int64_t id = 1; id <= areas && asked < PAGES && !rc; id += 1 + areas / 4000) {
        wijk_outlook_view view;
        wijk_outlook_card card;
        wijk_arena_reset(arena);
        double began = bench_now();
        rc = wijk_outlook_of(&view, store, registry, arena, id, 0);
        if (rc == WIJK_ENOTFOUND || (!rc && view.why != WIJK_OUTLOOK_KNOWN)) {
            rc = WIJK_OK;
            continue;
        }
        rc = rc ? rc : wijk_outlook_card_read(&card, store, view.level, 0, 1);
        seconds += bench_now() - began;
        asked++;
        if (!rc) {
            wijk_outlook_card_free(&card);
        }
    }
    wijk_arena_free(arena);
    if (!rc && asked) {
        bench_line("outlook: one area, forecast and newest card", 1e3 * seconds / (double)asked, 1,
                   '>', "ms", "of the 5 ms of a page; mean of %d areas", (int)asked);
    }
    return rc;
}

int main(int argc, char **argv)
{
    wijk_store *store = NULL;
    wijk_registry *registry = NULL;
    wijk_outlook_panel panel = {0};
    int rc = WIJK_OK;
    if (argc > 1) {
        rc = wijk_store_open(&store, argv[1], WIJK_STORE_READ);
        rc = rc ? rc : wijk_registry_open(&registry, store);
        double began = bench_now();
        rc = rc ? rc : wijk_outlook_panel_read(&panel, store, registry, "lbm3_lbm", WIJK_PC4, 0);
        if (!rc && panel.areas) {
            bench_line("outlook: reading all waves", bench_now() - began, 1, '>', "s", "%zu areas",
                       panel.areas);
            rc = pages(store, registry);
        }
    }
    if (!rc && !panel.areas) {
        rc = invent(&panel);
    }
    rc = rc ? rc : backtest(&panel);
    if (rc) {
        fprintf(stderr, "%s\n", wijk_error(WIJK_EN));
    }
    wijk_outlook_panel_free(&panel);
    wijk_registry_free(registry);
    wijk_store_close(store);
    return rc ? 1 : 0;
}
