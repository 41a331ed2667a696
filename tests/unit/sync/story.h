/* What happened in a test, in a few words each: the bodies of tasks write it down, the test compares. */
#ifndef LEASH_TEST_STORY_H
#define LEASH_TEST_STORY_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct story {
    char words[2048];
};

__attribute__((format(printf, 2, 3))) static inline void tell(struct story *story, const char *format, ...)
{
    size_t length = strlen(story->words);
    char *end = story->words + length;
    va_list arguments;
    if (length)
        end += snprintf(end, sizeof story->words - length, ", ");
    va_start(arguments, format);
    vsnprintf(end, sizeof story->words - (size_t)(end - story->words), format, arguments);
    va_end(arguments);
}

#endif
