/* 0.5 Three downloads gathered: whatever comes first, the results stand in the order of the call. */
#include <leash.h>
#include <stdio.h>

struct image {
    const char *url;
    double latency; /* seconds that the network takes */
    char file[64];  /* valid once it is downloaded */
};

static int download_image(void *arg)
{
    struct image *image = arg;
    printf("downloading: %s\n", image->url);
    int rc = leash_sleep(image->latency);
    if (rc < 0)
        return rc;
    printf("downloaded: %s\n", image->url);
    snprintf(image->file, sizeof(image->file), "%s_image.jpg", image->url);
    return leash_return(image->file);
}

static int app(void *unused)
{
    struct image images[] = {
        {.url = "https://example.com/img1", .latency = 1.7},
        {.url = "https://example.com/img2", .latency = 0.6},
        {.url = "https://example.com/img3", .latency = 1.2},
    };
    enum { COUNT = sizeof(images) / sizeof(images[0]) };
    (void)unused;
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(download_image, &images[i]));

    struct leash_outcome outcomes[COUNT];
    int rc = leash_gather_wait_array(tasks, COUNT, 0, outcomes);
    if (rc < 0)
        return rc;
    puts("\nall images are downloaded:");
    for (size_t i = 0; i < COUNT; i++)
        puts(outcomes[i].result);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
