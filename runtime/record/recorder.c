#include "recorder.h"

#include "events.h"
#include "segments.h"
#include "sites.h"
#include "trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Finds a thread's recorder again when its next loop begins, and gives its segment back when the thread ends. */
static pthread_key_t own;
static pthread_once_t own_once = PTHREAD_ONCE_INIT;
static bool own_made;

static void unlink_recorder(struct leash__recorder *recorder)
{
    *recorder->link = recorder->next;
    if (recorder->next)
        recorder->next->link = recorder->link;
}

static void end_of_thread(void *value)
{
    struct leash__recorder *recorder = value;
    pthread_mutex_lock(&leash__process.lock);
    unlink_recorder(recorder);
    struct leash__events *events = recorder->events ? recorder->events : &recorder->kept;
    leash__segment_close(leash__process.trace, recorder, events->at);
    pthread_mutex_unlock(&leash__process.lock);
    free(recorder);
}

static void make_own(void)
{
    own_made = pthread_key_create(&own, end_of_thread) == 0;
}

static struct leash__recorder *new_recorder(void)
{
    struct leash__process *process = &leash__process;
    struct leash__recorder *recorder = calloc(1, sizeof *recorder);
    if (!recorder || pthread_setspecific(own, recorder) != 0) {
        free(recorder);
        return NULL;
    }
    recorder->thread = ++process->trace->threads;
    recorder->segment = LEASH_NO_SEGMENT;
    recorder->next = process->recorders;
    recorder->link = &process->recorders;
    if (recorder->next)
        recorder->next->link = &recorder->next;
    process->recorders = recorder;
    return recorder;
}

/* Binds the thread's recorder, made if need be, to its loop's events. The process's lock is held. */
static int join(struct leash__events *events)
{
    pthread_once(&own_once, make_own);
    struct leash__recorder *recorder = own_made ? pthread_getspecific(own) : NULL;
    if (!recorder && own_made)
        recorder = new_recorder();
    if (!recorder) {
        leash__events_count_dropped(); /* nobody knows how many it would have been, but the trace is not complete */
        fputs("leash: no memory to record this thread's loop: the trace will lack it\n", stderr);
        return -ENOMEM;
    }
    *events = recorder->kept;
    events->recorder = recorder;
    recorder->events = events;
    return 0;
}

/* What a thread must have said before its first event. */
static void begin(struct leash__events *events)
{
    struct leash__recorder *recorder = events->recorder;
    if (!events->at) {
        recorder->patient = true;
        leash__events_next_segment(events);
        leash__sites_redefine(events);
        recorder->patient = false;
    }
}

int leash__record_thread(struct leash__events *events, const struct leash_options *options)
{
    *events = (struct leash__events){0};
    pthread_mutex_lock(&leash__process.lock);
    int rc = leash__trace_open(options);
    bool records = rc == 0 && leash__process.state == LEASH_TRACE_RECORDING;
    if (records)
        rc = join(events);
    pthread_mutex_unlock(&leash__process.lock);
    if (!records || rc < 0)
        return rc;
    begin(events);
    events->steps = options->steps == 1;
    events->stacks = options->stacks == 1;
    return 0;
}

void leash__record_thread_end(struct leash__events *events)
{
    struct leash__recorder *recorder = events->recorder;
    if (!events->at)
        return;
    pthread_mutex_lock(&leash__process.lock);
    recorder->kept = *events;
    recorder->events = NULL;
    pthread_mutex_unlock(&leash__process.lock);
    *events = (struct leash__events){0};
}

void leash__recorder_forget(struct leash__recorder *recorder)
{
    if (pthread_getspecific(own) == recorder) {
        pthread_setspecific(own, NULL);
        if (recorder->events)
            *recorder->events = (struct leash__events){0};
    }
    free(recorder);
}
