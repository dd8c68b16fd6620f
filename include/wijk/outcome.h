/* wijk/outcome.h: what a run counts, per area and period and per group. Whole numbers, so that sums
 * do not depend on their order.
 *
 * STOCK: as it is at the end of the period. FLOW: events, minutes or months within the period.
 * Every flow is also a line of the ledger: account puts a price and a purse on it by its key. */
#ifndef WIJK_OUTCOME_H
#define WIJK_OUTCOME_H

/* X(NAME, "key", KIND, "unit") */
#define WIJK_OUTCOMES_X(X)                                                                         \
    X(HOMES_OWNER, "homes_owner", STOCK, "homes")                                                  \
    X(HOMES_SOCIAL, "homes_social", STOCK, "homes")                                                \
    X(HOMES_PRIVATE, "homes_private", STOCK, "homes")                                              \
    X(EMPTY_OWNER, "empty_owner", STOCK, "homes")                                                  \
    X(EMPTY_SOCIAL, "empty_social", STOCK, "homes")                                                \
    X(EMPTY_PRIVATE, "empty_private", STOCK, "homes")                                              \
    X(HOUSEHOLDS, "households", STOCK, "households")                                               \
    X(PERSONS, "persons", STOCK, "persons")                                                        \
    X(CHILDREN, "children", STOCK, "persons")                                                      \
    X(SINGLE, "single", STOCK, "households")                                                       \
    X(COUPLE, "couple", STOCK, "households")                                                       \
    X(FAMILY, "family", STOCK, "households")                                                       \
    X(ONE_PARENT, "one_parent", STOCK, "households")                                               \
    X(OLDER_SINGLE, "older_single", STOCK, "households")                                           \
    X(OLDER_COUPLE, "older_couple", STOCK, "households")                                           \
    X(INCOME_LOW, "income_low", STOCK, "households")                                               \
    X(INCOME_DAEB, "income_daeb", STOCK, "households")                                             \
    X(INCOME_MIDDLE, "income_middle", STOCK, "households")                                         \
    X(INCOME_HIGH, "income_high", STOCK, "households")                                             \
    X(LOW_IN_SOCIAL, "low_in_social", STOCK, "households")                                         \
    X(AGE_24, "age_24", STOCK, "households")                                                       \
    X(AGE_34, "age_34", STOCK, "households")                                                       \
    X(AGE_49, "age_49", STOCK, "households")                                                       \
    X(AGE_64, "age_64", STOCK, "households")                                                       \
    X(AGE_79, "age_79", STOCK, "households")                                                       \
    X(AGE_80, "age_80", STOCK, "households")                                                       \
    X(NEED_DEBT, "need_debt", STOCK, "households")                                                 \
    X(NEED_MENTAL, "need_mental", STOCK, "households")                                             \
    X(NEED_FRAIL, "need_frail", STOCK, "households")                                               \
    X(NEED_MILD, "need_mild", STOCK, "households")                                                 \
    X(NEED_NEWCOMER, "need_newcomer", STOCK, "households")                                         \
    X(STRAIN_SUM, "strain_sum", STOCK, "points")                                                   \
    X(STRAINED, "strained", STOCK, "households")                                                   \
    X(HIDDEN, "hidden", STOCK, "households")                                                       \
    X(HELP_INFORMAL, "help_informal", STOCK, "households")                                         \
    X(HELP_WAITING, "help_waiting", STOCK, "households")                                           \
    X(HELP_FORMAL, "help_formal", STOCK, "households")                                             \
    X(HELP_INTENSIVE, "help_intensive", STOCK, "households")                                       \
    X(ARREARS, "arrears", STOCK, "households")                                                     \
    X(JUDGMENT, "judgment", STOCK, "households")                                                   \
    X(SEARCHING, "searching", STOCK, "households")                                                 \
    X(STAY_10, "stay_10", STOCK, "households")                                                     \
    X(TIES, "ties", STOCK, "ties")                                                                 \
    X(TIES_ACROSS, "ties_across", STOCK, "ties")                                                   \
    X(ALONE, "alone", STOCK, "households")                                                         \
    X(FEW_TIES, "few_ties", STOCK, "households")                                                   \
    X(TRUST_SUM, "trust_sum", STOCK, "points")                                                     \
    X(TAKE_PART_SUM, "take_part_sum", STOCK, "points")                                             \
    X(BLOCKS, "blocks", STOCK, "blocks")                                                           \
    X(NUISANCE_SUM, "nuisance_sum", STOCK, "points")                                               \
    X(UPKEEP_SUM, "upkeep_sum", STOCK, "points")                                                   \
    X(ACTIVITY_SUM, "activity_sum", STOCK, "points")                                               \
    X(INITIATIVES, "initiatives", STOCK, "blocks")                                                 \
    X(LIVABILITY_SOC, "livability_soc", STOCK, "thousandths")                                      \
    X(LIVABILITY_ONV, "livability_onv", STOCK, "thousandths")                                      \
    /* 1 life */                                                                                   \
    X(BIRTHS, "births", FLOW, "persons")                                                           \
    X(DEATHS, "deaths", FLOW, "persons")                                                           \
    X(TO_CARE_HOME, "to_care_home", FLOW, "persons")                                               \
    X(PARTNERSHIPS, "partnerships", FLOW, "households")                                            \
    X(SEPARATIONS, "separations", FLOW, "households")                                              \
    X(LEFT_HOME, "left_home", FLOW, "persons")                                                     \
    X(INCOME_UP, "income_up", FLOW, "households")                                                  \
    X(INCOME_DOWN, "income_down", FLOW, "households")                                              \
    /* 2 needs and strain */                                                                       \
    X(ONSET_DEBT, "onset_debt", FLOW, "households")                                                \
    X(ONSET_MENTAL, "onset_mental", FLOW, "households")                                            \
    X(ONSET_FRAIL, "onset_frail", FLOW, "households")                                              \
    X(END_DEBT, "end_debt", FLOW, "households")                                                    \
    X(END_MENTAL, "end_mental", FLOW, "households")                                                \
    X(END_FRAIL, "end_frail", FLOW, "households")                                                  \
    X(END_NEWCOMER, "end_newcomer", FLOW, "households")                                            \
    /* 3 seeing and helping */                                                                     \
    X(SEEN_NEIGHBOUR, "seen_neighbour", FLOW, "households")                                        \
    X(SEEN_MANAGER, "seen_manager", FLOW, "households")                                            \
    X(SEEN_VISIT, "seen_visit", FLOW, "households")                                                \
    X(SEEN_DEBT, "seen_debt", FLOW, "households")                                                  \
    X(SEEN_AGENT, "seen_agent", FLOW, "households")                                                \
    X(SEEN_SELF, "seen_self", FLOW, "households")                                                  \
    X(SEEN_PREVENTION, "seen_prevention", FLOW, "households")                                      \
    X(ACCEPTED, "accepted", FLOW, "households")                                                    \
    X(OPENED_INFORMAL, "opened_informal", FLOW, "cases")                                           \
    X(QUEUED, "queued", FLOW, "cases")                                                             \
    X(OPENED_FORMAL, "opened_formal", FLOW, "cases")                                               \
    X(OPENED_INTENSIVE, "opened_intensive", FLOW, "cases")                                         \
    X(CLOSED, "closed", FLOW, "cases")                                                             \
    X(GAVE_UP, "gave_up", FLOW, "cases")                                                           \
    X(WAITED, "waited", FLOW, "months")                                                            \
    X(VISITS, "visits", FLOW, "visits")                                                            \
    X(MEDIATIONS, "mediations", FLOW, "cases")                                                     \
    X(MEDIATIONS_SOLVED, "mediations_solved", FLOW, "cases")                                       \
    X(UNANSWERED, "unanswered", FLOW, "reports")                                                   \
    /* 4 escalation */                                                                             \
    X(ARREARS_BEGUN, "arrears_begun", FLOW, "households")                                          \
    X(ARREARS_SETTLED, "arrears_settled", FLOW, "households")                                      \
    X(JUDGMENTS, "judgments", FLOW, "households")                                                  \
    X(EVICTIONS, "evictions", FLOW, "households")                                                  \
    X(EVICTIONS_PRIVATE, "evictions_private", FLOW, "households")                                  \
    X(EVICTIONS_FAMILY, "evictions_family", FLOW, "households")                                    \
    X(SHELTER_MONTHS, "shelter_months", FLOW, "months")                                            \
    X(CRISES, "crises", FLOW, "admissions")                                                        \
    X(REPORTS, "reports", FLOW, "reports")                                                         \
    X(DROPOUTS, "dropouts", FLOW, "persons")                                                       \
    X(NUISANCES, "nuisances", FLOW, "events")                                                      \
    X(DEBT_MONTHS, "debt_months", FLOW, "months")                                                  \
    X(LONELY_MONTHS, "lonely_months", FLOW, "months")                                              \
    /* 5 leaving and 6 allocation */                                                               \
    X(TO_OUTSIDE, "to_outside", FLOW, "households")                                                \
    X(FROM_OUTSIDE, "from_outside", FLOW, "households")                                            \
    X(BEGAN_SEARCH, "began_search", FLOW, "households")                                            \
    X(MOVED_IN_AREA, "moved_in_area", FLOW, "households")                                          \
    X(MOVED_IN, "moved_in", FLOW, "households")                                                    \
    X(MOVED_OUT, "moved_out", FLOW, "households")                                                  \
    X(PERSONS_MOVED, "persons_moved", FLOW, "persons")                                             \
    X(LETS, "lets", FLOW, "lets")                                                                  \
    /* of which of a new home to its first tenant, and of one that somebody left */                \
    X(LETS_FIRST, "lets_first", FLOW, "lets")                                                      \
    X(LETS_AGAIN, "lets_again", FLOW, "lets")                                                      \
    X(LETS_LOW, "lets_low", FLOW, "lets")                                                          \
    X(LETS_FIT, "lets_fit", FLOW, "lets")                                                          \
    X(LETS_FREE, "lets_free", FLOW, "lets")                                                        \
    X(LETS_URGENT, "lets_urgent", FLOW, "lets")                                                    \
    X(LETS_NEWCOMER, "lets_newcomer", FLOW, "lets")                                                \
    X(LETS_LOTTERY, "lets_lottery", FLOW, "lets")                                                  \
    X(LETS_LOCAL, "lets_local", FLOW, "lets")                                                      \
    X(LETS_TASK, "lets_task", FLOW, "lets")                                                        \
    X(LETS_MIX, "lets_mix", FLOW, "lets")                                                          \
    X(SEARCHED, "searched", FLOW, "months")                                                        \
    X(SALES, "sales", FLOW, "homes")                                                               \
    X(LETS_PRIVATE, "lets_private", FLOW, "lets")                                                  \
    X(REFUSALS, "refusals", FLOW, "offers")                                                        \
    X(SCREENED_OUT, "screened_out", FLOW, "offers")                                                \
    X(CAPPED_OUT, "capped_out", FLOW, "offers")                                                    \
    X(PASSED_OVER, "passed_over", FLOW, "households")                                              \
    X(EMPTY_MONTHS_SOCIAL, "empty_months_social", FLOW, "months")                                  \
    X(EMPTY_MONTHS_OTHER, "empty_months_other", FLOW, "months")                                    \
    /* of new homes, until somebody first lives there: in neither of the two above */              \
    X(EMPTY_MONTHS_FIRST, "empty_months_first", FLOW, "months")                                    \
    X(EMPTY_MONTHS_FIRST_OTHER, "empty_months_first_other", FLOW, "months")                        \
    X(GAVE_UP_SEARCH, "gave_up_search", FLOW, "households")                                        \
    /* 7 ties and 8 block */                                                                       \
    X(TIES_MADE, "ties_made", FLOW, "ties")                                                        \
    X(TIES_MADE_ACROSS, "ties_made_across", FLOW, "ties")                                          \
    X(TIES_FADED, "ties_faded", FLOW, "ties")                                                      \
    X(TIES_BROKEN, "ties_broken", FLOW, "ties")                                                    \
    X(INITIATIVES_BEGUN, "initiatives_begun", FLOW, "initiatives")                                 \
    X(INITIATIVES_ENDED, "initiatives_ended", FLOW, "initiatives")                                 \
    /* stock changes */                                                                            \
    X(BUILT, "built", FLOW, "homes")                                                               \
    /* of which for social rent; by the corporation to sell, where it restructures; by others */   \
    X(BUILT_SOCIAL, "built_social", FLOW, "homes")                                                 \
    X(BUILT_SALE, "built_sale", FLOW, "homes")                                                     \
    X(BUILT_OTHER, "built_other", FLOW, "homes")                                                   \
    X(DEMOLISHED, "demolished", FLOW, "homes")                                                     \
    /* social homes that became homes to buy; new ones (built_sale) when first bought */           \
    X(SOLD, "sold", FLOW, "homes")                                                                 \
    X(SOLD_NEW, "sold_new", FLOW, "homes")                                                         \
    X(LIBERALISED, "liberalised", FLOW, "homes")                                                   \
    X(RENOVATED, "renovated", FLOW, "homes")                                                       \
    X(DISPLACED, "displaced", FLOW, "households")                                                  \
    /* asked by a lever, and not to be done: homes; months that households with a task wait for    \
       one and that a Housing First place waits for somebody */                                    \
    X(NOT_DONE, "not_done", FLOW, "homes")                                                         \
    X(TASK_MONTHS, "task_months", FLOW, "months")                                                  \
    X(FIRST_MONTHS, "first_months", FLOW, "months")                                                \
    X(HOME_MONTHS, "home_months", FLOW, "home-months")                                             \
    X(HOME_MONTHS_SOCIAL, "home_months_social", FLOW, "home-months")                               \
    /* 9 work, in minutes */                                                                       \
    X(WORK_CASES, "work_cases", FLOW, "minutes")                                                   \
    X(WORK_PREVENTION, "work_prevention", FLOW, "minutes")                                         \
    X(WORK_DEBT, "work_debt", FLOW, "minutes")                                                     \
    X(WORK_MANAGEMENT, "work_management", FLOW, "minutes")                                         \
    X(MANAGEMENT_UNPAID, "management_unpaid", FLOW, "unpaid minutes")                              \
    X(WORK_VISITS, "work_visits", FLOW, "minutes")                                                 \
    X(WORK_VISITS_OTHER, "work_visits_other", FLOW, "minutes")                                     \
    X(WORK_COMMUNITY, "work_community", FLOW, "minutes")                                           \
    X(WORK_MEDIATION, "work_mediation", FLOW, "minutes")                                           \
    X(WORK_RECEPTION, "work_reception", FLOW, "minutes")                                           \
    X(WORK_FIRST, "work_first", FLOW, "minutes")                                                   \
    X(WORK_AGENT, "work_agent", FLOW, "minutes")                                                   \
    X(WORK_HANDOVER, "work_handover", FLOW, "minutes")                                             \
    X(WORK_COMMON_TASK, "work_common_task", FLOW, "minutes")                                       \
    X(WORK_IDLE, "work_idle", FLOW, "minutes")                                                     \
    X(BUDGET_RESIDENTS, "budget_residents", FLOW, "euro")

