/* Alias tables of the binomial and the Poisson distribution. Probabilities come from their ratios,
 * outwards from the mode: exact rationals, so no factorial and no logarithm is needed, and only
 * + - * / take part, which are the same on every machine. */
#include "measure/resample_parts.h"
#include "wijk/mem.h"

#include <string.h>

enum {
    MOST_COLUMNS = 1 << FAMILY_COLUMN_BITS,
    WEIGHT_BITS = 62,  /* of a whole table */
    UNIT_COLUMNS = 512 /* at most, of the tables below 128 */
};

typedef struct {
    double mean;   /* Poisson: per person */
    double chance; /* binomial; both 0: nobody is ever taken */
} taking;

/* P(k + 1) / P(k) for m people. */
static double ratio_up(taking t, int32_t m, int32_t k)
{
    return t.mean > 0 ? m * t.mean / (k + 1) : (m - k) * t.chance / ((k + 1) * (1 - t.chance));
}

static double ratio_down(taking t, int32_t m, int32_t k)
{
    return t.mean > 0 ? k / (m * t.mean) : k * (1 - t.chance) / ((m - k + 1) * t.chance);
}

typedef struct {
    double mass[MOST_COLUMNS];
    uint64_t weight[MOST_COLUMNS];
    uint16_t small[MOST_COLUMNS], large[MOST_COLUMNS];
} bench;

/* Outcomes more than 2^-70 of the mode's probability; returns how many, *least is the first. */
static uint32_t probabilities(bench *b, int32_t *least, taking t, int32_t m)
{
    const double negligible = 0x1p-70;
    int32_t mode = (int32_t)(t.mean > 0 ? m * t.mean : (m + 1) * t.chance);
    int none = m == 0 || (t.mean <= 0 && t.chance <= 0);
    int32_t first = mode;
    double p = 1;
    while (!none && first > 0 && p > negligible && mode - first < MOST_COLUMNS / 2 - 1) {
        p *= ratio_down(t, m, first);
        first--;
    }
    p = 1;
    b->mass[mode - first] = 1;
    for (int32_t k = mode; k > first; k--) {
        b->mass[k - 1 - first] = p *= ratio_down(t, m, k);
    }
    p = 1;
    uint32_t n = (uint32_t)(mode - first) + 1;
    for (int32_t k = mode; !none && p > negligible && n < MOST_COLUMNS; k++) {
        p *= ratio_up(t, m, k);
        if (p > 0) {
            b->mass[n++] = p;
        } else {
            break; /* nobody is left to take */
        }
    }
    *least = first;
    return n;
}

/* The masses as whole weights that add up to 2^62; what rounding left over goes to the largest. */
static void weigh(bench *b, uint32_t n)
{
    double sum = 0;
    uint32_t largest = 0;
    for (uint32_t k = 0; k < n; k++) {
        sum += b->mass[k];
        largest = b->mass[k] > b->mass[largest] ? k : largest;
    }
    uint64_t left = 1ull << WEIGHT_BITS;
    for (uint32_t k = 0; k < n; k++) {
        b->weight[k] = (uint64_t)(b->mass[k] / sum * 0x1p62);
        left -= b->weight[k];
    }
    b->weight[largest] += left;
}

/* Vose's construction: a column with too little is filled up by one with too much. */
static void fill_columns(uint32_t *entry, uint32_t *rest, bench *b, uint32_t n, unsigned bits)
{
    uint32_t columns = 1u << bits, smalls = 0, larges = 0;
    uint64_t room = 1ull << (WEIGHT_BITS - bits);
    for (uint32_t k = 0; k < columns; k++) {
        b->weight[k] = k < n ? b->weight[k] : 0;
        if (b->weight[k] < room) {
            b->small[smalls++] = (uint16_t)k;
        } else {
            b->large[larges++] = (uint16_t)k;
        }
        entry[k] = k; /* full: both outcomes are its own */
        rest[k] = 0;
    }
    while (smalls && larges) {
        uint32_t poor = b->small[--smalls], rich = b->large[larges - 1];
        uint64_t chance = b->weight[poor] << bits >> (WEIGHT_BITS - FAMILY_CHANCE_BITS - 32);
        entry[poor] = (uint32_t)(chance >> 32) << FAMILY_COLUMN_BITS | rich;
        rest[poor] = (uint32_t)chance;
        b->weight[rich] -= room - b->weight[poor];
        if (b->weight[rich] < room) {
            larges--;
            b->small[smalls++] = (uint16_t)rich;
        }
    }
}

