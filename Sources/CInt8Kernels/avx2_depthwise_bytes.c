// AVX2 depthwise convolutions of 3x3 windows whose operand has values in 0...127, by bytes: two rows of 32 channels are interleaved and multiplied
// as pairs of bytes, whose sums fit 16 bits for all weights. Where the weights allow, three and two such sums are added in 16 bits, too; the two
// results are interleaved, and a multiplication by ones widens and adds them.
//
// Windows slide along a row: every column is loaded and interleaved once. The weights come arranged (avx2_arrangement.c).

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

#include "avx2_windows.h"

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

INLINE byte_column column(const window_rows *rows, ptrdiff_t x, int width, int c) {
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

// Sums with start as 16 rescaled words.
INLINE __m256i finished_words(const finish *f, __m256i a, __m256i b, const uint8_t *residual, int rounding) {
    if (residual) {
        __m128i near = _mm_loadu_si128((const __m128i *)residual), far = _mm_loadu_si128((const __m128i *)(residual + 16));
        a = _mm256_add_epi32(a, aligned(f, 0, _mm_unpacklo_epi32(near, far)));
        b = _mm256_add_epi32(b, aligned(f, 1, _mm_unpacklo_epi32(_mm_srli_si128(near, 4), _mm_srli_si128(far, 4))));
    }
    return rescaled(f, a, b, rounding);
}

// Two registers of words as the bytes of 32 channels.
INLINE void store_words(const finish *f, const __m256i *words, uint8_t *y) {
    __m256i packed = _mm256_max_epi8(_mm256_packs_epi16(words[0], words[1]), f->low);
    _mm256_storeu_si256((__m256i *)y, _mm256_xor_si256(packed, _mm256_set1_epi8((char)0x80)));
}

// Per half of 32 channels: the constants of its epilogue, and its start with what the weights add.
typedef struct {
    const finish *f;
    __m256i start[2];
} half_channels;

// The sums of one register of each pair, with start: 16 words.
INLINE __m256i window_words(
    const half_channels *of, __m256i first, __m256i second, __m256i third, __m256i corner, __m256i edge, int safe, const uint8_t *residual, int rounding) {
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
    a = _mm256_add_epi32(a, of->start[0]);
    b = _mm256_add_epi32(b, of->start[1]);
    return finished_words(of->f, a, b, residual, rounding);
}

// One output row of 32 channels from c.
INLINE void window_row(const int8_depthwise_shape *s, const window_rows *rows, int c, int stride, const window_weights *w, int safe, const half_channels *of,
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
                of + h, _mm256_maddubs_epi16(first.pair[h], w->column[0][h]), _mm256_maddubs_epi16(second.pair[h], w->column[1][h]),
                _mm256_maddubs_epi16(third.pair[h], w->column[2][h]), _mm256_maddubs_epi16(before[h], w->corner[h]),
                _mm256_maddubs_epi16(pair[h], w->edge[h]), safe, residual ? residual + place + 8 * h : 0, plain);
        store_words(of->f, words, y + place);
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
    static __attribute__((noinline)) void NAME(const int8_depthwise_shape *s, const window_rows *rows, int count, int c, const window_weights *w,        \
                                               const half_channels *of, const uint8_t *residual, uint8_t *y) {                    \
        ptrdiff_t pitch = (ptrdiff_t)s->out_width * s->channels;                                                                  \
        for (int i = 0; i < count; i++)                                                                                           \
            window_row(s, rows + i, c, STRIDE, w, SAFE, of, PLAIN, (PLAIN) || !residual ? 0 : residual + i * pitch, y + i * pitch);  \
    }

ROWS(rows_1_general, 1, 0, 0)
ROWS(rows_1_plain, 1, 0, 1)
ROWS(rows_1_safe_plain, 1, 1, 1)
ROWS(rows_2_general, 2, 0, 0)
ROWS(rows_2_plain, 2, 0, 1)
ROWS(rows_2_safe_plain, 2, 1, 1)

// Maps of at most 2 by 2 pixels: no output has more than 2 by 2 taps within the map. 32 channels from c, output rows from...to of one image.
INLINE void small_map(const int8_depthwise_shape *s, const uint8_t *x, int c, int from, int to, const window_weights *w, const half_channels *of, int plain,
                      const uint8_t *residual, uint8_t *y) {
    const __m256i ones = _mm256_set1_epi16(1), zero = _mm256_setzero_si256();
    __m256i pair[2][2];
    for (int column = 0; column < 2; column++) {
        __m256i pixel[2] = {zero, zero};
        for (int row = 0; row < s->height && column < s->width; row++) pixel[row] = values(x + (ptrdiff_t)(row * s->width + column) * s->channels + c);
        interleave(pair[column], pixel[0], pixel[1]);
    }
    for (int oy = from; oy < to; oy++)
        for (int ox = 0; ox < s->width; ox++) {
            const __m256i (*taps)[2] = (oy ? w->column : w->below) + 1 - ox;
            ptrdiff_t place = (ptrdiff_t)(oy * s->width + ox) * s->channels + c;
            __m256i words[2];
            for (int h = 0; h < 2; h++) {
                __m256i left = _mm256_maddubs_epi16(pair[0][h], taps[0][h]), right = _mm256_maddubs_epi16(pair[1][h], taps[1][h]);
                __m256i a = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(left, right), ones), of[h].start[0]);
                __m256i b = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(left, right), ones), of[h].start[1]);
                words[h] = finished_words(of[h].f, a, b, residual ? residual + place + 8 * h : 0, plain);
            }
            store_words(of->f, words, y + place);
        }
}

