/* Convolutions with few live weights: a weight meets a run of positions that stay in registers. */

/* Positions of a tile: up to MOST_RUN columns of one row, or of two where that fits. Each is an accumulator
   of a correlation, and all of them leave a register for the weight. */
#if TILE_LANES >= 16 || defined(__aarch64__)
#define MOST_RUN 12
#define MOST_POSITIONS 24
#elif CORRELATION_LANES == 2 * TILE_LANES
#define MOST_RUN 7
#define MOST_POSITIONS 7
#else
#define MOST_RUN 8
#define MOST_POSITIONS 8
#endif

/* One destination channel at `rows` x `columns` positions: the groups of the kernel rows y0 ..< y1.
   `source` points at the first tap of the first position. */
INLINE void sparse_tile(
    const int rows, const int columns, const int64_t step, const struct correlation *c,
    const struct sparse_taps *taps, int64_t begin, int64_t end, const float *values, float start,
    const float *source, float *destination) {
  tile_lanes sums[2][MOST_RUN];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < columns; j++) sums[i][j] = start - (tile_lanes){0};
  }
  const int64_t row_step = (int64_t)c->step_y * c->frame_width * LANES;
  for (int64_t k = begin; k < end; k++) {
    const tile_lanes factor = values[taps->weight[k]] - (tile_lanes){0};
    const float *from = source + (int64_t)taps->offset[k] * LANES;
    UNROLL for (int i = 0; i < rows; i++) {
      UNROLL for (int j = 0; j < columns; j++) {
        sums[i][j] += factor * *(const tile_lanes_stored *)(from + i * row_step + j * step * LANES);
      }
    }
  }
  const int64_t column = (int64_t)c->destination_column * LANES;
  const int64_t row = (int64_t)c->destination_row * LANES;
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < columns; j++) {
      *(tile_lanes_stored *)(destination + i * row + j * column) = sums[i][j];
    }
  }
}

typedef void sparse_tile_function(
    const struct correlation *c, const struct sparse_taps *taps, int64_t begin, int64_t end,
    const float *values, float start, const float *source, float *destination);

/* Inputs of neighbouring positions are neighbours, or every second, or found by a multiplication. */
#define SPARSE_TILE(rows, columns)                                                               \
  static void sparse_tile_##rows##_##columns(                                                    \
      const struct correlation *c, const struct sparse_taps *taps, int64_t begin, int64_t end,   \
      const float *values, float start, const float *source, float *destination) {               \
    for (int lane = 0; lane < LANES; lane += CORRELATION_LANES) {                                \
      const float *from = source + lane;                                                         \
      float *to = destination + lane;                                                            \
      if (c->step_x == 1) {                                                                      \
        sparse_tile(rows, columns, 1, c, taps, begin, end, values, start, from, to);             \
      } else if (c->step_x == 2) {                                                               \
        sparse_tile(rows, columns, 2, c, taps, begin, end, values, start, from, to);             \
      } else {                                                                                   \
        sparse_tile(rows, columns, c->step_x, c, taps, begin, end, values, start, from, to);     \
      }                                                                                          \
    }                                                                                            \
  }
#define FOR_EACH_RUN(X, rows) \
  X(rows, 1) X(rows, 2) X(rows, 3) X(rows, 4) X(rows, 5) X(rows, 6) X(rows, 7)
#if MOST_RUN == 12
#define FOR_EACH_SPARSE_TILE(X)                                                            \
  FOR_EACH_RUN(X, 1) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) FOR_EACH_RUN(X, 2) X(2, 8) \
  X(2, 9) X(2, 10) X(2, 11) X(2, 12)
#elif MOST_RUN == 7
#define FOR_EACH_SPARSE_TILE(X) FOR_EACH_RUN(X, 1) X(2, 1) X(2, 2) X(2, 3)
#else
#define FOR_EACH_SPARSE_TILE(X) FOR_EACH_RUN(X, 1) X(1, 8) X(2, 1) X(2, 2) X(2, 3) X(2, 4)
#endif
FOR_EACH_SPARSE_TILE(SPARSE_TILE)

static sparse_tile_function *const sparse_tile_functions[2][MOST_RUN] = {
#define SPARSE_TILE_ENTRY(rows, columns) [rows - 1][columns - 1] = sparse_tile_##rows##_##columns,
    FOR_EACH_SPARSE_TILE(SPARSE_TILE_ENTRY)};

