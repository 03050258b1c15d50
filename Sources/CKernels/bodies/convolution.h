/* The forward convolution and its data gradient: register tiles of a correlation. */

/* As many lanes as a register of the variant has. */
typedef float part __attribute__((vector_size(TILE_LANES * 4)));
typedef float part_stored __attribute__((vector_size(TILE_LANES * 4), aligned(4), may_alias));

INLINE part load_part(const float *p) { return *(const part_stored *)p; }
/* x - 0 is x for every x (0 + x is not, for -0), so nothing is computed. */
INLINE part splat_part(float x) { return x - (part){0}; }

/* The lanes of one accumulator. A tile is computed for one run of them after the other. */
typedef float tile_lanes __attribute__((vector_size(CORRELATION_LANES * 4)));
typedef float tile_lanes_stored
    __attribute__((vector_size(CORRELATION_LANES * 4), aligned(4), may_alias));

/* Tiles of few accumulators keep them twice, for every second source channel: otherwise each addition
   would wait for the one before. */
#define CORRELATE_CHAINS(channels, columns) \
  ((channels) * (columns) * (CORRELATION_LANES / TILE_LANES) <= (TILE_LANES == 4 ? 3 : 6) ? 2 : 1)

typedef tile_lanes tile_sums[CORRELATION_CHANNELS][CORRELATION_COLUMNS];

/* Adds the products of one tap of `chains` source channels. */
INLINE void add_tap(
    const int channels, const int columns, const int chains, int64_t plane, int64_t taps,
    const float *const origin[CORRELATION_COLUMNS], int64_t at, const float *weight,
    tile_sums *sums) {
  UNROLL for (int chain = 0; chain < chains; chain++) {
    tile_lanes values[CORRELATION_COLUMNS];
    UNROLL for (int j = 0; j < columns; j++) {
      values[j] = *(const tile_lanes_stored *)(origin[j] + at + chain * plane);
    }
    UNROLL for (int i = 0; i < channels; i++) {
      const tile_lanes factor = weight[chain * taps * channels + i] - (tile_lanes){0};
      UNROLL for (int j = 0; j < columns; j++) sums[chain][i][j] += factor * values[j];
    }
  }
}

/* Adds the products of the source channels first ..< end, `chains` of them at a time. Unless it is 0,
   `width` is how many taps of each row the tile meets: known beforehand, they take no loop. */
INLINE void add_source_channels(
    const int channels, const int columns, const int chains, const int width,
    const struct correlation *c, const struct position_tile *tile, int64_t first, int64_t end,
    const float *const origin[CORRELATION_COLUMNS], const float *packed, tile_sums *sums) {
  const int64_t row_size = (int64_t)c->source_width * LANES, plane = c->source_height * row_size;
  const int64_t taps = (int64_t)c->taps_y * c->taps_x;
  const int64_t rows = tile->y1 - tile->y0, run = width ? width : tile->x1 - tile->x0;
  const float *first_weight = packed + (tile->y0 * c->taps_x + tile->x0) * channels;
  for (int64_t s = first; s + chains <= end; s += chains) {
    for (int64_t y = 0; y < rows; y++) {
      const float *weight = first_weight + (s * taps + y * c->taps_x) * channels;
      const int64_t row = s * plane + y * row_size;
      if (width) {
        UNROLL for (int x = 0; x < width; x++) {
          add_tap(channels, columns, chains, plane, taps, origin, row + x * LANES,
                  weight + x * channels, sums);
        }
        continue;
      }
      for (int64_t x = 0; x < run; x++, weight += channels) {
        add_tap(channels, columns, chains, plane, taps, origin, row + x * LANES, weight, sums);
      }
    }
  }
}

