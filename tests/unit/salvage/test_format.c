/* Cells and records, well made and not. */
#include "salvage/format.h"
#include "test.h"

#include <string.h>

static struct format_value values[FORMAT_COLUMNS];

static void test_record(void **state)
{
    (void)state;
    /* NULL, 0, 1, -2, 300, 'ab', x'ff', 1.5 */
    static const uint8_t record[] = {9,   0,   8,    9,    1,    2, 17, 14, 7, 0xfe, 0x01, 0x2c,
                                     'a', 'b', 0xff, 0x3f, 0xf8, 0, 0,  0,  0, 0,    0};
    assert_int_equal(format_record(record, sizeof record, values), 8);
    assert_int_equal(values[0].type, FORMAT_NULL);
    assert_int_equal(values[1].integer, 0);
    assert_int_equal(values[2].integer, 1);
    assert_int_equal(values[3].integer, -2);
    assert_int_equal(values[4].integer, 300);
    assert_int_equal(values[5].type, FORMAT_TEXT);
    assert_memory_equal(values[5].bytes, "ab", 2);
    assert_int_equal(values[6].type, FORMAT_BLOB);
    assert_int_equal(values[6].length, 1);
    assert_true(values[7].real == 1.5);
    for (size_t length = 0; length < sizeof record; length++)
        assert_int_equal(format_record(record, length, values), 0); /* cut off */
}

static void test_no_record(void **state)
{
    (void)state;
    static const uint8_t reserved[] = {2, 10}, long_header[] = {0x81, 0x00, 1},
                         endless[] = {0xff, 0xff, 0xff, 0xff, 0xff};
    static const uint8_t huge[] = {6, 0xff, 0xff, 0xff, 0xff, 0x7f}, empty_header[] = {0, 1, 1};
    assert_int_equal(format_record(reserved, sizeof reserved, values), 0);
    assert_int_equal(format_record(long_header, sizeof long_header, values), 0);
    assert_int_equal(format_record(endless, sizeof endless, values), 0);
    assert_int_equal(format_record(huge, sizeof huge, values), 0);
    assert_int_equal(format_record(empty_header, sizeof empty_header, values), 0);
}

static void test_more_columns_than_any_table(void **state)
{
    (void)state;
    uint8_t record[101] = {101};
    assert_int_equal(format_record(record, sizeof record, values), 100);
}

static void test_page(void **state)
{
    (void)state;
    uint8_t page[FORMAT_PAGE_LEAST] = {FORMAT_TABLE_LEAF, 0, 0, 0, 2, 1, 0xf0};
    struct format_page parsed;
    struct format_cell cell;
    page[8] = 1, page[9] = 0xf0;                                      /* cell 0 at 496 */
    page[10] = 1, page[11] = 0xff;                                    /* cell 1 at 511: cut off */
    page[496] = 3, page[497] = 0x81, page[498] = 0x01, page[499] = 2; /* three bytes, rowid 129 */
    assert_true(format_page(page, sizeof page, 0, &parsed));
    assert_true(format_page_is_leaf(&parsed));
    assert_true(format_cell(&parsed, 0, &cell));
    assert_int_equal(cell.rowid, 129);
    assert_int_equal(cell.local, 3);
    assert_ptr_equal(cell.bytes, page + 499);
    page[511] = 0x85;
    assert_false(format_cell(&parsed, 1, &cell));
    page[9] = 4, page[8] = 0;
    assert_false(format_cell(&parsed, 0, &cell)); /* within the header */
    page[3] = 1;
    assert_false(format_page(page, sizeof page, 0, &parsed)); /* more cells than a page holds */
    page[0] = 7;
    assert_false(format_page(page, sizeof page, 0, &parsed));
}

static void test_overflow(void **state)
{
    (void)state;
    uint8_t page[FORMAT_PAGE_LEAST] = {FORMAT_TABLE_LEAF, 0, 0, 0, 1};
    struct format_page parsed;
    struct format_cell cell;
    page[9] = 20;
    page[20] = 0x84, page[21] = 0x58, page[22] = 1; /* 600 bytes */
    assert_true(format_page(page, sizeof page, 0, &parsed));
    assert_true(format_cell(&parsed, 0, &cell));
    assert_int_equal(cell.payload, 600);
    assert_int_equal(cell.local, 39 + (600 - 39) % 508);
    page[8] = 1, page[9] = 0xc0, page[448] = 0x84, page[449] = 0x58, page[450] = 1;
    assert_false(format_cell(&parsed, 0, &cell)); /* would go beyond the page */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_record), cmocka_unit_test(test_no_record),
                                       cmocka_unit_test(test_more_columns_than_any_table), cmocka_unit_test(test_page),
                                       cmocka_unit_test(test_overflow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
