/* Forecasts on the pages: asked, computed in the background, live, stored, found again at once;
 * stopped, gone on with after a restart, removed; and a policy made by hand on a form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "country.h"
#include "temp_file.h"
#include "web/foresee.h"
#include "web/page.h"
#include "wijk/calibrate.h"
#include "wijk/ensemble.h"
#include "wijk/fan.h"
#include "wijk/forecast.h"
#include "wijk/forecast_study.h"
#include "wijk/lever.h"
#include "wijk/mem.h"
#include "wijk/stylised.h"
#include "wijk/text.h"
#include "wijk/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char path[4096];
static web_site *site;
static web_worker *worker;

static void begin(int read_only)
{
    const wijk_serve_options options = {.path = path, .read_only = read_only};
    assert_int_equal(web_site_new(&site, &options), 0);
    assert_int_equal(web_worker_new(&worker, site), 0);
}

static void finish(void)
{
    web_worker_free(worker);
    web_site_free(site);
}

/* A buurt of which nothing is known, as there are where hardly anybody lives. */
static int empty_a_buurt(void)
{
    wijk_store *store;
    int rc = wijk_store_open(&store, path, WIJK_STORE_WRITE);
    rc = rc ? rc
            : wijk_run(wijk_store_sql(store, "DELETE FROM layer_value WHERE area_id IN "
                                             "(SELECT id FROM area WHERE code='BU99010802')"));
    wijk_store_close(store);
    return rc;
}

static int setup(void **state)
{
    (void)state;
    temp_path(path, sizeof path, "web-foresee.wijk");
    temp_remove(path);
    if (wijk_town_create(path, NULL) || add_country(path) || empty_a_buurt()) {
        return -1;
    }
    begin(0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    finish();
    temp_remove(path);
    return 0;
}

/* ---- a client without sockets ------------------------------------------------------------------
 */

typedef struct {
    int status;
    char location[512];
    char *body; /* free */
} answer;

static answer ask(enum web_method method, const char *target, const char *form)
{
    web_request request = {.method = method,
                           .host = "localhost",
                           .fetch_site = "same-origin",
                           .content_type = "application/x-www-form-urlencoded"};
    web_reply reply = {.body = WIJK_STR_INIT};
    answer out = {0};
    wijk_arena_reset(worker->arena);
    assert_int_equal(web_request_target(&request, worker->arena, target), 0);
    if (form) {
        assert_int_equal(web_params_parse(&request.form, worker->arena, form, strlen(form)), 0);
    }
    web_answer(worker, &request, &reply);
    out.status = reply.status;
    snprintf(out.location, sizeof out.location, "%s", reply.location ? reply.location : "");
    out.body = strdup(wijk_str_text(&reply.body));
    web_reply_free(&reply);
    return out;
}

static answer get(const char *target)
{
    return ask(WEB_GET, target, NULL);
}

/* Where a form leads to. */
static void post(char location[512], const char *target, const char *form)
{
    answer from = ask(WEB_POST, target, form);
    if (from.status != 303) {
        fail_msg("%s gave %d: %.2000s", target, from.status, from.body);
    }
    memcpy(location, from.location, 512);
    free(from.body);
}

static void has(const answer *from, const char *text)
{
    if (!strstr(from->body, text)) {
        fail_msg("lacks \"%s\" in: %.6000s", text, from->body);
    }
}

static void lacks(const answer *from, const char *text)
{
    if (strstr(from->body, text)) {
        fail_msg("has \"%s\"", text);
    }
}

static const char *mark_in(const char *location)
{
    const char *at = strstr(location, "reeks=");
    assert_non_null(at);
    return at + 6;
}

static void step(char out[128], const char *location, const char *what)
{
    snprintf(out, 128, "/doorrekening/%.32s%s", mark_in(location), what);
}

/* How many pairs are done, and in which phase it is. */
static int look(const char *location, char phase[16])
{
    char target[128];
    int done = 0;
    step(target, location, "/stand.json");
    answer from = get(target);
    assert_int_equal(from.status, 200);
    assert_int_equal(sscanf(from.body, "{\"phase\":\"%15[a-z]\",\"done\":%d", phase, &done), 2);
    free(from.body);
    return done;
}

/* Waits until so many pairs are done, however long that takes: CTest ends what hangs. The worker
 * gives way to all others on the machine. */
static int wait_for(const char *location, int pairs)
{
    char phase[16] = "";
    int done = 0;
    while (done < pairs && (!*phase || !strcmp(phase, "waiting"))) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        done = look(location, phase);
    }
    if (done < pairs) {
        fail_msg("%d of %d pairs, %s", done, pairs, phase);
    }
    return done;
}

/* A year's policy in one buurt: quick enough to wait for. */
static const char quick[] =
    "paren=4&tekst=wijk+scenario+1%0D%0Atitle+nl+Beheer+erbij%0D%0Atitle+en+More+management%0D%0A"
    "start+2026-01%0D%0Ayears+1%0D%0A%0D%0A2026-01+here+social_management+%2B5%0D%0A";
static const char many[] =
    "paren=1000&tekst=wijk+scenario+1%0D%0Atitle+nl+Lang%0D%0Astart+2026-01%0D%0Ayears+1%0D%0A"
    "%0D%0A2026-01+everywhere+wijkteam+%2B1%0D%0A";
static const char reken[] = "/gebied/BU99010001/vooruitzicht/reken";

/* ---- asking and seeing -------------------------------------------------------------------------
 */

/* "−12" or "+1.204", as a Dutch page writes it. */
static long whole_number(const char *text, const char **end)
{
    int below = !strncmp(text, "−", 3);
    long value = 0;
    for (text += below ? 3 : *text == '+'; (*text >= '0' && *text <= '9') || *text == '.'; text++) {
        value = *text == '.' ? value : value * 10 + (*text - '0');
    }
    *end = text;
    return below ? -value : value;
}

