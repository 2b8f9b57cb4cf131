// AVX-512 VNNI depthwise convolutions. 3x3 windows slide along a row: the three rows of a column of 64 channels are interleaved once, so that one
// multiplication adds a column's three taps. Where 32 channels or fewer are left, two output rows share a register. Other windows take 4 taps of 16
// channels at a time.

#include "kernels.h"

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)

#include "avx512_epilogue.h"

// The channels of one register: up to 64 of one output row, or up to 32 of two.
typedef struct {
    int channel, count;
    // For every column of the window, every 4 of 16 channels: three taps and a 0.
    const __m512i *weights;
    const finish *constants;
} window_channels;

INLINE __m512i channels_at(const window_channels *of, const window_rows *rows, int ky, ptrdiff_t x, int two) {
    const uint8_t *from = rows->line[ky] + x * rows->step[ky] + of->channel;
    if (!two) return of->count == 64 ? _mm512_loadu_si512(from) : _mm512_maskz_loadu_epi8((1ull << of->count) - 1, from);
    const uint8_t *other = rows[1].line[ky] + x * rows[1].step[ky] + of->channel;
    if (of->count == 32) return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)from)), _mm256_loadu_si256((const __m256i *)other), 1);
    return _mm512_inserti64x4(_mm512_zextsi128_si512(_mm_loadu_si128((const __m128i *)from)), _mm256_zextsi128_si256(_mm_loadu_si128((const __m128i *)other)), 1);
}

// The taps of a column: register r has channels 4 * r to 4 * r + 3 of every lane's 16.
INLINE void column(__m512i *quads, const window_channels *of, const window_rows *rows, ptrdiff_t x, int width, int two) {
    if (x < 0 || x >= width) {
        quads[0] = quads[1] = quads[2] = quads[3] = _mm512_set1_epi8((char)0x80);
        return;
    }
    __m512i a = channels_at(of, rows, 0, x, two), b = channels_at(of, rows, 1, x, two), c = channels_at(of, rows, 2, x, two);
    __m512i low = _mm512_unpacklo_epi8(a, b), high = _mm512_unpackhi_epi8(a, b);
    __m512i third = _mm512_unpacklo_epi8(c, c), last = _mm512_unpackhi_epi8(c, c);
    quads[0] = _mm512_unpacklo_epi16(low, third);
    quads[1] = _mm512_unpackhi_epi16(low, third);
    quads[2] = _mm512_unpacklo_epi16(high, last);
    quads[3] = _mm512_unpackhi_epi16(high, last);
}

// Bytes 4 * r to 4 * r + 3 of every lane, one in each 32 bits.
INLINE __m512i spread(__m512i bytes, int r) {
    const __m512i zero = _mm512_setzero_si512();
    __m512i words = r < 2 ? _mm512_unpacklo_epi8(bytes, zero) : _mm512_unpackhi_epi8(bytes, zero);
    return r % 2 == 0 ? _mm512_unpacklo_epi16(words, zero) : _mm512_unpackhi_epi16(words, zero);
}

INLINE void store_part(uint8_t *y, __m512i bytes, int count) {
    if (count == 64)
        _mm512_storeu_si512(y, bytes);
    else if (count == 32)
        _mm256_storeu_si256((__m256i *)y, _mm512_castsi512_si256(bytes));
    else if (count == 16)
        _mm_storeu_si128((__m128i *)y, _mm512_castsi512_si128(bytes));
    else
        _mm512_mask_storeu_epi8(y, (1ull << count) - 1, bytes);
}

