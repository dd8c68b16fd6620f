/* wijk/lever.h: what a scenario can turn. One row here is one lever, with key, unit, range and the
 * value of doing nothing; src/foresee/levers.c tells how each one works.
 *
 * Kinds: LEVEL stays until changed again; EVENT happens once, in the month of the change: its value
 * is a number of homes, divided over the areas it applies to by the homes there that it can be done
 * to (building: by all homes). In one month levels change first, then events in the order below,
 * whatever the order of the lines.
 * Payers and effects are not decided here: a lever turns a mechanism, never an outcome. */
#ifndef WIJK_LEVER_H
#define WIJK_LEVER_H

#include "wijk/err.h"

/* X(NAME, "key", KIND, "unit", least, most, do nothing) */
#define WIJK_LEVERS_X(X)                                                                           \
    /* stock */                                                                                    \
    X(BUILD_SOCIAL, "build_social", EVENT, "homes", 0, 5000, 0)                                    \
    X(BUILD_OWNER, "build_owner", EVENT, "homes", 0, 5000, 0)                                      \
    X(BUILD_PRIVATE, "build_private", EVENT, "homes", 0, 5000, 0)                                  \
    X(DEMOLISH, "demolish", EVENT, "homes", 0, 30000, 0)                                           \
    X(SELL, "sell", EVENT, "homes", 0, 30000, 0)                                                   \
    X(LIBERALISE, "liberalise", EVENT, "homes", 0, 30000, 0)                                       \
    X(RENOVATE, "renovate", EVENT, "homes", 0, 30000, 0)                                           \
    X(RESTRUCTURE, "restructure", EVENT, "homes", 0, 30000, 0)                                     \
    X(RESTRUCTURE_SOCIAL, "restructure_social", LEVEL, "percent", 0, 100, 30)                      \
    /* rent */                                                                                     \
    X(RENT_RESET, "rent_reset", LEVEL, "percent", 0, 100, 0)                                       \
    X(TWO_RENT, "two_rent", LEVEL, "percent", 0, 100, 0)                                           \
    /* allocation */                                                                               \
    X(PASSEND, "passend", LEVEL, "percent", 0, 100, 95)                                            \
    X(FREE_ROOM, "free_room", LEVEL, "percent", 0, 100, 7.5)                                       \
    X(URGENCY, "urgency", LEVEL, "percent", 0, 100, 20)                                            \
    X(NEWCOMER_TASK, "newcomer_task", LEVEL, "percent", 0, 100, 7)                                 \
    X(LOTTERY, "lottery", LEVEL, "percent", 0, 100, 10)                                            \
    X(LOCAL_PRIORITY, "local_priority", LEVEL, "percent", 0, 100, 0)                               \
    X(REGIONAL_MARKET, "regional_market", LEVEL, "percent", 0, 100, 0)                             \
    X(LABEL_OLDER, "label_older", LEVEL, "percent", 0, 100, 0)                                     \
    X(LABEL_YOUNG, "label_young", LEVEL, "percent", 0, 100, 0)                                     \
    /* spreading and selection */                                                                  \
    X(SPREADING_CAP, "spreading_cap", LEVEL, "percent of a block", 0, 100, 100)                    \
    X(MIX_TARGET, "mix_target", LEVEL, "percent of lets", 0, 100, 0)                               \
    X(SCREENING, "screening", LEVEL, "percent of lets", 0, 100, 0)                                 \
    X(MAGIC_MIX, "magic_mix", LEVEL, "percent of lets", 0, 100, 0)                                 \
    X(MIX_RATIO, "mix_ratio", LEVEL, "carriers per vulnerable", 0, 10, 1)                          \
    X(COMMON_TASK, "common_task", LEVEL, "hours a month", 0, 40, 0)                                \
    /* people at work */                                                                           \
    X(SOCIAL_MANAGEMENT, "social_management", LEVEL, "fte per 1000 social homes", 0, 20, 1)        \
    X(VISIT_COVERAGE, "visit_coverage", LEVEL, "percent of homes a year", 0, 100, 0)               \
    X(VISIT_BY_STREET, "visit_by_street", LEVEL, "0 or 1", 0, 1, 0)                                \
    X(DEBT_SIGNALLING, "debt_signalling", LEVEL, "percent of arrears a month", 0, 100, 20)         \
    X(DEBT_TEAM, "debt_team", LEVEL, "fte per 1000 households", 0, 20, 0.5)                        \
    X(WIJKTEAM, "wijkteam", LEVEL, "fte per 1000 households", 0, 20, 1)                            \
    X(PREVENTION, "prevention", LEVEL, "percent of hours", 0, 100, 20)                             \
    X(RING_FENCE, "ring_fence", LEVEL, "0 or 1", 0, 1, 0)                                          \
    X(MEDIATION, "mediation", LEVEL, "cases per 1000 households a year", 0, 100, 2.5)              \
    X(COMMUNITY_HOURS, "community_hours", LEVEL, "hours per 1000 homes a month", 0, 2000, 40)      \
    X(RESIDENTS_BUDGET, "residents_budget", LEVEL, "euro per home a year", 0, 500, 0)              \
    X(SHARED_POSTS, "shared_posts", LEVEL, "percent of hours", 0, 100, 0)                          \
    X(WIJKAGENT, "wijkagent", LEVEL, "hours per 1000 homes a month", 0, 2000, 30)                  \
    X(LIVABILITY_CAP, "livability_cap", LEVEL, "euro per social home a year", 0, 1000, 1000)       \
    /* groups with a task */                                                                       \
    X(HOUSING_FIRST, "housing_first", LEVEL, "homes per 1000 a year", 0, 100, 0)                   \
    X(RECEPTION, "reception", LEVEL, "hours per newcomer household a month", 0, 40, 2)             \
    X(OUTFLOW_MENTAL, "outflow_mental", LEVEL, "households per 1000 homes a year", 0, 50, 0.5)     \
    X(OUTFLOW_YOUTH, "outflow_youth", LEVEL, "households per 1000 homes a year", 0, 50, 0.2)       \
    X(OUTFLOW_SHELTER, "outflow_shelter", LEVEL, "households per 1000 homes a year", 0, 50, 0.5)   \
    X(OUTFLOW_SHARE, "outflow_share", LEVEL, "percent of the equal share", 0, 1000, 1000)          \
    X(KNARRENHOF, "knarrenhof", EVENT, "homes", 0, 500, 0)                                         \
    X(GESPIKKELD, "gespikkeld", EVENT, "homes", 0, 500, 0)                                         \
    X(STREETS, "streets", EVENT, "homes", 0, 30000, 0)

typedef enum {
#define X(name, key, kind, unit, least, most, nothing) WIJK_LEVER_##name,
    WIJK_LEVERS_X(X)
#undef X
        WIJK_LEVERS
} wijk_lever;

typedef enum { WIJK_LEVER_KIND_LEVEL, WIJK_LEVER_KIND_EVENT } wijk_lever_kind;

typedef struct {
    const char *key, *unit;
    wijk_lever_kind kind;
    double least, most, nothing;
} wijk_lever_row;

/* Static; never NULL for a lever of the enum. */
const wijk_lever_row *wijk_lever_get(wijk_lever lever);
/* 1 and *out when there is a lever of that key. */
int wijk_lever_find(const char *key, wijk_lever *out);
/* The same by key or by its Dutch name in a scenario, whatever the capitals, dashes and accents. */
int wijk_lever_named(const char *word, wijk_lever *out);
const char *wijk_lever_dutch(wijk_lever lever);
/* Its unit in words: a scenario takes either, and writes the English one. */
const char *wijk_lever_unit(wijk_lang lang, wijk_lever lever);

#endif
