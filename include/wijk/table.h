/* wijk/table.h: a small CSV held whole, addressed by row and column name: the registries. */
#ifndef WIJK_TABLE_H
#define WIJK_TABLE_H

#include <stddef.h>

typedef struct wijk_table wijk_table;

/* Reads a shipped registry ("data/indicators.csv"). WIJK_EFORMAT with file and line when a row has
 * another number of cells than the header. O(bytes). */
int wijk_table_asset(wijk_table **out, const char *path);
/* The same from bytes that a user gave; `what` names them in messages. */
int wijk_table_bytes(wijk_table **out, const void *bytes, size_t size, const char *what);
void wijk_table_free(wijk_table *table);

size_t wijk_table_rows(const wijk_table *table);
size_t wijk_table_columns(const wijk_table *table);
const char *wijk_table_header(const wijk_table *table, size_t column);
/* Column of a name, -1 when there is none. */
int wijk_table_column(const wijk_table *table, const char *name);
/* Text of a cell; "" past the ends or for column -1. Owned by the table. */
const char *wijk_table_at(const wijk_table *table, size_t row, int column);
const char *wijk_table_get(const wijk_table *table, size_t row, const char *column);
/* First row whose `column` equals `value`; -1 when none. O(rows). */
long wijk_table_find(const wijk_table *table, const char *column, const char *value);
/* A number in English form; `otherwise` when the cell is empty or not a number. */
double wijk_table_number(const wijk_table *table, size_t row, const char *column, double otherwise);

#endif