typedef enum {
#define X(name, key, kind, unit) WIJK_OUT_##name,
    WIJK_OUTCOMES_X(X)
#undef X
        WIJK_OUTCOMES
} wijk_outcome;

/* Groups for the table of who gains and who is displaced. A household is in several. */
#define WIJK_GROUPS_X(X)                                                                           \
    X(LOW, "income_low")                                                                           \
    X(DAEB, "income_daeb")                                                                         \
    X(MIDDLE, "income_middle")                                                                     \
    X(HIGH, "income_high")                                                                         \
    X(SINGLE, "single")                                                                            \
    X(COUPLE, "couple")                                                                            \
    X(FAMILY, "family")                                                                            \
    X(ONE_PARENT, "one_parent")                                                                    \
    X(OLDER_SINGLE, "older_single")                                                                \
    X(OLDER_COUPLE, "older_couple")                                                                \
    X(NEWCOMER, "newcomer")                                                                        \
    X(SOCIAL, "social_tenant")

typedef enum {
#define X(name, key) WIJK_GROUP_##name,
    WIJK_GROUPS_X(X)
#undef X
        WIJK_GROUPS
} wijk_group;

/* DISPLACED: lost its home, which was demolished or rebuilt. PASSED_OVER: would have had this home
 * by law and waiting list, and a rule of the scenario (spreading cap, mix target, screening, local
 * priority) gave it to somebody else; counted in the area of the home. */
