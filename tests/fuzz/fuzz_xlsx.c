/* Any bytes as a workbook: every cell of every row of every sheet must be text that ends where it
 * says. Bytes that are no zip are taken for the XML of a sheet, so that the parser is reached. */
#include "load/input.h"
#include "load/rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_sheet(wijk_input *input, size_t sheet)
{
    wijk_rows *rows;
    if (wijk_rows_xlsx(&rows, input, sheet)) {
        return;
    }
    const wijk_cell *cells;
    size_t count;
    while (rows->next(rows, &cells, &count) == 1) {
        for (size_t i = 0; i < count; i++) {
            if (strlen(cells[i].text) != cells[i].size) {
                abort();
            }
        }
    }
    rows->free(rows);
}

static void read_book(const void *bytes, size_t size)
{
    wijk_input *input;
    if (!wijk_input_open_bytes(&input, "fuzz.xlsx", bytes, size)) {
        if (wijk_input_kind_of(input) == WIJK_INPUT_XLSX) {
            read_sheet(input, 0);
            read_sheet(input, 1);
        }
        wijk_input_free(input);
    }
}

/* A workbook whose first sheet is `sheet` and whose shared strings are what follows a zero byte. */
static void wrap(const uint8_t *data, size_t size)
{
    static const char book[] = "<workbook><sheets><sheet id=\"r1\"/></sheets></workbook>";
    static const char rels[] =
        "<Relationships><Relationship Id=\"r1\" Target=\"s.xml\"/></Relationships>";
    const uint8_t *cut = memchr(data, 0, size);
    size_t sheet = cut ? (size_t)(cut - data) : size;
    const struct {
        const char *name;
        const void *bytes;
        size_t size;
    } parts[] = {{"xl/workbook.xml", book, sizeof book - 1},
                 {"xl/_rels/workbook.xml.rels", rels, sizeof rels - 1},
                 {"xl/s.xml", data, sheet},
                 {"xl/sharedStrings.xml", cut ? cut + 1 : data, cut ? size - sheet - 1 : 0}};
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (size_t i = 0; zip && i < sizeof parts / sizeof *parts; i++) {
        zip_source_t *part = zip_source_buffer(zip, parts[i].bytes, parts[i].size, 0);
        zip_int64_t at = zip_file_add(zip, parts[i].name, part, 0);
        if (at >= 0) {
            zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
        }
    }
    char *packed = malloc(size + 4096);
    if (zip && packed && !zip_close(zip) && !zip_source_open(source)) {
        zip_int64_t length = zip_source_read(source, packed, size + 4096);
        zip_source_close(source);
        if (length > 0) {
            read_book(packed, (size_t)length);
        }
    }
    zip_source_free(source);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4 && !memcmp(data, "PK", 2)) {
        read_book(data, size);
    } else {
        wrap(data, size);
    }
    return 0;
}
