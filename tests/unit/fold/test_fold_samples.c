/* The samples are what the fold makes, and load. */
#include "samples.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_sample(const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s.sql", SAMPLES_FOLDER, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return strdup("");
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, '\0', file) < 0)
        text[0] = '\0';
    fclose(file);
    return text;
}

static void samples_are_what_the_fold_makes(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples_count; i++) {
        sqlite3 *db = sample_trace(&samples[i]);
        char *made = sample_text(db), *kept = read_sample(samples[i].name);
        if (strcmp(made, kept))
            fail_msg("traces/samples/%s.sql differs; if that is meant: make_samples traces/samples", samples[i].name);
        free(made);
        free(kept);
        sqlite3_close(db);
    }
}

static void samples_load(void **state)
{
    (void)state;
    for (size_t i = 0; i < samples_count; i++) {
        sqlite3 *made = sample_trace(&samples[i]), *loaded;
        char *text = read_sample(samples[i].name);
        assert_int_equal(sqlite3_open(":memory:", &loaded), SQLITE_OK);
        assert_int_equal(sqlite3_exec(loaded, text, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_exec(made, "DELETE FROM errno", NULL, NULL, NULL);
        sqlite3_exec(loaded, "DELETE FROM errno", NULL, NULL, NULL);
        char *one = trace_db_dump(made), *other = trace_db_dump(loaded);
        assert_string_equal(one, other);
        assert_int_equal(trace_db_int(loaded, "PRAGMA application_id"), LEASH_APPLICATION_ID);
        free(one);
        free(other);
        free(text);
        sqlite3_close(made);
        sqlite3_close(loaded);
    }
}

static void samples_tell_what_they_should(void **state)
{
    (void)state;
    sqlite3 *clean = sample_trace(&samples[0]), *leaky = sample_trace(&samples[1]),
            *crashed = sample_trace(&samples[2]);
    trace_db_expect(clean, "SELECT count(*) FROM leak_all", "0");
    trace_db_expect(clean, "SELECT value FROM meta WHERE key = 'complete'", "complete");
    trace_db_expect(leaky, "SELECT class, name, also FROM leak ORDER BY class",
                    "never-awaited|flush_cache|\nnever-joined|notify|\nnever-retrieved|fetch_user|\n"
                    "pending-at-exit|worker-0|\nunreferenced|write_audit|pending-at-exit");
    trace_db_expect(leaky, "SELECT name, victim_of FROM leak_all WHERE victim_of", "supervisor|2");
    trace_db_expect(crashed, "SELECT count(*) FROM leak_all", "0");
    trace_db_expect(crashed, "SELECT value FROM meta WHERE key = 'complete'", "crashed at 3000000");
    trace_db_expect(crashed, "SELECT end_kind, ended_ns FROM run", "crashed|3000000");
    trace_db_expect(crashed, "SELECT id, state FROM task", "1|pending\n2|pending");
    trace_db_expect(crashed, "SELECT state, ended_ns FROM coro", "running|");
    trace_db_expect(crashed, "SELECT task_id, coro_id, ended_ns FROM await", "1||\n2|3|");
    sqlite3_close(clean);
    sqlite3_close(leaky);
    sqlite3_close(crashed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_what_the_fold_makes),
        cmocka_unit_test(samples_load),
        cmocka_unit_test(samples_tell_what_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
