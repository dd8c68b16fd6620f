/* Forecasts in the file: the same request is found again, parts join to the bytes of one run, a
 * killed program and a full disk lose nothing that was stored, and ceilings hold. */
#include "foresee_file.h"

#include "wijk/forecast.h"
#include "wijk/limits.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { YEARS = 1, PAIRS = 6, TWO = 2 };

static const char text[] = "wijk scenario 1\n"
                           "title nl Meer beheer\n"
                           "title en More management\n"
                           "start 2026-01\n"
                           "years 1\n"
                           "\n"
                           "2026-01 here social_management +1 fte per 1000 social homes\n";

static int64_t place;
static wijk_case *town;
static wijk_scenario_file *scenario;
static wijk_ensemble *made[PAIRS + 2][PAIRS + 2];

static int setup(void **state)
{
    (void)state;
    make_file("forecast.wijk");
    place = area_of("BU99010001").id;
    fine(wijk_case_new(&town, store, registry, place, NULL));
    fine(wijk_scenario_read(&scenario, text, sizeof text - 1, "test"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS + 2; i++) {
        for (size_t j = 0; j < PAIRS + 2; j++) {
            wijk_ensemble_free(made[i][j]);
        }
    }
    wijk_scenario_free(scenario);
    wijk_case_free(town);
    drop_file();
    return 0;
}

static wijk_ask request(uint32_t wanted)
{
    return (wijk_ask){.area = place, .scenario = text, .years = YEARS, .wanted = wanted, .seed = 5};
}

/* Pairs first..last, run once for the whole test; borrowed. */
static const wijk_ensemble *run(uint32_t first, uint32_t last)
{
    wijk_ensemble **e = &made[first][last];
    if (!*e) {
        const wijk_ensemble_options o = {
            .seed = 5, .first = first, .last = last, .years = YEARS, .threads = 2};
        fine(wijk_case_run(e, town, scenario, &o, NULL));
    }
    return *e;
}

static void keep(int64_t id, uint32_t first, uint32_t last)
{
    fine(wijk_forecast_keep(store, id, run(first, last)));
}

static wijk_forecast asked(const wijk_ask *ask)
{
    wijk_forecast f;
    fine(wijk_forecast_ask(&f, store, registry, arena, ask));
    return f;
}

static wijk_forecast again(const wijk_forecast *f)
{
    wijk_forecast now;
    fine(wijk_forecast_find(&now, store, arena, f->mark));
    return now;
}

static void same_bytes(const wijk_ensemble *a, const wijk_ensemble *b)
{
    void *x, *y;
    size_t n, m;
    fine(wijk_ensemble_store(&x, &n, a));
    fine(wijk_ensemble_store(&y, &m, b));
    assert_int_equal(n, m);
    assert_memory_equal(x, y, n);
    wijk_free(x);
    wijk_free(y);
}

/* What is kept of `f` is, byte for byte, a run of its first `last` pairs at once. */
static void is_one_run(const wijk_forecast *f, uint32_t last)
{
    wijk_ensemble *kept;
    fine(wijk_forecast_read(&kept, store, f->id));
    assert_non_null(kept);
    same_bytes(kept, run(1, last));
    wijk_ensemble_free(kept);
}

static void drop(const wijk_forecast *f)
{
    fine(wijk_forecast_drop(store, f->id));
}

/* ---- the mark -------------------------------------------------------------------------------- */

static void the_same_request_is_found_again(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast first = asked(&ask), second = asked(&ask);
    assert_int_equal(first.id, second.id);
    assert_string_equal(first.mark, second.mark);
    assert_string_equal(first.title[WIJK_NL], "Meer beheer");
    assert_int_equal(first.state, WIJK_FORECAST_WAITING);
    /* Blanks and empty lines at the end are not another policy. */
    char loose[sizeof text + 64];
    snprintf(loose, sizeof loose, "%s", text);
    char *at = strstr(loose, "here social");
    memmove(at + 7, at + 4, strlen(at + 4) + 1);
    memcpy(at, "here   ", 7);
    ask.scenario = loose;
    assert_int_equal(asked(&ask).id, first.id);
    drop(&first);
}

static void another_question_has_another_mark(void **state)
{
    (void)state;
    char other[sizeof text], mark[5][WIJK_MARK];
    wijk_ask asks[5];
    wijk_area area;
    for (int i = 0; i < 5; i++) {
        asks[i] = request(PAIRS);
    }
    memcpy(other, text, sizeof text);
    *strstr(other, "+1 fte") = ' ';
    fine(wijk_area_find(&area, store, arena, "BU99010002", 0));
    asks[1].scenario = other;
    asks[2].years = YEARS + 1;
    asks[3].seed = 6;
    asks[4].area = area.id;
    for (int i = 0; i < 5; i++) {
        fine(wijk_forecast_mark(mark[i], store, registry, &asks[i]));
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(mark[i], mark[j]);
        }
    }
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    wijk_ask ask = request(0);
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_EINVAL);
    ask = request(WIJK_FORECAST_PAIRS_MOST + 1);
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_EINVAL);
    ask = request(PAIRS);
    ask.years = 0;
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_EINVAL);
    ask = request(PAIRS);
    ask.scenario = "wijk scenario 2\n";
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_EFORMAT);
    wijk_forecast none;
    assert_int_equal(wijk_forecast_find(&none, store, arena, "nonsense"), WIJK_ENOTFOUND);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void parts_join_to_one_run(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast f = asked(&ask), next;
    wijk_ensemble *kept;
    fine(wijk_forecast_read(&kept, store, f.id));
    assert_null(kept);
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, f.id);
    keep(f.id, 1, 1);
    keep(f.id, 2, 4);
    assert_int_equal(again(&f).state, WIJK_FORECAST_WAITING);
    assert_int_equal(again(&f).done, 4);
    is_one_run(&f, 4);
    keep(f.id, 5, PAIRS);
    assert_int_equal(again(&f).state, WIJK_FORECAST_DONE);
    assert_true(*again(&f).ended_at);
    is_one_run(&f, PAIRS);
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, 0);
    /* Asking it again computes nothing; asking more goes on where it ended. */
    assert_int_equal(asked(&ask).state, WIJK_FORECAST_DONE);
    ask.wanted = PAIRS + 1;
    assert_int_equal(asked(&ask).state, WIJK_FORECAST_WAITING);
    assert_int_equal(asked(&ask).done, PAIRS);
    keep(f.id, PAIRS + 1, PAIRS + 1);
    assert_int_equal(again(&f).state, WIJK_FORECAST_DONE);
    drop(&f);
}

