/* A workbook as a stream of rows. Rests on ECMA-376 part 1 §18 (sheets, shared and inline strings),
 * libzip for the container and expat for the XML; expat is suspended after every row, so that a
 * sheet is never held whole. Document types are refused before any entity can grow. */
#include "load/rows.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/mem.h"
#include "wijk/str.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { PIECE = 64 << 10, MAX_SHEETS = 256 };
static const size_t MAX_STRINGS_BYTES = 256u << 20;

/* One XML member of the workbook, parsed as it unpacks. */
typedef struct {
    const char *what;
    zip_file_t *member;
    XML_Parser parser;
    uint64_t written, packed;
    int ended, doctype, deep;
    int rc; /* of a handler that stopped the parser; its message stands */
    size_t depth;
} xml_part;

typedef struct {
    wijk_rows rows;
    const char *what;
    zip_t *zip;
    xml_part sheet;
    /* shared strings: offsets into one growing text */
    wijk_str strings;
    size_t *offsets, string_count, string_room;
    int in_text, in_phonetic;
    /* the present row */
    wijk_str row;
    size_t starts[WIJK_MAX_COLUMNS];
    wijk_cell cells[WIJK_MAX_COLUMNS];
    size_t count;
    size_t column; /* where the present cell goes */
    char type[16];
    wijk_str value;
    int in_value, row_done;
} xlsx_rows;

static int damaged(const char *what, const char *part_name)
{
    return wijk_fail(WIJK_EFORMAT,
                     "%s is geen heel werkboek: %s ontbreekt of is beschadigd. Sla het opnieuw op "
                     "als xlsx of csv.",
                     "%s is not a whole workbook: %s is missing or damaged. Save it again as xlsx "
                     "or csv.",
                     what, part_name);
}

/* expat hands one pointer to its handlers; the part comes first in it. */
typedef struct {
    xml_part *part;
    xlsx_rows *book;
    void *extra;
} handed;

/* ---- one XML part ------------------------------------------------------------------------ */

static void XMLCALL on_doctype(void *payload, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)subset;
    xml_part *self = ((handed *)payload)->part;
    self->doctype = 1;
    XML_StopParser(self->parser, XML_FALSE);
}

static int part_open(xml_part *self, zip_t *zip, const char *name, const char *what,
                     handed *payload, XML_StartElementHandler start, XML_EndElementHandler end,
                     XML_CharacterDataHandler text)
{
    memset(self, 0, sizeof *self);
    self->what = what;
    zip_stat_t stat;
    if (zip_stat(zip, name, 0, &stat) || !(stat.valid & ZIP_STAT_SIZE) ||
        stat.size > WIJK_MAX_FILE) {
        return damaged(what, name);
    }
    self->packed = stat.comp_size;
    self->member = zip_fopen_index(zip, stat.index, 0);
    self->parser = self->member ? XML_ParserCreate(NULL) : NULL;
    if (!self->parser) {
        return self->member ? wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.")
                            : damaged(what, name);
    }
    payload->part = self;
    XML_SetUserData(self->parser, payload);
    XML_SetElementHandler(self->parser, start, end);
    XML_SetCharacterDataHandler(self->parser, text);
    XML_SetStartDoctypeDeclHandler(self->parser, on_doctype);
    return WIJK_OK;
}

static void part_close(xml_part *self)
{
    if (self->parser) {
        XML_ParserFree(self->parser);
    }
    if (self->member) {
        zip_fclose(self->member);
    }
    memset(self, 0, sizeof *self);
}

static int part_failure(const xml_part *self)
{
    if (self->rc) {
        return self->rc;
    }
    if (self->doctype) {
        return wijk_fail(WIJK_EFORMAT,
                         "%s bevat een documenttype: dat hoort niet in een werkboek en wordt niet "
                         "gelezen.",
                         "%s contains a document type: that does not belong in a workbook and is "
                         "not read.",
                         self->what);
    }
    if (self->deep) {
        return wijk_fail(WIJK_ELIMIT, "%s: de inhoud is dieper genest dan %u.",
                         "%s: the contents are nested deeper than %u.", self->what, WIJK_MAX_DEPTH);
    }
    return wijk_fail(WIJK_EFORMAT, "%s: het werkboek is beschadigd (regel %lu: %s).",
                     "%s: the workbook is damaged (line %lu: %s).", self->what,
                     (unsigned long)XML_GetCurrentLineNumber(self->parser),
                     XML_ErrorString(XML_GetErrorCode(self->parser)));
}

