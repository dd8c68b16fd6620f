/* wijk/parameter.h: the numbers of the model, by name. The dictionary is data/parameters.csv: unit,
 * default, range, shape of the uncertainty, mechanics or assumed effect, grade and source of each;
 * a test holds that file and this list equal.
 *
 * kind `mechanics`: computed and checked against data. kind `effect`: what support, ties, mixing or
 * management do to strain and livability; where no evidence speaks its default is none. */
#ifndef WIJK_PARAMETER_H
#define WIJK_PARAMETER_H

/* X(NAME, "name in data/parameters.csv") */
#define WIJK_PARAMETERS_X(X)                                                                       \
    /* life */                                                                                     \
    X(BIRTH_COUPLE, "birth_couple")                                                                \
    X(BIRTH_FAMILY, "birth_family")                                                                \
    X(BIRTH_SINGLE, "birth_single")                                                                \
    X(PARTNERSHIP, "partnership")                                                                  \
    X(SEPARATION, "separation")                                                                    \
    X(LEAVE_HOME, "leave_home")                                                                    \
    X(DEATH_80, "death_80")                                                                        \
    X(DEATH_GROWTH, "death_growth")                                                                \
    X(CARE_HOME, "care_home")                                                                      \
    X(INCOME_UP, "income_up")                                                                      \
    X(INCOME_DOWN, "income_down")                                                                  \
    /* needs */                                                                                    \
    X(DEBT_ONSET, "debt_onset")                                                                    \
    X(DEBT_LOW, "debt_low")                                                                        \
    X(DEBT_END, "debt_end")                                                                        \
    X(MENTAL_ONSET, "mental_onset")                                                                \
    X(MENTAL_END, "mental_end")                                                                    \
    X(FRAIL_65, "frail_65")                                                                        \
    X(FRAIL_80, "frail_80")                                                                        \
    X(FRAIL_END, "frail_end")                                                                      \
    X(MILD_SHARE, "mild_share")                                                                    \
    X(NEWCOMER_END, "newcomer_end")                                                                \
    /* strain */                                                                                   \
    X(LOAD_DEBT, "load_debt")                                                                      \
    X(LOAD_MENTAL, "load_mental")                                                                  \
    X(LOAD_FRAIL, "load_frail")                                                                    \
    X(LOAD_MILD, "load_mild")                                                                      \
    X(LOAD_NEWCOMER, "load_newcomer")                                                              \
    X(LOAD_LOW_INCOME, "load_low_income")                                                          \
    X(LOAD_ONE_PARENT, "load_one_parent")                                                          \
    X(LOAD_NUISANCE, "load_nuisance")                                                              \
    X(TAIL, "tail")                                                                                \
    X(RELIEF_OWN, "relief_own")                                                                    \
    X(RELIEF_TIE, "relief_tie")                                                                    \
    X(TIE_FULL, "tie_full")                                                                        \
    X(TIE_SPILL, "tie_spill")                                                                      \
    X(RELIEF_INFORMAL, "relief_informal")                                                          \
    X(RELIEF_FORMAL, "relief_formal")                                                              \
    X(RELIEF_INTENSIVE, "relief_intensive")                                                        \
    X(DEBT_HELP, "debt_help")                                                                      \
    X(STRAIN_SPEED, "strain_speed")                                                                \
    X(STRAIN_NOISE, "strain_noise")                                                                \
    X(STRAINED, "strained")                                                                        \
    /* seeing and helping */                                                                       \
    X(SEE_NEIGHBOUR, "see_neighbour")                                                              \
    X(SEE_MANAGER, "see_manager")                                                                  \
    X(SEE_VISIT, "see_visit")                                                                      \
    X(SEE_AGENT, "see_agent")                                                                      \
    X(SEE_DEBT, "see_debt")                                                                        \
    X(SEE_SELF, "see_self")                                                                        \
    X(ACCEPT, "accept")                                                                            \
    X(INFORMAL_SHARE, "informal_share")                                                            \
    X(INFORMAL_END, "informal_end")                                                                \
    X(HOURS_FORMAL, "hours_formal")                                                                \
    X(HOURS_INTENSIVE, "hours_intensive")                                                          \
    X(FORMAL_END, "formal_end")                                                                    \
    X(INTENSIVE_END, "intensive_end")                                                              \
    X(INTENSIVE_FROM, "intensive_from")                                                            \
    X(QUEUE_LEAVE, "queue_leave")                                                                  \
    X(CROWD_OUT, "crowd_out")                                                                      \
    X(PRODUCTIVE_HOURS, "productive_hours")                                                        \
    X(VISIT_MINUTES, "visit_minutes")                                                              \
    X(HANDOVER_MINUTES, "handover_minutes")                                                        \
    X(SHARED_GAIN, "shared_gain")                                                                  \
    X(MEDIATION_SUCCESS, "mediation_success")                                                      \
    X(AGENT_CALMS, "agent_calms")                                                                  \
    /* escalation */                                                                               \
    X(ARREARS_BEGIN, "arrears_begin")                                                              \
    X(ARREARS_DEBT, "arrears_debt")                                                                \
    X(ARREARS_SETTLE, "arrears_settle")                                                            \
    X(JUDGMENT, "judgment")                                                                        \
    X(EVICTION_SHARE, "eviction_share")                                                            \
    X(ARREARS_HELP, "arrears_help")                                                                \
    X(CRISIS, "crisis")                                                                            \
    X(REPORT, "report")                                                                            \
    X(REPORT_MENTAL, "report_mental")                                                              \
    X(DROPOUT, "dropout")                                                                          \
    X(NUISANCE_EVENT, "nuisance_event")                                                            \
    X(HELPED_SHARE, "helped_share")                                                                \
    X(NUISANCE_EVICTION, "nuisance_eviction")                                                      \
    X(SHELTER_LEAVE, "shelter_leave")                                                              \
    /* leaving */                                                                                  \
    X(SEARCH_OWNER, "search_owner")                                                                \
    X(SEARCH_SOCIAL, "search_social")                                                              \
    X(SEARCH_PRIVATE, "search_private")                                                            \
    X(SEARCH_YOUNG, "search_young")                                                                \
    X(SEARCH_OLD, "search_old")                                                                    \
    X(SEARCH_CROWDED, "search_crowded")                                                            \
    X(SEARCH_MISMATCH, "search_mismatch")                                                          \
    X(SEARCH_NUISANCE, "search_nuisance")                                                          \
    X(LEAVE_24, "leave_24")                                                                        \
    X(LEAVE_34, "leave_34")                                                                        \
    X(LEAVE_49, "leave_49")                                                                        \
    X(LEAVE_64, "leave_64")                                                                        \
    X(LEAVE_79, "leave_79")                                                                        \
    X(LEAVE_80, "leave_80")                                                                        \
    X(STOP_SEARCH, "stop_search")                                                                  \
    X(POOL_LEAVE, "pool_leave")                                                                    \
    /* allocation */                                                                               \
    X(REACT, "react")                                                                              \
    X(REACT_OWN_AREA, "react_own_area")                                                            \
    X(REFUSE, "refuse")                                                                            \
    X(SEARCH_LIST, "search_list")                                                                  \
    X(OUTSIDE_OWNER, "outside_owner")                                                              \
    X(OUTSIDE_SOCIAL, "outside_social")                                                            \
    X(OUTSIDE_PRIVATE, "outside_private")                                                          \
    X(REPAIR_MONTHS, "repair_months")                                                              \
    X(RESET_RISE, "reset_rise")                                                                    \
    /* ties */                                                                                     \
    X(TIE_FORM, "tie_form")                                                                        \
    X(TIE_NEW, "tie_new")                                                                          \
    X(TIE_SIMILAR, "tie_similar")                                                                  \
    X(TIE_BLOCK, "tie_block")                                                                      \
    X(TIE_FADE, "tie_fade")                                                                        \
    X(TIE_TASK, "tie_task")                                                                        \
    X(TIE_TASK_ACROSS, "tie_task_across")                                                          \
    X(TIE_ACTIVITY, "tie_activity")                                                                \
    X(TIE_COURT, "tie_court")                                                                      \
    X(AWAY_FORM, "away_form")                                                                      \
    X(AWAY_FADE, "away_fade")                                                                      \
    /* block and area */                                                                           \
    X(NUISANCE_POINT, "nuisance_point")                                                            \
    X(NUISANCE_FADE, "nuisance_fade")                                                              \
    X(MANAGEMENT_CALMS, "management_calms")                                                        \
    X(UPKEEP_FADE, "upkeep_fade")                                                                  \
    X(UPKEEP_WORK, "upkeep_work")                                                                  \
    X(TRUST_FALL, "trust_fall")                                                                    \
    X(TRUST_BACK, "trust_back")                                                                    \
    X(INITIATIVE_BEGIN, "initiative_begin")                                                        \
    X(INITIATIVE_BUDGET, "initiative_budget")                                                      \
    X(INITIATIVE_HOURS, "initiative_hours")                                                        \
    X(INITIATIVE_END, "initiative_end")                                                            \
    X(INITIATIVE_TIES, "initiative_ties")                                                          \
    X(ACTIVITY_INITIATIVE, "activity_initiative")                                                  \
    X(SOC_STRAIN, "soc_strain")                                                                    \
    X(SOC_TIES, "soc_ties")                                                                        \
    X(ONV_NUISANCE, "onv_nuisance")                                                                \
    X(ONV_REPORTS, "onv_reports")                                                                  \
    X(ONV_RESTRUCTURED, "onv_restructured")                                                        \
    /* groups with a task */                                                                       \
    X(FIRST_STAYS, "first_stays")                                                                  \
    X(FIRST_HOURS, "first_hours")                                                                  \
    X(TASK_MENTAL, "task_mental")                                                                  \
    X(TASK_DEBT, "task_debt")                                                                      \
    X(RECEPTION_SETTLES, "reception_settles")

typedef enum {
#define X(name, key) WIJK_P_##name,
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
