/* The screen in vectors of 4, 8 and 16 households, bit for bit alike; and its promise: nobody to
 * whom something happens is passed over, because a bound is never below the exact chance. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "wijk/rng.h"

static foresee_screen_in in_of(const foresee_tables *t, const foresee_state *s, size_t block)
{
    static const uint32_t leave[WIJK_AGE_BANDS] = {90000000, 50000000, 20000000, 9000000, 1, 0};
    static const uint32_t onset[WIJK_INCOMES] = {9000000, 6000000, 4000000, 2000000};
    foresee_screen_in in = {.tables = t,
                            .state = s,
                            .block = block,
                            .world = {.key = {11, 12}, .month = 7, .replicate = 5},
                            .see = {0, 100000000, 300000000, 200000000},
                            .leave = leave,
                            .onset = onset,
                            .form = 300};
    return in;
}

static void same_screen(const foresee_screen *a, const foresee_screen *b)
{
    assert_memory_equal(a->word, b->word, sizeof a->word);
    assert_memory_equal(a->hit, b->hit, sizeof a->hit);
    assert_memory_equal(a->strain, b->strain, sizeof a->strain);
    assert_int_equal(a->debt, b->debt);
    assert_int_equal(a->lonely, b->lonely);
    assert_int_equal(a->newcomers, b->newcomers);
}

/* What the screen itself moves on. */
typedef struct {
    uint16_t months[BLOCK];
    uint8_t age[BLOCK], trust[BLOCK], search[BLOCK], help[BLOCK];
} moved;

static void keep(moved *m, const foresee_state *s, size_t slot)
{
    memcpy(m->months, s->months + slot, sizeof m->months);
    memcpy(m->age, s->age + slot, BLOCK);
    memcpy(m->trust, s->trust + slot, BLOCK);
    memcpy(m->search, s->search + slot, BLOCK);
    memcpy(m->help, s->help + slot, BLOCK);
}

static void put_back(foresee_state *s, size_t slot, const moved *m)
{
    memcpy(s->months + slot, m->months, sizeof m->months);
    memcpy(s->age + slot, m->age, BLOCK);
    memcpy(s->trust + slot, m->trust, BLOCK);
    memcpy(s->search + slot, m->search, BLOCK);
    memcpy(s->help + slot, m->help, BLOCK);
}

static void test_widths(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    p.value[WIJK_P_TIE_SPILL] = 0.15;
    p.value[WIJK_P_LOAD_NUISANCE] = 30;
    p.value[WIJK_P_RELIEF_TIE] = -3;
    foresee_tables *t;
    fine(foresee_tables_new(&t, &p));
    wijk_population *town = town_of(1, 4, 500, &p);
    foresee_state *s = &town->state;
    int32_t *strain = wijk_alloc(s->slots * sizeof *strain);
    for (size_t i = 0; i < s->slots; i++) {
        strain[i] = s->strain[i];
        s->status[i] ^=
            s->kind[i] ? (uint8_t)(i * 37 & 0xBC) : 0; /* every kind of help, searching */
        s->needs[i] ^= s->kind[i] ? (uint8_t)(i * 91) : 0;
        s->status[i] =
            support_of(s->status[i]) < HELPS ? s->status[i] : with_support(s->status[i], 0);
    }
    int compared = 0;
    for (int width = 8; width <= 16; width += 8) {
        foresee_screen_fn *wide = foresee_screen_width(width), *plain = foresee_screen_width(4);
        if (wide == NULL) {
            print_message("this processor has no vectors of %d: skipped\n", width);
            continue;
        }
        for (size_t block = 0; block < s->blocks; block++) {
            foresee_screen a, b;
            foresee_screen_in in = in_of(t, s, block);
            in.strain = strain;
            size_t slot = block * BLOCK;
            moved before, plain_after, wide_after;
            keep(&before, s, slot);
            plain(&a, &in);
            keep(&plain_after, s, slot);
            put_back(s, slot, &before);
            wide(&b, &in);
            keep(&wide_after, s, slot);
            assert_memory_equal(&plain_after, &wide_after, sizeof wide_after);
            same_screen(&a, &b);
            compared++;
        }
    }
    print_message("%d blocks compared\n", compared);
    wijk_free(strain);
    wijk_population_free(town);
    foresee_tables_free(t);
}

