/* What the options of `wijk foresee` mean, in a sentence each, and what one would type. */
#include "cli/help.h"

#include "wijk/text.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* The most particular row counts: those without a command are for all that have the option. */
static const struct {
    const char *command, *option;
    enum wijk_text_key what;
} options[] = {
    {"run", "--years", T_HELP_RUN_YEARS},
    {"run", "--replicates", T_HELP_RUN_REPLICATES},
    {"run", "--table", T_HELP_RUN_TABLE},
    {"merge", "--table", T_HELP_RUN_TABLE},
    {"merge", "--out", T_HELP_MERGE_OUT},
    {"breakeven", "--years", T_HELP_RUN_YEARS},
    {"breakeven", "--replicates", T_HELP_EVEN_REPLICATES},
    {"sensitivity", "--years", T_HELP_STUDY_YEARS},
    {"backtest", "--town", T_HELP_BACKTEST_TOWN},
    {"backtest", "--from", T_HELP_BACKTEST_FROM},
    {"backtest", "--replicates", T_HELP_BACKTEST_REPLICATES},
    {"backtest", "--table", T_HELP_TABLE_FED},
    {"facts", "--replicates", T_HELP_FACTS_REPLICATES},
    {"facts", "--out", T_HELP_OUT_CSV},
    {"calibrate", "--out", T_HELP_OUT_CSV},
    {"calibrate", "--check", T_HELP_CALIBRATE_CHECK},
    {"population", "--years", T_HELP_POPULATION_YEARS},
    {"population", "--table", T_HELP_TABLE_AREAS},
    {NULL, "NAAM|CODE", T_HELP_PLACE},
    {NULL, "NAAM|NAME|FILE", T_HELP_POLICY},
    {NULL, "PART…", T_HELP_PARTS},
    {NULL, "YEAR", T_HELP_YEAR_OF_LAW},
    {NULL, "--scenario", T_HELP_SCENARIO},
    {NULL, "--seed", T_HELP_SEED},
    {NULL, "--out", T_HELP_RUN_OUT},
    {NULL, "--memory", T_HELP_MEMORY},
    {NULL, "--json", T_HELP_JSON},
    {NULL, "--csv", T_HELP_CSV},
    {NULL, "--screen", T_HELP_SCREEN},
    {NULL, "--by-group", T_HELP_BY_GROUP},
    {NULL, "--outcome", T_HELP_OUTCOME},
    {NULL, "--units", T_HELP_UNITS},
    {NULL, "--join", T_HELP_JOIN},
    {NULL, "--every", T_HELP_EVERY},
    {NULL, "--sizes", T_HELP_SIZES},
    {NULL, "--kept", T_HELP_KEPT},
    {NULL, "--town", T_HELP_CALIBRATE_TOWN},
    {NULL, "--points", T_HELP_POINTS},
    {NULL, "--year", T_HELP_YEAR},
    {NULL, "--borders", T_HELP_BORDERS},
    {NULL, "--level", T_HELP_LEVEL},
    {NULL, "--set", T_HELP_SET},
    {NULL, "--values", T_HELP_VALUES},
};

static const struct {
    const char *command, *line;
} examples[] = {
    {"population", "wijk foresee population Zutphen"},
    {"population", "wijk foresee population GM0518 --borders 2019 --csv --table areas"},
    {"levers", "wijk foresee levers"},
    {"scenario", "wijk foresee scenario krachtstroom > beleid.scenario"},
    {"scenario", "wijk foresee scenario beleid.scenario"},
    {"parameters", "wijk foresee parameters --set accept=0,3"},
    {"rules", "wijk foresee rules 2025"},
    {"run", "wijk foresee run Zutphen --scenario both"},
    {"run",
     "wijk foresee run Zutphen --scenario beleid.scenario --replicates 100 --out zutphen.deel"},
    {"run", "wijk foresee run Zutphen --scenario both --csv --table purses > kassen.csv"},
    {"merge", "wijk foresee merge a.deel b.deel --out samen.deel"},
    {"merge", "wijk foresee merge samen.deel --csv --table areas > gebieden.csv"},
    {"breakeven", "wijk foresee breakeven Zutphen --scenario social-management"},
    {"sensitivity", "wijk foresee sensitivity Zutphen --scenario both --outcome evictions"},
    {"sensitivity",
     "wijk foresee sensitivity Zutphen --scenario both --by-group --units 1-10 --out a.deel"},
    {"sensitivity", "wijk foresee sensitivity --join a.deel b.deel"},
    {"backtest", "wijk foresee backtest --kept"},
    {"backtest", "wijk foresee backtest --town amsterdam --replicates 40"},
    {"calibrate", "wijk foresee calibrate Zutphen --points 100 --out punten.csv"},
    {"calibrate", "wijk foresee calibrate Heerlen --check --points 30"},
    {"facts", "wijk foresee facts"},
    {"facts", "wijk foresee facts Zutphen --replicates 40"},
};

const char *help_foresee_option(const char *command, const char *option, wijk_lang lang)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if ((!options[i].command || !strcmp(options[i].command, command)) &&
            !strcmp(options[i].option, option)) {
            return wijk_text(lang, options[i].what);
        }
    }
    return NULL;
}

const char *help_foresee_example(const char *command, int i)
{
    for (size_t k = 0; k < sizeof examples / sizeof *examples; k++) {
        if (!strcmp(examples[k].command, command) && i-- == 0) {
            return examples[k].line;
        }
    }
    return NULL;
}

int help_next(char *out, unsigned long room, const char **at, const char *usage)
{
    const char *from = *at;
    int first = from == usage;
    from += first && *from == '[';
    if (!first || !*from || !strncmp(from, "--", 2)) {
        from = strstr(from, "--");
    }
    if (!from || !*from) {
        return 0;
    }
    const char *end = from + strcspn(from, " []=");
    const char *other = strstr(from + 1, "|--"); /* two options, or an argument or an option */
    end = other && other < end ? other : end;
    if (!strncmp(from, "--", 2) && (size_t)(end - from) > strcspn(from, "|")) {
        end = from + strcspn(from, "|");
    }
    snprintf(out, room, "%.*s", (int)(end - from), from);
    *at = end;
    return 1;
}
