/* The seed of the start population: which kinds of household there are, what persons they hold, and
 * how common each kind, income segment and tenure together are in the country as a whole. */
#ifndef WIJK_FORESEE_SEED_H
#define WIJK_FORESEE_SEED_H

#include <stddef.h>
#include <stdint.h>

enum seed_composition {
    SEED_SINGLE,
    SEED_COUPLE,
    SEED_FAMILY,
    SEED_ONE_PARENT,
    SEED_COMPOSITIONS,
    SEED_INSTITUTION = SEED_COMPOSITIONS /* one person outside private households */
};
enum seed_tenure { SEED_OWNER, SEED_SOCIAL, SEED_PRIVATE, SEED_TENURES };

enum {
    SEED_AGES = 5,     /* ages of the reference person: 15-24, 25-44, 45-64, 65-74, 75 and over */
    SEED_INCOMES = 4,  /* against the limits of the law: passend, DAEB, middle, high */
    SEED_KINDS = 96,   /* ceiling on rows of data/population/structure.csv */
    SEED_SEGMENTS = 6, /* parts of the income axis; see seed_segment */
    SEED_BANDS = 5,    /* ages of persons: 0-14, 15-24, 25-44, 45-64, 65 and over */
    SEED_YEARS = 100   /* ages of a reference person in years: under this */
};

typedef struct {
    uint8_t composition; /* enum seed_composition */
    uint8_t age;         /* of the reference person, 0..4 */
    uint8_t size;        /* persons */
    uint8_t children;    /* aged 0 to 24 */
    uint8_t persons[SEED_BANDS];
} seed_kind;

/* The income axis is the country's ranking of households. Statistics cut it at 40% and 80%, the law
 * at its limits; every piece between two cuts is a segment, so that both can be counted. */
typedef struct {
    double from, to;
    uint8_t income; /* 0..3 */
    uint8_t group;  /* 0 lowest 40%, 1 middle, 2 highest 20% */
} seed_segment;

typedef struct {
    size_t kinds, household_kinds; /* persons in institutions come last */
    seed_kind kind[SEED_KINDS];
    size_t segments;
    seed_segment segment[SEED_SEGMENTS];
    /* Share of all households; of an institution kind, in [0][0]: persons per household. */
    double weight[SEED_KINDS][SEED_SEGMENTS][SEED_TENURES];
    /* Households of the country whose reference person is younger than so many years. */
    double younger[SEED_COMPOSITIONS][SEED_YEARS + 1];
} seed_table;

/* Where the law's limits lie on the income axis, and the country's shares: pop_ parameters. */
typedef struct {
    double passend, daeb, high;
    double composition[SEED_COMPOSITIONS];
    double tenure[SEED_TENURES];
    int year; /* of the start; 0: that of the table of ages */
} seed_country;

/* Reads the shipped tables and scales them to the country. WIJK_EFORMAT with file and row. */
int seed_read(seed_table *out, const seed_country *country);

#endif
