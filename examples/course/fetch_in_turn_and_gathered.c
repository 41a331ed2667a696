/* 4.21 Two fetches, first one after the other, then at the same time. */
#include <leash.h>
#include <stdio.h>

struct source {
    const char *url;
    double delay; /* seconds that the network takes */
};

static int fetch(void *arg)
{
    const struct source *source = arg;
    printf("Fetching %s\n", source->url);
    int rc = leash_sleep(source->delay);
    if (rc < 0)
        return rc;
    printf("Fetched %s\n", source->url);
    return 0;
}

static int app(void *unused)
{
    struct source sources[] = {{"url1", 1}, {"url2", 1}, {"url3", 1}, {"url4", 1}};
    (void)unused;
    puts("--- One after the other ---");
    double began = leash_time();
    int rc = leash_await(leash_coro(fetch, &sources[0]), NULL);
    if (rc < 0)
        return rc;
    rc = leash_await(leash_coro(fetch, &sources[1]), NULL);
    if (rc < 0)
        return rc;
    printf("It took %.2f s\n", leash_time() - began);

    puts("\n--- At the same time ---");
    began = leash_time();
    rc = leash_gather_wait(NULL, leash_coro(fetch, &sources[2]), leash_coro(fetch, &sources[3]));
    if (rc < 0)
        return rc;
    printf("It took %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
