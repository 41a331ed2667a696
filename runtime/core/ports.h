/* Ports: what the core needs of layers below it in the data flow (watch/), declared here and implemented there. */
#ifndef LEASH_CORE_PORTS_H
#define LEASH_CORE_PORTS_H

#include <stddef.h>
#include <stdint.h>

struct leash__loop;
struct leash_scan_result;

/* Searches live memory for the handles `handles[n]` (encoded values). found[i] = 1 where a live reference was seen. The stacks of
 * suspended tasks are live from sp up; the runtime's own memory, `found` and `handles` are excluded. Implemented by watch/. */
struct leash__scan_request {
    const uint64_t *handles;
    size_t count;
    unsigned char *found;
    struct leash__loop *loop;
};
int leash__scan_memory(const struct leash__scan_request *request, struct leash_scan_result *out);

/* One leak for the report at exit without a trace. Strings need only live during the call. */
struct leash__leak {
    const char *class;     /* "never-awaited", ... */
    char severity;         /* 'E' or 'W' */
    const char *also;      /* other classes, comma separated; "" */
    const char *name;      /* task's name or coroutine function */
    const char *file, *func;
    unsigned line;
    const char *waits_for; /* "" or e.g. "sleep 10.000s at src/a.c:12" */
    const char *failure;   /* "" or "EIO: connection reset" */
};
/* Adds to the process's table of leaks (grouped by class and site). Any thread. Never fails: without memory it counts. */
void leash__leak_found(const struct leash__leak *leak);
/* Prints the table at process exit; set up by the first leash_run. report=0 silences, exitcode as in leash_options. */
void leash__leak_report_at_exit(int report, int exitcode);

#endif
