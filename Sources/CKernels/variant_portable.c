/* What the build's own target has: registers of four lanes, 16 in plain x86-64 (which also needs
   one for each product) and 32 in AArch64. */
#include "bodies/system.h"

#define VARIANT portable
#define TILE_LANES 4
#if defined(__aarch64__)
#define TILE_CHANNELS 5
#define TILE_COLUMNS 4
#define FOR_EACH_TILE_SIZE(X)                                                     \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(2, 1) X(2, 2) X(2, 3) X(2, 4) X(3, 1) X(3, 2) \
  X(3, 3) X(3, 4) X(4, 1) X(4, 2) X(4, 3) X(4, 4) X(5, 1) X(5, 2) X(5, 3) X(5, 4)
#else
#define TILE_CHANNELS 3
#define TILE_COLUMNS 3
#define FOR_EACH_TILE_SIZE(X) \
  X(1, 1) X(1, 2) X(1, 3) X(2, 1) X(2, 2) X(2, 3) X(3, 1) X(3, 2) X(3, 3)
#endif

#include "bodies/variant.h"
