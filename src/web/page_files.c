/* What is kept rather than read on screen: figures as SVG and PNG, long tables as CSV (streamed),
 * and the style sheets, scripts and icons of the pages themselves. */
#include "web/mix.h"
#include "web/pages.h"

#include "wijk/export.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

/* ---- figures ----------------------------------------------------------------------------------
 */

enum { FIGURE_WIDTH = 720, PNG_WIDTH = 1440 };

/* Draws what {} names ("kaart", "leefbaarheid" …) of ?gebied= as a file by itself. */
static int draw_alone(web_call *call, wijk_figure *out)
{
    wijk_figure_style style = {.lang = call->lang, .standalone = 1, .width = FIGURE_WIDTH};
    const char *code = web_param_get(&call->request->query, "gebied");
    const char *vintage = web_param_get(&call->request->query, "indeling");
    wijk_area area;
    int rc = *code ? page_area_find(call, &area, code, vintage) : WIJK_OK;
    if (rc) {
        return rc;
    }
    if (!strcmp(call->name, "kaart")) {
        page_map_choice choice;
        rc = page_map_choose(call, &choice, *code ? &area : NULL);
        choice.map.link = NULL;
        return rc ? rc
                  : wijk_figure_map(out, call->store, call->registry, call->arena, &style,
                                    &choice.map);
    }
    if (!*code) {
        return wijk_fail(WIJK_EINVAL, "Zeg van welk gebied: ?gebied=CODE.",
                         "Say of which area: ?gebied=CODE.");
    }
    if (!strncmp(call->name, "mix-", 4)) {
        wijk_mix mix;
        rc = mix_read(call, &mix, &area, 0);
        return rc ? rc : mix_draw(call, out, call->name, &mix, &style);
    }
    wijk_portrait portrait;
    rc =
        wijk_portrait_get(&portrait, call->store, call->registry, call->arena, area.id, call->lang);
    return rc ? rc : page_draw(call, out, call->name, &portrait, &style);
}

int page_figure_svg(web_call *call)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    int rc = draw_alone(call, &figure);
    if (!rc) {
        page_type(call, "image/svg+xml", NULL);
        wijk_str_free(&call->reply->body);
        call->reply->body = figure.svg;
        figure.svg = (wijk_str)WIJK_STR_INIT;
    }
    wijk_figure_free(&figure);
    return rc;
}

int page_figure_png(web_call *call)
{
    wijk_figure figure = WIJK_FIGURE_INIT;
    int rc = draw_alone(call, &figure);
    if (!rc) {
        page_type(call, "image/png", NULL);
        pthread_mutex_lock(&call->site->drawing);
        rc = wijk_render_png(&call->reply->body, wijk_str_text(&figure.svg), figure.svg.size,
                             PNG_WIDTH);
        pthread_mutex_unlock(&call->site->drawing);
    }
    wijk_figure_free(&figure);
    return rc;
}

/* ---- long tables ------------------------------------------------------------------------------
 */

/* An export outlives the request that began it, so it has a connection of its own and keeps the
 * snapshot whose registry it reads. */
typedef struct {
    wijk_store *store;
    web_snapshot *snapshot;
    wijk_export *export;
    wijk_ctx ctx;
} export_stream;

static int export_next(void *state, web_worker *worker, wijk_str *out)
{
    enum { PIECE = 64 << 10 };
    (void)worker;
    export_stream *own = state;
    char *room = wijk_str_reserve(out, PIECE + 1);
    ptrdiff_t size = room ? wijk_export_read(own->export, room, PIECE) : WIJK_ENOMEM;
    if (size < 0) {
        return (int)size;
    }
    out->size += (size_t)size;
    out->data[out->size] = 0;
    return WIJK_OK;
}

static void export_free(void *state)
{
    export_stream *own = state;
    wijk_export_close(own->export);
    wijk_store_close(own->store);
    web_snapshot_leave(own->snapshot);
    wijk_free(own);
}

static int export_begin(web_call *call, const wijk_selection *selection, const char *filename)
{
    export_stream *own = wijk_alloc(sizeof *own);
    if (!own) {
        return WIJK_ENOMEM;
    }
    own->snapshot = web_snapshot_hold(call->worker->snapshot);
    int rc = wijk_store_open(&own->store, wijk_store_path(call->store), WIJK_STORE_READ);
    rc = rc ? rc
            : wijk_export_open(&own->export, own->store, own->snapshot->registry, WIJK_EXPORT_CSV,
                               selection, &own->ctx);
    if (rc) {
        export_free(own);
        return rc;
    }
    page_type(call, "text/csv; charset=utf-8", filename);
    if (call->request->method == WEB_HEAD) {
        export_free(own);
    } else {
        call->reply->stream = (web_stream){export_next, export_free, own};
    }
    return WIJK_OK;
}

int page_area_csv(web_call *call)
{
    wijk_area area;
    int rc =
        page_area_find(call, &area, call->name, web_param_get(&call->request->query, "indeling"));
    if (rc) {
        return rc;
    }
    wijk_selection selection = WIJK_SELECTION_ALL;
    selection.area = area.id;
    return export_begin(call, &selection, wijk_arena_printf(call->arena, "wijk-%s.csv", area.code));
}

int page_export(web_call *call)
{
    wijk_selection selection = WIJK_SELECTION_ALL;
    return export_begin(call, &selection, "wijk.csv");
}

/* ---- assets -----------------------------------------------------------------------------------
 */

int page_asset(web_call *call)
{
    static const char *const types[][2] = {{".css", "text/css; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".svg", "image/svg+xml"}};
    if (!strcmp(call->name, "figure.css")) {
        page_type(call, types[0][1], NULL);
        return wijk_figure_css(&call->reply->body, 0);
    }
    const char *path = wijk_arena_printf(call->arena, "web/%s", call->name);
    const char *dot = strrchr(call->name, '.');
    size_t size = 0;
    const char *bytes = path && dot ? wijk_asset_get(path, &size) : NULL;
    for (size_t i = 0; bytes && i < sizeof types / sizeof *types; i++) {
        if (!strcmp(dot, types[i][0])) {
            page_type(call, types[i][1], NULL);
            wijk_str_addn(&call->reply->body, bytes, size);
            return WIJK_OK;
        }
    }
    return wijk_fail(WIJK_ENOTFOUND, "Dit bestand hoort niet bij het programma: %s.",
                     "This file is not part of the program: %s.", call->name);
}
