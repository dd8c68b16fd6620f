/* Which areas of different years are the same place. Code and name together are the evidence, and
 * outlines where both years have one: they overrule both ways. Nothing is bridged in silence: where
 * a border is known to have moved, a year without outlines goes to the side whose population it
 * has, or to neither. */
#include "areas/links.h"

#include "wijk/err.h"
#include "wijk/limits.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double SAME_BORDER = 0.98;  /* shares in each other from which codes do not matter */
static const double OTHER_BORDER = 0.90; /* below which equal code and name do not count */
static const double CLOSE_PEOPLE = 0.05; /* relative difference of populations of one place */

enum { NAME_ROOM = 96, MOST_YEARS = 64 };

typedef struct {
    int64_t id;
    int level, vintage, drawn; /* drawn: has an outline */
    char code[24], name[NAME_ROOM];
    double people; /* NAN when unknown */
    int era;       /* years of one code between which no border is known to have moved */
} place;

/* Names as compared: folded, without "Wijk 03" in front and "(gemeente)" behind, which some
 * editions add. */
static void plain_name(char out[NAME_ROOM], const char *name, int level)
{
    char folded[NAME_ROOM];
    char copy[NAME_ROOM];
    size_t size = level == WIJK_GEMEENTE ? strcspn(name, "(") : strlen(name);
    size = size < sizeof copy - 1 ? size : sizeof copy - 1;
    memcpy(copy, name, size);
    copy[size] = 0;
    wijk_fold(folded, sizeof folded, copy);
    const char *at = folded;
    if (!strncmp(at, "wijk ", 5)) {
        size_t digits = strspn(at + 5, "0123456789");
        if (digits && at[5 + digits] == ' ') {
            at += 6 + digits;
        }
    }
    memmove(out, at, strlen(at) + 1);
}

/* People of the place in the year nearest its vintage, once. */
static int read_people(wijk_links *links, place *at)
{
    const wijk_indicator *population = wijk_indicator_by_code(links->registry, "population");
    if (!population || !isnan(at->people)) {
        return WIJK_OK;
    }
    wijk_stmt *stmt = wijk_store_sql(
        links->store, "SELECT value FROM observation WHERE area_id = ?1 AND indicator_id = ?2"
                      " AND mark = 0 ORDER BY abs(period - ?3), load_id DESC LIMIT 1");
    wijk_bind_int(stmt, 1, at->id);
    wijk_bind_int(stmt, 2, population->id);
    wijk_bind_int(stmt, 3, at->vintage);
    int rc = wijk_step(stmt);
    at->people = rc == 1 ? wijk_col_double(stmt, 0) : 0;
    wijk_reset(stmt);
    return rc < 0 ? rc : WIJK_OK;
}

/* 1 when the outlines say that it is not one place: people say so, and more land differs than the
 * drawings may be off. Where almost nobody lives, a strip of dense neighbours alone says nothing.
 */
static int moved(const wijk_links *links, const place *a, const place *b)
{
    double slack = wijk_links_slack(links, a->id) + wijk_links_slack(links, b->id);
    wijk_likeness like = wijk_links_likeness(links, a->id, b->id);
    return like.people < OTHER_BORDER && like.land < 1 - slack;
}

static int close_people(const place *a, const place *b)
{
    return a->people > 0 && b->people > 0 && fabs(a->people / b->people - 1) <= CLOSE_PEOPLE;
}

/* A city's own codes: a new era where its table of changes says that the border moved. */
static int set_local_eras(wijk_links *links, place *years, size_t count)
{
    years[0].era = 1;
    int rc = WIJK_OK;
    for (size_t i = 1; !rc && i < count; i++) {
        wijk_stmt *stmt =
            wijk_store_sql(links->store, "SELECT 1 FROM crosswalk WHERE from_id = ?1 AND to_id = ?2"
                                         " AND changed = 1");
        int64_t changed = 0;
        wijk_bind_int(stmt, 1, years[i - 1].id);
        wijk_bind_int(stmt, 2, years[i].id);
        rc = wijk_run_int(&changed, stmt, 0);
        years[i].era = years[i - 1].era + (changed != 0);
    }
    return rc;
}

/* The era of a year without outlines: that of the drawn years around it when these agree; when not,
 * that of the one whose population it has, or one of its own. */
