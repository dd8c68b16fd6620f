/* The bytes of one input file: hashed as given, then decompressed as they are read. Rests on
 * libzstd, zlib and libzip for the formats; what is ours is that no archive is trusted: sizes and
 * ratios have ceilings before and while reading, and a cut archive never passes for a whole one. */
#include "load/input.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>
#include <zstd.h>

enum { BLOCK = 64 << 10, HEAD = 4096 };
/* A small file may honestly compress a thousandfold (a column of zeros): only output beyond this
 * is held against the ratio. */
static const uint64_t RATIO_FROM = 32u << 20;

enum packing { PLAIN, ZSTD, GZIP, ZIP };

struct wijk_input {
    char *path; /* NULL for bytes */
    char *file, *name;
    enum wijk_input_kind kind;
    enum packing packing;
    int fd;
    const unsigned char *bytes;
    uint64_t size, at;    /* of the raw bytes */
    uint64_t packed_size; /* what the ratio is held against: the file, or the member of a zip */
    uint64_t written;     /* decompressed bytes so far */
    char sha256[crypto_hash_sha256_BYTES * 2 + 1];
    ZSTD_DStream *zstd;
    z_stream gzip;
    int gzip_ready, ended, pending; /* pending: the decompressor waits for more */
    zip_t *zip;
    zip_file_t *member;
    zip_uint64_t member_at;
    unsigned char *block;
    size_t block_at, block_have;
    char *slurped;
    size_t slurped_size;
    char *copy; /* path of a temporary copy */
};

static int cut_short(const wijk_input *input)
{
    return wijk_fail(WIJK_EFORMAT,
                     "%s is afgebroken of beschadigd: het archief houdt midden in een bestand op. "
                     "Haal het opnieuw op.",
                     "%s is cut short or damaged: the archive stops in the middle of a file. "
                     "Fetch it again.",
                     input->file);
}

static int too_large(const wijk_input *input)
{
    return wijk_fail(WIJK_ELIMIT, "%s is uitgepakt groter dan %llu bytes: dat lezen we niet.",
                     "%s is larger than %llu bytes once unpacked: that is not read.", input->file,
                     (unsigned long long)WIJK_MAX_FILE);
}

static ptrdiff_t raw_read(wijk_input *input, void *buffer, size_t room)
{
    if (input->bytes) {
        uint64_t left = input->size - input->at;
        size_t take = left < room ? (size_t)left : room;
        memcpy(buffer, input->bytes + input->at, take);
        input->at += take;
        return (ptrdiff_t)take;
    }
    ssize_t got;
    do {
        got = pread(input->fd, buffer, room, (off_t)input->at);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return wijk_fail(WIJK_EIO, "Kan %s niet lezen: %s.", "Cannot read %s: %s.", input->file,
                         strerror(errno));
    }
    input->at += (uint64_t)got;
    return got;
}

static int hash_raw(wijk_input *input)
{
    static const char hex[] = "0123456789abcdef";
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_init(&state);
    ptrdiff_t got;
    while ((got = raw_read(input, input->block, BLOCK)) > 0) {
        crypto_hash_sha256_update(&state, input->block, (unsigned long long)got);
    }
    if (got < 0) {
        return (int)got;
    }
    if (input->at != input->size) {
        return wijk_fail(WIJK_EIO, "%s veranderde tijdens het lezen. Probeer het opnieuw.",
                         "%s changed while it was read. Try again.", input->file);
    }
    crypto_hash_sha256_final(&state, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        input->sha256[2 * i] = hex[digest[i] >> 4];
        input->sha256[2 * i + 1] = hex[digest[i] & 15];
    }
    return WIJK_OK;
}

/* ---- archives --------------------------------------------------------------------------- */

static int known_member(const char *name)
{
    static const char *const known[] = {".csv",     ".txt",  ".tsv", ".json",
                                        ".geojson", ".xlsx", ".gpkg"};
    const char *dot = strrchr(name, '.');
    if (!dot || strstr(name, "__MACOSX")) {
        return 0;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!strcasecmp(dot, known[i])) {
            return 1;
        }
    }
    return 0;
}

static int zip_begin(wijk_input *input)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = input->bytes
                               ? zip_source_buffer_create(input->bytes, input->size, 0, &error)
                               : zip_source_file_create(input->path, 0, -1, &error);
    input->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    int memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_error_fini(&error);
    if (!input->zip) {
        zip_source_free(source);
        return memory ? wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.")
                      : cut_short(input);
    }
    return WIJK_OK;
}

