#include "user_rule.h"
#include "alloc.h"
#include "buffer.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct user_rule {
    char *path;
    char *sql; /* the whole file: where SQLite finds fault with it is a place in the file */
    size_t length;
    int class;
    bool error;
};

struct user_rules {
    struct user_rule *items;
    size_t count, capacity;
};

struct user_rules *user_rules_new(void)
{
    return xcalloc(1, sizeof(struct user_rules));
}

void user_rules_free(struct user_rules *rules)
{
    for (size_t i = 0; rules && i < rules->count; i++) {
        free(rules->items[i].path);
        free(rules->items[i].sql);
    }
    if (rules)
        free(rules->items);
    free(rules);
}

/* ---- the header ---- */

enum { CLASS, SEVERITY, TITLE, HINT, KEYS };
static const char *const keys[KEYS] = {"class", "severity", "title", "hint"};

struct header {
    char values[KEYS][300]; /* empty: there is no such line */
    size_t at[KEYS];        /* where a value begins */
};

static void read_header_line(struct header *header, const char *sql, size_t at, size_t end)
{
    for (size_t i = 0; i < KEYS; i++) {
        size_t length = strlen(keys[i]), from = at + 3 + length + 1;
        if (end < from || strncmp(sql + at, "-- ", 3) != 0 || strncmp(sql + at + 3, keys[i], length) != 0 ||
            sql[from - 1] != ':')
            continue;
        while (from < end && isblank((unsigned char)sql[from]))
            from++;
        while (end > from && isspace((unsigned char)sql[end - 1]))
            end--;
        header->at[i] = from;
        snprintf(header->values[i], sizeof header->values[i], "%.*s", (int)(end - from < 299 ? end - from : 299),
                 sql + from);
    }
}

/* The comment lines at the top; where they end. */
static size_t read_header(struct header *header, const char *sql)
{
    size_t at = 0;
    *header = (struct header){0};
    while (strncmp(sql + at, "--", 2) == 0) {
        size_t end = at + strcspn(sql + at, "\n");
        read_header_line(header, sql, at, end);
        at = end + (sql[end] == '\n');
    }
    return at;
}

static int check_class(const struct header *header, const struct accept_text *text, struct accept_fault *fault)
{
    const char *name = header->values[CLASS];
    size_t length = strlen(name);
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length || length > 40)
        return accept_fail(fault, text, header->at[CLASS],
                           "a class is called by small letters, digits and '-', at most 40 of them");
    if (model_class_index(name) >= 0)
        return accept_fail(fault, text, header->at[CLASS],
                           "there is a class \"%s\" already, and a rule cannot replace it: choose another name", name);
    return 0;
}

static int check_severity(const struct header *header, const struct accept_text *text, struct accept_fault *fault)
{
    const char *severity = header->values[SEVERITY];
    if (strcmp(severity, "error") == 0 || strcmp(severity, "warning") == 0)
        return 0;
    return accept_fail(fault, text, header->at[SEVERITY], "the severity is error or warning, not \"%s\"", severity);
}

static int check_header(const struct header *header, const struct accept_text *text, struct accept_fault *fault)
{
    for (size_t i = 0; i < KEYS; i++)
        if (!*header->values[i])
            return accept_fail(fault, text, 0, "its header has no line \"-- %s: ...\"", keys[i]);
    int rc = check_class(header, text, fault);
    return rc < 0 ? rc : check_severity(header, text, fault);
}

/* The class outlives the rule: whoever names classes is not told when a rule goes. */
static int add_class(const struct header *header, const struct accept_text *text, struct accept_fault *fault)
{
    bool error = strcmp(header->values[SEVERITY], "error") == 0;
    const struct model_class class = {.name = xstrdup(header->values[CLASS]), .severity = error ? "error" : "warning"};
    int index = model_class_add(&class, xstrdup(header->values[TITLE]), xstrdup(header->values[HINT]));
    return index >= 0 ? index
                      : accept_fail(fault, text, 0, "too many rules: there may be %d classes", MODEL_CLASSES_MAX);
}

int user_rules_read(struct user_rules *rules, const char *path, struct accept_fault *fault)
{
    struct header header;
    struct user_rule rule = {0};
    int rc = accept_read(path, &rule.sql, &rule.length, fault);
    if (rc < 0)
        return rc;
    const struct accept_text text = {path, rule.sql, rule.length};
    const char *nul = memchr(rule.sql, '\0', rule.length);
    if (nul)
        rc = accept_fail(fault, &text, (size_t)(nul - rule.sql), "a NUL byte: this is no text");
    read_header(&header, rule.sql);
    if (rc == 0)
        rc = check_header(&header, &text, fault);
    if (rc == 0)
        rc = rule.class = add_class(&header, &text, fault);
    if (rc < 0) {
        free(rule.sql);
        return rc;
    }
    rule.path = xstrdup(path);
    rule.error = strcmp(header.values[SEVERITY], "error") == 0;
    X_GROW(rules->items, rules->count, rules->capacity);
    rules->items[rules->count++] = rule;
    return 0;
}

/* ---- what it finds ---- */

#define COLUMNS(X)                                                                                                     \
    X(SUBJECT_KIND, "subject_kind")                                                                                    \
    X(SUBJECT_ID, "subject_id")                                                                                        \
    X(NAME, "name")                                                                                                    \
    X(SITE_ID, "site_id")                                                                                              \
    X(STACK_ID, "stack_id")                                                                                            \
    X(AT_NS, "at_ns")                                                                                                  \
    X(DETAIL, "detail")                                                                                                \
    X(CODE, "code")
