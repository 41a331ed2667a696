#include "leaks_none.h"

#include <inttypes.h>

#define LEFT "             "

static void add_verdict(const struct model_snapshot *snapshot, struct lines *out)
{
    struct styled *line = lines_add(out);
    styled_add(line, ROLE_NORMAL, LEFT);
    switch (snapshot->run.ending) {
    case MODEL_LIVE:
        styled_add(line, ROLE_OK, "Nothing would leak now. The program still runs.");
        break;
    case MODEL_CRASHED:
        styled_format(line, ROLE_ERROR, "No leak was seen before the crash. %" PRId64 " tasks were running.",
                      snapshot->run.pending);
        break;
    default:
        if (model_is_whole(snapshot))
            styled_add(line, ROLE_OK, "No leaks. Every coroutine ran and every task was joined.");
        else
            styled_add(line, ROLE_WARN, "No leak is in what was recorded, but not all was recorded.");
    }
}

/* Of a program that was killed: a few of its tasks, which are no leaks. */
static void add_running(struct tui *tui, struct lines *out)
{
    const struct model_snapshot *snapshot = tui->snapshot;
    char text[MODEL_REF_TEXT];
    for (size_t i = 0; i < snapshot->running_count; i++) {
        const struct model_example *example = &snapshot->running[i];
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_NORMAL, LEFT "  running at the crash: %s %s",
                      model_ref_text(example->subject.ref, text), model_label(&example->subject));
        if (example->wait.label)
            styled_format(line, ROLE_DIM, ", in %s", example->wait.label);
        line->indent = sizeof LEFT + 1;
    }
    if (snapshot->run.pending > (int64_t)snapshot->running_count)
        styled_format(lines_add(out), ROLE_DIM, LEFT "  and %" PRId64 " more",
                      snapshot->run.pending - (int64_t)snapshot->running_count);
    if (snapshot->running_count)
        lines_add(out);
}

static void add_count(struct lines *out, int64_t count, const char *what)
{
    styled_format(lines_add(out), ROLE_NORMAL, LEFT "  %9" PRId64 " %s", count, what);
}

void leaks_none(struct tui *tui, size_t suppressed, struct lines *out)
{
    const struct model_snapshot *snapshot = tui->snapshot;
    for (int i = 0; i < 3; i++)
        lines_add(out);
    add_verdict(snapshot, out);
    lines_add(out);
    add_running(tui, out);
    add_count(out, snapshot->run.tasks, "tasks");
    add_count(out, snapshot->run.coros, "coroutines");
    if (suppressed)
        styled_format(lines_add(out), ROLE_NORMAL, LEFT "  suppressed %zu (L lists them)", suppressed);
    lines_add(out);
    if (snapshot->note) {
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_WARN, LEFT "%s", snapshot->note);
        line->indent = sizeof LEFT - 1;
    }
}
