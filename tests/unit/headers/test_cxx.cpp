/* The public headers from C++17: overloads in the place of _Generic, lists in the place of compound literals. */
extern "C" {
#include "test.h"
}
#include <cerrno>
#include <leash.h>

namespace
{
struct seen {
    int coro = 0, task = 0, future = 0, any = 0, gather_rc = 0, wait_rc = 0, first = 0, second = 0, third = 0,
        member = 0, counted = 0;
};

int number(void *arg)
{
    int rc = leash_sleep(0);
    return rc < 0 ? rc : *static_cast<int *>(arg);
}

int counts(void *arg)
{
    int rc = 0;
    for (int i = 0; i < *static_cast<int *>(arg) && rc >= 0; i++)
        rc = leash_yield(&i);
    return rc;
}

int app(void *arg)
{
    auto *seen = static_cast<struct seen *>(arg);
    int one = 1, two = 2, three = 3;
    void *result = nullptr;
    seen->coro = leash_await(leash_coro(number, &one), nullptr);
    seen->task = leash_await(leash_create_task(leash_coro(number, &two)), &result);
    leash_future_t future = leash_future();
    if (leash_future_set_result(future, &three) == 0 && leash_await(future, &result) == 0)
        seen->future = *static_cast<int *>(result);
    leash_awaitable_t any = leash_create_task_named(leash_coro(number, &three), "any");
    seen->any = leash_await(any, NULL);
    /* A lambda without captures is a coroutine function too. */
    leash_future_t all = leash_gather(leash_coro([](void *) { return leash_sleep(0) < 0 ? -1 : 4; }, nullptr),
                                      leash_create_task(leash_coro(number, &two)));
    seen->gather_rc = leash_await(all, &result);
    if (seen->gather_rc == 0) {
        const auto *outcomes = static_cast<leash_outcome *>(result);
        seen->first = outcomes[0].rc;
        seen->second = outcomes[1].rc;
    }
    leash_group_t group = leash_group_begin();
    leash_task_t member = leash_group_create_task(group, leash_coro(number, &two));
    if (leash_group_spawn(group, leash_coro(number, &one)) == 0 && leash_group_end(group, 0) == 0)
        seen->member = leash_result(member, nullptr);
    leash_generator_t numbers = leash_generator(counts, &three);
    int *each;
    leash_for_each (numbers, each)
        seen->counted += *each;
    leash_outcome outcome[1] = {};
    seen->wait_rc = leash_gather_wait(outcome, leash_coro(number, &three));
    seen->third = outcome[0].rc;
    return leash_await(leash_gather_all(leash_coro(number, &one)), nullptr);
}

void overloads_do_what_c_does(void **)
{
    struct seen seen;
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    assert_int_equal(leash_run_with(leash_coro(app, &seen), &options, nullptr), 0);
    assert_int_equal(seen.coro, 1);
    assert_int_equal(seen.task, 2);
    assert_int_equal(seen.future, 3);
    assert_int_equal(seen.any, 3);
    assert_int_equal(seen.gather_rc, 0);
    assert_int_equal(seen.first, 4);
    assert_int_equal(seen.second, 2);
    assert_int_equal(seen.wait_rc, 0);
    assert_int_equal(seen.third, 3);
    assert_int_equal(seen.member, 2);
    assert_int_equal(seen.counted, 3);
}

leash_queue_t plain = LEASH_QUEUE_INIT("plain", 2), pile = LEASH_LIFO_QUEUE_INIT("pile", 0);
leash_queue_t sorted = LEASH_PRIORITY_QUEUE_INIT("sorted", 0, [](const void *a, const void *b) {
    return *static_cast<const int *>(a) - *static_cast<const int *>(b);
});

int least_of_three(void *)
{
    int numbers[] = {2, 1, 3};
    void *item = nullptr;
    leash_queue_t local;
    leash_priority_queue_init(&local, "local", 3, sorted.compare);
    for (int &number : numbers)
        if (leash_queue_put(&local, &number) != 0 || leash_queue_get(&local, &item) != 0 ||
            leash_queue_put_nowait(&sorted, item) != 0)
            return -1;
    if (leash_queue_get_nowait(&sorted, &item) != 0 || leash_queue_shutdown(&sorted, true) != 0)
        return -1;
    return *static_cast<int *>(item);
}

void queues_are_made_as_in_c(void **)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    assert_int_equal(leash_run_with(leash_coro(least_of_three, nullptr), &options, nullptr), 1);
    assert_int_equal(leash_queue_maxsize(&plain), 2);
    assert_int_equal(leash_queue_empty(&pile), 1);
}
} // namespace

int main()
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(overloads_do_what_c_does),
                                       cmocka_unit_test(queues_are_made_as_in_c)};
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
