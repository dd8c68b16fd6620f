/* Whole households for one area, in two steps. The idea: sampling that keeps totals instead of
 * sampling that hopes for them. Kinds of household by the cube method (Deville & Tillé 2004,
 * doi:10.1093/biomet/91.4.893), which changes fractions only along directions that leave every
 * margin as it is; then income and tenure within the kinds by controlled rounding of a two-way
 * table (Cox 1987, doi:10.1080/01621459.1987.10478456), in which all totals stay exact. Both keep
 * every cell within one of its fraction, and right on average. */
#include "foresee/whole.h"

#include <math.h>
#include <string.h>

/* ---- parts ------------------------------------------------------------------------------- */

void whole_parts(uint32_t *out, const double *share, size_t n, uint32_t total)
{
    double sum = 0, rest[WHOLE_COLUMNS] = {0};
    for (size_t i = 0; i < n; i++) {
        sum += share[i];
    }
    uint32_t given = 0;
    for (size_t i = 0; i < n; i++) {
        double exact = sum > 0 ? share[i] / sum * (double)total : i == 0 ? (double)total : 0;
        out[i] = (uint32_t)exact;
        out[i] = out[i] > total - given ? total - given : out[i];
        rest[i] = exact - (double)out[i];
        given += out[i];
    }
    for (; n > 0 && given < total; given++) {
        size_t most = 0;
        for (size_t i = 1; i < n; i++) {
            most = rest[i] > rest[most] ? i : most;
        }
        out[most]++;
        rest[most] -= 1;
    }
}

/* ---- kinds: the cube --------------------------------------------------------------------- */

#define BEYOND 100.0 /* what a miss beyond its room weighs */

/* Rows that no others add up to. */
static const int free_rows[] = {FIT_HOUSEHOLDS, FIT_SINGLE,  FIT_CHILDLESS, FIT_ONE_PARENT,
                                FIT_AGE,        FIT_AGE + 1, FIT_AGE + 2,   FIT_AGE + 3,
                                FIT_AGE + 4,    FIT_HOUSED};
enum { FREE = sizeof free_rows / sizeof *free_rows, FLIGHT = FREE + 1 };

/* A direction over FLIGHT cells that leaves all rows as they are: the null vector of FREE x FLIGHT,
 * by elimination with row pivots. It exists because there is one cell more than rows. */
static void null_direction(double direction[FLIGHT], double a[FREE][FLIGHT])
{
    int pivot_of[FREE], rank = 0, free_column = FLIGHT - 1;
    for (int column = 0; column < FLIGHT; column++) {
        int best = -1;
        for (int r = rank; r < FREE; r++) {
            if (fabs(a[r][column]) > 1e-9 &&
                (best < 0 || fabs(a[r][column]) > fabs(a[best][column]))) {
                best = r;
            }
        }
        if (best < 0) {
            free_column = column;
            break;
        }
        for (int c = 0; c < FLIGHT; c++) {
            double swap = a[rank][c];
            a[rank][c] = a[best][c];
            a[best][c] = swap;
        }
        for (int r = 0; r < FREE; r++) {
            double factor = r == rank ? 0 : a[r][column] / a[rank][column];
            for (int c = column; factor != 0 && c < FLIGHT; c++) {
                a[r][c] -= factor * a[rank][c];
            }
        }
        pivot_of[rank++] = column;
    }
    memset(direction, 0, FLIGHT * sizeof *direction);
    direction[free_column] = 1;
    for (int r = 0; r < rank; r++) {
        direction[pivot_of[r]] = -a[r][free_column] / a[r][pivot_of[r]];
    }
}

/* Moves fractions along the direction, one way or the other by chance, until one is whole. */
static void fly(double *fraction, const size_t *cell, const double *direction, double chance)
{
    double up = INFINITY, down = INFINITY;
    for (int i = 0; i < FLIGHT; i++) {
        double f = fraction[cell[i]], d = direction[i];
        if (d > 1e-12) {
            up = fmin(up, (1 - f) / d);
            down = fmin(down, f / d);
        } else if (d < -1e-12) {
            up = fmin(up, f / -d);
            down = fmin(down, (1 - f) / -d);
        }
    }
    double length = chance * (up + down) < down ? up : -down;
    for (int i = 0; i < FLIGHT; i++) {
        double f = fraction[cell[i]] + length * direction[i];
        fraction[cell[i]] = f < 1e-9 ? 0 : f > 1 - 1e-9 ? 1 : f;
    }
}

