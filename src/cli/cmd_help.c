/* wijk help: the table of commands, in the reader's language. */
#include "cli/cmd.h"

#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

int cmd_help(int argc, char **argv, wijk_lang lang)
{
    const char *one = argc > 1 ? cmd_positional(argc, argv, 0) : NULL;
    printf("wijk %s · %s\n\n", WIJK_VERSION, wijk_text(lang, T_APP_TAGLINE));
    for (const wijk_command *at = wijk_commands; at->name; at++) {
        if (!one || !strcmp(one, at->name)) {
            printf("  wijk %-10s %-34s %s\n", at->name, at->usage, at->help[lang]);
        }
    }
    return WIJK_OK;
}
