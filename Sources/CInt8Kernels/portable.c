// Plain C for any machine; the same results.

#include "kernels.h"

static inline int32_t clamp(int32_t value, int32_t low, int32_t high) { return value < low ? low : value > high ? high : value; }

static inline uint8_t finish(int32_t acc, const int8_epilogue *e, int c, const uint8_t *residual) {
    if (residual) {
        int32_t r = ((int32_t)residual[c] - 128) * e->align_multiplier[c] + e->align_add[c];
        acc += (int32_t)((uint32_t)(r >> e->align_right[c]) << e->align_left[c]);
    }
    int32_t narrow = clamp((acc + e->pre_add[c]) >> e->pre[c], -32768, 32767);
    int32_t value = (narrow * e->multiplier[c] + e->post_add[c]) >> e->post[c];
    value = clamp(value, -128, 127);
    if (value < e->low) value = e->low;
    return (uint8_t)(value + 128);
}

static inline int32_t dot(const uint8_t *x, const int8_t *packed, int depth, int lane, int32_t acc) {
    for (int k = 0; k < depth; k += 4) {
        const int8_t *w = packed + k * 16 + lane * 4;
        acc += x[k] * w[0] + x[k + 1] * w[1] + x[k + 2] * w[2] + x[k + 3] * w[3];
    }
    return acc;
}

void gemm_portable(const int8_product *p) {
    for (ptrdiff_t row = 0; row < p->rows; row++)
        for (int c = p->first; c < p->end; c++) {
            const int8_t *packed = p->weights->packed + (ptrdiff_t)(c / 16) * p->depth * 16;
            int32_t acc = dot(p->x + row * p->stride, packed, p->depth, c % 16, p->epilogue->start[c]);
            p->y[row * p->channels + c] = finish(acc, p->epilogue, c, p->residual ? p->residual + row * p->channels : 0);
        }
}

void gemm_int32_portable(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y) {
    for (ptrdiff_t row = 0; row < rows; row++)
        for (int c = 0; c < channels; c++)
            y[row * channels + c] = dot(x + row * stride, packed + (ptrdiff_t)(c / 16) * depth * 16, depth, c % 16, start[c]);
}

void depthwise_portable(const int8_depthwise_shape *s, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border, const int8_t *packed,
                        const int8_epilogue *e, const uint8_t *residual, uint8_t *y) {
    int taps = s->kernel_h * s->kernel_w, tap_groups = (taps + 3) / 4, channels = s->channels;
    for (ptrdiff_t pixel = first; pixel < first + count; pixel++) {
        const uint8_t *line[taps];
        depthwise_taps(s, pixel, x, border, line);
        for (int c = 0; c < channels; c++) {
            int32_t acc = e->start[c];
            const int8_t *w = packed + (ptrdiff_t)(c / 16) * tap_groups * 64 + (c % 16) * 4;
            for (int t = 0; t < taps; t++) acc += line[t][c] * w[t / 4 * 64 + t % 4];
            y[pixel * channels + c] = finish(acc, e, c, residual ? residual + pixel * channels : 0);
        }
    }
}
