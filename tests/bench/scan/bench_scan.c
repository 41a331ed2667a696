/* How fast memory is searched for handles: 100 MB of heap (or as many as the first argument says), beside memcpy and
 * memchr over the same bytes. Prints a table; the exit code says only that it ran. */
#include <fake_loop.h>
#include <leash/scan.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ROUNDS = 7, BLOCK = 4000, WANTED = 1000 };

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* CPU time, that of the process that searches with it: nothing here waits, and a busy machine's other work does not
 * count. */
static double clock_s(void)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return seconds(own.ru_utime) + seconds(own.ru_stime) + seconds(children.ru_utime) + seconds(children.ru_stime);
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_row(const char *name, double *seconds, size_t bytes, const char *note)
{
    qsort(seconds, ROUNDS, sizeof(*seconds), by_value);
    double median = seconds[ROUNDS / 2];
    printf("%-28s %8.2f ms %8.2f GB/s  %s\n", name, median * 1e3, (double)bytes / median * 1e-9, note);
}

/* Blocks as a program has them: pointers, small numbers, zeroes, some text. */
static void fill(char *block, uint64_t *random)
{
    for (size_t at = 0; at + 8 <= BLOCK; at += 8) {
        *random = *random * 6364136223846793005u + 1442695040888963407u;
        uint64_t word = *random >> 60 < 6    ? (uint64_t)(uintptr_t)block + at
                        : *random >> 60 < 12 ? *random >> 54
                                             : *random;
        memcpy(block + at, &word, sizeof(word));
    }
}

static double measure_scan(unsigned tags, size_t count, double *seconds)
{
    uint64_t *handles = malloc(count * sizeof(*handles));
    unsigned char *found = malloc(count);
    struct leash_scan_result result = {0};
    for (size_t i = 0; handles && i < count; i++)
        handles[i] = (uint64_t)(0xb1c3 + i % tags * 0x111) << 48 | (i + 1) * 2654435761u;
    for (int round = 0; handles && found && round < ROUNDS; round++) {
        double began = clock_s();
        leash__scan_memory(&(struct leash__scan_request){.handles = handles, .count = count, .found = found}, &result);
        seconds[round] = clock_s() - began;
    }
    free(handles);
    free(found);
    return (double)result.bytes;
}

int main(int argc, char **argv)
{
    size_t megabytes = argc > 1 ? (size_t)atoi(argv[1]) : 100, blocks = megabytes * 1000 * 1000 / BLOCK;
    size_t bytes = blocks * BLOCK, sum = 0;
    char **heap = malloc(blocks * sizeof(*heap)), *copy = malloc(BLOCK);
    double seconds[ROUNDS];
    uint64_t random = 1;
    if (!heap || !copy)
        return 1;
    for (size_t i = 0; i < blocks; i++) {
        heap[i] = malloc(BLOCK);
        if (!heap[i])
            return 1;
        fill(heap[i], &random);
    }
    for (int round = 0; round < ROUNDS; round++) {
        double began = clock_s();
        for (size_t i = 0; i < blocks; i++) {
            memcpy(copy, heap[i], BLOCK);
            __asm__ volatile("" ::"r"(copy) : "memory");
        }
        seconds[round] = clock_s() - began;
    }
    print_row("memcpy into a cached block", seconds, bytes, "");
    for (int round = 0; round < ROUNDS; round++) {
        double began = clock_s();
        for (size_t i = 0; i < blocks; i++)
            for (char *at = heap[i]; (at = memchr(at, 0xb1, (size_t)(heap[i] + BLOCK - at))); at++)
                sum++;
        seconds[round] = clock_s() - began;
    }
    print_row("memchr for one byte of a tag", seconds, bytes, sum ? "(stops at every hit)" : "");
    static const struct {
        unsigned tags;
        size_t count;
        const char *name;
    } scans[] = {{1, 1, "scan, 1 handle"},
                 {1, WANTED, "scan, 1,000 handles"},
                 {3, WANTED, "scan, 1,000 of 3 kinds"},
                 {1, 1000 * 1000, "scan, 1M handles"},
                 {20, WANTED, "scan, 20 tags (no vectors)"}};
    for (size_t i = 0; i < sizeof(scans) / sizeof(*scans); i++) {
        double searched = measure_scan(scans[i].tags, scans[i].count, seconds);
        print_row(scans[i].name, seconds, (size_t)searched, "");
    }
    return 0;
}
