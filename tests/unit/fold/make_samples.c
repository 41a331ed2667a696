/* make_samples FOLDER: writes the samples there. After a change of the schema, the rules or the fold:
 * make_samples traces/samples */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_samples FOLDER\n");
        return 2;
    }
    for (size_t i = 0; i < samples_count; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s.sql", argv[1], samples[i].name);
        FILE *file = fopen(path, "w");
        if (!file) {
            perror(path);
            return 1;
        }
        sqlite3 *db = sample_trace(&samples[i]);
        char *text = sample_text(db);
        fputs(text, file);
        free(text);
        sqlite3_close(db);
        if (fclose(file)) {
            perror(path);
            return 1;
        }
    }
    return 0;
}
