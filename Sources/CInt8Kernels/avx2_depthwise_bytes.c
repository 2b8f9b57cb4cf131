// AVX2 depthwise convolutions of 3x3 windows whose operand has values in 0...127, by bytes: two rows of 32 channels are interleaved and multiplied
// as pairs of bytes, whose sums fit 16 bits for all weights. Where the weights allow, three and two such sums are added in 16 bits, too; the two
// results are interleaved, and a multiplication by ones widens and adds them.
//
// Windows slide along a row: every column is loaded and interleaved once.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_epilogue.h"

// Interleaving bytes leaves channels (0-7, 16-23) in the first register and (8-15, 24-31) in the second; interleaving words splits each into
// (0-3, 16-19), (4-7, 20-23) and so on. Packing undoes both.
typedef struct {
    // Rows 0 and 1 of the three columns; row 2 of the first column; row 2 of the other two.
    __m256i column[3][2], corner[2], edge[2];
    // Whether neither the positive nor the negative weights of rows 0 and 1, nor those of row 2, exceed 258 together in any channel.
    int safe;
} byte_weights;

// Byte i of every lane of a, then byte j of b.
INLINE __m256i two_taps(__m256i a, int i, __m256i b, int j) {
    const __m256i low = _mm256_set1_epi32(255);
    __m256i first = _mm256_and_si256(_mm256_srl_epi32(a, _mm_cvtsi32_si128(8 * i)), low);
    return _mm256_or_si256(first, _mm256_slli_epi32(_mm256_and_si256(_mm256_srl_epi32(b, _mm_cvtsi32_si128(8 * j)), low), 8));
}

// The weights of 32 channels; `packed` has 4 bytes of a channel together, 3 times 64 for each 16 channels.
INLINE byte_weights window_weights(const int8_t *packed, int stride) {
    byte_weights w;
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi8(1), most = _mm256_set1_epi16(258), least = _mm256_set1_epi16(-258);
    __m256i excess = zero;
    for (int h = 0; h < 2; h++) {
        __m256i pairs[2][5];
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
        }
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

// Where the three rows under an output row begin, and how far apart their columns are: 0 in the border.
typedef struct {
    const uint8_t *line[3];
    ptrdiff_t step[3];
} byte_rows;

typedef struct {
    // Rows 0 and 1 interleaved; row 2.
    __m256i pair[2], third;
} byte_column;

INLINE void interleave(__m256i *pair, __m256i a, __m256i b) {
    pair[0] = _mm256_unpacklo_epi8(a, b);
    pair[1] = _mm256_unpackhi_epi8(a, b);
}

// Bytes value + 128 as values.
INLINE __m256i values(const uint8_t *p) { return _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)p), _mm256_set1_epi8((char)0x80)); }

INLINE byte_column column(const byte_rows *rows, ptrdiff_t x, int width, int c) {
    byte_column result;
    if (x < 0 || x >= width) {
        // Padding has the value 0.
        result.pair[0] = result.pair[1] = result.third = _mm256_setzero_si256();
    } else {
        interleave(result.pair, values(rows->line[0] + x * rows->step[0] + c), values(rows->line[1] + x * rows->step[1] + c));
        result.third = values(rows->line[2] + x * rows->step[2] + c);
    }
    return result;
}

// The sums of one register of each pair, with start: 16 words.
INLINE __m256i window_words(
    const finish *f, __m256i first, __m256i second, __m256i third, __m256i corner, __m256i edge, int safe, const uint8_t *residual, int rounding) {
    const __m256i ones = _mm256_set1_epi16(1), firsts = _mm256_set1_epi32(1);
    __m256i a, b;
    if (safe) {
        __m256i two = _mm256_add_epi16(_mm256_add_epi16(first, second), third), one = _mm256_add_epi16(corner, edge);
        a = _mm256_madd_epi16(_mm256_unpacklo_epi16(two, one), ones);
        b = _mm256_madd_epi16(_mm256_unpackhi_epi16(two, one), ones);
    } else {
        a = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(first, second), ones), _mm256_madd_epi16(_mm256_unpacklo_epi16(third, corner), ones));
        b = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(first, second), ones), _mm256_madd_epi16(_mm256_unpackhi_epi16(third, corner), ones));
        a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_unpacklo_epi16(edge, edge), firsts));
        b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_unpackhi_epi16(edge, edge), firsts));
    }
    a = _mm256_add_epi32(a, f->start[0]);
    b = _mm256_add_epi32(b, f->start[1]);
    if (residual) {
        __m128i near = _mm_loadu_si128((const __m128i *)residual), far = _mm_loadu_si128((const __m128i *)(residual + 16));
        a = _mm256_add_epi32(a, aligned(f, 0, _mm_unpacklo_epi32(near, far)));
        b = _mm256_add_epi32(b, aligned(f, 1, _mm_unpacklo_epi32(_mm_srli_si128(near, 4), _mm_srli_si128(far, 4))));
    }
    return rescaled(f, a, b, rounding);
}

