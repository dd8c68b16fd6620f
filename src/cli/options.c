/* Numbers that are given as options. The idea: a number is all of the text or it is refused, with
 * the name of the option, what was typed and what is allowed. */
#include "cli/cmd.h"

#include "wijk/csv.h"
#include "wijk/err.h"
#include "wijk/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Digits only: strtoull itself takes blanks and a minus sign, and turns -1 into a large number. */
static int read_whole(unsigned long long *out, const char *text, const char **end)
{
    char *stop = NULL;
    errno = 0;
    *out = strtoull(text, &stop, 10);
    *end = stop;
    return *text >= '0' && *text <= '9' && errno == 0;
}

int cmd_whole(unsigned long long *out, int argc, char **argv, const char *name,
              unsigned long long least, unsigned long long most)
{
    const char *text = cmd_option(argc, argv, name), *end;
    unsigned long long value;
    if (!text) {
        return WIJK_OK;
    }
    if (!read_whole(&value, text, &end) || *end || value < least || value > most) {
        return wijk_fail(WIJK_EINVAL, "--%s %s: geef een geheel getal van %llu tot en met %llu.",
                         "--%s %s: give a whole number from %llu to %llu.", name, text, least,
                         most);
    }
    *out = value;
    return WIJK_OK;
}

int cmd_threads(unsigned *out, int argc, char **argv)
{
    unsigned long long threads = 0;
    int rc = cmd_whole(&threads, argc, argv, "threads", 0, WIJK_MAX_THREADS);
    *out = (unsigned)threads;
    return rc;
}

int cmd_range(uint32_t *first, uint32_t *last, int argc, char **argv, const char *name,
              uint32_t most)
{
    const char *text = cmd_option(argc, argv, name), *end;
    unsigned long long a, b;
    if (!text) {
        return WIJK_OK;
    }
    int good = read_whole(&a, text, &end);
    if (good && *end == '-') {
        good = read_whole(&b, end + 1, &end);
    } else {
        b = a;
        a = 1;
    }
    if (!good || *end || a < 1 || b < a || b > most) {
        return wijk_fail(
            WIJK_EINVAL, "--%s %s: geef een aantal (100) of een reeks (21-40), hoogstens %u.",
            "--%s %s: give a number (100) or a range (21-40), at most %u.", name, text, most);
    }
    *first = (uint32_t)a;
    *last = (uint32_t)b;
    return WIJK_OK;
}

int cmd_number(double *out, int argc, char **argv, const char *name)
{
    const char *text = cmd_option(argc, argv, name);
    return !text || wijk_csv_number(out, text, strlen(text), '.')
               ? WIJK_OK
               : wijk_fail(WIJK_EINVAL, "--%s %s: geef een getal, met een punt voor decimalen.",
                           "--%s %s: give a number, with a point for decimals.", name, text);
}

int cmd_year(int *out, int argc, char **argv, const char *name, int most)
{
    const char *text = cmd_option(argc, argv, name), *end = "";
    unsigned long long value = 0;
    if (text && (!read_whole(&value, text, &end) || *end || value < 1900 ||
                 value > (unsigned long long)most)) {
        return wijk_fail(WIJK_EINVAL, "--%s %s: geef een jaar, zoals 2024.",
                         "--%s %s: give a year, such as 2024.", name, text);
    }
    *out = (int)value;
    return WIJK_OK;
}

int cmd_count_parts(size_t *n, int argc, char **argv, size_t most)
{
    for (*n = 0; cmd_positional(argc, argv, (int)*n); (*n)++) {
        if (*n == most) {
            return wijk_fail(WIJK_ELIMIT, "Meer dan %zu delen: voeg ze in stappen samen.",
                             "More than %zu parts: join them in steps.", most);
        }
    }
    return WIJK_OK;
}

/* ---- options that there are -------------------------------------------------------------------
 */

/* Where a usage line names an option: what stands behind the name; NULL when it does not. */
static const char *behind(const char *usage, const char *name, size_t size)
{
    for (const char *at = usage; (at = strstr(at, "--")) != NULL; at += 2) {
        size_t here = strcspn(at + 2, " []|=");
        if (here == size && strncmp(at + 2, name, size) == 0) {
            return at + 2 + size;
        }
    }
    return NULL;
}

int cmd_options_fit(const wijk_command *command, int argc, char **argv)
{
    static const char everywhere[] = "--file FILE --lang nl --threads N --table NAME --json --csv "
                                     "--help";
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + 2, *end;
        size_t size = strcspn(argv[i], "=") - 2;
        if (strncmp(argv[i], "--", 2) != 0) {
            continue;
        }
        end = behind(command->usage, name, size);
        end = end ? end : behind(everywhere, name, size);
        if (!end) {
            return wijk_fail(WIJK_EINVAL, "De optie --%.*s is er niet. Wel: wijk foresee %s %s",
                             "There is no option --%.*s. There is: wijk foresee %s %s", (int)size,
                             name, command->name, command->usage);
        }
        int valued = end[0] == ' ' && end[1] != '[' && end[1] != '-' && end[1] != '|' &&
                     strncmp(end, " PART\xE2", 6) != 0;
        int given = name[size] == '=' ? name[size + 1] != 0
                                      : i + 1 < argc && strncmp(argv[i + 1], "--", 2) != 0;
        if (valued && !given) {
            return wijk_fail(WIJK_EINVAL, "Achter --%.*s hoort een waarde.",
                             "After --%.*s comes a value.", (int)size, name);
        }
        i += valued && name[size] != '='; /* the value may look like anything else */
    }
    return WIJK_OK;
}
