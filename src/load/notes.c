/* Counting by reason: a load of two million cells has a dozen reasons, so each is one slot that is
 * found once and then only counted up. */
#include "load/notes.h"

#include "wijk/err.h"
#include "wijk/text.h"

#include <stdio.h>
#include <string.h>

enum { MAX_NOTES = 5000 }; /* a file of nothing but novelties must not fill the report */

int wijk_notes_new(wijk_notes *notes, wijk_arena *arena)
{
    *notes = (wijk_notes){.arena = arena};
    return wijk_map_new(&notes->index);
}

void wijk_notes_free(wijk_notes *notes)
{
    wijk_map_free(notes->index);
    wijk_free(notes->list);
    *notes = (wijk_notes){0};
}

static int grow(wijk_notes *notes)
{
    if (notes->count < notes->room) {
        return WIJK_OK;
    }
    size_t room = notes->room ? notes->room * 2 : 32;
    wijk_load_note *list = wijk_realloc(notes->list, room * sizeof *list);
    if (!list) {
        return WIJK_ENOMEM;
    }
    notes->list = list;
    notes->room = room;
    return WIJK_OK;
}

size_t wijk_notes_slot(wijk_notes *notes, const char *reason, const char *what)
{
    if (notes->count >= MAX_NOTES) {
        what = "";
    }
    char key[512];
    int size = snprintf(key, sizeof key, "%s\n%s", reason, what);
    size_t length = (size_t)size < sizeof key ? (size_t)size : sizeof key - 1;
    int64_t at;
    if (wijk_map_get(notes->index, key, length, &at)) {
        return (size_t)at;
    }
    const char *copy = wijk_arena_strdup(notes->arena, what);
    int rc = copy ? grow(notes) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_map_set(notes->index, key, length, (int64_t)notes->count);
    if (rc) {
        notes->status = rc;
        return SIZE_MAX;
    }
    notes->list[notes->count] = (wijk_load_note){.reason = reason, .what = copy, .example = ""};
    return notes->count++;
}

void wijk_notes_hit(wijk_notes *notes, size_t slot, size_t row, const char *column,
                    const char *text)
{
    if (slot >= notes->count) {
        return;
    }
    wijk_load_note *note = &notes->list[slot];
    if (note->count++ || !row) {
        return;
    }
    char *example = wijk_arena_printf(notes->arena, "row %zu%s%.120s%s%.120s%s", row,
                                      column ? ", column " : "", column ? column : "",
                                      text ? ": \"" : "", text ? text : "", text ? "\"" : "");
    note->example = example ? example : "";
    notes->status = example ? notes->status : WIJK_ENOMEM;
}

void wijk_notes_add(wijk_notes *notes, const char *reason, const char *what, size_t row,
                    const char *column, const char *text)
{
    wijk_notes_hit(notes, wijk_notes_slot(notes, reason, what), row, column, text);
}

/* ---- in plain words --------------------------------------------------------------------- */

static const struct {
    const char *reason;
    enum wijk_text_key key;
} reasons[] = {
    {"missing", T_LOAD_REASON_MISSING},
    {"secret", T_LOAD_REASON_SECRET},
    {"unknown column", T_LOAD_REASON_UNKNOWN_COLUMN},
    {"unnamed column", T_LOAD_REASON_UNNAMED_COLUMN},
    {"double column", T_LOAD_REASON_DOUBLE_COLUMN},
    {"unknown indicator", T_LOAD_REASON_UNKNOWN_INDICATOR},
    {"bad number", T_LOAD_REASON_BAD_NUMBER},
    {"no area code", T_LOAD_REASON_NO_AREA},
    {"bad area code", T_LOAD_REASON_BAD_AREA},
    {"unknown gemeente", T_LOAD_REASON_UNKNOWN_GEMEENTE},
    {"duplicate", T_LOAD_REASON_DUPLICATE},
    {"left out", T_LOAD_REASON_LEFT_OUT},
    {"other area", T_LOAD_REASON_OTHER_AREA},
    {"unknown category", T_LOAD_REASON_UNKNOWN_CATEGORY},
    {"bad period", T_LOAD_REASON_BAD_PERIOD},
    {"short row", T_LOAD_REASON_SHORT_ROW},
    {"long row", T_LOAD_REASON_LONG_ROW},
    {"encoding", T_LOAD_REASON_ENCODING},
    {"crossing shape", T_LOAD_REASON_CROSSING},
    {"no shape", T_LOAD_REASON_NO_SHAPE},
    {"not a polygon", T_LOAD_REASON_NOT_POLYGON},
    {"outside the country", T_LOAD_REASON_OUTSIDE},
    {"empty shape", T_LOAD_REASON_EMPTY_SHAPE},
    {"bad shape", T_LOAD_REASON_BAD_SHAPE},
    {"explanation", T_LOAD_REASON_EXPLANATION},
};

const char *wijk_load_reason_text(wijk_lang lang, const char *reason)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (!strcmp(reasons[i].reason, reason)) {
            return wijk_text(lang, reasons[i].key);
        }
    }
    return reason;
}

void wijk_load_example_text(wijk_str *out, wijk_lang lang, const char *example)
{
    static const char row[] = "row ", column[] = ", column ";
    if (strncmp(example, row, sizeof row - 1) != 0) {
        wijk_str_add(out, example);
        return;
    }
    const char *at = example + sizeof row - 1;
    size_t number = strspn(at, "0123456789");
    wijk_str_add(out, wijk_text(lang, T_LOAD_ROW));
    wijk_str_addc(out, ' ');
    wijk_str_addn(out, at, number);
    at += number;
    if (!strncmp(at, column, sizeof column - 1)) {
        wijk_str_addf(out, ", %s ", wijk_text(lang, T_LOAD_COLUMN));
        at += sizeof column - 1;
    }
    wijk_str_add(out, at);
}
