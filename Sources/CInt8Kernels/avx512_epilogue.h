// From sums to bytes with AVX-512. Included by files that have set the target.

#ifndef AVX512_EPILOGUE_H
#define AVX512_EPILOGUE_H

#include "kernels.h"

#include <immintrin.h>

#define INLINE static inline __attribute__((always_inline))
// Loops over register arrays are unrolled in full: an index that is no constant would put the array on the stack.
#define UNROLLED _Pragma("clang loop unroll(full)")

enum shifts { WIDE, ROUNDING, TRUNCATING };

// The constants of four registers of sums, of 16 channels each. Packing joins registers 0 and 1, and 2 and 3, lane by lane.
typedef struct {
    // start + pre_add and pre, in the order of the sums.
    __m512i start[4], pre[4];
    // In 16 bits, in the order of the packed words: multiplier; what truncation takes away before the rounding multiplication; 2^(31 - post).
    __m512i multiplier[2], back[2], factor[2];
    __m512i low;
    // post_add and post, in the order of the sums.
    __m512i post_add[4], post[4];
    // Not wide where every post is at least 17: the low 16 bits of the products then have no part in the result.
    enum shifts shifts;
    // Of the residual; align_add with the offset of its bytes. Unset where there is none.
    __m512i align_multiplier[4], align_add[4], align_right[4], align_left[4];
} finish;

INLINE __mmask16 first_lanes(int count) { return count < 16 ? (__mmask16)((1u << count) - 1) : (__mmask16)0xFFFF; }

// The constants of up to 64 columns from `first`: of 3 or 4 groups of 16, of 2 that stand twice, or of 1 that stands four times.
void finishing_rows(const int8_epilogue *e, int first, int count, int has_residual, finish *f);
// The constants of windows of 16 to 64 channels from `first`; 32 and fewer stand twice.
void finishing_windows(const int8_epilogue *e, int first, int count, int has_residual, finish *f);

// Residual bytes of register r, one in each 32 bits, at the accumulator's scale.
INLINE __m512i aligned(const finish *f, int r, __m512i residual) {
    __m512i product = _mm512_add_epi32(_mm512_mullo_epi32(residual, f->align_multiplier[r]), f->align_add[r]);
    return _mm512_sllv_epi32(_mm512_srav_epi32(product, f->align_right[r]), f->align_left[r]);
}

// Registers r and r + 1 of sums as words, times multiplier, shifted by post. `plain` where it is known that the shifts are ROUNDING.
INLINE __m512i rescaled(const finish *f, int r, __m512i a, __m512i b, int plain) {
    int h = r / 2;
    __m512i x = _mm512_packs_epi32(_mm512_srav_epi32(a, f->pre[r]), _mm512_srav_epi32(b, f->pre[r + 1]));
    __m512i high = _mm512_mulhi_epi16(x, f->multiplier[h]);
    // (h * 2^(15 - s) + 2^14) >> 15 is (h + 2^(s - 1)) >> s with s = post - 16; truncation takes the half away first.
    if (plain || f->shifts == ROUNDING) return _mm512_mulhrs_epi16(high, f->factor[h]);
    if (f->shifts == TRUNCATING) return _mm512_mulhrs_epi16(_mm512_sub_epi16(high, f->back[h]), f->factor[h]);
    __m512i lower = _mm512_mullo_epi16(x, f->multiplier[h]);
    a = _mm512_srav_epi32(_mm512_add_epi32(_mm512_unpacklo_epi16(lower, high), f->post_add[r]), f->post[r]);
    b = _mm512_srav_epi32(_mm512_add_epi32(_mm512_unpackhi_epi16(lower, high), f->post_add[r + 1]), f->post[r + 1]);
    return _mm512_packs_epi32(a, b);
}

// Four registers of sums as stored bytes: in each lane 4 of register 0, then 4 of register 1 and so on.
INLINE __m512i finished(const finish *f, __m512i a, __m512i b, __m512i c, __m512i d, int plain) {
    __m512i packed = _mm512_packs_epi16(rescaled(f, 0, a, b, plain), rescaled(f, 2, c, d, plain));
    return _mm512_xor_si512(_mm512_max_epi8(packed, f->low), _mm512_set1_epi8((char)0x80));
}

#endif
