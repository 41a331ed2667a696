/* How subjects are called. */
#include "loader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const prefixes[] = {[MODEL_NONE] = "?",   [MODEL_TASK] = "",    [MODEL_CORO] = "c",
                                       [MODEL_FUTURE] = "f", [MODEL_OBJECT] = "q", [MODEL_SLEEP] = "?"};

const char *model_ref_text(struct model_ref ref, char *text)
{
    snprintf(text, MODEL_REF_TEXT, "#%s%" PRId64, prefixes[ref.kind], ref.id);
    return text;
}

bool model_ref_parse(const char *text, struct model_ref *ref)
{
    if (*text == '#')
        text++;
    ref->kind = *text == 'c' ? MODEL_CORO : *text == 'f' ? MODEL_FUTURE : *text == 'q' ? MODEL_OBJECT : MODEL_TASK;
    if (ref->kind != MODEL_TASK)
        text++;
    size_t digits = strspn(text, "0123456789");
    ref->id = strtoll(text, NULL, 10);
    return digits > 0 && digits < 19 && text[digits] == '\0';
}

int model_ref_unknown(const struct trace *trace, struct model_ref ref, char *why, size_t room)
{
    char text[MODEL_REF_TEXT];
    const char *list = ref.kind == MODEL_CORO     ? "coros"
                       : ref.kind == MODEL_FUTURE ? "awaits" /* no list has the futures themselves */
                       : ref.kind == MODEL_OBJECT ? "objects"
                                                  : "tasks";
    snprintf(why, room, "%s: nothing in it is called %s (`leash list %s` names what there is)", trace_path(trace),
             model_ref_text(ref, text), list);
    return -ENOENT;
}

enum model_kind model_kind_of(const char *text)
{
    if (!text)
        return MODEL_NONE;
    return strcmp(text, "task") == 0     ? MODEL_TASK
           : strcmp(text, "coro") == 0   ? MODEL_CORO
           : strcmp(text, "future") == 0 ? MODEL_FUTURE
           : strcmp(text, "object") == 0 ? MODEL_OBJECT
           : strcmp(text, "sleep") == 0  ? MODEL_SLEEP
                                         : MODEL_NONE;
}

const char *model_given_name(const struct model_subject *subject)
{
    const char *name = subject->name;
    if (!name)
        return NULL;
    bool is_default = strncmp(name, "Task-", 5) == 0 && name[5] && name[5 + strspn(name + 5, "0123456789")] == '\0';
    return is_default ? NULL : name;
}

const char *model_label(const struct model_subject *subject)
{
    const char *name = model_given_name(subject);
    if (name)
        return name;
    if (subject->coro)
        return subject->coro;
    return subject->name ? subject->name : subject->what ? subject->what : "";
}