static int is_fraction(double f)
{
    return f > 0 && f < 1;
}

/* Flies until at most FREE cells are left; returns how many, their numbers in `cell`. */
static size_t flight(size_t cell[FLIGHT], double *fraction, const seed_table *seed, wijk_draw draw)
{
    size_t next = 0, held = 0;
    for (;;) {
        size_t kept = 0;
        for (size_t i = 0; i < held; i++) {
            if (is_fraction(fraction[cell[i]])) {
                cell[kept++] = cell[i];
            }
        }
        for (held = kept; held < FLIGHT && next < seed->kinds; next++) {
            if (is_fraction(fraction[next])) {
                cell[held++] = next;
            }
        }
        if (held < FLIGHT) {
            return held;
        }
        double a[FREE][FLIGHT], direction[FLIGHT];
        for (int r = 0; r < FREE; r++) {
            for (int i = 0; i < FLIGHT; i++) {
                a[r][i] = fit_coefficient(&seed->kind[cell[i]], free_rows[r]);
            }
        }
        null_direction(direction, a);
        fly(fraction, cell, direction, wijk_rng_uniform(draw));
        draw.nth++;
    }
}

typedef struct {
    double goal[FIT_STRUCTURE_ROWS];
    double unit[FIT_STRUCTURE_ROWS]; /* a miss counts in these */
    double room[FIT_STRUCTURE_ROWS]; /* and heavily beyond this */
} aim_rows;

/* How far the table is from its rows: squared misses in units of what may be missed, and many times
 * that what goes beyond. */
static double distance(const double total[FIT_STRUCTURE_ROWS], const aim_rows *aims)
{
    double sum = 0;
    for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
        double miss = fabs(total[r] - aims->goal[r]);
        double beyond = miss - aims->room[r];
        sum += miss * miss / (aims->unit[r] * aims->unit[r]);
        sum += beyond > 1e-6 ? BEYOND * (1 + beyond) : 0;
    }
    return sum;
}

static void add_kind(double total[FIT_STRUCTURE_ROWS], const seed_kind *kind, double n)
{
    for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
        total[r] += n * fit_coefficient(kind, r);
    }
}

/* The last few fractions: every way to round them is tried (a Gray code changes one a time) and the
 * nearest to the rows is kept. */
static void land(double *fraction, const size_t *cell, size_t n, const seed_table *seed,
                 double total[FIT_STRUCTURE_ROWS], const aim_rows *aims)
{
    double trial[FIT_STRUCTURE_ROWS];
    for (size_t i = 0; i < n; i++) {
        add_kind(total, &seed->kind[cell[i]], -fraction[cell[i]]);
        fraction[cell[i]] = 0;
    }
    memcpy(trial, total, sizeof trial);
    double best = distance(trial, aims);
    uint32_t code = 0, chosen = 0;
    for (uint32_t step = 1; step < 1u << n; step++) {
        uint32_t bit = 0;
        while (!(step >> bit & 1u)) {
            bit++;
        }
        code ^= 1u << bit;
        add_kind(trial, &seed->kind[cell[bit]], code >> bit & 1u ? 1 : -1);
        double now = distance(trial, aims);
        if (now < best) {
            best = now;
            chosen = code;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (chosen >> i & 1u) {
            fraction[cell[i]] = 1;
            add_kind(total, &seed->kind[cell[i]], 1);
        }
    }
}

/* Exchanges one household for another while that brings the rows nearer: mends what the landing
 * could not. Few rounds: each takes away at least one unit of a miss. */
static void mend(uint32_t *count, const seed_table *seed, double total[FIT_STRUCTURE_ROWS],
                 const aim_rows *aims)
{
    double best = distance(total, aims);
    for (int round = 0; round < 200; round++) {
        size_t from = SEED_KINDS, to = SEED_KINDS;
        double found = best - 1e-9;
        for (size_t a = 0; a <= seed->kinds; a++) { /* the last: nothing is taken, or nothing put */
            if (a < seed->kinds && count[a] == 0) {
                continue;
            }
            double less[FIT_STRUCTURE_ROWS];
            memcpy(less, total, sizeof less);
            if (a < seed->kinds) {
                add_kind(less, &seed->kind[a], -1);
            }
            for (size_t b = 0; b <= seed->kinds; b++) {
                double trial[FIT_STRUCTURE_ROWS];
                memcpy(trial, less, sizeof trial);
                if (b < seed->kinds) {
                    add_kind(trial, &seed->kind[b], 1);
                }
                double now = distance(trial, aims);
                if (now < found) {
                    found = now;
                    from = a;
                    to = b;
                }
            }
        }
        if (found >= best - 1e-9) {
            return;
        }
        best = found;
        if (from < seed->kinds) {
            count[from]--;
            add_kind(total, &seed->kind[from], -1);
        }
        if (to < seed->kinds) {
            count[to]++;
            add_kind(total, &seed->kind[to], 1);
        }
    }
}

static int is_right(const double total[FIT_STRUCTURE_ROWS], const fit_margins *margins,
                    const whole_target *target)
{
    for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
        if (target->half[r] > 0 && fabs(total[r] - margins->target[r]) > target->half[r]) {
            return 0;
        }
    }
    return 1;
}

