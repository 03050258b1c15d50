/* The weight gradient of a convolution: register tiles of output channels x taps, whose 16 lanes
   stay apart (a lane is a sample) until a group of blocks is done. */

/* One group of blocks, as the tiles see it. */
struct weight_group {
  const struct correlation *forward;
  int64_t blocks;
  const float *source; /* framed inputs, source_block floats apart */
  int64_t source_block;
  const float *gradient; /* output gradients, gradient_block floats apart */
  int64_t gradient_block;
};

/* Sum over the lanes of a part, always in the same order. */
INLINE float part_sum(part x) {
  v16 wide = {0};
  memcpy(&wide, &x, sizeof x);
  return lane_sum(wide);
}

/* Adds the sums over positions of one block; origin and gradient point at the tile's first. */
INLINE void weight_part_block(
    const int channels, const int taps, const struct correlation *c, const float *source,
    const int64_t *offset, const float *gradient,
    part sums[MOST_TILE_CHANNELS][MOST_TILE_COLUMNS]) {
  const int64_t step_y = (int64_t)c->step_y * c->frame_width * LANES;
  const int64_t step_x = (int64_t)c->step_x * LANES;
  const int64_t plane = (int64_t)c->destination_plane * LANES;
  part local[MOST_TILE_CHANNELS][MOST_TILE_COLUMNS];
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < taps; j++) local[i][j] = sums[i][j];
  }
  const float *origin[MOST_TILE_COLUMNS];
  UNROLL for (int j = 0; j < taps; j++) origin[j] = source + offset[j];
  for (int64_t y = 0; y < c->rows; y++) {
    int64_t at = y * step_y;
    for (int64_t x = 0; x < c->columns; x++, at += step_x, gradient += LANES) {
      part values[MOST_TILE_COLUMNS];
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

INLINE void weight_part(
    const int channels, const int taps, const int squared, const struct weight_group *group,
    const int64_t *offset, int64_t first_channel, int lane, float *result) {
  const struct correlation *c = group->forward;
  part sums[MOST_TILE_CHANNELS][MOST_TILE_COLUMNS] = {{{0}}};
  for (int64_t b = 0; b < group->blocks; b++) {
    const float *source = group->source + b * group->source_block + lane;
    const float *gradient = group->gradient + b * group->gradient_block +
                            first_channel * c->destination_plane * LANES + lane;
    if (!squared) {
      weight_part_block(channels, taps, c, source, offset, gradient, sums);
      continue;
    }
    part each[MOST_TILE_CHANNELS][MOST_TILE_COLUMNS] = {{{0}}};
    weight_part_block(channels, taps, c, source, offset, gradient, each);
    UNROLL for (int i = 0; i < channels; i++) {
      UNROLL for (int j = 0; j < taps; j++) sums[i][j] += each[i][j] * each[i][j];
    }
  }
  const int64_t row = correlation_taps(c);
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < taps; j++) result[i * row + j] += part_sum(sums[i][j]);
  }
}

typedef void weight_function(
    const struct weight_group *group, const int64_t *offset, int64_t first_channel,
    float *result);

#define WEIGHT_TILE(channels, taps)                                                            \
  static void weight_sum_##channels##_##taps(                                                  \
      const struct weight_group *group, const int64_t *offset, int64_t first_channel,          \
      float *result) {                                                                         \
    for (int lane = 0; lane < LANES; lane += TILE_LANES) {                                     \
      weight_part(channels, taps, 0, group, offset, first_channel, lane, result);              \
    }                                                                                          \
  }                                                                                            \
  static void weight_squares_##channels##_##taps(                                              \
      const struct weight_group *group, const int64_t *offset, int64_t first_channel,          \
      float *result) {                                                                         \
    for (int lane = 0; lane < LANES; lane += TILE_LANES) {                                     \
      weight_part(channels, taps, 1, group, offset, first_channel, lane, result);              \
    }                                                                                          \
  }
FOR_EACH_TILE_SIZE(WEIGHT_TILE)

static weight_function *const weight_functions[2][TILE_CHANNELS][TILE_COLUMNS] = {
#define WEIGHT_ENTRY(channels, taps)                            \
  [0][channels - 1][taps - 1] = weight_sum_##channels##_##taps, \
  [1][channels - 1][taps - 1] = weight_squares_##channels##_##taps,
    FOR_EACH_TILE_SIZE(WEIGHT_ENTRY)};

/* Where a tap's first input lies in the framed source. */
INLINE int64_t tap_offset(const struct correlation *c, int64_t tap) {
  const int64_t kernel = (int64_t)c->taps_y * c->taps_x;
  const int64_t y = tap % kernel / c->taps_x, x = tap % c->taps_x;
  return (tap / kernel * frame_plane(c) + y * c->frame_width + x) * LANES;
}

static void accumulate_group(const struct weight_group *group, int squared, float *result) {
  const struct correlation *c = group->forward;
  const int64_t taps = correlation_taps(c);
  const int32_t channel_tiles = tile_count(c->channels, TILE_CHANNELS);
  for (int32_t k = 0; k < channel_tiles; k++) {
    const int32_t first = tile_first(c->channels, channel_tiles, k);
    const int32_t count = tile_first(c->channels, channel_tiles, k + 1) - first;
    for (int64_t tap = 0; tap < taps; tap += TILE_COLUMNS) {
      const int64_t width = taps - tap < TILE_COLUMNS ? taps - tap : TILE_COLUMNS;
      int64_t offset[MOST_TILE_COLUMNS];
      for (int64_t j = 0; j < width; j++) offset[j] = tap_offset(c, tap + j);
      weight_functions[squared][count - 1][width - 1](
          group, offset, first, result + first * taps + tap);
    }
  }
}

INLINE void accumulate_weights(
    const wbk_convolution *shape, int squared, int64_t blocks, const float *input,
    const float *output_gradient, float *result, float *scratch) {
  const struct correlation c = correlation_forward(shape);
  const int64_t in_size =
      (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t frame_size = c.source_channels * frame_plane(&c) * LANES;
  const int64_t out_size = (int64_t)c.channels * c.destination_plane * LANES;
  const int64_t most = weight_gradient_group(shape);
  float *frames = aligned_scratch(scratch);
  for (int64_t begin = 0; begin < blocks; begin += most) {
    const int64_t count = blocks - begin < most ? blocks - begin : most;
    const float *source = input + begin * in_size;
    if (has_frame(&c)) {
      for (int64_t b = 0; b < count; b++) {
        copy_into_frame(&c, source + b * in_size, frames + b * frame_size);
      }
      source = frames;
    }
    const struct weight_group group = {
        .forward = &c,
        .blocks = count,
        .source = source,
        .source_block = frame_size,
        .gradient = output_gradient + begin * out_size,
        .gradient_block = out_size,
    };
    accumulate_group(&group, squared, result);
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
