/* The evidence card. One table of members serves writing and reading, so that what is written is
 * what can be read. */
#include "wijk/card.h"

#include "load/json.h"
#include "plan/internal.h"

#include "wijk/account.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT "wijk-card-1"

enum { DRAWS = 20000, MOST_TEXT = 16384 };

typedef struct {
    const char *name;
    size_t at;
    int number; /* 1: a double, 0: a text */
} member;

#define TEXT(type, field)                                                                          \
    {                                                                                              \
#field, offsetof(type, field), 0                                                           \
    }
#define NUMBER(type, field)                                                                        \
    {                                                                                              \
#field, offsetof(type, field), 1                                                           \
    }

static const member card_members[] = {
    TEXT(wijk_card, title),        TEXT(wijk_card, aim),
    TEXT(wijk_card, approach),     TEXT(wijk_card, parties),
    TEXT(wijk_card, outcome),      TEXT(wijk_card, outcome_nl),
    TEXT(wijk_card, outcome_en),   TEXT(wijk_card, definition),
    TEXT(wijk_card, level),        NUMBER(wijk_card, areas),
    NUMBER(wijk_card, residents),  NUMBER(wijk_card, score),
    NUMBER(wijk_card, begins),     NUMBER(wijk_card, ends),
    NUMBER(wijk_card, selected),   NUMBER(wijk_card, matters),
    NUMBER(wijk_card, fictional),  NUMBER(wijk_card, sealed_before),
    NUMBER(wijk_card, amendments), NUMBER(wijk_card, closed_early),
    NUMBER(wijk_card, last_wave),  TEXT(wijk_card, verdict),
    NUMBER(wijk_card, effect),     NUMBER(wijk_card, low),
    NUMBER(wijk_card, high),       NUMBER(wijk_card, p),
    NUMBER(wijk_card, detectable), NUMBER(wijk_card, before_after),
    NUMBER(wijk_card, treated),    NUMBER(wijk_card, compared),
    NUMBER(wijk_card, pre),        NUMBER(wijk_card, post),
    NUMBER(wijk_card, price_year), TEXT(wijk_card, file_hash),
    TEXT(wijk_card, program),      TEXT(wijk_card, frozen_at)};
static const member purse_members[] = {
    TEXT(wijk_card_purse, code),  NUMBER(wijk_card_purse, cost), NUMBER(wijk_card_purse, benefit),
    NUMBER(wijk_card_purse, net), NUMBER(wijk_card_purse, low),  NUMBER(wijk_card_purse, high)};
static const member source_members[] = {TEXT(wijk_card_source, publisher),
                                        TEXT(wijk_card_source, file),
                                        TEXT(wijk_card_source, sha256)};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- writing ----------------------------------------------------------------------------------
 */

static void put_text(wijk_str *out, const char *text)
{
    wijk_str_addc(out, '"');
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            wijk_str_addc(out, '\\');
            wijk_str_addc(out, *text);
        } else if (c < 0x20) {
            wijk_str_addf(out, "\\u%04x", c);
        } else {
            wijk_str_addc(out, *text);
        }
    }
    wijk_str_addc(out, '"');
}

static void put_members(wijk_str *out, const void *from, const member *members, size_t count,
                        const char *indent)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)from + members[i].at;
        wijk_str_addf(out, "%s%s\"%s\": ", i ? "," : "", indent, members[i].name);
        if (members[i].number) {
            double value;
            memcpy(&value, at, sizeof value);
            if (isfinite(value)) {
                wijk_str_addf(out, "%.17g", value);
            } else {
                wijk_str_add(out, "null");
            }
        } else {
            const char *text;
            memcpy(&text, at, sizeof text);
            put_text(out, text ? text : "");
        }
    }
}

int wijk_card_write(wijk_str *out, const wijk_card *card)
{
    wijk_str_add(out, "{\n  \"format\": \"" FORMAT "\",");
    put_members(out, card, card_members, LENGTH(card_members), "\n  ");
    wijk_str_add(out, ",\n  \"purses\": [");
    for (size_t i = 0; i < card->purse_count; i++) {
        wijk_str_add(out, i ? ",\n    {" : "\n    {");
        put_members(out, &card->purses[i], purse_members, LENGTH(purse_members), " ");
        wijk_str_add(out, " }");
    }
    wijk_str_add(out, "],\n  \"sources\": [");
    for (size_t i = 0; i < card->source_count; i++) {
        wijk_str_add(out, i ? ",\n    {" : "\n    {");
        put_members(out, &card->sources[i], source_members, LENGTH(source_members), " ");
        wijk_str_add(out, " }");
    }
    wijk_str_add(out, "]\n}\n");
    return wijk_str_status(out);
}

