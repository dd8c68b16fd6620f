/* wijk: the command line. Finds the command in the table, chooses the language, prints the one
 * message a failure leaves. Exit codes: 0 done, 1 failed, 2 used wrongly. */
#include "cli/foresee.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --years alone asks for every year, --years 10 for so many: a place has four digits or a name. */
static int is_small_number(const char *text)
{
    size_t digits = text ? strspn(text, "0123456789") : 0;
    return digits >= 1 && digits <= 2 && !text[digits];
}

static int takes_value(const char *argument, const char *next)
{
    if (!strcmp(argument, "--years")) {
        return is_small_number(next);
    }
    static const char *const flags[] = {
        "--json",      "--map",    "--read-only", "--no-browser", "--yes",  "--quiet",
        "--fictional", "--resume", "--rd",        "--list",       "--town", "--csv",
        "--help",      "--lower",  "--range",     "--percent",    "--rest", "--screen",
        "--by-group",  "--join",   "--kept",      "--sizes",      "--look", "--check"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!strcmp(argument, flags[i])) {
            return 0;
        }
    }
    return strncmp(argument, "--", 2) == 0 && !strchr(argument, '=');
}

const char *cmd_positional(int argc, char **argv, int i)
{
    for (int at = 1; at < argc; at++) {
        if (takes_value(argv[at], at + 1 < argc ? argv[at + 1] : NULL)) {
            at++;
        } else if (strncmp(argv[at], "--", 2) != 0 && i-- == 0) {
            return argv[at];
        }
    }
    return NULL;
}

const char *cmd_option(int argc, char **argv, const char *name)
{
    size_t size = strlen(name);
    for (int at = 1; at < argc; at++) {
        if (strncmp(argv[at], "--", 2) != 0 || strncmp(argv[at] + 2, name, size) != 0) {
            continue;
        }
        if (argv[at][2 + size] == '=') {
            return argv[at] + 3 + size;
        }
        if (!argv[at][2 + size] && at + 1 < argc) {
            return argv[at + 1];
        }
    }
    return NULL;
}

int cmd_flag(int argc, char **argv, const char *name)
{
    for (int at = 1; at < argc; at++) {
        if (!strncmp(argv[at], "--", 2) && !strcmp(argv[at] + 2, name)) {
            return 1;
        }
    }
    return 0;
}

const char *cmd_file(int argc, char **argv)
{
    const char *file = cmd_option(argc, argv, "file");
    file = file ? file : getenv("WIJK_FILE");
    return file && *file ? file : "buurt.wijk";
}

/* 0 when another language is asked than there is. */
static int choose_language(wijk_lang *out, int argc, char **argv)
{
    const char *lang = cmd_option(argc, argv, "lang");
    lang = lang ? lang : getenv("WIJK_LANG");
    *out = lang && !strcmp(lang, "en") ? WIJK_EN : WIJK_NL;
    if (!lang || !*lang || !strcmp(lang, "nl") || !strcmp(lang, "en")) {
        return 1;
    }
    fprintf(stderr, "wijk: de taal \"%.20s\" is er niet, kies nl of en (choose nl or en).\n", lang);
    return 0;
}

static const wijk_command *find(const wijk_command *table, const char *name)
{
    for (; table->name; table++) {
        if (!strcmp(table->name, name)) {
            return table;
        }
    }
    return NULL;
}

static int run(const wijk_command *command, int argc, char **argv, wijk_lang lang)
{
    const wijk_command *below = command->below && argc > 1 ? find(command->below, argv[1]) : NULL;
    if (cmd_flag(argc, argv, "help")) {
        char help[] = "help";
        return cmd_help(below ? 3 : 2, (char *[]){help, argv[0], below ? argv[1] : NULL}, lang);
    }
    int rc = below && command->below == wijk_foresees /* whose rows name every option */
                 ? cmd_options_fit(below, argc - 1, argv + 1)
                 : WIJK_OK;
    rc = rc ? rc : below ? below->run(argc - 1, argv + 1, lang) : command->run(argc, argv, lang);
    if (!rc && (fflush(stdout) || ferror(stdout))) { /* a full disk behind > FILE */
        rc = wijk_fail(WIJK_EIO, "De uitvoer kon niet worden geschreven: %s.",
                       "The output could not be written: %s.", strerror(errno));
    }
    if (rc < 0) {
        fprintf(stderr, "wijk %s%s%s: %s\n", command->name, below ? " " : "",
                below ? below->name : "", wijk_error(lang));
    }
    return rc < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    wijk_lang lang;
    if (!choose_language(&lang, argc, argv)) {
        return 2;
    }
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told like a full disk */
    if (argc < 2) {
        cmd_help(argc, argv, lang);
        return 2;
    }
    const char *name = strcmp(argv[1], "--help") && strcmp(argv[1], "-h") ? argv[1] : "help";
    const wijk_command *command = find(wijk_commands, name);
    if (command) {
        return run(command, argc - 1, argv + 1, lang);
    }
    fprintf(stderr,
            lang == WIJK_EN ? "wijk: no command \"%s\". `wijk help` lists them.\n"
                            : "wijk: geen opdracht \"%s\". `wijk help` geeft de lijst.\n",
            name);
    return 2;
}
