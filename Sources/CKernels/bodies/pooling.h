/* Pooling of planes of 16-lane vectors. */

/* The part of a window along one axis that lies inside the plane. */
INLINE void window_range(
    int32_t output, int32_t window, int32_t stride, int32_t padding, int32_t size, int32_t *first,
    int32_t *end) {
  const int32_t start = output * stride - padding;
  *first = start < 0 ? 0 : start;
  *end = start + window < size ? start + window : size;
}

/* Runs `statement` for every output (vector index `output` within all planes) of every plane,
   with the clipped window y0 ..< y1, x0 ..< x1. */
#define FOR_EACH_WINDOW(shape, blocks, statement)                                            \
  const int64_t in_plane = (int64_t)(shape)->in_height * (shape)->in_width;                  \
  const int64_t planes = (blocks) * (shape)->channels;                                       \
  int64_t output = 0;                                                                        \
  for (int64_t plane = 0; plane < planes; plane++) {                                         \
    for (int32_t oy = 0; oy < (shape)->out_height; oy++) {                                   \
      for (int32_t ox = 0; ox < (shape)->out_width; ox++, output++) {                        \
        int32_t y0, y1, x0, x1;                                                              \
        window_range(oy, (shape)->window_height, (shape)->stride_y, (shape)->padding_y,      \
                     (shape)->in_height, &y0, &y1);                                          \
        window_range(ox, (shape)->window_width, (shape)->stride_x, (shape)->padding_x,       \
                     (shape)->in_width, &x0, &x1);                                           \
        statement                                                                            \
      }                                                                                      \
    }                                                                                        \
  }

/* Whether windows of 2 x 2 lie side by side and cover a plane, as they mostly do. */
INLINE int halves_planes(const wbk_pooling *shape) {
  return shape->window_height == 2 && shape->window_width == 2 && shape->stride_y == 2 &&
         shape->stride_x == 2 && shape->padding_y == 0 && shape->padding_x == 0 &&
         shape->in_height == 2 * shape->out_height && shape->in_width == 2 * shape->out_width;
}

/* Runs `statement` for every window of planes that are halved: `cell` is the vector index of its first
   position within all planes, `position` within its own, and `output` that of the output. */
#define FOR_EACH_SQUARE(shape, blocks, statement)                                            \
  const int32_t width = (shape)->in_width;                                                   \
  const int64_t planes = (blocks) * (shape)->channels;                                       \
  int64_t output = 0, cell = 0;                                                              \
  for (int64_t plane = 0; plane < planes; plane++) {                                         \
    int32_t position = 0;                                                                    \
    for (int32_t oy = 0; oy < (shape)->out_height; oy++) {                                   \
      for (int32_t ox = 0; ox < (shape)->out_width; ox++) {                                  \
        statement                                                                            \
        output++, cell += 2, position += 2;                                                  \
      }                                                                                      \
      cell += width, position += width;                                                      \
    }                                                                                        \
  }

static void halve_max_forward(
    const wbk_pooling *shape, int64_t blocks, const float *x, float *y, int32_t *winners) {
  FOR_EACH_SQUARE(shape, blocks, {
    v16 best = load(x + cell * LANES);
    i16 winner = (i16){0} + position;
    UNROLL for (int32_t i = 1; i < 4; i++) {
      const int32_t step = i / 2 * width + i % 2;
      const v16 value = load(x + (cell + step) * LANES);
      const i16 better = value > best;
      best = select_lanes(better, value, best);
      winner = (better & (position + step)) | (~better & winner);
    }
    store(y + output * LANES, best);
    *(i16_stored *)(winners + output * LANES) = winner;
  })
}