/* Parses on until a handler suspends (1) or the part ends (0). */
static int part_go(xml_part *self)
{
    XML_ParsingStatus status;
    XML_GetParsingStatus(self->parser, &status);
    enum XML_Status result = XML_STATUS_OK;
    if (status.parsing == XML_SUSPENDED) {
        result = XML_ResumeParser(self->parser);
    }
    for (;;) {
        if (result == XML_STATUS_ERROR) {
            return part_failure(self);
        }
        if (result == XML_STATUS_SUSPENDED) {
            return 1;
        }
        if (self->ended) {
            return 0;
        }
        void *buffer = XML_GetBuffer(self->parser, PIECE);
        if (!buffer) {
            return wijk_fail(WIJK_ENOMEM, "Het geheugen is op.", "Out of memory.");
        }
        zip_int64_t got = zip_fread(self->member, buffer, PIECE);
        if (got < 0) {
            return damaged(self->what, "xml");
        }
        self->written += (uint64_t)got;
        if (self->written > WIJK_MAX_FILE ||
            (self->written > (64u << 20) && self->written / WIJK_MAX_RATIO > self->packed)) {
            return wijk_fail(WIJK_ELIMIT,
                             "%s pakt uit tot veel meer dan een gewoon werkboek en wordt niet "
                             "gelezen.",
                             "%s unpacks to far more than an ordinary workbook and is not read.",
                             self->what);
        }
        self->ended = got == 0;
        result = XML_ParseBuffer(self->parser, (int)got, self->ended);
    }
}

static int enter(xml_part *self)
{
    if (++self->depth > WIJK_MAX_DEPTH) {
        self->deep = 1;
        XML_StopParser(self->parser, XML_FALSE);
        return 0;
    }
    return 1;
}

static const char *attribute(const XML_Char **list, const char *name)
{
    for (size_t i = 0; list[i]; i += 2) {
        if (!strcmp(list[i], name)) {
            return list[i + 1];
        }
    }
    return NULL;
}

