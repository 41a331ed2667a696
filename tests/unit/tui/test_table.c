/* The cursor stays inside whatever happens to rows and sizes; columns fit or are left out. */
#include "table.h"
#include "test.h"

#include <string.h>

static const struct table_column columns[] = {
    {"name", "NAME", NULL, 0, 10, 5, 1, ALIGN_LEFT, true, false},
    {"count", "COUNT", "N", 0, 7, 2, 0, ALIGN_RIGHT, true, false},
    {"site", "SITE", NULL, 1, 12, 8, 1, ALIGN_LEFT, true, false},
    {"also", "ALSO", NULL, 2, 8, 0, 0, ALIGN_LEFT, false, false},
    {"rare", "RARE", NULL, 3, 8, 0, 0, ALIGN_LEFT, false, true},
};

static void begin(struct table *table)
{
    table_open(table, columns, sizeof columns / sizeof *columns);
}

static void expect_widths(struct table *table, int width, int name, int count, int site, int also)
{
    table_fit(table, width);
    assert_int_equal(table->slots[0].width, name);
    assert_int_equal(table->slots[1].width, count);
    assert_int_equal(table->slots[2].width, site);
    assert_int_equal(table->slots[3].width, also);
    assert_int_equal(table->slots[4].width, 0);
}

static void test_columns(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    expect_widths(&table, 46, 10, 7, 12, 8);
    expect_widths(&table, 50, 12, 7, 14, 8);
    expect_widths(&table, 45, 14, 7, 17, 0); /* the least wanted one goes before others shrink */
    expect_widths(&table, 35, 23, 7, 0, 0);
    expect_widths(&table, 18, 10, 3, 0, 0); /* then what does not grow shrinks */
    expect_widths(&table, 14, 7, 2, 0, 0);
    expect_widths(&table, 3, 5, 2, 0, 0); /* and never below what it needs */
    table_close(&table);
}

static void test_a_hidden_column_stays_hidden(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table.hidden |= 1u << 2;
    expect_widths(&table, 100, 78, 7, 0, 8);
    table_close(&table);
}

static void test_room_goes_where_cells_are_cut(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table_want(&table, 2, 20);
    table_want(&table, 0, 9);
    expect_widths(&table, 50, 9, 7, 17, 8);  /* what is left over, all of it, and what the other can do without */
    expect_widths(&table, 60, 13, 7, 23, 8); /* with enough for both it is shared as ever */
    table_want(&table, 0, 12);
    table_want(&table, 0, 4); /* the widest counts */
    expect_widths(&table, 50, 12, 7, 14, 8);
    table_want(&table, 1, 40);
    expect_widths(&table, 46, 10, 7, 12, 8); /* what does not grow does not count */
    table_close(&table);
}

static void test_headings(void **state)
{
    struct table table;
    struct styled text = {0};
    (void)state;
    begin(&table);
    table.sort = 1;
    table.descending = true;
    table_fit(&table, 46);
    table_heading(&table, 1, true, &text);
    assert_string_equal(buffer_text(&text.text), "COUNT v");
    styled_clear(&text);
    table_fit(&table, 14);
    table_heading(&table, 1, true, &text);
    assert_string_equal(buffer_text(&text.text), "N v");
    styled_free(&text);
    table_close(&table);
}

static void expect_at(const struct table *table, size_t cursor, size_t top)
{
    assert_int_equal(table->cursor, cursor);
    assert_int_equal(table->top, top);
}

static void test_moving(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table_move(&table, 1); /* no rows: nothing */
    expect_at(&table, 0, 0);
    table_clamp(&table, 100, 10);
    table_move(&table, 12);
    expect_at(&table, 12, 3);
    table_move(&table, INT64_MAX);
    expect_at(&table, 99, 90);
    table_move(&table, -5);
    expect_at(&table, 94, 90);
    table_move(&table, -INT64_MAX);
    expect_at(&table, 0, 0);
    table_close(&table);
}

static void test_scrolling_keeps_the_row(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table_clamp(&table, 100, 10);
    table_move(&table, 5);
    table_scroll(&table, 3);
    expect_at(&table, 5, 3);
    table_scroll(&table, 3);
    expect_at(&table, 6, 6); /* as far as it has to */
    table_scroll(&table, 1000);
    expect_at(&table, 90, 90);
    table_close(&table);
}

static void test_sizes_and_rows_change(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table_clamp(&table, 100, 10);
    table_move(&table, 99);
    table_clamp(&table, 100, 40); /* grown: nothing empty below the last row */
    expect_at(&table, 99, 60);
    table_clamp(&table, 100, 1);
    expect_at(&table, 99, 99);
    table_clamp(&table, 3, 10);
    expect_at(&table, 2, 0);
    table_clamp(&table, 0, 10);
    expect_at(&table, 0, 0);
    table_close(&table);
}

static void test_going_keeps_the_line_on_the_screen(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    table_clamp(&table, 100, 10);
    table_move(&table, 4);
    table_go(&table, 50);
    expect_at(&table, 50, 46);
    table_go(&table, 1);
    expect_at(&table, 1, 0);
    table_go(&table, 1000);
    expect_at(&table, 99, 90);
    table_close(&table);
}

static void test_tags(void **state)
{
    struct table table;
    (void)state;
    begin(&table);
    for (uint64_t key = 0; key < 50; key++)
        table_tag(&table, key);
    table_tag(&table, 7);
    assert_false(table_tagged(&table, 7));
    assert_true(table_tagged(&table, 49));
    assert_int_equal(table.tags_count, 49);
    table_untag_all(&table);
    assert_false(table_tagged(&table, 49));
    table_close(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_a_hidden_column_stays_hidden),
        cmocka_unit_test(test_room_goes_where_cells_are_cut),
        cmocka_unit_test(test_headings),
        cmocka_unit_test(test_moving),
        cmocka_unit_test(test_scrolling_keeps_the_row),
        cmocka_unit_test(test_sizes_and_rows_change),
        cmocka_unit_test(test_going_keeps_the_line_on_the_screen),
        cmocka_unit_test(test_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
