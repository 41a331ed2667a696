/* Words for the frames of stacks, for what is told while the program runs. Not under the lock of definitions, which
 * loops wait for: to look into files takes a while. What is looked at of an entry never changes. */
#include <errno.h>
#include <event.h>
#include <fold.h>
#include <names.h>
#include <own_threads.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtrace/modules.h"
#include "backtrace/stack_table.h"

/* All of this, and the entries' words, by `lock`. Files that were opened stay open for the next time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct leash__stack_entry *wanting;
static struct leash_names *names;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* The thread that held the lock may not be there, and what it did is not finished. */
static void in_child(void)
{
    pthread_mutex_init(&lock, NULL);
    for (; wanting; wanting = wanting->wanting)
        wanting->wants_words = false;
    names = NULL;
}

static void prepare(void)
{
    pthread_atfork(NULL, NULL, in_child);
}

static void take_lock(void)
{
    pthread_once(&once, prepare);
    pthread_mutex_lock(&lock);
}

static const char *file_of(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

/* "fetch src/app.c:12", "sleep (libc.so.6)", "libfoo.so+0x1234". NULL without memory. */
static char *words_of(const struct leash__frame *frame)
{
    struct leash_frame_name found = {NULL, NULL, 0};
    const char *path = frame->module ? frame->module->path : NULL;
    char *text = NULL, plain[256];
    int rc = 0;
    if (path && names)
        leash_names_frame(names, path, frame->module->build_id, frame->offset, &found);
    if (found.func && found.file)
        rc = asprintf(&text, "%s %s:%d", found.func, found.file, found.line);
    else if (found.func)
        rc = asprintf(&text, "%s (%s)", found.func, file_of(path));
    else
        leash_names_plain(plain, sizeof plain, path, frame->offset);
    return found.func ? (rc < 0 ? NULL : text) : strdup(plain);
}

static void name(struct leash__stack_entry *entry)
{
    char **words = calloc(entry->depth, sizeof(char *));
    bool whole = words != NULL;
    for (unsigned i = 0; whole && i < entry->depth; i++)
        whole = (words[i] = words_of(&entry->frames[i])) != NULL;
    for (unsigned i = 0; words && !whole && i < entry->depth; i++)
        free(words[i]);
    if (whole)
        entry->words = words;
    else
        free(words);
}

static void name_all(void)
{
    if (!names && leash_names_new(&names) < 0)
        names = NULL;
    for (struct leash__stack_entry *entry = wanting, *next; entry; entry = next) {
        next = entry->wanting;
        entry->wants_words = false;
        name(entry);
    }
    wanting = NULL;
}

static void *namer(void *unused)
{
    leash__own_thread_begin();
    name_all();
    leash__own_thread_end();
    return unused;
}

/* The caller holds the lock for the thread. */
static void run_namer(void)
{
    pthread_t thread;
    if (leash__own_thread_start(&thread, namer, NULL) == 0)
        pthread_join(thread, NULL);
}

static void want(struct leash__stack_entry *entry)
{
    if (entry->words || entry->wants_words)
        return;
    entry->wants_words = true;
    entry->wanting = wanting;
    wanting = entry;
}

void leash__stack_wants_words(struct leash__stack_entry *entry)
{
    if (!entry)
        return;
    take_lock();
    want(entry);
    pthread_mutex_unlock(&lock);
}

size_t leash__stack_words(struct leash__stack_entry *entry, const char *const **words)
{
    int saved = errno;
    if (!entry)
        return 0;
    take_lock();
    if (!entry->words) {
        want(entry);
        run_namer();
    }
    *words = (const char *const *)entry->words;
    size_t count = entry->words ? entry->depth : 0;
    pthread_mutex_unlock(&lock);
    errno = saved;
    return count;
}
