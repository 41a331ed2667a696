/* The filter language: what is right and where it is wrong, and which rows pass. */
#include "filter/filter.h"
#include "filter/saved.h"
#include "buffer.h"
#include "fixture.h"
#include "listing.h"
#include "query.h"
#include "test.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct trace *trace;

static int make_shop(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    struct trace_error error;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
    fixture_sql(fixture->path,
                "INSERT INTO errno VALUES(-5, 'EIO', 'Input/output error');"
                "INSERT INTO object(id, kind, name, site_id, creator_task_id, created_ns, ended_ns) VALUES"
                "(3, 'queue', 'jobs', 3, 12, 500000000, NULL), (4, 'gather', NULL, 8, 1, 600000000, 700000000);"
                "INSERT INTO child VALUES(4, 0, 'task', 31), (4, 1, 'task', 32);"
                "INSERT INTO await(id, task_id, target_kind, target_id, site_id, began_ns) VALUES"
                "(9, 1, 'object', 3, 8, 700000000);"
                "INSERT INTO step VALUES(1, 31, 513000000, 514000000);"
                "UPDATE task SET steps = 1, run_ns = 1000000 WHERE id = 31;"
                "INSERT INTO site_stat(site_id, tasks, coros, pending) VALUES(3, 2, 0, 2), (2, 0, 3, 0)");
    if (trace_open(fixture->path, &(struct trace_options){0}, &trace, &error) < 0)
        fail_msg("%s", error.text);
    return 0;
}

/* The same, as a run leaves it at its end. */
static int make_indexed(void **state)
{
    make_shop(state);
    const struct fixture *fixture = *state;
    trace_close(trace);
    struct trace_error error;
    fixture_sql(fixture->path,
                "CREATE INDEX task_by_site ON task(site_id); CREATE INDEX await_by_task ON await(task_id);"
                "CREATE INDEX task_open ON task(facts) WHERE facts <> 0 OR state = 'pending'");
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){0}, &trace, &error), 0);
    return 0;
}

static int drop_shop(void **state)
{
    trace_close(trace);
    return fixture_end(state);
}

/* The ids of the rows that pass, "#31 #32". */
static const char *passing(const char *list, const char *text, const char *column)
{
    static struct buffer ids;
    struct filter_error error;
    struct model_table *table;
    char why[300];
    struct filter *filter = filter_parse(text, list, &error);
    if (!filter)
        fail_msg("%s: %zu: %s", text, error.at, error.text);
    const struct model_list_options options = {.columns = column, .limit = -1, .filter = filter};
    if (model_list_open(trace, list, &options, &table, why, sizeof why) < 0)
        fail_msg("%s: %s\n%s", text, why, filter_sql(filter));
    int rc;
    buffer_clear(&ids);
    while ((rc = model_table_next(table)) > 0) {
        struct model_cell cell = model_table_cell(table, 0);
        buffer_add(&ids, ids.length ? " " : "");
        if (cell.kind == MODEL_CELL_INTEGER)
            buffer_format(&ids, "%lld", (long long)cell.integer);
        else
            buffer_add_bytes(&ids, cell.text, cell.length);
    }
    if (rc < 0)
        fail_msg("%s: %s", text, model_table_failure(table));
    model_table_close(table);
    filter_free(filter);
    return buffer_text(&ids);
}

struct passes {
    const char *text, *ids;
};

static void expect(const char *list, const char *column, const struct passes *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *ids = passing(list, cases[i].text, column);
        if (strcmp(ids, cases[i].ids) != 0)
            fail_msg("%s: %s: \"%s\", not \"%s\"", list, cases[i].text, ids, cases[i].ids);
    }
}
#define EXPECT(list, column, cases) expect(list, column, cases, sizeof(cases) / sizeof *(cases))

#define ALL "#1 #7 #12 #31 #32 #77 #78 #203"

