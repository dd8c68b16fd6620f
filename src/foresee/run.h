/* foresee/run.h: a run from inside: places, regions, teams, the levers as they stand, the counts,
 * and what the nine processes offer to the month loop. */
#ifndef WIJK_FORESEE_RUN_H
#define WIJK_FORESEE_RUN_H

#include "foresee/draw.h"
#include "foresee/screen.h"
#include "foresee/state.h"
#include "foresee/tables.h"
#include "foresee/taste.h"
#include "wijk/threads.h"

enum { NO_AREA = -1, CHUNK_BLOCKS = 64, FORESEE_OUTSIDE = WIJK_AGE_BANDS * KINDS * WIJK_INCOMES };

enum { TEAM_WIJK, TEAM_DEBT, TEAM_KINDS };

/* An area, or the waiting list of a region: blocks that lie together. */
typedef struct {
    uint32_t block, blocks;
    uint32_t region, team, chunk;
    int32_t area;        /* NO_AREA: a waiting list */
    uint32_t number;     /* identity of its first slot as a home; the others follow */
    uint32_t homes;      /* there now */
    uint32_t social;     /* of which for social rent */
    uint32_t firsts;     /* let under Housing First */
    uint32_t streets;    /* homes in streets that residents' work is meant for */
    int32_t limited;     /* it is meant for these alone */
    uint32_t used;       /* slots that are or were homes: the next home is built behind them */
    uint32_t middle;     /* income class of the middle household, looked at once a year */
    uint32_t low, lived; /* households of low income, and all; looked at once a year */
    uint32_t waiting[TEAM_KINDS], busy[TEAM_KINDS]; /* cases; minutes asked of the team */
    uint32_t prevention;                            /* threshold of being met in preventive work */
    uint32_t reports;                               /* of about the past twelve months, x16 */
    uint32_t task_lets;                             /* this year */
    uint32_t restructured;                          /* homes, ever */
    uint16_t taste[TASTE_KINDS]; /* who is drawn to the area at the start, in thousandths */
    int32_t begun;               /* start[] is known */
    int32_t start[4]; /* strained, ties, nuisance, reports at the start: see process_block.c */
} foresee_place;

enum { INCOME_ADULTS = 2 };

typedef struct {
    uint32_t first_place, places; /* the waiting list is the last */
    uint32_t first_chunk, chunks;
    uint32_t homes, firsts; /* firsts: Housing First places still free this month */
    uint32_t lets, lets_low, lets_fit, lets_free, lets_task; /* this year */
    uint32_t pace; /* social lets a month, smoothed, x256 */
    /* Thresholds of leaving the region, of the tenure that moves most; `leave_most` is the largest
     * of an age. See leaving.c. */
    uint32_t leave[WIJK_AGE_BANDS][WIJK_COMPOSITIONS], leave_most[WIJK_AGE_BANDS];
    uint32_t debt_onset[WIJK_INCOMES], mental_onset, onset[WIJK_INCOMES]; /* onset: of either */
    uint32_t mental;     /* threshold: share with mental trouble where onset and end balance */
    uint32_t elsewhere;  /* threshold: a leaver goes to another modelled region */
    uint64_t low, lived; /* households of low income and all in its areas, this year */
    uint32_t up[WIJK_AGE_BANDS][INCOME_ADULTS][WIJK_INCOMES]; /* a year, by one or two adults */
    uint32_t down[WIJK_AGE_BANDS][INCOME_ADULTS][WIJK_INCOMES];
    uint32_t stretch[WIJK_TENURES][WIJK_PRICES]; /* income does not decide; see income.c */
    uint32_t starter[WIJK_INCOMES];              /* who leaves its parents has at most this class */
    double come[WIJK_AGE_BANDS]; /* would arrive in a month, by age band; < 0 until leaving.c: not
                                    published */
    int guessed;                 /* not all of who comes was published */
    double owed[WIJK_AGE_BANDS]; /* of these, who did not find a home yet */
    double kinds[WIJK_AGE_BANDS]
                [WIJK_COMPOSITIONS]; /* who comes, times the mix of who lives here */
    double freed, entered; /* a month, smoothed: homes that nobody moved out of for another one
                              here; households that came to ask for a home */
    double empty, usual;   /* homes left empty by the last month's market, and empty at the start;
                              < 0: not known yet */
    double spare;          /* homes a month, so that as many come to stand empty as usual */
    uint32_t beyond[WIJK_AGE_BANDS][WIJK_COMPOSITIONS]; /* sums of run->beyond */
    int64_t outside_households, outside_persons;
} foresee_region;

