/* Every lever does what it says: one row each, with the outcome it moves first, which way, and by
 * what. In a made-up town of two regions, the same world with and without, so that the difference
 * is the lever's; assumed effects are put on where the lever has no other way to work. */
#include "foresee_town.h"

#include "foresee/run.h"
#include "wijk/lever.h"

enum { REGIONS = 2, AREAS = 4, HOMES = 450, MONTHS = 36, BASE_MOST = 2, FEWEST = 5 };

/* No outcome tells it: households with a need in homes that are let as mixed living. */
#define VULNERABLE_IN_MIX WIJK_OUTCOMES
/* Nor this: social homes let to a household of the other region. */
#define LETS_TO_OTHER_REGIONS (wijk_outcome)(WIJK_OUTCOMES + 1)

typedef struct {
    wijk_lever lever;
    double value;
} turn;

typedef struct {
    const char *how;       /* why the outcome moves; NULL: a lever without a row */
    double off, on;        /* the lever, in the unit of wijk/lever.h */
    wijk_outcome moves;    /* over all periods, areas and waiting lists */
    int percent;           /* by at least this share of what it was without, up or (below 0) down */
    turn base[BASE_MOST];  /* what both worlds have; rows of value 0 are none */
    wijk_parameter effect; /* 0: none is put on */
    double strength;
} expectation;

#define OUT(name)   WIJK_OUT_##name
#define LEVER(name) WIJK_LEVER_##name

