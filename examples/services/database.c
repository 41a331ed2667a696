/* 4.16 An SQLite database, which blocks, behind coroutines that do not: each statement is a job of a thread, over a
 * connection of its own. Three queries run at the same time, then two inserts; SQLite lets one write and the other
 * wait.
 */
#include <errno.h>
#include <leash.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a thread gets: a private copy, as it may outlive whoever asked. */
struct statement {
    char path[64];
    char sql[192];
};

/* What a query found: id and text of each row. */
struct rows {
    int count;
    struct row {
        int id;
        char text[32];
    } row[16];
};

/* ---- on a thread ---- */

static int failed(sqlite3 *db, const char *sql)
{
    return leash_fail(-EIO, "%s: %s", sql, sqlite3_errmsg(db));
}

static int connected(const char *path, sqlite3 **db)
{
    int rc = sqlite3_open(path, db);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(*db, 10000); /* ms that a writer waits for another one */
    return rc == SQLITE_OK ? 0 : failed(*db, path);
}

static int run_script(void *arg)
{
    const struct statement *statement = arg;
    sqlite3 *db;
    int rc = connected(statement->path, &db);
    if (rc == 0 && sqlite3_exec(db, statement->sql, NULL, NULL, NULL) != SQLITE_OK)
        rc = failed(db, statement->sql);
    sqlite3_close(db);
    return rc;
}

static int read_rows(sqlite3 *db, const char *sql, struct rows *rows)
{
    sqlite3_stmt *query;
    if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK)
        return failed(db, sql);
    int step;
    while ((step = sqlite3_step(query)) == SQLITE_ROW && rows->count < 16) {
        struct row *row = &rows->row[rows->count++];
        const unsigned char *text = sqlite3_column_text(query, 1);
        row->id = sqlite3_column_int(query, 0);
        snprintf(row->text, sizeof(row->text), "%s", text ? (const char *)text : "NULL");
    }
    sqlite3_finalize(query);
    return step == SQLITE_DONE ? 0 : failed(db, sql);
}

static int run_query(void *arg)
{
    const struct statement *statement = arg;
    struct rows rows = {0};
    sqlite3 *db;
    int rc = connected(statement->path, &db);
    if (rc == 0)
        rc = read_rows(db, statement->sql, &rows);
    sqlite3_close(db);
    return rc < 0 ? rc : leash_return_copy(&rows, sizeof(rows));
}

/* ---- on the loop ---- */

/* Futures: the thread begins at once, whether somebody awaits it yet or not. */
static leash_future_t db_run(leash_fn_t fn, const char *path, const char *sql)
{
    struct statement statement;
    snprintf(statement.path, sizeof(statement.path), "%s", path);
    snprintf(statement.sql, sizeof(statement.sql), "%s", sql);
    return leash_to_thread_copy(fn, &statement, sizeof(statement));
}

static leash_future_t db_query(const char *path, const char *sql)
{
    printf("query: %s\n", sql);
    return db_run(run_query, path, sql);
}

static leash_future_t db_insert(const char *path, const char *name)
{
    char sql[96];
    printf("insert into users: %s\n", name);
    sqlite3_snprintf(sizeof(sql), sql, "INSERT INTO users(name) VALUES(%Q)", name);
    return db_run(run_script, path, sql);
}

static void print_rows(const char *title, const struct rows *rows)
{
    printf("- %s:", title);
    for (int i = 0; i < rows->count; i++)
        printf(" %d %s%s", rows->row[i].id, rows->row[i].text, i + 1 < rows->count ? "," : "\n");
}

static int query_all(const char *path)
{
    enum { QUERIES = 3 };
    static const char *const queries[QUERIES][2] = {
        {"users", "SELECT id, name FROM users ORDER BY id"},
        {"posts", "SELECT id, title FROM posts ORDER BY id"},
        {"comments", "SELECT id, text FROM comments ORDER BY id"},
    };
    leash_awaitable_t asked[QUERIES];
    struct leash_outcome found[QUERIES];
    for (size_t i = 0; i < QUERIES; i++)
        asked[i] = db_query(path, queries[i][1]);
    int rc = leash_gather_wait_array(asked, QUERIES, 0, found);
    if (rc < 0)
        return rc;
    printf("\n%d results:\n", QUERIES);
    for (size_t i = 0; i < QUERIES; i++)
        print_rows(queries[i][0], found[i].result);
    return 0;
}

static int insert_both(const char *path)
{
    puts("");
    leash_future_t alice = db_insert(path, "Alice");
    leash_future_t bob = db_insert(path, "Bob");
    int rc = leash_gather_wait(NULL, alice, bob);
    if (rc < 0)
        return rc;
    struct rows *rows;
    /* Either may have been first: ordered by their names, not by their ids. */
    rc = leash_await(db_query(path, "SELECT count(*), group_concat(name, ' and ') FROM "
                                    "(SELECT name FROM users WHERE id > 3 ORDER BY name)"),
                     (void **)&rows);
    if (rc == 0)
        print_rows("new users", rows);
    return rc;
}

static int use_database(const char *path)
{
    puts("making the database");
    int rc = leash_await(db_run(run_script, path,
                                "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT);"
                                "CREATE TABLE posts(id INTEGER PRIMARY KEY, title TEXT);"
                                "CREATE TABLE comments(id INTEGER PRIMARY KEY, text TEXT);"),
                         NULL);
    if (rc == 0)
        rc = leash_await(db_run(run_script, path,
                                "INSERT INTO users(name) VALUES('Ann'), ('Ben'), ('Cleo');"
                                "INSERT INTO posts(title) VALUES('Hello'), ('Again');"
                                "INSERT INTO comments(text) VALUES('nice'), ('why?'), ('because');"),
                         NULL);
    if (rc == 0)
        rc = query_all(path);
    if (rc == 0)
        rc = insert_both(path);
    return rc;
}

static int app(void *unused)
{
    char path[] = "/tmp/leash-database-XXXXXX";
    (void)unused;
    int fd = mkstemp(path);
    if (fd < 0)
        return leash_fail(-errno, "no file can be made in /tmp");
    close(fd);
    int rc = use_database(path);
    int removed = leash_file_unlink(path);
    if (rc == 0)
        puts("database removed");
    return rc < 0 ? rc : removed;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
