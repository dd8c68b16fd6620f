/* Which area a command is about: by code when there is one, else by searching as the page does. */
#include "cli/place.h"

#include "figure/words.h"
#include "wijk/search.h"

#include <stdio.h>
#include <string.h>

enum { HITS = 6 };

static int find_by_name(cmd_place *place, const char *query, wijk_lang lang, int quiet)
{
    wijk_search *search;
    wijk_hit hits[HITS];
    size_t count = 0;
    int rc = wijk_search_new(&search, place->store, place->registry);
    rc = rc ? rc : wijk_search_find(&count, search, query, hits, HITS);
    if (!rc && !count) {
        rc = wijk_fail(WIJK_ENOTFOUND,
                       "Geen gebied gevonden bij \"%s\". Zoek op naam, postcode (1234) of code "
                       "(BU03630000).",
                       "No area found for \"%s\". Search by name, postcode (1234) or code "
                       "(BU03630000).",
                       query);
    }
    if (!rc) {
        place->area = hits[0].area;
    }
    if (!rc && !quiet && hits[0].postcode) {
        printf("%s\n\n", WIJK_FILL(place->arena, lang, T_SHOW_POSTCODE, {"code", hits[0].code}));
    } else if (!rc && !quiet && count > 1) {
        printf("%s\n", WIJK_FILL(place->arena, lang, T_SHOW_SEVERAL, {"query", query}));
        for (size_t i = 1; i < count; i++) {
            printf("  %-12s %s (%s)\n", hits[i].code, hits[i].name,
                   wijk_level_name(lang, hits[i].level));
        }
        putchar('\n');
    }
    wijk_search_free(search);
    return rc;
}

static int find(cmd_place *place, const char *query, wijk_lang lang, int quiet)
{
    wijk_area area;
    int rc = wijk_area_find(&area, place->store, place->arena, query, 0);
    int letters = strspn(query, "0123456789") == 4 && query[4]; /* a full postcode */
    if (!rc && !letters) {
        place->area = area.id;
        return WIJK_OK;
    }
    return rc && rc != WIJK_ENOTFOUND ? rc : find_by_name(place, query, lang, quiet);
}

int cmd_place_find(cmd_place *place, int argc, char **argv, const char *name, wijk_lang lang,
                   int quiet)
{
    int rc = WIJK_OK;
    if (!place->store) {
        rc = wijk_store_open(&place->store, cmd_file(argc, argv), WIJK_STORE_READ);
        rc = rc ? rc : wijk_registry_open(&place->registry, place->store);
        rc = rc ? rc : wijk_arena_new(&place->arena, 0);
        rc = rc ? rc : wijk_begin_read(place->store);
    }
    return rc ? rc : find(place, name, lang, quiet);
}

int cmd_place_open(cmd_place *out, int argc, char **argv, int nth, wijk_lang lang, int quiet)
{
    memset(out, 0, sizeof *out);
    if (!cmd_positional(argc, argv, nth)) {
        return wijk_fail(WIJK_EINVAL, "Welk gebied? Geef een naam, postcode of code.",
                         "Which area? Give a name, postcode or code.");
    }
    wijk_str query = WIJK_STR_INIT;
    for (int i = nth; cmd_positional(argc, argv, i); i++) {
        wijk_str_add(&query, i > nth ? " " : "");
        wijk_str_add(&query, cmd_positional(argc, argv, i));
    }
    int rc = wijk_str_status(&query);
    rc = rc ? rc : cmd_place_find(out, argc, argv, wijk_str_text(&query), lang, quiet);
    wijk_str_free(&query);
    return rc;
}

void cmd_place_close(cmd_place *place)
{
    wijk_arena_free(place->arena);
    wijk_registry_free(place->registry);
    wijk_store_close(place->store);
}
