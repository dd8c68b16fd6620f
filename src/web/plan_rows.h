/* web/plan_rows.h: what the pages that fill in an account share. */
#ifndef WIJK_WEB_PLAN_ROWS_H
#define WIJK_WEB_PLAN_ROWS_H

#include "web/plan.h"

#include "wijk/account_rows.h"

typedef struct {
    web_call *call;
    wijk_plan plan;
    wijk_prices *prices;
    wijk_account_rows table;
} plan_rows;

/* The plan that {} names and its table; close it also after a failure. A plan without an account
 * gets an empty table with settings that fit its years. */
int plan_rows_open(plan_rows *out, web_call *call);
void plan_rows_close(plan_rows *it);
/* Writes the table into the plan (as an amendment once it is frozen) and leads to the list.
 * WIJK_EINVAL when the amendment lacks a name or reason. */
int plan_rows_save(plan_rows *it);

/* Page head with a way back. */
void plan_rows_begin(plan_rows *it, enum wijk_text_key title, const char *back,
                     enum wijk_text_key back_text);
/* That nothing was saved, and why ("" when the fields say it). */
void plan_rows_wrong(plan_rows *it, const char *text);
void plan_rows_input(web_call *call, const char *name, const char *value, const char *describes,
                     int wrong);
/* A number as the page's language writes it; anything else as it is. */
const char *plan_rows_number(web_call *call, const char *text);
/* Name and reason, once the plan is frozen. */
void plan_rows_signature(plan_rows *it);
/* 0 cost, 1 benefit, 2 transfer. */
int plan_row_kind(const wijk_account_row *row);

#endif
