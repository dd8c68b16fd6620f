/* Search: words of names, gemeenten and codes, each word with the areas that carry it. A typed word
 * finds the words that equal it, begin with it, contain it, or - when none does - lie one or two
 * typing errors away; areas must answer every typed word. Whole country: some 20,000 words, so
 * looking at all of them with a letter mask first is faster than any cleverer index. */
#include "wijk/search.h"

#include "areas/registry.h"
#include "areas/typing.h"
#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/map.h"
#include "wijk/str.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 8, MAX_WORD = 40, MAX_HITS = 100 };

/* How well a word answers another, and how much less a gemeente's name counts than one's own. */
static const float EXACT = 100, PREFIX = 80, INNER = 45, ONE_ERROR = 50, TWO_ERRORS = 35;
static const float GEMEENTE_WEIGHT = 0.6f;

typedef struct {
    int64_t id;
    uint32_t code, name, gemeente, folded, alias; /* offsets in the blob; alias 0 when none */
    float people;
    int16_t vintage;
    uint8_t level, fictional, words;
} entry;

typedef struct {
    uint32_t word, entry;
    uint8_t gemeente; /* 1: the word is of the gemeente's name */
} posting;

typedef struct {
    uint32_t text, first, count; /* postings */
    uint32_t letters;            /* bit per letter, and one per digit group */
    uint8_t size;
} word;

struct wijk_search {
    wijk_str blob;
    entry *entries; /* by id */
    size_t count, room;
    posting *postings; /* by word */
    size_t posting_count, posting_room;
    word *words; /* alphabetically */
    size_t word_count;
};

static const char *at(const wijk_search *search, uint32_t offset)
{
    return search->blob.data + offset;
}

static uint32_t put_text(wijk_search *search, const char *text)
{
    uint32_t offset = (uint32_t)search->blob.size;
    wijk_str_addn(&search->blob, text, strlen(text) + 1);
    return offset;
}

static int grow(void **items, size_t *room, size_t count, size_t size)
{
    if (count < *room) {
        return WIJK_OK;
    }
    size_t bigger = *room ? *room * 2 : 4096;
    void *moved = wijk_realloc(*items, bigger * size);
    if (!moved) {
        return WIJK_ENOMEM;
    }
    *items = moved;
    *room = bigger;
    return WIJK_OK;
}

/* ---- building ---------------------------------------------------------------------------------
 */

static int add_entry(wijk_search *search, wijk_stmt *stmt, enum wijk_level level)
{
    int rc = grow((void **)&search->entries, &search->room, search->count, sizeof *search->entries);
    if (rc) {
        return rc;
    }
    entry *it = &search->entries[search->count];
    *it = (entry){.id = wijk_col_int(stmt, 0),
                  .code = put_text(search, wijk_col_text(stmt, 1)),
                  .people = NAN,
                  .vintage = (int16_t)wijk_col_int(stmt, 2),
                  .level = (uint8_t)level,
                  .fictional = (uint8_t)wijk_col_int(stmt, 5)};
    const char *name = wijk_col_text(stmt, 3);
    it->name = *name ? put_text(search, name) : it->code;
    it->gemeente = put_text(search, wijk_col_text(stmt, 4));
    search->count++;
    return wijk_str_status(&search->blob);
}

static int read_level(wijk_search *search, wijk_store *store, enum wijk_level level, int vintage)
{
    wijk_stmt *stmt =
        level == WIJK_OWN
            ? wijk_store_sql(store, "SELECT a.id,a.code,a.vintage,a.name,a.gemeente,a.fictional "
                                    "FROM own_area o JOIN area a ON a.id=o.area_id "
                                    "WHERE o.withdrawn=0")
            : wijk_store_sql(store, "SELECT id,code,vintage,name,gemeente,fictional FROM area "
                                    "WHERE level=?1 AND vintage>=?2 ORDER BY code,vintage<>?2,"
                                    "vintage DESC");
    if (level != WIJK_OWN) {
        wijk_bind_int(stmt, 1, level);
        wijk_bind_int(stmt, 2, vintage);
    }
    int step;
    size_t first = search->count;
    while ((step = wijk_step(stmt)) == 1) {
        /* Of a code in several vintages the first stays: the country's, else the newest. */
        if (search->count > first &&
            !strcmp(at(search, search->entries[search->count - 1].code), wijk_col_text(stmt, 1))) {
            continue;
        }
        int rc = add_entry(search, stmt, level);
        if (rc) {
            wijk_reset(stmt);
            return rc;
        }
    }
    return step;
}

