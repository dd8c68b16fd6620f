/* The table of routes and the one way to an answer: match, check, run, and when a page fails, a
 * page that says why. Adding a page is one row here and one function. */
#include "web/json.h"
#include "web/pages.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

#include <stdio.h>
#include <string.h>

static const double DEADLINE = 10.0; /* seconds one request may compute */

const web_route web_routes[] = {
    {"/", page_home, WEB_CACHED, {"Start", "Home"}, "/"},
    {"/zoek", page_search, WEB_CACHED, {"Zoeken", "Search"}, "/zoek?q=merelwaard"},
    {"/gebied/{}.json",
     page_area_json,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Gebied als JSON", "Area as JSON"},
     "/gebied/GM9901.json"},
    {"/gebied/{}.csv",
     page_area_csv,
     WEB_DOWNLOAD,
     {"Gebied als CSV", "Area as CSV"},
     "/gebied/GM9901.csv"},
    {"/gebied/{}.pdf",
     page_area_pdf,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Gebied als PDF", "Area as PDF"},
     "/gebied/GM9901.pdf"},
    {"/gebied/{}/tabel",
     page_area_table,
     WEB_CACHED,
     {"Alle cijfers in één tabel", "All figures in one table"},
     "/gebied/GM9901/tabel"},
    {"/gebied/{}/klopt-niet",
     page_area_dispute,
     WEB_CACHED,
     {"Klopt er iets niet?", "Is something wrong?"},
     "/gebied/GM9901/klopt-niet"},
    {"/gebied/{}/draagkracht",
     page_capacity,
     WEB_CACHED,
     {"Draaglast en draagkracht", "Load and carrying capacity"},
     "/gebied/GM9901/draagkracht"},
    {"/gebied/{}/mix.json",
     page_mix_json,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Mix en segregatie als JSON", "Mix and segregation as JSON"},
     "/gebied/GM9901/mix.json"},
    {"/gebied/{}/mix.csv",
     page_mix_csv,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Mix en segregatie als CSV", "Mix and segregation as CSV"},
     "/gebied/GM9901/mix.csv"},
    {"/gebied/{}/mix",
     page_mix,
     WEB_CACHED,
     {"Mix en segregatie", "Mix and segregation"},
     "/gebied/GM9901/mix"},
    {"/gebied/{}/vooruitblik",
     page_outlook,
     WEB_CACHED,
     {"Vooruitblik", "Outlook"},
     "/gebied/BU99010101/vooruitblik"},
    {"/vooruitzicht", page_foresees, 0, {"Vooruitzichten", "Forecasts"}, "/vooruitzicht"},
    {"/gebied/{}/vooruitzicht",
     page_foresee,
     0,
     {"Vooruitzicht", "Forecast"},
     "/gebied/GM9901/vooruitzicht"},
    {"/gebied/{}/vooruitzicht/reken",
     page_foresee_begin,
     WEB_UNSAFE,
     {"Reken een beleid door", "Work a policy out"},
     "/gebied/GM9901/vooruitzicht/reken"},
    {"/gebied/{}/vooruitzicht.scenario",
     page_foresee_text,
     WEB_DOWNLOAD,
     {"Het beleid als tekst", "The policy as text"},
     "/gebied/GM9901/vooruitzicht.scenario"},
    {"/gebied/{}/vooruitzicht.pdf",
     page_foresee_pdf,
     WEB_DOWNLOAD,
     {"Vooruitzicht op twee pagina's", "Forecast on two pages"},
     "/gebied/GM9901/vooruitzicht.pdf"},
    {"/gebied/{}/vooruitzicht.deel",
     page_foresee_part,
     WEB_DOWNLOAD,
     {"Alle uitkomsten van een doorrekening", "All outcomes of a forecast"},
     "/gebied/GM9901/vooruitzicht.deel"},
    {"/gebied/{}/vooruitzicht/beleid",
     page_foresee_edit,
     WEB_HIDDEN,
     {"Een eigen beleid", "A policy of one's own"},
     "/gebied/GM9901/vooruitzicht/beleid?scenario=krachtstroom"},
    {"/gebied/{}/vooruitzicht/beleid",
     page_foresee_change,
     WEB_UNSAFE,
     {"Verander een beleid", "Change a policy"},
     "/gebied/GM9901/vooruitzicht/beleid"},
    {"/doorrekening/{}/weg",
     page_foresee_drop,
     WEB_UNSAFE,
     {"Haal een doorrekening weg", "Remove a forecast"},
     "/doorrekening/geen/weg"},
    {"/doorrekening/{}/stop",
     page_foresee_stop,
     WEB_UNSAFE,
     {"Stop een doorrekening", "Stop a forecast"},
     "/doorrekening/geen/stop"},
    {"/doorrekening/{}/verder",
     page_foresee_go_on,
     WEB_UNSAFE,
     {"Ga verder met een doorrekening", "Go on with a forecast"},
     "/doorrekening/geen/verder"},
    {"/doorrekening/{}/onderzoek",
     page_foresee_study,
     WEB_UNSAFE,
     {"Een vraag over een doorrekening", "A question about a forecast"},
     "/doorrekening/geen/onderzoek"},
    {"/doorrekening/{}/stand.json",
     page_foresee_state,
     WEB_HIDDEN | WEB_DOWNLOAD,
     {"Hoe ver een doorrekening is", "How far a forecast is"},
     "/doorrekening/geen/stand.json"},
    {"/gebied/{}", page_area, WEB_CACHED, {"Buurtbeeld", "Neighbourhood"}, "/gebied/GM9901"},
    {"/kaart", page_map, WEB_CACHED, {"Kaart", "Map"}, "/kaart?gebied=GM9901&niveau=buurt"},
    {"/vergelijk",
     page_compare,
     WEB_CACHED,
     {"Vergelijken", "Compare"},
     "/vergelijk?a=GM9901&b=WK990100"},
    {"/indicatoren", page_indicators, WEB_CACHED, {"Indicatoren", "Indicators"}, "/indicatoren"},
    {"/indicator/{}",
     page_indicator,
     WEB_CACHED,
     {"Indicator", "Indicator"},
     "/indicator/population"},
    {"/bronnen", page_sources, WEB_CACHED, {"Bronnen", "Sources"}, "/bronnen"},
    {"/aannames",
     page_parameters,
     WEB_CACHED,
     {"Aannames van het model", "Assumptions of the model"},
     "/aannames"},
    {"/prijzen", page_prices, WEB_CACHED, {"Prijzen", "Prices"}, "/prijzen"},
    {"/prijzen.csv",
     page_prices_csv,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Prijzen als CSV", "Prices as CSV"},
     "/prijzen.csv"},
    {"/prijzen/letter",
     page_letter,
     WEB_CACHED,
     {"Extra werk en de Aedes-letter", "Extra work and the Aedes letter"},
     "/prijzen/letter?woningen=1000&extra=85000"},
    {"/prijzen/functie",
     page_staff,
     WEB_CACHED,
     {"Eén functie, meer betalers", "One post, several payers"},
     "/prijzen/functie?loon=56500&wie.1=corp&deel.1=1&wie.2=gem_wmo&deel.2=1"},
    {"/plannen", page_plans, WEB_CACHED, {"Plannen", "Plans"}, "/plannen"},
    {"/plannen/nieuw",
     page_plan_create,
     WEB_UNSAFE,
     {"Begin een plan", "Begin a plan"},
     "/plannen/nieuw"},
    {"/plan/{}/invullen",
     page_plan_fill,
     WEB_UNSAFE,
     {"Vul een plan in", "Fill in a plan"},
     "/plan/plan-1/invullen"},
    {"/plan/{}/gebied-erbij",
     page_plan_add_area,
     WEB_UNSAFE,
     {"Gebied bij een plan", "Add an area to a plan"},
     "/plan/plan-1/gebied-erbij"},
    {"/plan/{}/gebied-eraf",
     page_plan_drop_area,
     WEB_UNSAFE,
     {"Gebied uit een plan", "Drop an area from a plan"},
     "/plan/plan-1/gebied-eraf"},
    {"/plan/{}/vastleggen",
     page_plan_freeze,
     WEB_UNSAFE,
     {"Leg een plan vast", "Freeze a plan"},
     "/plan/plan-1/vastleggen"},
    {"/plan/{}/wijzigen",
     page_plan_amend,
     WEB_UNSAFE,
     {"Wijzig een plan", "Amend a plan"},
     "/plan/plan-1/wijzigen"},
    {"/plan/{}/vooruitzicht",
     page_plan_forecast,
     WEB_UNSAFE,
     {"Reken een plan door", "Compute a plan"},
     "/plan/plan-1/vooruitzicht"},
    {"/plan/{}/verder",
     page_plan_advance,
     WEB_UNSAFE,
     {"Zet een plan verder", "Move a plan on"},
     "/plan/plan-1/verder"},
    {"/plan/{}/weg",
     page_plan_withdraw,
     WEB_UNSAFE,
     {"Haal een plan van de lijst", "Take a plan off the list"},
     "/plan/plan-1/weg"},
    {"/plan/{}/geld",
     page_plan_rows,
     WEB_HIDDEN,
     {"Kosten en baten van een plan", "Costs and benefits of a plan"},
     "/plan/plan-1/geld"},
    {"/plan/{}/geld",
     page_plan_rows_settings,
     WEB_UNSAFE,
     {"Jaren en prijspeil van een plan", "Years and price level of a plan"},
     "/plan/plan-1/geld"},
    {"/plan/{}/geld/regel",
     page_plan_row,
     WEB_HIDDEN,
     {"Regel van een rekening", "Line of an account"},
     "/plan/plan-1/geld/regel?regel=ontruiming"},
    {"/plan/{}/geld/regel",
     page_plan_row_save,
     WEB_UNSAFE,
     {"Bewaar een regel", "Save a line"},
     "/plan/plan-1/geld/regel"},
    {"/plan/{}/rekening.csv",
     page_plan_rows_csv,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Rekening van een plan als tabel", "Account of a plan as a table"},
     "/plan/plan-1/rekening.csv"},
    {"/plan/{}/rekening",
     page_plan_account,
     WEB_CACHED,
     {"Rekening van een plan", "Account of a plan"},
     "/plan/plan-1/rekening"},
    {"/plan/{}/kaart.json",
     page_plan_card,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Kaart van een plan", "Card of a plan"},
     "/plan/plan-1/kaart.json"},
    {"/plan/{}.pdf",
     page_plan_pdf,
     WEB_DOWNLOAD,
     {"Plan als PDF", "Plan as PDF"},
     "/plan/plan-1.pdf"},
    {"/plan/{}", page_plan, 0, {"Plan", "Plan"}, "/plan/plan-1"},
    {"/uitleg", page_manual, WEB_CACHED, {"Uitleg", "Manual"}, "/uitleg"},
    {"/uitleg/{}", page_manual_one, WEB_CACHED, {"Uitleg", "Manual"}, "/uitleg/start"},
    {"/api", page_api, WEB_CACHED, {"API", "API"}, "/api"},
    {"/eigen", page_own, WEB_HIDDEN, {"Eigen gebieden", "Own areas"}, "/eigen"},
    {"/eigen",
     page_own_create,
     WEB_UNSAFE,
     {"Maak een eigen gebied", "Make an own area"},
     "/eigen"},
    {"/eigen/weg",
     page_own_withdraw,
     WEB_UNSAFE,
     {"Haal een eigen gebied van de lijst", "Take an own area off the list"},
     "/eigen/weg"},
    {"/laden", page_load, WEB_HIDDEN, {"Gegevens laden", "Load data"}, "/laden"},
    {"/laden", page_load_begin, WEB_UNSAFE, {"Begin met laden", "Begin loading"}, "/laden"},
    {"/laden/stop",
     page_load_cancel,
     WEB_UNSAFE,
     {"Stop met laden", "Stop loading"},
     "/laden/stop"},
    {"/laden/stand.json",
     page_load_state,
     WEB_HIDDEN | WEB_DOWNLOAD,
     {"Hoe ver het laden is", "How far loading is"},
     "/laden/stand.json"},
    {"/figuur/{}.svg",
     page_figure_svg,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Figuur als SVG", "Figure as SVG"},
     "/figuur/kaart.svg?gebied=GM9901&niveau=buurt"},
    {"/figuur/{}.png",
     page_figure_png,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Figuur als PNG", "Figure as PNG"},
     "/figuur/kaart.png?gebied=GM9901&niveau=buurt"},
    {"/export/alles.csv",
     page_export,
     WEB_DOWNLOAD,
     {"Het hele bestand als tabel", "The whole file as a table"},
     "/export/alles.csv"},
    {"/api/v1/areas",
     api_areas,
     WEB_CACHED | WEB_API,
     {"Gebieden", "Areas"},
     "/api/v1/areas?level=wijk"},
    {"/api/v1/areas/{}/observations",
     api_observations,
     WEB_CACHED | WEB_API,
     {"Waarnemingen van een gebied", "Observations of an area"},
     "/api/v1/areas/GM9901/observations?indicator=population"},
    {"/api/v1/areas/{}/mix",
     api_mix,
     WEB_CACHED | WEB_API,
     {"Mix en segregatie van een gebied", "Mix and segregation of an area"},
     "/api/v1/areas/GM9901/mix?grouping=tenure"},
    {"/api/v1/areas/{}",
     api_area,
     WEB_CACHED | WEB_API,
     {"Eén gebied", "One area"},
     "/api/v1/areas/GM9901"},
    {"/api/v1/indicators",
     api_indicators,
     WEB_CACHED | WEB_API,
     {"Indicatoren", "Indicators"},
     "/api/v1/indicators"},
    {"/api/v1/indicators/{}",
     api_indicator,
     WEB_CACHED | WEB_API,
     {"Eén indicator", "One indicator"},
     "/api/v1/indicators/population"},
    {"/api/v1/sources",
     api_sources,
     WEB_CACHED | WEB_API,
     {"Bronnen", "Sources"},
     "/api/v1/sources"},
    {"/api/v1/search",
     api_search,
     WEB_CACHED | WEB_API,
     {"Zoeken", "Search"},
     "/api/v1/search?q=merel"},
    {"/api/v1/openapi.json",
     api_description,
     WEB_CACHED | WEB_API,
     {"Beschrijving van de API", "Description of the API"},
     "/api/v1/openapi.json"},
    {"/web/{}",
     page_asset,
     WEB_CACHED | WEB_DOWNLOAD,
     {"Vormgeving en script", "Style and script"},
     "/web/style.css"},
    {NULL, NULL, 0, {NULL, NULL}, NULL},
};

