/* The weight gradient of a convolution: register tiles of output channels x taps, whose lanes stay
   apart until a group of blocks is done. */

typedef part weight_sums[WEIGHT_CHANNELS][WEIGHT_TAPS];

/* What the tiles pass over together: some rows of some blocks. */
struct weight_group {
  const struct correlation *forward;
  int64_t blocks, rows;
  const float *source; /* inputs, framed where there is a frame */
  int64_t source_plane, source_block;
  const float *gradient; /* output gradients */
  int64_t gradient_block;
};

/* Adds the sums over the lanes of parts, always in the same order. */
INLINE void add_part_sums(
    const int channels, const int taps, weight_sums sums, float *result, int64_t row) {
#if TILE_LANES == LANES
  if (channels >= 3 && taps >= 3) {
    v16 vectors[LANES];
    UNROLL for (int k = 0; k < LANES; k++) {
      vectors[k] = k < channels * taps ? sums[k / taps][k % taps] : splat(0);
    }
    const v16 together = lane_sums_of_16(vectors);
    UNROLL for (int k = 0; k < LANES && k < channels * taps; k++) {
      result[k / taps * row + k % taps] += together[k];
    }
    UNROLL for (int k = LANES; k < channels * taps; k++) {
      result[k / taps * row + k % taps] += lane_sum(sums[k / taps][k % taps]);
    }
    return;
  }
#endif
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < taps; j++) {
      v16 wide = {0};
      memcpy(&wide, &sums[i][j], sizeof(part));
      result[i * row + j] += lane_sum(wide);
    }
  }
}

/* Adds the sums over the positions of some rows of one block; source and gradient point at the tile's
   first. */
INLINE void weight_part_block(
    const int channels, const int taps, const struct correlation *c, int64_t rows,
    const float *source, const int64_t *offset, const float *gradient, weight_sums sums) {
  const int64_t step_y = (int64_t)c->step_y * c->frame_width * LANES;
  const int64_t step_x = (int64_t)c->step_x * LANES;
  const int64_t plane = (int64_t)c->destination_plane * LANES;
  weight_sums local;
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < taps; j++) local[i][j] = sums[i][j];
  }
  const float *origin[WEIGHT_TAPS];
  UNROLL for (int j = 0; j < taps; j++) origin[j] = source + offset[j];
  for (int64_t y = 0; y < rows; y++) {
    int64_t at = y * step_y;
    for (int64_t x = 0; x < c->columns; x++, at += step_x, gradient += LANES) {
      part values[WEIGHT_TAPS];
      UNROLL for (int j = 0; j < taps; j++) values[j] = load_part(origin[j] + at);
      UNROLL for (int i = 0; i < channels; i++) {
        const part slope = load_part(gradient + i * plane);
        UNROLL for (int j = 0; j < taps; j++) local[i][j] += slope * values[j];
      }
    }
  }
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < taps; j++) sums[i][j] = local[i][j];
  }
}

INLINE void weight_tile(
    const int channels, const int taps, const int squared, const struct weight_group *group,
    const int64_t *offset, int64_t first_channel, float *result) {
  const struct correlation *c = group->forward;
  weight_sums sums = {{{0}}};
  for (int64_t b = 0; b < group->blocks; b++) {
    for (int lane = 0; lane < LANES; lane += TILE_LANES) {
      const float *source = group->source + b * group->source_block + lane;
      const float *gradient = group->gradient + b * group->gradient_block +
                              first_channel * c->destination_plane * LANES + lane;
      if (!squared) {
        weight_part_block(channels, taps, c, group->rows, source, offset, gradient, sums);
        continue;
      }
      /* A lane is a sample, whose gradient is squared when it is whole. */
      weight_sums each = {{{0}}};
      weight_part_block(channels, taps, c, group->rows, source, offset, gradient, each);
      UNROLL for (int i = 0; i < channels; i++) {
        UNROLL for (int j = 0; j < taps; j++) sums[i][j] += each[i][j] * each[i][j];
      }
    }
  }
  add_part_sums(channels, taps, sums, result, correlation_taps(c));
}

typedef void weight_function(
    const struct weight_group *group, const int64_t *offset, int64_t first_channel,
    float *result);

#define WEIGHT_TILE(channels, taps)                                                            \
  static void weight_sum_##channels##_##taps(                                                  \
      const struct weight_group *group, const int64_t *offset, int64_t first_channel,          \
      float *result) {                                                                         \
    weight_tile(channels, taps, 0, group, offset, first_channel, result);                      \
  }                                                                                            \
  static void weight_squares_##channels##_##taps(                                              \
      const struct weight_group *group, const int64_t *offset, int64_t first_channel,          \
      float *result) {                                                                         \
    weight_tile(channels, taps, 1, group, offset, first_channel, result);                      \
  }
FOR_EACH_WEIGHT_TILE(WEIGHT_TILE)

static weight_function *const weight_functions[2][WEIGHT_CHANNELS][WEIGHT_TAPS] = {
#define WEIGHT_ENTRY(channels, taps)                            \
  [0][channels - 1][taps - 1] = weight_sum_##channels##_##taps, \
  [1][channels - 1][taps - 1] = weight_squares_##channels##_##taps,
    FOR_EACH_WEIGHT_TILE(WEIGHT_ENTRY)};

