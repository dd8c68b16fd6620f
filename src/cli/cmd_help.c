/* wijk help: the table of commands, in the reader's language. */
#include "cli/cmd.h"

#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

static void print(const char *above, const wijk_command *row, wijk_lang lang)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s", above, row->name);
    printf("  wijk %-10s %-34s %s\n", name, row->usage, row->help[lang]);
}

int cmd_help(int argc, char **argv, wijk_lang lang)
{
    const char *one = argc > 1 ? cmd_positional(argc, argv, 0) : NULL;
    printf("wijk %s · %s\n\n", WIJK_VERSION, wijk_text(lang, T_APP_TAGLINE));
    for (const wijk_command *at = wijk_commands; at->name; at++) {
        if (!one || !strcmp(one, at->name)) {
            print("", at, lang);
        }
        for (const wijk_command *below = at->below; one && below && below->name; below++) {
            if (!strcmp(one, at->name)) {
                char above[32];
                snprintf(above, sizeof above, "%s ", at->name);
                print(above, below, lang);
            }
        }
    }
    return WIJK_OK;
}
