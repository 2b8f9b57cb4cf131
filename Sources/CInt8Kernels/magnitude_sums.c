// How many floats lie in each of many equal intervals of magnitude, and where in it.

#include "kernels.h"

enum { part_bits = 16, number_bit = 40 };

// A place: the number of an interval, and in the lower half the part of it.
static inline void add(uint64_t *sums, uint32_t place) {
    sums[place >> part_bits] += (UINT64_C(1) << number_bit) | (place & ((1u << part_bits) - 1));
}

// The float before 2^n.
static inline float before(uint32_t power) { return (float)power * (1 - 0x1p-24f); }

static int sums_portable(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums) {
    int outside = 0;
    const uint32_t end = (uint32_t)bins << part_bits;
    const float last = before(end);
    for (ptrdiff_t i = 0; i < count; i++) {
        float magnitude = __builtin_fabsf(x[i]), position = magnitude * factor;
        outside |= !(x[i] >= least && x[i] <= most);
        uint32_t place = (uint32_t)(position < last ? position : last);
        if (place) add(sums, place | (x[i] < 0 ? end : 0));
    }
    return outside;
}

#if defined(__x86_64__)

#include <immintrin.h>

#define CLEAR(bits, k) (~(bits) >> (k) & UINT64_C(1))
#define LANE(bits, k, later) ((later) << 8 * CLEAR(bits, k) | (k) * CLEAR(bits, k))
#define LANES(bits) LANE(bits, 0, LANE(bits, 1, LANE(bits, 2, LANE(bits, 3, LANE(bits, 4, LANE(bits, 5, LANE(bits, 6, LANE(bits, 7, UINT64_C(0)))))))))
#define FOUR(bits) LANES(bits), LANES(bits + 1), LANES(bits + 2), LANES(bits + 3)
#define SIXTEEN(bits) FOUR(bits), FOUR(bits + 4), FOUR(bits + 8), FOUR(bits + 12)
#define SIXTY_FOUR(bits) SIXTEEN(bits), SIXTEEN(bits + 16), SIXTEEN(bits + 32), SIXTEEN(bits + 48)

// For every set of eight bits the numbers of those that are clear, a byte each, in ascending order.
static const uint64_t clear_lanes[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};

// The lower half of a word is at an even index (little-endian). Halves are read as such: cheaper than to take words apart.
static inline uint64_t half(const uint32_t *words, ptrdiff_t index) {
    uint16_t result;
    __builtin_memcpy(&result, (const char *)words + 2 * index, sizeof result);
    return result;
}

static inline void add_all(uint64_t *sums, const uint32_t *places, ptrdiff_t number) {
    const uint64_t one = UINT64_C(1) << number_bit;
    for (; number >= 4; number -= 4, places += 4) {
        uint64_t a = one | half(places, 0), b = one | half(places, 2), c = one | half(places, 4), d = one | half(places, 6);
        sums[half(places, 1)] += a;
        sums[half(places, 3)] += b;
        sums[half(places, 5)] += c;
        sums[half(places, 7)] += d;
    }
    for (ptrdiff_t k = 0; k < number; k++) add(sums, places[k]);
}

// Vectors find the places of some hundred values, leaving out the zeros, of which there are many; then they are added one by one.
__attribute__((target("avx2,popcnt"))) static int sums_avx2(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums) {
    enum { block = 256 };
    const __m256 absolute = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF)), factors = _mm256_set1_ps(factor);
    const __m256 low = _mm256_set1_ps(least), high = _mm256_set1_ps(most);
    const __m256i below = _mm256_set1_epi32(bins << part_bits), zero = _mm256_setzero_si256();
    const __m256 last = _mm256_set1_ps(before((uint32_t)bins << part_bits));
    __m256 outside = _mm256_setzero_ps();
    uint32_t places[block + 8];
    for (ptrdiff_t start = 0; start < count; start += block) {
        float rest[block];
        const float *source = x + start;
        if (count - start < block) {
            __builtin_memset(rest, 0, sizeof rest);
            __builtin_memcpy(rest, source, (size_t)(count - start) * sizeof(float));
            source = rest;
        }
        ptrdiff_t number = 0;
        for (ptrdiff_t i = 0; i < block; i += 8) {
            __m256 value = _mm256_loadu_ps(source + i), magnitude = _mm256_and_ps(value, absolute);
            outside = _mm256_or_ps(outside, _mm256_or_ps(_mm256_cmp_ps(value, low, _CMP_NGE_UQ), _mm256_cmp_ps(value, high, _CMP_NLE_UQ)));
            // The second operand of the minimum replaces what is no number.
            __m256i place = _mm256_cvttps_epi32(_mm256_min_ps(_mm256_mul_ps(magnitude, factors), last));
            unsigned zeros = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(place, zero)));
            place = _mm256_or_si256(place, _mm256_and_si256(_mm256_srai_epi32(_mm256_castps_si256(value), 31), below));
            __m256i lanes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)clear_lanes[zeros]));
            _mm256_storeu_si256((__m256i *)(places + number), _mm256_permutevar8x32_epi32(place, lanes));
            number += 8 - __builtin_popcount(zeros);
        }
        add_all(sums, places, number);
    }
    return _mm256_movemask_ps(outside) != 0;
}

#endif

int magnitude_sums(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums) {
#if defined(__x86_64__)
    if (int8_kernel_level() > 0) return sums_avx2(x, count, factor, bins, least, most, sums);
#endif
    return sums_portable(x, count, factor, bins, least, most, sums);
}