/* No cell of the tables of groups and areas has a count of one to nine, nor a range within that. */
static void no_count_of_few(const answer *page)
{
    static const char cell[] = "<td class=\"wijk-table__number\">";
    size_t ranges = 0, small = 0;
    for (const char *at = page->body; (at = strstr(at, "wijk-table--equity"));) {
        const char *end = strstr(at, "</table>");
        for (; (at = strstr(at, cell)) && at < end; at++) {
            const char *text = at + sizeof cell - 1, *after;
            text += strncmp(text, "<span>", 6) ? strncmp(text, "<strong>", 8) ? 0 : 8 : 6;
            const char *less = strstr(text, "&lt; 10");
            small += less && less < strchr(text, '<');
            long middle = whole_number(text, &after);
            const char *range = strstr(after, "<span class=\"wijk-from\">(");
            if (range && range < strstr(after, "</td>")) {
                long low = whole_number(strchr(range, '(') + 1, &after);
                long high = whole_number(after + 5, &after);
                assert_true(low <= -10 || high >= 10 || (low == 0 && high == 0));
                ranges++;
            } else if (after > text) { /* how many there are without the policy */
                assert_true(middle == 0 || middle >= 10);
            }
        }
        at = end;
    }
    assert_true(ranges > 20 && small > 0);
}

/* What others reckoned a policy to bring in stands where it is chosen, and beside what comes out
 * here with why that differs; what the policy puts in is told by measure; and a small area leads to
 * the same policy for the whole municipality. */
static void what_others_reckoned_stands_beside(void **state)
{
    (void)state;
    char where[512];
    answer page = get("/gebied/GM9901/vooruitzicht");
    has(&page, "2,5 tot 4 euro op");
    has(&page, "wordt niet aangenomen dat hulp schulden voorkomt");
    free(page.body);
    post(where, "/gebied/BU99010102/vooruitzicht/reken",
         "paren=10&tekst=wijk+scenario+1%0D%0Atitle+nl+Schulden%0D%0Astart+2026-01%0D%0Ayears+2%0D"
         "%0A%0D%0A2026-01+everywhere+debt_signalling+100%0D%0A"
         "2026-01+everywhere+debt_team+%2B2%0D%0A");
    wait_for(where, 10);
    page = get(where);
    has(&page, "Panteia");
    has(&page, "Wat elke maatregel zelf kost");
    has(&page, "uren schuldhulp");
    has(&page, "Reken hetzelfde beleid door voor heel Merelwaard");
    has(&page, "action=\"/gebied/GM9901/vooruitzicht/reken\"");
    free(page.body);
}

/* The page names who was passed over by a rule, per group and per area, and does not say that for
 * nobody a difference is certain. */
static void who_is_passed_over_stands_on_the_page(void **state)
{
    (void)state;
    char where[512];
    post(where, "/gebied/GM9901/vooruitzicht/reken",
         "paren=10&tekst=wijk+scenario+1%0D%0Atitle+nl+Mengen%0D%0Astart+2026-01%0D%0Ayears+2%0D%0A"
         "%0D%0A2026-01+everywhere+mix_target+100%0D%0A");
    wait_for(where, 10);
    answer page = get(where);
    has(&page, ">liepen een woning mis ");
    has(&page, "Liepen een woning mis die zij zonder de lokale regel");
    has(&page, " op de 100, +");
    has(&page, "Per gebied");
    has(&page, "over alle 2 jaar samen");
    has(&page, "Zonder eigen uren, budget of woningen");
    lacks(&page, "Panteia"); /* nothing about debts */
    lacks(&page, "Voor geen enkele groep");
    has(&page, ">En nu?</h2>");
    has(&page, "href=\"/plannen?gebied=GM9901\"");
    has(&page, "Wat moet waar zijn, wil het geld opleveren?");
    has(&page, "wijk-table--pinned");
    has(&page, "Is het genoeg?");
    has(&page, "5 paren: ");
    has(&page, "; 10 paren: ");
    no_count_of_few(&page);
    has(&page, "welke cijfers eigen zijn en welke geleend");
    has(&page, "Doorgerekend is Merelwaard: ");
    has(&page, ">eigen (");
    free(page.body);
}

static void asked_computed_and_found_again(void **state)
{
    (void)state;
    char where[512], again[512], phase[16];
    answer page = get("/gebied/BU99010001/vooruitzicht");
    assert_int_equal(page.status, 200);
    has(&page, "action=\"/gebied/BU99010001/vooruitzicht/reken\"");
    has(&page, "value=\"krachtstroom\"");
    free(page.body);
    post(where, reken, quick);
    page = get(where);
    assert_int_equal(page.status, 200);
    has(&page, "Beheer erbij");
    free(page.body);
    wait_for(where, 4);
    look(where, phase);
    assert_string_equal(phase, "done");
    page = get(where);
    lacks(&page, "http-equiv=\"refresh\"");
    lacks(&page, "data-foresee");
    has(&page, "wijk-fan");
    has(&page, "wijk-kind--assumed");
    has(&page, "Wie betaalt");
    has(&page, "Wat het model niet kan weten");
    has(&page, "--seed 1");
    lacks(&page, "Is het genoeg?");       /* four pairs show no course */
    has(&page, "<a href=\"/aannames\">"); /* the mark of all parameters leads to them */
    free(page.body);
    /* Who names none sees this one, and the way to another. */
    page = get("/gebied/BU99010001/vooruitzicht");
    has(&page, "Dit is de laatste doorrekening voor dit gebied.");
    has(&page, "Wie betaalt");
    has(&page, "value=\"krachtstroom\"");
    free(page.body);
    /* The same request again leads to the same answer, and nothing is computed. */
    post(again, reken, quick);
    assert_string_equal(where, again);
    look(again, phase);
    assert_string_equal(phase, "done");
    char english[600];
    snprintf(english, sizeof english, "/en%s&uitkomst=help_waiting", where);
    page = get(english);
    assert_int_equal(page.status, 200);
    has(&page, "More management");
    has(&page, "Who pays");
    has(&page, "value=\"help_waiting\" selected");
    free(page.body);
}