static void whole_kinds(uint32_t *count, const seed_table *seed, const fit_table *fit,
                        const fit_margins *margins, const whole_target *target, wijk_draw draw)
{
    double fraction[SEED_KINDS], total[FIT_STRUCTURE_ROWS] = {0}, fitted[FIT_STRUCTURE_ROWS] = {0};
    aim_rows aims;
    for (size_t k = 0; k < seed->kinds; k++) {
        count[k] = (uint32_t)fit->kind[k];
        fraction[k] = fit->kind[k] - (double)count[k];
        fraction[k] = fraction[k] < 1e-9 ? 0 : fraction[k] > 1 - 1e-9 ? 1 : fraction[k];
        add_kind(fitted, &seed->kind[k], fit->kind[k]);
    }
    for (int r = 0; r < FIT_STRUCTURE_ROWS; r++) {
        int published = target->half[r] > 0;
        aims.goal[r] = published ? margins->target[r] : fitted[r];
        aims.unit[r] = published ? target->half[r] : 4;
        aims.room[r] = published ? target->half[r] : INFINITY;
    }
    aims.goal[FIT_HOUSEHOLDS] = target->households;
    aims.unit[FIT_HOUSEHOLDS] = 1e-3; /* the number of households is exact */
    size_t cell[FLIGHT];
    size_t left = flight(cell, fraction, seed, draw);
    for (size_t k = 0; k < seed->kinds; k++) {
        add_kind(total, &seed->kind[k], (double)count[k] + fraction[k]);
    }
    land(fraction, cell, left, seed, total, &aims);
    for (size_t k = 0; k < seed->kinds; k++) {
        count[k] += fraction[k] > 0.5;
    }
    if (!is_right(total, margins, target) ||
        fabs(total[FIT_HOUSEHOLDS] - target->households) > 0.5) {
        mend(count, seed, total, &aims);
    }
}

/* ---- income and tenure within kinds: controlled rounding --------------------------------- */

/* A two-way table in steps of 2^-40, with one row and one column more that make every total whole:
 * rounding it so that row and column sums stay as they are rounds the totals too. */
enum { ROUND_ROWS = SEED_KINDS + 1, ROUND_COLUMNS = WHOLE_COLUMNS + 1, ROUND_BITS = 40 };
#define ROUND_ONE ((int64_t)1 << ROUND_BITS)

typedef struct {
    int rows, columns; /* with the extra ones */
    int64_t fraction[ROUND_ROWS][ROUND_COLUMNS];
    uint32_t in_row[ROUND_ROWS];          /* bit per column that is not whole */
    uint64_t in_column[ROUND_COLUMNS][2]; /* bit per row */
} round_table;

static void keep_bit(round_table *t, int r, int c)
{
    int64_t f = t->fraction[r][c];
    uint64_t bit = (uint64_t)1 << (r & 63);
    if (f > 0 && f < ROUND_ONE) {
        t->in_row[r] |= 1u << c;
        t->in_column[c][r >> 6] |= bit;
    } else {
        t->in_row[r] &= ~(1u << c);
        t->in_column[c][r >> 6] &= ~bit;
    }
}

static int other_row(const round_table *t, int c, int r)
{
    for (int part = 0; part < 2; part++) {
        uint64_t bits = t->in_column[c][part];
        if (r >> 6 == part) {
            bits &= ~((uint64_t)1 << (r & 63));
        }
        if (bits) {
            return part * 64 + __builtin_ctzll(bits);
        }
    }
    return -1;
}

/* A closed walk over cells that are not whole: along a row, then along a column, in turn, until a
 * row or column is met again. Returns its length (even) with the cells in order at the front of the
 * lists. Every row and column that has one such cell has two, because their sums are whole: the
 * walk never stops before it closes. */
