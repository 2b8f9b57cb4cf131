// AVX-512 VNNI kernels. Register blocks have literal sizes: a variable size would put the accumulators on the stack.

#include "kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)

static inline __attribute__((always_inline)) __m128i finish16(__m512i acc, const int8_epilogue *e, int c, __m512i low) {
    acc = _mm512_srav_epi32(_mm512_add_epi32(acc, _mm512_loadu_si512(e->pre_add + c)), _mm512_loadu_si512(e->pre + c));
    acc = _mm512_min_epi32(_mm512_max_epi32(acc, _mm512_set1_epi32(-32768)), _mm512_set1_epi32(32767));
    acc = _mm512_mullo_epi32(acc, _mm512_loadu_si512(e->multiplier + c));
    acc = _mm512_srav_epi32(_mm512_add_epi32(acc, _mm512_loadu_si512(e->post_add + c)), _mm512_loadu_si512(e->post + c));
    __m128i bytes = _mm512_cvtsepi32_epi8(_mm512_max_epi32(acc, low));
    return _mm_xor_si128(bytes, _mm_set1_epi8((char)0x80));
}

static inline __attribute__((always_inline)) __m512i aligned16(const int8_epilogue *e, int c, __m128i residual) {
    __m512i r = _mm512_sub_epi32(_mm512_cvtepu8_epi32(residual), _mm512_set1_epi32(128));
    r = _mm512_add_epi32(_mm512_mullo_epi32(r, _mm512_loadu_si512(e->align_multiplier + c)), _mm512_loadu_si512(e->align_add + c));
    return _mm512_sllv_epi32(_mm512_srav_epi32(r, _mm512_loadu_si512(e->align_right + c)), _mm512_loadu_si512(e->align_left + c));
}

static inline int32_t four(const uint8_t *p) {
    int32_t value;
    __builtin_memcpy(&value, p, 4);
    return value;
}

// MR rows by NR groups of 16 channels; `valid` masks the last group.
#define BLOCK(MR, NR)                                                                                                                     \
    static __attribute__((noinline)) void block_##MR##x##NR(const uint8_t *x, ptrdiff_t stride, int depth, int channels, int c,            \
                                                             const int8_t *packed, const int8_epilogue *e, const uint8_t *residual,         \
                                                             uint8_t *y, __mmask16 valid) {                                                 \
        __m512i acc[MR][NR];                                                                                                              \
        for (int n = 0; n < NR; n++) {                                                                                                    \
            __m512i start = _mm512_loadu_si512(e->start + c + 16 * n);                                                                    \
            for (int m = 0; m < MR; m++) acc[m][n] = start;                                                                               \
        }                                                                                                                                 \
        ptrdiff_t group = (ptrdiff_t)depth * 16;                                                                                          \
        for (int k = 0; k < depth; k += 4) {                                                                                              \
            __m512i w[NR];                                                                                                                \
            for (int n = 0; n < NR; n++) w[n] = _mm512_loadu_si512(packed + n * group + k * 16);                                          \
            for (int m = 0; m < MR; m++) {                                                                                                \
                __m512i a = _mm512_set1_epi32(four(x + m * stride + k));                                                                  \
                for (int n = 0; n < NR; n++) acc[m][n] = _mm512_dpbusd_epi32(acc[m][n], a, w[n]);                                         \
            }                                                                                                                             \
        }                                                                                                                                 \
        __m512i low = _mm512_set1_epi32(e->low);                                                                                          \
        for (int m = 0; m < MR; m++)                                                                                                      \
            for (int n = 0; n < NR; n++) {                                                                                                \
                int at = c + 16 * n;                                                                                                      \
                __mmask16 mask = n == NR - 1 ? valid : (__mmask16)0xFFFF;                                                                 \
                __m512i value = acc[m][n];                                                                                                \
                if (residual)                                                                                                             \
                    value = _mm512_add_epi32(value, aligned16(e, at, _mm_maskz_loadu_epi8(mask, residual + (ptrdiff_t)m * channels + at))); \
                _mm_mask_storeu_epi8(y + (ptrdiff_t)m * channels + at, mask, finish16(value, e, at, low));                                \
            }                                                                                                                             \
    }

BLOCK(6, 4)
BLOCK(1, 4)
BLOCK(8, 3)
BLOCK(1, 3)
BLOCK(12, 2)
BLOCK(1, 2)
BLOCK(12, 1)
BLOCK(1, 1)

typedef void (*block)(const uint8_t *, ptrdiff_t, int, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *, __mmask16);

