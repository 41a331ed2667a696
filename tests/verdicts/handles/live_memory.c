/* Live handles in every kind of memory that a program has. They are pending, not lost. */
#include "verdict.h"

#include <sys/mman.h>
#include <unistd.h>

static leash_task_t global, table[100];
static __thread leash_task_t local_to_thread;
static void *base; /* of a block that holds the handle somewhere */
static union {
    leash_task_t task;
    double number;
} either;
static struct __attribute__((packed)) {
    char tag;
    leash_task_t task;
    char end[3];
} packed;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 */
}

static int in_a_global(void *unused)
{
    (void)unused;
    global = start();
    keep(&global);
    return leash_sleep(1);
}

static int in_a_static_local(void *unused)
{
    static leash_task_t held;
    (void)unused;
    held = start();
    keep(&held);
    return leash_sleep(1);
}

static int in_a_table(void *unused)
{
    (void)unused;
    table[77] = start();
    keep(table);
    return leash_sleep(1);
}

static int in_a_packed_struct(void *unused)
{
    (void)unused;
    packed.task = start();
    keep(&packed);
    return leash_sleep(1);
}

static int in_a_union(void *unused)
{
    (void)unused;
    either.task = start();
    keep(&either);
    return leash_sleep(1);
}

static int in_thread_local_storage(void *unused)
{
    (void)unused;
    local_to_thread = start();
    keep(&local_to_thread);
    return leash_sleep(1);
}

static int in_the_heap(void *unused)
{
    (void)unused;
    leash_task_t *block = malloc(sizeof(*block));
    if (!block)
        return -ENOMEM;
    *block = start();
    base = block;
    keep(&base);
    return leash_sleep(1);
}

static int in_a_large_block(void *unused)
{
    (void)unused;
    char *block = calloc(1, 4 << 20);
    if (!block)
        return -ENOMEM;
    leash_task_t task = start();
    memcpy(block + (3 << 20) + 5, &task, sizeof(task));
    base = block;
    keep(&base);
    return leash_sleep(1);
}

static int behind_an_interior_pointer(void *unused)
{
    (void)unused;
    char *block = malloc(1000);
    if (!block)
        return -ENOMEM;
    leash_task_t task = start();
    memcpy(block + 900, &task, sizeof(task));
    base = block + 500;
    keep(&base);
    return leash_sleep(1);
}

static int at_an_odd_address(void *unused)
{
    (void)unused;
    char *block = malloc(64);
    if (!block)
        return -ENOMEM;
    leash_task_t task = start();
    memcpy(block + 13, &task, sizeof(task));
    base = block;
    keep(&base);
    return leash_sleep(1);
}

static int in_private_pages(void *unused)
{
    (void)unused;
    leash_task_t *pages = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return -ENOMEM;
    pages[5000] = start();
    base = pages;
    keep(&base);
    return leash_sleep(1);
}

static int in_shared_pages(void *unused)
{
    (void)unused;
    int file = memfd_create("shared", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, 65536) < 0)
        return -EIO;
    leash_task_t *pages = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (pages == MAP_FAILED)
        return -ENOMEM;
    pages[5000] = start();
    base = pages;
    keep(&base);
    return leash_sleep(1);
}

static int in_pages_made_read_only(void *unused)
{
    (void)unused;
    leash_task_t *pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return -ENOMEM;
    pages[100] = start();
    mprotect(pages, 4096, PROT_READ);
    base = pages;
    keep(&base);
    return leash_sleep(1);
}

CASES(CASE(in_a_global), CASE(in_a_static_local), CASE(in_a_table), CASE(in_a_packed_struct), CASE(in_a_union),
      CASE(in_thread_local_storage), CASE(in_the_heap), CASE(in_a_large_block), CASE(behind_an_interior_pointer),
      CASE(at_an_odd_address), CASE(in_private_pages), CASE(in_shared_pages), CASE(in_pages_made_read_only))
