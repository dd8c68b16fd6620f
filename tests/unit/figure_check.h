/* What the tests of figures share: an XML parser that is not ours (expat) judges every drawing. */
#ifndef WIJK_TESTS_FIGURE_CHECK_H
#define WIJK_TESTS_FIGURE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <expat.h>

#include "wijk/figure.h"

/* Called for every element, with its class chain: classes of all open elements, blank-separated. */
typedef void (*element_fn)(void *payload, const char *name, const char **attributes,
                           const char *classes);

typedef struct {
    element_fn element;
    void *payload;
    char classes[4096];
    size_t depth, ends[128];
    int forbidden; /* style attributes, scripts, events, addresses elsewhere */
} check_state;

static const char *attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2) {
        if (!strcmp(attributes[i], name)) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static void XMLCALL check_start(void *data, const char *name, const char **attributes)
{
    check_state *state = data;
    const char *class = attribute(attributes, "class");
    size_t size = strlen(state->classes);
    assert_true(state->depth < 128);
    state->ends[state->depth++] = size;
    snprintf(state->classes + size, sizeof state->classes - size, " %s ", class ? class : "");
    state->forbidden |= !strcmp(name, "script") || !strcmp(name, "image") ||
                        !strcmp(name, "foreignObject") || attribute(attributes, "style") != NULL;
    for (size_t i = 0; attributes[i]; i += 2) {
        state->forbidden |= !strncmp(attributes[i], "on", 2) && strlen(attributes[i]) > 3;
        state->forbidden |=
            strcmp(attributes[i], "xmlns") != 0 && (strstr(attributes[i + 1], "://") != NULL ||
                                                    !strncmp(attributes[i + 1], "javascript:", 11));
        state->forbidden |= strstr(attributes[i + 1], "nan") == attributes[i + 1];
    }
    if (state->element) {
        state->element(state->payload, name, attributes, state->classes);
    }
}

static void XMLCALL check_end(void *data, const char *name)
{
    check_state *state = data;
    (void)name;
    state->classes[state->ends[--state->depth]] = 0;
}

/* Well-formed, nothing that a strict CSP or an offline machine refuses; calls `element`. */
static void check_svg(const wijk_str *svg, element_fn element, void *payload)
{
    check_state *state = calloc(1, sizeof *state);
    state->element = element;
    state->payload = payload;
    XML_Parser parser = XML_ParserCreate("UTF-8");
    XML_SetUserData(parser, state);
    XML_SetElementHandler(parser, check_start, check_end);
    if (XML_Parse(parser, wijk_str_text(svg), (int)svg->size, 1) != XML_STATUS_OK) {
        fail_msg("%s at byte %ld: %.80s", XML_ErrorString(XML_GetErrorCode(parser)),
                 (long)XML_GetCurrentByteIndex(parser),
                 wijk_str_text(svg) + XML_GetCurrentByteIndex(parser));
    }
    assert_false(state->forbidden);
    XML_ParserFree(parser);
    free(state);
}

/* A figure whole: words, table without holes, drawing. */
static void check_figure(const wijk_figure *figure)
{
    assert_non_null(figure->title);
    assert_true(figure->message && *figure->message);
    assert_non_null(figure->source);
    assert_true(figure->height > 0);
    for (size_t i = 0; i < figure->columns; i++) {
        assert_non_null(figure->head[i]);
    }
    for (size_t i = 0; i < figure->columns * figure->rows; i++) {
        assert_non_null(figure->cells[i]);
    }
    check_svg(&figure->svg, NULL, NULL);
}

#endif
