/* Between sample-major arrays, blocks of 16 samples, and flat tensors. */

/* Transposes in place: four rounds of interleaving row i with row i + 8. */
INLINE void transpose_16(v16 *rows) {
  v16 other[16];
#define LOW_HALVES(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_HALVES(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define INTERLEAVE(from, to)                               \
  UNROLL for (int i = 0; i < 8; i++) {                     \
    to[2 * i] = LOW_HALVES(from[i], from[i + 8]);          \
    to[2 * i + 1] = HIGH_HALVES(from[i], from[i + 8]);     \
  }
  INTERLEAVE(rows, other)
  INTERLEAVE(other, rows)
  INTERLEAVE(rows, other)
  INTERLEAVE(other, rows)
}

static void kernel_gather(
    int64_t features, int64_t lanes, int64_t first, int64_t end, int64_t valid,
    const float *samples, const int32_t *rows, float *x) {
  for (int64_t lane = first; lane < end; lane += LANES) {
    float *target = x + (lane / lanes) * features * lanes + lane % lanes;
    const int64_t real = valid - lane < LANES ? valid - lane : LANES;
    int64_t feature = 0;
    for (; feature + LANES <= features; feature += LANES) {
      v16 tile[16];
      UNROLL for (int i = 0; i < LANES; i++) {
        tile[i] = i < real ? load(samples + rows[lane + i] * features + feature) : splat(0);
      }
      transpose_16(tile);
      UNROLL for (int i = 0; i < LANES; i++) store(target + (feature + i) * lanes, tile[i]);
    }
    for (; feature < features; feature++) {
      for (int64_t i = 0; i < LANES; i++) {
        target[feature * lanes + i] =
            i < real ? samples[rows[lane + i] * features + feature] : 0;
      }
    }
  }
}

static void kernel_flatten(int64_t blocks, int64_t features, const float *x, float *y) {
  for (int64_t f = 0; f < features; f++) {
    for (int64_t b = 0; b < blocks; b++) {
      store(y + (f * blocks + b) * LANES, load(x + (b * features + f) * LANES));
    }
  }
}

static void kernel_unflatten(int64_t blocks, int64_t features, const float *x, float *y) {
  for (int64_t f = 0; f < features; f++) {
    for (int64_t b = 0; b < blocks; b++) {
      store(y + (b * features + f) * LANES, load(x + (f * blocks + b) * LANES));
    }
  }
}
