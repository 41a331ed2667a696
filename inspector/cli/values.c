#include "values.h"
#include "model.h"
#include "suggest.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool value_duration(const char *text, double *seconds)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9}, {"m", 60}, {"h", 3600}};
    char *end;
    double value = strtod(text, &end);
    if (end == text || !isfinite(value) || value < 0)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(units[i].unit, end) == 0) {
            *seconds = value * units[i].seconds;
            return *seconds <= 1e8;
        }
    }
    return false;
}

bool value_instant(const char *text, int64_t *ns)
{
    double seconds;
    bool known = value_duration(text + (*text == '+'), &seconds);
    if (known)
        *ns = (int64_t)(seconds * 1e9 + 0.5);
    return known;
}

bool value_number(const char *text, int64_t least, int64_t most, int64_t *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (end == text || *end || errno || value < least || value > most)
        return false;
    *number = value;
    return true;
}

bool value_classes(const char *text, uint32_t *classes, char *wrong, const char **near)
{
    struct suggestion suggestion;
    while (*text) {
        size_t length = strcspn(text, ",");
        snprintf(wrong, 64, "%.*s", (int)(length < 63 ? length : 63), text);
        int index = model_class_index(wrong);
        if (index < 0) {
            suggest_begin(&suggestion, wrong);
            for (size_t i = 0; i < model_classes_count; i++)
                suggest_offer(&suggestion, model_classes[i].name);
            *near = suggestion.best;
            return false;
        }
        *classes |= 1u << index;
        text += length;
        text += *text == ',';
    }
    return true;
}
