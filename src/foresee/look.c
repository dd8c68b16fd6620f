/* What can be known of a forecast before anything is built: whether enough people live in the place
 * to show anything. The idea: who asks for what will be refused is told at the question, with the
 * larger place that can be asked, and not after a wait. */
#include "wijk/err.h"
#include "wijk/forecast.h"
#include "wijk/str.h"

/* Making a figure whole moves it within its rounding: so many published are surely enough. */
enum { SURE = 10 * WIJK_ENSEMBLE_LEAST };

/* As the start population will have it: an area has the same people in whatever is modelled. */
static int count_whole(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                       const wijk_start_options *options)
{
    wijk_start *start;
    *out = 0;
    int rc = wijk_start_new(&start, store, registry, options, NULL);
    for (size_t i = 0; !rc && i < wijk_start_areas(start); i++) {
        *out += wijk_start_area_at(start, i)->households;
    }
    wijk_start_free(start);
    return rc;
}

/* A gemeente by its own figure: reading all its parts for every look at a page is too much. */
static int count(uint64_t *out, wijk_store *store, const wijk_registry *registry,
                 const wijk_area *area)
{
    const wijk_start_options options = {.area = area->id,
                                        .level = area->level == WIJK_GEMEENTE ? WIJK_GEMEENTE
                                                                              : WIJK_LEVELS,
                                        .seed = 1};
    int rc = wijk_start_households(out, store, registry, &options, NULL);
    return rc || *out == 0 || *out >= SURE ? rc : count_whole(out, store, registry, &options);
}

/* The wijk and the gemeente around it, those that have enough. */
static int find_larger(wijk_case_size *out, wijk_store *store, const wijk_registry *registry,
                       wijk_arena *arena, const wijk_area *area)
{
    wijk_area at = *area;
    int rc = WIJK_OK;
    while (!rc && at.parent && at.level != WIJK_GEMEENTE && out->n_larger < 2) {
        uint64_t households = 0;
        rc = wijk_area_get(&at, store, arena, at.parent);
        if (!rc && (at.level == WIJK_WIJK || at.level == WIJK_GEMEENTE)) {
            rc = count(&households, store, registry, &at);
        }
        if (!rc && households >= WIJK_ENSEMBLE_LEAST) {
            out->larger[out->n_larger++] = at;
        }
    }
    return rc;
}

static int refuse(const wijk_case_size *size)
{
    wijk_str names[2] = {WIJK_STR_INIT, WIJK_STR_INIT};
    for (int lang = 0; lang < 2; lang++) {
        const char *between = lang == WIJK_NL ? " of " : " or ";
        for (size_t i = 0; i < size->n_larger; i++) {
            wijk_str_addf(&names[lang], "%s%s (%s)", i ? between : "", size->larger[i].name,
                          size->larger[i].code);
        }
        if (!size->n_larger) {
            wijk_str_add(&names[lang], lang == WIJK_NL ? "een groter gebied" : "a larger area");
        }
    }
    int rc = wijk_str_status(&names[0]) ? WIJK_ENOMEM : wijk_str_status(&names[1]);
    rc = rc ? rc
            : wijk_fail(WIJK_EDENIED,
                        "Hier wonen minder dan %d huishoudens, of het is niet bekend hoeveel. "
                        "Daarvoor wordt niets doorgerekend: kies %s.%.0s",
                        "Fewer than %d households live here, or it is not known how many. Nothing "
                        "is worked out for so few: %.0schoose %s.",
                        WIJK_ENSEMBLE_LEAST, wijk_str_text(&names[0]), wijk_str_text(&names[1]));
    wijk_str_free(&names[0]);
    wijk_str_free(&names[1]);
    return rc;
}

int wijk_case_look(wijk_case_size *out, wijk_store *store, const wijk_registry *registry,
                   wijk_arena *arena, int64_t area)
{
    wijk_area here;
    *out = (wijk_case_size){.n_larger = 0};
    int rc = wijk_area_get(&here, store, arena, area);
    if (rc || here.level == WIJK_LAND) {
        return rc;
    }
    rc = count(&out->households, store, registry, &here);
    if (rc || out->households >= WIJK_ENSEMBLE_LEAST) {
        return rc;
    }
    rc = find_larger(out, store, registry, arena, &here);
    return rc ? rc : refuse(out);
}
