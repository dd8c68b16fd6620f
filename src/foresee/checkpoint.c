/* A run on disk, between two months. State, month and counts are written as they lie in memory,
 * behind a fingerprint of everything the run was made from and before a checksum, so that a run is
 * never continued under another scenario or from a damaged file. A run that went on from here gives
 * the same bytes as one that was never stopped, because a draw depends on no history. */
#include "foresee/run.h"
#include "wijk/err.h"
#include "wijk/file.h"
#include "wijk/mem.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 7 };

static const char magic[8] = "wijkrun";

typedef struct {
    char magic[8];
    uint32_t version, order; /* order: 0x01020304 as this machine writes it */
    uint64_t population, parameters, scenario, options;
    uint64_t month, before, row, period, next_change, offers;
} heading;

/* FNV-1a (Fowler, Noll, Vo) over eight bytes at a time. */
static uint64_t mixed(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (; size >= 8; size -= 8, at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        hash = (hash ^ word) * 0x100000001B3u;
        hash ^= hash >> 29; /* or the upper bits of a word would never reach the lower ones */
    }
    for (; size > 0; size--, at++) {
        hash = (hash ^ *at) * 0x100000001B3u;
    }
    return hash;
}

static const uint64_t start = 0xCBF29CE484222325u;

static size_t state_bytes(const foresee_state *s)
{
    return foresee_state_bytes(s->blocks) - FORESEE_ALIGN;
}

static heading heading_of(const foresee_run *run)
{
    const wijk_population *p = run->population;
    const wijk_foresee_options *o = &run->options;
    const uint64_t options[] = {o->seed, o->replicate, o->months, o->period, o->detail};
    heading h = {.version = VERSION, .order = 0x01020304};
    memcpy(h.magic, magic, sizeof magic);
    h.population = mixed(start, p->areas, p->n_areas * sizeof *p->areas);
    h.population = mixed(h.population, p->regions, p->n_regions * sizeof *p->regions);
    h.population = mixed(h.population, p->state.home, state_bytes(&p->state));
    h.parameters = mixed(start, run->parameters->value, sizeof run->parameters->value);
    h.scenario = start;
    for (size_t i = 0; i < run->n_changes; i++) {
        const wijk_change *c = &run->changes[i];
        const uint64_t words[] = {(uint64_t)c->month, c->scope, c->place, c->lever};
        h.scenario = mixed(h.scenario, words, sizeof words);
        h.scenario = mixed(h.scenario, &c->value, sizeof c->value);
    }
    h.options = mixed(start, options, sizeof options);
    h.month = run->month;
    h.before = run->before;
    h.row = run->row;
    h.period = run->period;
    h.next_change = run->next_change;
    h.offers = wijk_foresee_offers(run);
    return h;
}

typedef struct {
    void *bytes;
    size_t size;
} piece;

enum { PIECES = 8 };

/* Everything that changes from month to month, apart from the numbers in the heading. */
static void pieces_of(piece pieces[PIECES], const foresee_run *run)
{
    size_t rows = run->rows * run->n_places;
    const piece all[PIECES] = {
        {run->state.home, state_bytes(&run->state)},
        {run->places, run->n_places * sizeof *run->places},
        {run->regions, run->n_regions * sizeof *run->regions},
        {run->outside, run->n_regions * FORESEE_OUTSIDE * sizeof *run->outside},
        {run->levers, run->n_places * WIJK_LEVERS * sizeof *run->levers},
        {run->counts, rows * WIJK_OUTCOMES * sizeof *run->counts},
        {run->groups, rows * WIJK_GROUPS * WIJK_GROUP_OUTCOMES * sizeof *run->groups},
        {run->sums, run->periods * run->n_regions * SUMS * sizeof *run->sums},
    };
    memcpy(pieces, all, sizeof all);
}

static int io(const char *nl, const char *en, const char *path)
{
    return wijk_fail(WIJK_EIO, "%s: %s%.0s: %s", "%s: %.0s%s: %s", path, nl, en, strerror(errno));
}

int wijk_foresee_save(const wijk_foresee *run, const char *path)
{
    if (!run->whole) {
        return wijk_fail(WIJK_EINVAL, "deze berekening is afgebroken en kan niet worden bewaard",
                         "this run broke off and cannot be kept");
    }
    wijk_file *file;
    heading h = heading_of(run);
    piece pieces[PIECES];
    pieces_of(pieces, run);
    uint64_t sum = mixed(start, &h, sizeof h);
    int rc = wijk_file_create(&file, path);
    rc = rc ? rc : wijk_file_add(file, &h, sizeof h);
    for (int i = 0; !rc && i < PIECES; i++) {
        sum = mixed(sum, pieces[i].bytes, pieces[i].size);
        rc = wijk_file_add(file, pieces[i].bytes, pieces[i].size);
    }
    rc = rc ? rc : wijk_file_add(file, &sum, sizeof sum);
    return wijk_file_finish(file, rc);
}