const char *const web_security_headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
     "frame-ancestors 'none'; require-trusted-types-for 'script'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "geolocation=(), camera=(), microphone=()"},
    {NULL, NULL},
};

/* 1 when `path` has the form of `pattern`; *name then is where {} begins and *size its length. */
static int matches(const char *pattern, const char *path, const char **name, size_t *size)
{
    const char *hole = strstr(pattern, "{}");
    *name = "";
    *size = 0;
    if (!hole) {
        return !strcmp(pattern, path);
    }
    size_t before = (size_t)(hole - pattern);
    const char *after = hole + 2;
    size_t whole = strlen(path);
    if (strncmp(pattern, path, before) || whole <= before + strlen(after) ||
        strcmp(path + whole - strlen(after), after)) {
        return 0;
    }
    *name = path + before;
    *size = whole - before - strlen(after);
    return !memchr(*name, '/', *size);
}

/* The route for a path and whether the method fits: NULL with 404 or 405 in *status. */
static const web_route *find(const web_request *request, int read_only, const char **name,
                             size_t *size, int *status, const char **allow)
{
    *status = 404;
    for (const web_route *at = web_routes; at->pattern; at++) {
        if ((at->flags & (WEB_UNSAFE | WEB_HIDDEN) && read_only) ||
            !matches(at->pattern, request->path, name, size)) {
            continue;
        }
        int unsafe = (at->flags & WEB_UNSAFE) != 0;
        int fits = unsafe ? request->method == WEB_POST
                          : request->method == WEB_GET || request->method == WEB_HEAD;
        if (fits) {
            return at;
        }
        *allow = *status == 405 ? "GET, HEAD, POST" : unsafe ? "POST" : "GET, HEAD";
        *status = 405;
    }
    return NULL;
}

