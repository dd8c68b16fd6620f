/* Every shipped scenario does what it says. Beside doing nothing its purpose shows in the outcome
 * it is about; beside itself without one of its lines that line shows in what it turns; and where
 * all assumed effects are at none nothing but mechanics is left. Pairs in the same worlds of a
 * made-up town: a difference counts when its mean is beyond three of its standard errors. */
#include "foresee_town.h"

#include "foresee/breakeven.h"
#include "foresee/run.h"
#include "wijk/lever.h"
#include "wijk/parameters.h"
#include "wijk/scenario.h"

#include <math.h>

enum {
    FEW = 6,
    SOME = 24,
    MANY = 64,
    AREAS = 6,
    HOMES = 400,
    MONTHS = 60,
    WHOLE = -1,
    SURE = 3,
    NAME = 64
};

/* No outcome tells these: lets to low incomes at a rent that does not fit; how far blocks lie apart
 * in low incomes; lets to who comes with a task beyond an area's share; how many social tenants
 * need support; and that the scenario is refused without this line. */
#define LETS_MISFIT WIJK_OUTCOMES
#define APART       (wijk_outcome)(WIJK_OUTCOMES + 1)
#define TASK_OVER   (wijk_outcome)(WIJK_OUTCOMES + 2)
#define NEEDY       (wijk_outcome)(WIJK_OUTCOMES + 3)
#define REFUSED     (wijk_outcome)(WIJK_OUTCOMES + 4)

typedef int64_t told[MANY][WIJK_OUTCOMES + 4];

typedef struct {
    const char *scenario;
    int line;   /* the change that is left out on the other side; WHOLE: doing nothing */
    int strong; /* 1: assumed effects at their strong end, 0: at none */
    int pairs;  /* more where it concerns few homes */
    int way;    /* the outcome rises or falls */
    wijk_outcome moves;
    const char *how;
} claim;

#define OUT(name) WIJK_OUT_##name

