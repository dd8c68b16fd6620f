/* Stocks at the end of a period: how many households, homes and ties there are of every kind. The
 * idea is to count first and name afterwards: a household falls in one cell of a few small tables
 * (its bytes as they stand), and the outcomes are sums over those tables. */
#include "foresee/run.h"

#include <string.h>

enum { STAY_LONG = 120, FEW = 2, BYTES = 256 };

/* Who belongs to which groups: income (2 bits), composition (3), newcomer (1), social tenant (1).
 */
enum { JOINT_COMPOSITION = 2, JOINT_NEWCOMER = 5, JOINT_SOCIAL = 6, JOINTS = 128 };

/* Outcomes of a group that are stocks, one after the other from the number of households on. */
enum { GROUP_STOCKS = WIJK_GOUT_ALONE + 1, LANES = 8 };

typedef struct {
    uint32_t kind[KINDS], age[AGES], needs[BYTES], status[BYTES], contacts[BYTES];
    uint32_t joint[JOINTS][LANES];
    uint32_t homes[WIJK_TENURES][2]; /* empty, lived in */
    int32_t strain, trust, part, strained, hidden, stay, ties, across;
    int32_t blocks, nuisance, upkeep, activity, initiatives;
} tally;

static void count_household(tally *t, const foresee_state *s, size_t slot, unsigned limit)
{
    unsigned status = s->status[slot], needs = s->needs[slot], tenure = tenure_of(s->home[slot]);
    unsigned support = support_of((uint8_t)status), strained = s->strain[slot] >= limit;
    unsigned hidden = strained & (support == HELP_NONE), alone = s->contacts[slot] == 0;
    unsigned helped = support == HELP_INFORMAL || support >= HELP_FORMAL;
    t->kind[s->kind[slot]]++;
    t->age[s->age[slot]]++;
    t->needs[needs]++;
    t->status[status]++;
    t->contacts[s->contacts[slot]]++;
    t->strain += s->strain[slot];
    t->trust += s->trust[slot];
    t->part += s->part[slot];
    t->strained += (int32_t)strained;
    t->hidden += (int32_t)hidden;
    t->stay += s->months[slot] >= STAY_LONG && tenure != WIJK_NO_HOME;
    unsigned newcomer = (needs & WIJK_NEED_NEWCOMER) != 0, social = tenure == WIJK_SOCIAL;
    uint32_t *joint =
        t->joint[(status & STATUS_INCOME) | composition_of(s->kind[slot]) << JOINT_COMPOSITION |
                 newcomer << JOINT_NEWCOMER | social << JOINT_SOCIAL];
    joint[WIJK_GOUT_HOUSEHOLDS]++;
    joint[WIJK_GOUT_STRAINED] += strained;
    joint[WIJK_GOUT_HIDDEN] += hidden;
    joint[WIJK_GOUT_HELPED] += helped;
    joint[WIJK_GOUT_ALONE] += alone;
}

/* Ties of a block, each from its lower end so that it counts once. An empty place holds no
 * distance.
 */
static void count_ties(tally *t, const foresee_state *s, size_t block)
{
    const int16_t *tie = s->tie + block * TIES * BLOCK;
    for (size_t n = 0; n < TIES; n++, tie += BLOCK) {
        uint8_t up[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            up[i] = tie[i] > 0;
        }
        for (uint32_t left = block_some(up, 1); left != 0; left &= left - 1) {
            size_t i = (size_t)__builtin_ctz(left), slot = block * BLOCK + i;
            t->ties++;
            t->across += foresee_ties_across(s, slot, slot + (size_t)tie[i]);
        }
    }
}

