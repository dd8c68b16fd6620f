/* What cannot be is refused with a sentence and leaves nothing behind: impossible populations, runs
 * and scenarios, too little memory, memory that runs out anywhere. Strange but possible input gives
 * a defined result. And nothing about one household can leave the model. */
#include "foresee_town.h"

#include <dirent.h>
#include <math.h>

static wijk_foresee_area area_of(uint32_t region, uint32_t team, uint32_t homes)
{
    return (wijk_foresee_area){.code = "BU1", .region = region, .team = team, .homes = homes};
}

static const wijk_foresee_region regions[2] = {{.code = "GM1"}, {.code = "GM2"}};

static void refused(const wijk_foresee_area *areas, size_t n, size_t n_regions)
{
    wijk_population *town = NULL;
    assert_int_equal(wijk_population_new(&town, areas, n, regions, n_regions), WIJK_EINVAL);
    assert_null(town);
    assert_string_not_equal(wijk_error(WIJK_NL), "");
}

static void test_impossible_areas(void **state)
{
    (void)state;
    const wijk_foresee_area back[] = {area_of(1, 0, 1), area_of(0, 1, 1)};
    const wijk_foresee_area none[] = {area_of(2, 0, 1)};
    const wijk_foresee_area shared[] = {area_of(0, 0, 1), area_of(1, 0, 1)};
    const wijk_foresee_area team[] = {area_of(0, 9, 1)};
    const wijk_foresee_area huge[] = {area_of(0, 0, WIJK_AREA_HOMES + 1)};
    refused(back, 2, 2);
    refused(none, 1, 1);
    refused(shared, 2, 2);
    refused(team, 1, 1);
    refused(huge, 1, 1);
    refused(back, 0, 1);
    refused(back, 1, 0);
    wijk_foresee_area endless[] = {area_of(0, 0, 1)};
    memset(endless[0].code, 'x', sizeof endless[0].code);
    refused(endless, 1, 1);
}

static void test_impossible_homes(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    const wijk_foresee_area area = area_of(0, 0, 2);
    wijk_population *town;
    fine(wijk_population_new(&town, &area, 1, regions, 1));
    const wijk_home home = {.tenure = WIJK_SOCIAL, .size = 3};
    const wijk_household who = {.composition = WIJK_SINGLE, .age = 30};
    const wijk_home homes[] = {{.tenure = 0, .size = 3},
                               {.tenure = 4, .size = 3},
                               {.tenure = 2, .size = 0},
                               {.tenure = 2, .size = 8},
                               {.tenure = 2, .size = 3, .price = 6},
                               {.tenure = 2, .size = 3, .owner = 16},
                               {.tenure = 2, .size = 3, .label = WIJK_LABELS}};
    const wijk_household households[] = {{.composition = 7, .age = 30},
                                         {.composition = WIJK_SINGLE, .age = 17},
                                         {.composition = WIJK_SINGLE, .age = 111},
                                         {.composition = WIJK_SINGLE, .age = 70},
                                         {.composition = WIJK_OLDER_COUPLE, .age = 30},
                                         {.composition = WIJK_SINGLE, .age = 30, .children = 1},
                                         {.composition = WIJK_FAMILY, .age = 30},
                                         {.composition = WIJK_FAMILY, .age = 30, .children = 8},
                                         {.composition = WIJK_SINGLE, .age = 30, .income = 4},
                                         {.composition = WIJK_SINGLE, .age = 30, .needs = 32}};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        assert_int_equal(wijk_population_add(town, 0, &homes[i], &who, 1), WIJK_EINVAL);
    }
    for (size_t i = 0; i < sizeof households / sizeof *households; i++) {
        assert_int_equal(wijk_population_add(town, 0, &home, &households[i], 1), WIJK_EINVAL);
    }
    assert_int_equal(wijk_population_add(town, 1, &home, &who, 1), WIJK_EINVAL);
    assert_int_equal(wijk_population_finish(town, &p, 1), WIJK_EINVAL); /* homes are missing */
    const wijk_foresee_options o = {.months = 1};
    wijk_foresee *run;
    assert_int_equal(wijk_foresee_new(&run, town, &p, NULL, &o), WIJK_EINVAL);
    fine(wijk_population_add(town, 0, &home, &who, 1));
    fine(wijk_population_add(town, 0, &home, &who, 1));
    assert_int_equal(wijk_population_add(town, 0, &home, &who, 1), WIJK_EINVAL); /* one too many */
    fine(wijk_population_finish(town, &p, 1));
    assert_int_equal(wijk_population_finish(town, &p, 1), WIJK_EINVAL);
    wijk_population_free(town);
}