// One output row, or two `pitch` apart.
INLINE void window_row(const int8_depthwise_shape *s, const window_rows *rows, const window_channels *of, int stride, int two, int plain, ptrdiff_t pitch,
                       const uint8_t *residual, uint8_t *y) {
    const finish *f = of->constants;
    const __m512i *w = of->weights;
    ptrdiff_t x = -s->pad_w;
    __m512i first[4], second[4], third[4];
    column(first, of, rows, x, s->width, two);
    if (stride == 1) column(second, of, rows, x + 1, s->width, two);
    for (int ox = 0; ox < s->out_width; ox++, x += stride) {
        if (stride != 1) column(second, of, rows, x + 1, s->width, two);
        column(third, of, rows, x + 2, s->width, two);
        __m512i sums[4];
        UNROLLED for (int r = 0; r < 4; r++) {
            sums[r] = _mm512_dpbusd_epi32(f->start[r], first[r], w[r]);
            sums[r] = _mm512_dpbusd_epi32(sums[r], second[r], w[4 + r]);
            sums[r] = _mm512_dpbusd_epi32(sums[r], third[r], w[8 + r]);
        }
        ptrdiff_t place = (ptrdiff_t)ox * s->channels + of->channel;
        if (!plain && residual) {
            __m512i bytes = two ? _mm512_inserti64x4(_mm512_maskz_loadu_epi8((1ull << of->count) - 1, residual + place),
                                                     _mm256_maskz_loadu_epi8((__mmask32)((1ull << of->count) - 1), residual + pitch + place), 1)
                                : _mm512_maskz_loadu_epi8(of->count == 64 ? ~0ull : (1ull << of->count) - 1, residual + place);
            UNROLLED for (int r = 0; r < 4; r++) sums[r] = _mm512_add_epi32(sums[r], aligned(f, r, spread(bytes, r)));
        }
        __m512i bytes = finished(f, sums[0], sums[1], sums[2], sums[3], plain);
        store_part(y + place, bytes, of->count);
        if (two) store_part(y + pitch + place, _mm512_castsi256_si512(_mm512_extracti64x4_epi64(bytes, 1)), of->count);
        UNROLLED for (int r = 0; r < 4; r++) {
            first[r] = stride == 1 ? second[r] : third[r];
            second[r] = third[r];
        }
    }
}

// Some output rows; nearly all layers round and have no residual.
#define ROWS(NAME, STRIDE, TWO, PLAIN)                                                                                                        \
    static __attribute__((noinline)) void NAME(const int8_depthwise_shape *s, const window_rows *rows, int count, const window_channels *of,   \
                                               const uint8_t *residual, uint8_t *y) {                                                         \
        const ptrdiff_t pitch = (ptrdiff_t)s->out_width * s->channels;                                                                        \
        for (int i = 0; i < count; i += TWO ? 2 : 1) {                                                                                        \
            /* The table ends with its last row again, which is computed twice. */                                                            \
            ptrdiff_t next = i + 1 < count ? pitch : 0;                                                                                       \
            window_row(s, rows + i, of, STRIDE, TWO, PLAIN, next, (PLAIN) || !residual ? 0 : residual + i * pitch, y + i * pitch);             \
        }                                                                                                                                     \
    }

ROWS(rows_general_1, 1, 0, 0)
ROWS(rows_plain_1, 1, 0, 1)
ROWS(two_rows_general_1, 1, 1, 0)
ROWS(two_rows_plain_1, 1, 1, 1)
ROWS(rows_general_2, 2, 0, 0)
ROWS(rows_plain_2, 2, 0, 1)
ROWS(two_rows_general_2, 2, 1, 0)
ROWS(two_rows_plain_2, 2, 1, 1)

// By stride, two rows, plain.
typedef void (*row_loop)(const int8_depthwise_shape *, const window_rows *, int, const window_channels *, const uint8_t *, uint8_t *);
static const row_loop row_loops[2][2][2] = {
    {{rows_general_1, rows_plain_1}, {two_rows_general_1, two_rows_plain_1}},
    {{rows_general_2, rows_plain_2}, {two_rows_general_2, two_rows_plain_2}},
};

static void windows(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_t *columns,
                    const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    enum { MOST_ROWS = 64 };
    window_rows rows[MOST_ROWS + 1];
    // Enough pixels to pay for the channels' constants, few enough to stay in the cache.
    ptrdiff_t most = 256 / s->out_width < 4 ? 4 : 256 / s->out_width < MOST_ROWS ? 256 / s->out_width : MOST_ROWS;
    const ptrdiff_t pitch = (ptrdiff_t)s->out_width * s->channels;
    for (ptrdiff_t begin = from; begin < to; begin += most) {
        int count = (int)(to - begin < most ? to - begin : most);
        for (int i = 0; i < count; i++) rows[i] = rows_under(s, begin + i, x, border);
        rows[count] = rows[count - 1];
        for (int c = 0; c < s->channels; c += 64) {
            finish own;
            window_channels of = {c, s->channels - c < 64 ? s->channels - c : 64, (const __m512i *)(columns + (ptrdiff_t)c * 12), &own};
            const finish *arranged = int8_arranged(e, INT8_AVX512_VNNI);
            if (arranged)
                of.constants = arranged + c / 64;
            else
                finishing_windows(e, c, of.count, residual != 0, &own);
            int plain = !residual && of.constants->shifts == ROUNDING;
            row_loops[s->stride_w - 1][of.count <= 32][plain](s, rows, count, &of, residual ? residual + begin * pitch : 0, y + begin * pitch);
        }
    }
}

