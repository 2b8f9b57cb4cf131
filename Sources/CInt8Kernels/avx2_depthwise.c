// AVX2 depthwise convolutions: two taps of 16 channels are widened, interleaved and multiplied as pairs.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_epilogue.h"

// Two taps of 16 channels as pairs: channels (0-3, 8-11) and (4-7, 12-15).
INLINE void tap_pair(__m256i *sums, const uint8_t *p, const uint8_t *q, const __m256i *weights) {
    __m256i a = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p)), b = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)q));
    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), weights[0]));
    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), weights[1]));
}

// The weights of 16 channels for `tap_pair`: two registers for each pair of taps.
INLINE void pair_weights(const int8_t *packed, int tap_groups, __m256i *weights) {
    for (int g = 0; g < tap_groups; g++, packed += 64) {
        // Channels 0-7 and 8-15, four taps each.
        __m256i w0 = _mm256_loadu_si256((const __m256i *)packed), w1 = _mm256_loadu_si256((const __m256i *)(packed + 32));
        __m256i low = _mm256_permute2x128_si256(w0, w1, 0x20), high = _mm256_permute2x128_si256(w0, w1, 0x31);
        const __m256i firsts = _mm256_setr_epi8(-1, 0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1, 0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13);
        const __m256i seconds = _mm256_setr_epi8(-1, 2, -1, 3, -1, 6, -1, 7, -1, 10, -1, 11, -1, 14, -1, 15, -1, 2, -1, 3, -1, 6, -1, 7, -1, 10, -1, 11, -1, 14, -1, 15);
        weights[4 * g] = _mm256_srai_epi16(_mm256_shuffle_epi8(low, firsts), 8);
        weights[4 * g + 1] = _mm256_srai_epi16(_mm256_shuffle_epi8(high, firsts), 8);
        weights[4 * g + 2] = _mm256_srai_epi16(_mm256_shuffle_epi8(low, seconds), 8);
        weights[4 * g + 3] = _mm256_srai_epi16(_mm256_shuffle_epi8(high, seconds), 8);
    }
}

// Sums in the order of `tap_pair`, finished by a crossed `finish`.
INLINE void store_pixel(const finish *f, const __m256i *sums, const uint8_t *residual, uint8_t *y) {
    __m256i a = sums[0], b = sums[1];
    if (residual) {
        __m128i r = _mm_loadu_si128((const __m128i *)residual);
        a = _mm256_add_epi32(a, aligned(f, 0, _mm_shuffle_epi32(r, 0x08)));
        b = _mm256_add_epi32(b, aligned(f, 1, _mm_shuffle_epi32(r, 0x0D)));
    }
    __m256i words = rescaled(f, a, b, 0);
    __m128i packed = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    packed = _mm_xor_si128(_mm_max_epi8(packed, _mm256_castsi256_si128(f->low)), _mm_set1_epi8((char)0x80));
    _mm_storeu_si128((__m128i *)y, packed);
}

// The taps of `count` pixels from `begin`, pixel by pixel: within a row they move on by the stride.
static void tap_table(const int8_depthwise_shape *s, ptrdiff_t begin, ptrdiff_t count, const uint8_t *x, const uint8_t *border, const uint8_t **table) {
    int taps = s->kernel_h * s->kernel_w, reach = (s->kernel_w - 1) * s->dilation_w;
    int ox = (int)(begin % s->out_width), oy = (int)(begin / s->out_width % s->out_height);
    ptrdiff_t step = (ptrdiff_t)s->stride_w * s->channels;
    for (ptrdiff_t i = 0; i < count; i++, table += taps) {
        int left = ox * s->stride_w - s->pad_w;
        int top = oy * s->stride_h - s->pad_h;
        // This pixel and the one before it touch no border at the sides.
        if (i > 0 && ox > 0 && left >= s->stride_w && left + reach < s->width) {
            const uint8_t **before = table - taps;
            for (int ky = 0, t = 0; ky < s->kernel_h; ky++) {
                int iy = top + ky * s->dilation_h;
                ptrdiff_t by = iy >= 0 && iy < s->height ? step : 0;
                for (int kx = 0; kx < s->kernel_w; kx++, t++) table[t] = before[t] + by;
            }
        } else {
            depthwise_taps(s, begin + i, x, border, table);
        }
        if (++ox == s->out_width) {
            ox = 0;
            if (++oy == s->out_height) oy = 0;
        }
    }
}