/* clang-format off */
static const claim claims[] = {
    {"mix-only", WHOLE, 0, FEW, 1, OUT(PASSED_OVER), "rules come before the list"},
    {"mix-only", 0, 0, MANY, 1, OUT(CAPPED_OUT), "the urgent are sent on where a block has had its share"},
    {"mix-only", 1, 0, MANY, -1, APART, "blocks with many low incomes get others"},
    {"mix-only", 2, 0, FEW, 1, OUT(LETS_LOCAL), "the area's own people go first"},
    {"support-only", WHOLE, 0, FEW, -1, OUT(HIDDEN), "more is seen and helped"},
    {"support-only", WHOLE, 1, MANY, -1, OUT(STRAINED), "help relieves, if one assumes it does"},
    {"support-only", 0, 0, FEW, 1, OUT(SEEN_MANAGER), "a manager sees who is in trouble"},
    {"support-only", 1, 0, FEW, 1, OUT(WORK_PREVENTION), "a part of more hours is more hours"},
    {"support-only", 2, 0, FEW, 1, OUT(SEEN_PREVENTION), "a team that goes out sees more"},
    {"support-only", 3, 0, FEW, 1, OUT(WORK_PREVENTION), "a queue does not eat prevention"},
    {"support-only", 4, 0, FEW, 1, OUT(SEEN_VISIT), "a visit finds who is in trouble"},
    {"support-only", 5, 0, FEW, 1, OUT(SEEN_DEBT), "arrears are passed on"},
    {"both", WHOLE, 0, FEW, 1, OUT(PASSED_OVER), "rules come before the list"},
    {"both", WHOLE, 0, FEW, -1, OUT(HIDDEN), "more is seen and helped"},
    {"both", WHOLE, 1, MANY, -1, OUT(STRAINED), "help relieves, if one assumes it does"},
    {"both", 0, 0, MANY, 1, OUT(CAPPED_OUT), "the urgent are sent on where a block has had its share"},
    {"both", 1, 0, MANY, -1, APART, "blocks with many low incomes get others"},
    {"both", 2, 0, FEW, 1, OUT(LETS_LOCAL), "the area's own people go first"},
    {"both", 3, 0, FEW, 1, OUT(SEEN_MANAGER), "a manager sees who is in trouble"},
    {"both", 4, 0, FEW, 1, OUT(WORK_PREVENTION), "a part of more hours is more hours"},
    {"both", 5, 0, FEW, 1, OUT(SEEN_PREVENTION), "a team that goes out sees more"},
    {"both", 6, 0, FEW, 1, OUT(WORK_PREVENTION), "a queue does not eat prevention"},
    {"both", 7, 0, FEW, 1, OUT(SEEN_VISIT), "a visit finds who is in trouble"},
    {"both", 8, 0, FEW, 1, OUT(SEEN_DEBT), "arrears are passed on"},
    {"passend-strict", WHOLE, 0, SOME, -1, LETS_MISFIT, "no home to a low income that it does not fit"},
    {"passend-strict", WHOLE, 0, FEW, -1, OUT(LETS_FREE), "there is no free room"},
    {"passend-strict", WHOLE, 0, MANY, 1, OUT(LETS_LOW), "what the free room took is theirs"},
    {"passend-strict", 0, 0, FEW, -1, LETS_MISFIT, "no home to a low income that it does not fit"},
    {"passend-strict", 1, 0, FEW, -1, OUT(LETS_FREE), "there is no free room"},
    {"passend-loose", WHOLE, 0, FEW, 1, OUT(LETS_FREE), "more middle incomes may have social homes"},
    {"passend-loose", WHOLE, 0, FEW, 1, LETS_MISFIT, "dear homes are open to low incomes"},
    {"passend-loose", 0, 0, FEW, 1, LETS_MISFIT, "dear homes are open to low incomes"},
    {"passend-loose", 1, 0, FEW, 1, OUT(LETS_FREE), "more middle incomes may have social homes"},
    {"social-management", WHOLE, 0, FEW, 1, OUT(WORK_MANAGEMENT), "hours are worked"},
    {"social-management", WHOLE, 0, FEW, 1, OUT(SEEN_MANAGER), "a manager sees who is in trouble"},
    {"social-management", WHOLE, 1, FEW, -1, OUT(NUISANCE_SUM), "a manager calms, if one assumes it"},
    {"social-management", 0, 0, FEW, 1, OUT(SEEN_MANAGER), "a manager sees who is in trouble"},
    {"shared-staff", WHOLE, 0, FEW, -1, OUT(WORK_HANDOVER), "a shared post hands nothing over"},
    {"shared-staff", WHOLE, 0, FEW, -1, OUT(WORK_PREVENTION), "meetings of the principals take hours"},
    {"shared-staff", WHOLE, 0, FEW, -1, OUT(WAITED), "hours that one team has left go to the other"},
    {"shared-staff", WHOLE, 1, FEW, 1, OUT(WORK_PREVENTION), "sharing gains hours, if one assumes it"},
    {"shared-staff", 0, 0, FEW, -1, OUT(WORK_HANDOVER), "a shared post hands nothing over"},
    {"ring-fenced-prevention", WHOLE, 0, FEW, 1, OUT(WORK_PREVENTION), "these hours are kept"},
    {"ring-fenced-prevention", WHOLE, 0, FEW, 1, OUT(SEEN_PREVENTION), "a team that goes out sees more"},
    {"ring-fenced-prevention", 0, 0, FEW, 1, OUT(SEEN_PREVENTION), "a team that goes out sees more"},
    {"ring-fenced-prevention", 1, 0, FEW, 1, OUT(WORK_PREVENTION), "a queue does not eat prevention"},
    {"krachtstroom", WHOLE, 0, FEW, 1, OUT(WORK_COMMUNITY), "hours are worked"},
    {"krachtstroom", WHOLE, 1, FEW, 1, OUT(INITIATIVES_BEGUN), "work and money help to begin, if one assumes it"},
    {"krachtstroom", WHOLE, 1, FEW, 1, OUT(TIES_MADE), "doing things together makes ties, if one assumes it"},
    {"krachtstroom", 0, 0, FEW, 0, REFUSED, "a common task needs streets to be done in"},
    {"krachtstroom", 1, 0, FEW, 1, OUT(WORK_COMMUNITY), "two years at full strength"},
    {"krachtstroom", 2, 0, FEW, 1, OUT(BUDGET_RESIDENTS), "two years at full strength"},
    {"krachtstroom", 3, 0, FEW, 1, OUT(WORK_COMMON_TASK), "the task takes hours"},
    {"krachtstroom", 4, 0, FEW, -1, OUT(WORK_COMMUNITY), "then a tail, no longer full strength"},
    {"krachtstroom", 5, 0, FEW, -1, OUT(BUDGET_RESIDENTS), "then a tail, no longer full strength"},
    {"debts", WHOLE, 0, FEW, 1, OUT(SEEN_DEBT), "arrears are passed on"},
    {"debts", WHOLE, 0, FEW, 1, OUT(HELP_FORMAL), "more hours help more of who accepts"},
    {"debts", WHOLE, 1, FEW, -1, OUT(DEBT_MONTHS), "help ends debts sooner, if one assumes it does"},
    {"debts", 0, 0, FEW, 1, OUT(SEEN_DEBT), "arrears are passed on"},
    {"debts", 1, 0, FEW, 1, OUT(WORK_DEBT), "hours are worked"},
    {"debts", 1, 0, FEW, -1, OUT(HELP_WAITING), "more hours, shorter queue"},
    {"restructuring", WHOLE, 0, FEW, 1, OUT(DISPLACED), "who lives there has to go"},
    {"restructuring", WHOLE, 0, FEW, 1, OUT(LETS_URGENT), "who had to go comes first elsewhere"},
    {"restructuring", WHOLE, 0, FEW, -1, OUT(LOW_IN_SOCIAL), "fewer social homes, fewer of low income in them"},
    {"restructuring", WHOLE, 0, FEW, 1, OUT(HOMES_OWNER), "half comes back to buy"},
    {"restructuring", WHOLE, 1, FEW, 1, OUT(LIVABILITY_ONV), "what was seen of the krachtwijken, if one assumes a size"},
    {"restructuring", 0, 0, FEW, 1, OUT(HOMES_SOCIAL), "half comes back social, not three in ten"},
    {"restructuring", 1, 0, FEW, 1, OUT(DISPLACED), "who lives there has to go"},
    {"restructuring", 2, 0, FEW, 1, OUT(DISPLACED), "who lives there has to go"},
    {"building", WHOLE, 0, FEW, 1, OUT(HOUSEHOLDS), "there is room for more"},
    {"building", WHOLE, 0, FEW, 1, OUT(FROM_OUTSIDE), "also for people from elsewhere"},
    {"building", 0, 0, FEW, 1, OUT(LOW_IN_SOCIAL), "low incomes find a home in them"},
    {"building", 1, 0, FEW, 1, OUT(LETS_PRIVATE), "they are let"},
    {"building", 2, 0, FEW, 1, OUT(SALES), "they are sold"},
    {"housing-first", 2, 0, MANY, 1, OUT(LETS_TASK), "who leaves youth care is housed"},
    {"housing-first", WHOLE, 0, SOME, 1, OUT(LETS_TASK), "more lets go to who leaves care"},
    {"housing-first", WHOLE, 0, SOME, 1, OUT(NEED_MENTAL), "who leaves care lives here now"},
    {"housing-first", 0, 0, SOME, 1, OUT(WORK_FIRST), "who was homeless is guided"},
    {"housing-first", 0, 0, SOME, 1, OUT(OPENED_INTENSIVE), "at once, whatever the queue"},
    {"housing-first", 0, 0, MANY, -1, OUT(SHELTER_MONTHS), "a home goes to who is homeless, so sooner"},
    {"housing-first", 1, 0, SOME, 1, OUT(NEED_MENTAL), "who leaves care lives here now"},
    {"housing-first", 3, 0, SOME, -1, TASK_OVER, "not only where homes fall empty"},
    {"housing-first", 4, 0, SOME, 1, OUT(WORK_PREVENTION), "a part of more hours is more hours"},
    {"inclusive-living", 2, 0, MANY, 1, NEEDY, "these homes are theirs"},
    {"inclusive-living", WHOLE, 0, SOME, 1, OUT(NEED_MENTAL), "who leaves care lives here now"},
    {"inclusive-living", WHOLE, 0, MANY, -1, TASK_OVER, "every area takes its share"},
    {"inclusive-living", 0, 0, SOME, 1, OUT(NEED_MENTAL), "who leaves care lives here now"},
    {"inclusive-living", 1, 0, SOME, -1, TASK_OVER, "every area takes its share"},
    {"inclusive-living", 3, 0, SOME, 1, OUT(WORK_RECEPTION), "newcomers are guided"},
};

