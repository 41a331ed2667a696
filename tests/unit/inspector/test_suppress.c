/* Suppressions: globs, the file and what is wrong in it, what an entry matches, what becomes of it. */
#include "accept/accept.h"
#include "accept/pattern.h"
#include "fixture.h"
#include "glob.h"
#include "source.h"
#include "test.h"
#include "verdict.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1800000000 /* 2027-01-15 */

/* ---- globs ---- */

static void test_globs(void **state)
{
    static const struct {
        const char *glob, *text;
        bool matches;
    } cases[] = {
        {"worker", "worker", true},
        {"worker", "worker-0", false},
        {"worker-*", "worker-0", true},
        {"*", "", true},
        {"*", "a/b", false},
        {"**", "a/b", true},
        {"src/*.c", "src/pool.c", true},
        {"src/*.c", "src/deep/pool.c", false},
        {"src/**.c", "src/deep/er/pool.c", true},
        {"**/pool.c", "src/deep/pool.c", true},
        {"*a*b*", "xxaxxbxx", true},
        {"*a*b", "abab", true},
        {"*ab", "aab", true},
        {"**/a*/c", "x/ab/b/a/c", true},
        {"**/a*/c", "x/ab/b/x/c", false},
        {"?", "", false},
        {"?", "/", false},
        {"a?c", "abc", true},
        {"a?c",
         "a\xc3\xb6"
         "c",
         true},
        {"\\*", "*", true},
        {"\\*", "a", false},
        {"\\x41\\x2a", "A*", true},
        {"\\xZ", "xZ", true},
        {"a\\", "a\\", true},
        {"", "", true},
        {"", "a", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (glob_match(cases[i].glob, cases[i].text) != cases[i].matches)
            fail_msg("\"%s\" and \"%s\"", cases[i].glob, cases[i].text);
}

/* A glob made of any text matches that text, however hostile it is. */
static void test_quoted_globs(void **state)
{
    static const char *const texts[] = {"plain",    "a*b?c\\d",           "operator<", " edges ", "\x1b[31m\n\r\t",
                                        "\xff\xfe", "gr\xc3\xb6\xc3\x9f", "\"#{}=^$",  "...",     "x=y"};
    struct buffer glob = {0};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buffer_clear(&glob);
        glob_quote(&glob, texts[i], "\"#<^$={}");
        for (const char *at = buffer_text(&glob); *at; at++)
            assert_true(*at >= ' ' && *at < 0x7f);
        if (!glob_match(buffer_text(&glob), texts[i]))
            fail_msg("%s", buffer_text(&glob));
    }
    buffer_free(&glob);
}

static void test_globs_end_soon(void **state)
{
    char text[4001], glob[2001];
    (void)state;
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i + 1 < sizeof glob; i += 2)
        memcpy(glob + i, "*a", 2);
    glob[sizeof glob - 2] = 'b';
    glob[sizeof glob - 1] = '\0';
    assert_false(glob_match(glob, text));
}

/* ---- what is wrong in a file ---- */

static int parse(struct suppressions *list, const char *text, struct accept_fault *fault)
{
    return suppressions_parse(list, &(struct accept_text){"leash.supp", text, strlen(text)}, fault);
}

