/* Layer normalisation (Ba, Kiros & Hinton 2016): each sample by the mean and the variance of its own
   features. A lane is a sample, so no sum crosses lanes but those of the parameters' gradients. */

/* Runs `statement` for the vector at offset i of channel c in block b. */
#define FOR_EACH_FEATURE(statement)                                    \
  do {                                                                 \
    for (int64_t c = 0; c < channels; c++) {                           \
      for (int64_t p = 0; p < plane; p++) {                            \
        const int64_t i = ((b * channels + c) * plane + p) * lanes + lane; \
        statement                                                      \
      }                                                                \
    }                                                                  \
  } while (0)

static void kernel_layer_norm_forward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, float epsilon, const float *x,
    const float *scale, const float *shift, float *mean, float *inverse, float *y) {
  const v16 share = splat(1 / (float)(channels * plane));
  for (int64_t b = 0; b < blocks; b++) {
    for (int64_t lane = 0; lane < lanes; lane += LANES) {
      v16 sum = splat(0), squares = splat(0);
      FOR_EACH_FEATURE({ sum += load(x + i); });
      const v16 centre = sum * share;
      FOR_EACH_FEATURE({
        const v16 deviation = load(x + i) - centre;
        squares += deviation * deviation;
      });
      const v16 root = splat(1) / __builtin_elementwise_sqrt(squares * share + splat(epsilon));
      store(mean + b * lanes + lane, centre);
      store(inverse + b * lanes + lane, root);
      FOR_EACH_FEATURE(
          { store(y + i, splat(scale[c]) * ((load(x + i) - centre) * root) + splat(shift[c])); });
    }
  }
}

static void kernel_layer_norm_backward(
    int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x,
    const float *dy, const float *scale, const float *mean, const float *inverse, float *dscale,
    float *dshift, float *dx) {
  const v16 share = splat(1 / (float)(channels * plane));
  for (int64_t b = 0; b < blocks; b++) {
    for (int64_t lane = 0; lane < lanes; lane += LANES) {
      const v16 centre = load(mean + b * lanes + lane), root = load(inverse + b * lanes + lane);
      v16 sum = splat(0), moment = splat(0);
      for (int64_t c = 0; c < channels; c++) {
        v16 of_scale = splat(0), of_shift = splat(0);
        for (int64_t p = 0; p < plane; p++) {
          const int64_t i = ((b * channels + c) * plane + p) * lanes + lane;
          const v16 outer = load(dy + i);
          of_scale += outer * ((load(x + i) - centre) * root);
          of_shift += outer;
        }
        dscale[c] += lane_sum(of_scale);
        dshift[c] += lane_sum(of_shift);
        moment += splat(scale[c]) * of_scale;
        sum += splat(scale[c]) * of_shift;
      }
      sum *= share;
      moment *= share;
      FOR_EACH_FEATURE({
        const v16 normal = (load(x + i) - centre) * root;
        store(dx + i, root * (splat(scale[c]) * load(dy + i) - sum - normal * moment));
      });
    }
  }
}
