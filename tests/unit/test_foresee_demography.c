/* The demography of the model beside that of the country: a small Netherlands, made of the tables
 * of the country alone, is run for ten years. What happens in it, on 8.3 million households, must
 * lie near what CBS counted in 2022. No figure here was made by the model; how near is near is said
 * beside each. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "foresee/start.h"

#include <math.h>

enum { AREAS = 40, HOMES = 1000, YEARS = 10 };

static wijk_population *town;
static wijk_foresee *run;
static double adults[2]; /* at the start, 65 to 79 and 80 and over */

static margin_value published(double value, double half, uint8_t is_count)
{
    return (margin_value){value, half, 0, 2022, WIJK_FROM_NATIVE, is_count};
}

/* Persons by age are those of the country at 1 January 2022 (CBS); the mix of households is that of
 * the tables of the country. */
static wijk_start *small_country(void)
{
    static const double ages[] = {0.153, 0.123, 0.251, 0.273, 0.2};
    wijk_start *start;
    const wijk_start_options options = {.seed = 1, .year = 2022, .threads = 1};
    fine(start_open(&start, &options));
    fine(wijk_arena_new(&start->set.arena, 0));
    start->set.area = wijk_alloc(AREAS * sizeof *start->set.area);
    start->regions = wijk_alloc(sizeof *start->regions);
    assert_true(start->set.area != NULL && start->regions != NULL);
    start->set.areas = AREAS;
    start->n_regions = 1;
    for (int m = 0; m < MARGIN_READ; m++) {
        start->set.country[m] = NAN;
    }
    for (int i = 0; i < AREAS; i++) {
        margin_area *area = &start->set.area[i];
        char code[16];
        snprintf(code, sizeof code, "BU%08d", i);
        memset(area, 0, sizeof *area);
        area->code = area->name = area->wijk_code = wijk_arena_strdup(start->set.arena, code);
        area->gemeente_code = wijk_arena_strdup(start->set.arena, "GM0000");
        for (int m = 0; m < MARGIN_READ; m++) {
            area->value[m] = (margin_value){NAN, 0, 40, 0, WIJK_FROM_COUNTRY, 0};
        }
        area->value[WIJK_MARGIN_HOUSEHOLDS] = published(HOMES, 0.5, 1);
        area->value[WIJK_MARGIN_PEOPLE] = published(HOMES * 2.145, 0.5, 1);
        for (int b = 0; b < 5; b++) {
            area->value[WIJK_MARGIN_AGE_0 + b] = published(ages[b], 0.0005, 0);
        }
    }
    fine(start_make(start, NULL));
    snprintf(start->regions[0].code, sizeof start->regions[0].code, "GM0000");
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        start->regions[0].leave[band] = start->regions[0].come[band] = -1;
    }
    return start;
}

static int set_up(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_start *start = small_country();
    fine(wijk_start_population(&town, start, &p, NULL));
    wijk_start_free(start);
    run = run_of(town, &p, NULL, 0, YEARS * 12, 1);
    size_t households = 0;
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        unsigned age = run->state.age[slot], n = adults_of(composition_of(run->state.kind[slot]));
        households += run->state.kind[slot] != WIJK_NOBODY;
        adults[0] += age >= OLDER && age < OLD ? n : 0;
        adults[1] += age >= OLD ? n : 0;
    }
    adults[0] *= 8300 / (double)households;
    adults[1] *= 8300 / (double)households;
    fine(wijk_foresee_to(run, YEARS * 12, NULL));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wijk_foresee_free(run);
    wijk_population_free(town);
    return 0;
}

/* Thousands a year on 8.3 million households, mean over years `from` to `to`. */
static double a_year(wijk_outcome outcome, size_t from, size_t to)
{
    double sum = 0;
    for (size_t y = from; y <= to; y++) {
        sum += (double)everywhere(run, town, y, outcome);
    }
    double households = (double)everywhere(run, town, 0, WIJK_OUT_HOUSEHOLDS);
    return sum / (double)(to - from + 1) / households * 8300;
}

static void near_country(const char *what, double model, double country, double within)
{
    print_message("%-28s %7.1f, CBS %7.1f (within %.0f%%)\n", what, model, country, 100 * within);
    assert_true(fabs(model - country) <= within * country);
}

/* The first five years, in which the people are still those of 2022. */
static void test_flows(void **state)
{
    (void)state;
    double deaths = a_year(WIJK_OUT_DEATHS, 1, 5), care = a_year(WIJK_OUT_TO_CARE_HOME, 1, 5);
    near_country("births", a_year(WIJK_OUT_BIRTHS, 1, 5), 168, 0.1);
    /* Who goes to a nursing home dies there: all who go, either way, are those who died. */
    near_country("deaths and nursing homes", deaths + care, 170, 0.1);
    near_country("to nursing homes", care, 52, 0.2);
    near_country("separations", a_year(WIJK_OUT_SEPARATIONS, 1, 5), 92, 0.1);
    near_country("left home", a_year(WIJK_OUT_LEFT_HOME, 1, 5), 200, 0.15);
}

static double share(size_t year, const wijk_outcome *of, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)in_areas(run, town, year, of[i]);
    }
    return 100 * sum / (double)in_areas(run, town, year, WIJK_OUT_HOUSEHOLDS);
}

/* From 2012 to 2022 the share that lives alone rose by 2.4 percent points and the shares of couples
 * and of families fell (CBS): as little as that, and not more than twice, may shift here. */
static void test_mix_is_steady(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        wijk_outcome of[2];
        size_t n;
        double two, ten; /* percent points in as many years, at most */
    } shares[] = {
        {"alone", {WIJK_OUT_SINGLE, WIJK_OUT_OLDER_SINGLE}, 2, 1, 4},
        {"couples without children", {WIJK_OUT_COUPLE, WIJK_OUT_OLDER_COUPLE}, 2, 1, 2},
        {"couples with children", {WIJK_OUT_FAMILY, 0}, 1, 1, 3},
        {"one-parent", {WIJK_OUT_ONE_PARENT, 0}, 1, 0.5, 1},
    };
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        double start = share(0, shares[i].of, shares[i].n);
        double two = share(2, shares[i].of, shares[i].n) - start;
        double ten = share(YEARS, shares[i].of, shares[i].n) - start;
        print_message("%-28s %5.1f%%: %+.1f in two years, %+.1f in ten\n", shares[i].what, start,
                      two, ten);
        assert_true(fabs(two) <= shares[i].two);
        assert_true(fabs(ten) <= shares[i].ten);
    }
}

/* Adults in ordinary homes, which are the households of the model: all of an age at 1 January 2022
 * less those in institutions, in millions (CBS). */
static void test_ages_at_the_start(void **state)
{
    (void)state;
    near_country("65 to 79, thousands", adults[0], 2670, 0.05);
    near_country("80 and over, thousands", adults[1], 770, 0.06);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flows),
        cmocka_unit_test(test_mix_is_steady),
        cmocka_unit_test(test_ages_at_the_start),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
