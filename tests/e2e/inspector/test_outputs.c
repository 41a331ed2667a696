/* Where reports go: --format, -o, --output. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAK                                                                                                           \
    "INSERT INTO site VALUES(2, 'src/a.c', 10, 'f', 'g');"                                                             \
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(5, 2, 7, 'created', 512);"
#define RECORD_LEAK "cp leak.db \"$(echo \"$LEASH_TRACE\" | sed s/%p/$$/)\"; "

static struct said said;

static int make_traces(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture_name(fixture, "clean.db"), FIXTURE_RUN);
    fixture_make(fixture_name(fixture, "leak.db"), FIXTURE_RUN LEAK);
    unsetenv("GITHUB_STEP_SUMMARY");
    return setenv("TMPDIR", fixture->dir, 1);
}

static void expect(int code, const char *err)
{
    if (said.code != code || (err && !strstr(said.err, err)))
        fail_msg("exit %d, not %d\nout: %s\nerr: %s", said.code, code, said.out, said.err);
}

/* A file of the fixture's folder, "" if there is none; valid until the next call. */
static const char *text_of(const struct fixture *fixture, const char *name)
{
    static char text[65536];
    FILE *file = fopen(fixture_name(fixture, name), "r");
    *text = '\0';
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    return text;
}

/* Nothing is left of what was written meanwhile. */
static void expect_no_rest(const struct fixture *fixture)
{
    glob_t found;
    if (glob(fixture_name(fixture, ".leash*"), 0, NULL, &found) == 0)
        fail_msg("%s is left", found.gl_pathv[0]);
    globfree(&found);
}

static void test_several_in_one_pass(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "check", "leak.db", "--output", "junit=r.xml", "--output=sarif=r.sarif", "--output",
         "json=a=b.json");
    expect(1, NULL);
    assert_non_null(strstr(said.out, "error[never-awaited]"));
    assert_non_null(strstr(text_of(fixture, "r.xml"), "<failure "));
    assert_non_null(strstr(text_of(fixture, "r.sarif"), "\"2.1.0\""));
    assert_non_null(strstr(text_of(fixture, "a=b.json"), "leash.check/1"));
    expect_no_rest(fixture);
    SAYS(&said, fixture, "run", "--output", "csv=r.csv", "-o", "kept.db", "--", "sh", "-c", RECORD_LEAK);
    expect(1, NULL);
    assert_non_null(strstr(text_of(fixture, "r.csv"), "kept.db,error,never-awaited"));
    SAYS(&said, fixture, "check", "leak.db", "--color=always", "--output", "text=plain");
    assert_non_null(strchr(said.out, '\033'));
    assert_null(strchr(text_of(fixture, "plain"), '\033'));
}

static void test_standard_output(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "check", "leak.db", "--output", "json=-");
    expect(1, NULL);
    assert_int_equal(strncmp(said.out, "{\"schema\":", 10), 0);
    SAYS(&said, fixture, "check", "leak.db", "--output", "json=-", "-o", "r.txt");
    expect(1, NULL);
    assert_int_equal(strncmp(said.out, "{\"schema\":", 10), 0);
    assert_non_null(strstr(text_of(fixture, "r.txt"), "error[never-awaited]"));
}

