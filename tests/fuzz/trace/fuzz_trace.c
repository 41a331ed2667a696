/* Changes bytes of a valid trace and opens it: whatever is in it, the inspector answers, in bounded time, and its
 * report holds no control byte. FUZZ_SEED and FUZZ_ROUNDS choose; the seed is printed. */
#include "fixture.h"
#include "report.h"
#include "test.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 400

static uint64_t random_state;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static size_t below(size_t limit)
{
    return (size_t)(next_random() % limit);
}

/* A few changes, mostly where something is; now and then the file is cut. */
static size_t mutate(unsigned char *bytes, size_t size)
{
    size_t changes = 1 + below(12);
    for (size_t i = 0; i < changes; i++) {
        size_t at = below(4) == 0 ? below(100) : below(size);
        for (size_t tries = 0; tries < 64 && bytes[at] == 0; tries++)
            at = below(size);
        switch (below(4)) {
        case 0:
            bytes[at] = (unsigned char)next_random();
            break;
        case 1:
            bytes[at] ^= (unsigned char)(1u << below(8));
            break;
        case 2:
            memmove(bytes + at, bytes + below(size), below(16) < size - at ? below(16) : 0);
            break;
        default:
            memset(bytes + at, (int)below(256), size - at < 8 ? size - at : 1 + below(8));
            break;
        }
    }
    return below(10) == 0 ? below(size) : size;
}

static void expect_no_control(const char *text, unsigned round)
{
    for (const char *at = text; at && *at; at++)
        if ((unsigned char)*at < 0x20 && *at != '\n')
            fail_msg("round %u: byte %02x in: %s", round, (unsigned char)*at, text);
}

static void report_all(struct model_snapshot *snapshot, unsigned round)
{
    static const struct report_format *const formats[] = {&report_text, &report_json};
    for (size_t i = 0; i < 2; i++) {
        char *text = NULL;
        size_t length;
        struct report_options options = {.out = open_memstream(&text, &length), .leak_code = 1};
        struct report_trace trace = {"t.db", snapshot, NULL, model_judge(snapshot, &(struct model_policy){0})};
        options.out ? formats[i]->check(&options, &trace, 1, trace.verdict.code) : (void)0;
        fclose(options.out);
        expect_no_control(text, round);
        free(text);
    }
}

/* True if it could be opened. */
static bool look(const char *path, unsigned round)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    struct model_snapshot snapshot;
    struct model_detail detail;
    char why[1024];
    if (trace_open(path, &(struct trace_options){.query_seconds = 2}, &trace, &error) != 0) {
        assert_true(*error.text);
        return false;
    }
    if (model_load(trace, &snapshot, why, sizeof why) == 0) {
        report_all(&snapshot, round);
        model_free(&snapshot);
    }
    if (model_detail_load(trace, (struct model_ref){MODEL_TASK, 31}, &detail, why, sizeof why) == 0)
        model_detail_free(&detail);
    trace_close(trace);
    return true;
}

static void test_changed_bytes(void **state)
{
    struct fixture *fixture = *state;
    const char *seed = getenv("FUZZ_SEED"), *rounds = getenv("FUZZ_ROUNDS");
    unsigned count = rounds ? (unsigned)atoi(rounds) : ROUNDS, opened = 0;
    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) * 2654435761u + (uint64_t)getpid();
    random_state += random_state == 0;
    print_message("FUZZ_SEED=%llu FUZZ_ROUNDS=%u\n", (unsigned long long)random_state, count);
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
    size_t size = fixture_size(fixture->path);
    unsigned char *whole = malloc(size), *changed = malloc(size);
    FILE *file = fopen(fixture->path, "r");
    assert_int_equal(fread(whole, 1, size, file), size);
    fclose(file);
    const char *path = fixture_name(fixture, "changed.db");
    for (unsigned round = 0; round < count; round++) {
        memcpy(changed, whole, size);
        fixture_write(path, changed, mutate(changed, size));
        opened += look(path, round);
    }
    print_message("%u of %u could be opened\n", opened, count);
    assert_true(count < 100 || opened > 0); /* else nothing beyond the header was tried */
    free(whole);
    free(changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_changed_bytes, fixture_begin, fixture_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
