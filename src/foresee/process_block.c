/* Process 8, block and area: nuisance, upkeep, common activity and residents' initiatives of a
 * block; the outcome scale of an area. The idea: nuisance is a level that events raise and time
 * lowers; an initiative begins by chance, more likely among people who take part, and lives longer
 * where residents know each other (Denters & Tonkens 2012). Equations, per month, rounded by
 * chance: nuisance -= nuisance (nuisance_fade + management_calms fte + agent_calms hours / 30)
 *   upkeep   -= upkeep upkeep_fade / 12;  upkeep += upkeep_work fte
 *   begin     = m(initiative_begin) (1 + (initiative_budget - 1) euro / 50)
 *               (1 + (initiative_hours - 1) hours / 100) (mean part / 96)
 *   end       = m(initiative_end), times initiative_ties with two or more ties per household
 *   activity -> activity_initiative while an initiative runs, an eighth of the way a month
 * Outcome scale, an assumed effect and never fed back as a cause, in thousandths since the start:
 *   soc = soc_strain d(percent strained) + soc_ties d(ties per household)
 *   onv = onv_nuisance d(nuisance) + onv_reports d(reports per 1,000) + onv_restructured percent */
#include "foresee/run.h"

enum { MILLI = 1000, KNOW_EACH_OTHER = 2 };

/* n / d in whole points, the rest by chance. */
static int32_t points(int64_t n, uint32_t d, uint32_t bits)
{
    return (int32_t)(n / d + ((int64_t)below(bits, d) < n % d));
}

static uint8_t kept(int32_t level)
{
    return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

static uint32_t per_home(const uint8_t *values, const uint8_t *kind, unsigned shift)
{
    uint32_t sum = 0, n = 0;
    for (int i = 0; i < BLOCK; i++) {
        sum += kind[i] != WIJK_NOBODY ? values[i] >> shift : 0;
        n += kind[i] != WIJK_NOBODY;
    }
    return n > 0 ? sum * MILLI / n : 0;
}

static void initiative(foresee_here *here, size_t block, uint32_t word)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    size_t slot = block * BLOCK;
    uint8_t *months = &s->initiative[block];
    if (*months > 0) {
        *months = (uint8_t)(*months + (*months < 255));
        uint32_t end = t->chance[WIJK_P_INITIATIVE_END];
        if (word < end || t->milli[WIJK_P_INITIATIVE_TIES] > MILLI) {
            uint32_t ties = per_home(s->contacts + slot, s->kind + slot, 4);
            end = ties >= KNOW_EACH_OTHER * MILLI ? times(end, t->milli[WIJK_P_INITIATIVE_TIES])
                                                  : end;
        }
        if (word < end) {
            *months = 0;
            tell(here, WIJK_OUT_INITIATIVES_ENDED, 1);
        }
        return;
    }
    int64_t budget = MILLI + (t->milli[WIJK_P_INITIATIVE_BUDGET] - MILLI) *
                                 foresee_lever_of_block(here, WIJK_LEVER_RESIDENTS_BUDGET) / 50000;
    int64_t hours = MILLI + (t->milli[WIJK_P_INITIATIVE_HOURS] - MILLI) *
                                foresee_lever_of_block(here, WIJK_LEVER_COMMUNITY_HOURS) / 100000;
    uint32_t begin = times(times(t->chance[WIJK_P_INITIATIVE_BEGIN], budget), hours);
    if (word < times(begin, 2657)) { /* the most that taking part can be: 255 / 96 */
        begin = times(begin, per_home(s->part + slot, s->kind + slot, 0) / PART_MEAN);
        if (word < begin) {
            *months = 1;
            tell(here, WIJK_OUT_INITIATIVES_BEGUN, 1);
        }
    }
}

/* Households that share in the common task of a block. */
static int32_t joining(const foresee_here *here, size_t block)
{
    const uint8_t *kind = here->s->kind + block * BLOCK;
    const uint32_t *home = here->s->home + block * BLOCK, some = here->mixed ? 0 : HOME_STREETS;
    int32_t n = 0;
    for (int i = 0; i < BLOCK; i++) {
        n += (kind[i] != WIJK_NOBODY) & ((home[i] & some) == some);
    }
    return n;
}

