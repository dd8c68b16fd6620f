/* Process 4, escalation: what untreated strain and debt lead to: reports, crisis admission, school
 * drop-out, nuisance for the block, arrears, judgment, eviction.
 * The idea is a heavy tail: the chance of an incident grows with the square of strain, so that few
 * households cause most of them (RIVM: 38% of persons, 66% of reports). Equations, per month, with
 * x = strain / 255 and h = helped_share for who has a case or informal help, else 1:
 *   report   h report/12 x^2, times report_mental with mental trouble
 *   crisis   h crisis/12 x^2, only with mental trouble
 *   drop-out h dropout/12 x^2, family or one-parent with a reference person over 30
 *   nuisance h nuisance_event/12 x^2
 *   arrears begin  m(arrears_begin), tenant on low income, times arrears_debt with debt
 *   settled m(arrears_settle), times arrears_help with a case;  judgment m(judgment)
 * After a judgment one month in three decides: eviction with chance eviction_share (Aedes), else it
 * is averted. With Housing First an eviction is averted with chance first_stays. */
#include "foresee/run.h"

enum { CHILD_AT_SCHOOL_FROM = 30, MILLI = 1000 };

static const double decides =
    1.0 / 3; /* share of judgments that are carried out or averted a month */

/* threshold a times threshold b */
static uint32_t product(uint32_t a, uint32_t b)
{
    return (uint32_t)((uint64_t)a * b >> 32);
}

void foresee_escalate_tables(foresee_tables *t, const wijk_parameters *p)
{
    (void)p;
    uint32_t both = plus(t->chance[WIJK_P_DROPOUT], t->chance[WIJK_P_NUISANCE_EVENT]);
    uint32_t mental = times(t->chance[WIJK_P_REPORT], t->milli[WIJK_P_REPORT_MENTAL]);
    int64_t most = t->milli[WIJK_P_HELPED_SHARE] > MILLI ? t->milli[WIJK_P_HELPED_SHARE] : MILLI;
    most = most + most / 100 + 1; /* more than the square of the screen can fall short */
    t->danger[0] = times(plus(both, t->chance[WIJK_P_REPORT]), most);
    t->danger[1] = times(plus(plus(both, mental), t->chance[WIJK_P_CRISIS]), most);
    int64_t faster = t->milli[WIJK_P_ARREARS_HELP] > MILLI ? t->milli[WIJK_P_ARREARS_HELP] : MILLI;
    t->arrears[0] = t->chance[WIJK_P_ARREARS_BEGIN];
    t->arrears[1] = times(t->arrears[0], t->milli[WIJK_P_ARREARS_DEBT]);
    t->arrears[2] =
        plus(times(t->chance[WIJK_P_ARREARS_SETTLE], faster), t->chance[WIJK_P_JUDGMENT]);
    t->arrears[3] = threshold(decides);
}

static void incident(foresee_here *here, size_t slot, wijk_outcome outcome)
{
    tell(here, outcome, 1);
    foresee_tell_groups(here, slot, WIJK_GOUT_INCIDENTS);
}

/* A report that nobody answers costs trust, of the household and of those who know it. */
static void report(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    incident(here, slot, WIJK_OUT_REPORTS);
    if (support_of(s->status[slot]) >= HELP_FORMAL) {
        return;
    }
    tell(here, WIJK_OUT_UNANSWERED, 1);
    int32_t fall = (int32_t)(here->t->milli[WIJK_P_TRUST_FALL] / MILLI);
    for (unsigned n = 0; n <= degree_of(s->contacts[slot]); n++) {
        int tie = n == 0 ? 0 : *tie_at(s, slot, n - 1);
        uint8_t *trust = &s->trust[(size_t)((ptrdiff_t)slot + tie)];
        int32_t left = *trust - fall;
        *trust = (uint8_t)(left < 0 ? 0 : left > 255 ? 255 : left);
    }
}

static void nuisance(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    incident(here, slot, WIJK_OUT_NUISANCES);
    if (here->place->area == NO_AREA) {
        return;
    }
    if (here->mediations > 0) {
        here->mediations--;
        tell(here, WIJK_OUT_MEDIATIONS, 1);
        tell(here, WIJK_OUT_WORK_MEDIATION,
             (int32_t)(here->t->milli[WIJK_P_MEDIATION_MINUTES] / MILLI));
        if (draw1(&here->world, s->id[slot], DRAW_HELP, 1) <
            here->t->chance[WIJK_P_MEDIATION_SUCCESS]) {
            tell(here, WIJK_OUT_MEDIATIONS_SOLVED, 1);
            return;
        }
    }
    uint8_t *level = &s->nuisance[slot / BLOCK];
    int64_t more = *level + here->t->milli[WIJK_P_NUISANCE_POINT] / MILLI;
    *level = (uint8_t)(more < 0 ? 0 : more > 255 ? 255 : more);
}

