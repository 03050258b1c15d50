/* Dense layers with few live weights: the structure is walked by rows, and a weight meets the lanes
   of all samples. */

/* Vectors of lanes that one weight meets at a time. */
#define MOST_SPARSE_VECTORS (TILE_LANES == 16 ? 8 : TILE_LANES == 8 ? 4 : 2)

INLINE void sparse_row(
    const int vectors, const wbk_sparse *matrix, const float *values, float start, int64_t row,
    int64_t stride, const float *x, float *y) {
  v16 sums[MOST_SPARSE_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) sums[v] = splat(start);
  const int64_t end = matrix->start[row + 1];
  for (int64_t k = matrix->start[row]; k < end; k++) {
    const v16 factor = splat(values[k]);
    const float *source = x + (int64_t)matrix->column[k] * stride;
    UNROLL for (int v = 0; v < vectors; v++) sums[v] += factor * load(source + v * LANES);
  }
  UNROLL for (int v = 0; v < vectors; v++) store(y + row * stride + v * LANES, sums[v]);
}

#define SPARSE_ROWS(vectors)                                                                    \
  static void sparse_rows_##vectors(                                                            \
      const wbk_sparse *matrix, const float *values, const float *bias, int64_t first,          \
      int64_t end, int64_t stride, const float *x, float *y) {                                  \
    for (int64_t row = first; row < end; row++) {                                               \
      sparse_row(vectors, matrix, values, bias ? bias[row] : 0, row, stride, x, y);             \
    }                                                                                           \
  }
SPARSE_ROWS(1)
SPARSE_ROWS(2)
#if TILE_LANES >= 8
SPARSE_ROWS(4)
#endif
#if TILE_LANES >= 16
SPARSE_ROWS(8)
#endif

typedef float v4 __attribute__((vector_size(16)));
typedef float v4_stored __attribute__((vector_size(16), aligned(4), may_alias));

/* One sample. A vector of scattered inputs costs as many loads as it has elements; chains of sums
   beside each other hide the latency of the additions. */
INLINE float sparse_dot(
    const int32_t *column, const float *values, int64_t count, const float *x) {
  v4 first = {0}, second = {0};
  int64_t k = 0;
  for (; k + 8 <= count; k += 8) {
    const int32_t *c = column + k;
    first += *(const v4_stored *)(values + k) * (v4){x[c[0]], x[c[1]], x[c[2]], x[c[3]]};
    second += *(const v4_stored *)(values + k + 4) * (v4){x[c[4]], x[c[5]], x[c[6]], x[c[7]]};
  }
  if (k + 4 <= count) {
    const int32_t *c = column + k;
    first += *(const v4_stored *)(values + k) * (v4){x[c[0]], x[c[1]], x[c[2]], x[c[3]]};
    k += 4;
  }
  float rest = 0;
  for (; k < count; k++) rest += values[k] * x[column[k]];
  first += second;
  return (first[0] + first[2]) + (first[1] + first[3]) + rest;
}

static void kernel_sparse_forward(
    const wbk_sparse *matrix, const float *values, const float *bias, int64_t first, int64_t end,
    int64_t lanes, int64_t stride, const float *x, float *y) {
  if (lanes == 1) {
    for (int64_t row = first; row < end; row++) {
      const int64_t begin = matrix->start[row];
      y[row] = (bias ? bias[row] : 0) + sparse_dot(matrix->column + begin, values + begin,
                                                   matrix->start[row + 1] - begin, x);
    }
    return;
  }
  for (int64_t lane = 0; lane < lanes;) {
    const int64_t left = (lanes - lane) / LANES;
    const float *source = x + lane;
    float *target = y + lane;
#if TILE_LANES >= 16
    if (left >= 8) {
      sparse_rows_8(matrix, values, bias, first, end, stride, source, target);
      lane += 8 * LANES;
      continue;
    }
#endif
#if TILE_LANES >= 8
    if (left >= 4) {
      sparse_rows_4(matrix, values, bias, first, end, stride, source, target);
      lane += 4 * LANES;
      continue;
    }
#endif
    if (left >= 2) {
      sparse_rows_2(matrix, values, bias, first, end, stride, source, target);
      lane += 2 * LANES;
    } else {
      sparse_rows_1(matrix, values, bias, first, end, stride, source, target);
      lane += LANES;
    }
  }
}

