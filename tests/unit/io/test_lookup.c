/* leash_getaddrinfo and leash_getnameinfo: answers, errors, cancellation while libuv works on it, clocks, the end. */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <leash.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "descriptors.h"
#include "resolver.h"
#include "sink.h"

struct scene {
    const char *host, *service;
    int rc[8];
    int port;
    char address[INET6_ADDRSTRLEN];
    char names[2][NI_MAXHOST];
    char error[256];
    double times[4];
    unsigned turns;
};

/* ---- addresses ---- */

static void note_first(struct scene *scene, const struct addrinfo *found)
{
    const void *address = found->ai_addr;
    const struct sockaddr_in *ip4 = address;
    const struct sockaddr_in6 *ip6 = address;
    bool is_ip4 = found->ai_family == AF_INET;
    inet_ntop(found->ai_family, is_ip4 ? (const void *)&ip4->sin_addr : (const void *)&ip6->sin6_addr, scene->address,
              sizeof scene->address);
    scene->port = ntohs(is_ip4 ? ip4->sin_port : ip6->sin6_port);
}

static int looks_up(void *arg)
{
    struct scene *scene = arg;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int rc = leash_getaddrinfo(scene->host, scene->service, &hints, &found);
    if (rc < 0) {
        strncpy(scene->error, leash_last_error(), sizeof scene->error - 1);
        return found ? -EPROTO : rc;
    }
    note_first(scene, found);
    freeaddrinfo(found);
    return rc;
}

static void test_a_name(void **state)
{
    struct scene scene = {.host = "localhost", .service = "80"};
    (void)state;
    assert_int_equal(run_really(looks_up, &scene), 0);
    assert_int_equal(scene.port, 80);
    assert_true(strcmp(scene.address, "127.0.0.1") == 0 || strcmp(scene.address, "::1") == 0);
    scene = (struct scene){.host = "names.test", .service = "81"};
    assert_int_equal(run_virtual(looks_up, &scene), 0);
    assert_int_equal(scene.port, 81);
    assert_string_equal(scene.address, "127.0.0.1");
}

static int counts_turns(void *arg)
{
    struct scene *scene = arg;
    for (int i = 0; i < 3; i++) {
        scene->turns++;
        leash_sleep(0);
    }
    return 0;
}

static int looks_up_beside_another(void *arg)
{
    struct scene *scene = arg;
    leash_task_t other = leash_create_task(leash_coro(counts_turns, scene));
    scene->rc[0] = looks_up(scene);
    scene->rc[1] = (int)scene->turns;
    return leash_await(other, NULL);
}

