// AVX2 products: bytes are widened to 16 bits and multiplied in pairs, which is exact for all values.
// (The byte multiplication of AVX2 saturates at 16 bits and is not: avx2_bytes.c says for which values it is.)
//
// Weights are read as they are packed for VNNI, four taps a channel. Taken as 16-bit lanes, an arithmetic shift leaves the odd taps and
// two shifts the even ones; the widened activations have the same order (0, 2, 1, 3). So every product is a multiply of pairs, eight
// channels at a time, and a block of 6 rows by 16 channels keeps its sums in 12 of the 16 registers.

#include "kernels.h"

#if defined(__x86_64__)

#include <stdlib.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_epilogue.h"

INLINE __m256i pair(const int16_t *x) {
    int32_t value;
    memcpy(&value, x, 4);
    return _mm256_set1_epi32(value);
}

// Keeps the sums, and nothing else, in registers between the steps: left alone, the compiler merges additions of both, holds weights and spills.
#define HELD_1(S) __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]) : : "memory");
#define HELD_2(S) __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]) : : "memory");
#define HELD_4(S)                                                                                                                 \
    __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]), "+x"(S[2][0]), "+x"(S[2][1]), "+x"(S[3][0]), "+x"(S[3][1]) : : "memory");
#define HELD_6(S)                                                                                                                 \
    __asm__ volatile(""                                                                                                           \
            : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]), "+x"(S[2][0]), "+x"(S[2][1]), "+x"(S[3][0]), "+x"(S[3][1]), \
              "+x"(S[4][0]), "+x"(S[4][1]), "+x"(S[5][0]), "+x"(S[5][1]) : : "memory");

#define STEP(MR, NR, SUMS, W, K)                                                                                                  \
    UNROLLED for (int m = 0; m < MR; m++) {                                                                                                \
        __m256i a = pair(x + (ptrdiff_t)m * depth + (K));                                                                         \
        for (int n = 0; n < NR; n++) SUMS[m][n] = _mm256_add_epi32(SUMS[m][n], _mm256_madd_epi16(a, W[n]));                        \
    }                                                                                                                             \
    HELD_##MR(SUMS)

// Adds MR rows times NR times 8 channels.
#define ACCUMULATE(MR, NR, SUMS)                                                                                                  \
    for (int k = 0; k < depth; k += 4) {                                                                                          \
        __m256i w[NR];                                                                                                            \
        for (int n = 0; n < NR; n++)                                                                                              \
            w[n] = _mm256_srai_epi16(_mm256_slli_epi16(_mm256_loadu_si256((const __m256i *)(packed + k * 16 + 32 * n)), 8), 8);      \
        STEP(MR, NR, SUMS, w, k)                                                                                                  \
        for (int n = 0; n < NR; n++) w[n] = _mm256_srai_epi16(_mm256_loadu_si256((const __m256i *)(packed + k * 16 + 32 * n)), 8);  \
        STEP(MR, NR, SUMS, w, k + 2)                                                                                              \
    }

#define BLOCKS(NAME, MR, NR, COUNT, RESIDUAL, ROUNDS)                                                                             \
    static __attribute__((noinline)) ptrdiff_t NAME##_##MR##x##NR(const int16_t *x, ptrdiff_t rows, int depth, int channels,       \
                                                                   int count, const int8_t *packed, const finish *f,               \
                                                                   const uint8_t *residual, uint8_t *y) {                          \
        ptrdiff_t row = 0;                                                                                                        \
        const uint8_t *other = RESIDUAL;                                                                                          \
        (void)count, (void)residual;                                                                                              \
        for (; row + MR <= rows; row += MR, x += (ptrdiff_t)MR * depth) {                                                         \
            __m256i sums[MR][2];                                                                                                  \
            UNROLLED for (int m = 0; m < MR; m++)                                                                                 \
                for (int n = 0; n < 2; n++) sums[m][n] = f->start[n];                                                             \
            ACCUMULATE(MR, NR, sums)                                                                                              \
            STORE_ROWS(MR, sums, COUNT, other, ROUNDS)                                                                            \
        }                                                                                                                         \
        return row;                                                                                                               \
    }

// As many blocks of MR rows as `rows` has, by 8 * NR channels, of which `count` exist. They return the rows done.
#define BOTH(MR, NR)                                                                                                              \
    BLOCKS(plain, MR, NR, 8 * NR, 0, 1)                                                                                           \
    BLOCKS(general, MR, NR, count, residual, 0)

BOTH(6, 2)
BOTH(4, 2)
BOTH(2, 2)
BOTH(1, 2)
BOTH(6, 1)
BOTH(4, 1)
BOTH(2, 1)
BOTH(1, 1)

