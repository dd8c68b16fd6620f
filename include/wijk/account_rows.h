/* wijk/account_rows.h: an account as the table that people write, changed one row at a time.
 *
 * Cells are kept as they were written, comments where they stood. Whether it makes an account is
 * asked of the reader of wijk/account.h; what is wrong with a row is told cell by cell. */
#ifndef WIJK_ACCOUNT_ROWS_H
#define WIJK_ACCOUNT_ROWS_H

#include "wijk/account.h"
#include "wijk/mem.h"

/* The columns of the table. */
enum wijk_account_cell {
    WIJK_CELL_ID,
    WIJK_CELL_KIND,
    WIJK_CELL_STAGE,
    WIJK_CELL_WHAT,
    WIJK_CELL_PURSE,
    WIJK_CELL_FROM,
    WIJK_CELL_PRICE,
    WIJK_CELL_AMOUNT,
    WIJK_CELL_AMOUNT_YEAR,
    WIJK_CELL_SOURCE,
    WIJK_CELL_UNIT,
    WIJK_CELL_QUANTITY,
    WIJK_CELL_REACH,
    WIJK_CELL_EFFECT,
    WIJK_CELL_DEADWEIGHT,
    WIJK_CELL_ATTRIBUTION,
    WIJK_CELL_DISPLACEMENT,
    WIJK_CELL_EVIDENCE,
    WIJK_CELL_OPTIMISM,
    WIJK_CELL_DROPOFF,
    WIJK_CELL_START,
    WIJK_CELL_YEARS,
    WIJK_CELL_PROFILE,
    WIJK_CELL_CASH,
    WIJK_CELL_GROUP,
    WIJK_CELL_NOTE,
    WIJK_ACCOUNT_CELLS
};

/* What stands above the table. */
enum wijk_account_setting {
    WIJK_SETTING_TITLE,
    WIJK_SETTING_START,
    WIJK_SETTING_YEARS,
    WIJK_SETTING_PRICE_YEAR,
    WIJK_SETTING_DISCOUNT,
    WIJK_ACCOUNT_SETTINGS
};

extern const char *const wijk_account_cell_names[WIJK_ACCOUNT_CELLS];
extern const char *const wijk_account_setting_names[WIJK_ACCOUNT_SETTINGS];

typedef struct {
    const char *before;                   /* comments above it, whole lines; "" */
    const char *cell[WIJK_ACCOUNT_CELLS]; /* never NULL */
} wijk_account_row;

typedef struct {
    const char *setting[WIJK_ACCOUNT_SETTINGS];
    const char *above;      /* comments above the table */
    const char *index;      /* lines that add a year to an index, as they are written */
    wijk_account_row *rows; /* room for WIJK_MAX_LINES; change them freely */
    size_t count;
} wijk_account_rows;

/* An empty table: settings "" and no rows. */
int wijk_account_rows_new(wijk_account_rows *out, wijk_arena *arena);
/* Takes what wijk_account_read accepts. Everything in `arena`. O(bytes). */
int wijk_account_rows_read(wijk_account_rows *out, wijk_arena *arena, const char *text);
/* Only columns that some row fills in. Reading it back gives the same rows. */
int wijk_account_rows_write(wijk_str *out, const wijk_account_rows *rows);

/* The row by its stage ("" is planned) and id; `count` when there is none. */
size_t wijk_account_rows_find(const wijk_account_rows *rows, const char *stage, const char *id);
/* An id that no row has, made from what the row is about: "minder-inbraken". */
const char *wijk_account_rows_name(const wijk_account_rows *rows, wijk_arena *arena,
                                   const char *what);

enum { WIJK_ACCOUNT_FAULTS = 8 };
typedef struct {
    int cell, setting; /* -1: not about one; both -1: about the whole row */
    char text[2][400];
} wijk_account_fault;

/* What is wrong with one row (the settings are taken as they are), or with the settings when `nth`
 * is `count`: at most one fault a cell. *count 0: nothing. O(faults * reading). */
int wijk_account_rows_check(wijk_account_fault out[WIJK_ACCOUNT_FAULTS], size_t *count,
                            const wijk_account_rows *rows, size_t nth);

#endif