/* `channels` x `columns` accumulators stay in registers over all taps of one position tile. */
INLINE void correlate_part(
    const int channels, const int columns, const struct correlation *c,
    const struct position_tile *tile, const float *source, const float *packed,
    const float *start, float *destination) {
  const int chains = CORRELATE_CHAINS(channels, columns);
  tile_sums sums[2] = {{{{0}}}};
  UNROLL for (int i = 0; i < channels; i++) {
    UNROLL for (int j = 0; j < columns; j++) sums[0][i][j] = (start ? start[i] : 0) - (tile_lanes){0};
  }
  const float *origin[CORRELATION_COLUMNS];
  UNROLL for (int j = 0; j < columns; j++) {
    origin[j] = source + (int64_t)tile->source[j] * LANES;
  }
  const int64_t paired = c->source_channels / chains * chains;
  const int32_t taps = tile->x1 - tile->x0;
  if (taps == 3) {
    add_source_channels(channels, columns, chains, 3, c, tile, 0, paired, origin, packed, sums);
  } else if (taps == 5) {
    add_source_channels(channels, columns, chains, 5, c, tile, 0, paired, origin, packed, sums);
  } else {
    add_source_channels(channels, columns, chains, 0, c, tile, 0, paired, origin, packed, sums);
  }
  if (chains == 2) {
    add_source_channels(channels, columns, 1, 0, c, tile, paired, c->source_channels, origin,
                        packed, sums);
  }
  UNROLL for (int i = 0; i < channels; i++) {
    float *plane_out = destination + (int64_t)i * c->destination_plane * LANES;
    UNROLL for (int j = 0; j < columns; j++) {
      const tile_lanes sum = chains == 2 ? sums[0][i][j] + sums[1][i][j] : sums[0][i][j];
      *(tile_lanes_stored *)(plane_out + (int64_t)tile->destination[j] * LANES) = sum;
    }
  }
}

typedef void correlate_function(
    const struct correlation *c, const struct position_tile *tile, const float *source,
    const float *packed, const float *start, float *destination);

#define CORRELATE(channels, columns)                                                          \
  static void correlate_##channels##_##columns(                                               \
      const struct correlation *c, const struct position_tile *tile, const float *source,     \
      const float *packed, const float *start, float *destination) {                          \
    for (int lane = 0; lane < LANES; lane += CORRELATION_LANES) {                             \
      correlate_part(channels, columns, c, tile, source + lane, packed, start,                \
                     destination + lane);                                                     \
    }                                                                                         \
  }
FOR_EACH_CORRELATION_TILE(CORRELATE)

static correlate_function *const correlate_functions[CORRELATION_CHANNELS][CORRELATION_COLUMNS] = {
#define CORRELATE_ENTRY(channels, columns) \
  [channels - 1][columns - 1] = correlate_##channels##_##columns,
    FOR_EACH_CORRELATION_TILE(CORRELATE_ENTRY)};

/* Position tiles whose part of the source stays in the cache while all channel tiles visit them; so many
   at least that the weights, which each channel tile fetches again, are little beside. */
INLINE int64_t band_of_tiles(const struct correlation *c) {
  const int64_t positions = (int64_t)CORRELATION_COLUMNS * c->step_y * c->step_x;
  const int64_t tile_size = c->source_channels * positions * LANES * sizeof(float);
  const int64_t tiles = CORRELATION_CACHE / tile_size;
  return tiles < 8 ? 8 : tiles;
}

/* Computes one block. */
static void correlate_block(
    const struct correlation *c, const struct position_tile *tiles, const float *source,
    const float *packed, const float *start, float *destination) {
  const int64_t taps = correlation_taps(c);
  const int64_t tile_total = correlation_tile_total(c, tiles);
  const int64_t band = band_of_tiles(c);
  const int32_t channel_tiles = tile_count(c->channels, CORRELATION_CHANNELS);
  for (int64_t begin = 0; begin < tile_total; begin += band) {
    const int64_t end = begin + band < tile_total ? begin + band : tile_total;
    for (int32_t k = 0; k < channel_tiles; k++) {
      const int32_t first = tile_first(c->channels, channel_tiles, k);
      const int32_t count = tile_first(c->channels, channel_tiles, k + 1) - first;
      for (int64_t t = begin; t < end; t++) {
        correlate_functions[count - 1][tiles[t].count - 1](
            c, &tiles[t], source, packed + first * taps, start ? start + first : start,
            destination + (int64_t)first * c->destination_plane * LANES);
      }
    }
  }
}

