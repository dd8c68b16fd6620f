/* A run that is kept and read back goes on as if it had never stopped; a file that is damaged or of
 * another run is refused and leaves the run as it was; cancelling leaves a whole month. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "temp_file.h"

#include <stdlib.h>

enum { MONTHS = 30, HALF = 13 };

static const wijk_change changes[] = {
    {.month = 3, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_BUILD_SOCIAL, .value = 60},
    {.month = 5, .scope = WIJK_IN_AREA, .place = 2, .lever = WIJK_LEVER_DEMOLISH, .value = 30},
    {.month = 20, .scope = WIJK_EVERYWHERE, .lever = WIJK_LEVER_LOTTERY, .value = 80},
};

typedef struct {
    wijk_parameters p;
    wijk_population *town;
    char path[256];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->p = defaults();
    f->town = town_of(2, 6, 300, &f->p);
    temp_path(f->path, sizeof f->path, "foresee_keep");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    remove(f->path);
    wijk_population_free(f->town);
    free(f);
    return 0;
}

static wijk_foresee *begin(const fixture *f, unsigned threads)
{
    return run_of(f->town, &f->p, changes, 3, MONTHS, threads);
}

static void same(const wijk_foresee *a, const wijk_foresee *b)
{
    assert_int_equal(a->month, b->month);
    assert_memory_equal(a->state.home, b->state.home,
                        foresee_state_bytes(a->state.blocks) - FORESEE_ALIGN);
    assert_memory_equal(a->counts, b->counts,
                        a->rows * a->n_places * WIJK_OUTCOMES * sizeof *a->counts);
    assert_memory_equal(a->sums, b->sums, a->periods * a->n_regions * SUMS * sizeof *a->sums);
    assert_int_equal(wijk_foresee_offers(a), wijk_foresee_offers(b));
}

static void test_resume(void **state)
{
    const fixture *f = *state;
    wijk_foresee *straight = begin(f, 1), *first = begin(f, 2), *second = begin(f, 3);
    fine(wijk_foresee_to(straight, MONTHS, NULL));
    fine(wijk_foresee_to(first, HALF, NULL));
    fine(wijk_foresee_save(first, f->path));
    fine(wijk_foresee_load(second, f->path));
    same(first, second);
    fine(wijk_foresee_to(second, MONTHS, NULL));
    same(straight, second);
    wijk_foresee_free(straight);
    wijk_foresee_free(first);
    wijk_foresee_free(second);
}

/* Changes one byte of the file, wherever. */
static void spoil(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 0x40, file);
    fclose(file);
}

/* One byte is other in every thousand bytes, and the file ends there: both are refused, and the run
 * that would have gone on from it is as it was. */
static void test_damaged(void **state)
{
    enum { EVERY = 1000 };
    const fixture *f = *state;
    wijk_foresee *run = begin(f, 1), *other = begin(f, 1);
    fine(wijk_foresee_to(run, 2, NULL));
    fine(wijk_foresee_save(run, f->path));
    FILE *file = fopen(f->path, "rb");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    print_message("%ld bytes\n", size);
    for (long at = 0; at < size; at += EVERY) {
        spoil(f->path, at);
        assert_int_equal(wijk_foresee_load(other, f->path), WIJK_EFORMAT);
        assert_int_equal(wijk_foresee_month(other), 0);
        spoil(f->path, at);
    }
    fine(wijk_foresee_load(other, f->path));
    same(run, other);
    for (long at = size - 1; at >= 0; at -= at < EVERY && at > 0 ? at : EVERY) {
        assert_int_equal(truncate(f->path, at), 0);
        assert_int_equal(wijk_foresee_load(other, f->path), WIJK_EFORMAT);
    }
    assert_int_equal(wijk_foresee_load(other, "/no/such/file"), WIJK_EIO);
    same(run, other);
    wijk_foresee_free(run);
    wijk_foresee_free(other);
}

/* Another scenario, parameter, seed or population is another run. */
static void test_other_run(void **state)
{
    const fixture *f = *state;
    wijk_foresee *run = begin(f, 1);
    fine(wijk_foresee_save(run, f->path));
    wijk_foresee *scenario = run_of(f->town, &f->p, changes, 2, MONTHS, 1);
    assert_int_equal(wijk_foresee_load(scenario, f->path), WIJK_EFORMAT);
    wijk_foresee_free(scenario);
    wijk_parameters p = f->p;
    p.value[WIJK_P_REACT] *= 1.01;
    wijk_foresee *parameters = run_of(f->town, &p, changes, 3, MONTHS, 1);
    assert_int_equal(wijk_foresee_load(parameters, f->path), WIJK_EFORMAT);
    wijk_foresee_free(parameters);
    wijk_foresee *longer = run_of(f->town, &f->p, changes, 3, MONTHS + 1, 1);
    assert_int_equal(wijk_foresee_load(longer, f->path), WIJK_EFORMAT);
    wijk_foresee_free(longer);
    wijk_population *town = town_of(2, 6, 301, &f->p);
    wijk_foresee *elsewhere = run_of(town, &f->p, changes, 3, MONTHS, 1);
    assert_int_equal(wijk_foresee_load(elsewhere, f->path), WIJK_EFORMAT);
    wijk_foresee_free(elsewhere);
    wijk_population_free(town);
    wijk_foresee_free(run);
}

static void test_full_disk(void **state)
{
    const fixture *f = *state;
    wijk_foresee *run = begin(f, 1);
    fine(wijk_foresee_to(run, 1, NULL));
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        print_message("no /dev/full here: skipped\n");
        wijk_foresee_free(run);
        skip();
    }
    fclose(full);
    char part[300];
    snprintf(part, sizeof part, "%s.part", f->path);
    remove(part);
    assert_int_equal(symlink("/dev/full", part), 0);
    fine(wijk_foresee_check(run));
    assert_int_equal(wijk_foresee_save(run, f->path), WIJK_EIO);
    assert_null(fopen(f->path, "rb"));
    assert_int_not_equal(access(part, F_OK), 0);
    fine(wijk_foresee_to(run, 2, NULL)); /* nothing lost */
    wijk_foresee_free(run);
}

static void stop_at_third(void *payload, const char *what, double done)
{
    (void)what;
    wijk_ctx *ctx = payload;
    if (done * MONTHS >= 3) {
        ctx->cancel = 1;
    }
}

static void test_cancel(void **state)
{
    const fixture *f = *state;
    wijk_foresee *run = begin(f, 2), *straight = begin(f, 1);
    wijk_ctx ctx = {.progress = stop_at_third};
    ctx.payload = &ctx;
    assert_int_equal(wijk_foresee_to(run, MONTHS, &ctx), WIJK_ECANCEL);
    assert_int_equal(wijk_foresee_month(run), 3);
    fine(wijk_foresee_check(run));
    fine(wijk_foresee_to(run, MONTHS, NULL));
    fine(wijk_foresee_to(straight, MONTHS, NULL));
    same(straight, run);
    wijk_foresee_free(run);
    wijk_foresee_free(straight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_resume, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cancel, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