/* ---- reading ----------------------------------------------------------------------------------
 */

typedef struct {
    wijk_json json;
    const char *bytes;
    size_t size, at;
    wijk_str text;
    wijk_arena *arena;
} reader;

static ptrdiff_t give(void *payload, void *out, size_t room)
{
    reader *r = payload;
    size_t size = r->size - r->at < room ? r->size - r->at : room;
    memcpy(out, r->bytes + r->at, size);
    r->at += size;
    return (ptrdiff_t)size;
}

static int read_value(reader *r, void *into, const member *it)
{
    char *at = (char *)into + it->at;
    if (it->number) {
        double value = NAN;
        int rc = wijk_json_peek(&r->json) == 'n' ? wijk_json_skip(&r->json)
                                                 : wijk_json_number(&value, &r->json);
        memcpy(at, &value, sizeof value);
        return rc;
    }
    int rc = wijk_json_string(&r->text, &r->json);
    if (!rc && r->text.size > MOST_TEXT) {
        rc = wijk_fail(WIJK_ELIMIT, "Een tekst in deze kaart is te lang.",
                       "A text in this card is too long.");
    }
    const char *kept = rc ? NULL : wijk_arena_strdup(r->arena, wijk_str_text(&r->text));
    memcpy(at, &kept, sizeof kept);
    return rc || kept ? rc : WIJK_ENOMEM;
}

static void empty(void *into, const member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = "";
        double number = NAN;
        memcpy((char *)into + members[i].at, members[i].number ? (void *)&number : (void *)&text,
               members[i].number ? sizeof number : sizeof text);
    }
}

static const member *find(const member *members, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(members[i].name, name)) {
            return &members[i];
        }
    }
    return NULL;
}

/* One object of an array; members that are not known are of a newer program and are passed by. */
static int read_item(reader *r, void *into, const member *members, size_t count)
{
    int first = 1, more, rc = wijk_json_expect(&r->json, '{');
    empty(into, members, count);
    while (!rc && (more = wijk_json_next(&r->json, &first, '}')) != 0) {
        rc = more < 0 ? more : wijk_json_key(&r->text, &r->json);
        const member *it = rc ? NULL : find(members, count, wijk_str_text(&r->text));
        rc = rc ? rc : it ? read_value(r, into, it) : wijk_json_skip(&r->json);
    }
    return rc;
}

static int read_items(reader *r, void **out, size_t *n, size_t size, size_t most,
                      const member *members, size_t count)
{
    int first = 1, more, rc = wijk_json_expect(&r->json, '[');
    if (*out) {
        return wijk_json_broken(&r->json); /* the same name twice */
    }
    char *items = wijk_arena_alloc(r->arena, most * size);
    *out = items;
    rc = rc || items ? rc : WIJK_ENOMEM;
    while (!rc && (more = wijk_json_next(&r->json, &first, ']')) != 0) {
        rc = more < 0     ? more
             : *n == most ? wijk_fail(WIJK_ELIMIT, "Deze kaart noemt meer dan %zu.",
                                      "This card names more than %zu.", most)
                          : read_item(r, items + *n * size, members, count);
        *n += !rc;
    }
    return rc;
}

static int read_card(reader *r, wijk_card *out)
{
    int first = 1, more, known = 0, rc = wijk_json_expect(&r->json, '{');
    while (!rc && (more = wijk_json_next(&r->json, &first, '}')) != 0) {
        rc = more < 0 ? more : wijk_json_key(&r->text, &r->json);
        const char *name = rc ? "" : wijk_str_text(&r->text);
        const member *it = find(card_members, LENGTH(card_members), name);
        void *items = NULL;
        if (rc) {
            break;
        }
        if (!strcmp(name, "format")) {
            rc = wijk_json_string(&r->text, &r->json);
            known = !rc && !strcmp(wijk_str_text(&r->text), FORMAT);
        } else if (!strcmp(name, "purses")) {
            items = out->purses;
            rc = read_items(r, &items, &out->purse_count, sizeof *out->purses, WIJK_CARD_PURSES,
                            purse_members, LENGTH(purse_members));
            out->purses = items;
        } else if (!strcmp(name, "sources")) {
            items = out->sources;
            rc = read_items(r, &items, &out->source_count, sizeof *out->sources, WIJK_CARD_SOURCES,
                            source_members, LENGTH(source_members));
            out->sources = items;
        } else {
            rc = it ? read_value(r, out, it) : wijk_json_skip(&r->json);
        }
    }
    return rc || known ? rc
                       : wijk_fail(WIJK_EFORMAT, "Dit is geen kaart van een plan.",
                                   "This is not the card of a plan.");
}

