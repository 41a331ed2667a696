/* int keep_registers(struct leash__context *from, struct leash__context *to, long seed): fills every register that a callee
 * keeps with values made from seed, switches, and returns how many of them came back changed. */
        .text
        .globl  keep_registers
        .type   keep_registers, %function
keep_registers:
#if defined(__x86_64__)
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        pushq   %rdx
        leaq    1(%rdx), %rbp
        leaq    2(%rdx), %rbx
        leaq    3(%rdx), %r12
        leaq    4(%rdx), %r13
        leaq    5(%rdx), %r14
        leaq    6(%rdx), %r15
        callq   leash__context_switch
        popq    %rdx
        xorl    %eax, %eax
        .macro  check register, number
        leaq    \number(%rdx), %rcx
        cmpq    %rcx, %\register
        setne   %cl
        movzbl  %cl, %ecx
        addl    %ecx, %eax
        .endm
        check   rbp, 1
        check   rbx, 2
        check   r12, 3
        check   r13, 4
        check   r14, 5
        check   r15, 6
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        retq
#else
        sub     sp, sp, #176
        stp     x19, x20, [sp, #0]
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        stp     x27, x28, [sp, #64]
        stp     x29, x30, [sp, #80]
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        str     x2, [sp, #160]
        .irp    number, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
        add     x\number, x2, #\number
        .endr
        .irp    number, 8, 9, 10, 11, 12, 13, 14, 15
        add     x3, x2, #\number
        fmov    d\number, x3
        .endr
        bl      leash__context_switch
        ldr     x2, [sp, #160]
        mov     w0, #0
        .irp    number, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
        add     x3, x2, #\number
        cmp     x\number, x3
        cinc    w0, w0, ne
        .endr
        .irp    number, 8, 9, 10, 11, 12, 13, 14, 15
        add     x3, x2, #\number
        fmov    x4, d\number
        cmp     x4, x3
        cinc    w0, w0, ne
        .endr
        ldp     x19, x20, [sp, #0]
        ldp     x21, x22, [sp, #16]
        ldp     x23, x24, [sp, #32]
        ldp     x25, x26, [sp, #48]
        ldp     x27, x28, [sp, #64]
        ldp     x29, x30, [sp, #80]
        ldp     d8, d9, [sp, #96]
        ldp     d10, d11, [sp, #112]
        ldp     d12, d13, [sp, #128]
        ldp     d14, d15, [sp, #144]
        add     sp, sp, #176
        ret
#endif
        .size   keep_registers, . - keep_registers

        .section .note.GNU-stack, "", %progbits
