#include "elf_file.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void read_build_id(struct leash_elf_file *file)
{
    const void *bits = NULL;
    ssize_t size = dwelf_elf_gnu_build_id(file->elf, &bits);
    file->build_id[0] = '\0';
    if (size <= 0 || size > LEASH_BUILD_ID_MAX)
        return;
    for (ssize_t i = 0; i < size; i++)
        snprintf(file->build_id + 2 * i, 3, "%02x", ((const unsigned char *)bits)[i]);
}

bool leash_elf_open(const char *path, struct leash_elf_file *out)
{
    struct stat status;
    out->elf = NULL;
    out->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (out->fd < 0)
        return false;
    if (fstat(out->fd, &status) == 0 && S_ISREG(status.st_mode) && elf_version(EV_CURRENT) != EV_NONE)
        out->elf = elf_begin(out->fd, ELF_C_READ_MMAP, NULL);
    if (!out->elf || elf_kind(out->elf) != ELF_K_ELF) {
        leash_elf_close(out);
        return false;
    }
    read_build_id(out);
    return true;
}

void leash_elf_close(struct leash_elf_file *file)
{
    if (file->elf)
        elf_end(file->elf);
    if (file->fd >= 0)
        close(file->fd);
    file->elf = NULL;
    file->fd = -1;
}

bool leash_elf_has_lines(const struct leash_elf_file *file)
{
    size_t names;
    if (elf_getshdrstrndx(file->elf, &names) != 0)
        return false;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(file->elf, section));) {
        GElf_Shdr header;
        const char *name = gelf_getshdr(section, &header) ? elf_strptr(file->elf, names, header.sh_name) : NULL;
        if (name && header.sh_type != SHT_NOBITS &&
            (strcmp(name, ".debug_info") == 0 || strcmp(name, ".zdebug_info") == 0))
            return true;
    }
    return false;
}

const char *leash_elf_debug_link(const struct leash_elf_file *file, uint32_t *checksum)
{
    GElf_Word crc = 0;
    const char *name = dwelf_elf_gnu_debuglink(file->elf, &crc);
    *checksum = crc;
    return name;
}

uint32_t leash_elf_checksum(const struct leash_elf_file *file)
{
    unsigned char buffer[16384];
    uint32_t crc = 0xffffffff;
    ssize_t got;
    for (off_t at = 0; (got = pread(file->fd, buffer, sizeof(buffer), at)) > 0; at += got) {
        for (ssize_t i = 0; i < got; i++) {
            crc ^= buffer[i];
            for (int bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
        }
    }
    return ~crc;
}
