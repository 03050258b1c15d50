/* The weight gradient of convolutions with few live weights. */

/* Live weights of one output channel whose sums stay in registers together. */
#define SPARSE_GROUP (TILE_LANES == 4 ? 4 : 8)

/* The tap of a live weight: its row of the kernel, and where it lies from a position's first tap in the
   source, in floats; the columns of the destination where it meets the source. */
struct sparse_tap {
  int64_t offset;
  int32_t y, first, end;
};

/* What a tap beside the source finds. */
static const float no_source[LANES] __attribute__((aligned(64)));

/* Adds to the sums what the columns first ..< end of a row give. In a border a tap may lie beside the
   source. */
INLINE void sparse_weight_columns(
    const int count, const int is_border, const struct correlation *c,
    const struct sparse_tap *taps, int32_t row, int32_t first, int32_t end, const float *source,
    const float *slope, const float *beside, part *sums) {
  const int32_t top = c->first_y + row * c->step_y;
  const int64_t step = (int64_t)c->step_x * LANES;
  int64_t at = ((int64_t)top * c->source_width + c->first_x) * LANES + first * step;
  const float *gradient = slope + ((int64_t)row * c->columns + first) * LANES;
  for (int32_t x = first; x < end; x++, at += step, gradient += LANES) {
    const part value = load_part(gradient);
    UNROLL for (int i = 0; i < count; i++) {
      const float *from = source + (taps[i].offset + at);
      if (is_border) {
        const int32_t y = top + taps[i].y;
        const int meets =
            (y >= 0) & (y < c->source_height) & (x >= taps[i].first) & (x < taps[i].end);
        from = meets ? from : beside;
      }
      sums[i] += value * load_part(from);
    }
  }
}

/* The products of up to SPARSE_GROUP live weights of a channel in one block, lanes apart. In the rows and
   columns of `inside` every tap of the kernel meets the source. */
INLINE void sparse_weight_group(
    const int count, const struct correlation *c, const struct correlation_inside *inside,
    const struct sparse_tap *taps, const float *source, const float *slope,
    float (*products)[LANES]) {
  for (int lane = 0; lane < LANES; lane += TILE_LANES) {
    const float *from = source + lane, *gradient = slope + lane, *beside = no_source + lane;
    part sums[SPARSE_GROUP] = {{0}};
    for (int32_t row = 0; row < c->rows; row++) {
      const int is_inside = row >= inside->rows.first && row < inside->rows.end;
      const int32_t first = is_inside ? inside->columns.first : c->columns;
      const int32_t end = is_inside ? inside->columns.end : c->columns;
      sparse_weight_columns(count, 1, c, taps, row, 0, first, from, gradient, beside, sums);
      sparse_weight_columns(count, 0, c, taps, row, first, end, from, gradient, beside, sums);
      sparse_weight_columns(count, 1, c, taps, row, end, c->columns, from, gradient, beside, sums);
    }
    UNROLL for (int i = 0; i < count; i++) *(part_stored *)(products[i] + lane) = sums[i];
  }
}

typedef void sparse_weight_function(
    const struct correlation *c, const struct correlation_inside *inside, const struct sparse_tap *taps,
    const float *source, const float *slope, float (*products)[LANES]);

#define SPARSE_WEIGHTS(count)                                                                   \
  static void sparse_weights_##count(                                                           \
      const struct correlation *c, const struct correlation_inside *inside, const struct sparse_tap *taps,  \
      const float *source, const float *slope, float (*products)[LANES]) {                      \
    sparse_weight_group(count, c, inside, taps, source, slope, products);                       \
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

/* The tap of a column of the weights, (channel * taps_y + ky) * taps_x + kx. */
INLINE struct sparse_tap sparse_tap_of(const struct correlation *c, int64_t column) {
  const int64_t kernel = (int64_t)c->taps_y * c->taps_x;
  const int64_t y = column % kernel / c->taps_x, x = column % c->taps_x;
  const int64_t place = (column / kernel * c->source_height + y) * c->source_width + x;
  const struct correlation_span columns = correlation_tap_columns(c, (int32_t)x);
  return (struct sparse_tap){place * LANES, (int32_t)y, columns.first, columns.end};
}

/* Adds one block's part to the gradient of the entries of a row. */
static void sparse_weight_row(
    const struct correlation *c, const struct correlation_inside *inside, const int32_t *column, int64_t count,
    const float *source, const float *slope, float *gradient) {
  for (int64_t k = 0; k < count; k += LANES) {
    const int64_t group = count - k < LANES ? count - k : LANES;
    struct sparse_tap taps[LANES];
    for (int64_t i = 0; i < group; i++) taps[i] = sparse_tap_of(c, column[k + i]);
    float products[LANES][LANES] __attribute__((aligned(64)));
    for (int64_t i = 0; i < group; i += SPARSE_GROUP) {
      const int64_t most = group - i < SPARSE_GROUP ? group - i : SPARSE_GROUP;
      sparse_weight_functions[most - 1](c, inside, taps + i, source, slope, products + i);
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
    const float *output_gradient, float *gradient) {
  const struct correlation c = correlation_forward(shape);
  const struct correlation_inside inside = correlation_inside(&c);
  const int64_t in_size = (int64_t)c.source_channels * c.source_height * c.source_width * LANES;
  const int64_t plane = (int64_t)c.destination_plane * LANES;
  for (int64_t b = 0; b < blocks; b++) {
    const float *slope = output_gradient + b * c.channels * plane;
    for (int64_t row = 0; row < weights->rows; row++) {
      const int64_t begin = weights->start[row];
      sparse_weight_row(&c, &inside, weights->column + begin, weights->start[row + 1] - begin,
                        input + b * in_size, slope + row * plane, gradient + begin);
    }
  }
}
