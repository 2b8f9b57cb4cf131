// AVX2 kernels: bytes are widened to 16 bits and multiplied in pairs, which is exact for all values.
// (The byte multiplication of AVX2 saturates at 16 bits and is not.)

#include "kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdlib.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

// Two accumulators of 4 channels with 2 partial sums each, as 8 channels in order.
static inline __attribute__((always_inline)) __m256i joined(__m256i a, __m256i b) { return _mm256_permute4x64_epi64(_mm256_hadd_epi32(a, b), 0xD8); }

static inline __m256i at(const int32_t *values, int c) { return _mm256_loadu_si256((const __m256i *)(values + c)); }

// 8 channels from sum to result, not yet narrowed.
static inline __attribute__((always_inline)) __m256i finish8(__m256i acc, const int8_epilogue *e, int c, const uint8_t *residual) {
    acc = _mm256_add_epi32(acc, at(e->start, c));
    if (residual) {
        __m256i r = _mm256_sub_epi32(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)residual)), _mm256_set1_epi32(128));
        r = _mm256_add_epi32(_mm256_mullo_epi32(r, at(e->align_multiplier, c)), at(e->align_add, c));
        acc = _mm256_add_epi32(acc, _mm256_sllv_epi32(_mm256_srav_epi32(r, at(e->align_right, c)), at(e->align_left, c)));
    }
    acc = _mm256_srav_epi32(_mm256_add_epi32(acc, at(e->pre_add, c)), at(e->pre, c));
    acc = _mm256_min_epi32(_mm256_max_epi32(acc, _mm256_set1_epi32(-32768)), _mm256_set1_epi32(32767));
    acc = _mm256_add_epi32(_mm256_mullo_epi32(acc, at(e->multiplier, c)), at(e->post_add, c));
    return _mm256_max_epi32(_mm256_srav_epi32(acc, at(e->post, c)), _mm256_set1_epi32(e->low));
}

static inline __attribute__((always_inline)) __m128i narrowed(__m256i a, __m256i b) {
    __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xD8);
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    return _mm_xor_si128(bytes, _mm_set1_epi8((char)0x80));
}

// The 16 channels from c of one row; `count` of them exist.
static inline __attribute__((always_inline)) void store16(__m256i a0, __m256i a1, __m256i a2, __m256i a3, const int8_epilogue *e, int c, int count,
                                                          const uint8_t *residual, uint8_t *y) {
    uint8_t padded[16];
    if (residual && count < 16) {
        __builtin_memset(padded, 128, 16);
        for (int i = 0; i < count; i++) padded[i] = residual[i];
        residual = padded;
    }
    __m128i bytes = narrowed(finish8(joined(a0, a1), e, c, residual), finish8(joined(a2, a3), e, c + 8, residual ? residual + 8 : 0));
    if (count >= 16) {
        _mm_storeu_si128((__m128i *)y, bytes);
        return;
    }
    uint8_t last[16];
    _mm_storeu_si128((__m128i *)last, bytes);
    for (int i = 0; i < count; i++) y[i] = last[i];
}

static inline __m256i quad(const int16_t *x) {
    int64_t value;
    __builtin_memcpy(&value, x, 8);
    return _mm256_set1_epi64x(value);
}

static inline __m256i weights4(const int8_t *w) { return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)w)); }

#define SUMS(MR)                                                                                                                  \
    __m256i acc[MR][4];                                                                                                           \
    for (int m = 0; m < MR; m++)                                                                                                  \
        for (int n = 0; n < 4; n++) acc[m][n] = _mm256_setzero_si256();                                                           \
    for (int k = 0; k < depth; k += 4) {                                                                                          \
        __m256i w0 = weights4(packed + k * 16), w1 = weights4(packed + k * 16 + 16);                                              \
        __m256i w2 = weights4(packed + k * 16 + 32), w3 = weights4(packed + k * 16 + 48);                                         \
        for (int m = 0; m < MR; m++) {                                                                                            \
            __m256i a = quad(x + (ptrdiff_t)m * depth + k);                                                                       \
            acc[m][0] = _mm256_add_epi32(acc[m][0], _mm256_madd_epi16(a, w0));                                                    \
            acc[m][1] = _mm256_add_epi32(acc[m][1], _mm256_madd_epi16(a, w1));                                                    \
            acc[m][2] = _mm256_add_epi32(acc[m][2], _mm256_madd_epi16(a, w2));                                                    \
            acc[m][3] = _mm256_add_epi32(acc[m][3], _mm256_madd_epi16(a, w3));                                                    \
        }                                                                                                                         \
    }

#define BLOCK(MR)                                                                                                                 \
    static __attribute__((noinline)) void rows_##MR(const int16_t *x, int depth, int channels, int c, int count, const int8_t *packed, \
                                                    const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {                 \
        SUMS(MR)                                                                                                                  \
        for (int m = 0; m < MR; m++) {                                                                                            \
            ptrdiff_t place = (ptrdiff_t)m * channels + c;                                                                        \
            store16(acc[m][0], acc[m][1], acc[m][2], acc[m][3], e, c, count, residual ? residual + place : 0, y + place);         \
        }                                                                                                                         \
    }