static int status_of(int code)
{
    switch (code) {
    case WIJK_EINVAL:
    case WIJK_EFORMAT:
        return 400;
    case WIJK_EDENIED:
        return 403;
    case WIJK_ENOTFOUND:
        return 404;
    case WIJK_EBUSY:
        return 409;
    case WIJK_ECANCEL:
        return 503;
    default:
        return 500;
    }
}

static enum wijk_text_key status_text(int status)
{
    switch (status) {
    case 400:
        return T_WEB_STATUS_400;
    case 403:
        return T_WEB_STATUS_403;
    case 404:
        return T_WEB_STATUS_404;
    case 405:
        return T_WEB_STATUS_405;
    case 409:
        return T_WEB_STATUS_409;
    case 413:
        return T_WEB_STATUS_413;
    case 414:
        return T_WEB_STATUS_414;
    case 415:
        return T_WEB_STATUS_415;
    case 421:
        return T_WEB_STATUS_421;
    case 431:
        return T_WEB_STATUS_431;
    case 503:
        return T_WEB_STATUS_503;
    default:
        return T_WEB_STATUS_500;
    }
}

static void begin_reply(web_reply *reply)
{
    wijk_str_clear(&reply->body);
    reply->status = 200;
    reply->type = "text/html; charset=utf-8";
    reply->location = reply->filename = reply->allow = NULL;
    reply->cache = WEB_REVALIDATE;
    reply->etag[0] = 0;
    reply->api = 0;
}

