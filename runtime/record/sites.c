#include "sites.h"

#include "definitions.h"

#include <stdlib.h>
#include <string.h>

#define SITE_STRING_MAX 511 /* longer strings are cut: this runs on a coroutine's stack */

/* A site that was used. Its number is its place in `sites` plus 1. Never freed: events name it until the process ends.
 */
struct site {
    uint32_t hash;
    uint32_t line;
    uint32_t length; /* of text */
    unsigned trace;  /* the trace that it is defined in; 0: none yet */
    char text[];     /* file, function, expression: each terminated, as DEF_SITE has them */
};

/* Guarded by leash__definitions_lock. */
static struct site **sites;
static uint32_t count, room;
static uint32_t *buckets; /* numbers, 0: empty; open addressing, a power of two, at most half full */
static uint32_t bucket_count;

/* ---- the text of a site ---- */

static size_t put(char *into, size_t at, const char *text)
{
    size_t length = text ? strnlen(text, SITE_STRING_MAX) : 0;
    if (length)
        memcpy(into + at, text, length);
    into[at + length] = '\0';
    return at + length + 1;
}

static uint32_t hash_of(const char *text, size_t length, uint32_t line)
{
    uint64_t hash = 0xcbf29ce484222325 ^ line;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
    return (uint32_t)(hash ^ hash >> 32);
}

/* ---- the table ---- */

static uint32_t *bucket_of(const struct site *site)
{
    uint32_t at = site->hash & (bucket_count - 1);
    while (buckets[at]) {
        const struct site *other = sites[buckets[at] - 1];
        if (other->hash == site->hash && other->line == site->line && other->length == site->length &&
            memcmp(other->text, site->text, site->length) == 0)
            break;
        at = (at + 1) & (bucket_count - 1);
    }
    return &buckets[at];
}

static bool grow(void)
{
    uint32_t more = room ? room * 2 : 256;
    uint32_t *new_buckets = calloc(more * 2, sizeof *new_buckets);
    struct site **new_sites = realloc(sites, more * sizeof(*new_sites));
    if (new_sites) {
        sites = new_sites;
        room = new_buckets ? more : room;
    }
    if (!new_sites || !new_buckets) {
        free(new_buckets);
        return false;
    }
    free(buckets);
    buckets = new_buckets;
    bucket_count = more * 2;
    for (uint32_t i = 0; i < count; i++)
        *bucket_of(sites[i]) = i + 1;
    return true;
}

/* The number of a site of this text, 0 without memory. */
static uint32_t intern(const char *text, size_t length, uint32_t line)
{
    if (count == room && !grow())
        return 0;
    struct site *site = malloc(sizeof *site + length);
    if (!site)
        return 0;
    *site = (struct site){hash_of(text, length, line), line, (uint32_t)length, 0};
    memcpy(site->text, text, length);
    uint32_t *bucket = bucket_of(site);
    if (*bucket) {
        free(site);
        return *bucket;
    }
    sites[count] = site;
    *bucket = ++count;
    return count;
}

static bool define(struct leash__events *events, uint32_t number)
{
    struct site *site = sites[number - 1];
    if (site->trace == leash__definitions_trace())
        return true;
    if (!leash__define(events, LEASH_EV_DEF_SITE, number, site->line, site->text, site->length))
        return false;
    site->trace = leash__definitions_trace();
    return true;
}

uint32_t leash__site_define(struct leash__events *events, struct leash_site *site)
{
    char text[3 * (SITE_STRING_MAX + 1)];
    size_t length = put(text, put(text, put(text, 0, site->file), site->func), site->expr);
    pthread_mutex_lock(&leash__definitions_lock);
    uint32_t number = intern(text, length, site->line);
    if (number && define(events, number))
        __atomic_store_n(&site->id, number, __ATOMIC_RELEASE);
    else
        number = 0;
    pthread_mutex_unlock(&leash__definitions_lock);
    return number;
}

void leash__sites_redefine(struct leash__events *events)
{
    pthread_mutex_lock(&leash__definitions_lock);
    for (uint32_t number = 1; number <= count; number++)
        define(events, number);
    pthread_mutex_unlock(&leash__definitions_lock);
}
