/* What the build's own target has. A vector of 16 lanes is four registers of four: 12 accumulators
   of the 16 registers of plain x86-64, 20 of the 32 of AArch64. */
#include "bodies/system.h"

#define VARIANT portable
#define TILE_COLUMNS 1
#if defined(__aarch64__)
#define TILE_CHANNELS 5
#define FOR_EACH_TILE_SIZE(X) X(1, 1) X(2, 1) X(3, 1) X(4, 1) X(5, 1)
#else
#define TILE_CHANNELS 3
#define FOR_EACH_TILE_SIZE(X) X(1, 1) X(2, 1) X(3, 1)
#endif

#include "bodies/variant.h"
