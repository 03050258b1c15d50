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

/* How far apart, in floats, the positions of a tile are: its columns, and where it has two rows these. */
struct sparse_steps {
  int64_t source_row, source_column, destination_row, destination_column;
};

/* One destination channel at `rows` x `columns` positions: the entries begin ..< end of a list.
   `origin` is the place of the first position's first tap, which may lie outside the source. */
INLINE void sparse_tile(
    const int rows, const int columns, const int64_t source_column,
    const struct sparse_steps *steps, const struct sparse_taps *taps, int64_t begin, int64_t end,
    const float *values, float start, const float *source, int64_t origin, float *destination) {
  tile_lanes sums[2][MOST_RUN];
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < columns; j++) sums[i][j] = start - (tile_lanes){0};
  }
  for (int64_t k = begin; k < end; k++) {
    const tile_lanes factor = values[taps->weight[k]] - (tile_lanes){0};
    const float *from = source + (origin + taps->offset[k]) * LANES;
    UNROLL for (int i = 0; i < rows; i++) {
      UNROLL for (int j = 0; j < columns; j++) {
        sums[i][j] += factor * *(const tile_lanes_stored *)(from + i * steps->source_row +
                                                            j * source_column);
      }
    }
  }
  UNROLL for (int i = 0; i < rows; i++) {
    UNROLL for (int j = 0; j < columns; j++) {
      *(tile_lanes_stored *)(destination + i * steps->destination_row +
                             j * steps->destination_column) = sums[i][j];
    }
  }
}

typedef void sparse_tile_function(
    const struct sparse_steps *steps, const struct sparse_taps *taps, int64_t begin, int64_t end,
    const float *values, float start, const float *source, int64_t origin, float *destination);

/* Inputs of neighbouring positions are neighbours, or every second, or found by a multiplication. */
#define SPARSE_TILE(rows, columns)                                                             \
  static void sparse_tile_##rows##_##columns(                                                  \
      const struct sparse_steps *steps, const struct sparse_taps *taps, int64_t begin,         \
      int64_t end, const float *values, float start, const float *source, int64_t origin,      \
      float *destination) {                                                                    \
    const int64_t step = steps->source_column;                                                 \
    for (int lane = 0; lane < LANES; lane += CORRELATION_LANES) {                              \
      const float *from = source + lane;                                                       \
      float *to = destination + lane;                                                          \
      if (step == LANES) {                                                                     \
        sparse_tile(rows, columns, LANES, steps, taps, begin, end, values, start, from,        \
                    origin, to);                                                               \
      } else if (step == 2 * LANES) {                                                          \
        sparse_tile(rows, columns, 2 * LANES, steps, taps, begin, end, values, start, from,    \
                    origin, to);                                                               \
      } else {                                                                                 \
        sparse_tile(rows, columns, step, steps, taps, begin, end, values, start, from,         \
                    origin, to);                                                               \
      }                                                                                        \
    }                                                                                          \
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

/* Computes the positions of some rows and columns that meet the same taps, for all channels. Tiles run along
   the rows, and along a border that is a column or two wide down the columns. */
static void sparse_region(
    const struct correlation *c, const struct sparse_taps *taps,
    const struct correlation_run *rows, const struct correlation_run *columns, const float *values,
    const float *bias, const float *source, float *destination) {
  const int32_t height = rows->end - rows->first, width = columns->end - columns->first;
  const int64_t source_row = (int64_t)c->step_y * c->source_width * LANES;
  const int64_t source_column = (int64_t)c->step_x * LANES;
  const int64_t row = (int64_t)c->destination_row * LANES;
  const int64_t column = (int64_t)c->destination_column * LANES;
  const int is_border = width <= 2 && height > width;
  const struct sparse_steps steps =
      is_border ? (struct sparse_steps){source_column, source_row, column, row}
                : (struct sparse_steps){source_row, source_column, row, column};
  const int32_t along = is_border ? height : width, across = is_border ? width : height;
  const int32_t runs = tile_count(along, MOST_RUN);
  const int32_t most = 2 * tile_count(along, runs) <= MOST_POSITIONS ? 2 : 1;
  const int64_t origin =
      (int64_t)(c->first_y + rows->first * c->step_y) * c->source_width + c->first_x +
      columns->first * c->step_x;
  const int64_t place = c->destination_first + (int64_t)rows->first * c->destination_row +
                        (int64_t)columns->first * c->destination_column;
  for (int32_t i = 0; i < across; i += most) {
    const int32_t tile_rows = across - i < most ? across - i : most;
    for (int32_t run = 0; run < runs; run++) {
      const int32_t j = tile_first(along, runs, run);
      sparse_tile_function *const tile =
          sparse_tile_functions[tile_rows - 1][tile_first(along, runs, run + 1) - j - 1];
      const int64_t from = origin + (i * steps.source_row + j * steps.source_column) / LANES;
      float *to = destination + place * LANES + i * steps.destination_row +
                  j * steps.destination_column;
      for (int32_t channel = 0; channel < c->channels; channel++) {
        const int32_t *start = taps->start + (int64_t)channel * c->taps_y;
        tile(&steps, taps, start[rows->first_tap], start[rows->end_tap], values,
             bias ? bias[channel] : 0, source, from,
             to + (int64_t)channel * c->destination_plane * LANES);
      }
    }
  }
}

/* Computes one block by regions whose positions meet the same taps. */
static void sparse_correlate_block(
    const struct correlation *c, const int32_t *plan, int32_t phase, const float *values,
    const float *source, const float *bias, float *destination) {
  for (int32_t row = 0; row < c->rows;) {
    const struct correlation_run rows = correlation_row_run(c, row);
    for (int32_t column = 0, run = 0; column < c->columns; run++) {
      const struct correlation_run columns = correlation_column_run(c, column);
      const struct sparse_taps taps = sparse_plan_taps(c, plan, phase, run);
      sparse_region(c, &taps, &rows, &columns, values, bias, source, destination);
      column = columns.end;
    }
    row = rows.end;
  }
}

static void kernel_sparse_convolution_forward(
    const wbk_convolution *shape, const int32_t *plan, const float *values, const float *bias,
    int64_t blocks, const float *input, float *output) {
  const struct correlation c = correlation_forward(shape);
  const int64_t in_size = (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t out_size = (int64_t)c.channels * c.destination_plane * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    sparse_correlate_block(&c, plan, -1, values, input + b * in_size, bias, output + b * out_size);
  }
}

static void kernel_sparse_convolution_data_gradient(
    const wbk_convolution *shape, const int32_t *plan, const float *values, int64_t blocks,
    const float *output_gradient, float *input_gradient) {
  const int32_t phases = shape->stride_y * shape->stride_x;
  const int64_t in_size =
      (int64_t)shape->in_channels * shape->in_height * shape->in_width * LANES;
  const int64_t out_size =
      (int64_t)shape->out_channels * shape->out_height * shape->out_width * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    for (int32_t phase = 0; phase < phases; phase++) {
      const struct correlation c =
          correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
      sparse_correlate_block(&c, plan, phase, values, output_gradient + b * out_size, NULL,
                             input_gradient + b * in_size);
    }
  }
}
