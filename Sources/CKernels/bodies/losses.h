/* Losses of flat tensors [outputs][lanes], 16 samples at a time. */

INLINE v16 lane_maximum(int64_t outputs, int64_t lanes, const float *x) {
  v16 maximum = load(x);
  for (int64_t k = 1; k < outputs; k++) {
    const v16 value = load(x + k * lanes);
    maximum = select_lanes(value > maximum, value, maximum);
  }
  return maximum;
}

/* A label outside 0 ..< outputs is nobody's: it costs as a logit of 0 would, and reads nothing. */
static void kernel_softmax_cross_entropy(
    int64_t outputs, int64_t lanes, int64_t valid, float factor, const float *x,
    const int32_t *labels, float *losses, float *gradient) {
  for (int64_t lane = 0; lane < lanes; lane += LANES) {
    const int64_t real = valid - lane < LANES ? valid - lane : LANES;
    const i16 counted = first_lanes(real);
    i16 label = {0};
    if (real > 0) memcpy(&label, labels + lane, (size_t)real * sizeof(int32_t));
    const float *column = x + lane;
    const v16 maximum = lane_maximum(outputs, lanes, column);
    v16 sum = splat(0), chosen = splat(0);
    for (int64_t k = 0; k < outputs; k++) {
      const v16 value = load(column + k * lanes);
      sum += exp_not_positive(value - maximum);
      chosen = select_lanes(label == (int32_t)k, value, chosen);
    }
    for (int64_t i = 0; i < real; i++) {
      losses[lane + i] = logf(sum[i]) + (maximum[i] - chosen[i]);
    }
    if (!gradient) continue;
    for (int64_t k = 0; k < outputs; k++) {
      const v16 p = exp_not_positive(load(column + k * lanes) - maximum) / sum;
      const v16 target = keep_lanes(label == (int32_t)k, splat(1));
      store(gradient + k * lanes + lane, keep_lanes(counted, (p - target) * splat(factor)));
    }
  }
}

static void kernel_squared_error(
    int64_t outputs, int64_t lanes, int64_t valid, float factor, const float *x,
    const float *targets, float *losses, float *gradient) {
  const v16 share = splat(1.0f / (float)outputs);
  const v16 slope = splat(2.0f / (float)outputs * factor);
  for (int64_t lane = 0; lane < lanes; lane += LANES) {
    const int64_t real = valid - lane < LANES ? valid - lane : LANES;
    const i16 counted = first_lanes(real);
    v16 sum = splat(0);
    for (int64_t k = 0; k < outputs; k++) {
      const int64_t i = k * lanes + lane;
      const v16 error = load(x + i) - load(targets + i);
      sum += error * error;
      if (gradient) store(gradient + i, keep_lanes(counted, slope * error));
    }
    if (real > 0) store_some(losses + lane, sum * share, real);
  }
}

static void kernel_softmax(int64_t outputs, int64_t lanes, const float *x, float *p) {
  for (int64_t lane = 0; lane < lanes; lane += LANES) {
    const v16 maximum = lane_maximum(outputs, lanes, x + lane);
    v16 sum = splat(0);
    for (int64_t k = 0; k < outputs; k++) {
      const v16 e = exp_not_positive(load(x + k * lanes + lane) - maximum);
      store(p + k * lanes + lane, e);
      sum += e;
    }
    for (int64_t k = 0; k < outputs; k++) {
      store(p + k * lanes + lane, load(p + k * lanes + lane) / sum);
    }
  }
}
