/* web/form.h: the parts of which every form of a page is made. */
#ifndef WIJK_WEB_FORM_H
#define WIJK_WEB_FORM_H

#include "web/html.h"

/* <form method="post">; content follows, then h_close. `class_name` may be NULL. */
void form_post(html *h, const char *class_name, const char *action);
/* A whole <label>. */
void form_label(html *h, const char *id, const char *text);
#define form_labelt(h, id, key) form_label((h), (id), wijk_text((h)->lang, (key)))
/* A field with this id and name; attributes and content may follow, then h_close. */
void form_input(html *h, const char *id, const char *name);
void form_textarea(html *h, const char *id, const char *name);
void form_select(html *h, const char *id, const char *name);
/* A whole hidden field. */
void form_hidden(html *h, const char *name, const char *value);
/* A whole button that sends the form. */
void form_button(html *h, const char *class_name, enum wijk_text_key key);

#endif
