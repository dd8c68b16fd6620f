/* A sheet of results: filled once, printed as text, as CSV (--csv) or as JSON (--json), so that the
 * three cannot disagree. A sheet holds tables; a table holds columns and rows of cells.
 *
 *     cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
 *     cmd_sheet_table(sheet, "scale", title);
 *     cmd_sheet_column(sheet, "radius", label, 0);
 *     cmd_sheet_number(sheet, 500);          (cells fill row after row)
 *     cmd_sheet_note(sheet, sentence);
 *     return cmd_sheet_print(sheet);         (prints and frees)
 *
 * Failures stick: nothing needs checking but the result of cmd_sheet_print. */
#ifndef WIJK_CLI_SHEET_H
#define WIJK_CLI_SHEET_H

#include "wijk/err.h"

typedef struct cmd_sheet cmd_sheet;

/* Reads --json, --csv and --table NAME from the arguments. NULL when memory ran out, which every
 * function below takes. */
cmd_sheet *cmd_sheet_new(int argc, char **argv, wijk_lang lang);
/* The next table; at most 32. `name` for programs ([a-z_]); `title` for people, "" for none. */
void cmd_sheet_table(cmd_sheet *sheet, const char *name, const char *title);
/* The next column of this table, at most 32; `decimals` of its numbers on screen, -1 for texts.
 * CSV and JSON give numbers in full. */
void cmd_sheet_column(cmd_sheet *sheet, const char *name, const char *label, int decimals);
/* 1 when rows of this table will be printed; 0 when --csv prints another, and then its cells are
 * passed over, so that a large one needs not be reckoned. */
int cmd_sheet_takes(const cmd_sheet *sheet);
/* The next cell. A number that is not finite is an en dash, an empty cell, null. */
void cmd_sheet_text(cmd_sheet *sheet, const char *text);
void cmd_sheet_number(cmd_sheet *sheet, double value);
/* A number with decimals of its own, in a column of unlike figures. */
void cmd_sheet_figure(cmd_sheet *sheet, double value, int decimals);
/* A sentence above the tables (head) or below them (note); "notes" in JSON, left out of CSV. */
void cmd_sheet_head(cmd_sheet *sheet, const char *text);
void cmd_sheet_note(cmd_sheet *sheet, const char *text);
/* Prints to the standard output and frees. --csv gives the first table, or the one that --table
 * names (WIJK_ENOTFOUND with the names there are). */
int cmd_sheet_print(cmd_sheet *sheet);
/* Without printing, after a failure elsewhere. */
void cmd_sheet_free(cmd_sheet *sheet);

#endif
