// AVX-512 VNNI products of rows and packed weights: blocks of rows by up to 4 groups of 16 columns, whose sums stay in registers. Blocks have literal
// sizes: a variable size would put the sums on the stack.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)

#include "avx512_epilogue.h"

// Up to 4 neighbouring groups of columns, and the rows they are multiplied with.
typedef struct {
    const uint8_t *x;
    ptrdiff_t stride, channels;
    int depth;
    const int8_t *packed;
    const finish *constants;
    // At the first of these columns; NULL for no residual.
    const uint8_t *residual;
    uint8_t *y;
    // The columns of the last group that exist.
    __mmask16 valid;
} columns;

INLINE __m512i four(const uint8_t *p) {
    int32_t value;
    __builtin_memcpy(&value, p, 4);
    return _mm512_set1_epi32(value);
}

// Undoes what packing does to four registers of neighbouring columns, and to as many rows of fewer ones.
INLINE __m512i in_order(__m512i bytes) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), bytes);
}

// Adds the residual to the sums of one row's group n; the registers of the constants repeat where a block has fewer than 4 groups.
INLINE __m512i with_residual(const columns *c, int row, int n, int groups, __m512i sums) {
    __mmask16 mask = n == groups - 1 ? c->valid : (__mmask16)0xFFFF;
    __m128i bytes = _mm_maskz_loadu_epi8(mask, c->residual + row * c->channels + 16 * n);
    return _mm512_add_epi32(sums, aligned(c->constants, n, _mm512_cvtepu8_epi32(bytes)));
}

INLINE void store_group(const columns *c, int row, int n, int groups, __m128i bytes) {
    uint8_t *to = c->y + row * c->channels + 16 * n;
    if (n < groups - 1 || c->valid == 0xFFFF)
        _mm_storeu_si128((__m128i *)to, bytes);
    else
        _mm_mask_storeu_epi8(to, c->valid, bytes);
}

// A packed register holds one row of 3 or 4 groups, two rows of 2, or four rows of 1.
#define ROW_SUM(M, N) sums[(M) < MR ? (M) : MR - 1][(N) < NR ? (N) : NR - 1]
#define BLOCK_ROWS(PLAIN)                                                                                                                     \
    if (NR >= 3) {                                                                                                                            \
        UNROLLED for (int m = 0; m < MR; m++) {                                                                                               \
            __m512i bytes = in_order(finished(f, sums[m][0], ROW_SUM(m, 1), ROW_SUM(m, 2), ROW_SUM(m, 3), PLAIN));                            \
            if (c->valid == 0xFFFF && NR == 4)                                                                                                \
                _mm512_storeu_si512(c->y + m * c->channels, bytes);                                                                           \
            else                                                                                                                              \
                _mm512_mask_storeu_epi8(c->y + m * c->channels, (__mmask64)c->valid << (16 * NR - 16) | ((1ull << (16 * NR - 16)) - 1), bytes); \
        }                                                                                                                                     \
    } else if (NR == 2) {                                                                                                                     \
        UNROLLED for (int m = 0; m < MR; m += 2) {                                                                                            \
            __m512i bytes = in_order(finished(f, sums[m][0], ROW_SUM(m, 1), ROW_SUM(m + 1, 0), ROW_SUM(m + 1, 1), PLAIN));                    \
            UNROLLED for (int i = 0; i < 2 && m + i < MR; i++) {                                                                              \
                __m256i row = i ? _mm512_extracti64x4_epi64(bytes, 1) : _mm512_castsi512_si256(bytes);                                        \
                if (c->valid == 0xFFFF)                                                                                                       \
                    _mm256_storeu_si256((__m256i *)(c->y + (m + i) * c->channels), row);                                                      \
                else                                                                                                                          \
                    _mm256_mask_storeu_epi8(c->y + (m + i) * c->channels, (__mmask32)c->valid << 16 | 0xFFFF, row);                           \
            }                                                                                                                                 \
        }                                                                                                                                     \
    } else {                                                                                                                                  \
        UNROLLED for (int m = 0; m < MR; m += 4) {                                                                                            \
            __m512i bytes = in_order(finished(f, sums[m][0], ROW_SUM(m + 1, 0), ROW_SUM(m + 2, 0), ROW_SUM(m + 3, 0), PLAIN));                \
            store_group(c, m, 0, 1, _mm512_castsi512_si128(bytes));                                                                           \
            if (m + 1 < MR) store_group(c, m + 1, 0, 1, _mm512_extracti32x4_epi32(bytes, 1));                                                 \
            if (m + 2 < MR) store_group(c, m + 2, 0, 1, _mm512_extracti32x4_epi32(bytes, 2));                                                 \
            if (m + 3 < MR) store_group(c, m + 3, 0, 1, _mm512_extracti32x4_epi32(bytes, 3));                                                 \
        }                                                                                                                                     \
    }

