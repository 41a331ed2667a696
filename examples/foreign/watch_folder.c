/* A library that calls back, made into one that is awaited. What calls back here is libuv, which watches a folder for
 * the program; hiredis, c-ares or curl's multi interface on leash_uv_loop() are tamed in the same way:
 *
 *   - who wants to wait makes a future, leaves it where the callback finds it, and awaits it
 *   - the callback keeps what it was told, and ends that future; it runs outside of tasks, so it must not wait
 *   - what comes while nobody waits is kept, or would be lost
 *   - a handle is closed by awaiting the callback that says that it is: until then its memory belongs to libuv */
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* ---- the wrapper ---- */

enum { KEPT = 16 };

struct watch {
    uv_fs_event_t handle;
    leash_future_t woken; /* while a task waits, for a change or for the end; else NULL */
    char names[KEPT][64]; /* of what changed and was not asked for yet: a ring */
    unsigned first, count;
    int error; /* what the watching failed with, or 0 */
};

static void wake(struct watch *watch)
{
    if (watch->woken)
        leash_future_set_result(watch->woken, NULL); /* -EALREADY if it was cancelled: the waiter knows */
    watch->woken = NULL;
}

static void on_change(uv_fs_event_t *handle, const char *name, int events, int status)
{
    struct watch *watch = handle->data;
    (void)events;
    if (status < 0)
        watch->error = status; /* libuv's codes are negative errnos, as leash's are */
    else if (watch->count == KEPT)
        watch->error = -ENOBUFS;
    else
        snprintf(watch->names[(watch->first + watch->count++) % KEPT], sizeof(watch->names[0]), "%s", name);
    wake(watch);
}

static void on_close(uv_handle_t *handle)
{
    wake(handle->data);
}

static int wait_for_callback(struct watch *watch)
{
    leash_future_t future = watch->woken = leash_future();
    if (!future)
        return -errno;
    int rc = leash_await(future, NULL);
    watch->woken = NULL;
    return rc;
}

/* The next name in the folder that something happened to. 0, or a negative errno; *name is valid until the next call.
 * One task at a time. */
static int watch_next(struct watch *watch, const char **name)
{
    while (watch->count == 0) {
        int rc = watch->error ? watch->error : wait_for_callback(watch);
        if (rc < 0)
            return rc;
    }
    *name = watch->names[watch->first];
    watch->first = (watch->first + 1) % KEPT;
    watch->count--;
    return 0;
}

static int watch_open(struct watch *watch, const char *folder)
{
    uv_loop_t *loop = leash_uv_loop();
    if (!loop)
        return -errno;
    *watch = (struct watch){0};
    int rc = uv_fs_event_init(loop, &watch->handle);
    if (rc < 0)
        return rc;
    watch->handle.data = watch;
    rc = uv_fs_event_start(&watch->handle, on_change, folder, 0);
    if (rc < 0)
        uv_close((uv_handle_t *)&watch->handle, on_close);
    return rc;
}

/* Also for a task that is being cancelled: this wait is not. Should it be cancelled once more, libuv has the watch for
 * an iteration longer: better not a local of the task's, therefore. */
static int watch_close(struct watch *watch)
{
    uv_close((uv_handle_t *)&watch->handle, on_close);
    return wait_for_callback(watch);
}

/* ---- its use ---- */

struct folders {
    char root[32], drafts[48], inbox[48];
};

static const char *const letters[] = {"from_ann.txt", "from_ben.txt", "from_cleo.txt"};
enum { LETTERS = sizeof(letters) / sizeof(letters[0]) };

/* Writes each letter elsewhere and moves it in when it is whole: that is one change of the folder. */
static int deliver(void *arg)
{
    const struct folders *folders = arg;
    char draft[64], path[64];
    int rc = 0;
    for (int i = 0; rc >= 0 && i < LETTERS; i++) {
        snprintf(draft, sizeof(draft), "%s/draft", folders->drafts);
        snprintf(path, sizeof(path), "%s/%s", folders->inbox, letters[i]);
        rc = leash_write_file(draft, letters[i], strlen(letters[i]));
        if (rc >= 0)
            rc = leash_file_rename(draft, path);
    }
    return rc;
}

static int read_letters(struct watch *watch, const struct folders *folders)
{
    for (int i = 0; i < LETTERS; i++) {
        const char *name;
        char path[128], *text;
        int rc = watch_next(watch, &name);
        if (rc < 0)
            return rc;
        snprintf(path, sizeof(path), "%s/%s", folders->inbox, name);
        printf("there is %s", name);
        rc = leash_read_file(path, &text, NULL); /* from here on `name` may be another one */
        if (rc < 0)
            return rc;
        printf(": %s\n", text);
        free(text);
    }
    return 0;
}

/* Whichever of the two fails, the group cancels the other: nobody waits for letters that nobody will write. */
static int exchange_letters(struct watch *watch, struct folders *folders)
{
    leash_group_t group = leash_group_begin();
    if (!group)
        return -errno;
    int rc = leash_group_spawn(group, leash_coro(deliver, folders));
    return leash_group_end(group, rc < 0 ? rc : read_letters(watch, folders));
}

static int watch_inbox(struct folders *folders)
{
    static struct watch watch;
    int rc = watch_open(&watch, folders->inbox);
    if (rc < 0)
        return leash_fail(rc, "%s cannot be watched", folders->inbox);
    rc = exchange_letters(&watch, folders);
    int closed = watch_close(&watch);
    return rc < 0 ? rc : closed;
}

static void remove_all(const struct folders *folders)
{
    char path[64];
    for (int i = 0; i < LETTERS; i++) {
        snprintf(path, sizeof(path), "%s/%s", folders->inbox, letters[i]);
        unlink(path);
    }
    rmdir(folders->inbox);
    rmdir(folders->drafts);
    rmdir(folders->root);
}

static int app(void *unused)
{
    struct folders folders = {.root = "/tmp/leash-watch-XXXXXX"};
    (void)unused;
    if (!mkdtemp(folders.root))
        return leash_fail(-errno, "no folder can be made in /tmp");
    snprintf(folders.drafts, sizeof(folders.drafts), "%s/drafts", folders.root);
    snprintf(folders.inbox, sizeof(folders.inbox), "%s/inbox", folders.root);
    int rc = leash_file_mkdir(folders.drafts, 0700);
    if (rc == 0)
        rc = leash_file_mkdir(folders.inbox, 0700);
    if (rc == 0)
        rc = watch_inbox(&folders);
    remove_all(&folders);
    if (rc == 0)
        puts("that was all");
    return rc;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