/* The page as soon as there is something on it: years of the first pair, or that pair. */
static answer earliest(const char *location)
{
    char target[128], phase[16];
    int done = 0, years = 0;
    step(target, location, "/stand.json");
    while (!done && !years) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        answer from = get(target);
        const char *at = strstr(from.body, "\"years\":");
        assert_int_equal(sscanf(from.body, "{\"phase\":\"%15[a-z]\",\"done\":%d", phase, &done), 2);
        assert_non_null(at);
        years = atoi(at + strlen("\"years\":"));
        free(from.body);
    }
    answer page = get(location);
    assert_int_equal(page.status, 200);
    return page;
}

/* The first pair shows its years as they come; sixty of them take long enough to be seen, unless
 * this test is held up just then: it then asks again. */
static void a_first_look_before_the_first_answer(void **state)
{
    (void)state;
    static const char long_run[] =
        "paren=20&tekst=wijk+scenario+1%0D%0Atitle+nl+Zestig+jaar%0D%0Astart+2026-01%0D%0A"
        "years+60%0D%0A%0D%0A2026-01+everywhere+wijkteam+%2B2%0D%0A";
    char where[512], target[128];
    post(where, reken, long_run);
    answer page = earliest(where);
    for (int i = 0; i < 50 && !strstr(page.body, "Eerste blik: "); i++) {
        free(page.body);
        step(target, where, "/weg");
        post(where, target, "");
        post(where, reken, long_run);
        page = earliest(where);
    }
    has(&page, "Eerste blik: ");
    has(&page, "van de 60 jaar");
    has(&page, "wijk-fan");
    lacks(&page, "data-years=\"0\"");
    lacks(&page, ".deel"); /* nothing to keep yet */
    free(page.body);
    step(target, where, "/weg");
    post(where, target, "");
}

/* Ten facts stand beside every forecast: each with what is published, and counted as a reader would
 * who goes down the rows. */
static void known_facts_stand_beside_it(void **state)
{
    (void)state;
    char where[512], say[160];
    int worst[11] = {0}, met = 0, missed = 0;
    wijk_stylised_facts *facts;
    assert_int_equal(wijk_stylised_open(&facts), 0);
    post(where, reken, quick);
    wait_for(where, 1);
    answer page = get(where);
    const char *at = strstr(page.body, "aria-labelledby=\"bekend\"");
    assert_non_null(at);
    for (int i = 0; i < WIJK_STYLISED; i++) {
        const wijk_stylised_row *row = wijk_stylised_at(facts, (wijk_stylised)i);
        at = strstr(at, row->label[WIJK_NL]);
        assert_non_null(at);
        at = strstr(at, row->published[WIJK_NL]);
        assert_non_null(at);
        assert_in_range(row->fact, 1, 10);
        int now = row->state == WIJK_FACT_MET ? 0 : row->state == WIJK_FACT_NOT_MET ? 1 : 2;
        worst[row->fact] = now > worst[row->fact] ? now : worst[row->fact];
    }
    for (int f = 1; f <= 10; f++) {
        met += worst[f] == 0;
        missed += worst[f] == 1;
    }
    snprintf(say, sizeof say, "laat het model er %d zien en %d niet; %d zijn niet", met, missed,
             10 - met - missed);
    has(&page, say);
    has(&page, wijk_stylised_made_on(facts));
    free(page.body);
    wijk_stylised_free(facts);
}

static void kept_as_text_and_as_a_part(void **state)
{
    (void)state;
    answer text = get("/gebied/BU99010001/vooruitzicht.scenario");
    assert_int_equal(text.status, 200);
    assert_int_equal(strncmp(text.body, "wijk scenario 1\n", 16), 0);
    answer part = get("/gebied/BU99010001/vooruitzicht.deel");
    assert_int_equal(part.status, 200);
    assert_int_equal(strncmp(part.body, "wijkens", 7), 0);
    answer none = get("/gebied/BU99010002/vooruitzicht.deel");
    assert_int_equal(none.status, 404);
    free(text.body);
    free(part.body);
    free(none.body);
}

static void live_stopped_gone_on_and_removed(void **state)
{
    (void)state;
    char where[512], target[128], phase[16];
    post(where, reken, many);
    int some = wait_for(where, 1);
    answer page = get(where);
    has(&page, "http-equiv=\"refresh\"");
    has(&page, "data-foresee");
    has(&page, "wijk-fan"); /* an answer long before it is complete */
    free(page.body);
    step(target, where, "/stop");
    post(where, target, "");
    look(where, phase);
    assert_string_equal(phase, "stopped");
    page = get(where);
    has(&page, "Gestopt na");
    free(page.body);
    step(target, where, "/verder");
    post(where, target, "");
    assert_true(wait_for(where, some + 1) > some);
    step(target, where, "/weg");
    char left[512];
    post(left, target, "");
    assert_null(strstr(left, "reeks="));
    look(where, phase);
    assert_string_equal(phase, "unknown");
}

static void a_restart_goes_on_where_it_was(void **state)
{
    (void)state;
    char where[512], target[128], phase[16];
    post(where, reken, many);
    wait_for(where, 1);
    finish();
    begin(0);
    int kept = look(where, phase);
    assert_true(kept >= 1);
    if (strcmp(phase, "waiting")) {
        answer page = get(where);
        fail_msg("%s: %.3000s", phase, strstr(page.body, "wijk-note"));
    }
    wait_for(where, kept + 1);
    step(target, where, "/weg");
    post(where, target, "");
}

