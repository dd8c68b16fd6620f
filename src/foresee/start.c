/* Makes the start population of every area: targets from margins, the fit, whole households, and
 * the account of how well that went. The idea: what is published rules within its rounding, what is
 * borrowed gives way by as much as it may be wrong, and the reader sees which is which. */
#include "foresee/start.h"

#include "wijk/err.h"
#include "wijk/table.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

#define COUNTRY "data/population/country.csv"

/* How far a borrowed share may be off: a part that grows with the distance of the source, and a
 * part by which any other place differs from this one; then by kind of share. A gemeente changes a
 * quarter as fast as a neighbourhood. Set to what was measured in places that publish both:
 * docs/model/population.md, "Borrowing". */
#define SPREAD_BASE     0.015
#define SPREAD_DISTANCE 0.004
#define SPREAD_ELSE     0.035
#define SPREAD_MOST     0.12
#define SPREAD_GEMEENTE 0.25
static const double spread_of_row[FIT_ROWS] = {
    [FIT_SINGLE] = 1.1,   [FIT_CHILDLESS] = 0.45, [FIT_CHILDREN] = 1,  [FIT_ONE_PARENT] = 0.45,
    [FIT_AGE] = 0.45,     [FIT_AGE + 1] = 1,      [FIT_AGE + 2] = 1.1, [FIT_AGE + 3] = 0.7,
    [FIT_AGE + 4] = 0.95, [FIT_HOUSED] = 1,       [FIT_LOW] = 1.25,    [FIT_HIGH] = 0.9};
/* So many households of this very place would tell as much as the seed does: however large the
 * place, another mix of the same gemeente or country is no sample of it. Measured on figures that
 * were held back: the same page, "What the seed is worth". */
#define SEED_WORTH 50.0
/* A published margin is met to this part of its rounding, so that making whole has room. */
#define TIGHT       0.3
#define TIGHT_LEAST 0.12
#define SAFE        0.8 /* a fit further than this part of the rounding is done again, tighter */
enum { TIGHTER = 4 };   /* times */

const char *wijk_margin_key(wijk_margin margin)
{
    static const char *const keys[] = {
#define X(name, key) key,
        WIJK_MARGINS_X(X)
#undef X
    };
    return keys[margin];
}

const char *wijk_from_key(wijk_from from)
{
    static const char *const keys[] = {"native",  "year",     "overlay", "wijk",
                                       "similar", "gemeente", "country"};
    return keys[from];
}

static int read_country(double *out)
{
    static const char *const names[] = {
#define X(name, key) key,
        START_COUNTRY_X(X)
#undef X
    };
    wijk_table *table;
    int rc = wijk_table_asset(&table, COUNTRY);
    for (size_t i = 0; !rc && i < START_COUNTRY_ROWS; i++) {
        long row = wijk_table_find(table, "name", names[i]);
        out[i] = row < 0 ? NAN : wijk_table_number(table, (size_t)row, "default", NAN);
        if (!isfinite(out[i])) {
            rc = wijk_fail(WIJK_EFORMAT, "%s: %s ontbreekt of is geen getal.",
                           "%s: %s is missing or no number.", COUNTRY, names[i]);
        }
    }
    wijk_table_free(table);
    return rc;
}

static int read_seed(wijk_start *start)
{
    const double *c = start->country;
    const seed_country country = {.passend = c[START_PASSEND],
                                  .daeb = c[START_DAEB],
                                  .high = c[START_HIGH],
                                  .composition = {[SEED_SINGLE] = c[START_SINGLE],
                                                  [SEED_COUPLE] = c[START_COUPLE],
                                                  [SEED_FAMILY] = c[START_TWO_PARENT],
                                                  [SEED_ONE_PARENT] = c[START_ONE_PARENT]},
                                  .tenure = {[SEED_OWNER] = c[START_OWNER],
                                             [SEED_SOCIAL] = c[START_SOCIAL],
                                             [SEED_PRIVATE] = c[START_PRIVATE]},
                                  .year = start->set.year};
    return seed_read(&start->seed, &country);
}

/* ---- targets ------------------------------------------------------------------------------ */

typedef struct {
    const wijk_start *start;
    const margin_area *area;
    const seed_table *seed; /* of its gemeente, or of the country */
    double steady;          /* SPREAD_GEMEENTE in one, else 1 */
    wijk_start_area *result;
    start_mix *mix;
    fit_margins margins;
    whole_target target;
    double people; /* best guess of how many live here */
} task;