enum column {
#define X(column, name) COLUMN_##column,
    COLUMNS(X)
#undef X
        COLUMNS_COUNT
};
#define X(column, name) [COLUMN_##column] = (name),
static const char *const column_names[COLUMNS_COUNT] = {COLUMNS(X)};
#undef X

/* What is wrong at a byte of the rule, in one line. */
static int refuse(const struct user_rule *rule, long at, const char *words, char *why, size_t room)
{
    struct accept_fault fault;
    const struct accept_text text = {rule->path, rule->sql, rule->length};
    struct header header;
    size_t place = at >= 0 && (size_t)at <= rule->length ? (size_t)at : read_header(&header, rule->sql);
    int rc = accept_fail(&fault, &text, place, "%s", words);
    snprintf(why, room, "%s:%d:%d: %s", fault.place, fault.line, fault.column, fault.words);
    return rc;
}

/* Where each column stands. False: some are missing, they are named. */
static bool find_columns(const struct trace_query *query, int *columns, struct buffer *missing)
{
    for (size_t i = 0; i < COLUMNS_COUNT; i++) {
        columns[i] = -1;
        for (int j = 0; j < trace_columns(query) && columns[i] < 0; j++)
            if (strcasecmp(trace_column_name(query, j), column_names[i]) == 0)
                columns[i] = j;
        if (columns[i] < 0)
            buffer_format(missing, "%s%s", missing->length ? ", " : "no column ", column_names[i]);
    }
    return missing->length == 0;
}

/* Of what coroutine the subject is, as the views tell it of their own findings. */
static void find_coroutine(struct loader *loader, struct finding *finding)
{
    const char *sql =
        finding->subject.kind == MODEL_TASK   ? "SELECT coro_site_id, function_frame_id FROM task WHERE id = ?1"
        : finding->subject.kind == MODEL_CORO ? "SELECT site_id, function_frame_id FROM coro WHERE id = ?1"
                                              : NULL;
    struct trace_query *row = sql ? loader_row(loader, sql, finding->subject.id) : NULL;
    if (!row)
        return;
    finding->coro_site = trace_int(row, 0);
    finding->function = trace_int(row, 1);
    trace_finish(row);
}

/* Adds a class to those that a finding also has. */
static void add_also(struct loader *loader, struct finding *finding, const char *name)
{
    size_t length = finding->also ? strlen(finding->also) : 0, own = strlen(name);
    if (length && length >= own && strcmp(finding->also + length - own, name) == 0)
        return;
    finding->also = length ? arena_format(loader->memory, "%s,%s", finding->also, name) : name;
}

/* One row: a new finding, or one more class of an old one. `known` of them are sorted by subject. */
static void take_row(struct loader *loader, const struct user_rule *rule, struct trace_query *row, const int *columns,
                     struct findings *findings, size_t known)
{
    const struct findings before = {.items = findings->items, .count = known};
    struct finding finding = {.class = rule->class, .error = rule->error};
    finding.subject = (struct model_ref){model_kind_of(trace_text(row, columns[COLUMN_SUBJECT_KIND])),
                                         trace_int(row, columns[COLUMN_SUBJECT_ID])};
    struct finding *other = finding.subject.kind ? findings_of(&before, finding.subject) : NULL;
    if (other && !other->victim) { /* a victim is not told: what this rule says of it would be lost */
        add_also(loader, other, model_classes[rule->class].name);
        return;
    }
    finding.site = trace_int(row, columns[COLUMN_SITE_ID]);
    finding.stack = trace_int(row, columns[COLUMN_STACK_ID]);
    finding.at_ns = loader_time(row, columns[COLUMN_AT_NS]);
    finding.detail = loader_text(loader, row, columns[COLUMN_DETAIL]);
    find_coroutine(loader, &finding);
    X_GROW(findings->items, findings->count, findings->capacity);
    findings->items[findings->count++] = finding;
}

/* What a rule's join tells of a subject twice counts once. */
static void drop_repeats(struct findings *findings, int class)
{
    size_t kept = 0;
    findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->items[i], *last = kept ? &findings->items[kept - 1] : NULL;
        bool again = last && finding->class == class && last->class == class && finding->subject.kind &&
                     finding->subject.kind == last->subject.kind && finding->subject.id == last->subject.id;
        if (!again)
            findings->items[kept++] = *finding;
    }
    findings->count = kept;
}

static int run(const struct user_rule *rule, struct loader *loader, struct findings *findings, char *why, size_t room)
{
    int columns[COLUMNS_COUNT], rc = 0;
    struct buffer missing = {0};
    struct trace_query *query = trace_prepare_user(loader->trace, rule->sql);
    if (!query)
        return refuse(rule, trace_failure_at(loader->trace), trace_failure(loader->trace), why, room);
    if (!find_columns(query, columns, &missing))
        rc = refuse(rule, -1, buffer_text(&missing), why, room);
    buffer_free(&missing);
    findings_sort(findings);
    size_t known = findings->count;
    while (rc == 0 && !loader->failed && (rc = trace_step(query)) > 0) {
        take_row(loader, rule, query, columns, findings, known);
        rc = 0;
    }
    if (rc == -EIO || rc == -EINTR)
        rc = refuse(rule, -1, trace_failure(loader->trace), why, room);
    trace_finish(query);
    drop_repeats(findings, rule->class);
    return rc;
}

int user_rules_run(const struct user_rules *rules, struct loader *loader, struct findings *findings, char *why,
                   size_t room)
{
    int rc = 0;
    for (size_t i = 0; i < rules->count && rc == 0; i++)
        rc = run(&rules->items[i], loader, findings, why, room);
    return rc;
}
