/* Stacks at creations: the right frames, named by what was recorded of them alone, each stack once, each definition
 * before its use. */
#include "fake_recorder.h"
#include "test.h"

#include <context.h>
#include <dlfcn.h>
#include <errno.h>
#include <fold.h>
#include <limits.h>
#include <link.h>
#include <names.h>
#include <own_frame.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNTIME_API __attribute__((noinline, section("leash_api")))
#define NOINLINE    __attribute__((noinline))
#define KEEP_FRAME  __asm__ volatile("" ::: "memory") /* no tail call */

static struct leash_names *names;

/* "fetch < app < main": the functions of a stack, out of its definition and those of its modules. */
static const char *functions_of(uint64_t stack)
{
    static char text[1000];
    const struct fake_definition *definition = fake_find(LEASH_EV_DEF_STACK, stack);
    text[0] = '\0';
    if (!definition)
        return "undefined stack";
    for (uint64_t i = 0; i < definition->b; i++) {
        uint64_t pair[2];
        struct leash_frame_name name = {0};
        memcpy(pair, definition->text + i * sizeof(pair), sizeof(pair));
        const struct fake_definition *module = fake_find(LEASH_EV_DEF_MODULE, pair[0]);
        if (!module)
            return "undefined module";
        const char *build_id = module->text + strlen(module->text) + 1;
        bool known = leash_names_frame(names, module->text, build_id, pair[1], &name);
        strcat(strcat(text, i ? " < " : ""), known && name.func ? name.func : "?");
    }
    return text;
}

static uint64_t last_stack(void)
{
    struct fake_event event;
    if (!fake_take(&event))
        return 0;
    assert_int_equal(event.kind, LEASH_EV_STACK);
    assert_int_equal(event.a, 77);
    assert_int_equal(event.c, LEASH_SUBJECT_TASK);
    return event.b;
}

/* ---- a runtime in small ---- */

static unsigned skip;

NOINLINE static int runtime_event(void)
{
    leash__events_stack(&fake_events, 77, LEASH_SUBJECT_TASK, skip);
    KEEP_FRAME;
    return 1;
}

NOINLINE static int runtime_make(void)
{
    int rc = runtime_event();
    KEEP_FRAME;
    return rc + 1;
}

RUNTIME_API static int runtime_create(void)
{
    int rc = runtime_make();
    KEEP_FRAME;
    return rc + 1;
}

RUNTIME_API static int runtime_gather(void)
{
    int rc = runtime_create();
    KEEP_FRAME;
    return rc + 1;
}

/* ---- a program ---- */

NOINLINE static int inner(int (*create)(void))
{
    int rc = create();
    KEEP_FRAME;
    return rc + 1;
}

NOINLINE static int middle(int (*create)(void))
{
    int rc = inner(create);
    KEEP_FRAME;
    return rc + 1;
}

NOINLINE static int outer(int (*create)(void))
{
    int rc = middle(create);
    KEEP_FRAME;
    return rc + 1;
}

static bool starts_with(const char *text, const char *start)
{
    if (strncmp(text, start, strlen(start)) == 0)
        return true;
    print_message("expected %s..., got %s\n", start, text);
    return false;
}

static void program_frames_are_told(void **state)
{
    (void)state;
    fake_reset();
    outer(runtime_create);
    uint64_t stack = last_stack();
    assert_true(starts_with(functions_of(stack), "inner < middle < outer < program_frames_are_told < "));
    outer(runtime_gather);
    assert_true(starts_with(functions_of(last_stack()), "inner < middle < outer < program_frames_are_told < "));
    assert_int_not_equal(stack, 0);
}

/* A public function that the compiler inlined into the program: nothing of the program's is lost. */
static void no_frame_is_lost_without_a_public_function(void **state)
{
    (void)state;
    fake_reset();
    skip = 2;
    inner(runtime_make);
    skip = 0;
    assert_true(starts_with(functions_of(last_stack()),
                            "runtime_event < runtime_make < inner < no_frame_is_lost_without_a_public_function < "));
}

/* A body that a body awaits runs on the same stack. */
LEASH__OWN_FRAME static int runtime_await(int (*fn)(int (*)(void)))
{
    int rc = fn(runtime_create);
    KEEP_FRAME;
    return rc + 1;
}

NOINLINE static int awaits(void)
{
    int rc = runtime_await(middle);
    KEEP_FRAME;
    return rc + 1;
}

static void frames_of_the_runtime_in_between_are_left_out(void **state)
{
    (void)state;
    fake_reset();
    awaits();
    assert_true(starts_with(functions_of(last_stack()),
                            "inner < middle < awaits < frames_of_the_runtime_in_between_are_left_out < "));
}

