/* leash_file_open and its like, leash_read_file, leash_write_file. What blocks for as long as a test wants is a FIFO.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <limits.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

#include "open_descriptors.h"
#include "sink.h"

static struct seen {
    int rc[12];
    int fd;
    char text[64];
    sem_t go, began;
} seen;

static char folder[] = "/tmp/leash-file-XXXXXX";

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    sem_init(&seen.go, 0, 0);
    sem_init(&seen.began, 0, 0);
    strcpy(folder, "/tmp/leash-file-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    char command[64];
    (void)state;
    sem_destroy(&seen.go);
    sem_destroy(&seen.began);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return chdir("/") | system(command);
}

static int run_with_threads(leash_fn_t fn, unsigned threads)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.threads = threads;
    return run_options(fn, NULL, &options);
}

static void put_file(const char *name, const char *content)
{
    FILE *file = fopen(name, "w");
    fputs(content, file);
    fclose(file);
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0)
        ;
}

/* Tell when a thread is about to read from a FIFO, or to open one. */
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode))
        sem_post(&seen.began);
    return __real_read(fd, buffer, size);
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    if (strcmp(path, "fifo") == 0 && flags & O_WRONLY)
        sem_post(&seen.began);
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return __real_open(path, flags, mode);
}

/* A job that keeps a thread. */
static int is_held(void *arg)
{
    (void)arg;
    sem_post(&seen.began);
    wait_for(&seen.go);
    return 0;
}

/* ---- whole files ---- */

static int whole(void *arg)
{
    char *data = NULL;
    size_t size = 0, large = 3u << 20;
    char *many = malloc(large);
    (void)arg;
    memset(many, 'x', large);
    seen.rc[0] = leash_write_file("note", "hello", 5);
    seen.rc[1] = leash_read_file("note", &data, &size);
    seen.rc[2] = size == 5 && strcmp(data, "hello") == 0;
    free(data);
    seen.rc[3] = leash_write_file("note", "", 0); /* replaced, not only overwritten */
    seen.rc[4] = leash_read_file("note", &data, NULL);
    seen.rc[5] = *data;
    free(data);
    seen.rc[6] = leash_write_file("large", many, large);
    seen.rc[7] = leash_read_file("large", &data, &size);
    seen.rc[8] = size == large && memcmp(data, many, large) == 0 && data[large] == '\0';
    free(data);
    seen.rc[9] = leash_read_file("/proc/self/smaps", &data, &size); /* tells no size, and is not short */
    seen.rc[10] = size > 4096 && strlen(data) == size;
    free(data);
    free(many);
    return 0;
}

static void test_whole_files(void **state)
{
    static const int expected[] = {0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1};
    (void)state;
    assert_int_equal(run_virtual(whole, NULL), 0);
    assert_memory_equal(seen.rc, expected, sizeof expected);
}

static int whole_ones_fail(void *arg)
{
    char *data = &seen.text[0];
    size_t size = 7;
    (void)arg;
    seen.rc[0] = leash_read_file("nothing", &data, &size);
    seen.rc[1] = leash_read_file(".", &data, &size);
    seen.rc[2] = leash_write_file("no/folder", "x", 1);
    seen.rc[3] = leash_write_file(".", "x", 1);
    seen.rc[4] = leash_read_file(NULL, &data, &size);
    seen.rc[5] = leash_read_file("nothing", NULL, &size);
    seen.rc[6] = leash_write_file("x", NULL, 1);
    return data == &seen.text[0] && size == 7 ? 0 : -EPROTO;
}

static void test_whole_files_fail(void **state)
{
    static const int expected[] = {-ENOENT, -EISDIR, -ENOENT, -EISDIR, -EINVAL, -EINVAL, -EINVAL};
    (void)state;
    assert_int_equal(run_virtual(whole_ones_fail, NULL), 0);
    assert_memory_equal(seen.rc, expected, sizeof expected);
    assert_int_equal(leash_write_file("x", "x", 1), -EPERM);
}

/* ---- descriptors ---- */

