/* Sites: where in the source something was created or awaited.
 *
 * A site is static and free: the macros of this library each add one to the place where they stand. Its strings are
 * copied when it is first used, so a plugin may be dlclosed afterwards. */
#ifndef LEASH_SITE_H
#define LEASH_SITE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LEASH_SITE_VERSION 1

/* Symbols with this mark are the ABI; every other one is hidden. In the library they lie together, so that a backtrace
 * can tell where the program called it. */
#ifdef LEASH_BUILDING
#define LEASH_API __attribute__((visibility("default"), section("leash_api")))
#else
#define LEASH_API __attribute__((visibility("default")))
#endif
#define LEASH_MUST_USE __attribute__((warn_unused_result))

struct leash_site {
    uint32_t version; /* LEASH_SITE_VERSION of the header the program was compiled with */
    uint32_t line;
    const char *file;
    const char *func;
    const char *expr; /* what was written: the coroutine function's name, or the awaited expression */
    uint32_t id;      /* the runtime's: its number in this process, 0 until first used */
    uint32_t reserved;
};

/* Only the site sits in a statement expression: an argument evaluated inside one would die with it. */
#define LEASH_SITE(text)                                                                                               \
    (__extension__({                                                                                                   \
        static struct leash_site leash__site = {LEASH_SITE_VERSION, __LINE__, __FILE__, __func__, text, 0, 0};         \
        &leash__site;                                                                                                  \
    }))

#ifdef __cplusplus
}
#endif
#endif
