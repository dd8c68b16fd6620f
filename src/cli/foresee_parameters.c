/* wijk foresee parameters: every number of the model with its range, grade and source; values given
 * with --set or --values are checked and shown. wijk foresee rules: the law's limits by year. */
#include "cli/foresee.h"
#include "cli/sheet.h"

#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

/* A file of values; WIJK_ENOTFOUND when it cannot be read. */
static int read_values(wijk_parameters *values, const wijk_dictionary *dictionary, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return wijk_fail(WIJK_ENOTFOUND, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", path,
                         strerror(errno));
    }
    char *bytes = wijk_alloc(MOST_BYTES + 1);
    size_t size = bytes ? fread(bytes, 1, MOST_BYTES + 1, file) : 0;
    fclose(file);
    int rc = bytes ? wijk_parameters_read(values, dictionary, bytes, size, path) : WIJK_ENOMEM;
    wijk_free(bytes);
    return rc;
}

static void add_row(cmd_sheet *sheet, const wijk_parameter_row *row, double value, wijk_lang lang)
{
    cmd_sheet_text(sheet, row->name);
    cmd_sheet_number(sheet, value);
    cmd_sheet_number(sheet, row->low);
    cmd_sheet_number(sheet, row->high);
    cmd_sheet_text(sheet, row->unit);
    cmd_sheet_text(sheet,
                   wijk_text(lang, row->effect ? T_PARAMETER_EFFECT : T_PARAMETER_MECHANICS));
    cmd_sheet_text(sheet, row->grade);
    cmd_sheet_text(sheet, row->label[lang]);
    cmd_sheet_text(sheet, row->source);
}

int foresee_parameters(int argc, char **argv, wijk_lang lang)
{
    const char *set = cmd_option(argc, argv, "set"), *file = cmd_option(argc, argv, "values");
    wijk_dictionary *dictionary;
    wijk_parameters values;
    int rc = wijk_dictionary_open(&dictionary);
    if (rc) {
        return rc;
    }
    wijk_dictionary_defaults(&values, dictionary);
    rc = file ? read_values(&values, dictionary, file) : WIJK_OK;
    rc = rc || !set ? rc : wijk_parameters_set(&values, dictionary, set);
    if (rc) {
        wijk_dictionary_free(dictionary);
        return rc;
    }
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "parameters", wijk_text(lang, T_PARAMETER_TITLE));
    cmd_sheet_column(sheet, "name", wijk_text(lang, T_PARAMETER_NAME), -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_PARAMETER_VALUE), 4);
    cmd_sheet_column(sheet, "low", wijk_text(lang, T_PARAMETER_LOW), 4);
    cmd_sheet_column(sheet, "high", wijk_text(lang, T_PARAMETER_HIGH), 4);
    cmd_sheet_column(sheet, "unit", wijk_text(lang, T_PARAMETER_UNIT), -1);
    cmd_sheet_column(sheet, "kind", wijk_text(lang, T_PARAMETER_KIND), -1);
    cmd_sheet_column(sheet, "grade", wijk_text(lang, T_PARAMETER_GRADE), -1);
    cmd_sheet_column(sheet, "what", wijk_text(lang, T_PARAMETER_WHAT), -1);
    cmd_sheet_column(sheet, "source", wijk_text(lang, T_PARAMETER_SOURCE), -1);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        add_row(sheet, wijk_dictionary_row(dictionary, (wijk_parameter)i), values.value[i], lang);
    }
    char mark[17];
    wijk_str line = WIJK_STR_INIT;
    wijk_parameters_mark(mark, &values);
    wijk_text_fill(&line, lang, T_PARAMETER_NOTE, mark, NULL);
    cmd_sheet_note(sheet, wijk_str_text(&line));
    wijk_str_free(&line);
    rc = cmd_sheet_print(sheet);
    wijk_dictionary_free(dictionary);
    return rc;
}

int foresee_rules(int argc, char **argv, wijk_lang lang)
{
    const char *year = cmd_positional(argc, argv, 0);
    wijk_table *table;
    int rc = wijk_table_asset(&table, "data/allocation_rules.csv");
    if (rc) {
        return rc;
    }
    size_t shown = 0;
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_table(sheet, "rules", wijk_text(lang, T_PARAMETER_RULES));
    cmd_sheet_column(sheet, "year", wijk_text(lang, T_PARAMETER_YEAR), -1);
    cmd_sheet_column(sheet, "rule", wijk_text(lang, T_PARAMETER_RULE), -1);
    cmd_sheet_column(sheet, "value", wijk_text(lang, T_PARAMETER_VALUE), 2);
    cmd_sheet_column(sheet, "unit", wijk_text(lang, T_PARAMETER_UNIT), -1);
    cmd_sheet_column(sheet, "grade", wijk_text(lang, T_PARAMETER_GRADE), -1);
    cmd_sheet_column(sheet, "source", wijk_text(lang, T_PARAMETER_SOURCE), -1);
    for (size_t i = 0; i < wijk_table_rows(table); i++) {
        if (year && strcmp(year, wijk_table_get(table, i, "year")) != 0) {
            continue;
        }
        cmd_sheet_text(sheet, wijk_table_get(table, i, "year"));
        cmd_sheet_text(sheet, wijk_table_get(table, i, "rule"));
        cmd_sheet_number(sheet, wijk_table_number(table, i, "value", 0));
        cmd_sheet_text(sheet, wijk_table_get(table, i, "unit"));
        cmd_sheet_text(sheet, wijk_table_get(table, i, "grade"));
        cmd_sheet_text(sheet, wijk_table_get(table, i, "source"));
        shown++;
    }
    wijk_table_free(table);
    if (!shown) {
        cmd_sheet_free(sheet);
        return wijk_fail(WIJK_ENOTFOUND, "Van %s zijn hier geen grenzen bekend.",
                         "No limits are known here for %s.", year);
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_PARAMETER_RULES_NOTE));
    return cmd_sheet_print(sheet);
}