static double country_share(const wijk_start *start, int margin)
{
    if (isfinite(start->set.country[margin])) {
        return start->set.country[margin];
    }
    const double *c = start->country;
    switch (margin) {
    case WIJK_MARGIN_SINGLE:
        return c[START_SINGLE];
    case WIJK_MARGIN_CHILDLESS:
        return c[START_COUPLE];
    case WIJK_MARGIN_CHILDREN:
        return c[START_TWO_PARENT] + c[START_ONE_PARENT];
    case WIJK_MARGIN_ONE_PARENT:
        return c[START_ONE_PARENT];
    case WIJK_MARGIN_LOW:
        return 0.4;
    case WIJK_MARGIN_HIGH:
        return 0.2;
    case WIJK_MARGIN_HOMES:
        return c[START_HOMES];
    case WIJK_MARGIN_OCCUPIED:
        return c[START_OCCUPIED];
    case WIJK_MARGIN_OWNER:
        return c[START_OWNER];
    case WIJK_MARGIN_SOCIAL:
        return c[START_SOCIAL];
    case MARGIN_SIZE:
        return c[START_SIZE];
    default:
        return NAN;
    }
}

/* A share or mean of this area, from wherever it came; NAN when even the country is not known. */
static double share_of(const task *t, int margin, double base)
{
    const margin_value *v = &t->area->value[margin];
    if (!isfinite(v->value)) {
        return country_share(t->start, margin);
    }
    return v->is_count ? (base > 0 ? v->value / base : NAN) : v->value;
}

/* Writes down what `source` says of a margin: that itself, or a mean that it follows from. */
static void note(task *t, wijk_margin margin, int source, double published, double half)
{
    const margin_value *v = &t->area->value[source];
    wijk_fitted *f = &t->result->fitted[margin];
    f->published = (float)published;
    f->half = (float)half;
    f->from = v->from;
    f->year = (int16_t)v->year;
}

static uint32_t rounded(double value)
{
    return value > 0 ? (uint32_t)(value + 0.5) : 0;
}

/* Households and people: the sizes everything else is a share of. */
static void count_heads(task *t)
{
    const margin_value *h = &t->area->value[WIJK_MARGIN_HOUSEHOLDS];
    const margin_value *p = &t->area->value[WIJK_MARGIN_PEOPLE];
    const margin_value *homes = &t->area->value[WIJK_MARGIN_HOMES];
    double size = share_of(t, MARGIN_SIZE, 0);
    size = size >= 1 ? size : 1;
    double households = 0;
    int published = h->from == WIJK_FROM_NATIVE, counted = p->from == WIJK_FROM_NATIVE;
    if (published) {
        households = h->value;
    } else if (counted) {
        households = p->value / size;
    } else if (homes->from == WIJK_FROM_NATIVE && homes->is_count) {
        households = homes->value / country_share(t->start, WIJK_MARGIN_HOMES);
    }
    t->result->households = rounded(households);
    t->people = counted ? p->value : households * size;
    note(t, WIJK_MARGIN_HOUSEHOLDS, WIJK_MARGIN_HOUSEHOLDS, households, published ? h->half : 0);
    note(t, WIJK_MARGIN_PEOPLE, WIJK_MARGIN_PEOPLE, t->people, counted ? p->half : 0);
    wijk_fitted *f = &t->result->fitted[WIJK_MARGIN_HOUSEHOLDS];
    f->from = published ? f->from : counted ? t->area->value[MARGIN_SIZE].from : WIJK_FROM_COUNTRY;
    t->result->empty = t->result->households == 0 && rounded(t->people) == 0;
}

static void open_rows(task *t)
{
    for (int m = 0; m < WIJK_MARGINS; m++) {
        t->result->fitted[m] =
            (wijk_fitted){.published = NAN, .synthetic = NAN, .from = WIJK_FROM_COUNTRY};
    }
    for (int r = 0; r < FIT_ROWS; r++) {
        t->margins.target[r] = 0;
        t->margins.sigma[r] = INFINITY;
        if (r < FIT_STRUCTURE_ROWS) {
            t->target.half[r] = 0;
        }
    }
}

/* How far a published share of a rounded base may be off as a count. */
static double half_count(const margin_value *v, double base, const wijk_fitted *of)
{
    double base_half = of->from == WIJK_FROM_NATIVE ? (double)of->half : 0;
    return v->is_count ? v->half : v->half * base + v->value * base_half;
}

/* How far a borrowed share of `base` may be off as a count, measured against a seed that the fit
 * takes for a sample of as many households as live here. */
static double doubt_of(const task *t, const margin_value *v, int row, double share, double base)
{
    double spread = SPREAD_BASE + SPREAD_DISTANCE * v->distance;
    spread += v->from == WIJK_FROM_YEAR ? 0 : SPREAD_ELSE;
    spread = fmin(spread, SPREAD_MOST) * spread_of_row[row] * t->steady;
    double variance = spread * spread * base * base + base * fmax(share * (1 - share), 0.01);
    return sqrt(variance * fmin(SEED_WORTH / fmax(t->result->households, 1), 1));
}

