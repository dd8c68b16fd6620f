/* After OpenABM-Covid19 (Hinch et al. 2021, doi:10.1371/journal.pcbi.1009146): without a cause
 * there is no effect; more of a cause never gives less of its effect; scenarios that say the same
 * thing are the same. Common random numbers make these exact and not only likely. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "wijk/table.h"

#include <math.h>

enum { MONTHS = 36 };

static wijk_population *town;

static int set_up(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    town = town_of(2, 10, 250, &p);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wijk_population_free(town);
    return 0;
}

/* Sum of an outcome over everything and every period, under parameters and levers from the start.
 */
static int64_t sum_of(const wijk_parameters *p, const wijk_change *changes, size_t n,
                      wijk_outcome outcome)
{
    wijk_foresee *run = run_of(town, p, changes, n, MONTHS, 1);
    fine(wijk_foresee_to(run, MONTHS, NULL));
    int64_t sum = ever(run, town, outcome);
    wijk_foresee_free(run);
    return sum;
}

/* A cause, with the parameter that gives it an effect, at none and at some. The cause is a lever,
 * or a parameter where no lever turns it; some need a second lever or parameter to be at work. */
typedef struct {
    const char *what;
    wijk_lever lever; /* WIJK_LEVERS: `cause` instead */
    double off, on;
    wijk_parameter effect;
    double none, some;
    wijk_outcome outcome;
    int more; /* 1: the effect raises the outcome, -1: it lowers it */
    wijk_parameter cause;
    wijk_lever also;
    double also_value;
    wijk_parameter given;
    double given_value;
} law;

#define NO_ALSO                 0, WIJK_LEVER_LOTTERY, 10
#define GIVEN(parameter, value) NO_ALSO, parameter, value

