#include "queues.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sink.h"

struct actor {
    struct story *story;
    const char *what;
};

void say(struct story *story, const char *format, ...)
{
    size_t length = strlen(story->words);
    va_list arguments;
    if (length)
        length += (size_t)snprintf(story->words + length, sizeof story->words - length, ", ");
    va_start(arguments, format);
    vsnprintf(story->words + length, sizeof story->words - length, format, arguments);
    va_end(arguments);
}

static int refused(struct actor *actor, int rc)
{
    const char *how = rc == -ECANCELED ? "cancelled" : rc == -ESHUTDOWN ? "shut out" : "refused";
    say(actor->story, "%s %s", actor->what, how);
    return rc == -ECANCELED ? rc : 0;
}

static int puts_one(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_queue_put(&actor->story->queue, text(actor->what));
    if (rc < 0)
        return refused(actor, rc);
    say(actor->story, "put %s", actor->what);
    return 0;
}

static int gets_one(void *arg)
{
    struct actor *actor = arg;
    void *item = NULL;
    int rc = leash_queue_get(&actor->story->queue, &item);
    if (rc < 0)
        return refused(actor, item ? -EPROTO : rc);
    say(actor->story, "%s got %s", actor->what, (const char *)item);
    return 0;
}

static int joins(void *arg)
{
    struct actor *actor = arg;
    int rc = leash_queue_join(&actor->story->queue);
    if (rc < 0)
        return refused(actor, rc);
    say(actor->story, "%s joined", actor->what);
    return 0;
}

static leash_task_t start(struct story *story, leash_fn_t body, const char *what)
{
    struct actor actor = {story, what};
    return leash_create_task_named(leash_coro_copy(body, &actor, sizeof actor), what);
}

leash_task_t start_put(struct story *story, const char *item)
{
    return start(story, puts_one, item);
}

leash_task_t start_get(struct story *story, const char *name)
{
    return start(story, gets_one, name);
}

leash_task_t start_join(struct story *story, const char *name)
{
    return start(story, joins, name);
}

bool put_now(struct story *story, const char *item)
{
    return leash_queue_put_nowait(&story->queue, text(item)) == 0;
}

const char *get_now(struct story *story)
{
    void *item = NULL;
    return leash_queue_get_nowait(&story->queue, &item) == 0 ? item : NULL;
}

void pass(int times)
{
    while (times-- > 0)
        leash_sleep(0);
}

void check(leash_fn_t body, leash_queue_t queue, const char *expected)
{
    struct story story = {.queue = queue};
    int rc = run_virtual(body, &story);
    assert_string_equal(story.words, expected);
    assert_int_equal(rc, 0);
}
