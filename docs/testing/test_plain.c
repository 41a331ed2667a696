/* The same without a framework: leash_assert_no_leaks() aborts with the report. */
#include <assert.h>
#include <leash.h>

#include "basket.h"

static int total_of_two(void *arg)
{
    return basket_total(arg);
}

int main(void)
{
    struct basket basket = {{3, 4}, 2};
    int rc = leash_leaks_begin("total of two");
    assert(rc == 0);
    rc = leash_run(leash_coro(total_of_two, &basket));
    assert(rc == 7);
    leash_assert_no_leaks();
    return 0;
}
