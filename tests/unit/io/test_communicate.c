/* leash_process_communicate: more than pipes hold both ways, what is not wanted, cancellation, memory, closing. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

enum { BIG = 1 << 20 }; /* more than any pipe holds */

struct exchange {
    struct family family;
    const char *command;
    const char *input;
    size_t n;
    char *out, *err;
    size_t out_size, err_size;
    int rc, code;
};

static char big[BIG + 1];

static struct exchange exchange_of(const char *command, const char *input, size_t n)
{
    return (struct exchange){
        .family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_PIPE), .command = command, .input = input, .n = n};
}

static int communicates(void *arg)
{
    struct exchange *exchange = arg;
    if (!shell(&exchange->family, exchange->command))
        return exchange->family.rc[0];
    exchange->rc = leash_process_communicate(exchange->family.process, exchange->input, exchange->n, &exchange->out,
                                             &exchange->out_size, &exchange->err, &exchange->err_size);
    leash_process_returncode(exchange->family.process, &exchange->code);
    return leash_process_close(exchange->family.process);
}

static void run_exchange(struct exchange *exchange, const char *out, size_t out_size, const char *err)
{
    for (int i = 0; i < 2; i++) {
        exchange->out = exchange->err = NULL;
        exchange->out_size = exchange->err_size = 1000;
        assert_int_equal((i ? run_virtual : run_really)(communicates, exchange), 0);
        assert_int_equal(exchange->rc, 0);
        assert_int_equal(exchange->out_size, out_size);
        if (out)
            assert_memory_equal(exchange->out, out, out_size + 1);
        else
            assert_null(exchange->out);
        if (err)
            assert_string_equal(exchange->err, err);
        else
            assert_null(exchange->err);
        assert_int_equal(exchange->err_size, err ? strlen(err) : 0);
        free(exchange->out);
        free(exchange->err);
    }
}

/* ---- to and fro ---- */

static void test_to_and_fro(void **state)
{
    struct exchange exchange = exchange_of("cat; echo oops >&2; exit 5", big, BIG);
    (void)state;
    run_exchange(&exchange, big, BIG, "oops\n");
    assert_int_equal(exchange.code, 5);
    exchange = exchange_of("cat >&2; cat", "hello", 5);
    run_exchange(&exchange, "", 0, "hello");
}

static void test_without_input(void **state)
{
    struct exchange exchange = exchange_of("cat; echo end", NULL, 7); /* n is not looked at */
    (void)state;
    run_exchange(&exchange, "end\n", 4, "");
}

static void test_input_that_nobody_wants(void **state)
{
    struct exchange exchange = exchange_of("exec <&-; echo no", big, BIG);
    (void)state;
    run_exchange(&exchange, "no\n", 3, "");
    assert_int_equal(exchange.code, 0);
}

static void test_what_is_no_pipe(void **state)
{
    struct exchange exchange = exchange_of("cat; echo both >&2", "and ", 4);
    (void)state;
    exchange.family.options.err = LEASH_STDOUT;
    run_exchange(&exchange, "and both\n", 9, NULL);
    exchange = exchange_of("echo only >&2", NULL, 0);
    exchange.family.options.out = LEASH_DEVNULL;
    exchange.family.options.in = LEASH_DEVNULL;
    run_exchange(&exchange, NULL, 0, "only\n");
    exchange.family.options.err = LEASH_DEVNULL;
    run_exchange(&exchange, NULL, 0, NULL);
}

static int throws_away(void *arg)
{
    struct exchange *exchange = arg;
    if (!shell(&exchange->family, exchange->command))
        return exchange->family.rc[0];
    return leash_process_communicate(exchange->family.process, big, BIG, NULL, NULL, NULL, NULL);
}

static void test_what_is_thrown_away(void **state)
{
    struct exchange exchange = exchange_of("tee /dev/stderr", NULL, 0);
    (void)state;
    assert_int_equal(run_virtual(throws_away, &exchange), 0);
    exchange.family.options.in = LEASH_DEVNULL;
    assert_int_equal(run_virtual(throws_away, &exchange), -EINVAL); /* there is no way for the input */
    assert_int_equal(leash_process_communicate(exchange.family.process, NULL, 0, NULL, NULL, NULL, NULL), -EPERM);
}

/* ---- cancellation ---- */

static int communicates_again(void *arg)
{
    struct exchange *exchange = arg;
    struct family *family = &exchange->family;
    int calls = 0;
    if (!shell(family, exchange->command))
        return family->rc[0];
    do { /* most of them are cut short, wherever they are */
        leash_timeout_t scope = leash_timeout_begin(calls < 20 ? 0.0002 : 10);
        exchange->rc = leash_process_communicate(family->process, calls ? NULL : big, BIG, &exchange->out,
                                                 &exchange->out_size, &exchange->err, &exchange->err_size);
        exchange->rc = leash_timeout_end(scope, exchange->rc);
        calls++;
    } while (exchange->rc == -ETIMEDOUT);
    family->rc[1] = calls;
    return leash_process_close(family->process);
}

static void test_cancelled_and_called_again(void **state)
{
    struct exchange exchange = exchange_of("cat; echo oops >&2; sleep 0.01", NULL, 0);
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal((i ? run_virtual : run_really)(communicates_again, &exchange), 0);
        assert_int_equal(exchange.rc, 0);
        assert_true(exchange.family.rc[1] > 1);
        assert_int_equal(exchange.out_size, BIG);
        assert_memory_equal(exchange.out, big, BIG);
        assert_string_equal(exchange.err, "oops\n");
        free(exchange.out);
        free(exchange.err);
    }
}