static const law laws[] = {
    {"help of teams on strain", WIJK_LEVER_WIJKTEAM, 0, 10, WIJK_P_RELIEF_FORMAL, 0, 60,
     WIJK_OUT_STRAIN_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"intensive help on strain", WIJK_LEVER_WIJKTEAM, 0, 10, WIJK_P_RELIEF_INTENSIVE, 0, 200,
     WIJK_OUT_STRAIN_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"informal help on strain", WIJK_LEVER_VISIT_COVERAGE, 0, 100, WIJK_P_RELIEF_INFORMAL, 0, 60,
     WIJK_OUT_STRAIN_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"debt help on debt", WIJK_LEVER_DEBT_TEAM, 0, 10, WIJK_P_DEBT_HELP, 1, 3, WIJK_OUT_END_DEBT, 1,
     GIVEN(WIJK_P_REACT, 0.12)},
    {"help on arrears", WIJK_LEVER_DEBT_TEAM, 0, 10, WIJK_P_ARREARS_HELP, 1, 3,
     WIJK_OUT_ARREARS_SETTLED, 1, GIVEN(WIJK_P_REACT, 0.12)},
    {"help on incidents", WIJK_LEVER_DEBT_TEAM, 0, 10, WIJK_P_HELPED_SHARE, 1, 0.2,
     WIJK_OUT_NUISANCES, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"management on nuisance", WIJK_LEVER_SOCIAL_MANAGEMENT, 0, 10, WIJK_P_MANAGEMENT_CALMS, 0, 0.1,
     WIJK_OUT_NUISANCE_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"officer on nuisance", WIJK_LEVER_WIJKAGENT, 0, 100, WIJK_P_AGENT_CALMS, 0, 0.1,
     WIJK_OUT_NUISANCE_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"mediation on nuisance", WIJK_LEVER_MEDIATION, 0, 100, WIJK_P_MEDIATION_SUCCESS, 0, 0.9,
     WIJK_OUT_NUISANCE_SUM, -1, GIVEN(WIJK_P_REACT, 0.12)},
    {"budget on initiatives", WIJK_LEVER_RESIDENTS_BUDGET, 0, 100, WIJK_P_INITIATIVE_BUDGET, 1, 6,
     WIJK_OUT_INITIATIVES_BEGUN, 1, GIVEN(WIJK_P_REACT, 0.12)},
    {"community work on initiatives", WIJK_LEVER_COMMUNITY_HOURS, 0, 200, WIJK_P_INITIATIVE_HOURS,
     1, 4, WIJK_OUT_INITIATIVES_BEGUN, 1, GIVEN(WIJK_P_REACT, 0.12)},
    {"guidance on settling", WIJK_LEVER_RECEPTION, 0, 8, WIJK_P_RECEPTION_SETTLES, 1, 2,
     WIJK_OUT_END_NEWCOMER, 1, GIVEN(WIJK_P_REACT, 0.12)},
    {"shared posts on hours", WIJK_LEVER_SHARED_POSTS, 0, 100, WIJK_P_SHARED_GAIN, 0, 0.2,
     WIJK_OUT_WORK_PREVENTION, 1, GIVEN(WIJK_P_ACCEPT, 0)}, /* no cases: no hours to lend */
    {"common task on ties", WIJK_LEVER_COMMON_TASK, 0, 10, WIJK_P_TIE_TASK, 1, 6,
     WIJK_OUT_TIES_MADE, 1, 0, WIJK_LEVER_MAGIC_MIX, 100, WIJK_P_REACT, 0.12},
    {"common task on ties between groups", WIJK_LEVER_COMMON_TASK, 0, 10, WIJK_P_TIE_TASK_ACROSS, 0,
     1, WIJK_OUT_TIES_MADE_ACROSS, 1, 0, WIJK_LEVER_MAGIC_MIX, 100, WIJK_P_REACT, 0.12},
    {"common activity on ties", WIJK_LEVER_RESIDENTS_BUDGET, 0, 200, WIJK_P_TIE_ACTIVITY, 1, 3,
     WIJK_OUT_TIES_MADE, 1, GIVEN(WIJK_P_INITIATIVE_BUDGET, 6)},
    {"restructuring on livability", WIJK_LEVER_RESTRUCTURE, 0, 400, WIJK_P_ONV_RESTRUCTURED, 0, 2,
     WIJK_OUT_LIVABILITY_ONV, 1, GIVEN(WIJK_P_REACT, 0.12)},
    {"strain on livability", WIJK_LEVER_WIJKTEAM, 0, 10, WIJK_P_SOC_STRAIN, 0, -20,
     WIJK_OUT_LIVABILITY_SOC, 1, GIVEN(WIJK_P_RELIEF_FORMAL, 60)},
    {"ties on livability", WIJK_LEVER_COMMON_TASK, 0, 10, WIJK_P_SOC_TIES, 0, 200,
     WIJK_OUT_LIVABILITY_SOC, 1, 0, WIJK_LEVER_MAGIC_MIX, 100, WIJK_P_TIE_TASK, 6},
    {"nuisance on livability", WIJK_LEVER_WIJKAGENT, 0, 100, WIJK_P_ONV_NUISANCE, 0, -20,
     WIJK_OUT_LIVABILITY_ONV, 1, GIVEN(WIJK_P_AGENT_CALMS, 0.1)},
    {"reports on livability", WIJK_LEVER_DEBT_TEAM, 0, 10, WIJK_P_ONV_REPORTS, 0, -50,
     WIJK_OUT_LIVABILITY_ONV, 1, GIVEN(WIJK_P_HELPED_SHARE, 0)},
    {"nuisance on strain", WIJK_LEVER_WIJKAGENT, 0, 100, WIJK_P_LOAD_NUISANCE, 0, 250,
     WIJK_OUT_STRAIN_SUM, -1, GIVEN(WIJK_P_AGENT_CALMS, 0.1)},
    {"nuisance on moving", WIJK_LEVER_WIJKAGENT, 0, 100, WIJK_P_SEARCH_NUISANCE, 1, 20,
     WIJK_OUT_BEGAN_SEARCH, -1, GIVEN(WIJK_P_AGENT_CALMS, 0.1)},
    {"ties on strain", WIJK_LEVERS, 0.01, 0.06, WIJK_P_RELIEF_TIE, 0, 8, WIJK_OUT_STRAIN_SUM, -1,
     WIJK_P_TIE_FORM, WIJK_LEVER_LOTTERY, 10, WIJK_P_TIE_FULL, 6},
    /* strain that is shared is levelled, and the least strained cannot go below nought */
    {"spill-over of strain", WIJK_LEVERS, 0.01, 0.06, WIJK_P_TIE_SPILL, 0, 0.5, WIJK_OUT_STRAIN_SUM,
     -1, WIJK_P_TIE_FORM, WIJK_LEVER_LOTTERY, 10, WIJK_P_REACT, 0.12},
};

