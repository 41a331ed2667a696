/* Lines of source code to show beside a finding. The trace names the file, and is not trusted: only regular files that
 * really lie under the folders that the user gave are read. */
#ifndef LEASH_INSPECTOR_SOURCE_H
#define LEASH_INSPECTOR_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct source_map {
    const char *from, *to; /* a prefix of a recorded path, and what stands for it here */
};

struct source_options {
    char **roots; /* real paths of --source and of what --map-path leads to */
    size_t roots_count;
    struct source_map *maps;
    size_t maps_count;
};

#define SOURCE_LINE_MAX 400

struct source_lines {
    bool found, newer; /* newer: changed after the trace began */
    char before[SOURCE_LINE_MAX], line[SOURCE_LINE_MAX];
};

/* `file` as seen from the folder that it lies under, if that is one of the roots: debug information names files in
 * full. */
const char *source_relative(const struct source_options *options, const char *file);

/* Where `expression` stands in a line of code, if it stands there once; else NULL. */
const char *source_find(const char *code, const char *expression);

/* The file itself, for more of its lines; NULL: it is not found. */
FILE *source_open(const struct source_options *options, const char *file);
/* Its next line, of SOURCE_LINE_MAX bytes, without its end; false: there is none. */
bool source_next(FILE *in, char *line);
/* Where a file that is open really lies. False: unknown. */
bool source_path(FILE *in, char *path, size_t room);

void source_read(const struct source_options *options, const char *file, int line, int64_t began_unix_ns,
                 struct source_lines *out);

#endif
