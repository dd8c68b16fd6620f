/* wijk foresee sensitivity: which assumptions move the difference a policy makes. Parameters one by
 * one (Morris) or in eight groups (Sobol'). In parts, and to go on with: --out keeps what was done,
 * and a file that is there already is gone on with. */
#include "cli/foresee.h"
#include "cli/foresee_policy.h"
#include "cli/foresee_sheet.h"
#include "cli/place.h"
#include "cli/sheet.h"

#include "wijk/file.h"
#include "wijk/forecast.h"
#include "wijk/mem.h"
#include "wijk/parameters.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

enum { TRAJECTORIES = 6, PAIRS = 64, YEARS = 5, SHOWN = 15, PARTS = 4096 };

static const enum wijk_text_key group_words[WIJK_SENSITIVITY_GROUPS] = {
#define X(name, key) T_SENSITIVITY_G_##name,
    WIJK_SENSITIVITY_GROUPS_X(X)
#undef X
};

/* ---- files ----------------------------------------------------------------------------------- */

static int write_part(const wijk_sensitivity *s, const char *path)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_sensitivity_write(&text, s);
    int rc = wijk_str_status(&text);
    rc = rc ? rc : wijk_file_write(path, text.data, text.size);
    wijk_str_free(&text);
    return rc;
}

static int read_part(wijk_sensitivity **out, const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_sensitivity_read(out, bytes, size, path);
    wijk_free(bytes);
    return rc;
}

static int keep(void *payload, const wijk_sensitivity *so_far)
{
    const char *const *path = payload;
    return write_part(so_far, *path);
}

/* ---- what it says ---------------------------------------------------------------------------- */

typedef struct {
    cmd_sheet *sheet;
    const wijk_sensitivity *s;
    wijk_lang lang;
    int machine;
    wijk_outcome outcome;
} view;

static void column(const view *v, const char *name, enum wijk_text_key key, int decimals)
{
    cmd_sheet_column(v->sheet, name, wijk_text(v->lang, key), decimals);
}

static void table(const view *v, const char *name, enum wijk_text_key key)
{
    wijk_str title = WIJK_STR_INIT;
    wijk_text_fill(&title, v->lang, key, foresee_outcome_word(v->lang, v->outcome), NULL);
    cmd_sheet_table(v->sheet, name, wijk_str_text(&title));
    wijk_str_free(&title);
}

static int screened(const view *v)
{
    wijk_screened rows[WIJK_PARAMETERS + 1];
    wijk_dictionary *dictionary = NULL;
    size_t n;
    int rc = wijk_sensitivity_screen(rows, &n, v->s, v->outcome);
    rc = rc ? rc : wijk_dictionary_open(&dictionary);
    if (rc) {
        return rc;
    }
    table(v, "screening", T_SENSITIVITY_SCREENING);
    column(v, "parameter", T_SENSITIVITY_PARAMETER, -1);
    column(v, "kind", T_SENSITIVITY_KIND, -1);
    column(v, "mu_star", T_SENSITIVITY_MU_STAR, 2);
    column(v, "low", T_SENSITIVITY_LOW, 2);
    column(v, "high", T_SENSITIVITY_HIGH, 2);
    column(v, "half", T_SENSITIVITY_HALF, 2);
    column(v, "mu", T_SENSITIVITY_MU, 2);
    column(v, "sigma", T_SENSITIVITY_SIGMA, 2);
    if (v->machine) {
        cmd_sheet_column(v->sheet, "error", "", 2);
    }
    for (size_t i = 0; i < n && (v->machine || i < SHOWN); i++) {
        const wijk_screened *e = &rows[i];
        const wijk_parameter_row *row =
            e->parameter < 0 ? NULL : wijk_dictionary_row(dictionary, (wijk_parameter)e->parameter);
        cmd_sheet_text(v->sheet,
                       !row ? v->machine ? "chance" : wijk_text(v->lang, T_SENSITIVITY_G_CHANCE)
                       : v->machine ? row->name
                                    : row->label[v->lang]);
        cmd_sheet_text(v->sheet, wijk_text(v->lang, !row          ? T_SENSITIVITY_K_CHANCE
                                                    : row->effect ? T_SENSITIVITY_K_EFFECT
                                                                  : T_SENSITIVITY_K_MECHANICS));
        const double cells[] = {e->mu_star, e->low, e->high, e->half, e->mu, e->sigma};
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
            cmd_sheet_number(v->sheet, cells[c]);
        }
        if (v->machine) {
            cmd_sheet_number(v->sheet, e->error);
        }
    }
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_SENSITIVITY_SCREEN_NOTE));
    wijk_dictionary_free(dictionary);
    return WIJK_OK;
}

