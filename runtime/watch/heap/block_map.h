/* Setting and clearing the bits of blocks.h. Lock-free; any thread, any time, signal handlers too; allocates with mmap
 * only and keeps errno. */
#ifndef LEASH_WATCH_BLOCK_MAP_H
#define LEASH_WATCH_BLOCK_MAP_H

#include "blocks.h"

/* A block begins here. */
void leash__block_add(void *block);
/* It does no more. False: none did. */
bool leash__block_remove(void *block);

/* Between these two a block is in no list, though the program has it. */
void leash__block_moves(void);
void leash__block_moved(void);

/* Blocks are not told of: this library's malloc is not the program's. */
void leash__blocks_incomplete(void);

#endif
