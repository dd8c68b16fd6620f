/* Parts of pages in memory, the least recently used let go first. The idea: the name is made of
 * everything that decides the bytes, so nothing ever has to be told that it is out of date. */
#include "web/kept.h"

#include "wijk/limits.h"
#include "wijk/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    char name[WEB_KEPT_NAME];
    char *bytes; /* NULL: free */
    size_t size;
    uint64_t used;
} part;

struct web_kept {
    pthread_mutex_t lock;
    uint64_t tick;
    size_t total;
    part parts[WIJK_MAX_PAGE_PARTS];
};

int web_kept_new(web_kept **out)
{
    web_kept *kept = wijk_alloc(sizeof *kept);
    *out = kept;
    if (!kept) {
        return WIJK_ENOMEM;
    }
    memset(kept, 0, sizeof *kept);
    pthread_mutex_init(&kept->lock, NULL);
    return WIJK_OK;
}

static void drop(web_kept *kept, part *it)
{
    kept->total -= it->size;
    wijk_free(it->bytes);
    *it = (part){.bytes = NULL};
}

void web_kept_free(web_kept *kept)
{
    if (kept) {
        for (size_t i = 0; i < WIJK_MAX_PAGE_PARTS; i++) {
            wijk_free(kept->parts[i].bytes);
        }
        pthread_mutex_destroy(&kept->lock);
        wijk_free(kept);
    }
}

static part *find(web_kept *kept, const char *name)
{
    for (size_t i = 0; i < WIJK_MAX_PAGE_PARTS; i++) {
        if (kept->parts[i].bytes && !strcmp(kept->parts[i].name, name)) {
            return &kept->parts[i];
        }
    }
    return NULL;
}

int web_kept_get(web_kept *kept, wijk_str *out, const char *name)
{
    pthread_mutex_lock(&kept->lock);
    part *it = find(kept, name);
    if (it) {
        it->used = ++kept->tick;
        wijk_str_addn(out, it->bytes, it->size);
    }
    pthread_mutex_unlock(&kept->lock);
    int rc = it ? wijk_str_status(out) : WIJK_OK;
    return rc ? rc : it != NULL;
}

/* The free place, else that of the part used longest ago. */
static part *oldest(web_kept *kept)
{
    part *it = &kept->parts[0];
    for (size_t i = 1; i < WIJK_MAX_PAGE_PARTS && it->bytes; i++) {
        if (!kept->parts[i].bytes || kept->parts[i].used < it->used) {
            it = &kept->parts[i];
        }
    }
    return it;
}

void web_kept_put(web_kept *kept, const char *name, const char *bytes, size_t size)
{
    if (!size || size > WIJK_MAX_PAGE_BYTES / 4 || strlen(name) >= WEB_KEPT_NAME) {
        return;
    }
    char *copy = wijk_alloc(size);
    if (!copy) {
        return;
    }
    memcpy(copy, bytes, size);
    pthread_mutex_lock(&kept->lock);
    part *it = find(kept, name);
    it = it ? it : oldest(kept);
    drop(kept, it);
    snprintf(it->name, sizeof it->name, "%s", name);
    it->bytes = copy;
    it->size = size;
    it->used = ++kept->tick;
    kept->total += size;
    while (kept->total > WIJK_MAX_PAGE_BYTES) {
        part *least = NULL;
        for (size_t i = 0; i < WIJK_MAX_PAGE_PARTS; i++) {
            part *other = &kept->parts[i];
            if (other->bytes && other != it && (!least || other->used < least->used)) {
                least = other;
            }
        }
        drop(kept, least);
    }
    pthread_mutex_unlock(&kept->lock);
}
