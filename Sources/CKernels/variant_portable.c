/* What the build's own target has: registers of four lanes, 16 in plain x86-64 (which also needs
   one for each product) and 32 in AArch64. */
#include "bodies/system.h"

#define VARIANT portable
#define TILE_LANES 4
#define CORRELATION_LANES TILE_LANES
#if defined(__aarch64__)
#define CORRELATION_CHANNELS 5
#define CORRELATION_COLUMNS 4
#define FOR_EACH_CORRELATION_TILE(X)                                              \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(2, 1) X(2, 2) X(2, 3) X(2, 4) X(3, 1) X(3, 2) \
  X(3, 3) X(3, 4) X(4, 1) X(4, 2) X(4, 3) X(4, 4) X(5, 1) X(5, 2) X(5, 3) X(5, 4)
#else
#define CORRELATION_CHANNELS 3
#define CORRELATION_COLUMNS 3
#define FOR_EACH_CORRELATION_TILE(X) \
  X(1, 1) X(1, 2) X(1, 3) X(2, 1) X(2, 2) X(2, 3) X(3, 1) X(3, 2) X(3, 3)
#endif
#define CORRELATION_CACHE (256 * 1024)
#define WEIGHT_CHANNELS CORRELATION_CHANNELS
#define WEIGHT_TAPS CORRELATION_COLUMNS
#define FOR_EACH_WEIGHT_TILE FOR_EACH_CORRELATION_TILE
#define WEIGHT_POSITIONS (1 << 30)

#include "bodies/variant.h"
