/* wijk foresee: the table of what can be asked of the simulation. */
#include "cli/foresee.h"

#include <stddef.h>

const wijk_command wijk_foresees[] = {
    {"population",
     foresee_population,
     "[NAAM|CODE] [--year Y] [--borders Y] [--level buurt|wijk|pc4] [--years] [--json|--csv "
     "[--table areas]]",
     {"de startbevolking: hoe goed de nagemaakte huishoudens op de cijfers passen",
      "the start population: how well the made-up households fit the figures"},
     NULL},
    {"levers",
     foresee_levers,
     "[--json|--csv]",
     {"de knoppen waaraan een scenario draait", "the levers that a scenario turns"},
     NULL},
    {"scenario",
     foresee_scenario,
     "[NAAM|NAME|FILE]",
     {"de meegeleverde scenario's, of één ervan of een eigen bestand nagekeken",
      "the shipped scenarios, or one of them or a file of your own checked"},
     NULL},
    {"parameters",
     foresee_parameters,
     "[--set NAME=VALUE] [--values FILE] [--json|--csv]",
     {"elk getal van de simulatie, met bereik, graad en bron",
      "every number of the simulation, with range, grade and source"},
     NULL},
    {"rules",
     foresee_rules,
     "[YEAR] [--json|--csv]",
     {"de grenzen van de wet per jaar", "the limits of the law by year"},
     NULL},
    {"run",
     foresee_run,
     "NAAM|CODE --scenario NAAM|NAME|FILE [--years 10] [--replicates N|a-b] [--seed S] [--out "
     "PART] [--memory MB] "
     "[--json|--csv [--table areas|course|groups|purses|ledger|decides]]",
     {"een beleid naast niets doen, met marge: een verkenning van aannames",
      "a policy beside doing nothing, with a range: it explores assumptions"},
     NULL},
    {"merge",
     foresee_merge,
     "PART… [--out PART] [--json|--csv [--table …]]",
     {"delen van zo'n berekening samen: hetzelfde als in één keer",
      "parts of such a run together: the same as one run"},
     NULL},
    {"breakeven",
     foresee_breakeven,
     "NAAM|CODE --scenario NAAM|NAME|FILE [--years 10] [--replicates 12] [--seed S] [--json|--csv]",
     {"hoe sterk elke knop moet werken voor het zich voor elke kas terugverdient",
      "how strongly each lever must work for each purse to break even"},
     NULL},
    {"sensitivity",
     foresee_sensitivity,
     "NAAM|CODE --scenario NAAM|NAME|FILE [--screen|--by-group] [--outcome strained] [--units "
     "N|a-b] "
     "[--years 5] [--seed S] [--out PART] [--json|--csv] | --join PART… [--out PART]",
     {"welke aannames het verschil bewegen, één voor één of in groepen",
      "which assumptions move the difference, one by one or in groups"},
     NULL},
    {"backtest",
     foresee_backtest,
     "[--town amsterdam|haaglanden|postcodes] [--from Y] [--replicates 20] [--every 6] [--seed S] "
     "[--sizes] "
     "[--kept] [--json|--csv [--table fed]]",
     {"wat het model vroeger gezegd zou hebben, naast wat er gebeurde",
      "what the model would have said in the past, beside what happened"},
     NULL},
    {"calibrate",
     foresee_calibrate,
     "NAAM|CODE|--town [--points 200] [--seed S] [--out FILE|--check] [--json|--csv]",
     {"welke getallen waar kunnen zijn, naast wat gepubliceerd is",
      "which numbers can be true, beside what is published"},
     NULL},
    {"facts",
     foresee_facts,
     "[NAAM|CODE|--town [--replicates 40] [--seed S] [--out FILE]] [--json|--csv]",
     {"tien dingen die bekend zijn van buurten, en of het model ze laat zien",
      "ten things known of neighbourhoods, and whether the model shows them"},
     NULL},
    {NULL, NULL, NULL, {NULL, NULL}, NULL},
};

int cmd_foresee(int argc, char **argv, wijk_lang lang)
{
    (void)argc;
    (void)argv;
    (void)lang;
    return wijk_fail(WIJK_EINVAL, "Zeg wat: wijk foresee population. Meer: wijk help foresee.",
                     "Say what: wijk foresee population. More: wijk help foresee.");
}