/* Parts of another policy for this place are found, those of other questions are not. */
static void what_other_policies_know_is_found(void **state)
{
    (void)state;
    static const char other[] = "wijk scenario 1\ntitle nl Wijkteam\nstart 2026-01\nyears 1\n\n"
                                "2026-01 here wijkteam +1\n";
    wijk_ensemble *known[WIJK_FORECAST_KNOWN];
    size_t n;
    const wijk_ask ask = request(PAIRS);
    wijk_ask second = ask, longer = ask, world = ask;
    second.scenario = longer.scenario = world.scenario = other;
    longer.years = 2;
    world.seed = 6;
    wijk_forecast f = asked(&ask), o = asked(&second), l = asked(&longer), w = asked(&world);
    keep(f.id, 1, 2);
    keep(f.id, 3, 4);
    fine(wijk_forecast_known(known, &n, store, &o, 2, PAIRS));
    assert_int_equal(n, 2); /* both hold some of these */
    same_bytes(known[0], run(1, 2));
    same_bytes(known[1], run(3, 4));
    wijk_ensemble_free(known[0]);
    wijk_ensemble_free(known[1]);
    fine(wijk_forecast_known(known, &n, store, &o, 4, PAIRS));
    assert_int_equal(n, 1);
    wijk_ensemble_free(known[0]);
    fine(wijk_forecast_known(known, &n, store, &o, 5, PAIRS));
    assert_int_equal(n, 0);
    fine(wijk_forecast_known(known, &n, store, &f, 1, PAIRS)); /* its own are no other policy */
    assert_int_equal(n, 0);
    fine(wijk_forecast_known(known, &n, store, &l, 1, PAIRS));
    assert_int_equal(n, 0);
    fine(wijk_forecast_known(known, &n, store, &w, 1, PAIRS));
    assert_int_equal(n, 0);
    /* One that cannot be read is run again. */
    fine(wijk_run(wijk_store_sql(store, "UPDATE forecast_part SET bytes = x'2A' WHERE first = 1")));
    fine(wijk_forecast_known(known, &n, store, &o, 1, 2));
    assert_int_equal(n, 0);
    drop(&f);
    drop(&o);
    drop(&l);
    drop(&w);
}

