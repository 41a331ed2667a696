/* Who keeps a lost task, without a trace: itself, or another that is lost. What the scan finds is the test's. */
#include "test.h"

#include <leash.h>
#include <leash/scan.h>
#include <ports.h>
#include <stdio.h>
#include <string.h>

#include "sink.h"
#include "types.h"

/* Every leak as "class:name<keeper ". */
static char told[512];
static uint32_t keepers[3]; /* as the scan answers; of tasks in order of creation */
static uint64_t ids[3];
static bool is_complete;

void __wrap_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak)
{
    size_t length = strlen(told);
    snprintf(told + length, sizeof told - length, "%s:%s<%s ", leak->class, leak->name, leak->kept_by);
}

int __wrap_leash__scan_memory(const struct leash__scan_request *request, struct leash_scan_result *out);
int __wrap_leash__scan_memory(const struct leash__scan_request *request, struct leash_scan_result *out)
{
    *out = (struct leash_scan_result){.complete = is_complete, .reason = is_complete ? "" : "other threads"};
    memset(request->found, !is_complete, request->count);
    for (size_t i = 0; is_complete && i < request->count; i++) {
        ids[i] = ((const struct leash__task *)request->tasks[i])->cell.id;
        request->keepers[i] = keepers[i];
    }
    return 0;
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

static int loses_three(void *arg)
{
    static const char *const names[] = {"a", "b", "c"};
    (void)arg;
    for (int i = 0; i < 3; i++) {
        leash_task_t task = leash_create_task_named(leash_coro(sleeps, NULL), names[i]);
        (void)task; /* and so it is lost */
    }
    return leash_sleep(1);
}

static void run(void)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.scan = LEASH_SCAN_AT_END;
    told[0] = '\0';
    assert_int_equal(run_options(loses_three, NULL, &options), 0);
}

static void is_named_in_the_report(void **state)
{
    char expected[512];
    (void)state;
    is_complete = true;
    memcpy(keepers, (uint32_t[]){0, 2, 1}, sizeof keepers); /* nobody, itself, the first */
    run();
    snprintf(expected, sizeof expected, "unreferenced:a< unreferenced:b<itself unreferenced:c<unreferenced task #%llu ",
             (unsigned long long)ids[0]);
    assert_string_equal(told, expected);
}

static void nobody_is_where_the_scan_is_incomplete(void **state)
{
    (void)state;
    is_complete = false;
    run();
    assert_string_equal(told, "pending-at-exit:a< pending-at-exit:b< pending-at-exit:c< ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_named_in_the_report),
        cmocka_unit_test(nobody_is_where_the_scan_is_incomplete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
