/* Products of matrices, row-major, in single and double precision: the body is compiled for both.

   The inner dimension is cut into blocks. Of each, panels of the right matrix, a register tile wide,
   are brought together, some of them at a time; the first-level cache holds a few while every row of the
   left one passes by. An element is a sum over blocks in order, whatever the size of the rest: the bits of a row do
   not depend on which other rows are computed with it. */

/* 24 accumulators, 4 vectors and a factor, or what fits in 16 registers. */
#if TILE_LANES == 16
#define PRODUCT_ROWS 6
#define PRODUCT_VECTORS 4
#define FOR_EACH_PRODUCT_ROWS(X, vectors) \
  X(1, vectors) X(2, vectors) X(3, vectors) X(4, vectors) X(5, vectors) X(6, vectors)
#elif TILE_LANES == 8
#define PRODUCT_ROWS 6
#define PRODUCT_VECTORS 2
#define FOR_EACH_PRODUCT_ROWS(X, vectors) \
  X(1, vectors) X(2, vectors) X(3, vectors) X(4, vectors) X(5, vectors) X(6, vectors)
#else
#define PRODUCT_ROWS 4
#define PRODUCT_VECTORS 2
#define FOR_EACH_PRODUCT_ROWS(X, vectors) X(1, vectors) X(2, vectors) X(3, vectors) X(4, vectors)
#endif

/* Rows of a matrix that are copied along each other. */
#define LINES_AT_A_TIME 16
/* Lines ahead of the one that is copied: those of a wide matrix lie on pages of their own, and a processor
   looks ahead within one alone. */
#define LINES_FETCHED_AHEAD 8
/* Panels that a tile's rows meet one after the other: as many as the first-level cache holds beside them. */
#define PANELS_TOGETHER (TILE_LANES == 16 ? 1 : 3)
/* Columns that a band of rows meets before the next one. In single precision what is added to in block
   after block stays in the second-level cache; matrices in double precision are large, and there it takes
   longer to bring the band's rows together again than to fetch what is added to ahead of its use. */
#define PRODUCT_COLUMNS_single ((TILE_LANES == 16 ? 8 : 16) * PRODUCT_VECTORS * TILE_LANES)
#define PRODUCT_COLUMNS_double 1024
/* Rows that pass by the same panels: as many as the second-level cache has room for. */
#define BAND_single WBK_PRODUCT_BAND
#define BAND_double 240
#define FETCHES_AHEAD_single 0
#define FETCHES_AHEAD_double 1

#define REAL float
#define OF(name) name##_single
#include "product_body.h"
#undef REAL
#undef OF

#define REAL double
#define OF(name) name##_double
#include "product_body.h"

/* The dot products of `count` rows with x; every row's sum runs in the same order. */
INLINE void multiply_rows(
    const int count, int64_t inner, const float *a, const float *start, const float *x, float *y) {
  v16 sums[4];
  UNROLL for (int i = 0; i < count; i++) sums[i] = splat(0);
  int64_t k = 0;
  for (; k + LANES <= inner; k += LANES) {
    const v16 values = load(x + k);
    UNROLL for (int i = 0; i < count; i++) sums[i] += load(a + i * inner + k) * values;
  }
  if (k < inner) {
    const v16 values = load_some(x + k, inner - k);
    UNROLL for (int i = 0; i < count; i++) {
      sums[i] += load_some(a + i * inner + k, inner - k) * values;
    }
  }
  UNROLL for (int i = 0; i < count; i++) y[i] = (start ? start[i] : 0) + lane_sum(sums[i]);
}

static void kernel_multiply_vector(
    int64_t rows, int64_t inner, const float *a, const float *start, const float *x, float *y) {
  int64_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    multiply_rows(4, inner, a + row * inner, start ? start + row : NULL, x, y + row);
  }
  for (; row < rows; row++) {
    multiply_rows(1, inner, a + row * inner, start ? start + row : NULL, x, y + row);
  }
}