#define WIJK_GROUP_OUTCOMES_X(X)                                                                   \
    X(HOUSEHOLDS, "households", STOCK)                                                             \
    X(STRAINED, "strained", STOCK)                                                                 \
    X(HIDDEN, "hidden", STOCK)                                                                     \
    X(HELPED, "helped", STOCK)                                                                     \
    X(ALONE, "alone", STOCK)                                                                       \
    X(MOVED_IN, "moved_in", FLOW)                                                                  \
    X(MOVED_OUT, "moved_out", FLOW)                                                                \
    X(DISPLACED, "displaced", FLOW)                                                                \
    X(INCIDENTS, "incidents", FLOW)                                                                \
    X(PASSED_OVER, "passed_over", FLOW)

typedef enum {
#define X(name, key, kind) WIJK_GOUT_##name,
    WIJK_GROUP_OUTCOMES_X(X)
#undef X
        WIJK_GROUP_OUTCOMES
} wijk_group_outcome;

/* Static texts; never NULL. */
const char *wijk_outcome_key(wijk_outcome outcome);
const char *wijk_outcome_unit(wijk_outcome outcome);
int wijk_outcome_is_flow(wijk_outcome outcome);
int wijk_group_outcome_is_flow(wijk_group_outcome outcome);
/* 1 and *out when there is an outcome of that key. */
int wijk_outcome_find(const char *key, wijk_outcome *out);
const char *wijk_group_key(wijk_group group);
const char *wijk_group_outcome_key(wijk_group_outcome outcome);

#endif
