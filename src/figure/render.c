/* SVG to PNG and PDF through librsvg and cairo. The handle is made from bytes without a base
 * address, so nothing outside the text can be read: no file, no host. */
#include "figure/svg.h"

#include "wijk/limits.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <librsvg/rsvg.h>
#include <math.h>

#define MOST_PIXELS 4096.0
#define MOST_PAGES  64u
#define MOST_POINTS 14400.0 /* PDF's own limit for the side of a page */

static cairo_status_t take(void *payload, const unsigned char *bytes, unsigned size)
{
    wijk_str *out = payload;
    wijk_str_addn(out, bytes, size);
    return wijk_str_status(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int not_svg(const GError *error)
{
    return wijk_fail(WIJK_EFORMAT, "De tekening is geen geldige SVG: %s.",
                     "The drawing is not valid SVG: %s.", error ? error->message : "?");
}

static int cairo_said(const wijk_str *out, cairo_status_t status)
{
    if (wijk_str_status(out)) {
        return wijk_str_status(out);
    }
    if (status == CAIRO_STATUS_SUCCESS) {
        return 0;
    }
    return wijk_fail(status == CAIRO_STATUS_NO_MEMORY ? WIJK_ENOMEM : WIJK_EIO,
                     "De tekening kon niet worden omgezet: %s.",
                     "The drawing could not be converted: %s.", cairo_status_to_string(status));
}

/* The handle and its size in CSS pixels. Free with g_object_unref. */
static int open_svg(RsvgHandle **out, double *width, double *height, const char *svg, size_t size)
{
    GError *error = NULL;
    *out = NULL;
    if (size == 0 || size > WIJK_MAX_TEXT) {
        return not_svg(NULL);
    }
    RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)svg, size, &error);
    if (!handle) {
        int rc = not_svg(error);
        g_clear_error(&error);
        return rc;
    }
    rsvg_handle_set_dpi(handle, 96);
    if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, width, height) || !(*width > 0) ||
        !(*height > 0) || *width > 1e5 || *height > 1e5) {
        g_object_unref(handle);
        return wijk_fail(WIJK_EFORMAT, "De tekening zegt niet hoe groot zij is.",
                         "The drawing does not say how large it is.");
    }
    *out = handle;
    return 0;
}

static int draw(RsvgHandle *handle, cairo_t *cairo, double width, double height)
{
    GError *error = NULL;
    RsvgRectangle room = {0, 0, width, height};
    if (rsvg_handle_render_document(handle, cairo, &room, &error)) {
        return 0;
    }
    int rc = not_svg(error);
    g_clear_error(&error);
    return rc;
}

int wijk_render_png(wijk_str *out, const char *svg, size_t size, int width)
{
    RsvgHandle *handle = NULL;
    double wide = 0, high = 0;
    if (width < 16 || width > MOST_PIXELS) {
        return wijk_fail(WIJK_EINVAL, "Een PNG is 16 tot 4096 beeldpunten breed, niet %d.",
                         "A PNG is 16 to 4096 pixels wide, not %d.", width);
    }
    int rc = open_svg(&handle, &wide, &high, svg, size);
    if (rc) {
        return rc;
    }
    double scale = fmin(width / wide, MOST_PIXELS * 2 / high);
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)fmax(1, round(wide * scale)), (int)fmax(1, round(high * scale)));
    cairo_t *cairo = cairo_create(surface);
    rc = cairo_said(out, cairo_status(cairo));
    if (!rc) {
        rc = draw(handle, cairo, wide * scale, high * scale);
    }
    if (!rc) {
        rc = cairo_said(out, cairo_surface_write_to_png_stream(surface, take, out));
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    g_object_unref(handle);
    return rc;
}

static int add_page(cairo_surface_t *surface, cairo_t *cairo, const wijk_str *page)
{
    RsvgHandle *handle = NULL;
    double wide = 0, high = 0;
    int rc = open_svg(&handle, &wide, &high, wijk_str_text(page), page->size);
    if (rc) {
        return rc;
    }
    double points = fmin(0.75, MOST_POINTS / fmax(wide, high)); /* 96 pixels = 72 points */
    cairo_pdf_surface_set_size(surface, wide * points, high * points);
    rc = draw(handle, cairo, wide * points, high * points);
    cairo_show_page(cairo);
    g_object_unref(handle);
    return rc;
}

int wijk_render_pdf(wijk_str *out, const wijk_str *pages, size_t count, const char *title)
{
    if (count == 0 || count > MOST_PAGES) {
        return wijk_fail(WIJK_EINVAL, "Een PDF heeft 1 tot %u bladzijden.",
                         "A PDF has 1 to %u pages.", MOST_PAGES);
    }
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take, out, 595.28, 841.89);
    wijk_str clean = WIJK_STR_INIT;
    wijk_svg_clean(&clean, title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, wijk_str_text(&clean));
    wijk_str_free(&clean);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "wijk " WIJK_VERSION);
    cairo_t *cairo = cairo_create(surface);
    int rc = cairo_said(out, cairo_status(cairo));
    for (size_t i = 0; i < count && !rc; i++) {
        rc = add_page(surface, cairo, &pages[i]);
    }
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    if (!rc) {
        rc = cairo_said(out, cairo_surface_status(surface));
    }
    cairo_surface_destroy(surface);
    return rc;
}
