/* 16 registers of 8 lanes: 9 accumulators, 3 inputs and a weight. (12 accumulators would just fit,
   but the compiler's register allocation then spills one, at half the speed.) */
#if defined(__x86_64__)
#include "bodies/system.h"

#define VARIANT avx2
#define TILE_LANES 8
#define TILE_CHANNELS 3
#define TILE_COLUMNS 3
#define FOR_EACH_TILE_SIZE(X) \
  X(1, 1) X(1, 2) X(1, 3) X(2, 1) X(2, 2) X(2, 3) X(3, 1) X(3, 2) X(3, 3)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies/variant.h"
#pragma clang attribute pop
#endif
