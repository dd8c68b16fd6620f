/* wijk measure: the table of measures, and what they share. Without the name of a measure, a file
 * is measured with all indices. */
#include "cli/measure.h"

#include "wijk/csv.h"
#include "wijk/mem.h"

#include <stdio.h>
#include <string.h>

#define MEASURE_TABLE "CSV --groups A,B,… | --unit U --group G --count N"
#define MEASURE_CSV                                                                                \
    "CSV --groups A,B,… | --unit U --group G --count N [--within W] [--x X --y Y] "              \
    "[--radii R,R,…] [--atkinson B]"

const wijk_command wijk_measures[] = {
    {"index",
     measure_index,
     MEASURE_CSV,
     {"alle maten van menging en segregatie, naast wat toeval laat zien",
      "every index of mix and segregation, beside what chance shows"},
     NULL},
    {"chance",
     measure_chance,
     MEASURE_TABLE " [OTHER.csv] [--x X --y Y --radii R,R,…] [--draws N --seed S --level 95 "
                   "--by people|areas]",
     {"hoe zeker de maten zijn, wat toeval laat zien, en of twee tabellen verschillen",
      "how sure the indices are, what chance shows, and whether two tables differ"},
     NULL},
    {"local",
     measure_local,
     MEASURE_TABLE,
     {"wat elk gebied aan elke maat bijdraagt", "what each area adds to each index"},
     NULL},
    {"scale",
     measure_scale,
     MEASURE_TABLE " --x X --y Y [--radii R,R,… --kernel K] | --neighbours N [--steps S]",
     {"wie elkaar binnen een afstand tegenkomen, en op welke schaal het verschil zit",
      "who meets within a distance, and at which scale the difference lies"},
     NULL},
    {"nearest",
     measure_nearest,
     MEASURE_TABLE " --x X --y Y [--people K,K,…]",
     {"wie elkaar onder de k dichtstbijzijnde mensen tegenkomen",
      "who meets among the k nearest people"},
     NULL},
    {"proximity",
     measure_proximity,
     MEASURE_TABLE " --x X --y Y [--surface M2] [--decay METRES]",
     {"of groepen bij elkaar wonen, en wie elkaar tegenkomen als afstand telt",
      "whether groups lie together, and who meets when distance counts"},
     NULL},
    {"ordered",
     measure_ordered,
     MEASURE_TABLE,
     {"scheiding tussen groepen met een volgorde, zoals inkomensklassen (van laag naar hoog)",
      "segregation between groups with an order, such as income bands (from low to high)"},
     NULL},
    {"rounded",
     measure_rounded,
     "CSV --groups A,B,… [--total T] [--step 5 --least N] [--percent --percent-step 1 --clamp L,H] "
     "[--rest] [--level 90 --draws N --seed S]",
     {"wat afronden en achterhouden door de uitgever openlaten",
      "what the publisher's rounding and withholding leave open"},
     NULL},
    {"change",
     measure_change,
     "BEFORE.csv AFTER.csv --unit U --groups A,B,… | --unit U --group G --count N [--within W] "
     "[--links CSV --error 15 --draws N --seed S --level 90]",
     {"waarom scheiding veranderde, in delen die optellen",
      "why segregation changed, in parts that add up"},
     NULL},
    {"area",
     measure_area,
     "NAAM|CODE [--grouping G] [--period Y | --parts L-V-Y] [--range] [--json|--csv [--table T]] "
     "[--svg FILE "
     "[--figure map|scale|history|change|shares]]",
     {"mix en segregatie van een gebied in het bestand",
      "mix and segregation of an area of the file"},
     NULL},
    {"capacity",
     measure_capacity,
     "NAAM|CODE [--json|--csv]",
     {"draaglast en draagkracht van een gebied", "load and carrying capacity of an area"},
     NULL},
    {"outlook",
     measure_outlook,
     "NAAM|CODE [--json|--csv]",
     {"de vooruitblik op de leefbaarheid van een gebied, en hoe vaak zoiets klopte",
      "the outlook on the livability of an area, and how often such was right"},
     NULL},
    {"backtest",
     measure_backtest,
     "[--all] [--level L] [--json|--csv] [--table NAME]",
     {"scorekaart van de vooruitblik op leefbaarheid, naast domme voorspellingen",
      "score card of the outlook on livability, beside dumb forecasts"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};

int measure_read(wijk_plain *out, int argc, char **argv, int nth)
{
    memset(out, 0, sizeof *out);
    const char *path = cmd_positional(argc, argv, nth);
    if (!path) {
        return wijk_fail(
            WIJK_EINVAL,
            "Noem een CSV: wijk measure scholen.csv --unit school --group groep --count n",
            "Name a CSV: wijk measure schools.csv --unit school --group race --count n");
    }
    wijk_plain_columns columns = {.unit = cmd_option(argc, argv, "unit"),
                                  .group = cmd_option(argc, argv, "group"),
                                  .count = cmd_option(argc, argv, "count"),
                                  .groups = cmd_option(argc, argv, "groups"),
                                  .total = cmd_option(argc, argv, "total"),
                                  .within = cmd_option(argc, argv, "within"),
                                  .x = cmd_option(argc, argv, "x"),
                                  .y = cmd_option(argc, argv, "y"),
                                  .surface = cmd_option(argc, argv, "surface"),
                                  .neighbours = cmd_option(argc, argv, "neighbours")};
    char *bytes;
    size_t size = 0;
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_plain_read(out, bytes, size, path, &columns);
    wijk_free(bytes);
    return rc;
}

int measure_numbers(double *out, size_t *n, size_t room, const char *option, const char *text)
{
    *n = 0;
    for (const char *at = text; *at;) {
        size_t size = strcspn(at, ",");
        if (*n == room || !wijk_csv_number(&out[(*n)++], at, size, '.')) {
            return wijk_fail(
                WIJK_EINVAL,
                "--%s %s: geef hoogstens %d getallen met komma's ertussen (en een punt "
                "voor decimalen).",
                "--%s %s: give at most %d numbers with commas between (and a point "
                "for decimals).",
                option, text, (int)room);
        }
        at += size + (at[size] == ',');
    }
    return WIJK_OK;
}

int cmd_measure(int argc, char **argv, wijk_lang lang)
{
    return measure_index(argc, argv, lang);
}