static void test_words_and_what_joins_them(void **state)
{
    static const struct passes cases[] = {
        {"", ALL},
        {"  ", ALL},
        {"worker", "#31 #32"},
        {"WORKER", ""}, /* a capital: as it is written */
        {"-worker", "#1 #7 #12 #77 #78 #203"},
        {"!worker !-pool", "#7 #12"}, /* by their coroutine, and site */
        {"--worker", "#31 #32"},
        {"audit|fetch", "#77 #78 #203"},
        {"audit | fetch", "#77 #78 #203"},
        {"worker-0|worker-1 id:31", "#31"},   /* close: (a or b) and c */
        {"worker-0 | worker-1 id:31", "#31"}, /* apart: a or (b and c) */
        {"worker-1 | worker-0 id:31", "#31 #32"},
        {"(worker|audit) id>31", "#32 #77 #78"},
        {"-(worker|audit)", "#1 #7 #12 #203"},
        {"(audit fetch) | (worker id<32)", "#31"},
        {"(id:1)|(id:7) id<5", "#1"},
        {"/^work.*[0]$/", "#31"},
        {"-/^work.*[0]$/ /r-/", "#32"},
        {"\"connection reset\"", "#203"},
        {"\"src/pool.c:57\"", "#31 #32"},
        {"src/pool.c:57", "#31 #32"},
    };
    (void)state;
    EXPECT("tasks", "id", cases);
}

static void test_task_fields(void **state)
{
    static const struct passes cases[] = {
        {"id:31", "#31"},
        {"id:#31|#32", "#31 #32"},
        {"id:30..80", "#31 #32 #77 #78"},
        {"id:..7", "#1 #7"},
        {"id:100..", "#203"},
        {"id>=78", "#78 #203"},
        {"id!=1 id<30", "#7 #12"},
        {"id:worker-*", "#31 #32"},
        {"name:worker-?", "#31 #32"},
        {"name:Worker-?", ""},
        {"name=worker-0", "#31"},
        {"name!=worker-0 worker", "#32"},
        {"name~^audit", "#77"},
        {"name:\"worker-0\"|audit_*", "#31 #77"},
        {"coro:worker_loop", "#31 #32"},
        {"state:waiting", "#12 #31 #32 #77"},
        {"state:pending", "#12 #31 #32 #77"},
        {"state:done|failed", "#1 #78 #203"},
        {"state!=done -state:pending", "#7 #203"},
        {"leak:any", "#31 #32 #77 #78 #203"},
        {"leak:none", "#1 #7 #12"},
        {"leak:pending-at-exit", "#31 #32 #77"}, /* of #77 it is the second class */
        {"leak:never-*", "#78 #203"},
        {"site:pool.c", "#31 #32"},
        {"site:pool.c:57", "#31 #32"},
        {"site:src/pool.c", "#31 #32"},
        {"site:ool.c", ""},
        {"file:p*", "#31 #32"},
        {"file:src/*", ALL},
        {"fn:audit", "#77 #78"},
        {"stack:handle_*", "#203"},
        {"stack:get_user", "#203"},
        {"parent:12", "#31 #32"},
        {"parent:#12", "#31 #32"},
        {"parent:server", "#12 #77 #78 #203"},
        {"parent:none", "#1"},
        {"root:31", "#12"},
        {"root:worker-0", "#12"},
        {"root:any", "#12"},
        {"awaiter:12", "#31"},
        {"awaiter:none id<30", "#1 #7 #12"},
        {"waits-for:31", "#12"},
        {"waits-for:#31", "#12"},
        {"waits-for:worker-0", "#12"},
        {"waits-for:sleep", "#31 #32 #77"},
        {"waits-for:none", "#1 #7 #78 #203"},
        {"err:EIO", "#203"},
        {"err:eio", "#203"},
        {"err:any", "#203"},
        {"err:connection*", "#203"},
        {"age<0.4s", "#203"},
        {"age:410ms", "#78"},
        {"wait>4.3s", "#77"},
        {"run:1ms", "#31"},
        {"polls:1..5", "#31"},
        {"children:2", "#12"},
        {"children>=2", "#7 #12"},
        {"children:0 id>100", "#203"},
        {"depth:0", "#1"},
        {"depth>2", "#31 #32"},
        {"t:1s..2s", "#1 #7 #12 #31 #32 #77"},
        {"t:0.85s", "#1 #7 #12 #31 #32 #77 #78"},
        {"t>3s t<4s -t:..1s", "#203"},
    };
    (void)state;
    EXPECT("tasks", "id", cases);
}

