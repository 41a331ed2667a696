/* A handle stands in one place only, which is none that people think of. A scan while the task runs finds it there; in
 * the end it is taken out and awaited. */
#include "verdict.h"

#include <sys/mman.h>

static leash_queue_t queue = LEASH_QUEUE_INIT("handles", 0);
static __thread leash_task_t of_the_thread;
static struct __attribute__((packed)) {
    char tag;
    leash_task_t task;
} packed;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(work, NULL));
}

static int nothing_is_lost(void)
{
    struct leash_scan_result scan;
    leash_sleep(0.5);
    return leash_scan(&scan) > 0 ? -EPROTO : 0;
}

static int packed_struct(void *unused)
{
    (void)unused;
    packed.task = start();
    keep(&packed);
    int rc = nothing_is_lost();
    return rc < 0 ? rc : leash_await(packed.task, NULL);
}

static int queue_item(void *unused)
{
    void *task;
    (void)unused;
    leash_queue_put(&queue, start());
    int rc = nothing_is_lost();
    leash_queue_get(&queue, &task);
    return rc < 0 ? rc : leash_await(task, NULL);
}

static int pages_of_its_own(void *unused)
{
    (void)unused;
    leash_task_t *pages = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return -ENOMEM;
    pages[300] = start();
    int rc = nothing_is_lost();
    return rc < 0 ? rc : leash_await(pages[300], NULL);
}

static int thread_local_storage(void *unused)
{
    (void)unused;
    of_the_thread = start();
    keep(&of_the_thread);
    int rc = nothing_is_lost();
    return rc < 0 ? rc : leash_await(of_the_thread, NULL);
}

static int await_it(void *task)
{
    int rc = leash_sleep(0.6);
    return rc < 0 ? rc : leash_await((leash_task_t)task, NULL);
}

static int argument_of_another_task(void *unused)
{
    (void)unused;
    leash_task_t other = leash_create_task(leash_coro(await_it, start()));
    int rc = nothing_is_lost();
    return rc < 0 ? rc : leash_await(other, NULL);
}

static void wait_no_longer(void *handle, void *task)
{
    (void)handle;
    leash_detach(task);
}

static int argument_of_a_callback(void *unused)
{
    (void)unused;
    leash_future_t over = leash_future();
    leash_add_done_callback(over, wait_no_longer, start());
    int rc = nothing_is_lost();
    leash_future_set_result(over, NULL);
    return rc < 0 ? rc : leash_sleep(1);
}

static int weakly_by_name(void *unused)
{
    leash_task_t all[8];
    (void)unused;
    leash_task_t task = start();
    leash_task_set_name(task, "the one");
    int rc = nothing_is_lost();
    size_t count = leash_all_tasks(all, 8);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (strcmp(leash_task_name(all[i]), "the one") == 0)
            rc = leash_await(all[i], NULL);
    }
    return rc < 0 || leash_done(task) != 1 ? -EPROTO : 0;
}

CASES(CASE(packed_struct), CASE(queue_item), CASE(pages_of_its_own), CASE(thread_local_storage),
      CASE(argument_of_another_task), CASE(argument_of_a_callback), CASE(weakly_by_name))
