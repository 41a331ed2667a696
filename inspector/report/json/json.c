#include "json/json.h"
#include "escape.h"

#include <inttypes.h>
#include <string.h>

const struct report_format report_json = {"json", json_check, json_detail, json_table};

/* Jansson lets a DEL pass. It can only be within a string. */
static int write_ascii(const char *bytes, size_t length, void *argument)
{
    FILE *out = argument;
    for (const char *end = bytes + length, *del; bytes < end; bytes = del + (del < end)) {
        del = memchr(bytes, '\x7f', (size_t)(end - bytes));
        del = del ? del : end;
        fwrite(bytes, 1, (size_t)(del - bytes), out);
        if (del < end)
            fputs("\\u007F", out);
    }
    return 0;
}

void json_write(FILE *out, const json_t *value)
{
    json_dump_callback(value, write_ascii, out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_COMPACT);
}

void json_print(const struct report_options *options, json_t *value)
{
    json_write(options->out, value);
    fputc('\n', options->out);
    json_decref(value);
}

json_t *json_words_of(const char *text, size_t length)
{
    json_t *value = json_stringn(text, length);
    if (value)
        return value;
    struct buffer escaped = {0};
    escape_add(&escaped, text, length, false);
    value = json_string(buffer_text(&escaped));
    buffer_free(&escaped);
    return value;
}

json_t *json_words(const char *text)
{
    return text ? json_words_of(text, strlen(text)) : json_null();
}

json_t *json_time(int64_t ns)
{
    return ns == MODEL_NEVER ? json_null() : json_integer(ns);
}

json_t *json_ref(struct model_ref ref)
{
    char text[MODEL_REF_TEXT];
    return ref.kind == MODEL_NONE || ref.kind == MODEL_SLEEP ? json_null() : json_string(model_ref_text(ref, text));
}

json_t *json_site(const struct model_site *site)
{
    if (!site->file)
        return json_null();
    return json_pack("{so,si,so,so}", "file", json_words(site->file), "line", site->line, "func",
                     json_words(site->func), "expr", json_words(site->expr));
}

json_t *json_stack(const struct model_stack *stack)
{
    json_t *frames = json_array();
    char offset[32];
    for (size_t i = 0; i < stack->count; i++) {
        const struct model_frame *frame = &stack->frames[i];
        snprintf(offset, sizeof offset, "0x%" PRIx64, frame->offset);
        json_array_append_new(frames,
                              json_pack("{so,so,si,so,ss,sb}", "func", json_words(frame->func), "file",
                                        json_words(frame->file), "line", frame->line, "module",
                                        json_words(frame->module), "offset", offset, "runtime", (int)frame->runtime));
    }
    return frames;
}

json_t *json_chain(const struct model_chain *chain)
{
    json_t *links = json_array();
    for (size_t i = 0; i < chain->count; i++) {
        const struct model_link *link = &chain->links[i];
        json_array_append_new(links, json_pack("{so,so,so}", "id", json_ref(link->ref), "label",
                                               json_words(link->label), "site", json_site(&link->site)));
    }
    return links;
}

json_t *json_wait(const struct model_wait *wait)
{
    if (!wait->label)
        return json_null();
    json_t *stopped = json_array();
    for (size_t i = 0; i < wait->stopped_count; i++)
        json_array_append_new(stopped, json_site(&wait->stopped[i]));
    return json_pack("{so,so,so,so,so}", "id", json_ref(wait->target), "label", json_words(wait->label), "began_ns",
                     json_time(wait->began_ns), "until_ns", json_time(wait->until_ns), "stopped_at", stopped);
}

json_t *json_subject(const struct model_subject *subject)
{
    json_t *failure =
        subject->code < 0
            ? json_pack("{si,so,so,so}", "code", subject->code, "name", json_words(model_error_name(subject->code)),
                        "message", json_words(subject->failure), "site", json_site(&subject->failure_site))
            : json_null();
    json_t *value =
        json_pack("{so,so,so,so,so,so,so,so,so,so,so}", "id", json_ref(subject->ref), "name", json_words(subject->name),
                  "coro", json_words(subject->coro), "state", json_words(subject->state), "site",
                  json_site(&subject->site), "creator", json_ref(subject->creator), "created_ns",
                  json_time(subject->created_ns), "began_ns", json_time(subject->began_ns), "ended_ns",
                  json_time(subject->ended_ns), "failure", failure, "what", json_words(subject->what));
    if (subject->test)
        json_object_set_new(value, "test", json_words(subject->test));
    return value;
}

const char *json_rule(const char *class)
{
    int index = model_class_index(class);
    return index >= 0 && model_classes[index].rule ? model_classes[index].rule : class;
}
