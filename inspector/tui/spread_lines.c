#include "spread_lines.h"

#include <stdlib.h>

#define BAR_COLUMNS 40

static size_t largest(const size_t *bins, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = bins[i] > most ? bins[i] : most;
    return most;
}

/* What is there at all gets the lowest bar. */
void spread_bars(const size_t *bins, size_t count, enum role role, bool ascii, struct styled *out)
{
    size_t most = largest(bins, count);
    for (size_t i = 0; i < count; i++) {
        size_t step = most ? (size_t)((double)bins[i] / (double)most * 7.999) : 0;
        if (bins[i])
            styled_glyph(out, role, (enum glyph)(GLYPH_BAR_1 + step), ascii);
        else
            styled_add(out, role, " ");
    }
}

void spread_lines(const struct model_spread *spread, const char *label, bool ascii, struct lines *out)
{
    char text[5][MODEL_TIME_TEXT];
    if (spread->count == 0)
        return;
    styled_format(lines_label(out, label), ROLE_NORMAL, "%s%zu: min %s  p50 %s  p90 %s  p99 %s  max %s",
                  spread->part ? "last " : "", spread->count, model_duration_text(spread->min, text[0]),
                  model_duration_text(spread->p50, text[1]), model_duration_text(spread->p90, text[2]),
                  model_duration_text(spread->p99, text[3]), model_duration_text(spread->max, text[4]));
    if (spread->count < 3)
        return;
    struct styled *line = lines_label(out, "");
    styled_format(line, ROLE_DIM, "%s |", model_duration_text(spread->min, text[0]));
    spread_bars(spread->bins, SPREAD_BINS, ROLE_WAIT, ascii, line);
    styled_format(line, ROLE_DIM, "| %s (log)", model_duration_text(spread->max, text[0]));
}

void spread_histogram(const struct model_spread *spread, bool ascii, struct lines *out)
{
    enum { TOGETHER = 4 };
    size_t rows[SPREAD_BINS / TOGETHER] = {0};
    for (size_t i = 0; i < SPREAD_BINS; i++)
        rows[i / TOGETHER] += spread->bins[i];
    size_t most = largest(rows, SPREAD_BINS / TOGETHER);
    for (size_t i = 0; spread->count && i < SPREAD_BINS / TOGETHER; i++) {
        char from[MODEL_TIME_TEXT];
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_DIM, " %10s |",
                      model_duration_text(i ? model_spread_bound(spread, i * TOGETHER) : spread->min, from));
        size_t columns = most ? (size_t)((double)rows[i] / (double)most * BAR_COLUMNS) : 0;
        for (size_t j = 0; j < columns || (j == 0 && rows[i]); j++)
            styled_glyph(line, ROLE_WAIT, GLYPH_BAR_8, ascii);
        if (rows[i])
            styled_format(line, ROLE_NORMAL, " %zu", rows[i]);
    }
}
