/* The program leash in a terminal, over one of the samples of traces. */
#ifndef LEASH_TEST_SCENE_H
#define LEASH_TEST_SCENE_H

#include "fixture.h"
#include "tty.h"

struct scene {
    struct fixture *fixture; /* its folder holds leaky.db */
    struct tty tty;
};
int scene_begin(void **state);
int scene_end(void **state);

/* Starts `leash tui leaky.db` and waits until its picture is there. `environment` as in tty_options; all may be 0. */
void scene_start(struct scene *scene, const char *terminal, const char *environment);
/* The same with other words; waits for nothing. */
void scene_run(struct scene *scene, const char *terminal, const char *environment, const char *const *argv);
/* What a file in the fixture's folder holds; valid until the next call. Waits for it to be there and not empty. */
const char *scene_file(struct scene *scene, const char *name);

#endif
