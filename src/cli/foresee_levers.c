/* wijk foresee levers: what a scenario can turn. wijk foresee scenario: the shipped ones, or one of
 * them or a file of one's own, checked and written as it is understood. */
#include "cli/foresee.h"
#include "cli/foresee_policy.h"
#include "cli/sheet.h"

#include "wijk/fan.h"
#include "wijk/lever.h"
#include "wijk/scenario.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

/* For programs the keys of group and unit, for people their words. */
static void lever_row(cmd_sheet *sheet, wijk_lang lang, wijk_lever lever, int machine)
{
    const wijk_lever_row *row = wijk_lever_get(lever);
    wijk_policy_group group = wijk_policy_group_of(lever);
    int event = row->kind == WIJK_LEVER_KIND_EVENT;
    cmd_sheet_text(sheet,
                   machine ? wijk_policy_group_key(group) : wijk_policy_group_name(lang, group));
    cmd_sheet_text(sheet, row->key);
    cmd_sheet_text(sheet, wijk_lever_dutch(lever));
    cmd_sheet_text(sheet, wijk_text(lang, event ? T_LEVER_EVENT : T_LEVER_LEVEL));
    cmd_sheet_number(sheet, row->least);
    cmd_sheet_number(sheet, row->most);
    cmd_sheet_number(sheet, row->nothing);
    cmd_sheet_text(sheet, machine ? row->unit : wijk_lever_unit(lang, lever));
    cmd_sheet_text(sheet, wijk_policy_lever(lang, lever));
}

int foresee_levers(int argc, char **argv, wijk_lang lang)
{
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    cmd_sheet_table(sheet, "levers", wijk_text(lang, T_LEVER_TITLE));
    cmd_sheet_column(sheet, "group", wijk_text(lang, T_LEVERGROUP_COLUMN), -1);
    cmd_sheet_column(sheet, "key", wijk_text(lang, T_LEVER_KEY), -1);
    cmd_sheet_column(sheet, "dutch", wijk_text(lang, T_LEVERGROUP_DUTCH), -1);
    cmd_sheet_column(sheet, "kind", wijk_text(lang, T_LEVER_KIND), -1);
    cmd_sheet_column(sheet, "least", wijk_text(lang, T_LEVER_LEAST), 1);
    cmd_sheet_column(sheet, "most", wijk_text(lang, T_LEVER_MOST), 1);
    cmd_sheet_column(sheet, "nothing", wijk_text(lang, T_LEVER_NOTHING), 1);
    cmd_sheet_column(sheet, "unit", wijk_text(lang, T_LEVER_UNIT), -1);
    cmd_sheet_column(sheet, "what", wijk_text(lang, T_LEVER_WHAT), -1);
    for (int g = 0; g < WIJK_POLICY_GROUPS; g++) {
        for (int i = 0; i < WIJK_LEVERS; i++) {
            if (wijk_policy_group_of((wijk_lever)i) == (wijk_policy_group)g) {
                lever_row(sheet, lang, (wijk_lever)i, machine);
            }
        }
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_LEVER_NOTE));
    return cmd_sheet_print(sheet);
}

static int list_shipped(int argc, char **argv, wijk_lang lang)
{
    char name[64];
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "scenarios", wijk_text(lang, T_LEVER_SHIPPED));
    cmd_sheet_column(sheet, "name", wijk_text(lang, T_LEVER_NAME), -1);
    cmd_sheet_column(sheet, "changes", wijk_text(lang, T_LEVER_CHANGES), 0);
    cmd_sheet_column(sheet, "title", wijk_text(lang, T_LEVER_TITLE_OF), -1);
    for (size_t i = 0; wijk_scenario_shipped(name, sizeof name, i); i++) {
        wijk_scenario_file *file;
        int rc = wijk_scenario_open(&file, name);
        if (rc) {
            cmd_sheet_free(sheet);
            return rc;
        }
        cmd_sheet_text(sheet, name);
        cmd_sheet_number(sheet, (double)wijk_scenario_count(file));
        cmd_sheet_text(sheet, wijk_scenario_title(file, lang));
        wijk_scenario_free(file);
    }
    return cmd_sheet_print(sheet);
}

int foresee_scenario(int argc, char **argv, wijk_lang lang)
{
    const char *name = cmd_positional(argc, argv, 0);
    foresee_policy policy;
    if (!name) {
        return list_shipped(argc, argv, lang);
    }
    wijk_str text = WIJK_STR_INIT;
    int rc = foresee_policy_open(&policy, name);
    rc = rc ? rc : foresee_policy_check(&policy, NULL);
    if (!rc) {
        wijk_scenario_write(&text, policy.file);
        fputs(wijk_str_text(&text), stdout);
        rc = wijk_str_status(&text);
    }
    wijk_str_free(&text);
    foresee_policy_close(&policy);
    return rc;
}
