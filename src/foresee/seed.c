/* Reads the seed tables. The idea: the joint table of the country is the product of what is known
 * in parts (who lives together, at what age; income given those; tenure given income and age),
 * raked until the country's own totals hold (Deming & Stephan 1940, doi:10.1214/aoms/1177731829).
 */
#include "foresee/seed.h"

#include "wijk/err.h"
#include "wijk/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define STRUCTURE "data/population/structure.csv"
#define INCOME    "data/population/income.csv"
#define TENURE    "data/population/tenure.csv"
#define AGES      "data/population/ages.csv"
#define BIRTHS    "data/population/births.csv"

enum { AGES_YEAR = 2022, FIRST_YEAR = 1900, BIRTH_YEARS = 128, YOUNGEST = 18 };

static const char *const compositions[] = {"single", "couple", "two_parent", "one_parent",
                                           "institution"};
static const char *const ages[SEED_AGES] = {"15_24", "25_44", "45_64", "65_74", "75_plus"};
static const char *const bands[SEED_BANDS] = {"0_14", "15_24", "25_44", "45_64", "65_plus"};
static const char *const incomes[SEED_INCOMES] = {"passend", "daeb", "middle", "high"};
static const char *const tenures[SEED_TENURES] = {"owner", "social", "private"};

static int place_of(const char *word, const char *const *words, int n)
{
    for (int i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int bad_row(const char *file, size_t row)
{
    return wijk_fail(WIJK_EFORMAT, "%s, rij %zu: onbekende naam of geen getal.",
                     "%s, row %zu: an unknown name or no number.", file, row + 2);
}

/* One row of structure.csv. */
static int read_kind(seed_kind *kind, double *weight, const wijk_table *table, size_t row)
{
    memset(kind, 0, sizeof *kind);
    int composition =
        place_of(wijk_table_get(table, row, "composition"), compositions, SEED_COMPOSITIONS + 1);
    *weight = wijk_table_number(table, row, "per_1000", -1) / 1000;
    int alone = composition == SEED_INSTITUTION;
    int age = alone ? place_of(wijk_table_get(table, row, "age"), bands, SEED_BANDS)
                    : place_of(wijk_table_get(table, row, "age"), ages, SEED_AGES);
    double young = wijk_table_number(table, row, "young", -1);
    double older = wijk_table_number(table, row, "older", -1);
    double adult = wijk_table_number(table, row, "adult", -1);
    if (composition < 0 || age < 0 || !(*weight > 0) || young < 0 || older < 0 || adult < 0 ||
        young + older + adult > 7) {
        return bad_row(STRUCTURE, row);
    }
    kind->composition = (uint8_t)composition;
    kind->age = (uint8_t)age;
    kind->children = (uint8_t)(young + older + adult);
    int adults = composition == SEED_COUPLE || composition == SEED_FAMILY ? 2 : 1;
    kind->size = (uint8_t)(adults + kind->children);
    static const uint8_t band_of[SEED_AGES] = {1, 2, 3, 4, 4};
    kind->persons[alone ? age : band_of[age]] = (uint8_t)adults;
    kind->persons[0] = (uint8_t)(kind->persons[0] + young);
    kind->persons[1] = (uint8_t)(kind->persons[1] + older);
    kind->persons[2] = (uint8_t)(kind->persons[2] + adult);
    return WIJK_OK;
}

static int read_structure(seed_table *out, double weight[SEED_KINDS])
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, STRUCTURE);
    if (rc) {
        return rc;
    }
    size_t rows = wijk_table_rows(table);
    if (rows > SEED_KINDS) {
        rc = wijk_fail(WIJK_ELIMIT, "%s heeft meer dan %d rijen.", "%s has more than %d rows.",
                       STRUCTURE, SEED_KINDS);
    }
    for (size_t row = 0; !rc && row < rows; row++) {
        seed_kind *kind = &out->kind[out->kinds];
        rc = read_kind(kind, &weight[out->kinds], table, row);
        int household = kind->composition != SEED_INSTITUTION;
        /* Households first; then persons in institutions, one kind for each of their ages. */
        size_t place = out->kinds - out->household_kinds;
        if (!rc && (household ? place != 0 : kind->age != place)) {
            rc = bad_row(STRUCTURE, row);
        }
        out->kinds++;
        out->household_kinds += (size_t)household;
    }
    wijk_table_free(table);
    return rc;
}