static int reads_and_writes(void *arg)
{
    struct stat status;
    (void)arg;
    int fd = leash_file_open("data", O_RDWR | O_CREAT | O_EXCL, 0640);
    seen.rc[0] = fcntl(fd, F_GETFD) == FD_CLOEXEC;
    seen.rc[1] = leash_file_write(fd, "0123456789", 10);
    seen.rc[2] = leash_file_pwrite(fd, "abc", 3, 4);
    seen.rc[3] = leash_file_pread(fd, seen.text, 4, 3);
    seen.rc[4] = memcmp(seen.text, "3abc", 4) | leash_file_read(fd, seen.text, 4); /* at the end */
    lseek(fd, 8, SEEK_SET);
    seen.rc[5] = leash_file_read(fd, seen.text, sizeof seen.text);
    seen.rc[6] = leash_file_fsync(fd) | leash_file_fdatasync(fd) | leash_file_truncate(fd, 6);
    seen.rc[7] = leash_file_fstat(fd, &status) | (status.st_size != 6) | ((status.st_mode & 0777) != 0640);
    seen.rc[8] = leash_file_close(fd);
    seen.rc[9] = leash_file_close(fd);
    seen.rc[10] = leash_file_open("data", O_RDWR | O_CREAT | O_EXCL, 0640);
    return 0;
}

static void test_descriptors(void **state)
{
    static const int expected[] = {1, 10, 3, 4, 0, 2, 0, 0, 0, -EBADF, -EEXIST};
    int before = open_descriptors();
    (void)state;
    umask(0);
    assert_int_equal(run_virtual(reads_and_writes, NULL), 0);
    assert_memory_equal(seen.rc, expected, sizeof expected);
    assert_int_equal(open_descriptors(), before);
}

static int descriptors_fail(void *arg)
{
    struct stat status = {.st_size = 7};
    (void)arg;
    seen.rc[0] = leash_file_open(NULL, O_RDONLY, 0);
    seen.rc[1] = leash_file_read(-1, seen.text, 1);
    seen.rc[2] = leash_file_write(-1, seen.text, 1);
    seen.rc[3] = leash_file_read(1000, seen.text, 1);
    seen.rc[4] = leash_file_read(0, NULL, 1);
    seen.rc[5] = leash_file_write(0, NULL, 1);
    seen.rc[6] = leash_file_fstat(-1, &status);
    seen.rc[7] = leash_file_fstat(1000, &status) | leash_file_fsync(-1) | leash_file_truncate(1000, 1);
    seen.rc[8] = leash_file_fstat(0, NULL);
    seen.rc[9] = leash_file_close(-1);
    int fd = leash_file_open(".", O_RDONLY, 0);
    seen.rc[10] = leash_file_pread(fd, seen.text, 1, -1);
    seen.rc[11] = leash_file_write(fd, "x", 1);
    leash_file_close(fd);
    return status.st_size == 7 && seen.text[0] == '\0' ? 0 : -EPROTO;
}

static void test_descriptors_fail(void **state)
{
    static const int expected[] = {-EINVAL, -EBADF, -EBADF,  -EBADF, -EINVAL, -EINVAL,
                                   -EBADF,  -EBADF, -EINVAL, -EBADF, -EINVAL, -EBADF};
    (void)state;
    assert_int_equal(run_virtual(descriptors_fail, NULL), 0);
    assert_memory_equal(seen.rc, expected, sizeof expected);
    assert_int_equal(leash_file_open("x", O_RDONLY, 0), -EPERM);
    assert_int_equal(leash_file_close(0), -EPERM);
    assert_int_equal(leash_file_read(0, seen.text, 1), -EPERM);
}

/* ---- names ---- */

static int names(void *arg)
{
    struct stat status = {0}, link = {0};
    (void)arg;
    seen.rc[0] = leash_file_mkdir("made", 0700);
    seen.rc[1] = leash_file_mkdir("made", 0700);
    seen.rc[2] = leash_write_file("made/a", "hello", 5);
    seen.rc[3] = leash_file_rename("made/a", "made/b");
    seen.rc[4] = symlink("b", "made/link");
    seen.rc[5] = leash_file_stat("made/link", &status) | (status.st_size != 5);
    seen.rc[6] = leash_file_lstat("made/link", &link) | !S_ISLNK(link.st_mode);
    seen.rc[7] = leash_file_rmdir("made");
    seen.rc[8] = leash_file_unlink("made/b") | leash_file_unlink("made/link") | leash_file_rmdir("made");
    seen.rc[9] = leash_file_stat("made", &status);
    seen.rc[10] = leash_file_unlink(NULL);
    seen.rc[11] = leash_file_rename("made", NULL);
    return leash_file_stat("made", NULL) == -EINVAL ? 0 : -EPROTO;
}

