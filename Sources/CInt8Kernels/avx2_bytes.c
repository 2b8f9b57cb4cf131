// AVX2 products of values in 0...127 by bytes: the multiplication of unsigned by signed bytes adds pairs in 16 bits, and two products of at
// most 127 * 128 fit. Where the weights allow, two such sums are added in 16 bits, too, before they are widened: 8 taps of 8 channels take
// 3 multiplications instead of the 4 of 16-bit pairs, and nothing has to be widened before.

#include "kernels.h"

#if defined(__x86_64__)

#include <stdlib.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_products.h"

// 4 taps by 8 channels, sums of pairs. The weights of 4 taps are 64 bytes apart.
#define PAIRS(M, N, K) _mm256_maddubs_epi16(four(x + (ptrdiff_t)(M) * depth + (K)), loaded(packed + (K) * 16 + 32 * (N)))

#define BYTES(MR, NR, SUMS)                                                                                                       \
    const __m256i ones = _mm256_set1_epi16(1);                                                                                    \
    const uint16_t *step = g->steps, *const singles = step + 2 * g->twos, *const end = step + depth / 4;                          \
    for (; step < singles; step += 2) {                                                                                           \
        const int i = step[0] * 4, j = step[1] * 4;                                                                               \
        UNROLLED for (int m = 0; m < MR; m++)                                                                                     \
            for (int n = 0; n < NR; n++) ADD_WIDENED(SUMS[m][n], _mm256_add_epi16(PAIRS(m, n, i), PAIRS(m, n, j)))                  \
        HELD_##MR(SUMS)                                                                                                           \
    }                                                                                                                             \
    for (; step < end; step++) {                                                                                                  \
        const int k = step[0] * 4;                                                                                                \
        UNROLLED for (int m = 0; m < MR; m++)                                                                                     \
            for (int n = 0; n < NR; n++) ADD_WIDENED(SUMS[m][n], PAIRS(m, n, k))                                                    \
        HELD_##MR(SUMS)                                                                                                           \
    }

#define ADD_WIDENED(SUM, WORDS) SUM = _mm256_add_epi32(SUM, _mm256_madd_epi16(WORDS, ones));

BLOCKS_OF_FOUR(bytes, uint8_t, BYTES)

// value + 128 as value.
static void lowered(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, uint8_t *low) {
    for (ptrdiff_t row = 0; row < rows; row++) {
        const uint8_t *source = x + row * stride;
        uint8_t *target = low + row * depth;
        int k = 0;
        for (; k + 32 <= depth; k += 32)
            _mm256_storeu_si256((__m256i *)(target + k), _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(source + k)), _mm256_set1_epi8((char)0x80)));
        for (; k + 8 <= depth; k += 8)
            _mm_storel_epi64((__m128i *)(target + k), _mm_xor_si128(_mm_loadl_epi64((const __m128i *)(source + k)), _mm_set1_epi8((char)0x80)));
        for (; k < depth; k++) target[k] = source[k] ^ 0x80;
    }
}

// Deeper runs take memory from the heap.
enum { MOST_BYTES = 32768 };

void gemm_bytes_avx2(const int8_product *p) {
    const ptrdiff_t rows = p->rows;
    const int depth = p->depth;
    ptrdiff_t run = run_length(depth, p->channels);
    if (run > rows) run = rows;
    uint8_t stack[MOST_BYTES];
    uint8_t *low = stack;
    if (run * depth > MOST_BYTES) {
        low = malloc((size_t)run * depth);
        if (!low) {
            gemm_words_avx2(p);
            return;
        }
    }
    for (ptrdiff_t begin = 0; begin < rows; begin += run) {
        ptrdiff_t count = rows - begin < run ? rows - begin : run;
        lowered(p->x + begin * p->stride, count, p->stride, depth, low);
        for (int c = p->first; c < p->end; c += 16) {
            finish own;
            group g = columns_of(p, begin, count, low, c, &own);
            for (int h = 0; h < 2; h++) g.start[h] = _mm256_add_epi32(g.start[h], at(p->weights->offset, c + 8 * h));
            g.steps = p->weights->steps + c / 16 * (depth / 4);
            g.twos = p->weights->twos[c / 16];
            run_blocks(&bytes_table, &g);
        }
    }
    if (low != stack) free(low);
}

#pragma clang attribute pop

#endif
