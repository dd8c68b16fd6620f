/* A made-up town for tests and speed measurements, with about the national mix of tenure, age and
 * composition. No place, nobody's data; real places come from the multilevel fit. */
#include "foresee/draw.h"
#include "wijk/err.h"
#include "wijk/foresee.h"
#include "wijk/mem.h"

#include <stdio.h>
#include <string.h>

enum { PER_TEAM = 4, PER_MILLE = 1000 };

static void sample_home(wijk_home *h, uint32_t bits, unsigned social)
{
    unsigned what = below(bits, PER_MILLE), more = scrambled(bits);
    memset(h, 0, sizeof *h);
    h->tenure = (uint8_t)(what < social                              ? WIJK_SOCIAL
                          : what < social + (PER_MILLE - social) / 5 ? WIJK_PRIVATE
                                                                     : WIJK_OWNER);
    h->size = (uint8_t)(h->tenure == WIJK_OWNER ? 3 + below(more, 4) : 2 + below(more, 4));
    unsigned price = below(scrambled(more), 4);
    h->price = (uint8_t)(h->tenure == WIJK_SOCIAL ? price : 2 + price);
    h->owner = h->tenure == WIJK_SOCIAL;
}

static void sample_household(wijk_household *h, const wijk_home *home, const uint32_t bits[4])
{
    memset(h, 0, sizeof *h);
    if (below(bits[3], 50) == 0) {
        return; /* one home in fifty is empty */
    }
    unsigned age = 20 + below(bits[0], 52) + below(scrambled(bits[0]), 20);
    unsigned what = below(bits[1], 100);
    h->age = (uint8_t)age;
    if (age >= 65) {
        h->composition = (uint8_t)(what < 45 ? WIJK_OLDER_SINGLE : WIJK_OLDER_COUPLE);
    } else if (age < 28 || what < 35) {
        h->composition = (uint8_t)(what < 70 ? WIJK_SINGLE : WIJK_COUPLE);
    } else if (what < 55) {
        h->composition = WIJK_COUPLE;
    } else {
        h->composition = (uint8_t)(what < 90 ? WIJK_FAMILY : WIJK_ONE_PARENT);
        h->children = (uint8_t)(1 + below(scrambled(bits[1]), 3));
    }
    unsigned rank = below(bits[2], 100);
    rank = home->tenure == WIJK_SOCIAL  ? rank * 6 / 10
           : home->tenure == WIJK_OWNER ? rank / 2 + 50
                                        : rank;
    h->income = (uint8_t)(rank < 35   ? WIJK_INCOME_LOW
                          : rank < 55 ? WIJK_INCOME_DAEB
                          : rank < 80 ? WIJK_INCOME_MIDDLE
                                      : WIJK_INCOME_HIGH);
    uint32_t need = scrambled(bits[2]);
    h->needs =
        (uint8_t)((below(need, 100) < (h->income == WIJK_INCOME_LOW ? 16 : 2) ? WIJK_NEED_DEBT
                                                                              : 0) |
                  (below(scrambled(need), 100) < 3 ? WIJK_NEED_MENTAL : 0) |
                  (age > 70 && below(scrambled(need), 3) == 0 ? WIJK_NEED_FRAIL : 0) |
                  (below(need * 7u, 100) < 5 ? WIJK_NEED_MILD : 0));
    h->months = (uint16_t)below(scrambled(bits[3]), home->tenure == WIJK_PRIVATE ? 60 : 240);
}

static int fill(wijk_population *p, size_t area, const foresee_world *world)
{
    const wijk_foresee_area *a = wijk_population_area(p, area);
    uint32_t bits[4];
    draw4(bits, world, (uint32_t)area, DRAW_START, UINT32_MAX);
    unsigned social = 50 + below(bits[0], 550); /* per mille of this area */
    int rc = WIJK_OK;
    for (uint32_t i = 0; rc == WIJK_OK && i < a->homes; i++) {
        wijk_home home;
        wijk_household who;
        draw4(bits, world, (uint32_t)area, DRAW_START, 2 * i);
        sample_home(&home, bits[0], social);
        draw4(bits, world, (uint32_t)area, DRAW_START, 2 * i + 1);
        sample_household(&who, &home, bits);
        rc = wijk_population_add(p, area, &home, &who, 1);
    }
    return rc;
}

int wijk_population_sample(wijk_population **out, size_t regions, size_t areas, size_t homes,
                           const wijk_parameters *parameters, uint64_t seed)
{
    const foresee_world world = {.key = {(uint32_t)seed, (uint32_t)(seed >> 32)}, .month = 1};
    wijk_foresee_area *a = wijk_alloc(regions * areas * sizeof *a);
    wijk_foresee_region *r = wijk_alloc(regions * sizeof *r);
    *out = NULL;
    int rc = a == NULL || r == NULL ? WIJK_ENOMEM : WIJK_OK;
    for (size_t i = 0; rc == WIJK_OK && i < regions * areas; i++) {
        uint32_t word = draw1(&world, (uint32_t)i, DRAW_START, UINT32_MAX - 1);
        snprintf(a[i].code, sizeof a[i].code, "BU%08u", (unsigned)i % 100000000u);
        a[i].region = (uint32_t)(i / areas);
        a[i].team = (uint32_t)(i / areas * areas + i % areas / PER_TEAM);
        a[i].homes = (uint32_t)(homes / 2 + below(word, (uint32_t)homes + 1));
    }
    for (size_t i = 0; rc == WIJK_OK && i < regions; i++) {
        snprintf(r[i].code, sizeof r[i].code, "GM%04u", (unsigned)i % 10000u);
        for (int band = 0; band < WIJK_AGE_BANDS; band++) {
            r[i].leave[band] = r[i].come[band] = -1;
        }
    }
    rc = rc == WIJK_OK ? wijk_population_new(out, a, regions * areas, r, regions) : rc;
    for (size_t i = 0; rc == WIJK_OK && i < regions * areas; i++) {
        rc = fill(*out, i, &world);
    }
    rc = rc == WIJK_OK ? wijk_population_finish(*out, parameters, seed) : rc;
    if (rc != WIJK_OK) {
        wijk_population_free(*out);
        *out = NULL;
    }
    wijk_free(a);
    wijk_free(r);
    return rc;
}