static void kernel_take(int64_t count, const int32_t *order, const float *from, float *to) {
  for (int64_t i = 0; i < count; i++) to[i] = from[order[i]];
}

/* The products of a row's gradient, which stays in registers, with the inputs of its entries; adds
   to what earlier lanes gave unless these are the first. */
INLINE void sparse_row_gradient(
    const int vectors, int is_first, const int32_t *column, int64_t count, int64_t lanes,
    const float *x, const float *dy, float *gradient) {
  v16 slope[MOST_SPARSE_VECTORS];
  UNROLL for (int v = 0; v < vectors; v++) slope[v] = load(dy + v * LANES);
  for (int64_t k = 0; k < count; k += LANES) {
    const int64_t group = count - k < LANES ? count - k : LANES;
    v16 products[LANES];
    for (int64_t i = 0; i < group; i++) {
      const float *source = x + (int64_t)column[k + i] * lanes;
      v16 sum = slope[0] * load(source);
      UNROLL for (int v = 1; v < vectors; v++) sum += slope[v] * load(source + v * LANES);
      products[i] = sum;
    }
    for (int64_t i = group; i < LANES; i++) products[i] = splat(0);
    const v16 sums = lane_sums_of_16(products);
    if (group == LANES) {
      store(gradient + k, is_first ? sums : load(gradient + k) + sums);
    } else {
      store_some(gradient + k, is_first ? sums : load_some(gradient + k, group) + sums, group);
    }
  }
}

#define SPARSE_GRADIENTS(vectors)                                                               \
  static void sparse_gradients_##vectors(                                                       \
      const wbk_sparse *matrix, int64_t first, int64_t end, int64_t lanes, int64_t lane,        \
      const float *x, const float *dy, float *gradient) {                                       \
    for (int64_t row = first; row < end; row++) {                                               \
      const int64_t begin = matrix->start[row];                                                 \
      sparse_row_gradient(vectors, lane == 0, matrix->column + begin,                           \
                          matrix->start[row + 1] - begin, lanes, x + lane,                      \
                          dy + row * lanes + lane, gradient + begin);                           \
    }                                                                                           \
  }
SPARSE_GRADIENTS(1)
SPARSE_GRADIENTS(2)
#if TILE_LANES >= 8
SPARSE_GRADIENTS(4)
#endif
#if TILE_LANES >= 16
SPARSE_GRADIENTS(8)
#endif

static void kernel_sparse_weight_gradient(
    const wbk_sparse *matrix, int64_t first, int64_t end, int64_t lanes, const float *x,
    const float *dy, float *gradient) {
  for (int64_t lane = 0; lane < lanes;) {
    const int64_t left = (lanes - lane) / LANES;
#if TILE_LANES >= 16
    if (left >= 8) {
      sparse_gradients_8(matrix, first, end, lanes, lane, x, dy, gradient);
      lane += 8 * LANES;
      continue;
    }
#endif
#if TILE_LANES >= 8
    if (left >= 4) {
      sparse_gradients_4(matrix, first, end, lanes, lane, x, dy, gradient);
      lane += 4 * LANES;
      continue;
    }
#endif
    if (left >= 2) {
      sparse_gradients_2(matrix, first, end, lanes, lane, x, dy, gradient);
      lane += 2 * LANES;
    } else {
      sparse_gradients_1(matrix, first, end, lanes, lane, x, dy, gradient);
      lane += LANES;
    }
  }
}
