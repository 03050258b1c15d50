/* 16 registers of 8 lanes. A correlation keeps 12 accumulators (6 channels of all 16 lanes of one
   position), the two halves of an input and a weight; a weight gradient 12 (4 channels x 3 taps), 3
   inputs and a gradient. */
#if defined(__x86_64__)
#include "bodies/system.h"

#define VARIANT avx2
#define TILE_LANES 8
#define CORRELATION_LANES 16
#define CORRELATION_CHANNELS 6
#define CORRELATION_COLUMNS 1
#define FOR_EACH_CORRELATION_TILE(X) X(1, 1) X(2, 1) X(3, 1) X(4, 1) X(5, 1) X(6, 1)
#define CORRELATION_CACHE (16 * 1024)
#define WEIGHT_CHANNELS 4
#define WEIGHT_TAPS 3
#define FOR_EACH_WEIGHT_TILE(X) \
  X(1, 1) X(1, 2) X(1, 3) X(2, 1) X(2, 2) X(2, 3) X(3, 1) X(3, 2) X(3, 3) X(4, 1) X(4, 2) X(4, 3)
#define WEIGHT_POSITIONS 90

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies/variant.h"
#pragma clang attribute pop
#endif
