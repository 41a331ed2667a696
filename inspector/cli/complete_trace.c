/* What the trace on the line has to offer, for as long as somebody who has pressed a key waits. */
#include "complete_private.h"
#include "offers.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <signal.h>
#include <unistd.h>

#define QUERY_SECONDS 0.3
#define GIVE_UP_US    500000  /* then queries stop, */
#define END_US        1000000 /* and then we do */

static void on_alarm(int number)
{
    (void)number;
    if (trace_interrupted)
        _exit(EXIT_CLEAN);
    trace_interrupted = 1;
}

static void limit_time(void)
{
    struct itimerval limit = {.it_value.tv_usec = GIVE_UP_US, .it_interval.tv_usec = END_US - GIVE_UP_US};
    sigaction(SIGALRM, &(struct sigaction){.sa_handler = on_alarm}, NULL);
    setitimer(ITIMER_REAL, &limit, NULL);
}

/* The first file on the line, other than what is being typed. */
static const char *trace_on_line(const struct completion *completion)
{
    struct stat status;
    for (size_t i = 1; i < completion->count; i++) {
        const char *word = completion->words[i];
        bool command = i == 1 && command_named(word);
        if (i != completion->index && !command && *word != '-' && stat(word, &status) == 0 && S_ISREG(status.st_mode))
            return word;
    }
    return NULL;
}

static void take(void *completion, const char *word, const char *meaning)
{
    offer(completion, word, meaning);
}

typedef void question(struct trace *trace, const char *typed, model_offer *offered, void *argument);

static bool ask(struct completion *completion, question *asked)
{
    struct trace *trace;
    struct trace_error error;
    const struct trace_options options = {.query_seconds = QUERY_SECONDS};
    const char *path = trace_on_line(completion);
    if (!path)
        return false;
    limit_time();
    if (trace_open(path, &options, &trace, &error) == 0) {
        asked(trace, completion->typed + completion->kept, take, completion);
        trace_close(trace);
    }
    return true;
}

bool offer_ids(struct completion *completion)
{
    return ask(completion, model_offer_ids);
}

void offer_sites(struct completion *completion)
{
    ask(completion, model_offer_sites);
}

void offer_found_classes(struct completion *completion)
{
    ask(completion, model_offer_classes);
}