/* Results under the law with its effect, without and with its cause. */
static void both(int64_t *off, int64_t *on, const law *l, wijk_parameters p)
{
    p.value[l->given] = l->given_value;
    int64_t *out[2] = {off, on};
    for (int k = 0; k < 2; k++) {
        double value = k ? l->on : l->off;
        wijk_parameters now = p;
        wijk_change changes[2] = {{.lever = l->also, .value = l->also_value}};
        size_t n = 1;
        if (l->lever == WIJK_LEVERS) {
            now.value[l->cause] = value;
        } else {
            changes[n++] = (wijk_change){.lever = l->lever, .value = value};
        }
        *out[k] = sum_of(&now, changes, n, l->outcome);
    }
}

/* Everything that help or calm could move by another road is switched off. */
static wijk_parameters bare(void)
{
    wijk_parameters p = defaults();
    static const struct {
        wijk_parameter which;
        double none;
    } none[] = {
        {WIJK_P_RELIEF_FORMAL, 0},     {WIJK_P_RELIEF_INTENSIVE, 0}, {WIJK_P_RELIEF_INFORMAL, 0},
        {WIJK_P_DEBT_HELP, 1},         {WIJK_P_ARREARS_HELP, 1},     {WIJK_P_HELPED_SHARE, 1},
        {WIJK_P_MANAGEMENT_CALMS, 0},  {WIJK_P_AGENT_CALMS, 0},      {WIJK_P_MEDIATION_SUCCESS, 0},
        {WIJK_P_INITIATIVE_BUDGET, 1}, {WIJK_P_INITIATIVE_HOURS, 1}, {WIJK_P_RECEPTION_SETTLES, 1},
        {WIJK_P_SHARED_GAIN, 0},       {WIJK_P_SHARED_OVERHEAD, 0},  {WIJK_P_TRUST_FALL, 0},
        {WIJK_P_UPKEEP_WORK, 0},       {WIJK_P_RELIEF_TIE, 0},       {WIJK_P_LOAD_NUISANCE, 0}};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        p.value[none[i].which] = none[i].none;
    }
    return p;
}

static void test_no_cause_no_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        const law *l = &laws[i];
        wijk_parameters p = bare();
        int64_t off, on;
        p.value[l->effect] = l->none;
        both(&off, &on, l, p);
        if (on != off) {
            fail_msg("%s: %lld without the lever, %lld with", l->what, (long long)off,
                     (long long)on);
        }
    }
}

static void test_cause_and_effect(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        const law *l = &laws[i];
        wijk_parameters p = bare();
        int64_t off, on;
        p.value[l->effect] = l->some;
        both(&off, &on, l, p);
        if ((on - off) * l->more <= 0) {
            fail_msg("%s: %lld without the lever, %lld with", l->what, (long long)off,
                     (long long)on);
        }
    }
}

/* Every parameter that the dictionary calls an effect stands under one of these laws, or is named
 * here with the reason why none can be exact. */
static void test_every_effect_has_a_law(void **state)
{
    (void)state;
    wijk_table *table;
    fine(wijk_table_asset(&table, "data/parameters.csv"));
    for (size_t row = 0; row < wijk_table_rows(table); row++) {
        const char *name = wijk_table_get(table, row, "name");
        wijk_parameter which;
        assert_true(wijk_parameter_find(name, &which));
        int found = strcmp(wijk_table_get(table, row, "kind"), "effect") != 0;
        for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
            found |= laws[i].effect == which;
        }
        found |= which == WIJK_P_TIE_FULL;  /* a ceiling on relief_tie: it has no value of none */
        found |= which == WIJK_P_TIE_COURT; /* a court also changes who lives there */
        if (!found) {
            fail_msg("no law for %s", name);
        }
    }
    wijk_table_free(table);
}

