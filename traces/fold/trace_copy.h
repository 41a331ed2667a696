/* A trace copied to a temporary folder, for those who may not write beside it. */
#ifndef LEASH_TRACE_COPY_H
#define LEASH_TRACE_COPY_H

/* Copies the database and its -wal. 0, and the caller frees *out; -errno, and nothing is left. */
int leash__trace_copy(const char *path, char **out);
/* Deletes a copy and its folder. */
void leash__trace_copy_remove(const char *copy);

#endif
