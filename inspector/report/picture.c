#include "picture.h"

static const struct picture_format formats[] = {
    {&report_text, text_tree, text_timeline, text_summary},
    {&report_json, json_tree, json_timeline, json_summary},
};

const struct picture_format *picture_format_of(const struct report_format *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i].format == format)
            return &formats[i];
    return NULL;
}
