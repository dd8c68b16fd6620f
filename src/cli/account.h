/* The subcommands of `wijk account`; one row each in cmd_account.c. */
#ifndef WIJK_CLI_ACCOUNT_H
#define WIJK_CLI_ACCOUNT_H

#include "cli/cmd.h"
#include "cli/sheet.h"

#include "wijk/account.h"

extern const wijk_command wijk_accounts[]; /* ends with a NULL name */

int account_example(int argc, char **argv, wijk_lang lang);
int account_letter(int argc, char **argv, wijk_lang lang);
int account_prices(int argc, char **argv, wijk_lang lang);
int account_purses(int argc, char **argv, wijk_lang lang);
int account_staff(int argc, char **argv, wijk_lang lang);

/* Reckons by the options of `wijk account` and prints as it does. */
int account_print(const wijk_account_file *file, int argc, char **argv, wijk_lang lang);

#endif
