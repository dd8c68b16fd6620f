/* Draws the map of the invented gemeente. Space is cut into cells of 25 m; each cell goes to the
 * seed that reaches it best (a Voronoi diagram with reach, bent by noise so that it looks grown),
 * and town_trace.c follows the borders. Working on cells makes every border shared by
 * construction, and the river a plain absence. */
#include "load/town.h"

#include "wijk/err.h"
#include "wijk/rng.h"

#include <math.h>
#include <string.h>

enum { CELLS_PER_KM = 40, WIDTH_KM = 13, HEIGHT_KM = 11 };
enum { SMALLEST = 90 }; /* cells; a smaller loose piece goes to its neighbour */
enum { NOISE_COARSE = 1, NOISE_FINE, NOISE_COAST };
static const uint64_t map_seed = 0x4D6572656C6D6170u; /* "Merelmap" */

static int raster_new(town_raster *out)
{
    out->width = WIDTH_KM * CELLS_PER_KM;
    out->height = HEIGHT_KM * CELLS_PER_KM;
    out->label = wijk_alloc((size_t)out->width * (size_t)out->height * sizeof *out->label);
    return out->label ? 0 : WIJK_ENOMEM;
}

void wijk_town_raster_free(town_raster *raster)
{
    wijk_free(raster->label);
    raster->label = NULL;
}

static int *cell_at(const town_raster *raster, int x, int y)
{
    return &raster->label[(size_t)y * (size_t)raster->width + (size_t)x];
}

/* Smooth noise in [-1, 1] with the given wavelength in km: random values on a lattice, joined by
 * cubic steps. `axis` gives two independent fields. */
static double noise(double x, double y, double wavelength, uint32_t purpose, uint32_t axis)
{
    double u = x / wavelength + 64, v = y / wavelength + 64; /* positive, so that casts floor */
    uint32_t i = (uint32_t)u, j = (uint32_t)v;
    double a = u - i, b = v - j;
    a = a * a * (3 - 2 * a);
    b = b * b * (3 - 2 * b);
    double corner[4];
    for (uint32_t k = 0; k < 4; k++) {
        corner[k] = 2 * wijk_rng_uniform((wijk_draw){.seed = map_seed,
                                                     .purpose = purpose,
                                                     .place = i + (k & 1),
                                                     .time = j + (k >> 1),
                                                     .nth = axis}) -
                    1;
    }
    double south = corner[0] + (corner[1] - corner[0]) * a;
    double north = corner[2] + (corner[3] - corner[2]) * a;
    return south + (north - south) * b;
}

typedef struct {
    double x, y;     /* the cell */
    double bent[2];  /* moved as far as a grown border wanders */
    double coast[2]; /* moved as far as a coast wanders */
} spot;

static spot spot_at(int x, int y)
{
    spot out = {.x = (x + 0.5) / CELLS_PER_KM, .y = (y + 0.5) / CELLS_PER_KM};
    for (uint32_t axis = 0; axis < 2; axis++) {
        double base = axis ? out.y : out.x;
        double coarse = noise(out.x, out.y, 0.45, NOISE_COARSE, axis);
        double fine = noise(out.x, out.y, 0.16, NOISE_FINE, axis);
        out.bent[axis] = base + 0.075 * coarse + 0.02 * fine;
        out.coast[axis] = base + 0.22 * noise(out.x, out.y, 1.3, NOISE_COAST, axis) +
                          0.05 * coarse + 0.015 * fine;
    }
    return out;
}

static int inside(const town_recipe *recipe, double x, double y)
{
    size_t n = recipe->outline_points;
    const town_point *p = recipe->outline;
    int odd = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++) {
        if ((p[i].y > y) != (p[j].y > y) &&
            x < (p[j].x - p[i].x) * (y - p[i].y) / (p[j].y - p[i].y) + p[i].x) {
            odd = !odd;
        }
    }
    return odd;
}

static int in_river(const town_recipe *recipe, const spot *at)
{
    for (size_t i = 0; i + 1 < recipe->river_points; i++) {
        const town_point *p = &recipe->river[i];
        double dx = p[1].x - p->x, dy = p[1].y - p->y;
        double px = at->bent[0] - p->x, py = at->bent[1] - p->y;
        double along = (px * dx + py * dy) / (dx * dx + dy * dy);
        along = along < 0 ? 0 : along > 1 ? 1 : along;
        double ex = px - along * dx, ey = py - along * dy;
        if (ex * ex + ey * ey < p->width * p->width / 4) {
            return 1;
        }
    }
    return 0;
}

