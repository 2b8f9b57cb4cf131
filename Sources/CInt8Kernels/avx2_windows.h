// The weights of depthwise 3x3 windows as pairs of bytes. Included by files that have set the target.

#ifndef AVX2_WINDOWS_H
#define AVX2_WINDOWS_H

#include "avx2_epilogue.h"

// 32 channels. Interleaving bytes leaves channels (0-7, 16-23) in the first register and (8-15, 24-31) in the second; interleaving words splits
// each into (0-3, 16-19), (4-7, 20-23) and so on. Packing undoes both.
typedef struct {
    // Rows 0 and 1 of the three columns; rows 1 and 2; row 2 of the first column; row 2 of the other two.
    __m256i column[3][2], below[3][2], corner[2], edge[2];
    // Whether neither the positive nor the negative weights of rows 0 and 1, nor those of row 2, exceed 258 together in any channel.
    int safe;
} window_weights;

#endif