static void test_other_lists(void **state)
{
    static const struct passes coros[] = {
        {"leak:any", "#c5 #c6 #c9"},    {"state:created", "#c5 #c6 #c9"},      {"id:#c6", "#c6"},
        {"parent:server t:..1.2s", ""}, {"name:flush_* t:..1.25s", "#c5 #c6"}, {"task:none id<9", "#c5 #c6"}};
    static const struct passes awaits[] = {{"task:31", "1"},        {"kind:sleep", "1 2 4"},
                                           {"kind:queue", "9"},     {"waits-for:#q3", "9"},
                                           {"waits-for:jobs", "9"}, {"waits-for:3", "9"},
                                           {"state:waiting", "9"},  {"waits-for:#31", "3"},
                                           {"err:any", "1 2 4"},    {"wait>4.2s -sleep", "1 2 3 4"},
                                           {"awaiter:pool", "3"}};
    static const struct passes events[] = {{"kind:task-created task:#31", "#31"},
                                           {"kind:object-*", "#q3 #q4 #q4"},
                                           {"id:#q3", "#q3"},
                                           {"kind:resume|suspend", "#31 #31"},
                                           {"kind:loop-*", "loop 1 loop 1"},
                                           {"t:3s..3.2s kind:task-began", "#203"},
                                           {"name:audit_log kind:task-lost", "#77"}};
    static const struct passes sites[] = {{"leaks>2", "src/server.c:4"},
                                          {"made>1 live:2", "src/pool.c:57"},
                                          {"leak:never-retrieved", "src/api.c:203"},
                                          {"fn:worker_loop", "src/pool.c:41"}};
    static const struct passes leaks[] = {{"leak:never-retrieved", "#203"},
                                          {"leak:pending-at-exit", "#31 #32 #77"},
                                          {"kind:coro", "#c5 #c6 #c9"},
                                          {"waits-for:sleep id>31", "#32 #77"},
                                          {"err:EIO", "#203"}};
    static const struct passes objects[] = {{"kind:queue", "#q3"}, {"name:jobs", "#q3"}, {"state:open", "#q3"},
                                            {"children:2", "#q4"}, {"awaiter:1", "#q3"}, {"id:q4", "#q4"},
                                            {"parent:pool", "#q3"}};
    (void)state;
    EXPECT("coros", "id", coros);
    EXPECT("awaits", "id", awaits);
    EXPECT("events", "subject", events);
    EXPECT("sites", "site", sites);
    EXPECT("leaks", "id", leaks);
    EXPECT("objects", "id", objects);
}

/* Whatever a field takes, SQLite must take what becomes of it. */
static void test_every_field_runs(void **state)
{
    static const char *const forms[] = {":x*|y", "!=x",     "~x",  "<1",    ":1..2",
                                        ">1ms",  ":1s..2s", ":#3", ":none", "=\"\""};
    (void)state;
    for (size_t i = 0; model_list_name(i); i++)
        for (size_t j = 0; filter_field(model_list_name(i), j); j++) {
            int taken = 0;
            for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
                char text[64];
                struct filter_error error;
                snprintf(text, sizeof text, "%s%s", filter_field(model_list_name(i), j), forms[k]);
                struct filter *filter = filter_parse(text, model_list_name(i), &error);
                taken += filter != NULL;
                filter_free(filter);
                if (filter)
                    passing(model_list_name(i), text, model_list_column(model_list_name(i), 0));
            }
            if (!taken)
                fail_msg("%s: %s takes nothing", model_list_name(i), filter_field(model_list_name(i), j));
        }
}

