/* A spool in memory, written by hand: what a recorder would have left behind. */
#ifndef LEASH_SPOOL_MAKER_H
#define LEASH_SPOOL_MAKER_H

#include <stddef.h>
#include <stdint.h>
#include <trace_format.h>

enum { SPOOL_THREADS = 8 };

struct spool_maker {
    unsigned char *map; /* header and segments, as a file would hold them */
    size_t size;
    uint32_t segments, segment_size;
    uint32_t taken; /* segments in use; they are taken in order */
    struct spool_thread {
        struct leash_segment_header *segment; /* NULL: none yet */
        uint64_t *at, *end;
        uint64_t sequence, last_ns;
    } threads[SPOOL_THREADS]; /* thread 1 is threads[1] */
};

/* Room for `segments` segments of `slots` slots each. Aborts without memory. */
struct spool_maker *spool_maker_new(uint32_t segments, uint32_t slots);
void spool_maker_free(struct spool_maker *maker);

/* An event without a time; c is a third id. The next segment is taken where one is full. */
void spool_put(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
               uint64_t c);
/* An event at a time (ns since the run began). */
void spool_at(struct spool_maker *maker, uint32_t thread, uint64_t now, unsigned kind, uint32_t site, uint64_t a,
              uint64_t b);
/* A record with text, and one with a string. */
void spool_text(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                const void *text, size_t length);
void spool_string(struct spool_maker *maker, uint32_t thread, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                  const char *text);
void spool_site(struct spool_maker *maker, uint32_t thread, uint32_t site, const char *file, unsigned line,
                const char *func, const char *expr);
/* Closes the thread's segment with a PAD; its next event takes another one. */
void spool_close(struct spool_maker *maker, uint32_t thread);
/* Takes a segment for the thread now. */
void spool_take(struct spool_maker *maker, uint32_t thread);

/* All segments are free again: what they held must have been folded. */
void spool_recycle(struct spool_maker *maker);

/* Segment `number` and its slots (three words each). */
struct leash_segment_header *spool_segment(const struct spool_maker *maker, uint32_t number);
uint64_t *spool_slots(const struct spool_maker *maker, uint32_t number);
uint32_t spool_slots_count(const struct spool_maker *maker);

#endif
