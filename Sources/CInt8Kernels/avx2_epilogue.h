// From sums to bytes with AVX2. Included by files that have set the target.

#ifndef AVX2_EPILOGUE_H
#define AVX2_EPILOGUE_H

#include "kernels.h"

#include <immintrin.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

INLINE __m256i at(const int32_t *values, int c) { return _mm256_loadu_si256((const __m256i *)(values + c)); }

enum shifts { WIDE, ROUNDING, TRUNCATING };

// 16 channels from sums to bytes. A register of sums holds 4 neighbouring channels in each half: register h those from channel + step * h on, and
// those `apart` from them. Packing two registers interleaves their halves.
typedef struct {
    // start + pre_add and pre, in the order of the sums.
    __m256i start[2], pre[2];
    // In 16 bits, in the order of the packed words: multiplier; what truncation takes away before the rounding multiplication; 2^(31 - post).
    __m256i multiplier, back, factor;
    __m256i low;
    // post_add and post, in the order of the sums.
    __m256i post_add[2], post[2];
    // Not wide where every post is at least 17: the low 16 bits of the products then have no part in the result.
    enum shifts shifts;
    const int8_epilogue *epilogue;
    int channel, step, apart;
} finish;

INLINE __m256i halves(const int32_t *values, int c, int apart) {
    return _mm256_setr_m128i(_mm_loadu_si128((const __m128i *)(values + c)), _mm_loadu_si128((const __m128i *)(values + c + apart)));
}

// `count` of the channels from c exist.
INLINE finish finishing(const int8_epilogue *e, int c, int count, int step, int apart) {
    finish f;
    __m256i one = _mm256_set1_epi32(1), zero = _mm256_setzero_si256();
    __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, apart, apart + 1, apart + 2, apart + 3);
    __m256i back[2], factor[2], multiplier[2];
    int narrow = 1, rounding = 1;
    for (int h = 0; h < 2; h++) {
        int o = c + step * h;
        f.start[h] = _mm256_add_epi32(halves(e->start, o, apart), halves(e->pre_add, o, apart));
        f.pre[h] = halves(e->pre, o, apart);
        f.post[h] = halves(e->post, o, apart);
        f.post_add[h] = halves(e->post_add, o, apart);
        multiplier[h] = halves(e->multiplier, o, apart);
        __m256i absent = _mm256_cmpgt_epi32(lanes, _mm256_set1_epi32(count - 1 - step * h));
        __m256i large = _mm256_cmpgt_epi32(f.post[h], _mm256_set1_epi32(16)), truncated = _mm256_cmpeq_epi32(f.post_add[h], zero);
        narrow &= _mm256_movemask_epi8(_mm256_or_si256(absent, large)) == -1;
        rounding &= _mm256_testc_si256(absent, truncated);
        factor[h] = _mm256_sllv_epi32(one, _mm256_sub_epi32(_mm256_set1_epi32(31), f.post[h]));
        back[h] = _mm256_and_si256(truncated, _mm256_sllv_epi32(one, _mm256_sub_epi32(f.post[h], _mm256_set1_epi32(17))));
    }
    f.multiplier = _mm256_packs_epi32(multiplier[0], multiplier[1]);
    f.back = _mm256_packs_epi32(back[0], back[1]);
    f.factor = _mm256_packs_epi32(factor[0], factor[1]);
    f.low = _mm256_set1_epi8((char)e->low);
    f.shifts = !narrow ? WIDE : rounding ? ROUNDING : TRUNCATING;
    f.epilogue = e;
    f.channel = c;
    f.step = step;
    f.apart = apart;
    return f;
}

// Constants of a group of 16 columns, and of channels 0-7 and 16-23 (h = 0), then 8-15 and 24-31 of windows.
INLINE finish row_finishing(const int8_epilogue *e, int c, int count) { return finishing(e, c, count, 8, 4); }
INLINE finish window_finishing(const int8_epilogue *e, int c, int h) { return finishing(e, c + 8 * h, 32 - 8 * h, 4, 16); }

// The first of 32 channels of windows: the last ones may overlap those before, and are computed twice.
INLINE int window_channel(int next, int channels) { return next + 32 <= channels ? next : channels - 32; }

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

// Two rows of 16 words (0-3, 8-11, 4-7, 12-15) as 32 bytes in order.
INLINE __m256i bytes(const finish *f, __m256i a, __m256i b) {
    __m256i packed = _mm256_xor_si256(_mm256_max_epi8(_mm256_packs_epi16(a, b), f->low), _mm256_set1_epi8((char)0x80));
    return _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}

// 8 residuals in the order of register h at the accumulator's scale.
INLINE __m256i aligned(const finish *f, int h, __m128i residual) {
    const int8_epilogue *e = f->epilogue;
    int c = f->channel + f->step * h;
    __m256i r = _mm256_sub_epi32(_mm256_cvtepu8_epi32(residual), _mm256_set1_epi32(128));
    r = _mm256_add_epi32(_mm256_mullo_epi32(r, halves(e->align_multiplier, c, f->apart)), halves(e->align_add, c, f->apart));
    return _mm256_sllv_epi32(_mm256_srav_epi32(r, halves(e->align_right, c, f->apart)), halves(e->align_left, c, f->apart));
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
        a = _mm256_add_epi32(a, aligned(f, 0, r));
        b = _mm256_add_epi32(b, aligned(f, 1, _mm_srli_si128(r, 8)));
    }
    return rescaled(f, a, b, rounding);
}

// Loops over register arrays are unrolled in full: an index that is no constant would put the array on the stack.
#define UNROLLED _Pragma("clang loop unroll(full)")

#endif
