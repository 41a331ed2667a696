/* Does a program still record? Its lock on the spool tells, never its pid. And has it committed anything? */
#include "query.h"
#include "clock.h"
#include "trace_private.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <trace_format.h>
#include <unistd.h>

#define POLL_NS 5000000L

enum trace_spool trace_spool_state(const char *path)
{
    char name[PATH_MAX];
    int length = snprintf(name, sizeof name, "%s" LEASH_SPOOL_SUFFIX, path);
    if (length < 0 || (size_t)length >= sizeof name)
        return TRACE_SPOOL_NONE;
    int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return TRACE_SPOOL_NONE;
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int rc = fcntl(fd, F_OFD_GETLK, &lock);
    close(fd);
    return rc == 0 && lock.l_type == F_UNLCK ? TRACE_SPOOL_FREE : TRACE_SPOOL_HELD;
}

enum trace_spool trace_spool_wait(const char *path, double grace)
{
    int64_t until = clock_now_ns() + (int64_t)(grace * 1e9);
    enum trace_spool state = trace_spool_state(path);
    while (state == TRACE_SPOOL_HELD && clock_now_ns() < until && !trace_interrupted) {
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
        state = trace_spool_state(path);
    }
    return state;
}

/* Moves with every commit of somebody else. -1: it cannot be told. */
static int64_t data_version(struct trace *trace)
{
    struct trace_query *query = trace_prepare(trace, "PRAGMA data_version");
    int64_t version = query && trace_step(query) > 0 ? trace_int(query, 0) : -1;
    trace_finish(query);
    return version;
}

static uint64_t mix(uint64_t hash, int64_t value)
{
    return (hash ^ (uint64_t)value) * UINT64_C(1099511628211);
}

static uint64_t mix_writing(uint64_t hash, const struct stat *st)
{
    return mix(mix(mix(hash, st->st_size), st->st_mtim.tv_sec), st->st_mtim.tv_nsec);
}

uint64_t trace_identity(const char *path, bool written)
{
    struct stat st;
    char wal[PATH_MAX];
    if (stat(path, &st) < 0)
        return 0;
    uint64_t hash = mix(mix(UINT64_C(14695981039346656037), (int64_t)st.st_dev), (int64_t)st.st_ino);
    if (!written)
        return hash;
    hash = mix_writing(hash, &st);
    if (snprintf(wal, sizeof wal, "%s-wal", path) < (int)sizeof wal && stat(wal, &st) == 0)
        hash = mix_writing(hash, &st);
    return hash;
}

/* The version first: what is committed before the end is seen to have ended is there for who opens it anew. */
enum trace_news trace_news(struct trace *trace)
{
    int64_t before = trace->version;
    trace->version = data_version(trace);
    if (trace_spool_state(trace->path) != TRACE_SPOOL_HELD ||
        trace_identity(trace->path, trace->temp_dir != NULL) != trace->identity)
        return TRACE_REOPEN;
    return trace->version != before ? TRACE_CHANGED : TRACE_SAME;
}