static void test_faults(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *words;
    } cases[] = {
        {"# leash suppressions 2\n", 1, 22, "version 2 of the format; this build reads 1"},
        {"flush_cache\n", 1, 1, "an entry is a class, a colon"},
        {"\n  never-awaitd:x\n", 2, 3, "there is no class \"never-awaitd\"; did you mean \"never-awaited\"?"},
        {"deadlock,nix:x", 1, 10, "there is no class \"nix\""},
        {"deadlock:nam=x", 1, 10, "there is no field \"nam\"; did you mean \"name\"?"},
        {"deadlock:name=x zebra=1", 1, 17, "there is no field \"zebra\" (quote it"},
        {"deadlock:class=x", 1, 10, "class= belongs into a block"},
        {"deadlock:", 1, 10, "what is to match?"},
        {"deadlock: # nothing", 1, 11, "what is to match?"},
        {"deadlock:max=3", 1, 15, "what is to match?"},
        {"deadlock:name=", 1, 15, "name= needs a value"},
        {"deadlock:name= fn=x", 1, 16, "name= needs a value"},
        {"deadlock:name=a name=b", 1, 17, "name= stands here a second time"},
        {"deadlock:x max=0", 1, 16, "max= takes a number from 1, not \"0\""},
        {"deadlock:x max=-1", 1, 16, "not \"-1\""},
        {"deadlock:x max=99999999999999999999", 1, 16, "max= takes"},
        {"deadlock:x max=5x", 1, 16, "not \"5x\""},
        {"deadlock:x until=2027-02-30", 1, 18, "until= takes a day like 2027-01-31, not \"2027-02-30\""},
        {"deadlock:x until=tomorrow", 1, 18, "not \"tomorrow\""},
        {"deadlock:x until=2027-+1-31", 1, 18, "until= takes"},
        {"deadlock:x until=2027--1-31", 1, 18, "until= takes"},
        {"deadlock:x until=2027-1-3", 1, 18, "until= takes"},
        {"deadlock:name=\"x", 1, 15, "the quotation mark is never closed"},
        {"\n{ class=deadlock fn=x\n", 2, 1, "this block is never closed"},
        {"{ fn=x }", 1, 1, "class= is missing"},
        {"{ class=deadlock }", 1, 19, "what is to match?"},
        {"{\n  class=deadlok\n  fn=x\n}", 2, 9, "did you mean \"deadlock\"?"},
        {"{ class=deadlock fn=x } more", 1, 25, "nothing but a comment may follow '}'"},
        {"{ stray class=deadlock }", 1, 3, "a field like fn=, or '}'"},
        {"deadlock:a\ndeadlock:b\ndeadlock:b fm=c", 3, 12, "did you mean \"fn\"?"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct accept_fault fault;
        struct suppressions *list = suppressions_new(NOW, false);
        if (parse(list, cases[i].text, &fault) != -EINVAL)
            fail_msg("taken: %s", cases[i].text);
        if (fault.line != cases[i].line || fault.column != cases[i].column || !strstr(fault.words, cases[i].words))
            fail_msg("%s: %d:%d %s", cases[i].text, fault.line, fault.column, fault.words);
        assert_string_equal(fault.place, "leash.supp");
        assert_int_equal(suppressions_count(list), 0);
        suppressions_free(list);
    }
}

static void test_fault_in_a_long_line(void **state)
{
    char text[5000] = "deadlock:";
    struct accept_fault fault;
    struct suppressions *list = suppressions_new(NOW, false);
    (void)state;
    memset(text + 9, 'a', 4000);
    memcpy(text + 4009, " nam=x\tend", 11);
    assert_int_equal(parse(list, text, &fault), -EINVAL);
    assert_int_equal(fault.column, 4011);
    assert_memory_equal(fault.text + fault.caret, "nam=x end", 10);
    text[20] = '\0';
    assert_int_equal(suppressions_parse(list, &(struct accept_text){"x", text, 4018}, &fault), -EINVAL);
    assert_non_null(strstr(fault.words, "a NUL byte"));
    assert_int_equal(suppressions_parse(list, &(struct accept_text){"x", "deadlock:name=\"a\0b\"", 19}, &fault),
                     -EINVAL);
    assert_int_equal(fault.column, 17);
    assert_int_equal(suppressions_read(list, "/nowhere/at.all", &fault), -ENOENT);
    assert_non_null(strstr(fault.words, "/nowhere/at.all: cannot be read"));
    assert_int_equal(suppressions_read(list, "/", &fault), -EISDIR);
    suppressions_free(list);
}

