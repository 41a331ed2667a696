/* The switch between contexts on aarch64. The layout is struct leash__saved.
 *
 * A switch leaves by br, not by ret: after the stack was swapped the processor's return predictor is always wrong. The
 * float control word is loaded only if it differs. */
        .text

/* void leash__switch(void **from_sp, void *to_sp, struct leash__context *running) */
        .globl  leash__switch
        .hidden leash__switch
        .type   leash__switch, %function
        .p2align 4
leash__switch:
        .cfi_startproc
        sub     sp, sp, #176
        .cfi_def_cfa_offset 176
        stp     x19, x20, [sp, #0]
        stp     x21, x22, [sp, #16]
        stp     x23, x24, [sp, #32]
        stp     x25, x26, [sp, #48]
        stp     x27, x28, [sp, #64]
        stp     x29, x30, [sp, #80]
        .cfi_offset x19, -176
        .cfi_offset x20, -168
        .cfi_offset x21, -160
        .cfi_offset x22, -152
        .cfi_offset x23, -144
        .cfi_offset x24, -136
        .cfi_offset x25, -128
        .cfi_offset x26, -120
        .cfi_offset x27, -112
        .cfi_offset x28, -104
        .cfi_offset x29, -96
        .cfi_offset x30, -88
        stp     d8, d9, [sp, #96]
        stp     d10, d11, [sp, #112]
        stp     d12, d13, [sp, #128]
        stp     d14, d15, [sp, #144]
        mrs     x9, fpcr
        str     x9, [sp, #160]
        mov     x10, sp
        str     x10, [x0]
        mov     sp, x1
.Lresume:                               // x9: the control word now; sp: the frame to continue
        mrs     x11, tpidr_el0
        adrp    x12, :gottprel:leash__context_running
        ldr     x12, [x12, #:gottprel_lo12:leash__context_running]
        str     x2, [x11, x12]
        ldr     x10, [sp, #160]
        cmp     x9, x10
        b.eq    1f
        msr     fpcr, x10
1:      ldp     x19, x20, [sp, #0]
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
        .cfi_def_cfa_offset 0
        .cfi_restore x19
        .cfi_restore x20
        .cfi_restore x21
        .cfi_restore x22
        .cfi_restore x23
        .cfi_restore x24
        .cfi_restore x25
        .cfi_restore x26
        .cfi_restore x27
        .cfi_restore x28
        .cfi_restore x29
        .cfi_restore x30
        br      x30
        .cfi_endproc
        .size   leash__switch, . - leash__switch

/* void leash__jump(void *to_sp, struct leash__context *running): what it leaves is of no use to anyone any more */
        .globl  leash__jump
        .hidden leash__jump
        .type   leash__jump, %function
        .p2align 4
leash__jump:
        .cfi_startproc
        mrs     x9, fpcr
        mov     x2, x1
        mov     sp, x0
        b       .Lresume
        .cfi_endproc
        .size   leash__jump, . - leash__jump

/* x19(x20, x21). Unwinders end here. */
        .globl  leash__trampoline
        .hidden leash__trampoline
        .type   leash__trampoline, %function
        .p2align 4
        .cfi_startproc
        .cfi_undefined x30
        nop                             // unwinders look up the address before a return address
leash__trampoline:
        mov     x0, x20
        mov     x1, x21
        blr     x19
        brk     #1                      // an entry never returns
        .cfi_endproc
        .size   leash__trampoline, . - leash__trampoline

        .section .note.GNU-stack, "", %progbits
