/* Parts of an ensemble on disk and their joining. A part says everything it was made from and ends
 * in a checksum, so that rows of different runs never mix and a broken file is never read. Little
 * endian whatever the machine: the same replicates are the same bytes. */
#include "foresee/ensemble.h"

#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <stdlib.h>
#include <string.h>

enum { VERSION = 2, TEXT_MOST = 1 << 20, PLACES_MOST = 100000 };

static const char magic[8] = "wijkens";

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct {
    wijk_file *file;   /* NULL: into memory */
    unsigned char *at; /* in memory; NULL: only counts */
    size_t size;
    uint64_t hash;
    int bad;
} writer;

static void put(writer *w, const void *bytes, size_t size)
{
    w->size += size;
    if (w->file || w->at) {
        w->hash = ensemble_hash(w->hash, bytes, size);
    }
    if (w->file) {
        w->bad |= wijk_file_add(w->file, bytes, size) != WIJK_OK;
    } else if (w->at) {
        memcpy(w->at, bytes, size);
        w->at += size;
    }
}

static void put_number(writer *w, uint64_t value, int bytes)
{
    unsigned char out[8];
    for (int i = 0; i < bytes; i++) {
        out[i] = (unsigned char)(value >> 8 * i);
    }
    put(w, out, (size_t)bytes);
}

static void put_text(writer *w, const char *text)
{
    put_number(w, strlen(text), 4);
    put(w, text, strlen(text));
}

static void put_all(writer *w, const wijk_ensemble *e)
{
    put(w, magic, sizeof magic);
    put_number(w, VERSION, 4);
    put_number(w, WIJK_OUTCOMES, 4);
    put_number(w, GROUP_CELLS, 4);
    put_number(w, e->seed, 8);
    put_number(w, e->parameters, 8);
    put_number(w, e->population, 8);
    put_number(w, e->first, 4);
    put_number(w, e->last, 4);
    put_number(w, e->years, 4);
    put_number(w, e->withheld, 4);
    put_number(w, e->n_places, 4);
    for (int i = 0; i < TEXTS; i++) {
        put_text(w, e->text[i]);
    }
    for (size_t i = 0; i < e->n_places; i++) {
        put_text(w, e->places[i].code);
        put_text(w, e->places[i].name);
    }
    for (size_t i = 0; i < ensemble_replicates(e) * e->row && !w->bad; i++) {
        put_number(w, (uint32_t)e->cell[i], 4);
    }
    put_number(w, w->hash, 8);
}

int wijk_ensemble_store(void **out, size_t *size, const wijk_ensemble *e)
{
    writer count = {.hash = ENSEMBLE_HASH};
    put_all(&count, e);
    writer w = {.at = wijk_alloc(count.size), .hash = ENSEMBLE_HASH};
    *out = w.at;
    *size = count.size;
    if (!*out) {
        return WIJK_ENOMEM;
    }
    put_all(&w, e);
    return WIJK_OK;
}

int wijk_ensemble_write(const wijk_ensemble *e, const char *path)
{
    writer w = {.hash = ENSEMBLE_HASH};
    int rc = wijk_file_create(&w.file, path);
    if (!rc) {
        put_all(&w, e);
    }
    return wijk_file_finish(w.file, rc);
}

/* ---- reading --------------------------------------------------------------------------------- */

typedef struct {
    const unsigned char *at;
    size_t left;
    int bad; /* sticky: everything read afterwards is 0 */
} reader;

static uint64_t get_number(reader *r, int bytes)
{
    uint64_t value = 0;
    r->bad |= r->left < (size_t)bytes;
    for (int i = 0; !r->bad && i < bytes; i++) {
        value |= (uint64_t)r->at[i] << 8 * i;
    }
    if (!r->bad) {
        r->at += bytes;
        r->left -= (size_t)bytes;
    }
    return value;
}

static int get_text(char **out, reader *r)
{
    size_t size = get_number(r, 4);
    r->bad |= size > TEXT_MOST || size > r->left;
    size = r->bad ? 0 : size;
    r->bad |= size > 0 && memchr(r->at, 0, size) != NULL;
    *out = wijk_alloc(size + 1);
    if (!*out) {
        return WIJK_ENOMEM;
    }
    memcpy(*out, r->at, size);
    r->at += size;
    r->left -= size;
    return WIJK_OK;
}

static int damaged(const char *what)
{
    return wijk_fail(WIJK_EFORMAT, "%s: beschadigd of niet af", "%s: damaged or unfinished", what);
}

