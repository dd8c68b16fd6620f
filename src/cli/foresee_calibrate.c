/* wijk foresee calibrate: which points of the ranges can be true, given what is published. wijk
 * foresee facts: the ten stylised facts, and whether the model shows them. With --town on the
 * invented gemeente, so that anybody gets the shipped files again. */
#include "cli/cmd.h"
#include "cli/foresee.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/calibrate.h"
#include "wijk/mem.h"
#include "wijk/start.h"
#include "wijk/stylised.h"
#include "wijk/text.h"
#include "wijk/town.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS = 200, REPLICATES = 40 };

typedef struct {
    cmd_place place;
    wijk_area area;
    wijk_start *start;
    wijk_population *population;
    wijk_str made_on;
    char town[64]; /* folder of the invented gemeente while it is needed */
} subject;

/* The invented gemeente in a folder of its own, which goes when the command ends. */
static int open_town(subject *s, wijk_lang lang)
{
    char command[] = "calibrate", name[] = "Merelwaard", option[] = "--file", file[96];
    char *arguments[] = {command, name, option, file};
    const char *folder = getenv("TMPDIR");
    snprintf(s->town, sizeof s->town, "%.40s/wijk-town-XXXXXX",
             folder && *folder ? folder : "/tmp");
    if (!mkdtemp(s->town)) {
        s->town[0] = '\0';
        return wijk_fail(WIJK_EIO, "Er kan geen tijdelijke map worden gemaakt.",
                         "No temporary folder can be made.");
    }
    snprintf(file, sizeof file, "%s/town.wijk", s->town);
    int rc = wijk_town_create(file, NULL);
    return rc ? rc : cmd_place_open(&s->place, 4, arguments, 0, lang);
}

static void remove_town(const subject *s)
{
    static const char *const names[] = {"town.wijk", "town.wijk-wal", "town.wijk-shm"};
    for (size_t i = 0; s->town[0] && i < sizeof names / sizeof *names; i++) {
        char file[96];
        snprintf(file, sizeof file, "%s/%s", s->town, names[i]);
        remove(file);
    }
    if (s->town[0]) {
        rmdir(s->town);
    }
}

static int build(subject *s, wijk_ctx *ctx)
{
    wijk_parameters defaults;
    const wijk_start_options options = {.area = s->place.area, .level = WIJK_LEVELS, .seed = 1};
    int rc = wijk_area_get(&s->area, s->place.store, s->place.arena, s->place.area);
    rc = rc ? rc : wijk_parameters_default(&defaults);
    rc = rc ? rc : wijk_start_new(&s->start, s->place.store, s->place.registry, &options, ctx);
    rc = rc ? rc : wijk_start_population(&s->population, s->start, &defaults, ctx);
    if (!rc) {
        const char *name = s->area.name && *s->area.name ? s->area.name : s->area.code;
        wijk_str_addf(&s->made_on, "%s %d", name, wijk_start_year(s->start));
        rc = wijk_str_status(&s->made_on);
    }
    return rc;
}

typedef struct {
    const char *name;
    enum wijk_text_key label;
    int decimals; /* -1: text */
} column;

static void add_columns(cmd_sheet *sheet, wijk_lang lang, const column *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cmd_sheet_column(sheet, all[i].name, wijk_text(lang, all[i].label), all[i].decimals);
    }
}

static void columns(cmd_sheet *sheet, wijk_lang lang)
{
    static const column all[] = {{"target", T_CALIBRATE_TARGET, -1},
                                 {"unit", T_CALIBRATE_UNIT, -1},
                                 {"published", T_CALIBRATE_PUBLISHED, 2},
                                 {"low", T_CALIBRATE_LOW, 2},
                                 {"high", T_CALIBRATE_HIGH, 2},
                                 {"before", T_CALIBRATE_BEFORE, 2},
                                 {"before_low90", T_CALIBRATE_BEFORE_LOW, 2},
                                 {"before_high90", T_CALIBRATE_BEFORE_HIGH, 2},
                                 {"before_plausible", T_CALIBRATE_BEFORE_WITHIN, 0},
                                 {"after", T_CALIBRATE_AFTER, 2},
                                 {"after_low90", T_CALIBRATE_AFTER_LOW, 2},
                                 {"after_high90", T_CALIBRATE_AFTER_HIGH, 2},
                                 {"can", T_CALIBRATE_CAN, -1},
                                 {"grade", T_CALIBRATE_GRADE, -1},
                                 {"source", T_CALIBRATE_SOURCE, -1}};
    add_columns(sheet, lang, all, sizeof all / sizeof *all);
}

