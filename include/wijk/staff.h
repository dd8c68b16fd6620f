/* wijk/staff.h: one post, several payers: who owes what, to the cent, and where VAT may follow.
 *
 * A statement and a set of flags, never advice: which form is right is for a tax adviser. No names
 * of workers and no figures per worker; one file is one post in one period. */
#ifndef WIJK_STAFF_H
#define WIJK_STAFF_H

#include "wijk/prices.h"
#include "wijk/str.h"

#define WIJK_MAX_PAYERS 32

/* How the cost gets from the employer to the others. */
enum wijk_route {
    WIJK_ROUTE_LENDING, /* staff made available: a taxed service */
    WIJK_ROUTE_EXEMPT,  /* an approved exception (social-cultural, health, education) */
    WIJK_ROUTE_CARE,    /* Wmo staff to Wmo or youth, youth to youth, indispensable for the care */
    WIJK_ROUTE_POOLING, /* costs for common account: shares fixed beforehand, at cost, shared risk
                         */
    WIJK_ROUTE_OWN,     /* each employs a part: nothing is charged on */
    WIJK_ROUTES
};

/* What to look at before signing; bits. */
enum wijk_staff_flag {
    WIJK_FLAG_VAT_DUE = 1 << 0,       /* VAT is in the statement */
    WIJK_FLAG_NOT_RECOVERED = 1 << 1, /* a payer says it cannot recover that VAT */
    WIJK_FLAG_AT_STAKE = 1 << 2,      /* no VAT here, but `at_stake` if the form does not hold */
    WIJK_FLAG_FEE_TOO_HIGH = 1 << 3,  /* more is charged than wage cost and 5% of the gross wage */
    WIJK_FLAG_CORPORATION_LENDS = 1 << 4, /* a corporation is normally no exempt lender */
    WIJK_FLAG_NOT_AGREED = 1 << 5,        /* pooling without shares fixed beforehand */
    WIJK_FLAG_BY_HOURS = 1 << 6,          /* pooling with shares that follow the hours afterwards */
    WIJK_FLAG_NOT_CARE = 1 << 7,          /* the care route with a party outside care */
    WIJK_FLAG_CHARGED = 1 << 8 /* own employment, yet the shares differ from what each bore */
};

typedef struct {
    int purse;
    double weight;   /* in the key: a share, or the hours worked for this payer */
    double hours;    /* that were for this payer alone */
    int64_t advance; /* cents paid beforehand */
    int recovers;    /* 1 when it can recover VAT, 0 when it cannot, -1 when it did not say */
} wijk_payer;

typedef struct {
    const char *post, *period;
    enum wijk_route route;
    int by_hours;    /* the key: 0 fixed shares, 1 the hours worked */
    int agreed;      /* shares were fixed before the period began */
    size_t employer; /* index of the payer that employs */
    int64_t gross;   /* gross wage, cents */
    int64_t charges, overhead, other;
    double common_hours; /* for all together; they follow the key */
    wijk_payer payers[WIJK_MAX_PAYERS];
    size_t count;
} wijk_staff;

typedef struct {
    int64_t share;  /* of the cost */
    int64_t vat;    /* on what the employer charges on */
    int64_t settle; /* still to pay (positive) or to get back: share + vat - advance */
    double hours;   /* own hours and the part of the common ones */
} wijk_settlement;

typedef struct {
    int64_t cost, charged; /* in all; what the employer charges on to the others */
    int64_t vat, at_stake;
    int64_t fee_limit;                      /* most that may be charged on under an exemption */
    double hours, hour_cost;                /* cents per hour worked; NAN without hours */
    wijk_settlement parts[WIJK_MAX_PAYERS]; /* in the order of the payers */
    unsigned flags;
} wijk_statement;

/* Shares add up to the cost, VAT to VAT, settlements to cost + VAT - advances, to the cent.
 * WIJK_EINVAL: no payers, a key that is zero, negative money or hours. O(payers²). */
int wijk_staff_settle(wijk_statement *out, const wijk_staff *staff, const wijk_prices *prices);

typedef struct wijk_staff_file wijk_staff_file;

/* Reads a post (docs/manual: account). WIJK_EFORMAT with file, line and column. */
int wijk_staff_read(wijk_staff_file **out, const void *bytes, size_t size, const char *what);
const wijk_staff *wijk_staff_of(const wijk_staff_file *file);
const wijk_prices *wijk_staff_prices(const wijk_staff_file *file);
void wijk_staff_file_free(wijk_staff_file *file);

const char *wijk_route_word(enum wijk_route route);
const char *wijk_route_text(wijk_lang lang, enum wijk_route route);
/* The sentence of one flag. */
const char *wijk_staff_flag_text(wijk_lang lang, enum wijk_staff_flag flag);

#endif
