/* 16 registers of 8 lanes: 12 accumulators (6 of 16 lanes) and their operands. */
#if defined(__x86_64__)
#include "bodies/system.h"

#define VARIANT avx2
#define TILE_CHANNELS 3
#define TILE_COLUMNS 2
#define FOR_EACH_TILE_SIZE(X) X(1, 1) X(1, 2) X(2, 1) X(2, 2) X(3, 1) X(3, 2)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies/variant.h"
#pragma clang attribute pop
#endif
