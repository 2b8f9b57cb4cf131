// Chooses the kernels of this machine once.

#include "kernels.h"

static int has(enum int8_level level) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    switch (level) {
    case INT8_AVX512_VNNI:
        return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512dq");
    case INT8_AVX_VNNI: return __builtin_cpu_supports("avxvnni") && __builtin_cpu_supports("avx2");
    case INT8_AVX2: return __builtin_cpu_supports("avx2");
    case INT8_PORTABLE: return 1;
    }
#endif
    return level == INT8_PORTABLE;
}

static enum int8_level best(enum int8_level wanted) {
    while (!has(wanted)) wanted--;
    return wanted;
}

// A level, or -1.
static int known = -1;

enum int8_level int8_kernel_level(void) {
    int level = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (level < 0) {
        level = (int)best(INT8_AVX512_VNNI);
        __atomic_store_n(&known, level, __ATOMIC_RELAXED);
    }
    return (enum int8_level)level;
}

void int8_set_kernel_level(enum int8_level level) { __atomic_store_n(&known, (int)best(level), __ATOMIC_RELAXED); }

void int8_gemm(const int8_product *p) {
#if defined(__x86_64__)
    switch (int8_kernel_level()) {
    case INT8_AVX512_VNNI: gemm_avx512(p); return;
    case INT8_AVX_VNNI: gemm_avx_vnni(p); return;
    case INT8_AVX2:
        if (p->nonnegative && p->weights->steps)
            gemm_bytes_avx2(p);
        else
            gemm_words_avx2(p);
        return;
    case INT8_PORTABLE: break;
    }
#endif
    gemm_portable(p);
}

void int8_gemm_int32(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y) {
#if defined(__x86_64__)
    switch (int8_kernel_level()) {
    case INT8_AVX512_VNNI: gemm_int32_avx512(x, rows, stride, depth, channels, packed, start, y); return;
    case INT8_AVX_VNNI:
    case INT8_AVX2: gemm_int32_avx2(x, rows, stride, depth, channels, packed, start, y); return;
    case INT8_PORTABLE: break;
    }
#endif
    gemm_int32_portable(x, rows, stride, depth, channels, packed, start, y);
}

void int8_depthwise(const int8_depthwise_shape *shape, int nonnegative, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border,
                    const int8_weights *weights, const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
#if defined(__x86_64__)
    switch (int8_kernel_level()) {
    case INT8_AVX512_VNNI: depthwise_avx512(shape, first, first + count, x, border, weights, e, residual, y); return;
    case INT8_AVX_VNNI:
    case INT8_AVX2:
        if (nonnegative && weights->windows)
            depthwise_bytes_avx2(shape, first, first + count, x, border, weights, e, residual, y);
        else
            depthwise_avx2(shape, first, count, x, border, weights->packed, e, residual, y);
        return;
    case INT8_PORTABLE: break;
    }
#endif
    (void)nonnegative;
    depthwise_portable(shape, first * shape->out_width, count * shape->out_width, x, border, weights->packed, e, residual, y);
}

ptrdiff_t int8_arranged_size(int channels) {
#if defined(__x86_64__)
    if (int8_kernel_level() == INT8_AVX512_VNNI) return arranged_size_avx512(channels);
    if (int8_kernel_level() != INT8_PORTABLE) return arranged_size_avx2(channels);
#endif
    (void)channels;
    return 0;
}

void int8_arrange_epilogue(int8_epilogue *epilogue, int channels, int windows, void *arranged) {
    epilogue->arranged = 0;
#if defined(__x86_64__)
    if (int8_kernel_level() == INT8_PORTABLE) return;
    int is_wide = int8_kernel_level() == INT8_AVX512_VNNI;
    (is_wide ? arrange_epilogue_avx512 : arrange_epilogue_avx2)(epilogue, channels, windows, arranged);
    epilogue->arranged = arranged;
    epilogue->arranged_for = is_wide ? INT8_AVX512_VNNI : INT8_AVX2;
#else
    (void)channels, (void)windows, (void)arranged;
#endif
}