static void test_what_cannot_be(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *arguments[8], *err;
    } cases[] = {
        {{"check", "leak.db", "--output", "jsn=x"}, "there is no format \"jsn\"; did you mean \"json\"?"},
        {{"check", "leak.db", "--output", "yaml=x"}, "there are text, json, jsonl, csv, md, github, sarif and junit"},
        {{"check", "leak.db", "--output", "junit"}, "FORMAT=FILE"},
        {{"check", "leak.db", "--output", "junit="}, "FORMAT=FILE"},
        {{"check", "leak.db", "--output", "=x"}, "FORMAT=FILE"},
        {{"check", "leak.db", "--output", "json=x", "--output", "csv=./x"}, "two reports would go to ./x"},
        {{"check", "leak.db", "--output", "json=x", "-o", "x"}, "two reports would go to x"},
        {{"check", "leak.db", "--output", "json=-", "--output", "csv=-"}, "two reports would go to standard output"},
        {{"check", "leak.db", "--output", "json=-", "--format", "csv"}, "two reports would go to standard output"},
        {{"run", "-o", "t.db", "--output", "json=t.db", "--", "touch", "ran"}, "two reports would go to t.db"},
        {{"check", "leak.db", "--output", "json=none/x"}, "none/x: cannot be written: No such file"},
        {{"check", "leak.db", "--output", "json=."}, ".: cannot be written: Is a directory"},
        {{"run", "--output", "json=none/x", "--", "touch", "ran"}, "none/x: cannot be written"},
        {{"check", "leak.db", "--output", "json=leak.db"}, "leak.db: a report would overwrite it"},
        {{"sql", "leak.db", "SELECT 1", "-o", "leak.db"}, "leak.db: a report would overwrite it"},
        {{"check", "leak.db", "--output", "json=/dev/full"}, "/dev/full: the report could not be written: No space"},
        {{"list", "leaks", "leak.db", "--output", "json=x"}, "unknown flag --output"},
        {{"list", "leaks", "leak.db", "--format", "sarif"},
         "--format sarif makes no sense here; there are text, json, jsonl, csv and md"},
        {{"show", "c5", "leak.db", "--format", "csv"}, "there are text, json, jsonl and md"},
        {{"sql", "leak.db", "SELECT 1", "--format", "junit"}, "--format junit makes no sense here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        leash_says(&said, fixture->dir, cases[i].arguments);
        expect(2, cases[i].err);
    }
    assert_int_equal(access(fixture_name(fixture, "ran"), F_OK), -1); /* told before the command runs */
    SAYS(&said, fixture, "check", "leak.db");
    expect(1, NULL);
    expect_no_rest(fixture);
}

/* A format that the configuration names is for the commands that can make it. */
static void test_configured_format(void **state)
{
    struct fixture *fixture = *state;
    fixture_write(fixture_name(fixture, ".leash.conf"), "format=github\n", 14);
    SAYS(&said, fixture, "check", "leak.db");
    expect(1, NULL);
    assert_int_equal(strncmp(said.out, "::error ", 8), 0);
    SAYS(&said, fixture, "list", "leaks", "leak.db");
    expect(0, NULL);
    assert_non_null(strstr(said.out, "never-awaited"));
}

