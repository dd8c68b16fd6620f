/* wijk plan: what is intended where, how it will be judged, and what it did. Without the name of a
 * subcommand: the list. */
#include "cli/plan.h"

#include "figure/words.h"

#include "wijk/file.h"
#include "wijk/plan_figure.h"

#include <stdio.h>
#include <string.h>

const wijk_command wijk_plans[] = {
    {"list", plan_list, "[--csv|--json]", {"alle plannen", "all plans"}, NULL},
    {"show",
     plan_show,
     "CODE [--csv|--json|--pdf FILE]",
     {"één plan: wat er staat en wat er gewijzigd is; --pdf voor op tafel",
      "one plan: what it says and what changed; --pdf for the table"},
     NULL},
    {"new",
     plan_new,
     "TITLE --areas A,B [--indicator X]",
     {"begin een plan", "begin a plan"},
     NULL},
    {"set",
     plan_set,
     "CODE FIELD VALUE|--from FILE",
     {"vul een onderdeel van een concept in", "fill in a part of a draft"},
     NULL},
    {"areas",
     plan_areas,
     "CODE [--add A,B] [--drop C]",
     {"gebieden van een concept erbij of eraf", "add or drop areas of a draft"},
     NULL},
    {"freeze",
     plan_freeze,
     "CODE [--look]",
     {"leg vast hoe het beoordeeld wordt; zegt eerst wat te zien zal zijn",
      "seal how it will be judged; first says what could be noticed"},
     NULL},
    {"amend",
     plan_amend,
     "CODE FIELD VALUE --signed WHO --reason WHY",
     {"wijzig een vastgelegd plan, met naam en reden",
      "amend a frozen plan, with a name and a reason"},
     NULL},
    {"start", plan_start, "CODE", {"het werk is begonnen", "the work has begun"}, NULL},
    {"close", plan_close, "CODE", {"het werk is klaar", "the work is done"}, NULL},
    {"judge",
     plan_judge,
     "CODE [--csv|--json]",
     {"heeft het geholpen? volgens wat vooraf is vastgelegd",
      "did it help? by what was sealed beforehand"},
     NULL},
    {"approaches",
     plan_approaches,
     "[--csv|--json]",
     {"wat het model van een aanpak kent", "what the model knows of an approach"},
     NULL},
    {"forecast",
     plan_forecast,
     "CODE [--replicates N] [--look] [--csv|--json]",
     {"wat het model ervan verwacht, naast niets doen; bewaard bij het plan",
      "what the model expects of it, beside doing nothing; kept with the plan"},
     NULL},
    {"account",
     plan_account,
     "CODE [--csv|--json] [--explain WIE|WHO]",
     {"wat het wie kost en oplevert", "what it costs and yields whom"},
     NULL},
    {"card",
     plan_card,
     "CODE [--out FILE]",
     {"de kaart van een gesloten plan: wat het kostte en deed, voor anderen",
      "the card of a closed plan: what it cost and did, for others"},
     NULL},
    {"read-card",
     plan_read_card,
     "FILE [--csv|--json]",
     {"lees de kaart van een ander", "read somebody's card"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};

const char *plan_state_text(wijk_lang lang, enum wijk_plan_state state)
{
    return wijk_text(lang, (enum wijk_text_key)(T_PLAN_STATE_1 + state));
}

int plan_job_again(plan_job *job)
{
    return wijk_plan_get(&job->plan, job->place.store, job->place.arena, job->plan.code);
}

int plan_job_open(plan_job *out, int argc, char **argv, wijk_lang lang, int writing, int named)
{
    const char *code = cmd_positional(argc, argv, 0);
    *out = (plan_job){.lang = lang, .argc = argc, .argv = argv};
    if (named && !code) {
        return wijk_fail(WIJK_EINVAL, "Welk plan? Geef de code; wijk plan list noemt ze.",
                         "Which plan? Give its code; wijk plan list names them.");
    }
    cmd_place *at = &out->place;
    int rc = wijk_store_open(&at->store, cmd_file(argc, argv),
                             writing ? WIJK_STORE_WRITE : WIJK_STORE_READ);
    rc = rc ? rc : wijk_registry_open(&at->registry, at->store);
    rc = rc ? rc : wijk_arena_new(&at->arena, 0);
    return rc || !named ? rc : wijk_plan_get(&out->plan, at->store, at->arena, code);
}

void plan_job_close(plan_job *job)
{
    cmd_place_close(&job->place);
}

int plan_job_areas(plan_job *job, int64_t *out, size_t *count, size_t most, const char *names)
{
    int rc = WIJK_OK;
    *count = 0;
    for (const char *at = names; *at && !rc; ++*count) {
        size_t size = strcspn(at, ",");
        char *name = wijk_arena_strndup(job->place.arena, at, size);
        rc = !name ? WIJK_ENOMEM
             : *count == most
                 ? wijk_fail(WIJK_ELIMIT, "Hoogstens %zu gebieden.", "At most %zu areas.", most)
                 : cmd_place_find(&job->place, job->argc, job->argv, name, job->lang);
        out[*count < most ? *count : 0] = job->place.area;
        at += size + (at[size] == ',');
    }
    return rc;
}

static const char *area_names(plan_job *job, const wijk_plan *plan)
{
    wijk_str text = WIJK_STR_INIT;
    for (size_t i = 0; i < plan->area_count; i++) {
        wijk_str_add(&text, i ? ", " : "");
        wijk_str_add(&text, plan->areas[i].name);
    }
    return wijk_str_keep(&text, job->place.arena);
}

int plan_list(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    wijk_plan *plans;
    size_t count = 0;
    int rc = plan_job_open(&job, argc, argv, lang, 0, 0);
    rc = rc ? rc : wijk_plan_list(&plans, &count, job.place.store, job.place.arena);
    if (!rc) {
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        if (!count) {
            cmd_sheet_head(sheet, wijk_text(lang, T_PLAN_NONE));
        }
        cmd_sheet_table(sheet, "plans", "");
        cmd_sheet_column(sheet, "code", wijk_text(lang, T_PLAN_CODE), -1);
        cmd_sheet_column(sheet, "title", wijk_text(lang, T_PLAN_FIELD_1), -1);
        cmd_sheet_column(sheet, "state", wijk_text(lang, T_PLAN_STATE), -1);
        cmd_sheet_column(sheet, "areas", wijk_text(lang, T_PLAN_AREAS), -1);
        cmd_sheet_column(sheet, "begins", wijk_text(lang, T_PLAN_FIELD_7), -1);
        for (size_t i = 0; i < count; i++) {
            cmd_sheet_text(sheet, plans[i].code);
            cmd_sheet_text(sheet, plans[i].value[WIJK_PLAN_TITLE]);
            cmd_sheet_text(sheet, plan_state_text(lang, plans[i].state));
            cmd_sheet_text(sheet, area_names(&job, &plans[i]));
            cmd_sheet_text(sheet, plans[i].value[WIJK_PLAN_BEGINS]);
        }
        rc = cmd_sheet_print(sheet);
    }
    plan_job_close(&job);
    return rc;
}

int cmd_plan(int argc, char **argv, wijk_lang lang)
{
    const char *what = cmd_positional(argc, argv, 0);
    return what ? wijk_fail(WIJK_EINVAL, "\"%.40s\" kan niet; wijk help plan noemt wat er wel kan.",
                            "There is no \"%.40s\"; wijk help plan names what there is.", what)
                : plan_list(argc, argv, lang);
}

static void amendments(const plan_job *job, cmd_sheet *sheet)
{
    const wijk_plan *plan = &job->plan;
    if (!plan->amendment_count) {
        return;
    }
    cmd_sheet_table(sheet, "amendments", wijk_text(job->lang, T_PLAN_AMENDMENTS));
    cmd_sheet_column(sheet, "field", wijk_text(job->lang, T_PLAN_FIELD), -1);
    cmd_sheet_column(sheet, "from", wijk_text(job->lang, T_PLAN_FROM), -1);
    cmd_sheet_column(sheet, "to", wijk_text(job->lang, T_PLAN_VALUE), -1);
    cmd_sheet_column(sheet, "at", wijk_text(job->lang, T_PLAN_AT), -1);
    cmd_sheet_column(sheet, "signed", wijk_text(job->lang, T_PLAN_SIGNED), -1);
    cmd_sheet_column(sheet, "reason", wijk_text(job->lang, T_PLAN_REASON), -1);
    for (size_t i = 0; i < plan->amendment_count; i++) {
        const wijk_amendment *it = &plan->amendments[i];
        cmd_sheet_text(sheet, wijk_plan_columns[it->field].code);
        cmd_sheet_text(sheet, it->from);
        cmd_sheet_text(sheet, it->to);
        cmd_sheet_text(sheet, it->at);
        cmd_sheet_text(sheet, it->signed_by);
        cmd_sheet_text(sheet, it->reason);
    }
}

static int print_pdf(plan_job *job, const char *path)
{
    wijk_str bytes = WIJK_STR_INIT;
    int rc = wijk_plan_pdf_of(&bytes, job->place.store, job->lang, job->place.registry, &job->plan,
                              NULL);
    rc = rc ? rc : wijk_file_write(path, bytes.data, bytes.size);
    wijk_str_free(&bytes);
    return rc;
}

int plan_show(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    const char *path = cmd_option(argc, argv, "pdf");
    int rc = plan_job_open(&job, argc, argv, lang, 0, 1);
    if (!rc && path) {
        rc = print_pdf(&job, path);
    } else if (!rc) {
        const wijk_plan *plan = &job.plan;
        cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
        cmd_sheet_table(sheet, "plan", "");
        cmd_sheet_column(sheet, "field", wijk_text(lang, T_PLAN_FIELD), -1);
        cmd_sheet_column(sheet, "what", "", -1);
        cmd_sheet_column(sheet, "value", "", -1);
        cmd_sheet_text(sheet, "state");
        cmd_sheet_text(sheet, wijk_text(lang, T_PLAN_STATE));
        cmd_sheet_text(sheet, plan_state_text(lang, plan->state));
        cmd_sheet_text(sheet, "areas");
        cmd_sheet_text(sheet, wijk_text(lang, T_PLAN_AREAS));
        cmd_sheet_text(sheet, area_names(&job, plan));
        for (int i = 0; i < WIJK_PLAN_FIELDS; i++) {
            cmd_sheet_text(sheet, wijk_plan_columns[i].code);
            cmd_sheet_text(sheet, wijk_text(lang, (enum wijk_text_key)(T_PLAN_FIELD_1 + i)));
            cmd_sheet_text(sheet, plan->value[i]);
        }
        amendments(&job, sheet);
        for (size_t i = 0; i < plan->overlap_count; i++) {
            cmd_sheet_note(sheet,
                           wijk_arena_printf(job.place.arena, "%s %s",
                                             wijk_text(lang, T_PLAN_OVERLAP), plan->overlaps[i]));
        }
        if (!plan->intact) {
            cmd_sheet_note(sheet, wijk_text(lang, T_PLAN_CHANGED));
        }
        rc = cmd_sheet_print(sheet);
    }
    plan_job_close(&job);
    return rc;
}