/* The fixed numbers; every one that decides about memory is held against the bytes there are. */
static int get_heading(wijk_ensemble *e, reader *r, const char *what)
{
    uint64_t version = get_number(r, 4), outcomes = get_number(r, 4), groups = get_number(r, 4);
    if (!r->bad && (version != VERSION || outcomes != WIJK_OUTCOMES || groups != GROUP_CELLS)) {
        return wijk_fail(WIJK_EFORMAT, "%s: gemaakt door een andere versie van wijk",
                         "%s: made by another version of wijk", what);
    }
    e->seed = get_number(r, 8);
    e->parameters = get_number(r, 8);
    e->population = get_number(r, 8);
    e->first = (uint32_t)get_number(r, 4);
    e->last = (uint32_t)get_number(r, 4);
    e->years = (uint32_t)get_number(r, 4);
    e->withheld = (uint32_t)get_number(r, 4);
    uint64_t places = get_number(r, 4);
    int good = !r->bad && e->first >= 1 && e->last >= e->first && e->last <= WIJK_ENSEMBLE_MOST &&
               e->years >= 1 && e->years <= WIJK_ENSEMBLE_YEARS && places >= WIJK_ENSEMBLE_AREAS &&
               places <= PLACES_MOST && places <= r->left / 8;
    e->n_places = good ? (size_t)places : 0;
    return good ? WIJK_OK : damaged(what);
}

static int get_body(wijk_ensemble *e, reader *r, const char *what)
{
    int rc = WIJK_OK;
    for (int i = 0; !rc && i < TEXTS; i++) {
        rc = get_text(&e->text[i], r);
    }
    e->places = rc ? NULL : wijk_alloc(e->n_places * sizeof *e->places);
    rc = rc ? rc : e->places ? WIJK_OK : WIJK_ENOMEM;
    for (size_t i = 0; !rc && i < e->n_places; i++) {
        rc = get_text(&e->places[i].code, r);
        rc = rc ? rc : get_text(&e->places[i].name, r);
    }
    size_t cells = ensemble_replicates(e) * ensemble_row(e->years, e->n_places);
    if (!rc && (r->bad || r->left != cells * 4 + 8)) {
        rc = damaged(what);
    }
    rc = rc ? rc : ensemble_reserve(e, WIJK_MAX_FILE);
    for (size_t i = 0; !rc && i < cells; i++) {
        e->cell[i] = (int32_t)(uint32_t)get_number(r, 4);
    }
    return rc;
}

int wijk_ensemble_read(wijk_ensemble **out, const void *bytes, size_t size, const char *what)
{
    *out = NULL;
    if (size < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is geen deel van een berekening (`wijk foresee run "
                         "--out`)",
                         "%s is no part of a run (`wijk foresee run --out`)", what);
    }
    reader r = {(const unsigned char *)bytes + sizeof magic, size - sizeof magic, 0};
    wijk_ensemble *e = wijk_alloc(sizeof *e);
    int rc = e ? get_heading(e, &r, what) : WIJK_ENOMEM;
    if (!rc) {
        reader end = {(const unsigned char *)bytes + size - 8, 8, 0};
        uint64_t kept = get_number(&end, 8);
        rc = kept == ensemble_hash(ENSEMBLE_HASH, bytes, size - 8) ? WIJK_OK : damaged(what);
    }
    rc = rc ? rc : get_body(e, &r, what);
    if (rc) {
        wijk_ensemble_free(e);
        return rc;
    }
    *out = e;
    return WIJK_OK;
}

/* ---- joining --------------------------------------------------------------------------------- */

const char *const *ensemble_difference(const wijk_ensemble *a, const wijk_ensemble *b)
{
    static const char *const reasons[][2] = {
        {"een ander startgetal", "another seed"},
        {"een ander aantal jaren", "another number of years"},
        {"een andere versie van het model", "another version of the model"},
        {"een ander scenario", "another scenario"},
        {"een ander gebied of andere cijfers", "another area or other figures"},
        {"andere opschriften", "other headings"},
    };
    int places = a->n_places == b->n_places && a->withheld == b->withheld;
    for (size_t i = 0; places && i < a->n_places; i++) {
        places = strcmp(a->places[i].code, b->places[i].code) == 0 &&
                 strcmp(a->places[i].name, b->places[i].name) == 0;
    }
    if (a->seed != b->seed) {
        return reasons[0];
    }
    if (a->years != b->years) {
        return reasons[1];
    }
    if (a->parameters != b->parameters ||
        strcmp(a->text[TEXT_VERSION], b->text[TEXT_VERSION]) != 0) {
        return reasons[2];
    }
    if (strcmp(a->text[TEXT_SCENARIO], b->text[TEXT_SCENARIO]) != 0) {
        return reasons[3];
    }
    if (!places || a->population != b->population) {
        return reasons[4];
    }
    for (int i = 0; i < TEXTS; i++) {
        if (strcmp(a->text[i], b->text[i]) != 0) {
            return reasons[5];
        }
    }
    return NULL;
}