// ROWS rows by GROUPS groups of columns.
#define BLOCK(ROWS, GROUPS)                                                                                                                   \
    static __attribute__((noinline)) void block_##ROWS##x##GROUPS(const columns *c) {                                                         \
        enum { MR = ROWS, NR = GROUPS };                                                                                                      \
        const finish *f = c->constants;                                                                                                          \
        __m512i sums[ROWS][GROUPS];                                                                                                           \
        UNROLLED for (int m = 0; m < MR; m++) UNROLLED for (int n = 0; n < NR; n++) sums[m][n] = f->start[n];                                  \
        const ptrdiff_t group = (ptrdiff_t)c->depth * 16;                                                                                     \
        const uint8_t *x = c->x;                                                                                                              \
        const int8_t *packed = c->packed;                                                                                                     \
        for (int k = 0; k < c->depth; k += 4, packed += 64) {                                                                                 \
            __m512i w[GROUPS];                                                                                                                \
            UNROLLED for (int n = 0; n < NR; n++) w[n] = _mm512_loadu_si512(packed + n * group);                                              \
            UNROLLED for (int m = 0; m < MR; m++) {                                                                                           \
                __m512i a = four(x + m * c->stride + k);                                                                                      \
                UNROLLED for (int n = 0; n < NR; n++) sums[m][n] = _mm512_dpbusd_epi32(sums[m][n], a, w[n]);                                  \
            }                                                                                                                                 \
        }                                                                                                                                     \
        if (c->residual) {                                                                                                                    \
            UNROLLED for (int m = 0; m < MR; m++) UNROLLED for (int n = 0; n < NR; n++) sums[m][n] = with_residual(c, m, n, NR, sums[m][n]);  \
        }                                                                                                                                     \
        if (f->shifts == ROUNDING) {                                                                                                          \
            BLOCK_ROWS(1)                                                                                                                     \
        } else {                                                                                                                              \
            BLOCK_ROWS(0)                                                                                                                     \
        }                                                                                                                                     \
    }

BLOCK(6, 4)
BLOCK(4, 4)
BLOCK(2, 4)
BLOCK(1, 4)
BLOCK(8, 3)
BLOCK(4, 3)
BLOCK(2, 3)
BLOCK(1, 3)
BLOCK(12, 2)
BLOCK(4, 2)
BLOCK(2, 2)
BLOCK(1, 2)
BLOCK(16, 1)
BLOCK(4, 1)
BLOCK(2, 1)
BLOCK(1, 1)

enum { HEIGHTS = 4 };

// By the number of groups, then from high to low.
static const struct {
    int rows;
    void (*block)(const columns *);
} blocks[4][HEIGHTS] = {
    {{16, block_16x1}, {4, block_4x1}, {2, block_2x1}, {1, block_1x1}},
    {{12, block_12x2}, {4, block_4x2}, {2, block_2x2}, {1, block_1x2}},
    {{8, block_8x3}, {4, block_4x3}, {2, block_2x3}, {1, block_1x3}},
    {{6, block_6x4}, {4, block_4x4}, {2, block_2x4}, {1, block_1x4}},
};

static void run_blocks(const int8_product *p, ptrdiff_t begin, ptrdiff_t end, int group, int groups) {
    int first = group * 16, left = p->end - first;
    finish own;
    // Arranged are the constants of 64 columns, or of those that are left at the end.
    const finish *arranged = group % 4 == 0 && (groups == 4 || p->end == p->channels) ? int8_arranged(p->epilogue, INT8_AVX512_VNNI) : 0;
    if (!arranged) finishing_rows(p->epilogue, first, left, p->residual != 0, &own);
    columns c = {
        .x = p->x + begin * p->stride, .stride = p->stride, .channels = p->channels, .depth = p->depth,
        .constants = arranged ? arranged + group / 4 : &own,
        .packed = p->weights->packed + (ptrdiff_t)first * p->depth, .residual = p->residual ? p->residual + begin * p->channels + first : 0,
        .y = p->y + begin * p->channels + first, .valid = first_lanes(left - 16 * (groups - 1)),
    };
    ptrdiff_t rows = end - begin;
    for (int h = 0; h < HEIGHTS; h++) {
        int height = blocks[groups - 1][h].rows;
        for (; rows >= height; rows -= height) {
            blocks[groups - 1][h].block(&c);
            c.x += height * p->stride;
            c.y += height * c.channels;
            if (c.residual) c.residual += height * c.channels;
        }
    }
}

void gemm_avx512(const int8_product *p) {
    int groups = (p->end + 15) / 16;
    // Rows in runs that stay in the cache while all channel groups pass over them.
    ptrdiff_t run = 65536 / (p->depth > 64 ? p->depth : 64);
    run = run < 48 ? 48 : run - run % 24;
    for (ptrdiff_t begin = 0; begin < p->rows; begin += run) {
        ptrdiff_t end = begin + run < p->rows ? begin + run : p->rows;
        for (int g = p->first / 16; g < groups;) {
            int n = groups - g < 4 ? groups - g : 4;
            run_blocks(p, begin, end, g, n);
            g += n;
        }
    }
}

// Rows whose sums are independent chains of additions.
enum { CHAINS = 8 };

void gemm_int32_avx512(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y) {
    for (ptrdiff_t row = 0; row < rows; row += CHAINS)
        for (int c = 0; c < channels; c += 16) {
            __mmask16 valid = channels - c < 16 ? (__mmask16)((1u << (channels - c)) - 1) : (__mmask16)0xFFFF;
            const int8_t *w = packed + (ptrdiff_t)c * depth;
            const uint8_t *from[CHAINS];
            __m512i sums[CHAINS];
            UNROLLED for (int m = 0; m < CHAINS; m++) {
                from[m] = x + (row + m < rows ? row + m : rows - 1) * stride;
                sums[m] = _mm512_maskz_loadu_epi32(valid, start + c);
            }
            for (int k = 0; k < depth; k += 4) {
                __m512i weights = _mm512_loadu_si512(w + k * 16);
                UNROLLED for (int m = 0; m < CHAINS; m++) sums[m] = _mm512_dpbusd_epi32(sums[m], four(from[m] + k), weights);
            }
            UNROLLED for (int m = 0; m < CHAINS; m++) {
                if (row + m < rows) _mm512_mask_storeu_epi32(y + (row + m) * channels + c, valid, sums[m]);
            }
        }
}

#pragma clang attribute pop

#endif