// 16 channels of any window: 4 taps at a time.
static void pixel(const uint8_t *const *taps, int tap_groups, const int8_t *packed, int c, const finish *f, const uint8_t *residual, uint8_t *y) {
    __m512i acc = f->start[0];
    for (int g = 0; g < tap_groups; g++) {
        __m128i a = _mm_loadu_si128((const __m128i *)(taps[4 * g] + c));
        __m128i b = _mm_loadu_si128((const __m128i *)(taps[4 * g + 1] + c));
        __m128i d = _mm_loadu_si128((const __m128i *)(taps[4 * g + 2] + c));
        __m128i e = _mm_loadu_si128((const __m128i *)(taps[4 * g + 3] + c));
        __m128i ab0 = _mm_unpacklo_epi8(a, b), ab1 = _mm_unpackhi_epi8(a, b);
        __m128i de0 = _mm_unpacklo_epi8(d, e), de1 = _mm_unpackhi_epi8(d, e);
        __m512i quads = _mm512_castsi128_si512(_mm_unpacklo_epi16(ab0, de0));
        quads = _mm512_inserti32x4(quads, _mm_unpackhi_epi16(ab0, de0), 1);
        quads = _mm512_inserti32x4(quads, _mm_unpacklo_epi16(ab1, de1), 2);
        quads = _mm512_inserti32x4(quads, _mm_unpackhi_epi16(ab1, de1), 3);
        acc = _mm512_dpbusd_epi32(acc, quads, _mm512_loadu_si512(packed + g * 64));
    }
    if (residual) acc = _mm512_add_epi32(acc, aligned(f, 0, _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)residual))));
    // Every lane holds its 4 channels four times.
    __m512i bytes = finished(f, acc, acc, acc, acc, 0);
    bytes = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), bytes);
    _mm_storeu_si128((__m128i *)y, _mm512_castsi512_si128(bytes));
}

// Larger windows run on the portable kernel.
enum { MOST_TAPS = 124 };
// Pixels whose taps are looked up together; their inputs stay in the cache while all channels pass over them.
enum { PIXELS = 32 };

static void general_windows(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_t *packed,
                            const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    int taps = s->kernel_h * s->kernel_w, tap_groups = (taps + 3) / 4;
    if (taps > MOST_TAPS) {
        depthwise_portable(s, from, to - from, x, border, packed, e, residual, y);
        return;
    }
    const uint8_t *table[PIXELS][MOST_TAPS];
    for (ptrdiff_t begin = from; begin < to; begin += PIXELS) {
        ptrdiff_t count = to - begin < PIXELS ? to - begin : PIXELS;
        for (ptrdiff_t i = 0; i < count; i++) {
            depthwise_taps(s, begin + i, x, border, table[i]);
            for (int t = taps; t < 4 * tap_groups; t++) table[i][t] = border;
        }
        for (int c = 0; c < s->channels; c += 16) {
            finish f;
            finishing_rows(e, c, 16, residual != 0, &f);
            for (ptrdiff_t i = 0; i < count; i++) {
                ptrdiff_t place = (begin + i) * s->channels + c;
                pixel(table[i], tap_groups, packed + (ptrdiff_t)c / 16 * tap_groups * 64, c, &f, residual ? residual + place : 0, y + place);
            }
        }
    }
}

// Output rows of the batch.
void depthwise_avx512(const int8_depthwise_shape *s, ptrdiff_t from, ptrdiff_t to, const uint8_t *x, const uint8_t *border, const int8_weights *weights,
                    const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    if (weights->columns && s->stride_w <= 2 && s->dilation_w == 1)
        windows(s, from, to, x, border, weights->columns, e, residual, y);
    else
        general_windows(s, from * s->out_width, to * s->out_width, x, border, weights->packed, e, residual, y);
}

#pragma clang attribute pop

#endif