void foresee_block(foresee_here *here, size_t block)
{
    foresee_state *s = here->s;
    const foresee_tables *t = here->t;
    uint32_t bits[4];
    draw4(bits, &here->world, home_number(here, block * BLOCK), DRAW_BLOCK, 0);
    int64_t fte = foresee_management(here);
    int64_t fade = t->milli[WIJK_P_NUISANCE_FADE] +
                   t->milli[WIJK_P_MANAGEMENT_CALMS] * fte / MILLI +
                   t->milli[WIJK_P_AGENT_CALMS] * here->lever[WIJK_LEVER_WIJKAGENT] / 30000;
    fade = fade < 0 ? 0 : fade > MILLI ? MILLI : fade;
    s->nuisance[block] =
        kept(s->nuisance[block] - points(s->nuisance[block] * fade, MILLI, bits[0]));
    int32_t worn = points(s->upkeep[block] * t->milli[WIJK_P_UPKEEP_FADE], 12 * MILLI, bits[1]);
    int32_t mended =
        points(fte > 0 ? fte * t->milli[WIJK_P_UPKEEP_WORK] : 0, MILLI * MILLI, bits[3]);
    s->upkeep[block] = kept(s->upkeep[block] - worn + mended);
    initiative(here, block, bits[2]);
    int32_t aim =
        s->initiative[block] > 0 ? (int32_t)(t->milli[WIJK_P_ACTIVITY_INITIATIVE] / MILLI) : 0;
    int32_t hours = here->task;
    if (hours > 0) {
        tell(here, WIJK_OUT_WORK_COMMON_TASK, joining(here, block) * (hours * 60 / MILLI));
    }
    int32_t way = aim - s->activity[block];
    s->activity[block] = kept(s->activity[block] + (way > 0 ? (way + 7) / 8 : (way - 7) / 8));
}

/* The four things the outcome scale looks at, in thousandths. */
static void look(int32_t now[4], const foresee_here *here)
{
    const int32_t *count = here->count;
    int64_t households = count[WIJK_OUT_HOUSEHOLDS], persons = count[WIJK_OUT_PERSONS];
    int64_t blocks = count[WIJK_OUT_BLOCKS];
    now[0] = (int32_t)(households ? (int64_t)count[WIJK_OUT_STRAINED] * MILLI / households : 0);
    now[1] = (int32_t)(households ? (int64_t)count[WIJK_OUT_TIES] * 2 * MILLI / households : 0);
    now[2] = (int32_t)(blocks ? (int64_t)count[WIJK_OUT_NUISANCE_SUM] * MILLI / blocks : 0);
    /* reports: of about a year, x16, so per 1,000 persons in thousandths is x 10^6 / 16 */
    now[3] = (int32_t)(persons ? (int64_t)here->place->reports * 62500 / persons : 0);
}

void foresee_outcome_scale(foresee_here *here)
{
    foresee_place *place = here->place;
    const foresee_tables *t = here->t;
    const wijk_foresee_area *area =
        wijk_population_area(here->run->population, (size_t)place->area);
    int32_t now[4];
    look(now, here);
    for (int i = 0; i < 4; i++) { /* a year of reports is known after a year */
        int from = i == 3 ? 12 : 0;
        if (!(place->begun >> i & 1) && (int)here->run->month >= from) {
            place->start[i] = now[i];
            place->begun |= 1 << i;
        }
    }
    int64_t d[4];
    for (int i = 0; i < 4; i++) {
        d[i] = place->begun >> i & 1 ? now[i] - place->start[i] : 0;
    }
    /* Everything in millionths: strained households are thousandths, and a percent is ten of them.
     */
    int64_t rebuilt = place->homes ? (int64_t)place->restructured * 100 * MILLI / place->homes : 0;
    int64_t soc = t->milli[WIJK_P_SOC_STRAIN] * d[0] * 100 + t->milli[WIJK_P_SOC_TIES] * d[1];
    int64_t onv = t->milli[WIJK_P_ONV_NUISANCE] * d[2] + t->milli[WIJK_P_ONV_REPORTS] * d[3] +
                  t->milli[WIJK_P_ONV_RESTRUCTURED] * rebuilt;
    here->count[WIJK_OUT_LIVABILITY_SOC] = area->soc + (int32_t)(soc / (MILLI * MILLI));
    here->count[WIJK_OUT_LIVABILITY_ONV] = area->onv + (int32_t)(onv / (MILLI * MILLI));
}