static void test_digits_need_no_wait(void **state)
{
    static const struct {
        const char *host, *service, *address;
    } cases[] = {{"192.0.2.7", "53", "192.0.2.7"},
                 {"2001:db8::1", "53", "2001:db8::1"},
                 {NULL, "53", NULL},
                 {"192.0.2.7", NULL, "192.0.2.7"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene = {.host = cases[i].host, .service = cases[i].service};
        assert_int_equal(run_virtual(looks_up_beside_another, &scene), 0);
        assert_int_equal(scene.rc[0], 0);
        assert_int_equal(scene.rc[1], 0);
        assert_int_equal(scene.port, cases[i].service ? 53 : 0);
        if (cases[i].address)
            assert_string_equal(scene.address, cases[i].address);
    }
    struct scene scene = {.host = "localhost", .service = "53"};
    assert_int_equal(run_virtual(looks_up_beside_another, &scene), 0);
    assert_true(scene.rc[1] > 0);
}

/* ---- errors ---- */

static void test_errors_of_the_resolver(void **state)
{
    static const struct {
        int eai, error;
    } cases[] = {{EAI_NONAME, -ENXIO},        {EAI_NODATA, -ENXIO},      {EAI_ADDRFAMILY, -ENXIO},
                 {EAI_AGAIN, -EAGAIN},        {EAI_FAIL, -EREMOTEIO},    {EAI_SERVICE, -EPROTONOSUPPORT},
                 {EAI_FAMILY, -EAFNOSUPPORT}, {EAI_MEMORY, -ENOMEM},     {EAI_SOCKTYPE, -ESOCKTNOSUPPORT},
                 {EAI_BADFLAGS, -EINVAL},     {EAI_OVERFLOW, -EOVERFLOW}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scene scene = {.host = "fails.test", .service = "80"};
        resolver_fails_with(cases[i].eai);
        assert_int_equal(run_virtual(looks_up, &scene), cases[i].error);
        assert_non_null(strstr(scene.error, "\"fails.test:80\""));
        assert_non_null(strstr(scene.error, gai_strerror(cases[i].eai)));
    }
    struct scene scene = {.host = "fails.test", .service = "80"};
    resolver_fails_with(EAI_SYSTEM);
    assert_int_equal(run_virtual(looks_up, &scene), -ENETDOWN);
    assert_non_null(strstr(scene.error, strerror(ENETDOWN)));
}

static int wants_digits(void *arg)
{
    struct scene *scene = arg;
    const struct addrinfo digits = {.ai_flags = AI_NUMERICHOST}, nonsense = {.ai_flags = 1 << 30};
    struct addrinfo *found = NULL;
    scene->rc[0] = leash_getaddrinfo("names.test", NULL, &digits, &found);
    scene->rc[1] = leash_getaddrinfo("127.0.0.1", "nonsense!", NULL, &found);
    scene->rc[2] = leash_getaddrinfo("names.test", "80", &nonsense, &found);
    scene->rc[3] = leash_getaddrinfo("\xff\xfe", "80", NULL, &found); /* no text at all */
    scene->rc[4] = leash_getaddrinfo(NULL, NULL, NULL, &found);
    return found ? -EPROTO : 0;
}

static void test_what_makes_no_sense(void **state)
{
    struct scene scene = {0};
    struct addrinfo *found = NULL;
    (void)state;
    assert_int_equal(run_virtual(wants_digits, &scene), 0);
    assert_int_equal(scene.rc[0], -ENXIO);
    assert_int_equal(scene.rc[1], -EPROTONOSUPPORT);
    assert_int_equal(scene.rc[2], -EINVAL);
    assert_int_equal(scene.rc[3], -EINVAL);
    assert_int_equal(scene.rc[4], -EINVAL);
    assert_int_equal(leash_getaddrinfo("names.test", NULL, NULL, &found), -EPERM);
}

/* ---- cancellation ---- */

static int cancels_those_that_are_held(void *arg)
{
    struct scene *scene = arg;
    enum { TASKS = 8 }; /* more than libuv does at a time: the rest waits to begin */
    leash_task_t tasks[TASKS];
    resolver_hold();
    for (int i = 0; i < TASKS; i++)
        tasks[i] = leash_create_task(leash_coro(looks_up, scene));
    while (resolver_holds() == 0)
        leash_sleep(0);
    for (int i = 0; i < TASKS; i++)
        leash_cancel(tasks[i], NULL);
    for (int i = 0; i < TASKS; i++)
        if (leash_await(tasks[i], NULL) != -ECANCELED)
            scene->rc[0]++;
    scene->times[0] = leash_time();
    int rc = leash_sleep(3600); /* nobody waits for an answer: the virtual clock may jump */
    scene->times[1] = leash_time();
    scene->rc[1] = (int)resolver_holds();
    resolver_let_go();
    return rc;
}

static void test_cancelled_while_it_is_looked_up(void **state)
{
    struct scene scene = {.host = "held.test", .service = "80"};
    (void)state;
    assert_int_equal(run_virtual(cancels_those_that_are_held, &scene), 0);
    assert_int_equal(scene.rc[0], 0);
    assert_true(scene.rc[1] > 0);
    assert_true(scene.times[1] - scene.times[0] == 3600);
    assert_true(resolver_asked() < 8); /* what had not begun was not asked */
}

/* Both answers may come at once: then the second task is cancelled after it was woken. */
static int cancels_the_other(void *arg)
{
    struct scene *scene = arg;
    leash_task_t other = leash_create_task(leash_coro(looks_up, scene));
    int rc = looks_up(scene);
    leash_cancel(other, NULL);
    int ended = leash_await(other, NULL);
    return rc < 0 ? rc : ended == -ECANCELED || ended == 0 ? 0 : -EPROTO;
}

static void test_cancelled_when_it_is_answered(void **state)
{
    struct scene scene = {.host = "names.test", .service = "80"};
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(run_virtual(cancels_the_other, &scene), 0);
}

static int main_leaves(void *arg)
{
    struct scene *scene = arg;
    leash_task_t task = leash_create_task(leash_coro(looks_up, scene));
    (void)task;
    resolver_hold();
    while (resolver_holds() == 0)
        leash_sleep(0);
    resolver_let_go();
    return 0;
}

static void test_the_end_of_the_run(void **state)
{
    struct scene scene = {.host = "held.test", .service = "80"};
    (void)state;
    assert_int_equal(run_really(main_leaves, &scene), 0);
    assert_int_equal(resolver_holds(), 0);
}

/* ---- clocks, standstill ---- */

static int sleeps_a_second(void *arg)
{
    struct scene *scene = arg;
    int rc = leash_sleep(1);
    scene->times[1] = leash_time();
    return rc;
}

static int looks_up_slowly(void *arg)
{
    struct scene *scene = arg;
    leash_task_t other = leash_create_task(leash_coro(sleeps_a_second, scene));
    int rc = looks_up(scene);
    scene->times[0] = leash_time();
    return rc < 0 ? rc : leash_await(other, NULL);
}

static void test_the_virtual_clock_does_not_jump(void **state)
{
    struct scene scene = {.host = "slow.test", .service = "80"};
    (void)state;
    assert_int_equal(run_virtual(looks_up_slowly, &scene), 0);
    assert_true(scene.times[0] < 1);
    assert_true(scene.times[1] - scene.times[0] == 1);
}

/* It would never be answered without the time limit: real time passes too. */
static int limits_it(void *arg)
{
    resolver_hold();
    leash_timeout_t scope = leash_timeout_begin(0.05);
    int rc = leash_timeout_end(scope, looks_up(arg));
    resolver_let_go();
    return rc;
}

static void test_a_limit(void **state)
{
    struct scene scene = {.host = "held.test", .service = "80"};
    (void)state;
    assert_int_equal(run_virtual(limits_it, &scene), -ETIMEDOUT);
    assert_int_equal(run_really(limits_it, &scene), -ETIMEDOUT);
}

static int waits_for_nobody(void *arg)
{
    leash_running_loop(); /* any thread may call it from now on: but libuv's do not */
    int rc = looks_up(arg);
    return rc < 0 ? rc : leash_await(leash_future(), NULL);
}

static void test_a_standstill_afterwards(void **state)
{
    struct scene scene = {.host = "names.test", .service = "80"};
    (void)state;
    assert_int_equal(run_virtual(waits_for_nobody, &scene), -EDEADLK);
}

/* ---- threads, fork ---- */

static void *runs_elsewhere(void *arg)
{
    for (int i = 0; i < 20; i++)
        ((struct scene *)arg)->rc[0] |= run_virtual(looks_up, arg);
    return NULL;
}

static void test_several_loops(void **state)
{
    struct scene here = {.host = "names.test", .service = "80"}, there = here;
    pthread_t thread;
    (void)state;
    pthread_create(&thread, NULL, runs_elsewhere, &there);
    runs_elsewhere(&here);
    pthread_join(thread, NULL);
    assert_int_equal(here.rc[0], 0);
    assert_int_equal(there.rc[0], 0);
}

static void test_in_a_forked_child(void **state)
{
    struct scene scene = {.host = "names.test", .service = "80"};
    int status = -1;
    (void)state;
    assert_int_equal(run_virtual(looks_up, &scene), 0);
    pid_t child = fork();
    if (child == 0) {
        int rc = leash_after_fork();
        rc = rc < 0 ? rc : run_virtual(looks_up, &scene);
        rc = rc < 0 ? rc : run_virtual(waits_for_nobody, &scene);
        _exit(rc == -EDEADLK ? 42 : 1);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
}

/* ---- names of addresses ---- */

static const struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = 0x3500, .sin_addr = {0x0100007f}};

static int names(const struct sockaddr_in *address, struct scene *scene, int flags)
{
    return leash_getnameinfo((const struct sockaddr *)address, sizeof *address, scene->names[0], NI_MAXHOST,
                             scene->names[1], NI_MAXSERV, flags);
}

static int names_here(void *arg)
{
    struct scene *scene = arg;
    const struct sockaddr *address = (const struct sockaddr *)&here;
    const struct sockaddr_storage other = {.ss_family = AF_UNIX};
    scene->rc[0] = leash_getnameinfo(address, sizeof here, scene->names[0], 4, NULL, 0, 0);
    scene->rc[1] = leash_getnameinfo(address, sizeof here, scene->names[0], 4, NULL, 0, NI_NUMERICHOST);
    scene->rc[2] = leash_getnameinfo(address, sizeof here, NULL, 0, NULL, 0, 0);
    scene->rc[3] = leash_getnameinfo((const struct sockaddr *)&other, sizeof other, scene->names[0], 4, NULL, 0, 0);
    scene->rc[4] = leash_getnameinfo(address, sizeof here - 1, scene->names[0], 4, NULL, 0, 0);
    scene->rc[5] = scene->names[0][0];
    return names(&here, scene, NI_NUMERICSERV);
}

static void test_names_of_an_address(void **state)
{
    struct scene scene = {0};
    (void)state;
    assert_int_equal(run_really(names_here, &scene), 0);
    assert_string_equal(scene.names[0], "localhost");
    assert_string_equal(scene.names[1], "53");
    assert_int_equal(scene.rc[0], -EOVERFLOW);
    assert_int_equal(scene.rc[1], -EOVERFLOW);
    assert_int_equal(scene.rc[2], -EINVAL);
    assert_int_equal(scene.rc[3], -EAFNOSUPPORT);
    assert_int_equal(scene.rc[4], -EAFNOSUPPORT);
    assert_int_equal(scene.rc[5], 0); /* untouched */
    assert_int_equal(names(&here, &scene, 0), -EPERM);
}

static int names_in_digits(void *arg)
{
    struct scene *scene = arg;
    leash_task_t other = leash_create_task(leash_coro(counts_turns, scene));
    int rc = names(&here, scene, NI_NUMERICHOST | NI_NUMERICSERV);
    scene->rc[0] = (int)scene->turns;
    leash_await(other, NULL);
    return rc;
}

static void test_names_in_digits(void **state)
{
    struct scene scene = {0};
    (void)state;
    assert_int_equal(run_virtual(names_in_digits, &scene), 0);
    assert_string_equal(scene.names[0], "127.0.0.1");
    assert_string_equal(scene.names[1], "53");
    assert_int_equal(scene.rc[0], 0);
}

static int names_it(void *arg)
{
    return names(&here, arg, NI_NUMERICSERV);
}

static int cancels_naming(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(names_it, arg));
    leash_sleep(0);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static void test_naming_cancelled(void **state)
{
    struct scene scene = {0};
    (void)state;
    assert_int_equal(run_virtual(cancels_naming, &scene), -ECANCELED);
}

/* ---- addresses as text ---- */

static void test_addresses_as_text(void **state)
{
    struct sockaddr_storage address;
    char text[16];
    (void)state;
    assert_int_equal(leash_address_parse("2001:db8::1", 53, &address), 0);
    assert_int_equal(leash_address_text(&address, text, sizeof text), 16);
    assert_string_equal(text, "[2001:db8::1]:5"); /* cut */
    assert_int_equal(leash_address_parse("localhost", 53, &address), -EINVAL);
    assert_int_equal(leash_address_parse("127.0.0.1", 65536, &address), -EINVAL);
    assert_int_equal(leash_address_parse(NULL, 53, &address), -EINVAL);
    assert_int_equal(leash_address_text(&address, NULL, 0), 16); /* untouched */
}

/* ---- what the trace and the dump tell ---- */

static int dumps(void *arg)
{
    struct scene *scene = arg;
    char *text = NULL;
    size_t size;
    resolver_hold();
    leash_task_t task = leash_create_task(leash_coro(looks_up, scene));
    leash_sleep(0);
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    scene->rc[0] = strstr(text, "for lookup \"held.test:80\"") != NULL;
    free(text);
    resolver_let_go();
    return leash_await(task, NULL);
}

static void test_events(void **state)
{
    struct scene scene = {.host = "held.test", .service = "80"};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(dumps, &scene), 0);
    assert_int_equal(scene.rc[0], 1);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *done = sink_find(LEASH_EV_OBJECT_DONE, 0);
    assert_int_equal(made->b, LEASH_OBJECT_LOOKUP);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "held.test:80");
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(done->a, made->a);
    assert_int_equal(done->b, 0);
    sink_on(false);
    resolver_fails_with(EAI_NONAME);
    scene.host = "fails.test";
    assert_int_equal(run_virtual(looks_up, &scene), -ENXIO);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, ENXIO);
    sink_off();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, descriptors_setup, descriptors_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_name),
        TEST(test_digits_need_no_wait),
        TEST(test_errors_of_the_resolver),
        TEST(test_what_makes_no_sense),
        TEST(test_cancelled_while_it_is_looked_up),
        TEST(test_cancelled_when_it_is_answered),
        TEST(test_the_end_of_the_run),
        TEST(test_the_virtual_clock_does_not_jump),
        TEST(test_a_limit),
        TEST(test_a_standstill_afterwards),
        TEST(test_several_loops),
        TEST(test_in_a_forked_child),
        TEST(test_names_of_an_address),
        TEST(test_names_in_digits),
        TEST(test_naming_cancelled),
        TEST(test_addresses_as_text),
        TEST(test_events),
    };
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