static void read_only_shows_what_is_kept(void **state)
{
    (void)state;
    char where[512];
    post(where, reken, quick);
    finish();
    begin(1);
    answer page = get(where);
    assert_int_equal(page.status, 200);
    has(&page, "wijk-fan");
    lacks(&page, "<form method=\"post\"");
    lacks(&page, "method=\"post\"");
    free(page.body);
    answer refused = ask(WEB_POST, reken, quick);
    assert_int_equal(refused.status, 404);
    free(refused.body);
    finish();
    begin(0);
}

/* What another version of the program kept is a question without an answer, not a broken page. */
static void what_cannot_be_read_can_be_asked_again(void **state)
{
    (void)state;
    char where[512];
    wijk_store *store;
    post(where, reken, quick);
    assert_int_equal(web_site_write(&store, site), 0);
    assert_int_equal(wijk_run(wijk_store_sql(store, "UPDATE forecast_part SET bytes = x'2A'")), 0);
    web_site_written(site);
    finish();
    begin(0);
    answer page = get(where);
    assert_int_equal(page.status, 200);
    has(&page, "andere versie");
    has(&page, "name=\"tekst\"");
    free(page.body);
    char target[128];
    step(target, where, "/weg");
    post(where, target, "");
}

/* ---- further questions -------------------------------------------------------------------------
 */

static int study_percent(const char *location, const char *kind, char phase[16])
{
    char target[160];
    int done = 0;
    snprintf(target, sizeof target, "/doorrekening/%.32s/stand.json?onderzoek=%s",
             mark_in(location), kind);
    answer from = get(target);
    assert_int_equal(from.status, 200);
    assert_int_equal(sscanf(from.body, "{\"phase\":\"%15[a-z]\",\"done\":%d", phase, &done), 2);
    free(from.body);
    return done;
}

static void ask_study(const char *location, const char *form)
{
    char target[128], to[512];
    step(target, location, "/onderzoek");
    post(to, target, form);
    assert_non_null(strstr(to, mark_in(location)));
    assert_non_null(strstr(to, "#onderzoek-"));
}

static void wait_study(const char *location, const char *kind, int percent)
{
    char phase[16] = "";
    int done = 0;
    while (done < percent && (!*phase || !strcmp(phase, "waiting"))) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        done = study_percent(location, kind, phase);
    }
    if (done < percent) {
        fail_msg("%s: %d%%, %s", kind, done, phase);
    }
}

/* Asked once, answered from the file ever after, also by a new program; gone with its forecast. */
static void how_strongly_it_must_work(void **state)
{
    (void)state;
    char where[512], phase[16], target[128];
    post(where, reken, quick);
    wait_for(where, 4);
    answer page = get(where);
    has(&page, "Hoe sterk moet het werken?");
    has(&page, "Dit vraagt 36 paren van berekeningen: op deze machine ongeveer ");
    free(page.body);
    assert_int_equal(study_percent(where, "break-even", phase), 0);
    assert_string_equal(phase, "unknown");
    ask_study(where, "soort=break-even&doe=begin");
    wait_study(where, "break-even", 100);
    study_percent(where, "break-even", phase);
    assert_string_equal(phase, "done");
    page = get(where);
    has(&page, "Alles samen");
    has(&page, "op zijn sterkst");
    has(&page, "--replicates 12 --seed 1");
    lacks(&page, "Elke maatregel apart"); /* there is one measure */
    answer again = get(where);
    assert_string_equal(page.body, again.body);
    free(again.body);
    ask_study(where, "soort=break-even&doe=begin"); /* nothing to do */
    study_percent(where, "break-even", phase);
    assert_string_equal(phase, "done");
    finish();
    begin(1);
    again = get(where);
    has(&again, "Alles samen");
    lacks(&again, "/onderzoek");
    free(again.body);
    free(page.body);
    finish();
    begin(0);
    step(target, where, "/weg");
    post(where, target, "");
    wijk_store *store;
    int64_t left = -1;
    assert_int_equal(web_site_write(&store, site), 0);
    assert_int_equal(
        wijk_run_int(&left, wijk_store_sql(store, "SELECT count(*) FROM forecast_study"), -1), 0);
    web_site_written(site);
    assert_int_equal(left, 0);
}

/* A long question shows how far it is, steps aside for a forecast, stops, and goes on after a
 * restart with the units it had. */
static void which_assumptions_decide_goes_on(void **state)
{
    (void)state;
    char where[512], other[512], phase[16], target[128];
    post(where, reken, quick);
    wait_for(where, 4);
    ask_study(where, "soort=groups&doe=begin&uitkomst=help_waiting");
    wait_study(where, "groups", 1);
    answer page = get(where);
    has(&page, "stand.json?onderzoek=groups");
    has(&page, "http-equiv=\"refresh\"");
    free(page.body);
    post(other, "/gebied/BU99010002/vooruitzicht/reken", quick);
    wait_for(other, 4); /* it would take minutes if it had to wait */
    study_percent(where, "groups", phase);
    assert_string_equal(phase, "waiting");
    ask_study(where, "soort=groups&doe=stop");
    study_percent(where, "groups", phase);
    assert_string_equal(phase, "stopped");
    page = get(where);
    has(&page, "Gestopt na ");
    free(page.body);
    finish();
    begin(0);
    int kept = study_percent(where, "groups", phase);
    assert_string_equal(phase, "stopped");
    ask_study(where, "soort=groups&doe=begin");
    wait_study(where, "groups", kept + 1);
    ask_study(where, "soort=groups&doe=stop");
    step(target, where, "/weg");
    post(where, target, "");
    step(target, other, "/weg");
    post(other, target, "");
}

