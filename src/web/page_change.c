/* The pages that change the file: loading open data and naming own areas. They do not exist in
 * read-only mode, and every change needs a request from a page of this very server. */
#include "web/form.h"
#include "web/job.h"
#include "web/json.h"
#include "web/pages.h"

#include "wijk/mem.h"
#include "wijk/own.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* After a change: go and look at it with GET, so that reloading repeats nothing. */
static int see_other(web_call *call, const char *url)
{
    call->reply->status = 303;
    call->reply->location = url;
    return WIJK_OK;
}

/* ---- loading ----------------------------------------------------------------------------------
 */

static void load_form(web_call *call)
{
    html *h = &call->h;
    h_leaft(h, "p", "wijk-lead", T_WEB_LOAD_ABOUT);
    form_post(h, "wijk-form", page_url(call, "/laden", NULL, NULL, NULL));
    form_labelt(h, "map", T_WEB_LOAD_FOLDER);
    form_input(h, "map", "map");
    h_flag(h, "required");
    h_attr(h, "autocomplete", "off");
    h_attr(h, "aria-describedby", "map-uitleg");
    h_close(h);
    h_open(h, "p", "wijk-from");
    h_attr(h, "id", "map-uitleg");
    h_t(h, T_WEB_LOAD_FOLDER_HINT);
    h_close(h);
    form_button(h, "wijk-button", T_WEB_LOAD_BEGIN);
    h_close(h);
    if (call->worker->snapshot->fictional) {
        h_leaft(h, "p", "wijk-note", T_WEB_LOAD_NEW_FILE);
    }
    page_heading(call, "halen", T_WEB_LOAD_FETCH_TITLE);
    h_leaft(h, "p", NULL, T_WEB_LOAD_FETCH);
    h_open(h, "pre", "wijk-letter");
    h_attr(h, "tabindex", "0");
    h_text(h, "wijk fetch\nwijk fetch kwb-2024");
    h_close(h);
}

static void load_running(web_call *call, const web_job_state *state)
{
    html *h = &call->h;
    h_open(h, "div", "wijk-job");
    h_attr(h, "data-job", page_url(call, "/laden/stand.json", NULL, NULL, NULL));
    h_open(h, "p", NULL);
    h_attr(h, "role", "status");
    h_attr(h, "data-job-what", "");
    h_text(h, state->what);
    h_close(h);
    h_open(h, "progress", "wijk-progress");
    h_attri(h, "max", 100);
    h_attri(h, "value", lround(state->done * 100));
    h_attr(h, "aria-label", wijk_text(call->lang, T_WEB_LOAD_PROGRESS));
    h_close(h);
    form_post(h, NULL, page_url(call, "/laden/stop", NULL, NULL, NULL));
    form_button(h, "wijk-button wijk-button--quiet", T_WEB_LOAD_STOP);
    h_closes(h, 2);
    h_open(h, "p", NULL);
    page_link(call, NULL, page_url(call, "/laden", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_LOAD_LOOK));
    h_close(h);
}

static void load_result(web_call *call, const web_job_state *state)
{
    html *h = &call->h;
    if (state->phase == WEB_JOB_FAILED) {
        h_open(h, "p", "wijk-note");
        h_attr(h, "role", "alert");
        h_text(h, state->error[call->lang]);
        h_close(h);
    }
    h_open(h, "dl", "wijk-facts");
    const struct {
        enum wijk_text_key what;
        long long count;
    } rows[] = {{T_WEB_LOAD_LOADED, state->loaded},
                {T_WEB_LOAD_UNCHANGED, state->unchanged},
                {T_WEB_LOAD_REFUSED, state->refused},
                {T_WEB_LOAD_CELLS, state->cells}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        h_open(h, "div", NULL);
        h_leaft(h, "dt", NULL, rows[i].what);
        h_open(h, "dd", NULL);
        h_int(h, rows[i].count);
        h_closes(h, 2);
    }
    h_close(h);
    if (*state->refusals) {
        h_open(h, "details", "wijk-details");
        h_leaft(h, "summary", NULL, T_WEB_LOAD_WHY_REFUSED);
        h_open(h, "pre", "wijk-letter");
        h_attr(h, "tabindex", "0");
        h_text(h, state->refusals);
        h_closes(h, 2);
    }
    h_open(h, "p", NULL);
    page_link(call, "wijk-button", page_url(call, "/", NULL, NULL, NULL),
              wijk_text(call->lang, T_WEB_TO_HOME));
    h_close(h);
}

int page_load(web_call *call)
{
    web_job_state state;
    web_job_look(call->site->job, &state);
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_LOAD_TITLE),
                                  .area = "wijk-text",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(&call->h, "h1", NULL, T_WEB_LOAD_TITLE);
    if (state.phase == WEB_JOB_RUNNING) {
        load_running(call, &state);
    } else {
        if (state.phase != WEB_JOB_IDLE) {
            load_result(call, &state);
        }
        load_form(call);
    }
    return page_end(call);
}

int page_load_begin(web_call *call)
{
    const char *folder = web_param_get(&call->request->form, "map");
    if (!*folder) {
        return wijk_fail(WIJK_EINVAL, "Vul de map of het bestand in waar de gegevens staan.",
                         "Fill in the folder or file that holds the data.");
    }
    int rc = web_job_begin(call->site->job, folder);
    return rc ? rc : see_other(call, page_url(call, "/laden", NULL, NULL, NULL));
}