static void test_errors(void **state)
{
    static const struct {
        const char *list, *text;
        size_t at;
        const char *says;
    } cases[] = {
        {"tasks", "nmae:x", 0, "tasks have no field \"nmae\"; did you mean \"name\"?"},
        {"tasks", "a (zzz:x)", 3, "there is no field \"zzz\""},
        {"tasks", "kind:x", 0, "tasks have no field \"kind\"; awaits do"},
        {"awaits", "depth:1", 0, "awaits have no field \"depth\"; tasks do"},
        {"tasks", "name:", 5, "a value is missing"},
        {"tasks", "name: x", 5, "a value is missing"},
        {"tasks", "name:a|", 7, "a condition is missing"},
        {"tasks", "name:a||b", 7, "a condition is missing"},
        {"tasks", "| a", 0, "a condition is missing"},
        {"tasks", "a | ", 4, "a condition is missing"},
        {"tasks", "()", 1, "a condition is missing"},
        {"tasks", "a (b", 2, "never closed"},
        {"tasks", "a b)", 3, "never opened"},
        {"tasks", "-", 1, "must not hold is missing"},
        {"tasks", "a ! b", 3, "must not hold is missing"},
        {"tasks", "a \"b", 2, "quote is never closed"},
        {"tasks", "a /b", 2, "never closed with a /"},
        {"tasks", "//", 0, "empty expression"},
        {"tasks", "/usr/lib", 5, "behind the expression"},
        {"tasks", "/[/", 1, "no regular expression"},
        {"tasks", "/(a)\\1/", 1, "back reference"},
        {"tasks", "/a{999}{9}/", 1, "repeats too often"},
        {"tasks", "name~[", 5, "no regular expression"},
        {"tasks", "name<x", 5, "is a text"},
        {"tasks", "wait>100", 5, "is no time"},
        {"tasks", "wait:1s..x", 5, "is no time"},
        {"tasks", "wait>1s..2s", 5, "a range goes behind"},
        {"tasks", "wait~1s", 5, "is a time"},
        {"tasks", "polls>many", 6, "is no number"},
        {"tasks", "polls>99999999999999999999", 6, "is no number"},
        {"tasks", "wait>9999999999999h", 5, "is no time"},
        {"tasks", "t=1s", 2, "takes a time or a range"},
        {"tasks", "t:soon", 2, "is no time"},
        {"tasks", "parent:#c3", 7, "is a task, not a coro"},
        {"tasks", "parent>x", 7, "is no id"},
        {"awaits", "id:x", 3, "is no id"},
        {"nothing", "a", 0, "there is no list"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct filter_error error;
        struct filter *filter = filter_parse(cases[i].text, cases[i].list, &error);
        if (filter)
            fail_msg("%s: taken as %s", cases[i].text, filter_sql(filter));
        if (error.at != cases[i].at || !strstr(error.text, cases[i].says))
            fail_msg("%s: %zu: %s", cases[i].text, error.at, error.text);
    }
}

static void test_bounds(void **state)
{
    struct filter_error error;
    struct buffer text = {0};
    (void)state;
    buffer_pad(&text, 60, '(');
    buffer_add(&text, "a");
    buffer_pad(&text, 60, ')');
    assert_null(filter_parse(buffer_text(&text), "tasks", &error));
    assert_non_null(strstr(error.text, "nested too deep"));
    buffer_clear(&text);
    for (int i = 0; i < 300; i++)
        buffer_add(&text, "a ");
    assert_null(filter_parse(buffer_text(&text), "tasks", &error));
    assert_non_null(strstr(error.text, "more than 200"));
    buffer_clear(&text);
    buffer_pad(&text, 300, 'a');
    assert_null(filter_parse(buffer_text(&text), "tasks", &error));
    assert_non_null(strstr(error.text, "too long"));
    buffer_clear(&text);
    buffer_pad(&text, 5000, ' ');
    assert_null(filter_parse(buffer_text(&text), "tasks", &error));
    assert_non_null(strstr(error.text, "at most"));
    buffer_clear(&text);
    for (int i = 0; i < 199; i++) /* as many as may be, and SQLite takes them */
        buffer_format(&text, "-id:%d ", i + 1000);
    assert_string_equal(passing("tasks", buffer_text(&text), "id"), ALL);
    buffer_free(&text);
}

/* Each is set as the configuration would. */
static void save_some(void)
{
    static const char *const lines[][2] = {
        {"slow", "wait>4s state:pending"},
        {"us", "name:worker-*|audit_log"},
        {"both", "@us | id<7"},
        {"self", "id:1 -@self"},
        {"a", "x @b"},
        {"b", "@a"},
        {"bad", "name~["},
        {"open", "(a"},
        {"wide", "@ids @ids @ids"},
        {"ids", "id:1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25 @twice @twice"},
        {"twice", "id:1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|25"}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char place[20];
        snprintf(place, sizeof place, "conf:%zu", i + 1);
        saved_filter_set(lines[i][0], lines[i][1], place);
    }
}

static void test_saved_filters(void **state)
{
    static const struct passes tasks[] = {
        {"@us", "#31 #32 #77"},
        {"-@us", "#1 #7 #12 #78 #203"},
        {"@us -name:worker*", "#77"},
        {"@both", "#1 #31 #32 #77"},
        {"id:1|@us", "#1 #31 #32 #77"},
        {"@us|id:1", "#1 #31 #32 #77"},
        {"(@us | id:7) id<50", "#7 #31 #32"},
        {"\"@us\"", ""},
        {"name:@us", ""},
    };
    static const struct {
        const char *list, *text;
        size_t at;
        const char *says;
    } wrong[] = {{"tasks", "id:1 @slwo", 5, "no filter is saved as \"slwo\"; did you mean \"@slow\"?"},
                 {"tasks", "@zzzzzzzzz", 0, "in quotes, \"@zzzzzzzzz\" would be searched for"},
                 {"tasks", "a @", 2, "@ begins the name"},
                 {"tasks", "@slow:x", 0, "@ begins the name"},
                 {"tasks", "@self", 0, "@self (conf:4): @self (conf:4) stands in itself"},
                 {"tasks", "id:1 -@a", 6, "@a (conf:5): @b (conf:6): @a (conf:5) stands in itself"},
                 {"tasks", "x @bad", 2, "@bad (conf:7): no regular expression"},
                 {"tasks", "@open", 0, "@open (conf:8): this parenthesis is never closed"},
                 {"sites", "@slow", 0, "@slow (conf:1): sites have no field \"wait\""},
                 {"tasks", "@wide", 0, "more than 200"}};
    struct filter_error error;
    (void)state;
    save_some();
    EXPECT("tasks", "id", tasks);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct filter *filter = filter_parse(wrong[i].text, wrong[i].list, &error);
        assert_null(filter);
        if (error.at != wrong[i].at || !strstr(error.text, wrong[i].says))
            fail_msg("%s: %zu: %s", wrong[i].text, error.at, error.text);
    }
    assert_true(saved_filter_check(saved_filter_named("slow", 4), &error)); /* for tasks, if not for sites */
    assert_false(saved_filter_check(saved_filter_named("b", 1), &error));
    saved_filter_set("us", "id:1", "conf:20");
    assert_string_equal(passing("tasks", "@us", "id"), "#1");
    saved_filters_forget();
    assert_null(saved_filter_at(0));
    assert_null(filter_parse("@us", "tasks", &error));
}

