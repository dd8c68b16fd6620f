/* A plan on paper: what was agreed, what it did, who pays and who gains, and what was amended, for
 * the table around which it is decided. The same words and drawings as the page. */
#include "wijk/plan_figure.h"

#include "figure/paper.h"
#include "figure/words.h"

#include <math.h>
#include <string.h>

enum { DRAWS = 20000, SEAL_SHOWN = 12, SHORT = 20 };

typedef struct {
    paper paper;
    wijk_arena *arena;
    wijk_lang lang;
    const wijk_registry *registry;
    const wijk_plan *plan;
} print;

static const char *text_of(const print *p, enum wijk_text_key key)
{
    return wijk_text(p->lang, key);
}

static void heading(print *p, enum wijk_text_key key)
{
    paper_gap(&p->paper, 12);
    paper_need(&p->paper, 70);
    paper_say(&p->paper, 15, "lead strong", text_of(p, key));
    paper_gap(&p->paper, 3);
}

static void note(print *p, const char *text)
{
    paper_say(&p->paper, 11.5, "small", text);
    paper_gap(&p->paper, 3);
}

static const char *foot(const print *p)
{
    const wijk_plan *plan = p->plan;
    if (plan->state == WIJK_PLAN_DRAFT) {
        return WIJK_FILL(p->arena, p->lang, T_PLAN_PRINT_FOOT_DRAFT, {"version", WIJK_VERSION},
                         {"code", plan->code});
    }
    const char *seal = wijk_arena_strndup(p->arena, plan->seal, SEAL_SHOWN);
    return WIJK_FILL(p->arena, p->lang, T_PLAN_PRINT_FOOT, {"version", WIJK_VERSION},
                     {"code", plan->code}, {"seal", seal ? seal : ""});
}

static void head(print *p)
{
    const wijk_plan *plan = p->plan;
    wijk_str where = WIJK_STR_INIT;
    wijk_str_add(&where, text_of(p, (enum wijk_text_key)(T_PLAN_STATE_1 + (int)plan->state)));
    for (size_t i = 0; i < plan->area_count; i++) {
        wijk_str_add(&where, i ? ", " : " · ");
        wijk_str_add(&where, plan->areas[i].name);
    }
    paper_say(&p->paper, 11.5, "small soft",
              WIJK_FILL(p->arena, p->lang, T_PLAN_PRINT_HEAD, {"code", plan->code}));
    paper_gap(&p->paper, 4);
    paper_say(&p->paper, 26, "title", plan->value[WIJK_PLAN_TITLE]);
    paper_gap(&p->paper, 4);
    paper_say(&p->paper, 11.5, "small soft", wijk_str_text(&where));
    paper_say(&p->paper, 11.5, "small soft", wijk_plan_since_say(p->arena, p->lang, plan));
    if (plan->fictional) {
        paper_say(&p->paper, 11.5, "small strong", text_of(p, T_PLAN_PRINT_FICTIONAL));
    }
    wijk_str_free(&where);
}

static void warnings(print *p)
{
    const wijk_plan *plan = p->plan;
    if (!plan->intact) {
        paper_say(&p->paper, 11.5, "small strong", text_of(p, T_PLAN_CHANGED));
    }
    if (plan->state != WIJK_PLAN_DRAFT && !wijk_plan_sealed_before(plan)) {
        paper_say(&p->paper, 11.5, "small strong", text_of(p, T_PLAN_LATE));
    }
    if (wijk_plan_closed_early(plan)) {
        paper_say(&p->paper, 11.5, "small strong", text_of(p, T_PLAN_CLOSED_EARLY));
    }
    for (size_t i = 0; i < plan->overlap_count; i++) {
        const char *text = wijk_arena_printf(p->arena, "%s %s. %s", text_of(p, T_PLAN_OVERLAP),
                                             plan->overlaps[i], text_of(p, T_PLAN_OVERLAP_ABOUT));
        paper_say(&p->paper, 11.5, "small", text ? text : "");
    }
}

