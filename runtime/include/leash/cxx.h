/* What is _Generic or a compound literal in C, as inline overloads for C++17. leash.h includes it under __cplusplus. */
#ifndef LEASH_CXX_H
#define LEASH_CXX_H

#ifndef __cplusplus
#error "leash/cxx.h is for C++; a C program includes leash.h"
#endif

#include <leash/await.h>
#include <initializer_list>

inline int leash__await_overload(leash_coro_t coro, void **result, struct leash_site *site)
{
    return leash__await_coro(coro, result, site);
}

inline int leash__await_overload(leash_task_t task, void **result, struct leash_site *site)
{
    return leash__await_task(task, result, site);
}

inline int leash__await_overload(leash_future_t future, void **result, struct leash_site *site)
{
    return leash__await_future(future, result, site);
}

/* Any other pointer: the handle's kind is told at run time, as in C. */
inline int leash__await_overload(const void *handle, void **result, struct leash_site *site)
{
    return leash__await_any(handle, result, site);
}

/* A braced list, so that its members are evaluated from left to right, as asyncio does. */
LEASH_MUST_USE inline leash_future_t leash__gather_list(std::initializer_list<leash_awaitable_t> items, unsigned flags,
                                                        struct leash_site *site)
{
    return leash__gather(items.begin(), items.size(), flags, site);
}

inline int leash__gather_wait_list(std::initializer_list<leash_awaitable_t> items, struct leash_outcome *outcomes,
                                   struct leash_site *site)
{
    return leash__gather_wait(items.begin(), items.size(), 0, outcomes, site);
}

/* leash_gather, leash_gather_all and leash_gather_wait: as leash/await.h describes them for C. */
#define leash_gather(...)     leash__gather_list({__VA_ARGS__}, 0, LEASH_SITE("leash_gather"))
#define leash_gather_all(...) leash__gather_list({__VA_ARGS__}, LEASH_RETURN_FAILURES, LEASH_SITE("leash_gather_all"))
#define leash_gather_wait(outcomes, ...)                                                                               \
    leash__gather_wait_list({__VA_ARGS__}, (outcomes), LEASH_SITE("leash_gather_wait"))

#endif
