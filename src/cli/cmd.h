/* The commands: one table row and one file (cmd_NAME.c) each; thin clients of the library. */
#ifndef WIJK_CLI_CMD_H
#define WIJK_CLI_CMD_H

#include "wijk/ctx.h"
#include "wijk/err.h"

#include <stddef.h>
#include <stdint.h>

typedef struct wijk_command {
    const char *name;
    int (*run)(int argc, char **argv, wijk_lang lang); /* argv[0] is the command; 0 or negative */
    const char *usage;                                 /* what follows the name: "FILE [--json]" */
    const char *help[2];                               /* one line, Dutch and English */
    const struct wijk_command *below; /* what may follow the name, a table like this; or NULL */
} wijk_command;

extern const wijk_command wijk_commands[]; /* ends with a NULL name */

/* Positional argument i (0-based) past the options; NULL when absent. */
const char *cmd_positional(int argc, char **argv, int i);
/* The value of --name VALUE or --name=VALUE; NULL when absent. */
const char *cmd_option(int argc, char **argv, const char *name);
/* 1 when --name is given (without a value). */
int cmd_flag(int argc, char **argv, const char *name);
/* A number given as --NAME; *out stays what it was when it is not given. WIJK_EINVAL with what is
 * allowed. Whole: `least` to `most`. */
int cmd_whole(unsigned long long *out, int argc, char **argv, const char *name,
              unsigned long long least, unsigned long long most);
/* --threads; 0 means every core. */
int cmd_threads(unsigned *out, int argc, char **argv);
/* "21-40", or "100" for 1 to 100. */
int cmd_range(uint32_t *first, uint32_t *last, int argc, char **argv, const char *name,
              uint32_t most);
/* With a point for decimals. */
int cmd_number(double *out, int argc, char **argv, const char *name);
/* From 1900; 0 when it is not given. */
int cmd_year(int *out, int argc, char **argv, const char *name, int most);
/* The options given are those of a usage line like wijk_command.usage, or the ones that every
 * command takes; one that has a value there is followed by one. WIJK_EINVAL names the option. */
int cmd_options_fit(const wijk_command *command, int argc, char **argv);
/* The file to work on: --file, else $WIJK_FILE, else "buurt.wijk". */
const char *cmd_file(int argc, char **argv);

/* A long command: its progress on the terminal, and Ctrl-C as a request to stop. One at a time. */
typedef struct {
    wijk_ctx ctx;
    double drawn; /* when the bar was last drawn */
    int shown;
} cmd_job;

void cmd_job_begin(cmd_job *job, int quiet);
void cmd_job_end(cmd_job *job);

/* The bytes of a file that the user named; at most 256 MB. Free *out with wijk_free, also after a
 * failure. */
int cmd_read_file(char **out, size_t *size, const char *path);
/* How many files of parts the command line names; WIJK_ELIMIT when there are more than `most`. */
int cmd_count_parts(size_t *n, int argc, char **argv, size_t most);

int cmd_account(int argc, char **argv, wijk_lang lang);
int cmd_backup(int argc, char **argv, wijk_lang lang);
int cmd_check(int argc, char **argv, wijk_lang lang);
int cmd_evaluate(int argc, char **argv, wijk_lang lang);
int cmd_export(int argc, char **argv, wijk_lang lang);
int cmd_fetch(int argc, char **argv, wijk_lang lang);
int cmd_info(int argc, char **argv, wijk_lang lang);
int cmd_init(int argc, char **argv, wijk_lang lang);
int cmd_load(int argc, char **argv, wijk_lang lang);
int cmd_manual(int argc, char **argv, wijk_lang lang);
int cmd_measure(int argc, char **argv, wijk_lang lang);
int cmd_plan(int argc, char **argv, wijk_lang lang);
int cmd_show(int argc, char **argv, wijk_lang lang);
int cmd_foresee(int argc, char **argv, wijk_lang lang);
int cmd_help(int argc, char **argv, wijk_lang lang);
int cmd_serve(int argc, char **argv, wijk_lang lang);

#endif