// Larger windows run on the portable kernel.
#define MOST_TAPS 49
// Pixels whose taps are looked up together; their inputs stay in the cache while all channel groups pass over them.
#define PIXELS 64

// `TAPS` is a literal where the loop over pairs is to be unrolled.
#define PIXEL_LOOP(TAPS)                                                                                                          \
    for (ptrdiff_t i = 0; i < pixels; i++) {                                                                                      \
        const uint8_t *const *tap = table + i * (TAPS);                                                                           \
        ptrdiff_t place = (begin + i) * channels + c;                                                                             \
        __m256i sums[2] = {f.start[0], f.start[1]};                                                                                   \
        for (int t = 0; t < (TAPS); t += 2) tap_pair(sums, tap[t] + c, tap[t + 1 < (TAPS) ? t + 1 : t] + c, weights + t);          \
        store_pixel(&f, sums, residual ? residual + place : 0, y + place);                                                   \
    }

// Windows of 3x3 slide along a row: every column is widened once, its first two rows as pairs, its third paired with the next column's.
typedef struct {
    // Rows 0 and 1 of the three columns; row 2 of the first column; row 2 of the other two. Two registers each, as for `tap_pair`.
    __m256i column[3][2], corner[2], edge[2];
} sliding_weights;

INLINE __m256i low_tap(__m256i taps, int i) { return _mm256_srai_epi32(_mm256_sll_epi32(taps, _mm_cvtsi32_si128(24 - 8 * i)), 24); }
INLINE __m256i high_tap(__m256i taps, int i) { return _mm256_srai_epi32(_mm256_sll_epi32(taps, _mm_cvtsi32_si128(24 - 8 * i)), 8); }
INLINE __m256i joined(__m256i low, __m256i high) { return _mm256_blend_epi16(low, high, 0xAA); }

INLINE sliding_weights sliding(const int8_t *packed, int stride) {
    sliding_weights w;
    __m256i taps[3][2], zero = _mm256_setzero_si256();
    for (int g = 0; g < 3; g++) {
        __m256i w0 = _mm256_loadu_si256((const __m256i *)(packed + 64 * g)), w1 = _mm256_loadu_si256((const __m256i *)(packed + 64 * g + 32));
        taps[g][0] = _mm256_permute2x128_si256(w0, w1, 0x20);
        taps[g][1] = _mm256_permute2x128_si256(w0, w1, 0x31);
    }
    for (int h = 0; h < 2; h++) {
        w.column[0][h] = joined(low_tap(taps[0][h], 0), high_tap(taps[0][h], 3));
        w.column[1][h] = joined(low_tap(taps[0][h], 1), high_tap(taps[1][h], 0));
        w.column[2][h] = joined(low_tap(taps[0][h], 2), high_tap(taps[1][h], 1));
        // The pair before holds the first column first where the stride is 1, else second.
        w.corner[h] = stride == 1 ? joined(low_tap(taps[1][h], 2), zero) : joined(zero, high_tap(taps[1][h], 2));
        w.edge[h] = joined(low_tap(taps[1][h], 3), high_tap(taps[2][h], 0));
    }
    return w;
}

INLINE __m256i widened(const uint8_t *p) { return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p)); }

INLINE void add_pairs(__m256i *sums, const __m256i *pairs, const __m256i *weights) {
    sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(pairs[0], weights[0]));
    sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(pairs[1], weights[1]));
}

INLINE void interleaved(__m256i *pairs, __m256i a, __m256i b) {
    pairs[0] = _mm256_unpacklo_epi16(a, b);
    pairs[1] = _mm256_unpackhi_epi16(a, b);
}