#define MAPS(NAME, PLAIN)                                                                                                         \
    static __attribute__((noinline)) void NAME(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, int c,                \
                                               const window_weights *w, const half_channels *of, const uint8_t *residual, uint8_t *y) { \
        ptrdiff_t pitch = (ptrdiff_t)s->width * s->channels;                                                                      \
        for (ptrdiff_t row = from; row < to;) {                                                                                   \
            ptrdiff_t image = row / s->height * s->height, end = image + s->height < to ? image + s->height : to;                  \
            small_map(s, x + image * pitch, c, (int)(row - image), (int)(end - image), w, of, PLAIN,                               \
                      (PLAIN) || !residual ? 0 : residual + image * pitch, y + image * pitch);                                    \
            row = end;                                                                                                            \
        }                                                                                                                         \
    }

MAPS(maps_general, 0)
MAPS(maps_plain, 1)

void depthwise_bytes_avx2(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_weights *weights,
                          const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    enum { MOST_ROWS = 64 };
    window_rows rows[MOST_ROWS];
    // Enough pixels to pay for the channels' constants, few enough to stay in the cache.
    ptrdiff_t most = 256 / s->out_width < 4 ? 4 : 256 / s->out_width < MOST_ROWS ? 256 / s->out_width : MOST_ROWS;
    const ptrdiff_t out_pitch = (ptrdiff_t)s->out_width * s->channels;
    int is_small = s->height <= 2 && s->width <= 2 && s->pad_h == 1 && s->pad_w == 1 && s->stride_h == 1 && s->stride_w == 1 && s->dilation_h == 1 &&
                   s->out_height == s->height && s->out_width == s->width;
    for (ptrdiff_t begin = from; begin < to; begin += most) {
        int count = (int)(to - begin < most ? to - begin : most);
        for (int i = 0; i < count && !is_small; i++) rows[i] = rows_under(s, begin + i, x, border);
        const window_weights *w = weights->windows;
        const finish *arranged = int8_arranged(e, INT8_AVX2);
        for (int next = 0; next < s->channels; next += 32, w++) {
            int c = window_channel(next, s->channels);
            finish own[2];
            half_channels of[2];
            for (int h = 0; h < 2; h++) {
                of[h].f = arranged ? arranged + next / 16 + h : own + h;
                if (!arranged) own[h] = window_finishing(e, c, h);
                for (int q = 0; q < 2; q++) of[h].start[q] = _mm256_add_epi32(of[h].f->start[q], halves(weights->offset, c + 8 * h + 4 * q, 16));
            }
            int plain = !residual && of[0].f->shifts == ROUNDING && of[1].f->shifts == ROUNDING;
            if (is_small) {
                (plain ? maps_plain : maps_general)(s, begin, begin + count, x, c, w, of, residual, y);
                continue;
            }
            const uint8_t *other = residual ? residual + begin * out_pitch : 0;
            uint8_t *target = y + begin * out_pitch;
            if (s->stride_w == 1)
                (!plain ? rows_1_general : w->safe ? rows_1_safe_plain : rows_1_plain)(s, rows, count, c, w, of, other, target);
            else
                (!plain ? rows_2_general : w->safe ? rows_2_safe_plain : rows_2_plain)(s, rows, count, c, w, of, other, target);
        }
    }
}

#pragma clang attribute pop

#endif