static int by_id(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static int read_people(wijk_search *search, wijk_store *store, const wijk_registry *registry)
{
    const wijk_indicator *population = wijk_indicator_by_code(registry, "population");
    size_t count = 0;
    const wijk_series *series =
        population ? wijk_series_of(&count, registry, population->id) : NULL;
    for (size_t i = 0; i < count; i++) {
        int newest = i + 1 == count || series[i + 1].level != series[i].level ||
                     series[i + 1].vintage != series[i].vintage;
        if (!newest || series[i].level == WIJK_SQUARE) {
            continue;
        }
        wijk_stmt *stmt =
            wijk_store_sql(store, "SELECT area_id,value FROM layer_value WHERE indicator_id=?1 AND "
                                  "level=?2 AND vintage=?3 AND period=?4");
        wijk_bind_int(stmt, 1, population->id);
        wijk_bind_int(stmt, 2, series[i].level);
        wijk_bind_int(stmt, 3, series[i].vintage);
        wijk_bind_int(stmt, 4, series[i].period);
        int step;
        while ((step = wijk_step(stmt)) == 1) {
            entry key = {.id = wijk_col_int(stmt, 0)};
            entry *found =
                bsearch(&key, search->entries, search->count, sizeof *search->entries, by_id);
            if (found) {
                found->people = (float)wijk_col_double(stmt, 1);
            }
        }
        if (step < 0) {
            return step;
        }
    }
    return WIJK_OK;
}

/* Bits of letter_mask that stand for a letter; the others are digits. */
static const uint32_t LETTERS = (1u << 26) - 1;

static uint32_t letter_mask(const char *text, size_t size)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < size; i++) {
        mask |= text[i] >= 'a' && text[i] <= 'z' ? 1u << (text[i] - 'a')
                                                 : 1u << (26 + (text[i] - '0') % 6);
    }
    return mask;
}

typedef struct {
    wijk_search *search;
    wijk_map *ids; /* word → number */
    size_t room;
} builder;

static int add_words(builder *b, size_t entry_at, const char *folded, int gemeente)
{
    wijk_search *search = b->search;
    for (const char *from = folded; *from;) {
        size_t size = strcspn(from, " ");
        int64_t id;
        int rc = WIJK_OK;
        if (size > 0 && size < MAX_WORD) {
            if (!wijk_map_get(b->ids, from, size, &id)) {
                id = (int64_t)search->word_count;
                rc = grow((void **)&search->words, &b->room, search->word_count,
                          sizeof *search->words);
                rc = rc ? rc : wijk_map_set(b->ids, from, size, id);
                if (rc) {
                    return rc;
                }
                search->words[search->word_count++] = (word){.text = (uint32_t)search->blob.size,
                                                             .size = (uint8_t)size,
                                                             .letters = letter_mask(from, size)};
                wijk_str_addn(&search->blob, from, size);
                wijk_str_addc(&search->blob, 0);
            }
            rc = grow((void **)&search->postings, &search->posting_room, search->posting_count,
                      sizeof *search->postings);
            if (rc) {
                return rc;
            }
            search->postings[search->posting_count++] =
                (posting){(uint32_t)id, (uint32_t)entry_at, (uint8_t)gemeente};
        }
        from += size;
        from += *from == ' ';
    }
    return wijk_str_status(&search->blob);
}

/* Other names of the same place become words of it too. */
static int add_aliases(builder *b, const wijk_table *aliases, size_t entry_at)
{
    wijk_search *search = b->search;
    int rc = WIJK_OK;
    for (size_t row = 0; !rc && row < wijk_table_rows(aliases); row++) {
        const char *name = wijk_table_get(aliases, row, "name");
        const entry *it = &search->entries[entry_at];
        int own = !strcmp(name, at(search, it->name));
        if (!own && strcmp(name, at(search, it->gemeente)) != 0) {
            continue;
        }
        char folded[256];
        wijk_fold(folded, sizeof folded, wijk_table_get(aliases, row, "alias"));
        if (own && !it->alias) {
            search->entries[entry_at].alias = put_text(search, folded);
        }
        rc = add_words(b, entry_at, folded, !own);
    }
    return rc;
}