static int compare(const heading *got, const heading *own, const char *path)
{
    const char *nl = NULL, *en = NULL;
    if (memcmp(got->magic, own->magic, sizeof own->magic) != 0) {
        nl = "dit is geen bewaarde berekening";
        en = "this is no kept run";
    } else if (got->version != own->version || got->order != own->order) {
        nl = "bewaard door een andere versie of een ander soort machine";
        en = "kept by another version or another kind of machine";
    } else if (got->population != own->population) {
        nl = "gemaakt met een andere bevolking";
        en = "made with another population";
    } else if (got->parameters != own->parameters) {
        nl = "gemaakt met andere parameters";
        en = "made with other parameters";
    } else if (got->scenario != own->scenario) {
        nl = "gemaakt met een ander scenario";
        en = "made with another scenario";
    } else if (got->options != own->options) {
        nl = "gemaakt met een ander startgetal of een andere duur";
        en = "made with another seed or length";
    }
    return nl == NULL ? WIJK_OK : wijk_fail(WIJK_EFORMAT, "%s: %s%.0s", "%s: %.0s%s", path, nl, en);
}

/* The checksum of the whole file, without keeping any of it: a run is overwritten only when sure.
 */
static int verify(FILE *file, const foresee_run *run, heading *h, const char *path)
{
    static const size_t most = 1 << 16;
    unsigned char buffer[1 << 16];
    piece pieces[PIECES];
    pieces_of(pieces, run);
    int good = fread(h, sizeof *h, 1, file) == 1;
    if (good) {
        heading own = heading_of(run);
        int rc = compare(h, &own, path);
        if (rc != WIJK_OK) {
            return rc;
        }
    }
    uint64_t sum = mixed(start, h, sizeof *h), kept = 0;
    for (int i = 0; good && i < PIECES; i++) {
        for (size_t left = pieces[i].size; good && left > 0;) {
            size_t now = left < most ? left : most;
            good = fread(buffer, 1, now, file) == now;
            sum = mixed(sum, buffer, now);
            left -= now;
        }
    }
    good = good && fread(&kept, sizeof kept, 1, file) == 1 && kept == sum && fgetc(file) == EOF;
    good = good && h->month <= run->options.months && h->before <= FORESEE_RUN_IN &&
           h->row < run->rows && h->period < run->periods && h->next_change <= run->n_changes;
    return good ? WIJK_OK
                : wijk_fail(WIJK_EFORMAT, "%s: beschadigd of niet af", "%s: damaged or unfinished",
                            path);
}

/* Where things lie is decided by population and scenario: a file may not move it. */
static int same_layout(const foresee_run *run, const foresee_place *places,
                       const foresee_region *regions)
{
    for (size_t i = 0; i < run->n_places; i++) {
        const foresee_place *a = &places[i], *b = &run->places[i];
        if (a->block != b->block || a->blocks != b->blocks || a->region != b->region ||
            a->team != b->team || a->chunk != b->chunk || a->area != b->area ||
            a->number != b->number || b->used > b->blocks * BLOCK || b->middle >= WIJK_INCOMES) {
            return 0;
        }
    }
    for (size_t i = 0; i < run->n_regions; i++) {
        const foresee_region *a = &regions[i], *b = &run->regions[i];
        if (a->first_place != b->first_place || a->places != b->places ||
            a->first_chunk != b->first_chunk || a->chunks != b->chunks) {
            return 0;
        }
    }
    return 1;
}

static int read_pieces(foresee_run *run, FILE *file, const heading *h, const char *path)
{
    piece pieces[PIECES];
    pieces_of(pieces, run);
    size_t places = run->n_places * sizeof *run->places;
    size_t regions = run->n_regions * sizeof *run->regions;
    foresee_place *own_places = wijk_alloc(places);
    foresee_region *own_regions = wijk_alloc(regions);
    int rc = own_places == NULL || own_regions == NULL ? WIJK_ENOMEM : WIJK_OK;
    if (rc == WIJK_OK) {
        memcpy(own_places, run->places, places);
        memcpy(own_regions, run->regions, regions);
        run->whole = 0;
        int good = fseek(file, (long)sizeof *h, SEEK_SET) == 0;
        for (int i = 0; good && i < PIECES; i++) {
            good = fread(pieces[i].bytes, 1, pieces[i].size, file) == pieces[i].size;
        }
        rc = good ? WIJK_OK : io("lezen mislukt", "reading failed", path);
    }
    if (rc == WIJK_OK && !same_layout(run, own_places, own_regions)) {
        rc = wijk_fail(WIJK_EFORMAT, "%s: beschadigd", "%s: damaged", path);
        memcpy(run->places, own_places, places);
        memcpy(run->regions, own_regions, regions);
    }
    wijk_free(own_places);
    wijk_free(own_regions);
    return rc;
}

int wijk_foresee_load(wijk_foresee *run, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return io("kan niet worden gelezen", "cannot be read", path);
    }
    heading h;
    int rc = verify(file, run, &h, path);
    rc = rc == WIJK_OK ? read_pieces(run, file, &h, path) : rc;
    fclose(file);
    if (rc == WIJK_OK) {
        run->month = (uint32_t)h.month;
        run->before = (uint32_t)h.before;
        run->row = h.row;
        run->period = h.period;
        run->next_change = h.next_change;
        for (unsigned i = 0; i < run->n_scratch; i++) {
            run->scratch[i].market.offers = i == 0 ? h.offers : 0;
        }
        rc = wijk_foresee_check(run);
        run->whole = rc == WIJK_OK;
    }
    return rc;
}