/* Results as a run would give them: made here, so that no minutes are spent. */
static void bars_of_what_decides(void **state)
{
    (void)state;
    char where[512], target[128];
    wijk_store *store;
    wijk_forecast forecast;
    wijk_study study;
    wijk_str text = WIJK_STR_INIT, line = WIJK_STR_INIT;
    uint32_t points = 0;
    post(where, reken, quick);
    wait_for(where, 4);
    assert_int_equal(wijk_sensitivity_points(&points, WIJK_GROUPING), 0);
    assert_int_equal(points, WIJK_SENSITIVITY_GROUPS + 2);
    char mark[WIJK_MARK];
    snprintf(mark, sizeof mark, "%.32s", mark_in(where));
    assert_int_equal(web_site_write(&store, site), 0);
    assert_int_equal(wijk_forecast_find(&forecast, store, worker->arena, mark), 0);
    assert_int_equal(wijk_study_ask(store, &forecast, WIJK_STUDY_GROUPING), 0);
    assert_int_equal(wijk_study_find(&study, store, worker->arena, forecast.id, 1), 0);
    assert_int_equal(study.wanted, WIJK_STUDY_POINTS);
    /* The answer follows the effects alone: whenever those change (points 1 and 2 + EFFECTS), so
     * does it. Its whole spread then hangs on them. */
    wijk_str_addf(&text,
                  "wijk sensitivity 2\nkind 1\nseed 1\nparameters 1\npopulation 1\nscenario 1\n"
                  "first 1\nlast 64\nyears 1\npoints %u\noutcomes %d\nversion 0\nplace here\n"
                  "title_nl a\ntitle_en b\nlineage none\n",
                  points, WIJK_OUTCOMES);
    for (unsigned unit = 0; unit < 64; unit++) {
        int a = (int)(unit * 37 % 101), b = (int)(unit * 53 % 89);
        for (unsigned p = 0; p < points; p++) {
            int from_b = p == 1 || p == 2u + WIJK_SENSITIVITY_EFFECTS;
            for (int o = 0; o < WIJK_OUTCOMES; o++) {
                wijk_str_addf(&text, "%d%c", from_b ? b : a, o + 1 < WIJK_OUTCOMES ? ' ' : '\n');
            }
        }
    }
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001B3u;
    }
    wijk_str_addf(&text, "end %llu\n", (unsigned long long)hash);
    assert_int_equal(wijk_study_keep(store, study.id, 64, 1.5, &text), 0);
    assert_int_equal(wijk_study_read(&line, store, study.id), 0);
    assert_string_equal(wijk_str_text(&line), wijk_str_text(&text));
    assert_int_equal(wijk_study_find(&study, store, worker->arena, forecast.id, 1), 0);
    assert_int_equal(study.state, WIJK_FORECAST_DONE);
    web_site_written(site);
    answer page = get(where);
    const char *said = strstr(page.body, " hangt ");
    int effects = 0, chance = -1;
    assert_non_null(said);
    assert_int_equal(
        sscanf(said, " hangt %d%% aan aangenomen gevolgen en %d%% aan toeval", &effects, &chance),
        2);
    assert_in_range(effects, 60, 140); /* 100, but for the chance of 64 points */
    assert_int_equal(chance, 0);
    has(&page, "--by-group");
    const char *first = strstr(page.body, "<ol class=\"wijk-bars\"><li>");
    assert_non_null(first);
    const char *name = strstr(first, "alle aangenomen effecten"), *end = strstr(first, "</li>");
    assert_true(name && name < end); /* the longest bar comes first */
    free(page.body);
    wijk_str_free(&text);
    wijk_str_free(&line);
    step(target, where, "/weg");
    post(where, target, "");
}

static void every_assumption_has_a_place(void **state)
{
    (void)state;
    answer page = get("/aannames");
    assert_int_equal(page.status, 200);
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        char id[96];
        snprintf(id, sizeof id, " id=\"%s\"", wijk_parameter_name((wijk_parameter)i));
        has(&page, id);
    }
    lacks(&page, "Bron: idem ·"); /* said in full */
    char mark[24];
    uint64_t fingerprint = 0;
    assert_int_equal(wijk_ensemble_parameters(&fingerprint), 0);
    snprintf(mark, sizeof mark, "%016llx", (unsigned long long)fingerprint);
    has(&page, mark);
    has(&page, "beide kanten even waarschijnlijk");
    wijk_plausible *set = NULL;
    char points[48];
    assert_int_equal(wijk_plausible_open(&set), 0);
    snprintf(points, sizeof points, "%zu aannemelijke punten", wijk_plausible_points(set));
    wijk_plausible_free(set);
    has(&page, points);
    has(&page, "<i>w_1</i>");
    free(page.body);
}

static void refusals(void **state)
{
    (void)state;
    static const struct {
        const char *target, *form;
        int status;
    } all[] = {{"/gebied/BU99010001/vooruitzicht/reken", "scenario=nonsense", 404},
               {"/gebied/BU99010001/vooruitzicht/reken", "tekst=wijk+scenario+9", 400},
               {"/gebied/BU00000000/vooruitzicht/reken", "scenario=both", 404},
               {"/gebied/NL00/vooruitzicht/reken", "scenario=both", 400},
               {"/doorrekening/nonsense/stop", "", 404},
               {"/doorrekening/nonsense/onderzoek", "soort=groups", 404},
               {"/doorrekening/nonsense/verder", "", 404},
               {"/doorrekening/nonsense/weg", "", 404}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        answer from = ask(WEB_POST, all[i].target, all[i].form);
        assert_int_equal(from.status, all[i].status);
        free(from.body);
    }
    answer other = get("/gebied/BU99010001/vooruitzicht?reeks=nonsense");
    assert_int_equal(other.status, 404);
    free(other.body);
    answer land = get("/gebied/NL00/vooruitzicht");
    assert_int_equal(land.status, 200);
    has(&land, "wijk foresee run NL");
    free(land.body);
}