static void fail_json(web_call *call, int status, const char *detail)
{
    wijk_str *out = &call->reply->body;
    page_type(call, "application/problem+json", NULL);
    wijk_str_addf(out, "{\"type\":\"about:blank\",\"status\":%d,\"title\":", status);
    j_text(out, wijk_text(call->lang, status_text(status)));
    wijk_str_add(out, ",\"detail\":");
    j_text(out, detail);
    wijk_str_add(out, "}\n");
}

static void fail_page(web_call *call, int status, const char *detail)
{
    html *h = &call->h;
    const char *title = wijk_text(call->lang, status_text(status));
    page_begin(call, &(web_shell){.title = title, .area = "wijk-message"});
    h_leaf(h, "h1", NULL, title);
    h_leaf(h, "p", "wijk-lead", detail);
    h_open(h, "p", NULL);
    page_link(call, "wijk-button", page_url(call, "/", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_TO_HOME));
    h_close(h);
    page_end(call);
}

/* Replaces whatever was written by an answer that says what is wrong. */
static void fail(web_call *call, int status, const char *detail)
{
    web_reply *reply = call->reply;
    const char *allow = reply->allow;
    if (reply->stream.next) {
        reply->stream.free(reply->stream.state);
        reply->stream = (web_stream){NULL, NULL, NULL};
    }
    /* The message lives in a thread-local slot that making this page may overwrite. */
    const char *kept = wijk_arena_strdup(call->arena, detail);
    begin_reply(reply);
    reply->allow = allow;
    reply->status = status;
    reply->cache = WEB_STORE_NOT;
    h_start(&call->h, &reply->body, call->lang);
    int api = (call->route && call->route->flags & WEB_API) ||
              !strncmp(call->request->path ? call->request->path : "", "/api/", 5);
    reply->api = api;
    if (api) {
        fail_json(call, status, kept ? kept : "");
    } else {
        fail_page(call, status, kept ? kept : "");
    }
}

