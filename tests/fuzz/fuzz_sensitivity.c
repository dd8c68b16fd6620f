/* Any bytes as a part of a sensitivity analysis, and any change of a part, with the checksum made
 * right so that the reader itself is met: what is accepted is written as the same bytes, and joins
 * with nothing twice. */
#include "edited.h"

#include "wijk/sensitivity.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const wijk_sensitivity *s)
{
    wijk_screened rows[WIJK_PARAMETERS + 1];
    wijk_sensitivity_indices all;
    size_t n;
    (void)wijk_sensitivity_screen(rows, &n, s, WIJK_OUT_STRAINED);
    (void)wijk_sensitivity_split(&all, s, WIJK_OUT_LIVABILITY_SOC);
}

/* The bytes up to the last line that begins with "end ", and a right checksum behind them. */
static char *repaired(size_t *size, const uint8_t *data, size_t n)
{
    char *bytes = malloc(n + 40);
    size_t end = n;
    for (size_t i = 0; bytes && i + 5 <= n; i++) {
        if (memcmp(data + i, "\nend ", 5) == 0) {
            end = i + 1;
        }
    }
    if (bytes && n > 0) {
        uint64_t hash = 0xCBF29CE484222325u;
        memcpy(bytes, data, end);
        for (size_t i = 0; i < end; i++) {
            hash = (hash ^ data[i]) * 0x100000001B3u;
        }
        *size = end + (size_t)snprintf(bytes + end, 40, "end %" PRIu64 "\n", hash);
    }
    return bytes;
}

/* One unit of the groups as this version writes it; made once. */
static const wijk_str *written(void)
{
    static wijk_str text;
    if (!text.size) {
        const wijk_change more = {0, WIJK_EVERYWHERE, 0, WIJK_LEVER_SOCIAL_MANAGEMENT, 4};
        const wijk_scenario scenario = {&more, 1};
        const wijk_sensitivity_options o = {.kind = WIJK_GROUPING,
                                            .seed = 1,
                                            .first = 1,
                                            .last = 1,
                                            .years = 1,
                                            .threads = 1,
                                            .place = "Stad",
                                            .title = {"beleid", "policy"},
                                            .scenario = "support",
                                            .lineage = "fuzz"};
        wijk_population *town = edited_town();
        wijk_sensitivity *s, *again;
        if (wijk_sensitivity_run(&s, town, &scenario, &o, NULL)) {
            abort();
        }
        wijk_sensitivity_write(&text, s);
        if (wijk_sensitivity_read(&again, text.data, text.size, "whole")) {
            abort();
        }
        wijk_sensitivity_free(again);
        wijk_sensitivity_free(s);
        wijk_population_free(town);
    }
    return &text;
}

static void meet(const uint8_t *data, size_t size)
{
    size_t n = 0;
    char *bytes = repaired(&n, data, size);
    wijk_sensitivity *s, *joined;
    if (bytes && wijk_sensitivity_read(&s, bytes, n, "fuzz") == 0) {
        wijk_str text = WIJK_STR_INIT;
        wijk_sensitivity_write(&text, s);
        ask(s);
        const wijk_sensitivity *const twice[] = {s, s};
        if (text.size > n + 64 || wijk_sensitivity_merge(&joined, twice, 2) == 0) {
            abort();
        }
        wijk_str_free(&text);
        wijk_sensitivity_free(s);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const wijk_str *whole = written();
    size_t n;
    uint8_t *bytes = edited(&n, (const uint8_t *)whole->data, whole->size, data, size);
    meet(data, size);
    meet(bytes, n);
    free(bytes);
    return 0;
}
