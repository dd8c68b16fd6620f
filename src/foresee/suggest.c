/* What somebody may have meant who wrote a word that is not there. The idea: a word that is nearly
 * right is a slip of the pen and gets its one neighbour; else what it is about counts, so that
 * "schuldhulp" finds the levers about debts and not one that happens to have as many letters. */
#include "foresee/scenario.h"

#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

enum { WORD = 64, NAMED = 4, STEM = 5, LEAST_STEM = 4 };

/* Words people use for a lever that are in none of its names: one row each. */
static const struct {
    wijk_lever lever;
    const char *words;
} about[] = {
    {WIJK_LEVER_BUILD_SOCIAL, "nieuwbouw bouwen new homes construction"},
    {WIJK_LEVER_BUILD_OWNER, "nieuwbouw bouwen new homes construction"},
    {WIJK_LEVER_BUILD_PRIVATE, "nieuwbouw bouwen new homes construction"},
    {WIJK_LEVER_RESTRUCTURE, "sloop nieuwbouw"},
    {WIJK_LEVER_RENOVATE, "renovatie onderhoud maintenance"},
    {WIJK_LEVER_DEBT_SIGNALLING, "schulden schuldhulp betalingsachterstand vroegsignaal"},
    {WIJK_LEVER_DEBT_TEAM, "schulden schuldhulp"},
    {WIJK_LEVER_MAGIC_MIX, "menging magic mixing"},
    {WIJK_LEVER_MIX_TARGET, "menging mixing"},
    {WIJK_LEVER_SPREADING_CAP, "spreiding menging mixing"},
    {WIJK_LEVER_SOCIAL_MANAGEMENT, "huismeester beheer wijkbeheer"},
    {WIJK_LEVER_WIJKTEAM, "zorg hulpverlening social team"},
    {WIJK_LEVER_COMMUNITY_HOURS, "welzijnswerk buurtwerk"},
    {WIJK_LEVER_HOUSING_FIRST, "dakloos daklozen homeless"},
    {WIJK_LEVER_OUTFLOW_SHELTER, "dakloos daklozen homeless"},
    {WIJK_LEVER_OUTFLOW_MENTAL, "psychiatrie"},
    {WIJK_LEVER_NEWCOMER_TASK, "vergunninghouders vluchtelingen"},
    {WIJK_LEVER_WIJKAGENT, "politie police"},
};

/* Letters to change to get from one word to another (Levenshtein 1966). */
static int edits(const char *a, const char *b)
{
    int row[WORD + 1];
    int n = (int)strlen(b);
    n = n > WORD ? WORD : n;
    for (int j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (int i = 0; i < WORD && a[i]; i++) {
        int corner = row[0]++;
        for (int j = 0; j < n; j++) {
            int change = corner + (a[i] != b[j]);
            corner = row[j + 1];
            int best = change < corner + 1 ? change : corner + 1;
            row[j + 1] = best < row[j] + 1 ? best : row[j] + 1;
        }
    }
    return row[n];
}

/* A slip: up to a letter in three. */
static int is_slip(int distance, const char *word)
{
    return 3 * distance <= (int)strlen(word);
}

/* ---- levers ---------------------------------------------------------------------------------- */

typedef struct {
    wijk_lever lever[NAMED];
    int dutch[NAMED]; /* it is the Dutch name that is like the word */
    size_t n;
} meant;

static void add_meant(meant *out, int lever, int is_dutch)
{
    if (out->n < NAMED) {
        out->lever[out->n] = (wijk_lever)lever;
        out->dutch[out->n++] = is_dutch;
    }
}

/* The levers whose name is as near as any, when that is near. */
static void find_slips(meant *out, const char *word)
{
    int least = WORD;
    for (int i = 0; i < WIJK_LEVERS; i++) {
        const char *names[] = {wijk_lever_get((wijk_lever)i)->key, wijk_lever_dutch((wijk_lever)i)};
        for (int k = 0; k < 2; k++) {
            char name[WORD];
            wijk_fold(name, sizeof name, names[k]);
            int distance = edits(word, name);
            if (distance < least) {
                least = distance;
                out->n = 0;
            }
            if (distance == least && is_slip(distance, word) &&
                (out->n == 0 || out->lever[out->n - 1] != (wijk_lever)i)) {
                add_meant(out, i, k);
            }
        }
    }
}

/* Whether the word or its first letters stand at the beginning of a word of a text. */
static int tells_of(const char *text, const char *word)
{
    char folded[400], stem[STEM + 1];
    snprintf(stem, sizeof stem, "%s", word);
    size_t size = strlen(stem);
    wijk_fold(folded, sizeof folded, text);
    for (const char *at = folded; size >= LEAST_STEM && at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, stem, size) == 0) {
            return 1;
        }
    }
    return 0;
}

