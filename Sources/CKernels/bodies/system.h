/* What the bodies use from outside, included before a variant sets its target so that no function
   of another header is compiled for it. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "../correlation.h"
#include "../sparse_plan.h"
#include "../table.h"
