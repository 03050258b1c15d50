/* Batch normalisation (Ioffe & Szegedy 2015).

   A channel's sums run in single precision over its plane in one block and in double precision over
   the blocks, around the mean of the first block: a large mean does not cancel the variance away. */

/* Runs `statement` for the vector at offset i of channel c in block b, `real` marking its valid
   lanes. */
#define FOR_EACH_VECTOR_OF_BLOCK(statement)                            \
  do {                                                                 \
    const int64_t run = channel_run(channels, plane, lanes, b, c);     \
    for (int64_t lane = 0; lane < lanes; lane += LANES) {              \
      const i16 real = valid_lanes(lanes, valid, b, lane);             \
      for (int64_t p = 0; p < plane; p++) {                            \
        const int64_t i = run + p * lanes + lane;                      \
        statement                                                      \
      }                                                                \
    }                                                                  \
  } while (0)

/* Adds the lanes of a sum that went over one block. */
INLINE void add_block(double *total, v16 sum) {
  const d16 wide = __builtin_convertvector(sum, d16);
  *total += lane_sum_double(&wide);
}

INLINE v16 rectified(int rectifies, v16 x) {
  return rectifies ? keep_lanes(~(x < splat(0)), x) : x;
}

/* What the forward pass gives and the backward pass finds again, bit by bit. */
INLINE v16 normalised(v16 x, v16 centre, v16 factor, v16 added) {
  return (x - centre) * factor + added;
}

/* One channel of one block. */
INLINE void normalise_run(
    int64_t count, int rectifies, v16 centre, v16 factor, v16 added, const float *x, float *y) {
  for (int64_t i = 0; i < count; i += LANES) {
    store(y + i, rectified(rectifies, normalised(load(x + i), centre, factor, added)));
  }
}

/* Adds a channel's deviations from `near` in the blocks b ..< b + count, and their squares: of two blocks side by
   side, as each sum by itself would wait for its last addition. */
INLINE void add_deviations(
    const int count, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, int64_t b,
    int64_t c, v16 near, const float *x, double *total, double *squares) {
  v16 sum[2] = {splat(0), splat(0)}, square[2] = {splat(0), splat(0)};
  for (int64_t lane = 0; lane < lanes; lane += LANES) {
    const float *from[2];
    i16 real[2];
    UNROLL for (int k = 0; k < count; k++) {
      from[k] = x + channel_run(channels, plane, lanes, b + k, c) + lane;
      real[k] = valid_lanes(lanes, valid, b + k, lane);
    }
    for (int64_t p = 0; p < plane; p++) {
      UNROLL for (int k = 0; k < count; k++) {
        const v16 deviation = keep_lanes(real[k], load(from[k] + p * lanes) - near);
        sum[k] += deviation;
        square[k] += deviation * deviation;
      }
    }
  }
  UNROLL for (int k = 0; k < count; k++) {
    add_block(total, sum[k]);
    add_block(squares, square[k]);
  }
}

static void kernel_batch_norm_forward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, int64_t first,
    int64_t end, float epsilon, int rectifies, const float *x, const float *scale,
    const float *shift, float *mean, float *variance, float *inverse, float *y) {
  const double count = valid * plane > 0 ? (double)(valid * plane) : 1;
  const int64_t near_lanes = valid < lanes ? valid : lanes;
  const double near_count = near_lanes * plane > 0 ? (double)(near_lanes * plane) : 1;
  for (int64_t c = first; c < end; c++) {
    double start = 0;
    if (blocks > 0) {
      const int64_t b = 0;
      v16 sum = splat(0);
      FOR_EACH_VECTOR_OF_BLOCK({ sum += keep_lanes(real, load(x + i)); });
      add_block(&start, sum);
    }
    const v16 near = splat((float)(start / near_count));
    double total = 0, squares = 0;
    for (int64_t b = 0; b < blocks; b += 2) {
      if (b + 1 < blocks) {
        add_deviations(2, channels, plane, lanes, valid, b, c, near, x, &total, &squares);
      } else {
        add_deviations(1, channels, plane, lanes, valid, b, c, near, x, &total, &squares);
      }
    }
    const double offset = total / count;
    const v16 centre = splat((float)(near[0] + offset));
    const double spread = squares / count - offset * offset;
    const double exact_variance = spread > 0 ? spread : spread == spread ? 0 : spread;
    const float deviation = (float)(1 / __builtin_sqrt(exact_variance + epsilon));
    mean[c] = centre[0];
    variance[c] = (float)exact_variance;
    inverse[c] = deviation;
    if (!y) continue;
    const v16 factor = splat(scale[c] * deviation), added = splat(shift[c]);
    for (int64_t b = 0; b < blocks; b++) {
      const int64_t run = channel_run(channels, plane, lanes, b, c);
      normalise_run(plane * lanes, rectifies, centre, factor, added, x + run, y + run);
    }
  }
}

