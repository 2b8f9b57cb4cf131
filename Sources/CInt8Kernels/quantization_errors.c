// Squared errors of several quantisations of the same floats.

#include "kernels.h"

// Added to a number within +-2^22, 1.5 * 2^23 leaves no bits below the point: the sum is rounded to even. What is larger is cut all the same.
static const float shift = 12582912;

static void errors_portable(const float *x, ptrdiff_t count, const float *inverses, int scales, float low, float high, float *sums) {
    for (int k = 0; k < scales; k++) {
        sums[k] = 0;
        for (ptrdiff_t i = 0; i < count; i++) {
            float scaled = x[i] * inverses[k], rounded = (scaled + shift) - shift;
            rounded = rounded < low ? low : rounded;
            float difference = scaled - (rounded > high ? high : rounded);
            sums[k] += difference * difference;
        }
    }
}

#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    __m256 shift, least, most;
} bounds;

// `cuts` where a value may lie below the range. NaN stays NaN: the second operand wins.
INLINE __m256 added(__m256 sum, __m256 value, __m256 inverse, const bounds *b, int cuts) {
    __m256 scaled = _mm256_mul_ps(value, inverse);
    __m256 shifted = _mm256_min_ps(b->most, _mm256_add_ps(scaled, b->shift));
    if (cuts) shifted = _mm256_max_ps(b->least, shifted);
    __m256 difference = _mm256_sub_ps(scaled, _mm256_sub_ps(shifted, b->shift));
    return _mm256_fmadd_ps(difference, difference, sum);
}

INLINE float lane_sum(__m256 v) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

INLINE void add_all(__m256 *sums, __m256 value, const __m256 *inverses, const bounds *b, int cuts) {
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 4; k++) sums[k] = added(sums[k], value, inverses[k], b, cuts);
}

// Values are read once for four scales, and all else stays in registers.
INLINE void four_errors(const float *x, ptrdiff_t count, const float *scales, const bounds *given, int cuts, float *result) {
    const bounds b = *given;
    __m256 inverses[4], sums[4];
    for (int k = 0; k < 4; k++) inverses[k] = _mm256_set1_ps(scales[k]), sums[k] = _mm256_setzero_ps();
    const float *end = x + count / 8 * 8;
    for (; x < end; x += 8) add_all(sums, _mm256_loadu_ps(x), inverses, &b, cuts);
    if (count % 8) {
        // Zeros have no error.
        float rest[8] = {0};
        for (ptrdiff_t k = 0; k < count % 8; k++) rest[k] = x[k];
        add_all(sums, _mm256_loadu_ps(rest), inverses, &b, cuts);
    }
    for (int k = 0; k < 4; k++) result[k] = lane_sum(sums[k]);
}

static void errors_avx2(const float *x, ptrdiff_t count, const float *inverses, int scales, float low, float high, float *sums) {
    const bounds b = {_mm256_set1_ps(shift), _mm256_set1_ps(shift + low), _mm256_set1_ps(shift + high)};
    for (int k = 0; k < scales; k += 4) {
        if (low > -shift)
            four_errors(x, count, inverses + k, &b, 1, sums + k);
        else
            four_errors(x, count, inverses + k, &b, 0, sums + k);
    }
}

#pragma clang attribute pop

#endif

void quantization_errors(const float *x, ptrdiff_t count, const float *inverses, int scales, float low, float high, float *sums) {
#if defined(__x86_64__)
    if (int8_kernel_level() != INT8_PORTABLE && __builtin_cpu_supports("fma")) {
        errors_avx2(x, count, inverses, scales, low, high, sums);
        return;
    }
#endif
    errors_portable(x, count, inverses, scales, low, high, sums);
}
