/* Between sample-major arrays, blocks of 16 samples, and flat tensors. */

static void kernel_gather(
    int64_t features, int64_t lanes, int64_t first, int64_t end, int64_t valid,
    const float *samples, const int32_t *rows, float *x) {
  for (int64_t lane = first; lane < end; lane += LANES) {
    float *target = x + (lane / lanes) * features * lanes + lane % lanes;
    const int64_t real = valid - lane < LANES ? valid - lane : LANES;
    int64_t feature = 0;
    for (; feature + TILE_LANES <= features; feature += TILE_LANES) {
      UNROLL for (int part = 0; part < LANES; part += TILE_LANES) {
        register_of_single tile[TILE_LANES];
        UNROLL for (int i = 0; i < TILE_LANES; i++) {
          tile[i] = (register_of_single){0};
          if (part + i < real) {
            const float *sample = samples + rows[lane + part + i] * features;
            tile[i] = *(const register_at_single *)(sample + feature);
          }
        }
        transpose_single(tile);
        UNROLL for (int i = 0; i < TILE_LANES; i++) {
          *(register_at_single *)(target + (feature + i) * lanes + part) = tile[i];
        }
      }
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
