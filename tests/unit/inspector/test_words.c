/* What the inspector does with words: escaping, suggestions, values, ids, fingerprint-free helpers. */
#include "alloc.h"
#include "escape.h"
#include "model.h"
#include "suggest.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static void expect_escaped(const char *text, bool ascii, const char *wanted)
{
    struct buffer out = {0};
    escape_text(&out, text, ascii);
    assert_string_equal(buffer_text(&out), wanted);
    buffer_free(&out);
}

static void test_escape(void **state)
{
    (void)state;
    expect_escaped("plain", false, "plain");
    expect_escaped("\033[31mred\a\n\t\x7f", false, "\\x1b[31mred\\x07\\x0a\\x09\\x7f");
    expect_escaped("\xc2\x9b"
                   "31m",
                   false, "\\x9b31m");                        /* CSI as one character of C1 */
    expect_escaped("\xff\xc3", false, "\\xff\\xc3");          /* no UTF-8 */
    expect_escaped("\xc0\xaf", false, "\\xc0\\xaf");          /* overlong */
    expect_escaped("\xed\xa0\x80", false, "\\xed\\xa0\\x80"); /* a surrogate */
    expect_escaped("\xe2\x80\xae"
                   "abc",
                   false, "\\u202eabc"); /* right to left */
    expect_escaped("caf\xc3\xa9", false, "caf\xc3\xa9");
    expect_escaped("caf\xc3\xa9 \xf0\x9f\x90\x95", true, "caf\\u00e9 \\U0001f415");
    assert_int_equal(escape_width("caf\xc3\xa9"), 4);
}

static const char *nearest(const char *typed)
{
    static const char *const known[] = {"check", "run", "list", "show", "sql", "columns", "allow-incomplete"};
    struct suggestion near;
    suggest_begin(&near, typed);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        suggest_offer(&near, known[i]);
    return near.best;
}

static void test_suggest(void **state)
{
    (void)state;
    assert_string_equal(nearest("chekc"), "check");
    assert_string_equal(nearest("lst"), "list");
    assert_string_equal(nearest("colums"), "columns");
    assert_string_equal(nearest("allow"), "allow-incomplete");
    assert_null(nearest("frobnicate"));
    assert_null(nearest(""));
}

static void expect_ref(const char *text, enum model_kind kind, int64_t id)
{
    struct model_ref ref;
    char shown[MODEL_REF_TEXT];
    assert_true(model_ref_parse(text, &ref));
    assert_int_equal(ref.kind, kind);
    assert_int_equal(ref.id, id);
    assert_string_equal(model_ref_text(ref, shown) + (*text == '#' ? 0 : 1), text);
}

static void test_refs(void **state)
{
    (void)state;
    struct model_ref ref;
    expect_ref("#31", MODEL_TASK, 31);
    expect_ref("31", MODEL_TASK, 31);
    expect_ref("#c42", MODEL_CORO, 42);
    expect_ref("f3", MODEL_FUTURE, 3);
    expect_ref("#q3", MODEL_OBJECT, 3);
    assert_false(model_ref_parse("#", &ref));
    assert_false(model_ref_parse("#x1", &ref));
    assert_false(model_ref_parse("31.db", &ref));
    assert_false(model_ref_parse("#99999999999999999999", &ref));
}

static void test_times(void **state)
{
    (void)state;
    char text[MODEL_TIME_TEXT];
    assert_string_equal(model_time_text(1204000000, text), "+1.204s");
    assert_string_equal(model_time_text(MODEL_NEVER, text), "?");
    setenv("TZ", "UTC-2", 1);
    model_clock_begin(MODEL_CLOCK_ABS, 1700000000123000000);
    assert_string_equal(model_time_text(1204000000, text), "2023-11-15 00:13:21.327");
    assert_string_equal(model_time_text(MODEL_NEVER, text), "?");
    assert_string_equal(model_time_text(INT64_MAX, text), "+9223372036.855s");
    model_clock_begin(MODEL_CLOCK_UNIX, 1700000000123000000);
    assert_string_equal(model_time_text(1204000000, text), "1700000001.327");
    model_clock_begin(MODEL_CLOCK_UNIX, 0); /* the trace does not tell when it began */
    assert_string_equal(model_time_text(1204000000, text), "+1.204s");
    model_clock_begin(MODEL_CLOCK_REL, 1700000000123000000);
    assert_string_equal(model_time_text(1204000000, text), "+1.204s");
    assert_string_equal(model_duration_text(40000, text), "40us");
    assert_string_equal(model_duration_text(12300000, text), "12.3ms");
    assert_string_equal(model_duration_text(10000000000, text), "10.000s");
}

static void test_labels(void **state)
{
    (void)state;
    struct model_subject subject = {.name = "Task-12", .coro = "write_audit"};
    assert_string_equal(model_label(&subject), "write_audit");
    assert_null(model_given_name(&subject));
    subject.name = "Task-force";
    assert_string_equal(model_label(&subject), "Task-force");
    subject = (struct model_subject){.name = "Task-12"};
    assert_string_equal(model_label(&subject), "Task-12");
    subject = (struct model_subject){0};
    assert_string_equal(model_label(&subject), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_escape), cmocka_unit_test(test_suggest),
                                       cmocka_unit_test(test_refs), cmocka_unit_test(test_times),
                                       cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