static int find_cycle(int rows[], int columns[], const round_table *t, int start)
{
    int row_at[ROUND_ROWS], column_at[ROUND_COLUMNS]; /* cells walked before it was met; -1 never */
    int n = 0, first, row = start, column = -1;
    memset(row_at, -1, sizeof row_at);
    memset(column_at, -1, sizeof column_at);
    for (;;) {
        uint32_t along = t->in_row[row] & ~(column < 0 ? 0 : 1u << column);
        if (!along) {
            return 0;
        }
        row_at[row] = n;
        column = __builtin_ctz(along);
        rows[n] = row;
        columns[n++] = column;
        if (column_at[column] >= 0) {
            first = column_at[column];
            break;
        }
        column_at[column] = n;
        row = other_row(t, column, row);
        if (row < 0) {
            return 0;
        }
        rows[n] = row;
        columns[n++] = column;
        if (row_at[row] >= 0) {
            first = row_at[row];
            break;
        }
    }
    memmove(rows, rows + first, (size_t)(n - first) * sizeof *rows);
    memmove(columns, columns + first, (size_t)(n - first) * sizeof *columns);
    return n - first;
}

/* Cells of the walk go up and down in turn until one is whole; which way is drawn so that each
 * stays right on average. */
static void turn_cycle(round_table *t, const int rows[], const int columns[], int n, double chance)
{
    int64_t up = ROUND_ONE, down = ROUND_ONE;
    for (int i = 0; i < n; i++) {
        int64_t f = t->fraction[rows[i]][columns[i]], g = ROUND_ONE - f;
        int64_t rise = i % 2 ? f : g, fall = i % 2 ? g : f;
        up = rise < up ? rise : up;
        down = fall < down ? fall : down;
    }
    int64_t length = chance * (double)(up + down) < (double)down ? up : -down;
    for (int i = 0; i < n; i++) {
        t->fraction[rows[i]][columns[i]] += i % 2 ? -length : length;
        keep_bit(t, rows[i], columns[i]);
    }
}

/* Rounds every cell of `cells` (rows x columns doubles) to a whole neighbour; sums that are whole
 * stay as they are, others go to a whole neighbour. */
static void round_cells(uint32_t *out, const double *cells, int rows, int columns, wijk_draw draw)
{
    round_table t;
    t.rows = rows + 1;
    t.columns = columns + 1;
    memset(t.in_row, 0, sizeof t.in_row);
    memset(t.in_column, 0, sizeof t.in_column);
    for (int r = 0; r < t.rows; r++) {
        memset(t.fraction[r], 0, sizeof t.fraction[r]);
    }
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            double value = cells[r * columns + c];
            out[r * columns + c] = (uint32_t)value;
            double f = (value - (double)out[r * columns + c]) * (double)ROUND_ONE;
            t.fraction[r][c] = (int64_t)f;
        }
    }
    for (int r = 0; r < rows; r++) {
        int64_t sum = 0;
        for (int c = 0; c < columns; c++) {
            sum += t.fraction[r][c];
        }
        t.fraction[r][columns] = (ROUND_ONE - sum % ROUND_ONE) % ROUND_ONE;
    }
    for (int c = 0; c < t.columns; c++) {
        int64_t sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += t.fraction[r][c];
        }
        t.fraction[rows][c] = (ROUND_ONE - sum % ROUND_ONE) % ROUND_ONE;
        for (int r = 0; r < t.rows; r++) {
            keep_bit(&t, r, c);
        }
    }
    for (int r = 0; r < t.rows; r++) {
        while (t.in_row[r]) {
            int at_rows[2 * ROUND_ROWS + 2], at_columns[2 * ROUND_ROWS + 2];
            int n = find_cycle(at_rows, at_columns, &t, r);
            if (n == 0) {
                break; /* cannot be: the sums are whole */
            }
            turn_cycle(&t, at_rows, at_columns, n, wijk_rng_uniform(draw));
            draw.nth++;
        }
        for (int c = 0; r < rows && c < columns; c++) {
            out[r * columns + c] += t.fraction[r][c] == ROUND_ONE;
        }
    }
}

/* Scales cells to whole row and column sums; rows first, so that columns end exact but for a
 * last rounding of doubles. Zero rows and columns stay zero. */
