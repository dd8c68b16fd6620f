/* The table of commands. A new command is one row here and one file cmd_NAME.c. */
#include "cli/cmd.h"

#include <stddef.h>

const wijk_command wijk_commands[] = {
    {"init", cmd_init, "[FILE]", {"maak een leeg wijk-bestand", "make an empty wijk file"}},
    {"info",
     cmd_info,
     "[--json]",
     {"wat er in het bestand zit: bronnen, gebieden, jaren",
      "what the file holds: sources, areas, years"}},
    {"check",
     cmd_check,
     "",
     {"controleer het bestand en werk het schema bij", "check the file and update its schema"}},
    {"backup",
     cmd_backup,
     "TARGET",
     {"maak een nagekeken kopie, ook terwijl het bestand in gebruik is",
      "make a verified copy, also while the file is in use"}},
    {"measure",
     cmd_measure,
     "CSV --groups A,B,… | --unit U --group G --count N [--within W]",
     {"menging en segregatie van een tabel met aantallen",
      "mix and segregation of a table of counts"}},
    {"manual",
     cmd_manual,
     "FOLDER",
     {"schrijf de handleiding (Nederlands en Engels) in een map",
      "write the manual (Dutch and English) into a folder"}},
    {"help",
     cmd_help,
     "[COMMAND]",
     {"deze lijst, of de uitleg van één opdracht", "this list, or the help of one command"}},
    {NULL, NULL, NULL, {NULL, NULL}},
};
