/* What the processes say about who, and in which order: each case is built so that the answer is
 * known without the model. A factor of nought must silence exactly those it speaks of, a ceiling
 * must hold, a queue must be in order. Laws of more and less stand in test_foresee_laws.c. */
#include "foresee_town.h"

#include "foresee/allot.h"
#include "foresee/run.h"
#include "foresee/state.h"

#include <math.h>
#include <stdlib.h>

enum { HOMES = 320, AREAS_HERE = 3, YEAR = 12 };

/* One region, one team; all homes and households of an area alike. */
static wijk_population *alike(const wijk_home *homes, const wijk_household *who, size_t areas,
                              const wijk_parameters *p)
{
    wijk_foresee_area area[AREAS_HERE];
    wijk_foresee_region region = {.code = "GM0001"};
    wijk_population *town;
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        region.leave[band] = 0;
        region.come[band] = -1;
    }
    for (size_t i = 0; i < areas; i++) {
        area[i] = (wijk_foresee_area){.homes = HOMES};
        snprintf(area[i].code, sizeof area[i].code, "BU%04u", (unsigned)i);
    }
    fine(wijk_population_new(&town, area, areas, &region, 1));
    for (size_t i = 0; i < areas; i++) {
        for (int h = 0; h < HOMES; h++) {
            fine(wijk_population_add(town, i, &homes[i], &who[i], 1));
        }
    }
    fine(wijk_population_finish(town, p, 5));
    return town;
}

static const wijk_home social = {.tenure = WIJK_SOCIAL, .size = 3, .price = WIJK_PRICE_FIRST};
static const wijk_household single = {
    .composition = WIJK_SINGLE, .age = 40, .income = WIJK_INCOME_LOW, .months = 60};

static int64_t sum_in(const wijk_foresee *run, size_t area, wijk_outcome outcome)
{
    int64_t sum = 0;
    for (size_t period = 1; period < wijk_foresee_periods(run); period++) {
        sum += wijk_foresee_area_count(run, period, area, outcome);
    }
    return sum;
}

/* Slots of an area in a run. */
static size_t first_of(const wijk_foresee *run, size_t area)
{
    return (size_t)run->places[run->area_place[area]].block * BLOCK;
}

/* Area 0 is as the factor speaks of, area 1 is not: at nought nobody in area 0 begins to search and
 * in area 1 people do. */
