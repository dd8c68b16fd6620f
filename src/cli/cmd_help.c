/* wijk help: the table of commands, and what one of them takes, in the reader's language. The idea:
 * the usage line is the one list of what may be typed; each thing in it that has a sentence gets
 * that sentence. */
#include "cli/cmd.h"
#include "cli/foresee.h"
#include "cli/help.h"

#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 78, INDENT = 6, COLUMN = 20 };

/* Characters, not bytes. */
static int width_of(const char *text, size_t size)
{
    int n = 0;
    for (size_t i = 0; i < size && text[i]; i++) {
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return n;
}

/* What stays on one line: a word, or of a usage line an option with its value. */
static size_t piece_of(const char *text, int usage)
{
    size_t size = strcspn(text, " ");
    while (usage && text[size] && !strchr("[-|", text[size + 1])) {
        size += 1 + strcspn(text + size + 1, " ");
    }
    return size;
}

/* Prints pieces from a column on, with more lines as needed; `at` is where the cursor stands. */
static void print_pieces(const char *text, int at, int column, int usage)
{
    int begun = 0;
    while (*text) {
        size_t size = piece_of(text, usage);
        int width = width_of(text, size);
        if (begun && at + 1 + width > WIDTH) {
            printf("\n%*s", column, "");
            at = column;
            begun = 0;
        }
        at += printf("%s", begun ? " " : "") + width;
        printf("%.*s", (int)size, text);
        begun = 1;
        text += size + (text[size] == ' ');
    }
    printf("\n");
}

static void print_words(const char *text, int at, int column)
{
    print_pieces(text, at, column, 0);
}

static void print(const char *above, const wijk_command *row, wijk_lang lang)
{
    int at = printf("  wijk %s%s ", above, row->name);
    print_pieces(row->usage, at, INDENT + 2, 1);
    printf("%*s", INDENT, "");
    print_words(row->help[lang], INDENT, INDENT);
}

/* ---- one subcommand -------------------------------------------------------------------------- */

static void print_options(const wijk_command *row, wijk_lang lang)
{
    char name[64], said[512] = " ";
    const char *at = row->usage;
    while (help_next(name, sizeof name, &at, row->usage)) {
        char mark[70];
        const char *what = help_foresee_option(row->name, name, lang);
        snprintf(mark, sizeof mark, " %s ", name);
        if (!what || strstr(said, mark)) { /* once, also when the line names it twice */
            continue;
        }
        snprintf(said + strlen(said), sizeof said - strlen(said), "%s", mark + 1);
        int width = 2 + width_of(name, strlen(name));
        printf("  %s%*s", name, width < COLUMN ? COLUMN - width : 1, "");
        print_words(what, width < COLUMN ? COLUMN : width + 1, COLUMN);
    }
}

static void print_one(const wijk_command *of, const wijk_command *row, wijk_lang lang)
{
    char above[32];
    snprintf(above, sizeof above, "%s ", of->name);
    print(above, row, lang);
    if (of->below != wijk_foresees) {
        return;
    }
    printf("\n");
    print_options(row, lang);
    printf("\n");
    print_words(wijk_text(lang, T_HELP_EVERYWHERE), 0, 0);
    printf("\n%s\n", wijk_text(lang, T_HELP_EXAMPLE));
    for (int i = 0; help_foresee_example(row->name, i); i++) {
        printf("  %s\n", help_foresee_example(row->name, i));
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static const wijk_command *find(const wijk_command *table, const char *name)
{
    while (table && table->name && strcmp(table->name, name)) {
        table++;
    }
    return table && table->name ? table : NULL;
}

/* One command with all that may follow its name. */
static void print_command(const wijk_command *of, wijk_lang lang)
{
    char above[32];
    print("", of, lang);
    snprintf(above, sizeof above, "%s ", of->name);
    for (const wijk_command *below = of->below; below && below->name; below++) {
        print(above, below, lang);
    }
    if (of->below == wijk_foresees) {
        printf("\n%s\n", wijk_text(lang, T_HELP_MORE));
    }
}

static int unknown(const char *what)
{
    return wijk_fail(WIJK_EINVAL, "er is geen opdracht \"%.60s\"; `wijk help` geeft de lijst",
                     "there is no command \"%.60s\"; `wijk help` lists them", what);
}

int cmd_help(int argc, char **argv, wijk_lang lang)
{
    const char *one = argc > 1 ? cmd_positional(argc, argv, 0) : NULL;
    const char *two = one ? cmd_positional(argc, argv, 1) : NULL;
    const wijk_command *of = one ? find(wijk_commands, one) : NULL;
    const wijk_command *row = of && two ? find(of->below, two) : NULL;
    if (one && !of) {
        return unknown(one);
    }
    if (two && !row) {
        return unknown(two);
    }
    printf("wijk %s · %s\n\n", WIJK_VERSION, wijk_text(lang, T_APP_TAGLINE));
    if (row) {
        print_one(of, row, lang);
        return WIJK_OK;
    }
    if (of) {
        print_command(of, lang);
        return WIJK_OK;
    }
    for (const wijk_command *at = wijk_commands; at->name; at++) {
        print("", at, lang);
    }
    return WIJK_OK;
}
