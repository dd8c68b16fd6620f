/* What the statistics offices would publish about the invented gemeente: files in the layouts of
 * the real ones, with counts rounded to five, shares in whole percents and small numbers kept
 * back by the rules of CBS (data/disclosure.csv). The rules are rows: one per column. */
#include "load/town.h"

#include "wijk/err.h"
#include "wijk/town.h"

#include <math.h>
#include <string.h>

static const char town_name[] = "Merelwaard";

/* ---- measuring the map ------------------------------------------------------------------ */

enum { CELLS_PER_KM = 40, STRIDE = 3 }; /* every third cell both ways is enough to count homes */

static void count_cells(town_world *world, int *cells, double *x, double *y)
{
    const town_raster *map = &world->patches;
    size_t n = world->recipe->count;
    for (int row = 0; row < map->height; row++) {
        for (int column = 0; column < map->width; column++) {
            size_t at = (size_t)row * (size_t)map->width + (size_t)column;
            int patch = map->label[at], pc4 = world->pc4.label[at];
            if (patch == TOWN_OUTSIDE) {
                continue;
            }
            cells[patch]++;
            x[patch] += column;
            y[patch] += row;
            if (pc4 != TOWN_OUTSIDE) {
                world->in_pc4[(size_t)pc4 * n + (size_t)patch]++;
            }
        }
    }
}

/* Homes within a kilometre of (x, y), in cells, as if spread evenly over each patch. */
static double homes_around(const town_world *world, const int *cells, double x, double y)
{
    const town_raster *map = &world->patches;
    double homes = 0;
    for (int row = 0; row < map->height; row += STRIDE) {
        for (int column = 0; column < map->width; column += STRIDE) {
            int patch = map->label[(size_t)row * (size_t)map->width + (size_t)column];
            double dx = column - x, dy = row - y;
            if (patch != TOWN_OUTSIDE && dx * dx + dy * dy < CELLS_PER_KM * CELLS_PER_KM) {
                homes += world->recipe->patches[patch].homes[1] * STRIDE * STRIDE / cells[patch];
            }
        }
    }
    return homes;
}

int wijk_town_measure(town_world *world)
{
    size_t n = world->recipe->count, pc4s = world->recipe->pc4_count;
    wijk_arena *arena = world->recipe->arena;
    int *cells = wijk_arena_alloc(arena, n * sizeof *cells);
    double *x = wijk_arena_alloc(arena, n * sizeof *x);
    double *y = wijk_arena_alloc(arena, n * sizeof *y);
    world->hectares = wijk_arena_alloc(arena, n * sizeof *world->hectares);
    world->addresses = wijk_arena_alloc(arena, n * sizeof *world->addresses);
    world->in_pc4 = wijk_arena_alloc(arena, n * pc4s * sizeof *world->in_pc4);
    if (!cells || !x || !y || !world->hectares || !world->addresses || !world->in_pc4) {
        return WIJK_ENOMEM;
    }
    count_cells(world, cells, x, y);
    for (size_t i = 0; i < n; i++) {
        if (!cells[i]) {
            return wijk_fail(WIJK_EFORMAT, "data/town: '%s' heeft geen plek op de kaart.",
                             "data/town: '%s' has no place on the map.",
                             world->recipe->patches[i].name[TOWN_NEW]);
        }
        world->hectares[i] = cells[i] * 100.0 / (CELLS_PER_KM * CELLS_PER_KM);
        world->addresses[i] =
            homes_around(world, cells, x[i] / cells[i], y[i] / cells[i]) / 3.14159;
        for (size_t k = 0; k < pc4s; k++) {
            world->in_pc4[k * n + i] /= cells[i];
        }
    }
    return 0;
}

/* ---- areas and their totals -------------------------------------------------------------- */

typedef struct {
    const char *level, *code, *name;
    long pc4; /* index, or -1 */
} place;