/* What more or other people at work may move where they have no effect: who is seen, helped and
 * waits, hours, what is mended, and the trust that an unanswered report costs. */
static const wijk_outcome helping[] = {
    OUT(HIDDEN), OUT(HELP_INFORMAL), OUT(HELP_WAITING), OUT(HELP_FORMAL), OUT(HELP_INTENSIVE),
    OUT(TRUST_SUM), OUT(UPKEEP_SUM), OUT(SEEN_NEIGHBOUR), OUT(SEEN_MANAGER), OUT(SEEN_VISIT),
    OUT(SEEN_DEBT), OUT(SEEN_AGENT), OUT(SEEN_SELF), OUT(SEEN_PREVENTION), OUT(ACCEPTED),
    OUT(OPENED_INFORMAL), OUT(QUEUED), OUT(OPENED_FORMAL), OUT(OPENED_INTENSIVE), OUT(CLOSED),
    OUT(GAVE_UP), OUT(WAITED), OUT(VISITS), OUT(UNANSWERED), OUT(WORK_CASES), OUT(WORK_PREVENTION),
    OUT(WORK_DEBT), OUT(WORK_MANAGEMENT), OUT(WORK_VISITS), OUT(WORK_VISITS_OTHER), OUT(WORK_HANDOVER), OUT(WORK_IDLE)};