// One output row of 16 channels from c.
INLINE void sliding_row(const int8_depthwise_shape *s, const window_rows *rows, const uint8_t *border, int c, int stride, const sliding_weights *w,
                        const finish *f, const uint8_t *residual, uint8_t *y) {
    int x = -s->pad_w;
    __m256i first[2], second[2], third[2], before[2], pair[2], last;
#define COLUMN(X, PAIRS, THIRD)                                                                                                   \
    {                                                                                                                             \
        int column = (X);                                                                                                         \
        int inside = column >= 0 && column < s->width;                                                                            \
        interleaved(PAIRS, widened((inside ? rows->line[0] + column * rows->step[0] : border) + c),                               \
                    widened((inside ? rows->line[1] + column * rows->step[1] : border) + c));                                     \
        THIRD = widened((inside ? rows->line[2] + column * rows->step[2] : border) + c);                                          \
    }
    COLUMN(x, first, last)
    before[0] = before[1] = _mm256_setzero_si256();
    if (stride == 1) {
        __m256i next;
        COLUMN(x + 1, second, next)
        interleaved(before, last, next);
        last = next;
    } else {
        interleaved(before, last, last);
    }
    for (int ox = 0; ox < s->out_width; ox++, x += stride) {
        __m256i next, sums[2] = {f->start[0], f->start[1]};
        if (stride != 1) COLUMN(x + 1, second, last)
        COLUMN(x + 2, third, next)
        interleaved(pair, last, next);
        add_pairs(sums, first, w->column[0]);
        add_pairs(sums, second, w->column[1]);
        add_pairs(sums, third, w->column[2]);
        add_pairs(sums, before, w->corner);
        add_pairs(sums, pair, w->edge);
        ptrdiff_t place = (ptrdiff_t)ox * s->channels + c;
        store_pixel(f, sums, residual ? residual + place : 0, y + place);
        for (int h = 0; h < 2; h++) {
            if (stride == 1) {
                first[h] = second[h];
                second[h] = third[h];
            } else {
                first[h] = third[h];
            }
            before[h] = pair[h];
        }
        last = next;
    }
#undef COLUMN
}

// Output rows `from` to `to` of the batch; windows of 3x3, strides 1 or 2 along the row.
static void sliding_rows(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_t *packed,
                         const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    enum { MOST_ROWS = 16 };
    window_rows rows[MOST_ROWS];
    const ptrdiff_t out_pitch = (ptrdiff_t)s->out_width * s->channels;
    for (ptrdiff_t begin = from; begin < to; begin += MOST_ROWS) {
        int count = to - begin < MOST_ROWS ? (int)(to - begin) : MOST_ROWS;
        for (int i = 0; i < count; i++) rows[i] = rows_under(s, begin + i, x, border);
        for (int c = 0; c < s->channels; c += 16) {
            finish f = finishing(e, c, 16, 4, 8);
            sliding_weights w = sliding(packed + (ptrdiff_t)c * 12, s->stride_w);
            for (int i = 0; i < count; i++) {
                ptrdiff_t place = (begin + i) * out_pitch;
                const uint8_t *other = residual ? residual + place : 0;
                if (s->stride_w == 1)
                    sliding_row(s, rows + i, border, c, 1, &w, &f, other, y + place);
                else
                    sliding_row(s, rows + i, border, c, 2, &w, &f, other, y + place);
            }
        }
    }
}

// Output rows from `first` on.
void depthwise_avx2(const int8_depthwise_shape *s, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border, const int8_t *packed,
                    const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    int taps = s->kernel_h * s->kernel_w, tap_groups = (taps + 3) / 4, channels = s->channels;
    ptrdiff_t from = first * s->out_width, to = (first + count) * s->out_width;
    if (taps > MOST_TAPS) {
        depthwise_portable(s, from, to - from, x, border, packed, e, residual, y);
        return;
    }
    if (s->kernel_h == 3 && s->kernel_w == 3 && s->dilation_w == 1 && s->stride_w <= 2 && s->out_width >= 2) {
        sliding_rows(s, first, first + count, x, border, packed, e, residual, y);
        return;
    }
    __m256i weights[MOST_TAPS + 3];
    const uint8_t *table[PIXELS * MOST_TAPS];
    for (ptrdiff_t begin = from; begin < to; begin += PIXELS) {
        ptrdiff_t pixels = to - begin < PIXELS ? to - begin : PIXELS;
        tap_table(s, begin, pixels, x, border, table);
        for (int c = 0; c < channels; c += 16) {
            finish f = finishing(e, c, 16, 4, 8);
            pair_weights(packed + (ptrdiff_t)c * 4 * tap_groups, tap_groups, weights);
            if (taps == 9) {
                PIXEL_LOOP(9)
            } else {
                PIXEL_LOOP(taps)
            }
        }
    }
}

#pragma clang attribute pop

#endif