BLOCK(3)
BLOCK(1)

static void widen(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int16_t *wide) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const uint8_t *source = x + row * stride;
        int16_t *target = wide + row * depth;
        int k = 0;
        for (; k + 16 <= depth; k += 16)
            _mm256_storeu_si256((__m256i *)(target + k), _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(source + k))));
        for (; k < depth; k++) target[k] = source[k];
    }
}

// Rows in runs whose widened copy stays in the cache while all channel groups pass over it.
static ptrdiff_t run_length(int depth) {
    ptrdiff_t run = 16384 / (depth > 16 ? depth : 16);
    return run < 24 ? 24 : run - run % 3;
}

void gemm_avx2(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int8_epilogue *e,
               const uint8_t *residual, uint8_t *y) {
    ptrdiff_t run = run_length(depth);
    int16_t *wide = malloc((size_t)run * depth * sizeof(int16_t) + 32);
    if (!wide) {
        gemm_portable(x, rows, stride, depth, channels, packed, e, residual, y);
        return;
    }
    for (ptrdiff_t first = 0; first < rows; first += run) {
        ptrdiff_t count = rows - first < run ? rows - first : run;
        widen(x + first * stride, count, stride, depth, wide);
        for (int c = 0; c < channels; c += 16) {
            const int8_t *w = packed + (ptrdiff_t)(c / 16) * depth * 16;
            int valid = channels - c < 16 ? channels - c : 16;
            ptrdiff_t row = 0;
            for (; row + 3 <= count; row += 3)
                rows_3(wide + row * depth, depth, channels, c, valid, w, e, residual ? residual + (first + row) * channels : 0, y + (first + row) * channels);
            for (; row < count; row++)
                rows_1(wide + row * depth, depth, channels, c, valid, w, e, residual ? residual + (first + row) * channels : 0, y + (first + row) * channels);
        }
    }
    free(wide);
}

void gemm_int32_avx2(const uint8_t *source, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *all, const int32_t *start, int32_t *y) {
    int16_t *x = malloc((size_t)depth * sizeof(int16_t) + 32);
    if (!x) {
        gemm_int32_portable(source, rows, stride, depth, channels, all, start, y);
        return;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        widen(source + row * stride, 1, stride, depth, x);
        for (int c = 0; c < channels; c += 16) {
            const int8_t *packed = all + (ptrdiff_t)(c / 16) * depth * 16;
            SUMS(1)
            int32_t sums[16];
            _mm256_storeu_si256((__m256i *)sums, joined(acc[0][0], acc[0][1]));
            _mm256_storeu_si256((__m256i *)(sums + 8), joined(acc[0][2], acc[0][3]));
            for (int i = 0; i < 16 && c + i < channels; i++) y[row * channels + c + i] = sums[i] + start[c + i];
        }
    }
    free(x);
}

void depthwise_avx2(const uint8_t *const *taps, int tap_groups, int channels, const int8_t *packed, const int8_epilogue *e, const uint8_t *residual,
                    uint8_t *y) {
    for (int c = 0; c < channels; c += 16) {
        __m256i a0 = _mm256_setzero_si256(), a1 = a0, a2 = a0, a3 = a0;
        const int8_t *w = packed + (ptrdiff_t)(c / 16) * tap_groups * 64;
        for (int g = 0; g < tap_groups; g++, w += 64) {
            __m128i p = _mm_loadu_si128((const __m128i *)(taps[4 * g] + c));
            __m128i q = _mm_loadu_si128((const __m128i *)(taps[4 * g + 1] + c));
            __m128i r = _mm_loadu_si128((const __m128i *)(taps[4 * g + 2] + c));
            __m128i s = _mm_loadu_si128((const __m128i *)(taps[4 * g + 3] + c));
            __m128i pq0 = _mm_unpacklo_epi8(p, q), pq1 = _mm_unpackhi_epi8(p, q), rs0 = _mm_unpacklo_epi8(r, s), rs1 = _mm_unpackhi_epi8(r, s);
            a0 = _mm256_add_epi32(a0, _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpacklo_epi16(pq0, rs0)), weights4(w)));
            a1 = _mm256_add_epi32(a1, _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpackhi_epi16(pq0, rs0)), weights4(w + 16)));
            a2 = _mm256_add_epi32(a2, _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpacklo_epi16(pq1, rs1)), weights4(w + 32)));
            a3 = _mm256_add_epi32(a3, _mm256_madd_epi16(_mm256_cvtepu8_epi16(_mm_unpackhi_epi16(pq1, rs1)), weights4(w + 48)));
        }
        store16(a0, a1, a2, a3, e, c, 16, residual ? residual + c : 0, y + c);
    }
}

#pragma clang attribute pop

#endif