/* Before it is asked: what is modelled, and about how long that takes. */
static void time_and_place_are_told_beforehand(void **state)
{
    (void)state;
    static const char *const pages[] = {"/gebied/BU99010001/vooruitzicht",
                                        "/gebied/BU99010001/vooruitzicht/beleid"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        answer page = get(pages[i]);
        has(&page, "Doorgerekend wordt heel Merelwaard, want mensen verhuizen: ");
        has(&page, ">40 paren: ongeveer ");
        has(&page, "zijn een schatting");
        free(page.body);
    }
}

/* Of a version that did not look first: what is wrong is told, and asking the same is no offer. */
static void an_old_refusal_is_no_failure(void **state)
{
    (void)state;
    char target[200];
    wijk_store *store;
    wijk_area area;
    wijk_forecast f;
    wijk_ask it = {.scenario = "wijk scenario 1\n2026-01 here wijkteam +1\n",
                   .years = 10,
                   .wanted = 1,
                   .seed = 77};
    assert_int_equal(web_site_write(&store, site), 0);
    assert_int_equal(wijk_area_find(&area, store, worker->arena, "BU99010001", 0), 0);
    it.area = area.id;
    assert_int_equal(wijk_forecast_ask(&f, store, worker->snapshot->registry, worker->arena, &it),
                     0);
    wijk_stmt *stmt = wijk_store_sql(
        store, "UPDATE forecast SET state = 3, error_nl = 'x', error_en = 'x', scenario = "
               "'wijk scenario 1' || char(10) || '2026-01 Merelmrkt wijkteam +1' WHERE id = ?1");
    wijk_bind_int(stmt, 1, f.id);
    assert_int_equal(wijk_run(stmt), 0);
    web_site_written(site);
    snprintf(target, sizeof target, "/gebied/BU99010001/vooruitzicht?reeks=%s", f.mark);
    answer page = get(target);
    assert_int_equal(page.status, 200);
    has(&page, "beleid:2: hier is geen gebied &quot;Merelmrkt&quot;; bedoelt u");
    has(&page, "Pas dit beleid aan");
    lacks(&page, "mislukt");
    lacks(&page, "Ga verder");
    lacks(&page, "Reken het opnieuw door");
    free(page.body);
    assert_int_equal(web_site_write(&store, site), 0);
    assert_int_equal(wijk_forecast_drop(store, f.id), 0);
    web_site_written(site);
}

static void a_postcode_leads_to_its_buurten(void **state)
{
    (void)state;
    answer page = get("/gebied/0101/vooruitzicht");
    assert_int_equal(page.status, 200);
    has(&page, "kies een gemeente, wijk of buurt");
    has(&page, "Naar het vooruitzicht van ");
    has(&page, "href=\"/gebied/BU9901");
    lacks(&page, "wijk-form--wide");
    free(page.body);
}

/* Told at the question: no form to fill in, no job, and the same sentence wherever it is asked. */
static void too_few_households_are_refused_at_once(void **state)
{
    (void)state;
    static const char few[] = "Hier wonen minder dan 10 huishoudens";
    static const char *const pages[] = {"/gebied/BU99010802/vooruitzicht",
                                        "/gebied/BU99010802/vooruitzicht/beleid"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        answer page = get(pages[i]);
        assert_int_equal(page.status, 200);
        has(&page, few);
        has(&page, "href=\"/gebied/WK990108/vooruitzicht\"");
        has(&page, "href=\"/gebied/GM9901/vooruitzicht\"");
        lacks(&page, "<form class=\"wijk-form wijk-form--wide\"");
        lacks(&page, "mislukt");
        lacks(&page, "Ga verder");
        free(page.body);
    }
    answer english = get("/en/gebied/BU99010802/vooruitzicht");
    has(&english, "Fewer than 10 households live here");
    lacks(&english, few);
    free(english.body);
    static const char *const steps[][2] = {
        {"/gebied/BU99010802/vooruitzicht/reken", "scenario=both&paren=20"},
        {"/gebied/BU99010802/vooruitzicht/beleid", "doe=tekst&tekst=wijk+scenario+1"}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        answer refused = ask(WEB_POST, steps[i][0], steps[i][1]);
        assert_int_equal(refused.status, 403);
        has(&refused, few);
        free(refused.body);
    }
    answer list = get("/vooruitzicht");
    lacks(&list, "BU99010802");
    free(list.body);
}

/* ---- a policy by hand --------------------------------------------------------------------------
 */

static const char edit[] = "/gebied/BU99010001/vooruitzicht/beleid";

#define HEAD "tekst=wijk+scenario+1%0Atitle+nl+Proef%0Astart+2026-01%0Ayears+10%0A"
#define ROW  "%0A2026-01+here+wijkteam+%2B0.5%0A"

static void rows_come_and_go(void **state)
{
    (void)state;
    answer page = get("/gebied/BU99010001/vooruitzicht/beleid?scenario=krachtstroom");
    assert_int_equal(page.status, 200);
    has(&page, "2028-01 here community_hours 120");
    has(&page, "name=\"weg\"");
    free(page.body);
    /* A decimal comma, a sign, a place that was chosen. */
    page = ask(WEB_POST, edit,
               HEAD "&doe=erbij&knop=social_management&waarde=%2B0,5&vanaf=2027-06&waar=here");
    assert_int_equal(page.status, 200);
    has(&page, "2027-06 here social_management +0.5");
    has(&page, "+0,5");
    free(page.body);
    page = ask(WEB_POST, edit, HEAD ROW "&weg=0");
    assert_int_equal(page.status, 200);
    lacks(&page, "here wijkteam");
    has(&page, "Nog geen: dit is hetzelfde als niets doen");
    free(page.body);
    /* A name with blanks goes between quotes; the head changes with it. */
    page =
        ask(WEB_POST, edit,
            HEAD ROW "&doe=erbij&knop=renovate&waarde=40&vanaf=2028-01&waar=here&plaats=Merelmarkt+"
                     "en+omgeving&titel=Nieuwe+naam&begin=2025-03&jaren=12");
    has(&page, "2028-01 &quot;Merelmarkt en omgeving&quot; renovate 40");
    has(&page, "title nl Nieuwe naam");
    has(&page, "start 2025-03");
    has(&page, "years 12");
    free(page.body);
}

