/* What a sparse convolution looks up of its live weights: made once for a mask.

   The forward product and each phase of the data gradient are correlations (correlation.h). For
   each of them the live weights are grouped by destination channel and row of the kernel, so that
   a row of positions near the border passes over the kernel rows that meet no source. */
#ifndef WORKBENCH_SPARSE_PLAN_H
#define WORKBENCH_SPARSE_PLAN_H
#include "correlation.h"

/* One correlation's part of a plan. Group g = channel * taps_y + ky has the entries start[g] ..<
   start[g + 1]. */
struct sparse_taps {
  const int32_t *start;
  const int32_t *offset; /* from the first tap's place in the framed source, in vectors */
  const int32_t *weight; /* the number of the live weight */
};

/* The part of the forward product (phase -1) or of a phase of the data gradient. */
struct sparse_taps sparse_plan_part(
    const wbk_convolution *shape, const int32_t *plan, int32_t phase);
#endif