/* The first four chances of the head of this file; 1 when one of them came true. */
static int incidents(foresee_here *here, size_t slot, uint32_t word, uint64_t *mark)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint32_t square = t->square[s->strain[slot]];
    unsigned support = support_of(s->status[slot]);
    int helped = support == HELP_INFORMAL || support >= HELP_FORMAL;
    square = helped ? times(square, t->milli[WIJK_P_HELPED_SHARE]) : square;
    int mental = (s->needs[slot] & WIJK_NEED_MENTAL) != 0;
    int64_t more = mental ? t->milli[WIJK_P_REPORT_MENTAL] : MILLI;
    *mark += product(times(t->chance[WIJK_P_REPORT], more), square);
    if (word < *mark) {
        report(here, slot);
        return 1;
    }
    *mark += mental ? product(t->chance[WIJK_P_CRISIS], square) : 0;
    if (word < *mark) {
        incident(here, slot, WIJK_OUT_CRISES);
        return 1;
    }
    int school = children_of(s->kind[slot]) > 0 && s->age[slot] > CHILD_AT_SCHOOL_FROM;
    *mark += school ? product(t->chance[WIJK_P_DROPOUT], square) : 0;
    if (word < *mark) {
        incident(here, slot, WIJK_OUT_DROPOUTS);
        return 1;
    }
    *mark += product(t->chance[WIJK_P_NUISANCE_EVENT], square);
    if (word < *mark) {
        nuisance(here, slot);
        return 1;
    }
    return 0;
}

static void evict(foresee_here *here, size_t slot)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint32_t bits[4];
    draw4(bits, &here->world, s->id[slot], DRAW_HELP, 2);
    s->needs[slot] = (uint8_t)(s->needs[slot] & ~(NEED_JUDGMENT | NEED_ARREARS));
    /* Evictions for nuisance follow those for arrears in a fixed share. */
    uint32_t share =
        times(t->chance[WIJK_P_EVICTION_SHARE], MILLI + t->milli[WIJK_P_NUISANCE_EVICTION]);
    int first =
        label_of(s->home[slot]) == WIJK_LABEL_FIRST && bits[1] < t->chance[WIJK_P_FIRST_STAYS];
    if (bits[0] >= share || first || foresee_still(here->run)) {
        tell(here, WIJK_OUT_ARREARS_SETTLED, 1);
        return;
    }
    int private = tenure_of(s->home[slot]) == WIJK_PRIVATE;
    incident(here, slot, private ? WIJK_OUT_EVICTIONS_PRIVATE : WIJK_OUT_EVICTIONS);
    tell(here, WIJK_OUT_EVICTIONS_FAMILY, children_of(s->kind[slot]) > 0);
    foresee_newcomer who = {
        .id = s->id[slot],
        .reason = (uint32_t)REASON_EVICTED << WAIT_REASON | (uint32_t)here->place->area
                                                                << WAIT_AREA,
        .kind = s->kind[slot],
        .age = s->age[slot],
        .status = (uint8_t)((s->status[slot] & STATUS_INCOME) | STATUS_SEARCH | STATUS_URGENT),
        .needs = (uint8_t)(s->needs[slot] | NEED_HOMELESS),
        .strain = s->strain[slot],
        .trust = s->trust[slot],
        .part = s->part[slot],
        .contacts = s->contacts[slot] & 15,
    };
    foresee_send_waiting(here, &who);
    foresee_vacate(here, slot);
}

static void arrears(foresee_here *here, size_t slot, uint32_t word, uint64_t mark)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    unsigned needs = s->needs[slot], tenure = tenure_of(s->home[slot]);
    if (tenure != WIJK_SOCIAL && tenure != WIJK_PRIVATE) {
        return;
    }
    if (needs & NEED_JUDGMENT) {
        if (word < mark + t->arrears[3]) {
            evict(here, slot);
        }
        return;
    }
    if (needs & NEED_ARREARS) {
        int helped = support_of(s->status[slot]) >= HELP_FORMAL;
        mark +=
            times(t->chance[WIJK_P_ARREARS_SETTLE], helped ? t->milli[WIJK_P_ARREARS_HELP] : MILLI);
        if (word < mark) {
            s->needs[slot] = (uint8_t)(needs & ~(unsigned)NEED_ARREARS);
            tell(here, WIJK_OUT_ARREARS_SETTLED, 1);
        } else if (word < mark + t->chance[WIJK_P_JUDGMENT]) {
            s->needs[slot] = (uint8_t)(needs | NEED_JUDGMENT);
            tell(here, WIJK_OUT_JUDGMENTS, 1);
        }
        return;
    }
    uint32_t begin = t->arrears[(needs & WIJK_NEED_DEBT) != 0];
    int low = (s->status[slot] & STATUS_INCOME) == WIJK_INCOME_LOW;
    if (low && word < mark + begin) {
        s->needs[slot] = (uint8_t)(needs | NEED_ARREARS);
        tell(here, WIJK_OUT_ARREARS_BEGUN, 1);
    }
}

void foresee_danger(foresee_here *here, size_t slot, uint32_t word)
{
    uint64_t mark = 0;
    if (!incidents(here, slot, word, &mark)) {
        arrears(here, slot, word, mark);
    }
}
