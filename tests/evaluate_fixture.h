/* Panels for the tests of estimators: published ones, and invented ones by seed. */
#ifndef WIJK_TESTS_EVALUATE_FIXTURE_H
#define WIJK_TESTS_EVALUATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wijk/mem.h"
#include "wijk/panel.h"
#include "wijk/rng.h"
#include "wijk/table.h"

#include <math.h>

enum { MOST_UNITS = 4400, MOST_WAVES = 40 };

typedef struct {
    wijk_panel panel; /* points into the rest */
    double *outcome, year[MOST_WAVES];
    int start[MOST_UNITS];
    unsigned char drop[MOST_WAVES];
    char name[MOST_UNITS][40];
} sample;

static inline sample *sample_new(size_t units, size_t waves)
{
    assert_true(units <= MOST_UNITS && waves <= MOST_WAVES);
    sample *s = wijk_alloc(sizeof *s);
    s->outcome = wijk_alloc(units * waves * sizeof *s->outcome);
    for (size_t t = 0; t < waves; t++) {
        s->year[t] = 2000 + (double)t;
    }
    for (size_t i = 0; i < units; i++) {
        s->start[i] = WIJK_NEVER;
    }
    s->panel = (wijk_panel){.units = units,
                            .waves = waves,
                            .outcome = s->outcome,
                            .year = s->year,
                            .start = s->start,
                            .drop = s->drop};
    return s;
}

static inline void sample_free(sample *s)
{
    if (s) {
        wijk_free(s->outcome);
        wijk_free(s);
    }
}

static inline double noise(uint64_t seed, uint32_t purpose, size_t place, size_t time)
{
    return wijk_rng_normal((wijk_draw){
        .seed = seed, .purpose = purpose, .place = (uint32_t)place, .time = (uint32_t)time});
}

/* Areas with a level of their own, common waves, and noise that lasts (AR 0.5). */
static inline sample *sample_random(size_t units, size_t waves, uint64_t seed)
{
    sample *s = sample_new(units, waves);
    for (size_t i = 0; i < units; i++) {
        double level = noise(seed, 1, i, 0), lasting = noise(seed, 2, i, 0);
        for (size_t t = 0; t < waves; t++) {
            lasting = 0.5 * lasting + noise(seed, 3, i, t);
            s->outcome[i * waves + t] = 10 + level + 0.3 * noise(seed, 4, 0, t) + 0.4 * lasting;
        }
    }
    return s;
}

static inline wijk_table *published(const char *name)
{
    const char *root = getenv("WIJK_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/evaluation_benchmarks/%s", root ? root : "../shared/data/raw",
             name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("[  SKIPPED ] %s is absent (set WIJK_DATA to the folder of real data)\n",
                      path);
        return NULL;
    }
    char *bytes = wijk_alloc(1u << 20);
    size_t size = fread(bytes, 1, 1u << 20, file);
    fclose(file);
    wijk_table *table;
    assert_int_equal(wijk_table_bytes(&table, bytes, size, name), 0);
    wijk_free(bytes);
    return table;
}

/* Rows of unit, year and outcome as a panel; `first` (NULL for none) is the column with the year of
 * the start, 0 for never. */
static inline sample *sample_published(const char *file, const char *unit, const char *outcome,
                                       const char *first)
{
    wijk_table *table = published(file);
    if (!table) {
        return NULL;
    }
    size_t rows = wijk_table_rows(table), units = 0;
    double low = 1e9, high = 0;
    for (size_t r = 0; r < rows; r++) {
        double year = wijk_table_number(table, r, "year", 0);
        low = year < low ? year : low;
        high = year > high ? year : high;
    }
    size_t waves = (size_t)(high - low) + 1;
    sample *s = sample_new(rows / waves, waves);
    for (size_t r = 0; r < rows; r++) {
        const char *name = wijk_table_get(table, r, unit);
        size_t i = 0;
        while (i < units && strcmp(s->name[i], name)) {
            i++;
        }
        if (i == units) {
            snprintf(s->name[units++], sizeof s->name[0], "%s", name);
        }
        size_t t = (size_t)(wijk_table_number(table, r, "year", 0) - low);
        s->outcome[i * waves + t] = wijk_table_number(table, r, outcome, NAN);
        s->year[t] = low + (double)t;
        double begins = first ? wijk_table_number(table, r, first, 0) : 0;
        s->start[i] = begins > 0 ? (int)(begins - low) : WIJK_NEVER;
    }
    assert_int_equal(units, s->panel.units);
    wijk_table_free(table);
    return s;
}

static inline void near(double a, double b, double within)
{
    if (!(fabs(a - b) <= within)) {
        fail_msg("%.10g is not within %g of %.10g", a, within, b);
    }
}

#endif