/* Some writers prefix every element ("x:row"). */
static const char *plain(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

/* ---- which member is the n-th sheet ------------------------------------------------------ */

typedef struct {
    size_t wanted, seen;
    char relation[256], target[512];
} sheet_search;

static void XMLCALL book_start(void *payload, const XML_Char *name, const XML_Char **attributes)
{
    handed *in = payload;
    sheet_search *search = in->extra;
    if (enter(in->part) && !strcmp(plain(name), "sheet") && search->seen++ == search->wanted) {
        for (size_t i = 0; attributes[i]; i += 2) {
            if (!strcmp(plain(attributes[i]), "id")) {
                snprintf(search->relation, sizeof search->relation, "%s", attributes[i + 1]);
            }
        }
    }
}

static void XMLCALL relation_start(void *payload, const XML_Char *name, const XML_Char **attributes)
{
    handed *in = payload;
    sheet_search *search = in->extra;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    if (enter(in->part) && !strcmp(plain(name), "Relationship") && id && target &&
        !strcmp(id, search->relation)) {
        snprintf(search->target, sizeof search->target, "%s%s", *target == '/' ? "" : "xl/",
                 *target == '/' ? target + 1 : target);
    }
}

static void XMLCALL any_end(void *payload, const XML_Char *name)
{
    (void)name;
    ((handed *)payload)->part->depth--;
}

static int read_part(xlsx_rows *book, const char *name, sheet_search *search,
                     XML_StartElementHandler start)
{
    xml_part part;
    handed payload = {.book = book, .extra = search};
    int rc = part_open(&part, book->zip, name, book->what, &payload, start, any_end, NULL);
    rc = rc ? rc : part_go(&part);
    part_close(&part);
    return rc;
}

static int find_sheet(xlsx_rows *book, size_t sheet, char *target, size_t room)
{
    sheet_search search = {.wanted = sheet};
    int rc = read_part(book, "xl/workbook.xml", &search, book_start);
    if (!rc && (sheet >= search.seen || sheet >= MAX_SHEETS)) {
        return wijk_fail(WIJK_ENOTFOUND, "%s heeft geen blad %zu.", "%s has no sheet %zu.",
                         book->what, sheet + 1);
    }
    rc = rc ? rc : read_part(book, "xl/_rels/workbook.xml.rels", &search, relation_start);
    if (!rc && !*search.target) {
        return damaged(book->what, "xl/_rels/workbook.xml.rels");
    }
    snprintf(target, room, "%s", search.target);
    return rc;
}

/* ---- shared strings ---------------------------------------------------------------------- */

static void stop(xml_part *part, int rc)
{
    part->rc = rc;
    XML_StopParser(part->parser, XML_FALSE);
}

/* The text's own words are about answers; here it is a workbook. Every text takes a byte at least,
 * so this ceiling holds for their number too. */
static int strings_status(const xlsx_rows *book)
{
    return book->strings.status == WIJK_ELIMIT
               ? wijk_fail(WIJK_ELIMIT, "%s bevat meer dan %zu bytes aan teksten.",
                           "%s holds more than %zu bytes of texts.", book->what, MAX_STRINGS_BYTES)
               : book->strings.status;
}

static void XMLCALL strings_start(void *payload, const XML_Char *name, const XML_Char **attributes)
{
    (void)attributes;
    handed *in = payload;
    xlsx_rows *book = in->book;
    if (!enter(in->part)) {
        return;
    }
    const char *element = plain(name);
    if (!strcmp(element, "si")) {
        if (book->string_count == book->string_room) {
            size_t room = book->string_room ? book->string_room * 2 : 1024;
            size_t *offsets = wijk_realloc(book->offsets, room * sizeof *offsets);
            if (!offsets) {
                stop(in->part, WIJK_ENOMEM);
                return;
            }
            book->offsets = offsets;
            book->string_room = room;
        }
        book->offsets[book->string_count++] = book->strings.size;
    }
    book->in_phonetic += !strcmp(element, "rPh");
    book->in_text = !strcmp(element, "t") && !book->in_phonetic;
}

static void XMLCALL strings_text(void *payload, const XML_Char *text, int size)
{
    handed *in = payload;
    if (in->book->in_text) {
        wijk_str_addn(&in->book->strings, text, (size_t)size);
        if (in->book->strings.status) {
            stop(in->part, strings_status(in->book));
        }
    }
}

static void XMLCALL strings_end(void *payload, const XML_Char *name)
{
    handed *in = payload;
    const char *element = plain(name);
    in->part->depth--;
    in->book->in_text = 0;
    in->book->in_phonetic -= !strcmp(element, "rPh");
    if (!strcmp(element, "si")) {
        wijk_str_addn(&in->book->strings, "", 1); /* its closing NUL */
        if (in->book->strings.status) {
            stop(in->part, strings_status(in->book));
        }
    }
}

static int read_strings(xlsx_rows *book)
{
    if (zip_name_locate(book->zip, "xl/sharedStrings.xml", 0) < 0) {
        return WIJK_OK; /* a workbook of numbers and inline strings */
    }
    xml_part part;
    handed payload = {.book = book};
    book->strings.ceiling = MAX_STRINGS_BYTES;
    int rc = part_open(&part, book->zip, "xl/sharedStrings.xml", book->what, &payload,
                       strings_start, strings_end, strings_text);
    rc = rc ? rc : part_go(&part);
    part_close(&part);
    book->in_text = 0;
    return rc;
}

/* ---- the sheet --------------------------------------------------------------------------- */

/* "BC12" → 54. The column after the last when the reference is missing or wild. */
static size_t column_of(const xlsx_rows *book, const char *reference)
{
    size_t column = 0;
    for (; reference && *reference >= 'A' && *reference <= 'Z'; reference++) {
        column = column * 26 + (size_t)(*reference - 'A' + 1);
        if (column > WIJK_MAX_COLUMNS) {
            return WIJK_MAX_COLUMNS;
        }
    }
    return column ? column - 1 : book->count;
}

static void XMLCALL sheet_start(void *payload, const XML_Char *name, const XML_Char **attributes)
{
    handed *in = payload;
    xlsx_rows *book = in->book;
    if (!enter(in->part)) {
        return;
    }
    const char *element = plain(name);
    if (!strcmp(element, "row")) {
        const char *number = attribute(attributes, "r");
        book->rows.line = number ? strtoul(number, NULL, 10) : book->rows.line + 1;
        book->count = 0;
        wijk_str_clear(&book->row);
    } else if (!strcmp(element, "c")) {
        const char *type = attribute(attributes, "t");
        book->column = column_of(book, attribute(attributes, "r"));
        snprintf(book->type, sizeof book->type, "%s", type ? type : "n");
        wijk_str_clear(&book->value);
    }
    book->in_phonetic += !strcmp(element, "rPh");
    book->in_value = !strcmp(element, "v") || (!strcmp(element, "t") && !book->in_phonetic);
}

static void XMLCALL sheet_text(void *payload, const XML_Char *text, int size)
{
    handed *in = payload;
    if (in->book->in_value) {
        wijk_str_addn(&in->book->value, text, (size_t)size);
        if (in->book->value.status) {
            stop(in->part, in->book->value.status);
        }
    }
}

static void add_cell(xlsx_rows *book, const char *text, size_t size)
{
    book->starts[book->count++] = book->row.size;
    while (size && (unsigned char)*text <= ' ') {
        text++;
        size--;
    }
    while (size && (unsigned char)text[size - 1] <= ' ') {
        size--;
    }
    wijk_str_addn(&book->row, text, size);
    wijk_str_addn(&book->row, "", 1);
}

static void finish_cell(xlsx_rows *book, xml_part *part)
{
    if (book->column >= WIJK_MAX_COLUMNS) {
        stop(part, wijk_fail(WIJK_ELIMIT, "%s, rij %zu: meer dan %u kolommen.",
                             "%s, row %zu: more than %u columns.", book->what, book->rows.line,
                             WIJK_MAX_COLUMNS));
        return;
    }
    if (book->column < book->count) {
        return; /* a cell given twice: the first stays */
    }
    while (book->count < book->column) {
        add_cell(book, "", 0);
    }
    const char *text = wijk_str_text(&book->value);
    if (!strcmp(book->type, "s")) {
        char *end;
        unsigned long at = strtoul(text, &end, 10);
        int known = end != text && !*end && at < book->string_count;
        text = known ? book->strings.data + book->offsets[at] : "";
    } else if (!strcmp(book->type, "e")) {
        text = ""; /* #N/A and its kin are no values */
    }
    add_cell(book, text, strlen(text));
    if (book->row.status) {
        stop(part, book->row.status);
    }
}

static void XMLCALL sheet_end(void *payload, const XML_Char *name)
{
    handed *in = payload;
    const char *element = plain(name);
    in->part->depth--;
    in->book->in_value = 0;
    in->book->in_phonetic -= !strcmp(element, "rPh");
    if (!strcmp(element, "c")) {
        finish_cell(in->book, in->part);
    } else if (!strcmp(element, "row") && in->book->count) {
        in->book->row_done = 1;
        XML_StopParser(in->part->parser, XML_TRUE);
    }
}

static int xlsx_next(wijk_rows *rows, const wijk_cell **cells, size_t *count)
{
    xlsx_rows *self = (xlsx_rows *)rows;
    self->row_done = 0;
    int rc = part_go(&self->sheet);
    if (rc < 0 || !self->row_done) {
        return rc < 0 ? rc : 0;
    }
    for (size_t i = 0; i < self->count; i++) {
        const char *text = self->row.data + self->starts[i];
        self->cells[i] = (wijk_cell){text, strlen(text)};
    }
    *cells = self->cells;
    *count = self->count;
    return 1;
}

typedef struct {
    xlsx_rows book;
    handed payload;
} opened;

static void xlsx_free(wijk_rows *rows)
{
    xlsx_rows *self = (xlsx_rows *)rows;
    part_close(&self->sheet);
    if (self->zip) {
        zip_discard(self->zip);
    }
    wijk_str_free(&self->strings);
    wijk_str_free(&self->row);
    wijk_str_free(&self->value);
    wijk_free(self->offsets);
    wijk_free(self);
}

static int open_container(xlsx_rows *self, wijk_input *input)
{
    const char *bytes;
    size_t size;
    int rc = wijk_input_slurp(input, WIJK_MAX_ARENA, &bytes, &size);
    if (rc) {
        return rc;
    }
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes, size, 0, &error);
    self->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    zip_error_fini(&error);
    if (!self->zip) {
        zip_source_free(source);
        return damaged(self->what, "zip");
    }
    return WIJK_OK;
}

int wijk_rows_xlsx(wijk_rows **out, wijk_input *input, size_t sheet)
{
    *out = NULL;
    opened *both = wijk_alloc(sizeof *both);
    if (!both) {
        return WIJK_ENOMEM;
    }
    xlsx_rows *self = &both->book;
    self->what = wijk_input_file(input);
    self->rows = (wijk_rows){.next = xlsx_next, .free = xlsx_free, .decimal = '.', .ragged = 1};
    self->row.ceiling = self->value.ceiling = (size_t)WIJK_MAX_CELL * 8;
    both->payload.book = self;
    char target[512];
    int rc = open_container(self, input);
    rc = rc ? rc : find_sheet(self, sheet, target, sizeof target);
    rc = rc ? rc : read_strings(self);
    rc = rc ? rc
            : part_open(&self->sheet, self->zip, target, self->what, &both->payload, sheet_start,
                        sheet_end, sheet_text);
    if (rc) {
        xlsx_free(&self->rows);
        return rc;
    }
    *out = &self->rows;
    return WIJK_OK;
}