int wijk_card_read(wijk_card *out, wijk_arena *arena, const void *bytes, size_t size,
                   const char *what)
{
    *out = (wijk_card){0};
    empty(out, card_members, LENGTH(card_members));
    if (size > WIJK_CARD_MOST) {
        return wijk_fail(WIJK_ELIMIT, "%s is te groot voor een kaart (hoogstens %d bytes).",
                         "%s is too large for a card (at most %d bytes).", what, WIJK_CARD_MOST);
    }
    reader *r = wijk_arena_alloc(arena, sizeof *r);
    if (!r) {
        return WIJK_ENOMEM;
    }
    r->bytes = bytes;
    r->size = size;
    r->at = 0;
    r->arena = arena;
    r->text = (wijk_str)WIJK_STR_INIT;
    wijk_json_start(&r->json, give, r, what);
    int rc = read_card(r, out);
    rc = rc || wijk_json_peek(&r->json) == -1 ? rc : wijk_json_broken(&r->json);
    wijk_str_free(&r->text);
    return rc;
}

/* ---- making -----------------------------------------------------------------------------------
 */

static void put_verdict(wijk_card *out, const wijk_plan_judgement *it)
{
    static const char *const kinds[] = {"better", "worse", "no_difference", "cannot_know"};
    const wijk_verdict *v = &it->verdict;
    out->verdict = kinds[v->kind];
    out->effect = v->effect;
    out->low = v->low;
    out->high = v->high;
    out->p = v->p;
    out->detectable = v->detectable;
    out->before_after = v->before_after;
    out->treated = (double)v->treated;
    out->compared = (double)v->pool;
    out->pre = (double)v->pre;
    out->post = (double)v->post;
}

/* What kind of areas: how many people together, and where they stood when they were chosen. */
static void put_traits(wijk_card *out, const wijk_plan_judgement *it)
{
    const wijk_panel *panel = &it->data.panel;
    double people = 0, score = 0, n = 0;
    size_t wave = panel->waves > it->verdict.post ? panel->waves - it->verdict.post - 1 : 0;
    if (it->design.selection >= 0) {
        wave = (size_t)it->design.selection;
    }
    for (size_t i = 0; i < panel->units; i++) {
        double y = panel->outcome[i * panel->waves + wave];
        if (it->data.chosen[i]) {
            people += it->data.size ? it->data.size[i] : (double)NAN;
            score += y;
            n++;
        }
    }
    out->residents = people;
    out->score = n > 0 ? score / n : (double)NAN;
}

static int put_purses(wijk_card *out, wijk_arena *arena, const wijk_plan *plan, wijk_ctx *ctx)
{
    const char *text = plan->value[WIJK_PLAN_ACCOUNT];
    const wijk_account_options options = {.draws = DRAWS, .seed = 1};
    wijk_account_file *file = NULL;
    wijk_account_result *result = NULL;
    if (!*text) {
        return WIJK_OK;
    }
    int rc = wijk_account_read(&file, text, strlen(text), "plan", NULL, 0, NULL);
    rc = rc ? rc : wijk_account_reckon(&result, wijk_account_of(file), &options, ctx);
    out->purses = rc ? NULL : wijk_arena_alloc(arena, WIJK_CARD_PURSES * sizeof *out->purses);
    rc = rc || out->purses ? rc : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < result->party_count; i++) {
        const wijk_party *it = &result->parties[i];
        if (it->kind != WIJK_SOCIETY && it->kind != WIJK_PURSE) {
            continue;
        }
        const char *code =
            it->kind == WIJK_SOCIETY
                ? "society"
                : wijk_purse_at(wijk_account_of(file)->prices, (size_t)it->purse)->code;
        wijk_card_purse *to = &out->purses[out->purse_count++];
        *to = (wijk_card_purse){.code = wijk_arena_strdup(arena, code),
                                .cost = (double)(it->cost + it->given) / 100,
                                .benefit = (double)(it->benefit + it->received) / 100,
                                .net = (double)it->net / 100,
                                .low = it->low / 100,
                                .high = it->high / 100};
        rc = to->code ? WIJK_OK : WIJK_ENOMEM;
    }
    out->price_year = rc ? (double)NAN : result->price_year;
    wijk_account_result_free(result);
    wijk_account_file_free(file);
    return rc;
}