/* Puts one margin, a share of the base `of`, into a row. */
static void aim(task *t, wijk_margin margin, int row, int source, wijk_margin of)
{
    double base = (double)t->result->fitted[of].published;
    const margin_value *v = &t->area->value[source];
    double share = share_of(t, source, base);
    if (!isfinite(share) || base <= 0) {
        return;
    }
    int is_native = v->from == WIJK_FROM_NATIVE;
    double count = v->is_count && is_native ? v->value : share * base;
    double half = half_count(v, base, &t->result->fitted[of]);
    if (is_native) {
        t->margins.sigma[row] = fmax(TIGHT * half, TIGHT_LEAST);
        if (row < FIT_STRUCTURE_ROWS) {
            t->target.half[row] = fmax(half, 0.5);
        }
    } else {
        t->margins.sigma[row] = doubt_of(t, v, row, fmin(fmax(share, 0), 1), base);
    }
    if (t->area->around && v->from >= WIJK_FROM_GEMEENTE) {
        t->margins.sigma[row] = INFINITY; /* the seed is the gemeente: it knows */
    }
    t->margins.target[row] = count;
    note(t, margin, source, count, is_native ? half : 0);
}

static void aim_structure(task *t)
{
    double households = t->result->households;
    const wijk_fitted *published = &t->result->fitted[WIJK_MARGIN_HOUSEHOLDS];
    double half = published->from == WIJK_FROM_NATIVE ? (double)published->half : 0;
    t->margins.target[FIT_HOUSEHOLDS] = (double)published->published;
    t->margins.sigma[FIT_HOUSEHOLDS] = fmax(TIGHT * half, TIGHT_LEAST);
    t->target.half[FIT_HOUSEHOLDS] = fmax(half, 0.5);
    aim(t, WIJK_MARGIN_SINGLE, FIT_SINGLE, WIJK_MARGIN_SINGLE, WIJK_MARGIN_HOUSEHOLDS);
    aim(t, WIJK_MARGIN_CHILDLESS, FIT_CHILDLESS, WIJK_MARGIN_CHILDLESS, WIJK_MARGIN_HOUSEHOLDS);
    aim(t, WIJK_MARGIN_CHILDREN, FIT_CHILDREN, WIJK_MARGIN_CHILDREN, WIJK_MARGIN_HOUSEHOLDS);
    aim(t, WIJK_MARGIN_ONE_PARENT, FIT_ONE_PARENT, WIJK_MARGIN_ONE_PARENT, WIJK_MARGIN_HOUSEHOLDS);
    for (int b = 0; b < SEED_BANDS; b++) {
        aim(t, WIJK_MARGIN_AGE_0 + (unsigned)b, FIT_AGE + b, WIJK_MARGIN_AGE_0 + b,
            WIJK_MARGIN_PEOPLE);
    }
    aim(t, WIJK_MARGIN_HOUSED, FIT_HOUSED, MARGIN_SIZE, WIJK_MARGIN_HOUSEHOLDS);
    if (t->area->value[MARGIN_SIZE].from != WIJK_FROM_NATIVE) {
        /* A mean number of persons, not a share: a tenth of a person is one step off. */
        double steps = 1 + 0.25 * t->area->value[MARGIN_SIZE].distance;
        t->margins.sigma[FIT_HOUSED] = 0.05 * steps * households + sqrt(households);
    }
    const margin_value *people = &t->area->value[WIJK_MARGIN_PEOPLE];
    if (people->from == WIJK_FROM_NATIVE) {
        t->margins.target[FIT_PEOPLE] = people->value;
        t->margins.sigma[FIT_PEOPLE] = fmax(TIGHT * people->half, TIGHT_LEAST);
        t->target.half[FIT_PEOPLE] = fmax(people->half, 0.5);
    }
}

/* Published parts that should add up to a published whole: how far apart they may be by rounding
 * alone, and whether they are farther. Counts go to the nearest five in most files; where parts are
 * rounded up and wholes down, they can be off by the whole step. */
static void check_sum(task *t, const int *rows, const wijk_margin *margins, int parts)
{
    double gap = 0, room = 0;
    for (int i = 0; i <= parts; i++) {
        wijk_fitted *f = &t->result->fitted[margins[i]];
        if (f->from != WIJK_FROM_NATIVE) {
            return;
        }
        gap += (i ? 1 : -1) * (double)f->published;
        room += floor((double)f->half + 1e-6);
    }
    if (fabs(gap) <= room + 0.5) {
        return;
    }
    t->result->loose = 1;
    t->result->conflict |= fabs(gap) > 2 * room + parts;
    for (int i = 0; i <= parts; i++) {
        t->result->fitted[margins[i]].half *= 2;
        t->target.half[rows[i]] *= 2;
        t->margins.sigma[rows[i]] *= 2;
    }
}