static void count_block(tally *t, const foresee_state *s, size_t block, unsigned limit)
{
    uint32_t lived = block_some(s->kind + block * BLOCK, UINT8_MAX), there = 0;
    for (uint32_t i = 0; i < BLOCK; i++) {
        unsigned tenure = tenure_of(s->home[block * BLOCK + i]);
        t->homes[tenure][lived >> i & 1]++;
        there |= tenure;
    }
    for (uint32_t left = lived; left != 0; left &= left - 1) {
        count_household(t, s, block * BLOCK + (size_t)__builtin_ctz(left), limit);
    }
    count_ties(t, s, block);
    if (there) {
        t->blocks++;
        t->nuisance += s->nuisance[block];
        t->upkeep += s->upkeep[block];
        t->activity += s->activity[block];
        t->initiatives += s->initiative[block] > 0;
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

static void name_kinds(int32_t *c, const tally *t)
{
    for (unsigned k = 0; k < KINDS; k++) {
        int32_t n = (int32_t)t->kind[k];
        if (n > 0) {
            c[WIJK_OUT_HOUSEHOLDS] += n;
            c[WIJK_OUT_PERSONS] += n * (int32_t)persons_of((uint8_t)k);
            c[WIJK_OUT_CHILDREN] += n * (int32_t)children_of((uint8_t)k);
            c[WIJK_OUT_SINGLE + composition_of((uint8_t)k) - 1] += n;
        }
    }
    for (unsigned age = 0; age < AGES; age++) {
        c[WIJK_OUT_AGE_24 + age_band(age)] += (int32_t)t->age[age];
    }
}

static void name_bytes(int32_t *c, const tally *t)
{
    for (unsigned byte = 0; byte < BYTES; byte++) {
        int32_t needs = (int32_t)t->needs[byte], status = (int32_t)t->status[byte];
        for (unsigned n = 0; needs > 0 && n < WIJK_NEEDS; n++) {
            c[WIJK_OUT_NEED_DEBT + n] += byte >> n & 1 ? needs : 0;
        }
        c[WIJK_OUT_ARREARS] += byte & NEED_ARREARS ? needs : 0;
        c[WIJK_OUT_JUDGMENT] += byte & NEED_JUDGMENT ? needs : 0;
        unsigned support = support_of((uint8_t)byte);
        if (status > 0) {
            c[WIJK_OUT_INCOME_LOW + (byte & STATUS_INCOME)] += status;
            c[WIJK_OUT_SEARCHING] += byte & STATUS_SEARCH ? status : 0;
        }
        if (status > 0 && support != HELP_NONE) {
            c[WIJK_OUT_HELP_INFORMAL + support - 1] += status;
        }
        unsigned contacts = degree_of((uint8_t)byte) + away_of((uint8_t)byte);
        c[WIJK_OUT_ALONE] += contacts == 0 ? (int32_t)t->contacts[byte] : 0;
        c[WIJK_OUT_FEW_TIES] += contacts > 0 && contacts <= FEW ? (int32_t)t->contacts[byte] : 0;
    }
}

static void name_sums(int32_t *c, const tally *t)
{
    c[WIJK_OUT_STRAIN_SUM] += t->strain;
    c[WIJK_OUT_STRAINED] += t->strained;
    c[WIJK_OUT_HIDDEN] += t->hidden;
    c[WIJK_OUT_STAY_10] += t->stay;
    c[WIJK_OUT_TIES] += t->ties;
    c[WIJK_OUT_TIES_ACROSS] += t->across;
    c[WIJK_OUT_TRUST_SUM] += t->trust;
    c[WIJK_OUT_TAKE_PART_SUM] += t->part;
    c[WIJK_OUT_BLOCKS] += t->blocks;
    c[WIJK_OUT_NUISANCE_SUM] += t->nuisance;
    c[WIJK_OUT_UPKEEP_SUM] += t->upkeep;
    c[WIJK_OUT_ACTIVITY_SUM] += t->activity;
    c[WIJK_OUT_INITIATIVES] += t->initiatives;
    for (unsigned tenure = WIJK_OWNER; tenure < WIJK_TENURES; tenure++) {
        c[WIJK_OUT_HOMES_OWNER + tenure - 1] +=
            (int32_t)(t->homes[tenure][0] + t->homes[tenure][1]);
        c[WIJK_OUT_EMPTY_OWNER + tenure - 1] += (int32_t)t->homes[tenure][0];
    }
}

static void add_group(int32_t *groups, unsigned group, const uint32_t *joint)
{
    for (int o = 0; o < GROUP_STOCKS; o++) {
        groups[group * WIJK_GROUP_OUTCOMES + (unsigned)o] += (int32_t)joint[o];
    }
}

static void name_groups(int32_t *groups, int32_t *c, const tally *t)
{
    for (unsigned j = 0; j < JOINTS; j++) {
        const uint32_t *joint = t->joint[j];
        unsigned income = j & STATUS_INCOME, composition = j >> JOINT_COMPOSITION & 7u;
        if (joint[WIJK_GOUT_HOUSEHOLDS] == 0) {
            continue;
        }
        add_group(groups, WIJK_GROUP_LOW + income, joint);
        add_group(groups, WIJK_GROUP_SINGLE + composition - 1, joint);
        if (j >> JOINT_NEWCOMER & 1) {
            add_group(groups, WIJK_GROUP_NEWCOMER, joint);
        }
        if (j >> JOINT_SOCIAL & 1) {
            add_group(groups, WIJK_GROUP_SOCIAL, joint);
            c[WIJK_OUT_LOW_IN_SOCIAL] +=
                income == WIJK_INCOME_LOW ? (int32_t)joint[WIJK_GOUT_HOUSEHOLDS] : 0;
        }
    }
}

/* A row may be counted again: its stocks begin at nought, its flows stay. */
static void clear_stocks(foresee_here *here)
{
    for (int o = 0; o < WIJK_OUTCOMES; o++) {
        here->count[o] = wijk_outcome_is_flow((wijk_outcome)o) ? here->count[o] : 0;
    }
    for (int g = 0; g < WIJK_GROUPS; g++) {
        memset(here->groups + g * WIJK_GROUP_OUTCOMES, 0, GROUP_STOCKS * sizeof *here->groups);
    }
}

void foresee_count_stocks(foresee_here *here)
{
    const foresee_place *place = here->place;
    tally t = {.blocks = 0};
    for (size_t block = place->block; block < place->block + place->blocks; block++) {
        count_block(&t, here->s, block, here->t->strained);
    }
    clear_stocks(here);
    name_kinds(here->count, &t);
    name_bytes(here->count, &t);
    name_sums(here->count, &t);
    name_groups(here->groups, here->count, &t);
    if (place->area != NO_AREA) {
        foresee_outcome_scale(here);
    }
}
