/* The stack of another thread. One that waits in the kernel is not disturbed: a signal would cut its sleep or its poll
 * short. The kernel tells its stack pointer and where it will go on, and the stack can be read as it is; it is believed
 * if the thread stood at the same place before and after.
 * What /proc/self/task/TID/syscall says: proc(5). */
#include "glimpse.h"
#include "interned.h"

#include <arena.h>
#include <definitions.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

size_t leash__memory_copy(void *to, uintptr_t low, size_t size)
{
    enum { PART = 4096 };
    size_t done = 0;
    while (done < size) { /* up to a page that cannot be read */
        size_t part = PART - (low + done) % PART;
        struct iovec into = {(char *)to + done, part < size - done ? part : size - done};
        struct iovec from = {(void *)(low + done), into.iov_len}; // NOLINT: an address of the other thread
        ssize_t copied = process_vm_readv(getpid(), &into, 1, &from, 1, 0);
        if (copied <= 0)
            break;
        done += (size_t)copied;
    }
    return done;
}

static bool read_state(int tid, char *text, size_t room)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, text, room - 1) : -1;
    if (fd >= 0)
        close(fd);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static bool says_that_it_runs(const char *state)
{
    return strncmp(state, "running", 7) == 0;
}

int leash__thread_waits(int tid)
{
    char state[256];
    return read_state(tid, state, sizeof state) ? !says_that_it_runs(state) : -1;
}

/* The last two numbers: the stack pointer and the program counter. */
static bool read_registers(const char *state, struct leash__registers *out)
{
    const char *pc = strrchr(state, ' '), *sp = pc;
    while (sp && sp > state && *--sp != ' ')
        ;
    if (!sp || sp == state)
        return false;
    *out = (struct leash__registers){.sp = strtoull(sp, NULL, 16), .pc = strtoull(pc, NULL, 16)};
    return out->sp && out->pc;
}

static bool glimpse_waiting(int tid, const char *state, struct leash__glimpse *out)
{
    char after[256];
    if (!read_registers(state, &out->registers))
        return false;
    out->all_registers = false;
    out->size = leash__memory_copy(out->stack, out->registers.sp, LEASH_GLIMPSE_SIZE);
    return out->size && read_state(tid, after, sizeof after) && strcmp(state, after) == 0;
}

static struct leash__stack_entry *entry_of(const struct leash__glimpse *glimpse)
{
    static uintptr_t addresses[LEASH_STACK_WALK];
    static struct leash__stack_build build;
    pthread_mutex_lock(&leash__definitions_lock);
    leash__stacks_look_again();
    build.depth = 0;
    size_t count = leash__glimpse_walk(glimpse, addresses, LEASH_STACK_WALK);
    leash__stack_add_any(&build, addresses, count, glimpse->all_registers);
    struct leash__stack_entry *entry = leash__stack_built(&build);
    pthread_mutex_unlock(&leash__definitions_lock);
    return entry;
}

struct leash__stack_entry *leash__stack_of_thread(int tid, bool *runs)
{
    enum { TRIES = 3 }; /* it may begin to wait, or go on, while it is looked at */
    char state[256];
    struct leash__stack_entry *entry = NULL;
    int saved = errno;
    struct leash__glimpse *glimpse = leash__arena_map(sizeof *glimpse); /* no scan finds handles in it */
    for (int i = 0; glimpse && !entry && i < TRIES && read_state(tid, state, sizeof state); i++) {
        *runs = says_that_it_runs(state);
        if (*runs ? leash__glimpse_by_signal(tid, glimpse) : glimpse_waiting(tid, state, glimpse))
            entry = entry_of(glimpse);
    }
    if (glimpse)
        leash__arena_unmap(glimpse, sizeof *glimpse);
    errno = saved;
    return entry;
}