/* The most or the least that a published figure can mean; `otherwise` when there is none. */
static double bound(const task *t, wijk_margin margin, int sign, double otherwise)
{
    const wijk_fitted *f = &t->result->fitted[margin];
    return f->from == WIJK_FROM_NATIVE ? (double)f->published + sign * fmax((double)f->half, 0.5)
                                       : otherwise;
}

/* What no town can be: looked up in the published figures alone, before anything is fitted. */
static void check_figures(task *t)
{
    static const int households[] = {FIT_HOUSEHOLDS, FIT_SINGLE, FIT_CHILDLESS, FIT_CHILDREN};
    static const wijk_margin of_households[] = {WIJK_MARGIN_HOUSEHOLDS, WIJK_MARGIN_SINGLE,
                                                WIJK_MARGIN_CHILDLESS, WIJK_MARGIN_CHILDREN};
    static const int people[] = {FIT_PEOPLE,  FIT_AGE,     FIT_AGE + 1,
                                 FIT_AGE + 2, FIT_AGE + 3, FIT_AGE + 4};
    static const wijk_margin of_people[] = {WIJK_MARGIN_PEOPLE, WIJK_MARGIN_AGE_0,
                                            WIJK_MARGIN_AGE_15, WIJK_MARGIN_AGE_25,
                                            WIJK_MARGIN_AGE_45, WIJK_MARGIN_AGE_65};
    check_sum(t, households, of_households, 3);
    check_sum(t, people, of_people, 5);
    double least = bound(t, WIJK_MARGIN_HOUSEHOLDS, -1, 0);
    double most_people = bound(t, WIJK_MARGIN_PEOPLE, 1, INFINITY);
    double couples = bound(t, WIJK_MARGIN_CHILDLESS, -1, 0);
    double families = bound(t, WIJK_MARGIN_CHILDREN, -1, 0);
    double grown = most_people - bound(t, WIJK_MARGIN_AGE_0, -1, 0);
    t->result->conflict |= least > grown; /* a household without an adult */
    t->result->conflict |= least + couples + families > most_people;
    t->result->conflict |= bound(t, WIJK_MARGIN_HOUSED, -1, 0) > most_people;
    t->result->conflict |=
        bound(t, WIJK_MARGIN_OCCUPIED, -1, 0) > bound(t, WIJK_MARGIN_HOUSEHOLDS, 1, INFINITY);
}

/* Takes `vacant` homes away from the tenures, most where tenure and number make it likely. */
static void empty_homes(task *t, uint32_t vacant)
{
    const double *c = t->start->country;
    const double likely[SEED_TENURES] = {1, c[START_VACANT_SOCIAL], c[START_VACANT_PRIVATE]};
    memcpy(t->mix->occupied, t->mix->homes, sizeof t->mix->occupied);
    while (vacant > 0) {
        double share[SEED_TENURES];
        uint32_t part[SEED_TENURES], taken = 0;
        for (int i = 0; i < SEED_TENURES; i++) {
            share[i] = t->mix->occupied[i] * likely[i];
        }
        whole_parts(part, share, SEED_TENURES, vacant);
        for (int i = 0; i < SEED_TENURES; i++) {
            uint32_t most = t->mix->occupied[i];
            uint32_t take = part[i] < most ? part[i] : most;
            t->mix->occupied[i] -= take;
            taken += take;
        }
        vacant -= taken;
        if (taken == 0) {
            return; /* every home is empty */
        }
    }
}

