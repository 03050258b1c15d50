/* What a sparse convolution looks up of its live weights: made once for a mask.

   The forward product and each phase of the data gradient are correlations (correlation.h). For
   each run of columns of one of them, which meet the same columns of the kernel, the live weights there
   are grouped by destination channel and row of the kernel: so positions near the border pass over the
   weights that meet no source, and the source needs no frame of zeros. */
#ifndef WORKBENCH_SPARSE_PLAN_H
#define WORKBENCH_SPARSE_PLAN_H
#include "correlation.h"

/* The live weights that a run of columns meets. Group g = channel * taps_y + ky has the entries start[g]
   ..< start[g + 1]. */
struct sparse_taps {
  const int32_t *start;
  const int32_t *offset; /* from the first tap's place in the source, in vectors */
  const int32_t *weight; /* the number of the live weight */
};

/* Those of the run of that number, from the left, of `c`, which is the forward product (phase -1) or a
   phase of the data gradient. */
struct sparse_taps sparse_plan_taps(
    const struct correlation *c, const int32_t *plan, int32_t phase, int32_t run);
#endif