/* The largest member with a known extension: a publisher's archive holds one table and a few
 * small papers beside it. */
static int zip_choose(wijk_input *input, zip_stat_t *chosen)
{
    zip_int64_t entries = zip_get_num_entries(input->zip, 0);
    int found = 0;
    for (zip_int64_t i = 0; i < entries && i < 65536; i++) {
        zip_stat_t stat;
        if (zip_stat_index(input->zip, (zip_uint64_t)i, 0, &stat) || !stat.name ||
            (stat.valid & (ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE)) !=
                (ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE)) {
            continue;
        }
        if (known_member(stat.name) && (!found || stat.size > chosen->size)) {
            *chosen = stat;
            found = 1;
        }
    }
    if (!found) {
        return wijk_fail(WIJK_EFORMAT, "In %s zit geen tabel of kaart (csv, xlsx, geojson, gpkg).",
                         "%s holds no table or map (csv, xlsx, geojson, gpkg).", input->file);
    }
    if (chosen->size > WIJK_MAX_FILE) {
        return too_large(input);
    }
    input->member_at = chosen->index;
    input->packed_size = chosen->comp_size;
    return WIJK_OK;
}

static ptrdiff_t zip_take(wijk_input *input, void *buffer, size_t room)
{
    if (!input->member) {
        input->member = zip_fopen_index(input->zip, input->member_at, 0);
        if (!input->member) {
            int locked = zip_error_code_zip(zip_get_error(input->zip)) == ZIP_ER_NOPASSWD;
            return locked ? wijk_fail(WIJK_EFORMAT, "%s is met een wachtwoord gesloten.",
                                      "%s is locked with a password.", input->file)
                          : cut_short(input);
        }
    }
    zip_int64_t got = zip_fread(input->member, buffer, room);
    return got < 0 ? cut_short(input) : (ptrdiff_t)got;
}

static int refill(wijk_input *input)
{
    if (input->block_at < input->block_have) {
        return WIJK_OK;
    }
    ptrdiff_t got = raw_read(input, input->block, BLOCK);
    if (got < 0) {
        return (int)got;
    }
    input->block_at = 0;
    input->block_have = (size_t)got;
    input->ended = got == 0;
    return WIJK_OK;
}

static ptrdiff_t zstd_take(wijk_input *input, void *buffer, size_t room)
{
    ZSTD_outBuffer out = {buffer, room, 0};
    while (!out.pos) {
        int rc = refill(input);
        if (rc) {
            return rc;
        }
        if (input->ended && !input->pending) {
            return 0;
        }
        ZSTD_inBuffer in = {input->block, input->block_have, input->block_at};
        size_t left = ZSTD_decompressStream(input->zstd, &out, &in);
        if (ZSTD_isError(left)) {
            return cut_short(input);
        }
        /* At the end of the file a frame that still wants bytes and gives none is cut. */
        if (input->ended && left && !out.pos) {
            return cut_short(input);
        }
        input->block_at = in.pos;
        input->pending = left != 0;
    }
    return (ptrdiff_t)out.pos;
}

static ptrdiff_t gzip_take(wijk_input *input, void *buffer, size_t room)
{
    input->gzip.next_out = buffer;
    input->gzip.avail_out = (uInt)room;
    while (input->gzip.avail_out == room) {
        int rc = refill(input);
        if (rc) {
            return rc;
        }
        if (input->ended) {
            return input->pending ? cut_short(input) : 0;
        }
        input->gzip.next_in = input->block + input->block_at;
        input->gzip.avail_in = (uInt)(input->block_have - input->block_at);
        int status = inflate(&input->gzip, Z_NO_FLUSH);
        input->block_at = input->block_have - input->gzip.avail_in;
        if (status != Z_OK && status != Z_STREAM_END) {
            return cut_short(input);
        }
        input->pending = status == Z_OK;
        /* A .gz may be several members one after another. */
        if (status == Z_STREAM_END && inflateReset(&input->gzip) != Z_OK) {
            return cut_short(input);
        }
    }
    return (ptrdiff_t)(room - input->gzip.avail_out);
}

