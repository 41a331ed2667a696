#include "completion.h"
#include "key.h"

#include <stdio.h>
#include <string.h>

static void keep_common(struct completion *completion, const char *rest)
{
    size_t same = 0;
    while (same < completion->common.length && completion->common.text[same] == rest[same])
        same++;
    completion->common.length = same;
    if (completion->common.text)
        completion->common.text[same] = '\0';
}

void completion_offer(struct completion *completion, const char *name)
{
    char spaced[128];
    if (strlen(name) < completion->length || strncasecmp(name, completion->word, completion->length) != 0)
        return;
    snprintf(spaced, sizeof spaced, " %s ", name);
    if (strstr(buffer_text(&completion->names), spaced))
        return;
    buffer_add(&completion->names, completion->names.length ? spaced + 1 : spaced);
    if (completion->count++ == 0)
        buffer_add(&completion->common, name + completion->length);
    else
        keep_common(completion, name + completion->length);
}

void completion_take(struct completion *completion, struct prompt *prompt, struct tui *tui)
{
    for (const char *at = buffer_text(&completion->common); *at; at++)
        prompt_key(prompt, (unsigned char)*at);
    if (completion->count == 0)
        tui_say(tui, ROLE_DIM, "nothing begins so");
    else if (completion->count > 1)
        tui_say(tui, ROLE_DIM, "%zu:%s", completion->count, buffer_text(&completion->names));
    buffer_free(&completion->common);
    buffer_free(&completion->names);
}