/* Chances and what they count; each is raised by half and by two. */
static const struct {
    wijk_parameter chance;
    wijk_outcome outcome;
} hazards[] = {
    {WIJK_P_BIRTH_COUPLE, WIJK_OUT_BIRTHS},
    {WIJK_P_PARTNERSHIP_24, WIJK_OUT_PARTNERSHIPS},
    {WIJK_P_PARTNERSHIP_34, WIJK_OUT_PARTNERSHIPS},
    {WIJK_P_PARTNERSHIP_64, WIJK_OUT_PARTNERSHIPS},
    {WIJK_P_LEAVE_TO_PARTNER, WIJK_OUT_PARTNERSHIPS},
    {WIJK_P_SEPARATION_34, WIJK_OUT_SEPARATIONS},
    {WIJK_P_SEPARATION_64, WIJK_OUT_SEPARATIONS},
    {WIJK_P_LEAVE_HOME, WIJK_OUT_LEFT_HOME},
    {WIJK_P_LEAVE_HOME_LATE, WIJK_OUT_LEFT_HOME},
    {WIJK_P_DEATH_80, WIJK_OUT_DEATHS},
    {WIJK_P_CARE_HOME, WIJK_OUT_TO_CARE_HOME},
    {WIJK_P_CARE_PARTNER, WIJK_OUT_TO_CARE_HOME},
    {WIJK_P_INCOME_UP, WIJK_OUT_INCOME_UP},
    {WIJK_P_INCOME_DOWN, WIJK_OUT_INCOME_DOWN},
    {WIJK_P_DEBT_ONSET, WIJK_OUT_ONSET_DEBT},
    {WIJK_P_DEBT_END, WIJK_OUT_END_DEBT},
    {WIJK_P_MENTAL_ONSET, WIJK_OUT_ONSET_MENTAL},
    {WIJK_P_MENTAL_END, WIJK_OUT_END_MENTAL},
    {WIJK_P_FRAIL_80, WIJK_OUT_ONSET_FRAIL},
    {WIJK_P_FRAIL_END, WIJK_OUT_END_FRAIL},
    {WIJK_P_SEE_NEIGHBOUR, WIJK_OUT_SEEN_NEIGHBOUR},
    {WIJK_P_SEE_MANAGER, WIJK_OUT_SEEN_MANAGER},
    {WIJK_P_SEE_DEBT, WIJK_OUT_SEEN_DEBT},
    {WIJK_P_SEE_SELF, WIJK_OUT_SEEN_SELF},
    {WIJK_P_ACCEPT, WIJK_OUT_ACCEPTED},
    {WIJK_P_CRISIS, WIJK_OUT_CRISES},
    {WIJK_P_REPORT, WIJK_OUT_REPORTS},
    {WIJK_P_DROPOUT, WIJK_OUT_DROPOUTS},
    {WIJK_P_NUISANCE_EVENT, WIJK_OUT_NUISANCES},
    {WIJK_P_ARREARS_BEGIN, WIJK_OUT_ARREARS_BEGUN},
    {WIJK_P_JUDGMENT, WIJK_OUT_JUDGMENTS},
    {WIJK_P_EVICTION_SHARE, WIJK_OUT_EVICTIONS},
    {WIJK_P_SEARCH_SOCIAL, WIJK_OUT_BEGAN_SEARCH},
    {WIJK_P_LEAVE_34, WIJK_OUT_TO_OUTSIDE},
    {WIJK_P_TIE_FORM, WIJK_OUT_TIES_MADE},
    {WIJK_P_TIE_FADE, WIJK_OUT_TIES_FADED},
    {WIJK_P_INITIATIVE_BEGIN, WIJK_OUT_INITIATIVES_BEGUN},
    {WIJK_P_INITIATIVE_END, WIJK_OUT_INITIATIVES_ENDED},
};