static const wijk_outcome streets[] = {OUT(WORK_COMMUNITY), OUT(WORK_COMMON_TASK), OUT(BUDGET_RESIDENTS)};
/* clang-format on */

#define LIST(a) a, sizeof(a) / sizeof *(a)
static const struct {
    const char *scenario, *beside; /* NULL: doing nothing */
    const wijk_outcome *may;
    size_t n;
} left_over[] = {
    {"do-nothing", NULL, NULL, 0},
    {"support-only", NULL, LIST(helping)},
    {"social-management", NULL, LIST(helping)},
    {"shared-staff", NULL, LIST(helping)},
    {"ring-fenced-prevention", NULL, LIST(helping)},
    {"both", "mix-only", LIST(helping)},
    {"krachtstroom", NULL, LIST(streets)},
    {"debts", NULL, LIST(helping)},
};

static wijk_population *town;
static wijk_parameters at[2]; /* all effects at none, and at their strong ends */

static int set_up(void **state)
{
    (void)state;
    double low[WIJK_PARAMETERS], high[WIJK_PARAMETERS];
    wijk_dictionary *dictionary;
    fine(wijk_dictionary_open(&dictionary));
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        low[i] = wijk_dictionary_row(dictionary, (wijk_parameter)i)->low;
        high[i] = wijk_dictionary_row(dictionary, (wijk_parameter)i)->high;
    }
    wijk_dictionary_free(dictionary);
    for (int strong = 0; strong < 2; strong++) {
        at[strong] = defaults();
        breakeven_set(&at[strong], low, high, strong);
        at[strong].value[WIJK_P_ONV_RESTRUCTURED] = strong ? high[WIJK_P_ONV_RESTRUCTURED] : 0;
    }
    town = town_of(1, AREAS, HOMES, &at[0]);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    wijk_population_free(town);
    return 0;
}

