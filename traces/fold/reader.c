#include "reader.h"

#include <string.h>

enum { TEXT_BYTES = 16, WORDS = 3 };

#define X_ LEASH_EVENT_TEXT
#define T_ LEASH_EVENT_TIMED
static const unsigned char event_flags[LEASH_EV_COUNT] = {
#define X(name, flags, doc) [LEASH_EV_##name] = flags,
    LEASH_EVENT_KINDS(X)
#undef X
};
#undef T_
#undef X_

bool leash__event_is_timed(unsigned kind)
{
    return event_flags[kind] & LEASH_EVENT_TIMED;
}

/* Loads slot `number` if it is valid: word 0 was written last. */
static bool leash_load(const struct leash__reader *reader, uint32_t number, uint64_t word[WORDS])
{
    if (number >= reader->part->slots_count)
        return false;
    const uint64_t *slot = reader->part->slots + (size_t)number * WORDS;
    word[0] = __atomic_load_n(&slot[0], __ATOMIC_ACQUIRE);
    if (word[0] >> 40 != reader->part->generation)
        return false;
    word[1] = slot[1];
    word[2] = slot[2];
    return true;
}

static unsigned leash_kind(const uint64_t word[WORDS])
{
    return word[0] >> 32 & 0xff;
}

/* Collects the text that follows the record at reader->slot. EVENT, END if it is not all there yet, BAD if what
 * follows is no text. */
static enum leash__read leash_read_text(struct leash__reader *reader, struct leash__event *event, uint32_t *slots)
{
    if (event->c > LEASH_TEXT_MAX)
        return LEASH__READ_BAD;
    uint32_t count = (uint32_t)(event->c + TEXT_BYTES - 1) / TEXT_BYTES;
    if (count >= reader->part->slots_count - reader->slot)
        return LEASH__READ_BAD; /* it would not fit into the segment */
    for (uint32_t i = 0; i < count; i++) {
        uint64_t word[WORDS];
        if (!leash_load(reader, reader->slot + 1 + i, word))
            return LEASH__READ_END;
        if (leash_kind(word) != LEASH_EV_TEXT)
            return LEASH__READ_BAD;
        memcpy(reader->text + (size_t)i * TEXT_BYTES, &word[1], TEXT_BYTES);
    }
    reader->text[event->c] = '\0';
    event->text = reader->text;
    *slots += count;
    return LEASH__READ_EVENT;
}

static void leash_decode(const struct leash__reader *reader, const uint64_t word[WORDS], struct leash__event *out)
{
    out->kind = leash_kind(word);
    out->site = (uint32_t)word[0];
    out->a = word[1] >> 24;
    out->b = word[2] >> 24;
    out->c = (word[1] & 0xffffff) << 24 | (word[2] & 0xffffff);
    out->at_ns = reader->part->base_ns + out->c;
    out->text = NULL;
}

enum leash__read leash__read_event(struct leash__reader *reader, struct leash__event *out)
{
    uint64_t word[WORDS];
    if (reader->slot >= reader->part->slots_count)
        return LEASH__READ_CLOSED;
    if (!leash_load(reader, reader->slot, word))
        return LEASH__READ_END;
    leash_decode(reader, word, out);
    if (out->kind == LEASH_EV_PAD)
        return LEASH__READ_CLOSED;
    enum leash__read read = LEASH__READ_EVENT;
    uint32_t slots = 1;
    if (out->kind == LEASH_EV_NONE || out->kind == LEASH_EV_TEXT || out->kind >= LEASH_EV_COUNT)
        read = LEASH__READ_BAD;
    else if (event_flags[out->kind] & LEASH_EVENT_TEXT)
        read = leash_read_text(reader, out, &slots);
    if (read != LEASH__READ_END)
        reader->slot += slots;
    return read;
}
