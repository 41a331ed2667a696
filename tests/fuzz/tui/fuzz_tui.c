/* The interface under hands that do anything: every size, and random keys and clicks over every view. After each of
 * them the picture holds no control byte, the cursor stands on a row, and no room below the last row is wasted.
 * FUZZ_SEED and FUZZ_ROUNDS choose; the seed is printed. */
#include "app.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROWS_MAX 70
#define COLS_MAX 130
#ifdef __SANITIZE_ADDRESS__ /* each is slow there */
#define ROUNDS 5
#define STRIDE 293 /* from one size of the sweep to the next */
#else
#define ROUNDS 40
#define STRIDE 97
#endif
#define KEYS_A_ROUND 60 /* of a round */
#define ANSWER_MS    20000
#define KINDS_COUNT  4

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static int below(int limit)
{
    return (int)(next_random() % (uint64_t)limit);
}

/* ---- the program, without a terminal ---- */

struct scene {
    struct fixture *fixture;
    struct trace *trace;
    struct model_policy policy;
    struct source_options source;
    struct model_snapshot snapshot;
    struct app app;
};

static void begin(struct scene *scene, const char *path, const char *view, int rows, int cols)
{
    struct trace_error error = {""};
    char why[512] = "";
    if (trace_open(path, &(struct trace_options){.grace = 0}, &scene->trace, &error) < 0)
        fail_msg("%s", error.text);
    if (model_load(scene->trace, NULL, &scene->snapshot, why, sizeof why) < 0)
        fail_msg("%s", why);
    screen_open(&scene->app.screen, rows, cols, below(2), COLOURS_256);
    const struct app_options options = {.trace = scene->trace,
                                        .snapshot = &scene->snapshot,
                                        .verdict = model_judge(&scene->snapshot, &scene->policy),
                                        .policy = &scene->policy,
                                        .source = &scene->source,
                                        .view = view};
    if (app_open(&scene->app, &options) < 0)
        fail_msg("%s: %s", view, scene->app.tui.message);
}

static void end(struct scene *scene)
{
    app_close(&scene->app);
    screen_close(&scene->app.screen);
    model_free(&scene->snapshot);
    trace_close(scene->trace);
    memset(&scene->app, 0, sizeof scene->app);
}

static void settle(struct scene *scene)
{
    struct worker *worker = scene->app.tui.worker;
    if (worker && !worker_wait(worker, ANSWER_MS))
        fail_msg("no answer in %d ms", ANSWER_MS);
    app_draw(&scene->app);
}

/* ---- what always holds ---- */

static void expect_cells(const struct screen *screen, const char *when)
{
    for (int i = 0; i < screen->rows * screen->cols; i++) {
        uint32_t code = screen->cells[i].code;
        if ((code && code < 0x20) || (code >= 0x7f && code < 0xa0) || code > 0x10ffff)
            fail_msg("%s: cell %d holds U+%04X", when, i, (unsigned)code);
    }
}

static void expect_table(const struct table *table, const char *when)
{
    if (table->rows ? table->cursor >= table->rows : table->cursor != 0)
        fail_msg("%s: the cursor is on row %zu of %zu", when, table->cursor, table->rows);
    size_t height = table->height > 0 ? (size_t)table->height : 0;
    if (height && table->top && table->top + height > table->rows)
        fail_msg("%s: %zu rows from %zu on leave room in %zu", when, table->rows, table->top, height);
}

static void expect_sound(struct scene *scene, const char *when)
{
    expect_cells(&scene->app.screen, when);
    if (scene->app.view)
        expect_table(&scene->app.view->table, when);
}

/* ---- every size ---- */

static void sweep(struct scene *scene, const char *view, int step)
{
    char when[64];
    begin(scene, fixture_name(scene->fixture, "leaky.db"), view, 24, 80);
    settle(scene);
    for (int i = below(step); i < ROWS_MAX * COLS_MAX; i += step) {
        int rows = 1 + i / COLS_MAX, cols = 1 + i % COLS_MAX;
        snprintf(when, sizeof when, "%s in %dx%d", view, cols, rows);
        screen_resize(&scene->app.screen, rows, cols);
        app_key(&scene->app, (struct key_event){.key = K_RESIZE});
        expect_sound(scene, when);
    }
    end(scene);
}

static unsigned rounds_or(unsigned count)
{
    const char *text = getenv("FUZZ_ROUNDS");
    return text ? (unsigned)strtoul(text, NULL, 10) : count;
}

static void seed_random(void)
{
    const char *text = getenv("FUZZ_SEED");
    random_state = text ? strtoull(text, NULL, 10) : (uint64_t)time(NULL) * 2654435761u + (uint64_t)getpid();
    print_message("FUZZ_SEED=%llu\n", (unsigned long long)random_state);
}

static void test_sizes(void **state)
{
    struct scene *scene = *state;
    seed_random();
    int step = getenv("FUZZ_ROUNDS") ? 1 : STRIDE;
    for (size_t i = 0; views_at(i); i++)
        sweep(scene, views_at(i)->name, step);
}