/* Homes by tenure, which of them are occupied, and dwellings beyond those that statistics count. */
static void aim_homes(task *t)
{
    const margin_value *v = t->area->value;
    double households = t->result->households;
    double homes = v[WIJK_MARGIN_HOMES].from == WIJK_FROM_NATIVE && v[WIJK_MARGIN_HOMES].is_count
                       ? v[WIJK_MARGIN_HOMES].value
                       : share_of(t, WIJK_MARGIN_HOMES, households) * households;
    int native_homes = v[WIJK_MARGIN_HOMES].from == WIJK_FROM_NATIVE;
    double occupied = fmin(fmax(share_of(t, WIJK_MARGIN_OCCUPIED, homes), 0), 1);
    if (!native_homes && occupied * homes > households) {
        homes = households / occupied; /* a borrowed number of homes gives way */
    }
    t->result->homes = rounded(homes);
    note(t, WIJK_MARGIN_HOMES, WIJK_MARGIN_HOMES, homes,
         native_homes ? v[WIJK_MARGIN_HOMES].half : 0);
    double owner = share_of(t, WIJK_MARGIN_OWNER, homes);
    double social = share_of(t, WIJK_MARGIN_SOCIAL, homes);
    owner = fmin(fmax(owner, 0), 1);
    social = fmin(fmax(social, 0), 1 - owner);
    const double share[SEED_TENURES] = {owner, social, 1 - owner - social};
    t->mix->homes[SEED_OWNER] = rounded(owner * homes);
    t->mix->homes[SEED_SOCIAL] = rounded(social * homes);
    uint32_t two = t->mix->homes[SEED_OWNER] + t->mix->homes[SEED_SOCIAL];
    if (two > t->result->homes) { /* both were rounded up */
        t->mix->homes[SEED_SOCIAL] -= two - t->result->homes;
        two = t->result->homes;
    }
    t->mix->homes[SEED_PRIVATE] = t->result->homes - two;
    occupied *= homes;
    int native = v[WIJK_MARGIN_OCCUPIED].from == WIJK_FROM_NATIVE;
    note(t, WIJK_MARGIN_OCCUPIED, WIJK_MARGIN_OCCUPIED, occupied,
         native ? half_count(&v[WIJK_MARGIN_OCCUPIED], homes, &t->result->fitted[WIJK_MARGIN_HOMES])
                : 0);
    uint32_t filled = rounded(fmin(occupied, fmin(households, t->result->homes)));
    t->result->rooms = t->result->households - filled;
    empty_homes(t, t->result->homes - filled);
    const wijk_margin margin[SEED_TENURES] = {WIJK_MARGIN_OWNER, WIJK_MARGIN_SOCIAL,
                                              WIJK_MARGIN_PRIVATE};
    double half[SEED_TENURES];
    for (int i = 0; i < 2; i++) {
        const margin_value *m = &v[margin[i]];
        half[i] = m->from == WIJK_FROM_NATIVE
                      ? half_count(m, homes, &t->result->fitted[WIJK_MARGIN_HOMES])
                      : 0;
        note(t, margin[i], (int)margin[i], share[i] * homes, half[i]);
    }
    /* The rest is private: published only where both others are. */
    wijk_fitted *rest = &t->result->fitted[WIJK_MARGIN_PRIVATE];
    const wijk_fitted *a = &t->result->fitted[WIJK_MARGIN_OWNER];
    const wijk_fitted *b = &t->result->fitted[WIJK_MARGIN_SOCIAL];
    *rest = a->from >= b->from ? *a : *b;
    rest->published = (float)(share[SEED_PRIVATE] * homes);
    rest->half = rest->from == WIJK_FROM_NATIVE ? (float)(half[0] + half[1]) : 0;
    for (int i = 0; i < SEED_TENURES; i++) {
        t->target.tenure[i] = t->mix->occupied[i] + (i == SEED_PRIVATE ? t->result->rooms : 0);
        t->margins.target[FIT_TENURE + i] = t->target.tenure[i];
        /* Follows from the homes; as loose as the number of households itself. */
        t->margins.sigma[FIT_TENURE + i] = t->margins.sigma[FIT_HOUSEHOLDS];
    }
}

static void aim_incomes(task *t)
{
    aim(t, WIJK_MARGIN_LOW, FIT_LOW, WIJK_MARGIN_LOW, WIJK_MARGIN_HOUSEHOLDS);
    aim(t, WIJK_MARGIN_HIGH, FIT_HIGH, WIJK_MARGIN_HIGH, WIJK_MARGIN_HOUSEHOLDS);
}

/* ---- fit and whole ------------------------------------------------------------------------ */

static double structure_total(const seed_table *seed, const fit_table *fit, int row)
{
    double sum = 0;
    for (size_t k = 0; k < seed->kinds; k++) {
        sum += fit->kind[k] * fit_coefficient(&seed->kind[k], row);
    }
    return sum;
}

/* Fits, and again with a heavier hand on published rows that came out beyond their rounding: where
 * figures do not contradict each other, they can all be met. */
static int fit_published(fit_table *fit, task *t)
{
    for (int round = 0;; round++) {
        int rc = fit_area(fit, t->seed, &t->margins), missed = 0;
        if (rc || round == TIGHTER) {
            return rc;
        }
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            double half = t->target.half[r];
            double miss = fabs(structure_total(t->seed, fit, r) - t->margins.target[r]);
            if (half > 0 && miss > SAFE * half) {
                t->margins.sigma[r] *= TIGHT;
                missed = 1;
            }
        }
        if (!missed) {
            return WIJK_OK;
        }
    }
}

/* The whole number of households, within the rounding of the published one: rounded parts need not
 * add up to a rounded whole. */
