/* int leash__scan_memory(const struct leash__scan_request *request, struct leash_scan_result *out)
 *
 * Puts the registers that a caller may hold handles in on the stack and calls leash__scan_from(request, out, sp): the
 * stack is live from sp up. The other registers do not survive a call. Not in C, because a compiler's frame has holes, and
 * in them stand the values of calls that returned. */
    .text
    .globl leash__scan_memory
    .hidden leash__scan_memory
    .hidden leash__scan_from
    .type leash__scan_memory, %function
    .p2align 4
leash__scan_memory:
    .cfi_startproc
#if defined(__x86_64__)
#if defined(__CET__)
    endbr64
#endif
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbp, 0
    push %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset rbx, 0
    push %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r12, 0
    push %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r13, 0
    push %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r14, 0
    push %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset r15, 0
    push $0 /* keeps the stack aligned */
    .cfi_adjust_cfa_offset 8
    mov %rsp, %rdx
    call leash__scan_from
    add $56, %rsp /* the callee kept the registers */
    .cfi_adjust_cfa_offset -56
    ret
#elif defined(__aarch64__)
    stp x29, x30, [sp, -160]!
    .cfi_def_cfa_offset 160
    .cfi_offset 29, -160
    .cfi_offset 30, -152
    stp x19, x20, [sp, 16]
    stp x21, x22, [sp, 32]
    stp x23, x24, [sp, 48]
    stp x25, x26, [sp, 64]
    stp x27, x28, [sp, 80]
    stp d8, d9, [sp, 96]
    stp d10, d11, [sp, 112]
    stp d12, d13, [sp, 128]
    stp d14, d15, [sp, 144]
    mov x29, sp
    mov x2, sp
    bl leash__scan_from
    ldp x29, x30, [sp], 160 /* the callee kept the others */
    .cfi_restore 29
    .cfi_restore 30
    .cfi_def_cfa_offset 0
    ret
#else
#error "leash: no entry to the scan for this processor"
#endif
    .cfi_endproc
    .size leash__scan_memory, .-leash__scan_memory
    .section .note.GNU-stack, "", %progbits