static void test_impossible_runs(void **state)
{
    (void)state;
    wijk_parameters p = defaults();
    wijk_population *town = town_of(1, 2, 100, &p);
    const wijk_change changes[] = {
        {.lever = WIJK_LEVER_LOTTERY, .value = -1},
        {.lever = WIJK_LEVER_LOTTERY, .value = 101},
        {.lever = WIJK_LEVER_LOTTERY, .value = NAN},
        {.lever = WIJK_LEVERS, .value = 1},
        {.lever = WIJK_LEVER_LOTTERY, .value = 1, .month = 12},
        {.lever = WIJK_LEVER_LOTTERY, .value = 1, .month = -1},
        {.lever = WIJK_LEVER_LOTTERY, .value = 1, .scope = WIJK_IN_AREA, .place = 2},
        {.lever = WIJK_LEVER_LOTTERY, .value = 1, .scope = WIJK_IN_REGION, .place = 1},
        {.lever = WIJK_LEVER_LOTTERY, .value = 1, .scope = (wijk_scope)3}};
    const wijk_foresee_options o = {.months = 12};
    wijk_foresee *run = NULL;
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const wijk_scenario scenario = {&changes[i], 1};
        assert_int_equal(wijk_foresee_new(&run, town, &p, &scenario, &o), WIJK_EINVAL);
        assert_null(run);
    }
    const wijk_foresee_options wrong[] = {
        {.months = 0}, {.months = 1201}, {.months = 12, .replicate = 1u << 24}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(wijk_foresee_new(&run, town, &p, NULL, &wrong[i]), WIJK_EINVAL);
    }
    const wijk_scenario nothing = {NULL, 0};
    wijk_foresee_options tight = {.months = 12};
    tight.ceiling = wijk_foresee_bytes(town, &nothing, &tight) - 1;
    assert_int_equal(wijk_foresee_new(&run, town, &p, NULL, &tight), WIJK_ELIMIT);
    tight.ceiling++;
    fine(wijk_foresee_new(&run, town, &p, NULL, &tight));
    assert_int_equal(wijk_foresee_to(run, 13, NULL), WIJK_EINVAL);
    wijk_foresee_free(run);
    p.value[WIJK_P_REACT] = INFINITY;
    assert_int_equal(wijk_foresee_new(&run, town, &p, NULL, &o), WIJK_EINVAL);
    const wijk_change build = {.lever = WIJK_LEVER_BUILD_OWNER, .value = 5000};
    wijk_change much[8];
    for (size_t i = 0; i < 8; i++) {
        much[i] = build;
        much[i].scope = WIJK_IN_AREA;
    }
    const wijk_scenario scenario = {much, 8};
    p = defaults();
    assert_int_equal(wijk_foresee_new(&run, town, &p, &scenario, &o), WIJK_ELIMIT);
    wijk_population_free(town);
}

