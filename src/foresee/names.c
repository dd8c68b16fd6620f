/* Keys and units of levers, outcomes, groups and parameters, and the defaults of the dictionary.
 * The lists stand once, in the public headers; here they become tables, so that a name can be
 * looked up in both directions and cannot drift from its number. */
#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/table.h"

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