static void test_monotone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hazards / sizeof *hazards; i++) {
        int64_t before = 0, first = 0;
        for (int step = 0; step < 3; step++) {
            static const double factor[] = {1, 1.5, 3};
            wijk_parameters p = defaults();
            p.value[hazards[i].chance] *= factor[step];
            int64_t now = sum_of(&p, NULL, 0, hazards[i].outcome);
            first = step == 0 ? now : first;
            double chance = before < 30 ? 2 * sqrt((double)before) : 0; /* few: counted by luck */
            if ((double)now < (double)before - chance || (step == 2 && now <= first)) {
                fail_msg("%s x %g: %s %lld, was %lld", wijk_parameter_name(hazards[i].chance),
                         factor[step], wijk_outcome_key(hazards[i].outcome), (long long)now,
                         (long long)before);
            }
            before = now;
        }
    }
}

/* At zero chance nothing of the kind happens at all. */
static void test_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hazards / sizeof *hazards; i++) {
        wijk_parameters p = defaults();
        for (size_t j = 0; j < sizeof hazards / sizeof *hazards; j++) {
            if (hazards[j].outcome == hazards[i].outcome) { /* one event, by age */
                p.value[hazards[j].chance] = 0;
            }
        }
        int64_t n = sum_of(&p, NULL, 0, hazards[i].outcome);
        /* these outcomes have more than one cause; the others must be nought */
        int several =
            hazards[i].chance == WIJK_P_BIRTH_COUPLE || hazards[i].chance == WIJK_P_LEAVE_34 ||
            hazards[i].chance == WIJK_P_FRAIL_80 || hazards[i].chance == WIJK_P_SEARCH_SOCIAL;
        if (!several && n != 0) {
            fail_msg("%s 0: still %lld %s", wijk_parameter_name(hazards[i].chance), (long long)n,
                     wijk_outcome_key(hazards[i].outcome));
        }
    }
}

static void same_counts(const wijk_foresee *a, const wijk_foresee *b)
{
    assert_memory_equal(a->counts, b->counts,
                        a->rows * a->n_places * WIJK_OUTCOMES * sizeof *a->counts);
    assert_memory_equal(a->groups, b->groups,
                        a->rows * a->n_places * WIJK_GROUPS * WIJK_GROUP_OUTCOMES *
                            sizeof *a->groups);
}

/* Doing nothing said in words is doing nothing; one change for everywhere is one for each region or
 * each area; the order of changes in the file is no matter. */
static void test_equivalent(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_change words[WIJK_LEVERS], each[20], regions[2];
    size_t n = 0;
    for (int l = 0; l < WIJK_LEVERS; l++) {
        const wijk_lever_row *row = wijk_lever_get((wijk_lever)l);
        words[n++] = (wijk_change){.month = l % 9, .lever = (wijk_lever)l, .value = row->nothing};
    }
    wijk_foresee *nothing = run_of(town, &p, NULL, 0, MONTHS, 1);
    wijk_foresee *said = run_of(town, &p, words, n, MONTHS, 1);
    fine(wijk_foresee_to(nothing, MONTHS, NULL));
    fine(wijk_foresee_to(said, MONTHS, NULL));
    same_counts(nothing, said);

    const wijk_change everywhere_change = {
        .month = 4, .lever = WIJK_LEVER_SPREADING_CAP, .value = 5};
    wijk_foresee *one = run_of(town, &p, &everywhere_change, 1, MONTHS, 1);
    for (uint32_t a = 0; a < 20; a++) {
        each[19 - a] = everywhere_change;
        each[19 - a].scope = WIJK_IN_AREA;
        each[19 - a].place = a;
    }
    for (uint32_t r = 0; r < 2; r++) {
        regions[r] = everywhere_change;
        regions[r].scope = WIJK_IN_REGION;
        regions[r].place = r;
    }
    wijk_foresee *by_area = run_of(town, &p, each, 20, MONTHS, 1);
    wijk_foresee *by_region = run_of(town, &p, regions, 2, MONTHS, 1);
    fine(wijk_foresee_to(one, MONTHS, NULL));
    fine(wijk_foresee_to(by_area, MONTHS, NULL));
    fine(wijk_foresee_to(by_region, MONTHS, NULL));
    same_counts(one, by_area);
    same_counts(one, by_region);
    assert_memory_not_equal(one->counts, nothing->counts,
                            one->rows * one->n_places * WIJK_OUTCOMES * sizeof *one->counts);
    wijk_foresee_free(nothing);
    wijk_foresee_free(said);
    wijk_foresee_free(one);
    wijk_foresee_free(by_area);
    wijk_foresee_free(by_region);
}

