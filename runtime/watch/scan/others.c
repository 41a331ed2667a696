#include "others.h"

#include "raw_call.h"

#include <errno.h>
#include <fcntl.h>
#include <own_threads.h>
#include <sys/stat.h>

enum { PATIENCE_NS = 200 * 1000 * 1000 }; /* for all of them together; those that stop first stand still meanwhile */

#define CALL LEASH__RAW_CALL

/* ---- the threads that are known ---- */

/* Where a thread is, or where it would go. */
static struct leash__other *place_of(struct leash__others *others, pid_t tid)
{
    size_t at = (uint32_t)tid * 0x9e3779b9u & (others->room - 1);
    while (others->threads[at].state != LEASH_OTHER_NONE && others->threads[at].tid != tid)
        at = (at + 1) & (others->room - 1);
    return &others->threads[at];
}

static size_t alive(const struct leash__others *others)
{
    size_t count = 0;
    for (size_t i = 0; i < others->room; i++)
        count += others->threads[i].state != LEASH_OTHER_NONE && others->threads[i].state != LEASH_OTHER_GONE;
    return count;
}

/* ---- what the kernel says of one ---- */

static char *put_number(char *at, pid_t number)
{
    char digits[12];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
    } while (number /= 10);
    while (count)
        *at++ = digits[--count];
    return at;
}

size_t leash__other_read(const struct leash__others *others, pid_t tid, const char *name, char *text, size_t room)
{
    char path[32], *end = put_number(path, tid);
    while (*name && end < path + sizeof path - 1)
        *end++ = *name++;
    *end = '\0';
    long file = CALL(SYS_openat, others->tasks, path, O_RDONLY | O_CLOEXEC, 0);
    long size = file < 0 ? 0 : CALL(SYS_read, file, text, room - 1, 0);
    if (file >= 0)
        CALL(SYS_close, file, 0, 0, 0);
    text[size > 0 ? size : 0] = '\0';
    return size > 0 ? (size_t)size : 0;
}

/* The state and the flags of "1234 (name) S 1 2 3 4 5 flags": fields 3 and 9 of proc(5). */
static bool read_stat(const struct leash__others *others, pid_t tid, char *state, unsigned long *flags)
{
    char text[256];
    const char *end = text + leash__other_read(others, tid, "/stat", text, sizeof text), *after = NULL;
    for (const char *at = text; at < end; at++)
        if (*at == ')')
            after = at;
    if (!after || after + 2 >= end)
        return false;
    *state = after[2];
    *flags = 0;
    int field = 2;
    for (const char *at = after + 1; at < end && field <= 9; at++) {
        if (*at == ' ')
            field++;
        else if (field == 9)
            *flags = *flags * 10 + (unsigned long)(*at - '0');
    }
    return true;
}

bool leash__other_is_inert(const struct leash__others *others, pid_t tid)
{
    enum { IO_WORKER = 0x10 };
    char state;
    unsigned long flags;
    return read_stat(others, tid, &state, &flags) && (state == 'Z' || state == 'X' || flags & IO_WORKER);
}

/* ---- all of them ---- */

/* What the kernel writes for each entry of a directory: getdents(2). */
struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short size;
    unsigned char type;
    char name[];
};

struct halt {
    struct leash__others *others;
    const struct leash__way *way;
    void *argument;
    bool fresh; /* somebody was met that was not known */
};

static int meet(struct halt *halt, const char *name)
{
    struct leash__others *others = halt->others;
    pid_t tid = 0;
    for (; *name >= '0' && *name <= '9'; name++) // NOLINT: the kernel wrote it
        tid = tid * 10 + (*name - '0');
    if (!tid || tid == others->caller)
        return 0;
    struct leash__other *thread = place_of(others, tid);
    if (thread->state == LEASH_OTHER_NONE) {
        if (others->used >= others->room / 4 * 3)
            return -ENOBUFS;
        others->used++;
    } else if (thread->state != LEASH_OTHER_GONE) {
        return 0;
    }
    *thread = (struct leash__other){.tid = tid, .state = LEASH_OTHER_INERT};
    halt->fresh = true;
    return leash__own_thread_is_aside(tid) ? 0 : halt->way->tell(halt->argument, thread);
}

static int meet_all(struct halt *halt)
{
    _Alignas(struct entry) char buffer[1024]; /* a task's stack may be small */
    CALL(SYS_lseek, halt->others->tasks, 0, SEEK_SET, 0);
    for (;;) {
        long size = CALL(SYS_getdents64, halt->others->tasks, buffer, sizeof buffer, 0);
        if (size < 0)
            return -ENODATA;
        if (size == 0)
            return 0;
        for (long at = 0; at < size;) {
            const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
            int rc = meet(halt, entry->name);
            if (rc < 0)
                return rc;
            at += entry->size;
        }
    }
}

static int await_all(const struct halt *halt, uint64_t deadline)
{
    struct leash__others *others = halt->others;
    for (size_t i = 0; i < others->room; i++) {
        if (others->threads[i].state != LEASH_OTHER_TOLD)
            continue;
        int rc = halt->way->await(halt->argument, &others->threads[i], deadline);
        if (rc < 0) {
            others->late = others->threads[i].tid;
            return rc;
        }
    }
    return 0;
}

/* A directory that changes while it is read may have been read with gaps: the number of its entries tells. */
static bool are_all(const struct leash__others *others)
{
    enum { DOTS = 2, CALLER = 1 };
    struct stat tasks = {0};
    return CALL(SYS_fstat, others->tasks, &tasks, 0, 0) == 0 && tasks.st_nlink == alive(others) + DOTS + CALLER;
}

int leash__others_halt(struct leash__others *others, const struct leash__way *way, void *argument)
{
    struct halt halt = {others, way, argument, false};
    uint64_t deadline = leash__raw_clock_ns() + PATIENCE_NS;
    others->late = 0;
    for (;;) {
        halt.fresh = false;
        int rc = meet_all(&halt);
        if (rc == 0)
            rc = await_all(&halt, deadline);
        if (rc < 0)
            return rc;
        if (!halt.fresh && are_all(others))
            return 0;
        if (leash__raw_clock_ns() >= deadline)
            return -ETIMEDOUT;
    }
}