typedef struct {
    uint32_t first, places; /* in run->team_places */
    uint32_t region;
} foresee_team;

/* A household on its way into the waiting list. */
typedef struct {
    uint32_t id, reason; /* reason and area, as the home word of the waiting list */
    uint8_t kind, age, status, needs, strain, trust, part, contacts;
    uint8_t seeks;  /* left its parents for a partner */
    uint8_t listed; /* looked for a home already, from its parents' */
} foresee_newcomer;

enum { NOTE_SEEKS, NOTE_FAR, NOTES };

typedef struct { /* a slot that the market must look at: seeks a partner, or a home in `region` */
    uint32_t slot, region;
} foresee_noted;

/* What the places of a chunk leave for the market of their region. */
typedef struct {
    foresee_newcomer *rows;
    size_t n, room;
    foresee_noted *notes[NOTES];
    size_t noted[NOTES], note_room[NOTES];
    int failed; /* memory ran out on the way */
} foresee_outbox;

/* Chances of being noticed in one place this month, as thresholds. */
typedef struct {
    uint32_t neighbour; /* for every tie, at full trust */
    uint32_t manager, visit, debt, agent, self, prevention;
} foresee_seeing;

typedef struct wijk_foresee foresee_run;

/* Numbers of one place in one month, for the processes. */
typedef struct {
    foresee_run *run;
    foresee_place *place;
    foresee_region *region;
    const foresee_tables *t;
    foresee_state *s;
    const int32_t *lever; /* thousandths */
    int32_t *count;       /* [WIJK_OUTCOMES] of the row under way */
    int32_t *groups;      /* [WIJK_GROUPS][WIJK_GROUP_OUTCOMES] */
    foresee_outbox *outbox;
    foresee_world world;
    foresee_seeing see;
    uint32_t mediations; /* cases that can still be taken this month */
    int32_t task;        /* thousandths of hours of common task a month, in the block under way */
    int32_t mixed;       /* 1: all of it has that task, not only homes in streets meant for it */
    int32_t away;        /* 1: residents' work does not reach this block */
    uint32_t form;       /* ties form so much more easily in it, x256 */
} foresee_here;

/* A household that wants a home of this region. */
typedef struct {
    uint32_t slot, id, order; /* order: chance, for lotteries and ties */
    uint32_t place;           /* where it lives now; of a waiting household the area it came from */
    uint32_t parents;         /* at_home: identity of the household in `slot`, its parents */
    uint8_t age, kind, status, needs, search, strain;
    uint8_t tenure, reason;
    uint8_t class, persons;      /* class: income, two persons or fewer, owner: see foresee_class */
    uint8_t taken, far, at_home; /* at_home: a child of who lives in `slot` */
} foresee_candidate;

enum { CLASS_SMALL = 4, CLASS_OWNER = 8 };

/* What rules of entry look at: income (2 bits), one or two persons, lives in an own home. */
static inline uint8_t foresee_class(uint8_t kind, unsigned income, unsigned tenure)
{
    return (uint8_t)(income | (persons_of(kind) <= 2 ? CLASS_SMALL : 0) |
                     (tenure == WIJK_OWNER ? CLASS_OWNER : 0));
}

typedef struct {
    uint32_t from, to; /* slots */
} foresee_move;

enum { LIST_REGISTERED, LIST_CHANCE, LIST_URGENT, LIST_NEWCOMER, LIST_HOMELESS, LISTS };
enum { SORT_REGISTERED, SORT_CHANCE, SORT_VACANT, SORTS };

/* Sixty-four places of a list as bits: who is of each class, who is of at most so many persons, and
 * who is of an age that labels ask for. A home passes those who may not have it a word at a time.
 */
enum { CLASSES = 16, PERSONS_MOST = 8, SIEVE = 64 };
typedef struct {
    uint64_t class[CLASSES], upto[PERSONS_MOST];
    uint64_t young, court, older;
} foresee_sieve;

/* The market of one region in one month; kept from month to month for its memory. */
typedef struct {
    foresee_candidate *candidates;
    uint32_t *list[LISTS]; /* candidates in the order in which they come to turn */
    foresee_sieve *sieve[LISTS];
    uint64_t *keys;   /* for sorting: keys and as many more, for each of SORTS */
    uint32_t *vacant; /* slots */
    size_t n, room, list_n[LISTS], list_first[LISTS], list_room, keys_room, n_vacant, vacant_room;
    size_t empty; /* homes, those under repair too */
    size_t fills; /* of these, what who had no home in the region took */
    size_t begun; /* children who began to look this month */
    uint64_t offers;
    uint32_t kinds[TASTE_KINDS]; /* candidates */
} foresee_market;