/* Whether any m up to `most` looks at this table. */
static int needed(uint32_t table, int32_t most)
{
    return table < FAMILY_DIGIT   ? (int32_t)table <= most
           : table < FAMILY_LARGE ? (int32_t)(table - FAMILY_DIGIT) <= most >> FAMILY_DIGIT_BITS
                                  : most >> (2 * FAMILY_DIGIT_BITS) > 0;
}

static int make(resample_family *out, taking t, int32_t most)
{
    memset(out, 0, sizeof *out);
    size_t room = 0;
    for (uint32_t table = 0; table < FAMILY_TABLES; table++) {
        room += !needed(table, most) ? 0 : table < FAMILY_DIGIT ? UNIT_COLUMNS : MOST_COLUMNS;
    }
    bench *b = wijk_alloc(sizeof *b);
    out->entry = wijk_alloc(room * sizeof *out->entry);
    out->rest = wijk_alloc(room * sizeof *out->rest);
    int rc = b && out->entry && out->rest ? WIJK_OK : WIJK_ENOMEM;
    uint32_t used = 0;
    for (uint32_t table = 0; !rc && table < FAMILY_TABLES; table++) {
        if (!needed(table, most)) {
            continue;
        }
        int32_t m = (int32_t)(table < FAMILY_DIGIT ? table : (table - FAMILY_DIGIT) * FAMILY_DIGIT);
        uint32_t n = probabilities(b, &out->least[table], t, m);
        unsigned bits = 1;
        while (1u << bits < n) {
            bits++;
        }
        weigh(b, n);
        fill_columns(out->entry + used, out->rest + used, b, n, bits);
        out->place[table] = used << 5 | bits;
        used += 1u << bits;
    }
    wijk_free(b);
    if (rc) {
        resample_family_free(out);
        return rc;
    }
    /* The room was for the widest; give back what was not used. */
    uint32_t *entry = wijk_realloc(out->entry, used * sizeof *entry);
    out->entry = entry ? entry : out->entry;
    uint32_t *rest = wijk_realloc(out->rest, used * sizeof *rest);
    out->rest = rest ? rest : out->rest;
    return entry && rest ? WIJK_OK : (resample_family_free(out), WIJK_ENOMEM);
}

int resample_family_poisson(resample_family *out, double mean, int32_t most)
{
    return make(out, (taking){.mean = mean}, most);
}

int resample_family_binomial(resample_family *out, double chance, int32_t most)
{
    return make(out, (taking){.chance = chance}, most);
}

void resample_family_free(resample_family *family)
{
    wijk_free(family->entry);
    wijk_free(family->rest);
    family->entry = family->rest = NULL;
}

int32_t resample_family_take(const resample_family *family, uint32_t table, uint32_t word,
                             uint32_t more, int *tie)
{
    unsigned bits = family->place[table] & 31;
    uint32_t column = word >> (32 - bits), at = (family->place[table] >> 5) + column;
    uint32_t fraction = word << bits >> FAMILY_COLUMN_BITS;
    uint32_t chance = family->entry[at] >> FAMILY_COLUMN_BITS;
    uint32_t other = family->entry[at] & (MOST_COLUMNS - 1);
    *tie = fraction == chance;
    int own = *tie ? more < family->rest[at] : fraction < chance;
    return family->least[table] + (int32_t)(own ? column : other);
}
