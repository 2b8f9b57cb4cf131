// Products with AVX-VNNI, the byte products of AVX-512 in registers of half the width: 4 taps of 8 columns an instruction, exact for all values.
// Depthwise convolutions run on the AVX2 kernels.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,avxvnni"))), apply_to = function)

#include "avx2_products.h"

#define QUADS(MR, NR, SUMS)                                                                                                       \
    for (int k = 0; k < depth; k += 4) {                                                                                          \
        __m256i w[NR];                                                                                                            \
        for (int n = 0; n < NR; n++) w[n] = loaded(packed + k * 16 + 32 * n);                                                     \
        UNROLLED for (int m = 0; m < MR; m++) {                                                                                   \
            __m256i a = four(x + (ptrdiff_t)m * depth + k);                                                                       \
            for (int n = 0; n < NR; n++) SUMS[m][n] = _mm256_dpbusd_avx_epi32(SUMS[m][n], a, w[n]);                               \
        }                                                                                                                         \
        HELD_##MR(SUMS)                                                                                                           \
    }

BLOCKS_OF_SIX(quads, uint8_t, QUADS)

void gemm_avx_vnni(const int8_product *p) {
    if (p->stride != p->depth) {
        gemm_words_avx2(p);
        return;
    }
    ptrdiff_t run = 2 * run_length(p->depth, p->channels);
    for (ptrdiff_t begin = 0; begin < p->rows; begin += run) {
        ptrdiff_t count = p->rows - begin < run ? p->rows - begin : run;
        for (int c = p->first; c < p->end; c += 16) {
            finish own;
            group g = columns_of(p, begin, count, p->x + begin * p->depth, c, &own);
            run_blocks(&quads_table, &g);
        }
    }
}

#pragma clang attribute pop

#endif