static void row(cmd_sheet *sheet, const wijk_target_row *target, const wijk_calibration *c,
                wijk_target which, wijk_lang lang, int machine)
{
    const wijk_target_fit before = wijk_calibration_before(c, which);
    const wijk_target_fit after = wijk_calibration_after(c, which);
    int can = wijk_calibration_can(c, which);
    cmd_sheet_text(sheet, machine ? target->name : target->label[lang]);
    cmd_sheet_text(sheet, target->unit);
    cmd_sheet_number(sheet, target->value);
    cmd_sheet_number(sheet, target->low);
    cmd_sheet_number(sheet, target->high);
    cmd_sheet_number(sheet, before.median);
    cmd_sheet_number(sheet, before.low90);
    cmd_sheet_number(sheet, before.high90);
    cmd_sheet_number(sheet, 100 * before.within);
    cmd_sheet_number(sheet, after.median);
    cmd_sheet_number(sheet, after.low90);
    cmd_sheet_number(sheet, after.high90);
    cmd_sheet_text(sheet, machine ? (can ? "1" : "0")
                                  : wijk_text(lang, can ? T_CALIBRATE_YES : T_CALIBRATE_NO));
    cmd_sheet_text(sheet, target->grade);
    cmd_sheet_text(sheet, target->source);
}

static void say(cmd_sheet *sheet, wijk_lang lang, enum wijk_text_key key,
                const char *const words[4], void (*where)(cmd_sheet *, const char *))
{
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, lang, key, words[0], words[1], words[2], words[3], NULL);
    where(sheet, wijk_str_text(&text));
    wijk_str_free(&text);
}

static int show(int argc, char **argv, wijk_lang lang, const wijk_calibration *c, const char *made,
                const char *out)
{
    wijk_targets *targets = NULL;
    int rc = wijk_targets_open(&targets);
    if (rc) {
        return rc;
    }
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    char points[24], found[24], years[8];
    wijk_str share = WIJK_STR_INIT;
    snprintf(points, sizeof points, "%zu", wijk_calibration_runs(c));
    snprintf(found, sizeof found, "%zu", wijk_calibration_points(c));
    snprintf(years, sizeof years, "%d", WIJK_TARGET_YEARS);
    wijk_number(&share, lang, 100 * wijk_calibration_share(c), 4);
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    say(sheet, lang, T_CALIBRATE_HEAD, (const char *const[4]){made, points, years, found},
        cmd_sheet_head);
    cmd_sheet_table(sheet, "targets", wijk_text(lang, T_CALIBRATE_TITLE));
    columns(sheet, lang);
    for (int t = 0; t < WIJK_TARGETS; t++) {
        row(sheet, wijk_targets_row(targets, (wijk_target)t), c, (wijk_target)t, lang, machine);
    }
    cmd_sheet_note(sheet, wijk_text(lang, T_CALIBRATE_RULE));
    if (wijk_calibration_points(c) == 0) {
        cmd_sheet_note(sheet, wijk_text(lang, T_CALIBRATE_NONE));
    } else {
        say(sheet, lang, T_CALIBRATE_SHARE, (const char *const[4]){wijk_str_text(&share)},
            cmd_sheet_note);
    }
    if (out && wijk_calibration_points(c) > 0) {
        say(sheet, lang, T_CALIBRATE_KEPT, (const char *const[4]){out}, cmd_sheet_note);
    }
    rc = cmd_sheet_print(sheet);
    wijk_str_free(&share);
    wijk_targets_free(targets);
    return rc;
}

/* ---- the shipped set elsewhere --------------------------------------------------------------- */

static void check_columns(cmd_sheet *sheet, wijk_lang lang)
{
    static const column all[] = {{"target", T_CALIBRATE_TARGET, -1},
                                 {"unit", T_CALIBRATE_UNIT, -1},
                                 {"published", T_CALIBRATE_PUBLISHED, 2},
                                 {"low", T_CALIBRATE_LOW, 2},
                                 {"high", T_CALIBRATE_HIGH, 2},
                                 {"median", T_CALIBRATE_MODEL, 2},
                                 {"low90", T_CALIBRATE_BEFORE_LOW, 2},
                                 {"high90", T_CALIBRATE_BEFORE_HIGH, 2},
                                 {"plausible", T_CALIBRATE_BEFORE_WITHIN, 0}};
    add_columns(sheet, lang, all, sizeof all / sizeof *all);
}

