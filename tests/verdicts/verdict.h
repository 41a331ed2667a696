/* What every program of the corpus includes: the cases of a file, of which argv names one, and three bodies that most
 * of them need. README.md says what the labels in the comments mean. */
#ifndef VERDICT_H
#define VERDICT_H

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verdict_case {
    const char *name;
    leash_fn_t body;    /* of the main task of a loop, */
    int (*plain)(void); /* or a function that runs loops itself */
};

#define CASE(fn)                                                                                                       \
    {                                                                                                                  \
#fn, (fn), NULL                                                                                                \
    }
#define PLAIN_CASE(fn)                                                                                                 \
    {                                                                                                                  \
#fn, NULL, (fn)                                                                                                \
    }
#define CASES(...)                                                                                                     \
    int main(int argc, char **argv)                                                                                    \
    {                                                                                                                  \
        static const struct verdict_case all[] = {__VA_ARGS__};                                                        \
        return verdict_main(argc == 2 ? argv[1] : "", all, sizeof(all) / sizeof(all[0]));                              \
    }

static inline int verdict_main(const char *name, const struct verdict_case *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0)
            return all[i].plain ? all[i].plain() : leash_run(leash_coro(all[i].body, NULL)) < 0;
    }
    fprintf(stderr, "no case \"%s\"; there are:", name);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, " %s", all[i].name);
    fputc('\n', stderr);
    return 2;
}

/* To the compiler, what `place` points at is read here by somebody it does not know. */
static inline void keep(const void *place)
{
    __asm__ volatile("" ::"r"(place) : "memory");
}

/* Ends well, a second later. */
static inline int work(void *unused)
{
    (void)unused;
    return leash_sleep(1);
}

/* Outlives every main. */
static inline int forever(void *unused)
{
    (void)unused;
    return leash_sleep(3600);
}

static inline int broken(void *unused)
{
    (void)unused;
    return leash_fail(-EIO, "the disk is gone");
}

#endif