static void kernel_batch_norm_output(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int rectifies, const float *x,
    const float *scale, const float *shift, const float *mean, const float *inverse, float *y) {
  for (int64_t b = 0; b < blocks; b++) {
    for (int64_t c = 0; c < channels; c++) {
      const int64_t run = channel_run(channels, plane, lanes, b, c);
      normalise_run(plane * lanes, rectifies, splat(mean[c]), splat(scale[c] * inverse[c]),
                    splat(shift[c]), x + run, y + run);
    }
  }
}

/* Where a rectifier follows, its output is found again from x, which is read anyway: one stream less. */
INLINE void batch_norm_backward(
    const int rectifies, int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
    int64_t valid, int64_t first, int64_t end, const float *x, const float *shift, const float *dy,
    const float *scale, const float *mean, const float *inverse, float *dscale, float *dshift,
    float *dx) {
  const double count = valid * plane > 0 ? (double)(valid * plane) : 1;
  for (int64_t c = first; c < end; c++) {
    const v16 centre = splat(mean[c]), deviation = splat(inverse[c]);
    const v16 factor = splat(scale[c] * inverse[c]), added = splat(rectifies ? shift[c] : 0);
    double sum = 0, along = 0;
    for (int64_t b = 0; b < blocks; b++) {
      v16 total = splat(0), product = splat(0);
      FOR_EACH_VECTOR_OF_BLOCK({
        const v16 value = load(x + i);
        v16 slope = keep_lanes(real, load(dy + i));
        if (rectifies) {
          slope = keep_lanes(normalised(value, centre, factor, added) > splat(0), slope);
        }
        total += slope;
        product += slope * keep_lanes(real, (value - centre) * deviation);
      });
      add_block(&sum, total);
      add_block(&along, product);
    }
    dshift[c] += (float)sum;
    dscale[c] += (float)along;
    const v16 mean_slope = splat((float)(sum / count));
    const v16 mean_product = splat((float)(along / count));
    for (int64_t b = 0; b < blocks; b++) {
      FOR_EACH_VECTOR_OF_BLOCK({
        const v16 value = load(x + i);
        v16 slope = load(dy + i);
        if (rectifies) {
          slope = keep_lanes(normalised(value, centre, factor, added) > splat(0), slope);
        }
        const v16 normal = (value - centre) * deviation;
        store(dx + i, keep_lanes(real, factor * (slope - mean_slope - normal * mean_product)));
      });
    }
  }
}

static void kernel_batch_norm_backward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, int64_t first,
    int64_t end, const float *x, const float *shift, const float *dy, const float *scale,
    const float *mean, const float *inverse, float *dscale, float *dshift, float *dx) {
  if (shift) {
    batch_norm_backward(1, blocks, channels, plane, lanes, valid, first, end, x, shift, dy, scale,
                        mean, inverse, dscale, dshift, dx);
  } else {
    batch_norm_backward(0, blocks, channels, plane, lanes, valid, first, end, x, shift, dy, scale,
                        mean, inverse, dscale, dshift, dx);
  }
}
