// What the AVX2 products have in common: rows in runs that stay in the cache, groups of 16 columns, blocks of rows in registers. Included by files
// that have set the target.

#ifndef AVX2_PRODUCTS_H
#define AVX2_PRODUCTS_H

#include "avx2_epilogue.h"

// A run of rows by 16 columns, `count` of which exist.
typedef struct {
    // Rows of `depth` elements, in the form the blocks take.
    const void *x;
    ptrdiff_t rows;
    int depth, channels, count;
    const void *packed;
    // Of crossed words: the sums of every row's products of neighbours.
    const int32_t *neighbours;
    // Of bytes: as in int8_weights.
    const uint16_t *steps;
    int twos;
    const finish *f;
    // Of `f`, with what the weights add.
    __m256i start[2];
    const uint8_t *residual;
    uint8_t *y;
} group;

// The 16 columns from c of rows from `begin` on. The constants are written to `own` where the epilogue does not have them arranged.
INLINE group columns_of(const int8_product *p, ptrdiff_t begin, ptrdiff_t rows, const void *x, int c, finish *own) {
    int count = p->end - c < 16 ? p->end - c : 16;
    const finish *arranged = int8_arranged(p->epilogue, INT8_AVX2), *f = arranged ? arranged + c / 16 : own;
    if (f == own) *own = row_finishing(p->epilogue, c, count);
    ptrdiff_t place = begin * p->channels + c;
    return (group){.x = x, .rows = rows, .depth = p->depth, .channels = p->channels, .count = count, .packed = p->weights->packed + (ptrdiff_t)c * p->depth,
                   .f = f, .start = {f->start[0], f->start[1]}, .residual = p->residual ? p->residual + place : 0, .y = p->y + place};
}

// Computes blocks from `row` on while there are enough rows; returns the first row not done.
typedef ptrdiff_t (*blocks)(const group *g, ptrdiff_t row);

// Rows whose converted copy and results stay in the first-level cache while all groups pass over them; few deep ones go to the second.
INLINE ptrdiff_t run_length(int depth, int channels) {
    ptrdiff_t run = 24576 / (2 * depth + channels);
    return run < 24 ? 24 : run - run % 6;
}

INLINE __m256i four(const uint8_t *x) {
    int32_t value;
    memcpy(&value, x, 4);
    return _mm256_set1_epi32(value);
}

INLINE __m256i loaded(const int8_t *w) { return _mm256_loadu_si256((const __m256i *)w); }

// Keeps the sums, and nothing else, in registers between the steps: left alone, the compiler merges additions of both, holds weights and spills.
#define HELD_1(S) __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]) : : "memory");
#define HELD_2(S) __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]) : : "memory");
#define HELD_4(S)                                                                                                                 \
    __asm__ volatile("" : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]), "+x"(S[2][0]), "+x"(S[2][1]), "+x"(S[3][0]), "+x"(S[3][1]) : : "memory");
#define HELD_6(S)                                                                                                                 \
    __asm__ volatile(""                                                                                                           \
            : "+x"(S[0][0]), "+x"(S[0][1]), "+x"(S[1][0]), "+x"(S[1][1]), "+x"(S[2][0]), "+x"(S[2][1]), "+x"(S[3][0]), "+x"(S[3][1]), \
              "+x"(S[4][0]), "+x"(S[4][1]), "+x"(S[5][0]), "+x"(S[5][1]) : : "memory");

// The sums of MR rows as bytes, `COUNT` of 16 channels a row.
#define STORE_ROWS(MR, SUMS, COUNT, RESIDUAL, ROUNDS)                                                                             \
    UNROLLED for (int m = 0; m < MR; m += 2) {                                                                                    \
        ptrdiff_t place = (row + m) * channels;                                                                                   \
        __m256i a = row_words(f, SUMS[m][0], SUMS[m][1], COUNT, (RESIDUAL) ? (RESIDUAL) + place : 0, ROUNDS), b = a;              \
        if (m + 1 < MR)                                                                                                           \
            b = row_words(f, SUMS[m + 1][0], SUMS[m + 1][1], COUNT, (RESIDUAL) ? (RESIDUAL) + place + channels : 0, ROUNDS);       \
        __m256i result = bytes(f, a, b);                                                                                          \
        store(y + place, _mm256_castsi256_si128(result), COUNT);                                                                  \
        if (m + 1 < MR) store(y + place + channels, _mm256_extracti128_si256(result, 1), COUNT);                                  \
    }