/* ---- what an entry matches ---- */

/* The shop: #31 worker-0 and #32 worker-1 pending, #77 audit_log unreferenced, three never awaited, #203 failed with
 * EIO, #78 never joined. */
static void load(struct fixture *fixture, struct suppressions *list, const struct source_options *source,
                 struct model_snapshot *out)
{
    struct trace *trace = NULL;
    struct trace_error error;
    char why[1024];
    if (trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error) != 0)
        fail_msg("%s", error.text);
    if (model_load(trace, &(struct model_load_options){.suppressions = list, .source = source}, out, why, sizeof why) !=
        0)
        fail_msg("%s", why);
    trace_close(trace);
}

static int shop_begin(void **state)
{
    fixture_begin(state);
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    fixture_sql(fixture->path, "INSERT INTO object(id, kind, name, site_id) VALUES(3, 'queue', 'jobs', 3);"
                               "INSERT INTO await(id, task_id, target_kind, target_id, site_id, began_ns, ended_ns)"
                               " VALUES(9, 32, 'object', 3, 5, 513000000, 4812000000);"
                               "UPDATE task SET exit_await_id = 9 WHERE id = 32;"
                               "INSERT INTO test_scope(id, name) VALUES(1, 'serves');"
                               "INSERT INTO test_member VALUES('task', 31, 1);");
    free(sql);
    return 0;
}

/* The ids of what is suppressed, "31 32", in order of their groups. */
static const char *suppressed(const struct model_snapshot *snapshot)
{
    static struct buffer text; /* lives as long as the tests */
    buffer_clear(&text);
    for (size_t i = 0; i < snapshot->groups_count; i++)
        for (size_t j = 0; snapshot->groups[i].suppressed_by && j < snapshot->groups[i].count; j++)
            buffer_format(&text, "%s%lld", text.length ? " " : "", (long long)snapshot->groups[i].ids[j]);
    return buffer_text(&text);
}