typedef struct {
    double people, homes, households, ages[TOWN_AGES], women, men, types[TOWN_HOUSEHOLDS];
    double tenures[TOWN_TENURES], rented, empty, single_family, several, old, recent;
    double births, deaths, welfare, abroad, crimes[TOWN_CRIMES], all_crimes, hectares;
    /* Means; while adding, sums weighted by people or homes. */
    double woz, income, low_income, good_health, lonely, struggling, parts[TOWN_PARTS];
    double very_lonely, limited, anxious, carers, volunteers;
    double shop, doctor, school, addresses;
} totals;

/* Part of a patch that belongs to a place: 0 or 1, between them for a pc4. */
static double part_of(const town_world *world, size_t patch, const place *where, int vintage)
{
    const town_patch *p = &world->recipe->patches[patch];
    if (where->pc4 >= 0) {
        return world->in_pc4[(size_t)where->pc4 * world->recipe->count + patch];
    }
    return strcmp(where->code, WIJK_TOWN_CODE) == 0 || strcmp(where->code, p->wijk) == 0 ||
           strcmp(where->code, p->code[vintage]) == 0;
}

static void add_counts(totals *t, const town_state *s, double part)
{
    t->people += part * s->people;
    t->homes += part * s->homes;
    t->households += part * s->households;
    t->women += part * s->women;
    t->men += part * (s->people - s->women);
    t->empty += part * s->empty;
    t->single_family += part * s->single_family;
    t->several += part * (s->homes - s->single_family);
    t->old += part * s->old;
    t->recent += part * (s->homes - s->old);
    t->births += part * s->births;
    t->deaths += part * s->deaths;
    t->welfare += part * s->welfare;
    t->abroad += part * s->abroad;
    t->rented += part * (s->homes - s->tenures[0]);
    for (int i = 0; i < TOWN_AGES; i++) {
        t->ages[i] += part * s->ages[i];
    }
    for (int i = 0; i < TOWN_HOUSEHOLDS; i++) {
        t->types[i] += part * s->types[i];
    }
    for (int i = 0; i < TOWN_TENURES; i++) {
        t->tenures[i] += part * s->tenures[i];
    }
    for (int i = 0; i < TOWN_CRIMES; i++) {
        t->crimes[i] += part * s->crimes[i];
        t->all_crimes += part * s->crimes[i];
    }
}

static void add_means(totals *t, const town_state *s, double part, double addresses)
{
    double people = part * s->people, homes = part * s->homes;
    t->woz += homes * s->woz;
    t->income += people * s->income;
    t->low_income += people * s->low_income;
    t->good_health += people * s->good_health;
    t->lonely += people * s->lonely;
    t->struggling += people * s->struggling;
    t->shop += people * s->shop;
    t->doctor += people * s->doctor;
    t->school += people * s->school;
    t->addresses += people * addresses;
    for (int i = 0; i < TOWN_PARTS; i++) {
        t->parts[i] += people * s->parts[i];
    }
}

/* Figures that go with others: invented, in the proportions that the real ones have. */
static void set_needs_and_help(totals *t)
{
    t->very_lonely = 0.23 * t->lonely;
    t->limited = 0.2 * (100 - t->good_health);
    t->anxious = 0.08 * t->lonely + 0.12 * t->struggling;
    t->carers = 17 - 0.05 * t->lonely;
    t->volunteers = 48 - 0.4 * t->lonely - 0.3 * t->struggling;
}

static totals total_of(const town_world *world, const place *where, int vintage, int year)
{
    totals t = {0};
    for (size_t i = 0; i < world->recipe->count; i++) {
        double part = part_of(world, i, where, vintage);
        const town_state *s = &world->states[i * TOWN_YEARS + (size_t)(year - TOWN_FIRST)];
        if (part > 0) {
            add_counts(&t, s, part);
            add_means(&t, s, part, world->addresses[i]);
            t.hectares += part * world->hectares[i];
        }
    }
    double *by_people[] = {&t.income,   &t.low_income, &t.good_health, &t.lonely,    &t.struggling,
                           &t.shop,     &t.doctor,     &t.school,      &t.addresses, &t.parts[0],
                           &t.parts[1], &t.parts[2],   &t.parts[3],    &t.parts[4]};
    for (size_t i = 0; i < sizeof by_people / sizeof *by_people; i++) {
        *by_people[i] /= t.people > 0 ? t.people : 1;
    }
    t.woz /= t.homes > 0 ? t.homes : 1;
    set_needs_and_help(&t);
    return t;
}

