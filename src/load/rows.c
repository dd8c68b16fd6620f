/* A CSV as a stream of rows: wijk/csv.h over the decompressed bytes of an input. */
#include "load/rows.h"

#include "wijk/err.h"
#include "wijk/mem.h"

typedef struct {
    wijk_rows rows;
    wijk_csv *csv;
} csv_rows;

static int csv_next(wijk_rows *rows, const wijk_cell **cells, size_t *count)
{
    csv_rows *self = (csv_rows *)rows;
    int rc = wijk_csv_next(self->csv, cells, count);
    rows->line = wijk_csv_line(self->csv);
    rows->recoded = wijk_csv_latin(self->csv);
    return rc;
}

static void csv_free(wijk_rows *rows)
{
    csv_rows *self = (csv_rows *)rows;
    wijk_csv_free(self->csv);
    wijk_free(self);
}

int wijk_rows_csv(wijk_rows **out, wijk_input *input, char delimiter)
{
    *out = NULL;
    int rc = wijk_input_rewind(input);
    csv_rows *self = rc ? NULL : wijk_alloc(sizeof *self);
    if (!self) {
        return rc ? rc : WIJK_ENOMEM;
    }
    self->rows.next = csv_next;
    self->rows.free = csv_free;
    rc = wijk_csv_new(&self->csv, wijk_input_read, input, delimiter, wijk_input_file(input));
    if (rc) {
        wijk_free(self);
        return rc;
    }
    *out = &self->rows;
    return WIJK_OK;
}
