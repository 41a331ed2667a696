/* Shared by the files that make and use suppressions. */
#ifndef LEASH_ACCEPT_PATTERN_H
#define LEASH_ACCEPT_PATTERN_H

#include "accept/suppress.h"
#include "arena.h"
#include "loader.h"

/* In the order in which they are looked at: what is known of a place before what must be asked for each finding. */
#define ACCEPT_FIELDS(X)                                                                                               \
    X(FN, "fn")                                                                                                        \
    X(CORO, "coro")                                                                                                    \
    X(FILE, "file")                                                                                                    \
    X(STACK, "stack")                                                                                                  \
    X(CREATED_BY, "created-by")                                                                                        \
    X(NAME, "name")                                                                                                    \
    X(ERR, "err")                                                                                                      \
    X(TOP, "top")                                                                                                      \
    X(WAITS_FOR, "waits-for")                                                                                          \
    X(TEST, "test")
enum accept_field {
#define X(field, name) FIELD_##field,
    ACCEPT_FIELDS(X)
#undef X
        FIELDS
};
extern const char *const accept_field_names[FIELDS];

enum pattern_origin { FROM_FILE, FROM_PROGRAM, FROM_SOURCE };

struct pattern {
    size_t order;               /* among all, from 1 */
    uint32_t classes;           /* bits; 0: any */
    const char *any;            /* the glob without a field, made one of whole texts; NULL: there are fields */
    const char *fields[FIELDS]; /* globs; NULL: not asked for */
    const char *const *stack;   /* fields[FIELD_STACK], taken apart; NULL after the last */
    size_t max;                 /* of one trace; 0: no limit */
    int64_t until;              /* the first second at which it no longer holds; MODEL_NEVER: it always does */
    const char *reason, *text, *place;
    enum pattern_origin origin;
    unsigned trace;                  /* FROM_PROGRAM: of which trace; else 0: of all */
    size_t used, used_here, refused; /* used_here: by the trace that is being loaded; refused: beyond max */
};

struct suppressions {
    struct arena memory;
    struct pattern **items; /* in the order in which they are tried */
    size_t count, capacity;
    struct accept_notes {
        const char **words;
        size_t count, capacity;
    } notes; /* what is wrong with comments in the source */
    int64_t now;
    bool strict;
    unsigned trace;              /* counts those that were loaded */
    struct accept_text recorded; /* what the last program left that left anything, of which trace */
    unsigned recorded_trace;
};

/* Adds an empty entry. */
struct pattern *suppressions_add(struct suppressions *list, enum pattern_origin origin);

/* ---- facts.c: what entries match ---- */

struct facts {
    struct loader *loader;
    struct arena place, subject; /* memory of what is known of a place, and of one finding */
    const struct finding *at;
    bool allowed_known;      /* `allowed` is what the source says at this place */
    struct pattern *allowed; /* NULL: nothing */
    bool place_known, subject_known, wait_known, name_known;
    const char *name;
    struct trace_query *names[MODEL_SLEEP + 1]; /* ask for it; NULL until needed */
    struct finding_place where;
    struct model_subject what;
    const char *creator_name, *creator_coro;
    struct model_wait wait;
    const char *target_name, *target_coro, *target_kind;
};
void facts_begin(struct facts *facts, struct loader *loader);
void facts_of(struct facts *facts, const struct finding *finding);
void facts_end(struct facts *facts);
/* The values of a field, from index 0 on; NULL after the last. */
const char *facts_value(struct facts *facts, enum accept_field field, size_t index);
/* Functions of the creation stack, the innermost first; NULL after the last; "" for one without a name. */
const char *facts_function(struct facts *facts, size_t index);

/* match.c */
bool pattern_class_matches(const struct pattern *pattern, const struct finding *finding);
bool pattern_matches(const struct pattern *pattern, struct facts *facts);
/* allow.c: the entry of a comment at the place of a finding, NULL: there is none. */
struct pattern *allow_find(struct suppressions *list, const struct source_options *source, struct facts *facts);

#endif
