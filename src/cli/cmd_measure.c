/* wijk measure: mix and segregation of anybody's table of counts, beside what chance alone shows.
 */
#include "cli/cmd.h"

#include "wijk/csv.h"
#include "wijk/mem.h"
#include "wijk/plain.h"
#include "wijk/scale.h"
#include "wijk/segregation.h"
#include "wijk/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

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

/* printf pads bytes; a reader sees letters. */
static void print_padded(const char *text, int width)
{
    for (const char *at = text; *at; at++) {
        width -= ((unsigned char)*at & 0xC0) != 0x80;
    }
    printf("%s%*s", text, width > 0 ? width : 0, "");
}

/* One index: its value, what chance alone gives (or nothing), and what is left. */
static void print_index(wijk_lang lang, enum wijk_text_key name, double value, double chance)
{
    wijk_str line = WIJK_STR_INIT;
    wijk_number(&line, lang, value, 4);
    printf("  ");
    print_padded(wijk_text(lang, name), 36);
    printf("%10s", wijk_str_text(&line));
    if (isfinite(chance)) {
        wijk_str_clear(&line);
        wijk_number(&line, lang, chance, 4);
        printf("   %10s", wijk_str_text(&line));
        wijk_str_clear(&line);
        wijk_number(&line, lang, value - chance, 4);
        printf("   %10s", wijk_str_text(&line));
    }
    putchar('\n');
    wijk_str_free(&line);
}

static int print_groups(const wijk_plain *plain, wijk_lang lang)
{
    printf("\n  ");
    print_padded(wijk_text(lang, T_MEASURE_GROUP), 24);
    static const enum wijk_text_key heads[] = {T_MEASURE_SHARE, T_MEASURE_D, T_MEASURE_ISOLATION,
                                               T_MEASURE_ETA, T_MEASURE_ATKINSON};
    for (size_t i = 0; i < 5; i++) {
        printf("   ");
        print_padded(wijk_text(lang, heads[i]), 12);
    }
    putchar('\n');
    for (size_t g = 0; g < plain->groups; g++) {
        wijk_segregation_group one;
        int rc = wijk_segregation_one(&one, plain->counts, plain->areas, plain->groups, g, 0.5);
        if (rc) {
            return rc;
        }
        const double values[] = {one.share, one.dissimilarity, one.isolation, one.correlation,
                                 one.atkinson};
        printf("  ");
        print_padded(plain->group_name[g], 24);
        for (size_t i = 0; i < 5; i++) {
            wijk_str cell = WIJK_STR_INIT;
            wijk_number(&cell, lang, values[i], 4);
            printf("   %-12s", wijk_str_text(&cell));
            wijk_str_free(&cell);
        }
        putchar('\n');
    }
    return WIJK_OK;
}

static int print_within(const wijk_plain *plain, wijk_lang lang)
{
    double between;
    int rc = wijk_segregation_within(&between, NULL, NULL, plain->counts, plain->areas,
                                     plain->groups, plain->unit, plain->units);
    wijk_segregation all;
    rc = rc ? rc : wijk_segregation_all(&all, plain->counts, plain->areas, plain->groups);
    if (!rc) {
        putchar('\n');
        print_index(lang, T_MEASURE_BETWEEN, between, NAN);
        print_index(lang, T_MEASURE_WITHIN, all.mutual - between, NAN);
    }
    return rc;
}

/* "500,1000,2000" as metres; WIJK_EINVAL for anything else. */
static int parse_radii(double *out, size_t *n, const char *text)
{
    *n = 0;
    while (*text) {
        size_t size = strcspn(text, ",");
        if (*n == 16 || !wijk_csv_number(&out[(*n)++], text, size, '.')) {
            return wijk_fail(WIJK_EINVAL,
                             "Stralen: hoogstens 16 getallen in meters, met komma's ertussen.",
                             "Radii: at most 16 numbers in metres, with commas between.");
        }
        text += size + (text[size] == ',');
    }
    return WIJK_OK;
}