/* ---- cells ------------------------------------------------------------------------------- */

static void write_fixed(wijk_str *out, double value, int decimals)
{
    double scale = 1;
    for (int i = 0; i < decimals; i++) {
        scale *= 10;
    }
    long long n = (long long)floor(value * scale + 0.5), one = (long long)scale;
    if (n < 0) {
        wijk_str_addc(out, '-');
        n = -n;
    }
    wijk_str_addi(out, n / one);
    if (decimals) {
        wijk_str_addf(out, ".%0*lld", decimals, n % one);
    }
}

enum rule {
    EXACT,
    COUNT5,        /* rounded to five; exact for the gemeente; fewer than five kept back */
    COUNT10,       /* rounded to ten, from fifty households */
    OF_PEOPLE,     /* percent, from fifty people */
    PER_1000,      /* per thousand people, from fifty people */
    OF_HOMES,      /* percent, from twenty homes */
    OF_HOUSEHOLDS, /* percent, from twenty households */
    HOUSEHOLD_SIZE,
    WOZ,    /* from six homes */
    INCOME, /* from a hundred households */
    LOW,    /* likewise, and nothing below 5 or above 95 */
    KM,     /* from ten people */
    DENSITY,
    ADDRESSES,
    URBANITY,
    HEALTH /* one decimal, from fifty people */
};

typedef struct {
    const char *name;
    enum rule rule;
    size_t at; /* in totals */
} column;

#define AT(field) offsetof(totals, field)

/* The layout of CBS's Kerncijfers wijken en buurten; names as published. */
static const column key_figures[] = {
    {"a_inw", COUNT5, AT(people)},
    {"a_man", COUNT5, AT(men)},
    {"a_vrouw", COUNT5, AT(women)},
    {"a_00_14", COUNT5, AT(ages[0])},
    {"a_15_24", COUNT5, AT(ages[1])},
    {"a_25_44", COUNT5, AT(ages[2])},
    {"a_45_64", COUNT5, AT(ages[3])},
    {"a_65_oo", COUNT5, AT(ages[4])},
    {"p_00_14", OF_PEOPLE, AT(ages[0])},
    {"p_15_24", OF_PEOPLE, AT(ages[1])},
    {"p_25_44", OF_PEOPLE, AT(ages[2])},
    {"p_45_64", OF_PEOPLE, AT(ages[3])},
    {"p_65_oo", OF_PEOPLE, AT(ages[4])},
    {"a_neu_al", COUNT5, AT(abroad)},
    {"a_geb", COUNT5, AT(births)},
    {"p_geb", PER_1000, AT(births)},
    {"a_ste", COUNT5, AT(deaths)},
    {"p_ste", PER_1000, AT(deaths)},
    {"a_hh", COUNT5, AT(households)},
    {"a_1p_hh", COUNT5, AT(types[0])},
    {"a_hh_z_k", COUNT5, AT(types[1])},
    {"a_hh_m_k", COUNT5, AT(types[2])},
    {"p_1p_hh", OF_HOUSEHOLDS, AT(types[0])},
    {"p_hh_z_k", OF_HOUSEHOLDS, AT(types[1])},
    {"p_hh_m_k", OF_HOUSEHOLDS, AT(types[2])},
    {"g_hhgro", HOUSEHOLD_SIZE, AT(people)},
    {"bev_dich", DENSITY, AT(people)},
    {"a_woning", EXACT, AT(homes)},
    {"g_woz", WOZ, AT(woz)},
    {"p_1gezw", OF_HOMES, AT(single_family)},
    {"p_mgezw", OF_HOMES, AT(several)},
    {"p_leegsw", OF_HOMES, AT(empty)},
    {"p_koopw", OF_HOMES, AT(tenures[0])},
    {"p_huurw", OF_HOMES, AT(rented)},
    {"p_wcorpw", OF_HOMES, AT(tenures[1])},
    {"p_ov_hw", OF_HOMES, AT(tenures[2])},
    {"p_bjj2k", OF_HOMES, AT(old)},
    {"p_bjo2k", OF_HOMES, AT(recent)},
    {"g_ink_pi", INCOME, AT(income)},
    {"p_ink_li", LOW, AT(low_income)},
    {"a_soz_wb", COUNT10, AT(welfare)},
    {"g_afs_hp", KM, AT(doctor)},
    {"g_afs_gs", KM, AT(shop)},
    {"g_afs_sc", KM, AT(school)},
    {"a_lan_ha", EXACT, AT(hectares)},
    {"ste_oad", ADDRESSES, AT(addresses)},
    {"ste_mvs", URBANITY, AT(addresses)},
};

