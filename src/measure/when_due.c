/* What is kept of all areas together, made anew when the facts changed. A measure that keeps
 * something is one line here. */
#include "wijk/measure.h"

#include "wijk/grouping.h"
#include "wijk/outlook.h"

int wijk_measure_when_due(wijk_store *store, wijk_ctx *ctx)
{
    int rc = wijk_mixture_derive_when_due(store, ctx);
    return rc ? rc : wijk_outlook_derive_when_due(store, ctx);
}
