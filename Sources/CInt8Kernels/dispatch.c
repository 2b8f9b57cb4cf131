// Chooses the kernels of this machine once.

#include "kernels.h"

static int detected(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
        return 2;
    if (__builtin_cpu_supports("avx2")) return 1;
#endif
    return 0;
}

static int level = -1;

int int8_kernel_level(void) {
    int known = __atomic_load_n(&level, __ATOMIC_RELAXED);
    if (known < 0) {
        known = detected();
        __atomic_store_n(&level, known, __ATOMIC_RELAXED);
    }
    return known;
}

void int8_set_kernel_level(int wanted) {
    int best = detected();
    __atomic_store_n(&level, wanted < best ? wanted : best, __ATOMIC_RELAXED);
}

void int8_gemm(const int8_product *p) {
#if defined(__x86_64__)
    if (int8_kernel_level() == 2) {
        gemm_vnni(p);
        return;
    }
    if (int8_kernel_level() == 1) {
        if (p->nonnegative && p->weights->steps)
            gemm_bytes_avx2(p);
        else
            gemm_words_avx2(p);
        return;
    }
#endif
    gemm_portable(p);
}

void int8_gemm_int32(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y) {
#if defined(__x86_64__)
    if (int8_kernel_level() == 2) {
        gemm_int32_vnni(x, rows, stride, depth, channels, packed, start, y);
        return;
    }
    if (int8_kernel_level() == 1) {
        gemm_int32_avx2(x, rows, stride, depth, channels, packed, start, y);
        return;
    }
#endif
    gemm_int32_portable(x, rows, stride, depth, channels, packed, start, y);
}

void int8_depthwise(const int8_depthwise_shape *shape, int nonnegative, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border,
                    const int8_weights *weights, const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    ptrdiff_t width = shape->out_width;
#if defined(__x86_64__)
    if (int8_kernel_level() == 2) {
        depthwise_vnni(shape, first * width, count * width, x, border, weights->packed, e, residual, y);
        return;
    }
    if (int8_kernel_level() == 1) {
        if (nonnegative && weights->windows)
            depthwise_bytes_avx2(shape, first, first + count, x, border, weights, e, residual, y);
        else
            depthwise_avx2(shape, first, count, x, border, weights->packed, e, residual, y);
        return;
    }
#endif
    (void)nonnegative;
    depthwise_portable(shape, first * width, count * width, x, border, weights->packed, e, residual, y);
}