/* The scenario without one of its changes, as on a run; 0 when it is refused so. */
static int bound(wijk_scenario *out, const char *name, int without)
{
    wijk_scenario_file *file;
    const wijk_scenario_options options = {.population = town, .first = -1, .months = MONTHS};
    fine(wijk_scenario_open(&file, name));
    if (without >= 0) {
        fine(wijk_scenario_remove(file, (size_t)without));
    }
    int rc = wijk_scenario_count(file) > 0 ? wijk_scenario_bind(out, file, &options) : WIJK_OK;
    wijk_scenario_free(file);
    return rc == WIJK_OK;
}

/* Sum over blocks of the squares of what they have of low incomes beyond their size. */
static int64_t apart(const wijk_foresee *run)
{
    const foresee_state *s = &run->state;
    int64_t low = 0, all = 0, sum = 0;
    for (int count = 1; count >= 0; count--) {
        for (size_t block = 0; block < town->first[AREAS]; block++) {
            int64_t own_low = 0, own = 0;
            for (size_t slot = block * BLOCK; slot < (block + 1) * BLOCK; slot++) {
                own += s->kind[slot] != WIJK_NOBODY;
                own_low += s->kind[slot] != WIJK_NOBODY &&
                           (s->status[slot] & STATUS_INCOME) == WIJK_INCOME_LOW;
            }
            int64_t more = count ? 0 : 100 * (own_low * all - own * low) / all;
            sum += more * more;
            low += count ? own_low : 0;
            all += count ? own : 0;
        }
    }
    return sum;
}

/* Lets to who comes with a task beyond one and a half times an area's part of them by its homes, in
 * permille, summed over areas and years. */
static int64_t task_over(const wijk_foresee *run)
{
    int64_t homes = 0, sum = 0;
    for (size_t a = 0; a < AREAS; a++) {
        homes += town->areas[a].homes;
    }
    for (size_t p = 1; p < wijk_foresee_periods(run); p++) {
        int64_t all = in_areas(run, town, p, OUT(LETS_TASK));
        for (size_t a = 0; a < AREAS; a++) {
            int64_t part = 1500 * all * town->areas[a].homes / homes;
            int64_t over = 1000 * wijk_foresee_area_count(run, p, a, OUT(LETS_TASK)) - part;
            sum += over > 0 ? over : 0;
        }
    }
    return sum;
}

/* Social tenants whom a home near a support point is for. */
static int64_t needy(const wijk_foresee *run)
{
    const foresee_state *s = &run->state;
    int64_t n = 0;
    for (size_t slot = 0; slot < (size_t)town->first[AREAS] * BLOCK; slot++) {
        n += s->kind[slot] != WIJK_NOBODY && tenure_of(s->home[slot]) == WIJK_SOCIAL &&
             (s->needs[slot] & (WIJK_NEED_MENTAL | WIJK_NEED_FRAIL | WIJK_NEED_MILD)) != 0;
    }
    return n;
}

/* What happens in every world, over all years; NULL: doing nothing. */
static int happens(told out, const char *name, int without, int strong, int pairs)
{
    wijk_scenario scenario = {0};
    if (name && !bound(&scenario, name, without)) {
        return 0;
    }
    for (int pair = 0; pair < pairs; pair++) {
        const wijk_foresee_options options = {.seed = 7,
                                              .replicate = (uint32_t)pair,
                                              .months = MONTHS,
                                              .period = WIJK_PER_YEAR,
                                              .threads = 1};
        wijk_foresee *run;
        fine(wijk_foresee_new(&run, town, &at[strong], &scenario, &options));
        fine(wijk_foresee_to(run, MONTHS, NULL));
        for (int o = 0; o < WIJK_OUTCOMES; o++) {
            out[pair][o] = ever(run, town, (wijk_outcome)o);
        }
        out[pair][LETS_MISFIT] = out[pair][WIJK_OUT_LETS_LOW] - out[pair][WIJK_OUT_LETS_FIT];
        out[pair][APART] = apart(run);
        out[pair][TASK_OVER] = task_over(run);
        out[pair][NEEDY] = needy(run);
        wijk_foresee_free(run);
    }
    wijk_scenario_release(&scenario);
    return 1;
}

