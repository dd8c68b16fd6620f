/* The manual's generated half: every indicator, source and rule as Markdown, straight from the
 * registries. Whoever adds a row there has written its manual page. */
#include "wijk/manual.h"

#include "wijk/mem.h"
#include "wijk/table.h"
#include "wijk/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *const lang_code[] = {"nl", "en"};

/* Table cells must not end their own column. */
static void add_cell(wijk_str *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|') {
            wijk_str_add(out, "\\|");
        } else {
            wijk_str_addc(out, *text == '\n' ? ' ' : *text);
        }
    }
}

static void add_line(wijk_str *out, wijk_lang lang, enum wijk_text_key label, const char *text)
{
    if (*text) {
        wijk_str_addf(out, "| %s | ", wijk_text(lang, label));
        add_cell(out, text);
        wijk_str_add(out, " |\n");
    }
}

/* The words of a rule, from data/disclosure.csv or data/reliability.csv. */
static void add_rule(wijk_str *out, wijk_lang lang, enum wijk_text_key label, const char *asset,
                     const char *code)
{
    wijk_table *rules;
    if (wijk_table_asset(&rules, asset)) {
        return;
    }
    long row = wijk_table_find(rules, "code", code);
    if (row >= 0) {
        add_line(out, lang, label, wijk_table_get(rules, (size_t)row, lang_code[lang]));
    }
    wijk_table_free(rules);
}

static enum wijk_text_key direction_text(enum wijk_direction direction)
{
    return direction == WIJK_DIRECTION_UP     ? T_MANUAL_DIRECTION_UP
           : direction == WIJK_DIRECTION_DOWN ? T_MANUAL_DIRECTION_DOWN
                                              : T_MANUAL_DIRECTION_NONE;
}

static enum wijk_text_key joining_text(enum wijk_joining joining)
{
    return joining == WIJK_JOIN_SUM    ? T_MANUAL_JOIN_SUM
           : joining == WIJK_JOIN_MEAN ? T_MANUAL_JOIN_MEAN
                                       : T_MANUAL_JOIN_NONE;
}

void wijk_manual_indicator(wijk_str *out, const wijk_registry *registry,
                           const wijk_indicator *indicator, wijk_lang lang)
{
    const wijk_indicator *base = wijk_indicator_by_code(registry, indicator->base);
    wijk_str_addf(out, "# %s\n\n%s\n\n", indicator->label[lang], indicator->definition[lang]);
    if (*indicator->caution[lang]) {
        wijk_str_addf(out, "> **%s** %s\n\n", wijk_text(lang, T_MANUAL_CAUTION),
                      indicator->caution[lang]);
    }
    wijk_str_add(out, "| | |\n| --- | --- |\n");
    add_line(out, lang, T_MANUAL_CODE, indicator->code);
    add_line(out, lang, T_MANUAL_UNIT, indicator->unit);
    add_line(out, lang, T_MANUAL_DIRECTION, wijk_text(lang, direction_text(indicator->direction)));
    add_line(out, lang, T_MANUAL_JOIN, wijk_text(lang, joining_text(indicator->joining)));
    if (base) {
        add_line(out, lang, T_MANUAL_BASE, base->label[lang]);
    }
    add_line(out, lang, T_MANUAL_SOURCE_NAME, indicator->source_hint);
    add_rule(out, lang, T_MANUAL_DISCLOSURE, "data/disclosure.csv", indicator->disclosure);
    add_rule(out, lang, T_MANUAL_RELIABILITY, "data/reliability.csv", indicator->reliability);
    if (indicator->origin) {
        add_line(out, lang, T_MANUAL_ORIGIN, wijk_text(lang, T_MANUAL_ORIGIN_TEXT));
    }
    if (indicator->similar > 0) {
        add_line(out, lang, T_MANUAL_SIMILAR, wijk_text(lang, T_MANUAL_SIMILAR_TEXT));
    }
}