static void equal_stacks_are_one(void **state)
{
    (void)state;
    uint64_t ids[4];
    volatile int times = 3; /* one call, not three */
    fake_reset();
    for (int i = 0; i < times; i++) {
        outer(runtime_create);
        ids[i] = last_stack();
    }
    outer(runtime_create);
    ids[3] = last_stack();
    assert_int_equal(ids[0], ids[1]);
    assert_int_equal(ids[0], ids[2]);
    assert_int_not_equal(ids[0], ids[3]); /* another line */
    assert_int_equal(fake_count(LEASH_EV_DEF_STACK), 2);
    const struct fake_definition *stack = fake_find(LEASH_EV_DEF_STACK, ids[0]);
    assert_int_equal(stack->length, stack->b * 16);
    for (unsigned i = 0; i < fake_definitions_count; i++) /* modules first, each once */
        for (unsigned j = i + 1; j < fake_definitions_count; j++) {
            assert_false(fake_definitions[j].kind == fake_definitions[i].kind &&
                         fake_definitions[j].a == fake_definitions[i].a);
        }
}

static void modules_are_told_whole(void **state)
{
    (void)state;
    char self[PATH_MAX] = "";
    struct link_map *map = NULL;
    fake_reset();
    outer(runtime_create);
    last_stack();
    const struct fake_definition *module = &fake_definitions[0];
    assert_int_equal(module->kind, LEASH_EV_DEF_MODULE);
    assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
    assert_string_equal(module->text, self);
    const char *build_id = module->text + strlen(self) + 1, *base = build_id + strlen(build_id) + 1;
    assert_true(strlen(build_id) == 0 || strlen(build_id) >= 16);
    assert_int_equal(dlinfo(dlopen(NULL, RTLD_NOW), RTLD_DI_LINKMAP, &map), 0);
    assert_int_equal(strtoull(base, NULL, 16), map->l_addr);
    assert_int_equal(module->length, strlen(self) + strlen(build_id) + strlen(base) + 3);
    assert_true(module->b > 4096 && module->b < 100 * 1000 * 1000);
}

NOINLINE static int deep(unsigned levels)
{
    int rc = levels ? deep(levels - 1) : runtime_create();
    KEEP_FRAME;
    return rc + 1;
}

static void deep_stacks_are_cut(void **state)
{
    (void)state;
    fake_reset();
    deep(100);
    uint64_t stack = last_stack();
    assert_int_equal(fake_find(LEASH_EV_DEF_STACK, stack)->b, 10);
    assert_string_equal(functions_of(stack), "deep < deep < deep < deep < deep < deep < deep < deep < deep < deep");
    deep(1000);
    assert_int_equal(last_stack(), stack);
}

/* ---- traces, and no room ---- */

static void a_new_trace_is_told_anew(void **state)
{
    (void)state;
    uint64_t ids[2];
    volatile int times = 2; /* one call, not two */
    for (int i = 0; i < times; i++) {
        fake_reset();
        outer(runtime_create);
        ids[i] = last_stack();
        assert_int_equal(fake_count(LEASH_EV_DEF_STACK), 1);
        assert_true(fake_count(LEASH_EV_DEF_MODULE) >= 1);
        assert_true(starts_with(functions_of(ids[i]), "inner < middle < outer < "));
        KEEP_FRAME;
    }
    assert_int_equal(ids[0], ids[1]);
}

static uint64_t taken;

RUNTIME_API static int runtime_take(void)
{
    taken = leash__events_stack_here(&fake_events, skip);
    KEEP_FRAME;
    return 1;
}

/* A stack that was only noted is told later, in a new trace too. */
static void a_number_is_good_for_every_trace(void **state)
{
    (void)state;
    fake_reset();
    outer(runtime_take);
    assert_true(starts_with(functions_of(taken), "inner < middle < outer < "));
    fake_reset();
    assert_string_equal(functions_of(taken), "undefined stack");
    assert_int_equal(leash__events_stack_again(&fake_events, taken), taken);
    assert_true(starts_with(functions_of(taken), "inner < middle < outer < "));
    assert_int_equal(leash__events_stack_again(&fake_events, 0), 0);
    assert_int_equal(leash__events_stack_again(&fake_events, 1000000), 0);
    struct leash__events off = {0};
    assert_int_equal(leash__events_stack_again(&off, taken), 0);
    assert_int_equal(leash__events_stack_here(&off, 0), 0);
}