static int index_entry(builder *b, const wijk_table *aliases, size_t i)
{
    wijk_search *search = b->search;
    char folded[512];
    wijk_fold(folded, sizeof folded, at(search, search->entries[i].name));
    search->entries[i].folded = put_text(search, folded);
    uint8_t words = *folded != 0;
    for (const char *c = folded; *c; c++) {
        words = (uint8_t)(words + (*c == ' '));
    }
    search->entries[i].words = words;
    int rc = add_words(b, i, folded, 0);
    if (search->entries[i].level != WIJK_GEMEENTE) {
        wijk_fold(folded, sizeof folded, at(search, search->entries[i].gemeente));
        rc = rc ? rc : add_words(b, i, folded, 1);
    }
    if (search->entries[i].code != search->entries[i].name) {
        wijk_fold(folded, sizeof folded, at(search, search->entries[i].code));
        rc = rc ? rc : add_words(b, i, folded, 0);
    }
    return rc ? rc : add_aliases(b, aliases, i);
}

typedef struct {
    const char *blob;
    word word;
    uint32_t id;
} sortable;

static int by_text(const void *a, const void *b)
{
    const sortable *x = a, *y = b;
    return strcmp(x->blob + x->word.text, y->blob + y->word.text);
}

static int by_word(const void *a, const void *b)
{
    const posting *x = a, *y = b;
    int order = (x->word > y->word) - (x->word < y->word);
    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* Words alphabetically, and behind each its postings. */
static int sort_words(wijk_search *search)
{
    size_t n = search->word_count;
    sortable *list = wijk_alloc((n + 1) * sizeof *list);
    uint32_t *rank = wijk_alloc((n + 1) * sizeof *rank);
    int rc = list && rank ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        for (size_t i = 0; i < n; i++) {
            list[i] = (sortable){search->blob.data, search->words[i], (uint32_t)i};
        }
        qsort(list, n, sizeof *list, by_text);
        for (size_t i = 0; i < n; i++) {
            search->words[i] = list[i].word;
            rank[list[i].id] = (uint32_t)i;
        }
        for (size_t i = 0; i < search->posting_count; i++) {
            search->postings[i].word = rank[search->postings[i].word];
        }
        qsort(search->postings, search->posting_count, sizeof *search->postings, by_word);
        for (size_t i = search->posting_count; i-- > 0;) {
            word *w = &search->words[search->postings[i].word];
            w->first = (uint32_t)i;
            w->count++;
        }
    }
    wijk_free(list);
    wijk_free(rank);
    return rc;
}

int wijk_search_new(wijk_search **out, wijk_store *store, const wijk_registry *registry)
{
    *out = NULL;
    wijk_search *search = wijk_alloc(sizeof *search);
    if (!search) {
        return WIJK_ENOMEM;
    }
    wijk_str_addc(&search->blob, 0); /* offset 0 is the empty text */
    builder b = {.search = search};
    wijk_table *aliases = NULL;
    int rc = wijk_map_new(&b.ids);
    rc = rc ? rc : wijk_table_asset(&aliases, "data/aliases.csv");
    for (int level = 0; !rc && level < WIJK_LEVELS; level++) {
        if (level != WIJK_SQUARE) {
            rc = read_level(search, store, (enum wijk_level)level,
                            wijk_level_vintage(registry, (enum wijk_level)level));
        }
    }
    if (!rc && search->count) {
        qsort(search->entries, search->count, sizeof *search->entries, by_id);
    }
    rc = rc ? rc : read_people(search, store, registry);
    for (size_t i = 0; !rc && i < search->count; i++) {
        rc = index_entry(&b, aliases, i);
    }
    rc = rc ? rc : sort_words(search);
    wijk_table_free(aliases);
    wijk_map_free(b.ids);
    if (rc) {
        wijk_search_free(search);
        return rc;
    }
    *out = search;
    return WIJK_OK;
}

void wijk_search_free(wijk_search *search)
{
    if (search) {
        wijk_str_free(&search->blob);
        wijk_free(search->entries);
        wijk_free(search->postings);
        wijk_free(search->words);
        wijk_free(search);
    }
}

size_t wijk_search_size(const wijk_search *search)
{
    return search->count;
}

/* ---- asking ------------------------------------------------------------------------------------
 */

typedef struct {
    float sum, now; /* over the words so far; of the word under way */
    uint8_t words;  /* typed words answered */
    uint8_t forgiving;
} answer;

typedef struct {
    const wijk_search *search;
    answer *answers;   /* per entry */
    uint32_t *touched; /* entries that answered the first word */
    size_t touched_count;
    int nth; /* typed word under way */
} asking;