ptrdiff_t wijk_input_read(void *payload, void *buffer, size_t room)
{
    wijk_input *input = payload;
    room = room < BLOCK * 4 ? room : BLOCK * 4;
    ptrdiff_t got = input->packing == ZSTD   ? zstd_take(input, buffer, room)
                    : input->packing == GZIP ? gzip_take(input, buffer, room)
                    : input->packing == ZIP  ? zip_take(input, buffer, room)
                                             : raw_read(input, buffer, room);
    if (got <= 0) {
        return got;
    }
    input->written += (uint64_t)got;
    if (input->written > WIJK_MAX_FILE) {
        return too_large(input);
    }
    if (input->packing != PLAIN && input->written > RATIO_FROM &&
        input->written / WIJK_MAX_RATIO > input->packed_size) {
        return wijk_fail(WIJK_ELIMIT,
                         "%s pakt uit tot meer dan %u keer zijn grootte: dat is geen gewoon "
                         "archief en wordt niet gelezen.",
                         "%s unpacks to more than %u times its size: that is no ordinary archive "
                         "and is not read.",
                         input->file, WIJK_MAX_RATIO);
    }
    return got;
}

int wijk_input_rewind(wijk_input *input)
{
    input->at = input->written = 0;
    input->block_at = input->block_have = 0;
    input->ended = 0;
    input->pending = 1; /* an archive of nothing but its first bytes is cut, too */
    if (input->member) {
        zip_fclose(input->member);
        input->member = NULL;
    }
    if (input->packing == ZSTD) {
        input->zstd = input->zstd ? input->zstd : ZSTD_createDStream();
        if (!input->zstd || ZSTD_isError(ZSTD_initDStream(input->zstd))) {
            return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
        }
    }
    if (input->packing == GZIP) {
        int status =
            input->gzip_ready ? inflateReset(&input->gzip) : inflateInit2(&input->gzip, 15 + 16);
        if (status != Z_OK) {
            return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
        }
        input->gzip_ready = 1;
    }
    return WIJK_OK;
}

/* ---- what it is ------------------------------------------------------------------------- */

static int judge_text(const wijk_input *input, const unsigned char *head, size_t size)
{
    size_t skip = size >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (skip < size && strchr(" \t\r\n", head[skip]) && head[skip]) {
        skip++;
    }
    const char *text = (const char *)head + skip;
    size_t left = size - skip;
    if ((left >= 14 && !strncasecmp(text, "<!doctype html", 14)) ||
        (left >= 5 && !strncasecmp(text, "<html", 5))) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is een webpagina en geen gegevensbestand: het ophalen ging mis. Haal "
                         "het opnieuw op.",
                         "%s is a web page and not a data file: fetching it went wrong. Fetch it "
                         "again.",
                         input->file);
    }
    if (size >= 2 && (!memcmp(head, "\xFF\xFE", 2) || !memcmp(head, "\xFE\xFF", 2))) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is in UTF-16 geschreven. Sla het op als CSV UTF-8 en laad het "
                         "opnieuw.",
                         "%s is written in UTF-16. Save it as CSV UTF-8 and load it again.",
                         input->file);
    }
    if (memchr(head, 0, size) || (size >= 5 && !memcmp(head, "%PDF-", 5))) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s is geen tabel of kaart die we kennen. Geef een csv, werkboek (xlsx), "
                         "GeoJSON of GeoPackage.",
                         "%s is no table or map that we know. Give a csv, workbook (xlsx), GeoJSON "
                         "or GeoPackage.",
                         input->file);
    }
    if (skip == size) {
        return wijk_fail(WIJK_EFORMAT, "%s is leeg.", "%s is empty.", input->file);
    }
    return WIJK_OK;
}

/* Looks at the first decompressed bytes. */
static int judge(wijk_input *input)
{
    unsigned char head[HEAD];
    size_t size = 0;
    int rc = wijk_input_rewind(input);
    while (!rc && size < sizeof head) {
        ptrdiff_t got = wijk_input_read(input, head + size, sizeof head - size);
        if (got <= 0) {
            rc = (int)got;
            break;
        }
        size += (size_t)got;
    }
    if (rc) {
        return rc;
    }
    if (size >= 16 && !memcmp(head, "SQLite format 3", 16)) {
        input->kind = WIJK_INPUT_SQLITE;
    } else if (size >= 4 && !memcmp(head, "PK\3\4", 4)) {
        input->kind = WIJK_INPUT_XLSX;
    } else {
        rc = judge_text(input, head, size);
        size_t i = size >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0;
        while (i < size && (head[i] == ' ' || (head[i] >= '\t' && head[i] <= '\r'))) {
            i++;
        }
        input->kind =
            i < size && (head[i] == '{' || head[i] == '[') ? WIJK_INPUT_JSON : WIJK_INPUT_TEXT;
    }
    return rc ? rc : wijk_input_rewind(input);
}