/* Nobody anywhere; one household in a thousand homes; an area without homes that is built in. */
static void test_strange_towns(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    const wijk_foresee_area areas[] = {area_of(0, 0, 0), area_of(0, 0, 1000), area_of(1, 2, 0)};
    wijk_population *town;
    fine(wijk_population_new(&town, areas, 3, regions, 2));
    const wijk_home home = {.tenure = WIJK_SOCIAL, .size = 3, .price = WIJK_PRICE_FIRST};
    const wijk_household nobody = {0};
    for (int i = 0; i < 1000; i++) {
        fine(wijk_population_add(town, 1, &home, &nobody, 1));
    }
    fine(wijk_population_finish(town, &p, 1));
    const wijk_change changes[] = {
        {.scope = WIJK_IN_AREA, .place = 0, .lever = WIJK_LEVER_BUILD_OWNER, .value = 50},
        {.month = 3, .lever = WIJK_LEVER_DEMOLISH, .value = 30000},
        {.month = 2, .scope = WIJK_IN_REGION, .place = 1, .lever = WIJK_LEVER_SELL, .value = 10}};
    wijk_foresee *run = run_of(town, &p, changes, 3, 24, 2);
    fine(wijk_foresee_to(run, 24, NULL));
    fine(wijk_foresee_check(run));
    assert_int_equal(ever(run, town, WIJK_OUT_DEMOLISHED), 1000);
    assert_int_equal(ever(run, town, WIJK_OUT_BUILT), 50);
    assert_int_equal(wijk_foresee_area_count(run, 2, 0, WIJK_OUT_HOMES_OWNER), 50);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* The n-th allocation fails, for every n until all goes well. */
static void test_memory_runs_out(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    const wijk_change change = {.month = 1, .lever = WIJK_LEVER_BUILD_SOCIAL, .value = 20};
    const wijk_scenario scenario = {&change, 1};
    const wijk_foresee_options o = {.months = 3, .period = WIJK_PER_MONTH};
    int failures = 0, whole = 0;
    for (long n = 1; !whole; n++) {
        wijk_population *town = NULL;
        wijk_foresee *run = NULL;
        wijk_alloc_fail_at(n, 0);
        int rc = wijk_population_sample(&town, 2, 2, 60, &p, 1);
        rc = rc == WIJK_OK ? wijk_foresee_new(&run, town, &p, &scenario, &o) : rc;
        rc = rc == WIJK_OK ? wijk_foresee_to(run, 3, NULL) : rc;
        wijk_alloc_fail_at(0, 0);
        if (rc != WIJK_OK) {
            assert_int_equal(rc, WIJK_ENOMEM);
            failures++;
            if (run != NULL) {
                assert_int_not_equal(wijk_foresee_to(run, 3, NULL),
                                     WIJK_OK); /* broke off for good */
            }
        }
        whole = rc == WIJK_OK;
        wijk_foresee_free(run);
        wijk_population_free(town);
    }
    print_message("%d places to run out of memory\n", failures);
    assert_true(failures > 30);
}

static int includes_the_inside(const char *path)
{
    char line[512];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    int found = 0;
    while (fgets(line, sizeof line, file)) {
        found |= strstr(line, "#include \"foresee/state.h\"") != NULL ||
                 strstr(line, "#include \"foresee/run.h\"") != NULL;
    }
    fclose(file);
    return found;
}

/* Households are known to src/foresee alone, and its public headers give none back. */
static void test_no_way_out(void **state)
{
    (void)state;
    DIR *source = opendir("src");
    assert_non_null(source);
    int files = 0;
    for (struct dirent *room; (room = readdir(source)) != NULL;) {
        char folder[300];
        snprintf(folder, sizeof folder, "src/%s", room->d_name);
        DIR *inside =
            room->d_name[0] == '.' || strcmp(room->d_name, "foresee") == 0 ? NULL : opendir(folder);
        for (struct dirent *f; inside != NULL && (f = readdir(inside)) != NULL;) {
            char path[600];
            snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
            if (strstr(f->d_name, ".c") != NULL || strstr(f->d_name, ".h") != NULL) {
                files++;
                assert_false(includes_the_inside(path));
            }
        }
        if (inside != NULL) {
            closedir(inside);
        }
    }
    closedir(source);
    assert_true(files > 50);
    FILE *header = fopen("include/wijk/foresee.h", "r");
    assert_non_null(header);
    char line[512];
    while (fgets(line, sizeof line, header)) {
        const char *at = strstr(line, "wijk_household *");
        at = at != NULL ? at : strstr(line, "wijk_home *");
        if (at != NULL && strstr(line, "const wijk_ho") == NULL) {
            fail_msg("a household comes out here: %s", line);
        }
    }
    fclose(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_impossible_areas), cmocka_unit_test(test_impossible_homes),
        cmocka_unit_test(test_impossible_runs),  cmocka_unit_test(test_strange_towns),
        cmocka_unit_test(test_memory_runs_out),  cmocka_unit_test(test_no_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