void gemm_vnni(const int8_product *p) {
    const ptrdiff_t rows = p->rows, stride = p->stride;
    const int depth = p->depth, channels = p->channels;
    static const block wide[4] = {block_12x1, block_12x2, block_8x3, block_6x4};
    static const block narrow[4] = {block_1x1, block_1x2, block_1x3, block_1x4};
    static const int height[4] = {12, 12, 8, 6};
    int groups = (p->end + 15) / 16;
    // Rows in runs that stay in the cache while all channel groups pass over them.
    ptrdiff_t run = 65536 / (depth > 64 ? depth : 64);
    run = run < 48 ? 48 : run - run % 24;
    for (ptrdiff_t first = 0; first < rows; first += run) {
        ptrdiff_t end = first + run < rows ? first + run : rows;
        for (int g = p->first / 16; g < groups;) {
            int n = groups - g < 4 ? groups - g : 4;
            if (groups - g == 5) n = 3;
            int last = g + n == groups;
            int tail = p->end - (groups - 1) * 16;
            __mmask16 valid = last && tail < 16 ? (__mmask16)((1u << tail) - 1) : (__mmask16)0xFFFF;
            const int8_t *w = p->weights->packed + (ptrdiff_t)g * depth * 16;
            ptrdiff_t row = first;
            for (; row + height[n - 1] <= end; row += height[n - 1])
                wide[n - 1](p->x + row * stride, stride, depth, channels, g * 16, w, p->epilogue, p->residual ? p->residual + row * channels : 0,
                            p->y + row * channels, valid);
            for (; row < end; row++)
                narrow[n - 1](p->x + row * stride, stride, depth, channels, g * 16, w, p->epilogue, p->residual ? p->residual + row * channels : 0,
                              p->y + row * channels, valid);
            g += n;
        }
    }
}

void gemm_int32_vnni(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y) {
    for (ptrdiff_t row = 0; row < rows; row++)
        for (int c = 0; c < channels; c += 16) {
            __mmask16 valid = channels - c < 16 ? (__mmask16)((1u << (channels - c)) - 1) : (__mmask16)0xFFFF;
            __m512i acc = _mm512_maskz_loadu_epi32(valid, start + c);
            const int8_t *w = packed + (ptrdiff_t)(c / 16) * depth * 16;
            for (int k = 0; k < depth; k += 4)
                acc = _mm512_dpbusd_epi32(acc, _mm512_set1_epi32(four(x + row * stride + k)), _mm512_loadu_si512(w + k * 16));
            _mm512_mask_storeu_epi32(y + row * channels + c, valid, acc);
        }
}

static void depthwise_pixel(const uint8_t *const *taps, int tap_groups, int channels, const int8_t *packed, const int8_epilogue *e, const uint8_t *residual,
                            uint8_t *y) {
    __m512i low = _mm512_set1_epi32(e->low);
    for (int c = 0; c < channels; c += 16) {
        __m512i acc = _mm512_loadu_si512(e->start + c);
        const int8_t *w = packed + (ptrdiff_t)(c / 16) * tap_groups * 64;
        for (int g = 0; g < tap_groups; g++) {
            __m128i a = _mm_loadu_si128((const __m128i *)(taps[4 * g] + c));
            __m128i b = _mm_loadu_si128((const __m128i *)(taps[4 * g + 1] + c));
            __m128i d = _mm_loadu_si128((const __m128i *)(taps[4 * g + 2] + c));
            __m128i f = _mm_loadu_si128((const __m128i *)(taps[4 * g + 3] + c));
            __m128i ab0 = _mm_unpacklo_epi8(a, b), ab1 = _mm_unpackhi_epi8(a, b);
            __m128i df0 = _mm_unpacklo_epi8(d, f), df1 = _mm_unpackhi_epi8(d, f);
            __m512i quads = _mm512_castsi128_si512(_mm_unpacklo_epi16(ab0, df0));
            quads = _mm512_inserti32x4(quads, _mm_unpackhi_epi16(ab0, df0), 1);
            quads = _mm512_inserti32x4(quads, _mm_unpacklo_epi16(ab1, df1), 2);
            quads = _mm512_inserti32x4(quads, _mm_unpackhi_epi16(ab1, df1), 3);
            acc = _mm512_dpbusd_epi32(acc, quads, _mm512_loadu_si512(w + g * 64));
        }
        if (residual) acc = _mm512_add_epi32(acc, aligned16(e, c, _mm_loadu_si128((const __m128i *)(residual + c))));
        _mm_storeu_si128((__m128i *)(y + c), finish16(acc, e, c, low));
    }
}

void depthwise_vnni(const int8_depthwise_shape *s, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border, const int8_t *packed,
                    const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    int taps = s->kernel_h * s->kernel_w, tap_groups = (taps + 3) / 4, channels = s->channels;
    const uint8_t *line[4 * tap_groups];
    for (int t = taps; t < 4 * tap_groups; t++) line[t] = border;
    for (ptrdiff_t pixel = first; pixel < first + count; pixel++) {
        depthwise_taps(s, pixel, x, border, line);
        depthwise_pixel(line, tap_groups, channels, packed, e, residual ? residual + pixel * channels : 0, y + pixel * channels);
    }
}

#pragma clang attribute pop

#endif
