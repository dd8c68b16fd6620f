/* load/input.h: the bytes of one input file, decompressed as they are read, with every ceiling of
 * limits.h. Plain, .zst, .gz and .zip are told apart by their first bytes, not by their name. */
#ifndef WIJK_LOAD_INPUT_H
#define WIJK_LOAD_INPUT_H

#include <stddef.h>
#include <stdint.h>

enum wijk_input_kind { WIJK_INPUT_TEXT, WIJK_INPUT_JSON, WIJK_INPUT_XLSX, WIJK_INPUT_SQLITE };

typedef struct wijk_input wijk_input;

/* Opens a file, or bytes that outlive the input. Refuses what is none of the kinds (a PDF, a web
 * page, UTF-16) with one sentence. Of an archive the member with a known extension is read; with
 * several, the largest. */
int wijk_input_open(wijk_input **out, const char *path);
int wijk_input_open_bytes(wijk_input **out, const char *name, const void *bytes, size_t size);
void wijk_input_free(wijk_input *input);

/* Base name without .zst, .gz, .zip: "lbm3_pc4_2002_2020.csv"; for messages and recognition. */
const char *wijk_input_name(const wijk_input *input);
/* Base name as given. */
const char *wijk_input_file(const wijk_input *input);
enum wijk_input_kind wijk_input_kind_of(const wijk_input *input);
/* Of the bytes as given, not of what is inside. */
uint64_t wijk_input_size(const wijk_input *input);
const char *wijk_input_sha256(const wijk_input *input); /* 64 lower-case hex digits */

/* A wijk_read_fn over the decompressed bytes; 0 only at a whole end, WIJK_EFORMAT when the archive
 * is cut short, WIJK_ELIMIT beyond the ceilings. */
ptrdiff_t wijk_input_read(void *input, void *buffer, size_t room);
/* Back to the first byte. */
int wijk_input_rewind(wijk_input *input);
/* All decompressed bytes, NUL-terminated, at most `ceiling`; owned by the input. */
int wijk_input_slurp(wijk_input *input, uint64_t ceiling, const char **bytes, size_t *size);
/* A path at which the decompressed bytes lie (a copy that goes with the input, if need be). */
int wijk_input_path(wijk_input *input, const char **path);

#endif
