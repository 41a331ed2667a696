/* Traces that are checked together: by `check`, and by `run` afterwards. */
#ifndef LEASH_INSPECTOR_CHECK_H
#define LEASH_INSPECTOR_CHECK_H

#include "command.h"

struct checked_trace {
    char *path;
    bool opened; /* snapshot is valid; else trouble */
    struct model_snapshot snapshot;
    char trouble[1024];
};

struct checked {
    struct checked_trace *items;
    size_t count, capacity;
};

/* Opens a trace, takes its snapshot, closes it. */
void checked_add(struct checked *checked, const char *path, const struct settings *settings);
/* A trace that there is not: `words` say why. */
void checked_add_trouble(struct checked *checked, const char *path, const char *words);
/* Under another name: it was moved. */
void checked_rename(struct checked_trace *trace, const char *path);
/* Nothing is found in any, whatever is accepted. */
bool checked_is_clean(const struct checked *checked, const struct settings *settings);
/* Judges, reports; the exit code. */
int checked_report(struct checked *checked, struct settings *settings);
void checked_free(struct checked *checked);

#endif
