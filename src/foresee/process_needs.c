/* Process 2, needs and strain: onset and recovery of needs by hazard; strain gathers from needs,
 * low income and a bad block and drains by own resources, contacts and help. The idea is a stock
 * with a target (first-order delay; Forrester 1961): with a the susceptibility of a household,
 * which never changes, and k the speed, aim   = a (sum of loads) - own - min(contacts, tie_full) x
 * relief_tie - relief of help
 *           + tie_spill x (mean strain of contacts - own strain)
 *   next  = strain + k (aim - strain) + chance, kept within 0..255.
 * a = (1 + tail) u^tail with u uniform, mean 1: few households carry most (RIVM: 38% of persons
 * give 66% of reports). The update is synchronous and lies in screen.inc; here are its tables.
 * Loads of needs are scale; load_nuisance, relief_* and tie_spill are assumed effects. */
#include "foresee/run.h"

/* Share of households with low income in the country (pop_passend of data/population/country.csv),
 * to keep the mean chance of debt what it is. */
static const double low_share = 0.34;

static int32_t points(const wijk_parameters *p, wijk_parameter which)
{
    double value = p->value[which];
    value = value < -10000 ? -10000 : value > 10000 ? 10000 : value;
    return (int32_t)(value < 0 ? value - 0.5 : value + 0.5);
}

static uint32_t frail_chance(const foresee_tables *t, unsigned age)
{
    return age < OLDER ? 0 : t->frail[age >= OLD];
}

/* u^tail for u in (0, 1) without pow: whole powers, and a straight line between two of them. */
static double power(double u, double tail)
{
    double result = 1;
    while (tail >= 1) {
        result *= u;
        tail -= 1;
    }
    return result * (1 - tail + tail * u);
}

static void tail_table(foresee_tables *t, double tail)
{
    double raw[256], sum = 0;
    tail = tail < 0 ? 0 : tail > 20 ? 20 : tail;
    for (int i = 0; i < 256; i++) {
        raw[i] = power((i + 0.5) / 256, tail);
        sum += raw[i];
    }
    for (int i = 0; i < 256; i++) { /* mean 1; at most twenty times the mean */
        double scaled = raw[i] * 256 / sum * 256;
        t->tail[i] = (int32_t)(scaled > 5120 ? 5120 : scaled);
    }
}

static void strain_tables(foresee_tables *t, const wijk_parameters *p)
{
    static const wijk_parameter loads[WIJK_NEEDS] = {WIJK_P_LOAD_DEBT, WIJK_P_LOAD_MENTAL,
                                                     WIJK_P_LOAD_FRAIL, WIJK_P_LOAD_MILD,
                                                     WIJK_P_LOAD_NEWCOMER};
    for (unsigned n = 0; n < WIJK_NEEDS; n++) {
        t->load[n] = points(p, loads[n]);
    }
    t->load_low = points(p, WIJK_P_LOAD_LOW_INCOME);
    t->load_one_parent = points(p, WIJK_P_LOAD_ONE_PARENT);
    t->load_nuisance = points(p, WIJK_P_LOAD_NUISANCE);
    t->own = points(p, WIJK_P_RELIEF_OWN);
    double relief = p->value[WIJK_P_RELIEF_TIE];
    t->relief_tie = (int32_t)((relief < -255 ? -255 : relief > 255 ? 255 : relief) * 256);
    t->tie_full = points(p, WIJK_P_TIE_FULL);
    t->relief_support[HELP_INFORMAL] = points(p, WIJK_P_RELIEF_INFORMAL);
    t->relief_support[HELP_FORMAL] = points(p, WIJK_P_RELIEF_FORMAL);
    t->relief_support[HELP_INTENSIVE] = points(p, WIJK_P_RELIEF_INTENSIVE);
    double spill = p->value[WIJK_P_TIE_SPILL];
    spill = spill < -1 ? -1 : spill > 1 ? 1 : spill;
    for (int n = 1; n <= TIES; n++) {
        t->share[n] = (int32_t)(spill * 65536 / n);
    }
    double speed = p->value[WIJK_P_STRAIN_SPEED];
    t->speed = (int32_t)((speed < 0 ? 0 : speed > 1 ? 1 : speed) * 65536);
    int32_t noise = points(p, WIJK_P_STRAIN_NOISE);
    t->noise = noise < 0 ? 0 : noise > 255 ? 255 : noise;
    tail_table(t, p->value[WIJK_P_TAIL]);
}