/* clang-format off */
static const expectation table[WIJK_LEVERS] = {
    [LEVER(BUILD_SOCIAL)] = {"homes for lower rents are added", 0, 200, OUT(LETS), 50, {{0, 0}}, 0, 0},
    [LEVER(BUILD_OWNER)] = {"homes to buy are added", 0, 200, OUT(SALES), 50, {{0, 0}}, 0, 0},
    [LEVER(BUILD_PRIVATE)] = {"homes for middle rents are added", 0, 200, OUT(LETS_PRIVATE), 50, {{0, 0}}, 0, 0},
    [LEVER(DEMOLISH)] = {"who lived there must go", 0, 200, OUT(DISPLACED), 100, {{0, 0}}, 0, 0},
    [LEVER(SELL)] = {"a home that is left is sold", 0, 200, OUT(SOLD), 100, {{0, 0}}, 0, 0},
    [LEVER(LIBERALISE)] = {"a home that is left is let freely", 0, 200, OUT(LIBERALISED), 100, {{0, 0}}, 0, 0},
    [LEVER(RENOVATE)] = {"upkeep is as new", 0, 200, OUT(UPKEEP_SUM), 5, {{0, 0}}, 0, 0},
    [LEVER(RESTRUCTURE)] = {"other homes come back on the spot", 0, 200, OUT(HOMES_OWNER), 5, {{0, 0}}, 0, 0},
    [LEVER(RESTRUCTURE_SOCIAL)] = {"more of what comes back is social", 30, 100, OUT(HOMES_SOCIAL), 10, {{LEVER(RESTRUCTURE), 200}}, 0, 0},
    [LEVER(RENT_RESET)] = {"a higher rent does not fit low incomes", 0, 100, OUT(LETS_LOW), -20, {{0, 0}}, 0, 0},
    [LEVER(TWO_RENT)] = {"low incomes pay the lower of two rents", 0, 100, OUT(LETS_LOW), 20, {{0, 0}}, 0, 0},
    [LEVER(PASSEND)] = {"dear homes are open to low incomes", 95, 0, OUT(LETS_LOW), 20, {{0, 0}}, 0, 0},
    [LEVER(FREE_ROOM)] = {"middle incomes may have social homes", 7.5, 50, OUT(LETS_FREE), 100, {{0, 0}}, 0, 0},
    [LEVER(URGENCY)] = {"the urgent go first in more lets", 0, 100, OUT(LETS_URGENT), 8, {{LEVER(NEWCOMER_TASK), 30}, {LEVER(OUTFLOW_SHELTER), 25}}, 0, 0},
    [LEVER(NEWCOMER_TASK)] = {"more lets are for permit holders", 7, 50, OUT(LETS_NEWCOMER), 100, {{0, 0}}, 0, 0},
    [LEVER(LOTTERY)] = {"more lets are drawn by lot", 10, 50, OUT(LETS_LOTTERY), 100, {{0, 0}}, 0, 0},
    [LEVER(LOCAL_PRIORITY)] = {"who lives in the area goes before who comes from elsewhere", 0, 100, OUT(LETS_LOCAL), 100, {{0, 0}}, 0, 0},
    [LEVER(REGIONAL_MARKET)] = {"homes are let to other regions", 0, 100, LETS_TO_OTHER_REGIONS, 50, {{0, 0}}, WIJK_P_OUTSIDE_SOCIAL, 0.001},
    [LEVER(LABEL_OLDER)] = {"homes wait for older households", 0, 80, OUT(EMPTY_MONTHS_SOCIAL), 50, {{0, 0}}, 0, 0},
    [LEVER(LABEL_YOUNG)] = {"homes wait for young households", 0, 80, OUT(EMPTY_MONTHS_SOCIAL), 30, {{0, 0}}, 0, 0},
    [LEVER(SPREADING_CAP)] = {"who has priority is sent on", 100, 1, OUT(CAPPED_OUT), 100, {{0, 0}}, 0, 0},
    [LEVER(MIX_TARGET)] = {"the first on the list is passed over", 0, 50, OUT(PASSED_OVER), 100, {{0, 0}}, 0, 0},
    [LEVER(SCREENING)] = {"who has a record is refused", 0, 50, OUT(SCREENED_OUT), 100, {{0, 0}}, 0, 0},
    [LEVER(MAGIC_MIX)] = {"homes are let as mixed living", 0, 50, OUT(LETS_MIX), 100, {{0, 0}}, 0, 0},
    [LEVER(MIX_RATIO)] = {"mixed homes are for people who carry", 0, 10, VULNERABLE_IN_MIX, -10, {{LEVER(MAGIC_MIX), 100}}, 0, 0},
    [LEVER(COMMON_TASK)] = {"doing things together makes ties", 0, 20, OUT(TIES_MADE), 10, {{LEVER(MAGIC_MIX), 100}}, WIJK_P_TIE_TASK, 5},
    [LEVER(SOCIAL_MANAGEMENT)] = {"a manager sees who is in trouble", 1, 10, OUT(SEEN_MANAGER), 100, {{0, 0}}, 0, 0},
    [LEVER(VISIT_COVERAGE)] = {"a visit finds who is in trouble", 0, 50, OUT(SEEN_VISIT), 100, {{0, 0}}, 0, 0},
    [LEVER(VISIT_BY_STREET)] = {"every door of a street has its turn", 0, 1, OUT(SEEN_VISIT), 5, {{LEVER(VISIT_COVERAGE), 100}}, WIJK_P_SEE_VISIT, 1},
    [LEVER(DEBT_SIGNALLING)] = {"arrears are passed on", 20, 100, OUT(SEEN_DEBT), 50, {{0, 0}}, 0, 0},
    [LEVER(DEBT_TEAM)] = {"there are hours for debt cases", 0, 10, OUT(WAITED), -50, {{0, 0}}, 0, 0},
    [LEVER(WIJKTEAM)] = {"there are hours for cases", 0, 10, OUT(WORK_CASES), 100, {{0, 0}}, 0, 0},
    [LEVER(PREVENTION)] = {"a team that goes out sees more", 20, 80, OUT(SEEN_PREVENTION), 50, {{0, 0}}, 0, 0},
    [LEVER(RING_FENCE)] = {"a queue does not eat prevention", 0, 1, OUT(WORK_PREVENTION), 25, {{LEVER(WIJKTEAM), 0.1}, {LEVER(WIJKAGENT), 1000}}, 0, 0},
    [LEVER(MEDIATION)] = {"quarrels are settled", 0, 50, OUT(NUISANCE_SUM), -10, {{0, 0}}, 0, 0},
    [LEVER(COMMUNITY_HOURS)] = {"hours are worked", 40, 400, OUT(WORK_COMMUNITY), 100, {{0, 0}}, 0, 0},
    [LEVER(RESIDENTS_BUDGET)] = {"money is spent", 0, 100, OUT(BUDGET_RESIDENTS), 100, {{0, 0}}, 0, 0},
    [LEVER(SHARED_POSTS)] = {"no hand-over is needed", 0, 50, OUT(WORK_HANDOVER), -40, {{0, 0}}, 0, 0},
    [LEVER(WIJKAGENT)] = {"an officer sees who is in trouble", 30, 1000, OUT(SEEN_AGENT), 100, {{0, 0}}, 0, 0},
    [LEVER(LIVABILITY_CAP)] = {"there is no money for managers", 1000, 1, OUT(SEEN_MANAGER), -90, {{0, 0}}, 0, 0},
    [LEVER(HOUSING_FIRST)] = {"a home comes with intensive help", 0, 50, OUT(WORK_FIRST), 100, {{LEVER(OUTFLOW_SHELTER), 25}}, 0, 0},
    [LEVER(RECEPTION)] = {"newcomers settle sooner", 0, 20, OUT(END_NEWCOMER), 50, {{LEVER(NEWCOMER_TASK), 50}}, WIJK_P_RECEPTION_SETTLES, 3},
    [LEVER(OUTFLOW_MENTAL)] = {"people come from mental care", 0, 25, OUT(NEED_MENTAL), 50, {{0, 0}}, 0, 0},
    [LEVER(OUTFLOW_YOUTH)] = {"people come from youth care", 0, 25, OUT(AGE_24), 50, {{0, 0}}, 0, 0},
    [LEVER(OUTFLOW_SHELTER)] = {"people come from shelter", 0, 25, OUT(LETS_TASK), 100, {{0, 0}}, 0, 0},
    [LEVER(OUTFLOW_SHARE)] = {"no area takes more than its share", 1000, 1, OUT(LETS_TASK), -50, {{LEVER(OUTFLOW_MENTAL), 25}}, 0, 0},
    [LEVER(KNARRENHOF)] = {"who chose each other knows each other", 0, 200, OUT(TIES_MADE), 3, {{0, 0}}, WIJK_P_TIE_COURT, 5},
    [LEVER(GESPIKKELD)] = {"homes wait for people with a need", 0, 200, OUT(EMPTY_MONTHS_SOCIAL), 30, {{0, 0}}, 0, 0},
    [LEVER(STREETS)] = {"hours are kept to some streets", 0, 150, OUT(WORK_COMMUNITY), -50, {{LEVER(COMMUNITY_HOURS), 400}}, 0, 0},
};
/* clang-format on */

