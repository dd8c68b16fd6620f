/* foresee/state.h: the town in memory. A structure of arrays in which a household lies in the slot
 * of its home, so that a neighbourhood stays in cache however much people move; a move copies one
 * household from slot to slot. Thirty-two slots are one block; those without a home stay unused. */
#ifndef WIJK_FORESEE_STATE_H
#define WIJK_FORESEE_STATE_H

#include "wijk/foresee.h"

#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum {
    BLOCK = WIJK_BLOCK_HOMES, /* slots */
    TIES = 6,                 /* links of one household within its area */
    AWAY_MOST = 15,           /* contacts elsewhere, only counted: their other end is anywhere */
    AGES = 128,
    AGE_MOST = 110,
    CHILDREN_MOST = 7,
    FORESEE_ALIGN = 64, /* bytes; the arrays of a state begin at a multiple */
    SLOT_BITS = 15,     /* slots of an area: WIJK_AREA_HOMES and what is built */
    AREA_SLOTS = 1 << SLOT_BITS,
    AREAS_MOST = 1 << (31 - SLOT_BITS)
};

/* kind: composition (3 bits), children at home (3) */
enum { KIND_COMPOSITION = 7, KIND_CHILDREN = 3, KINDS = 64 };

/* status: income (2 bits), support (3), searching (1), urgent (1), searches another region (1) */
enum {
    STATUS_INCOME = 3,
    STATUS_SUPPORT = 2,
    STATUS_SUPPORT_BITS = 7 << STATUS_SUPPORT,
    STATUS_SEARCH = 32,
    STATUS_URGENT = 64,
    STATUS_FAR = 128
};

/* What helps a household now. */
enum { HELP_NONE, HELP_INFORMAL, HELP_WAITING, HELP_FORMAL, HELP_INTENSIVE, HELPS };

/* needs: the five of foresee.h, then arrears, judgment, and no home after an eviction */
enum { NEED_ALL = 31, NEED_ARREARS = 32, NEED_JUDGMENT = 64, NEED_HOMELESS = 128 };

/* home: tenure (2 bits), rooms (3), price (3), owner (4), label (3), months empty (5), renovated
 * (1), restructured (1), to be sold (1), to be let freely (1), let by urgency or a task (1),
 * not on the market (1), in chosen streets (1), new (1). 0: no home here. */
enum {
    HOME_TENURE = 3,
    HOME_SIZE = 2,
    HOME_PRICE = 5,
    HOME_OWNER = 8,
    HOME_LABEL = 12,
    HOME_EMPTY = 15,
    HOME_EMPTY_MOST = 31,
    HOME_RENOVATED = 1 << 20,
    HOME_RESTRUCTURED = 1 << 21,
    HOME_TO_SELL = 1 << 22,
    HOME_TO_FREE = 1 << 23,
    HOME_IDLE = 1 << 25,    /* empty at the start and not to be had: a second home, kept, broken */
    HOME_STREETS = 1 << 26, /* in streets that residents' work is meant for */
    HOME_NEW = 1 << 27,     /* built, and nobody lived here yet */
    HOME_TASK = 1 << 24     /* who lives here came with urgency or a task: see TASK_MONTHS */
};

/* A let by urgency or a task counts for the spreading cap of its block for so long: about what
 * civic integration and settling take. */
enum { TASK_MONTHS = 60 };

/* In the waiting list the home word says why a household is there and which area it came from. */
enum {
    WAIT_REASON = 2,     /* 3 bits */
    WAIT_KNOWN = 1 << 5, /* without the policy it would be in shelter too, where nobody counts it */
    WAIT_AREA = 8        /* 24 bits: index of the area, or WAIT_NOWHERE */
};
#define WAIT_NOWHERE 0xFFFFFFu
enum {
    REASON_STARTER,
    REASON_SEPARATED,
    REASON_EVICTED,
    REASON_DISPLACED,
    REASON_NEWCOMER,
    REASON_MENTAL,
    REASON_YOUTH,
    REASON_SHELTER
};

typedef struct {
    size_t slots, blocks, bytes;
    void *memory; /* all arrays, one after the other: a checkpoint is these bytes */
    uint32_t *home, *id;
    uint16_t *months;                     /* in this home, up to 65535 */
    int16_t *tie;                         /* [block][TIES][BLOCK], distance in slots */
    uint8_t *kind, *age, *status, *needs; /* see above */
    uint8_t *strain;                      /* 0 none .. 255 */
    uint8_t *search;                      /* months registered, up to 255 */
    uint8_t *help;                        /* months in the present kind of help */
    uint8_t *trust, *part;                /* trust and taking part, 0..255 */
    uint8_t *leaver;                      /* a child at home looks for its own: months, one up */
    uint8_t *contacts;                    /* ties here (high four bits) and away (low) */
    uint8_t *nuisance, *upkeep, *activity, *initiative; /* of each block, 0..255 */
} foresee_state;

