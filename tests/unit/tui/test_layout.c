/* Every size: parts lie inside the screen and never over one another. */
#include "layout.h"
#include "test.h"

#include <string.h>

static char taken[200][300];

static void take(int rows, int cols, struct rect rect)
{
    for (int row = rect.row; row < rect.row + rect.rows; row++) {
        for (int col = rect.col; col < rect.col + rect.cols; col++) {
            assert_in_range(row, 0, rows - 1);
            assert_in_range(col, 0, cols - 1);
            assert_false(taken[row][col]);
            taken[row][col] = 1;
        }
    }
}

static void take_row(int rows, int cols, int row)
{
    if (row >= 0)
        take(rows, cols, (struct rect){row, 0, 1, cols});
}

static void test_parts_never_overlap(void **state)
{
    (void)state;
    for (int rows = 1; rows < 70; rows++) {
        for (int cols = 1; cols < 180; cols += cols < 70 ? 1 : 7) {
            for (int kind = 0; kind < 24; kind++) {
                const struct layout_wants wants = {
                    (enum layout_pane)(kind % 3), kind & 4, kind & 8 ? 3 : 0, kind & 1, kind % 5 ? 0 : 8, kind};
                struct layout layout;
                layout_make(rows, cols, &wants, &layout);
                memset(taken, 0, sizeof taken);
                if (layout.tiny)
                    continue;
                take_row(rows, cols, layout.tabs);
                take_row(rows, cols, layout.crumb);
                take_row(rows, cols, layout.status);
                take_row(rows, cols, layout.hints);
                take(rows, cols, layout.above);
                take(rows, cols, layout.list);
                take(rows, cols, layout.below);
                take(rows, cols, layout.detail);
                assert_true(layout.list.rows > 0 || wants.pane == LAYOUT_DETAIL);
            }
        }
    }
}

static void test_shapes(void **state)
{
    struct layout layout;
    const struct layout_wants wants = {.header = true, .list = 500};
    (void)state;
    layout_make(3, 80, &wants, &layout);
    assert_true(layout.tiny);
    layout_make(4, 20, &wants, &layout);
    assert_false(layout.tiny);
    layout_make(12, 40, &wants, &layout);
    assert_int_equal(layout.detail.rows, 0);
    assert_int_equal(layout.crumb, -1);
    layout_make(24, 80, &wants, &layout);
    assert_int_equal(layout.detail.rows, 10);
    assert_false(layout.side);
    layout_make(30, 100, &wants, &layout);
    assert_int_equal(layout.detail.rows, 13);
    layout_make(40, 140, &wants, &layout);
    assert_true(layout.side);
    assert_int_equal(layout.list.cols, 77);
}

static void test_a_short_list_leaves_room_to_the_detail(void **state)
{
    struct layout layout;
    const struct layout_wants wants = {.header = true, .list = 6};
    (void)state;
    layout_make(30, 100, &wants, &layout);
    assert_int_equal(layout.list.rows, 8);
    assert_int_equal(layout.detail.rows, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_never_overlap),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_a_short_list_leaves_room_to_the_detail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
