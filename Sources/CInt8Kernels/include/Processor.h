#ifndef PROCESSOR_H
#define PROCESSOR_H

/// Tells the processor that a thread waits in a loop: the other one of its core gets the room.
static inline void processor_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// The width of a vector register of the machine this is compiled for.
static inline int processor_vector_bytes(void) {
#if defined(__AVX512F__)
    return 64;
#elif defined(__AVX__)
    return 32;
#else
    return 16;
#endif
}

#endif