/* How far a spot is beyond the reach of a patch. A planner measures along straight streets, and
 * every wijk lies at its own angle. */
static double cost(const town_patch *patch, const spot *at)
{
    static const double turn[4][2] = {{1, 0}, {0.96, 0.28}, {0.96, -0.28}, {0.8, 0.6}};
    if (patch->planned) {
        const double *t = turn[patch->wijk[strlen(patch->wijk) - 1] % 4];
        double dx = at->x - patch->x, dy = at->y - patch->y;
        double u = fabs(t[0] * dx - t[1] * dy), v = fabs(t[1] * dx + t[0] * dy);
        return (u > v ? u + 0.15 * v : v + 0.15 * u) - patch->reach;
    }
    double dx = at->bent[0] - patch->x, dy = at->bent[1] - patch->y;
    return sqrt(dx * dx + dy * dy) - patch->reach;
}

static int best_patch(const town_recipe *recipe, const spot *at)
{
    int best[2] = {TOWN_OUTSIDE, TOWN_OUTSIDE};
    double least[2] = {1e9, 0}; /* open land: any distance; a built patch: within its reach */
    for (size_t i = 0; i < recipe->count; i++) {
        int built = recipe->patches[i].reach > 0;
        double c = cost(&recipe->patches[i], at);
        if (c < least[built]) {
            least[built] = c;
            best[built] = (int)i;
        }
    }
    return best[1] != TOWN_OUTSIDE ? best[1] : best[0];
}

/* ---- tidying ---------------------------------------------------------------------------- */

/* The commonest label of the nine cells around; the cell's own when nothing is commoner. */
static int majority(const town_raster *raster, int x, int y)
{
    int own = *cell_at(raster, x, y), best = own, most = 0;
    for (int k = 0; k < 9; k++) {
        int label = *cell_at(raster, x - 1 + k % 3, y - 1 + k / 3), same = 0;
        for (int m = 0; m < 9; m++) {
            same += *cell_at(raster, x - 1 + m % 3, y - 1 + m / 3) == label;
        }
        if (same > most || (same == most && label == own)) {
            most = same;
            best = label;
        }
    }
    return best;
}

static int smooth(town_raster *raster)
{
    town_raster next = {0};
    int rc = raster_new(&next);
    if (rc) {
        return rc;
    }
    memcpy(next.label, raster->label,
           (size_t)raster->width * (size_t)raster->height * sizeof *next.label);
    for (int y = 1; y + 1 < raster->height; y++) {
        for (int x = 1; x + 1 < raster->width; x++) {
            *cell_at(&next, x, y) = majority(raster, x, y);
        }
    }
    wijk_town_raster_free(raster);
    *raster = next;
    return 0;
}

typedef struct {
    const town_raster *raster;
    int *piece;   /* per cell: number of its connected piece, from 1 */
    int *stack;   /* cells to visit, and afterwards the cells of the latest piece */
    int *contact; /* per label: sides shared with the latest piece */
    size_t labels;
} pieces;

static const int step_x[4] = {1, 0, -1, 0}, step_y[4] = {0, 1, 0, -1};

/* Floods the piece of cell `start`; returns its size. */
static int flood(pieces *p, int start, int number)
{
    const town_raster *raster = p->raster;
    int size = 0, label = raster->label[start];
    p->stack[size++] = start;
    p->piece[start] = number;
    memset(p->contact, 0, p->labels * sizeof *p->contact);
    for (int next = 0; next < size; next++) {
        int x = p->stack[next] % raster->width, y = p->stack[next] / raster->width;
        for (int k = 0; k < 4; k++) {
            int nx = x + step_x[k], ny = y + step_y[k];
            if (nx < 0 || ny < 0 || nx >= raster->width || ny >= raster->height) {
                continue;
            }
            int other = ny * raster->width + nx;
            if (raster->label[other] != label) {
                if (raster->label[other] >= 0) {
                    p->contact[raster->label[other]]++;
                }
            } else if (!p->piece[other]) {
                p->piece[other] = number;
                p->stack[size++] = other;
            }
        }
    }
    return size;
}

static int most_touched(const pieces *p, int otherwise)
{
    int best = otherwise, most = 0;
    for (size_t i = 0; i < p->labels; i++) {
        if (p->contact[i] > most) {
            most = p->contact[i];
            best = (int)i;
        }
    }
    return best;
}

/* Gives every loose piece of a label to the neighbour that it touches most; the largest piece
 * stays. Water keeps its larger pieces: the river cuts it. */
