/* What there can be: for "did you mean", and for completion. A trace may hold others. */
#include "list.h"

#include <trace_format.h>

#define WORDS(function, ...)                                                                                           \
    const char *function(size_t index)                                                                                 \
    {                                                                                                                  \
        static const char *const words[] = {__VA_ARGS__};                                                              \
        return index < sizeof words / sizeof *words ? words[index] : NULL;                                             \
    }
#define X(name, text) text,

WORDS(list_task_states, "pending", "waiting", "running", "new", "done", "failed", "cancelled")
WORDS(list_coro_states, "created", "running", "done", "failed", "cancelled", "closed", "task")
WORDS(list_await_states, "waiting", "over")
WORDS(list_object_states, "open", "over")
WORDS(list_object_kinds, LEASH_OBJECT_KINDS(X))
WORDS(list_target_kinds, LEASH_OBJECT_KINDS(X) "task", "future", "object", "sleep")
WORDS(list_subject_kinds, "task", "coro", "future", "object")
WORDS(list_event_kinds, "loop-begin", "main-ended", "loop-end", "coro-created", "coro-began", "coro-done",
      "coro-failed", "coro-cancelled", "coro-closed", "task-created", "task-began", "task-done", "task-failed",
      "task-cancelled", "task-lost", "task-held", "future-created", "future-done", "future-failed", "future-cancelled",
      "object-created", "object-ended", "await", "wake", "cancel", "cancel-delivered", "uncancel", "claim-ref",
      "claim-unref", "claim-detach", "claim-daemon", "claim-settled", "claim-given", "claim-closed", "scan",
      "misuse-no-loop", "misuse-wrong-thread", "resume", "suspend", "test-begin", "test-end")

const char *list_classes(size_t index)
{
    return index < model_classes_count ? model_classes[index].name : NULL;
}