/* What people meet within a distance: the profile over scale. */
static int print_scale(const wijk_plain *plain, const char *asked, wijk_lang lang)
{
    double radii[16];
    size_t n;
    wijk_scale scale[16];
    int rc = parse_radii(radii, &n, asked ? asked : "250,500,1000,2000,5000");
    rc = rc ? rc
            : wijk_segregation_scale(scale, radii, n, WIJK_KERNEL_BIWEIGHT, plain->counts, plain->x,
                                     plain->y, plain->areas, plain->groups, NULL);
    if (rc) {
        return rc;
    }
    printf("\n  ");
    print_padded(wijk_text(lang, T_MEASURE_RADIUS), 14);
    printf("%10s %10s %10s %12s\n", "H", "D", "R", wijk_text(lang, T_MEASURE_MET));
    for (size_t k = 0; k < n; k++) {
        const double values[] = {scale[k].radius, scale[k].theil, scale[k].dissimilarity,
                                 scale[k].relative, scale[k].people};
        static const int decimals[] = {0, 4, 4, 4, 0}, widths[] = {11, 13, 10, 10, 12};
        printf("  ");
        for (size_t i = 0; i < 5; i++) {
            wijk_str cell = WIJK_STR_INIT;
            wijk_number(&cell, lang, values[i], decimals[i]);
            printf("%s%*s", i > 1 ? " " : "", widths[i], wijk_str_text(&cell));
            wijk_str_free(&cell);
        }
        putchar('\n');
    }
    return WIJK_OK;
}

static void print_json(const wijk_plain *plain, const wijk_segregation *all,
                       const wijk_segregation_chance *chance)
{
    const struct {
        const char *name;
        double value;
    } fields[] = {{"areas", (double)plain->areas},
                  {"groups", (double)plain->groups},
                  {"total", all->total},
                  {"dissimilarity", all->dissimilarity},
                  {"gini", all->gini},
                  {"theil_h", all->theil},
                  {"mutual_m", all->mutual},
                  {"relative_r", all->relative},
                  {"variation_c", all->variation},
                  {"entropy", all->entropy},
                  {"simpson", all->simpson},
                  {"chance_d", chance->dissimilarity},
                  {"chance_h", chance->theil},
                  {"chance_m", chance->mutual}};
    wijk_str json = WIJK_STR_INIT;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        wijk_str_addf(&json, "%s\"%s\": ", i ? ", " : "{", fields[i].name);
        wijk_str_addg(&json, fields[i].value);
    }
    printf("%s}\n", wijk_str_text(&json));
    wijk_str_free(&json);
}

static int report(const wijk_plain *plain, const char *radii, wijk_lang lang, int json)
{
    wijk_segregation all;
    wijk_segregation_chance chance;
    int rc = wijk_segregation_all(&all, plain->counts, plain->areas, plain->groups);
    rc = rc ? rc
            : wijk_segregation_expected(&chance, plain->counts, plain->areas, plain->groups, NULL);
    if (rc || json) {
        if (!rc) {
            print_json(plain, &all, &chance);
        }
        return rc;
    }
    wijk_str total = WIJK_STR_INIT, head = WIJK_STR_INIT;
    char areas[24], groups[24];
    snprintf(areas, sizeof areas, "%zu", all.areas);
    snprintf(groups, sizeof groups, "%zu", all.groups);
    wijk_number(&total, lang, all.total, 0);
    wijk_text_fill(&head, lang, T_MEASURE_HEAD, areas, groups, wijk_str_text(&total), NULL);
    puts(wijk_str_text(&head));
    wijk_str_free(&total);
    wijk_str_free(&head);
    printf("\n  %36s%10s   %10s   %10s\n", "", wijk_text(lang, T_MEASURE_VALUE),
           wijk_text(lang, T_MEASURE_CHANCE), wijk_text(lang, T_MEASURE_BEYOND));
    print_index(lang, T_MEASURE_INDEX_D, all.dissimilarity, chance.dissimilarity);
    print_index(lang, T_MEASURE_INDEX_H, all.theil, chance.theil);
    print_index(lang, T_MEASURE_INDEX_M, all.mutual, chance.mutual);
    print_index(lang, T_MEASURE_INDEX_G, all.gini, NAN);
    print_index(lang, T_MEASURE_INDEX_R, all.relative, NAN);
    print_index(lang, T_MEASURE_INDEX_C, all.variation, NAN);
    print_index(lang, T_MEASURE_INDEX_E, all.entropy, NAN);
    print_index(lang, T_MEASURE_INDEX_I, all.simpson, NAN);
    rc = print_groups(plain, lang);
    rc = rc || !plain->units ? rc : print_within(plain, lang);
    rc = rc || !plain->x ? rc : print_scale(plain, radii, lang);
    printf("\n%s\n", wijk_text(lang, T_MEASURE_NOTE));
    return rc;
}

int cmd_measure(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0);
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
    wijk_plain plain = {0};
    int rc = read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_plain_read(&plain, bytes, size, path, &columns);
    rc = rc ? rc
            : report(&plain, cmd_option(argc, argv, "radii"), lang, cmd_flag(argc, argv, "json"));
    wijk_plain_free(&plain);
    wijk_free(bytes);
    return rc;
}
