/* load/town.h: inside the making of Merelwaard: recipe → map → years → published files.
 *
 * A patch is the smallest piece of the map and of the reckoning. A buurt is one patch or several;
 * because borders move between patches only, every total of 2014 is exactly a sum of what is also
 * summed for 2024. */
#ifndef WIJK_LOAD_TOWN_H
#define WIJK_LOAD_TOWN_H

#include "wijk/ctx.h"
#include "wijk/mem.h"
#include "wijk/str.h"
#include "wijk/table.h"

#include <stddef.h>

enum { TOWN_FIRST = 2005, TOWN_LAST = 2024, TOWN_YEARS = TOWN_LAST - TOWN_FIRST + 1 };
enum { TOWN_OLD, TOWN_NEW, TOWN_VINTAGES }; /* borders until 2014, and those of today */
enum { TOWN_AGES = 5, TOWN_TENURES = 3, TOWN_HOUSEHOLDS = 3, TOWN_CRIMES = 4, TOWN_PARTS = 5 };
#define TOWN_OUTSIDE (-1) /* no patch: water, or beyond the border */

typedef struct {
    const char *code[TOWN_VINTAGES], *name[TOWN_VINTAGES], *wijk, *story;
    double x, y;      /* km in the drawing */
    double reach;     /* km; 0 takes the land that others leave */
    int planned;      /* straight borders, as drawn by a planner */
    size_t character; /* row of characters.csv */
    size_t becomes;   /* the row it moves towards when the story says so; else equal */
    double homes[2];  /* in the first and the last year, before the story */
} town_patch;

typedef struct {
    double x, y, width; /* km; width for the river only */
} town_point;

typedef struct {
    wijk_table *wijken, *buurten, *characters, *trends, *pc4;
    town_point *outline, *river, *pc4_seeds;
    size_t outline_points, river_points, pc4_count;
    town_patch *patches;
    size_t count;
    wijk_arena *arena;
} town_recipe;

int wijk_town_recipe_open(town_recipe *out);
void wijk_town_recipe_close(town_recipe *recipe);
/* Straight line through the knots of one name in trends.csv; the ends are held. NAN without one. */
double wijk_town_trend(const town_recipe *recipe, const char *name, double year);

/* ---- map -------------------------------------------------------------------------------- */

typedef struct {
    int *label; /* width × height cells, row 0 in the south: patch or pc4, or TOWN_OUTSIDE */
    int width, height;
} town_raster;

typedef struct {
    int left, right; /* labels on either side */
    long from, to;   /* node at the ends; equal for a loop */
    double *xy;      /* metres RD, both ends included */
    size_t points;
} town_arc;

/* Which patch each cell belongs to, and which pc4. */
int wijk_town_patches(town_raster *out, const town_recipe *recipe, wijk_ctx *ctx);
int wijk_town_pc4(town_raster *out, const town_recipe *recipe, const town_raster *patches);
void wijk_town_raster_free(town_raster *raster);

/* The borders between labels, each drawn once so that neighbours share them to the bit. */
int wijk_town_trace(town_arc **out, size_t *count, const town_raster *raster, wijk_arena *arena);
/* Appends the geometry (GeoJSON MultiPolygon) of all labels for which group[label] == which. */
int wijk_town_outline(wijk_str *out, const town_arc *arcs, size_t count, const int *group,
                      int which, wijk_arena *arena);

/* ---- years ------------------------------------------------------------------------------ */

/* What is true of one patch in one year; counts are whole and parts add up. */
typedef struct {
    int homes, households, people;
    int ages[TOWN_AGES]; /* 0-15, 15-25, 25-45, 45-65, 65+ */
    int women;
    int types[TOWN_HOUSEHOLDS];    /* one person, without children, with children */
    int tenures[TOWN_TENURES];     /* owner, corporation, other landlord */
    int empty, single_family, old; /* homes; old: built before 2000 */
    int births, deaths;
    int welfare;                            /* people who get bijstand */
    int abroad;                             /* people with an origin outside the Netherlands */
    int crimes[TOWN_CRIMES];                /* property, violence, vandalism, all other */
    double woz, income;                     /* mean, euro thousand */
    double low_income;                      /* percent of the people in the lowest two fifths */
    double good_health, lonely, struggling; /* percent of those over 18 */
    double parts[TOWN_PARTS]; /* livability: homes, cohesion, amenities, nuisance, surroundings */
    double shop, doctor, school; /* km */
} town_state;

/* state[patch * TOWN_YEARS + year]; in the arena of the recipe. */
int wijk_town_years(town_state **out, const town_recipe *recipe, wijk_ctx *ctx);

/* ---- published files -------------------------------------------------------------------- */

typedef struct {
    const town_recipe *recipe;
    const town_state *states;
    town_raster patches, pc4;
    double *hectares;  /* per patch */
    double *addresses; /* per patch: homes per km² within a km of its middle */
    double *in_pc4;    /* [pc4][patch]: part of the patch that lies in the pc4 */
} town_world;

typedef struct {
    const char *source; /* code in data/sources.csv */
    const char *name;   /* of the file */
    int (*write)(wijk_str *out, const town_world *world, wijk_arena *arena, int argument);
    int argument; /* a vintage, where it matters */
} town_file;

/* Measures the patches on the map; the arrays come from the arena of the recipe. */
int wijk_town_measure(town_world *world);
/* The i-th file that the town publishes, in the order of loading; NULL past the last. */
const town_file *wijk_town_file(size_t i);

#endif
