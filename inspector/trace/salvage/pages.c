#include "pages.h"
#include "alloc.h"
#include "format.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_SIZE_OF_LEASH 4096 /* what every trace has, as far as leash made it */
#define WAL_HEADER         32
#define FRAME_HEADER       24

static bool read_at(int fd, uint64_t offset, void *bytes, size_t length)
{
    for (size_t got = 0; got < length;) {
        ssize_t rc = pread(fd, (char *)bytes + got, length - got, (off_t)(offset + got));
        if (rc <= 0)
            return false;
        got += (size_t)rc;
    }
    return true;
}

static bool is_page_size(uint32_t size)
{
    return size >= FORMAT_PAGE_LEAST && size <= FORMAT_PAGE_MOST && (size & (size - 1)) == 0;
}

static void read_header(struct pages *pages)
{
    uint8_t header[100];
    if (!read_at(pages->file, 0, header, sizeof header) || memcmp(header, "SQLite format 3", 16) != 0)
        return;
    uint32_t size = format_big16(header + 16);
    if (size == 1)
        size = FORMAT_PAGE_MOST;
    if (!is_page_size(size) || header[20] > 32)
        return;
    pages->page_size = size;
    pages->usable = size - header[20];
    if (memcmp(header + 24, header + 92, 4) == 0)
        pages->said = format_big32(header + 28);
}

/* ---- the -wal ---- */

struct wal {
    bool big; /* checksums are of big-endian words */
    uint8_t salts[8];
    uint64_t frames; /* whole ones, by its size */
};

/* The checksum of section 4.2, over a multiple of 8 bytes. */
static void checksum(const struct wal *wal, const uint8_t *bytes, size_t length, uint32_t sums[2])
{
    for (size_t i = 0; i + 8 <= length; i += 8) {
        uint32_t first, second;
        memcpy(&first, bytes + i, 4);
        memcpy(&second, bytes + i + 4, 4);
        bool swap = wal->big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
        sums[0] += (swap ? __builtin_bswap32(first) : first) + sums[1];
        sums[1] += (swap ? __builtin_bswap32(second) : second) + sums[0];
    }
}

/* False: no -wal that could be read; `sums` is set to those of its header. */
static bool read_wal_header(struct pages *pages, struct wal *wal, uint32_t sums[2])
{
    uint8_t header[WAL_HEADER];
    struct stat st;
    if (pages->wal < 0 || fstat(pages->wal, &st) < 0 || !read_at(pages->wal, 0, header, sizeof header))
        return false;
    uint32_t magic = format_big32(header), size = format_big32(header + 8);
    if ((magic & ~1u) != 0x377f0682 || !is_page_size(size))
        return false;
    if (pages->page_size && pages->page_size != size)
        return false;
    wal->big = magic & 1;
    memcpy(wal->salts, header + 16, 8);
    if (!pages->page_size)
        pages->usable = size;
    pages->page_size = size;
    wal->frames = ((uint64_t)st.st_size - WAL_HEADER) / (FRAME_HEADER + size);
    sums[0] = format_big32(header + 24);
    sums[1] = format_big32(header + 28);
    return wal->frames < UINT32_MAX;
}

/* Is the frame's checksum right, from that of the one before on? `sums` becomes what the frame says. */
static bool frame_is_good(const struct pages *pages, const struct wal *wal, const uint8_t *frame, uint32_t sums[2])
{
    uint32_t own[2] = {sums[0], sums[1]};
    checksum(wal, frame, 8, own);
    checksum(wal, frame + FRAME_HEADER, pages->page_size, own);
    sums[0] = format_big32(frame + 16);
    sums[1] = format_big32(frame + 20);
    return own[0] == sums[0] && own[1] == sums[1] && format_big32(frame) > 0;
}

static int by_page(const void *left, const void *right)
{
    const struct pages_frame *a = left, *b = right;
    if (a->page != b->page)
        return a->page < b->page ? -1 : 1;
    return (a->frame > b->frame) - (a->frame < b->frame);
}

