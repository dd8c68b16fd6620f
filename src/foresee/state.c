/* The arrays of the town: one block of memory, laid out in a fixed order, so that a checkpoint is
 * its bytes and a copy is a few memcpy's. Ties are kept symmetric here and nowhere else. */
#include "foresee/state.h"

#include "wijk/err.h"
#include "wijk/mem.h"

#include <string.h>

/* Every array once: its name and how many elements a block has of it. */
#define ARRAYS_X(X)                                                                                \
    X(home, BLOCK)                                                                                 \
    X(id, BLOCK)                                                                                   \
    X(months, BLOCK)                                                                               \
    X(tie, BLOCK *TIES)                                                                            \
    X(kind, BLOCK)                                                                                 \
    X(age, BLOCK)                                                                                  \
    X(status, BLOCK)                                                                               \
    X(needs, BLOCK)                                                                                \
    X(strain, BLOCK)                                                                               \
    X(search, BLOCK)                                                                               \
    X(help, BLOCK)                                                                                 \
    X(trust, BLOCK)                                                                                \
    X(part, BLOCK)                                                                                 \
    X(leaver, BLOCK)                                                                               \
    X(contacts, BLOCK)                                                                             \
    X(nuisance, 1)                                                                                 \
    X(upkeep, 1)                                                                                   \
    X(activity, 1)                                                                                 \
    X(initiative, 1)

static size_t padded(size_t bytes)
{
    return (bytes + FORESEE_ALIGN - 1) / FORESEE_ALIGN * FORESEE_ALIGN;
}

size_t foresee_state_bytes(size_t blocks)
{
    size_t bytes = FORESEE_ALIGN;
#define X(name, each) bytes += padded(sizeof *((foresee_state *)0)->name * (each)*blocks);
    ARRAYS_X(X)
#undef X
    return bytes;
}

int foresee_state_new(foresee_state *out, size_t blocks)
{
    *out = (foresee_state){.blocks = blocks, .slots = blocks * BLOCK};
    out->bytes = foresee_state_bytes(blocks);
    out->memory = wijk_alloc(out->bytes);
    if (out->memory == NULL) {
        return WIJK_ENOMEM;
    }
    char *at = (char *)out->memory +
               (FORESEE_ALIGN - (uintptr_t)out->memory % FORESEE_ALIGN) % FORESEE_ALIGN;
#define X(name, each)                                                                              \
    out->name = (void *)at;                                                                        \
    at += padded(sizeof *out->name * (each)*blocks);
    ARRAYS_X(X)
#undef X
    return WIJK_OK;
}

void foresee_state_free(foresee_state *state)
{
    wijk_free(state->memory);
    *state = (foresee_state){0};
}

void foresee_state_copy(foresee_state *to, size_t to_block, const foresee_state *from,
                        size_t from_block, size_t blocks)
{
#define X(name, each)                                                                              \
    memcpy(to->name + to_block * (each), from->name + from_block * (each),                         \
           blocks * (each) * sizeof *to->name);
    ARRAYS_X(X)
#undef X
}

static int tied(const foresee_state *state, size_t a, int distance)
{
    for (unsigned n = 0; n < degree_of(state->contacts[a]); n++) {
        if (*tie_at(state, a, n) == distance) {
            return 1;
        }
    }
    return 0;
}

int foresee_tie_make(foresee_state *state, size_t a, size_t b)
{
    int distance = (int)((ptrdiff_t)b - (ptrdiff_t)a);
    unsigned at_a = degree_of(state->contacts[a]), at_b = degree_of(state->contacts[b]);
    if (distance == 0 || at_a == TIES || at_b == TIES || tied(state, a, distance)) {
        return 0;
    }
    *tie_at(state, a, at_a) = (int16_t)distance;
    *tie_at(state, b, at_b) = (int16_t)-distance;
    state->contacts[a] = (uint8_t)(state->contacts[a] + 16);
    state->contacts[b] = (uint8_t)(state->contacts[b] + 16);
    return 1;
}

/* Takes one end away; the last tie fills the gap, so that ties stay in front. */
static void take_end(foresee_state *state, size_t slot, int distance)
{
    unsigned last = degree_of(state->contacts[slot]) - 1;
    for (unsigned n = 0; n <= last; n++) {
        if (*tie_at(state, slot, n) == distance) {
            *tie_at(state, slot, n) = *tie_at(state, slot, last);
            *tie_at(state, slot, last) = 0;
            state->contacts[slot] = (uint8_t)(state->contacts[slot] - 16);
            return;
        }
    }
}

void foresee_tie_break(foresee_state *state, size_t slot, unsigned nth)
{
    int distance = *tie_at(state, slot, nth);
    take_end(state, (size_t)((ptrdiff_t)slot + distance), -distance);
    take_end(state, slot, distance);
}

unsigned foresee_tie_break_all(foresee_state *state, size_t slot)
{
    unsigned n = degree_of(state->contacts[slot]);
    for (unsigned left = n; left > 0; left--) {
        foresee_tie_break(state, slot, left - 1);
    }
    return n;
}

unsigned foresee_composition(unsigned adults, unsigned children, unsigned age)
{
    if (children > 0) {
        return adults > 1 ? WIJK_FAMILY : WIJK_ONE_PARENT;
    }
    if (age >= 65) {
        return adults > 1 ? WIJK_OLDER_COUPLE : WIJK_OLDER_SINGLE;
    }
    return adults > 1 ? WIJK_COUPLE : WIJK_SINGLE;
}
