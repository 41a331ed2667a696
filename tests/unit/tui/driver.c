#include "driver.h"
#include "script.h"
#include "test.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

char *driver_shop(void)
{
    char *shop = fixture_text("shop.sql"), *more = NULL, *all;
    size_t length;
    FILE *in = fopen(DRIVER_FOLDER "/more.sql", "r"), *out = open_memstream(&more, &length);
    assert_non_null(in);
    assert_non_null(out);
    for (int c = getc(in); c != EOF; c = getc(in))
        putc(c, out);
    fclose(in);
    fclose(out);
    assert_true(asprintf(&all, "%s\n%s", shop, more) > 0);
    free(shop);
    free(more);
    return all;
}

static void set_surroundings(bool ascii)
{
    setenv("TZ", "UTC", 1);
    tzset();
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("TMUX");
    assert_non_null(setlocale(LC_CTYPE, ascii ? "C" : "C.UTF-8"));
}

void driver_open(struct driver *driver, struct fixture *fixture, const char *sql, const struct driver_options *options)
{
    struct trace *trace;
    struct trace_error error;
    char why[300];
    *driver = (struct driver){.app = calloc(1, sizeof *driver->app)};
    assert_non_null(driver->app);
    set_surroundings(options->ascii);
    const char *path = fixture_name(fixture, "shop.db");
    remove(path);
    fixture_make(path, sql);
    if (trace_open(path, &(struct trace_options){.grace = 0}, &trace, &error) != 0)
        fail_msg("%s", error.text);
    if (model_load(trace, NULL, &driver->snapshot, why, sizeof why) != 0)
        fail_msg("%s", why);
    if (options->source) {
        driver->roots[0] = realpath(DRIVER_FOLDER "/../inspector", NULL);
        assert_non_null(driver->roots[0]);
        driver->source = (struct source_options){.roots = driver->roots, .roots_count = 1};
    }
    screen_open(&driver->app->screen, options->rows ? options->rows : 30, options->cols ? options->cols : 100,
                options->ascii, options->mono ? COLOURS_NONE : COLOURS_256);
    const struct app_options app = {.trace = trace,
                                    .snapshot = &driver->snapshot,
                                    .verdict = model_judge(&driver->snapshot, &driver->policy),
                                    .policy = &driver->policy,
                                    .source = &driver->source,
                                    .view = options->view,
                                    .where = options->where,
                                    .sort = options->sort,
                                    .no_clock = true};
    if (app_open(driver->app, &app) != 0)
        fail_msg("%s", driver->app->tui.message);
    driver_press(driver, K_NONE);
}

void driver_close(struct driver *driver)
{
    struct trace *trace = driver->app->tui.trace;
    app_close(driver->app);
    trace_close(trace);
    model_free(&driver->snapshot);
    screen_close(&driver->app->screen);
    free(driver->app);
    free(driver->roots[0]);
}

/* ---- keys ---- */

static void settle(struct driver *driver)
{
    app_settle(driver->app);
}

void driver_press(struct driver *driver, int key)
{
    app_key(driver->app, (struct key_event){.key = key});
    settle(driver);
}

void driver_mouse(struct driver *driver, int key, int row, int col)
{
    app_key(driver->app, (struct key_event){.key = key, .row = row, .col = col});
    settle(driver);
}

void driver_type(struct driver *driver, const char *lines)
{
    char why[200] = "", *copy = strdup(lines), *rest = copy;
    assert_non_null(copy);
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        if (script_line(driver->app, line, why, sizeof why) < 0)
            fail_msg("%s: %s", line, why);
    free(copy);
}

void driver_resize(struct driver *driver, int rows, int cols)
{
    screen_resize(&driver->app->screen, rows, cols);
    driver_press(driver, K_RESIZE);
}

/* ---- the picture ---- */

/* Leaves out the row of tabs, in the text and in the map behind it: it changes with every view that is added. */
static char *without_tabs(char *picture)
{
    char *out = NULL;
    size_t length;
    FILE *file = open_memstream(&out, &length);
    assert_non_null(file);
    char *map = NULL; /* behind the last empty line: a map has none */
    for (char *next = strstr(picture, "\n\n"); next; next = strstr(next + 1, "\n\n"))
        map = next;
    assert_non_null(map);
    const char *text = strchr(picture, '\n') + 1, *rest = strchr(map + 2, '\n') + 1;
    fprintf(file, "%.*s\n\n%s", (int)(map - text), text, rest);
    fclose(file);
    free(picture);
    return out;
}

static char *picture(struct driver *driver, bool with_map)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    screen_save_text(&driver->app->screen, out);
    if (with_map) {
        fputs("\n", out);
        screen_save_map(&driver->app->screen, out);
    }
    fclose(out);
    return text;
}

const char *driver_row(struct driver *driver, int row)
{
    static char line[1024];
    char *text = picture(driver, false), *at = text;
    for (int i = 0; i < row && at; i++)
        at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
    snprintf(line, sizeof line, "%.*s", at ? (int)strcspn(at, "\n") : 0, at ? at : "");
    free(text);
    return line;
}

bool driver_shows(struct driver *driver, const char *text)
{
    char *all = picture(driver, false);
    bool shows = strstr(all, text) != NULL;
    if (!shows)
        print_message("\"%s\" is not in:\n%s\n", text, all);
    free(all);
    return shows;
}

static char *read_golden(const char *path)
{
    struct stat st;
    FILE *in = fopen(path, "r");
    if (!in || fstat(fileno(in), &st) < 0)
        return strdup("");
    char *text = calloc(1, (size_t)st.st_size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)st.st_size, in), st.st_size);
    fclose(in);
    return text;
}

static void write_golden(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

/* Lines that differ, as they were and as they are. */
static void print_difference(const char *was, const char *is)
{
    for (int line = 1; *was || *is; line++) {
        size_t old = strcspn(was, "\n"), new = strcspn(is, "\n");
        if (old != new || memcmp(was, is, old) != 0)
            print_message("%3d - %.*s\n    + %.*s\n", line, (int)old, was, (int)new, is);
        was += old + (was[old] == '\n');
        is += new + (is[new] == '\n');
    }
}

void driver_golden(struct driver *driver, const char *name)
{
    char path[PATH_MAX];
    char *now = without_tabs(picture(driver, true));
    snprintf(path, sizeof path, DRIVER_FOLDER "/golden/%s.txt", name);
    if (getenv("UPDATE_GOLDEN"))
        write_golden(path, now);
    char *golden = read_golden(path);
    bool same = strcmp(golden, now) == 0;
    if (!same)
        print_difference(golden, now);
    free(golden);
    free(now);
    if (!same)
        fail_msg("%s differs (UPDATE_GOLDEN=1 accepts it)", name);
}