typedef struct {
    int32_t *strain; /* of one place, widened for gathering */
    uint8_t *next;   /* strain of next month */
    foresee_market market;
} foresee_scratch;

typedef struct { /* moves into a region from others, found in its market, carried out afterwards */
    foresee_move *rows;
    size_t n, room;
} foresee_moves;

struct wijk_foresee {
    const wijk_population *population;
    const wijk_parameters *parameters;
    wijk_foresee_options options;
    wijk_change *changes; /* sorted by month */
    size_t n_changes, next_change;
    foresee_state state;
    foresee_place *places;
    foresee_region *regions;
    foresee_team *teams;
    uint32_t *team_places;  /* places of each team */
    uint32_t *chunk_places; /* first place of each chunk, and the end */
    uint32_t *area_place;
    uint32_t *block_place; /* [block of the state] */
    size_t n_places, n_regions, n_teams, n_chunks;
    int64_t *outside; /* [region][WIJK_AGE_BANDS][KINDS][WIJK_INCOMES] households */
    uint32_t *beyond; /* as `outside` at the start: of whom who comes is one, however many came */
    foresee_outbox *outboxes;         /* [chunk] */
    foresee_moves *moves;             /* [region] */
    foresee_market *parts;            /* [chunk] see foresee_by_crew; else NULL */
    foresee_taste_homes *taste_homes; /* [region] */
    foresee_candidate *far; /* who looks in another region, in the order of those regions */
    size_t *far_first;      /* [region + 1] */
    size_t far_room;
    uint64_t *homes_before; /* [region + 1] at the start */
    uint64_t *come_before;  /* [WIJK_AGE_BANDS][region + 1] who comes, of the regions in front */
    int32_t *levers;        /* [place][WIJK_LEVERS] thousandths */
    int32_t *counts;        /* [row][place][WIJK_OUTCOMES] */
    int32_t *groups;        /* [row][place][WIJK_GROUPS][WIJK_GROUP_OUTCOMES] */
    int64_t *sums;          /* [period][region][SUMS]: areas, waiting list, groups */
    size_t rows, row;       /* of places; row: the one under way */
    size_t periods, period; /* rows of regions; period: the one under way */
    foresee_tables *tables;
    foresee_screen_fn *screen;
    foresee_scratch *scratch;    /* [n_scratch] */
    unsigned threads, n_scratch; /* threads at work; fewer when a fork took some along */
    wijk_crew *crew;             /* they; NULL while it is one alone, and before the first month */
    uint32_t month;
    int whole;       /* 0 after a failure within a month: the run cannot go on */
    uint32_t before; /* months that passed before the start */
    foresee_world world;
};

enum { FORESEE_RUN_IN = 24 }; /* months before the start */

/* Before the start people and homes stay as they are. */
static inline int foresee_still(const foresee_run *run)
{
    return run->before < FORESEE_RUN_IN;
}

/* ---- for every process ------------------------------------------------- */

/* Fills `here` for a place in the month under way. */
void foresee_here_at(foresee_here *here, foresee_run *run, size_t place);

static inline void tell(const foresee_here *here, wijk_outcome outcome, int32_t n)
{
    here->count[outcome] += n;
}

/* Adds one to a group outcome for every group that the household in `slot` belongs to. */
void foresee_tell_groups(const foresee_here *here, size_t slot, wijk_group_outcome outcome);

/* The same for one who has no slot of its own. */
void foresee_tell_groups_of(const foresee_here *here, uint8_t kind, uint8_t status, uint8_t needs,
                            unsigned tenure, wijk_group_outcome outcome);

/* Index of the place that holds a slot. */
static inline uint32_t foresee_place_of(const foresee_run *run, size_t slot)
{
    return run->block_place[slot / BLOCK];
}

/* A region that is larger than all others together is allotted by every thread at a time, listed
 * in parts; others are allotted side by side, each by one thread. */
static inline int foresee_by_crew(const foresee_run *run)
{
    return run->parts != NULL && run->threads > 1;
}

/* From here on so many threads are at work, at most those it began with. */
static inline void foresee_threads(foresee_run *run, unsigned threads)
{
    wijk_crew_free(run->crew);
    run->crew = NULL;
    run->threads = threads;
}