static int set_undrawn_era(wijk_links *links, place *years, size_t count, size_t i, int *eras)
{
    size_t before = i, after = i + 1;
    while (before && !years[before - 1].drawn) {
        before--;
    }
    while (after < count && !years[after].drawn) {
        after++;
    }
    if (!before || after == count || years[before - 1].era == years[after].era) {
        years[i].era = before ? years[before - 1].era : after < count ? years[after].era : 1;
        return WIJK_OK;
    }
    int rc = read_people(links, &years[i]);
    rc = rc ? rc : read_people(links, &years[before - 1]);
    rc = rc ? rc : read_people(links, &years[after]);
    int like_before = close_people(&years[i], &years[before - 1]);
    int like_after = close_people(&years[i], &years[after]);
    years[i].era = like_before == like_after ? ++*eras
                   : like_before             ? years[before - 1].era
                                             : years[after].era;
    return rc;
}

/* Gives every year of one code its era. */
static int set_eras(wijk_links *links, place *years, size_t count)
{
    const place *last = NULL;
    int eras = 1, rc = WIJK_OK;
    for (size_t i = 0; i < count; i++) {
        if (years[i].drawn) {
            eras += last && moved(links, last, &years[i]);
            years[i].era = eras;
            last = &years[i];
        }
    }
    for (size_t i = 0; !rc && i < count; i++) {
        if (!years[i].drawn) {
            rc = set_undrawn_era(links, years, count, i, &eras);
        }
    }
    return rc;
}

static int link_both(wijk_links *links, const place *a, const place *b, int kind)
{
    /* The same place with its border moved a little: how many people that concerns is kept and said
     * on the page. What the drawings may be off does not count. */
    double alike = 1;
    if (a->drawn && b->drawn) {
        double slack = wijk_links_slack(links, a->id) + wijk_links_slack(links, b->id);
        wijk_likeness like = wijk_links_likeness(links, a->id, b->id);
        alike = like.land < 1 - slack && like.people <= 1 ? like.people : 1;
    }
    int rc = wijk_links_store(links, a->id, b->id, kind, alike, alike);
    return rc ? rc : wijk_links_store(links, b->id, a->id, kind, alike, alike);
}

/* The kind of link between two years of one code; -1 for none. */
static int kind_between(const wijk_links *links, const place *a, const place *b)
{
    if (a->era != b->era) {
        return -1;
    }
    if (a->level == WIJK_SQUARE) { /* the code is the border */
        return 0;
    }
    int named = a->name[0] && b->name[0], drawn = a->drawn && b->drawn;
    if (!named || !strcmp(a->name, b->name)) {
        return named || drawn ? 0 : 1;
    }
    return drawn && wijk_links_likeness(links, a->id, b->id).people >= SAME_BORDER ? 0 : -1;
}

/* All years of one code at one level. */
static int link_years(wijk_links *links, place *years, size_t count)
{
    if (count < 2) {
        return WIJK_OK;
    }
    int rc = years[0].level == WIJK_LOCAL ? set_local_eras(links, years, count)
                                          : set_eras(links, years, count);
    for (size_t i = 0; !rc && i < count; i++) {
        for (size_t k = i + 1; !rc && k < count; k++) {
            int kind = kind_between(links, &years[i], &years[k]);
            rc = kind < 0 ? WIJK_OK : link_both(links, &years[i], &years[k], kind);
        }
    }
    return rc;
}

static void read_place(place *out, const wijk_links *links, wijk_stmt *stmt)
{
    *out = (place){.id = wijk_col_int(stmt, 0),
                   .level = (int)wijk_col_int(stmt, 1),
                   .vintage = (int)wijk_col_int(stmt, 3),
                   .people = NAN};
    snprintf(out->code, sizeof out->code, "%s", wijk_col_text(stmt, 2));
    plain_name(out->name, wijk_col_text(stmt, 4), out->level);
    for (size_t i = 0; i < links->layer_count; i++) {
        out->drawn |= wijk_layer_find(&links->layers[i], out->id) != NULL;
    }
}

static int link_by_code(wijk_links *links)
{
    wijk_stmt *stmt =
        wijk_store_sql(links->store, "SELECT id, level, code, vintage, name FROM area"
                                     " WHERE level <> 7 ORDER BY level, code, vintage");
    place *years = wijk_alloc(MOST_YEARS * sizeof *years);
    size_t count = 0;
    int rc = years ? wijk_step(stmt) : WIJK_ENOMEM;
    while (rc == 1) {
        place next;
        read_place(&next, links, stmt);
        if (count && (count == MOST_YEARS || years[0].level != next.level ||
                      strcmp(years[0].code, next.code) != 0)) {
            rc = link_years(links, years, count);
            count = 0;
        }
        years[count++] = next;
        rc = rc < 0 ? rc : wijk_checkpoint(links->ctx);
        rc = rc ? rc : wijk_step(stmt);
    }
    rc = rc ? rc : link_years(links, years, count);
    wijk_reset(stmt);
    wijk_free(years);
    return rc;
}

