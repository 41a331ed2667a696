/* Random text, and random pieces of the language, as filters of every list: each is taken, and then SQLite takes what
 * becomes of it, or it is refused with a place that is in it. FUZZ_SEED and FUZZ_ROUNDS choose; the seed is printed. */
#include "filter/filter.h"
#include "buffer.h"
#include "fixture.h"
#include "listing.h"
#include "test.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 1500

static uint64_t random_state;

static size_t below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % limit);
}

static void add_piece(struct buffer *text, const char *list)
{
    static const char *const pieces[] = {" ",     " ",   "|",    " | ",  "(",      ")",     "!",  "-",   "\"",   "\\",
                                         "/",     ":",   "=",    "!=",   "<",      ">=",    "~",  "..",  "1.5s", "12",
                                         "#31",   "#q3", "any",  "none", "worker", "*",     "?",  "[a-", "{9}",  "a+",
                                         "100ms", "é",   "\x1b", "\xff", "%s%n",   "'; --", "\t", "+",   ".*",   "$"};
    size_t fields = 0;
    while (filter_field(list, fields))
        fields++;
    if (below(3) == 0)
        buffer_add(text, filter_field(list, below(fields)));
    else if (below(12) == 0)
        buffer_format(text, "%c", (int)(1 + below(255)));
    else
        buffer_add(text, pieces[below(sizeof pieces / sizeof *pieces)]);
}

static void run(struct trace *trace, const char *list, const struct filter *filter)
{
    struct model_table *table;
    char why[600];
    const struct model_list_options options = {.limit = 3, .filter = filter};
    if (model_list_open(trace, list, &options, &table, why, sizeof why) < 0)
        fail_msg("%s: %s: %s", list, filter_text(filter), why);
    int rc;
    while ((rc = model_table_next(table)) > 0)
        continue;
    if (rc < 0)
        fail_msg("%s: %s: %s", list, filter_text(filter), model_table_failure(table));
    model_table_close(table);
}

static bool try_one(struct trace *trace, const char *list, const char *text)
{
    struct filter_error error;
    struct filter *filter = filter_parse(text, list, &error);
    if (filter)
        run(trace, list, filter);
    else if (error.at > strlen(text) || !*error.text)
        fail_msg("%s: refused at %zu: %s", text, error.at, error.text);
    filter_free(filter);
    return filter != NULL;
}

static void test_random_filters(void **state)
{
    const struct fixture *fixture = *state;
    const char *seed = getenv("FUZZ_SEED"), *asked = getenv("FUZZ_ROUNDS");
    unsigned rounds = asked ? (unsigned)atoi(asked) : ROUNDS, taken = 0;
    struct buffer text = {0};
    struct trace_error error;
    struct trace *trace;
    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) * 2654435761u + (uint64_t)getpid();
    random_state += random_state == 0;
    print_message("FUZZ_SEED=%llu FUZZ_ROUNDS=%u\n", (unsigned long long)random_state, rounds);
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){0}, &trace, &error), 0);
    for (unsigned round = 0; round < rounds; round++) {
        size_t lists = 0;
        while (model_list_name(lists))
            lists++;
        const char *list = model_list_name(below(lists));
        buffer_clear(&text);
        for (size_t pieces = 1 + below(12); pieces > 0; pieces--)
            add_piece(&text, list);
        taken += try_one(trace, list, buffer_text(&text));
    }
    print_message("%u of %u were taken\n", taken, rounds);
    assert_true(rounds < 100 || taken > 0);
    trace_close(trace);
    buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random_filters, fixture_begin, fixture_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
