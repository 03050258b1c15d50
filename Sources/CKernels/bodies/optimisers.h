/* Optimisers. A masked parameter and its state are selected away, not multiplied, so that they
   stay exactly 0 whatever the gradient holds. */

INLINE v16 masked(v16 mask, v16 x) { return keep_lanes(mask != splat(0), mask * x); }

INLINE v16 mask_at(const float *mask, int64_t i) { return mask ? load(mask + i) : splat(1); }
INLINE v16 some_mask_at(const float *mask, int64_t i, int64_t rest) {
  return mask ? load_some(mask + i, rest) : splat(1);
}

INLINE void sgd_step(
    float rate, float momentum, int nesterov, float decay, v16 gradient, v16 mask, v16 *velocity,
    v16 *weight) {
  const v16 slope = gradient + splat(decay) * *weight;
  const v16 moving = splat(momentum) * *velocity + slope;
  const v16 direction = nesterov ? slope + splat(momentum) * moving : moving;
  *velocity = masked(mask, moving);
  *weight = masked(mask, *weight - splat(rate) * direction);
}

static void kernel_sgd(
    int64_t count, float rate, float momentum, int nesterov, float decay, const float *gradient,
    const float *mask, float *velocity, float *weights) {
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    v16 v = load(velocity + i), w = load(weights + i);
    sgd_step(rate, momentum, nesterov, decay, load(gradient + i), mask_at(mask, i), &v, &w);
    store(velocity + i, v);
    store(weights + i, w);
  }
  const int64_t rest = count - i;
  if (rest <= 0) return;
  v16 v = load_some(velocity + i, rest), w = load_some(weights + i, rest);
  sgd_step(rate, momentum, nesterov, decay, load_some(gradient + i, rest),
           some_mask_at(mask, i, rest), &v, &w);
  store_some(velocity + i, v, rest);
  store_some(weights + i, w, rest);
}

/* A sum for each lane, so that the order is the same in all variants. */
static void kernel_sum_of_squares(
    int64_t count, const float *x, const float *mask, double *sum) {
  d16 lanes = {0};
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const d16 wide = __builtin_convertvector(masked(mask_at(mask, i), load(x + i)), d16);
    lanes += wide * wide;
  }
  if (i < count) {
    const int64_t rest = count - i;
    const v16 last = masked(some_mask_at(mask, i, rest), load_some(x + i, rest));
    const d16 wide = __builtin_convertvector(last, d16);
    lanes += wide * wide;
  }
  double total = 0;
  for (int lane = 0; lane < LANES; lane++) total += lanes[lane];
  *sum = total;
}

/* The constants of one step of Adam (Kingma & Ba 2015, algorithm 1). */
struct adam_step {
  v16 beta1, beta2, fresh1, fresh2, rate, root, epsilon, decay;
};

INLINE void adam_step(
    const struct adam_step *step, v16 gradient, v16 mask, v16 *first, v16 *second, v16 *weight) {
  const v16 slope = gradient + step->decay * *weight;
  const v16 m = step->beta1 * *first + step->fresh1 * slope;
  const v16 s = step->beta2 * *second + step->fresh2 * (slope * slope);
  const v16 scale = __builtin_elementwise_sqrt(s) * step->root + step->epsilon;
  *first = masked(mask, m);
  *second = masked(mask, s);
  *weight = masked(mask, *weight - step->rate * m / scale);
}

INLINE struct adam_step adam_constants(
    float beta1, float beta2, float epsilon, float decay, float rate, float root) {
  return (struct adam_step){
      splat(beta1),
      splat(beta2),
      splat(1 - beta1),
      splat(1 - beta2),
      splat(rate),
      splat(root),
      splat(epsilon),
      splat(decay),
  };
}

static void kernel_adam(
    int64_t count, float rate, float beta1, float beta2, float epsilon, float decay, int64_t step,
    const float *gradient, const float *mask, float *first, float *second, float *weights) {
  const double correction1 = 1 - pow(beta1, (double)step);
  const double correction2 = 1 - pow(beta2, (double)step);
  const struct adam_step constants = adam_constants(
      beta1, beta2, epsilon, decay, (float)(rate / correction1),
      (float)(1 / __builtin_sqrt(correction2)));
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    v16 m = load(first + i), s = load(second + i), w = load(weights + i);
    adam_step(&constants, load(gradient + i), mask_at(mask, i), &m, &s, &w);
    store(first + i, m);
    store(second + i, s);
    store(weights + i, w);
  }
  const int64_t rest = count - i;
  if (rest <= 0) return;
  v16 m = load_some(first + i, rest), s = load_some(second + i, rest);
  v16 w = load_some(weights + i, rest);
  adam_step(&constants, load_some(gradient + i, rest), some_mask_at(mask, i, rest), &m, &s, &w);
  store_some(first + i, m, rest);
  store_some(second + i, s, rest);
  store_some(weights + i, w, rest);
}

/* Each lane's number of the cohort's; those behind `count` get the first cohort's. */
INLINE v16 of_cohorts(const float *numbers, const int32_t *cohort, int64_t count) {
  v16 x;
  for (int lane = 0; lane < LANES; lane++) x[lane] = numbers[lane < count ? cohort[lane] : 0];
  return x;
}

static void kernel_adam_cohorts(
    int64_t count, float beta1, float beta2, float epsilon, float decay, const int32_t *cohort,
    const float *rates, const float *roots, const float *gradient, const float *mask, float *first,
    float *second, float *weights) {
  struct adam_step constants = adam_constants(beta1, beta2, epsilon, decay, 0, 0);
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    constants.rate = of_cohorts(rates, cohort + i, LANES);
    constants.root = of_cohorts(roots, cohort + i, LANES);
    v16 m = load(first + i), s = load(second + i), w = load(weights + i);
    adam_step(&constants, load(gradient + i), mask_at(mask, i), &m, &s, &w);
    store(first + i, m);
    store(second + i, s);
    store(weights + i, w);
  }
  const int64_t rest = count - i;
  if (rest <= 0) return;
  constants.rate = of_cohorts(rates, cohort + i, rest);
  constants.root = of_cohorts(roots, cohort + i, rest);
  v16 m = load_some(first + i, rest), s = load_some(second + i, rest);
  v16 w = load_some(weights + i, rest);
  adam_step(&constants, load_some(gradient + i, rest), some_mask_at(mask, i, rest), &m, &s, &w);
  store_some(first + i, m, rest);
  store_some(second + i, s, rest);
  store_some(weights + i, w, rest);
}
