/* The table of commands. A new command is one row here and one file cmd_NAME.c. */
#include "cli/cmd.h"

#include <stddef.h>

const wijk_command wijk_commands[] = {
    {"init", cmd_init, "[FILE]", {"maak een leeg wijk-bestand", "make an empty wijk file"}},
    {"help",
     cmd_help,
     "[COMMAND]",
     {"deze lijst, of de uitleg van één opdracht", "this list, or the help of one command"}},
    {NULL, NULL, NULL, {NULL, NULL}},
};
