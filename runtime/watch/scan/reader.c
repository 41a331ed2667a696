#include "reader.h"

#include "faults.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

enum { BUFFER = 256 * 1024, OVERLAP = 7 };

int leash__reader_new(struct leash__reader *reader, bool directly, leash__reader_fn *fn, void *argument)
{
    reader->directly = directly;
    reader->buffer = directly ? NULL : leash__arena_map(BUFFER);
    if (!directly && !reader->buffer)
        return -ENOMEM;
    reader->queued = 0;
    reader->count = 0;
    reader->memory = -1;
    reader->bytes = 0;
    reader->fn = fn;
    reader->argument = argument;
    return 0;
}

void leash__reader_free(struct leash__reader *reader)
{
    leash__arena_unmap(reader->buffer, BUFFER);
    reader->buffer = NULL;
    if (reader->memory >= 0)
        close(reader->memory);
    reader->memory = -1;
}

/* Reads pieces[first...] into the buffer. Bytes read (a short answer: the next one cannot be read), -EACCES. */
static ssize_t read_pieces(struct leash__reader *reader, unsigned first)
{
    const struct iovec *pieces = &reader->pieces[first];
    struct iovec into = {reader->buffer, BUFFER};
    ssize_t got;
    if (reader->memory < 0) {
        got = process_vm_readv(gettid(), &into, 1, pieces, reader->count - first, 0);
        if (got >= 0 || errno == EFAULT)
            return got < 0 ? 0 : got;
        reader->memory = open("/proc/thread-self/mem", O_RDONLY | O_CLOEXEC); /* seccomp filters forbid the call only */
        if (reader->memory < 0)
            return -EACCES;
    }
    got = pread(reader->memory, reader->buffer, pieces->iov_len, (off_t)(uintptr_t)pieces->iov_base);
    if (got < 0 && errno != EIO && errno != EFAULT)
        return -EACCES;
    return got < 0 ? 0 : got;
}

/* Drops what cannot be read from the front of a piece: the rest of a page. False if nothing remains. */
static bool skip_page(struct iovec *piece, size_t done)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)piece->iov_base, at = (from + done) / page * page + page;
    if (at - from >= piece->iov_len)
        return false;
    piece->iov_len -= at - from;
    piece->iov_base = (void *)at;
    return true;
}

int leash__reader_flush(struct leash__reader *reader)
{
    for (unsigned first = 0; first < reader->count;) {
        ssize_t got = read_pieces(reader, first);
        if (got < 0)
            return (int)got;
        const unsigned char *data = reader->buffer;
        size_t left = (size_t)got;
        reader->bytes += left;
        for (; first < reader->count && left >= reader->pieces[first].iov_len; first++) {
            reader->fn(data, reader->pieces[first].iov_len, (uintptr_t)reader->pieces[first].iov_base,
                       reader->argument);
            data += reader->pieces[first].iov_len;
            left -= reader->pieces[first].iov_len;
        }
        if (first == reader->count || (reader->memory >= 0 && got > 0 && !left))
            continue; /* all read; or one piece, which is all that one pread reads */
        if (left)
            reader->fn(data, left, (uintptr_t)reader->pieces[first].iov_base, reader->argument);
        if (!skip_page(&reader->pieces[first], left))
            first++;
    }
    reader->count = 0;
    reader->queued = 0;
    return 0;
}

static void read_piece(void *argument)
{
    const struct leash__reader *reader = argument;
    const struct iovec *piece = reader->pieces;
    reader->fn(piece->iov_base, piece->iov_len, (uintptr_t)piece->iov_base, reader->argument);
}

/* *end: `high`, or the page that could not be read. -EFAULT: fn could not read something else. */
static int read_until(struct leash__reader *reader, uintptr_t low, uintptr_t high, uintptr_t *end)
{
    reader->pieces[0] = (struct iovec){(void *)low, high - low};
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), fault = leash__faults_guard(read_piece, reader);
    *end = fault ? fault / page * page : high;
    return fault && (fault < low || fault >= high) ? -EFAULT : 0;
}

/* fn was left before it was through with what can be read: it gets that once more, alone. */
static int read_directly(struct leash__reader *reader, uintptr_t low, uintptr_t high)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), end = low;
    int rc = 0;
    reader->bytes += high - low;
    for (; rc == 0 && low < high; low = end + page) {
        rc = read_until(reader, low, high, &end);
        if (rc < 0 || end >= high)
            break;
        if (end > low)
            rc = read_until(reader, low, end, &end);
    }
    return rc;
}

int leash__reader_add(struct leash__reader *reader, uintptr_t low, uintptr_t high)
{
    if (reader->directly)
        return read_directly(reader, low, high);
    while (low < high) {
        size_t size = high - low;
        if (size > BUFFER - reader->queued)
            size = BUFFER - reader->queued;
        reader->pieces[reader->count++] = (struct iovec){(void *)low, size};
        reader->queued += size;
        if (reader->count == LEASH_READER_PIECES || BUFFER - reader->queued < 2 * OVERLAP) {
            int rc = leash__reader_flush(reader);
            if (rc < 0)
                return rc;
        }
        if (low + size == high)
            break;
        low += size - OVERLAP;
    }
    return 0;
}