// One output row of 32 channels from c.
INLINE void window_row(const int8_depthwise_shape *s, const byte_rows *rows, int c, int stride, const byte_weights *w, int safe, const finish *f,
                       int plain, const uint8_t *residual, uint8_t *y) {
    ptrdiff_t x = -s->pad_w;
    byte_column first = column(rows, x, s->width, c), second = column(rows, x + 1, s->width, c), third;
    __m256i before[2], pair[2];
    const __m256i zero = _mm256_setzero_si256();
    if (stride == 1)
        interleave(before, first.third, second.third);
    else
        interleave(before, zero, first.third);
    for (int ox = 0; ox < s->out_width; ox++, x += stride) {
        if (stride != 1) second = column(rows, x + 1, s->width, c);
        third = column(rows, x + 2, s->width, c);
        interleave(pair, second.third, third.third);
        ptrdiff_t place = (ptrdiff_t)ox * s->channels + c;
        __m256i words[2];
        for (int h = 0; h < 2; h++)
            words[h] = window_words(
                f + h, _mm256_maddubs_epi16(first.pair[h], w->column[0][h]), _mm256_maddubs_epi16(second.pair[h], w->column[1][h]),
                _mm256_maddubs_epi16(third.pair[h], w->column[2][h]), _mm256_maddubs_epi16(before[h], w->corner[h]),
                _mm256_maddubs_epi16(pair[h], w->edge[h]), safe, residual ? residual + place + 8 * h : 0, plain);
        __m256i packed = _mm256_max_epi8(_mm256_packs_epi16(words[0], words[1]), f->low);
        _mm256_storeu_si256((__m256i *)(y + place), _mm256_xor_si256(packed, _mm256_set1_epi8((char)0x80)));
        if (stride == 1) {
            first = second;
            second = third;
        } else {
            first = third;
        }
        before[0] = pair[0];
        before[1] = pair[1];
    }
}

// Some output rows of 32 channels from c; nearly all weights are safe, and nearly all layers round and have no residual.
#define ROWS(NAME, STRIDE, SAFE, PLAIN)                                                                                           \
    static __attribute__((noinline)) void NAME(const int8_depthwise_shape *s, const byte_rows *rows, int count, int c, const byte_weights *w,        \
                                               const finish *f, const uint8_t *residual, uint8_t *y) {                            \
        ptrdiff_t pitch = (ptrdiff_t)s->out_width * s->channels;                                                                  \
        for (int i = 0; i < count; i++)                                                                                           \
            window_row(s, rows + i, c, STRIDE, w, SAFE, f, PLAIN, (PLAIN) || !residual ? 0 : residual + i * pitch, y + i * pitch);  \
    }

ROWS(rows_1_general, 1, 0, 0)
ROWS(rows_1_plain, 1, 0, 1)
ROWS(rows_1_safe_plain, 1, 1, 1)
ROWS(rows_2_general, 2, 0, 0)
ROWS(rows_2_plain, 2, 0, 1)
ROWS(rows_2_safe_plain, 2, 1, 1)

void depthwise_bytes_avx2(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_weights *weights,
                          const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    enum { MOST_ROWS = 64 };
    byte_rows rows[MOST_ROWS];
    // Enough pixels to pay for the weights' arrangement, few enough to stay in the cache.
    ptrdiff_t most = 256 / s->out_width < 4 ? 4 : 256 / s->out_width < MOST_ROWS ? 256 / s->out_width : MOST_ROWS;
    ptrdiff_t pitch = (ptrdiff_t)s->width * s->channels, out_pitch = (ptrdiff_t)s->out_width * s->channels;
    for (ptrdiff_t begin = from; begin < to; begin += most) {
        int count = (int)(to - begin < most ? to - begin : most);
        for (int i = 0; i < count; i++) {
            ptrdiff_t image = (begin + i) / s->out_height;
            int oy = (int)((begin + i) % s->out_height);
            for (int ky = 0; ky < 3; ky++) {
                int iy = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
                int inside = iy >= 0 && iy < s->height;
                rows[i].line[ky] = inside ? x + (image * s->height + iy) * pitch : border;
                rows[i].step[ky] = inside ? s->channels : 0;
            }
        }
        for (int next = 0; next < s->channels; next += 32) {
            // The last 32 channels may overlap those before: they are computed twice.
            int c = next + 32 <= s->channels ? next : s->channels - 32;
            finish f[2] = {finishing(e, c, 32, 4, 16), finishing(e, c + 8, 24, 4, 16)};
            for (int h = 0; h < 2; h++)
                for (int q = 0; q < 2; q++) f[h].start[q] = _mm256_add_epi32(f[h].start[q], halves(weights->offset, c + 8 * h + 4 * q, 16));
            byte_weights w = window_weights(weights->packed + (ptrdiff_t)c * 12, s->stride_w);
            int plain = !residual && f[0].shifts == ROUNDING && f[1].shifts == ROUNDING;
            const uint8_t *other = residual ? residual + begin * out_pitch : 0;
            uint8_t *target = y + begin * out_pitch;
            if (s->stride_w == 1)
                (!plain ? rows_1_general : w.safe ? rows_1_safe_plain : rows_1_plain)(s, rows, count, c, &w, f, other, target);
            else
                (!plain ? rows_2_general : w.safe ? rows_2_safe_plain : rows_2_plain)(s, rows, count, c, &w, f, other, target);
        }
    }
}

#pragma clang attribute pop

#endif
