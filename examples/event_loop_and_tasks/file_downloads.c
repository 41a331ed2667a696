/* 1.7 Three downloads of different lengths: the whole takes as long as the longest, and the results keep their order.
 */
#include <leash.h>
#include <stdio.h>

struct download {
    const char *name;
    int seconds;
};

struct content {
    const char *name;
    int megabytes;
};

static int download_file(void *arg)
{
    const struct download *download = arg;
    printf("download begins: %s\n", download->name);
    int rc = leash_sleep(download->seconds);
    if (rc < 0)
        return rc;
    printf("download done: %s\n", download->name);
    struct content content = {download->name, download->seconds * 100};
    return leash_return_copy(&content, sizeof(content));
}

static int app(void *unused)
{
    struct download downloads[] = {{"report.pdf", 3}, {"photo.jpg", 1}, {"video.mp4", 2}};
    enum { COUNT = sizeof(downloads) / sizeof(downloads[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(download_file, &downloads[i]));

    struct leash_outcome outcomes[COUNT];
    int rc = leash_gather_wait_array(tasks, COUNT, 0, outcomes);
    if (rc < 0)
        return rc;
    puts("\n===== downloads done =====");
    printf("total time: %.2f s\n", leash_time() - began);
    for (size_t i = 0; i < COUNT; i++) {
        const struct content *content = outcomes[i].result;
        printf("- content of %s (size: %d MB)\n", content->name, content->megabytes);
    }
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
