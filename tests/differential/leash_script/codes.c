#include "codes.h"
#include <string.h>

static size_t known(const struct codes *codes)
{
    return codes->given < CODES_MAX ? codes->given : CODES_MAX;
}

int codes_number(struct codes *codes, const char *text)
{
    for (size_t i = 0; i < known(codes); i++)
        if (!strcmp(codes->texts[i], text))
            return -(CODES_FIRST + (int)i);
    if (!codes->texts)
        codes->texts = arena_alloc(codes->arena, CODES_MAX * sizeof(*codes->texts));
    size_t at = codes->given++ % CODES_MAX;
    codes->texts[at] = arena_copy(codes->arena, text);
    return -(CODES_FIRST + (int)at);
}

bool codes_is(int rc)
{
    return rc <= -CODES_FIRST && rc > -CODES_FIRST - CODES_MAX;
}

const char *codes_text(const struct codes *codes, int rc)
{
    return codes_is(rc) && (size_t)(-rc - CODES_FIRST) < known(codes) ? codes->texts[-rc - CODES_FIRST] : "?";
}