static void errors_name_line_and_key(void **state)
{
    (void)state;
    answer page =
        ask(WEB_POST, edit,
            HEAD ROW "&doe=erbij&knop=social_management&waarde=50&vanaf=2027-06&waar=here");
    assert_int_equal(page.status, 400);
    has(&page, "role=\"alert\"");
    has(&page, "Deze verandering is er niet bij gezet: social_management 50: kan niet");
    has(&page, "value=\"50\"");       /* what was typed is still there */
    has(&page, "here wijkteam +0.5"); /* and so is the rest */
    free(page.body);
    page = ask(WEB_POST, edit, HEAD "%0A2026-01+here+wijktaem+1%0A&doe=tekst");
    assert_int_equal(page.status, 400);
    has(&page, "Regel 6: de knop &quot;wijktaem&quot; bestaat niet; bedoelt u wijkteam?");
    free(page.body);
    page = ask(WEB_POST, edit, HEAD ROW "&weg=7");
    assert_int_equal(page.status, 400);
    free(page.body);
    /* Lines that cannot be together: the sentence and the line, and the rest stays to be mended. */
    page = ask(WEB_POST, edit,
               HEAD "2026-01+here+label_older+60%0A2027-01+here+label_young+60%0A&doe=reken");
    assert_int_equal(page.status, 400);
    has(&page, "Regel 6: label_older 60 + label_young 60 = 120 procent");
    has(&page, "<code class=\"wijk-note__line\">2027-01 here label_young 60");
    has(&page, "name=\"weg\" value=\"1\"");
    free(page.body);
    page = ask(WEB_POST, edit, HEAD ROW "&doe=reken&jaren=60&begin=2026-02");
    assert_int_equal(page.status, 400);
    has(&page, "Regel 6: 2026-01 (wijkteam) valt buiten");
    free(page.body);
    page = ask(WEB_POST, edit,
               HEAD "&doe=erbij&knop=newcomer_task&waarde=90&vanaf=2026-01&waar=everywhere");
    assert_int_equal(page.status, 400);
    has(&page, "newcomer_task 90 + urgency 20 = 110 procent");
    has(&page, "value=\"90\"");
    lacks(&page, "everywhere newcomer_task");
    free(page.body);
    page =
        ask(WEB_POST, edit, HEAD "&doe=erbij&knop=%3Cscript%3E&waarde=1&vanaf=2026-01&waar=here");
    assert_int_equal(page.status, 400);
    lacks(&page, "<script>");
    free(page.body);
}

/* Everything that is wrong, its places too, before there is a job: in the language of the page. */
static void mistakes_are_told_before_a_job(void **state)
{
    (void)state;
    static const char wrong[] = "%0A2026-01+Merelmrkt+wijkteam+1%0A2026-01+GM0363+wijkteam+1"
                                "%0A2026-02+hier+schuldhulp+1%0A2099-01+hier+wijkteam+1%0A";
    static const char *const buttons[] = {"tekst", "reken", "bewaar", "erbij"};
    for (size_t i = 0; i < sizeof buttons / sizeof *buttons; i++) {
        char form[600];
        snprintf(form, sizeof form, "%s%s&doe=%s&waarde=2", HEAD, wrong, buttons[i]);
        answer page = ask(WEB_POST, edit, form);
        assert_int_equal(page.status, 400);
        has(&page, "Regel 6: hier is geen gebied &quot;Merelmrkt&quot;; bedoelt u "
                   "&quot;Merelmarkt en omgeving&quot; (BU99010001)");
        has(&page, "Regel 7: hier is geen gebied &quot;GM0363&quot;");
        has(&page, "Regel 8: de knop &quot;schuldhulp&quot; bestaat niet; bedoelt u "
                   "vroegsignalering of schuldhulpteam?");
        has(&page, "Regel 9: 2099-01 (wijkteam) valt buiten");
        has(&page, "<code class=\"wijk-note__line\">2026-02 hier schuldhulp 1</code>");
        lacks(&page, "Line 6");
        free(page.body);
    }
    answer english = ask(WEB_POST, "/en/gebied/BU99010001/vooruitzicht/beleid",
                         HEAD "%0A2026-01+here+wijkteam+300%0A&doe=reken");
    assert_int_equal(english.status, 400);
    has(&english, "Line 6: wijkteam 300: cannot be; choose 0 to 20 fte per 1000 households");
    lacks(&english, "kies");
    free(english.body);
    answer dutch = ask(WEB_POST, edit, HEAD "%0A2026-01+here+wijkteam+300%0A&doe=reken");
    has(&dutch, "kies 0 tot 20 fte per 1.000 huishoudens");
    lacks(&dutch, "per 1000 households zijn");
    free(dutch.body);
    answer again = ask(WEB_POST, reken, "tekst=wijk+scenario+1%0A2026-01+Merelmrkt+wijkteam+1");
    assert_int_equal(again.status, 404);
    has(&again, "bedoelt u &quot;Merelmarkt en omgeving&quot;");
    free(again.body);
}

