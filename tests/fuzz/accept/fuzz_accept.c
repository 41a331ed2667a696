/* Reads what may be a file of suppressions and what may be a baseline. Anything but entries or a fault that lies within
 * the text aborts; so does a baseline that is not the same after it was written and read again. */
#include "fuzz_accept.h"
#include "accept/baseline.h"
#include "accept/pattern.h"
#include "glob.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static void check_fault(int rc, const struct accept_fault *fault, const struct accept_text *text)
{
    int lines = 1;
    for (size_t i = 0; i < text->length; i++)
        lines += text->bytes[i] == '\n';
    require(rc == 0 || rc == -EINVAL, "an error that is none of a text");
    require(rc == 0 || (fault->line >= 1 && fault->line <= lines && fault->column >= 1), "a fault outside of the text");
    require(rc == 0 || (fault->caret < sizeof fault->text && *fault->words), "a fault without words");
}

/* Every glob meets texts that look like what it may be after. */
static void try_globs(const struct suppressions *list)
{
    static const char *const texts[] = {"", "worker-0", "src/deep/pool.c", "\xff\x1b[31m", "a/b/c/d/e/f/g"};
    for (size_t i = 0; i < list->count; i++) {
        const struct pattern *pattern = list->items[i];
        require(pattern->text && pattern->place && (pattern->any || pattern->classes), "half an entry");
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            if (pattern->any)
                glob_match(pattern->any, texts[t]);
            for (size_t f = 0; f < FIELDS; f++)
                if (pattern->fields[f])
                    glob_match(pattern->fields[f], texts[t]);
        }
    }
}

static void read_suppressions(const struct accept_text *text, bool strict)
{
    struct accept_fault fault;
    struct suppressions *list = suppressions_new(0, strict);
    int rc = suppressions_parse(list, text, &fault);
    check_fault(rc, &fault, text);
    require(rc == 0 || suppressions_count(list) == 0, "entries of a file that was refused");
    try_globs(list);
    suppressions_free(list);
}

static void read_baseline(const struct accept_text *text)
{
    struct accept_fault fault;
    struct baseline *first = baseline_new(), *second = baseline_new();
    int rc = baseline_parse(first, text, &fault);
    check_fault(rc, &fault, text);
    if (rc == 0) {
        struct buffer once = {0}, twice = {0};
        baseline_text(first, &once);
        require(baseline_parse(second, &(struct accept_text){"written", once.text, once.length}, &fault) == 0,
                "what was written is refused");
        baseline_text(second, &twice);
        require(strcmp(buffer_text(&once), buffer_text(&twice)) == 0, "another baseline after writing it");
        buffer_free(&once);
        buffer_free(&twice);
    }
    baseline_free(first);
    baseline_free(second);
}

/* A glob made of a text matches that text. */
static void quote(const struct accept_text *text)
{
    struct buffer plain = {0}, glob = {0};
    buffer_add_bytes(&plain, text->bytes, strnlen(text->bytes, text->length));
    glob_quote(&glob, buffer_text(&plain), "\"#<^$={}");
    require(glob_match(buffer_text(&glob), buffer_text(&plain)), "a quoted text that does not match itself");
    buffer_free(&plain);
    buffer_free(&glob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Of this very size, so that a sanitizer sees a read beyond it. */
    char *bytes = malloc(size ? size : 1);
    memcpy(bytes, data, size);
    const struct accept_text text = {"input", bytes, size};
    read_suppressions(&text, size % 2);
    read_baseline(&text);
    quote(&text);
    free(bytes);
    return 0;
}
