/* Functions of single values. */

/* Runs `expression`, a function of the vectors named by LOADS, over `count` values into `target`;
   the last partial vector goes through a zero-filled copy. */
#define FOR_EACH_VECTOR(count, target, LOADS, expression) \
  do {                                                    \
    int64_t i = 0;                                        \
    for (; i + LANES <= (count); i += LANES) {            \
      LOADS(FULL_VECTOR)                                  \
      store((target) + i, (expression));                  \
    }                                                     \
    const int64_t rest = (count) - i;                     \
    if (rest > 0) {                                       \
      LOADS(PART_VECTOR)                                  \
      store_some((target) + i, (expression), rest);       \
    }                                                     \
  } while (0)
#define FULL_VECTOR(name, array) const v16 name = load((array) + i);
#define PART_VECTOR(name, array) const v16 name = load_some((array) + i, rest);

#define LOAD_X(L) L(vx, x)
#define LOAD_X_Y(L) L(vx, x) L(vy, y)
#define LOAD_A_B(L) L(va, a) L(vb, b)
#define LOAD_Y_DY(L) L(vy, y) L(vdy, dy)
#define LOAD_X_DY(L) L(vx, x) L(vdy, dy)

/* Written so that NaN passes: a diverged network must show. */
static void kernel_relu(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X, keep_lanes(~(vx < splat(0)), vx));
}

/* Moshier's Cephes tanhf polynomial near 0, where 1 - e^-2|x| would cancel. */
INLINE v16 tanh_vector(v16 x) {
  const i16 sign = (i16)x & (i16)splat(-0.0f);
  const v16 magnitude = (v16)((i16)x ^ sign);
  const v16 z = x * x;
  v16 p = splat(-5.70498872745e-3f);
  p = p * z + splat(2.06390887954e-2f);
  p = p * z + splat(-5.37397155531e-2f);
  p = p * z + splat(1.33314422036e-1f);
  p = p * z + splat(-3.33332819422e-1f);
  const v16 near = p * z * x + x;
  const v16 t = exp_not_positive(splat(-2) * magnitude);
  const v16 far = (v16)((i16)((splat(1) - t) / (splat(1) + t)) | sign);
  return select_lanes(magnitude < splat(0.625f), near, far);
}

static void kernel_tanh(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X, tanh_vector(vx));
}

INLINE v16 sigmoid_vector(v16 x) {
  const v16 minus_magnitude = (v16)((i16)x | (i16)splat(-0.0f));
  const v16 e = exp_not_positive(minus_magnitude);
  return select_lanes(x < splat(0), e, splat(1)) / (splat(1) + e);
}

static void kernel_sigmoid(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X, sigmoid_vector(vx));
}

static void kernel_relu_gradient(int64_t count, const float *y, const float *dy, float *dx) {
  FOR_EACH_VECTOR(count, dx, LOAD_Y_DY, keep_lanes(vy > splat(0), vdy));
}

static void kernel_tanh_gradient(int64_t count, const float *y, const float *dy, float *dx) {
  FOR_EACH_VECTOR(count, dx, LOAD_Y_DY, vdy * (splat(1) - vy * vy));
}

static void kernel_sigmoid_gradient(int64_t count, const float *y, const float *dy, float *dx) {
  FOR_EACH_VECTOR(count, dx, LOAD_Y_DY, vdy * (vy * (splat(1) - vy)));
}

/* The sign bit of a NaN is no sign: it passes, as a diverged network must show. */
static void kernel_sign(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X,
                  select_lanes(vx == vx, select_lanes(vx < splat(0), splat(-1), splat(1)), vx));
}

static void kernel_sign_gradient(int64_t count, const float *x, const float *dy, float *dx) {
  FOR_EACH_VECTOR(count, dx, LOAD_X_DY,
                  keep_lanes((vx >= splat(-1)) & (vx <= splat(1)), vdy));
}

/* A masked weight is 0 and stays so. */
static void kernel_binarize(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X,
                  select_lanes(vx > splat(0), splat(1), select_lanes(vx < splat(0), splat(-1), vx)));
}

static void kernel_clamp(int64_t count, float limit, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X,
                  select_lanes(vx > splat(limit), splat(limit),
                               select_lanes(vx < splat(-limit), splat(-limit), vx)));
}

/* A hash of the value's index and the key, in 32 bits: as even as a random number in all of them. */
INLINE u16 scramble(u16 index, uint64_t key) {
  u16 h = (index ^ (uint32_t)key) * 0x9e3779b1u;
  h = (h ^ (h >> 15) ^ (uint32_t)(key >> 32)) * 0x85ebca77u;
  h = (h ^ (h >> 13)) * 0xc2b2ae3du;
  return h ^ (h >> 16);
}

static void kernel_dropout(int64_t count, int64_t first, uint64_t key, uint32_t dropped, float factor,
                           const float *x, float *y) {
  const u16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  FOR_EACH_VECTOR(count, y, LOAD_X,
                  keep_lanes((i16)(scramble(lane + (uint32_t)(first + i), key) >= dropped),
                             splat(factor) * vx));
}

static void kernel_add_scaled(int64_t count, float factor, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X_Y, vy + splat(factor) * vx);
}

static void kernel_sum_scaled(
    int64_t count, const float *a, float factor, const float *b, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_A_B, va + splat(factor) * vb);
}

static void kernel_sum_scaled_relu(
    int64_t count, const float *a, float factor, const float *b, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_A_B,
                  keep_lanes(~(va + splat(factor) * vb < splat(0)), va + splat(factor) * vb));
}

/* Each value of `slope` is computed once and goes to both. */
#define SPLIT(LOADS, slope)                                            \
  do {                                                                 \
    int64_t i = 0;                                                     \
    for (; i + LANES <= count; i += LANES) {                           \
      LOADS(FULL_VECTOR)                                               \
      const v16 value = slope;                                         \
      store(skip + i, value);                                          \
      store(branch + i, splat(factor) * value);                        \
    }                                                                  \
    const int64_t rest = count - i;                                    \
    if (rest > 0) {                                                    \
      LOADS(PART_VECTOR)                                               \
      const v16 value = slope;                                         \
      store_some(skip + i, value, rest);                               \
      store_some(branch + i, splat(factor) * value, rest);             \
    }                                                                  \
  } while (0)
#define LOAD_DY(L) L(vdy, dy)

static void kernel_sum_scaled_gradient(
    int64_t count, float factor, const float *y, const float *dy, float *skip, float *branch) {
  if (y) {
    SPLIT(LOAD_Y_DY, keep_lanes(vy > splat(0), vdy));
  } else {
    SPLIT(LOAD_DY, vdy);
  }
}

static void kernel_scale(int64_t count, float factor, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X, splat(factor) * vx);
}

static void kernel_square(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X, vx * vx);
}

static void kernel_add_square(int64_t count, const float *x, float *y) {
  FOR_EACH_VECTOR(count, y, LOAD_X_Y, vy + vx * vx);
}