static void without_room_it_is_tried_again(void **state)
{
    (void)state;
    fake_reset();
    for (unsigned refused = 1; refused < 4; refused++) {
        fake_refuse = refused == 1 ? 100 : 1;
        outer(runtime_create);
        if (refused == 1) {
            assert_int_equal(last_stack(), 0); /* no event names what is not defined */
            assert_int_equal(fake_count(LEASH_EV_DEF_STACK), 0);
        }
        fake_refuse = 0;
        outer(runtime_create);
        assert_true(starts_with(functions_of(last_stack()), "inner < middle < outer < "));
    }
}

static void nothing_happens_while_nothing_is_recorded(void **state)
{
    (void)state;
    struct leash__events off = {0};
    fake_reset();
    leash__events_stack(&off, 1, LEASH_SUBJECT_TASK, 0);
    leash__events_function(&off, 1, (void (*)(void))deep);
    assert_int_equal(fake_definitions_count, 0);
}

static void errno_is_kept(void **state)
{
    (void)state;
    fake_reset();
    errno = 1234;
    outer(runtime_create);
    leash__events_function(&fake_events, 1, (void (*)(void))deep);
    assert_int_equal(errno, 1234);
}

/* ---- coroutines ---- */

static struct leash__context loop_context, task_context;

NOINLINE static int body(void *argument)
{
    (void)argument;
    int rc = inner(runtime_create);
    KEEP_FRAME;
    return rc;
}

/* What the core calls a task's body from. */
LEASH__OWN_FRAME static void entry(void *argument)
{
    body(argument);
    leash__context_exit(&task_context, &loop_context);
}

static void on_a_coroutine_of(size_t stack_size)
{
    struct leash__stacks *stacks;
    fake_reset();
    assert_int_equal(leash__stacks_new(&stacks, stack_size), 0);
    leash__context_of_thread(&loop_context);
    assert_int_equal(leash__context_new(&task_context, stacks, entry, NULL), 0);
    leash__context_switch(&loop_context, &task_context);
    leash__context_free(&task_context, stacks);
    leash__context_of_thread_end(&loop_context);
    leash__stacks_free(stacks);
    const char *functions = functions_of(last_stack());
    assert_true(starts_with(functions, "inner < body"));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* there the trampoline's callee is another one */
    assert_string_equal(functions, "inner < body");
#endif
}

static void coroutines_end_at_their_body(void **state)
{
    (void)state;
    on_a_coroutine_of(65536);
}

/* ---- libraries that come and go ---- */

static int call_inner(void *create)
{
    int rc = inner((int (*)(void))(uintptr_t)create);
    KEEP_FRAME;
    return rc;
}

static void *call_through(const char *path, const char *symbol)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        fail_msg("%s", dlerror());
    int (*function)(int (*)(void *), void *);
    *(void **)&function = dlsym(library, symbol);
    assert_non_null(function);
    function(call_inner, (void *)(uintptr_t)runtime_create);
    void *where = *(void **)&function;
    assert_int_equal(dlclose(library), 0);
    return where;
}

/* The same addresses, another library. */
static void a_plugin_in_another_ones_place(void **state)
{
    (void)state;
    fake_reset();
    void *places[4];
    uint64_t ids[4];
    for (int i = 0; i < 4; i++) {
        places[i] = i % 2 ? call_through(PLUGIN_B, "plugin_b") : call_through(PLUGIN_A, "plugin_a");
        ids[i] = last_stack();
    }
    if (places[0] != places[1])
        print_message("note: the loader used other addresses; the case was not met\n");
    for (int i = 0; i < 4; i++) {
        const char *expected = i % 2 ? "inner < call_inner < plugin_b < " : "inner < call_inner < plugin_a < ";
        assert_true(starts_with(functions_of(ids[i]), expected));
    }
    assert_int_equal(ids[0], ids[2]);
    assert_int_equal(ids[1], ids[3]);
}

static void relative_paths_become_absolute(void **state)
{
    (void)state;
    char folder[PATH_MAX], here[PATH_MAX];
    fake_reset();
    snprintf(folder, sizeof(folder), "%s", PLUGIN_A);
    *strrchr(folder, '/') = '\0';
    assert_non_null(getcwd(here, sizeof(here)));
    assert_int_equal(chdir(folder), 0);
    char path[PATH_MAX];
    snprintf(path, sizeof(path), ".%s", strrchr(PLUGIN_A, '/'));
    call_through(path, "plugin_a");
    assert_int_equal(chdir(here), 0);
    last_stack();
    bool found = false;
    for (unsigned i = 0; i < fake_definitions_count; i++)
        found |= fake_definitions[i].kind == LEASH_EV_DEF_MODULE && strcmp(fake_definitions[i].text, PLUGIN_A) == 0;
    assert_true(found);
}

