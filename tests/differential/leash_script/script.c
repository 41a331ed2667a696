#include "memory.h"
#include "parse.h"
#include <errno.h>
#include <stdarg.h>
#include <string.h>

bool script_refuse(const struct script *script, FILE *errors, unsigned line, const char *format, ...)
{
    va_list args;
    fprintf(errors, "%s:%u: ", script->path, line);
    va_start(args, format);
    vfprintf(errors, format, args);
    va_end(args);
    fputc('\n', errors);
    return false;
}

bool script_is_number(const char *word)
{
    size_t digits = strspn(word, "0123456789");
    return digits && !word[digits];
}

uint64_t script_number(const char *word)
{
    return strtoull(word, NULL, 10);
}

struct body *script_body(const struct script *script, const char *name)
{
    struct body *body = script->bodies;
    while (body && strcmp(body->name, name))
        body = body->next;
    return body;
}

struct primitive *script_primitive(const struct script *script, const char *name)
{
    struct primitive *primitive = script->primitives;
    while (primitive && strcmp(primitive->name, name))
        primitive = primitive->next;
    return primitive;
}

void script_free(struct script *script)
{
    if (!script)
        return;
    for (struct op *op = script->ops, *after; op; op = after) {
        after = op->after;
        free(op);
    }
    for (struct body *body = script->bodies, *next; body; body = next) {
        next = body->next;
        free(body);
    }
    for (struct var *var = script->vars, *next; var; var = next) {
        next = var->next;
        free(var);
    }
    for (struct primitive *primitive = script->primitives, *next; primitive; primitive = next) {
        next = primitive->next;
        free(primitive);
    }
    free(script->text);
    free(script);
}

static char *read_all(FILE *file, size_t *size)
{
    char *text = NULL;
    size_t room = 0, got;
    *size = 0;
    do {
        room = room ? 2 * room : 4096;
        text = must_grow(text, room + 1);
        got = fread(text + *size, 1, room - *size, file);
        *size += got;
    } while (*size == room);
    text[*size] = 0;
    return text;
}

/* The language is ASCII text: anything else is no script, and a zero byte would cut a line short unseen. */
static bool check_text(const struct script *script, size_t size, FILE *errors)
{
    unsigned line = 1;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)script->text[i];
        if (!c || c > 127)
            return script_refuse(script, errors, line, "not ASCII text");
        line += c == '\n';
    }
    return true;
}

static bool load(struct script *script, FILE *errors)
{
    size_t size;
    FILE *file = fopen(script->path, "r");
    if (!file)
        return script_refuse(script, errors, 0, "cannot open the script: %s", strerror(errno));
    script->text = read_all(file, &size);
    bool failed = ferror(file);
    fclose(file);
    if (failed)
        return script_refuse(script, errors, 0, "cannot read the script");
    return check_text(script, size, errors);
}

struct script *script_read(const char *path, FILE *errors)
{
    struct script *script = must_alloc(sizeof(*script));
    script->path = path;
    if (load(script, errors) && script_parse(script, errors) && script_resolve(script, errors))
        return script;
    script_free(script);
    return NULL;
}