static int add_index(wijk_str *out, const wijk_registry *registry, wijk_lang lang)
{
    wijk_str_addf(out, "# %s\n\n%s\n", wijk_text(lang, T_MANUAL_INDICATORS),
                  wijk_text(lang, T_MANUAL_INDICATORS_INTRO));
    const char *theme = "";
    for (size_t i = 0; i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(registry, i);
        if (strcmp(theme, at->theme) != 0) {
            theme = at->theme;
            wijk_str_addf(out, "\n## %s\n\n", theme);
        }
        wijk_str_addf(out, "* [%s](indicator/%s.md) · %s\n", at->label[lang], at->code, at->unit);
    }
    return WIJK_OK;
}

static int add_sources(wijk_str *out, const wijk_registry *registry, wijk_lang lang)
{
    (void)registry;
    wijk_table *sources;
    int rc = wijk_table_asset(&sources, "data/sources.csv");
    if (rc) {
        return rc;
    }
    wijk_str_addf(out, "# %s\n\n%s\n", wijk_text(lang, T_MANUAL_SOURCES),
                  wijk_text(lang, T_MANUAL_SOURCES_INTRO));
    for (size_t row = 0; row < wijk_table_rows(sources); row++) {
        wijk_str_addf(out, "\n## %s\n\n",
                      wijk_table_get(sources, row, lang == WIJK_EN ? "title_en" : "title_nl"));
        wijk_str_add(out, "| | |\n| --- | --- |\n");
        add_line(out, lang, T_MANUAL_CODE, wijk_table_get(sources, row, "code"));
        add_line(out, lang, T_MANUAL_PUBLISHER, wijk_table_get(sources, row, "publisher"));
        add_line(out, lang, T_MANUAL_LICENCE, wijk_table_get(sources, row, "licence"));
        add_line(out, lang, T_MANUAL_ADDRESS, wijk_table_get(sources, row, "address"));
        add_line(out, lang, T_MANUAL_NATURE, wijk_table_get(sources, row, "nature"));
        add_line(out, lang, T_MANUAL_FORMAT, wijk_table_get(sources, row, "format"));
        add_line(out, lang, T_MANUAL_MATCH, wijk_table_get(sources, row, "match"));
        add_line(out, lang, T_MANUAL_NOTE,
                 wijk_table_get(sources, row, lang == WIJK_EN ? "note" : "note_nl"));
    }
    wijk_table_free(sources);
    return WIJK_OK;
}

static int add_similar(wijk_str *out, const wijk_registry *registry, wijk_lang lang)
{
    wijk_str_addf(out, "# %s\n\n%s\n\n| %s | %s |\n| --- | --- |\n",
                  wijk_text(lang, T_MANUAL_SIMILAR), wijk_text(lang, T_MANUAL_SIMILAR_HOW),
                  wijk_text(lang, T_MANUAL_INDICATORS), wijk_text(lang, T_MANUAL_WEIGHT));
    for (size_t i = 0; i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(registry, i);
        if (at->similar > 0) {
            wijk_str_addf(out, "| [%s](indicator/%s.md) | ", at->label[lang], at->code);
            wijk_number(out, lang, at->similar, 1);
            wijk_str_add(out, " |\n");
        }
    }
    return WIJK_OK;
}

static int add_rules_of(wijk_str *out, wijk_lang lang, enum wijk_text_key title, const char *asset)
{
    wijk_table *rules;
    int rc = wijk_table_asset(&rules, asset);
    if (rc) {
        return rc;
    }
    wijk_str_addf(out, "\n## %s\n\n", wijk_text(lang, title));
    for (size_t row = 0; row < wijk_table_rows(rules); row++) {
        wijk_str_addf(out, "* %s", wijk_table_get(rules, row, lang_code[lang]));
        const char *source = wijk_table_get(rules, row, "source");
        wijk_str_addf(out, *source ? " (%s)\n" : "%s\n", source);
    }
    wijk_table_free(rules);
    return WIJK_OK;
}

static int add_rules(wijk_str *out, const wijk_registry *registry, wijk_lang lang)
{
    (void)registry;
    wijk_str_addf(out, "# %s\n\n%s\n", wijk_text(lang, T_MANUAL_RULES),
                  wijk_text(lang, T_MANUAL_RULES_INTRO));
    int rc = add_rules_of(out, lang, T_MANUAL_DISCLOSURE, "data/disclosure.csv");
    return rc ? rc : add_rules_of(out, lang, T_MANUAL_RELIABILITY, "data/reliability.csv");
}