/* Also where the libraries must be looked at anew. */
static void small_stacks_are_enough(void **state)
{
    (void)state;
    char here[PATH_MAX], path[PATH_MAX];
    assert_non_null(getcwd(here, sizeof(here)));
    assert_int_equal(chdir("/"), 0);
    snprintf(path, sizeof(path), "./%s", PLUGIN_A);
    void *library = dlopen(path, RTLD_NOW);
    assert_non_null(library);
    on_a_coroutine_of(16384);
    dlclose(library);
    assert_int_equal(chdir(here), 0);
}

/* ---- functions ---- */

static void functions_are_told_by_address(void **state)
{
    (void)state;
    struct fake_event event;
    struct leash_frame_name name = {0};
    fake_reset();
    leash__events_function(&fake_events, 55, (void (*)(void))deep);
    assert_true(fake_take(&event));
    assert_int_equal(event.kind, LEASH_EV_CORO_FN);
    assert_int_equal(event.a, 55);
    const struct fake_definition *module = fake_find(LEASH_EV_DEF_MODULE, event.b);
    assert_non_null(module);
    assert_true(leash_names_frame(names, module->text, module->text + strlen(module->text) + 1, event.c, &name));
    assert_string_equal(name.func, "deep");
    leash__events_function(&fake_events, 56, (void (*)(void))8); /* in no module */
    assert_false(fake_take(&event));
}

/* ---- threads ---- */

static unsigned wrong;

static void *create_many(void *argument)
{
    struct fake_event first = {0}, event = {0};
    (void)argument;
    fake_join();
    for (int i = 0; i < 2000; i++) {
        outer(runtime_create);
        if (!fake_take(&event) || (i && event.b != first.b))
            __atomic_add_fetch(&wrong, 1, __ATOMIC_RELAXED);
        if (!i)
            first = event;
    }
    return NULL;
}

static void threads_share_the_table(void **state)
{
    (void)state;
    pthread_t threads[4];
    fake_reset();
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, create_many, NULL), 0);
    for (int i = 0; i < 20; i++) { /* libraries come and go meanwhile */
        void *library = dlopen(i % 2 ? PLUGIN_A : PLUGIN_B, RTLD_NOW);
        assert_non_null(library);
        dlclose(library);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    assert_int_equal(fake_count(LEASH_EV_DEF_STACK), 1);
}

/* ---- no memory ---- */

static int mallocs_left = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);

static bool malloc_fails(void)
{
    return mallocs_left >= 0 && mallocs_left-- <= 0;
}

void *__wrap_malloc(size_t size)
{
    return malloc_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return malloc_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return malloc_fails() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return malloc_fails() ? NULL : __real_strdup(text);
}

/* Each allocation fails once, with new libraries to be noted meanwhile. */
static void without_memory_nothing_breaks(void **state)
{
    (void)state;
    fake_reset();
    for (int left = 0; left < 30; left++) {
        void *library = dlopen(left % 2 ? PLUGIN_A : PLUGIN_B, RTLD_NOW);
        assert_non_null(library);
        fake_trace++;
        mallocs_left = left;
        deep((unsigned)left % 9);
        mallocs_left = -1;
        struct fake_event event;
        if (fake_take(&event))
            assert_non_null(fake_find(LEASH_EV_DEF_STACK, event.b));
        dlclose(library);
    }
    void *library = dlopen(PLUGIN_A, RTLD_NOW);
    outer(runtime_create);
    assert_true(starts_with(functions_of(last_stack()), "inner < middle < outer < "));
    dlclose(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_memory_nothing_breaks), /* first: while the tables are to be made */
        cmocka_unit_test(program_frames_are_told),
        cmocka_unit_test(no_frame_is_lost_without_a_public_function),
        cmocka_unit_test(frames_of_the_runtime_in_between_are_left_out),
        cmocka_unit_test(equal_stacks_are_one),
        cmocka_unit_test(modules_are_told_whole),
        cmocka_unit_test(deep_stacks_are_cut),
        cmocka_unit_test(a_new_trace_is_told_anew),
        cmocka_unit_test(a_number_is_good_for_every_trace),
        cmocka_unit_test(without_room_it_is_tried_again),
        cmocka_unit_test(nothing_happens_while_nothing_is_recorded),
        cmocka_unit_test(errno_is_kept),
        cmocka_unit_test(coroutines_end_at_their_body),
        cmocka_unit_test(small_stacks_are_enough),
        cmocka_unit_test(a_plugin_in_another_ones_place),
        cmocka_unit_test(relative_paths_become_absolute),
        cmocka_unit_test(functions_are_told_by_address),
        cmocka_unit_test(threads_share_the_table),
    };
    if (leash_names_new(&names) < 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    leash_names_free(names);
    return failed;
}
