#include "watched.h"
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 30, PAUSE_NS = 50 * 1000 * 1000 };

void watched_start(struct watched *watched, const char *program, const char *options)
{
    int in[2], out[2];
    strcpy(watched->folder, "/tmp/leash_watched.XXXXXX");
    assert_non_null(mkdtemp(watched->folder));
    snprintf(watched->trace, sizeof watched->trace, "%s/t.db", watched->folder);
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    watched->pid = fork();
    assert_true(watched->pid >= 0);
    if (watched->pid == 0) {
        setenv("LEASH_TRACE", watched->trace, 1);
        setenv("LEASH_OPTIONS", options, 1);
        if (dup2(in[0], STDIN_FILENO) == STDIN_FILENO && dup2(out[1], STDOUT_FILENO) == STDOUT_FILENO)
            execl(program, program, (char *)NULL);
        _exit(99);
    }
    close(in[0]);
    close(out[1]);
    watched->to = in[1];
    watched->from = out[0];
}

const char *watched_ask(const struct watched *watched, const char *sql)
{
    static char answer[1000];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    answer[0] = '\0';
    if (sqlite3_open_v2(watched->trace, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(db, 10000) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_text(statement, 0))
        snprintf(answer, sizeof answer, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

bool watched_becomes(const struct watched *watched, const char *sql, const char *expected)
{
    const time_t late = time(NULL) + PATIENCE_S;
    while (strcmp(watched_ask(watched, sql), expected) != 0) {
        if (time(NULL) > late) {
            print_message("%s\nremains \"%s\", not \"%s\"\n", sql, watched_ask(watched, sql), expected);
            return false;
        }
        nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    }
    return true;
}

int watched_end(struct watched *watched, int signal)
{
    int status = -1;
    if (signal)
        kill(watched->pid, signal);
    close(watched->to);
    assert_int_equal(waitpid(watched->pid, &status, 0), watched->pid);
    close(watched->from);
    watched->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

void watched_clean(struct watched *watched)
{
    char command[100];
    if (watched->pid > 0) /* the test failed before its end */
        watched_end(watched, SIGKILL);
    snprintf(command, sizeof command, "rm -rf %s", watched->folder);
    assert_int_equal(system(command), 0);
}
