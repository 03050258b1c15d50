/* Images seen through an affine map, which is small work beside a step of training. */

/* The value at a position between pixels, 0 beyond the border. */
INLINE float between_pixels(const float *image, int64_t height, int64_t width, float y, float x) {
  const float top = __builtin_floorf(y), left = __builtin_floorf(x);
  if (!(top >= -1 && top < (float)height && left >= -1 && left < (float)width)) return 0;
  const int64_t row = (int64_t)top, column = (int64_t)left;
  const float down = y - top, right = x - left;
  float sum = 0;
  for (int dy = 0; dy < 2; dy++) {
    for (int dx = 0; dx < 2; dx++) {
      const int64_t r = row + dy, c = column + dx;
      if (r < 0 || r >= height || c < 0 || c >= width) continue;
      sum += (dy ? down : 1 - down) * (dx ? right : 1 - right) * image[r * width + c];
    }
  }
  return sum;
}

static void kernel_affine_images(
    int64_t count, int64_t channels, int64_t height, int64_t width, const float *maps,
    const float *samples, const int32_t *rows, float *images) {
  const float middle_y = (float)(height - 1) / 2, middle_x = (float)(width - 1) / 2;
  const int64_t plane = height * width;
  for (int64_t i = 0; i < count; i++) {
    const float *map = maps + 6 * i;
    for (int64_t channel = 0; channel < channels; channel++) {
      const float *source = samples + (rows[i] * channels + channel) * plane;
      float *target = images + (i * channels + channel) * plane;
      for (int64_t row = 0; row < height; row++) {
        const float y = (float)row - middle_y;
        for (int64_t column = 0; column < width; column++) {
          const float x = (float)column - middle_x;
          target[row * width + column] = between_pixels(
              source, height, width, map[0] * y + map[1] * x + map[2] + middle_y,
              map[3] * y + map[4] * x + map[5] + middle_x);
        }
      }
    }
  }
}
