/* Who goes over the border of a region and who comes, by kind of household. Published is how many
 * of each age; what they are is not. The idea is that of taste.c, a level up: a region is a place
 * for students or for families by who comes and who goes, so that at every age
 *
 *     comes(k) - goes(k) = comes - goes - (life(k) - share(k) life) - (enters(k) - share(k) enters)
 *
 * with life what a year of births, couples, separations and deaths makes of kind k (taste_flow.c),
 * enters who leaves parents or a partner and finds a home, and share(k) the part of the age that is
 * of kind k at the start. Both sides bear half of what is lacking, each within
 * KIND_LEAST..KIND_MOST times what it would be; how many come and go of an age stays as published.
 * And a move over the border is a move: who leaves lives in the tenures that movers live in. */
#include "foresee/run.h"
#include "foresee/taste.h"

#include <math.h>

#define KIND_LEAST 0.25
#define KIND_MOST  4.0

typedef double by_kind[WIJK_COMPOSITIONS];

/* One age band of a region, a year. */
typedef struct {
    by_kind lives, parts; /* households; of these the tenures, summed in parts of LEAVE_PART */
    by_kind life;
    double enters, comes, goes;
} ages;

static double sum_of(const by_kind of)
{
    double sum = 0;
    for (int c = 0; c < WIJK_COMPOSITIONS; c++) {
        sum += of[c];
    }
    return sum;
}

static void count(ages out[WIJK_AGE_BANDS], foresee_run *run, const foresee_region *r)
{
    const foresee_state *s = &run->state;
    foresee_flow flow = {0};
    double looks[TASTE_KINDS] = {0};
    for (uint32_t at = r->first_place; at < r->first_place + r->places; at++) {
        foresee_here here;
        foresee_here_at(&here, run, at);
        size_t slot = (size_t)here.place->block * BLOCK;
        size_t end = slot + (size_t)here.place->blocks * BLOCK;
        for (; slot < end && here.place->area != NO_AREA; slot++) {
            if (s->kind[slot] != WIJK_NOBODY) {
                ages *age = &out[age_band(s->age[slot])];
                unsigned c = composition_of(s->kind[slot]);
                age->lives[c]++;
                age->parts[c] += run->tables->leave_part[tenure_of(s->home[slot])];
                foresee_flow_add(&flow, looks, &here, slot);
            }
        }
    }
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        out[band].enters = flow.enters[band];
        out[band].goes = 12 * sum_of(out[band].lives) * r->leave_most[band] / 4294967296.0;
        for (int c = 0; c < WIJK_COMPOSITIONS; c++) {
            out[band].life[c] = flow.life[band][c];
        }
    }
}

double foresee_room_for(const foresee_region *r)
{
    double asked = r->entered, freed = r->freed + r->spare;
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        asked += r->come[band];
    }
    double room = asked > 0 ? fmax(freed, 0) / asked : 1;
    return room > 1 && !r->guessed ? 1 : room;
}

/* Where it is not published who comes, as many of an age come as go, those who leave their parents
 * or a partner and find nothing here too; more when homes are built. */
static void guess_who_comes(foresee_region *r, ages age[WIJK_AGE_BANDS])
{
    int known[WIJK_AGE_BANDS];
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        known[band] = r->come[band] >= 0;
        r->guessed |= !known[band];
        r->come[band] = known[band] ? r->come[band] : age[band].goes / 12;
    }
    double go = 1 - foresee_room_for(r);
    for (int band = 0; band < WIJK_AGE_BANDS; band++) {
        if (!known[band]) { /* nobody, not fewer, where far more homes fall free */
            r->come[band] = fmax(r->come[band] + go * age[band].enters / 12, 0);
        }
        age[band].comes = 12 * r->come[band];
    }
}

/* Makes the sum what it was. */
static void keep_sum(by_kind of, double sum)
{
    double now = sum_of(of);
    for (int c = 0; c < WIJK_COMPOSITIONS && now > 0; c++) {
        of[c] *= sum / now;
    }
}

static double between(double usual, double wanted, double strength)
{
    double bounded = fmin(fmax(wanted, KIND_LEAST * usual), KIND_MOST * usual);
    return usual + strength * (bounded - usual);
}

/* Who comes and who goes of an age, a year. */
static void share_out(by_kind comes, by_kind goes, const ages *age, double room, double strength)
{
    double lives = sum_of(age->lives), parts = sum_of(age->parts), net = 0;
    by_kind lacks;
    for (unsigned c = 0; c < WIJK_COMPOSITIONS; c++) {
        double enters = c == WIJK_SINGLE ? age->enters * room : 0;
        comes[c] = lives > 0 ? age->comes * room * age->lives[c] / lives : 0;
        goes[c] = parts > 0 ? age->goes * age->parts[c] / parts : 0;
        lacks[c] = goes[c] - comes[c] - age->life[c] - enters;
        net += lacks[c];
    }
    double come = sum_of(comes), go = sum_of(goes);
    for (unsigned c = 0; c < WIJK_COMPOSITIONS && lives > 0; c++) {
        lacks[c] -= net * age->lives[c] / lives; /* the age itself grows and shrinks as it does */
        double more = between(comes[c], comes[c] + lacks[c] / 2, strength) - comes[c];
        comes[c] += more;
        goes[c] = between(goes[c], goes[c] - (lacks[c] - more), strength);
    }
    keep_sum(comes, come);
    keep_sum(goes, go);
}

static void lay_age(foresee_region *r, unsigned band, const ages *age, double room, double strength)
{
    by_kind comes, goes;
    double lives = sum_of(age->lives), parts = sum_of(age->parts), usual = r->leave_most[band];
    usual *= parts > 0 ? lives * LEAVE_PART / parts : 1;
    share_out(comes, goes, age, room, strength);
    double come = sum_of(comes);
    r->leave_most[band] = 0;
    for (unsigned c = 0; c < WIJK_COMPOSITIONS; c++) {
        double mix = lives > 0 && come > 0 ? come * age->lives[c] / lives : 0;
        double month = usual / 4294967296.0;
        if (age->parts[c] > 0) {
            month = goes[c] / 12 * LEAVE_PART / age->parts[c];
        }
        r->kinds[band][c] = mix > 0 ? comes[c] / mix : 1;
        r->leave[band][c] = threshold(month);
        if (r->leave[band][c] > r->leave_most[band]) {
            r->leave_most[band] = r->leave[band][c];
        }
    }
}

void foresee_lay_leaving(foresee_run *run)
{
    double strength = run->parameters->value[WIJK_P_AREA_TASTE];
    for (size_t i = 0; i < run->n_regions; i++) {
        foresee_region *r = &run->regions[i];
        ages age[WIJK_AGE_BANDS] = {0};
        count(age, run, r);
        r->freed = r->entered = r->spare = 0;
        for (int band = 0; band < WIJK_AGE_BANDS; band++) { /* until the months tell */
            r->freed += (age[band].goes - sum_of(age[band].life)) / 12;
            r->entered += age[band].enters / 12;
        }
        guess_who_comes(r, age);
        double room = foresee_room_for(r);
        for (unsigned band = 0; band < WIJK_AGE_BANDS; band++) {
            lay_age(r, band, &age[band], room, strength);
        }
    }
}
