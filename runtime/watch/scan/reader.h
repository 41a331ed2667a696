/* Reads this process's own memory, whatever became of it: in a process of the runtime's own as it stands there, with a
 * handler for what cannot be read; else through the kernel, into a buffer, many pieces a call, which takes four times
 * as long. What vanished meanwhile, guard pages and pages behind a file's end are passed over: nobody can hold anything
 * there. */
#ifndef LEASH_WATCH_READER_H
#define LEASH_WATCH_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

enum { LEASH_READER_PIECES = 256 };

typedef void leash__reader_fn(const unsigned char *data, size_t size, uintptr_t from, void *argument);

struct leash__reader {
    unsigned char *buffer; /* in the arena */
    size_t queued;         /* bytes of the pieces that wait to be read */
    unsigned count;
    struct iovec pieces[LEASH_READER_PIECES];
    bool directly;  /* no buffer; faults are caught */
    int memory;     /* /proc/self/mem, where process_vm_readv is not allowed; -1 as long as it is */
    uint64_t bytes; /* read so far */
    leash__reader_fn *fn;
    void *argument;
};

/* fn gets what was read, one contiguous piece a call, and the address that it was read from. `directly`: where
 * leash__faults_catch was called; fn may be left in its middle then. 0, -ENOMEM. */
int leash__reader_new(struct leash__reader *reader, bool directly, leash__reader_fn *fn, void *argument);
void leash__reader_free(struct leash__reader *reader);
/* Queues [low, high). A range that is cut is continued seven bytes back, so that no word of eight is missed.
 * 0; -EACCES: the kernel lets this process read its memory in no way; -EFAULT: fn read what it could not. */
int leash__reader_add(struct leash__reader *reader, uintptr_t low, uintptr_t high);
/* Reads what is queued. As above. */
int leash__reader_flush(struct leash__reader *reader);

#endif
