/* From a cell to the filter that keeps, or leaves out, the rows with the same. */
#include "tree.h"

#include <string.h>

static const struct list_field *field_of_column(const struct list *list, const char *column)
{
    for (const struct list_field *field = list->fields; field->name; field++)
        if (strcmp(field->column ? field->column : field->name, column) == 0)
            return field;
    return NULL;
}

static void add_quoted(struct buffer *out, const char *text)
{
    buffer_add(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buffer_add(out, "\\");
        buffer_add_bytes(out, text, 1);
    }
    buffer_add(out, "\"");
}

char *filter_of_cell(const char *list, const char *column, const char *value, bool without)
{
    const struct list *found = list_named(list);
    const struct list_field *field = found ? field_of_column(found, column) : NULL;
    struct buffer text = {0};
    struct model_ref ref;
    if (!field || field->kind == LIST_SPAN)
        return NULL;
    bool numeric = field->kind == LIST_NUMBER || field->kind == LIST_DURATION;
    if (!value && field->any) {
        buffer_format(&text, "%s%s:none", without ? "-" : "", field->name);
    } else if (numeric) {
        int64_t number;
        if (!value || !filter_number(value, strlen(value), &number))
            return NULL;
        buffer_format(&text, "%s%s%s%s", field->name, without ? "!=" : "=", value,
                      field->kind == LIST_DURATION ? "ns" : "");
    } else if (value && field->kind == LIST_REF && filter_id(value, &ref)) {
        buffer_format(&text, "%s%s:%s", without ? "-" : "", field->name, value);
    } else {
        buffer_format(&text, "%s%s", field->name, without ? "!=" : "=");
        add_quoted(&text, value ? value : "");
    }
    return text.text;
}

const char *filter_word(const char *list, const char *field, size_t index)
{
    const struct list *found = list_named(list);
    const struct list_field *known = found ? list_field_named(found, field, strlen(field)) : NULL;
    return known && known->words ? known->words(index) : NULL;
}
