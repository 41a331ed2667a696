#include "codes.h"
#include <string.h>

int codes_number(struct codes *codes, const char *text)
{
    for (size_t i = 0; i < codes->count; i++)
        if (!strcmp(codes->texts[i], text))
            return -(CODES_FIRST + (int)i);
    if (!codes->texts)
        codes->texts = arena_alloc(codes->arena, CODES_MAX * sizeof(*codes->texts));
    if (codes->count == CODES_MAX)
        return 0;
    codes->texts[codes->count] = arena_copy(codes->arena, text);
    return -(CODES_FIRST + (int)codes->count++);
}

bool codes_is(int rc)
{
    return rc <= -CODES_FIRST && rc > -CODES_FIRST - CODES_MAX;
}

const char *codes_text(const struct codes *codes, int rc)
{
    return codes_is(rc) && (size_t)(-rc - CODES_FIRST) < codes->count ? codes->texts[-rc - CODES_FIRST] : "?";
}