static const column health[] = {
    {"ErvarenGezondheidGoedZeerGoed_4", HEALTH, AT(good_health)},
    {"Eenzaam_28", HEALTH, AT(lonely)},
    {"MoeiteMetRondkomen_38", HEALTH, AT(struggling)},
    {"ErnstigZeerErnstigEenzaam_29", HEALTH, AT(very_lonely)},
    {"ErnstigBeperktVanwegeGezondheid_18", HEALTH, AT(limited)},
    {"HoogRisicoOpAngstOfDepressie_25", HEALTH, AT(anxious)},
    {"Mantelzorger_32", HEALTH, AT(carers)},
    {"Vrijwilligerswerk_33", HEALTH, AT(volunteers)},
};

static const column crime[] = {
    {"misdrijven", EXACT, AT(all_crimes)},
    {"vermogen", EXACT, AT(crimes[0])},
    {"geweld", EXACT, AT(crimes[1])},
    {"vernieling", EXACT, AT(crimes[2])},
};

static const column postcodes[] = {
    {"INWONER", COUNT5, AT(people)}, {"AANTAL_HH", COUNT5, AT(households)},
    {"WONING", COUNT5, AT(homes)},   {"WON_HCORP", COUNT5, AT(tenures[1])},
    {"WOZWONING", WOZ, AT(woz)},
};

static void write_share(wijk_str *out, double value, double base, double least, double scale)
{
    if (base < least) {
        wijk_str_addc(out, '.');
    } else {
        write_fixed(out, scale * value / base, 0);
    }
}

static void write_from(wijk_str *out, double value, int decimals, int enough)
{
    if (enough) {
        write_fixed(out, value, decimals);
    } else {
        wijk_str_addc(out, '.');
    }
}

static void write_count(wijk_str *out, double value, int exact)
{
    double n = floor(value + 0.5);
    if (!exact && n > 0 && n < 5) {
        wijk_str_addc(out, '.');
    } else {
        write_fixed(out, exact ? n : 5 * floor(n / 5 + 0.5), 0);
    }
}

/* CBS's five classes of urbanity by addresses per km². */
static int urbanity(double addresses)
{
    return addresses >= 2500   ? 1
           : addresses >= 1500 ? 2
           : addresses >= 1000 ? 3
           : addresses >= 500  ? 4
                               : 5;
}

static double clamp(double value)
{
    return value < 5 ? 5 : value > 95 ? 95 : value;
}