/* share[a][b][c] of a table with two names a row and n numbers. */
static int read_shares(double *share, const char *path, const char *first, const char *const *a,
                       int n_a, const char *const *columns, int n)
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, path), seen = 0;
    for (size_t row = 0; !rc && row < wijk_table_rows(table); row++) {
        int x = place_of(wijk_table_get(table, row, first), a, n_a);
        int y = place_of(wijk_table_get(table, row, "age"), ages, SEED_AGES);
        double sum = 0, value[SEED_INCOMES];
        for (int i = 0; i < n; i++) {
            value[i] = wijk_table_number(table, row, columns[i], NAN) / 100;
            sum += value[i];
        }
        if (x < 0 || y < 0 || !(fabs(sum - 1) < 1e-9)) {
            rc = bad_row(path, row);
            break;
        }
        memcpy(share + (x * SEED_AGES + y) * n, value, (size_t)n * sizeof *value);
        seen++;
    }
    if (!rc && seen != n_a * SEED_AGES) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: er horen %d rijen te zijn, het zijn er %d.",
                       "%s: there should be %d rows, there are %d.", path, n_a * SEED_AGES, seen);
    }
    wijk_table_free(table);
    return rc;
}

/* Children born in each year; the last is that of all later years. */
static int read_births(double out[BIRTH_YEARS])
{
    wijk_table *table;
    int rc = wijk_table_asset(&table, BIRTHS), n = 0;
    size_t rows = rc ? 0 : wijk_table_rows(table);
    for (size_t row = 0; !rc && row < rows; row++) {
        double born = wijk_table_number(table, row, "thousand", -1);
        int is_next = (int)wijk_table_number(table, row, "year", -1) == FIRST_YEAR + n;
        rc = is_next && born > 0 && n < BIRTH_YEARS ? WIJK_OK : bad_row(BIRTHS, row);
        if (!rc) {
            out[n++] = born;
        }
    }
    wijk_table_free(table);
    if (rc || n == 0) {
        return rc ? rc : bad_row(BIRTHS, 0);
    }
    for (; n < BIRTH_YEARS; n++) {
        out[n] = out[n - 1];
    }
    return WIJK_OK;
}

/* How large the generation is that has an age in a year. */
static double generation(const double births[BIRTH_YEARS], int year, int age)
{
    int at = year - age - FIRST_YEAR;
    return births[at < 0 ? 0 : at >= BIRTH_YEARS ? BIRTH_YEARS - 1 : at];
}

/* Ages in years: rows of one or more years, from the youngest up. Who is counted in a row is
 * divided over its years as its generations are large, and then becomes the generation that has
 * that age in the year of the start. */
static int read_ages(seed_table *out, double then[SEED_COMPOSITIONS][SEED_YEARS + 1], int start)
{
    double births[BIRTH_YEARS] = {0};
    wijk_table *table;
    int rc = read_births(births), age = YOUNGEST;
    rc = rc ? rc : wijk_table_asset(&table, AGES);
    if (rc) {
        return rc;
    }
    for (size_t row = 0; !rc && row < wijk_table_rows(table); row++) {
        int from = (int)wijk_table_number(table, row, "from", -1);
        int to = (int)wijk_table_number(table, row, "to", -1);
        int is_good = from == age && to >= from && to < SEED_YEARS;
        double born = 0;
        for (int year = from; is_good && year <= to; year++) {
            born += generation(births, AGES_YEAR, year);
        }
        for (int c = 0; is_good && c < SEED_COMPOSITIONS; c++) {
            double n = wijk_table_number(table, row, compositions[c], -1) / born;
            is_good &= n > 0; /* so that every band of every composition has somebody */
            for (int year = from; is_good && year <= to; year++) {
                double was = n * generation(births, AGES_YEAR, year);
                then[c][year + 1] = then[c][year] + was;
                out->younger[c][year + 1] =
                    out->younger[c][year] + n * generation(births, start, year);
            }
        }
        rc = is_good ? WIJK_OK : bad_row(AGES, row);
        age = to + 1;
    }
    wijk_table_free(table);
    if (!rc && age != SEED_YEARS) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: de leeftijden lopen niet tot %d.",
                       "%s: the ages do not go up to %d.", AGES, SEED_YEARS - 1);
    }
    return rc;
}

/* Kinds are as many as the generations of their ages make them. */
static void age_kinds(seed_table *out, double weight[SEED_KINDS],
                      const double then[SEED_COMPOSITIONS][SEED_YEARS + 1])
{
    static const uint8_t from[SEED_AGES + 1] = {YOUNGEST, 25, 45, 65, 75, SEED_YEARS};
    for (size_t k = 0; k < out->household_kinds; k++) {
        const double *now = out->younger[out->kind[k].composition];
        const double *was = then[out->kind[k].composition];
        int low = from[out->kind[k].age], end = from[out->kind[k].age + 1];
        weight[k] *= (now[end] - now[low]) / (was[end] - was[low]);
    }
}