/* The kernel rows that meet the source for any of `rows` destination rows from `row` on. */
INLINE void tap_rows(
    const struct correlation *c, int32_t row, int32_t rows, int32_t *first, int32_t *end) {
  const int32_t top = c->first_y + row * c->step_y;
  const int32_t bottom = top + (rows - 1) * c->step_y;
  *first = bottom < 0 ? -bottom : 0;
  *end = c->source_height - top < c->taps_y ? c->source_height - top : c->taps_y;
  if (*first > c->taps_y) *first = c->taps_y;
  if (*end < *first) *end = *first;
}

/* Computes one block from its framed source: two rows of positions at a time where they fit. */
static void sparse_correlate_block(
    const struct correlation *c, const struct sparse_taps *taps, const float *values,
    const float *source, const float *bias, float *destination) {
  const int32_t runs = tile_count(c->columns, MOST_RUN);
  const int32_t widest = tile_count(c->columns, runs > 0 ? runs : 1);
  const int32_t most_rows = 2 * widest <= MOST_POSITIONS ? 2 : 1;
  for (int32_t row = 0; row < c->rows; row += most_rows) {
    const int32_t rows = c->rows - row < most_rows ? c->rows - row : most_rows;
    int32_t y0, y1;
    tap_rows(c, row, rows, &y0, &y1);
    const int64_t top = (int64_t)(c->first_y + row * c->step_y + c->frame_top) * c->frame_width;
    for (int32_t run = 0; run < runs; run++) {
      const int32_t column = tile_first(c->columns, runs, run);
      const int32_t columns = tile_first(c->columns, runs, run + 1) - column;
      const float *from =
          source + (top + c->first_x + column * c->step_x + c->frame_left) * LANES;
      const int64_t place = c->destination_first + (int64_t)row * c->destination_row +
                            (int64_t)column * c->destination_column;
      sparse_tile_function *const tile = sparse_tile_functions[rows - 1][columns - 1];
      for (int32_t i = 0; i < c->channels; i++) {
        const int32_t *start = taps->start + (int64_t)i * c->taps_y;
        tile(c, taps, start[y0], start[y1], values, bias ? bias[i] : 0, from,
             destination + ((int64_t)i * c->destination_plane + place) * LANES);
      }
    }
  }
}

static void kernel_sparse_convolution_forward(
    const wbk_convolution *shape, const int32_t *plan, const float *values, const float *bias,
    int64_t blocks, const float *input, float *output, float *scratch) {
  const struct correlation c = correlation_forward(shape);
  const struct sparse_taps taps = sparse_plan_part(shape, plan, -1);
  float *frame = aligned_scratch(scratch);
  const int64_t in_size = (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t out_size = (int64_t)c.channels * c.destination_plane * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    const float *source = input + b * in_size;
    if (has_frame(&c)) {
      copy_into_frame(&c, source, 0, c.frame_height, frame);
      source = frame;
    }
    sparse_correlate_block(&c, &taps, values, source, bias, output + b * out_size);
  }
}

static void kernel_sparse_convolution_data_gradient(
    const wbk_convolution *shape, const int32_t *plan, const float *values, int64_t blocks,
    const float *output_gradient, float *input_gradient, float *scratch) {
  const int32_t phases = shape->stride_y * shape->stride_x;
  float *frame = aligned_scratch(scratch);
  const int64_t in_size =
      (int64_t)shape->in_channels * shape->in_height * shape->in_width * LANES;
  const int64_t out_size =
      (int64_t)shape->out_channels * shape->out_height * shape->out_width * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    const float *source = output_gradient + b * out_size;
    for (int32_t phase = 0; phase < phases; phase++) {
      const struct correlation c =
          correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
      const struct sparse_taps taps = sparse_plan_part(shape, plan, phase);
      if (phase == 0 && has_frame(&c)) {
        copy_into_frame(&c, source, 0, c.frame_height, frame);
        source = frame;
      }
      sparse_correlate_block(&c, &taps, values, source, NULL, input_gradient + b * in_size);
    }
  }
}

/* ---- The weight gradient ---- */

/* Live weights of one output channel whose sums stay in registers together. */
#define SPARSE_GROUP (TILE_LANES == 4 ? 4 : 8)

