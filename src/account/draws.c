/* What could come out: every uncertain factor drawn from its triangle, many times. The idea: a draw
 * belongs to the name of what is uncertain ("price:P-03", "reach:"), not to a line, so that lines
 * that share an assumption are wrong together, and neither the order of the lines nor the number of
 * threads moves a bit. Triangular inverse: Kotz & van Dorp 2004, Beyond Beta, chapter 1. */
#include "account/internal.h"
#include "account/kernel.h"

#include "wijk/map.h"
#include "wijk/stats.h"
#include "wijk/threads.h"

#include <math.h>
#include <string.h>

enum { BLOCK = ACCOUNT_BLOCK };

typedef struct {
    size_t key;
    wijk_range range;
    double plus, times; /* counts as plus + times * x */
} uncertain;

typedef struct {
    double constant; /* product of everything that is certain */
    uncertain factors[WIJK_FACTORS];
    size_t count;
    int fades; /* drop-off is uncertain: then it is none of `factors` */
    uncertain fading;
    double year[WIJK_MAX_YEARS]; /* discounted profile from year 0 of the line */
    int years;
} plan;

typedef struct {
    const wijk_account *account;
    wijk_account_result *result;
    const double *share;
    plan *plans;    /* [line]; constant 0 where the line does not count */
    uint64_t *keys; /* hash of each name */
    size_t key_count, block_count;
    uint64_t seed;
    const account_kernel *kernel;
    uint32_t *bits; /* [worker][key][BLOCK] */
    double *draws;  /* [party][blocks * BLOCK] */
} drawing;

/* FNV-1a: the same on every machine. */
static uint64_t hash(const char *text)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (; *text; text++) {
        h = (h ^ (unsigned char)*text) * 0x100000001B3u;
    }
    return h;
}

static int key_of(size_t *out, drawing *d, wijk_map *names, const wijk_account_line *line,
                  enum wijk_factor factor)
{
    char name[160];
    int64_t at;
    account_factor_key(name, sizeof name, line, factor);
    size_t size = strlen(name);
    int rc = WIJK_OK;
    if (!wijk_map_get(names, name, size, &at)) {
        at = (int64_t)d->key_count;
        d->keys[d->key_count++] = hash(name);
        rc = wijk_map_set(names, name, size, at);
    }
    *out = (size_t)at;
    return rc;
}

static int plan_line(drawing *d, wijk_map *names, size_t i, double money)
{
    const wijk_account_line *line = &d->account->lines[i];
    plan *p = &d->plans[i];
    double discount = 1;
    int rc = WIJK_OK;
    p->constant = money;
    p->years = line->years;
    for (int k = 0; k < line->start + line->years; k++) {
        if (k >= line->start) {
            p->year[k - line->start] = discount * line->profile[k - line->start];
        }
        discount /= 1 + d->account->discount;
    }
    for (int f = 0; !rc && f < WIJK_FACTORS; f++) {
        const wijk_range *range = &line->factor[f];
        int taken_off = f == WIJK_DEADWEIGHT || f == WIJK_DISPLACEMENT;
        uncertain it = {.range = *range, .plus = taken_off, .times = taken_off ? -1 : 1};
        if (range->low < range->high) {
            rc = key_of(&it.key, d, names, line, (enum wijk_factor)f);
            if (f == WIJK_DROPOFF) {
                p->fades = 1;
                p->fading = it;
            } else {
                p->factors[p->count++] = it;
            }
        } else if (f != WIJK_DROPOFF) {
            p->constant *= account_multiplier((enum wijk_factor)f, range->central);
        }
    }
    if (!p->fades) {
        p->constant *=
            account_years(line, d->account->discount, line->factor[WIJK_DROPOFF].central);
    }
    return rc;
}

/* ---- one block of draws
 * ---------------------------------------------------------------------------- */

/* Years with an uncertain drop-off: a polynomial in what is left each year (Horner). */
static void fade(double *restrict value, const drawing *d, const plan *p, const uint32_t *bits)
{
    double left[BLOCK];
    for (size_t i = 0; i < BLOCK; i++) {
        left[i] = 1;
    }
    d->kernel->multiply(left, bits, &p->fading.range, 1, -1);
    for (size_t i = 0; i < BLOCK; i++) {
        double sum = 0;
        for (int k = p->years - 1; k >= 0; k--) {
            sum = sum * left[i] + p->year[k];
        }
        value[i] *= sum;
    }
}

