/* 4.15 Files written and read at the same time, in a folder of the program's own: each call is a job of a thread, and
 * the loop stays free meanwhile. Three files are read, changed to capitals, and written under other names. */
#include <ctype.h>
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 3 };

struct document {
    char input[80], output[80]; /* paths */
    char *text;                 /* of malloc; NULL before it was read */
    size_t size;
};

static const char *file_name(const char *path)
{
    return strrchr(path, '/') + 1;
}

static int write_input(void *arg)
{
    const struct document *document = arg;
    char text[80];
    int n = snprintf(text, sizeof(text), "this is what %s says", file_name(document->input));
    return leash_write_file(document->input, text, (size_t)n);
}

static int read_input(void *arg)
{
    struct document *document = arg;
    printf("reading: %s\n", file_name(document->input));
    return leash_read_file(document->input, &document->text, &document->size);
}

static int write_output(void *arg)
{
    const struct document *document = arg;
    printf("writing: %s\n", file_name(document->output));
    return leash_write_file(document->output, document->text, document->size);
}

/* Runs fn for all documents at the same time. None outlives this call, for the documents are somebody's locals: so
 * failures are returned, and the first one looked for. */
static int for_all(leash_fn_t fn, struct document *documents)
{
    leash_awaitable_t jobs[COUNT];
    struct leash_outcome outcomes[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        jobs[i] = leash_coro(fn, &documents[i]);
    int rc = leash_gather_wait_array(jobs, COUNT, LEASH_RETURN_FAILURES, outcomes);
    for (size_t i = 0; rc >= 0 && i < COUNT; i++)
        rc = outcomes[i].rc;
    return rc;
}

static int make_capitals(struct document *documents)
{
    int rc = for_all(read_input, documents);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < COUNT; i++)
        for (size_t n = 0; n < documents[i].size; n++)
            documents[i].text[n] = (char)toupper((unsigned char)documents[i].text[n]);
    return for_all(write_output, documents);
}

/* What is on the disk now. */
static int show_outputs(const struct document *documents)
{
    puts("\nall files are written:");
    for (size_t i = 0; i < COUNT; i++) {
        char *text;
        int rc = leash_read_file(documents[i].output, &text, NULL);
        if (rc < 0)
            return rc;
        printf("- %s: %s\n", file_name(documents[i].output), text);
        free(text);
    }
    return 0;
}

static int work_in(const char *folder)
{
    struct document documents[COUNT] = {0};
    for (int i = 0; i < COUNT; i++) {
        snprintf(documents[i].input, sizeof(documents[i].input), "%s/file%d.txt", folder, i + 1);
        snprintf(documents[i].output, sizeof(documents[i].output), "%s/output%d.txt", folder, i + 1);
    }
    int rc = for_all(write_input, documents);
    if (rc >= 0)
        rc = make_capitals(documents);
    if (rc >= 0)
        rc = show_outputs(documents);
    for (size_t i = 0; i < COUNT; i++) {
        leash_file_unlink(documents[i].input); /* no failure: it need not have come so far */
        leash_file_unlink(documents[i].output);
        free(documents[i].text);
    }
    return rc;
}

static int app(void *unused)
{
    char folder[] = "/tmp/leash-files-XXXXXX";
    (void)unused;
    if (!mkdtemp(folder))
        return leash_fail(-errno, "no folder can be made in /tmp");
    int rc = work_in(folder);
    int removed = leash_file_rmdir(folder);
    return rc < 0 ? rc : removed;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
