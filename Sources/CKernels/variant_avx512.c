/* 32 registers of 16 lanes: 20 accumulators, 4 inputs, and weights broadcast from memory. */
#if defined(__x86_64__)
#include "bodies/system.h"

#define VARIANT avx512
#define TILE_LANES 16
#define CORRELATION_LANES 16
#define CORRELATION_CHANNELS 5
#define CORRELATION_COLUMNS 4
#define FOR_EACH_CORRELATION_TILE(X)                                              \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(2, 1) X(2, 2) X(2, 3) X(2, 4) X(3, 1) X(3, 2) \
  X(3, 3) X(3, 4) X(4, 1) X(4, 2) X(4, 3) X(4, 4) X(5, 1) X(5, 2) X(5, 3) X(5, 4)
#define CORRELATION_CACHE (256 * 1024)
#define WEIGHT_CHANNELS CORRELATION_CHANNELS
#define WEIGHT_TAPS CORRELATION_COLUMNS
#define FOR_EACH_WEIGHT_TILE FOR_EACH_CORRELATION_TILE
#define WEIGHT_POSITIONS (1 << 30)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma"))), apply_to = function)
#include "bodies/variant.h"
#pragma clang attribute pop
#endif
