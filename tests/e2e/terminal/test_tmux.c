/* The same program under tmux, which is a terminal of its own, with a clipboard of its own. */
#include "scene.h"
#include "test.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Each test's server has a socket in its own folder. 25 ms for an escape sequence are enough on one machine. */
static const char configuration[] = "set -g default-terminal tmux-256color\nset -g status off\nset -sg escape-time 0\n";

/* tmux with these words, as a shell reads them; what it prints, until the next call. */
static const char *tmux(struct scene *scene, const char *words)
{
    static char said[32768];
    char command[1024];
    snprintf(
        command, sizeof command,
        "cd %s && env -u TMUX LC_ALL=C.UTF-8 TERM=xterm-256color XDG_RUNTIME_DIR=%s tmux -u -S sock -f conf %s 2>&1",
        scene->fixture->dir, scene->fixture->dir, words);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(said, 1, sizeof said - 1, pipe);
    said[length] = '\0';
    if (pclose(pipe) != 0)
        fail_msg("%s: %s", command, said);
    return said;
}

static void wait_for(struct scene *scene, const char *text)
{
    for (int i = 0; i < 400; i++) {
        if (strstr(tmux(scene, "capture-pane -p"), text))
            return;
        poll(NULL, 0, 20);
    }
    fail_msg("waited in vain for \"%s\":\n%s", text, tmux(scene, "capture-pane -p"));
}

static int begin(void **state)
{
    scene_begin(state);
    struct scene *scene = *state;
    fixture_write(fixture_name(scene->fixture, "conf"), configuration, strlen(configuration));
    tmux(scene, "new-session -d -x 100 -y 30 '" LEASH_PROGRAM " tui leaky.db; echo left-$?; read line'");
    wait_for(scene, "q:quit");
    return 0;
}

static int end(void **state)
{
    tmux(*state, "kill-server");
    return scene_end(state);
}

static void test_begins_and_ends(void **state)
{
    struct scene *scene = *state;
    wait_for(scene, "pending-at-exit");
    tmux(scene, "send-keys j j");
    wait_for(scene, "row 3/5");
    tmux(scene, "send-keys q");
    wait_for(scene, "left-0");
    assert_null(strstr(tmux(scene, "capture-pane -p"), "1:Leaks"));
}

static void test_resizes(void **state)
{
    struct scene *scene = *state;
    tmux(scene, "resize-window -x 40 -y 12");
    wait_for(scene, "q");
    tmux(scene, "send-keys G");
    wait_for(scene, "row 5/5");
    tmux(scene, "resize-window -x 100 -y 30");
    wait_for(scene, "FIRST SEEN");
    wait_for(scene, "row 5/5");
}

/* tmux drops OSC 52 of programs, unless told otherwise: its own buffer is loaded beside. */
static void test_copies(void **state)
{
    struct scene *scene = *state;
    tmux(scene, "send-keys y");
    wait_for(scene, "fingerprint");
    tmux(scene, "send-keys 1");
    wait_for(scene, "copied");
    const char *clip = scene_file(scene, "leash.clip");
    assert_string_equal(tmux(scene, "show-buffer"), clip);
}

#define WITH_TMUX(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_TMUX(test_begins_and_ends), WITH_TMUX(test_resizes),
                                       WITH_TMUX(test_copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