static void kernel_convolution_forward(
    const wbk_convolution *shape, int64_t blocks, const float *input, const float *weights,
    const float *bias, float *output, float *scratch) {
  const struct correlation c = correlation_forward(shape);
  float *packed = scratch;
  struct position_tile *tiles =
      (struct position_tile *)(packed + correlation_taps(&c) * c.channels);
  correlation_pack(&c, CORRELATION_CHANNELS, weights, packed);
  correlation_tiles(&c, CORRELATION_COLUMNS, tiles);
  const int64_t in_size =
      (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t out_size = (int64_t)c.channels * c.destination_plane * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    correlate_block(&c, tiles, input + b * in_size, packed, bias, output + b * out_size);
  }
}

static void kernel_convolution_data_gradient(
    const wbk_convolution *shape, int64_t blocks, const float *output_gradient,
    const float *weights, float *input_gradient, float *scratch) {
  const int32_t phases = shape->stride_y * shape->stride_x;
  float *packed = scratch;
  struct position_tile *tiles =
      (struct position_tile *)(packed + (int64_t)shape->out_channels * shape->in_channels *
                                            shape->kernel_height * shape->kernel_width);
  float *phase_packed = packed;
  struct position_tile *phase_tiles = tiles;
  for (int32_t phase = 0; phase < phases; phase++) {
    const struct correlation c =
        correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
    correlation_pack(&c, CORRELATION_CHANNELS, weights, phase_packed);
    phase_packed += correlation_taps(&c) * c.channels;
    phase_tiles += correlation_tiles(&c, CORRELATION_COLUMNS, phase_tiles);
  }
  const int64_t in_size =
      (int64_t)shape->in_channels * shape->in_height * shape->in_width * LANES;
  const int64_t out_size =
      (int64_t)shape->out_channels * shape->out_height * shape->out_width * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    const float *source = output_gradient + b * out_size;
    phase_packed = packed;
    phase_tiles = tiles;
    for (int32_t phase = 0; phase < phases; phase++) {
      const struct correlation c =
          correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
      correlate_block(&c, phase_tiles, source, phase_packed, NULL, input_gradient + b * in_size);
      phase_packed += correlation_taps(&c) * c.channels;
      phase_tiles += correlation_tile_total(&c, phase_tiles);
    }
  }
}

static void kernel_convolution_patches(
    const wbk_convolution *shape, int64_t blocks, const float *input, float *patches) {
  const int64_t kernel = (int64_t)shape->kernel_height * shape->kernel_width;
  const int64_t plane = (int64_t)shape->in_height * shape->in_width;
  for (int64_t tap = 0; tap < shape->in_channels * kernel; tap++) {
    const int64_t channel = tap / kernel;
    const int64_t ky = tap % kernel / shape->kernel_width, kx = tap % shape->kernel_width;
    for (int64_t b = 0; b < blocks; b++) {
      const float *source = input + (b * shape->in_channels + channel) * plane * LANES;
      for (int64_t oy = 0; oy < shape->out_height; oy++) {
        const int64_t y = oy * shape->stride_y - shape->padding_y + ky;
        for (int64_t ox = 0; ox < shape->out_width; ox++, patches += LANES) {
          const int64_t x = ox * shape->stride_x - shape->padding_x + kx;
          const int inside = y >= 0 && y < shape->in_height && x >= 0 && x < shape->in_width;
          store(patches,
                inside ? load(source + (y * shape->in_width + x) * LANES) : splat(0));
        }
      }
    }
  }
}
