/* Paths of names with a weight each, as flame graphs want them. Many paths share their beginning: a tree. */
#ifndef LEASH_INSPECTOR_PATHS_H
#define LEASH_INSPECTOR_PATHS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PATHS_DEPTH 100     /* names in a path; what would lie deeper counts for the last of them */
#define PATHS_MOST  1000000 /* paths; the same */

struct paths;

struct paths *paths_new(void);
void paths_free(struct paths *paths);
/* The path that is one name longer than `parent` (0: the empty path). */
uint32_t paths_child(struct paths *paths, uint32_t parent, const char *name);
void paths_add(struct paths *paths, uint32_t path, uint64_t weight);
/* Some paths were too long, or too many. */
bool paths_were_cut(const struct paths *paths);
/* "a;b;c 12", a line each; weights are divided by `unit`, and what is less than half of it is left out. */
void paths_print(const struct paths *paths, uint64_t unit, FILE *out);

#endif