/* ---- any keys ---- */

/* What the keys of the table are, and what is typed into prompts. */
static int any_key(void)
{
    static const char typed[] = "0123456789#abcdefghijklmnopqrstuvwxyz :/\\&=-<>|!*~(){}[]'\"%_.,;";
    static const int special[] = {K_UP,     K_DOWN,     K_LEFT, K_RIGHT, K_PAGE_UP,   K_PAGE_DOWN,
                                  K_HOME,   K_END,      K_TAB,  K_ENTER, K_BACKSPACE, K_DELETE,
                                  K_ESCAPE, K_BACK_TAB, K_F1,   0x20ac,  0x1F600,     0x300};
    switch (below(4)) {
    case 0:
        return special[below(sizeof special / sizeof *special)];
    case 1:
        return 'A' + below(26);
    case 2:
        return K_CTRL('A' + below(26));
    default:
        return typed[below(sizeof typed - 1)];
    }
}

/* Leaving ends a round early, and ^Z would stop the test. */
static bool is_spared(int key)
{
    return key == K_CTRL('Z') || ((key == 'q' || key == 'Q') && below(8));
}

static struct key_event any_event(const struct screen *screen)
{
    static const int hands[] = {K_PRESS, K_DOUBLE, K_DRAG, K_RELEASE, K_WHEEL_UP, K_WHEEL_DOWN};
    struct key_event event = {.key = any_key()};
    if (below(6) == 0)
        event = (struct key_event){hands[below(6)], below(screen->rows), below(screen->cols), below(8) == 0};
    return event;
}

static void any_size(struct scene *scene)
{
    int rows = 1 + below(ROWS_MAX), cols = 1 + below(COLS_MAX);
    screen_resize(&scene->app.screen, rows, cols);
    app_key(&scene->app, (struct key_event){.key = K_RESIZE});
}

static void play(struct scene *scene, const char *path, unsigned round)
{
    char when[200] = "";
    size_t views = 0;
    while (views_at(views))
        views++;
    begin(scene, path, views_at(round % views)->name, 1 + below(ROWS_MAX), 1 + below(COLS_MAX));
    app_draw(&scene->app);
    for (int i = 0; i < KEYS_A_ROUND && !scene->app.quit; i++) {
        struct key_event event = any_event(&scene->app.screen);
        if (is_spared(event.key))
            continue;
        snprintf(when, sizeof when, "round %u, event %d, key %d", round, i, event.key);
        app_key(&scene->app, event);
        if (below(4) == 0)
            settle(scene);
        if (below(20) == 0)
            any_size(scene);
        expect_sound(scene, when);
    }
    end(scene);
}

static void test_keys(void **state)
{
    struct scene *scene = *state;
    const char *paths[] = {fixture_name(scene->fixture, "leaky.db"), fixture_name(scene->fixture, "hostile.db"),
                           fixture_name(scene->fixture, "empty.db"), fixture_name(scene->fixture, "clean.db")};
    seed_random();
    for (unsigned round = 0; round < rounds_or(ROUNDS); round++)
        play(scene, paths[below(KINDS_COUNT)], round);
}

/* ---- traces ---- */

static const char hostile_sql[] =
    "UPDATE task SET name = char(27) || '[2J' || char(0x202e, 0x9b, 10), created_ns = -9223372036854775807,"
    " creator_task_id = id; UPDATE site SET file = '../../etc/passwd', line = -1, expr = hex(zeroblob(3000));"
    "UPDATE await SET target_id = task_id, target_kind = 'task', began_ns = 9223372036854775807;"
    "UPDATE run SET ended_ns = -1, argv = char(7); UPDATE coro SET created_ns = NULL, parent_coro_id = id;";

static void copy_sample(struct scene *scene, const char *sample, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "../../../traces/samples/%s", sample);
    char *text = fixture_text(path);
    fixture_sql(fixture_name(scene->fixture, name), text);
    free(text);
}

static int scene_begin(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    void *fixture;
    assert_non_null(scene);
    fixture_begin(&fixture);
    scene->fixture = fixture;
    copy_sample(scene, "leaky.sql", "leaky.db");
    copy_sample(scene, "clean.sql", "clean.db");
    copy_sample(scene, "leaky.sql", "hostile.db");
    fixture_sql(fixture_name(scene->fixture, "hostile.db"), hostile_sql);
    fixture_make(fixture_name(scene->fixture, "empty.db"), NULL);
    assert_int_equal(chdir(scene->fixture->dir), 0); /* what is exported stays there */
    setenv("EDITOR", "true", 1);
    setenv("XDG_RUNTIME_DIR", scene->fixture->dir, 1);
    *state = scene;
    return 0;
}

static int scene_end(void **state)
{
    struct scene *scene = *state;
    void *fixture = scene->fixture;
    assert_int_equal(chdir("/"), 0);
    fixture_end(&fixture);
    free(scene);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_sizes, scene_begin, scene_end),
                                       cmocka_unit_test_setup_teardown(test_keys, scene_begin, scene_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