/* Whatever was asked above, nothing of it is in the list. */
static void a_box_that_says_nothing_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *form, *said;
    } all[] = {
        {HEAD "&doe=erbij&knop=wijkteam&waarde=&vanaf=2026-01&waar=here", "Vul in hoeveel"},
        {HEAD "&doe=reken&begin=morgen&jaren=10", "Begin &quot;morgen&quot; is geen maand"},
        {HEAD "&doe=reken&begin=2026-01&jaren=veel", "Aantal jaren &quot;veel&quot;"},
        {HEAD "&doe=reken&begin=2026-01&jaren=61", "Aantal jaren &quot;61&quot;"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        answer page = ask(WEB_POST, edit, all[i].form);
        assert_int_equal(page.status, 400);
        has(&page, all[i].said);
        has(&page, "title nl Proef");
        free(page.body);
    }
    /* An empty box beside another button is no row that was asked for. */
    answer fine = ask(WEB_POST, edit, HEAD ROW "&weg=0&waarde=");
    assert_int_equal(fine.status, 200);
    free(fine.body);
    answer list = get("/vooruitzicht");
    lacks(&list, "Proef");
    free(list.body);
}

static void a_policy_by_hand_is_kept_and_computed(void **state)
{
    (void)state;
    char where[512], target[128];
    answer text = ask(WEB_POST, edit, HEAD ROW "&doe=bewaar");
    assert_int_equal(text.status, 200);
    assert_int_equal(strncmp(text.body, "wijk scenario 1\n", 16), 0);
    free(text.body);
    post(where, edit, HEAD ROW "&doe=reken&paren=1&jaren=1&begin=2026-01&titel=Proef");
    wait_for(where, 1);
    char again[600];
    snprintf(again, sizeof again, "%s?reeks=%.32s", edit, mark_in(where));
    answer page = get(again);
    has(&page, "here wijkteam +0.5");
    free(page.body);
    step(target, where, "/weg");
    post(where, target, "");
}

/* Every unit of a lever has words in both languages. */
static void units_have_words(void **state)
{
    (void)state;
    answer page = get("/gebied/BU99010001/vooruitzicht/beleid");
    for (int lever = 0; lever < WIJK_LEVERS; lever++) {
        const char *unit = wijk_lever_get((wijk_lever)lever)->unit;
        int known = 0;
        for (int k = T_FORECAST_UNIT_1; k <= T_FORECAST_UNIT_20; k++) {
            known |= !strcmp(wijk_text(WIJK_EN, (enum wijk_text_key)k), unit);
        }
        if (!known) {
            fail_msg("no words for the unit \"%s\"", unit);
        }
    }
    has(&page, "uren per 1.000 woningen per maand");
    free(page.body);
}

/* The choice stands in groups, each with what is computed and what is assumed; a lever that needs
 * several gemeenten is no choice where one is modelled. */
static void levers_stand_in_groups(void **state)
{
    (void)state;
    answer page = get("/gebied/BU99010001/vooruitzicht/beleid");
    answer english = get("/en/gebied/BU99010001/vooruitzicht/beleid");
    char option[120];
    const char *at = strstr(page.body, "id=\"knop\"");
    assert_non_null(at);
    const char *end = strstr(at, "</select>");
    assert_non_null(end);
    for (int g = 0; g < WIJK_POLICY_GROUPS; g++) {
        const char *name = wijk_policy_group_name(WIJK_NL, (wijk_policy_group)g);
        snprintf(option, sizeof option, "<optgroup label=\"%s\">", name);
        const char *group = strstr(at, option);
        assert_true(group && group < end);
        const char *stop = strstr(group, "</optgroup>");
        int n = 0;
        for (int lever = 0; lever < WIJK_LEVERS; lever++) {
            snprintf(option, sizeof option, "<option value=\"%s\"",
                     wijk_lever_get((wijk_lever)lever)->key);
            const char *found = strstr(at, option);
            int ours = wijk_policy_group_of((wijk_lever)lever) == (wijk_policy_group)g;
            assert_int_equal(found && found < end, lever != WIJK_LEVER_REGIONAL_MARKET);
            assert_int_equal(found && found > group && found < stop,
                             ours && lever != WIJK_LEVER_REGIONAL_MARKET);
            n += ours;
        }
        assert_true(n > 1);
        for (int effect = 0; effect < 2; effect++) {
            has(&page, wijk_policy_group_say(WIJK_NL, (wijk_policy_group)g, effect));
            has(&english, wijk_policy_group_say(WIJK_EN, (wijk_policy_group)g, effect));
        }
    }
    free(page.body);
    free(english.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asked_computed_and_found_again),
        cmocka_unit_test(who_is_passed_over_stands_on_the_page),
        cmocka_unit_test(what_others_reckoned_stands_beside),
        cmocka_unit_test(a_first_look_before_the_first_answer),
        cmocka_unit_test(known_facts_stand_beside_it),
        cmocka_unit_test(kept_as_text_and_as_a_part),
        cmocka_unit_test(live_stopped_gone_on_and_removed),
        cmocka_unit_test(a_restart_goes_on_where_it_was),
        cmocka_unit_test(read_only_shows_what_is_kept),
        cmocka_unit_test(what_cannot_be_read_can_be_asked_again),
        cmocka_unit_test(how_strongly_it_must_work),
        cmocka_unit_test(which_assumptions_decide_goes_on),
        cmocka_unit_test(bars_of_what_decides),
        cmocka_unit_test(every_assumption_has_a_place),
        cmocka_unit_test(refusals),
        cmocka_unit_test(time_and_place_are_told_beforehand),
        cmocka_unit_test(an_old_refusal_is_no_failure),
        cmocka_unit_test(a_postcode_leads_to_its_buurten),
        cmocka_unit_test(too_few_households_are_refused_at_once),
        cmocka_unit_test(rows_come_and_go),
        cmocka_unit_test(errors_name_line_and_key),
        cmocka_unit_test(mistakes_are_told_before_a_job),
        cmocka_unit_test(a_box_that_says_nothing_is_refused),
        cmocka_unit_test(a_policy_by_hand_is_kept_and_computed),
        cmocka_unit_test(units_have_words),
        cmocka_unit_test(levers_stand_in_groups),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
