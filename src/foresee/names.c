/* Keys and units of levers, outcomes, groups and parameters, and the defaults of the dictionary.
 * The lists stand once, in the public headers; here they become tables, so that a name can be
 * looked up in both directions and cannot drift from its number. */
#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <string.h>

static const wijk_lever_row levers[WIJK_LEVERS] = {
#define LEVEL                                          WIJK_LEVER_KIND_LEVEL
#define EVENT                                          WIJK_LEVER_KIND_EVENT
#define X(name, key, kind, unit, least, most, nothing) {key, unit, kind, least, most, nothing},
    WIJK_LEVERS_X(X)
#undef X
#undef LEVEL
#undef EVENT
};

/* The Dutch name of each lever in a scenario: a word that stands for its key. */
static const char *const dutch[WIJK_LEVERS] = {
    [WIJK_LEVER_BUILD_SOCIAL] = "bouw_sociale_huur",
    [WIJK_LEVER_BUILD_OWNER] = "bouw_koop",
    [WIJK_LEVER_BUILD_PRIVATE] = "bouw_particuliere_huur",
    [WIJK_LEVER_DEMOLISH] = "sloop",
    [WIJK_LEVER_SELL] = "verkoop",
    [WIJK_LEVER_LIBERALISE] = "naar_vrije_sector",
    [WIJK_LEVER_RENOVATE] = "opknappen",
    [WIJK_LEVER_RESTRUCTURE] = "herstructurering",
    [WIJK_LEVER_RESTRUCTURE_SOCIAL] = "herstructurering_sociaal",
    [WIJK_LEVER_RENT_RESET] = "streefhuur",
    [WIJK_LEVER_TWO_RENT] = "twee_huren",
    [WIJK_LEVER_PASSEND] = "passend_toewijzen",
    [WIJK_LEVER_FREE_ROOM] = "vrije_ruimte",
    [WIJK_LEVER_URGENCY] = "urgentie",
    [WIJK_LEVER_NEWCOMER_TASK] = "statushouders",
    [WIJK_LEVER_LOTTERY] = "loting",
    [WIJK_LEVER_LOCAL_PRIORITY] = "lokale_voorrang",
    [WIJK_LEVER_REGIONAL_MARKET] = "regionale_markt",
    [WIJK_LEVER_LABEL_OLDER] = "label_ouderen",
    [WIJK_LEVER_LABEL_YOUNG] = "label_jongeren",
    [WIJK_LEVER_SPREADING_CAP] = "spreidingsgrens",
    [WIJK_LEVER_MIX_TARGET] = "mengdoel",
    [WIJK_LEVER_SCREENING] = "huurdersonderzoek",
    [WIJK_LEVER_MAGIC_MIX] = "gemengd_wonen",
    [WIJK_LEVER_MIX_RATIO] = "mengverhouding",
    [WIJK_LEVER_COMMON_TASK] = "gezamenlijke_taak",
    [WIJK_LEVER_SOCIAL_MANAGEMENT] = "sociaal_beheer",
    [WIJK_LEVER_VISIT_COVERAGE] = "huisbezoeken",
    [WIJK_LEVER_VISIT_BY_STREET] = "bezoek_per_straat",
    [WIJK_LEVER_DEBT_SIGNALLING] = "vroegsignalering",
    [WIJK_LEVER_DEBT_TEAM] = "schuldhulpteam",
    [WIJK_LEVER_WIJKTEAM] = "wijkteam",
    [WIJK_LEVER_PREVENTION] = "preventie",
    [WIJK_LEVER_RING_FENCE] = "preventie_afschermen",
    [WIJK_LEVER_MEDIATION] = "buurtbemiddeling",
    [WIJK_LEVER_COMMUNITY_HOURS] = "opbouwwerk",
    [WIJK_LEVER_RESIDENTS_BUDGET] = "bewonersbudget",
    [WIJK_LEVER_SHARED_POSTS] = "gedeelde_posten",
    [WIJK_LEVER_WIJKAGENT] = "wijkagent",
    [WIJK_LEVER_LIVABILITY_CAP] = "leefbaarheidsgrens",
    [WIJK_LEVER_HOUSING_FIRST] = "housing_first",
    [WIJK_LEVER_RECEPTION] = "begeleiding_nieuwkomers",
    [WIJK_LEVER_OUTFLOW_MENTAL] = "uitstroom_ggz",
    [WIJK_LEVER_OUTFLOW_YOUTH] = "uitstroom_jeugdzorg",
    [WIJK_LEVER_OUTFLOW_SHELTER] = "uitstroom_opvang",
    [WIJK_LEVER_OUTFLOW_SHARE] = "uitstroom_grens",
    [WIJK_LEVER_KNARRENHOF] = "knarrenhof",
    [WIJK_LEVER_GESPIKKELD] = "gespikkeld_wonen",
    [WIJK_LEVER_STREETS] = "straten",
};