/* Whether the second differs from the first, that way, beyond chance. */
static int goes(const told before, const told after, const claim *c)
{
    double sum = 0, squares = 0;
    for (int pair = 0; pair < c->pairs; pair++) {
        double by = (double)(after[pair][c->moves] - before[pair][c->moves]);
        sum += by;
        squares += by * by;
    }
    double mean = sum / c->pairs, variance = (squares - sum * mean) / (c->pairs - 1);
    return mean * c->way > 0 && fabs(mean) > SURE * sqrt(fmax(variance, 0) / c->pairs);
}

static int claimed(const char *scenario, int line)
{
    int found = 0;
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        found |= strcmp(claims[i].scenario, scenario) == 0 && claims[i].line == line;
    }
    return found;
}

/* A scenario or line that is added here has to say what it does. */
static void every_line_has_a_claim(void **state)
{
    (void)state;
    char name[NAME];
    for (size_t i = 0; wijk_scenario_shipped(name, sizeof name, i); i++) {
        wijk_scenario_file *file;
        fine(wijk_scenario_open(&file, name));
        int lines = (int)wijk_scenario_count(file);
        for (int line = lines > 0 ? WHOLE : 0; line < lines; line++) {
            if (!claimed(name, line)) {
                fail_msg("%s, change %d: nothing is claimed of it", name, line);
            }
        }
        assert_false(claimed(name, lines));
        wijk_scenario_free(file);
    }
}

static void every_claim_holds(void **state)
{
    (void)state;
    static told whole, without, nothing[2];
    int wrong = 0;
    assert_true(happens(nothing[0], NULL, WHOLE, 0, MANY));
    assert_true(happens(nothing[1], NULL, WHOLE, 1, MANY));
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
        const claim *c = &claims[i], *before = i > 0 ? c - 1 : c;
        int known = i > 0 && c->strong == before->strong && c->pairs == before->pairs &&
                    !strcmp(c->scenario, before->scenario);
        assert_true(known || happens(whole, c->scenario, WHOLE, c->strong, c->pairs));
        int refused =
            c->line != WHOLE && !happens(without, c->scenario, c->line, c->strong, c->pairs);
        told *other = c->line == WHOLE ? &nothing[c->strong] : &without;
        int holds = c->moves == REFUSED ? refused : !refused && goes(*other, whole, c);
        if (!holds) {
            print_error("%s, change %d: %s\n", c->scenario, c->line, c->how);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void nothing_but_mechanics_is_left(void **state)
{
    (void)state;
    static told one, other;
    for (size_t i = 0; i < sizeof left_over / sizeof *left_over; i++) {
        assert_true(happens(one, left_over[i].scenario, WHOLE, 0, FEW));
        assert_true(happens(other, left_over[i].beside, WHOLE, 0, FEW));
        for (int o = 0; o < WIJK_OUTCOMES; o++) {
            int may = 0;
            for (size_t k = 0; k < left_over[i].n; k++) {
                may |= (int)left_over[i].may[k] == o;
            }
            for (int pair = 0; !may && pair < FEW; pair++) {
                if (one[pair][o] != other[pair][o]) {
                    fail_msg("%s moves %s without any effect", left_over[i].scenario,
                             wijk_outcome_key((wijk_outcome)o));
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_has_a_claim),
        cmocka_unit_test(every_claim_holds),
        cmocka_unit_test(nothing_but_mechanics_is_left),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
