/* wijk/own.h: areas that a user named: a work area, the buurten of four streets.
 *
 * An own area is an area of level WIJK_OWN whose figures are computed from its members: counts are
 * added, shares and means weighted by the people, households or homes they are about. Indicators
 * that cannot be joined are refused, saying so. */
#ifndef WIJK_OWN_H
#define WIJK_OWN_H

#include "wijk/areas.h"

/* Makes the area and returns its id; its code is "EIGEN-<n>". `store` must be writing.
 * WIJK_EINVAL: no name, no members, more than WIJK_MAX_OWN_MEMBERS, a member that does not exist,
 * is itself an own area, is of another vintage, fictional with real, or lies inside another member
 * (the message names both). O(members). */
int wijk_own_create(int64_t *out, wijk_store *store, const char *name, const int64_t *members,
                    size_t count);
/* All own areas that were not withdrawn, newest first. Arrays in `arena`. */
int wijk_own_list(wijk_area **out, size_t *count, wijk_store *store, wijk_arena *arena);
/* Its members, by code. */
int wijk_own_members(wijk_area **out, size_t *count, wijk_store *store, wijk_arena *arena,
                     int64_t area);
/* Takes it off the lists; the row stays, so that references to it keep working. */
int wijk_own_withdraw(wijk_store *store, int64_t area);

#endif
