/* The parts of which forms are made, each in one place: a field without its label, or with the
 * class of another, cannot be made by forgetting a line. */
#include "web/form.h"

void form_post(html *h, const char *class_name, const char *action)
{
    h_open(h, "form", class_name);
    h_attr(h, "method", "post");
    h_attr(h, "action", action);
}

void form_label(html *h, const char *id, const char *text)
{
    h_open(h, "label", "wijk-field__label");
    h_attr(h, "for", id);
    h_text(h, text);
    h_close(h);
}

static void bind(html *h, const char *id, const char *name)
{
    h_attr(h, "id", id);
    h_attr(h, "name", name);
}

void form_input(html *h, const char *id, const char *name)
{
    h_open(h, "input", "wijk-textbox");
    bind(h, id, name);
}

void form_textarea(html *h, const char *id, const char *name)
{
    h_open(h, "textarea", "wijk-textbox");
    bind(h, id, name);
}

void form_select(html *h, const char *id, const char *name)
{
    h_open(h, "select", "wijk-select");
    bind(h, id, name);
}

void form_hidden(html *h, const char *name, const char *value)
{
    h_open(h, "input", NULL);
    h_attr(h, "type", "hidden");
    h_attr(h, "name", name);
    h_attr(h, "value", value);
    h_close(h);
}

void form_button(html *h, const char *class_name, enum wijk_text_key key)
{
    h_open(h, "button", class_name);
    h_t(h, key);
    h_close(h);
}
