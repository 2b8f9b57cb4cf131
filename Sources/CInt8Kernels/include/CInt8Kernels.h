#ifndef CINT8KERNELS_H
#define CINT8KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "Processor.h"

/// The micro-kernels of quantisation. Activations are stored as value + 128 in unsigned bytes, channels last; weights as signed bytes.
/// All arithmetic is exact for inputs whose sums stay below 2^31, which the caller has checked.

/// Kinds of kernels; a machine of one has those before it, but AVX-512 may come without AVX-VNNI.
enum int8_level { INT8_PORTABLE, INT8_AVX2, INT8_AVX_VNNI, INT8_AVX512_VNNI };

/// How an int32 accumulator becomes an int8 result, per channel; every array has `channels` rounded up to 16 entries.
///
/// y = sat8(((sat16((acc + pre_add) >> pre) * multiplier + post_add) >> post)), at least `low`, stored as y + 128.
/// With a residual e (stored with offset): acc += (((e * align_multiplier + align_add) >> align_right) << align_left).
typedef struct {
    const int32_t *start;
    const int32_t *pre, *pre_add, *multiplier, *post, *post_add;
    const int32_t *align_multiplier, *align_add, *align_right, *align_left;
    int32_t low;
    /// What `int8_arrange_epilogue` wrote, or NULL.
    const void *arranged;
    /// The kernels that can read it.
    enum int8_level arranged_for;
} int8_epilogue;

/// Arranges the arrays of an epilogue of `channels` for this machine's products, or for its depthwise 3x3 `windows` of a multiple of 16 channels (at
/// least 32 where there is no AVX-512), in `int8_arranged_size` bytes aligned to 64. The epilogue must stay where it is as long as these are used.
/// Not for the portable kernels.
ptrdiff_t int8_arranged_size(int channels);
void int8_arrange_epilogue(int8_epilogue *epilogue, int channels, int windows, void *arranged);

/// Weights of a product: for each group of 16 columns, for each 4 steps of depth, 16 times 4 signed bytes.
typedef struct {
    const int8_t *packed;
    /// For products without signs, or NULL: for each group the numbers of its depth / 4 steps of 4 taps: `twos` times two steps, then single ones. In no
    /// column of a two do the positive or the negative weights 0 and 1 of both steps exceed 258 together, nor weights 2 and 3.
    const uint16_t *steps;
    const uint16_t *twos;
    /// 128 times the sum of each column's weights; columns rounded up to 16.
    const int32_t *offset;
    /// For inner products with half the multiplications, or NULL: for each group, for each 4 taps, for each 8 columns first weights
    /// 1 and 3, then weights 0 and 2 of every column, as words; and minus the sum of each column's products of weights 0 and 1, 2 and 3, and so on.
    const int16_t *crossed;
    const int32_t *neighbours;
    /// For depthwise 3x3 windows not dilated along the row, or NULL: for each 64 channels, for each of the 3 columns, for each 4 of 16 channels, for each
    /// 16 channels these 4, each with the column's three weights and a 0; aligned to 64 bytes. Where at most 32 channels are left, they stand twice.
    const int8_t *columns;
    /// What `int8_arrange_windows` wrote for depthwise 3x3 windows over values without signs, not dilated along the row and at most 2 columns apart,
    /// or NULL.
    const void *windows;
} int8_weights;

/// Arranges the packed weights of 3x3 windows, `stride` columns apart, of a multiple of 16 channels, at least 32, in `int8_windows_size` bytes aligned
/// to 32. For AVX2.
ptrdiff_t int8_windows_size(int channels);
void int8_arrange_windows(const int8_t *packed, int channels, int stride, void *windows);

/// Rows times packed weights: `rows` of `depth` bytes (a multiple of 4, `stride` bytes apart) by the columns from `first` (a multiple of 16) to `end`
/// (one, too, or `channels`) of `channels`.
typedef struct {
    const uint8_t *x;
    ptrdiff_t rows, stride;
    int depth, channels, first, end;
    /// Promises that no value of x is negative (its bytes are at least 128).
    int nonnegative;
    const int8_weights *weights;
    const int8_epilogue *epilogue;
    /// `channels` bytes a row; `residual` or NULL.
    const uint8_t *residual;
    uint8_t *y;
} int8_product;

void int8_gemm(const int8_product *product);

/// The same without rescale: y[row * channels + c] = start[c] + sum.
void int8_gemm_int32(const uint8_t *x, ptrdiff_t rows, ptrdiff_t stride, int depth, int channels, const int8_t *packed, const int32_t *start, int32_t *y);

/// A depthwise convolution over channels-last images; channels a multiple of 16.
typedef struct {
    int height, width, channels;
    int out_height, out_width;
    int kernel_h, kernel_w, stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
} int8_depthwise_shape;

/// `count` output rows of a batch from the row `first`; x and y are the whole batch's, `border` is `channels` bytes of 128. The depth of `weights` are
/// the taps; `nonnegative` promises that no value of x is.
void int8_depthwise(const int8_depthwise_shape *shape, int nonnegative, ptrdiff_t first, ptrdiff_t count, const uint8_t *x, const uint8_t *border,
                    const int8_weights *weights, const int8_epilogue *epilogue, const uint8_t *residual, uint8_t *y);

/// For each of `scales` (a multiple of 4) scales the sum over `count` floats of (q(x * inverse) - x * inverse)^2, where q rounds to integers and cuts to
/// low...high, which hold 0 and lie within +-2^22. `low` is -infinity where no x is negative.
void quantization_errors(const float *x, ptrdiff_t count, const float *inverses, int scales, float low, float high, float *sums);

/// Adds to `sums`, for each of `bins` intervals of magnitude of the floats above 0, then for as many below 0, 2^40 for a float and the part of the interval
/// by which it exceeds the lower edge, in 2^-16: magnitudes times `factor` are in 2^-16 intervals. `bins` is a power of two up to 2^14, `count` below 2^24;
/// what is 0 then is left out. True where a float is outside least...most, which hold 0, or is no number.
int magnitude_sums(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums);

/// The kernels in use: the best this machine has.
enum int8_level int8_kernel_level(void);
/// Uses no kernels beyond `level`: for tests.
void int8_set_kernel_level(enum int8_level level);

#endif