static void test_files_are_replaced_whole(void **state)
{
    struct fixture *fixture = *state;
    struct stat st;
    fixture_write(fixture_name(fixture, "old.json"), "old", 3);
    assert_int_equal(chmod(fixture_name(fixture, "old.json"), 0640), 0);
    assert_int_equal(symlink("old.json", fixture_name(fixture, "link.json")), 0);
    SAYS(&said, fixture, "check", "leak.db", "--output", "json=link.json", "-o", "/dev/full");
    expect(2, "/dev/full: the report could not be written");
    assert_non_null(strstr(text_of(fixture, "old.json"), "leash.check/1")); /* through the link, rights as they were */
    assert_int_equal(lstat(fixture_name(fixture, "link.json"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(fixture_name(fixture, "old.json"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    fixture_write(fixture_name(fixture, "old.json"), "old", 3);
    SAYS(&said, fixture, "sql", "leak.db", "SELECT abs(-9223372036854775808)", "--format=json", "-o", "old.json");
    expect(2, NULL);
    assert_string_equal(text_of(fixture, "old.json"), "old"); /* what broke off is no report */
    SAYS(&said, fixture, "check", "none.db", "--format=json", "-o", "old.json");
    expect(2, NULL);
    assert_non_null(strstr(text_of(fixture, "old.json"), "no such file")); /* that none could be judged is one */
    expect_no_rest(fixture);
}

/* A command that recorded nothing is an error in the reports; one that never ran leaves them as they were. */
static void test_runs_without_a_trace(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "--output", "junit=r.xml", "--", "sh", "-c", "exit 4");
    expect(4, "leash run: sh: recorded no trace: was it built with leash?");
    assert_non_null(strstr(text_of(fixture, "r.xml"), "<error message=\"sh: recorded no trace"));
    fixture_write(fixture_name(fixture, "r.xml"), "old", 3);
    SAYS(&said, fixture, "run", "--output", "junit=r.xml", "--", "./no-such-program");
    expect(127, "cannot be run");
    assert_string_equal(text_of(fixture, "r.xml"), "old");
    SAYS(&said, fixture, "run", "--output", "junit=new.xml", "--", "./no-such-program");
    assert_int_equal(access(fixture_name(fixture, "new.xml"), F_OK), -1);
    expect_no_rest(fixture);
}

/* GitHub shows all that the commands of a step add to this file. */
static void test_step_summary_is_added_to(void **state)
{
    struct fixture *fixture = *state;
    fixture_write(fixture_name(fixture, "summary.md"), "# Build\n", 8);
    setenv("GITHUB_STEP_SUMMARY", fixture_name(fixture, "summary.md"), 1);
    SAYS(&said, fixture, "check", "leak.db", "--output", "md=summary.md");
    expect(1, NULL);
    SAYS(&said, fixture, "check", "clean.db", "--output", "md=summary.md");
    expect(0, NULL);
    const char *text = text_of(fixture, "summary.md");
    assert_int_equal(strncmp(text, "# Build\n### leash: leak.db\n", 27), 0);
    assert_non_null(strstr(text, "### leash: clean.db\n"));
    unsetenv("GITHUB_STEP_SUMMARY");
}

/* What a shell answers that runs leash in the fixture's folder: its exit code. */
static int shell(const struct fixture *fixture, const char *line)
{
    char command[1024];
    snprintf(command, sizeof command, "cd '%s' && leash() { '%s' \"$@\"; } && { %s; } 2>.err", fixture->dir,
             LEASH_PROGRAM, line);
    int status = system(command); // NOLINT(cert-env33-c): a shell closes what a test's own process needs
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* A report for a standard output that is closed must not get into the file that is opened next. */
static void test_closed_standard_output(void **state)
{
    struct fixture *fixture = *state;
    json_error_t error;
    assert_int_equal(shell(fixture, "leash check leak.db --output json=report.json >&-"), 2);
    assert_non_null(strstr(text_of(fixture, ".err"), "standard output: the report could not be written: Bad file"));
    json_t *report = json_load_file(fixture_name(fixture, "report.json"), 0, &error);
    assert_non_null(report);
    json_decref(report);
    assert_int_equal(shell(fixture, "leash check leak.db --output json=report.json <&- >&- 2>&-"), 2);
    assert_int_equal(shell(fixture, "leash run -- sh -c 'test ! -e /dev/fd/0' <&-"), 2); /* no trace, else all right */
}

/* Not only of reports. */
static void test_full_standard_output(void **state)
{
    static const char *const words[] = {"-h",         "--version", "help check",   "completions bash",
                                        "tui --keys", "list -h",   "tree leak.db", "export --to json leak.db"};
    struct fixture *fixture = *state;
    char line[128];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(line, sizeof line, "leash %s >/dev/full", words[i]);
        assert_int_equal(shell(fixture, line), 2);
        if (!strstr(text_of(fixture, ".err"), "written: No space left on device\n"))
            fail_msg("%s: %s", line, text_of(fixture, ".err"));
    }
}

#define WITH_TRACES(test) cmocka_unit_test_setup_teardown(test, make_traces, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_TRACES(test_several_in_one_pass),      WITH_TRACES(test_standard_output),
        WITH_TRACES(test_what_cannot_be),           WITH_TRACES(test_configured_format),
        WITH_TRACES(test_files_are_replaced_whole), WITH_TRACES(test_runs_without_a_trace),
        WITH_TRACES(test_step_summary_is_added_to), WITH_TRACES(test_closed_standard_output),
        WITH_TRACES(test_full_standard_output)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
