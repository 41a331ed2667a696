/* Processes: what they are begun with, what they return, their streams, signals; and what cannot be begun. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

/* ---- what they return ---- */

static int returns_codes(void *arg)
{
    static const char *const commands[] = {"exit 0", "exit 7", "kill -KILL $$", "kill -TERM $$"};
    struct family *family = arg;
    for (int i = 0; i < 4; i++) {
        if (!shell(family, commands[i]))
            return family->rc[0];
        family->rc[4 + i] = leash_process_returncode(family->process, NULL);
        family->rc[i] = leash_process_wait(family->process, &family->code[i]);
        int again = 1000;
        if (leash_process_wait(family->process, &again) < 0 || again != family->code[i] ||
            leash_process_returncode(family->process, &again) != 1 || again != family->code[i] ||
            leash_process_wait(family->process, NULL) < 0)
            return -EPROTO;
        leash_process_close(family->process);
    }
    return 0;
}

static void test_what_it_returns(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(returns_codes, &family);
    for (int i = 0; i < 8; i++)
        assert_int_equal(family.rc[i], 0);
    assert_int_equal(family.code[0], 0);
    assert_int_equal(family.code[1], 7);
    assert_int_equal(family.code[2], -SIGKILL);
    assert_int_equal(family.code[3], -SIGTERM);
}

/* ---- who waits ---- */

static int several_wait(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "read line; exit $line"))
        return family->rc[0];
    leash_task_t a = waits(family, "a"), b = waits(family, "b"), c = waits(family, "c");
    leash_cancel(b, NULL);
    leash_sleep(0);
    leash_stream_write(leash_process_stdin(family->process), "5\n", 2); /* it goes on, whoever was cancelled */
    leash_await(b, NULL);
    leash_gather_wait(NULL, a, c);
    return leash_process_close(family->process);
}

static void test_several_wait(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    char expected[64];
    (void)state;
    run_family(several_wait, &family);
    snprintf(expected, sizeof expected, "b %d, a 5, c 5", -ECANCELED);
    assert_string_equal(family.words, expected);
}

/* The child has ended and the task was woken: the cancellation comes first, and the returncode stays. */
static int canceller(void *arg)
{
    struct family *family = arg;
    int rc = leash_process_wait(family->process, NULL);
    leash_cancel((leash_task_t)family->more, NULL);
    return rc;
}

static int cancelled_when_woken(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "read line; exit 4"))
        return family->rc[0];
    leash_task_t first = leash_create_task(leash_coro(canceller, family));
    leash_sleep(0);
    leash_task_t second = waits(family, "second");
    family->more = second;
    leash_stream_close(leash_process_stdin(family->process));
    family->rc[1] = leash_await(first, NULL);
    family->rc[2] = leash_await(second, NULL);
    family->rc[3] = leash_process_returncode(family->process, &family->code[0]);
    return leash_process_close(family->process);
}

static void test_cancelled_when_woken(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    family.options.kill_on_cancel = 1;
    run_family(cancelled_when_woken, &family);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.rc[2], -ECANCELED);
    assert_int_equal(family.rc[3], 1);
    assert_int_equal(family.code[0], 4);
}

/* ---- what they have ---- */

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

/* ---- signals ---- */

static int sends_signals(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap 'echo caught' USR1; echo ready; read line; read line; exit 9"))
        return family->rc[0];
    hears(family);
    family->rc[1] = leash_process_send_signal(family->process, SIGUSR1);
    family->rc[2] = hears(family); /* the signal ended the first read, or the lines do */
    family->rc[3] = leash_process_send_signal(family->process, 12345);
    leash_stream_close(leash_process_stdin(family->process));
    leash_process_wait(family->process, &family->code[0]);
    family->rc[4] = leash_process_send_signal(family->process, SIGUSR1);
    snprintf(family->text[1], sizeof family->text[1], "%s", leash_last_error());
    family->rc[5] = leash_process_pid(family->process) == family->pid;
    leash_process_close(family->process);
    return 0;
}

static int ends_them(void *arg)
{
    struct family *family = arg;
    for (int i = 0; i < 2; i++) {
        if (!shell(family, "read line"))
            return family->rc[0];
        family->rc[i] = i ? leash_process_kill(family->process) : leash_process_terminate(family->process);
        leash_process_wait(family->process, &family->code[i]);
        leash_process_close(family->process);
    }
    return 0;
}

static void test_signals(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_INHERIT);
    (void)state;
    run_family(sends_signals, &family);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.rc[2], 0);
    assert_string_equal(family.text[0], "caught");
    assert_int_equal(family.rc[3], -EINVAL);
    assert_int_equal(family.code[0], 9);
    assert_int_equal(family.rc[4], -ESRCH);
    assert_non_null(strstr(family.text[1], "it has ended"));
    assert_int_equal(family.rc[5], 1);
    run_family(ends_them, &family);
    assert_int_equal(family.rc[0], 0);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.code[0], -SIGTERM);
    assert_int_equal(family.code[1], -SIGKILL);
}

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
    unsigned before = descriptors_open();
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
    return descriptors_open() == before ? 0 : -EPROTO;
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
    unsigned before = descriptors_open();
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    for (low.rlim_cur = 3; low.rlim_cur < 64; low.rlim_cur++) {
        setrlimit(RLIMIT_NOFILE, &low);
        leash_process_t process = shell(family, "exit 0");
        setrlimit(RLIMIT_NOFILE, &old);
        if (process) {
            leash_process_wait(process, NULL);
            leash_process_close(process);
            return descriptors_open() == before ? 0 : -EPROTO;
        }
        family->rc[1] += family->rc[0] == -EMFILE;
        family->rc[2] += descriptors_open() != before;
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_it_returns),
        TEST(test_several_wait),
        TEST(test_cancelled_when_woken),
        TEST(test_pipes),
        TEST(test_stderr_where_stdout_goes),
        TEST(test_descriptors),
        TEST(test_nothing),
        TEST(test_program_environment_and_folder),
        TEST(test_a_session),
        TEST(test_another_user),
        TEST(test_signals),
        TEST(test_what_cannot_be_begun),
        TEST(test_no_descriptors),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
