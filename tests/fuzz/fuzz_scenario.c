/* Any bytes as a scenario: what is accepted must be written as a text that is accepted again, and
 * written a second time as the same bytes; whether its lines can be together is the same for both.
 * Who gathers all mistakes finds some where reading stops and none where it does not, each at a
 * line of the text. */
#include "wijk/mem.h"
#include "wijk/scenario.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t lines_of(const uint8_t *data, size_t size)
{
    size_t n = 1;
    for (size_t i = 0; i < size; i++) {
        n += data[i] == '\n';
    }
    return n;
}

static void gather(const uint8_t *data, size_t size, int refused)
{
    wijk_scenario_file *all;
    wijk_scenario bound;
    wijk_mistakes found = {.n = 0};
    if (wijk_arena_new(&found.arena, 0)) {
        return;
    }
    if (!wijk_scenario_read_all(&all, &found, data, size, "fuzz")) {
        if ((found.n > 0) != (refused != 0)) {
            abort();
        }
        const wijk_scenario_options text = {.first = -1, .found = &found};
        if (wijk_scenario_bind(&bound, all, &text)) {
            abort();
        }
        wijk_scenario_release(&bound);
        wijk_scenario_free(all);
    }
    for (size_t i = 0; i < found.n; i++) {
        if (found.at[i].line < 1 || found.at[i].line > lines_of(data, size) ||
            (i && found.at[i].line <= found.at[i - 1].line) || !*found.at[i].text[0] ||
            !*found.at[i].text[1]) {
            abort();
        }
    }
    wijk_arena_free(found.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wijk_scenario_file *first, *second;
    int refused = wijk_scenario_read(&first, data, size, "fuzz");
    gather(data, size, refused);
    if (refused) {
        return 0;
    }
    wijk_str once = WIJK_STR_INIT, twice = WIJK_STR_INIT;
    wijk_scenario_write(&once, first);
    if (wijk_scenario_read(&second, wijk_str_text(&once), once.size, "again")) {
        abort();
    }
    wijk_scenario_write(&twice, second);
    if (once.size != twice.size || memcmp(once.data, twice.data, once.size) != 0 ||
        wijk_scenario_count(first) != wijk_scenario_count(second)) {
        abort();
    }
    if (wijk_scenario_check(first) != wijk_scenario_check(second)) {
        abort();
    }
    wijk_str_free(&once);
    wijk_str_free(&twice);
    wijk_scenario_free(first);
    wijk_scenario_free(second);
    return 0;
}