/* Of several images of a page the last one counts. */
static void keep_newest(struct pages *pages)
{
    size_t kept = 0;
    if (pages->frames_count)
        qsort(pages->frames, pages->frames_count, sizeof *pages->frames, by_page);
    for (size_t i = 0; i < pages->frames_count; i++) {
        if (kept && pages->frames[kept - 1].page == pages->frames[i].page)
            kept--;
        pages->frames[kept++] = pages->frames[i];
    }
    pages->frames_count = kept;
}

static void read_wal(struct pages *pages)
{
    struct wal wal;
    uint32_t sums[2];
    size_t committed = 0, bad = 0;
    if (!read_wal_header(pages, &wal, sums))
        return;
    size_t frame_size = FRAME_HEADER + pages->page_size;
    uint8_t *frame = xcalloc(1, frame_size);
    for (uint64_t i = 0; i < wal.frames && read_at(pages->wal, WAL_HEADER + i * frame_size, frame, frame_size); i++) {
        bool good = frame_is_good(pages, &wal, frame, sums);
        if (memcmp(frame + 8, wal.salts, 8) != 0)
            continue; /* of an older log, which this one has not overwritten yet */
        if (!good) {
            bad++;
            continue;
        }
        X_GROW(pages->frames, pages->frames_count, pages->frames_capacity);
        pages->frames[pages->frames_count++] = (struct pages_frame){format_big32(frame), (uint32_t)i};
        pages->frames_bad += bad;
        bad = 0;
        if (format_big32(frame + 4)) {
            committed = pages->frames_count;
            pages->said = format_big32(frame + 4);
        }
    }
    free(frame);
    pages->frames_open = pages->frames_count - committed + bad;
    pages->frames_count = committed;
    keep_newest(pages);
}

/* ---- all together ---- */

static int open_wal(const char *path)
{
    char name[PATH_MAX];
    struct stat st;
    if ((size_t)snprintf(name, sizeof name, "%s-wal", path) >= sizeof name)
        return -1;
    int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

int pages_open(struct pages *pages, const char *path)
{
    struct stat st;
    *pages = (struct pages){.wal = -1, .file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
    if (pages->file < 0)
        return -errno;
    if (fstat(pages->file, &st) < 0 || !S_ISREG(st.st_mode)) {
        close(pages->file);
        return -EINVAL;
    }
    pages->file_size = (uint64_t)st.st_size;
    pages->wal = open_wal(path);
    read_header(pages);
    read_wal(pages);
    if (!pages->page_size)
        pages->page_size = (uint32_t)(pages->usable = PAGE_SIZE_OF_LEASH);
    uint64_t whole = pages->file_size / pages->page_size;
    pages->in_file = whole < UINT32_MAX - 1 ? (uint32_t)whole : UINT32_MAX - 1;
    return 0;
}

void pages_close(struct pages *pages)
{
    if (pages->file >= 0)
        close(pages->file);
    if (pages->wal >= 0)
        close(pages->wal);
    free(pages->frames);
}

static const struct pages_frame *frame_of(const struct pages *pages, uint32_t page)
{
    size_t low = 0, high = pages->frames_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pages->frames[middle].page < page)
            low = middle + 1;
        else
            high = middle;
    }
    return low < pages->frames_count && pages->frames[low].page == page ? &pages->frames[low] : NULL;
}

size_t pages_count(const struct pages *pages)
{
    return pages->in_file + pages->frames_count;
}

int64_t pages_index(const struct pages *pages, uint32_t page)
{
    if (page > 0 && page <= pages->in_file)
        return (int64_t)page - 1;
    const struct pages_frame *frame = frame_of(pages, page);
    return frame ? (int64_t)pages->in_file + (frame - pages->frames) : -1;
}

uint32_t pages_number(const struct pages *pages, size_t index)
{
    return index < pages->in_file ? (uint32_t)index + 1 : pages->frames[index - pages->in_file].page;
}

bool pages_read(const struct pages *pages, uint32_t page, uint8_t *bytes)
{
    const struct pages_frame *frame = frame_of(pages, page);
    if (frame)
        return read_at(pages->wal,
                       WAL_HEADER + (uint64_t)frame->frame * (FRAME_HEADER + pages->page_size) + FRAME_HEADER, bytes,
                       pages->page_size);
    if (page == 0 || page > pages->in_file)
        return false;
    return read_at(pages->file, (uint64_t)(page - 1) * pages->page_size, bytes, pages->page_size);
}