static int unpack(wijk_input *input)
{
    unsigned char head[18];
    input->at = 0;
    ptrdiff_t got = raw_read(input, head, sizeof head);
    if (got < 0) {
        return (int)got;
    }
    input->packed_size = input->size;
    if (got >= 4 && !memcmp(head, "\x28\xB5\x2F\xFD", 4)) {
        input->packing = ZSTD;
        unsigned long long claim = ZSTD_getFrameContentSize(head, (size_t)got);
        if (claim != ZSTD_CONTENTSIZE_UNKNOWN && claim != ZSTD_CONTENTSIZE_ERROR &&
            claim > WIJK_MAX_FILE) {
            return too_large(input);
        }
    } else if (got >= 2 && head[0] == 0x1F && head[1] == 0x8B) {
        input->packing = GZIP;
    } else if (got >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4))) {
        int rc = zip_begin(input);
        if (rc || zip_name_locate(input->zip, "xl/workbook.xml", 0) >= 0) {
            input->kind = WIJK_INPUT_XLSX;
            return rc;
        }
        zip_stat_t chosen;
        zip_stat_init(&chosen);
        rc = zip_choose(input, &chosen);
        if (rc) {
            return rc;
        }
        input->packing = ZIP;
    }
    return judge(input);
}

/* Base name without the extensions of archives. */
static int name_it(wijk_input *input, const char *path)
{
    const char *slash = strrchr(path, '/');
    input->file = wijk_strdup(slash ? slash + 1 : path);
    input->name = input->file ? wijk_strdup(input->file) : NULL;
    if (!input->name) {
        return WIJK_ENOMEM;
    }
    char *dot = strrchr(input->name, '.');
    if (dot && dot != input->name &&
        (!strcasecmp(dot, ".zst") || !strcasecmp(dot, ".gz") || !strcasecmp(dot, ".zip"))) {
        *dot = 0;
    }
    return WIJK_OK;
}

static int open_file(wijk_input *input, const char *path)
{
    input->path = wijk_strdup(path);
    if (!input->path) {
        return WIJK_ENOMEM;
    }
    input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat info;
    if (input->fd < 0 || fstat(input->fd, &info)) {
        return wijk_fail(errno == ENOENT ? WIJK_ENOTFOUND : WIJK_EIO, "Kan %s niet openen: %s.",
                         "Cannot open %s: %s.", path, strerror(errno));
    }
    if (!S_ISREG(info.st_mode)) {
        return wijk_fail(WIJK_EINVAL, "%s is geen gewoon bestand.", "%s is not an ordinary file.",
                         path);
    }
    input->size = (uint64_t)info.st_size;
    return input->size > WIJK_MAX_FILE ? too_large(input) : WIJK_OK;
}

static int open_input(wijk_input **out, const char *path, const void *bytes, size_t size)
{
    *out = NULL;
    wijk_input *input = wijk_alloc(sizeof *input);
    if (!input) {
        return WIJK_ENOMEM;
    }
    input->fd = -1;
    input->bytes = bytes;
    input->size = size;
    int rc = name_it(input, path);
    rc = rc || bytes ? rc : open_file(input, path);
    if (!rc) {
        input->block = wijk_alloc(BLOCK);
        rc = input->block ? hash_raw(input) : WIJK_ENOMEM;
    }
    if (!rc && !input->size) {
        rc = wijk_fail(WIJK_EFORMAT, "%s is leeg.", "%s is empty.", input->file);
    }
    rc = rc ? rc : unpack(input);
    if (rc) {
        wijk_input_free(input);
        return rc;
    }
    *out = input;
    return WIJK_OK;
}

int wijk_input_open(wijk_input **out, const char *path)
{
    return open_input(out, path, NULL, 0);
}

int wijk_input_open_bytes(wijk_input **out, const char *name, const void *bytes, size_t size)
{
    return open_input(out, name, bytes ? bytes : "", size);
}