/* Philox in the screen is the Philox of the house, whose known answers another test holds. */
static void test_words(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    foresee_tables *t;
    fine(foresee_tables_new(&t, &p));
    wijk_population *town = town_of(1, 1, 64, &p);
    foresee_screen screen;
    const foresee_screen_in in = in_of(t, &town->state, 0);
    foresee_screen_best()(&screen, &in);
    for (int i = 0; i < BLOCK; i++) {
        uint32_t words[4], drawn[4];
        const uint32_t counter[4] = {town->state.id[i], in.world.month, 0,
                                     (uint32_t)DRAW_SCREEN_B << 24 | in.world.replicate};
        wijk_philox(words, counter, in.world.key);
        draw4(drawn, &in.world, town->state.id[i], DRAW_SCREEN_B, 0);
        assert_memory_equal(words, drawn, sizeof words);
        for (int w = 0; w < 4; w++) {
            assert_int_equal(screen.word[4 + w][i], words[w]);
        }
    }
    wijk_population_free(town);
    foresee_tables_free(t);
}

/* Runs every process on every household with the word that the screen drew, hit or not: what was
 * not hit may change nothing. */
static void test_nobody_passed_over(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    /* chances so high that much happens, and factors on both sides of one */
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        wijk_parameter which = (wijk_parameter)i;
        if (which != WIJK_P_ACCEPT && which != WIJK_P_DEATH_GROWTH && p.value[i] > 0 &&
            p.value[i] < 0.2) {
            p.value[i] *= 4;
        }
    }
    p.value[WIJK_P_TIE_TASK] = 3;
    p.value[WIJK_P_HELPED_SHARE] = 1.1;
    p.value[WIJK_P_SEARCH_NUISANCE] = 2;
    p.value[WIJK_P_RECEPTION_SETTLES] = 2;
    wijk_population *town = town_of(1, 6, 600, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 24, 1);
    fine(wijk_foresee_to(run, 23, NULL));
    int happened = 0, passed = 0;
    for (size_t at = 0; at + 1 < run->n_places; at++) {
        foresee_here here;
        foresee_here_at(&here, run, at);
        foresee_help_see(&here);
        foresee_screen_in in = {.tables = run->tables,
                                .state = &run->state,
                                .first = here.place->block,
                                .world = run->world,
                                .leave = here.region->leave_most,
                                .onset = here.region->onset};
        foresee_help_bound(in.see, &here);
        for (size_t b = 0; b < here.place->blocks; b++) {
            in.block = here.place->block + b;
            foresee_ties_block(&here, in.block);
            in.form = here.form;
            foresee_screen screen;
            run->screen(&screen, &in);
            static void (*const process[SCREENS])(foresee_here *, size_t, uint32_t) = {
                [SCREEN_YEAR] = foresee_birthday, [SCREEN_LIFE] = foresee_life,
                [SCREEN_ONSET] = foresee_onset,   [SCREEN_ENDS] = foresee_ends,
                [SCREEN_HELP] = foresee_help,     [SCREEN_DANGER] = foresee_danger,
                [SCREEN_LEAVE] = foresee_leave,   [SCREEN_TIES] = foresee_ties};
            for (size_t i = 0; i < BLOCK; i++) {
                size_t slot = in.block * BLOCK + i;
                for (int k = SCREEN_LIFE; k < SCREENS && run->state.kind[slot]; k++) {
                    int32_t before[WIJK_OUTCOMES];
                    memcpy(before, here.count, sizeof before);
                    uint8_t contacts = run->state.contacts[slot], status = run->state.status[slot];
                    size_t noted = here.outbox->noted[NOTE_SEEKS];
                    int hit = screen.hit[i] >> k & 1;
                    if (hit) {
                        happened++;
                        continue;
                    }
                    process[k](&here, slot, screen.word[k][i]);
                    assert_memory_equal(before, here.count, sizeof before);
                    assert_int_equal(contacts, run->state.contacts[slot]);
                    assert_int_equal(status, run->state.status[slot]);
                    assert_int_equal(noted, here.outbox->noted[NOTE_SEEKS]);
                    passed++;
                }
            }
        }
    }
    print_message("%d marked, %d passed over\n", happened, passed);
    assert_true(happened > 1000 && passed > 1000);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_nobody_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
