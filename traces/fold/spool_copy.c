#include "spool_copy.h"

#include "fold.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPOOL_MAX   ((off_t)64 << 30) /* more than any spool: what claims to be larger is rubbish */
#define SEGMENT_MIN 4096u
#define SEGMENT_MAX (1u << 30)

static int read_exactly(int fd, void *into, size_t size, size_t offset)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = pread(fd, (char *)into + done, size - done, (off_t)(offset + done));
        if (got < 0)
            return -errno;
        if (got == 0)
            return -EINVAL; /* shorter than it was a moment ago */
        done += (size_t)got;
    }
    return 0;
}

/* The segment's header decides whether the rest is worth reading. */
static int read_segment(int fd, char *map, size_t offset, size_t size)
{
    struct leash_segment_header *segment = (struct leash_segment_header *)(void *)(map + offset);
    int rc = read_exactly(fd, segment, sizeof *segment, offset);
    if (rc == 0 && segment->generation != 0)
        rc = read_exactly(fd, segment, size, offset);
    return rc;
}

/* The header says no more segments than the file holds, from here on. */
static int clamp_segments(struct leash_spool_header *header, size_t size)
{
    if (header->segment_size < SEGMENT_MIN || header->segment_size > SEGMENT_MAX)
        return -EINVAL;
    size_t fit = (size - LEASH_SPOOL_HEADER_SIZE) / header->segment_size;
    if (header->segments > fit)
        header->segments = (uint32_t)fit;
    return 0;
}

static int read_spool(int fd, struct leash__spool_copy *copy)
{
    memcpy(copy->map, &copy->header, sizeof copy->header);
    int rc = leash_spool_check(copy->map, copy->size);
    rc = rc ? rc : clamp_segments(&copy->header, copy->size);
    if (rc == 0)
        memcpy(copy->map, &copy->header, sizeof copy->header);
    for (uint32_t i = 0; rc == 0 && i < copy->header.segments; i++)
        rc = read_segment(fd, copy->map, LEASH_SPOOL_HEADER_SIZE + (size_t)i * copy->header.segment_size,
                          copy->header.segment_size);
    return rc;
}

int leash__spool_copy_load(int fd, struct leash__spool_copy *out)
{
    struct stat status;
    struct leash__spool_copy copy = {0};
    if (fstat(fd, &status) < 0)
        return -errno;
    if (status.st_size > SPOOL_MAX)
        return -EFBIG;
    copy.size = (size_t)status.st_size;
    if (copy.size >= LEASH_SPOOL_HEADER_SIZE) {
        int rc = read_exactly(fd, &copy.header, sizeof copy.header, 0);
        if (rc < 0)
            return rc;
    }
    if (copy.header.magic == 0) {
        *out = (struct leash__spool_copy){0};
        return 0;
    }
    copy.map = mmap(NULL, copy.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (copy.map == MAP_FAILED)
        return -ENOMEM;
    int rc = read_spool(fd, &copy);
    if (rc < 0)
        leash__spool_copy_free(&copy);
    else
        *out = copy;
    return rc;
}

void leash__spool_copy_free(struct leash__spool_copy *copy)
{
    if (copy->map)
        munmap(copy->map, copy->size);
    copy->map = NULL;
}
