#ifndef KERNELS_H
#define KERNELS_H

#include "CInt8Kernels.h"

void gemm_portable(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
void gemm_int32_portable(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_portable(const uint8_t *const *, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);

#if defined(__x86_64__)
void gemm_vnni(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
void gemm_int32_vnni(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_vnni(const uint8_t *const *, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
void gemm_avx2(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
void gemm_int32_avx2(const uint8_t *, ptrdiff_t, ptrdiff_t, int, int, const int8_t *, const int32_t *, int32_t *);
void depthwise_avx2(const uint8_t *const *, int, int, const int8_t *, const int8_epilogue *, const uint8_t *, uint8_t *);
#endif

#endif