/* Cuts the income axis at the law's limits and where statistics cut it. */
static int cut_incomes(seed_table *out, const seed_country *country)
{
    if (!(country->passend > 0 && country->passend < country->daeb &&
          country->daeb < country->high && country->high < 1)) {
        return wijk_fail(WIJK_EINVAL,
                         "De inkomensgrenzen moeten oplopen: passend %g, DAEB %g, hoog %g.",
                         "The income limits must rise: passend %g, DAEB %g, high %g.",
                         country->passend, country->daeb, country->high);
    }
    double cuts[] = {0, country->passend, country->daeb, country->high, 0.4, 0.8, 1};
    int n = sizeof cuts / sizeof *cuts;
    for (int i = 1; i < n; i++) {
        for (int j = i; j > 0 && cuts[j - 1] > cuts[j]; j--) {
            double swap = cuts[j];
            cuts[j] = cuts[j - 1];
            cuts[j - 1] = swap;
        }
    }
    out->segments = 0;
    for (int i = 0; i + 1 < n; i++) {
        if (cuts[i + 1] - cuts[i] < 1e-9) {
            continue;
        }
        seed_segment *segment = &out->segment[out->segments++];
        double middle = (cuts[i] + cuts[i + 1]) / 2;
        segment->from = cuts[i];
        segment->to = cuts[i + 1];
        segment->income = (uint8_t)((middle > country->passend) + (middle > country->daeb) +
                                    (middle > country->high));
        segment->group = (uint8_t)((middle > 0.4) + (middle > 0.8));
    }
    return WIJK_OK;
}

/* Scales the cells to the country's compositions, incomes and tenures in turn. */
static void rake(seed_table *t, const seed_country *country)
{
    for (int round = 0; round < 200; round++) {
        double composition[SEED_COMPOSITIONS] = {0}, segment[SEED_SEGMENTS] = {0};
        double tenure[SEED_TENURES] = {0};
        for (size_t pass = 0; pass < 6; pass++) { /* sum then scale, for each of three margins */
            for (size_t k = 0; k < t->household_kinds; k++) {
                int c = t->kind[k].composition;
                for (size_t i = 0; i < t->segments; i++) {
                    for (int h = 0; h < SEED_TENURES; h++) {
                        double *w = &t->weight[k][i][h];
                        switch (pass) {
                        case 0:
                            composition[c] += *w;
                            break;
                        case 1:
                            *w *= country->composition[c] / composition[c];
                            break;
                        case 2:
                            segment[i] += *w;
                            break;
                        case 3:
                            *w *= (t->segment[i].to - t->segment[i].from) / segment[i];
                            break;
                        case 4:
                            tenure[h] += *w;
                            break;
                        default:
                            *w *= country->tenure[h] / tenure[h];
                        }
                    }
                }
            }
        }
    }
}

int seed_read(seed_table *out, const seed_country *country)
{
    double weight[SEED_KINDS] = {0};
    double income[SEED_COMPOSITIONS * SEED_AGES * SEED_INCOMES];
    double tenure[SEED_INCOMES * SEED_AGES * SEED_TENURES];
    memset(out, 0, sizeof *out);
    int rc = cut_incomes(out, country);
    rc = rc ? rc : read_structure(out, weight);
    rc = rc ? rc
            : read_shares(income, INCOME, "composition", compositions, SEED_COMPOSITIONS, incomes,
                          SEED_INCOMES);
    rc = rc ? rc
            : read_shares(tenure, TENURE, "income", incomes, SEED_INCOMES, tenures, SEED_TENURES);
    double then[SEED_COMPOSITIONS][SEED_YEARS + 1] = {{0}};
    rc = rc ? rc : read_ages(out, then, country->year > 0 ? country->year : AGES_YEAR);
    if (rc) {
        return rc;
    }
    age_kinds(out, weight, then);
    double width[SEED_INCOMES] = {0};
    for (size_t i = 0; i < out->segments; i++) {
        width[out->segment[i].income] += out->segment[i].to - out->segment[i].from;
    }
    for (size_t k = 0; k < out->kinds; k++) {
        const seed_kind *kind = &out->kind[k];
        if (k >= out->household_kinds) {
            out->weight[k][0][0] = weight[k];
            continue;
        }
        for (size_t i = 0; i < out->segments; i++) {
            const seed_segment *s = &out->segment[i];
            double part =
                income[(kind->composition * SEED_AGES + kind->age) * SEED_INCOMES + s->income] *
                (s->to - s->from) / width[s->income];
            for (int h = 0; h < SEED_TENURES; h++) {
                out->weight[k][i][h] =
                    weight[k] * part *
                    tenure[(s->income * SEED_AGES + kind->age) * SEED_TENURES + h];
            }
        }
    }
    rake(out, country);
    return WIJK_OK;
}