/* A home that is to be sold or let freely becomes so once nobody lives there. */
void foresee_fell_empty(const foresee_here *here, size_t slot);
/* Nobody lives in the slot any more: ties break, the fields are cleared. */
void foresee_vacate(const foresee_here *here, size_t slot);
/* The household in the slot goes to the outside reservoir and its home is empty. */
void foresee_to_outside(const foresee_here *here, size_t slot);
/* Income class of the middle household of a place: against it a household is out of place. */
void foresee_look_at_incomes(foresee_here *here);
/* The least income class that suffices to buy a home or for a free rent. */
unsigned foresee_income_asked(unsigned tenure, unsigned price);
/* Chances of another income class, by region, age band and class; see income.c. */
void foresee_lay_incomes(foresee_run *run);
/* How often the income does not decide who gets a home to buy or at a free rent; see income.c. */
void foresee_lay_stretch(foresee_run *run);
/* Which of the homes empty at the start are on the market: as many as fall vacant in some months,
 * the others are not to be had. `vacated`: homes that fall vacant a year; `empty`: those in which
 * nobody lives. */
void foresee_lay_idle(foresee_run *run, size_t region, const double vacated[WIJK_TENURES],
                      const double empty[WIJK_TENURES]);
/* Who is drawn to which homes and areas, from where households live at the start; see taste.c. */
int foresee_lay_taste(foresee_run *run);
/* Adds what the household in a slot is expected to do in a year to the flows of its home, and who
 * looks for a home by that; see taste_flow.c. */
void foresee_flow_add(foresee_flow *flow, double looks[TASTE_KINDS], const foresee_here *here,
                      size_t slot);
/* Who goes over the border of each region and who comes, by kind of household and tenure; what is
 * freed and asked for at the start. See leaving.c. */
void foresee_lay_leaving(foresee_run *run);
/* Which part of those who come finds a home, 0..1; above 1 where who comes was guessed. In the year
 * of the figures homes were built; where fewer are freed than are asked for, who comes and who is
 * from here go without alike. */
double foresee_room_for(const foresee_region *r);
/* The chance in a month to leave the region, as a threshold. */
uint32_t foresee_leave_chance(const foresee_here *here, size_t slot);
/* The chance in a month to begin looking for another home, as a threshold. */
uint32_t foresee_search_chance(const foresee_here *here, size_t slot);
/* How much more than others a kind is drawn to the home in a slot and its area, in thousandths. */
uint32_t foresee_drawn(const foresee_here *here, size_t slot, unsigned kind);
/* May be called by several threads at once: sums do not depend on their order. */
void foresee_outside_add(foresee_run *run, uint32_t region, uint8_t kind, uint8_t age,
                         unsigned income, int sign);
/* Puts a household in the outbox of this chunk, for the waiting list. */
void foresee_send_waiting(foresee_here *here, const foresee_newcomer *who);
void foresee_note(foresee_here *here, int note, size_t slot, uint32_t region);
/* Makes room for one more of `size` bytes in a growing list. */
int foresee_room(void **rows, size_t *room, size_t n, size_t size);

static inline uint32_t home_number(const foresee_here *here, size_t slot)
{
    return here->place->number + (uint32_t)(slot - (size_t)here->place->block * BLOCK);
}

/* ---- the nine processes ------------------------------------------------ */

/* 1 to 5, 7: what may happen to one household of a block, with the word that the screen drew. */
void foresee_life(foresee_here *here, size_t slot, uint32_t word);
void foresee_birthday(foresee_here *here, size_t slot, uint32_t word);
/* 1: children who look for a home of their own and live with their parents until they find it; see
 * starters.c. One begins; those of a block a month on; what it would be as a household; it goes. */
void foresee_starter_begins(foresee_here *here, size_t slot);
void foresee_starters_wait(foresee_here *here, size_t block);
void foresee_starter_of(foresee_newcomer *out, const foresee_here *here, size_t slot);
void foresee_starter_gone(const foresee_here *here, size_t slot);
/* Who looks at the start. */
void foresee_lay_starters(foresee_run *run);
/* One adult of the household in a slot as a household of its own, with the draws of `since`. */
void foresee_alone(foresee_newcomer *out, const foresee_here *here, const foresee_world *since,
                   size_t slot, uint32_t reason, uint32_t nth);
/* Composition by adults, children and age. */
void foresee_recompose(const foresee_here *here, size_t slot, unsigned adults, unsigned children);
/* Thresholds of onset in a region. */
void foresee_needs_region(foresee_region *out, const foresee_tables *t,
                          const wijk_foresee_region *given);