static int split(const view *v)
{
    wijk_sensitivity_indices all;
    int rc = wijk_sensitivity_split(&all, v->s, v->outcome);
    if (rc) {
        return rc;
    }
    table(v, "groups", T_SENSITIVITY_GROUPS);
    column(v, "group", T_SENSITIVITY_GROUP, -1);
    column(v, "first", T_SENSITIVITY_FIRST, 2);
    column(v, "first_low", T_SENSITIVITY_LOW, 2);
    column(v, "first_high", T_SENSITIVITY_HIGH, 2);
    column(v, "first_half", T_SENSITIVITY_HALF, 2);
    column(v, "total", T_SENSITIVITY_TOTAL, 2);
    column(v, "total_low", T_SENSITIVITY_LOW, 2);
    column(v, "total_high", T_SENSITIVITY_HIGH, 2);
    column(v, "total_half", T_SENSITIVITY_HALF, 2);
    for (int g = 0; g < WIJK_SENSITIVITY_GROUPS; g++) {
        const wijk_sensitivity_index *i = &all.of[g];
        cmd_sheet_text(v->sheet, v->machine ? wijk_sensitivity_group_key((wijk_sensitivity_group)g)
                                            : wijk_text(v->lang, group_words[g]));
        const double cells[] = {i->first, i->first_low, i->first_high, i->first_half,
                                i->total, i->total_low, i->total_high, i->total_half};
        for (size_t c = 0; c < sizeof cells / sizeof *cells; c++) {
            cmd_sheet_number(v->sheet, cells[c]);
        }
    }
    wijk_str text = WIJK_STR_INIT, mean = WIJK_STR_INIT, deviation = WIJK_STR_INIT;
    wijk_number(&mean, v->lang, all.mean, 1);
    wijk_number(&deviation, v->lang, all.deviation, 1);
    wijk_text_fill(&text, v->lang, T_SENSITIVITY_SPREAD, wijk_str_text(&mean),
                   wijk_str_text(&deviation), NULL);
    cmd_sheet_note(v->sheet, wijk_str_text(&text));
    cmd_sheet_note(v->sheet, wijk_text(v->lang, T_SENSITIVITY_GROUP_NOTE));
    wijk_str_free(&text);
    wijk_str_free(&mean);
    wijk_str_free(&deviation);
    return WIJK_OK;
}

static void heads(const view *v)
{
    char units[24], first[24], last[24], pairs[24], years[24], seed[24], mark[24];
    wijk_sensitivity_about a = wijk_sensitivity_tell(v->s);
    uint32_t n = a.last - a.first + 1;
    snprintf(units, sizeof units, "%u", n);
    snprintf(first, sizeof first, "%u", a.first);
    snprintf(last, sizeof last, "%u", a.last);
    snprintf(pairs, sizeof pairs, "%u", n * a.points);
    snprintf(years, sizeof years, "%u", a.years);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)a.seed);
    snprintf(mark, sizeof mark, "%016llx", (unsigned long long)a.parameters);
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, v->lang, T_SENSITIVITY_HEAD, a.place, a.title[v->lang], years, NULL);
    cmd_sheet_head(v->sheet, wijk_str_text(&text));
    wijk_str_clear(&text);
    wijk_text_fill(&text, v->lang,
                   a.kind == WIJK_SCREENING ? T_SENSITIVITY_UNITS_SCREEN
                                            : T_SENSITIVITY_UNITS_GROUP,
                   units, first, last, pairs, NULL);
    cmd_sheet_head(v->sheet, wijk_str_text(&text));
    wijk_str_clear(&text);
    wijk_text_fill(&text, v->lang, T_SENSITIVITY_REPEAT, seed, a.version, mark, a.lineage, NULL);
    cmd_sheet_note(v->sheet, wijk_str_text(&text));
    wijk_str_free(&text);
}