static void test_names(void **state)
{
    static const int expected[] = {0, -EEXIST, 0, 0, 0, 0, 0, -ENOTEMPTY, 0, -ENOENT, -EINVAL, -EINVAL};
    (void)state;
    assert_int_equal(run_virtual(names, NULL), 0);
    assert_memory_equal(seen.rc, expected, sizeof expected);
}

/* ---- cancellation ---- */

static int reads_five(void *arg)
{
    char bytes[8] = "untouch";
    int rc = leash_file_read(seen.fd, bytes, 5);
    memcpy(seen.text, bytes, sizeof bytes);
    (void)arg;
    return rc;
}

/* Cancels a task that waits for a thread, which a job keeps. */
static int cancels_what_waits(leash_fn_t body)
{
    leash_future_t held = leash_to_thread(is_held, NULL);
    wait_for(&seen.began);
    leash_task_t task = leash_create_task(leash_coro(body, NULL));
    leash_sleep(0);
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    seen.rc[2] = fcntl(seen.fd, F_GETFD) >= 0;
    sem_post(&seen.go);
    leash_await(held, NULL);
    return rc;
}

static int a_read_that_waits(void *arg)
{
    (void)arg;
    put_file("data", "hello");
    seen.fd = leash_file_open("data", O_RDONLY, 0);
    seen.rc[0] = cancels_what_waits(reads_five);
    seen.rc[1] = (int)lseek(seen.fd, 0, SEEK_CUR);
    return leash_file_close(seen.fd);
}