static void write_cell(wijk_str *out, const totals *t, const column *c, int exact)
{
    double value;
    memcpy(&value, (const char *)t + c->at, sizeof value);
    switch (c->rule) {
    case EXACT:
        write_fixed(out, value, 0);
        break;
    case COUNT5:
        write_count(out, value, exact);
        break;
    case COUNT10:
        write_from(out, 10 * floor(value / 10 + 0.5), 0, t->households >= 50);
        break;
    case OF_PEOPLE:
        write_share(out, value, t->people, 50, 100);
        break;
    case PER_1000:
        write_share(out, value, t->people, 50, 1000);
        break;
    case OF_HOMES:
        write_share(out, value, t->homes, 20, 100);
        break;
    case OF_HOUSEHOLDS:
        write_share(out, value, t->households, 20, 100);
        break;
    case HOUSEHOLD_SIZE:
        write_from(out, value / (t->households > 0 ? t->households : 1), 1, t->households >= 20);
        break;
    case WOZ:
        write_from(out, value, 0, t->homes >= 6);
        break;
    case INCOME:
        write_from(out, value, 1, t->households >= 100);
        break;
    case LOW:
        write_from(out, clamp(value), 1, t->households >= 100);
        break;
    case KM:
        write_from(out, value, 1, t->people >= 10);
        break;
    case DENSITY:
        write_from(out, value / t->hectares * 100, 0, t->people >= 10);
        break;
    case ADDRESSES:
        write_from(out, value, 0, t->people >= 10);
        break;
    case URBANITY:
        write_from(out, urbanity(value), 0, t->people >= 10);
        break;
    case HEALTH:
        write_from(out, value, 1, t->people >= 50);
        break;
    }
}

/* ---- files ------------------------------------------------------------------------------- */