static void settle_households(task *t, const seed_table *seed, const fit_table *fit)
{
    double published = t->margins.target[FIT_HOUSEHOLDS];
    double half = t->target.half[FIT_HOUSEHOLDS];
    double fitted = structure_total(seed, fit, FIT_HOUSEHOLDS);
    /* Every home that is said to be occupied needs a household. */
    fitted = fmax(fitted, ceil(bound(t, WIJK_MARGIN_OCCUPIED, -1, 0)));
    fitted = fmin(fmax(fitted, ceil(published - half)), floor(published + half));
    t->result->households = (uint32_t)ceil(fmax(fitted, 1) - 0.5);
    t->target.households = t->result->households;
    aim_homes(t);
}

/* Households by income group: published shares are met to the nearest, others as fitted. */
static void whole_groups(task *t, const seed_table *seed, const fit_table *fit)
{
    double group[3] = {0}, households = t->result->households;
    for (size_t k = 0; k < seed->household_kinds; k++) {
        for (size_t i = 0; i < seed->segments; i++) {
            for (int h = 0; h < SEED_TENURES; h++) {
                group[seed->segment[i].group] += fit->weight[k][i][h];
            }
        }
    }
    if (t->area->value[WIJK_MARGIN_LOW].from == WIJK_FROM_NATIVE) {
        group[0] = fmin(t->margins.target[FIT_LOW], households);
    }
    if (t->area->value[WIJK_MARGIN_HIGH].from == WIJK_FROM_NATIVE) {
        group[2] = fmin(t->margins.target[FIT_HIGH], households - group[0]);
    }
    /* To the nearest each; the middle takes what is left. */
    uint32_t all = t->result->households, low = rounded(group[0]), high = rounded(group[2]);
    low = low < all ? low : all;
    high = high < all - low ? high : all - low;
    t->target.group[0] = low;
    t->target.group[1] = all - low - high;
    t->target.group[2] = high;
}

static void write_fitted(task *t, const seed_table *seed, const whole_table *whole)
{
    double row[FIT_STRUCTURE_ROWS] = {0};
    for (size_t k = 0; k < seed->kinds; k++) {
        for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
            row[r] += whole->kind[k] * (double)fit_coefficient(&seed->kind[k], r);
        }
    }
    static const int row_of[] = {[WIJK_MARGIN_HOUSEHOLDS] = FIT_HOUSEHOLDS,
                                 [WIJK_MARGIN_SINGLE] = FIT_SINGLE,
                                 [WIJK_MARGIN_CHILDLESS] = FIT_CHILDLESS,
                                 [WIJK_MARGIN_CHILDREN] = FIT_CHILDREN,
                                 [WIJK_MARGIN_ONE_PARENT] = FIT_ONE_PARENT,
                                 [WIJK_MARGIN_PEOPLE] = FIT_PEOPLE,
                                 [WIJK_MARGIN_AGE_0] = FIT_AGE,
                                 [WIJK_MARGIN_AGE_15] = FIT_AGE + 1,
                                 [WIJK_MARGIN_AGE_25] = FIT_AGE + 2,
                                 [WIJK_MARGIN_AGE_45] = FIT_AGE + 3,
                                 [WIJK_MARGIN_AGE_65] = FIT_AGE + 4,
                                 [WIJK_MARGIN_HOUSED] = FIT_HOUSED};
    wijk_fitted *f = t->result->fitted;
    for (int m = 0; m <= WIJK_MARGIN_HOUSED; m++) {
        f[m].synthetic = (float)row[row_of[m]];
    }
    t->result->people = rounded(row[FIT_PEOPLE]);
    t->result->outside = rounded(row[FIT_PEOPLE] - row[FIT_HOUSED]);
    f[WIJK_MARGIN_LOW].synthetic = (float)t->target.group[0];
    f[WIJK_MARGIN_HIGH].synthetic = (float)t->target.group[2];
    f[WIJK_MARGIN_HOMES].synthetic = (float)t->result->homes;
    f[WIJK_MARGIN_OCCUPIED].synthetic = (float)(t->result->households - t->result->rooms);
    for (int i = 0; i < SEED_TENURES; i++) {
        f[WIJK_MARGIN_OWNER + i].synthetic = (float)t->mix->homes[i];
    }
    for (int m = 0; m < WIJK_MARGINS; m++) {
        if (!isfinite((double)f[m].published)) {
            f[m].published = f[m].synthetic; /* known of the country only: the seed as it came */
        }
    }
}

/* Households of one kind, segment and tenure, by the number of their cell. */
static uint32_t in_cell(const whole_table *whole, unsigned cell)
{
    return whole->count[start_kind(cell)][start_segment(cell)][start_tenure(cell)];
}

