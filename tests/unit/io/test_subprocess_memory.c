/* No memory: each allocation of a child's life fails once, by countdown. What was refused says -ENOMEM, and no child,
 * no descriptor and no memory (LeakSanitizer looks at the end) is left. libuv's own allocations do not fail. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>
#include <string.h>

#include "children.h"
#include "descriptors.h"
#include "no_memory.h"
#include "sink.h"

/* ---- talking ---- */

/* Both must be what was said, unless the call was refused. */
static bool is_wrong(int rc, const char *out, const char *err)
{
    return rc == 0 ? strcmp(out, "hello") != 0 || strcmp(err, "oops\n") != 0 : rc != -ENOMEM;
}

static int talks(void *arg)
{
    struct family *family = arg;
    char *out = NULL, *err = NULL;
    no_memory_at(family->code[0]);
    leash_process_t process = leash_create_subprocess_shell("cat; echo oops >&2", &family->options);
    if (!process)
        return -errno;
    int rc = leash_process_communicate(process, "hello", 5, &out, NULL, &err, NULL);
    if (is_wrong(rc, out, err))
        rc = -EPROTO;
    free(out);
    free(err);
    leash_process_close(process);
    return rc;
}

/* ---- being cancelled ---- */

static int waits_with_a_limit(void *arg)
{
    struct family *family = arg;
    no_memory_at(family->code[0]);
    leash_process_t process = leash_create_subprocess_shell("exec cat", &family->options);
    if (!process)
        return -errno;
    leash_timeout_t scope = leash_timeout_begin(0.001);
    if (!scope) {
        leash_process_close(process);
        return -ENOMEM;
    }
    int rc = leash_timeout_end(scope, leash_process_wait(process, NULL));
    bool has_ended = leash_process_returncode(process, NULL) == 1;
    leash_process_close(process);
    return rc == -ETIMEDOUT && has_ended ? 0 : rc == -ENOMEM ? rc : -EPROTO;
}

/* Until nothing is left that could fail. */
static int fail_each(leash_fn_t fn, int *ran)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_PIPE);
    int rc = 0;
    family.options.kill_on_cancel = 1;
    do {
        family.code[0]++;
        rc = run_virtual(fn, &family);
        no_memory_at(0);
    } while (no_memory_failed() > 0 && (rc == 0 || rc == -ENOMEM));
    *ran = family.code[0];
    return rc;
}

static void test_no_memory(void **state)
{
    int ran = 0;
    (void)state;
    assert_int_equal(fail_each(talks, &ran), 0);
    assert_true(ran > 10);
    assert_int_equal(fail_each(waits_with_a_limit, &ran), 0);
    assert_true(ran > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_memory, children_setup, children_teardown),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
