#include "reporting.h"
#include "test.h"
#include "trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void show_begin(struct shown *shown, const char *root)
{
    memset(shown, 0, sizeof *shown);
    assert_non_null(realpath(root, shown->root));
    shown->roots[0] = shown->root;
    shown->options = (struct report_options){.out = open_memstream(&shown->text, &shown->length),
                                             .leak_code = 1,
                                             .source = {.roots = shown->roots, .roots_count = 1}};
    assert_non_null(shown->options.out);
}

void reporting_load(struct fixture *fixture, const char *sql, struct model_snapshot *out)
{
    struct trace *trace = NULL;
    struct trace_error error;
    char why[300];
    remove(fixture->path);
    fixture_make(fixture->path, sql);
    if (trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error) != 0)
        fail_msg("%s", error.text);
    if (model_load(trace, NULL, out, why, sizeof why) != 0)
        fail_msg("%s", why);
    trace_close(trace);
    model_set_path(out, "shop.db");
}

char *report_of(struct model_snapshot *snapshot, const struct report_format *format,
                const struct report_options *wanted, const char *root)
{
    struct shown shown;
    show_begin(&shown, root);
    if (wanted) {
        shown.options.ascii = wanted->ascii;
        shown.options.colour = wanted->colour;
        shown.options.verbosity = wanted->verbosity;
    }
    struct report_trace trace = {"shop.db", snapshot, NULL, model_judge(snapshot, &(struct model_policy){0})};
    format->check(&shown.options, &trace, 1, trace.verdict.code);
    fclose(shown.options.out);
    return shown.text;
}

char *report(struct fixture *fixture, const char *sql, const struct report_format *format,
             const struct report_options *wanted, const char *root)
{
    struct model_snapshot snapshot;
    reporting_load(fixture, sql, &snapshot);
    char *text = report_of(&snapshot, format, wanted, root);
    model_free(&snapshot);
    return text;
}

void make_source(struct fixture *fixture)
{
    char *code = fixture_text("src/server.c");
    const char *file;
    assert_int_equal(mkdir(fixture_name(fixture, "src"), 0755), 0);
    file = fixture_name(fixture, "src/server.c");
    fixture_write(file, code, strlen(code));
    free(code);
    const struct timespec old[2] = {{.tv_sec = 1600000000}, {.tv_sec = 1600000000}};
    assert_int_equal(utimensat(AT_FDCWD, file, old, 0), 0);
}