// Blocks of MR rows by 8 * NR columns, to whose sums `ACCUMULATE(MR, NR, sums)` adds the products. Nearly all layers round and have no residual: the
// plain form has literals, which spare it the branches.
#define BLOCKS(NAME, MR, NR, ELEMENT, ACCUMULATE)                                                                                 \
    FORM(NAME##_plain, MR, NR, ELEMENT, ACCUMULATE, 8 * NR, 0, 1)                                                                 \
    FORM(NAME##_general, MR, NR, ELEMENT, ACCUMULATE, g->count, g->residual, 0)

#define FORM(NAME, MR, NR, ELEMENT, ACCUMULATE, COUNT, RESIDUAL, ROUNDS)                                                          \
    static __attribute__((noinline)) ptrdiff_t NAME##_##MR##x##NR(const group *g, ptrdiff_t row) {                                \
        const int depth = g->depth, channels = g->channels, count = COUNT;                                                        \
        const int8_t *const packed = g->packed;                                                                                   \
        const finish *const f = g->f;                                                                                             \
        const uint8_t *const residual = RESIDUAL;                                                                                 \
        uint8_t *const y = g->y;                                                                                                  \
        (void)packed;                                                                                                             \
        const ELEMENT *x = (const ELEMENT *)g->x + row * depth;                                                                   \
        for (; row + MR <= g->rows; row += MR, x += (ptrdiff_t)MR * depth) {                                                      \
            __m256i sums[MR][2];                                                                                                  \
            UNROLLED for (int m = 0; m < MR; m++)                                                                                 \
                for (int n = 0; n < 2; n++) sums[m][n] = g->start[n];                                                             \
            ACCUMULATE(MR, NR, sums)                                                                                              \
            STORE_ROWS(MR, sums, count, residual, ROUNDS)                                                                         \
        }                                                                                                                         \
        return row;                                                                                                               \
    }

// The blocks of one way to multiply, the largest first: by whether a row has 16 columns or 8, and whether it is plain. Unused places are NULL.
typedef struct {
    blocks sizes[2][2][4];
} block_table;

// The blocks of at most 4 rows, and `NAME_table` of them.
#define BLOCKS_OF_FOUR(NAME, ELEMENT, ACCUMULATE)                                                                                 \
    BLOCKS(NAME, 4, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 2, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 1, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 4, 1, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 2, 1, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 1, 1, ELEMENT, ACCUMULATE)                                                                                       \
    static const block_table NAME##_table = {{                                                                                    \
        {{NAME##_general_4x1, NAME##_general_2x1, NAME##_general_1x1}, {NAME##_plain_4x1, NAME##_plain_2x1, NAME##_plain_1x1}},    \
        {{NAME##_general_4x2, NAME##_general_2x2, NAME##_general_1x2}, {NAME##_plain_4x2, NAME##_plain_2x2, NAME##_plain_1x2}},    \
    }};

// The blocks of at most 6 rows, and `NAME_table` of them.
#define BLOCKS_OF_SIX(NAME, ELEMENT, ACCUMULATE)                                                                                  \
    BLOCKS(NAME, 6, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 4, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 2, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 1, 2, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 6, 1, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 4, 1, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 2, 1, ELEMENT, ACCUMULATE)                                                                                       \
    BLOCKS(NAME, 1, 1, ELEMENT, ACCUMULATE)                                                                                       \
    static const block_table NAME##_table = {{                                                                                    \
        {{NAME##_general_6x1, NAME##_general_4x1, NAME##_general_2x1, NAME##_general_1x1},                                        \
         {NAME##_plain_6x1, NAME##_plain_4x1, NAME##_plain_2x1, NAME##_plain_1x1}},                                               \
        {{NAME##_general_6x2, NAME##_general_4x2, NAME##_general_2x2, NAME##_general_1x2},                                        \
         {NAME##_plain_6x2, NAME##_plain_4x2, NAME##_plain_2x2, NAME##_plain_1x2}},                                               \
    }};

INLINE void run_blocks(const block_table *table, const group *g) {
    const blocks *passes = table->sizes[g->count > 8][!g->residual && g->f->shifts == ROUNDING && g->count % 8 == 0];
    ptrdiff_t row = 0;
    for (int pass = 0; pass < 4 && passes[pass] && row < g->rows; pass++) row = passes[pass](g, row);
}

#endif