/* The files from which the outcome of the areas came. */
static int put_sources(wijk_card *out, wijk_store *store, wijk_arena *arena, const wijk_plan *plan,
                       const wijk_indicator *outcome)
{
    out->sources = wijk_arena_alloc(arena, WIJK_CARD_SOURCES * sizeof *out->sources);
    if (!out->sources) {
        return WIJK_ENOMEM;
    }
    wijk_stmt *stmt = wijk_store_sql(
        store, "SELECT DISTINCT s.publisher, l.file, l.sha256 FROM plan_area p JOIN observation o "
               "ON o.area_id=p.area_id AND o.indicator_id=?2 JOIN load l ON l.id=o.load_id JOIN "
               "source s ON s.id=l.source_id WHERE p.plan_id=?1 ORDER BY l.file");
    wijk_bind_int(stmt, 1, plan->id);
    wijk_bind_int(stmt, 2, outcome->id);
    int step, rc = WIJK_OK;
    while ((step = wijk_step(stmt)) == 1 && !rc && out->source_count < WIJK_CARD_SOURCES) {
        wijk_card_source *to = &out->sources[out->source_count++];
        to->publisher = wijk_arena_strdup(arena, wijk_col_text(stmt, 0));
        to->file = wijk_arena_strdup(arena, wijk_col_text(stmt, 1));
        to->sha256 = wijk_arena_strdup(arena, wijk_col_text(stmt, 2));
        rc = to->publisher && to->file && to->sha256 ? WIJK_OK : WIJK_ENOMEM;
    }
    wijk_reset(stmt);
    return step < 0 ? step : rc;
}

static double year_of(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end == text ? (double)NAN : value;
}

static void put_plan(wijk_card *out, const wijk_registry *registry, const wijk_plan *plan,
                     const wijk_indicator *outcome, const wijk_plan_judgement *it)
{
    *out = (wijk_card){.title = plan->value[WIJK_PLAN_TITLE],
                       .aim = plan->value[WIJK_PLAN_AIM],
                       .approach = plan->value[WIJK_PLAN_APPROACH],
                       .parties = plan->value[WIJK_PLAN_PARTIES],
                       .outcome = outcome->code,
                       .outcome_nl = outcome->label[WIJK_NL],
                       .outcome_en = outcome->label[WIJK_EN],
                       .definition = outcome->definition[WIJK_NL],
                       .level = wijk_level_word(plan->areas[0].level),
                       .areas = (double)plan->area_count,
                       .begins = year_of(plan->design[WIJK_PLAN_BEGINS]),
                       .ends = year_of(plan->value[WIJK_PLAN_ENDS]),
                       .selected = year_of(plan->design[WIJK_PLAN_SELECTED]),
                       .matters = it->design.matters,
                       .fictional = plan->fictional,
                       .sealed_before = wijk_plan_sealed_before(plan),
                       .amendments = (double)plan->amendment_count,
                       .closed_early = wijk_plan_closed_early(plan),
                       .last_wave = year_of(plan->last_wave),
                       .price_year = NAN,
                       .file_hash = wijk_registry_fingerprint(registry),
                       .program = WIJK_VERSION,
                       .frozen_at = plan->frozen_at};
}

int wijk_plan_sealed_before(const wijk_plan *plan)
{
    return year_of(plan->frozen_at) <= year_of(plan->design[WIJK_PLAN_BEGINS]);
}

int wijk_plan_closed_early(const wijk_plan *plan)
{
    return *plan->closed_at && year_of(plan->closed_at) < year_of(plan->design[WIJK_PLAN_ENDS]);
}

int wijk_card_make(wijk_card *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, const wijk_plan *plan, wijk_ctx *ctx)
{
    wijk_plan_judgement it = {0};
    *out = (wijk_card){0};
    if (plan->intact && (plan->state != WIJK_PLAN_CLOSED || !plan->area_count)) {
        return wijk_fail(WIJK_EDENIED, "Alleen een gesloten plan geeft een kaart.",
                         "Only a closed plan yields a card.");
    }
    int rc = wijk_plan_judge(&it, store, registry, plan, ctx);
    if (!rc) {
        const wijk_indicator *outcome =
            wijk_indicator_by_code(registry, plan->design[WIJK_PLAN_INDICATOR]);
        put_plan(out, registry, plan, outcome, &it);
        put_verdict(out, &it);
        put_traits(out, &it);
        rc = put_purses(out, arena, plan, ctx);
        rc = rc ? rc : put_sources(out, store, arena, plan, outcome);
    }
    wijk_plan_judgement_free(&it);
    return rc;
}
