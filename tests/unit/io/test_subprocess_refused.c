/* Processes that cannot be begun: why is told, and nothing is left of them. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <trace_format.h>

#include "children.h"
#include "descriptors.h"
#include "open_descriptors.h"
#include "sink.h"

/* ---- what cannot be begun ---- */

static int code_of(leash_process_t process)
{
    return process ? leash_process_close(process) : -errno;
}

static int exec_code(const char *program, const struct leash_process_options *options)
{
    const char *const argv[] = {program, NULL};
    struct leash_process_options with = *options;
    with.argv = argv;
    return code_of(leash_create_subprocess_exec(&with));
}

/* What libuv opens once a loop is open then. */
static void warm_up(void)
{
    leash_stream_t pair[2];
    if (leash_stream_pair(pair) < 0)
        return;
    leash_stream_close(pair[0]);
    leash_stream_close(pair[1]);
}

static int fails(void *arg)
{
    struct family *family = arg;
    struct leash_process_options plain = family->options, options = plain;
    size_t size = 1 << 20;
    char *big = malloc(size);
    memset(big, 'x', size - 1);
    big[size - 1] = '\0';
    warm_up();
    int before = open_descriptors();
    family->rc[0] = exec_code("no-such-program", &plain);
    snprintf(family->text[0], sizeof family->text[0], "%s", leash_last_error());
    family->rc[1] = exec_code("/etc/passwd", &plain);
    family->rc[2] = exec_code("/no/such/program", &plain);
    options.cwd = "/no/such/folder";
    family->rc[3] = exec_code("true", &options);
    snprintf(family->text[1], sizeof family->text[1], "%s", leash_last_error());
    family->rc[4] = code_of(leash_create_subprocess_shell(big, &plain));
    options = plain;
    options.out = 1000;
    family->rc[5] = exec_code("true", &options);
    options.out = LEASH_STDOUT;
    family->rc[6] = exec_code("true", &options);
    options = plain;
    options.size = 8;
    family->rc[7] = exec_code("true", &options);
    family->rc[8] = code_of(leash_create_subprocess_exec(&plain));
    family->rc[9] = code_of(leash_create_subprocess_exec(NULL));
    family->rc[10] = code_of(leash_create_subprocess_shell(NULL, &plain));
    free(big);
    leash_sleep(0);
    return open_descriptors() == before ? 0 : -EPROTO;
}

static void test_what_cannot_be_begun(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_PIPE);
    (void)state;
    run_family(fails, &family);
    assert_int_equal(family.rc[0], -ENOENT);
    assert_non_null(strstr(family.text[0], "\"no-such-program\": "));
    assert_int_equal(family.rc[1], -EACCES);
    assert_int_equal(family.rc[2], -ENOENT);
    assert_int_equal(family.rc[3], -ENOENT);
    assert_non_null(strstr(family.text[1], "\"true\" in /no/such/folder: "));
    assert_int_equal(family.rc[4], -E2BIG);
    assert_int_equal(family.rc[5], -EBADF);
    for (int i = 6; i < 11; i++)
        assert_int_equal(family.rc[i], -EINVAL);
    assert_null(leash_create_subprocess_shell("true", NULL));
    assert_int_equal(errno, EPERM);
}

/* Each descriptor that it needs is the one too many once. */
static int has_few_descriptors(void *arg)
{
    struct family *family = arg;
    struct rlimit old, low;
    warm_up();
    int before = open_descriptors();
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    for (low.rlim_cur = 3; low.rlim_cur < 64; low.rlim_cur++) {
        setrlimit(RLIMIT_NOFILE, &low);
        leash_process_t process = shell(family, "exit 0");
        setrlimit(RLIMIT_NOFILE, &old);
        if (process) {
            leash_process_wait(process, NULL);
            leash_process_close(process);
            return open_descriptors() == before ? 0 : -EPROTO;
        }
        family->rc[1] += family->rc[0] == -EMFILE;
        family->rc[2] += open_descriptors() != before;
    }
    return -EPROTO;
}

static void test_no_descriptors(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_PIPE);
    (void)state;
    run_family(has_few_descriptors, &family);
    assert_true(family.rc[1] >= 8);
    assert_int_equal(family.rc[2], 0);
}

static int asks_for_nothing(void *arg)
{
    struct family *family = arg;
    family->rc[0] = exec_code("no-such-program", &family->options);
    return 0;
}

static void test_the_trace_is_told(void **state)
{
    struct family family = family_of(LEASH_DEVNULL, LEASH_DEVNULL, LEASH_DEVNULL);
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(asks_for_nothing, &family), 0);
    assert_int_equal(family.rc[0], -ENOENT);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "no-such-program");
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 1);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->a, sink_find(LEASH_EV_OBJECT, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, ENOENT);
    sink_off();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_cannot_be_begun),
        TEST(test_no_descriptors),
        TEST(test_the_trace_is_told),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
