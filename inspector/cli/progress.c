#include "progress.h"
#include "escape.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS    500000000
#define LINE_WIDTH 76

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t ticker;
static bool running;       /* ticker is valid */
static bool ended;         /* under lock: the ticker is to end */
static struct buffer what; /* while running */

static void wait_tick(struct timespec *until)
{
    until->tv_nsec += TICK_NS;
    until->tv_sec += until->tv_nsec / 1000000000;
    until->tv_nsec %= 1000000000;
    while (!ended && pthread_cond_clockwait(&changed, &lock, CLOCK_MONOTONIC, until) != ETIMEDOUT)
        ;
}

static int line_width(void)
{
    struct winsize size;
    bool narrow = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_col <= LINE_WIDTH;
    return narrow ? size.ws_col - 1 : LINE_WIDTH;
}

/* A line that would wrap could not be erased. */
static void show(long ticks)
{
    char line[LINE_WIDTH + 1];
    int width = line_width();
    snprintf(line, sizeof line, "leash: %.48s ... %.1fs", buffer_text(&what), (double)ticks * TICK_NS / 1e9);
    fprintf(stderr, "\r%-*.*s", width, width, line);
}

static void *tick(void *unused)
{
    struct timespec until;
    long ticks = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&lock);
    for (wait_tick(&until); !ended; wait_tick(&until))
        show(++ticks);
    pthread_mutex_unlock(&lock);
    if (ticks)
        fprintf(stderr, "\r%*s\r", line_width(), "");
    return unused;
}

void progress_begin(const char *doing, const char *name)
{
    progress_end();
    if (!isatty(STDERR_FILENO))
        return;
    buffer_format(&what, "%s ", doing);
    escape_text(&what, name, true);
    ended = false;
    running = pthread_create(&ticker, NULL, tick, NULL) == 0;
}

void progress_end(void)
{
    if (running) {
        pthread_mutex_lock(&lock);
        ended = true;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
        pthread_join(ticker, NULL);
        running = false;
    }
    buffer_free(&what);
}