static int show(int argc, char **argv, wijk_lang lang, const wijk_sensitivity *s)
{
    const char *name = cmd_option(argc, argv, "outcome");
    wijk_outcome outcome = WIJK_OUT_STRAINED;
    if (name && !wijk_outcome_find(name, &outcome)) {
        return wijk_fail(
            WIJK_EINVAL,
            "--outcome %s: die uitkomst bestaat niet; `wijk foresee run --csv` noemt ze.",
            "--outcome %s: there is no such outcome; `wijk foresee run --csv` names "
            "them.",
            name);
    }
    const view v = {cmd_sheet_new(argc, argv, lang), s, lang,
                    cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv"), outcome};
    heads(&v);
    int rc = wijk_sensitivity_tell(s).kind == WIJK_SCREENING ? screened(&v) : split(&v);
    if (rc == WIJK_ENOTFOUND) { /* nothing to tell apart is an answer */
        cmd_sheet_note(v.sheet, wijk_error(lang));
        rc = WIJK_OK;
    }
    if (rc) {
        cmd_sheet_free(v.sheet);
        return rc;
    }
    return cmd_sheet_print(v.sheet);
}

/* ---- options --------------------------------------------------------------------------------- */

static int read_options(wijk_sensitivity_options *o, int argc, char **argv)
{
    unsigned long long seed = 1, years = YEARS;
    o->kind = cmd_flag(argc, argv, "by-group") ? WIJK_GROUPING : WIJK_SCREENING;
    o->first = 1;
    o->last = o->kind == WIJK_SCREENING ? TRAJECTORIES : PAIRS;
    int rc = cmd_range(&o->first, &o->last, argc, argv, "units", WIJK_SENSITIVITY_UNITS);
    rc = rc ? rc : cmd_whole(&seed, argc, argv, "seed", 0, UINT64_MAX);
    rc = rc ? rc : cmd_whole(&years, argc, argv, "years", 1, WIJK_ENSEMBLE_YEARS);
    rc = rc ? rc : cmd_threads(&o->threads, argc, argv);
    o->seed = seed;
    o->years = (uint32_t)years;
    return rc;
}

static int is_there(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file) {
        fclose(file);
    }
    return file != NULL;
}

static int run_it(wijk_sensitivity **out, int argc, char **argv, wijk_lang lang)
{
    cmd_place place = {0};
    cmd_job job;
    wijk_sensitivity_options o = {0};
    foresee_policy policy;
    wijk_case *it = NULL;
    wijk_sensitivity *done = NULL;
    int machine = cmd_flag(argc, argv, "json") || cmd_flag(argc, argv, "csv");
    const char *path = cmd_option(argc, argv, "out");
    int rc = foresee_policy_asked(&policy, argc, argv);
    rc = rc ? rc : read_options(&o, argc, argv);
    if (!rc && path) {
        o.keep = keep;
        o.payload = &path;
        rc = is_there(path) ? read_part(&done, path) : WIJK_OK;
        o.done = done;
    }
    rc = rc ? rc : cmd_place_open(&place, argc, argv, 0, lang);
    rc = rc ? rc : foresee_policy_check(&policy, &place);
    if (!rc) {
        cmd_job_begin(&job, machine);
        rc = wijk_case_new(&it, place.store, place.registry, place.area, &job.ctx);
        rc = rc ? rc : wijk_case_sensitivity(out, it, policy.file, &o, &job.ctx);
        cmd_job_end(&job);
    }
    wijk_sensitivity_free(done);
    wijk_case_free(it);
    foresee_policy_close(&policy);
    cmd_place_close(&place);
    return rc;
}

static int join(wijk_sensitivity **out, int argc, char **argv)
{
    size_t n = 0;
    const char *path = cmd_option(argc, argv, "out");
    int rc = cmd_count_parts(&n, argc, argv, PARTS);
    wijk_sensitivity **parts = rc ? NULL : wijk_alloc((n + 1) * sizeof *parts);
    rc = rc || parts ? rc : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = read_part(&parts[i], cmd_positional(argc, argv, (int)i));
    }
    rc = rc ? rc : wijk_sensitivity_merge(out, (const wijk_sensitivity *const *)parts, n);
    rc = rc ? rc : path ? write_part(*out, path) : WIJK_OK;
    for (size_t i = 0; parts && i < n; i++) {
        wijk_sensitivity_free(parts[i]);
    }
    wijk_free(parts);
    return rc;
}

int foresee_sensitivity(int argc, char **argv, wijk_lang lang)
{
    wijk_sensitivity *s = NULL;
    int rc = cmd_flag(argc, argv, "join") ? join(&s, argc, argv) : run_it(&s, argc, argv, lang);
    rc = rc ? rc : show(argc, argv, lang, s);
    wijk_sensitivity_free(s);
    return rc;
}
