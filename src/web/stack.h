/* web/stack.h: a table that reads on a phone: there each row becomes a small block, its name on top
 * and every figure with the words of its own column beside it. Roles are written out, because
 * browsers forget that a table is one once it is laid out otherwise. */
#ifndef WIJK_WEB_STACK_H
#define WIJK_WEB_STACK_H

#include "web/page.h"

enum { STACK_COLUMNS = 10 };

typedef struct {
    html *h;
    const char *heads[STACK_COLUMNS];   /* [0] is that of the row's name */
    const char *classes[STACK_COLUMNS]; /* of head and cell; NULL: a number */
    size_t count, at;                   /* columns; the next cell */
} stack_table;

/* Columns first: `text` lives as long as the table. */
void stack_column(stack_table *table, const char *text, const char *class_name);
/* <table>, hidden caption (NULL: none) and heads. */
void stack_begin(stack_table *table, html *h, const char *caption);
/* The row's name; content may follow until stack_named. */
void stack_row(stack_table *table);
void stack_named(stack_table *table);
/* One cell; content follows, then h_close. */
void stack_cell(stack_table *table);
/* A whole cell; a dash for NAN. */
void stack_number(stack_table *table, double value, int decimals);
void stack_row_end(stack_table *table);
void stack_end(stack_table *table);

#endif