/* Another place of the same gemeente on the same population gives what it gives by itself. */
static void a_case_is_aimed_at_another_place(void **state)
{
    (void)state;
    const wijk_ensemble_options o = {.seed = 5, .first = 1, .last = 1, .years = YEARS};
    wijk_case *here, *there;
    wijk_area area;
    wijk_ensemble *a, *b;
    int aimed;
    fine(wijk_area_find(&area, store, arena, "BU99010002", 0));
    fine(wijk_case_new(&here, store, registry, place, NULL));
    fine(wijk_case_new(&there, store, registry, area.id, NULL));
    fine(wijk_case_aim(&aimed, here, store, registry, area.id));
    assert_int_equal(aimed, 1);
    fine(wijk_case_run(&a, here, scenario, &o, NULL));
    fine(wijk_case_run(&b, there, scenario, &o, NULL));
    same_bytes(a, b);
    wijk_ensemble_free(b);
    /* What is not there leaves the case as it was. */
    assert_int_equal(wijk_case_aim(&aimed, here, store, registry, 987654321), WIJK_ENOTFOUND);
    assert_int_equal(aimed, 0);
    fine(wijk_case_run(&b, here, scenario, &o, NULL));
    same_bytes(a, b);
    wijk_ensemble_free(a);
    wijk_ensemble_free(b);
    wijk_case_free(here);
    wijk_case_free(there);
}

static void parts_that_do_not_follow_are_refused(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast f = asked(&ask);
    const wijk_ensemble *late = run(3, 3), *first = run(1, 1);
    assert_int_equal(wijk_forecast_keep(store, f.id, late), WIJK_EINVAL);
    fine(wijk_forecast_keep(store, f.id, first));
    assert_int_equal(wijk_forecast_keep(store, f.id, first), WIJK_EINVAL);
    assert_int_equal(wijk_forecast_keep(store, f.id + 1000, late), WIJK_ENOTFOUND);
    ask.seed = 6;
    wijk_forecast other = asked(&ask);
    assert_int_equal(wijk_forecast_keep(store, other.id, first), WIJK_EINVAL);
    drop(&f);
    drop(&other);
}

static void stopping_and_going_on(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast f = asked(&ask), next;
    keep(f.id, 1, 2);
    fine(wijk_forecast_turn(store, f.id, WIJK_FORECAST_STOPPED));
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, 0);
    /* The batch that was under way still counts, and does not start it again. */
    keep(f.id, 3, 3);
    assert_int_equal(again(&f).state, WIJK_FORECAST_STOPPED);
    is_one_run(&f, 3);
    wijk_fail(WIJK_EIO, "geen plaats", "no room");
    fine(wijk_forecast_turn(store, f.id, WIJK_FORECAST_FAILED));
    assert_string_equal(again(&f).error[WIJK_EN], "no room");
    assert_int_equal(asked(&ask).state, WIJK_FORECAST_WAITING);
    assert_string_equal(again(&f).error[WIJK_EN], "");
    keep(f.id, 4, PAIRS);
    is_one_run(&f, PAIRS);
    drop(&f);
}

/* Who has no answer yet goes first; among those, who waits longest. */
static void who_has_nothing_goes_first(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast old = asked(&ask), next;
    keep(old.id, 1, 1);
    ask.seed = 7;
    wijk_forecast fresh = asked(&ask);
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, fresh.id);
    drop(&fresh);
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, old.id);
    drop(&old);
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

/* A policy written by another version of the program is named as such, and hides no other. */
static void a_policy_that_cannot_be_read_hides_no_other(void **state)
{
    (void)state;
    wijk_ask first = request(TWO), second = request(TWO);
    second.seed = 6;
    wijk_forecast f = asked(&first), g = asked(&second), *all, next;
    size_t n;
    fine(wijk_store_script(store, "UPDATE forecast SET scenario = 'wijk scenario 99' WHERE id ="
                                  " (SELECT min(id) FROM forecast)"));
    fine(wijk_forecast_list(&all, &n, store, arena, place, 10));
    assert_int_equal(n, 2);
    assert_string_equal(all[0].title[WIJK_EN], "More management");
    assert_string_equal(all[1].title[WIJK_EN], "A policy that this version cannot read");
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.id, f.id); /* its turn: whoever computes it tells why it fails */
    drop(&f);
    drop(&g);
}

static void damaged_parts_are_refused(void **state)
{
    (void)state;
    const wijk_ensemble *part = run(1, 1);
    wijk_ensemble *read;
    unsigned char *bytes;
    size_t size;
    fine(wijk_forecast_pack((void **)&bytes, &size, part));
    fine(wijk_forecast_unpack(&read, bytes, size));
    same_bytes(part, read);
    wijk_ensemble_free(read);
    for (size_t at = 0; at < size; at += size / 37 + 1) {
        bytes[at] ^= 0x55;
        assert_int_equal(wijk_forecast_unpack(&read, bytes, size), WIJK_EFORMAT);
        bytes[at] ^= 0x55;
    }
    assert_int_equal(wijk_forecast_unpack(&read, bytes, size / 2), WIJK_EFORMAT);
    assert_int_equal(wijk_forecast_unpack(&read, bytes, 0), WIJK_EFORMAT);
    wijk_free(bytes);
}

