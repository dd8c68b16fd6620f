/* How long a run takes, in words. The idea: an estimate is told in the unit that it fits in, and
 * one of a unit is not called many. */
#include "wijk/fan.h"

#include "wijk/text.h"

#include <math.h>

const char *wijk_duration_say(wijk_arena *arena, wijk_lang lang, double seconds)
{
    enum { MINUTE = 60, HOUR = 3600, MANY = 90 }; /* ninety seconds, or ninety minutes */
    int minutes = seconds >= MANY, hours = seconds >= MANY * MINUTE;
    enum wijk_text_key key = hours     ? T_STUDY_HOURS
                             : minutes ? T_FORECAST_MINUTES
                                       : T_FORECAST_SECONDS;
    double value = hours ? seconds / HOUR : ceil(minutes ? seconds / MINUTE : seconds);
    if (value <= 1) {
        return wijk_text(lang, T_FORECAST_SECOND);
    }
    wijk_str text = WIJK_STR_INIT;
    wijk_text_fill(&text, lang, key, wijk_number_in(arena, lang, value, hours), NULL);
    return wijk_str_keep(&text, arena);
}
