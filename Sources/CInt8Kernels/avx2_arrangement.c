// Arranges beforehand what does not change: the constants of epilogues, and the weights of depthwise 3x3 windows for the multiplication of pairs of
// bytes.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_windows.h"

// Byte i of every lane of a, then byte j of b.
INLINE __m256i two_taps(__m256i a, int i, __m256i b, int j) {
    const __m256i low = _mm256_set1_epi32(255);
    __m256i first = _mm256_and_si256(_mm256_srl_epi32(a, _mm_cvtsi32_si128(8 * i)), low);
    return _mm256_or_si256(first, _mm256_slli_epi32(_mm256_and_si256(_mm256_srl_epi32(b, _mm_cvtsi32_si128(8 * j)), low), 8));
}

// The weights of 32 channels; `packed` has 4 bytes of a channel together, 3 times 64 for each 16 channels.
INLINE window_weights arranged(const int8_t *packed, int stride) {
    window_weights w;
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi8(1), most = _mm256_set1_epi16(258), least = _mm256_set1_epi16(-258);
    __m256i excess = zero;
    for (int h = 0; h < 2; h++) {
        __m256i pairs[2][8];
        for (int q = 0; q < 2; q++) {
            __m256i taps[3];
            for (int t = 0; t < 3; t++) {
                const int8_t *from = packed + 64 * t + 32 * h + 16 * q;
                taps[t] = _mm256_setr_m128i(_mm_loadu_si128((const __m128i *)from), _mm_loadu_si128((const __m128i *)(from + 192)));
            }
            pairs[q][0] = two_taps(taps[0], 0, taps[0], 3);
            pairs[q][1] = two_taps(taps[0], 1, taps[1], 0);
            pairs[q][2] = two_taps(taps[0], 2, taps[1], 1);
            // The pair before holds the first column first where the stride is 1, else second.
            pairs[q][3] = stride == 1 ? two_taps(taps[1], 2, zero, 0) : two_taps(zero, 0, taps[1], 2);
            pairs[q][4] = two_taps(taps[1], 3, taps[2], 0);
            pairs[q][5] = two_taps(taps[0], 3, taps[1], 2);
            pairs[q][6] = two_taps(taps[1], 0, taps[1], 3);
            pairs[q][7] = two_taps(taps[1], 1, taps[2], 0);
        }
        for (int k = 0; k < 3; k++) w.below[k][h] = _mm256_packus_epi32(pairs[0][5 + k], pairs[1][5 + k]);
        __m256i all[5], positive[5], negative[5];
        for (int p = 0; p < 5; p++) {
            all[p] = _mm256_packus_epi32(pairs[0][p], pairs[1][p]);
            positive[p] = _mm256_maddubs_epi16(ones, _mm256_max_epi8(all[p], zero));
            negative[p] = _mm256_maddubs_epi16(ones, _mm256_min_epi8(all[p], zero));
        }
        for (int k = 0; k < 3; k++) w.column[k][h] = all[k];
        w.corner[h] = all[3];
        w.edge[h] = all[4];
        __m256i above = _mm256_max_epi16(_mm256_add_epi16(_mm256_add_epi16(positive[0], positive[1]), positive[2]), _mm256_add_epi16(positive[3], positive[4]));
        __m256i below = _mm256_min_epi16(_mm256_add_epi16(_mm256_add_epi16(negative[0], negative[1]), negative[2]), _mm256_add_epi16(negative[3], negative[4]));
        excess = _mm256_or_si256(excess, _mm256_or_si256(_mm256_cmpgt_epi16(above, most), _mm256_cmpgt_epi16(least, below)));
    }
    w.safe = _mm256_testz_si256(excess, excess);
    return w;
}

ptrdiff_t arranged_size_avx2(int channels) { return (ptrdiff_t)(channels + 31) / 32 * 2 * (ptrdiff_t)sizeof(finish); }

void arrange_epilogue_avx2(const int8_epilogue *e, int channels, int windows, void *arranged) {
    finish *f = arranged;
    for (int c = 0; c < channels && !windows; c += 16) *f++ = row_finishing(e, c, channels - c < 16 ? channels - c : 16);
    for (int next = 0; next < channels && windows; next += 32)
        for (int h = 0; h < 2; h++) *f++ = window_finishing(e, window_channel(next, channels), h);
}

ptrdiff_t int8_windows_size(int channels) { return (ptrdiff_t)(channels + 31) / 32 * (ptrdiff_t)sizeof(window_weights); }

void int8_arrange_windows(const int8_t *packed, int channels, int stride, void *windows) {
    window_weights *w = windows;
    for (int next = 0; next < channels; next += 32) *w++ = arranged(packed + (ptrdiff_t)window_channel(next, channels) * 12, stride);
}

#pragma clang attribute pop

#else

ptrdiff_t int8_windows_size(int channels) { return 0; }
void int8_arrange_windows(const int8_t *packed, int channels, int stride, void *windows) {}

#endif