static void take(asking *a, const word *w, float quality, int forgiving)
{
    for (uint32_t i = 0; i < w->count; i++) {
        const posting *p = &a->search->postings[w->first + i];
        answer *it = &a->answers[p->entry];
        if (it->words < a->nth) {
            continue; /* an earlier word was not answered */
        }
        float value = p->gemeente ? quality * GEMEENTE_WEIGHT : quality;
        if (it->words == a->nth) {
            it->words++;
            it->now = value;
            it->forgiving |= (uint8_t)forgiving;
            if (a->nth == 0) {
                a->touched[a->touched_count++] = p->entry;
            }
        } else if (value > it->now) {
            it->now = value;
        }
    }
}

/* First word that does not come before `typed`. */
static size_t word_from(const wijk_search *search, const char *typed)
{
    size_t low = 0, high = search->word_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(at(search, search->words[middle].text), typed) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static size_t answered(const asking *a)
{
    size_t n = 0;
    for (size_t i = 0; i < a->touched_count; i++) {
        n += a->answers[a->touched[i]].words > a->nth;
    }
    return n;
}

static void ask_nearly(asking *a, const char *typed, size_t size)
{
    int most = size >= 6 ? 2 : size >= 4 ? 1 : 0;
    uint32_t letters = letter_mask(typed, size);
    if (letters & ~LETTERS) {
        return; /* another number or code is another place, not a typing error */
    }
    wijk_typed pattern;
    wijk_typed_set(&pattern, typed, size);
    for (int errors = 1; errors <= most && !answered(a); errors++) {
        for (size_t i = 0; i < a->search->word_count; i++) {
            const word *w = &a->search->words[i];
            uint32_t lacks = letters & ~w->letters; /* every letter lacking is an error */
            lacks &= lacks - 1;
            lacks &= errors > 1 ? lacks - 1 : lacks;
            if (lacks || (size_t)w->size + (size_t)errors < size) {
                continue;
            }
            if (wijk_typing_errors(&pattern, at(a->search, w->text), w->size, errors) == errors) {
                float less = (float)(w->size > size ? w->size - size : 0);
                take(a, w, (errors == 1 ? ONE_ERROR : TWO_ERRORS) - less, 1);
            }
        }
    }
}

static void ask_word(asking *a, const char *typed, size_t size)
{
    const wijk_search *search = a->search;
    for (size_t i = word_from(search, typed); i < search->word_count; i++) {
        const word *w = &search->words[i];
        if (w->size < size || memcmp(at(search, w->text), typed, size) != 0) {
            break;
        }
        float rest = (float)(w->size - size);
        take(a, w, w->size == size ? EXACT : PREFIX - (rest < 20 ? rest : 20), 0);
    }
    uint32_t letters = letter_mask(typed, size);
    if (size >= 4 && (letters & LETTERS)) { /* digits inside another number are chance */
        for (size_t i = 0; i < search->word_count; i++) {
            const word *w = &search->words[i];
            if (w->size > size && !(letters & ~w->letters) &&
                strstr(at(search, w->text) + 1, typed)) {
                take(a, w, INNER, 0);
            }
        }
    }
    if (!answered(a)) {
        ask_nearly(a, typed, size);
    }
    for (size_t i = 0; i < a->touched_count; i++) {
        answer *it = &a->answers[a->touched[i]];
        it->sum += it->words > a->nth ? it->now : 0;
    }
    a->nth++;
}

static int has_name(const wijk_search *search, const entry *it, const char *folded)
{
    return !strcmp(at(search, it->folded), folded) ||
           (it->alias && !strcmp(at(search, it->alias), folded));
}

static int has_code(const wijk_search *search, const entry *it, const char *folded)
{
    char code[2 * WIJK_MAX_QUERY + 1];
    wijk_fold(code, sizeof code, at(search, it->code));
    return !strcmp(code, folded);
}

static float final_score(const wijk_search *search, const entry *it, const answer *given,
                         const char *folded, int words)
{
    static const float levels[WIJK_LEVELS] = {4, 8, 3, 2, 1, 0, 0, 5};
    const char *own = at(search, it->folded);
    size_t size = strlen(folded);
    float score = given->sum / (float)words + levels[it->level];
    if (has_name(search, it, folded)) {
        score += 40;
    } else if (!strncmp(own, folded, size)) {
        score += 15;
    }
    /* A short name that is answered whole fits better than a long one answered in part. */
    score -= it->words > words ? (float)(it->words - words) : 0;
    return score + (it->people > 0 ? 3 * log10f(it->people + 1) : 0);
}

typedef struct {
    float score;
    uint32_t entry;
} ranked;

static int better(const wijk_search *search, ranked a, ranked b)
{
    if (a.score != b.score) {
        return a.score > b.score;
    }
    return strcmp(at(search, search->entries[a.entry].code),
                  at(search, search->entries[b.entry].code)) < 0;
}

static size_t rank_answers(ranked *best, size_t room, const asking *a, const char *folded,
                           int postcode)
{
    size_t count = 0;
    for (size_t i = 0; i < a->touched_count; i++) {
        const answer *given = &a->answers[a->touched[i]];
        if (given->words < a->nth ||
            (postcode && a->search->entries[a->touched[i]].level != WIJK_PC4)) {
            continue;
        }
        ranked one = {
            final_score(a->search, &a->search->entries[a->touched[i]], given, folded, a->nth),
            a->touched[i]};
        if (count == room && !better(a->search, one, best[room - 1])) {
            continue;
        }
        size_t place = count < room ? count++ : room - 1;
        while (place > 0 && better(a->search, one, best[place - 1])) {
            best[place] = best[place - 1];
            place--;
        }
        best[place] = one;
    }
    return count;
}

/* "1234 ab" → "1234": of a full postcode only the digits are known. */
static int drop_postcode_letters(char *folded)
{
    size_t size = strlen(folded);
    int blank = size == 7 && folded[4] == ' ';
    if ((size != 6 && !blank) || strspn(folded, "0123456789") != 4) {
        return 0;
    }
    const char *letters = folded + 4 + blank;
    if (letters[0] < 'a' || letters[0] > 'z' || letters[1] < 'a' || letters[1] > 'z') {
        return 0;
    }
    folded[4] = 0;
    return 1;
}

static void write_hits(const wijk_search *search, const asking *a, const ranked *best, size_t count,
                       const char *folded, int postcode, wijk_hit *hits)
{
    for (size_t i = 0; i < count; i++) {
        const entry *it = &search->entries[best[i].entry];
        hits[i] = (wijk_hit){.area = it->id,
                             .level = (enum wijk_level)it->level,
                             .vintage = it->vintage,
                             .fictional = it->fictional,
                             .code = at(search, it->code),
                             .name = at(search, it->name),
                             .gemeente = at(search, it->gemeente),
                             .people = (double)it->people,
                             .forgiving = a->answers[best[i].entry].forgiving,
                             .exact = has_name(search, it, folded) || has_code(search, it, folded),
                             .postcode = postcode};
    }
}

int wijk_search_find(size_t *count, const wijk_search *search, const char *query, wijk_hit *hits,
                     size_t room)
{
    *count = 0;
    if (strlen(query) > WIJK_MAX_QUERY) {
        return wijk_fail(WIJK_ELIMIT, "Een zoektekst heeft hoogstens %u bytes.",
                         "A search text has at most %u bytes.", WIJK_MAX_QUERY);
    }
    char folded[2 * WIJK_MAX_QUERY + 1];
    wijk_fold(folded, sizeof folded, query);
    int postcode = drop_postcode_letters(folded);
    room = room < MAX_HITS ? room : MAX_HITS;
    if (!*folded || !room || !search->count) {
        return WIJK_OK;
    }
    asking a = {.search = search};
    a.answers = wijk_alloc(search->count * sizeof *a.answers);
    a.touched = wijk_alloc(search->count * sizeof *a.touched);
    int rc = a.answers && a.touched ? WIJK_OK : WIJK_ENOMEM;
    for (const char *from = folded; !rc && *from && a.nth < MAX_WORDS;) {
        char typed[MAX_WORD];
        size_t size = strcspn(from, " ");
        size_t kept = size < MAX_WORD ? size : MAX_WORD - 1;
        memcpy(typed, from, kept);
        typed[kept] = 0;
        ask_word(&a, typed, kept);
        from += size;
        from += *from == ' ';
    }
    if (!rc) {
        ranked best[MAX_HITS];
        *count = rank_answers(best, room, &a, folded, postcode);
        write_hits(search, &a, best, *count, folded, postcode, hits);
    }
    wijk_free(a.answers);
    wijk_free(a.touched);
    return rc;
}