/* All taps of some output channels, whose gradients stay near the processor meanwhile. */
static void accumulate_channels(
    const struct weight_group *group, int squared, int32_t first, int32_t count, float *result) {
  const struct correlation *c = group->forward;
  const int32_t taps = (int32_t)correlation_taps(c), kernel = c->taps_y * c->taps_x;
  const int32_t tap_tiles = tile_count(taps, WEIGHT_TAPS);
  for (int32_t t = 0; t < tap_tiles; t++) {
    const int32_t tap = tile_first(taps, tap_tiles, t);
    const int32_t width = tile_first(taps, tap_tiles, t + 1) - tap;
    int64_t offset[WEIGHT_TAPS];
    for (int32_t j = 0; j < width; j++) {
      const int32_t channel = (tap + j) / kernel, place = (tap + j) % kernel;
      offset[j] = channel * group->source_plane +
                  (place / c->taps_x * c->frame_width + place % c->taps_x) * (int64_t)LANES;
    }
    weight_functions[squared][count - 1][width - 1](
        group, offset, first, result + (int64_t)first * taps + tap);
  }
}

/* Some rows of the group: of so many that the gradients of one tile's channels fit in the first-level
   cache. */
static void accumulate_group(const struct weight_group *whole, int squared, float *result) {
  const struct correlation *c = whole->forward;
  const int64_t columns = c->columns > 0 ? c->columns : 1;
  const int64_t fitting = WEIGHT_POSITIONS < columns ? 1 : WEIGHT_POSITIONS / columns;
  const int64_t bands = squared ? 1 : (whole->rows + fitting - 1) / fitting;
  const int32_t channel_tiles = tile_count(c->channels, WEIGHT_CHANNELS);
  for (int64_t band = 0; band < bands; band++) {
    const int64_t row = whole->rows * band / bands;
    struct weight_group group = *whole;
    group.rows = whole->rows * (band + 1) / bands - row;
    group.source += row * c->step_y * c->frame_width * LANES;
    group.gradient += row * c->columns * LANES;
    for (int32_t k = 0; k < channel_tiles; k++) {
      const int32_t first = tile_first(c->channels, channel_tiles, k);
      accumulate_channels(&group, squared, first,
                          tile_first(c->channels, channel_tiles, k + 1) - first, result);
    }
  }
}

/* Some blocks together, some of their rows at a time: what the tiles pass over again and again is to
   stay in the second-level cache. Squares need a block whole. */
INLINE void accumulate_weights(
    const wbk_convolution *shape, int squared, int64_t blocks, const float *input,
    const float *output_gradient, float *result, float *scratch) {
  const struct correlation c = correlation_forward(shape);
  const int64_t in_plane = (int64_t)c.source_height * c.source_width * LANES;
  const int64_t in_size = c.source_channels * in_plane;
  const int64_t out_size = (int64_t)c.channels * c.destination_plane * LANES;
  const int64_t most_blocks = wbk_weight_gradient_blocks(shape);
  const int32_t most_rows = squared ? c.rows : weight_gradient_rows(shape);
  float *frames = aligned_scratch(scratch);
  for (int64_t begin = 0; begin < blocks; begin += most_blocks) {
    const int64_t count = blocks - begin < most_blocks ? blocks - begin : most_blocks;
    for (int32_t row = 0; row < c.rows; row += most_rows) {
      const int32_t rows = c.rows - row < most_rows ? c.rows - row : most_rows;
      const int32_t inputs = (rows - 1) * c.step_y + c.taps_y;
      struct weight_group group = {
          .forward = &c,
          .blocks = count,
          .rows = rows,
          .source = input + begin * in_size + (int64_t)row * c.step_y * c.source_width * LANES,
          .source_plane = in_plane,
          .source_block = in_size,
          .gradient = output_gradient + begin * out_size + (int64_t)row * c.columns * LANES,
          .gradient_block = out_size,
      };
      if (has_frame(&c)) {
        group.source_plane = (int64_t)inputs * c.frame_width * LANES;
        group.source_block = c.source_channels * group.source_plane;
        for (int64_t b = 0; b < count; b++) {
          copy_into_frame(&c, input + (begin + b) * in_size, row * c.step_y, inputs,
                          frames + b * group.source_block);
        }
        group.source = frames;
      }
      accumulate_group(&group, squared, result);
    }
  }
}

static void kernel_convolution_weight_gradient(
    const wbk_convolution *shape, int64_t blocks, const float *input,
    const float *output_gradient, float *weight_gradient, float *scratch) {
  accumulate_weights(shape, 0, blocks, input, output_gradient, weight_gradient, scratch);
}

static void kernel_convolution_weight_gradient_squared(
    const wbk_convolution *shape, int64_t blocks, const float *input,
    const float *output_gradient, float *squares, float *scratch) {
  accumulate_weights(shape, 1, blocks, input, output_gradient, squares, scratch);
}
