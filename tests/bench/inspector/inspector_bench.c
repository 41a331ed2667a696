/* inspector_bench TRACE [ROUNDS]: how long a person waits at the interface, on a large trace, and what SQLite alone
 * takes for the same question in the same run. Prints a markdown table of medians: `answer` is until the picture after
 * the key is drawn, `settled` until the worker's thread has put all of it there, `own CPU` what of that the interface's
 * own thread computed: this long it would not hear a key. */
#include "app.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS_MAX 100

struct bench {
    const char *path;
    size_t rounds;
    struct trace *trace;
    struct model_snapshot snapshot;
    struct model_policy policy;
    struct source_options source;
    struct app app;
    sqlite3 *db;
    int64_t tasks;
};

static double ms_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void)
{
    return ms_of(CLOCK_MONOTONIC);
}

static double cpu_ms(void)
{
    return ms_of(CLOCK_THREAD_CPUTIME_ID);
}

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "inspector_bench: %s\n", what);
    exit(1);
}

static int by_value(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* ---- the interface ---- */

static void open_app(struct bench *bench)
{
    struct trace_error error = {""};
    char why[1024];
    require(trace_open(bench->path, &(struct trace_options){.grace = 0}, &bench->trace, &error) == 0, error.text);
    require(model_load(bench->trace, NULL, &bench->snapshot, why, sizeof why) == 0, why);
    screen_open(&bench->app.screen, 30, 100, false, COLOURS_256);
    const struct app_options options = {.trace = bench->trace,
                                        .snapshot = &bench->snapshot,
                                        .verdict = model_judge(&bench->snapshot, &bench->policy),
                                        .policy = &bench->policy,
                                        .source = &bench->source};
    require(app_open(&bench->app, &options) == 0, "the first view does not open");
    app_draw(&bench->app);
}

static void close_app(struct bench *bench)
{
    app_close(&bench->app);
    screen_close(&bench->app.screen);
    model_free(&bench->snapshot);
    trace_close(bench->trace);
    memset(&bench->app, 0, sizeof bench->app);
}

static void settle(struct bench *bench)
{
    if (bench->app.tui.worker)
        worker_wait(bench->app.tui.worker, -1);
    app_draw(&bench->app);
}

/* What is asked for: a key, or a view with a filter and a sort. */
struct step {
    const char *name, *view;
    int key;
    const char *where, *sort;
    const char *peer; /* SQL, all of whose rows are fetched; NULL: none */
};

static void take(struct bench *bench, const struct step *step)
{
    if (step->key)
        app_key(&bench->app, (struct key_event){.key = step->key});
    else
        app_show(&bench->app, views_named(step->view), &(struct view_args){.where = step->where, .sort = step->sort});
    app_draw(&bench->app);
}

static double ask_sqlite(struct bench *bench, const char *sql)
{
    sqlite3_stmt *query;
    double began = now_ms();
    require(sqlite3_prepare_v2(bench->db, sql, -1, &query, NULL) == SQLITE_OK, sqlite3_errmsg(bench->db));
    sqlite3_bind_int64(query, 1, bench->tasks * 9 / 10);
    while (sqlite3_step(query) == SQLITE_ROW)
        continue;
    sqlite3_finalize(query);
    return now_ms() - began;
}

/* ---- the table ---- */

static void print_row(const char *name, double answer, double settled, double cpu, double peer)
{
    printf("| %s | %.2f | %.2f | %.2f |", name, answer, settled, cpu);
    if (peer >= 0)
        printf(" %.2f | %.2f |\n", peer, settled / peer);
    else
        printf(" | |\n");
}

static void measure_opening(struct bench *bench)
{
    double taken[ROUNDS_MAX], cpu[ROUNDS_MAX];
    for (size_t i = 0; i < bench->rounds; i++) {
        double began = now_ms(), computed = cpu_ms();
        open_app(bench);
        taken[i] = now_ms() - began;
        cpu[i] = cpu_ms() - computed;
        close_app(bench);
    }
    double opened = median(taken, bench->rounds);
    print_row("the first screen: open, load, draw Leaks", opened, opened, median(cpu, bench->rounds), -1);
}

static void measure(struct bench *bench, const struct step *step)
{
    double answer[ROUNDS_MAX], settled[ROUNDS_MAX], cpu[ROUNDS_MAX], peer[ROUNDS_MAX];
    if (!views_named(step->view))
        return;
    for (size_t i = 0; i < bench->rounds; i++) {
        app_show(&bench->app, views_named(step->view),
                 &(struct view_args){.where = "", .sort = step->sort ? "id" : NULL});
        settle(bench);
        double began = now_ms(), computed = cpu_ms();
        take(bench, step);
        answer[i] = now_ms() - began;
        settle(bench);
        settled[i] = now_ms() - began;
        cpu[i] = cpu_ms() - computed;
        peer[i] = step->peer ? ask_sqlite(bench, step->peer) : -1;
    }
    print_row(step->name, median(answer, bench->rounds), median(settled, bench->rounds), median(cpu, bench->rounds),
              median(peer, bench->rounds));
}

static const struct step steps[] = {
    {"Leaks: next row, with its detail", "leaks", 'j', NULL, NULL, NULL},
    {"Tasks: open", "tasks", 0, "", NULL, "SELECT * FROM task LIMIT 30"},
    {"Tasks: next row, with its detail", "tasks", 'j', NULL, NULL, NULL},
    {"Tasks: next page", "tasks", K_PAGE_DOWN, NULL, NULL, "SELECT * FROM task LIMIT 30 OFFSET 30"},
    {"Tasks: last row", "tasks", 'G', NULL, NULL, "SELECT * FROM task LIMIT 30 OFFSET ?1"},
    {"Tasks: filter state:failed", "tasks", 0, "state:failed", NULL, "SELECT id FROM task WHERE state = 'failed'"},
    {"Tasks: filter name:conn-99*", "tasks", 0, "name:conn-99*", NULL,
     "SELECT id FROM task WHERE name LIKE 'conn-99%'"},
    {"Tasks: sort by age", "tasks", 0, "", "-age", "SELECT id FROM task ORDER BY ended_ns - created_ns DESC"},
    {"Sites: open", "sites", 0, "", NULL,
     "SELECT site_id, count(*), sum(ended_ns - created_ns) FROM task GROUP BY +site_id"},
    {"Events: open", "events", 0, "", NULL, NULL},
    {"Awaits: open", "awaits", 0, "", NULL, NULL},
    {"Timeline: open", "timeline", 0, "", NULL, NULL},
};

int main(int argc, char **argv)
{
    static struct bench bench;
    if (argc < 2) {
        fprintf(stderr, "usage: inspector_bench TRACE [ROUNDS]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    bench.path = argv[1];
    bench.rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 5;
    require(bench.rounds >= 1 && bench.rounds <= ROUNDS_MAX, "1 to 100 rounds");
    printf("| ms | answer | settled | own CPU | SQLite alone | ratio |\n|---|---:|---:|---:|---:|---:|\n");
    measure_opening(&bench);
    open_app(&bench);
    bench.tasks = bench.snapshot.run.tasks;
    require(sqlite3_open_v2(bench.path, &bench.db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK, bench.path);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        measure(&bench, &steps[i]);
    sqlite3_close(bench.db);
    close_app(&bench);
    return 0;
}