/* The levers that are about it. */
static void find_about(meant *out, const char *word)
{
    static const enum wijk_text_key labels[WIJK_LEVERS] = {
#define X(name, key, kind, unit, least, most, nothing) T_LEVER_##name,
        WIJK_LEVERS_X(X)
#undef X
    };
    for (int i = 0; i < WIJK_LEVERS; i++) {
        int tells = tells_of(wijk_lever_get((wijk_lever)i)->key, word) ||
                    tells_of(wijk_lever_dutch((wijk_lever)i), word) ||
                    tells_of(wijk_text(WIJK_NL, labels[i]), word) ||
                    tells_of(wijk_text(WIJK_EN, labels[i]), word);
        for (size_t k = 0; k < sizeof about / sizeof *about; k++) {
            tells = tells || (about[k].lever == (wijk_lever)i && tells_of(about[k].words, word));
        }
        if (tells) {
            add_meant(out, i, 1);
        }
    }
}

static void name_meant(char *out, size_t room, const meant *m, wijk_lang lang)
{
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < m->n && used < room; i++) {
        const char *name = m->dutch[i] && lang == WIJK_NL ? wijk_lever_dutch(m->lever[i])
                                                          : wijk_lever_get(m->lever[i])->key;
        const char *between = i == 0 ? "" : i + 1 < m->n ? ", " : lang == WIJK_NL ? " of " : " or ";
        used += (size_t)snprintf(out + used, room - used, "%s%s", between, name);
    }
}

int scenario_no_such_lever(const char *word)
{
    char folded[WORD], names[2][160];
    meant m = {.n = 0};
    wijk_fold(folded, sizeof folded, word);
    find_slips(&m, folded);
    if (!m.n) {
        find_about(&m, folded);
    }
    name_meant(names[0], sizeof names[0], &m, WIJK_NL);
    name_meant(names[1], sizeof names[1], &m, WIJK_EN);
    return m.n ? wijk_fail(WIJK_EFORMAT, "de knop \"%s\" bestaat niet; bedoelt u %s%.0s?",
                           "there is no lever \"%s\"; do you mean %.0s%s?", word, names[0],
                           names[1])
               : wijk_fail(WIJK_EFORMAT, "de knop \"%s\" bestaat niet: zie de lijst van knoppen",
                           "there is no lever \"%s\": see the list of levers", word);
}

/* ---- places ---------------------------------------------------------------------------------- */

/* Below what a slip is: one name begins with the other. */
static int place_distance(const char *word, const char *name)
{
    size_t a = strlen(word), b = strlen(name), shorter = a < b ? a : b;
    if (shorter >= LEAST_STEM && strncmp(word, name, shorter) == 0) {
        return 1;
    }
    int whole = edits(word, name);
    const char *blank = strchr(name, ' ');
    if (blank && blank - name < WORD) { /* "Finsterwoude" is near to "Finsterwolde-Centrum" */
        char first[WORD];
        snprintf(first, sizeof first, "%.*s", (int)(blank - name), name);
        int begin = edits(word, first) + 1;
        whole = begin < whole ? begin : whole;
    }
    return whole;
}

void scenario_offer(scenario_near *near, const char *folded, const char *name, const char *code)
{
    char other[WORD];
    wijk_fold(other, sizeof other, name);
    int distance = place_distance(folded, other);
    size_t at = near->n;
    if (!*other || !is_slip(distance, folded)) {
        return;
    }
    while (at > 0 && near->distance[at - 1] > distance) {
        at--;
    }
    for (size_t i = 0; i < near->n; i++) {
        if (strcmp(near->code[i], code) == 0) {
            return;
        }
    }
    near->n += near->n < SCENARIO_NEAR;
    for (size_t i = near->n; i-- > at + 1;) {
        near->name[i] = near->name[i - 1];
        near->code[i] = near->code[i - 1];
        near->distance[i] = near->distance[i - 1];
    }
    if (at < near->n) {
        near->name[at] = name;
        near->code[at] = code;
        near->distance[at] = distance;
    }
}

void scenario_name_near(char *out, size_t room, const scenario_near *near, wijk_lang lang)
{
    static const char *const last[] = {" of ", " or "};
    size_t used = 0;
    *out = 0;
    for (size_t i = 0; i < near->n && used < room; i++) {
        used += (size_t)snprintf(out + used, room - used, "%s\"%s\" (%s)",
                                 i == 0            ? ""
                                 : i + 1 < near->n ? ", "
                                                   : last[lang],
                                 near->name[i], near->code[i]);
    }
}