/* Before its first change a scenario is do-nothing, to the byte: the random world is common. */
static void test_common_world(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    const wijk_change change = {.month = 24, .lever = WIJK_LEVER_LOTTERY, .value = 100};
    wijk_foresee *nothing = run_of(town, &p, NULL, 0, MONTHS, 1);
    wijk_foresee *lottery = run_of(town, &p, &change, 1, MONTHS, 1);
    fine(wijk_foresee_to(nothing, 24, NULL));
    fine(wijk_foresee_to(lottery, 24, NULL));
    same_counts(nothing, lottery);
    fine(wijk_foresee_to(nothing, MONTHS, NULL));
    fine(wijk_foresee_to(lottery, MONTHS, NULL));
    assert_true(ever(lottery, town, WIJK_OUT_LETS_LOTTERY) >
                ever(nothing, town, WIJK_OUT_LETS_LOTTERY));
    /* what has nothing to do with who gets which home stays nearly the same */
    int64_t a = ever(nothing, town, WIJK_OUT_BIRTHS), b = ever(lottery, town, WIJK_OUT_BIRTHS);
    assert_true(a - b < a / 20 && b - a < a / 20);
    wijk_foresee_free(nothing);
    wijk_foresee_free(lottery);
}

static int64_t passed_over(const wijk_foresee *run, wijk_group group)
{
    int64_t sum = 0;
    for (size_t t = 1; t < wijk_foresee_periods(run); t++) {
        for (size_t r = 0; r < wijk_population_regions(town); r++) {
            sum += wijk_foresee_region_group(run, t, r, group, WIJK_GOUT_PASSED_OVER);
        }
    }
    return sum;
}

/* The spreading cap is about urgency and tasks, not about income: at nought nobody with urgency
 * gets a home, and low incomes with a registration go on as before. Who loses by a rule is seen as
 * passed over; without a rule nobody is. */