static int draw_block(void *payload, size_t block, unsigned worker)
{
    drawing *d = payload;
    size_t parties = d->result->party_count, stride = d->block_count * BLOCK;
    uint32_t *bits = d->bits + (size_t)worker * d->key_count * BLOCK;
    double value[BLOCK];
    for (size_t key = 0; key < d->key_count; key++) {
        d->kernel->bits(bits + key * BLOCK, d->seed, d->keys[key], (uint32_t)block);
    }
    for (size_t i = 0; i < d->account->count; i++) {
        const plan *p = &d->plans[i];
        if (p->constant == 0) {
            continue;
        }
        for (size_t k = 0; k < BLOCK; k++) {
            value[k] = p->constant;
        }
        for (size_t f = 0; f < p->count; f++) {
            const uncertain *it = &p->factors[f];
            d->kernel->multiply(value, bits + it->key * BLOCK, &it->range, it->plus, it->times);
        }
        if (p->fades) {
            fade(value, d, p, bits + p->fading.key * BLOCK);
        }
        for (size_t q = 0; q < parties; q++) {
            double share = d->share[i * parties + q];
            if (share != 0) {
                d->kernel->add(d->draws + q * stride + block * BLOCK, value, share);
            }
        }
    }
    return WIJK_OK;
}

/* ---- what the draws say
 * ------------------------------------------------------------------------------ */

/* Puts the value of rank `k` in its place, smaller ones before it (Hoare's selection). */
static double rank(double *v, size_t low, size_t high, size_t k)
{
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (v[i] < pivot) {
                i++;
            }
            while (v[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            double swap = v[i];
            v[i++] = v[j];
            v[j--] = swap;
        }
        if (k <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return v[k];
}

/* Type 7, as wijk_quantile, without sorting everything. */
static double quantile(double *v, size_t n, double p)
{
    double at = (double)(n - 1) * p;
    size_t k = (size_t)at;
    double low = rank(v, 0, n - 1, k);
    double high = low;
    if (k + 1 < n) {
        high = v[k + 1];
        for (size_t i = k + 2; i < n; i++) {
            high = v[i] < high ? v[i] : high;
        }
    }
    return low + (at - (double)k) * (high - low);
}

static int sum_up(void *payload, size_t party, unsigned worker)
{
    (void)worker;
    drawing *d = payload;
    wijk_party *p = &d->result->parties[party];
    size_t n = d->result->draws, good = 0;
    double *v = d->draws + party * d->block_count * BLOCK;
    wijk_sum sum = {0, 0}, squares = {0, 0};
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&sum, v[i]);
        good += v[i] > -0.5; /* less than half a cent is rounding */
    }
    p->mean = wijk_sum_value(&sum) / (double)n;
    for (size_t i = 0; i < n; i++) {
        wijk_sum_add(&squares, (v[i] - p->mean) * (v[i] - p->mean));
    }
    p->mean_error = n > 1 ? sqrt(wijk_sum_value(&squares) / (double)(n - 1) / (double)n) : NAN;
    p->chance = (double)good / (double)n;
    p->low = quantile(v, n, 0.05);
    p->median = quantile(v, n, 0.5);
    p->high = quantile(v, n, 0.95);
    return WIJK_OK;
}

static int make_plans(drawing *d, double money)
{
    wijk_map *names = NULL;
    int rc = wijk_map_new(&names);
    for (size_t i = 0; !rc && i < d->account->count; i++) {
        if (account_counts(&d->account->lines[i], d->result->stage)) {
            rc = plan_line(d, names, i, money);
        }
    }
    wijk_map_free(names);
    return rc;
}

int account_draw(wijk_account_result *result, const wijk_account *account, const double *share,
                 const wijk_account_options *options, double money, wijk_ctx *ctx)
{
    drawing d = {.account = account,
                 .result = result,
                 .share = share,
                 .seed = options->seed,
                 .kernel = account_kernel_best()};
    result->draws = options->draws;
    d.block_count = (options->draws + BLOCK - 1) / BLOCK;
    d.plans = wijk_alloc(account->count * sizeof *d.plans);
    d.keys = wijk_alloc(account->count * WIJK_FACTORS * sizeof *d.keys);
    int rc = d.plans && d.keys ? make_plans(&d, money) : WIJK_ENOMEM;
    unsigned threads = wijk_threads(options->threads, d.block_count);
    if (!rc) {
        d.bits = wijk_alloc(((size_t)threads * d.key_count + 1) * BLOCK * sizeof *d.bits);
        d.draws = wijk_alloc(result->party_count * d.block_count * BLOCK * sizeof *d.draws);
        rc = d.bits && d.draws ? WIJK_OK : WIJK_ENOMEM;
    }
    rc = rc ? rc : wijk_parallel(threads, d.block_count, draw_block, &d, ctx);
    rc = rc ? rc
            : wijk_parallel(wijk_threads(options->threads, result->party_count),
                            result->party_count, sum_up, &d, ctx);
    wijk_free(d.plans);
    wijk_free(d.keys);
    wijk_free(d.bits);
    wijk_free(d.draws);
    return rc;
}
