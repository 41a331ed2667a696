#include "scene.h"
#include "test.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int scene_begin(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    void *fixture;
    assert_non_null(scene);
    fixture_begin(&fixture);
    scene->fixture = fixture;
    char *sample = fixture_text("../../../traces/samples/leaky.sql");
    fixture_sql(fixture_name(scene->fixture, "leaky.db"), sample);
    free(sample);
    *state = scene;
    return 0;
}

int scene_end(void **state)
{
    struct scene *scene = *state;
    void *fixture = scene->fixture;
    tty_close(&scene->tty);
    fixture_end(&fixture);
    free(scene);
    return 0;
}

void scene_run(struct scene *scene, const char *terminal, const char *environment, const char *const *argv)
{
    const struct tty_options options = {.dir = scene->fixture->dir, .terminal = terminal, .environment = environment};
    tty_close(&scene->tty);
    tty_start(&scene->tty, &options, argv);
}

void scene_start(struct scene *scene, const char *terminal, const char *environment)
{
    scene_run(scene, terminal, environment, (const char *const[]){LEASH_PROGRAM, "tui", "leaky.db", NULL});
    tty_wait(&scene->tty, "1:Leaks");
    tty_wait(&scene->tty, "q:quit");
}

const char *scene_file(struct scene *scene, const char *name)
{
    static char text[4096];
    for (int i = 0; i < 2000; i++) {
        FILE *file = fopen(fixture_name(scene->fixture, name), "r");
        size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
        text[length] = '\0';
        if (file)
            fclose(file);
        if (length)
            return text;
        poll(NULL, 0, 10);
    }
    fail_msg("there is no %s", name);
    return "";
}
