/* wijk/parameter.h: the numbers of the model, by name. The dictionary is data/parameters.csv: unit,
 * default, range, shape of the uncertainty, mechanics or assumed effect, grade and source of each;
 * a test holds that file and this list equal.
 *
 * kind `mechanics`: computed and checked against data. kind `effect`: what support, ties, mixing or
 * management do to strain and livability; where no evidence speaks its default is none. */
#ifndef WIJK_PARAMETER_H
#define WIJK_PARAMETER_H

/* X(NAME, "name in data/parameters.csv", chance per YEAR or MONTH, EVENTS a year, or OTHER) */
#define WIJK_PARAMETERS_X(X)                                                                       \
    /* life */                                                                                     \
    X(BIRTH_COUPLE, "birth_couple", YEAR)                                                          \
    X(BIRTH_FAMILY, "birth_family", YEAR)                                                          \
    X(BIRTH_SINGLE, "birth_single", YEAR)                                                          \
    X(BIRTH_24, "birth_24", OTHER)                                                                 \
    X(BIRTH_COUPLE_44, "birth_couple_44", OTHER)                                                   \
    X(BIRTH_FAMILY_44, "birth_family_44", OTHER)                                                   \
    X(PARTNERSHIP_24, "partnership_24", YEAR)                                                      \
    X(PARTNERSHIP_34, "partnership_34", YEAR)                                                      \
    X(PARTNERSHIP_64, "partnership_64", YEAR)                                                      \
    X(SEPARATION_34, "separation_34", YEAR)                                                        \
    X(SEPARATION_64, "separation_64", YEAR)                                                        \
    X(SEPARATION_FALL, "separation_fall", OTHER)                                                   \
    X(PARTNER_RISE, "partner_rise", OTHER)                                                         \
    X(LEAVE_HOME, "leave_home", YEAR)                                                              \
    X(LEAVE_HOME_LATE, "leave_home_late", YEAR)                                                    \
    X(LEAVE_TO_PARTNER, "leave_to_partner", OTHER)                                                 \
    X(STARTER_MONTHS, "starter_months", OTHER)                                                     \
    X(DEATH_80, "death_80", YEAR)                                                                  \
    X(DEATH_GROWTH, "death_growth", OTHER)                                                         \
    X(CARE_HOME, "care_home", YEAR)                                                                \
    X(CARE_PARTNER, "care_partner", OTHER)                                                         \
    X(INCOME_UP, "income_up", YEAR)                                                                \
    X(INCOME_DOWN, "income_down", OTHER)                                                           \
    /* needs */                                                                                    \
    X(DEBT_ONSET, "debt_onset", YEAR)                                                              \
    X(DEBT_LOW, "debt_low", OTHER)                                                                 \
    X(DEBT_END, "debt_end", YEAR)                                                                  \
    X(MENTAL_ONSET, "mental_onset", YEAR)                                                          \
    X(MENTAL_END, "mental_end", YEAR)                                                              \
    X(FRAIL_65, "frail_65", YEAR)                                                                  \
    X(FRAIL_80, "frail_80", YEAR)                                                                  \
    X(FRAIL_END, "frail_end", YEAR)                                                                \
    X(MILD_SHARE, "mild_share", OTHER)                                                             \
    X(NEWCOMER_END, "newcomer_end", YEAR)                                                          \
    /* strain */                                                                                   \
    X(LOAD_DEBT, "load_debt", OTHER)                                                               \
    X(LOAD_MENTAL, "load_mental", OTHER)                                                           \
    X(LOAD_FRAIL, "load_frail", OTHER)                                                             \
    X(LOAD_MILD, "load_mild", OTHER)                                                               \
    X(LOAD_NEWCOMER, "load_newcomer", OTHER)                                                       \
    X(LOAD_LOW_INCOME, "load_low_income", OTHER)                                                   \
    X(LOAD_ONE_PARENT, "load_one_parent", OTHER)                                                   \
    X(LOAD_NUISANCE, "load_nuisance", OTHER)                                                       \
    X(TAIL, "tail", OTHER)                                                                         \
    X(RELIEF_OWN, "relief_own", OTHER)                                                             \
    X(RELIEF_TIE, "relief_tie", OTHER)                                                             \
    X(TIE_FULL, "tie_full", OTHER)                                                                 \
    X(TIE_SPILL, "tie_spill", OTHER)                                                               \
    X(RELIEF_INFORMAL, "relief_informal", OTHER)                                                   \
    X(RELIEF_FORMAL, "relief_formal", OTHER)                                                       \
    X(RELIEF_INTENSIVE, "relief_intensive", OTHER)                                                 \
    X(DEBT_HELP, "debt_help", OTHER)                                                               \
    X(STRAIN_SPEED, "strain_speed", MONTH)                                                         \
    X(STRAIN_NOISE, "strain_noise", OTHER)                                                         \
    X(STRAINED, "strained", OTHER)                                                                 \
    /* seeing and helping */                                                                       \
    X(SEE_NEIGHBOUR, "see_neighbour", MONTH)                                                       \
    X(SEE_MANAGER, "see_manager", MONTH)                                                           \
    X(SEE_VISIT, "see_visit", OTHER)                                                               \
    X(SEE_AGENT, "see_agent", MONTH)                                                               \
    X(SEE_DEBT, "see_debt", OTHER)                                                                 \
    X(SEE_SELF, "see_self", MONTH)                                                                 \
    X(ACCEPT, "accept", OTHER)                                                                     \
    X(INFORMAL_SHARE, "informal_share", OTHER)                                                     \
    X(INFORMAL_END, "informal_end", MONTH)                                                         \
    X(HOURS_FORMAL, "hours_formal", OTHER)                                                         \
    X(HOURS_INTENSIVE, "hours_intensive", OTHER)                                                   \
    X(FORMAL_END, "formal_end", MONTH)                                                             \
    X(INTENSIVE_END, "intensive_end", MONTH)                                                       \
    X(INTENSIVE_FROM, "intensive_from", OTHER)                                                     \
    X(QUEUE_LEAVE, "queue_leave", MONTH)                                                           \
    X(CROWD_OUT, "crowd_out", OTHER)                                                               \
    X(PRODUCTIVE_HOURS, "productive_hours", OTHER)                                                 \
    X(VISIT_MINUTES, "visit_minutes", OTHER)                                                       \
    X(HANDOVER_MINUTES, "handover_minutes", OTHER)                                                 \
    X(SHARED_GAIN, "shared_gain", OTHER)                                                           \
    X(SHARED_OVERHEAD, "shared_overhead", OTHER)                                                   \
    X(MEDIATION_MINUTES, "mediation_minutes", OTHER)                                               \
    X(MEDIATION_SUCCESS, "mediation_success", OTHER)                                               \
    X(AGENT_CALMS, "agent_calms", MONTH)                                                           \
    /* escalation */                                                                               \
    X(ARREARS_BEGIN, "arrears_begin", YEAR)                                                        \
    X(ARREARS_DEBT, "arrears_debt", OTHER)                                                         \
    X(ARREARS_SETTLE, "arrears_settle", YEAR)                                                      \
    X(JUDGMENT, "judgment", YEAR)                                                                  \
    X(EVICTION_SHARE, "eviction_share", OTHER)                                                     \
    X(ARREARS_HELP, "arrears_help", OTHER)                                                         \
    X(CRISIS, "crisis", EVENTS)                                                                    \
    X(REPORT, "report", EVENTS)                                                                    \
    X(REPORT_MENTAL, "report_mental", OTHER)                                                       \
    X(DROPOUT, "dropout", EVENTS)                                                                  \
    X(NUISANCE_EVENT, "nuisance_event", EVENTS)                                                    \
    X(HELPED_SHARE, "helped_share", OTHER)                                                         \
    X(NUISANCE_EVICTION, "nuisance_eviction", OTHER)                                               \
    X(SHELTER_LEAVE, "shelter_leave", MONTH)                                                       \
    /* leaving */                                                                                  \
    X(SEARCH_OWNER, "search_owner", YEAR)                                                          \
    X(SEARCH_SOCIAL, "search_social", YEAR)                                                        \
    X(SEARCH_PRIVATE, "search_private", YEAR)                                                      \
    X(SEARCH_YOUNG, "search_young", OTHER)                                                         \
    X(SEARCH_OLD, "search_old", OTHER)                                                             \
    X(SEARCH_CROWDED, "search_crowded", OTHER)                                                     \
    X(SEARCH_MISMATCH, "search_mismatch", OTHER)                                                   \
    X(SEARCH_NUISANCE, "search_nuisance", OTHER)                                                   \
    X(LEAVE_24, "leave_24", YEAR)                                                                  \
    X(LEAVE_34, "leave_34", YEAR)                                                                  \
    X(LEAVE_49, "leave_49", YEAR)                                                                  \
    X(LEAVE_64, "leave_64", YEAR)                                                                  \
    X(LEAVE_79, "leave_79", YEAR)                                                                  \
    X(LEAVE_80, "leave_80", YEAR)                                                                  \
    X(HOUSEHOLD_MOVES, "household_moves", OTHER)                                                   \
    X(STOP_SEARCH, "stop_search", YEAR)                                                            \
    X(POOL_LEAVE, "pool_leave", YEAR)                                                              \
    /* allocation */                                                                               \
    X(REACT, "react", OTHER)                                                                       \
    X(REACT_OWN_AREA, "react_own_area", OTHER)                                                     \
    X(REACT_SETTLED, "react_settled", OTHER)                                                       \
    X(HOME_TASTE, "home_taste", OTHER)                                                             \
    X(AREA_TASTE, "area_taste", OTHER)                                                             \
    X(REFUSE, "refuse", OTHER)                                                                     \
    X(SEARCH_LIST, "search_list", OTHER)                                                           \
    X(OFFERED_MONTHS, "offered_months", OTHER)                                                     \
    X(STRETCH, "stretch", OTHER)                                                                   \
    X(OUTSIDE_OWNER, "outside_owner", OTHER)                                                       \
    X(OUTSIDE_SOCIAL, "outside_social", OTHER)                                                     \
    X(OUTSIDE_PRIVATE, "outside_private", OTHER)                                                   \
    X(REPAIR_MONTHS, "repair_months", OTHER)                                                       \
    X(RESET_RISE, "reset_rise", OTHER)                                                             \
    /* ties */                                                                                     \
    X(TIE_FORM, "tie_form", MONTH)                                                                 \
    X(TIE_NEW, "tie_new", OTHER)                                                                   \
    X(TIE_SIMILAR, "tie_similar", OTHER)                                                           \
    X(TIE_BLOCK, "tie_block", OTHER)                                                               \
    X(TIE_FADE, "tie_fade", YEAR)                                                                  \
    X(TIE_TASK, "tie_task", OTHER)                                                                 \
    X(TIE_TASK_ACROSS, "tie_task_across", OTHER)                                                   \
    X(TIE_ACTIVITY, "tie_activity", OTHER)                                                         \
    X(TIE_COURT, "tie_court", OTHER)                                                               \
    X(AWAY_FORM, "away_form", MONTH)                                                               \
    X(AWAY_FADE, "away_fade", YEAR)                                                                \
    X(TIE_STAY, "tie_stay", OTHER)                                                                 \
    /* block and area */                                                                           \
    X(NUISANCE_POINT, "nuisance_point", OTHER)                                                     \
    X(NUISANCE_FADE, "nuisance_fade", MONTH)                                                       \
    X(MANAGEMENT_CALMS, "management_calms", OTHER)                                                 \
    X(UPKEEP_FADE, "upkeep_fade", YEAR)                                                            \
    X(UPKEEP_WORK, "upkeep_work", OTHER)                                                           \
    X(TRUST_FALL, "trust_fall", OTHER)                                                             \
    X(TRUST_BACK, "trust_back", YEAR)                                                              \
    X(INITIATIVE_BEGIN, "initiative_begin", YEAR)                                                  \
    X(INITIATIVE_BUDGET, "initiative_budget", OTHER)                                               \
    X(INITIATIVE_HOURS, "initiative_hours", OTHER)                                                 \
    X(INITIATIVE_END, "initiative_end", YEAR)                                                      \
    X(INITIATIVE_TIES, "initiative_ties", OTHER)                                                   \
    X(ACTIVITY_INITIATIVE, "activity_initiative", OTHER)                                           \
    X(SOC_STRAIN, "soc_strain", OTHER)                                                             \
    X(SOC_TIES, "soc_ties", OTHER)                                                                 \
    X(ONV_NUISANCE, "onv_nuisance", OTHER)                                                         \
    X(ONV_REPORTS, "onv_reports", OTHER)                                                           \
    X(ONV_RESTRUCTURED, "onv_restructured", OTHER)                                                 \
    /* groups with a task */                                                                       \
    X(FIRST_STAYS, "first_stays", OTHER)                                                           \
    X(FIRST_HOURS, "first_hours", OTHER)                                                           \
    X(TASK_MENTAL, "task_mental", OTHER)                                                           \
    X(TASK_DEBT, "task_debt", OTHER)                                                               \
    X(ABROAD, "abroad", OTHER)                                                                     \
    X(FROM_ABROAD, "from_abroad", OTHER)                                                           \
    X(NATION_HOMES, "nation_homes", OTHER)                                                         \
    X(FTE_EURO, "fte_euro", OTHER)                                                                 \
    X(RECEPTION_SETTLES, "reception_settles", OTHER)

typedef enum {
#define X(name, key, per) WIJK_P_##name,
    WIJK_PARAMETERS_X(X)
#undef X
        WIJK_PARAMETERS
} wijk_parameter;

typedef struct {
    double value[WIJK_PARAMETERS]; /* in the unit of the dictionary */
} wijk_parameters;

/* The defaults of the dictionary. WIJK_EFORMAT names a row that is missing or no number. */
int wijk_parameters_default(wijk_parameters *out);
/* Static. */
const char *wijk_parameter_name(wijk_parameter parameter);
/* 1 and *out when there is a parameter of that name. */
int wijk_parameter_find(const char *name, wijk_parameter *out);

#endif