void wijk_input_free(wijk_input *input)
{
    if (!input) {
        return;
    }
    if (input->member) {
        zip_fclose(input->member);
    }
    if (input->zip) {
        zip_discard(input->zip);
    }
    ZSTD_freeDStream(input->zstd);
    if (input->gzip_ready) {
        inflateEnd(&input->gzip);
    }
    if (input->fd >= 0) {
        close(input->fd);
    }
    if (input->copy) {
        unlink(input->copy);
    }
    wijk_free(input->copy);
    wijk_free(input->slurped);
    wijk_free(input->block);
    wijk_free(input->file);
    wijk_free(input->name);
    wijk_free(input->path);
    wijk_free(input);
}

const char *wijk_input_name(const wijk_input *input)
{
    return input->name;
}

const char *wijk_input_file(const wijk_input *input)
{
    return input->file;
}

enum wijk_input_kind wijk_input_kind_of(const wijk_input *input)
{
    return input->kind;
}

uint64_t wijk_input_size(const wijk_input *input)
{
    return input->size;
}

const char *wijk_input_sha256(const wijk_input *input)
{
    return input->sha256;
}

int wijk_input_slurp(wijk_input *input, uint64_t ceiling, const char **bytes, size_t *size)
{
    if (input->slurped) {
        *bytes = input->slurped;
        *size = input->slurped_size;
        return WIJK_OK;
    }
    int rc = wijk_input_rewind(input);
    size_t have = 0, room = 0;
    while (!rc) {
        if (have + 1 >= room) {
            room = room ? room * 2 : BLOCK;
            char *more = wijk_realloc(input->slurped, room);
            if (!more) {
                rc = WIJK_ENOMEM;
                break;
            }
            input->slurped = more;
        }
        ptrdiff_t got = wijk_input_read(input, input->slurped + have, room - have - 1);
        if (got <= 0) {
            rc = (int)got;
            break;
        }
        have += (size_t)got;
        if (have > ceiling) {
            rc = wijk_fail(WIJK_ELIMIT, "%s is te groot om als geheel te lezen (%llu bytes).",
                           "%s is too large to be read as a whole (%llu bytes).", input->file,
                           (unsigned long long)ceiling);
        }
    }
    if (rc) {
        wijk_free(input->slurped);
        input->slurped = NULL;
        return rc;
    }
    input->slurped[have] = 0;
    input->slurped_size = have;
    *bytes = input->slurped;
    *size = have;
    return WIJK_OK;
}

static int write_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size) {
        ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return wijk_fail(WIJK_EIO, "Kan geen tijdelijke kopie schrijven: %s.",
                             "Cannot write a temporary copy: %s.", strerror(errno));
        }
        bytes += put;
        size -= (size_t)put;
    }
    return WIJK_OK;
}

int wijk_input_path(wijk_input *input, const char **path)
{
    if (input->packing == PLAIN && input->path) {
        *path = input->path;
        return WIJK_OK;
    }
    if (input->copy) {
        *path = input->copy;
        return WIJK_OK;
    }
    const char *folder = getenv("TMPDIR");
    char name[4096];
    int length = snprintf(name, sizeof name, "%s/wijk-XXXXXX", folder && *folder ? folder : "/tmp");
    int fd = length < (int)sizeof name ? mkostemp(name, O_CLOEXEC) : -1;
    if (fd < 0) {
        return wijk_fail(WIJK_EIO, "Kan geen tijdelijk bestand maken: %s.",
                         "Cannot make a temporary file: %s.", strerror(errno));
    }
    char *copy = wijk_strdup(name);
    int rc = copy ? wijk_input_rewind(input) : WIJK_ENOMEM;
    /* The block serves the decompressor, so the copy needs room of its own. */
    unsigned char *room = rc ? NULL : wijk_alloc(BLOCK);
    rc = rc || room ? rc : WIJK_ENOMEM;
    while (!rc) {
        ptrdiff_t got = wijk_input_read(input, room, BLOCK);
        if (got <= 0) {
            rc = (int)got;
            break;
        }
        rc = write_all(fd, room, (size_t)got);
    }
    wijk_free(room);
    close(fd);
    if (rc) { /* half a copy must not be met as a whole one by who asks again */
        unlink(name);
        wijk_free(copy);
        return rc;
    }
    *path = input->copy = copy;
    return WIJK_OK;
}
