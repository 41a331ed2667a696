/* Rows as an array of objects, a line each; and one subject. */
#include "alloc.h"
#include "json/json.h"

#include <math.h>
#include <stdlib.h>

static json_t *cell_of(struct model_table *table, size_t column)
{
    struct model_cell cell = model_table_cell(table, column);
    switch (cell.kind) {
    case MODEL_CELL_INTEGER:
        return json_integer(cell.integer);
    case MODEL_CELL_REAL:
        return isfinite(cell.real) ? json_real(cell.real) : json_null();
    case MODEL_CELL_TEXT:
    case MODEL_CELL_BLOB:
        return json_words_of(cell.text, cell.length);
    default:
        return json_null();
    }
}

json_t *json_row(struct model_table *table)
{
    json_t *row = json_object();
    size_t columns = model_table_columns(table);
    for (size_t i = 0; i < columns; i++)
        json_object_set_new(row, model_table_heading(table, i), cell_of(table, i));
    return row;
}

int json_table(const struct report_options *options, struct model_table *table)
{
    const char *separator = "[\n";
    int rc;
    while ((rc = model_table_next(table)) > 0) {
        json_t *row = json_row(table);
        fputs(separator, options->out);
        json_write(options->out, row);
        json_decref(row);
        separator = ",\n";
    }
    fputs(*separator == '[' ? "[]\n" : "\n]\n", options->out);
    return rc;
}

json_t *json_subject_detail(const struct model_detail *detail)
{
    const struct model_example *example = &detail->example;
    json_t *value = json_subject(&example->subject), *facts = json_array();
    for (size_t i = 0; i < detail->facts_count; i++)
        json_array_append_new(facts, json_pack("{so,so}", "label", json_words(detail->facts[i].label), "text",
                                               json_words(detail->facts[i].text)));
    json_object_set_new(value, "schema", json_string("leash.show/1"));
    json_object_set_new(value, "stack", json_stack(&example->subject.stack));
    if (example->subject.first_use.count)
        json_object_set_new(value, "first_use", json_stack(&example->subject.first_use));
    if (example->subject.stood.count)
        json_object_set_new(value, "stood", json_stack(&example->subject.stood));
    json_object_set_new(value, "waits_for", json_wait(&example->wait));
    json_object_set_new(value, "chain", json_chain(&example->chain));
    json_object_set_new(value, "facts", facts);
    return value;
}

void json_detail(const struct report_options *options, const struct model_detail *detail)
{
    json_print(options, json_subject_detail(detail));
}
