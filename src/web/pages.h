/* web/pages.h: the handlers of the table of routes, and what pages share. */
#ifndef WIJK_WEB_PAGES_H
#define WIJK_WEB_PAGES_H

#include "web/page.h"

#include "wijk/figure.h"
#include "wijk/portrait.h"

/* ---- handlers: 0, or a negative code whose message becomes the page ---------------------------
 */

int page_home(web_call *call);
int page_search(web_call *call);
int page_area(web_call *call);
int page_area_table(web_call *call);
int page_area_dispute(web_call *call);
int page_mix(web_call *call);
int page_mix_json(web_call *call);
int page_mix_csv(web_call *call);
int api_mix(web_call *call);
int page_area_json(web_call *call);
int page_area_csv(web_call *call);
int page_area_pdf(web_call *call);
int page_capacity(web_call *call);
int page_outlook(web_call *call);
int page_foresee(web_call *call);
int page_foresees(web_call *call);
int page_foresee_begin(web_call *call);
int page_foresee_stop(web_call *call);
int page_foresee_go_on(web_call *call);
int page_foresee_drop(web_call *call);
int page_foresee_state(web_call *call);
int page_foresee_study(web_call *call);
int page_foresee_part(web_call *call);
int page_foresee_pdf(web_call *call);
int page_foresee_text(web_call *call);
int page_foresee_edit(web_call *call);
int page_foresee_change(web_call *call);
int page_map(web_call *call);
int page_compare(web_call *call);
int page_indicators(web_call *call);
int page_indicator(web_call *call);
int page_sources(web_call *call);
int page_parameters(web_call *call);
int page_prices(web_call *call);
int page_prices_csv(web_call *call);
int page_letter(web_call *call);
int page_staff(web_call *call);
/* The ways to the letter and the shared post. */
void page_share_links(web_call *call);
int page_plans(web_call *call);
int page_plan(web_call *call);
int page_plan_account(web_call *call);
int page_plan_card(web_call *call);
int page_plan_pdf(web_call *call);
int page_plan_forecast(web_call *call);
int page_plan_rows(web_call *call);
int page_plan_rows_settings(web_call *call);
int page_plan_rows_csv(web_call *call);
int page_plan_row(web_call *call);
int page_plan_row_save(web_call *call);
int page_plan_create(web_call *call);
int page_plan_fill(web_call *call);
int page_plan_add_area(web_call *call);
int page_plan_drop_area(web_call *call);
int page_plan_freeze(web_call *call);
int page_plan_amend(web_call *call);
int page_plan_advance(web_call *call);
int page_plan_withdraw(web_call *call);
int page_manual(web_call *call);
int page_manual_one(web_call *call);
int page_own(web_call *call);
int page_own_create(web_call *call);
int page_own_withdraw(web_call *call);
int page_load(web_call *call);
int page_load_begin(web_call *call);
int page_load_cancel(web_call *call);
int page_load_state(web_call *call);
int page_figure_svg(web_call *call);
int page_figure_png(web_call *call);
int page_export(web_call *call);
int page_asset(web_call *call);
int page_api(web_call *call);
int api_areas(web_call *call);
int api_area(web_call *call);
int api_observations(web_call *call);
int api_indicators(web_call *call);
int api_indicator(web_call *call);
int api_sources(web_call *call);
int api_search(web_call *call);
int api_description(web_call *call);

/* ---- shared -----------------------------------------------------------------------------------
 */

/* wijk_search_find in the state of the file that `call` sees. */
int web_find(size_t *count, web_call *call, const char *query, wijk_hit *hits, size_t room);
void page_search_box(web_call *call, const char *id, const char *value, const char *class_name);
/* <h2 id> and, below it, whatever follows. */
void page_heading(web_call *call, const char *id, enum wijk_text_key key);
/* Writes what is kept under `name`, or what `make` writes, which is kept from then on. The name
 * says all that decides the bytes. */
int page_kept(web_call *call, const char *name, int (*make)(web_call *call, const void *what),
              const void *what);
