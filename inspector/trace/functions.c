/* SQL functions of ours: leash_word, leash_glob, leash_path and leash_regex (pattern, text) tell whether it matches; a
 * statement compiles its pattern once. leash_percentile (value, p) is one of a group, by nearest rank. */
#include "alloc.h"
#include "order.h"
#include "search.h"
#include "trace_private.h"

#include <errno.h>
#include <stdlib.h>

static void forget(void *search)
{
    search_free(search);
}

/* The pattern of the statement, compiled at its first row; NULL: there is none, or a wrong one, and that was told. */
static struct search *search_of(sqlite3_context *context, sqlite3_value **values)
{
    enum search_kind kind = *(const enum search_kind *)sqlite3_user_data(context);
    struct search *search = sqlite3_get_auxdata(context, 0);
    const char *text = search ? NULL : (const char *)sqlite3_value_text(values[0]);
    char why[128];
    if (search || !text)
        return search;
    search = search_new(kind, text, why, sizeof why);
    if (!search) {
        sqlite3_result_error(context, why, -1);
        return NULL;
    }
    sqlite3_set_auxdata(context, 0, search, forget);
    return sqlite3_get_auxdata(context, 0); /* NULL: no memory, and it was freed */
}

static void match(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct search *search = search_of(context, values);
    const char *text = (const char *)sqlite3_value_text(values[1]);
    if (search && text)
        sqlite3_result_int(context, search_matches(search, text));
}

#define SAMPLES_MAX 100000 /* of a group; those after them do not count */

struct samples {
    int64_t *values;
    size_t count, capacity;
    double percent;
};

static void percentile_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct samples *samples = sqlite3_aggregate_context(context, sizeof *samples);
    if (!samples || sqlite3_value_type(values[0]) == SQLITE_NULL || samples->count == SAMPLES_MAX)
        return;
    X_GROW(samples->values, samples->count, samples->capacity);
    samples->values[samples->count++] = sqlite3_value_int64(values[0]);
    samples->percent = sqlite3_value_double(values[1]);
}

static void percentile_final(sqlite3_context *context)
{
    struct samples *samples = sqlite3_aggregate_context(context, 0);
    if (!samples || !samples->count)
        return;
    qsort(samples->values, samples->count, sizeof *samples->values, order_numbers);
    double part = samples->percent < 0 ? 0 : samples->percent > 100 ? 1 : samples->percent / 100;
    size_t rank = (size_t)(part * (double)samples->count);
    sqlite3_result_int64(context, samples->values[rank < samples->count ? rank : samples->count - 1]);
    free(samples->values);
}

int trace_add_functions(sqlite3 *db)
{
    static const struct {
        const char *name;
        enum search_kind kind;
    } functions[] = {{"leash_word", SEARCH_WORD},
                     {"leash_glob", SEARCH_GLOB},
                     {"leash_path", SEARCH_PATH},
                     {"leash_regex", SEARCH_REGEX}};
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (sqlite3_create_function_v2(db, functions[i].name, 2, flags, (void *)&functions[i].kind, match, NULL, NULL,
                                       NULL) != SQLITE_OK)
            return -EIO;
    if (sqlite3_create_function_v2(db, "leash_percentile", 2, flags, NULL, NULL, percentile_step, percentile_final,
                                   NULL) != SQLITE_OK)
        return -EIO;
    return 0;
}