static int join_pieces(town_raster *raster, size_t labels)
{
    size_t cells = (size_t)raster->width * (size_t)raster->height;
    pieces p = {.raster = raster, .labels = labels};
    int *largest = wijk_alloc((labels + 1) * sizeof *largest);
    int rc = WIJK_ENOMEM;
    p.piece = wijk_alloc(cells * sizeof *p.piece);
    p.stack = wijk_alloc(cells * sizeof *p.stack);
    p.contact = wijk_alloc((labels + 1) * sizeof *p.contact);
    if (!largest || !p.piece || !p.stack || !p.contact) {
        goto done;
    }
    rc = 0;
    int number = 0;
    for (size_t i = 0; i < cells; i++) {
        if (!p.piece[i]) {
            int size = flood(&p, (int)i, ++number), *most = &largest[raster->label[i] + 1];
            *most = size > *most ? size : *most;
        }
    }
    memset(p.piece, 0, cells * sizeof *p.piece);
    for (size_t i = 0; i < cells; i++) {
        if (p.piece[i]) {
            continue;
        }
        int label = raster->label[i], size = flood(&p, (int)i, ++number);
        int keep = label == TOWN_OUTSIDE ? size >= SMALLEST : size == largest[label + 1];
        int to = keep ? label : most_touched(&p, TOWN_OUTSIDE);
        for (int k = 0; to != label && k < size; k++) {
            raster->label[p.stack[k]] = to;
        }
    }
done:
    wijk_free(largest);
    wijk_free(p.piece);
    wijk_free(p.stack);
    wijk_free(p.contact);
    return rc;
}

/* Where four borders meet in a corner, gives one cell away: with three at most, following a border
 * never has to choose. */
static void split_crossings(town_raster *raster)
{
    for (int again = 1, pass = 0; again && pass < 50; pass++) {
        again = 0;
        for (int y = 0; y + 1 < raster->height; y++) {
            for (int x = 0; x + 1 < raster->width; x++) {
                int sw = *cell_at(raster, x, y), se = *cell_at(raster, x + 1, y);
                int nw = *cell_at(raster, x, y + 1), *ne = cell_at(raster, x + 1, y + 1);
                if (sw != se && se != *ne && *ne != nw && nw != sw) {
                    *ne = se == TOWN_OUTSIDE ? nw : se;
                    again = 1;
                }
            }
        }
    }
}

static int tidy(town_raster *raster, size_t labels)
{
    int rc = smooth(raster);
    if (!rc) {
        rc = smooth(raster);
    }
    /* Twice: a piece may have been given to a neighbour that was itself a loose piece. */
    for (int pass = 0; !rc && pass < 2; pass++) {
        rc = join_pieces(raster, labels);
    }
    split_crossings(raster);
    return rc;
}

int wijk_town_patches(town_raster *out, const town_recipe *recipe, wijk_ctx *ctx)
{
    int rc = raster_new(out);
    for (int y = 0; !rc && y < out->height; y++) {
        rc = wijk_checkpoint(ctx);
        for (int x = 0; !rc && x < out->width; x++) {
            spot at = spot_at(x, y);
            int land = x > 0 && y > 0 && x + 1 < out->width && y + 1 < out->height &&
                       inside(recipe, at.coast[0], at.coast[1]) && !in_river(recipe, &at);
            *cell_at(out, x, y) = land ? best_patch(recipe, &at) : TOWN_OUTSIDE;
        }
    }
    return rc ? rc : tidy(out, recipe->count);
}

static int nearest_pc4(const town_recipe *recipe, const spot *at)
{
    double least = 1e9;
    int best = TOWN_OUTSIDE;
    for (size_t i = 0; i < recipe->pc4_count; i++) {
        double dx = at->bent[0] - recipe->pc4_seeds[i].x;
        double dy = at->bent[1] - recipe->pc4_seeds[i].y;
        if (dx * dx + dy * dy < least) {
            least = dx * dx + dy * dy;
            best = (int)i;
        }
    }
    return best;
}

int wijk_town_pc4(town_raster *out, const town_recipe *recipe, const town_raster *patches)
{
    int rc = raster_new(out);
    for (int y = 0; !rc && y < out->height; y++) {
        for (int x = 0; x < out->width; x++) {
            int *label = cell_at(out, x, y);
            *label = TOWN_OUTSIDE;
            if (*cell_at(patches, x, y) != TOWN_OUTSIDE) {
                spot at = spot_at(x, y);
                *label = nearest_pc4(recipe, &at);
            }
        }
    }
    return rc ? rc : tidy(out, recipe->pc4_count);
}
