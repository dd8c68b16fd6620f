/* wijk/err.h: result codes and the one message that a user can act on.
 *
 * Every function that can fail returns 0 or a negative code and leaves a sentence in Dutch and in
 * English in a thread-local slot. The sentence says what is wrong, where, and what to do. */
#ifndef WIJK_ERR_H
#define WIJK_ERR_H

enum wijk_code {
    WIJK_OK = 0,
    WIJK_EINVAL = -1,    /* an argument or option that cannot be right */
    WIJK_ENOMEM = -2,    /* memory ran out */
    WIJK_EIO = -3,       /* the operating system could not read or write */
    WIJK_ENOTFOUND = -4, /* no such area, indicator, file */
    WIJK_EFORMAT = -5,   /* a file is not what it should be */
    WIJK_ELIMIT = -6,    /* a ceiling of limits.h was reached */
    WIJK_EBUSY = -7,     /* somebody else holds the writing lock */
    WIJK_ECANCEL = -8,   /* cancelled, or past its deadline */
    WIJK_EDENIED = -9,   /* refused by a rule (disclosure, authorizer) */
    WIJK_EDB = -10       /* SQLite said no for another reason */
};

typedef enum { WIJK_NL = 0, WIJK_EN = 1 } wijk_lang;

/* Stores both sentences and returns `code`, so that `return wijk_fail(...)` reads as it should.
 * The two formats take the same arguments in the same order. */
int wijk_fail(int code, const char *nl, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The sentence of this thread's latest failure; "" when there was none. Borrowed until the next. */
const char *wijk_error(wijk_lang lang);

/* Puts `where` ("file.csv, row 12") in front of the present message; returns `code`. */
int wijk_fail_at(int code, const char *where);

#endif
