// From sums to bytes with AVX2. Included by files that have set the target.

#ifndef AVX2_EPILOGUE_H
#define AVX2_EPILOGUE_H

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE __m256i at(const int32_t *values, int c) { return _mm256_loadu_si256((const __m256i *)(values + c)); }

enum shifts { WIDE, ROUNDING, TRUNCATING };

// 16 channels from sums to bytes. Packing two registers of 8 sums interleaves their halves: words have the order (0-3, 8-11), (4-7, 12-15) where
// the registers hold channels in order, and are in order where the registers hold (0-3, 8-11) and (4-7, 12-15), which is called crossed.
typedef struct {
    // start + pre_add and pre, in the order of the sums.
    __m256i start[2], pre[2];
    // In 16 bits, in the order of the words: multiplier; what truncation takes away before the rounding multiplication; 2^(31 - post).
    __m256i multiplier, back, factor;
    __m256i low;
    // post_add and post, in the order of the sums.
    __m256i post_add[2], post[2];
    // Not wide where every post is at least 17: the low 16 bits of the products then have no part in the result.
    enum shifts shifts;
    const int8_epilogue *epilogue;
    int channel;
} finish;

INLINE void cross(__m256i *pair) {
    __m256i low = _mm256_permute2x128_si256(pair[0], pair[1], 0x20);
    pair[1] = _mm256_permute2x128_si256(pair[0], pair[1], 0x31);
    pair[0] = low;
}

// `count` of the 16 channels from c exist.
INLINE finish finishing(const int8_epilogue *e, int c, int count, int crossed) {
    finish f;
    __m256i one = _mm256_set1_epi32(1), lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), zero = _mm256_setzero_si256();
    __m256i back[2], factor[2], multiplier[2];
    int narrow = 1, rounding = 1;
    for (int h = 0; h < 2; h++) {
        int o = c + 8 * h;
        f.start[h] = _mm256_add_epi32(at(e->start, o), at(e->pre_add, o));
        f.pre[h] = at(e->pre, o);
        f.post[h] = at(e->post, o);
        f.post_add[h] = at(e->post_add, o);
        multiplier[h] = at(e->multiplier, o);
        __m256i absent = _mm256_cmpgt_epi32(lanes, _mm256_set1_epi32(count - 1 - 8 * h));
        __m256i large = _mm256_cmpgt_epi32(f.post[h], _mm256_set1_epi32(16)), truncated = _mm256_cmpeq_epi32(f.post_add[h], zero);
        narrow &= _mm256_movemask_epi8(_mm256_or_si256(absent, large)) == -1;
        rounding &= _mm256_testc_si256(absent, truncated);
        factor[h] = _mm256_sllv_epi32(one, _mm256_sub_epi32(_mm256_set1_epi32(31), f.post[h]));
        back[h] = _mm256_and_si256(truncated, _mm256_sllv_epi32(one, _mm256_sub_epi32(f.post[h], _mm256_set1_epi32(17))));
    }
    if (crossed) {
        cross(f.start);
        cross(f.pre);
        cross(f.post);
        cross(f.post_add);
        cross(multiplier);
        cross(factor);
        cross(back);
    }
    f.multiplier = _mm256_packs_epi32(multiplier[0], multiplier[1]);
    f.back = _mm256_packs_epi32(back[0], back[1]);
    f.factor = _mm256_packs_epi32(factor[0], factor[1]);
    f.low = _mm256_set1_epi8((char)e->low);
    f.shifts = !narrow ? WIDE : rounding ? ROUNDING : TRUNCATING;
    f.epilogue = e;
    f.channel = c;
    return f;
}

// Two registers of sums as 16 words, times multiplier, shifted by post. `rounding` where it is known that the shifts are.
INLINE __m256i rescaled(const finish *f, __m256i a, __m256i b, int rounding) {
    __m256i x = _mm256_packs_epi32(_mm256_srav_epi32(a, f->pre[0]), _mm256_srav_epi32(b, f->pre[1]));
    __m256i high = _mm256_mulhi_epi16(x, f->multiplier);
    // (h * 2^(15 - s) + 2^14) >> 15 is (h + 2^(s - 1)) >> s with s = post - 16; truncation takes the half away first.
    if (rounding || f->shifts == ROUNDING) return _mm256_mulhrs_epi16(high, f->factor);
    if (f->shifts == TRUNCATING) return _mm256_mulhrs_epi16(_mm256_sub_epi16(high, f->back), f->factor);
    __m256i lower = _mm256_mullo_epi16(x, f->multiplier);
    a = _mm256_srav_epi32(_mm256_add_epi32(_mm256_unpacklo_epi16(lower, high), f->post_add[0]), f->post[0]);
    b = _mm256_srav_epi32(_mm256_add_epi32(_mm256_unpackhi_epi16(lower, high), f->post_add[1]), f->post[1]);
    return _mm256_packs_epi32(a, b);
}

// Two rows of 16 words, not crossed, as 32 bytes in order.
INLINE __m256i bytes(const finish *f, __m256i a, __m256i b) {
    __m256i packed = _mm256_xor_si256(_mm256_max_epi8(_mm256_packs_epi16(a, b), f->low), _mm256_set1_epi8((char)0x80));
    return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

// The residual of 8 channels at the accumulator's scale.
INLINE __m256i aligned(const int8_epilogue *e, int c, __m128i residual) {
    __m256i r = _mm256_sub_epi32(_mm256_cvtepu8_epi32(residual), _mm256_set1_epi32(128));
    r = _mm256_add_epi32(_mm256_mullo_epi32(r, at(e->align_multiplier, c)), at(e->align_add, c));
    return _mm256_sllv_epi32(_mm256_srav_epi32(r, at(e->align_right, c)), at(e->align_left, c));
}

INLINE __m128i first(const uint8_t *from, int count) {
    if (count >= 16) return _mm_loadu_si128((const __m128i *)from);
    uint8_t padded[16];
    memset(padded, 128, 16);
    for (int i = 0; i < count; i++) padded[i] = from[i];
    return _mm_loadu_si128((const __m128i *)padded);
}

INLINE void store(uint8_t *to, __m128i values, int count) {
    if (count >= 16) {
        _mm_storeu_si128((__m128i *)to, values);
    } else if (count == 8) {
        _mm_storel_epi64((__m128i *)to, values);
    } else {
        uint8_t all[16];
        _mm_storeu_si128((__m128i *)all, values);
        for (int i = 0; i < count; i++) to[i] = all[i];
    }
}

// Sums of one row, with start, as 16 rescaled words.
INLINE __m256i row_words(const finish *f, __m256i a, __m256i b, int count, const uint8_t *residual, int rounding) {
    if (residual) {
        __m128i r = first(residual, count);
        a = _mm256_add_epi32(a, aligned(f->epilogue, f->channel, r));
        b = _mm256_add_epi32(b, aligned(f->epilogue, f->channel + 8, _mm_srli_si128(r, 8)));
    }
    return rescaled(f, a, b, rounding);
}

// Loops over register arrays are unrolled in full: an index that is no constant would put the array on the stack.
#define UNROLLED _Pragma("clang loop unroll(full)")

// The sums of MR rows as bytes, `COUNT` of 16 channels a row. Nearly all layers round and have no residual: literals spare them the branches.
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

#endif
