/* Names of frames: function, file and line of an address in a program or library that may be on this machine.
 *
 * A frame is a module (its file and build-id) and an offset: the address minus the base at which the module was loaded,
 * that is, an address as the ELF file has it. Of a return address it is one less, so that it lies in the call. A file
 * whose build-id is another than the one asked for is not used. Separate debug files are found by build-id and
 * .gnu_debuglink, on this machine only.
 *
 * libdw takes some 150 KiB of stack: not to be called on a coroutine's. Not thread-safe. */
#ifndef LEASH_NAMES_H
#define LEASH_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leash_names;
struct leash_frame_name; /* fold.h */

/* 0, -ENOMEM. */
int leash_names_new(struct leash_names **out);
void leash_names_free(struct leash_names *names); /* NULL is fine */
/* Where separate debug files are, instead of /usr/lib/debug. 0, -ENOMEM. */
int leash_names_debug_folder(struct leash_names *names, const char *folder);

/* A leash_frame_namer for leash_fold_name_frames; `names` is a struct leash_names. False: nothing is known of it. What
 * is known may be the function alone (file NULL, line 0). The innermost function is named, be it inlined, as its line
 * is. Strings live until leash_names_free. */
bool leash_names_frame(void *names, const char *module, const char *build_id, uint64_t offset,
                       struct leash_frame_name *out);

/* How to print a frame without a name: libfoo.so.1+0x1234. Returns the length as snprintf does. */
int leash_names_plain(char *buffer, size_t size, const char *module, uint64_t offset);

#endif