/* Keeps the cells that are not empty; one that is more than a number of 16 bits holds, in pieces.
 */
static int pack(start_mix *mix, const whole_table *whole)
{
    uint32_t n = 0;
    for (unsigned cell = 0; cell < START_CELLS; cell++) {
        n += in_cell(whole, cell) / UINT16_MAX + (in_cell(whole, cell) % UINT16_MAX > 0);
    }
    mix->cells = wijk_alloc((n + 1) * sizeof *mix->cells);
    if (!mix->cells) {
        return WIJK_ENOMEM;
    }
    for (unsigned cell = 0; cell < START_CELLS; cell++) {
        for (uint32_t left = in_cell(whole, cell); left > 0;) {
            uint32_t count = left < UINT16_MAX ? left : UINT16_MAX;
            mix->cells[mix->n_cells++] = (start_cell){(uint16_t)cell, (uint16_t)count};
            left -= count;
        }
    }
    return WIJK_OK;
}

/* FNV-1a of the code: the draws of an area do not depend on which others were asked for. */
static uint32_t place_of_code(const char *code)
{
    uint32_t hash = 2166136261u;
    for (; *code; code++) {
        hash = (hash ^ (uint8_t)*code) * 16777619u;
    }
    return hash;
}

/* Everything that is known of a place with people, as rows of the fit. */
static void aim_all(task *t)
{
    aim_structure(t);
    aim_homes(t);
    aim_incomes(t);
    check_figures(t);
}

/* The mix of a gemeente: what its parts start from. Where nothing is known, the country's. */
static int make_around(void *payload, size_t index, unsigned worker)
{
    (void)worker;
    wijk_start *start = payload;
    seed_table *out = &start->around[index];
    wijk_start_area result = {0};
    start_mix mix = {0};
    task t = {.start = start,
              .area = &start->set.area[start->set.areas + index],
              .seed = &start->seed,
              .steady = SPREAD_GEMEENTE,
              .result = &result,
              .mix = &mix};
    *out = start->seed;
    open_rows(&t);
    count_heads(&t);
    if (result.households == 0) {
        return WIJK_OK;
    }
    aim_all(&t);
    fit_table fit;
    int rc = fit_published(&fit, &t);
    if (rc) {
        return wijk_fail_at(rc, t.area->code);
    }
    double households = structure_total(&start->seed, &fit, FIT_HOUSEHOLDS);
    for (size_t k = 0; k < out->kinds; k++) {
        for (size_t i = 0; i < SEED_SEGMENTS; i++) {
            for (int h = 0; h < SEED_TENURES; h++) {
                out->weight[k][i][h] = fit.weight[k][i][h] / households;
            }
        }
        if (k >= out->household_kinds) {
            out->weight[k][0][0] = fit.kind[k] / households;
        }
    }
    return WIJK_OK;
}

/* People without a household: a home for the elderly, a barracks, an asylum centre. */
static void whole_institutions(whole_table *whole, const task *t)
{
    const seed_table *seed = &t->start->seed;
    double share[SEED_BANDS];
    size_t kinds = seed->kinds - seed->household_kinds; /* one for each age at most */
    for (size_t b = 0; b < kinds; b++) {
        double known = t->margins.target[FIT_AGE + (int)b];
        share[b] = known > 0 ? known : 1e-3;
    }
    memset(whole, 0, sizeof *whole);
    whole_parts(whole->kind + seed->household_kinds, share, kinds, rounded(t->people));
}

static int make_area(void *payload, size_t index, unsigned worker)
{
    (void)worker;
    wijk_start *start = payload;
    const margin_area *area = &start->set.area[index];
    task t = {.start = start,
              .area = area,
              .seed = area->around ? &start->around[area->around - start->set.areas] : &start->seed,
              .steady = 1,
              .result = &start->areas[index],
              .mix = &start->mixes[index]};
    t.result->id = t.area->id;
    t.result->code = t.area->code;
    t.result->name = t.area->name;
    t.mix->place = place_of_code(t.area->code);
    open_rows(&t);
    count_heads(&t);
    if (t.result->empty) {
        aim_homes(&t);
        return WIJK_OK;
    }
    aim_all(&t);
    whole_table whole;
    if (t.result->households > 0) {
        fit_table fit;
        int rc = fit_published(&fit, &t);
        if (rc) {
            return wijk_fail_at(rc, t.area->code);
        }
        settle_households(&t, &start->seed, &fit);
        whole_groups(&t, &start->seed, &fit);
        wijk_draw draw = {
            .seed = start->options.seed, .purpose = START_DRAW_WHOLE, .place = t.mix->place};
        whole_area(&whole, &start->seed, &fit, &t.margins, &t.target, draw);
    } else {
        whole_institutions(&whole, &t);
    }
    write_fitted(&t, &start->seed, &whole);
    for (int m = 0; m < WIJK_MARGINS; m++) {
        const wijk_fitted *f = &t.result->fitted[m];
        t.result->missed |= f->from == WIJK_FROM_NATIVE && !start_is_within(f);
    }
    return pack(t.mix, &whole);
}