static int communicate_body(void *arg)
{
    struct exchange *exchange = arg;
    return leash_process_communicate(exchange->family.process, NULL, 0, &exchange->out, &exchange->out_size,
                                     &exchange->err, &exchange->err_size);
}

/* Where it waits for its outputs; where it waits for the end, the outputs being closed. */
static int cancels(void *arg)
{
    struct exchange *exchange = arg;
    struct family *family = &exchange->family;
    if (!shell(family, exchange->command))
        return family->rc[0];
    int rc = hears(family);
    leash_task_t task = leash_create_task(leash_coro(communicate_body, exchange));
    while (exchange->n && leash_stream_is_closing(leash_process_stderr(family->process)) == 0)
        leash_sleep(0);
    leash_sleep(0);
    leash_cancel(task, NULL);
    exchange->rc = leash_await(task, NULL);
    family->rc[1] = leash_process_returncode(family->process, &exchange->code);
    leash_process_close(family->process);
    return rc;
}

static void test_killed_when_cancelled(void **state)
{
    static const char *const commands[] = {"echo; exec sleep 1000", "echo; exec >&- 2>&-; exec sleep 1000"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct exchange exchange = exchange_of(commands[i / 2], NULL, i / 2);
        exchange.family.options.kill_on_cancel = i % 2;
        exchange.out = exchange.err = big;
        assert_int_equal(run_virtual(cancels, &exchange), 0);
        assert_int_equal(exchange.rc, -ECANCELED);
        assert_int_equal(exchange.family.rc[1], i % 2);
        if (i % 2)
            assert_int_equal(exchange.code, -SIGTERM);
        assert_ptr_equal(exchange.out, big); /* untouched */
        assert_ptr_equal(exchange.err, big);
    }
}

/* ---- others ---- */

static int two_communicate(void *arg)
{
    struct exchange *exchange = arg;
    struct family *family = &exchange->family;
    if (!shell(family, "read line; echo late"))
        return family->rc[0];
    leash_task_t first = leash_create_task(leash_coro(communicate_body, exchange));
    leash_sleep(0);
    leash_sleep(0);
    family->rc[1] = leash_process_communicate(family->process, NULL, 0, NULL, NULL, NULL, NULL);
    int rc = leash_await(first, NULL);
    leash_process_close(family->process);
    return rc;
}

static void test_one_at_a_time(void **state)
{
    struct exchange exchange = exchange_of(NULL, NULL, 0);
    (void)state;
    assert_int_equal(run_virtual(two_communicate, &exchange), 0);
    assert_int_equal(exchange.family.rc[1], -EBUSY);
    assert_string_equal(exchange.out, "late\n");
    free(exchange.out);
    free(exchange.err);
}

static int closes_meanwhile(void *arg)
{
    struct exchange *exchange = arg;
    struct family *family = &exchange->family;
    if (!shell(family, "exec sleep 1000"))
        return family->rc[0];
    leash_task_t task = leash_create_task(leash_coro(communicate_body, exchange));
    leash_sleep(0);
    leash_sleep(0);
    leash_process_close(family->process);
    exchange->rc = leash_await(task, NULL);
    return 0;
}

static void test_closed_meanwhile(void **state)
{
    struct exchange exchange = exchange_of(NULL, NULL, 0);
    (void)state;
    assert_int_equal(run_virtual(closes_meanwhile, &exchange), 0);
    assert_int_equal(exchange.rc, -EBADF);
    assert_null(exchange.out);
}

/* ---- memory ---- */

static int reallocations; /* until one fails; 0: none does */

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    if (reallocations > 0 && --reallocations == 0)
        return NULL;
    return __real_realloc(old, size);
}

static int has_little_memory(void *arg)
{
    struct exchange *exchange = arg;
    struct family *family = &exchange->family;
    if (!shell(family, "cat"))
        return family->rc[0];
    reallocations = 5;
    exchange->rc = leash_process_communicate(family->process, big, BIG, &exchange->out, &exchange->out_size,
                                             &exchange->err, &exchange->err_size);
    int rc = leash_process_communicate(family->process, NULL, 0, &exchange->out, &exchange->out_size, &exchange->err,
                                       &exchange->err_size);
    leash_process_close(family->process);
    return rc;
}

static void test_no_memory_for_what_is_read(void **state)
{
    struct exchange exchange = exchange_of(NULL, NULL, 0);
    (void)state;
    assert_int_equal(run_virtual(has_little_memory, &exchange), 0);
    assert_int_equal(exchange.rc, -ENOMEM);
    assert_int_equal(exchange.out_size, BIG); /* what was read before is there */
    assert_memory_equal(exchange.out, big, BIG);
    free(exchange.out);
    free(exchange.err);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_to_and_fro),
        TEST(test_without_input),
        TEST(test_input_that_nobody_wants),
        TEST(test_what_is_no_pipe),
        TEST(test_what_is_thrown_away),
        TEST(test_cancelled_and_called_again),
        TEST(test_killed_when_cancelled),
        TEST(test_one_at_a_time),
        TEST(test_closed_meanwhile),
        TEST(test_no_memory_for_what_is_read),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    for (size_t i = 0; i < BIG; i++)
        big[i] = (char)('a' + i * i % 23);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
