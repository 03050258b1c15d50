/* Sums and affine maps per channel of [blocks][channels][plane][lanes]. */

/* One channel of one block: plane * lanes values in a row. */
INLINE int64_t channel_run(
    int64_t channels, int64_t plane, int64_t lanes, int64_t block, int64_t channel) {
  return (block * channels + channel) * plane * lanes;
}

static void kernel_channel_affine(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *factor,
    const float *offset, const float *x, float *y) {
  for (int64_t b = 0; b < blocks; b++) {
    for (int64_t c = 0; c < channels; c++) {
      const int64_t run = channel_run(channels, plane, lanes, b, c);
      const v16 f = splat(factor[c]), o = splat(offset[c]);
      for (int64_t i = run; i < run + plane * lanes; i += LANES) {
        store(y + i, load(x + i) * f + o);
      }
    }
  }
}

static void kernel_channel_sum(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x, float *sums) {
  for (int64_t c = 0; c < channels; c++) {
    v16 total = splat(0);
    for (int64_t b = 0; b < blocks; b++) {
      const float *run = x + channel_run(channels, plane, lanes, b, c);
      v16 sum = splat(0);
      for (int64_t i = 0; i < plane * lanes; i += LANES) sum += load(run + i);
      total += sum;
    }
    sums[c] += lane_sum(total);
  }
}

static void kernel_channel_sum_squared(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x, float *sums) {
  for (int64_t c = 0; c < channels; c++) {
    v16 total = splat(0);
    for (int64_t b = 0; b < blocks; b++) {
      const float *run = x + channel_run(channels, plane, lanes, b, c);
      for (int64_t lane = 0; lane < lanes; lane += LANES) {
        v16 sum = splat(0);
        for (int64_t p = 0; p < plane; p++) sum += load(run + p * lanes + lane);
        total += sum * sum;
      }
    }
    sums[c] += lane_sum(total);
  }
}

/* The lanes of the vector at `lane` of `block` that hold real samples. */
INLINE i16 valid_lanes(int64_t lanes, int64_t valid, int64_t block, int64_t lane) {
  return first_lanes(valid - block * lanes - lane);
}

static void kernel_channel_statistics(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, const float *x,
    double *zeros, double *sum, double *sum_of_squares) {
  for (int64_t c = 0; c < channels; c++) {
    d16 total = {0}, squares = {0};
    int64_t zero_count = 0;
    for (int64_t b = 0; b < blocks; b++) {
      const float *run = x + channel_run(channels, plane, lanes, b, c);
      for (int64_t lane = 0; lane < lanes; lane += LANES) {
        const i16 real = valid_lanes(lanes, valid, b, lane);
        i16 zero = {0};
        for (int64_t p = 0; p < plane; p++) {
          const v16 value = keep_lanes(real, load(run + p * lanes + lane));
          zero -= real & (value == splat(0));
          const d16 wide = __builtin_convertvector(value, d16);
          total += wide;
          squares += wide * wide;
        }
        for (int i = 0; i < LANES; i++) zero_count += zero[i];
      }
    }
    zeros[c] += (double)zero_count;
    sum[c] += lane_sum_double(&total);
    sum_of_squares[c] += lane_sum_double(&squares);
  }
}
