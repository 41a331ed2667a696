#include "recorded.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_FILE                "stderr.txt"
#define EVENT_ID(thread, number) ((uint64_t)((thread) + 1) << 32 | (number))

static char folder[] = "/tmp/leash-recorded-XXXXXX";
static char said[65536], text[65536];

/* ---- files ---- */

void recorded_setup(void)
{
    if (!mkdtemp(folder) || chdir(folder) < 0) {
        perror(folder);
        abort();
    }
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

void recorded_cleanup(void)
{
    if (chdir("/") == 0)
        nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

bool recorded_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* ---- programs ---- */

struct leash_options recorded_options(const char *path)
{
    return (struct leash_options){
        .size = sizeof(struct leash_options),
        .trace = path,
        .stack_size = 65536,
        .spool_size = 64 << 20,
        .cleanup_timeout = 5,
        .blocked_ms = 100,
        .scan = 1,
        .report = 1,
        .overflow = LEASH_OVERFLOW_WAIT,
    };
}

static pid_t start(void (*program)(void *argument), void *argument, int error_fd)
{
    fflush(NULL);
    pid_t child = fork();
    if (child != 0)
        return child;
    if (error_fd >= 0)
        dup2(error_fd, STDERR_FILENO);
    program(argument);
    exit(0);
}

pid_t recorded_start(void (*program)(void *argument), void *argument)
{
    return start(program, argument, -1);
}

int recorded_wait(pid_t child)
{
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void read_said(void)
{
    size_t length = 0;
    FILE *in = fopen(SAID_FILE, "r");
    if (in) {
        length = fread(said, 1, sizeof said - 1, in);
        fclose(in);
    }
    said[length] = '\0';
}

int recorded_run(void (*program)(void *argument), void *argument)
{
    int fd = open(SAID_FILE, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int code = recorded_wait(start(program, argument, fd));
    close(fd);
    read_said();
    if (code != 0)
        fputs(said, stderr);
    return code;
}

const char *recorded_stderr(void)
{
    return said;
}

/* ---- traces ---- */

static bool query(const char *path, const char *sql, sqlite3 **db, sqlite3_stmt **select)
{
    *select = NULL;
    int rc = sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_busy_timeout(*db, 10000);
    rc = rc ? rc : sqlite3_prepare_v2(*db, sql, -1, select, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(*select);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fprintf(stderr, "%s: %s: %s\n", path, sql, sqlite3_errmsg(*db));
    return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

int64_t recorded_number(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *select;
    int64_t number = -2;
    if (query(path, sql, &db, &select)) {
        bool is_number = sqlite3_column_type(select, 0) == SQLITE_INTEGER;
        number = is_number ? sqlite3_column_int64(select, 0) : -1;
    }
    sqlite3_finalize(select);
    sqlite3_close(db);
    return number;
}

const char *recorded_text(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *select;
    text[0] = '\0';
    if (query(path, sql, &db, &select)) {
        const char *value = (const char *)sqlite3_column_text(select, 0);
        snprintf(text, sizeof text, "%s", value ? value : "");
    }
    sqlite3_finalize(select);
    sqlite3_close(db);
    return text;
}

/* ---- numbered events ---- */

struct recorded_counts *recorded_counts_new(void)
{
    void *counts =
        mmap(NULL, sizeof(struct recorded_counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return counts == MAP_FAILED ? NULL : counts;
}

void recorded_counts_free(struct recorded_counts *counts)
{
    munmap(counts, sizeof *counts);
}

uint64_t recorded_counts_sum(const struct recorded_counts *counts)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < 8; i++)
        sum += __atomic_load_n(&counts->written[i], __ATOMIC_RELAXED);
    return sum;
}

/* Number n is one event, whose kind goes by n: rows that are added only (claims) or that are made (futures) and then
 * changed by the next number (their end), and one in 16 is text that spans several slots. */
void recorded_event(struct leash__events *events, struct recorded_counts *counts, unsigned thread)
{
    uint64_t number = counts->written[thread] + 1;
    uint64_t id = EVENT_ID(thread, number);
    char name[64];
    switch (number % 16) {
    case 1:
        leash__event(events, LEASH_EV_FUTURE, LEASH_SITE("numbered"), id, 0, 0);
        break;
    case 2:
        snprintf(name, sizeof name, "number %" PRIu64 " of thread %u", number - 1, thread);
        leash__events_text(events, LEASH_EV_NAME, NULL, id - 1, LEASH_SUBJECT_FUTURE, name, strlen(name));
        break;
    case 3:
        leash__event_at(events, LEASH_EV_FUTURE_DONE, NULL, id - 2, 0, number);
        break;
    default:
        leash__event(events, LEASH_EV_CLAIM, NULL, id, LEASH_CLAIM_REF, LEASH_SUBJECT_FUTURE);
    }
    __atomic_store_n(&counts->written[thread], number, __ATOMIC_RELEASE);
}

/* How many numbers up to `last` leave each remainder of 16 in [from, to]. */
static uint64_t expected(uint64_t last, unsigned from, unsigned to)
{
    uint64_t count = last / 16 * (to - from + 1);
    for (unsigned rest = 1; rest <= last % 16; rest++)
        count += rest >= from && rest <= to;
    return count;
}

static uint64_t expected_claims(uint64_t last)
{
    return expected(last, 4, 15) + last / 16;
}

static int64_t ask(const char *path, unsigned thread, const char *what)
{
    char sql[512];
    snprintf(sql, sizeof sql, what, EVENT_ID(thread, 0), EVENT_ID(thread + 1, 0));
    return recorded_number(path, sql);
}

static int differ(const char *path, unsigned thread, const char *what, int64_t got, uint64_t wanted)
{
    if (got == (int64_t)wanted)
        return 0;
    fprintf(stderr, "%s: thread %u: %s: %" PRId64 " where %" PRIu64 " are due\n", path, thread, what, got, wanted);
    return 1;
}

#define BETWEEN " BETWEEN %" PRIu64 " AND %" PRIu64

int recorded_check(const char *path, const struct recorded_counts *counts, unsigned thread)
{
    int64_t last = ask(path, thread,
                       "SELECT max(n) FROM (SELECT subject_id n FROM claim UNION ALL SELECT id FROM future "
                       "UNION ALL SELECT id + 1 FROM future WHERE name IS NOT NULL "
                       "UNION ALL SELECT id + 2 FROM future WHERE state = 'done') WHERE n" BETWEEN);
    uint64_t number = last > 0 ? (uint64_t)last & UINT32_MAX : 0, counted = counts->written[thread];
    int wrong = number != counted && number != counted + 1;
    if (wrong)
        fprintf(stderr, "%s: thread %u: last number %" PRIu64 " where %" PRIu64 " are due\n", path, thread, number,
                counted);
    wrong += differ(path, thread, "claims", ask(path, thread, "SELECT count(*) FROM claim WHERE subject_id" BETWEEN),
                    expected_claims(number));
    wrong += differ(path, thread, "distinct claims",
                    ask(path, thread, "SELECT count(DISTINCT subject_id) FROM claim WHERE subject_id" BETWEEN),
                    expected_claims(number));
    wrong += differ(path, thread, "futures", ask(path, thread, "SELECT count(*) FROM future WHERE id" BETWEEN),
                    expected(number, 1, 1));
    wrong += differ(path, thread, "names",
                    ask(path, thread,
                        "SELECT count(*) FROM future WHERE name = 'number ' || (id & 4294967295) || ' of thread ' || "
                        "((id >> 32) - 1) AND id" BETWEEN),
                    expected(number, 2, 2));
    wrong += differ(
        path, thread, "ends",
        ask(path, thread,
            "SELECT count(*) FROM future WHERE state = 'done' AND ended_ns = (id & 4294967295) + 2 AND id" BETWEEN),
        expected(number, 3, 3));
    return wrong;
}
