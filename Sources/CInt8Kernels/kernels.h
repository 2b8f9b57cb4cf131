#ifndef KERNELS_H
#define KERNELS_H

#include "CInt8Kernels.h"

// Where the taps of an output pixel are read, kernel row by kernel row.
static inline void depthwise_taps(const int8_depthwise_shape *s, ptrdiff_t pixel, const uint8_t *x, const uint8_t *border, const uint8_t **taps) {
    int ox = (int)(pixel % s->out_width), oy = (int)(pixel / s->out_width % s->out_height);
    ptrdiff_t image = pixel / s->out_width / s->out_height;
    for (int ky = 0; ky < s->kernel_h; ky++) {
        int iy = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
        int inside = iy >= 0 && iy < s->height;
        const uint8_t *line = x + (image * s->height + (inside ? iy : 0)) * s->width * s->channels;
        for (int kx = 0; kx < s->kernel_w; kx++) {
            int ix = ox * s->stride_w - s->pad_w + kx * s->dilation_w;
            *taps++ = inside && ix >= 0 && ix < s->width ? line + (ptrdiff_t)ix * s->channels : border;
        }
    }
}

// The three rows of the map under an output row of 3x3 windows: where they begin, and how far apart their columns are: 0 in the border.
typedef struct {
    const uint8_t *line[3];
    ptrdiff_t step[3];
} window_rows;

static inline window_rows rows_under(const int8_depthwise_shape *s, ptrdiff_t row, const uint8_t *x, const uint8_t *border) {
    window_rows result;
    ptrdiff_t image = row / s->out_height;
    int oy = (int)(row % s->out_height);
    for (int ky = 0; ky < 3; ky++) {
        int iy = oy * s->stride_h - s->pad_h + ky * s->dilation_h;
        int inside = iy >= 0 && iy < s->height;
        result.line[ky] = inside ? x + (image * s->height + iy) * s->width * s->channels : border;
        result.step[ky] = inside ? s->channels : 0;
    }
    return result;
}

// What was arranged for the kernels of `level`, or NULL.
static inline const void *int8_arranged(const int8_epilogue *e, enum int8_level level) { return e->arranged_for == level ? e->arranged : 0; }

void gemm_portable(const int8_product *);
void gemm_int32_portable(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_portable(const int8_depthwise_shape *, ptrdiff_t, ptrdiff_t, const uint8_t *, const uint8_t *, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);

#if defined(__x86_64__)
void gemm_avx512(const int8_product *);
void gemm_int32_avx512(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_avx512(const int8_depthwise_shape *, ptrdiff_t, ptrdiff_t, const uint8_t *, const uint8_t *, const int8_weights *, const int8_epilogue *, const uint8_t *, uint8_t *);
ptrdiff_t arranged_size_avx512(int);
void arrange_epilogue_avx512(const int8_epilogue *, int, int, void *);
void gemm_avx_vnni(const int8_product *);
ptrdiff_t arranged_size_avx2(int);
void arrange_epilogue_avx2(const int8_epilogue *, int, int, void *);
void gemm_bytes_avx2(const int8_product *);
void gemm_words_avx2(const int8_product *);
void gemm_int32_avx2(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_bytes_avx2(const int8_depthwise_shape *, ptrdiff_t, ptrdiff_t, const uint8_t *, const uint8_t *, const int8_weights *, const int8_epilogue *, const uint8_t *, uint8_t *);
void depthwise_avx2(const int8_depthwise_shape *, ptrdiff_t, ptrdiff_t, const uint8_t *, const uint8_t *, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
#endif

#endif