static void test_spreading(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    const wijk_change shut = {.lever = WIJK_LEVER_SPREADING_CAP, .value = 0};
    const wijk_change mix = {.lever = WIJK_LEVER_MIX_TARGET, .value = 100};
    wijk_foresee *nothing = run_of(town, &p, NULL, 0, MONTHS, 1);
    wijk_foresee *capped = run_of(town, &p, &shut, 1, MONTHS, 1);
    wijk_foresee *mixed = run_of(town, &p, &mix, 1, MONTHS, 1);
    fine(wijk_foresee_to(nothing, MONTHS, NULL));
    fine(wijk_foresee_to(capped, MONTHS, NULL));
    fine(wijk_foresee_to(mixed, MONTHS, NULL));
    assert_true(ever(nothing, town, WIJK_OUT_LETS_URGENT) > 0);
    assert_int_equal(ever(capped, town, WIJK_OUT_LETS_URGENT), 0);
    assert_int_equal(passed_over(nothing, WIJK_GROUP_LOW), 0);
    assert_int_equal(ever(nothing, town, WIJK_OUT_PASSED_OVER), 0);
    int64_t each = 0; /* every household is of one composition */
    for (int g = WIJK_GROUP_SINGLE; g <= WIJK_GROUP_OLDER_COUPLE; g++) {
        each += passed_over(mixed, (wijk_group)g);
    }
    assert_int_equal(ever(mixed, town, WIJK_OUT_PASSED_OVER), each);
    assert_true(passed_over(capped, WIJK_GROUP_LOW) > 0);
    double lets = (double)ever(nothing, town, WIJK_OUT_LETS_LOW);
    assert_true((double)ever(capped, town, WIJK_OUT_LETS_LOW) > 0.5 * lets);
    /* mixing passes over either side: low incomes where there are many, others where few */
    assert_true(passed_over(mixed, WIJK_GROUP_LOW) > 0);
    assert_true(passed_over(mixed, WIJK_GROUP_DAEB) > 0);
    size_t last = wijk_foresee_periods(mixed) - 1;
    double apart[2] = {0};
    wijk_foresee *const runs[2] = {nothing, mixed};
    for (int i = 0; i < 2; i++) {
        double share = (double)in_areas(runs[i], town, last, WIJK_OUT_INCOME_LOW) /
                       (double)in_areas(runs[i], town, last, WIJK_OUT_HOUSEHOLDS);
        for (size_t a = 0; a < wijk_population_areas(town); a++) {
            double low = wijk_foresee_area_count(runs[i], last, a, WIJK_OUT_INCOME_LOW);
            double all = wijk_foresee_area_count(runs[i], last, a, WIJK_OUT_HOUSEHOLDS);
            apart[i] += (low - share * all) * (low - share * all);
        }
    }
    assert_true(apart[1] < apart[0]);
    wijk_foresee_free(nothing);
    wijk_foresee_free(capped);
    wijk_foresee_free(mixed);
}

/* A home is made ready (label, rent) once, however long repairs take. */
static void test_made_ready(void **state)
{
    (void)state;
    static const double months[] = {0, 0.4, 1, 1.5, 2};
    const wijk_change mix = {.lever = WIJK_LEVER_MAGIC_MIX, .value = 100};
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        wijk_parameters p = defaults();
        p.value[WIJK_P_REPAIR_MONTHS] = months[i];
        wijk_foresee *run = run_of(town, &p, &mix, 1, 24, 1);
        fine(wijk_foresee_to(run, 24, NULL));
        double lets = (double)ever(run, town, WIJK_OUT_LETS);
        assert_true((double)ever(run, town, WIJK_OUT_LETS_MIX) > 0.9 * lets && lets > 0);
        wijk_foresee_free(run);
    }
}

/* The mix target and local priority at their fullest house as many permit holders: it is the law.
 */
static void test_task_before_local_rules(void **state)
{
    (void)state;
    enum { LONG = 120 };
    const wijk_parameters p = defaults();
    const wijk_change rules[] = {{0, WIJK_EVERYWHERE, 0, WIJK_LEVER_NEWCOMER_TASK, 20},
                                 {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_MIX_TARGET, 100},
                                 {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_LOCAL_PRIORITY, 100}};
    wijk_foresee *nothing = run_of(town, &p, rules, 1, LONG, 1);
    wijk_foresee *ruled = run_of(town, &p, rules, 3, LONG, 1);
    fine(wijk_foresee_to(nothing, LONG, NULL));
    fine(wijk_foresee_to(ruled, LONG, NULL));
    double before = (double)ever(nothing, town, WIJK_OUT_LETS_NEWCOMER);
    double after = (double)ever(ruled, town, WIJK_OUT_LETS_NEWCOMER);
    print_message("lets to permit holders: %.0f, under local rules %.0f\n", before, after);
    assert_true(before > 30 && fabs(after - before) < 3 * sqrt(before));
    assert_true(ever(ruled, town, WIJK_OUT_PASSED_OVER) > 0);
    wijk_foresee_free(nothing);
    wijk_foresee_free(ruled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_effect_has_a_law),
        cmocka_unit_test(test_no_cause_no_effect),
        cmocka_unit_test(test_cause_and_effect),
        cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_zero),
        cmocka_unit_test(test_equivalent),
        cmocka_unit_test(test_common_world),
        cmocka_unit_test(test_spreading),
        cmocka_unit_test(test_made_ready),
        cmocka_unit_test(test_task_before_local_rules),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
