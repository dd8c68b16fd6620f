/* The made-up town lies in no country. This adds the row of one, with borders of a year that has no
 * buurten, as a file of another year may. */
#ifndef COUNTRY_H
#define COUNTRY_H

#include "wijk/store.h"

static inline int add_country(const char *path)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    rc = rc ? rc
            : wijk_run(wijk_store_sql(store,
                                      "INSERT INTO area(level, code, vintage, name, fictional) "
                                      "VALUES(0, 'NL00', 2004, 'Nergensland', 1)"));
    wijk_store_close(store);
    return rc;
}

#endif