static void halve_max_backward(
    const wbk_pooling *shape, int64_t blocks, const float *dy, const int32_t *winners, float *dx) {
  FOR_EACH_SQUARE(shape, blocks, {
    const v16 gradient = load(dy + output * LANES);
    const i16 winner = *(const i16_stored *)(winners + output * LANES);
    UNROLL for (int32_t i = 0; i < 4; i++) {
      const int32_t step = i / 2 * width + i % 2;
      /* 0 + -0 is 0, as it is where windows overlap and gradients are added up. */
      store(dx + (cell + step) * LANES,
            splat(0) + keep_lanes(winner == position + step, gradient));
    }
  })
}

/* A window that lies wholly in the padding gives 0 and the winner -1, which nothing receives. */
static void kernel_max_pool_forward(
    const wbk_pooling *shape, int64_t blocks, const float *x, float *y, int32_t *winners) {
  if (halves_planes(shape)) return halve_max_forward(shape, blocks, x, y, winners);
  FOR_EACH_WINDOW(shape, blocks, {
    const float *source = x + plane * in_plane * LANES;
    v16 best = splat(0);
    i16 winner = (i16){0} - 1;
    for (int32_t iy = y0; iy < y1; iy++) {
      for (int32_t ix = x0; ix < x1; ix++) {
        const int32_t position = iy * shape->in_width + ix;
        const v16 value = load(source + (int64_t)position * LANES);
        const i16 better = (value > best) | (winner < 0);
        best = select_lanes(better, value, best);
        winner = (better & position) | (~better & winner);
      }
    }
    store(y + output * LANES, best);
    *(i16_stored *)(winners + output * LANES) = winner;
  })
}

static void kernel_max_pool_backward(
    const wbk_pooling *shape, int64_t blocks, const float *dy, const int32_t *winners, float *dx) {
  if (halves_planes(shape)) return halve_max_backward(shape, blocks, dy, winners, dx);
  memset(dx, 0, (size_t)(blocks * shape->channels * shape->in_height) *
                    (size_t)shape->in_width * LANES * sizeof(float));
  FOR_EACH_WINDOW(shape, blocks, {
    float *target = dx + plane * in_plane * LANES;
    const v16 gradient = load(dy + output * LANES);
    const i16 winner = *(const i16_stored *)(winners + output * LANES);
    for (int32_t iy = y0; iy < y1; iy++) {
      for (int32_t ix = x0; ix < x1; ix++) {
        const int32_t position = iy * shape->in_width + ix;
        float *cell = target + (int64_t)position * LANES;
        store(cell, load(cell) + keep_lanes(winner == position, gradient));
      }
    }
  })
}

static void kernel_average_pool_forward(
    const wbk_pooling *shape, int64_t blocks, const float *x, float *y) {
  const v16 factor = splat(1.0f / (float)(shape->window_height * shape->window_width));
  FOR_EACH_WINDOW(shape, blocks, {
    const float *source = x + plane * in_plane * LANES;
    v16 sum = splat(0);
    for (int32_t iy = y0; iy < y1; iy++) {
      for (int32_t ix = x0; ix < x1; ix++) {
        sum += load(source + (int64_t)(iy * shape->in_width + ix) * LANES);
      }
    }
    store(y + output * LANES, sum * factor);
  })
}

static void kernel_average_pool_backward(
    const wbk_pooling *shape, int64_t blocks, const float *dy, float *dx) {
  memset(dx, 0, (size_t)(blocks * shape->channels * shape->in_height) *
                    (size_t)shape->in_width * LANES * sizeof(float));
  const v16 factor = splat(1.0f / (float)(shape->window_height * shape->window_width));
  FOR_EACH_WINDOW(shape, blocks, {
    float *target = dx + plane * in_plane * LANES;
    const v16 gradient = load(dy + output * LANES) * factor;
    for (int32_t iy = y0; iy < y1; iy++) {
      for (int32_t ix = x0; ix < x1; ix++) {
        float *cell = target + (int64_t)(iy * shape->in_width + ix) * LANES;
        store(cell, load(cell) + gradient);
      }
    }
  })
}
