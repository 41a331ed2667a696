#include "spool_maker.h"

#include <stdlib.h>
#include <string.h>

static void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct spool_maker *spool_maker_new(uint32_t segments, uint32_t slots)
{
    struct spool_maker *maker = need(calloc(1, sizeof(*maker)));
    maker->segments = segments;
    maker->segment_size = (uint32_t)sizeof(struct leash_segment_header) + slots * LEASH_SLOT_SIZE;
    maker->size = LEASH_SPOOL_HEADER_SIZE + (size_t)segments * maker->segment_size;
    maker->map = need(calloc(1, maker->size));
    struct leash_spool_header *header = (void *)maker->map;
    header->magic = LEASH_SPOOL_MAGIC;
    header->version = LEASH_SPOOL_VERSION;
    header->segment_size = maker->segment_size;
    header->segments = segments;
    header->pid = 4711;
    return maker;
}

void spool_maker_free(struct spool_maker *maker)
{
    free(maker->map);
    free(maker);
}

struct leash_segment_header *spool_segment(const struct spool_maker *maker, uint32_t number)
{
    return (void *)(maker->map + LEASH_SPOOL_HEADER_SIZE + (size_t)number * maker->segment_size);
}

uint64_t *spool_slots(const struct spool_maker *maker, uint32_t number)
{
    return (void *)(spool_segment(maker, number) + 1);
}

uint32_t spool_slots_count(const struct spool_maker *maker)
{
    return (maker->segment_size - (uint32_t)sizeof(struct leash_segment_header)) / LEASH_SLOT_SIZE;
}

void spool_take(struct spool_maker *maker, uint32_t thread)
{
    struct spool_thread *to = &maker->threads[thread];
    if (maker->taken == maker->segments)
        abort();
    struct leash_spool_header *header = (void *)maker->map;
    struct leash_segment_header *segment = spool_segment(maker, maker->taken);
    uint64_t *slots = spool_slots(maker, maker->taken++);
    segment->magic = LEASH_SEGMENT_MAGIC;
    segment->thread = thread;
    segment->sequence = ++to->sequence;
    segment->base_ns = segment->first_ns = to->last_ns;
    segment->generation = ++header->generation;
    to->segment = segment;
    to->at = slots;
    to->end = slots + (size_t)spool_slots_count(maker) * 3;
}

static struct spool_thread *room(struct spool_maker *maker, uint32_t thread, size_t slots)
{
    struct spool_thread *to = &maker->threads[thread];
    if (to->segment && to->at + slots * 3 > to->end)
        spool_close(maker, thread);
    if (!to->segment)
        spool_take(maker, thread);
    return to;
}

static void put_words(struct spool_thread *to, unsigned kind, uint32_t site, uint64_t word1, uint64_t word2)
{
    to->at[1] = word1;
    to->at[2] = word2;
    to->at[0] = (uint64_t)to->segment->generation << 40 | (uint64_t)kind << 32 | site;
    to->at += 3;
}

static void put(struct spool_thread *to, unsigned kind, uint32_t site, uint64_t a, uint64_t b, uint64_t c)
{
    put_words(to, kind, site, a << 24 | (c >> 24 & 0xffffff), b << 24 | (c & 0xffffff));
}

void spool_put(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
               uint64_t c)
{
    put(room(maker, thread, 1), kind, site, a, b, c);
}

void spool_at(struct spool_maker *maker, uint32_t thread, uint64_t now, unsigned kind, uint32_t site, uint64_t a,
              uint64_t b)
{
    struct spool_thread *to = room(maker, thread, 1);
    to->last_ns = now;
    put(to, kind, site, a, b, now - to->segment->base_ns);
}

void spool_text(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                const void *text, size_t length)
{
    const size_t pieces = (length + 15) / 16;
    struct spool_thread *to = room(maker, thread, 1 + pieces);
    put(to, kind, site, a, b, length);
    for (size_t i = 0; i < pieces; i++) {
        uint64_t words[2] = {0, 0};
        memcpy(words, (const char *)text + i * 16, length - i * 16 < 16 ? length - i * 16 : 16);
        put_words(to, LEASH_EV_TEXT, 0, words[0], words[1]);
    }
}

void spool_string(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                  const char *text)
{
    spool_text(maker, thread, kind, site, a, b, text, strlen(text));
}

void spool_site(struct spool_maker *maker, uint32_t thread, uint32_t site, const char *file, unsigned line,
                const char *func, const char *expr)
{
    char text[512];
    size_t length = 0;
    const char *const parts[] = {file, func, expr};
    for (int i = 0; i < 3; i++) {
        memcpy(text + length, parts[i], strlen(parts[i]) + 1);
        length += strlen(parts[i]) + 1;
    }
    spool_text(maker, thread, LEASH_EV_DEF_SITE, 0, site, line, text, length);
}

void spool_recycle(struct spool_maker *maker)
{
    for (uint32_t thread = 0; thread < SPOOL_THREADS; thread++)
        spool_close(maker, thread);
    for (uint32_t number = 0; number < maker->taken; number++)
        spool_segment(maker, number)->generation = 0;
    maker->taken = 0;
}

void spool_close(struct spool_maker *maker, uint32_t thread)
{
    struct spool_thread *to = &maker->threads[thread];
    if (to->segment && to->at < to->end)
        put(to, LEASH_EV_PAD, 0, 0, 0, 0);
    to->segment = NULL;
}