static int show_check(int argc, char **argv, wijk_lang lang, const wijk_calibration_check *check,
                      const wijk_plausible *set, const char *place)
{
    wijk_targets *targets = NULL;
    int rc = wijk_targets_open(&targets);
    if (rc) {
        return rc;
    }
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    char points[24], left[24];
    snprintf(points, sizeof points, "%zu", check->points);
    snprintf(left, sizeof left, "%zu", check->plausible);
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    say(sheet, lang, T_CALIBRATE_CHECK_HEAD,
        (const char *const[4]){place, points, wijk_plausible_made_on(set), left}, cmd_sheet_head);
    cmd_sheet_table(sheet, "check", wijk_text(lang, T_CALIBRATE_TITLE));
    check_columns(sheet, lang);
    for (int t = 0; t < WIJK_TARGETS; t++) {
        const wijk_target_row *target = wijk_targets_row(targets, (wijk_target)t);
        const wijk_target_fit *fit = &check->fit[t];
        cmd_sheet_text(sheet, machine ? target->name : target->label[lang]);
        cmd_sheet_text(sheet, target->unit);
        cmd_sheet_number(sheet, target->value);
        cmd_sheet_number(sheet, target->low);
        cmd_sheet_number(sheet, target->high);
        cmd_sheet_number(sheet, fit->median);
        cmd_sheet_number(sheet, fit->low90);
        cmd_sheet_number(sheet, fit->high90);
        cmd_sheet_number(sheet, 100 * fit->within);
    }
    cmd_sheet_text(sheet, machine ? "all" : wijk_text(lang, T_CALIBRATE_CHECK_ALL));
    cmd_sheet_text(sheet, "");
    for (int i = 0; i < 6; i++) { /* together they have no middle of their own */
        cmd_sheet_number(sheet, NAN);
    }
    cmd_sheet_number(sheet, 100.0 * (double)check->plausible / (double)check->points);
    cmd_sheet_note(sheet, wijk_text(lang, T_CALIBRATE_RULE));
    cmd_sheet_note(sheet, wijk_text(lang, T_CALIBRATE_CHECK_NOTE));
    rc = cmd_sheet_print(sheet);
    wijk_targets_free(targets);
    return rc;
}

static int open_subject(subject *s, int argc, char **argv, wijk_lang lang)
{
    return cmd_flag(argc, argv, "town") ? open_town(s, lang)
                                        : cmd_place_open(&s->place, argc, argv, 0, lang);
}

static void close_subject(subject *s)
{
    wijk_population_free(s->population);
    wijk_start_free(s->start);
    wijk_str_free(&s->made_on);
    cmd_place_close(&s->place);
    remove_town(s);
}

typedef struct {
    unsigned long long n, seed; /* n: of what --NAME counts */
    unsigned threads;
} numbers;

static int read_numbers(numbers *out, int argc, char **argv, const char *name,
                        unsigned long long usual)
{
    *out = (numbers){.n = usual, .seed = 1};
    int rc = cmd_whole(&out->n, argc, argv, name, 1, UINT32_MAX);
    rc = rc ? rc : cmd_whole(&out->seed, argc, argv, "seed", 0, UINT64_MAX);
    return rc ? rc : cmd_threads(&out->threads, argc, argv);
}