enum { STOCK, FLOW };
static const struct {
    const char *key, *unit;
    int flow;
} outcomes[WIJK_OUTCOMES] = {
#define X(name, key, kind, unit) {key, unit, kind},
    WIJK_OUTCOMES_X(X)
#undef X
};

static const char *const groups[WIJK_GROUPS] = {
#define X(name, key) key,
    WIJK_GROUPS_X(X)
#undef X
};

static const struct {
    const char *key;
    int flow;
} group_outcomes[WIJK_GROUP_OUTCOMES] = {
#define X(name, key, kind) {key, kind},
    WIJK_GROUP_OUTCOMES_X(X)
#undef X
};

static const char *const parameters[WIJK_PARAMETERS] = {
#define X(name, key, per) key,
    WIJK_PARAMETERS_X(X)
#undef X
};

const wijk_lever_row *wijk_lever_get(wijk_lever lever)
{
    return &levers[lever];
}

int wijk_lever_find(const char *key, wijk_lever *out)
{
    for (int i = 0; i < WIJK_LEVERS; i++) {
        if (strcmp(levers[i].key, key) == 0) {
            *out = (wijk_lever)i;
            return 1;
        }
    }
    return 0;
}

const char *wijk_lever_dutch(wijk_lever lever)
{
    return dutch[lever];
}

int wijk_lever_named(const char *word, wijk_lever *out)
{
    enum { WORD = 200 };
    char wanted[WORD], name[WORD];
    wijk_fold(wanted, sizeof wanted, word);
    for (int i = 0; i < WIJK_LEVERS; i++) {
        const char *names[] = {levers[i].key, dutch[i]};
        for (int k = 0; k < 2; k++) {
            wijk_fold(name, sizeof name, names[k]);
            if (strcmp(name, wanted) == 0) {
                *out = (wijk_lever)i;
                return 1;
            }
        }
    }
    return 0;
}

const char *wijk_lever_unit(wijk_lang lang, wijk_lever lever)
{
    const char *unit = levers[lever].unit;
    for (int k = T_FORECAST_UNIT_1; k <= T_FORECAST_UNIT_20; k++) {
        if (strcmp(wijk_text(WIJK_EN, (enum wijk_text_key)k), unit) == 0) {
            return wijk_text(lang, (enum wijk_text_key)k);
        }
    }
    return unit;
}

const char *wijk_outcome_key(wijk_outcome outcome)
{
    return outcomes[outcome].key;
}

const char *wijk_outcome_unit(wijk_outcome outcome)
{
    return outcomes[outcome].unit;
}

int wijk_outcome_is_flow(wijk_outcome outcome)
{
    return outcomes[outcome].flow == FLOW;
}

int wijk_outcome_find(const char *key, wijk_outcome *out)
{
    for (int i = 0; i < WIJK_OUTCOMES; i++) {
        if (strcmp(outcomes[i].key, key) == 0) {
            *out = (wijk_outcome)i;
            return 1;
        }
    }
    return 0;
}

const char *wijk_group_key(wijk_group group)
{
    return groups[group];
}

const char *wijk_group_outcome_key(wijk_group_outcome outcome)
{
    return group_outcomes[outcome].key;
}

int wijk_group_outcome_is_flow(wijk_group_outcome outcome)
{
    return group_outcomes[outcome].flow == FLOW;
}

const char *wijk_parameter_name(wijk_parameter parameter)
{
    return parameters[parameter];
}

int wijk_parameter_find(const char *name, wijk_parameter *out)
{
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        if (strcmp(parameters[i], name) == 0) {
            *out = (wijk_parameter)i;
            return 1;
        }
    }
    return 0;
}

int wijk_parameters_default(wijk_parameters *out)
{
    wijk_table *table = NULL;
    int rc = wijk_table_asset(&table, "data/parameters.csv");
    for (int i = 0; rc == WIJK_OK && i < WIJK_PARAMETERS; i++) {
        long row = wijk_table_find(table, "name", parameters[i]);
        out->value[i] = row < 0 ? NAN : wijk_table_number(table, (size_t)row, "default", NAN);
        if (!isfinite(out->value[i])) {
            rc = wijk_fail(WIJK_EFORMAT, "data/parameters.csv: geen getal voor %s",
                           "data/parameters.csv: no number for %s", parameters[i]);
        }
    }
    wijk_table_free(table);
    return rc;
}