static int known(const place *places, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(places[i].code, code) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Gemeente, wijken and buurten of a vintage, in that order. */
static int list_places(place **out, size_t *count, const town_world *world, int vintage,
                       wijk_arena *arena)
{
    const town_recipe *recipe = world->recipe;
    size_t wijken = wijk_table_rows(recipe->wijken), n = 0;
    place *places = wijk_arena_alloc(arena, (1 + wijken + recipe->count) * sizeof *places);
    if (!places) {
        return WIJK_ENOMEM;
    }
    places[n++] = (place){"Gemeente", WIJK_TOWN_CODE, town_name, -1};
    for (size_t i = 0; i < wijken; i++) {
        places[n++] = (place){"Wijk", wijk_table_get(recipe->wijken, i, "code"),
                              wijk_table_get(recipe->wijken, i, "name"), -1};
    }
    for (size_t i = 0; i < recipe->count; i++) {
        const town_patch *p = &recipe->patches[i];
        if (!known(places, n, p->code[vintage])) {
            places[n++] = (place){"Buurt", p->code[vintage], p->name[vintage], -1};
        }
    }
    *out = places;
    *count = n;
    return 0;
}

static int list_postcodes(place **out, size_t *count, const town_world *world, wijk_arena *arena)
{
    *count = world->recipe->pc4_count;
    *out = wijk_arena_alloc(arena, *count * sizeof **out);
    for (size_t i = 0; *out && i < *count; i++) {
        (*out)[i] = (place){"", wijk_table_get(world->recipe->pc4, i, "pc4"), "", (long)i};
    }
    return *out ? 0 : WIJK_ENOMEM;
}

/* A table with a row per place and year, after `head` and the columns. */
static void write_table(wijk_str *out, const town_world *world, const place *places, size_t n,
                        int vintage, const int *years, size_t year_count, const char *head,
                        const column *columns, size_t column_count)
{
    wijk_str_add(out, head);
    for (size_t c = 0; c < column_count; c++) {
        wijk_str_addf(out, ",%s", columns[c].name);
    }
    wijk_str_addc(out, '\n');
    for (size_t y = 0; y < year_count; y++) {
        for (size_t i = 0; i < n; i++) {
            totals t = total_of(world, &places[i], vintage, years[y]);
            if (places[i].pc4 >= 0) {
                wijk_str_add(out, places[i].code);
            } else {
                wijk_str_addf(out, "%s,%s,%s,%s,%d", places[i].code, places[i].name, town_name,
                              places[i].level, years[y]);
            }
            for (size_t c = 0; c < column_count; c++) {
                wijk_str_addc(out, ',');
                write_cell(out, &t, &columns[c], i == 0 && places[i].pc4 < 0);
            }
            wijk_str_addc(out, '\n');
        }
    }
}

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static int write_key_figures(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    place *places;
    size_t n, count = 0;
    int years[TOWN_YEARS];
    int rc = list_places(&places, &n, world, vintage, arena);
    if (rc) {
        return rc;
    }
    for (int year = TOWN_FIRST; year <= TOWN_LAST; year++) {
        if ((year >= 2015) == (vintage == TOWN_NEW)) {
            years[count++] = year;
        }
    }
    write_table(out, world, places, n, vintage, years, count, "gwb_code,regio,gm_naam,recs,jaar",
                key_figures, LENGTH(key_figures));
    return wijk_str_status(out);
}

static int write_health(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    static const int years[] = {2012, 2016, 2020, 2022, 2024};
    place *places;
    size_t n;
    int rc = list_places(&places, &n, world, vintage, arena);
    if (!rc) {
        write_table(out, world, places, n, vintage, years, LENGTH(years),
                    "WijkenEnBuurten,regio,Gemeentenaam_1,SoortRegio_2,jaar", health,
                    LENGTH(health));
    }
    return rc ? rc : wijk_str_status(out);
}

static int write_crime(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    static const int years[] = {2012, 2013, 2014, 2015, 2016, 2017, 2018,
                                2019, 2020, 2021, 2022, 2023, 2024};
    place *places;
    size_t n;
    int rc = list_places(&places, &n, world, vintage, arena);
    if (!rc) {
        write_table(out, world, places, n, vintage, years, LENGTH(years),
                    "code,naam,gemeente,niveau,jaar", crime, LENGTH(crime));
    }
    return rc ? rc : wijk_str_status(out);
}

static int write_postcodes(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    static const int years[] = {2024};
    place *places;
    size_t n;
    int rc = list_postcodes(&places, &n, world, arena);
    if (!rc) {
        write_table(out, world, places, n, vintage, years, 1, "PC4", postcodes, LENGTH(postcodes));
    }
    return rc ? rc : wijk_str_status(out);
}

/* Scores in millionths, so that the printed parts add up to the printed whole. */
static void write_score(wijk_str *out, const totals *t, int year)
{
    double part[TOWN_PARTS], all = 0;
    for (int i = 0; i < TOWN_PARTS; i++) {
        part[i] = floor(t->parts[i] * 1e6 + 0.5);
        all += part[i];
    }
    wijk_str_addc(out, ',');
    write_fixed(out, (4100000 + all) / 1e6, 6);
    wijk_str_addc(out, ',');
    write_fixed(out, all / 1e6, 6);
    for (int i = 0; i < TOWN_PARTS; i++) {
        wijk_str_addc(out, ',');
        if (year >= 2014) {
            write_fixed(out, part[i] / 1e6, 6);
        }
    }
    wijk_str_addc(out, '\n');
}

/* The layout of the Leefbaarometer: every wave on the borders of today; no score where fewer than
 * fifty people live. */
static int write_scores(wijk_str *out, const town_world *world, const place *places, size_t n)
{
    static const int years[] = {2008, 2012, 2014, 2016, 2018, 2020, 2022, 2024};
    wijk_str_add(out, ",jaar,lbm,afw,won,soc,vrz,onv,fys\n");
    for (size_t y = 0; y < LENGTH(years); y++) {
        for (size_t i = 0; i < n; i++) {
            totals t = total_of(world, &places[i], TOWN_NEW, years[y]);
            if (t.people < 50) {
                continue;
            }
            wijk_str_add(out, places[i].code);
            if (places[i].pc4 < 0) {
                wijk_str_addf(out, ",%s,%s", places[i].name, town_name);
            }
            wijk_str_addf(out, ",%d", years[y]);
            write_score(out, &t, years[y]);
        }
    }
    return wijk_str_status(out);
}

static int write_livability(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    place *places;
    size_t n;
    int rc = list_places(&places, &n, world, vintage, arena);
    wijk_str_add(out, "id,name,gemeente");
    return rc ? rc : write_scores(out, world, places, n);
}

static int write_livability_pc4(wijk_str *out, const town_world *world, wijk_arena *arena,
                                int vintage)
{
    (void)vintage;
    place *places;
    size_t n;
    int rc = list_postcodes(&places, &n, world, arena);
    wijk_str_add(out, "PC4");
    return rc ? rc : write_scores(out, world, places, n);
}

static int write_feature(wijk_str *out, const town_arc *arcs, size_t arc_count, const int *group,
                         int which, wijk_arena *arena)
{
    wijk_str_add(out, "},\"geometry\":");
    int rc = wijk_town_outline(out, arcs, arc_count, group, which, arena);
    wijk_str_add(out, "}");
    return rc;
}

static const char map_head[] =
    "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":"
    "{\"name\":\"urn:ogc:def:crs:EPSG::28992\"}},\"features\":[";

static int write_map(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    town_arc *arcs;
    place *places;
    size_t arc_count, n, drawn = 0;
    int *group = wijk_arena_alloc(arena, world->recipe->count * sizeof *group);
    int rc = group ? list_places(&places, &n, world, vintage, arena) : WIJK_ENOMEM;
    rc = rc ? rc : wijk_town_trace(&arcs, &arc_count, &world->patches, arena);
    wijk_str_add(out, map_head);
    for (size_t i = 0; !rc && i < n; i++) {
        if (strcmp(places[i].level, "Buurt") != 0) {
            continue;
        }
        for (size_t p = 0; p < world->recipe->count; p++) {
            if (part_of(world, p, &places[i], vintage) > 0) {
                group[p] = (int)i;
            }
        }
        wijk_str_addf(out,
                      "%s\n{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"naam\":\"%s\","
                      "\"gm_code\":\"" WIJK_TOWN_CODE "\"",
                      drawn++ ? "," : "", places[i].code, places[i].name);
        rc = write_feature(out, arcs, arc_count, group, (int)i, arena);
    }
    wijk_str_add(out, "\n]}\n");
    return rc ? rc : wijk_str_status(out);
}

static int write_map_pc4(wijk_str *out, const town_world *world, wijk_arena *arena, int vintage)
{
    (void)vintage;
    town_arc *arcs;
    place *places;
    size_t arc_count, n;
    int rc = list_postcodes(&places, &n, world, arena);
    int *group = wijk_arena_alloc(arena, world->recipe->pc4_count * sizeof *group);
    rc = rc ? rc : group ? 0 : WIJK_ENOMEM;
    rc = rc ? rc : wijk_town_trace(&arcs, &arc_count, &world->pc4, arena);
    for (size_t i = 0; !rc && i < n; i++) {
        group[i] = (int)i;
    }
    wijk_str_add(out, map_head);
    for (size_t i = 0; !rc && i < n; i++) {
        wijk_str_addf(out, "%s\n{\"type\":\"Feature\",\"properties\":{\"pc4\":\"%s\"", i ? "," : "",
                      places[i].code);
        rc = write_feature(out, arcs, arc_count, group, (int)i, arena);
    }
    wijk_str_add(out, "\n]}\n");
    return rc ? rc : wijk_str_status(out);
}

static const town_file files[] = {
    {"town-map-2014", "merelwaard_buurten_2014.geojson", write_map, TOWN_OLD},
    {"town-map-2024", "merelwaard_buurten_2024.geojson", write_map, TOWN_NEW},
    {"town-map-pc4", "merelwaard_postcodes_2024.geojson", write_map_pc4, TOWN_NEW},
    {"town-kwb-2014", "merelwaard_kerncijfers_2005_2014.csv", write_key_figures, TOWN_OLD},
    {"town-kwb-2024", "merelwaard_kerncijfers_2015_2024.csv", write_key_figures, TOWN_NEW},
    {"town-pc4", "merelwaard_postcodes_2024.csv", write_postcodes, TOWN_NEW},
    {"town-lbm", "merelwaard_leefbaarheid_2008_2024.csv", write_livability, TOWN_NEW},
    {"town-lbm-pc4", "merelwaard_leefbaarheid_pc4_2008_2024.csv", write_livability_pc4, TOWN_NEW},
    {"town-crime", "merelwaard_misdrijven_2012_2024.csv", write_crime, TOWN_NEW},
    {"town-health", "merelwaard_gezondheid_2012_2024.csv", write_health, TOWN_NEW},
};

const town_file *wijk_town_file(size_t i)
{
    return i < LENGTH(files) ? &files[i] : NULL;
}