static int check_set(int argc, char **argv, wijk_lang lang)
{
    subject s = {.made_on = WIJK_STR_INIT};
    cmd_job job;
    numbers with;
    wijk_plausible *set = NULL;
    wijk_calibration_check check;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    int rc = read_numbers(&with, argc, argv, "points", WIJK_PLAUSIBLE_MOST);
    rc = rc ? rc : wijk_plausible_open(&set);
    rc = rc ? rc : open_subject(&s, argc, argv, lang);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = build(&s, &job.ctx);
        const wijk_calibrate_options options = {
            .seed = with.seed, .points = (uint32_t)with.n, .threads = with.threads};
        rc = rc ? rc : wijk_calibrate_check(&check, s.population, set, &options, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc ? rc : show_check(argc, argv, lang, &check, set, wijk_str_text(&s.made_on));
    wijk_plausible_free(set);
    close_subject(&s);
    return rc;
}

int foresee_calibrate(int argc, char **argv, wijk_lang lang)
{
    const char *out = cmd_option(argc, argv, "out");
    if (cmd_flag(argc, argv, "check")) {
        return out ? wijk_fail(WIJK_EINVAL, "--check maakt geen set: laat --out weg.",
                               "--check makes no set: leave out --out.")
                   : check_set(argc, argv, lang);
    }
    subject s = {.made_on = WIJK_STR_INIT};
    cmd_job job;
    wijk_calibration *c = NULL;
    numbers with;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    int rc = read_numbers(&with, argc, argv, "points", POINTS);
    rc = rc ? rc : open_subject(&s, argc, argv, lang);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = build(&s, &job.ctx);
        const wijk_calibrate_options options = {.seed = with.seed,
                                                .points = (uint32_t)with.n,
                                                .threads = with.threads,
                                                .made_on = wijk_str_text(&s.made_on)};
        rc = rc ? rc : wijk_calibrate(&c, s.population, &options, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc || !out || wijk_calibration_points(c) == 0 ? rc : wijk_calibration_write(c, out);
    rc = rc ? rc : show(argc, argv, lang, c, wijk_str_text(&s.made_on), out);
    wijk_calibration_free(c);
    close_subject(&s);
    return rc;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static int show_facts(int argc, char **argv, wijk_lang lang, const wijk_stylised_facts *facts)
{
    static const enum wijk_text_key states[] = {T_CALIBRATE_MET, T_CALIBRATE_NOT_MET,
                                                T_CALIBRATE_CANNOT};
    static const char *const codes[] = {"met", "not_met", "cannot"};
    static const column all[] = {{"fact", T_CALIBRATE_FACT, 0},
                                 {"key", T_CALIBRATE_WHAT, -1},
                                 {"median", T_CALIBRATE_MODEL, 1},
                                 {"low90", T_CALIBRATE_BEFORE_LOW, 1},
                                 {"high90", T_CALIBRATE_BEFORE_HIGH, 1},
                                 {"unit", T_CALIBRATE_UNIT, -1},
                                 {"published", T_CALIBRATE_PUBLISHED, -1},
                                 {"state", T_CALIBRATE_STATE, -1},
                                 {"source", T_CALIBRATE_SOURCE, -1}};
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    char worlds[16];
    snprintf(worlds, sizeof worlds, "%u", wijk_stylised_replicates(facts));
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    say(sheet, lang, T_CALIBRATE_FACTS_HEAD,
        (const char *const[4]){wijk_stylised_made_on(facts), worlds}, cmd_sheet_head);
    cmd_sheet_table(sheet, "facts", wijk_text(lang, T_CALIBRATE_FACTS));
    add_columns(sheet, lang, all, sizeof all / sizeof *all);
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *r = wijk_stylised_at(facts, (wijk_stylised)i);
        cmd_sheet_number(sheet, r->fact);
        cmd_sheet_text(sheet, machine ? r->key : r->label[lang]);
        cmd_sheet_number(sheet, r->median);
        cmd_sheet_number(sheet, r->low90);
        cmd_sheet_number(sheet, r->high90);
        cmd_sheet_text(sheet, r->unit);
        cmd_sheet_text(sheet, r->published[lang]);
        cmd_sheet_text(sheet, machine ? codes[r->state] : wijk_text(lang, states[r->state]));
        cmd_sheet_text(sheet, r->source);
    }
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *r = wijk_stylised_at(facts, (wijk_stylised)i);
        char number[8];
        snprintf(number, sizeof number, "%d", r->fact);
        if (*r->why[lang]) {
            say(sheet, lang, T_CALIBRATE_WHY, (const char *const[4]){number, r->why[lang]},
                cmd_sheet_note);
        }
    }
    return cmd_sheet_print(sheet);
}

int foresee_facts(int argc, char **argv, wijk_lang lang)
{
    subject s = {.made_on = WIJK_STR_INIT};
    cmd_job job;
    wijk_stylised_facts *facts = NULL;
    numbers with;
    const char *out = cmd_option(argc, argv, "out");
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    int shipped = !cmd_flag(argc, argv, "town") && !cmd_positional(argc, argv, 0);
    int rc = read_numbers(&with, argc, argv, "replicates", REPLICATES);
    if (!rc && shipped) {
        rc = wijk_stylised_open(&facts);
    } else if (!rc) {
        rc = open_subject(&s, argc, argv, lang);
        cmd_job_begin(&job, machine);
        rc = rc ? rc : build(&s, &job.ctx);
        const wijk_stylised_options options = {.seed = with.seed,
                                               .replicates = (uint32_t)with.n,
                                               .threads = with.threads,
                                               .made_on = wijk_str_text(&s.made_on)};
        rc = rc ? rc : wijk_stylised_run(&facts, s.population, &options, &job.ctx);
        cmd_job_end(&job);
    }
    rc = rc || !out ? rc : wijk_stylised_write(facts, out);
    rc = rc ? rc : show_facts(argc, argv, lang, facts);
    wijk_stylised_free(facts);
    close_subject(&s);
    return rc;
}
