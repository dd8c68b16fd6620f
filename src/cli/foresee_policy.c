/* Which policy a command is about: a shipped one by its name, or a file of one's own. All that is
 * wrong with it is told before anything is built, so that mending takes one round. */
#include "cli/foresee_policy.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int unknown(const char *name)
{
    wijk_str all = WIJK_STR_INIT;
    char one[64];
    for (size_t i = 0; wijk_scenario_shipped(one, sizeof one, i); i++) {
        wijk_str_addf(&all, "%s%s", i ? ", " : "", one);
    }
    int rc = wijk_str_status(&all);
    const char *list = wijk_str_text(&all);
    if (!rc && name) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Er is geen meegeleverd beleid en geen bestand \"%s\". Meegeleverd: %s.",
                       "There is no shipped policy and no file \"%s\". Shipped: %s.", name, list);
    } else if (!rc) {
        rc =
            wijk_fail(WIJK_EINVAL, "Welk beleid? Geef --scenario NAAM of BESTAND. Meegeleverd: %s.",
                      "Which policy? Give --scenario NAME or FILE. Shipped: %s.", list);
    }
    wijk_str_free(&all);
    return rc;
}

static int read_file(foresee_policy *out, FILE *file)
{
    char *bytes = wijk_alloc(WIJK_SCENARIO_BYTES + 1);
    size_t size = bytes ? fread(bytes, 1, WIJK_SCENARIO_BYTES + 1, file) : 0;
    int rc = bytes ? WIJK_OK : WIJK_ENOMEM;
    if (!rc && ferror(file)) {
        rc = wijk_fail(WIJK_EIO, "%s kan niet worden gelezen.", "%s cannot be read.", out->name);
    }
    rc = rc ? rc : wijk_scenario_read_all(&out->file, &out->found, bytes, size, out->name);
    wijk_free(bytes);
    return rc;
}

int foresee_policy_open(foresee_policy *out, const char *name)
{
    *out = (foresee_policy){.name = name};
    if (!name) {
        return unknown(NULL);
    }
    int rc = wijk_arena_new(&out->arena, 0);
    out->found.arena = out->arena;
    rc = rc ? rc : wijk_scenario_open(&out->file, name);
    if (rc != WIJK_ENOTFOUND) {
        return rc;
    }
    FILE *file = fopen(name, "rb");
    if (!file) {
        return errno == ENOENT
                   ? unknown(name)
                   : wijk_fail(WIJK_EIO, "%s kan niet worden gelezen.", "%s cannot be read.", name);
    }
    rc = read_file(out, file);
    fclose(file);
    return rc;
}

int foresee_policy_asked(foresee_policy *out, int argc, char **argv)
{
    return foresee_policy_open(out, cmd_option(argc, argv, "scenario"));
}

int foresee_policy_check(foresee_policy *policy, const cmd_place *place)
{
    const wijk_scenario_options text = {.first = -1, .found = &policy->found};
    wijk_scenario bound = {NULL, 0};
    int rc = place ? wijk_case_check(&policy->found, place->store, place->registry, place->area,
                                     policy->file)
                   : wijk_scenario_bind(&bound, policy->file, &text);
    wijk_scenario_release(&bound);
    return rc ? rc : wijk_mistakes_fail(&policy->found, policy->name);
}

void foresee_policy_close(foresee_policy *policy)
{
    wijk_scenario_free(policy->file);
    wijk_arena_free(policy->arena);
    *policy = (foresee_policy){.file = NULL};
}