/* Equal outlines under different codes: renamed or renumbered. */
static int link_by_border(wijk_links *links)
{
    int rc = WIJK_OK;
    for (size_t p = 0; !rc && p < links->pair_count; p++) {
        const wijk_layer_pair *pair = &links->pairs[p];
        int renumbered = pair->a->level == pair->b->level || pair->a->level == WIJK_LOCAL ||
                         pair->b->level == WIJK_LOCAL;
        for (size_t i = 0; !rc && renumbered && i < pair->swept.count; i++) {
            const wijk_overlap *at = &pair->swept.overlaps[i];
            if (at->a == WIJK_NO_LABEL || at->b == WIJK_NO_LABEL ||
                at->people < SAME_BORDER * pair->total_a[at->a].people ||
                at->people < SAME_BORDER * pair->total_b[at->b].people) {
                continue;
            }
            const place a = {.id = pair->a->ids[at->a]}, b = {.id = pair->b->ids[at->b]};
            rc = link_both(links, &a, &b, 0);
        }
    }
    return rc;
}

/* ---- what publishers say ---------------------------------------------------------------- */

/* Pairs of a publisher's own table: the same place when it says so, or when it says nothing and the
 * names agree; otherwise unchecked. */
static int link_by_table(wijk_links *links)
{
    wijk_stmt *stmt =
        wijk_store_sql(links->store, "SELECT c.from_id, c.to_id, c.changed, f.level, f.name, t.name"
                                     " FROM crosswalk c JOIN area f ON f.id = c.from_id"
                                     " JOIN area t ON t.id = c.to_id WHERE c.changed < 1");
    int rc;
    while ((rc = wijk_step(stmt)) == 1) {
        const place from = {.id = wijk_col_int(stmt, 0)}, to = {.id = wijk_col_int(stmt, 1)};
        char before[NAME_ROOM], after[NAME_ROOM];
        int level = (int)wijk_col_int(stmt, 3);
        plain_name(before, wijk_col_text(stmt, 4), level);
        plain_name(after, wijk_col_text(stmt, 5), level);
        int same = wijk_col_int(stmt, 2) == 0 || (before[0] && !strcmp(before, after));
        rc = link_both(links, &from, &to, same ? 0 : 1);
        if (rc) {
            wijk_reset(stmt);
            break;
        }
    }
    return rc;
}

static int count_same(int64_t *count, wijk_links *links)
{
    return wijk_run_int(
        count, wijk_store_sql(links->store, "SELECT count(*) FROM area_link WHERE kind = 0"), 0);
}

/* What is the same as the same is the same: across a publisher's pairs, until nothing is added. */
static int close_tables(wijk_links *links)
{
    int64_t before = -1, now = 0;
    int rc = count_same(&now, links);
    while (!rc && now != before) {
        before = now;
        rc = wijk_run(wijk_store_sql(
            links->store, "INSERT INTO area_link(to_id, from_id, kind, share_to, share_from)"
                          " SELECT DISTINCT a.to_id, b.from_id, 0, 1, 1 FROM"
                          " (SELECT from_id AS id FROM crosswalk UNION SELECT to_id FROM crosswalk)"
                          " m CROSS JOIN area_link b ON b.to_id = m.id AND b.kind = 0"
                          " CROSS JOIN area_link r ON r.to_id = m.id AND r.kind = 0"
                          " CROSS JOIN area_link a ON a.to_id = r.from_id AND a.from_id = m.id"
                          " AND a.kind = 0 WHERE a.to_id <> b.from_id"
                          " ON CONFLICT(to_id, from_id) DO UPDATE SET kind = 0"
                          " WHERE area_link.kind > 0"));
        rc = rc ? rc : count_same(&now, links);
        rc = rc ? rc : wijk_checkpoint(links->ctx);
    }
    return rc;
}

int wijk_links_same(wijk_links *links)
{
    int rc = link_by_code(links);
    rc = rc ? rc : link_by_border(links);
    rc = rc ? rc : link_by_table(links);
    return rc ? rc : close_tables(links);
}
