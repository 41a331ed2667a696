/* int call_with_register(fn, a, b, unsigned number, unsigned which): calls fn(a, b) while the handle of `number` is in one
 * callee-saved register and nowhere else. */
    .text
    .globl call_with_register
    .type call_with_register, %function
call_with_register:
#if defined(__x86_64__)
/* which: rbx rbp r12 r13 r14 r15 */
    .cfi_startproc
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    sub $40, %rsp
    mov %rdi, (%rsp)
    mov %rsi, 8(%rsp)
    mov %rdx, 16(%rsp)
    mov %r8, 24(%rsp)
    mov %ecx, %edi
    call handle_of@PLT
    xor %edx, %edx
    mov 24(%rsp), %rcx
    xor %ebx, %ebx
    xor %ebp, %ebp
    xor %r12d, %r12d
    xor %r13d, %r13d
    xor %r14d, %r14d
    xor %r15d, %r15d
    cmp $0, %ecx
    cmove %rax, %rbx
    cmp $1, %ecx
    cmove %rax, %rbp
    cmp $2, %ecx
    cmove %rax, %r12
    cmp $3, %ecx
    cmove %rax, %r13
    cmp $4, %ecx
    cmove %rax, %r14
    cmp $5, %ecx
    cmove %rax, %r15
    xor %eax, %eax
    mov 8(%rsp), %rdi
    mov 16(%rsp), %rsi
    call *(%rsp)
    add $40, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .cfi_endproc
#elif defined(__aarch64__)
/* which: x19 x20 x25 x28 d8 d15 */
    stp x29, x30, [sp, -160]!
    stp x19, x20, [sp, 16]
    stp x21, x22, [sp, 32]
    stp x23, x24, [sp, 48]
    stp x25, x26, [sp, 64]
    stp x27, x28, [sp, 80]
    stp d8, d15, [sp, 96]
    stp x0, x1, [sp, 112]
    stp x2, x4, [sp, 128]
    mov w0, w3
    bl handle_of
    ldr x3, [sp, 136]
    fmov d8, xzr
    fmov d15, xzr
    cmp w3, 0
    csel x19, x0, xzr, eq
    cmp w3, 1
    csel x20, x0, xzr, eq
    cmp w3, 2
    csel x25, x0, xzr, eq
    cmp w3, 3
    csel x28, x0, xzr, eq
    cmp w3, 4
    csel x2, x0, xzr, eq
    fmov d8, x2
    cmp w3, 5
    csel x2, x0, xzr, eq
    fmov d15, x2
    ldp x2, x0, [sp, 112]
    ldr x1, [sp, 128]
    blr x2
    ldp d8, d15, [sp, 96]
    ldp x27, x28, [sp, 80]
    ldp x25, x26, [sp, 64]
    ldp x23, x24, [sp, 48]
    ldp x21, x22, [sp, 32]
    ldp x19, x20, [sp, 16]
    ldp x29, x30, [sp], 160
    ret
#endif
    .size call_with_register, .-call_with_register

/* void forget_registers(void): empties what a call may change. */
    .globl forget_registers
    .type forget_registers, %function
forget_registers:
#if defined(__x86_64__)
    xor %eax, %eax
    xor %ecx, %ecx
    xor %edx, %edx
    xor %esi, %esi
    xor %edi, %edi
    xor %r8d, %r8d
    xor %r9d, %r9d
    xor %r10d, %r10d
    xor %r11d, %r11d
    ret
#elif defined(__aarch64__)
    .irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
    mov x\number, 0
    .endr
    ret
#endif
    .size forget_registers, .-forget_registers
    .section .note.GNU-stack, "", %progbits