/* 1 when the client already has this very answer. The tag is made before any work is done. */
static int unchanged(web_call *call)
{
    web_reply *reply = call->reply;
    uint64_t hash = 14695981039346656037u;
    char plans[24];
    snprintf(plans, sizeof plans, "%lld", (long long)call->worker->plans);
    const char *const parts[] = {WIJK_VERSION, call->site->born, call->worker->snapshot->stamp,
                                 plans, call->request->target};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (const char *at = parts[i]; *at; at++) {
            hash = (hash ^ (unsigned char)*at) * 1099511628211u;
        }
    }
    snprintf(reply->etag, sizeof reply->etag, "W/\"%016llx\"", (unsigned long long)hash);
    const char *have = call->request->if_none_match;
    return have && (!strcmp(have, "*") || strstr(have, reply->etag));
}

static void call_begin(web_call *call, web_worker *worker, const web_request *request,
                       web_reply *reply)
{
    *call = (web_call){.worker = worker,
                       .site = worker->site,
                       .store = worker->store,
                       .arena = worker->arena,
                       .request = request,
                       .lang = request->lang,
                       .name = "",
                       .reply = reply};
    if (worker->snapshot) {
        call->registry = worker->snapshot->registry;
    }
    atomic_init(&call->ctx.cancel, 0);
    call->ctx.deadline = wijk_now() + DEADLINE;
    begin_reply(reply);
    h_start(&call->h, &reply->body, call->lang);
}