void foresee_onset(foresee_here *here, size_t slot, uint32_t word);
void foresee_ends(foresee_here *here, size_t slot, uint32_t word);
void foresee_help(foresee_here *here, size_t slot, uint32_t word);
void foresee_danger(foresee_here *here, size_t slot, uint32_t word);
void foresee_leave(foresee_here *here, size_t slot, uint32_t word);
void foresee_ties(foresee_here *here, size_t slot, uint32_t word);
/* 3: what the place offers this month, and the queue of a team. */
void foresee_help_see(foresee_here *here);
void foresee_help_ask(foresee_here *here);
void foresee_help_bound(uint32_t see[WIJK_TENURES], const foresee_here *here);
/* Managers per 1,000 social homes, in thousandths, under the ceiling on spending. */
int32_t foresee_management(const foresee_here *here);
int foresee_help_team(foresee_run *run, size_t team, foresee_scratch *scratch);
/* 6: waiting lists, vacancies and allotment of one region; then moves between regions. */
int foresee_allot(foresee_run *run, size_t region, foresee_scratch *scratch);
void foresee_move_far(foresee_run *run, size_t region);
/* A household as a candidate; place UINT32_MAX for one from another region. */
void foresee_candidate_of(foresee_candidate *out, const foresee_run *run, size_t slot,
                          uint32_t place);
/* The region in which a household of an age band that leaves its own looks: as those of its age
 * come to regions. */
uint32_t foresee_far_region(const foresee_run *run, uint32_t own, unsigned band, uint32_t id,
                            uint32_t since);
/* 7: looks at a block before its households: sets `task`, `away` and `form`. */
void foresee_ties_block(foresee_here *here, size_t block);
int foresee_ties_across(const foresee_state *s, size_t a, size_t b);
/* 8: one block a month on. */
void foresee_block(foresee_here *here, size_t block);
void foresee_outcome_scale(foresee_here *here);
/* 9: hours and budgets of this month on the ledger; `newcomers` live here. */
void foresee_ledger(foresee_here *here, uint32_t newcomers);
/* n x d of something that comes in whole pieces: the part behind the point is left to chance. */
uint32_t foresee_pieces(const foresee_here *here, int64_t n, int64_t d, uint32_t nth);
/* Stocks at the end of a period; see stocks.c. */
void foresee_count_stocks(foresee_here *here);

/* ---- two runs that were one -------------------------------------------- */

/* What a run would refuse of a scenario, before the runs up to its first change. */
int foresee_fork_check(const wijk_population *population, const wijk_scenario *scenario,
                       uint32_t months);
/* The month of the first change; UINT32_MAX when nothing is changed. */
uint32_t foresee_fork_month(const wijk_scenario *scenario);
/* A run of `scenario` from where `from`, of the same options, stands: that may have changed nothing
 * yet, and the scenario nothing before that month. */
int foresee_fork(foresee_run **out, const foresee_run *from, const wijk_scenario *scenario);

/* ---- places and rows --------------------------------------------------- */

/* Regions, places, chunks and teams of a run, and the arrays that belong to them. */
int foresee_layout(foresee_run *run);
/* Bytes that layout, scratch and rows of a run take, without allocating them. */
int foresee_layout_bytes(uint64_t *out, const wijk_population *population,
                         const wijk_scenario *scenario, const wijk_foresee_options *options);
enum {
    SUM_AREAS,
    SUM_WAITING = WIJK_OUTCOMES,
    SUM_GROUPS = 2 * WIJK_OUTCOMES,
    SUMS = 2 * WIJK_OUTCOMES + WIJK_GROUPS * WIJK_GROUP_OUTCOMES
};
static inline int64_t *foresee_sums(const foresee_run *run, size_t period, size_t region)
{
    return run->sums + (period * run->n_regions + region) * SUMS;
}
/* Adds the rows under way up per region, at the end of a period. */
void foresee_sum_period(foresee_run *run);
static inline int32_t *foresee_row(const foresee_run *run, size_t row, size_t place)
{
    return run->counts + (row * run->n_places + place) * WIJK_OUTCOMES;
}
static inline int32_t *foresee_group_row(const foresee_run *run, size_t row, size_t place)
{
    return run->groups + (row * run->n_places + place) * (WIJK_GROUPS * WIJK_GROUP_OUTCOMES);
}

/* ---- levers ------------------------------------------------------------ */

int foresee_levers_check(const wijk_population *population, const wijk_scenario *scenario,
                         uint32_t months);
/* 1 when `a` has its turn after `b`, whatever their order in the scenario. */
int foresee_levers_later(const wijk_change *a, const wijk_change *b);
/* Homes that a scenario will build in each area, added to homes[area], for the room to be kept. */
void foresee_levers_room(uint32_t *homes, const wijk_population *population,
                         const wijk_scenario *scenario);
/* A lever of residents' work in the block under way: doing nothing outside its streets. */
int32_t foresee_lever_of_block(const foresee_here *here, wijk_lever lever);
/* Applies the changes of the month under way. */
void foresee_levers_apply(foresee_run *run);

#endif