/* The products of up to SPARSE_GROUP live weights of a channel in one block, lanes apart. */
INLINE void sparse_weight_group(
    const int count, const struct correlation *c, const int64_t *offset, const float *source,
    const float *slope, float (*products)[LANES]) {
  const int64_t step_y = (int64_t)c->step_y * c->frame_width * LANES;
  const int64_t step_x = (int64_t)c->step_x * LANES;
  for (int lane = 0; lane < LANES; lane += TILE_LANES) {
    const float *origin[SPARSE_GROUP];
    UNROLL for (int i = 0; i < count; i++) origin[i] = source + offset[i] + lane;
    part sums[SPARSE_GROUP] = {{0}};
    const float *gradient = slope + lane;
    for (int64_t y = 0; y < c->rows; y++) {
      int64_t at = y * step_y;
      for (int64_t x = 0; x < c->columns; x++, at += step_x, gradient += LANES) {
        const part value = load_part(gradient);
        UNROLL for (int i = 0; i < count; i++) sums[i] += value * load_part(origin[i] + at);
      }
    }
    UNROLL for (int i = 0; i < count; i++) *(part_stored *)(products[i] + lane) = sums[i];
  }
}

typedef void sparse_weight_function(
    const struct correlation *c, const int64_t *offset, const float *source, const float *slope,
    float (*products)[LANES]);

#define SPARSE_WEIGHTS(count)                                                                   \
  static void sparse_weights_##count(                                                           \
      const struct correlation *c, const int64_t *offset, const float *source,                  \
      const float *slope, float (*products)[LANES]) {                                           \
    sparse_weight_group(count, c, offset, source, slope, products);                             \
  }
#if TILE_LANES == 4
#define FOR_EACH_SPARSE_GROUP(X) X(1) X(2) X(3) X(4)
#else
#define FOR_EACH_SPARSE_GROUP(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)
#endif
FOR_EACH_SPARSE_GROUP(SPARSE_WEIGHTS)

static sparse_weight_function *const sparse_weight_functions[SPARSE_GROUP] = {
#define SPARSE_WEIGHTS_ENTRY(count) [count - 1] = sparse_weights_##count,
    FOR_EACH_SPARSE_GROUP(SPARSE_WEIGHTS_ENTRY)};

/* Adds one block's part to the gradient of the entries of a row. */
static void sparse_weight_row(
    const struct correlation *c, const int32_t *column, int64_t count, const float *source,
    const float *slope, float *gradient) {
  const int64_t kernel = (int64_t)c->taps_y * c->taps_x;
  for (int64_t k = 0; k < count; k += LANES) {
    const int64_t group = count - k < LANES ? count - k : LANES;
    int64_t offset[LANES];
    for (int64_t i = 0; i < group; i++) {
      const int64_t tap = column[k + i];
      const int64_t y = tap % kernel / c->taps_x, x = tap % c->taps_x;
      offset[i] = (tap / kernel * frame_plane(c) + y * c->frame_width + x) * LANES;
    }
    float products[LANES][LANES] __attribute__((aligned(64)));
    for (int64_t i = 0; i < group; i += SPARSE_GROUP) {
      const int64_t most = group - i < SPARSE_GROUP ? group - i : SPARSE_GROUP;
      sparse_weight_functions[most - 1](c, offset + i, source, slope, products + i);
    }
    v16 vectors[LANES];
    UNROLL for (int j = 0; j < LANES; j++) {
      vectors[j] = j < group ? load(products[j]) : splat(0);
    }
    const v16 sums = lane_sums_of_16(vectors);
    if (group == LANES) {
      store(gradient + k, load(gradient + k) + sums);
    } else {
      store_some(gradient + k, load_some(gradient + k, group) + sums, group);
    }
  }
}

static void kernel_sparse_convolution_weight_gradient(
    const wbk_convolution *shape, const wbk_sparse *weights, int64_t blocks, const float *input,
    const float *output_gradient, float *gradient, float *scratch) {
  const struct correlation c = correlation_forward(shape);
  float *frame = aligned_scratch(scratch);
  const int64_t in_size = (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t plane = (int64_t)c.destination_plane * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    const float *source = input + b * in_size;
    if (has_frame(&c)) {
      copy_into_frame(&c, source, 0, c.frame_height, frame);
      source = frame;
    }
    const float *slope = output_gradient + b * c.channels * plane;
    for (int64_t row = 0; row < weights->rows; row++) {
      const int64_t begin = weights->start[row];
      sparse_weight_row(&c, weights->column + begin, weights->start[row + 1] - begin, source,
                        slope + row * plane, gradient + begin);
    }
  }
}
