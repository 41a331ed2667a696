/* The switch between contexts on x86-64. The layout is struct leash__saved.
 *
 * A switch leaves by pop and jmp, not by ret: after the stack was swapped the processor's return predictor is wrong.
 * Not so if the other context stopped at the very same place, as tasks do that hand over to one another: then the ret
 * is guessed right, and so are those of the callers after it.
 * The float control words are loaded only if their control bits differ (the sticky flags, mxcsr's low six bits, always
 * do): the load costs ten times the rest. */
        .text

/* void leash__switch(void **from_sp, void *to_sp, struct leash__context *running) */
        .globl  leash__switch
        .hidden leash__switch
        .type   leash__switch, @function
        .p2align 4
leash__switch:
        .cfi_startproc
        movq    (%rsp), %r9
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbp, 0
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset r15, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movl    (%rsp), %eax
        movzwl  4(%rsp), %r8d
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
.Lresume:                               /* eax and r8w: the control words now; r9: where this was called from;
                                           rsp: the frame to continue */
        movq    leash__context_running@gottpoff(%rip), %rcx
        movq    %rdx, %fs:(%rcx)
        xorl    (%rsp), %eax
        testl   $0xffc0, %eax
        jne     .Lload_mxcsr
.Lmxcsr_right:
        cmpw    %r8w, 4(%rsp)
        jne     .Lload_x87
.Lx87_right:
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        popq    %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        cmpq    %r9, (%rsp)
        jne     .Lelsewhere
        ret
.Lelsewhere:
        popq    %rcx
        .cfi_adjust_cfa_offset -8
        .cfi_register rip, rcx
        jmpq    *%rcx

        .cfi_adjust_cfa_offset 64       /* the two rare loads run inside the full frame */
        .cfi_offset rip, -8
        .cfi_offset rbp, -16
        .cfi_offset rbx, -24
        .cfi_offset r12, -32
        .cfi_offset r13, -40
        .cfi_offset r14, -48
        .cfi_offset r15, -56
.Lload_mxcsr:
        ldmxcsr (%rsp)
        jmp     .Lmxcsr_right
.Lload_x87:
        fldcw   4(%rsp)
        jmp     .Lx87_right
        .cfi_endproc
        .size   leash__switch, . - leash__switch

/* void leash__jump(void *to_sp, struct leash__context *running): what it leaves is of no use to anyone any more */
        .globl  leash__jump
        .hidden leash__jump
        .type   leash__jump, @function
        .p2align 4
leash__jump:
        .cfi_startproc
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movl    (%rsp), %eax
        movzwl  4(%rsp), %r8d
        movq    %rsi, %rdx
        movq    %rdi, %rsp
        xorl    %r9d, %r9d
        jmp     .Lresume
        .cfi_endproc
        .size   leash__jump, . - leash__jump

/* r12(r13, r14), with the stack 16-aligned at the call. Unwinders end here. */
        .globl  leash__trampoline
        .hidden leash__trampoline
        .type   leash__trampoline, @function
        .p2align 4
        .cfi_startproc
        .cfi_undefined rip
        nop                             /* unwinders look up the address before a return address */
leash__trampoline:
        movq    %r13, %rdi
        movq    %r14, %rsi
        callq   *%r12
        ud2                             /* an entry never returns */
        .cfi_endproc
        .size   leash__trampoline, . - leash__trampoline

        .section .note.GNU-stack, "", @progbits