/* 0 when the route may run, else the status that refuses it. */
static int refusal(const web_call *call)
{
    const web_request *request = call->request;
    if (call->route->flags & WEB_UNSAFE) {
        if (!web_same_origin(request)) {
            return 403;
        }
        const char *type = request->content_type ? request->content_type : "";
        if (strncmp(type, "application/x-www-form-urlencoded", 33)) {
            return 415;
        }
    }
    return 0;
}

static void run(web_call *call)
{
    int rc = wijk_begin_read(call->store);
    if (!rc) {
        rc = call->route->run(call);
        wijk_end_read(call->store);
    }
    rc = rc ? rc : wijk_str_status(&call->reply->body);
    if (rc < 0) {
        fail(call, status_of(rc), wijk_error(call->lang));
    }
}

void web_answer(web_worker *worker, web_request *request, web_reply *reply)
{
    web_call call;
    int rc = web_worker_refresh(worker);
    call_begin(&call, worker, request, reply);
    if (rc) {
        fail(&call, 500, wijk_error(call.lang));
        return;
    }
    size_t size = 0;
    int status = 0;
    const char *allow = NULL;
    call.route = find(request, worker->site->read_only, &call.name, &size, &status, &allow);
    if (!call.route) {
        reply->allow = status == 405 ? allow : NULL;
        fail(&call, status, wijk_text(call.lang, status == 405 ? T_WEB_WHY_405 : T_WEB_WHY_404));
        return;
    }
    call.name = wijk_arena_strndup(call.arena, call.name, size);
    status = call.name ? refusal(&call) : 500;
    if (status) {
        fail(&call, status, wijk_text(call.lang, status == 415 ? T_WEB_WHY_415 : T_WEB_WHY_403));
        return;
    }
    if (call.route->flags & WEB_CACHED && unchanged(&call)) {
        reply->status = 304;
        return;
    }
    reply->api = (call.route->flags & WEB_API) != 0;
    if (!(call.route->flags & WEB_CACHED)) {
        reply->cache = WEB_STORE_NOT;
    }
    run(&call);
}

void web_refuse(web_worker *worker, const web_request *request, int status, web_reply *reply)
{
    static const struct {
        int status;
        enum wijk_text_key why;
    } reasons[] = {{400, T_WEB_WHY_400}, {413, T_WEB_WHY_413}, {414, T_WEB_WHY_414},
                   {421, T_WEB_WHY_421}, {431, T_WEB_WHY_431}, {503, T_WEB_WHY_503}};
    web_call call;
    call_begin(&call, worker, request, reply);
    enum wijk_text_key why = T_WEB_WHY_400;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        why = reasons[i].status == status ? reasons[i].why : why;
    }
    fail(&call, status, wijk_text(call.lang, why));
}

void web_reply_free(web_reply *reply)
{
    wijk_str_free(&reply->body);
    if (reply->stream.next) {
        reply->stream.free(reply->stream.state);
        reply->stream = (web_stream){NULL, NULL, NULL};
    }
}
