#include "accept/append.h"
#include "glob.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The baseline of this one group. */
static struct baseline *alone(const struct model_snapshot *snapshot, const struct model_group *group,
                              const struct source_options *source)
{
    struct baseline *baseline = baseline_new();
    baseline_accept(baseline, group->fingerprint, snapshot, source);
    return baseline;
}

static void add_suppression_line(struct buffer *out, const struct model_group *group, const char *reason)
{
    suppression_add_short(out, group);
    if (!reason || !*reason)
        return;
    buffer_add(out, " reason=\"");
    glob_quote(out, reason, "\"");
    buffer_add(out, "\"");
}

void accept_line(struct buffer *out, enum accept_into into, const struct model_snapshot *snapshot,
                 const struct model_group *group, const char *reason, const struct source_options *source)
{
    if (into == ACCEPT_SUPPRESSION) {
        add_suppression_line(out, group, reason);
        return;
    }
    struct buffer text = {0};
    struct baseline *baseline = alone(snapshot, group, source);
    baseline_text(baseline, &text);
    const char *line = strchr(buffer_text(&text), '\n') + 1; /* behind the header */
    buffer_add_bytes(out, line, strcspn(line, "\n"));
    buffer_free(&text);
    baseline_free(baseline);
}

static int add_suppression(const char *path, const struct model_group *group, const char *reason,
                           struct accept_fault *fault)
{
    char *bytes = NULL;
    size_t length = 0;
    int rc = accept_read(path, &bytes, &length, fault);
    if (rc < 0 && rc != -ENOENT)
        return rc;
    struct suppressions *list = suppressions_new(0, false);
    rc = bytes ? suppressions_parse(list, &(struct accept_text){path, bytes, length}, fault) : 0;
    suppressions_free(list);
    if (rc == 0) {
        struct buffer text = {0};
        buffer_add_bytes(&text, bytes ? bytes : "", length);
        if (bytes && length && bytes[length - 1] != '\n')
            buffer_add(&text, "\n");
        else if (!length)
            buffer_add(&text, "# leash suppressions 1\n");
        add_suppression_line(&text, group, reason);
        buffer_add(&text, "\n");
        rc = accept_write(path, buffer_text(&text), text.length, fault);
        buffer_free(&text);
    }
    free(bytes);
    return rc;
}

static int add_entry(const char *path, const struct model_snapshot *snapshot, const struct model_group *group,
                     const struct source_options *source, struct accept_fault *fault)
{
    struct baseline *baseline = baseline_new();
    int rc = baseline_read(baseline, path, fault);
    if (rc == 0 || rc == -ENOENT) {
        baseline_accept(baseline, group->fingerprint, snapshot, source);
        rc = baseline_write(baseline, path, fault);
    }
    baseline_free(baseline);
    return rc;
}

int accept_append(const char *path, enum accept_into into, const struct model_snapshot *snapshot,
                  const struct model_group *group, const char *reason, const struct source_options *source,
                  struct accept_fault *fault)
{
    return into == ACCEPT_SUPPRESSION ? add_suppression(path, group, reason, fault)
                                      : add_entry(path, snapshot, group, source, fault);
}