static void scale_cells(double *cells, const double *row, const double *column, int rows,
                        int columns, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        double sum_of[WHOLE_COLUMNS] = {0};
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += cells[r * columns + c];
            }
            double factor = sum > 0 ? row[r] / sum : 0;
            for (int c = 0; c < columns; c++) {
                cells[r * columns + c] *= factor;
                sum_of[c] += cells[r * columns + c];
            }
        }
        double worst = 0;
        for (int c = 0; c < columns; c++) {
            worst = fmax(worst, fabs(sum_of[c] - column[c]));
            sum_of[c] = sum_of[c] > 0 ? column[c] / sum_of[c] : 0;
        }
        if (worst < 1e-6 || round + 1 == rounds) {
            return; /* rows are exact; columns nearly */
        }
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                cells[r * columns + c] *= sum_of[c];
            }
        }
    }
}

/* Whole households per segment and tenure: totals by income group and by tenure are as asked. */
static void whole_columns(uint32_t *out, const seed_table *seed, const fit_table *fit,
                          const whole_target *target, wijk_draw draw)
{
    double group[3 * SEED_TENURES] = {0}, in_segment[WHOLE_COLUMNS] = {0};
    double row[3], column[SEED_TENURES];
    for (size_t i = 0; i < seed->segments; i++) {
        for (int t = 0; t < SEED_TENURES; t++) {
            double sum = 0;
            for (size_t k = 0; k < seed->household_kinds; k++) {
                sum += fit->weight[k][i][t];
            }
            in_segment[i * SEED_TENURES + (size_t)t] = sum;
            /* A trace everywhere: so that whole totals can always be met. */
            group[seed->segment[i].group * SEED_TENURES + t] += sum + 1e-6;
        }
    }
    for (int i = 0; i < 3; i++) {
        row[i] = target->group[i];
        column[i] = target->tenure[i];
    }
    uint32_t whole[3 * SEED_TENURES];
    scale_cells(group, row, column, 3, SEED_TENURES, 400);
    round_cells(whole, group, 3, SEED_TENURES, draw);
    memset(out, 0, WHOLE_COLUMNS * sizeof *out);
    for (int g = 0; g < 3; g++) {
        for (int t = 0; t < SEED_TENURES; t++) {
            double share[SEED_SEGMENTS];
            uint32_t part[SEED_SEGMENTS];
            size_t at[SEED_SEGMENTS], n = 0;
            for (size_t i = 0; i < seed->segments; i++) {
                if (seed->segment[i].group == g) {
                    at[n] = i;
                    share[n++] = in_segment[i * SEED_TENURES + (size_t)t];
                }
            }
            whole_parts(part, share, n, whole[g * SEED_TENURES + t]);
            for (size_t i = 0; i < n; i++) {
                out[at[i] * SEED_TENURES + (size_t)t] = part[i];
            }
        }
    }
}

void whole_area(whole_table *out, const seed_table *seed, const fit_table *fit,
                const fit_margins *margins, const whole_target *target, wijk_draw draw)
{
    memset(out, 0, sizeof *out);
    whole_kinds(out->kind, seed, fit, margins, target, draw);
    draw.nth += 1000;
    uint32_t total[WHOLE_COLUMNS];
    whole_columns(total, seed, fit, target, draw);
    draw.nth += 1000;
    int rows = 0, columns = (int)seed->segments * SEED_TENURES;
    size_t kind_of[SEED_KINDS] = {0};
    double cells[SEED_KINDS * WHOLE_COLUMNS], row[SEED_KINDS] = {0}, column[WHOLE_COLUMNS] = {0};
    for (size_t k = 0; k < seed->household_kinds; k++) {
        if (out->kind[k] == 0) {
            continue;
        }
        kind_of[rows] = k;
        row[rows] = out->kind[k];
        /* A kind that the fit all but ruled out, yet needed to make whole, is as in the country. */
        int known = fit->kind[k] > 1e-9;
        for (int c = 0; c < columns; c++) {
            int i = c / SEED_TENURES, t = c % SEED_TENURES;
            double part = known ? fit->weight[k][i][t] / fit->kind[k] : seed->weight[k][i][t];
            cells[rows * columns + c] = part + 1e-9;
        }
        rows++;
    }
    for (int c = 0; c < columns; c++) {
        column[c] = total[c];
    }
    uint32_t whole[SEED_KINDS * WHOLE_COLUMNS];
    scale_cells(cells, row, column, rows, columns, 60);
    round_cells(whole, cells, rows, columns, draw);
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            out->count[kind_of[r]][c / SEED_TENURES][c % SEED_TENURES] = whole[r * columns + c];
        }
    }
}
