// AVX2 products of any values: bytes are widened to 16 bits and multiplied in pairs, which is exact for all values.
// (The byte multiplication of AVX2 saturates at 16 bits and is not: avx2_bytes.c says for which values it is.)
//
// Weights are read as they are packed for VNNI, four taps a channel. Taken as 16-bit lanes, an arithmetic shift leaves the odd taps and
// two shifts the even ones; the widened activations have the same order (0, 2, 1, 3). So every product is a multiply of pairs, eight channels at
// a time, and a block of 6 rows by 16 channels keeps its sums in 12 of the 16 registers.

#include "kernels.h"

#if defined(__x86_64__)

#include <stdlib.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_products.h"

INLINE __m256i pair(const int16_t *x) {
    int32_t value;
    memcpy(&value, x, 4);
    return _mm256_set1_epi32(value);
}

#define STEP(MR, NR, SUMS, W, K)                                                                                                  \
    UNROLLED for (int m = 0; m < MR; m++) {                                                                                       \
        __m256i a = pair(x + (ptrdiff_t)m * depth + (K));                                                                         \
        for (int n = 0; n < NR; n++) SUMS[m][n] = _mm256_add_epi32(SUMS[m][n], _mm256_madd_epi16(a, W[n]));                       \
    }                                                                                                                             \
    HELD_##MR(SUMS)

#define WORDS(MR, NR, SUMS)                                                                                                       \
    for (int k = 0; k < depth; k += 4) {                                                                                          \
        __m256i w[NR];                                                                                                            \
        for (int n = 0; n < NR; n++)                                                                                              \
            w[n] = _mm256_srai_epi16(_mm256_slli_epi16(_mm256_loadu_si256((const __m256i *)(packed + k * 16 + 32 * n)), 8), 8);      \
        STEP(MR, NR, SUMS, w, k)                                                                                                  \
        for (int n = 0; n < NR; n++) w[n] = _mm256_srai_epi16(_mm256_loadu_si256((const __m256i *)(packed + k * 16 + 32 * n)), 8);  \
        STEP(MR, NR, SUMS, w, k + 2)                                                                                              \
    }

BLOCKS_OF_SIX(words, int16_t, WORDS)

// Rows and columns added crosswise; 8 columns have 64 bytes of weights for 4 taps.
#define CROSSED(MR, NR, SUMS)                                                                                                     \
    UNROLLED for (int m = 0; m < MR; m++) {                                                                                       \
        __m256i own = _mm256_set1_epi32(g->neighbours[row + m]);                                                                   \
        for (int n = 0; n < NR; n++) SUMS[m][n] = _mm256_sub_epi32(SUMS[m][n], own);                                               \
    }                                                                                                                             \
    _Pragma("clang loop unroll_count(2)") for (int k = 0; k < depth; k += 4) {                                                     \
        __m256i odd[NR], even[NR];                                                                                                \
        for (int n = 0; n < NR; n++) {                                                                                            \
            odd[n] = _mm256_loadu_si256((const __m256i *)(packed + k * 32 + 64 * n));                                               \
            even[n] = _mm256_loadu_si256((const __m256i *)(packed + k * 32 + 64 * n + 32));                                         \
        }                                                                                                                         \
        UNROLLED for (int m = 0; m < MR; m++) {                                                                                   \
            __m256i a = pair(x + (ptrdiff_t)m * depth + k), b = pair(x + (ptrdiff_t)m * depth + k + 2);                            \
            for (int n = 0; n < NR; n++)                                                                                          \
                SUMS[m][n] = _mm256_add_epi32(SUMS[m][n], _mm256_madd_epi16(_mm256_add_epi16(a, odd[n]), _mm256_add_epi16(b, even[n])));  \
        }                                                                                                                         \
        HELD_##MR(SUMS)                                                                                                           \
    }

BLOCKS_OF_FOUR(crossed, int16_t, CROSSED)

// Bytes as words in the order 0, 2, 1, 3 of every four.
INLINE void widen(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int16_t *wide) {
    const __m128i half = _mm_set1_epi16(255);
    // Rows without gaps are one long row: its fours are theirs.
    if (stride == depth && rows * depth < INT32_MAX) {
        depth *= (int)rows;
        rows = 1;
    }
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

// For each row the sum of its products of neighbours: of elements 0 and 1, 2 and 3, and so on, which lie two apart in the order above.
static void multiply_neighbours(const int16_t *wide, ptrdiff_t rows, int depth, int32_t *sums) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const int16_t *x = wide + row * depth;
        __m256i wider = _mm256_setzero_si256();
        int k = 0;
        for (; k + 16 <= depth; k += 16) {
            __m256i v = _mm256_loadu_si256((const __m256i *)(x + k));
            wider = _mm256_add_epi32(wider, _mm256_madd_epi16(v, _mm256_shuffle_epi32(v, 0xB1)));
        }
        __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(wider), _mm256_extracti128_si256(wider, 1));
        for (; k < depth; k += 4) {
            __m128i v = _mm_loadl_epi64((const __m128i *)(x + k));
            sum = _mm_add_epi32(sum, _mm_madd_epi16(v, _mm_shuffle_epi32(v, 0xB1)));
        }
        // Every product stands in two lanes.
        sums[row] = _mm_cvtsi128_si32(_mm_add_epi32(sum, _mm_unpackhi_epi64(sum, sum)));
    }
}

// Deeper runs take memory from the heap.
enum { MOST_WORDS = 32768, MOST_ROWS = 1024 };

void gemm_words_avx2(const int8_product *p) {
    const ptrdiff_t rows = p->rows;
    const int depth = p->depth, channels = p->channels;
    ptrdiff_t run = run_length(depth, channels);
    if (run > rows) run = rows;
    // Few rows do not pay for weights of twice the size.
    int crosses = p->weights->crossed && rows >= 8 && run <= MOST_ROWS;
    if (crosses && run < rows) run -= run % 4;
    int16_t stack[MOST_WORDS];
    int32_t neighbours[MOST_ROWS];
    int16_t *wide = stack;
    if (run * depth > MOST_WORDS) {
        wide = malloc((size_t)run * depth * sizeof(int16_t));
        if (!wide) {
            gemm_portable(p);
            return;
        }
    }
    for (ptrdiff_t begin = 0; begin < rows; begin += run) {
        ptrdiff_t count = rows - begin < run ? rows - begin : run;
        widen(p->x + begin * p->stride, count, p->stride, depth, wide);
        if (crosses) multiply_neighbours(wide, count, depth, neighbours);
        for (int c = p->first; c < p->end; c += 16) {
            finish own;
            group g = columns_of(p, begin, count, wide, c, &own);
            if (crosses) {
                for (int h = 0; h < 2; h++) g.start[h] = _mm256_add_epi32(g.start[h], at(p->weights->neighbours, c + 8 * h));
                g.packed = p->weights->crossed + (ptrdiff_t)c * depth;
                g.neighbours = neighbours;
            }
            run_blocks(crosses ? &crossed_table : &words_table, &g);
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
            WORDS(1, 2, sums)
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
