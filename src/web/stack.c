/* Tables that read on a phone too. The idea: a cell carries the words of its own column, and the
 * style sheet shows them where the heads have no room. */
#include "web/stack.h"

static const char NUMBER[] = "wijk-table__number";

void stack_column(stack_table *table, const char *text, const char *class_name)
{
    if (table->count < STACK_COLUMNS) {
        table->heads[table->count] = text;
        table->classes[table->count++] = class_name ? class_name : NUMBER;
    }
}

void stack_begin(stack_table *table, html *h, const char *caption)
{
    table->h = h;
    h_open(h, "table", "wijk-table wijk-table--stack");
    h_attr(h, "role", "table");
    if (caption) {
        h_leaf(h, "caption", "wijk-hidden", caption);
    }
    h_open(h, "thead", NULL);
    h_attr(h, "role", "rowgroup");
    h_open(h, "tr", NULL);
    h_attr(h, "role", "row");
    for (size_t i = 0; i < table->count; i++) {
        h_open(h, "th", i ? table->classes[i] : NULL);
        h_attr(h, "scope", "col");
        h_attr(h, "role", "columnheader");
        h_text(h, table->heads[i]);
        h_close(h);
    }
    h_closes(h, 2);
    h_open(h, "tbody", NULL);
    h_attr(h, "role", "rowgroup");
}

void stack_row(stack_table *table)
{
    html *h = table->h;
    table->at = 1;
    h_open(h, "tr", NULL);
    h_attr(h, "role", "row");
    h_open(h, "th", NULL);
    h_attr(h, "scope", "row");
    h_attr(h, "role", "rowheader");
}

void stack_named(stack_table *table)
{
    h_close(table->h);
}

void stack_cell(stack_table *table)
{
    html *h = table->h;
    size_t at = table->at < table->count ? table->at++ : table->count - 1;
    h_open(h, "td", table->classes[at]);
    h_attr(h, "role", "cell");
    h_attr(h, "data-label", table->heads[at]);
}

void stack_number(stack_table *table, double value, int decimals)
{
    stack_cell(table);
    h_number(table->h, value, decimals);
    h_close(table->h);
}

void stack_row_end(stack_table *table)
{
    h_close(table->h);
}

void stack_end(stack_table *table)
{
    h_closes(table->h, 2);
}
