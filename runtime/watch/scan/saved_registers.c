#include "saved_registers.h"

#include <stdint.h>
#include <string.h>
#include <ucontext.h>

#if defined(__x86_64__)

/* The vectors lie where the kernel saved them, as much as it says of it: struct _fpx_sw_bytes of asm/sigcontext.h. */
void leash__saved_registers(const void *saved, leash__registers_fn *fn, void *argument)
{
    const ucontext_t *context = saved;
    enum { MAGIC = 0x46505853, LEGACY = 512, SAID_AT = 464 };
    const unsigned char *vectors = (const unsigned char *)context->uc_mcontext.fpregs;
    uint32_t said[2]; /* MAGIC, and the size of all */
    fn((const unsigned char *)context->uc_mcontext.gregs, sizeof context->uc_mcontext.gregs, argument);
    if (!vectors)
        return;
    memcpy(said, vectors + SAID_AT, sizeof said);
    fn(vectors, said[0] == MAGIC ? said[1] : LEGACY, argument);
}

#else

/* The vectors follow the general ones, as records; long ones stand elsewhere: asm/sigcontext.h. */
void leash__saved_registers(const void *saved, leash__registers_fn *fn, void *argument)
{
    const ucontext_t *context = saved;
    const unsigned char *at = (const unsigned char *)context->uc_mcontext.__reserved;
    const unsigned char *end = at + sizeof context->uc_mcontext.__reserved;
    struct record {
        uint32_t magic, size;
        uint64_t elsewhere;
        uint32_t elsewhere_size;
    } record;
    enum { EXTRA = 0x45585401 };
    fn((const unsigned char *)&context->uc_mcontext, sizeof context->uc_mcontext, argument);
    for (; at + sizeof record <= end; at += record.size) {
        memcpy(&record, at, sizeof record);
        if (record.magic == EXTRA)
            fn((const unsigned char *)(uintptr_t)record.elsewhere, record.elsewhere_size, argument);
        if (!record.size)
            return;
    }
}

#endif