static void test_matches(void **state)
{
    static const struct {
        const char *entry, *ids;
    } cases[] = {
        {"never-awaited:flush_cache", "5 6 9"},
        {"never-awaited:flush", "5 6 9"},
        {"never-awaited:^flush", "5 6 9"},
        {"never-awaited:^cache", ""},
        {"never-awaited:cache$", "5 6 9"},
        {"never-awaited:^flush_cache$", "5 6 9"},
        {"never-awaited:f*h_c", "5 6 9"},
        {"never-awaited:on_shutdown", "5 6 9"},
        {"never-awaited:*", "5 6 9"},
        {"*:worker", "31 32"},
        {"*:worker-1", "32"},
        {"*:*", "77 203 31 32 5 6 9 78"},
        {"pending-at-exit:name=worker-*", "31 32"},
        {"pending-at-exit:name=worker", ""},
        {"pending-at-exit:name=^worker-0$", "31"},
        {"pending-at-exit:*", "77 31 32"}, /* #77 is pending as well: under "also" */
        {"unreferenced:fn=audit", "77"},
        {"pending-at-exit,never-retrieved:fn=get_user", "203"},
        {"never-retrieved:err=EIO", "203"},
        {"never-retrieved:err=connection*", "203"},
        {"never-retrieved:err=EPERM", ""},
        {"never-retrieved:err=EIO fn=get_user coro=fetch_user file=api.c", "203"},
        {"never-retrieved:err=EIO fn=other", ""},
        {"never-retrieved:file=src/api.c", "203"},
        {"never-retrieved:file=src/**", "203"},
        {"never-retrieved:file=api.*", "203"},
        {"never-retrieved:file=^api.c", ""},
        {"never-retrieved:file=^src/*", "203"},
        {"never-retrieved:file=pi.c", ""},
        {"never-retrieved:stack=get_user", "203"},
        {"never-retrieved:stack=get_user < ... < main", "203"},
        {"never-retrieved:stack=... < handle_conn", "203"},
        {"never-retrieved:stack=handle_conn", ""},
        {"never-retrieved:stack=get_user < ... < $", "203"},
        {"never-retrieved:stack=get_user < $", ""},
        {"never-retrieved:stack=... < get_user < ... < handle_conn < ... < main < $", "203"},
        {"never-retrieved:stack=main < ... < get_user", ""},
        {"pending-at-exit:stack=worker_start < $", "31 32"}, /* no stack was taken: the site tells the function */
        {"*:created-by=handle_conn", "203"},
        {"*:created-by=pool name=worker-*", "31 32"},
        {"*:created-by=server", "77 203 5 6 9 78"},
        {"pending-at-exit:top=worker_loop", "31 32"},
        {"never-retrieved:top=fetch_user", "203"},
        {"pending-at-exit:waits-for=sleep", "77 31"},
        {"pending-at-exit:waits-for=queue", "32"},
        {"pending-at-exit:waits-for=jobs", "32"},
        {"pending-at-exit:waits-for=job", ""},
        {"pending-at-exit:test=serves", "31"},
        {"*:test=\"\" name=worker-*", "32"},
        {"never-awaited:name=\"\" coro=flush_cache", "5 6 9"},
        {"deadlock:*", ""},
        {"{ class=pending-at-exit,never-awaited name=worker-* }", "31 32"},
        {"{\n class=*\n fn=audit # with a comment\n}", "77 78"},
        {"never-retrieved:err=connection reset reason=it is flaky # really", "203"},
        {"never-retrieved:err=\"connection reset\" issue=#214", "203"},
        {"pending-at-exit:worker-0\npending-at-exit:worker-1", "31 32"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct accept_fault fault;
        struct model_snapshot snapshot;
        struct suppressions *list = suppressions_new(NOW, false);
        if (parse(list, cases[i].entry, &fault) != 0)
            fail_msg("%s: %s", cases[i].entry, fault.words);
        load(*state, list, NULL, &snapshot);
        model_judge(&snapshot, &(struct model_policy){0});
        if (strcmp(suppressed(&snapshot), cases[i].ids) != 0)
            fail_msg("%s: %s, not %s", cases[i].entry, suppressed(&snapshot), cases[i].ids);
        model_free(&snapshot);
        suppressions_free(list);
    }
}

static struct buffer told;

static void tell(void *argument, const char *words)
{
    (void)argument;
    buffer_format(&told, "%s\n", words);
}

/* Loads the shop `times` times; what is complained of afterwards is in `told`. */
static bool complaints(struct fixture *fixture, const char *entries, int64_t now, bool strict, int times,
                       struct model_snapshot *last)
{
    struct accept_fault fault;
    static struct suppressions *list; /* what the snapshot points to: freed by the next */
    suppressions_free(list);
    list = suppressions_new(now, strict);
    if (entries && parse(list, entries, &fault) != 0)
        fail_msg("%s", fault.words);
    for (int i = 0; entries && i < times; i++) {
        if (i)
            model_free(last);
        load(fixture, list, NULL, last);
    }
    buffer_clear(&told);
    bool wrong = suppressions_complain(list, tell, NULL);
    if (!entries) {
        suppressions_free(list);
        list = NULL;
        buffer_free(&told);
    }
    return wrong;
}

static void test_first_match_wins(void **state)
{
    struct model_snapshot snapshot;
    complaints(*state, "pending-at-exit:worker-0\n*:worker\n*:worker-1", NOW, false, 1, &snapshot);
    assert_string_equal(buffer_text(&told), "leash.supp:3: suppressed nothing: *:worker-1\n");
    for (size_t i = 0; i < snapshot.groups_count; i++) /* one group of one place became two of one mind each */
        if (snapshot.groups[i].suppressed_by)
            assert_string_equal(snapshot.groups[i].suppressed_at,
                                snapshot.groups[i].ids[0] == 31 ? "leash.supp:1" : "leash.supp:2");
    model_free(&snapshot);
}

static void test_max(void **state)
{
    struct model_snapshot snapshot;
    complaints(*state, "never-awaited:flush_cache max=2", NOW, false, 2, &snapshot);
    assert_string_equal(suppressed(&snapshot), "5 6"); /* of each trace two */
    assert_string_equal(buffer_text(&told),
                        "leash.supp:1: max=2 is used up, 2 more reported: never-awaited:flush_cache max=2\n");
    assert_int_equal(model_judge(&snapshot, &(struct model_policy){0}).suppressed, 2);
    model_free(&snapshot);
}

static void test_until(void **state)
{
    static const char entry[] = "never-awaited:flush_cache until=2027-01-15 reason=x";
    struct model_snapshot snapshot;
    assert_false(complaints(*state, entry, 1800057599, true, 1, &snapshot)); /* its last second */
    assert_string_equal(suppressed(&snapshot), "5 6 9");
    model_free(&snapshot);
    assert_true(complaints(*state, entry, 1800057600, true, 1, &snapshot));
    assert_string_equal(suppressed(&snapshot), "");
    assert_non_null(strstr(buffer_text(&told), "leash.supp:1: expired, and suppresses nothing any more"));
    model_free(&snapshot);
    assert_false(complaints(*state, entry, 1800057600, false, 1, &snapshot)); /* told, but no fault */
    model_free(&snapshot);
}

static void test_strict(void **state)
{
    struct accept_fault fault;
    struct model_snapshot snapshot;
    struct suppressions *list = suppressions_new(NOW, true);
    assert_int_equal(parse(list, "deadlock:x", &fault), -EINVAL);
    assert_non_null(strstr(fault.words, "reason= is missing"));
    suppressions_free(list);
    assert_true(complaints(*state, "deadlock:x reason=y", NOW, true, 1, &snapshot));
    model_free(&snapshot);
    assert_false(complaints(*state, "deadlock:x", NOW, false, 1, &snapshot));
    model_free(&snapshot);
}

/* ---- other sources of entries ---- */

static void test_recorded_by_the_program(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    struct trace *trace;
    struct trace_error error;
    char why[1024];
    fixture_sql(fixture->path, "INSERT INTO meta VALUES('suppressions', 'never-awaited:flush_cache' || char(10) "
                               "|| 'deadlock:unused')");
    complaints(fixture, "", NOW, false, 2, &snapshot);
    assert_string_equal(suppressed(&snapshot), "5 6 9");
    assert_string_equal(buffer_text(&told), ""); /* a program need not leak all that it could */
    model_free(&snapshot);
    fixture_sql(fixture->path, "UPDATE meta SET value = 'x' WHERE key = 'suppressions'");
    struct suppressions *list = suppressions_new(NOW, false);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    assert_int_equal(model_load(trace, &(struct model_load_options){.suppressions = list}, &snapshot, why, sizeof why),
                     -EINVAL);
    assert_non_null(strstr(why, "t.db: the program:1:1: an entry is a class"));
    trace_close(trace);
    fixture_sql(fixture->path, "UPDATE meta SET value = hex(zeroblob(40000)) WHERE key = 'suppressions'");
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    assert_int_equal(model_load(trace, &(struct model_load_options){.suppressions = list}, &snapshot, why, sizeof why),
                     -EINVAL);
    assert_non_null(strstr(why, "more than 65536 bytes"));
    trace_close(trace);
    suppressions_free(list);
}

/* A program that still runs is loaded again and again: the list does not grow by that. */
static void test_loaded_again(void **state)
{
    struct fixture *fixture = *state;
    char *root = (char *)fixture->dir;
    const struct source_options source = {.roots = &root, .roots_count = 1};
    struct suppressions *list = suppressions_new(NOW, false);
    fixture_sql(fixture->path, "INSERT INTO meta VALUES('suppressions', '*:worker')");
    static const char text[] = "1\n2\n3\nx(); // leash: allow(never-awaited) why\n";
    fixture_write(fixture_name(fixture, "server.c"), text, sizeof text - 1);
    for (int i = 0; i < 3; i++) {
        struct model_snapshot snapshot;
        load(fixture, list, &source, &snapshot);
        model_judge(&snapshot, &(struct model_policy){0});
        assert_string_equal(suppressed(&snapshot), "31 32 5 6 9");
        model_free(&snapshot);
        assert_int_equal(suppressions_count(list), 2);
    }
    assert_int_equal(suppressions_use(list, 0).used, 6);
    suppressions_free(list);
}

/* src/server.c line 4 makes what is never awaited. */
static void allow(struct fixture *fixture, const char *above, const char *line, const char *ids, const char *words)
{
    struct buffer text = {0};
    char *root = (char *)fixture->dir;
    const struct source_options source = {.roots = &root, .roots_count = 1};
    struct model_snapshot snapshot;
    struct suppressions *list = suppressions_new(NOW, true);
    buffer_format(&text, "1\n2\n%s\n%s\n", above, line);
    fixture_write(fixture_name(fixture, "server.c"), buffer_text(&text), text.length);
    load(fixture, list, &source, &snapshot);
    buffer_clear(&told);
    suppressions_complain(list, tell, NULL);
    if (strcmp(suppressed(&snapshot), ids) != 0 || strcmp(buffer_text(&told), words) != 0)
        fail_msg("%s / %s: %s; %s", above, line, suppressed(&snapshot), buffer_text(&told));
    model_free(&snapshot);
    suppressions_free(list);
    buffer_free(&text);
}

static void test_allowed_in_the_source(void **state)
{
    struct fixture *fixture = *state;
    allow(fixture, "", "x(); // leash: allow(never-awaited) on purpose", "5 6 9", "");
    allow(fixture, "", "x(); /* leash: allow(deadlock, never-awaited) on purpose */ y();", "5 6 9", "");
    allow(fixture, "  // leash: allow(*) on purpose", "x();", "5 6 9", "");
    allow(fixture, "y(); // leash: allow(never-awaited) this one", "x();", "", "");
    allow(fixture, "", "x(\"leash: allow(never-awaited) no comment\");", "", "");
    allow(fixture, "", "x(); // leash: allow(deadlock) another", "", "");
    allow(fixture, "", "x(); // leash: allow(never-awaited)", "5 6 9",
          "src/server.c:4: no reason follows allow(...) (--strict-suppressions)\n");
    allow(fixture, "", "x(); // leash: allow(never-awaitd) why", "",
          "src/server.c:4: allow(never-awaitd): there is no such class; did you mean \"never-awaited\"?\n");
    allow(fixture, "", "x(); // leash: allow(never-awaited why", "",
          "src/server.c:4: \"leash: allow(\" is never closed\n");
}

/* ---- what is generated suppresses what it came from ---- */

/* Tasks, a coroutine and an object that no field but one can tell apart; one of which nothing is known, and one with
 * names that try to end the value that they stand in. */
static const struct finding places[] = {
    {.subject = {MODEL_TASK, 203}, .site = 9, .coro_site = 9, .stack = 1},
    {.subject = {MODEL_CORO, 5}, .site = 2, .coro_site = 2},
    {.subject = {MODEL_TASK, 31}, .site = 3, .coro_site = 4},
    {.subject = {MODEL_OBJECT, 3}, .site = 3},
    {.subject = {MODEL_TASK, 4444}},
    {.subject = {MODEL_TASK, 300}, .site = 90, .coro_site = 91, .stack = 2},
    {.subject = {MODEL_TASK, 301}, .site = 90, .coro_site = 91, .stack = 3}, /* one frame more */
};
#define PLACES (sizeof places / sizeof *places)
static const char hostile_names[] =
    "INSERT INTO site VALUES(90, 'src/a b\"#.c', 1, 'operator<', 'x'), (91, 's', 1, 's', char(27) || '[31m}=');"
    "INSERT INTO task(id, name, site_id, coro_site_id, stack_id, state) VALUES(300, 'a = {\"*', 90, 91, 2, 'done'), "
    "(301, 'x', 90, 91, 3, 'done');"
    "INSERT INTO frame(id, module_id, offset, func) VALUES(50, 1, 1, '...'), (51, 1, 2, 'f < g'), (52, 1, 3, '$');"
    "INSERT INTO stack_frame VALUES(2, 0, 50), (2, 1, 51), (2, 2, 7), (2, 3, 52), (3, 0, 50), (3, 1, 51), (3, 2, 7), "
    "(3, 3, 52), "
    "(3, 4, 2)";

/* What the entry suppresses of a finding of that class at each place: bits. */
static unsigned suppresses(struct loader *loader, int class, const struct buffer *entry)
{
    struct finding items[PLACES];
    struct findings findings = {.items = items, .count = PLACES};
    struct accept_fault fault;
    struct suppressions *list = suppressions_new(NOW, false);
    unsigned bits = 0;
    memcpy(items, places, sizeof places);
    for (size_t i = 0; i < PLACES; i++)
        items[i].class = class;
    if (parse(list, buffer_text(entry), &fault) != 0)
        fail_msg("%s: %s", buffer_text(entry), fault.words);
    accept_findings(list, NULL, loader, &findings);
    for (size_t i = 0; i < PLACES; i++)
        bits |= (items[i].accepted ? 1u : 0u) << i;
    suppressions_free(list);
    return bits;
}

static void round_trip(struct loader *loader, int class, size_t chosen)
{
    struct finding finding = places[chosen];
    struct findings one = {.items = &finding, .count = 1};
    struct model_snapshot snapshot = {.memory = NULL};
    struct buffer exact = {0}, brief = {0};
    finding.class = class;
    findings_group(loader, &one, &snapshot);
    suppression_add_exact(&exact, &snapshot.groups[0]);
    suppression_add_short(&brief, &snapshot.groups[0]);
    if (suppresses(loader, class, &exact) != 1u << chosen)
        fail_msg("%s and place %zu", buffer_text(&exact), chosen);
    if (!(suppresses(loader, class, &brief) & 1u << chosen))
        fail_msg("%s and place %zu", buffer_text(&brief), chosen);
    if (suppresses(loader, class ? 0 : 1, &exact))
        fail_msg("%s and another class", buffer_text(&exact));
    free(snapshot.groups);
    buffer_free(&exact);
    buffer_free(&brief);
}

static void test_round_trip(void **state)
{
    struct fixture *fixture = *state;
    struct trace *trace;
    struct trace_error error;
    struct arena memory = {0};
    fixture_sql(fixture->path, hostile_names);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    struct loader loader = {.trace = trace, .memory = &memory};
    for (size_t i = 0; i < model_classes_count * PLACES; i++)
        round_trip(&loader, (int)(i / PLACES), i % PLACES);
    assert_false(loader.failed);
    waits_free(loader.waits);
    arena_free(&memory);
    trace_close(trace);
}

static int all_end(void **state)
{
    struct model_snapshot snapshot;
    complaints(NULL, NULL, 0, false, 0, &snapshot);
    (void)state;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_globs),
        cmocka_unit_test(test_quoted_globs),
        cmocka_unit_test(test_globs_end_soon),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_fault_in_a_long_line),
        cmocka_unit_test_setup_teardown(test_matches, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_first_match_wins, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_max, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_until, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_strict, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_recorded_by_the_program, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_loaded_again, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_allowed_in_the_source, shop_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_round_trip, shop_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, all_end);
}