/* <section> that such a heading names; content follows, then h_close. */
void page_section(web_call *call, const char *class_name, const char *id, enum wijk_text_key key);

/* The area that {} names, with ?indeling=YEAR. WIJK_ENOTFOUND with a sentence that helps. */
int page_area_find(web_call *call, wijk_area *out, const char *code, const char *vintage);

/* More than one of a level: "buurten". Static. */
const char *page_levels(web_call *call, enum wijk_level level);
/* The word that stands for a code of a registry (a unit, say); the code itself when none does. */
typedef struct {
    const char *code;
    enum wijk_text_key word;
} page_word;
const char *page_word_of(web_call *call, const page_word *words, size_t n, const char *code);
/* "2024", or "april 2011" for a month. In the arena. */
const char *page_period(web_call *call, int period);

/* A figure with its caption, its table folded below and links to SVG and PNG at `svg_url`
 * (the part before ".svg"; NULL for none). */
void page_figure(web_call *call, const wijk_figure *figure, const char *class_name,
                 const char *svg_path, const char *query);
/* The drawing that `name` (kaart, leefbaarheid, onderdelen …) stands for. */
int page_draw(web_call *call, wijk_figure *out, const char *name, const wijk_portrait *portrait,
              const wijk_figure_style *style);

/* What a map shows, from ?indicator= ?niveau= ?jaar= and the area it is about (may be NULL). */
typedef struct {
    wijk_map map;
    const wijk_indicator *indicator;
    enum wijk_level level;
    int period;
    int (*periods)[2]; /* what there is to choose: period, vintage */
    size_t period_count;
} page_map_choice;

int page_map_choose(web_call *call, page_map_choice *out, const wijk_area *area);
/* The switches of a map as a GET form to `action`: indicator, level, year. */
void page_map_form(web_call *call, const page_map_choice *choice, const char *action,
                   const wijk_area *area, int all_indicators);

/* One select of a form. `chosen` is compared with the value of each option. */
void page_option(web_call *call, const char *value, const char *text, const char *chosen);

/* The portrait of the area that {} names. */
int page_portrait(web_call *call, wijk_portrait *out);
/* Where an area lies, from the country down. */
int page_breadcrumb(web_call *call, const wijk_portrait *portrait);
/* The class that shows how sure a value is. Static. */
const char *page_value_class(const wijk_value *value);
const char *page_indicator_url(web_call *call, const wijk_indicator *indicator);
/* <th scope="col" class> */
void page_head_cell(html *h, enum wijk_text_key key, const char *class_name);
/* <td> with a number; a dash for NAN. */
void page_number_cell(html *h, double value, int decimals);

/* Load and carrying capacity in short, for the page of an area; nothing when nothing is known. */
int page_capacity_section(web_call *call, const wijk_portrait *portrait);
/* Mix and segregation in short, for the same page. */
int page_mix_section(web_call *call, const wijk_portrait *portrait);
/* The plans that have this area, and the way to a new one. */
int page_plans_section(web_call *call, const wijk_portrait *portrait);

/* The way to what a policy would do here, for the same page. */
int page_foresee_section(web_call *call, const wijk_portrait *portrait);
/* The outlook in short, for the page of an area; nothing where a list would be needed. */
int page_outlook_section(web_call *call, const wijk_portrait *portrait);

/* <p class="wijk-more"> with one link: the way from a part to the whole. */
void page_more(web_call *call, const char *url, enum wijk_text_key key);
/* The address of a page of the manual, which has a name in each language. */
const char *page_manual_url(web_call *call, const char *nl, const char *en);

/* What a page cannot say: sentences made for it, then fixed ones. */
typedef struct {
    enum wijk_text_key title;
    const char *const *said;
    size_t said_count;
    const enum wijk_text_key *fixed;
    size_t fixed_count;
    const char *manual; /* address of the page that explains it; NULL: none */
    enum wijk_text_key manual_text;
} page_limit_list;
void page_limits(web_call *call, const page_limit_list *list);

/* The marks ≈ ↑ m ~ and what they mean. */
void page_legend(web_call *call);

#endif