static void test_doubts(void **state)
{
    static const struct {
        const char *list, *text, *says;
    } cases[] = {{"tasks", "state:ruhning", "no state is \"ruhning\"; did you mean \"running\"?"},
                 {"tasks", "-name:x leak:never-awaitd", "no leak is \"never-awaitd\"; did you mean \"never-awaited\"?"},
                 {"tasks", "state=Done", "no state is \"Done\"; did you mean \"done\"?"},
                 {"events", "kind:poll", "no kind is \"poll\""},
                 {"tasks", "state:done|run* leak:any", NULL},
                 {"tasks", "state~x name:ruhning", NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct filter_error error;
        struct filter *filter = filter_parse(cases[i].text, cases[i].list, &error);
        assert_non_null(filter);
        const char *says = filter_doubt(filter);
        if (cases[i].says ? !says || strcmp(says, cases[i].says) != 0 : says != NULL)
            fail_msg("%s: %s", cases[i].text, says ? says : "(none)");
        filter_free(filter);
    }
}

/* What was typed is never part of the SQL. */
static void test_values_are_bound(void **state)
{
    static const char text[] = "name=\"x' OR 1 --\" \"'); DROP TABLE task\" id>7";
    struct filter_error error;
    (void)state;
    struct filter *filter = filter_parse(text, "tasks", &error);
    assert_non_null(filter);
    assert_null(strstr(filter_sql(filter), "DROP"));
    assert_null(strstr(filter_sql(filter), "OR 1"));
    assert_string_equal(filter_value(filter, 0), "x' OR 1 --");
    assert_string_equal(filter_value(filter, filter_values(filter) - 1), "7");
    assert_string_equal(filter_text(filter), text);
    struct buffer shown = {0};
    filter_add_literal(filter, &shown); /* only to be looked at, and right even so */
    assert_non_null(strstr(buffer_text(&shown), "'x'' OR 1 --'"));
    assert_null(strchr(buffer_text(&shown), '?'));
    buffer_free(&shown);
    filter_free(filter);
    assert_string_equal(passing("tasks", text, "id"), "");
}

static void test_cells(void **state)
{
    static const struct {
        const char *list, *column, *value;
        bool without;
        const char *text;
    } cases[] = {{"tasks", "name", "worker-0", false, "name=\"worker-0\""},
                 {"tasks", "name", "a \"b\\", true, "name!=\"a \\\"b\\\\\""},
                 {"tasks", "name", NULL, false, "name=\"\""},
                 {"tasks", "parent", "#12", false, "parent:#12"},
                 {"tasks", "parent", "#12", true, "-parent:#12"},
                 {"tasks", "parent", NULL, true, "-parent:none"},
                 {"tasks", "waits-for", "sleep 10.000s", false, "waits-for=\"sleep 10.000s\""},
                 {"tasks", "wait", "4299000000", false, "wait=4299000000ns"},
                 {"tasks", "polls", "12", true, "polls!=12"},
                 {"tasks", "func", "audit", false, "fn=\"audit\""},
                 {"events", "subject", "#31", false, "id:#31"},
                 {"tasks", "polls", NULL, false, NULL},
                 {"tasks", "thread", "1", false, NULL},
                 {"none", "name", "x", false, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = filter_of_cell(cases[i].list, cases[i].column, cases[i].value, cases[i].without);
        if (text ? !cases[i].text || strcmp(text, cases[i].text) != 0 : cases[i].text != NULL)
            fail_msg("%s %s: %s", cases[i].column, cases[i].value, text ? text : "(none)");
        if (text)
            passing(cases[i].list, text, NULL);
        free(text);
    }
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(filter_field("tasks", 0), "id");
    assert_null(filter_field("tasks", 100));
    assert_null(filter_field("none", 0));
    assert_string_equal(filter_word("tasks", "leak", 0), "deadlock");
    assert_string_equal(filter_word("objects", "kind", 0), "gather");
    assert_null(filter_word("objects", "kind", 1000));
    assert_null(filter_word("tasks", "name", 0));
    assert_null(filter_word("tasks", "none", 0));
}

#define WITH_SHOP(test)    cmocka_unit_test_setup_teardown(test, make_shop, drop_shop)
#define WITH_INDEXES(test) cmocka_unit_test_setup_teardown(test, make_indexed, drop_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_SHOP(test_words_and_what_joins_them),
                                       WITH_SHOP(test_task_fields),
                                       WITH_INDEXES(test_task_fields),
                                       WITH_INDEXES(test_other_lists),
                                       WITH_SHOP(test_other_lists),
                                       WITH_SHOP(test_every_field_runs),
                                       cmocka_unit_test(test_errors),
                                       WITH_SHOP(test_saved_filters),
                                       WITH_SHOP(test_bounds),
                                       cmocka_unit_test(test_doubts),
                                       WITH_SHOP(test_values_are_bound),
                                       WITH_SHOP(test_cells),
                                       cmocka_unit_test(test_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