static int same(const wijk_ensemble *a, const wijk_ensemble *b)
{
    const char *const *why = ensemble_difference(a, b);
    return why ? wijk_fail(WIJK_EINVAL, "Deze delen horen niet bij elkaar: %s%.0s.",
                           "These parts do not belong together: %.0s%s.", why[0], why[1])
               : WIJK_OK;
}

static int by_first(const void *a, const void *b)
{
    const wijk_ensemble *const *x = a, *const *y = b;
    return ((*x)->first > (*y)->first) - ((*x)->first < (*y)->first);
}

static int adjoining(const wijk_ensemble *a, const wijk_ensemble *b)
{
    if (b->first <= a->last) {
        return wijk_fail(WIJK_EINVAL, "Replicatie %u zit in twee delen.",
                         "Replicate %u is in two parts.", b->first);
    }
    if (b->first != a->last + 1) {
        return wijk_fail(WIJK_EINVAL, "Replicaties %u tot en met %u ontbreken.",
                         "Replicates %u to %u are missing.", a->last + 1, b->first - 1);
    }
    return WIJK_OK;
}

static int copy_heading(wijk_ensemble *to, const wijk_ensemble *from, uint32_t last, uint32_t years)
{
    to->seed = from->seed;
    to->parameters = from->parameters;
    to->population = from->population;
    to->first = from->first;
    to->last = last;
    to->years = years;
    to->withheld = from->withheld;
    to->n_places = from->n_places;
    to->places = wijk_alloc(to->n_places * sizeof *to->places);
    int whole = to->places != NULL;
    for (int i = 0; i < TEXTS; i++) {
        to->text[i] = wijk_strdup(from->text[i]);
        whole = whole && to->text[i];
    }
    for (size_t i = 0; whole && i < to->n_places; i++) {
        to->places[i].code = wijk_strdup(from->places[i].code);
        to->places[i].name = wijk_strdup(from->places[i].name);
        whole = to->places[i].code && to->places[i].name;
    }
    return whole ? ensemble_reserve(to, WIJK_MAX_FILE) : WIJK_ENOMEM;
}

int wijk_ensemble_merge(wijk_ensemble **out, const wijk_ensemble *const *parts, size_t n)
{
    *out = NULL;
    if (n == 0) {
        return wijk_fail(WIJK_EINVAL, "Geen delen om samen te voegen.", "No parts to join.");
    }
    const wijk_ensemble **order = wijk_alloc(n * sizeof *order);
    wijk_ensemble *e = order ? wijk_alloc(sizeof *e) : NULL;
    int rc = e ? WIJK_OK : WIJK_ENOMEM;
    if (!rc) {
        memcpy(order, parts, n * sizeof *order);
        qsort(order, n, sizeof *order, by_first);
    }
    for (size_t i = 1; !rc && i < n; i++) {
        rc = same(order[0], order[i]);
        rc = rc ? rc : adjoining(order[i - 1], order[i]);
    }
    rc = rc ? rc : copy_heading(e, order[0], order[n - 1]->last, order[0]->years);
    size_t at = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        size_t cells = ensemble_replicates(order[i]) * e->row;
        memcpy(e->cell + at, order[i]->cell, cells * sizeof *e->cell);
        at += cells;
    }
    wijk_free(order);
    if (rc) {
        wijk_ensemble_free(e);
        return rc;
    }
    *out = e;
    return WIJK_OK;
}

int ensemble_until(wijk_ensemble **out, const wijk_ensemble *e, uint32_t years)
{
    wijk_ensemble *cut = wijk_alloc(sizeof *cut);
    int rc = cut ? copy_heading(cut, e, e->last, years) : WIJK_ENOMEM;
    *out = NULL;
    if (rc) {
        wijk_ensemble_free(cut);
        return rc;
    }
    size_t places = (years + 1) * e->n_places * WIJK_OUTCOMES, groups = (years + 1) * GROUP_CELLS;
    for (size_t i = 0; i < ensemble_replicates(e); i++) {
        for (int side = 0; side < SIDES; side++) { /* of a side the years lie behind each other */
            memcpy(cut->cell + i * cut->row + ensemble_at(cut, side, 0, 0, (wijk_outcome)0),
                   ensemble_of(e, i) + ensemble_at(e, side, 0, 0, (wijk_outcome)0),
                   places * sizeof *cut->cell);
            memcpy(cut->cell + i * cut->row + ensemble_group_at(cut, side, 0, 0),
                   ensemble_of(e, i) + ensemble_group_at(e, side, 0, 0),
                   groups * sizeof *cut->cell);
        }
    }
    *out = cut;
    return WIJK_OK;
}
