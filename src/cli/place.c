/* Which area a command is about: by code when there is one, else by searching as the page does. */
#include "cli/place.h"

#include "figure/words.h"
#include "wijk/search.h"

#include <stdio.h>
#include <string.h>

enum { HITS = 6 };

/* A computation of hours about another place than was meant helps nobody, so what only resembles a
 * name is refused, with what it resembles. */
static int only_resembles(const char *query, const wijk_hit *hits, size_t count)
{
    enum { NAMED = 3 };
    wijk_str near = WIJK_STR_INIT;
    for (size_t i = 0; i < count && i < NAMED; i++) {
        wijk_str_addf(&near, "%s%s (%s%s%s)", i ? ", " : "", hits[i].name, hits[i].code,
                      *hits[i].gemeente ? ", " : "", hits[i].gemeente);
    }
    int rc = wijk_str_status(&near);
    rc = rc ? rc
            : wijk_fail(WIJK_ENOTFOUND,
                        "Geen gebied heet precies \"%s\". Bedoelt u: %s? Geef de hele naam of de "
                        "code.",
                        "No area is called exactly \"%s\". Do you mean: %s? Give the whole name "
                        "or the code.",
                        query, wijk_str_text(&near));
    wijk_str_free(&near);
    return rc;
}

/* Of the areas of this very name the best, the country before a hamlet called after it; `count`
 * when none has the name. */
static size_t exact_hit(const wijk_hit *hits, size_t count)
{
    size_t first = count;
    for (size_t i = 0; i < count; i++) {
        if (hits[i].exact && (first == count || hits[i].level == WIJK_LAND)) {
            first = i;
        }
    }
    return first;
}

/* On the error stream: the choice must be seen beside a table or JSON too. */
static void tell_others(const cmd_place *place, const char *query, wijk_lang lang,
                        const wijk_hit *hits, size_t count, size_t chosen)
{
    int told = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == chosen || !hits[i].exact) {
            continue;
        }
        if (!told++) {
            fprintf(stderr, "%s\n",
                    WIJK_FILL(place->arena, lang, T_SHOW_SEVERAL, {"query", query},
                              {"code", hits[chosen].code}));
        }
        fprintf(stderr, "  %-12s %s (%s)\n", hits[i].code, hits[i].name,
                wijk_level_name(lang, hits[i].level));
    }
}

static int find_by_name(cmd_place *place, const char *query, wijk_lang lang)
{
    wijk_search *search;
    wijk_hit hits[HITS];
    size_t count = 0, chosen = 0;
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
    if (!rc && hits[0].postcode) {
        fprintf(stderr, "%s\n",
                WIJK_FILL(place->arena, lang, T_SHOW_POSTCODE, {"code", hits[0].code}));
    } else if (!rc) {
        chosen = exact_hit(hits, count);
        rc = chosen < count ? WIJK_OK : only_resembles(query, hits, count);
    }
    if (!rc) {
        place->area = hits[chosen].area;
        tell_others(place, query, lang, hits, count, chosen);
    }
    wijk_search_free(search);
    return rc;
}

static int find(cmd_place *place, const char *query, wijk_lang lang)
{
    wijk_area area;
    int rc = wijk_area_find(&area, place->store, place->arena, query, 0);
    int letters = strspn(query, "0123456789") == 4 && query[4]; /* a full postcode */
    if (!rc && !letters) {
        place->area = area.id;
        return WIJK_OK;
    }
    return rc && rc != WIJK_ENOTFOUND ? rc : find_by_name(place, query, lang);
}

int cmd_place_find(cmd_place *place, int argc, char **argv, const char *name, wijk_lang lang)
{
    int rc = WIJK_OK;
    if (!place->store) {
        rc = wijk_store_open(&place->store, cmd_file(argc, argv), WIJK_STORE_READ);
        rc = rc ? rc : wijk_registry_open(&place->registry, place->store);
        rc = rc ? rc : wijk_arena_new(&place->arena, 0);
        rc = rc ? rc : wijk_begin_read(place->store);
    }
    return rc ? rc : find(place, name, lang);
}

int cmd_place_open(cmd_place *out, int argc, char **argv, int nth, wijk_lang lang)
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
    rc = rc ? rc : cmd_place_find(out, argc, argv, wijk_str_text(&query), lang);
    wijk_str_free(&query);
    return rc;
}

void cmd_place_close(cmd_place *place)
{
    wijk_arena_free(place->arena);
    wijk_registry_free(place->registry);
    wijk_store_close(place->store);
}
