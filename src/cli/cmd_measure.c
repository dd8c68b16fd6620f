/* wijk measure: the table of measures, and what they share. Without the name of a measure, a file
 * is measured with all indices. */
#include "cli/measure.h"

#include "wijk/csv.h"
#include "wijk/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MEASURE_CSV "CSV --groups A,B,… | --unit U --group G --count N [--within W] [--x X --y Y]"

const wijk_command wijk_measures[] = {
    {"index",
     measure_index,
     MEASURE_CSV,
     {"alle maten van menging en segregatie, naast wat toeval laat zien",
      "every index of mix and segregation, beside what chance shows"},
     NULL},
    {"capacity",
     measure_capacity,
     "NAAM|CODE [--json|--csv]",
     {"draaglast en draagkracht van een gebied", "load and carrying capacity of an area"},
     NULL},
    {"backtest",
     measure_backtest,
     "[--all] [--level L] [--json|--csv] [--table NAME]",
     {"scorekaart van de vooruitblik op leefbaarheid, naast domme voorspellingen",
      "score card of the outlook on livability, beside dumb forecasts"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};

enum { MAX_INPUT = 256 << 20 };

static int read_file(char **out, size_t *size, const char *path)
{
    *out = NULL;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return wijk_fail(WIJK_ENOTFOUND, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", path,
                         strerror(errno));
    }
    size_t room = 1 << 20;
    *size = 0;
    for (;;) {
        char *bigger = room <= MAX_INPUT ? wijk_realloc(*out, room) : NULL;
        if (!bigger) {
            fclose(file);
            return room <= MAX_INPUT ? WIJK_ENOMEM
                                     : wijk_fail(WIJK_ELIMIT, "%s is groter dan %d MB.",
                                                 "%s is larger than %d MB.", path, MAX_INPUT >> 20);
        }
        *out = bigger;
        size_t got = fread(*out + *size, 1, room - *size, file);
        *size += got;
        if (*size < room) {
            break;
        }
        room *= 2;
    }
    fclose(file);
    return WIJK_OK;
}

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
    wijk_plain_columns columns = {cmd_option(argc, argv, "unit"),  cmd_option(argc, argv, "group"),
                                  cmd_option(argc, argv, "count"), cmd_option(argc, argv, "groups"),
                                  cmd_option(argc, argv, "total"), cmd_option(argc, argv, "within"),
                                  cmd_option(argc, argv, "x"),     cmd_option(argc, argv, "y")};
    char *bytes;
    size_t size = 0;
    int rc = read_file(&bytes, &size, path);
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
