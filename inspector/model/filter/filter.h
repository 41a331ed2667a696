/* The filter language: one for `--where`, the terminal's `\`, `=` and `-`, and saved filters.
 *
 *   leak:any wait>100ms -name:hb* stack:rpc_*         side by side: all must hold; - or ! before one: it must not
 *   name:hb*|conn-*    worker | timer    (a | b) c    | without blanks: alternatives of one condition; with: of all
 *   worker  /w[0-9]+/  "two words"                    a bare word or expression: in name, coro, site or error
 *   id<100  err=EIO  state!=done  fn~^rpc_  t:1.2s..1.5s
 *   @slow -name:hb*                               @slow: a filter that has this name in the configuration, see saved.h
 *
 * text ──lexer──> tokens ──parser──> tree ──compiler──> an SQL expression over the rows of one list, with parameters:
 * no value is ever pasted into SQL. A filter is immutable once made: threads may share it. */
#ifndef LEASH_INSPECTOR_FILTER_H
#define LEASH_INSPECTOR_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct filter;
struct trace_query;
struct buffer;

struct filter_error {
    size_t at;      /* the byte of the text where it is wrong, for a caret; may be its end */
    char text[256]; /* one sentence, with "did you mean" where something is near */
};

/* `list` as for model_list_open(). Empty text is a filter that lets all pass. NULL: it is wrong, see `error`. */
struct filter *filter_parse(const char *text, const char *list, struct filter_error *error);
void filter_free(struct filter *filter); /* NULL is fine */

/* As it was typed. */
const char *filter_text(const struct filter *filter);
/* It lets all pass. */
bool filter_is_empty(const struct filter *filter);
/* The expression, with parameters ?1 .. ?n, as `:sql` shows it; and the value of each, NULL after the last. */
const char *filter_sql(const struct filter *filter);
const char *filter_value(const struct filter *filter, size_t index);
size_t filter_values(const struct filter *filter);
/* Adds the expression with the values in it as literals, for a user to see and to change; what is run is bound. */
void filter_add_literal(const struct filter *filter, struct buffer *out);
/* Which of the list's optional joins the expression needs (list/list.h). */
unsigned filter_joins(const struct filter *filter);
/* Binds the parameters; the filter must outlive the query. */
void filter_bind(const struct filter *filter, struct trace_query *query);
/* What to say when nothing matches: a state, kind or class in it that there never is, "no state is \"ruhning\"; did you
 * mean \"running\"?"; NULL: nothing is suspicious. */
const char *filter_doubt(const struct filter *filter);

/* The fields that a list has, for completion and help: NULL after the last. */
const char *filter_field(const char *list, size_t index);
/* The words that a field of a list can be asked for (states, kinds, classes): NULL after the last, or if any will do.
 */
const char *filter_word(const char *list, const char *field, size_t index);

/* The filter for "only rows whose `column` is this": `name="worker-0"`, to be freed; with `without`, all but these.
 * NULL: the column is none that a filter knows. `value` is the cell as text, NULL for an empty cell. */
char *filter_of_cell(const char *list, const char *column, const char *value, bool without);

#endif
