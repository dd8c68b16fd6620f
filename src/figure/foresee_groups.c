/* Levers in the groups in which people think of policy, with what the model computes of each and
 * what it assumes. The idea: who chooses a lever should know beforehand whether its answer will be
 * arithmetic or an assumption. */
#include "wijk/fan.h"

#include "wijk/text.h"

static const struct {
    const char *key;
    enum wijk_text_key name, computed, assumed;
} groups[WIJK_POLICY_GROUPS] = {
    [WIJK_POLICY_STOCK] = {"stock", T_LEVERGROUP_1, T_LEVERGROUP_COMPUTED_1,
                           T_LEVERGROUP_ASSUMED_1},
    [WIJK_POLICY_RENTS] = {"rents", T_LEVERGROUP_2, T_LEVERGROUP_COMPUTED_2,
                           T_LEVERGROUP_ASSUMED_2},
    [WIJK_POLICY_LETTING] = {"letting", T_LEVERGROUP_3, T_LEVERGROUP_COMPUTED_3,
                             T_LEVERGROUP_ASSUMED_3},
    [WIJK_POLICY_MIXING] = {"mixing", T_LEVERGROUP_4, T_LEVERGROUP_COMPUTED_4,
                            T_LEVERGROUP_ASSUMED_4},
    [WIJK_POLICY_MANAGEMENT] = {"management", T_LEVERGROUP_5, T_LEVERGROUP_COMPUTED_5,
                                T_LEVERGROUP_ASSUMED_5},
    [WIJK_POLICY_HELP] = {"help", T_LEVERGROUP_6, T_LEVERGROUP_COMPUTED_6, T_LEVERGROUP_ASSUMED_6},
    [WIJK_POLICY_TOGETHER] = {"together", T_LEVERGROUP_7, T_LEVERGROUP_COMPUTED_7,
                              T_LEVERGROUP_ASSUMED_7},
    [WIJK_POLICY_OUTFLOW] = {"outflow", T_LEVERGROUP_8, T_LEVERGROUP_COMPUTED_8,
                             T_LEVERGROUP_ASSUMED_8},
};

wijk_policy_group wijk_policy_group_of(wijk_lever lever)
{
    switch (lever) { /* no default: a lever without a group does not compile */
    case WIJK_LEVER_BUILD_SOCIAL:
    case WIJK_LEVER_BUILD_OWNER:
    case WIJK_LEVER_BUILD_PRIVATE:
    case WIJK_LEVER_DEMOLISH:
    case WIJK_LEVER_SELL:
    case WIJK_LEVER_LIBERALISE:
    case WIJK_LEVER_RENOVATE:
    case WIJK_LEVER_RESTRUCTURE:
    case WIJK_LEVER_RESTRUCTURE_SOCIAL:
    case WIJK_LEVERS:
        return WIJK_POLICY_STOCK;
    case WIJK_LEVER_RENT_RESET:
    case WIJK_LEVER_TWO_RENT:
        return WIJK_POLICY_RENTS;
    case WIJK_LEVER_PASSEND:
    case WIJK_LEVER_FREE_ROOM:
    case WIJK_LEVER_URGENCY:
    case WIJK_LEVER_NEWCOMER_TASK:
    case WIJK_LEVER_LOTTERY:
    case WIJK_LEVER_LOCAL_PRIORITY:
    case WIJK_LEVER_REGIONAL_MARKET:
    case WIJK_LEVER_LABEL_OLDER:
    case WIJK_LEVER_LABEL_YOUNG:
        return WIJK_POLICY_LETTING;
    case WIJK_LEVER_SPREADING_CAP:
    case WIJK_LEVER_MIX_TARGET:
    case WIJK_LEVER_SCREENING:
    case WIJK_LEVER_MAGIC_MIX:
    case WIJK_LEVER_MIX_RATIO:
        return WIJK_POLICY_MIXING;
    case WIJK_LEVER_SOCIAL_MANAGEMENT:
    case WIJK_LEVER_VISIT_COVERAGE:
    case WIJK_LEVER_VISIT_BY_STREET:
    case WIJK_LEVER_MEDIATION:
    case WIJK_LEVER_WIJKAGENT:
    case WIJK_LEVER_LIVABILITY_CAP:
        return WIJK_POLICY_MANAGEMENT;
    case WIJK_LEVER_DEBT_SIGNALLING:
    case WIJK_LEVER_DEBT_TEAM:
    case WIJK_LEVER_WIJKTEAM:
    case WIJK_LEVER_PREVENTION:
    case WIJK_LEVER_RING_FENCE:
    case WIJK_LEVER_SHARED_POSTS:
        return WIJK_POLICY_HELP;
    case WIJK_LEVER_COMMON_TASK:
    case WIJK_LEVER_COMMUNITY_HOURS:
    case WIJK_LEVER_RESIDENTS_BUDGET:
    case WIJK_LEVER_KNARRENHOF:
    case WIJK_LEVER_GESPIKKELD:
    case WIJK_LEVER_STREETS:
        return WIJK_POLICY_TOGETHER;
    case WIJK_LEVER_HOUSING_FIRST:
    case WIJK_LEVER_RECEPTION:
    case WIJK_LEVER_OUTFLOW_MENTAL:
    case WIJK_LEVER_OUTFLOW_YOUTH:
    case WIJK_LEVER_OUTFLOW_SHELTER:
    case WIJK_LEVER_OUTFLOW_SHARE:
        return WIJK_POLICY_OUTFLOW;
    }
    return WIJK_POLICY_STOCK;
}

const char *wijk_policy_group_key(wijk_policy_group group)
{
    return groups[group].key;
}

const char *wijk_policy_group_name(wijk_lang lang, wijk_policy_group group)
{
    return wijk_text(lang, groups[group].name);
}

const char *wijk_policy_group_say(wijk_lang lang, wijk_policy_group group, int effect)
{
    return wijk_text(lang, effect ? groups[group].assumed : groups[group].computed);
}