/* Zeroed arrays for so many blocks. */
int foresee_state_new(foresee_state *out, size_t blocks);
void foresee_state_free(foresee_state *state);
/* Bytes of a state of so many blocks. */
size_t foresee_state_bytes(size_t blocks);
/* Copies whole blocks between states. */
void foresee_state_copy(foresee_state *to, size_t to_block, const foresee_state *from,
                        size_t from_block, size_t blocks);

struct wijk_population {
    wijk_foresee_area *areas;
    wijk_foresee_region *regions;
    size_t n_areas, n_regions, n_teams;
    uint32_t *first;  /* first block of each area, and the end */
    uint32_t *filled; /* homes given so far */
    foresee_state state;
    uint64_t seed;
    int finished;
};

/* ---- small readers ----------------------------------------------------- */

static inline unsigned composition_of(uint8_t kind)
{
    return kind & KIND_COMPOSITION;
}

static inline unsigned children_of(uint8_t kind)
{
    return kind >> KIND_CHILDREN & 7u;
}

static inline uint8_t kind_of(unsigned composition, unsigned children)
{
    return (uint8_t)(composition | children << KIND_CHILDREN);
}

static inline unsigned adults_of(unsigned composition)
{
    return (unsigned)"\0\1\2\2\1\1\2\0"[composition];
}

static inline unsigned persons_of(uint8_t kind)
{
    return adults_of(composition_of(kind)) + children_of(kind);
}

static inline unsigned support_of(uint8_t status)
{
    return (status & STATUS_SUPPORT_BITS) >> STATUS_SUPPORT;
}

static inline uint8_t with_support(uint8_t status, unsigned support)
{
    return (uint8_t)((status & ~STATUS_SUPPORT_BITS) | support << STATUS_SUPPORT);
}

static inline unsigned tenure_of(uint32_t home)
{
    return home & HOME_TENURE;
}

static inline unsigned price_of(uint32_t home)
{
    return home >> HOME_PRICE & 7u;
}

static inline unsigned size_of(uint32_t home)
{
    return home >> HOME_SIZE & 7u;
}

static inline unsigned label_of(uint32_t home)
{
    return home >> HOME_LABEL & 7u;
}

static inline unsigned empty_of(uint32_t home)
{
    return home >> HOME_EMPTY & 31u;
}

static inline uint32_t with_bits(uint32_t word, unsigned shift, uint32_t most, uint32_t value)
{
    return (word & ~(most << shift)) | value << shift;
}

static inline unsigned degree_of(uint8_t contacts)
{
    return contacts >> 4;
}

static inline unsigned away_of(uint8_t contacts)
{
    return contacts & 15u;
}

static inline unsigned age_band(unsigned age)
{
    return (age > 24) + (age > 34) + (age > 49) + (age > 64) + (age > 79);
}

/* Bit i: byte i of a block has one of the bits of `mask`. A few instructions on any x86-64. */
static inline uint32_t block_some(const uint8_t bytes[BLOCK], uint8_t mask)
{
#if defined(__SSE2__)
    const __m128i none = _mm_setzero_si128(), which = _mm_set1_epi8((char)mask);
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(bytes + BLOCK / 2));
    low = _mm_cmpeq_epi8(_mm_and_si128(low, which), none);
    high = _mm_cmpeq_epi8(_mm_and_si128(high, which), none);
    return ~((uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << BLOCK / 2);
#else
    uint32_t bits = 0;
    for (uint32_t i = 0; i < BLOCK; i++) {
        bits |= (uint32_t)((bytes[i] & mask) != 0) << i;
    }
    return bits;
#endif
}

static inline int16_t *tie_at(const foresee_state *state, size_t slot, unsigned nth)
{
    return &state->tie[(slot / BLOCK * TIES + nth) * BLOCK + slot % BLOCK];
}

/* ---- what every process may do to a slot ------------------------------- */

/* A tie between two slots of one area; 0 when either has no room, they are one or are tied already.
 */
int foresee_tie_make(foresee_state *state, size_t a, size_t b);
/* Unties `slot` from its nth tie, both ends. */
void foresee_tie_break(foresee_state *state, size_t slot, unsigned nth);
/* Breaks every tie of a slot; returns how many. */
unsigned foresee_tie_break_all(foresee_state *state, size_t slot);

/* 1 for a home that an event lever can still be done to: a social one that it has not changed yet,
 * for streets any. */
int foresee_open_to(wijk_lever lever, uint32_t home);
/* 1 for an event lever whose homes lie together, in as few areas as hold them. */
int foresee_side_by_side(wijk_lever lever);

/* Composition that follows from adults, children and age. */
unsigned foresee_composition(unsigned adults, unsigned children, unsigned age);

#endif
