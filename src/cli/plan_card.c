/* The evidence card on the command line: write it from a closed plan, read anybody's. */
#include "cli/plan.h"

#include "wijk/card.h"
#include "wijk/file.h"
#include "wijk/mem.h"
#include "wijk/text.h"

#include <math.h>
#include <stdio.h>

static void text_row(cmd_sheet *sheet, const char *name, const char *value)
{
    cmd_sheet_text(sheet, name);
    cmd_sheet_text(sheet, value);
}

static void number_table(cmd_sheet *sheet, const wijk_card *card)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {{"areas", card->areas},
                {"residents", card->residents},
                {"score", card->score},
                {"matters", card->matters},
                {"effect", card->effect},
                {"low", card->low},
                {"high", card->high},
                {"p", card->p},
                {"detectable", card->detectable},
                {"before_after", card->before_after},
                {"compared", card->compared},
                {"waves_before", card->pre},
                {"waves_after", card->post},
                {"sealed_before", card->sealed_before},
                {"amendments", card->amendments},
                {"closed_early", card->closed_early},
                {"last_wave", card->last_wave}};
    cmd_sheet_table(sheet, "numbers", "");
    cmd_sheet_column(sheet, "what", "", -1);
    cmd_sheet_column(sheet, "value", "", 3);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cmd_sheet_text(sheet, rows[i].name);
        cmd_sheet_number(sheet, rows[i].value);
    }
}

static void lineage(cmd_sheet *sheet, const wijk_card *card)
{
    cmd_sheet_table(sheet, "sources", "");
    cmd_sheet_column(sheet, "publisher", "", -1);
    cmd_sheet_column(sheet, "file", "", -1);
    cmd_sheet_column(sheet, "sha256", "", -1);
    for (size_t i = 0; i < card->source_count; i++) {
        cmd_sheet_text(sheet, card->sources[i].publisher);
        cmd_sheet_text(sheet, card->sources[i].file);
        cmd_sheet_text(sheet, card->sources[i].sha256);
    }
}

static int print_card(const wijk_card *card, int argc, char **argv, wijk_lang lang)
{
    cmd_sheet *sheet = cmd_sheet_new(argc, argv, lang);
    cmd_sheet_head(sheet, card->title);
    cmd_sheet_table(sheet, "card", "");
    cmd_sheet_column(sheet, "what", "", -1);
    cmd_sheet_column(sheet, "value", "", -1);
    text_row(sheet, "verdict", card->verdict);
    text_row(sheet, "outcome", lang == WIJK_EN ? card->outcome_en : card->outcome_nl);
    text_row(sheet, "level", card->level);
    text_row(sheet, "approach", card->approach);
    text_row(sheet, "frozen_at", card->frozen_at);
    text_row(sheet, "file", card->file_hash);
    text_row(sheet, "program", card->program);
    number_table(sheet, card);
    if (card->purse_count) {
        cmd_sheet_table(sheet, "purses", wijk_text(lang, T_PLAN_MONEY));
        cmd_sheet_column(sheet, "purse", wijk_text(lang, T_ACCOUNT_PARTY), -1);
        cmd_sheet_column(sheet, "cost", wijk_text(lang, T_ACCOUNT_COST), 0);
        cmd_sheet_column(sheet, "benefit", wijk_text(lang, T_ACCOUNT_BENEFIT), 0);
        cmd_sheet_column(sheet, "net", wijk_text(lang, T_ACCOUNT_NET), 0);
        cmd_sheet_column(sheet, "low", wijk_text(lang, T_ACCOUNT_LOW), 0);
        cmd_sheet_column(sheet, "high", wijk_text(lang, T_ACCOUNT_HIGH), 0);
        for (size_t i = 0; i < card->purse_count; i++) {
            cmd_sheet_text(sheet, card->purses[i].code);
            cmd_sheet_number(sheet, card->purses[i].cost);
            cmd_sheet_number(sheet, card->purses[i].benefit);
            cmd_sheet_number(sheet, card->purses[i].net);
            cmd_sheet_number(sheet, card->purses[i].low);
            cmd_sheet_number(sheet, card->purses[i].high);
        }
    }
    lineage(sheet, card);
    return cmd_sheet_print(sheet);
}

int plan_card(int argc, char **argv, wijk_lang lang)
{
    plan_job job;
    wijk_card card;
    const char *path = cmd_option(argc, argv, "out");
    wijk_str text = WIJK_STR_INIT;
    int rc = plan_job_open(&job, argc, argv, lang, 0, 1);
    rc = rc ? rc
            : wijk_card_make(&card, job.place.store, job.place.registry, job.place.arena, &job.plan,
                             NULL);
    rc = rc ? rc : wijk_card_write(&text, &card);
    if (!rc && path) {
        rc = wijk_file_write(path, text.data, text.size);
    } else if (!rc) {
        fputs(wijk_str_text(&text), stdout);
    }
    wijk_str_free(&text);
    plan_job_close(&job);
    return rc;
}

int plan_read_card(int argc, char **argv, wijk_lang lang)
{
    const char *path = cmd_positional(argc, argv, 0);
    char *bytes = NULL;
    size_t size = 0;
    wijk_arena *arena = NULL;
    wijk_card card;
    if (!path) {
        return wijk_fail(WIJK_EINVAL, "Welke kaart? Noem een bestand.", "Which card? Name a file.");
    }
    int rc = cmd_read_file(&bytes, &size, path);
    rc = rc ? rc : wijk_arena_new(&arena, 0);
    rc = rc ? rc : wijk_card_read(&card, arena, bytes, size, path);
    rc = rc ? rc : print_card(&card, argc, argv, lang);
    wijk_free(bytes);
    wijk_arena_free(arena);
    return rc;
}