static const struct {
    const char *name;
    int (*make)(wijk_str *out, const wijk_registry *registry, wijk_lang lang);
} made_pages[] = {{"indicators", add_index},
                  {"sources", add_sources},
                  {"similar", add_similar},
                  {"rules", add_rules}};

int wijk_manual_page(wijk_str *out, const wijk_registry *registry, const char *name, wijk_lang lang)
{
    for (size_t i = 0; i < sizeof made_pages / sizeof *made_pages; i++) {
        if (!strcmp(made_pages[i].name, name)) {
            return made_pages[i].make(out, registry, lang);
        }
    }
    return wijk_fail(WIJK_ENOTFOUND, "De uitleg heeft geen bladzijde \"%.60s\".",
                     "The manual has no page \"%.60s\".", name);
}

/* Makes every folder on the way to `path`. */
static void make_folders(const char *path)
{
    char part[4096];
    for (size_t i = 1; i < sizeof part && path[i]; i++) {
        if (path[i] == '/') {
            snprintf(part, sizeof part, "%.*s", (int)i, path);
            mkdir(part, 0755);
        }
    }
}

static int write_page(const char *folder, wijk_lang lang, const char *name, const wijk_str *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s/%s.md", folder, lang_code[lang], name);
    int rc = wijk_str_status(text);
    if (rc) {
        return rc;
    }
    make_folders(path);
    FILE *file = fopen(path, "wb");
    size_t written = file ? fwrite(wijk_str_text(text), 1, text->size, file) : 0;
    if (!file || fclose(file) || written != text->size) {
        return wijk_fail(WIJK_EIO, "Kan %s niet schrijven: %s.", "Cannot write %s: %s.", path,
                         strerror(errno));
    }
    return WIJK_OK;
}

/* The hand-written pages: docs/manual/LANG/NAME.md inside the binary. */
static int write_hand_written(const char *folder, wijk_lang lang, int *pages)
{
    char prefix[32];
    int size = snprintf(prefix, sizeof prefix, "docs/manual/%s/", lang_code[lang]);
    int rc = WIJK_OK;
    for (size_t i = 0; !rc; i++) {
        const char *path = wijk_asset_path(i);
        if (!path) {
            break;
        }
        if (strncmp(path, prefix, (size_t)size) != 0) {
            continue;
        }
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(strlen(path + size) - 3), path + size);
        wijk_str text = WIJK_STR_INIT;
        wijk_str_add(&text, wijk_asset_get(path, NULL));
        rc = write_page(folder, lang, name, &text);
        wijk_str_free(&text);
        (*pages)++;
    }
    return rc;
}

static int write_language(const char *folder, const wijk_registry *registry, wijk_lang lang,
                          int *pages)
{
    wijk_str text = WIJK_STR_INIT;
    int rc = WIJK_OK;
    for (size_t i = 0; !rc && i < sizeof made_pages / sizeof *made_pages; i++) {
        wijk_str_clear(&text);
        rc = wijk_manual_page(&text, registry, made_pages[i].name, lang);
        rc = rc ? rc : write_page(folder, lang, made_pages[i].name, &text);
        (*pages)++;
    }
    for (size_t i = 0; !rc && i < wijk_indicator_count(registry); i++) {
        const wijk_indicator *at = wijk_indicator_at(registry, i);
        char name[256];
        snprintf(name, sizeof name, "indicator/%.200s", at->code);
        wijk_str_clear(&text);
        wijk_manual_indicator(&text, registry, at, lang);
        rc = write_page(folder, lang, name, &text);
        (*pages)++;
    }
    wijk_str_free(&text);
    return rc ? rc : write_hand_written(folder, lang, pages);
}

int wijk_manual_write(const char *folder, const wijk_registry *registry)
{
    int pages = 0;
    int rc = write_language(folder, registry, WIJK_NL, &pages);
    rc = rc ? rc : write_language(folder, registry, WIJK_EN, &pages);
    return rc ? rc : pages;
}