typedef ptrdiff_t (*blocks)(const int16_t *, ptrdiff_t, int, int, int, const int8_t *, const finish *, const uint8_t *, uint8_t *);

// Bytes as words in the order 0, 2, 1, 3 of every four.
static void widen(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int16_t *wide) {
    const __m256i mask = _mm256_set1_epi16(255);
    const __m128i half = _mm256_castsi256_si128(mask);
    for (ptrdiff_t row = 0; row < rows; row++) {
        const uint8_t *source = x + row * stride;
        int16_t *target = wide + row * depth;
        int k = 0;
        for (; k + 16 <= depth; k += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(source + k));
            __m128i even = _mm_and_si128(v, half), odd = _mm_srli_epi16(v, 8);
            _mm_storeu_si128((__m128i *)(target + k), _mm_unpacklo_epi32(even, odd));
            _mm_storeu_si128((__m128i *)(target + k + 8), _mm_unpackhi_epi32(even, odd));
        }
        if (k + 8 <= depth) {
            __m128i v = _mm_loadl_epi64((const __m128i *)(source + k));
            _mm_storeu_si128((__m128i *)(target + k), _mm_unpacklo_epi32(_mm_and_si128(v, half), _mm_srli_epi16(v, 8)));
            k += 8;
        }
        for (; k < depth; k += 4) {
            target[k] = source[k];
            target[k + 1] = source[k + 2];
            target[k + 2] = source[k + 1];
            target[k + 3] = source[k + 3];
        }
    }
}

// Rows whose widened copy and results stay in the first-level cache while all channel groups pass over them; few deep ones go to the second.
ptrdiff_t run_length_avx2(int depth, int channels) {
    ptrdiff_t run = 24576 / (2 * depth + channels);
    return run < 24 ? 24 : run - run % 6;
}

// Room for a widened run on the stack, else from the heap.
#define ON_STACK 65536

void gemm_words_avx2(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int8_epilogue *e,
                     const uint8_t *residual, uint8_t *y) {
    // By whether rows have 16 channels or 8, and whether they are plain.
    static const blocks all[2][2][4] = {
        {{general_6x1, general_4x1, general_2x1, general_1x1}, {plain_6x1, plain_4x1, plain_2x1, plain_1x1}},
        {{general_6x2, general_4x2, general_2x2, general_1x2}, {plain_6x2, plain_4x2, plain_2x2, plain_1x2}},
    };
    ptrdiff_t run = run_length_avx2(depth, channels);
    if (run > rows) run = rows;
    int16_t stack[ON_STACK / sizeof(int16_t)];
    int16_t *wide = stack;
    if ((size_t)run * depth * sizeof(int16_t) > ON_STACK) {
        wide = malloc((size_t)run * depth * sizeof(int16_t));
        if (!wide) {
            gemm_portable(x, rows, stride, depth, channels, packed, e, residual, y);
            return;
        }
    }
    for (ptrdiff_t begin = 0; begin < rows; begin += run) {
        ptrdiff_t count = rows - begin < run ? rows - begin : run;
        widen(x + begin * stride, count, stride, depth, wide);
        for (int c = 0; c < channels; c += 16) {
            int valid = channels - c < 16 ? channels - c : 16;
            finish f = finishing(e, c, valid, 0);
            const blocks *passes = all[valid > 8][!residual && f.shifts == ROUNDING && valid % 8 == 0];
            ptrdiff_t row = 0;
            for (int pass = 0; pass < 4 && row < count; pass++) {
                ptrdiff_t place = (begin + row) * channels + c;
                row += passes[pass](wide + row * depth, count - row, depth, channels, valid, packed + (ptrdiff_t)c * depth, &f, residual ? residual + place : 0, y + place);
            }
        }
    }
    if (wide != stack) free(wide);
}

void gemm_int32_avx2(const uint8_t *source, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *all, const int32_t *start, int32_t *y) {
    int16_t *x = malloc((size_t)depth * sizeof(int16_t));
    if (!x) {
        gemm_int32_portable(source, rows, stride, depth, channels, all, start, y);
        return;
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
        widen(source + row * stride, 1, stride, depth, x);
        for (int c = 0; c < channels; c += 16) {
            const int8_t *packed = all + (ptrdiff_t)c * depth;
            __m256i sums[1][2] = {{_mm256_setzero_si256(), _mm256_setzero_si256()}};
            ACCUMULATE(1, 2, sums)
            int32_t values[16];
            _mm256_storeu_si256((__m256i *)values, sums[0][0]);
            _mm256_storeu_si256((__m256i *)(values + 8), sums[0][1]);
            for (int i = 0; i < 16 && c + i < channels; i++) y[row * channels + c + i] = values[i] + start[c + i];
        }
    }
    free(x);
}

#pragma clang attribute pop

#endif