static int64_t vulnerable_in_mix(const foresee_state *s)
{
    int64_t n = 0;
    for (size_t i = 0; i < s->slots; i++) {
        n += s->kind[i] != WIJK_NOBODY && label_of(s->home[i]) == WIJK_LABEL_MIX &&
             (s->needs[i] & NEED_ALL) != 0;
    }
    return n;
}

static int64_t let_to_other_regions(const foresee_run *run)
{
    int64_t n = 0;
    for (size_t r = 0; r < REGIONS; r++) {
        for (size_t i = 0; i < run->moves[r].n; i++) {
            n += tenure_of(run->state.home[run->moves[r].rows[i].to]) == WIJK_SOCIAL;
        }
    }
    return n;
}

static int64_t moved(const wijk_population *town, const expectation *row, wijk_lever lever,
                     double value)
{
    wijk_parameters p = defaults();
    if (row->strength > 0) {
        p.value[row->effect] = row->strength;
    }
    wijk_change changes[1 + BASE_MOST];
    size_t n = 0;
    for (size_t i = 0; i < BASE_MOST && row->base[i].value > 0; i++) {
        changes[n++] = (wijk_change){.lever = row->base[i].lever, .value = row->base[i].value};
    }
    changes[n++] = (wijk_change){.lever = lever, .value = value};
    wijk_foresee *run = run_of(town, &p, changes, n, MONTHS, 1);
    for (size_t r = 0; lever == WIJK_LEVER_REGIONAL_MARKET && r < REGIONS; r++) {
        run->regions[r].elsewhere = UINT32_MAX; /* as if these two were the country */
    }
    int64_t told = 0;
    for (uint32_t month = 1; month <= MONTHS; month++) {
        fine(wijk_foresee_to(run, month, NULL));
        told += row->moves == LETS_TO_OTHER_REGIONS ? let_to_other_regions(run) : 0;
    }
    if (row->moves == VULNERABLE_IN_MIX) {
        told = vulnerable_in_mix(&run->state);
    } else if (row->moves != LETS_TO_OTHER_REGIONS) {
        told = ever(run, town, row->moves);
    }
    wijk_foresee_free(run);
    return told;
}

static void every_lever_moves_its_outcome_the_right_way(void **state)
{
    (void)state;
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(REGIONS, AREAS, HOMES, &p);
    int wrong = 0;
    for (int i = 0; i < WIJK_LEVERS; i++) {
        const expectation *row = &table[i];
        const char *key = wijk_lever_get((wijk_lever)i)->key;
        if (row->how == NULL) {
            print_error("%s: no row in the table\n", key);
            wrong++;
            continue;
        }
        int64_t off = moved(town, row, (wijk_lever)i, row->off);
        int64_t on = moved(town, row, (wijk_lever)i, row->on);
        int64_t sign = row->percent < 0 ? -1 : 1, by = sign * (on - off);
        if (by < FEWEST || by * 100 < sign * row->percent * off) {
            print_error("%s, %g instead of %g (%s): %lld became %lld, meant %+d%%\n", key, row->on,
                        row->off, row->how, (long long)off, (long long)on, row->percent);
            wrong++;
        }
    }
    wijk_population_free(town);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lever_moves_its_outcome_the_right_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
