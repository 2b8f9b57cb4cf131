// Constants of epilogues in the order of the AVX-512 kernels' registers.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)

#include "avx512_epilogue.h"

// Where the channels of a register of sums are found, and which exist. Of rows: 16 from `channel` on. Of windows: 4 in each lane, those from `channel`
// on, from 16 after it, from `far` after it and from 16 after those.
typedef struct {
    int channel, far;
    __mmask16 present;
} channel_range;

INLINE __m512i of_rows(const int32_t *values, const channel_range *at, int r) { return _mm512_maskz_loadu_epi32(at[r].present, values + at[r].channel); }

INLINE __m512i of_windows(const int32_t *values, const channel_range *at, int r) {
    const int32_t *from = values + at[r].channel;
    __m512i all = _mm512_maskz_broadcast_i32x4((__mmask16)(at[r].present & 0x000F), _mm_loadu_si128((const __m128i *)from));
    if (at[r].present & 0x00F0) all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(from + 16)), 1);
    if (at[r].present & 0x0F00) all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(from + at[r].far)), 2);
    if (at[r].present & 0xF000) all = _mm512_inserti32x4(all, _mm_loadu_si128((const __m128i *)(from + at[r].far + 16)), 3);
    return all;
}

// Defines a function that writes the constants of registers whose channels OF reads.
#define FINISHING(NAME, OF)                                                                                                                   \
    static __attribute__((noinline)) void NAME(const int8_epilogue *e, const channel_range *at, int has_residual, finish *f) {                 \
        __m512i one = _mm512_set1_epi32(1), back[4], factor[4], multiplier[4];                                                                \
        int narrow = 1, rounding = 1;                                                                                                         \
        UNROLLED for (int r = 0; r < 4; r++) {                                                                                                \
            f->start[r] = _mm512_add_epi32(OF(e->start, at, r), OF(e->pre_add, at, r));                                                       \
            f->pre[r] = OF(e->pre, at, r);                                                                                                    \
            f->post[r] = OF(e->post, at, r);                                                                                                  \
            f->post_add[r] = OF(e->post_add, at, r);                                                                                          \
            multiplier[r] = OF(e->multiplier, at, r);                                                                                         \
            __mmask16 truncated = _mm512_mask_cmpeq_epi32_mask(at[r].present, f->post_add[r], _mm512_setzero_si512());                        \
            narrow &= _mm512_mask_cmple_epi32_mask(at[r].present, f->post[r], _mm512_set1_epi32(16)) == 0;                                    \
            rounding &= truncated == 0;                                                                                                       \
            factor[r] = _mm512_sllv_epi32(one, _mm512_sub_epi32(_mm512_set1_epi32(31), f->post[r]));                                          \
            back[r] = _mm512_maskz_sllv_epi32(truncated, one, _mm512_sub_epi32(f->post[r], _mm512_set1_epi32(17)));                           \
            if (has_residual) {                                                                                                               \
                f->align_multiplier[r] = OF(e->align_multiplier, at, r);                                                                      \
                f->align_add[r] = _mm512_sub_epi32(OF(e->align_add, at, r), _mm512_slli_epi32(f->align_multiplier[r], 7));                    \
                f->align_right[r] = OF(e->align_right, at, r);                                                                                \
                f->align_left[r] = OF(e->align_left, at, r);                                                                                  \
            }                                                                                                                                 \
        }                                                                                                                                     \
        UNROLLED for (int h = 0; h < 2; h++) {                                                                                                \
            f->multiplier[h] = _mm512_packs_epi32(multiplier[2 * h], multiplier[2 * h + 1]);                                                  \
            f->back[h] = _mm512_packs_epi32(back[2 * h], back[2 * h + 1]);                                                                    \
            f->factor[h] = _mm512_packs_epi32(factor[2 * h], factor[2 * h + 1]);                                                              \
        }                                                                                                                                     \
        f->low = _mm512_set1_epi8((char)e->low);                                                                                              \
        f->shifts = !narrow ? WIDE : rounding ? ROUNDING : TRUNCATING;                                                                        \
    }

FINISHING(finishing_of_rows, of_rows)
FINISHING(finishing_of_windows, of_windows)

void finishing_rows(const int8_epilogue *e, int first, int count, int has_residual, finish *f) {
    int groups = count < 64 ? (count + 15) / 16 : 4;
    channel_range at[4];
    for (int r = 0; r < 4; r++) {
        int n = groups >= 3 ? (r < groups ? r : groups - 1) : groups == 2 ? r % 2 : 0;
        at[r] = (channel_range){first + 16 * n, 0, first_lanes(count - 16 * n)};
    }
    finishing_of_rows(e, at, has_residual, f);
}

void finishing_windows(const int8_epilogue *e, int first, int count, int has_residual, finish *f) {
    channel_range at[4];
    for (int r = 0; r < 4; r++)
        at[r] = (channel_range){first + 4 * r, count <= 32 ? 0 : 32, (__mmask16)(count == 48 ? 0x0FFF : count == 16 ? 0x0F0F : 0xFFFF)};
    finishing_of_windows(e, at, has_residual, f);
}

ptrdiff_t arranged_size_avx512(int channels) { return (ptrdiff_t)(channels + 63) / 64 * (ptrdiff_t)sizeof(finish); }

void arrange_epilogue_avx512(const int8_epilogue *e, int channels, int windows, void *arranged) {
    finish *f = arranged;
    for (int c = 0; c < channels; c += 64)
        (windows ? finishing_windows : finishing_rows)(e, c, channels - c < 64 ? channels - c : 64, 1, f++);
}

#pragma clang attribute pop

#endif
