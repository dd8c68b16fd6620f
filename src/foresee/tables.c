/* Parameters become thresholds. Only + - * / on doubles, which every machine rounds alike: a
 * library's pow or exp would let two machines tell two stories. */
#include "foresee/tables.h"

#include "foresee/draw.h"
#include "wijk/err.h"
#include "wijk/mem.h"

double foresee_monthly(double year)
{
    if (!(year > 0)) {
        return 0;
    }
    if (year >= 1) {
        return 1;
    }
    /* Newton from above on x^12 = 1 - year: convex, so it falls to the root and stays there. */
    double stay = 1 - year, x = 1;
    for (int i = 0; i < 200; i++) {
        double x2 = x * x, x4 = x2 * x2, x11 = x4 * x4 * x2 * x;
        double next = x - (x11 * x - stay) / (12 * x11);
        if (!(next < x)) {
            break;
        }
        x = next;
    }
    return 1 - x;
}

enum { YEAR, MONTH, EVENTS, OTHER };
static const unsigned char per[WIJK_PARAMETERS] = {
#define X(name, key, per) per,
    WIJK_PARAMETERS_X(X)
#undef X
};

int foresee_tables_new(foresee_tables **out, const wijk_parameters *parameters)
{
    foresee_tables *t = wijk_alloc(sizeof *t);
    *out = t;
    if (t == NULL) {
        return WIJK_ENOMEM;
    }
    for (int i = 0; i < WIJK_PARAMETERS; i++) {
        double value = parameters->value[i];
        if (!(value > -1e12 && value < 1e12)) {
            wijk_free(t);
            *out = NULL;
            return wijk_fail(WIJK_EINVAL, "parameter %s is geen bruikbaar getal",
                             "parameter %s is no usable number",
                             wijk_parameter_name((wijk_parameter)i));
        }
        t->chance[i] = threshold(per[i] == YEAR     ? foresee_monthly(value)
                                 : per[i] == EVENTS ? value / 12
                                                    : value);
        t->milli[i] = (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5));
    }
    for (int s = 0; s < 256; s++) {
        t->square[s] = threshold((double)s * s / (255.0 * 255.0));
    }
    foresee_life_tables(t, parameters);
    foresee_needs_tables(t, parameters);
    foresee_help_tables(t, parameters);
    foresee_escalate_tables(t, parameters);
    foresee_leave_tables(t, parameters);
    foresee_ties_tables(t, parameters);
    return WIJK_OK;
}

void foresee_tables_free(foresee_tables *tables)
{
    wijk_free(tables);
}
