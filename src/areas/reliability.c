/* Grey: what data/reliability.csv calls unreliable, by base or by age. The idea is NYC
 * FactFinder's: unreliable is grey always and everywhere. Converted, borrowed and modelled figures
 * are not grey for that: they carry a symbol and a band. */
#include "areas/facts.h"
#include "areas/registry.h"

#include <math.h>

/* The base of a figure: of the same year, else the newest. */
static double base_of(const wijk_facts *facts, int base_id, int period)
{
    const wijk_value *base = wijk_facts_find(facts, base_id, wijk_period_year(period));
    base = base && base->mark == WIJK_MARK_VALUE ? base : wijk_facts_find(facts, base_id, 0);
    return base ? base->value : NAN;
}

/* The newest number of its indicator: only that one is read as "now", so only it can be too old. */
static int is_newest(const wijk_facts *all, const wijk_value *value)
{
    const wijk_value *newest = wijk_facts_find(all, value->indicator, 0);
    return !newest || newest->mark != WIJK_MARK_VALUE || newest->period <= value->period;
}

void wijk_facts_grey(wijk_facts *facts, const wijk_facts *all, const wijk_registry *registry)
{
    for (size_t i = 0; i < facts->count; i++) {
        wijk_value *value = &facts->values[i];
        const wijk_reliability_rule *rule = wijk_registry_reliability(registry, value->indicator);
        if (!rule || value->mark != WIJK_MARK_VALUE) {
            continue;
        }
        /* A borrowed figure rests on the people of the area it was published for. */
        if (rule->grey_below > 0 && rule->base_id && value->origin != WIJK_BORROWED &&
            base_of(all, rule->base_id, value->period) < rule->grey_below) {
            value->flags |= WIJK_GREY;
        }
        int age = wijk_registry_newest_year(registry) - wijk_period_year(value->period);
        if (rule->max_age > 0 && age > rule->max_age && is_newest(all, value)) {
            value->flags |= WIJK_GREY;
        }
    }
}
