/* Where a program may have put the handle of a task, and whether a scan must find it there: 5.6 of the list of
 * programs, and what a compiler makes of each. "plain" or "heap" says whether libleash_malloc is at work. Prints what
 * is not as it must be. */
#include <leash.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define AWAY __attribute__((noinline, noclone))

static int sleeper(void *unused)
{
    (void)unused;
    return leash_sleep(1000);
}

static AWAY leash_task_t make(void)
{
    return leash_create_task(leash_coro(sleeper, NULL));
}

struct holder {
    struct holder *next;
    char padding[200];
    leash_task_t task;
    char more[100];
};
struct __attribute__((packed)) packed {
    char before;
    leash_task_t task;
};

/* What is in here is seen by code that the compiler does not know. */
static AWAY void show(void *memory)
{
    __asm__ volatile("" ::"r"(memory) : "memory");
}

static AWAY struct holder *new_holder(struct holder *next)
{
    struct holder *holder = calloc(1, sizeof(*holder));
    if (!holder)
        abort();
    holder->next = next;
    holder->task = make();
    show(holder);
    return holder;
}

static void *volatile global; /* volatile: nobody reads them, and they would be left out */
static leash_task_t volatile global_task;
static __thread leash_task_t volatile local_task;

/* ---- dropped ---- */

static AWAY void never_stored(void)
{
    make();
}

static AWAY void overwritten(void)
{
    leash_task_t task = NULL;
    for (int i = 0; i < 3; i++) {
        if (task)
            leash_detach(task); /* but for the last one, which is written over */
        task = make();
    }
    show(&task);
    task = NULL;
    show(&task);
}

static AWAY void inner_block(void)
{
    {
        leash_task_t task = make();
        show(&task);
    }
    char other[64] = {0};
    show(other);
}

static AWAY void freed_struct(void)
{
    struct holder *holder = new_holder(NULL);
    free(holder);
}

static AWAY void grown_array(void)
{
    leash_task_t *array = calloc(100, sizeof(*array));
    array[70] = make();
    show(array);
    leash_task_t *larger = realloc(array, 5000 * sizeof(*array));
    larger[70] = NULL;
    show(larger);
    global = larger;
}

static AWAY void leaked_struct(void)
{
    new_holder(NULL);
}

static AWAY void leaked_list(void)
{
    struct holder *last = calloc(1, sizeof(*last));
    last->next = new_holder(last); /* a cycle */
    show(last);
}

static AWAY void popped_from_container(void)
{
    leash_task_t *stack = calloc(10, sizeof(*stack));
    stack[3] = make();
    show(stack);
    global = stack; /* its count says 3: a scan knows nothing of counts */
}

static AWAY void popped_and_forgotten(void)
{
    leash_task_t *stack = calloc(10, sizeof(*stack));
    stack[3] = make();
    leash_forget(&stack[3]);
    global = stack;
}

static int keeps_itself(void *argument)
{
    leash_task_t itself = *(leash_task_t *)argument;
    *(leash_task_t *)argument = NULL;
    leash_sleep(1000);
    return leash_done(itself);
}

static AWAY void own_frame(void)
{
    global_task = leash_create_task(leash_coro(keeps_itself, (void *)&global_task));
}

/* ---- held ---- */

static AWAY void in_global(void)
{
    global_task = make();
}

static AWAY void in_thread_local(void)
{
    local_task = make();
}

static AWAY void in_list(void)
{
    global = &new_holder(new_holder(NULL))->more[50];
}

static AWAY void behind_packed(void)
{
    struct packed *packed = calloc(1, sizeof(*packed));
    packed->task = make();
    show(packed);
    global = packed;
}

static AWAY void in_mapping(void)
{
    leash_task_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[100] = make();
    show(page);
}

static AWAY void behind_mapping(void)
{
    void **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    page[100] = new_holder(NULL);
    show(page);
}

static int keeps_another(void *unused)
{
    leash_task_t volatile task = make();
    (void)unused;
    leash_sleep(1000);
    return leash_done(task);
}

static AWAY void in_frame_of_held_task(void)
{
    global_task = leash_create_task(leash_coro(keeps_another, NULL));
}

static pthread_barrier_t barrier;
static pthread_t thread;

static void *keep_on_thread(void *task)
{
    void *volatile kept = task;
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    return kept;
}

static AWAY void on_another_thread(void)
{
    pthread_barrier_init(&barrier, NULL, 2);
    if (pthread_create(&thread, NULL, keep_on_thread, make()) != 0)
        abort();
    pthread_barrier_wait(&barrier);
}

/* Lost as a scan must say: of plain memory, of reached memory; -1: as luck and the compiler have it. */
static const struct holding {
    const char *name;
    void (*put)(void);
    int plain, heap;
} holdings[] = {
    {"never stored", never_stored, 1, 1},
    {"overwritten", overwritten, 1, 1},
    {"inner block", inner_block, 1, 1},
    {"freed struct", freed_struct, -1, 1},
    {"grown array", grown_array, -1, 1},
    {"leaked struct", leaked_struct, 0, 1},
    {"leaked list", leaked_list, 0, 1},
    {"popped from a container", popped_from_container, 0, 0},
    {"popped and forgotten", popped_and_forgotten, 1, 1},
    {"own frame", own_frame, 1, 1},
    {"global", in_global, 0, 0},
    {"thread-local", in_thread_local, 0, 0},
    {"list", in_list, 0, 0},
    {"packed struct", behind_packed, 0, 0},
    {"mapping", in_mapping, 0, 0},
    {"block behind a mapping", behind_mapping, 0, 0},
    {"frame of a held task", in_frame_of_held_task, 0, 0},
    {"another thread", on_another_thread, 0, 0},
};

static struct leash_scan_result result;
static int lost;

static AWAY void clear_stack(void)
{
    char dead[8000];
    memset(dead, 0, sizeof(dead));
    __asm__ volatile("" ::"r"(dead) : "memory"); /* it is done, though nobody reads it */
}

static int app(void *argument)
{
    const struct holding *holding = argument;
    holding->put();
    clear_stack();
    leash_sleep(0); /* the task gets a stack */
    leash_sleep(0);
    lost = leash_scan(&result);
    return 0;
}

int main(int argc, char **argv)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    int wrong = 0, heap = argc > 1 && strcmp(argv[1], "heap") == 0;
    options.report = 0;
    options.scan = 0;
    for (size_t i = 0; i < sizeof(holdings) / sizeof(*holdings); i++) {
        const struct holding *holding = &holdings[i];
        int expected = heap ? holding->heap : holding->plain;
        thread = 0;
        leash_run_with(leash_coro(app, (void *)(uintptr_t)holding), &options, NULL);
        if (!result.complete)
            return 77; /* a sanitizer, Valgrind */
        if (thread) {
            pthread_barrier_wait(&barrier);
            pthread_join(thread, NULL);
        }
        if (expected >= 0 && lost != expected) {
            printf("%s: %d lost, not %d\n", holding->name, lost, expected);
            wrong++;
        }
    }
    return wrong != 0;
}