static void test_what_no_thread_has_begun_is_not_done(void **state)
{
    (void)state;
    assert_int_equal(run_with_threads(a_read_that_waits, 1), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_int_equal(seen.rc[1], 0);
    assert_string_equal(seen.text, "untouch");
}

static int closes_it(void *arg)
{
    (void)arg;
    return leash_file_close(seen.fd);
}

static int a_close_that_waits(void *arg)
{
    (void)arg;
    put_file("data", "hello");
    seen.fd = leash_file_open("data", O_RDONLY, 0);
    seen.rc[0] = cancels_what_waits(closes_it);
    return 0;
}

static void test_a_cancelled_close_closes(void **state)
{
    (void)state;
    assert_int_equal(run_with_threads(a_close_that_waits, 1), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_int_equal(seen.rc[2], 1); /* not by the loop's thread */
    assert_int_equal(fcntl(seen.fd, F_GETFD), -1);
}

/* Opened for both, so that it never waits for a peer. */
static void make_fifo(void)
{
    mkfifo("fifo", 0600);
    seen.fd = open("fifo", O_RDWR);
}

static int reads_from_the_fifo(void)
{
    make_fifo();
    leash_task_t task = leash_create_task(leash_coro(reads_five, NULL));
    leash_sleep(0);
    wait_for(&seen.began);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static int a_read_that_is_being_done(void *arg)
{
    (void)arg;
    seen.rc[0] = reads_from_the_fifo();
    if (write(seen.fd, "hello", 5) != 5)
        return -EPROTO;
    return 0;
}

static void test_a_read_that_is_being_done_touches_nothing(void **state)
{
    int nothing = 1;
    (void)state;
    assert_int_equal(run_virtual(a_read_that_is_being_done, NULL), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_string_equal(seen.text, "untouch");
    ioctl(seen.fd, FIONREAD, &nothing);
    assert_int_equal(nothing, 0); /* what it got is lost */
    close(seen.fd);
}

static int closes_while_it_is_read(void *arg)
{
    (void)arg;
    int rc = reads_from_the_fifo(), keeps = dup(seen.fd);
    seen.rc[0] = leash_file_close(seen.fd);
    seen.rc[1] = fcntl(seen.fd, F_GETFD) >= 0; /* not yet: the number must not become another file's */
    seen.rc[2] = leash_file_close(seen.fd);
    seen.rc[3] = leash_file_read(seen.fd, seen.text, 1);
    if (write(keeps, "hello", 5) != 5)
        return -EPROTO;
    close(keeps);
    return rc;
}

static void test_a_descriptor_is_closed_when_nothing_works_on_it(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(closes_while_it_is_read, NULL), -ECANCELED);
    assert_int_equal(seen.rc[0], 0);
    assert_int_equal(seen.rc[1], 1);
    assert_int_equal(seen.rc[2], -EBADF);
    assert_int_equal(seen.rc[3], -EBADF);
    assert_int_equal(fcntl(seen.fd, F_GETFD), -1); /* leash_run has waited for that */
}

static int opens_the_fifo(void *arg)
{
    (void)arg;
    return leash_file_open("fifo", O_WRONLY, 0);
}

/* Opening for writing waits for a reader. */
static int an_open_that_is_being_done(void *arg)
{
    (void)arg;
    mkfifo("fifo", 0600);
    leash_task_t task = leash_create_task(leash_coro(opens_the_fifo, NULL));
    leash_sleep(0);
    wait_for(&seen.began);
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    seen.fd = open("fifo", O_RDONLY | O_NONBLOCK);
    return rc;
}

static void test_what_a_cancelled_open_opens_is_closed(void **state)
{
    int before = open_descriptors();
    (void)state;
    assert_int_equal(run_virtual(an_open_that_is_being_done, NULL), -ECANCELED);
    close(seen.fd);
    assert_int_equal(open_descriptors(), before);
}

static int reads_the_fifo_whole(void *arg)
{
    char *data = seen.text;
    (void)arg;
    int rc = leash_read_file("fifo", &data, NULL);
    seen.rc[1] = data == seen.text;
    return rc;
}

static int a_whole_one_that_is_being_done(void *arg)
{
    (void)arg;
    make_fifo();
    leash_task_t task = leash_create_task(leash_coro(reads_the_fifo_whole, NULL));
    leash_sleep(0);
    wait_for(&seen.began);
    leash_cancel(task, NULL);
    seen.rc[0] = leash_await(task, NULL);
    int rc = write(seen.fd, "hello", 5) == 5 ? 0 : -EPROTO;
    close(seen.fd);
    return rc;
}

static void test_what_a_cancelled_call_has_read_is_freed(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(a_whole_one_that_is_being_done, NULL), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_int_equal(seen.rc[1], 1);
}

/* ---- the end of the loop ---- */

static int leaves_a_read(void *arg)
{
    (void)arg;
    reads_from_the_fifo();
    leash_file_close(seen.fd);
    return 0;
}

static void test_a_loop_that_ends_before(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.cleanup_timeout = 0.02;
    assert_int_equal(run_options(leaves_a_read, NULL, &options), 0);
    assert_true(fcntl(seen.fd, F_GETFD) >= 0); /* a thread still reads it */
    assert_int_equal(write(seen.fd, "hello", 5), 5);
    assert_int_equal(run_virtual(whole, NULL), 0);
    close(seen.fd);
}

static int leaves_some_open(void *arg)
{
    (void)arg;
    put_file("data", "hello");
    int left = leash_file_open("data", O_RDONLY, 0), closed = leash_file_open("data", O_RDONLY, 0);
    int elsewhere = leash_file_open("data", O_RDONLY, 0);
    leash_file_close(closed);
    close(elsewhere);
    seen.fd = left;
    return leash_file_read(left, seen.text, 5);
}

static void test_what_is_left_open_is_told(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(leaves_some_open, NULL), 5);
    close(seen.fd);
    const struct sink_event *judged = sink_find(LEASH_EV_JUDGED, 0), *job = sink_find(LEASH_EV_OBJECT, 0);
    assert_int_equal(sink_count_of(LEASH_EV_JUDGED), 1);
    assert_int_equal(judged->a, sink_find(LEASH_EV_OBJECT, 1)->a);
    assert_int_equal(judged->b, LEASH_SUBJECT_OBJECT);
    assert_int_equal(judged->c, LEASH_FACT_LEFT_OPEN);
    assert_int_equal(job->b, LEASH_OBJECT_THREAD_JOB);
    assert_int_equal(sink_find(LEASH_EV_OBJECT, 1)->b, LEASH_OBJECT_DESCRIPTOR);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "open data");
    assert_string_equal(sink_find(LEASH_EV_NAME, 1)->text, "file data");
    assert_string_equal(sink_find(LEASH_EV_NAME, 6)->text, "close data");
    assert_string_equal(sink_find(LEASH_EV_NAME, 7)->text, "read data");
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, job->a);
    sink_off();
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_whole_files),
        TEST(test_whole_files_fail),
        TEST(test_descriptors),
        TEST(test_descriptors_fail),
        TEST(test_names),
        TEST(test_what_no_thread_has_begun_is_not_done),
        TEST(test_a_cancelled_close_closes),
        TEST(test_a_read_that_is_being_done_touches_nothing),
        TEST(test_a_descriptor_is_closed_when_nothing_works_on_it),
        TEST(test_what_a_cancelled_open_opens_is_closed),
        TEST(test_what_a_cancelled_call_has_read_is_freed),
        TEST(test_a_loop_that_ends_before),
        TEST(test_what_is_left_open_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
