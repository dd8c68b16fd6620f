/* The start population in words: its figures and where each was taken from, the same on page and
 * command line. Idea: a figure that was borrowed says so wherever it stands. */
#include "wijk/fan.h"

#include "figure/words.h"

const char *wijk_margin_say(wijk_lang lang, wijk_margin margin)
{
    static const enum wijk_text_key words[WIJK_MARGINS] = {
        T_POPULATION_M_HOUSEHOLDS,   T_POPULATION_M_SINGLE,
        T_POPULATION_M_CHILDLESS,    T_POPULATION_M_WITH_CHILDREN,
        T_POPULATION_M_ONE_PARENT,   T_POPULATION_M_PEOPLE,
        T_POPULATION_M_AGE_0_14,     T_POPULATION_M_AGE_15_24,
        T_POPULATION_M_AGE_25_44,    T_POPULATION_M_AGE_45_64,
        T_POPULATION_M_AGE_65_PLUS,  T_POPULATION_M_PEOPLE_IN_HOUSEHOLDS,
        T_POPULATION_M_LOW_INCOME,   T_POPULATION_M_HIGH_INCOME,
        T_POPULATION_M_HOMES,        T_POPULATION_M_OCCUPIED_HOMES,
        T_POPULATION_M_OWNER_HOMES,  T_POPULATION_M_SOCIAL_HOMES,
        T_POPULATION_M_PRIVATE_HOMES};
    return wijk_text(lang, words[margin]);
}

const char *wijk_from_say(wijk_lang lang, wijk_from from)
{
    static const enum wijk_text_key words[WIJK_FROMS] = {
        T_POPULATION_NATIVE,       T_POPULATION_FROM_YEAR,    T_POPULATION_FROM_OVERLAY,
        T_POPULATION_FROM_WIJK,    T_POPULATION_FROM_SIMILAR, T_POPULATION_FROM_GEMEENTE,
        T_POPULATION_FROM_COUNTRY,
    };
    return wijk_text(lang, words[from]);
}
