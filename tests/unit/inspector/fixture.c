#include "fixture.h"
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int fixture_begin(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    snprintf(fixture->dir, sizeof fixture->dir, "/tmp/leash-test-XXXXXX");
    assert_non_null(mkdtemp(fixture->dir));
    assert_int_equal(chmod(fixture->dir, 0755), 0);
    snprintf(fixture->path, sizeof fixture->path, "%s/t.db", fixture->dir);
    *state = fixture;
    return 0;
}

static void remove_tree(const char *path)
{
    char name[1024];
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (unlink(name) < 0)
            remove_tree(name);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}

int fixture_end(void **state)
{
    struct fixture *fixture = *state;
    chmod(fixture->dir, 0755);
    remove_tree(fixture->dir);
    free(fixture);
    return 0;
}

const char *fixture_name(const struct fixture *fixture, const char *name)
{
    static char names[8][256];
    static unsigned next;
    char *text = names[next++ % 8];
    snprintf(text, sizeof names[0], "%s/%s", fixture->dir, name);
    return text;
}

static void run_sql(sqlite3 *db, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s in: %.200s", message, sql);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    size_t length = fixture_size(path);
    char *text = calloc(1, length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, length, file), length);
    fclose(file);
    return text;
}

char *fixture_text(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, FIXTURE_FOLDER "/%s", name);
    char *text = read_all(path);
    assert_non_null(text);
    return text;
}

static sqlite3 *create(const char *path, const char *sql)
{
    sqlite3 *db;
    char *schema = read_all(FIXTURE_SCHEMA);
    assert_non_null(schema);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run_sql(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; BEGIN");
    run_sql(db, schema);
    if (sql)
        run_sql(db, sql);
    run_sql(db, "COMMIT");
    free(schema);
    return db;
}

void fixture_make(const char *path, const char *sql)
{
    sqlite3_close(create(path, sql));
}

void fixture_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run_sql(db, sql);
    sqlite3_close(db);
}

void fixture_make_killed(const char *path, const char *sql)
{
    char other[512], from[600], to[600];
    snprintf(other, sizeof other, "%s.alive", path);
    sqlite3 *db = create(other, sql);
    fixture_copy(other, path);
    snprintf(from, sizeof from, "%s-wal", other);
    snprintf(to, sizeof to, "%s-wal", path);
    fixture_copy(from, to);
    sqlite3_close(db);
    unlink(other);
}

void fixture_keep_wal(const char *path, const char *sql, const char *wal)
{
    sqlite3 *db;
    char from[600];
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    run_sql(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
    run_sql(db, sql);
    snprintf(from, sizeof from, "%s-wal", path);
    fixture_copy(from, wal);
    sqlite3_close(db);
}

void fixture_write(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

void fixture_copy(const char *from, const char *to)
{
    char *bytes = read_all(from);
    assert_non_null(bytes);
    fixture_write(to, bytes, fixture_size(from));
    free(bytes);
}

size_t fixture_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

void fixture_golden(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, FIXTURE_FOLDER "/golden/%s", name);
    if (getenv("UPDATE_GOLDEN"))
        fixture_write(path, text, strlen(text));
    char *golden = read_all(path);
    if (golden && strcmp(golden, text) == 0) {
        free(golden);
        return;
    }
    print_message("--- %s\n%s\n+++ now\n%s\n(UPDATE_GOLDEN=1 accepts it)\n", name, golden ? golden : "(none)", text);
    free(golden);
    fail_msg("%s differs", name);
}