/* ---- from file to start ------------------------------------------------------------------ */

int start_open(wijk_start **out, const wijk_start_options *options)
{
    wijk_start *start = wijk_alloc(sizeof *start);
    *out = start;
    if (!start) {
        return WIJK_ENOMEM;
    }
    start->options = *options;
    return read_country(start->country);
}

int start_make(wijk_start *start, wijk_ctx *ctx)
{
    size_t n = start->set.areas;
    start->areas = wijk_alloc((n + 1) * sizeof *start->areas);
    start->mixes = wijk_alloc((n + 1) * sizeof *start->mixes);
    start->around = wijk_alloc((start->set.gemeenten + 1) * sizeof *start->around);
    int rc = start->areas && start->mixes && start->around ? read_seed(start) : WIJK_ENOMEM;
    unsigned threads = wijk_threads(start->options.threads, n);
    rc = rc ? rc : wijk_parallel(threads, start->set.gemeenten, make_around, start, ctx);
    rc = rc ? rc : wijk_parallel(threads, n, make_area, start, ctx);
    if (!rc) {
        start_account(start);
    }
    return rc;
}

int wijk_start_households(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                          const wijk_start_options *options, wijk_ctx *ctx)
{
    wijk_start *start;
    *out = 0;
    int rc = start_open(&start, options);
    rc = rc ? rc : margins_read(&start->set, store, registry, options, ctx);
    for (size_t i = 0; !rc && i < start->set.areas; i++) {
        wijk_start_area result = {0};
        start_mix mix = {0};
        task t = {.start = start, .area = &start->set.area[i], .result = &result, .mix = &mix};
        open_rows(&t);
        count_heads(&t);
        *out += result.households;
    }
    wijk_start_free(start);
    return rc;
}

int wijk_start_new(wijk_start **out, wijk_store *store, const wijk_registry *registry,
                   const wijk_start_options *options, wijk_ctx *ctx)
{
    wijk_start *start;
    *out = NULL;
    int rc = start_open(&start, options);
    rc = rc ? rc : margins_read(&start->set, store, registry, options, ctx);
    rc = rc ? rc : start_make(start, ctx);
    rc = rc ? rc : start_read_regions(start, store, registry);
    if (!rc && start->counts.areas == 0) {
        rc = options->year
                 ? wijk_fail(WIJK_ENOTFOUND,
                             "Van %d is van geen enkel deelgebied bekend hoeveel mensen of "
                             "huishoudens er wonen. Laat --year weg of kies een ander jaar.",
                             "Of %d no area is known to have people or households. Leave out "
                             "--year or choose another year.",
                             options->year)
                 : wijk_fail(
                       WIJK_ENOTFOUND,
                       "Van geen enkel deelgebied is bekend hoeveel mensen of huishoudens er "
                       "wonen. Lees kerncijfers in (wijk load) of kies andere grenzen (--borders).",
                       "Of no part it is known how many people or households live there. Load key "
                       "figures (wijk load) or choose other borders (--borders).");
    }
    if (rc) {
        wijk_start_free(start);
        return rc;
    }
    *out = start;
    return WIJK_OK;
}

void wijk_start_free(wijk_start *start)
{
    if (!start) {
        return;
    }
    for (size_t i = 0; start->mixes && i < start->set.areas; i++) {
        wijk_free(start->mixes[i].cells);
    }
    wijk_free(start->mixes);
    wijk_free(start->around);
    wijk_free(start->areas);
    wijk_free(start->regions);
    margins_free(&start->set);
    wijk_free(start);
}

size_t wijk_start_areas(const wijk_start *start)
{
    return start->set.areas;
}

const wijk_start_area *wijk_start_area_at(const wijk_start *start, size_t i)
{
    return &start->areas[i];
}

const wijk_start_margin *wijk_start_margin_of(const wijk_start *start, wijk_margin margin)
{
    return &start->margins[margin];
}

int wijk_start_vintage(const wijk_start *start)
{
    return start->set.vintage;
}

int wijk_start_year(const wijk_start *start)
{
    return start->set.year;
}

enum wijk_level wijk_start_level(const wijk_start *start)
{
    return start->set.level;
}

void wijk_start_count(wijk_start_counts *out, const wijk_start *start)
{
    *out = start->counts;
}
