/* An ELF file, opened with distrust: the path comes out of a trace. */
#ifndef LEASH_NAMES_ELF_FILE_H
#define LEASH_NAMES_ELF_FILE_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

enum { LEASH_BUILD_ID_MAX = 64 };

struct leash_elf_file {
    int fd;                                    /* -1: not open */
    Elf *elf;                                  /* NULL: not open */
    char build_id[2 * LEASH_BUILD_ID_MAX + 1]; /* in hex; "" if it has none */
};

/* Only regular files are opened: no pipe can hold us up, no device be touched. False: nothing was opened. */
bool leash_elf_open(const char *path, struct leash_elf_file *out);
void leash_elf_close(struct leash_elf_file *file); /* a closed one is fine */
bool leash_elf_has_lines(const struct leash_elf_file *file);
/* The name in .gnu_debuglink, NULL if there is none; *checksum is that of the file it names. */
const char *leash_elf_debug_link(const struct leash_elf_file *file, uint32_t *checksum);
/* The whole file's, as .gnu_debuglink counts it. */
uint32_t leash_elf_checksum(const struct leash_elf_file *file);

#endif