static void facts(print *p)
{
    heading(p, T_PLAN_WHAT);
    for (int i = WIJK_PLAN_AIM; i < WIJK_PLAN_ACCOUNT; i++) {
        const char *value = p->plan->value[i];
        const char *label = text_of(p, (enum wijk_text_key)(T_PLAN_FIELD_1 + i));
        const char *shown =
            wijk_plan_value_say(p->arena, p->lang, p->registry, (enum wijk_plan_field)i, value);
        if (*value && strlen(value) <= SHORT) {
            const char *both = wijk_arena_printf(p->arena, "%s: %s", label, shown);
            note(p, both ? both : "");
        } else if (*value) {
            paper_say(&p->paper, 10.5, "tiny soft", label);
            note(p, shown);
        }
    }
}

/* ---- what it did ------------------------------------------------------------------------------
 */

static int verdict_figures(print *p, const wijk_plan_judgement *it)
{
    const wijk_indicator *outcome =
        wijk_indicator_by_code(p->registry, p->plan->design[WIJK_PLAN_INDICATOR]);
    wijk_figure course = WIJK_FIGURE_INIT, chance = WIJK_FIGURE_INIT;
    wijk_figure_style style = {p->lang, 2, (int)PAPER_HALF, "course"};
    int rc =
        outcome ? wijk_plan_picture_course(&course, p->arena, &style, it, outcome) : WIJK_ENOTFOUND;
    style.id = "chance";
    rc = rc ? rc : wijk_plan_picture_chance(&chance, p->arena, &style, it);
    if (!rc) {
        paper_gap(&p->paper, 8);
        paper_figures(&p->paper, &course, &chance);
    }
    wijk_figure_free(&course);
    wijk_figure_free(&chance);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int verdict(print *p, const wijk_plan_judgement *it, const char *why_not)
{
    heading(p, T_PLAN_VERDICT);
    if (!it) {
        note(p, why_not ? why_not : "");
        return WIJK_OK;
    }
    wijk_verdict_words words;
    wijk_verdict_say(&words, p->arena, p->lang, &it->verdict, &it->design, it->decimals);
    paper_say(&p->paper, 13, "strong", words.answer);
    paper_gap(&p->paper, 3);
    for (size_t i = 0; i < WIJK_VERDICT_NOTES && words.notes[i]; i++) {
        note(p, words.notes[i]);
    }
    return verdict_figures(p, it);
}

/* ---- who pays --------------------------------------------------------------------------------
 */

static const paper_column columns[] = {{0, 0.27, WIJK_START},  {0.39, 0.12, WIJK_END},
                                       {0.51, 0.12, WIJK_END}, {0.63, 0.12, WIJK_END},
                                       {0.93, 0.29, WIJK_END}, {1, 0.07, WIJK_END}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *euro(const print *p, int64_t cents)
{
    wijk_str text = WIJK_STR_INIT;
    wijk_cents_write(&text, p->lang, cents, 0);
    return wijk_str_keep(&text, p->arena);
}

static void party_table(print *p, const wijk_account *account, const wijk_account_result *result)
{
    const char *heads[COLUMNS] = {text_of(p, T_ACCOUNT_PARTY),   text_of(p, T_PLAN_FLOW_PAYS),
                                  text_of(p, T_PLAN_FLOW_GAINS), text_of(p, T_ACCOUNT_NET),
                                  text_of(p, T_PLAN_MONEY_BAND), text_of(p, T_ACCOUNT_CHANCE)};
    paper_row(&p->paper, columns, COLUMNS, heads, 1);
    for (size_t i = 0; i < result->party_count; i++) {
        const wijk_party *it = &result->parties[i];
        wijk_str name = WIJK_STR_INIT;
        wijk_account_party_name(&name, p->lang, account, it);
        const char *cells[COLUMNS] = {
            wijk_str_text(&name),
            euro(p, it->cost + it->given),
            euro(p, it->benefit + it->received),
            euro(p, it->net),
            wijk_plan_band_say(p->arena, p->lang, it),
            isfinite(it->chance) ? wijk_number_in(p->arena, p->lang, it->chance * 100, 0) : "–"};
        paper_row(&p->paper, columns, COLUMNS, cells, 0);
        wijk_str_free(&name);
    }
    paper_gap(&p->paper, 8);
}

static void money_notes(print *p, const wijk_account *account, const wijk_account_result *result)
{
    note(p, text_of(p, T_ACCOUNT_NOTE_EVIDENCE));
    note(p, text_of(p, T_ACCOUNT_NOTE_BANDS));
    for (size_t i = 0; i < result->unpriced_count; i++) {
        wijk_str text = WIJK_STR_INIT;
        wijk_text_fill(&text, p->lang, T_PLAN_UNPRICED,
                       account->lines[result->unpriced[i].line].what, NULL);
        note(p, wijk_str_text(&text));
        wijk_str_free(&text);
    }
}

static int money_parts(print *p, const wijk_account *account, const wijk_account_result *result)
{
    wijk_figure flows = WIJK_FIGURE_INIT;
    const wijk_figure_style style = {p->lang, 2, (int)PAPER_WIDE, "flows"};
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, p->lang, T_PLAN_PRINT_MONEY, wijk_svg_year(p->arena, result->price_year),
                   wijk_svg_year(p->arena, account->first_year),
                   wijk_svg_year(p->arena, account->first_year + account->years - 1), NULL);
    note(p, wijk_str_text(&text));
    wijk_str_free(&text);
    paper_say(&p->paper, 13, "strong",
              wijk_plan_break_say(p->arena, p->lang, wijk_account_society(result)));
    party_table(p, account, result);
    money_notes(p, account, result);
    int rc = wijk_plan_picture_flows(&flows, p->arena, &style, account, result);
    if (!rc) {
        paper_gap(&p->paper, 8);
        paper_figures(&p->paper, &flows, NULL);
    }
    wijk_figure_free(&flows);
    return rc == WIJK_ENOTFOUND ? WIJK_OK : rc;
}

static int money(print *p, wijk_ctx *ctx)
{
    const char *text = p->plan->value[WIJK_PLAN_ACCOUNT];
    const wijk_account_options options = {.draws = DRAWS, .seed = 1};
    wijk_account_file *file = NULL;
    wijk_account_result *result = NULL;
    heading(p, T_PLAN_MONEY);
    if (!*text) {
        note(p, text_of(p, T_PLAN_MONEY_NONE));
        return WIJK_OK;
    }
    int rc = wijk_account_read(&file, text, strlen(text), "plan", NULL, 0, NULL);
    rc = rc ? rc : wijk_account_reckon(&result, wijk_account_of(file), &options, ctx);
    rc = rc ? rc : money_parts(p, wijk_account_of(file), result);
    wijk_account_result_free(result);
    wijk_account_file_free(file);
    return rc;
}

static void forecast(print *p, const wijk_plan_paper *it)
{
    if (!it->forecast) {
        return;
    }
    heading(p, T_PLAN_FORECAST);
    note(p, it->forecast);
    for (size_t i = 0; i < it->outlook_count; i++) {
        const wijk_plan_outlook *one = &it->outlooks[i];
        if (one->lineage) {
            paper_say(&p->paper, 11.5, "small strong", one->area);
        }
        for (size_t k = 0; k < WIJK_PLAN_OUTLOOK_SAYS && one->said[k].text; k++) {
            const char *kind =
                text_of(p, one->said[k].effect ? T_FORECAST_EFFECTS : T_FORECAST_MECHANICS);
            const char *text = wijk_arena_printf(p->arena, "%s (%s)", one->said[k].text, kind);
            paper_say(&p->paper, 11.5, "small", text ? text : "");
        }
        if (one->lineage) {
            paper_say(&p->paper, 10.5, "tiny soft", one->lineage);
        } else {
            note(p, one->state);
        }
        paper_gap(&p->paper, 4);
    }
}

static void amendments(print *p)
{
    if (p->plan->state == WIJK_PLAN_DRAFT) {
        return;
    }
    heading(p, T_PLAN_AMENDMENTS);
    if (!p->plan->amendment_count) {
        note(p, text_of(p, T_PLAN_NO_AMENDMENTS));
    }
    for (size_t i = 0; i < p->plan->amendment_count; i++) {
        const wijk_amendment *it = &p->plan->amendments[i];
        const char *day =
            wijk_arena_strndup(p->arena, it->at, strlen(it->at) < 10 ? strlen(it->at) : 10);
        int sheet = it->field == WIJK_PLAN_ACCOUNT;
        paper_say(
            &p->paper, 11.5, "small",
            WIJK_FILL(
                p->arena, p->lang, sheet ? T_PLAN_PRINT_AMENDED_ACCOUNT : T_PLAN_PRINT_AMENDED,
                {"at", day ? day : ""},
                {"field", text_of(p, (enum wijk_text_key)(T_PLAN_FIELD_1 + (int)it->field))},
                {"from", wijk_plan_value_say(p->arena, p->lang, p->registry, it->field, it->from)},
                {"to", wijk_plan_value_say(p->arena, p->lang, p->registry, it->field, it->to)}));
        const char *why = wijk_arena_printf(p->arena, "%s · %s", it->signed_by, it->reason);
        paper_say(&p->paper, 10.5, "tiny soft", why ? why : "");
        paper_gap(&p->paper, 3);
    }
}

int wijk_plan_pdf(wijk_str *out, wijk_lang lang, const wijk_registry *registry,
                  const wijk_plan *plan, const wijk_plan_paper *beside, wijk_ctx *ctx)
{
    wijk_arena *arena;
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    print p = {.arena = arena, .lang = lang, .registry = registry, .plan = plan};
    paper_begin(&p.paper, arena, lang, foot(&p));
    head(&p);
    warnings(&p);
    facts(&p);
    if (plan->state != WIJK_PLAN_DRAFT && plan->intact) {
        rc = verdict(&p, beside->judgement, beside->why_not);
    }
    rc = rc ? rc : money(&p, ctx);
    forecast(&p, beside);
    amendments(&p);
    rc = paper_end(out, &p.paper, plan->value[WIJK_PLAN_TITLE], rc);
    wijk_arena_free(arena);
    return rc;
}

/* What is stored of each area; an area that the model cannot reckon with is passed over. */
static int outlooks(wijk_plan_outlook *out, size_t *count, wijk_arena *arena, wijk_store *store,
                    wijk_lang lang, const wijk_registry *registry, const wijk_plan *plan,
                    const wijk_approach *approach)
{
    int rc = WIJK_OK;
    for (size_t i = 0; i < plan->area_count && i < WIJK_PLAN_FORECASTS && !rc; i++) {
        wijk_ask ask;
        wijk_forecast stored = {0};
        wijk_ensemble *ensemble = NULL;
        if (wijk_plan_ask(&ask, arena, plan, approach, i)) {
            continue;
        }
        rc = wijk_plan_forecast(&stored, store, registry, arena, &ask);
        rc = rc || !stored.done ? rc : wijk_forecast_read(&ensemble, store, stored.id);
        if (!rc) {
            wijk_plan_outlook_say(&out[(*count)++], arena, lang, &plan->areas[i], &stored,
                                  ensemble);
        }
        wijk_ensemble_free(ensemble);
    }
    return rc;
}

static int read_forecast(wijk_plan_paper *beside, wijk_plan_outlook *room, wijk_arena *arena,
                         wijk_store *store, wijk_lang lang, const wijk_registry *registry,
                         const wijk_plan *plan)
{
    const wijk_approach *all, *it;
    size_t count;
    const char *code = plan->value[WIJK_PLAN_LEVER];
    int rc = wijk_approaches(&all, &count, arena);
    if (rc || !*code) {
        return rc;
    }
    it = wijk_approach_find(all, count, code);
    beside->forecast = it ? wijk_plan_forecast_about(arena, lang, plan, it)
                          : wijk_text(lang, T_PLAN_FORECAST_NONE);
    beside->outlooks = room;
    return it ? outlooks(room, &beside->outlook_count, arena, store, lang, registry, plan, it)
              : WIJK_OK;
}

int wijk_plan_pdf_of(wijk_str *out, wijk_store *store, wijk_lang lang,
                     const wijk_registry *registry, const wijk_plan *plan, wijk_ctx *ctx)
{
    wijk_arena *arena;
    wijk_plan_judgement it = {0};
    wijk_plan_paper beside = {.judgement = &it};
    wijk_plan_outlook room[WIJK_PLAN_FORECASTS];
    int rc = wijk_arena_new(&arena, 0);
    if (rc) {
        return rc;
    }
    rc = wijk_plan_judge(&it, store, registry, plan, ctx);
    if (rc == WIJK_EINVAL || rc == WIJK_ENOTFOUND || rc == WIJK_EDENIED) {
        /* why there is no verdict is no failure of the paper */
        beside.judgement = NULL;
        beside.why_not = wijk_arena_strdup(arena, wijk_error(lang));
        rc = beside.why_not ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : read_forecast(&beside, room, arena, store, lang, registry, plan);
    rc = rc ? rc : wijk_plan_pdf(out, lang, registry, plan, &beside, ctx);
    wijk_plan_judgement_free(&it);
    wijk_arena_free(arena);
    return rc;
}
