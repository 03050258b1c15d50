/* Batch normalisation (Ioffe & Szegedy 2015). Sums run in double precision and the variance is
   taken around the mean in a second pass, so a large mean does not cancel it away. */

/* Runs `statement` for the vector at offset i of channel c, `real` marking its valid lanes. */
#define FOR_EACH_CHANNEL_VECTOR(statement)                               \
  for (int64_t b = 0; b < blocks; b++) {                                 \
    const int64_t run = channel_run(channels, plane, lanes, b, c);       \
    for (int64_t lane = 0; lane < lanes; lane += LANES) {                \
      const i16 real = valid_lanes(lanes, valid, b, lane);               \
      for (int64_t p = 0; p < plane; p++) {                              \
        const int64_t i = run + p * lanes + lane;                        \
        statement                                                        \
      }                                                                  \
    }                                                                    \
  }

static void kernel_batch_norm_forward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, float epsilon,
    const float *x, const float *scale, const float *shift, float *mean, float *variance,
    float *inverse, float *y) {
  const double count = valid * plane > 0 ? (double)(valid * plane) : 1;
  for (int64_t c = 0; c < channels; c++) {
    d16 total = {0};
    FOR_EACH_CHANNEL_VECTOR({
      total += __builtin_convertvector(keep_lanes(real, load(x + i)), d16);
    })
    const double exact_mean = lane_sum_double(&total) / count;
    const v16 centre = splat((float)exact_mean);
    d16 squares = {0}, residue = {0};
    FOR_EACH_CHANNEL_VECTOR({
      const d16 deviation =
          __builtin_convertvector(keep_lanes(real, load(x + i) - centre), d16);
      residue += deviation;
      squares += deviation * deviation;
    })
    /* The centre is the mean rounded to single precision; the residue corrects for that. */
    const double offset = lane_sum_double(&residue) / count;
    const double spread = lane_sum_double(&squares) / count - offset * offset;
    const double exact_variance = spread > 0 ? spread : spread == spread ? 0 : spread;
    const float deviation = (float)(1 / __builtin_sqrt(exact_variance + epsilon));
    mean[c] = centre[0];
    variance[c] = (float)exact_variance;
    inverse[c] = deviation;
    const v16 factor = splat(scale[c] * deviation), added = splat(shift[c]);
    FOR_EACH_CHANNEL_VECTOR({
      (void)real;
      store(y + i, (load(x + i) - centre) * factor + added);
    })
  }
}

static void kernel_batch_norm_backward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, const float *x,
    const float *dy, const float *scale, const float *mean, const float *inverse, float *dscale,
    float *dshift, float *dx) {
  const double count = valid * plane > 0 ? (double)(valid * plane) : 1;
  for (int64_t c = 0; c < channels; c++) {
    const v16 centre = splat(mean[c]), deviation = splat(inverse[c]);
    d16 total = {0}, product = {0};
    FOR_EACH_CHANNEL_VECTOR({
      const v16 gradient = keep_lanes(real, load(dy + i));
      const v16 normal = keep_lanes(real, (load(x + i) - centre) * deviation);
      const d16 wide = __builtin_convertvector(gradient, d16);
      total += wide;
      product += wide * __builtin_convertvector(normal, d16);
    })
    const double sum = lane_sum_double(&total), along = lane_sum_double(&product);
    dshift[c] += (float)sum;
    dscale[c] += (float)along;
    const v16 factor = splat(scale[c] * inverse[c]);
    const v16 mean_gradient = splat((float)(sum / count));
    const v16 mean_product = splat((float)(along / count));
    FOR_EACH_CHANNEL_VECTOR({
      const v16 normal = (load(x + i) - centre) * deviation;
      const v16 gradient = load(dy + i) - mean_gradient - normal * mean_product;
      store(dx + i, keep_lanes(real, factor * gradient));
    })
  }
}
