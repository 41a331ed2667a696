/* Processes: what they are begun with: streams, files, a program, an environment, a folder, a session, a user. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

static int reads_all(leash_stream_t stream, char *text, size_t size)
{
    int n = 0, rc;
    while ((rc = leash_stream_read(stream, text + n, size - 1 - (size_t)n)) > 0)
        n += rc;
    text[n] = '\0';
    return rc;
}

static int talks(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "cat; echo oops >&2"))
        return family->rc[0];
    leash_stream_t in = leash_process_stdin(family->process);
    family->rc[1] = leash_stream_write(in, "hello", 5);
    family->rc[2] = leash_stream_close(in);
    family->rc[3] = reads_all(leash_process_stdout(family->process), family->text[0], sizeof family->text[0]);
    family->rc[4] = leash_process_stderr(family->process)
                        ? reads_all(leash_process_stderr(family->process), family->text[1], sizeof family->text[1])
                        : -errno;
    int rc = leash_process_wait(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc;
}

static void test_pipes(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_PIPE);
    (void)state;
    run_family(talks, &family);
    for (int i = 1; i < 5; i++)
        assert_int_equal(family.rc[i], 0);
    assert_string_equal(family.text[0], "hello");
    assert_string_equal(family.text[1], "oops\n");
    assert_int_equal(family.code[0], 0);
}

static void test_stderr_where_stdout_goes(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_STDOUT);
    (void)state;
    run_family(talks, &family);
    assert_string_equal(family.text[0], "hellooops\n");
    assert_int_equal(family.rc[4], -ENOTCONN);
}

static int talks_to_files(void *arg)
{
    struct family *family = arg;
    FILE *in = tmpfile(), *out = tmpfile();
    fputs("from a file", in);
    rewind(in);
    family->options.in = fileno(in);
    family->options.out = fileno(out);
    if (!shell(family, "cat; cat <&3")) /* the files' own descriptors are not to be there: 3 is closed, or leash's */
        return family->rc[0];
    int rc = leash_process_wait(family->process, &family->code[0]);
    rewind(out);
    if (!fgets(family->text[0], sizeof family->text[0], out))
        rc = -EPROTO;
    family->rc[1] = leash_process_stdin(family->process) ? 0 : -errno;
    leash_process_close(family->process);
    fclose(in);
    fclose(out);
    return rc;
}

static void test_descriptors(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_DEVNULL);
    (void)state;
    run_family(talks_to_files, &family);
    assert_int_equal(strncmp(family.text[0], "from a file", 11), 0);
    assert_int_equal(family.rc[1], -ENOTCONN);
}

static int has_nothing(void *arg)
{
    struct family *family = arg;
    leash_uv_loop();
    int kept = dup(0);
    close(0); /* what is not there is /dev/null there */
    leash_process_t process = shell(family, "cat; readlink /proc/self/fd/0 /proc/self/fd/2");
    dup2(kept, 0);
    close(kept);
    if (!process)
        return family->rc[0];
    int rc = reads_all(leash_process_stdout(process), family->text[0], sizeof family->text[0]);
    leash_process_wait(process, &family->code[0]);
    leash_process_close(process);
    return rc;
}

static void test_nothing(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_PIPE, LEASH_DEVNULL);
    (void)state;
    run_family(has_nothing, &family);
    assert_string_equal(family.text[0], "/dev/null\n/dev/null\n");
    assert_int_equal(family.code[0], 0);
}

static int execs(void *arg)
{
    static const char *const argv[] = {"another", "-c", "echo $0 $WORD $PWD", NULL};
    static const char *const env[] = {"WORD=spoken", "PATH=/usr/bin:/bin", NULL};
    struct family *family = arg;
    family->options.argv = argv;
    family->options.program = "sh";
    family->options.env = env;
    family->options.cwd = "/";
    family->process = leash_create_subprocess_exec(&family->options);
    if (!family->process)
        return -errno;
    int rc = hears(family);
    leash_process_wait(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc;
}

static void test_program_environment_and_folder(void **state)
{
    struct family family = family_of(LEASH_DEVNULL, LEASH_PIPE, LEASH_INHERIT);
    (void)state;
    run_family(execs, &family);
    assert_string_equal(family.text[0], "another spoken /");
}

static int leads(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "read line"))
        return family->rc[0];
    family->rc[1] = getsid(family->pid) == family->pid;
    family->rc[2] = getpgid(family->pid) == family->pid;
    leash_stream_close(leash_process_stdin(family->process));
    int rc = leash_process_wait(family->process, NULL);
    leash_process_close(family->process);
    return rc;
}

static void test_a_session(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(leads, &family);
    assert_int_equal(family.rc[1], 0);
    family.options.new_session = 1;
    run_family(leads, &family);
    assert_int_equal(family.rc[1], 1);
    assert_int_equal(family.rc[2], 1);
}

static int is_somebody_else(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "echo $(id -u) $(id -g)"))
        return 0;
    int rc = hears(family);
    leash_process_wait(family->process, NULL);
    leash_process_close(family->process);
    return rc;
}

static void test_another_user(void **state)
{
    struct family family = family_of(LEASH_DEVNULL, LEASH_PIPE, LEASH_INHERIT);
    (void)state;
    family.options.uid = 65534;
    family.options.gid = 65533;
    run_family(is_somebody_else, &family);
    if (geteuid() == 0)
        assert_string_equal(family.text[0], "65534 65533");
    else
        assert_int_equal(family.rc[0], -EPERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_pipes),        TEST(test_stderr_where_stdout_goes),       TEST(test_descriptors),
        TEST(test_nothing),      TEST(test_program_environment_and_folder), TEST(test_a_session),
        TEST(test_another_user),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
