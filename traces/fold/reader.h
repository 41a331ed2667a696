/* Events of one segment, decoded and checked one at a time. */
#ifndef LEASH_FOLD_READER_H
#define LEASH_FOLD_READER_H

#include "spool.h"

struct leash__event {
    unsigned kind; /* enum leash_event_kind */
    uint32_t site;
    uint64_t a, b, c; /* c: of a timed kind the time since base_ns, of one with text its length */
    uint64_t at_ns;   /* valid if the kind is timed */
    const char *text; /* valid if the kind has text: c bytes and a zero after them, until the next event */
};

enum leash__read {
    LEASH__READ_EVENT,
    LEASH__READ_BAD,    /* a slot that makes no sense was skipped */
    LEASH__READ_END,    /* nothing more that is valid: the producer is not further yet */
    LEASH__READ_CLOSED, /* nothing more at all: a PAD, or the segment is full */
};

struct leash__reader {
    const struct leash__spool_part *part;
    uint32_t slot; /* the next one to look at */
    char text[LEASH_TEXT_MAX + 16 + 1];
};

enum leash__read leash__read_event(struct leash__reader *reader, struct leash__event *out);
bool leash__event_is_timed(unsigned kind);

#endif