int page_load_cancel(web_call *call)
{
    web_job_cancel(call->site->job);
    return see_other(call, page_url(call, "/laden", NULL, NULL, NULL));
}

int page_load_state(web_call *call)
{
    static const char *const phases[] = {"idle", "running", "done", "failed"};
    web_job_state state;
    web_job_look(call->site->job, &state);
    json j;
    page_type(call, "application/json", NULL);
    j_start(&j, &call->reply->body);
    j_object(&j, NULL);
    j_string(&j, "phase", phases[state.phase]);
    j_number(&j, "done", state.done);
    j_string(&j, "what", state.what);
    j_close(&j);
    return WIJK_OK;
}

/* ---- own areas --------------------------------------------------------------------------------
 */

static int own_list(web_call *call)
{
    html *h = &call->h;
    wijk_area *areas;
    size_t count = 0;
    int rc = wijk_own_list(&areas, &count, call->store, call->arena);
    if (rc || !count) {
        return rc;
    }
    page_heading(call, "lijst", T_WEB_OWN_LIST);
    h_open(h, "ul", "wijk-results");
    for (size_t i = 0; i < count; i++) {
        h_open(h, "li", "wijk-result");
        page_link(call, "wijk-result__name", page_area_url(call, &areas[i], NULL), areas[i].name);
        form_post(h, "wijk-inline", page_url(call, "/eigen/weg", NULL, NULL, NULL));
        form_hidden(h, "code", areas[i].code);
        h_open(h, "button", "wijk-action");
        h_t(h, T_WEB_OWN_WITHDRAW);
        h_open(h, "span", "wijk-hidden");
        h_text(h, ": ");
        h_text(h, areas[i].name);
        h_closes(h, 4);
    }
    h_close(h);
    return WIJK_OK;
}

int page_own(web_call *call)
{
    html *h = &call->h;
    page_begin(call, &(web_shell){.title = wijk_text(call->lang, T_WEB_OWN_TITLE),
                                  .area = "wijk-text",
                                  .fictional = call->worker->snapshot->fictional &&
                                               !call->worker->snapshot->real});
    h_leaft(h, "h1", NULL, T_WEB_OWN_TITLE);
    h_leaft(h, "p", "wijk-lead", T_WEB_OWN_ABOUT);
    form_post(h, "wijk-form", page_url(call, "/eigen", NULL, NULL, NULL));
    form_labelt(h, "naam", T_WEB_OWN_NAME);
    form_input(h, "naam", "naam");
    h_attri(h, "maxlength", 100);
    h_flag(h, "required");
    h_close(h);
    form_labelt(h, "delen", T_WEB_OWN_MEMBERS);
    form_textarea(h, "delen", "delen");
    h_attri(h, "rows", 6);
    h_flag(h, "required");
    h_attr(h, "aria-describedby", "delen-uitleg");
    h_text(h, web_param_get(&call->request->query, "delen"));
    h_close(h);
    h_open(h, "p", "wijk-from");
    h_attr(h, "id", "delen-uitleg");
    h_t(h, T_WEB_OWN_MEMBERS_HINT);
    h_close(h);
    form_button(h, "wijk-button", T_WEB_OWN_MAKE);
    h_close(h);
    int rc = own_list(call);
    return rc ? rc : page_end(call);
}

/* The areas that a text names by code, separated by blanks, commas or line ends. */
static int read_members(web_call *call, int64_t **out, size_t *count, const char *text)
{
    static const char between[] = " ,;\t\r\n";
    size_t most = strlen(text) / 2 + 1;
    *out = wijk_arena_alloc(call->arena, most * sizeof **out);
    *count = 0;
    if (!*out) {
        return WIJK_ENOMEM;
    }
    for (text += strspn(text, between); *text; text += strspn(text, between)) {
        size_t size = strcspn(text, between);
        const char *code = wijk_arena_strndup(call->arena, text, size);
        wijk_area area;
        int rc = code ? page_area_find(call, &area, code, "") : WIJK_ENOMEM;
        if (rc) {
            return rc;
        }
        (*out)[(*count)++] = area.id;
        text += size;
    }
    return WIJK_OK;
}

int page_own_create(web_call *call)
{
    int64_t *members, made = 0;
    size_t count;
    int rc = read_members(call, &members, &count, web_param_get(&call->request->form, "delen"));
    wijk_store *store;
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    wijk_area area;
    rc = wijk_own_create(&made, store, web_param_get(&call->request->form, "naam"), members, count);
    rc = rc ? rc : wijk_area_get(&area, store, call->arena, made);
    web_site_written(call->site);
    return rc ? rc : see_other(call, page_url(call, "/gebied/", area.code, NULL, NULL));
}

int page_own_withdraw(web_call *call)
{
    wijk_area area;
    int rc = page_area_find(call, &area, web_param_get(&call->request->form, "code"), "");
    wijk_store *store;
    rc = rc ? rc : web_site_write(&store, call->site);
    if (rc) {
        return rc;
    }
    rc = wijk_own_withdraw(store, area.id);
    web_site_written(call->site);
    return rc ? rc : see_other(call, page_url(call, "/eigen", NULL, NULL, NULL));
}