void foresee_needs_tables(foresee_tables *t, const wijk_parameters *p)
{
    double low = p->value[WIJK_P_DEBT_LOW], mean = p->value[WIJK_P_DEBT_ONSET];
    double rest = (1 - low_share * low) / (1 - low_share);
    for (int income = 0; income < WIJK_INCOMES; income++) {
        double year = mean * (income == WIJK_INCOME_LOW ? low : rest > 0 ? rest : 0);
        t->debt_onset[income] = threshold(foresee_monthly(year < 1 ? year : 1));
    }
    t->frail[0] = t->chance[WIJK_P_FRAIL_65];
    t->frail[1] = t->chance[WIJK_P_FRAIL_80];
    t->end_debt[0] = t->chance[WIJK_P_DEBT_END];
    t->end_debt[1] = times(t->end_debt[0], t->milli[WIJK_P_DEBT_HELP]);
    /* Guidance of at most forty hours speeds settling ten times the step of the dictionary. */
    int64_t faster = 1000 + (t->milli[WIJK_P_RECEPTION_SETTLES] - 1000) * 10;
    t->end_newcomer = times(t->chance[WIJK_P_NEWCOMER_END], faster > 1000 ? faster : 1000);
    strain_tables(t, p);
}

/* `times` <= 0: as in the country. */
static uint32_t as_often(uint32_t chance, double times)
{
    double scaled = chance * (times > 0 ? times : 1) + 0.5;
    return scaled < UINT32_MAX ? (uint32_t)scaled : UINT32_MAX;
}

void foresee_needs_region(foresee_region *out, const foresee_tables *t,
                          const wijk_foresee_region *given)
{
    out->mental_onset = as_often(t->chance[WIJK_P_MENTAL_ONSET], given->mental);
    uint64_t in = out->mental_onset, ends = t->chance[WIJK_P_MENTAL_END];
    out->mental = in + ends > 0 ? (uint32_t)(in * UINT32_MAX / (in + ends)) : 0;
    for (unsigned income = 0; income < WIJK_INCOMES; income++) {
        out->debt_onset[income] = as_often(t->debt_onset[income], given->debt);
        out->onset[income] = plus(out->debt_onset[income], out->mental_onset);
    }
}

static void begin(foresee_here *here, size_t slot, unsigned need, wijk_outcome outcome)
{
    here->s->needs[slot] = (uint8_t)(here->s->needs[slot] | need);
    tell(here, outcome, 1);
}

void foresee_onset(foresee_here *here, size_t slot, uint32_t word)
{
    const foresee_tables *t = here->t;
    unsigned needs = here->s->needs[slot];
    uint64_t mark = needs & WIJK_NEED_DEBT
                        ? 0
                        : here->region->debt_onset[here->s->status[slot] & STATUS_INCOME];
    if (word < mark) {
        begin(here, slot, WIJK_NEED_DEBT, WIJK_OUT_ONSET_DEBT);
        return;
    }
    mark += needs & WIJK_NEED_MENTAL ? 0 : here->region->mental_onset;
    if (word < mark) {
        begin(here, slot, WIJK_NEED_MENTAL, WIJK_OUT_ONSET_MENTAL);
        return;
    }
    mark += needs & WIJK_NEED_FRAIL ? 0 : frail_chance(t, here->s->age[slot]);
    if (word < mark) {
        begin(here, slot, WIJK_NEED_FRAIL, WIJK_OUT_ONSET_FRAIL);
    }
}

static void end(foresee_here *here, size_t slot, unsigned need, wijk_outcome outcome)
{
    here->s->needs[slot] = (uint8_t)(here->s->needs[slot] & ~need);
    tell(here, outcome, 1);
}

/* Newcomers settle faster by guidance: `reception_settles` times at four hours a month. */
static uint32_t settle_chance(const foresee_here *here)
{
    const foresee_tables *t = here->t;
    int64_t faster = 1000 + (t->milli[WIJK_P_RECEPTION_SETTLES] - 1000) *
                                here->lever[WIJK_LEVER_RECEPTION] / 4000;
    return times(t->chance[WIJK_P_NEWCOMER_END], faster);
}

void foresee_ends(foresee_here *here, size_t slot, uint32_t word)
{
    const foresee_tables *t = here->t;
    unsigned needs = here->s->needs[slot];
    uint64_t mark = 0;
    if (needs & WIJK_NEED_DEBT) {
        mark += t->end_debt[support_of(here->s->status[slot]) >= HELP_FORMAL];
        if (word < mark) {
            end(here, slot, WIJK_NEED_DEBT, WIJK_OUT_END_DEBT);
            return;
        }
    }
    mark += needs & WIJK_NEED_MENTAL ? t->chance[WIJK_P_MENTAL_END] : 0;
    if (word < mark) {
        end(here, slot, WIJK_NEED_MENTAL, WIJK_OUT_END_MENTAL);
        return;
    }
    mark += needs & WIJK_NEED_FRAIL ? t->chance[WIJK_P_FRAIL_END] : 0;
    if (word < mark) {
        end(here, slot, WIJK_NEED_FRAIL, WIJK_OUT_END_FRAIL);
        return;
    }
    mark += needs & WIJK_NEED_NEWCOMER ? settle_chance(here) : 0;
    if (word < mark) {
        end(here, slot, WIJK_NEED_NEWCOMER, WIJK_OUT_END_NEWCOMER);
    }
}
