/* Numbers, times and ids, as they are typed. */
#include "tree.h"

#include <string.h>

bool filter_number(const char *text, size_t length, int64_t *out)
{
    bool minus = length > 1 && *text == '-';
    int64_t value = 0;
    for (size_t i = minus; i < length; i++)
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text[i] - '0', &value))
            return false;
    *out = minus ? -value : value;
    return length > 0;
}

static int64_t unit_ns(const char *text, size_t length)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000}, {"h", 3600000000000}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i].name) == length && strncmp(units[i].name, text, length) == 0)
            return units[i].ns;
    return 0;
}

/* The digits behind the point, in units; what is less than a nanosecond is cut. */
static int64_t fraction_ns(const char *digits, size_t count, int64_t unit)
{
    int64_t ns = 0;
    for (size_t i = 0; i < count && unit >= 10; i++) {
        unit /= 10;
        ns += (digits[i] - '0') * unit;
    }
    return ns;
}

bool filter_time(const char *text, size_t length, int64_t *out)
{
    static const char digits[] = "0123456789";
    bool minus = length && *text == '-';
    if (length && (*text == '+' || minus)) {
        text++;
        length--;
    }
    size_t whole = strspn(text, digits), fraction = 0, used;
    int64_t number = 0, ns;
    if (whole > length)
        whole = length;
    used = whole;
    if (used < length && text[used] == '.') {
        fraction = strspn(text + used + 1, digits);
        used += 1 + fraction;
    }
    if (used > length || whole + fraction == 0 || (whole && !filter_number(text, whole, &number)))
        return false;
    int64_t unit = unit_ns(text + used, length - used);
    if (unit == 0 && (used < length || number || fraction))
        return false;
    if (__builtin_mul_overflow(number, unit, &ns) ||
        __builtin_add_overflow(ns, fraction_ns(text + whole + 1, fraction, unit), &ns))
        return false;
    *out = minus ? -ns : ns;
    return true;
}

bool filter_range(const char *text, bool (*read)(const char *, size_t, int64_t *), struct filter_range *out)
{
    const char *dots = strstr(text, "..");
    *out = (struct filter_range){INT64_MIN, INT64_MAX};
    if (!dots) {
        bool known = read(text, strlen(text), &out->low);
        out->high = out->low;
        return known;
    }
    const char *behind = dots + 2;
    return (dots > text || *behind) && (dots == text || read(text, (size_t)(dots - text), &out->low)) &&
           (!*behind || read(behind, strlen(behind), &out->high));
}

bool filter_id(const char *text, struct model_ref *out)
{
    bool bare = *text >= '0' && *text <= '9';
    if (!model_ref_parse(text, out))
        return false;
    if (bare)
        out->kind = MODEL_NONE;
    return true;
}