/* A child that stores parts until it is killed; its file is opened by the next program. */
static void a_killed_program_goes_on(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast f = asked(&ask);
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    close_file();
    pid_t child = fork();
    if (child == 0) {
        wijk_ensemble *part = NULL;
        const wijk_ensemble_options o[] = {
            {.seed = 5, .first = 1, .last = TWO, .years = YEARS, .threads = 1},
            {.seed = 5, .first = TWO + 1, .last = PAIRS, .years = YEARS, .threads = 1}};
        int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
        rc = rc ? rc : wijk_case_run(&part, town, scenario, &o[0], NULL);
        rc = rc ? rc : wijk_forecast_keep(store, f.id, part);
        rc = rc || write(ends[1], "x", 1) != 1 ? 1 : 0;
        rc = rc ? rc : wijk_begin(store); /* dies within a transaction */
        rc = rc ? rc : wijk_case_run(&part, town, scenario, &o[1], NULL);
        _exit(rc ? 1 : 2);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    kill(child, SIGKILL);
    int status;
    waitpid(child, &status, 0);
    close(ends[0]);
    open_file(path);
    wijk_forecast next;
    fine(wijk_forecast_next(&next, store, arena));
    assert_string_equal(next.mark, f.mark);
    assert_int_equal(next.done, TWO);
    keep(next.id, TWO + 1, PAIRS);
    is_one_run(&next, PAIRS);
    drop(&next);
}

/* In a child whose files may hardly grow: the part is refused, what was stored stays. */
static int fill_up(int64_t id, const wijk_ensemble *part)
{
    struct stat info;
    char log[4200];
    if (wijk_store_open(&store, path, WIJK_STORE_WRITE) || stat(path, &info)) {
        return 1;
    }
    snprintf(log, sizeof log, "%s-wal", path);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {4096, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    int rc = wijk_forecast_keep(store, id, part);
    return rc == WIJK_EIO && strstr(wijk_error(WIJK_NL), "schijf vol") ? 0 : 2;
}

static void a_full_disk_loses_nothing(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    wijk_forecast f = asked(&ask), next;
    keep(f.id, 1, TWO);
    const wijk_ensemble *part = run(TWO + 1, PAIRS);
    close_file();
    pid_t child = fork();
    if (child == 0) {
        _exit(fill_up(f.id, part));
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    open_file(path);
    fine(wijk_forecast_next(&next, store, arena));
    assert_int_equal(next.done, TWO);
    is_one_run(&next, TWO);
    fine(wijk_forecast_keep(store, f.id, part));
    is_one_run(&next, PAIRS);
    drop(&next);
}

/* The n-th allocation fails, for every n: a code and a whole file, never half a request. */
static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    wijk_ask ask = request(PAIRS);
    const wijk_ensemble *part = run(1, 1);
    wijk_ensemble *read = NULL;
    int rc = WIJK_ENOMEM;
    for (long n = 1; rc && n < 200000; n += 1 + n / 40) { /* all of the first, some of the many */
        wijk_forecast f = {0};
        wijk_alloc_fail_at(n, 0);
        rc = wijk_forecast_ask(&f, store, registry, arena, &ask);
        rc = rc ? rc : wijk_forecast_keep(store, f.id, part);
        rc = rc ? rc : wijk_forecast_read(&read, store, f.id);
        wijk_alloc_fail_at(0, 0);
        assert_true(rc == WIJK_OK || rc == WIJK_ENOMEM || rc == WIJK_EDB || rc == WIJK_EFORMAT);
        if (rc) {
            wijk_forecast left;
            fine(wijk_forecast_next(&left, store, arena));
            if (left.id) {
                drop(&left);
            }
        }
    }
    assert_int_equal(rc, WIJK_OK);
    same_bytes(read, part);
    wijk_ensemble_free(read);
    wijk_forecast left;
    fine(wijk_forecast_next(&left, store, arena));
    drop(&left);
}

/* ---- ceilings -------------------------------------------------------------------------------- */

static void the_oldest_that_ended_makes_room(void **state)
{
    (void)state;
    wijk_ask ask = request(1);
    wijk_forecast first = asked(&ask), *list;
    size_t count;
    for (uint32_t i = 1; i < WIJK_MAX_FORECASTS; i++) {
        ask.seed = 1000 + i;
        asked(&ask);
    }
    ask.seed = 9999;
    assert_int_equal(wijk_forecast_ask(NULL, store, registry, arena, &ask), WIJK_ELIMIT);
    fine(wijk_forecast_turn(store, first.id, WIJK_FORECAST_STOPPED));
    wijk_forecast last = asked(&ask), gone;
    assert_int_equal(wijk_forecast_find(&gone, store, arena, first.mark), WIJK_ENOTFOUND);
    fine(wijk_forecast_list(&list, &count, store, arena, place, 2 * WIJK_MAX_FORECASTS));
    assert_int_equal(count, WIJK_MAX_FORECASTS);
    assert_int_equal(list[0].id, last.id);
    for (size_t i = 0; i < count; i++) {
        drop(&list[i]);
    }
}

/* The country is all there is, told by gemeente; `here` means everywhere. */
static void the_country_is_run_by_gemeente(void **state)
{
    (void)state;
    wijk_area land;
    wijk_case *all;
    wijk_ensemble *e;
    double seconds = -1;
    const wijk_ensemble_options o = {.seed = 5, .first = 1, .last = 1, .years = 1};
    fine(wijk_area_find(&land, store, arena, "NL00", 0));
    assert_int_equal(land.level, WIJK_LAND);
    fine(wijk_case_new(&all, store, registry, land.id, NULL));
    assert_int_equal(wijk_case_households(all), wijk_case_households(town)); /* its one gemeente */
    fine(wijk_case_seconds(&seconds, all, &o));
    assert_true(seconds > 0 && seconds < 60);
    fine(wijk_case_run(&e, all, scenario, &o, NULL));
    assert_int_equal(wijk_ensemble_places(e), WIJK_ENSEMBLE_AREAS + 1);
    assert_string_equal(wijk_ensemble_code(e, WIJK_ENSEMBLE_AREAS), WIJK_TOWN_CODE);
    assert_string_equal(wijk_ensemble_name(e, WIJK_ENSEMBLE_AREAS), "Merelwaard");
    wijk_bands here, gemeente;
    fine(wijk_ensemble_outcome(&here, e, WIJK_ENSEMBLE_HERE, 1, WIJK_OUT_WORK_MANAGEMENT));
    fine(wijk_ensemble_outcome(&gemeente, e, WIJK_ENSEMBLE_AREAS, 1, WIJK_OUT_WORK_MANAGEMENT));
    assert_true(here.difference.median > 0);
    assert_memory_equal(&here, &gemeente, offsetof(wijk_bands, few));
    wijk_ensemble_free(e);
    wijk_sensitivity *s;
    const wijk_sensitivity_options many = {.years = 1};
    assert_int_equal(wijk_case_sensitivity(&s, all, scenario, &many, NULL), WIJK_EINVAL);
    wijk_case_free(all);
}

static void memory_is_told_before_it_starts(void **state)
{
    (void)state;
    const wijk_ensemble_options few = {.first = 1, .last = 1, .years = 1, .threads = 1};
    const wijk_ensemble_options many = {.first = 1, .last = 100, .years = 10, .threads = 1};
    uint64_t little = wijk_case_bytes(town, &few), much = wijk_case_bytes(town, &many);
    assert_true(little > 40 * wijk_case_households(town));
    assert_true(much > little);
    /* Results alone: pairs x both sides x years x (places x outcomes + groups) x 4 bytes, at least
     * for the two places that are always there. */
    assert_true(much - little > 99ull * 2 * 11 * 2 * WIJK_OUTCOMES * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_request_is_found_again),
        cmocka_unit_test(another_question_has_another_mark),
        cmocka_unit_test(bad_requests_are_refused),
        cmocka_unit_test(parts_join_to_one_run),
        cmocka_unit_test(a_case_is_aimed_at_another_place),
        cmocka_unit_test(what_other_policies_know_is_found),
        cmocka_unit_test(parts_that_do_not_follow_are_refused),
        cmocka_unit_test(stopping_and_going_on),
        cmocka_unit_test(who_has_nothing_goes_first),
        cmocka_unit_test(a_policy_that_cannot_be_read_hides_no_other),
        cmocka_unit_test(damaged_parts_are_refused),
        cmocka_unit_test(a_killed_program_goes_on),
        cmocka_unit_test(a_full_disk_loses_nothing),
        cmocka_unit_test(memory_may_run_out_anywhere),
        cmocka_unit_test(the_oldest_that_ended_makes_room),
        cmocka_unit_test(the_country_is_run_by_gemeente),
        cmocka_unit_test(memory_is_told_before_it_starts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
