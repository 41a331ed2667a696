/* Children of tests: the options to begin them with, and that none stays behind. */
#ifndef LEASH_TEST_CHILDREN_H
#define LEASH_TEST_CHILDREN_H

#include <leash.h>
#include <stdbool.h>

struct family {
    leash_process_t process;
    int rc[12], code[4];
    int pid;
    char text[4][256];
    char words[256];
    double times[4];
    struct leash_process_options options;
    void *more;
};

/* cmocka's: no descriptor, and no child, not even a zombie, is left behind. */
int children_setup(void **state);
int children_teardown(void **state);

/* Notes a word, and a number. */
void tell(struct family *family, const char *word, int number);
/* A process of `sh -c command` with the family's options; NULL: it is in rc[0]. */
leash_process_t shell(struct family *family, const char *command);
/* Waits until the child has said a line, which goes to text[0]. */
int hears(struct family *family);
/* A task that waits for the process; it waits already. It notes "name code". */
leash_task_t waits(struct family *family, const char *name);
/* It has ended and was reaped. */
bool is_gone(int pid);
/* It has ended: whoever is to reap it may not have. */
bool is_dead(int pid);
/* Runs fn(family) on either clock; it must succeed. */
void run_family(leash_fn_t fn, struct family *family);
/* A family whose children have what is given. */
struct family family_of(int in, int out, int err);

#endif
