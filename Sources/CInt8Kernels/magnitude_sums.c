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

// Vectors find the places of some hundred values, leaving out the zeros, of which there are many; then they are added one by one. Meanwhile the next
// ones come from memory.
enum { BLOCK = 256 };

typedef struct {
    float factor, least, most, last;
    int32_t below;
} place_rule;

// Writes the places of a block, and up to 16 more that do not count; returns their number and sets *outside where a value is.
typedef ptrdiff_t (*places_kernel)(const float *source, const place_rule *rule, uint32_t *places, int *outside);

__attribute__((target("avx2,popcnt"))) static ptrdiff_t places_avx2(const float *source, const place_rule *rule, uint32_t *places,
                                                                                 int *outside) {
    const __m256 absolute = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF)), factors = _mm256_set1_ps(rule->factor);
    const __m256 low = _mm256_set1_ps(rule->least), high = _mm256_set1_ps(rule->most), last = _mm256_set1_ps(rule->last);
    const __m256i below = _mm256_set1_epi32(rule->below), zero = _mm256_setzero_si256();
    __m256 found = _mm256_setzero_ps();
    ptrdiff_t number = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i += 8) {
        if (i % 16 == 0) _mm_prefetch((const char *)(source + BLOCK + i), _MM_HINT_T0);
        __m256 value = _mm256_loadu_ps(source + i), magnitude = _mm256_and_ps(value, absolute);
        found = _mm256_or_ps(found, _mm256_or_ps(_mm256_cmp_ps(value, low, _CMP_NGE_UQ), _mm256_cmp_ps(value, high, _CMP_NLE_UQ)));
        // The second operand of the minimum replaces what is no number.
        __m256i place = _mm256_cvttps_epi32(_mm256_min_ps(_mm256_mul_ps(magnitude, factors), last));
        unsigned zeros = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(place, zero)));
        place = _mm256_or_si256(place, _mm256_and_si256(_mm256_srai_epi32(_mm256_castps_si256(value), 31), below));
        __m256i lanes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)clear_lanes[zeros]));
        _mm256_storeu_si256((__m256i *)(places + number), _mm256_permutevar8x32_epi32(place, lanes));
        number += 8 - __builtin_popcount(zeros);
    }
    *outside |= _mm256_movemask_ps(found) != 0;
    return number;
}

__attribute__((target("avx512f,avx512dq,popcnt"))) static ptrdiff_t places_avx512(const float *source, const place_rule *rule,
                                                                                            uint32_t *places, int *outside) {
    const __m512 factors = _mm512_set1_ps(rule->factor), low = _mm512_set1_ps(rule->least), high = _mm512_set1_ps(rule->most), last = _mm512_set1_ps(rule->last);
    const __m512i below = _mm512_set1_epi32(rule->below);
    __mmask16 found = 0;
    ptrdiff_t number = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i += 16) {
        _mm_prefetch((const char *)(source + BLOCK + i), _MM_HINT_T0);
        __m512 value = _mm512_loadu_ps(source + i);
        found |= _mm512_cmp_ps_mask(value, low, _CMP_NGE_UQ) | _mm512_cmp_ps_mask(value, high, _CMP_NLE_UQ);
        __m512i place = _mm512_cvttps_epi32(_mm512_min_ps(_mm512_mul_ps(_mm512_abs_ps(value), factors), last));
        __mmask16 kept = _mm512_test_epi32_mask(place, place);
        place = _mm512_mask_or_epi32(place, _mm512_movepi32_mask(_mm512_castps_si512(value)), place, below);
        _mm512_storeu_si512(places + number, _mm512_maskz_compress_epi32(kept, place));
        number += __builtin_popcount(kept);
    }
    *outside |= found != 0;
    return number;
}

static int sums_vector(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums) {
    const place_rule rule = {factor, least, most, before((uint32_t)bins << part_bits), bins << part_bits};
    const places_kernel places_of = int8_kernel_level() == INT8_AVX512_VNNI ? places_avx512 : places_avx2;
    uint32_t places[BLOCK + 16];
    int outside = 0;
    for (ptrdiff_t start = 0; start < count; start += BLOCK) {
        float rest[BLOCK];
        const float *source = x + start;
        if (count - start < BLOCK) {
            __builtin_memset(rest, 0, sizeof rest);
            __builtin_memcpy(rest, source, (size_t)(count - start) * sizeof(float));
            source = rest;
        }
        add_all(sums, places, places_of(source, &rule, places, &outside));
    }
    return outside;
}

#endif

int magnitude_sums(const float *x, ptrdiff_t count, float factor, int bins, float least, float most, uint64_t *sums) {
#if defined(__x86_64__)
    if (int8_kernel_level() != INT8_PORTABLE) return sums_vector(x, count, factor, bins, least, most, sums);
#endif
    return sums_portable(x, count, factor, bins, least, most, sums);
}