static void silences_search(wijk_parameter factor, const wijk_home homes[2],
                            const wijk_household who[2])
{
    wijk_parameters p = still();
    p.value[WIJK_P_SEARCH_SOCIAL] = 0.5;
    p.value[factor] = 0;
    p.value[WIJK_P_REACT] = 0; /* nobody moves, so areas stay as they are */
    wijk_population *town = alike(homes, who, 2, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    fine(wijk_foresee_to(run, YEAR, NULL));
    assert_int_equal(sum_in(run, 0, WIJK_OUT_BEGAN_SEARCH), 0);
    assert_true(sum_in(run, 1, WIJK_OUT_BEGAN_SEARCH) > HOMES / 4);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static void test_who_searches(void **state)
{
    (void)state;
    const wijk_home same[2] = {social, social};
    wijk_home small = social;
    small.size = 1;
    const wijk_home crowded[2] = {small, social};
    wijk_household old = single, young = single, family = single;
    old.age = 70;
    old.composition = WIJK_OLDER_SINGLE;
    young.age = 28;
    family.composition = WIJK_FAMILY;
    family.children = 1;
    silences_search(WIJK_P_SEARCH_OLD, same, (const wijk_household[2]){old, single});
    silences_search(WIJK_P_SEARCH_YOUNG, same, (const wijk_household[2]){young, single});
    /* three persons are one too many for one room and not for three */
    silences_search(WIJK_P_SEARCH_CROWDED, crowded, (const wijk_household[2]){family, family});
}

/* Who is not of the income of the middle household of its area searches by search_mismatch. */
static void test_who_is_out_of_place(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_SEARCH_SOCIAL] = 0.5;
    p.value[WIJK_P_SEARCH_MISMATCH] = 0;
    p.value[WIJK_P_REACT] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    foresee_state *s = &run->state;
    size_t first = first_of(run, 0);
    for (size_t i = 0; i < HOMES / 4; i++) {
        s->status[first + i] =
            (uint8_t)((s->status[first + i] & ~STATUS_INCOME) | WIJK_INCOME_HIGH);
    }
    fine(wijk_foresee_to(run, YEAR, NULL));
    int64_t here = 0;
    for (size_t i = 0; i < HOMES; i++) {
        int searches = (s->status[first + i] & STATUS_SEARCH) != 0;
        assert_true(i >= HOMES / 4 || !searches);
        here += searches;
    }
    assert_true(here > HOMES / 8);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* ---- ties -------------------------------------------------------------- */

static wijk_parameters only_ties(void)
{
    wijk_parameters p = still();
    p.value[WIJK_P_TIE_FORM] = 0.2;
    p.value[WIJK_P_TIE_FADE] = p.value[WIJK_P_AWAY_FORM] = p.value[WIJK_P_AWAY_FADE] = 0;
    return p;
}

/* A run in which nobody knows anybody yet. */
static wijk_foresee *strangers(const wijk_population *town, const wijk_parameters *p)
{
    wijk_foresee *run = run_of(town, p, NULL, 0, YEAR, 1);
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        foresee_tie_break_all(&run->state, slot);
    }
    return run;
}

/* Whoever has fewer than two ties tries tie_new as often: at nought strangers stay strangers, and
 * with few ties all round four times as often makes about four times as many. */
static void test_first_ties(void **state)
{
    (void)state;
    wijk_parameters p = only_ties();
    p.value[WIJK_P_TIE_FORM] = 0.01;
    wijk_population *town = alike(&social, &single, 1, &p);
    int64_t made[3];
    for (int k = 0; k < 3; k++) {
        p.value[WIJK_P_TIE_NEW] = k == 2 ? 4 : k;
        wijk_foresee *run = strangers(town, &p);
        fine(wijk_foresee_to(run, YEAR, NULL));
        made[k] = sum_in(run, 0, WIJK_OUT_TIES_MADE);
        wijk_foresee_free(run);
    }
    print_message("ties made: %lld, %lld, %lld\n", (long long)made[0], (long long)made[1],
                  (long long)made[2]);
    assert_int_equal(made[0], 0);
    assert_true(made[1] > 10 && made[2] > made[1] * 5 / 2 && made[2] < made[1] * 6);
    wijk_population_free(town);
}

/* With whom: in the block or in the area; and with who came lately tie_stay as easily. */
static void test_with_whom(void **state)
{
    (void)state;
    wijk_household lately = single;
    lately.months = 1;
    wijk_parameters p = only_ties();
    const wijk_home homes[2] = {social, social};
    wijk_population *town = alike(homes, (const wijk_household[2]){lately, single}, 2, &p);
    p.value[WIJK_P_TIE_STAY] = 0;
    for (int block = 0; block < 2; block++) {
        p.value[WIJK_P_TIE_BLOCK] = block;
        wijk_foresee *run = strangers(town, &p);
        fine(wijk_foresee_to(run, YEAR, NULL));
        assert_int_equal(sum_in(run, 0, WIJK_OUT_TIES_MADE), 0);
        int64_t made = sum_in(run, 1, WIJK_OUT_TIES_MADE), outside = 0;
        size_t first = first_of(run, 1);
        for (size_t slot = first; slot < first + HOMES; slot++) {
            for (unsigned n = 0; n < degree_of(run->state.contacts[slot]); n++) {
                size_t with = (size_t)((ptrdiff_t)slot + *tie_at(&run->state, slot, n));
                outside += with > slot && with / BLOCK != slot / BLOCK;
            }
        }
        assert_true(made > HOMES / 4);
        /* of ten blocks, nine in ten ties over the area lead to another */
        assert_true(block ? outside == 0 : outside > made * 8 / 10);
        wijk_foresee_free(run);
    }
    wijk_population_free(town);
}

/* ---- life -------------------------------------------------------------- */

/* When the one adult of a household with children dies, the eldest child stays, and is eighteen. */
static void test_the_eldest_takes_over(void **state)
{
    (void)state;
    wijk_household parent = single;
    parent.composition = WIJK_ONE_PARENT;
    parent.children = 2;
    wijk_parameters p = still();
    p.value[WIJK_P_DEATH_80] = 0.9;
    p.value[WIJK_P_DEATH_GROWTH] = 1; /* at every age as at eighty */
    wijk_population *town = alike(&social, &parent, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    fine(wijk_foresee_to(run, 1, NULL));
    size_t first = first_of(run, 0), orphans = 0;
    for (size_t slot = first; slot < first + HOMES; slot++) {
        int lost = children_of(run->state.kind[slot]) == 1;
        orphans += lost;
        assert_true(lost ? run->state.age[slot] == 18 : run->state.age[slot] >= 40);
    }
    assert_true(orphans > HOMES / 20);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Two who live alone among couples: they join when their ages are near, in the home of one, with
 * the higher income, the needs of both and the strain between. */
static void test_who_joins(void **state)
{
    (void)state;
    wijk_household couple = single;
    couple.composition = WIJK_COUPLE;
    wijk_parameters p = still();
    p.value[WIJK_P_PARTNERSHIP_34] = p.value[WIJK_P_PARTNERSHIP_64] = 1;
    p.value[WIJK_P_DEBT_END] = p.value[WIJK_P_MENTAL_END] = 0;
    wijk_population *town = alike(&social, &couple, 1, &p);
    for (int near = 0; near < 2; near++) {
        wijk_foresee *run = run_of(town, &p, NULL, 0, 1, 1);
        foresee_state *s = &run->state;
        size_t a = first_of(run, 0), b = a + 50;
        s->kind[a] = s->kind[b] = kind_of(WIJK_SINGLE, 0);
        s->age[a] = 30;
        s->age[b] = near ? 36 : 45;
        s->status[a] = WIJK_INCOME_LOW;
        s->status[b] = WIJK_INCOME_HIGH;
        s->needs[a] = WIJK_NEED_DEBT;
        s->needs[b] = WIJK_NEED_MENTAL;
        s->strain[a] = 100;
        s->strain[b] = 51;
        fine(wijk_foresee_to(run, 1, NULL));
        assert_int_equal(sum_in(run, 0, WIJK_OUT_PARTNERSHIPS), near);
        assert_int_equal(s->kind[a], kind_of(near ? WIJK_COUPLE : WIJK_SINGLE, 0));
        assert_int_equal(s->kind[b], near ? WIJK_NOBODY : kind_of(WIJK_SINGLE, 0));
        assert_int_equal(s->status[a] & STATUS_INCOME, near ? WIJK_INCOME_HIGH : WIJK_INCOME_LOW);
        assert_int_equal(s->needs[a], WIJK_NEED_DEBT | (near ? WIJK_NEED_MENTAL : 0));
        assert_int_equal(s->strain[a], near ? 76 : 100);
        fine(wijk_foresee_check(run));
        wijk_foresee_free(run);
    }
    wijk_population_free(town);
}

/* ---- moving ------------------------------------------------------------ */

/* What a household takes along, and what stays behind: arrears and judgment are of the old home,
 * and who has moved looks no more. */
static void test_what_moves_along(void **state)
{
    (void)state;
    const wijk_parameters p = still();
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 1, 1);
    foresee_state *s = &run->state;
    size_t from = first_of(run, 0), to = from + 40;
    foresee_here here;
    foresee_here_at(&here, run, run->area_place[0]);
    foresee_vacate(&here, to);
    uint32_t id = s->id[from], home = s->home[to];
    s->needs[from] = WIJK_NEED_DEBT | NEED_ARREARS | NEED_JUDGMENT;
    s->status[from] = with_support(WIJK_INCOME_DAEB | STATUS_SEARCH | STATUS_URGENT, HELP_FORMAL);
    s->help[from] = 4;
    s->strain[from] = 99;
    foresee_move_household(&here, from, &here, to);
    assert_int_equal(s->kind[from], WIJK_NOBODY);
    assert_int_equal(s->id[to], id);
    assert_int_equal(s->home[to], home);
    assert_int_equal(s->needs[to], WIJK_NEED_DEBT);
    assert_int_equal(s->status[to], with_support(WIJK_INCOME_DAEB, HELP_FORMAL));
    assert_int_equal(s->help[to], 4);
    assert_int_equal(s->strain[to], 99);
    assert_int_equal(s->months[to], 0);
    fine(wijk_foresee_check(run));
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* A home that fell empty is let when it is repaired, and no sooner. */
static void test_repair_comes_first(void **state)
{
    (void)state;
    enum { REPAIR = 3 };
    wijk_parameters p = still();
    p.value[WIJK_P_REPAIR_MONTHS] = REPAIR;
    p.value[WIJK_P_REACT] = 1;
    p.value[WIJK_P_REFUSE] = p.value[WIJK_P_STOP_SEARCH] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    foresee_state *s = &run->state;
    size_t slot = first_of(run, 0) + 40;
    foresee_here here;
    foresee_here_at(&here, run, run->area_place[0]);
    foresee_vacate(&here, slot);
    for (size_t i = 0; i < 20; i++) {
        s->status[first_of(run, 0) + i] |= STATUS_SEARCH;
    }
    for (uint32_t month = 1; month <= REPAIR; month++) {
        assert_int_equal(s->kind[slot], WIJK_NOBODY);
        fine(wijk_foresee_to(run, month, NULL));
    }
    assert_int_not_equal(s->kind[slot], WIJK_NOBODY);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* ---- help -------------------------------------------------------------- */

/* Everybody asks for help, and there are hours for a few. */
static wijk_parameters asking(void)
{
    wijk_parameters p = still();
    p.value[WIJK_P_STRAINED] = 0;
    p.value[WIJK_P_INTENSIVE_FROM] = 255;
    p.value[WIJK_P_SEE_SELF] = 0.05;
    p.value[WIJK_P_ACCEPT] = 1;
    p.value[WIJK_P_FORMAL_END] = 0.3;
    return p;
}

/* Who is helped has waited no less than anyone who waits on. */
static void test_longest_waiting_first(void **state)
{
    (void)state;
    const wijk_parameters p = asking();
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 2 * YEAR, 1);
    foresee_state *s = &run->state;
    size_t first = first_of(run, 0), helped_ever = 0, passed_months = 0;
    for (uint32_t month = 1; month <= 2 * YEAR; month++) {
        uint8_t waited[HOMES], was[HOMES];
        for (size_t i = 0; i < HOMES; i++) {
            waited[i] = s->help[first + i];
            was[i] = support_of(s->status[first + i]) == HELP_WAITING;
        }
        fine(wijk_foresee_to(run, month, NULL));
        int least = 256, most = -1;
        for (size_t i = 0; i < HOMES; i++) {
            unsigned now = support_of(s->status[first + i]);
            if (was[i] && now == HELP_FORMAL) {
                least = waited[i] < least ? waited[i] : least;
                helped_ever++;
            } else if (was[i] && now == HELP_WAITING) {
                most = waited[i] > most ? waited[i] : most;
            }
        }
        assert_true(least >= most);
        passed_months += least < 256 && least > 0 && most >= 0;
    }
    assert_true(helped_ever > 20 && passed_months > YEAR); /* there was a queue to keep in order */
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* All have debts, so the debt team is short of hours while the wijkteam has nothing to do. Cases
 * that were opened, with so many percent of hours shared. */
static int64_t opened_with(const wijk_population *town, const wijk_parameters *p, double shared)
{
    const wijk_change changes[] = {{.lever = WIJK_LEVER_WIJKTEAM, .value = 20},
                                   {.lever = WIJK_LEVER_DEBT_TEAM, .value = 1},
                                   {.lever = WIJK_LEVER_PREVENTION, .value = 0},
                                   {.lever = WIJK_LEVER_SHARED_POSTS, .value = shared}};
    wijk_foresee *run = run_of(town, p, changes, 4, 2 * YEAR, 1);
    fine(wijk_foresee_to(run, 2 * YEAR, NULL));
    int64_t opened = sum_in(run, 0, WIJK_OUT_OPENED_FORMAL);
    wijk_foresee_free(run);
    return opened;
}

static void test_shared_posts_lend(void **state)
{
    (void)state;
    wijk_parameters p = asking();
    wijk_household indebted = single;
    indebted.needs = WIJK_NEED_DEBT;
    p.value[WIJK_P_DEBT_END] = 0;
    p.value[WIJK_P_SHARED_GAIN] = p.value[WIJK_P_SHARED_OVERHEAD] = 0;
    wijk_population *town = alike(&social, &indebted, 1, &p);
    int64_t apart = opened_with(town, &p, 0), together = opened_with(town, &p, 100);
    print_message("cases opened: %lld apart, %lld together\n", (long long)apart,
                  (long long)together);
    assert_true(apart > 0 && together > 2 * apart);
    wijk_population_free(town);
}

/* Preventive hours stay when ring-fenced; else a queue past crowd_out eats all of them. */
static void test_ring_fence(void **state)
{
    (void)state;
    wijk_parameters p = asking();
    p.value[WIJK_P_CROWD_OUT] = 0.001;
    wijk_population *town = alike(&social, &single, 1, &p);
    for (int fenced = 0; fenced < 2; fenced++) {
        const wijk_change changes[] = {{.lever = WIJK_LEVER_PREVENTION, .value = 50},
                                       {.lever = WIJK_LEVER_RING_FENCE, .value = fenced}};
        wijk_foresee *run = run_of(town, &p, changes, 2, 2 * YEAR, 1);
        fine(wijk_foresee_to(run, 2 * YEAR, NULL));
        int64_t kept = wijk_foresee_area_count(run, 2, 0, WIJK_OUT_WORK_PREVENTION);
        /* one fte per 1,000 homes on 320 of them */
        double half = 0.5 * 0.32 * p.value[WIJK_P_PRODUCTIVE_HOURS] * 60 * YEAR;
        assert_true(wijk_foresee_area_count(run, 2, 0, WIJK_OUT_HELP_WAITING) > 0);
        assert_true(fenced ? fabs((double)kept - half) < 0.01 * half : kept == 0);
        wijk_foresee_free(run);
    }
    wijk_population_free(town);
}

/* Rounds by street: in its month all of a block are visited, and of the others nobody. */
static void test_rounds_by_street(void **state)
{
    (void)state;
    wijk_parameters p = asking();
    p.value[WIJK_P_SEE_SELF] = 0;
    p.value[WIJK_P_PRODUCTIVE_HOURS] = 0; /* no preventive visits, and nobody is helped */
    p.value[WIJK_P_SEE_VISIT] = 1;
    const wijk_home homes[AREAS_HERE] = {social, social, social};
    const wijk_household who[AREAS_HERE] = {single, single, single};
    wijk_population *town = alike(homes, who, AREAS_HERE, &p);
    const wijk_change changes[] = {{.lever = WIJK_LEVER_VISIT_COVERAGE, .value = 50},
                                   {.lever = WIJK_LEVER_VISIT_BY_STREET, .value = 1}};
    wijk_foresee *run = run_of(town, &p, changes, 2, YEAR, 1);
    fine(wijk_foresee_to(run, YEAR, NULL));
    int visited = 0, blocks = 0, of_area[AREAS_HERE] = {0};
    for (size_t slot = 0; slot < run->state.slots; slot += BLOCK) {
        int seen = 0, lived = 0;
        for (size_t i = 0; i < BLOCK; i++) {
            int home = tenure_of(run->state.home[slot + i]) != WIJK_NO_HOME;
            lived += home && run->state.kind[slot + i] != WIJK_NOBODY;
            seen += home && support_of(run->state.status[slot + i]) != HELP_NONE;
        }
        assert_true(seen == 0 || seen == lived);
        if (lived > 0) {
            visited += seen > 0;
            of_area[run->places[foresee_place_of(run, slot)].area] += seen > 0;
            blocks++;
        }
    }
    print_message("%d of %d blocks visited\n", visited, blocks);
    assert_int_equal(blocks, AREAS_HERE * HOMES / BLOCK);
    assert_true(abs(visited - blocks / 2) < 3 * sqrt(blocks / 4.0));
    for (int a = 0; a < AREAS_HERE; a++) { /* each block by a chance of its own */
        assert_in_range(of_area[a], 1, HOMES / BLOCK - 1);
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Housing managers come to tenants of corporations, neighbours to who has ties. */
static void test_who_is_seen_by_whom(void **state)
{
    (void)state;
    wijk_parameters p = asking();
    p.value[WIJK_P_SEE_SELF] = p.value[WIJK_P_FORMAL_END] = p.value[WIJK_P_TRUST_BACK] = 0;
    p.value[WIJK_P_SEE_MANAGER] = p.value[WIJK_P_SEE_NEIGHBOUR] = 0.02;
    p.value[WIJK_P_TIE_FORM] = p.value[WIJK_P_TIE_FADE] = 0;
    wijk_home owned = social;
    owned.tenure = WIJK_OWNER;
    owned.price = WIJK_PRICE_MIDDLE;
    const wijk_home homes[2] = {social, owned};
    wijk_population *town = alike(homes, (const wijk_household[2]){single, single}, 2, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    foresee_state *s = &run->state;
    for (size_t i = 0; i < HOMES; i++) { /* half of the owners are trusting, half are not */
        size_t slot = first_of(run, 1) + i;
        s->trust[slot] = i < HOMES / 2 ? 250 : 1;
        s->status[slot] = with_support(s->status[slot], HELP_NONE);
    }
    fine(wijk_foresee_to(run, YEAR, NULL));
    assert_true(sum_in(run, 0, WIJK_OUT_SEEN_MANAGER) > 0);
    assert_int_equal(sum_in(run, 1, WIJK_OUT_SEEN_MANAGER), 0);
    assert_true(sum_in(run, 1, WIJK_OUT_SEEN_NEIGHBOUR) > 0);
    int64_t seen[2] = {0};
    for (size_t i = 0; i < HOMES; i++) {
        seen[i >= HOMES / 2] += support_of(s->status[first_of(run, 1) + i]) != HELP_NONE;
    }
    assert_true(seen[0] > 4 * seen[1]);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* ---- escalation -------------------------------------------------------- */

/* Under the same strain mental trouble gives report_mental times as many reports, and only there
 * are crises; only where children live does one drop out of school. */
static void test_what_strain_leads_to(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_REPORT] = 0.2;
    p.value[WIJK_P_REPORT_MENTAL] = 4;
    p.value[WIJK_P_CRISIS] = p.value[WIJK_P_DROPOUT] = 0.2;
    p.value[WIJK_P_MENTAL_END] = p.value[WIJK_P_TRUST_FALL] = 0;
    wijk_household ill = single, parent = single;
    ill.needs = WIJK_NEED_MENTAL;
    parent.composition = WIJK_ONE_PARENT;
    parent.children = 1;
    const wijk_home homes[AREAS_HERE] = {social, social, social};
    wijk_population *town =
        alike(homes, (const wijk_household[AREAS_HERE]){single, ill, parent}, AREAS_HERE, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 3 * YEAR, 1);
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        run->state.strain[slot] = run->state.kind[slot] == WIJK_NOBODY ? 0 : 200;
    }
    fine(wijk_foresee_to(run, 3 * YEAR, NULL));
    double reports[AREAS_HERE];
    for (size_t a = 0; a < AREAS_HERE; a++) {
        reports[a] = (double)sum_in(run, a, WIJK_OUT_REPORTS);
        assert_true((sum_in(run, a, WIJK_OUT_CRISES) > 0) == (a == 1));
        assert_true((sum_in(run, a, WIJK_OUT_DROPOUTS) > 0) == (a == 2));
    }
    print_message("reports: %.0f, mental trouble %.0f\n", reports[0], reports[1]);
    assert_true(reports[0] > 30 && fabs(reports[1] / reports[0] - 4) < 1.5);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* As many cases are mediated as are paid for, however much nuisance there is. */
static void test_mediation_has_an_end(void **state)
{
    (void)state;
    enum { CASES = 100, YEARS = 5 };
    wijk_parameters p = still();
    p.value[WIJK_P_NUISANCE_EVENT] = 0.9;
    wijk_household troubled = single;
    troubled.needs = WIJK_NEED_DEBT | WIJK_NEED_MENTAL;
    p.value[WIJK_P_DEBT_END] = p.value[WIJK_P_MENTAL_END] = 0;
    const wijk_change changes[] = {{.lever = WIJK_LEVER_MEDIATION, .value = CASES}};
    wijk_population *town = alike(&social, &troubled, 1, &p);
    wijk_foresee *run = run_of(town, &p, changes, 1, YEARS * YEAR, 1);
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        run->state.strain[slot] = run->state.kind[slot] == WIJK_NOBODY ? 0 : 200;
    }
    fine(wijk_foresee_to(run, YEARS * YEAR, NULL));
    double paid = CASES * HOMES / 1000.0 * YEARS; /* what comes in parts is left to chance */
    double taken = (double)sum_in(run, 0, WIJK_OUT_MEDIATIONS);
    print_message("nuisances %lld, mediated %.0f of %.0f\n",
                  (long long)sum_in(run, 0, WIJK_OUT_NUISANCES), taken, paid);
    assert_true((double)sum_in(run, 0, WIJK_OUT_NUISANCES) > 2 * paid);
    assert_true(fabs(taken - paid) < 4 * sqrt(YEARS * YEAR * 0.25));
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* After a judgment some are put out of their home; with Housing First they may stay. */
static void test_housing_first_stays(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_EVICTION_SHARE] = 1;
    p.value[WIJK_P_FIRST_STAYS] = 1;
    wijk_home first_home = social;
    first_home.label = WIJK_LABEL_FIRST;
    const wijk_home homes[2] = {first_home, social};
    wijk_population *town = alike(homes, (const wijk_household[2]){single, single}, 2, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        run->state.needs[slot] |= run->state.kind[slot] == WIJK_NOBODY ? 0 : NEED_JUDGMENT;
    }
    fine(wijk_foresee_to(run, YEAR, NULL));
    assert_int_equal(sum_in(run, 0, WIJK_OUT_EVICTIONS), 0);
    assert_true(sum_in(run, 1, WIJK_OUT_EVICTIONS) > HOMES * 9 / 10);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* There are as many places of Housing First as are paid for, however many have lost their home. */
static void test_housing_first_has_an_end(void **state)
{
    (void)state;
    enum { PLACES = 50 }; /* per 1,000 homes a year */
    wijk_parameters p = still();
    p.value[WIJK_P_EVICTION_SHARE] = 1;
    p.value[WIJK_P_REACT] = 1;
    p.value[WIJK_P_REFUSE] = 0;
    const wijk_change changes[] = {{.lever = WIJK_LEVER_HOUSING_FIRST, .value = PLACES},
                                   {.lever = WIJK_LEVER_URGENCY, .value = 100}};
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, changes, 2, YEAR, 1);
    for (size_t slot = 0; slot < run->state.slots; slot++) {
        run->state.needs[slot] |= run->state.kind[slot] == WIJK_NOBODY ? 0 : NEED_JUDGMENT;
    }
    fine(wijk_foresee_to(run, YEAR, NULL));
    double paid = PLACES * HOMES / 1000.0, given = run->places[run->area_place[0]].firsts;
    print_message("evicted %lld, Housing First %.0f of %.0f\n",
                  (long long)sum_in(run, 0, WIJK_OUT_EVICTIONS), given, paid);
    assert_true(sum_in(run, 0, WIJK_OUT_LETS) > 2 * (int64_t)paid);
    assert_true(given > paid / 2 && given < paid + 4 * sqrt(YEAR * 0.25));
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Ten are put out of their home; a hundred others were registered long before and take every home
 * that falls empty. A place of Housing First is a home, within a month or two. */
static void test_housing_first_is_a_home(void **state)
{
    (void)state;
    enum { EVICTED = 10, AHEAD_OF_THEM = 100 };
    wijk_parameters p = still();
    p.value[WIJK_P_EVICTION_SHARE] = 1;
    p.value[WIJK_P_REACT] = p.value[WIJK_P_REACT_SETTLED] = 1;
    p.value[WIJK_P_REFUSE] = p.value[WIJK_P_STOP_SEARCH] = p.value[WIJK_P_SHELTER_LEAVE] = 0;
    const wijk_change changes[] = {{.lever = WIJK_LEVER_URGENCY, .value = 0},
                                   {.lever = WIJK_LEVER_NEWCOMER_TASK, .value = 0},
                                   {.lever = WIJK_LEVER_OUTFLOW_SHELTER, .value = 0},
                                   {.lever = WIJK_LEVER_HOUSING_FIRST, .value = 30}};
    wijk_population *town = alike(&social, &single, 1, &p);
    int64_t months[2];
    for (size_t with = 0; with < 2; with++) {
        wijk_foresee *run = run_of(town, &p, changes, 3 + with, YEAR, 1);
        foresee_state *s = &run->state;
        size_t first = first_of(run, 0);
        for (size_t i = 0; i < EVICTED + AHEAD_OF_THEM; i++) {
            if (i < EVICTED) {
                s->needs[first + i] |= NEED_JUDGMENT;
            } else {
                s->status[first + i] |= STATUS_SEARCH;
                s->search[first + i] = 200;
            }
        }
        fine(wijk_foresee_to(run, YEAR, NULL));
        fine(wijk_foresee_check(run));
        months[with] = ever(run, town, WIJK_OUT_SHELTER_MONTHS);
        assert_true(sum_in(run, 0, WIJK_OUT_EVICTIONS) >= EVICTED - 1);
        assert_int_equal(run->places[run->area_place[0]].firsts > 0, with);
        wijk_foresee_free(run);
    }
    print_message("months in shelter: %lld, with Housing First %lld\n", (long long)months[0],
                  (long long)months[1]);
    assert_true(months[1] > 0 && months[1] < months[0] / 2);
    wijk_population_free(town);
}

/* More from shelter are in shelter as long without the lever, where nobody counts it: while no home
 * falls empty, months in shelter are what they were. */
static void test_shelter_is_counted_once(void **state)
{
    (void)state;
    const wijk_parameters p = still();
    const wijk_change more = {.lever = WIJK_LEVER_OUTFLOW_SHELTER, .value = 50};
    wijk_population *town = alike(&social, &single, 1, &p);
    int64_t months[2], came[2];
    for (size_t with = 0; with < 2; with++) {
        wijk_foresee *run = run_of(town, &p, &more, with, 10 * YEAR, 1);
        fine(wijk_foresee_to(run, 10 * YEAR, NULL));
        months[with] = ever(run, town, WIJK_OUT_SHELTER_MONTHS);
        came[with] = ever(run, town, WIJK_OUT_FROM_OUTSIDE);
        wijk_foresee_free(run);
    }
    assert_true(came[1] > came[0] + 100 && months[0] > 0);
    assert_int_equal(months[1], months[0]);
    wijk_population_free(town);
}

/* Who was evicted gives up waiting by shelter_leave, not by pool_leave. */
static void test_who_gives_up_waiting(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_EVICTION_SHARE] = 1;
    p.value[WIJK_P_REFUSE] = 1; /* nobody gets a home again */
    wijk_population *town = alike(&social, &single, 1, &p);
    for (int leave = 0; leave < 2; leave++) {
        p.value[WIJK_P_SHELTER_LEAVE] = leave;
        p.value[WIJK_P_POOL_LEAVE] = !leave;
        wijk_foresee *run = run_of(town, &p, NULL, 0, YEAR, 1);
        for (size_t slot = first_of(run, 0); slot < first_of(run, 0) + 20; slot++) {
            run->state.needs[slot] |= NEED_JUDGMENT;
        }
        fine(wijk_foresee_to(run, YEAR, NULL));
        size_t homeless = 0;
        for (size_t slot = 0; slot < run->state.slots; slot++) {
            homeless += (run->state.needs[slot] & NEED_HOMELESS) != 0;
        }
        int64_t evicted = sum_in(run, 0, WIJK_OUT_EVICTIONS);
        assert_true(evicted > 10);
        assert_true(leave ? homeless < 3 : (int64_t)homeless >= evicted);
        wijk_foresee_free(run);
    }
    wijk_population_free(town);
}

/* A report that nobody answers costs trust: of the household and of those it knows, no further. */
static void test_trust_falls_near_by(void **state)
{
    (void)state;
    enum { FALL = 40 };
    wijk_parameters p = only_ties();
    p.value[WIJK_P_TIE_FORM] = 0;
    p.value[WIJK_P_REPORT] = 0.5;
    p.value[WIJK_P_TRUST_FALL] = FALL;
    p.value[WIJK_P_TRUST_BACK] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 1, 1);
    foresee_state *s = &run->state;
    size_t first = first_of(run, 0), middle = first + HOMES / 2, known = 0;
    for (size_t slot = first; slot < first + HOMES; slot++) {
        foresee_tie_break_all(s, slot);
        s->strain[slot] = 0;
        s->trust[slot] = 100;
    }
    assert_true(foresee_tie_make(s, middle, middle + 3) && foresee_tie_make(s, middle, middle - 9));
    s->strain[middle] = 255;
    foresee_here here;
    foresee_here_at(&here, run, run->area_place[0]);
    foresee_danger(&here, middle, 0); /* a word of nought: what may happen first does */
    for (size_t slot = first; slot < first + HOMES; slot++) {
        int near = slot == middle || slot == middle + 3 || slot == middle - 9;
        known += near;
        assert_int_equal(s->trust[slot], near ? 100 - FALL : 100);
    }
    assert_int_equal(known, 3);
    /* who has a case is answered */
    s->status[middle] = with_support(s->status[middle], HELP_FORMAL);
    foresee_danger(&here, middle, 0);
    assert_int_equal(s->trust[middle], 100 - FALL);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* ---- block and levers -------------------------------------------------- */

/* Managers mend more than wears; an initiative lifts activity by an eighth of the way a month, and
 * without one it sinks to nought. */
static void test_upkeep_and_activity(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_UPKEEP_FADE] = 0.24;
    p.value[WIJK_P_UPKEEP_WORK] = 2;
    p.value[WIJK_P_INITIATIVE_BEGIN] = p.value[WIJK_P_INITIATIVE_END] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    int64_t upkeep[2];
    for (int some = 0; some < 2; some++) {
        const wijk_change change = {.lever = WIJK_LEVER_SOCIAL_MANAGEMENT, .value = 10 * some};
        wijk_foresee *run = run_of(town, &p, &change, 1, 5 * YEAR, 1);
        foresee_state *s = &run->state;
        size_t block = first_of(run, 0) / BLOCK;
        s->initiative[block] = 1;
        s->activity[block] = 0;
        s->activity[block + 1] = 80;
        fine(wijk_foresee_to(run, 1, NULL));
        assert_int_equal(s->activity[block], (p.value[WIJK_P_ACTIVITY_INITIATIVE] + 7) / 8);
        assert_int_equal(s->activity[block + 1], 70);
        fine(wijk_foresee_to(run, 5 * YEAR, NULL));
        assert_int_equal(s->activity[block], p.value[WIJK_P_ACTIVITY_INITIATIVE]);
        assert_int_equal(s->activity[block + 1], 0);
        upkeep[some] = wijk_foresee_area_count(run, 5, 0, WIJK_OUT_UPKEEP_SUM);
        wijk_foresee_free(run);
    }
    /* wears by a fiftieth a month against ten points: half of the scale or nearly nothing */
    assert_true(upkeep[1] > 2 * upkeep[0] && upkeep[0] > 0);
    wijk_population_free(town);
}

/* Initiatives begin where people take part, and with initiative_ties at nought never end where
 * residents know each other. */
static void test_where_initiatives_live(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_TIE_FORM] = p.value[WIJK_P_TIE_FADE] = 0;
    p.value[WIJK_P_INITIATIVE_BEGIN] = 0.9;
    p.value[WIJK_P_INITIATIVE_END] = 0.9;
    p.value[WIJK_P_INITIATIVE_TIES] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = strangers(town, &p);
    foresee_state *s = &run->state;
    size_t first = first_of(run, 0), blocks = HOMES / BLOCK, run_on = 0;
    for (size_t i = 0; i < HOMES; i++) {
        size_t block = i / BLOCK, next = i % BLOCK + 1 < BLOCK ? i + 1 : i + 1 - BLOCK;
        s->part[first + i] = block % 2 ? 255 : 0;
        if (block < 4) { /* a ring: everybody has two */
            assert_true(foresee_tie_make(s, first + i, first + next));
        }
    }
    for (size_t block = 0; block < blocks; block++) {
        s->initiative[first / BLOCK + block] = block < 4;
    }
    fine(wijk_foresee_to(run, YEAR, NULL));
    for (size_t block = 0; block < blocks; block++) {
        int lives = s->initiative[first / BLOCK + block] > 0;
        assert_true(block >= 4 || lives);
        assert_true(block < 4 || block % 2 || !lives);
        run_on += s->initiative[first / BLOCK + block] > YEAR;
    }
    assert_int_equal(run_on, 4);
    assert_true(sum_in(run, 0, WIJK_OUT_INITIATIVES_BEGUN) > 0);
    assert_true(sum_in(run, 0, WIJK_OUT_INITIATIVES_ENDED) > 0);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

static int blocks_with(const wijk_foresee *run, uint32_t flag)
{
    int blocks = 0;
    for (size_t slot = 0; slot < run->state.slots; slot += BLOCK) {
        uint32_t any = 0;
        for (size_t i = 0; i < BLOCK; i++) {
            any |= run->state.home[slot + i] & flag;
        }
        blocks += any != 0;
    }
    return blocks;
}

/* Homes are sold here and there, and renovated side by side. */
static void test_where_homes_change(void **state)
{
    (void)state;
    const wijk_parameters p = still();
    const wijk_change changes[] = {
        {.scope = WIJK_IN_AREA, .lever = WIJK_LEVER_SELL, .value = BLOCK},
        {.scope = WIJK_IN_AREA, .lever = WIJK_LEVER_RENOVATE, .value = BLOCK}};
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, changes, 2, 1, 1);
    fine(wijk_foresee_to(run, 1, NULL));
    assert_int_equal(wijk_foresee_area_count(run, 1, 0, WIJK_OUT_RENOVATED), BLOCK);
    assert_int_equal(blocks_with(run, HOME_RENOVATED), 1);
    assert_true(blocks_with(run, HOME_TO_SELL) > HOMES / BLOCK / 2);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Who is helped: by neighbours as well as by a team, and not who waits. */
static void test_who_is_helped(void **state)
{
    (void)state;
    wijk_parameters p = still();
    p.value[WIJK_P_INFORMAL_END] = p.value[WIJK_P_FORMAL_END] = p.value[WIJK_P_INTENSIVE_END] = 0;
    p.value[WIJK_P_PRODUCTIVE_HOURS] = 0;
    wijk_population *town = alike(&social, &single, 1, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 1, 1);
    static const unsigned many[HELPS] = {
        [HELP_INFORMAL] = 5, [HELP_WAITING] = 7, [HELP_FORMAL] = 11, [HELP_INTENSIVE] = 13};
    size_t slot = first_of(run, 0);
    for (unsigned kind = HELP_INFORMAL; kind < HELPS; kind++) {
        for (unsigned i = 0; i < many[kind]; i++, slot++) {
            run->state.status[slot] = with_support(run->state.status[slot], kind);
        }
    }
    fine(wijk_foresee_to(run, 1, NULL));
    assert_int_equal(wijk_foresee_group_count(run, 1, 0, WIJK_GROUP_LOW, WIJK_GOUT_HELPED),
                     5 + 11 + 13);
    wijk_foresee_free(run);
    wijk_population_free(town);
}

/* Who goes to another region goes to another, and to each of them somebody goes. */
static void test_elsewhere_is_elsewhere(void **state)
{
    (void)state;
    enum { REGIONS = 3, LOOK = 300 };
    const wijk_parameters p = defaults();
    wijk_population *town = town_of(REGIONS, 2, 100, &p);
    wijk_foresee *run = run_of(town, &p, NULL, 0, 1, 1);
    for (uint32_t own = 0; own < REGIONS; own++) {
        int to[REGIONS] = {0};
        for (uint32_t id = 0; id < LOOK; id++) {
            uint32_t region = foresee_far_region(run, own, id % WIJK_AGE_BANDS, id, 5);
            assert_in_range(region, 0, REGIONS - 1);
            to[region]++;
        }
        for (uint32_t r = 0; r < REGIONS; r++) {
            assert_true(r == own ? to[r] == 0 : to[r] > LOOK / 6);
        }
    }
    wijk_foresee_free(run);
    wijk_population_free(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_searches),
        cmocka_unit_test(test_who_is_out_of_place),
        cmocka_unit_test(test_first_ties),
        cmocka_unit_test(test_with_whom),
        cmocka_unit_test(test_the_eldest_takes_over),
        cmocka_unit_test(test_who_joins),
        cmocka_unit_test(test_what_moves_along),
        cmocka_unit_test(test_repair_comes_first),
        cmocka_unit_test(test_longest_waiting_first),
        cmocka_unit_test(test_shared_posts_lend),
        cmocka_unit_test(test_ring_fence),
        cmocka_unit_test(test_rounds_by_street),
        cmocka_unit_test(test_who_is_seen_by_whom),
        cmocka_unit_test(test_what_strain_leads_to),
        cmocka_unit_test(test_mediation_has_an_end),
        cmocka_unit_test(test_housing_first_stays),
        cmocka_unit_test(test_housing_first_has_an_end),
        cmocka_unit_test(test_housing_first_is_a_home),
        cmocka_unit_test(test_shelter_is_counted_once),
        cmocka_unit_test(test_who_gives_up_waiting),
        cmocka_unit_test(test_trust_falls_near_by),
        cmocka_unit_test(test_upkeep_and_activity),
        cmocka_unit_test(test_where_initiatives_live),
        cmocka_unit_test(test_where_homes_change),
        cmocka_unit_test(test_who_is_helped),
        cmocka_unit_test(test_elsewhere_is_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
