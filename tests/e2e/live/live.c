#include "live.h"
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

void live_start(struct live *live, const char *trace)
{
    int in[2], out[2];
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    live->pid = fork();
    assert_true(live->pid >= 0);
    if (live->pid == 0) {
        setenv("LEASH_TRACE", trace, 1);
        if (dup2(in[0], STDIN_FILENO) == STDIN_FILENO && dup2(out[1], STDOUT_FILENO) == STDOUT_FILENO)
            execl(LIVE_PROGRAM, LIVE_PROGRAM, (char *)NULL);
        _exit(99);
    }
    close(in[0]);
    close(out[1]);
    live->to = in[1];
    live->from = out[0];
}

void live_tell(struct live *live, const char *letters)
{
    for (; *letters; letters++) {
        char answer = 0;
        assert_int_equal(write(live->to, letters, 1), 1);
        assert_int_equal(read(live->from, &answer, 1), 1);
        assert_int_equal(answer, *letters);
    }
}

void live_end(struct live *live, char letter)
{
    assert_int_equal(write(live->to, &letter, 1), 1);
    close(live->to);
    assert_int_equal(waitpid(live->pid, NULL, 0), live->pid);
    close(live->from);
}
