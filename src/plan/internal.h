/* What the files of the plan room share. */
#ifndef WIJK_PLAN_INTERNAL_H
#define WIJK_PLAN_INTERNAL_H

#include "wijk/plan.h"

enum { PLAN_HASH = 65 }; /* 32 bytes in hexadecimal */

/* The entry that closing writes: no field that anybody fills in. */
#define PLAN_CLOSED "closed"

/* The field of a code; -1 when there is none. */
int plan_field_of(const char *code);
/* What a screen calls it: refusals use the same words. */
const char *plan_field_name(wijk_lang lang, enum wijk_plan_field field);
/* Whether a field may hold a value; WIJK_EINVAL or WIJK_ELIMIT with a sentence. */
int plan_check(const wijk_registry *registry, enum wijk_plan_field field, const char *value);

/* The chain of an entry: the hash of everything it says and of the chain before it. */
void plan_chain(char out[PLAN_HASH], const char *before, const char *field, const char *value,
                const char *at, int amends, const char *signed_by, const char *reason);
/* The seal: areas by code and vintage, and the design fields. */
void plan_seal(char out[PLAN_HASH], const wijk_plan *plan);

#endif
