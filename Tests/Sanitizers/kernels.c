/* Drives every kernel of every variant over random shapes, on buffers of exactly the size it is
   allowed to touch: for the address and undefined-behaviour sanitizers. Values are compared with
   references in KernelTests. */
#include <kernels.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <team.h>

static uint64_t state = 88172645463325252ull;

static int64_t below(int64_t bound) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (int64_t)(state % (uint64_t)bound);
}

/* Memory that is freed at the end of a round. */
static void *kept[64];
static int kept_count;

static void *keep(void *memory) {
  if (!memory || kept_count == 64) abort();
  return kept[kept_count++] = memory;
}

static void free_all(void) {
  while (kept_count > 0) free(kept[--kept_count]);
}

static float *floats(int64_t count) {
  float *x = keep(malloc((size_t)count * sizeof(float) + (count == 0)));
  for (int64_t i = 0; i < count; i++) x[i] = (float)(below(2001) - 1000) / 500;
  return x;
}

static int32_t *integers(int64_t count, int64_t bound) {
  int32_t *x = keep(malloc((size_t)count * sizeof(int32_t) + (count == 0)));
  for (int64_t i = 0; i < count; i++) x[i] = (int32_t)below(bound);
  return x;
}

static double *doubles(int64_t count) { return keep(calloc((size_t)count, sizeof(double))); }

static wbk_sparse structure(int64_t rows, int64_t columns, int64_t percent) {
  int32_t *start = integers(rows + 1, 1);
  int32_t *column = keep(malloc((size_t)(rows * columns) * sizeof(int32_t)));
  int32_t count = 0;
  for (int64_t r = 0; r < rows; r++) {
    for (int64_t c = 0; c < columns; c++) {
      if (below(100) < percent) column[count++] = (int32_t)c;
    }
    start[r + 1] = count;
  }
  int32_t *exact = integers(count, 1);
  for (int32_t k = 0; k < count; k++) exact[k] = column[k];
  return (wbk_sparse){rows, start, exact};
}

static void convolutions(void) {
  wbk_convolution s = {.in_channels = 1 + (int32_t)below(6),
                       .out_channels = 1 + (int32_t)below(12),
                       .kernel_height = 1 + (int32_t)below(5),
                       .kernel_width = 1 + (int32_t)below(5),
                       .stride_y = 1 + (int32_t)below(3),
                       .stride_x = 1 + (int32_t)below(3),
                       .padding_y = (int32_t)below(3),
                       .padding_x = (int32_t)below(3)};
  /* Now and then one whose weight gradient takes bands of rows. */
  if (below(8) == 0) s.in_channels = 30;
  s.in_height = s.kernel_height + (int32_t)below(20);
  s.in_width = s.kernel_width + (int32_t)below(20);
  s.out_height = (s.in_height + 2 * s.padding_y - s.kernel_height) / s.stride_y + 1;
  s.out_width = (s.in_width + 2 * s.padding_x - s.kernel_width) / s.stride_x + 1;
  const int64_t blocks = 1 + below(3), taps = (int64_t)s.kernel_height * s.kernel_width;
  const int64_t positions = (int64_t)s.out_height * s.out_width;
  float *input = floats(blocks * s.in_channels * s.in_height * s.in_width * WBK_LANES);
  float *output = floats(blocks * s.out_channels * positions * WBK_LANES);
  float *weights = floats(s.out_channels * s.in_channels * taps);
  float *bias = floats(s.out_channels);
  float *scratch = floats((int64_t)wbk_convolution_scratch(&s));
  wbk_convolution_forward(&s, blocks, input, weights, bias, output, scratch);
  wbk_convolution_data_gradient(&s, blocks, output, weights, input, scratch);
  wbk_convolution_weight_gradient(&s, blocks, input, output, weights, scratch);
  wbk_convolution_weight_gradient_squared(&s, blocks, input, output, weights, scratch);
  wbk_convolution_patches(&s, blocks, input,
                          floats(s.in_channels * taps * blocks * positions * WBK_LANES));

  const wbk_sparse sparse = structure(s.out_channels, s.in_channels * taps, below(101));
  const int64_t count = sparse.start[sparse.rows];
  int32_t *plan = integers((int64_t)wbk_sparse_convolution_plan_size(&s, count), 1);
  wbk_sparse_convolution_plan(&s, &sparse, plan);
  float *values = floats(count);
  wbk_sparse_convolution_forward(&s, plan, values, bias, blocks, input, output);
  wbk_sparse_convolution_data_gradient(&s, plan, values, blocks, output, input);
  wbk_sparse_convolution_weight_gradient(&s, &sparse, blocks, input, output, values);
}

static void dense_layers(void) {
  const int64_t rows = 1 + below(40), columns = 1 + below(60);
  const int64_t lanes = below(4) == 0 ? 1 : WBK_LANES * (1 + below(20));
  const wbk_sparse matrix = structure(rows, columns, below(101));
  const int64_t count = matrix.start[rows];
  float *values = floats(count), *x = floats(columns * lanes), *y = floats(rows * lanes);
  wbk_sparse_forward(&matrix, values, below(2) ? floats(rows) : NULL, 0, rows, lanes, lanes, x, y);
  if (lanes > 1) wbk_sparse_weight_gradient(&matrix, 0, rows, lanes, x, y, values);
  /* One step a group of rows, with slots of the first segment at random. */
  const int64_t groups = (rows + WBK_LANES - 1) / WBK_LANES;
  int32_t *steps = integers(groups + 1, 1);
  int32_t *segments = integers(groups, 1);
  uint16_t *live = keep(calloc((size_t)groups, sizeof *live));
  uint8_t *places = keep(calloc((size_t)(groups * WBK_LANES), 1));
  for (int64_t g = 0; g < groups; g++) {
    steps[g + 1] = (int32_t)g + 1;
    live[g] = (uint16_t)below(1 << WBK_LANES);
    for (int lane = 0; lane < WBK_LANES; lane++) places[g * WBK_LANES + lane] = (uint8_t)below(32);
  }
  const wbk_sparse_slots slots = {rows, steps, segments, live, places};
  wbk_sparse_single(&slots, floats(groups * WBK_LANES), floats(rows), floats(32), floats(rows));
  if (count > 0) wbk_take(count, integers(count, count), values, floats(count));
}

static void products(void) {
  const int64_t rows = 1 + below(260), inner = below(200);
  const int64_t columns = 1 + (below(4) == 0 ? 500 + below(100) : below(150));
  const int a_turned = (int)below(2), b_turned = (int)below(2);
  const size_t scratch = wbk_multiply_scratch(rows, inner);
  float *start = floats(rows);
  wbk_multiply_single(rows, columns, inner, 0.5f, floats(rows * inner), a_turned ? 1 : inner,
                      a_turned ? rows : 1, floats(inner * columns), b_turned ? 1 : columns,
                      b_turned ? inner : 1, (float)below(2), below(2) ? start : NULL,
                      floats(rows * columns), columns, floats((int64_t)scratch));
  wbk_multiply_double(rows, columns, inner, 0.5, doubles(rows * inner), a_turned ? 1 : inner,
                      a_turned ? rows : 1, doubles(inner * columns), b_turned ? 1 : columns,
                      b_turned ? inner : 1, (double)below(2), NULL, doubles(rows * columns),
                      columns, doubles((int64_t)scratch));
  float *matrix = floats(rows * inner);
  for (int64_t i = 0; i < rows * inner; i++) matrix[i] = below(3) ? 0 : matrix[i];
  int32_t *count = integers(rows, 1), *column = integers(rows * inner, 1);
  float *values = floats(rows * inner);
  wbk_nonzeros_of(0, rows, inner, matrix, count, column, values);
  const wbk_nonzeros nonzeros = {rows, inner, count, column, values};
  wbk_multiply_nonzeros(&nonzeros, columns, floats(columns * inner), (float)below(2),
                        floats(rows * columns), columns, floats((int64_t)scratch));
  const int64_t units = 1 + below(200), inputs = 1 + below(100);
  const int64_t lanes = WBK_LANES * (1 + below(4));
  int32_t *counts = integers(lanes, 1), *units_of = integers(units * lanes, 1);
  float *gradients = floats(units * lanes);
  const float *slopes = floats(units * lanes);
  wbk_nonzeros_of_transposed(WBK_LANES, lanes, units, lanes, slopes, counts, units_of, gradients);
  wbk_nonzeros_of_transposed(0, WBK_LANES, units, lanes, slopes, counts, units_of, gradients);
  const wbk_nonzeros turned = {lanes, units, counts, units_of, gradients};
  wbk_multiply_nonzeros_transposed(&turned, inputs, floats(units * inputs), inputs, floats(inputs * lanes),
                                   floats((int64_t)wbk_multiply_scratch(8, WBK_PRODUCT_DEPTH)));
  wbk_multiply_vector(rows, inner, floats(rows * inner), start, floats(inner), floats(rows));
}

static void channels(void) {
  const int64_t blocks = 1 + below(3), c = 1 + below(5), plane = 1 + below(9);
  const int64_t lanes = blocks == 1 ? WBK_LANES * (1 + below(3)) : WBK_LANES;
  const int64_t valid = 1 + below(blocks * lanes);
  float *x = floats(blocks * c * plane * lanes), *y = floats(blocks * c * plane * lanes);
  float *dy = floats(blocks * c * plane * lanes);
  float *a = floats(c), *b = floats(c), *mean = floats(c), *variance = floats(c);
  float *inverse = floats(c);
  wbk_channel_sum(blocks, c, plane, lanes, x, a);
  wbk_channel_sum_squared(blocks, c, plane, lanes, x, a);
  wbk_channel_statistics(blocks, c, plane, lanes, valid, x, doubles(c), doubles(c), doubles(c));
  wbk_channel_affine(blocks, c, plane, lanes, a, b, x, y);
  wbk_batch_norm_forward(blocks, c, plane, lanes, valid, 0, c, 1e-5f, (int)below(2), x, a, b, mean,
                         variance, inverse, below(2) ? y : NULL);
  wbk_batch_norm_output(blocks, c, plane, lanes, (int)below(2), x, a, b, mean, inverse, y);
  wbk_batch_norm_backward(blocks, c, plane, lanes, valid, c / 2, c, x, below(2) ? b : NULL, dy, a, mean,
                          inverse, b, variance, dy);
}

static void pools(void) {
  wbk_pooling s = {.channels = 1 + (int32_t)below(4),
                   .window_height = 1 + (int32_t)below(3),
                   .window_width = 1 + (int32_t)below(3),
                   .stride_y = 1 + (int32_t)below(3),
                   .stride_x = 1 + (int32_t)below(3)};
  s.padding_y = (int32_t)below(s.window_height);
  s.padding_x = (int32_t)below(s.window_width);
  s.in_height = s.window_height + (int32_t)below(9);
  s.in_width = s.window_width + (int32_t)below(9);
  if (below(2)) { /* planes that are halved have code of their own */
    s.window_height = s.window_width = s.stride_y = s.stride_x = 2;
    s.padding_y = s.padding_x = 0;
    s.in_height = 2 * (1 + (int32_t)below(5));
    s.in_width = 2 * (1 + (int32_t)below(5));
  }
  s.out_height = (s.in_height + 2 * s.padding_y - s.window_height) / s.stride_y + 1;
  s.out_width = (s.in_width + 2 * s.padding_x - s.window_width) / s.stride_x + 1;
  const int64_t blocks = 1 + below(3);
  float *x = floats(blocks * s.channels * s.in_height * s.in_width * WBK_LANES);
  const int64_t outputs = blocks * s.channels * s.out_height * s.out_width * WBK_LANES;
  float *y = floats(outputs);
  int32_t *winners = integers(outputs, 1);
  wbk_max_pool_forward(&s, blocks, x, y, winners);
  wbk_max_pool_backward(&s, blocks, y, winners, x);
  wbk_average_pool_forward(&s, blocks, x, y);
  wbk_average_pool_backward(&s, blocks, y, x);
}

static void single_values(void) {
  const int64_t n = below(70);
  float *x = floats(n), *y = floats(n), *z = floats(n), *w = floats(n);
  wbk_relu(n, x, y);
  wbk_tanh(n, x, y);
  wbk_sigmoid(n, x, y);
  wbk_relu_gradient(n, x, y, z);
  wbk_tanh_gradient(n, x, y, z);
  wbk_sigmoid_gradient(n, x, y, z);
  wbk_add_scaled(n, 2, x, y);
  wbk_sum_scaled(n, x, 2, y, z);
  wbk_sum_scaled_relu(n, x, 2, y, z);
  wbk_sum_scaled_gradient(n, 2, below(2) ? z : NULL, x, y, w);
  wbk_scale(n, 2, x, y);
  wbk_square(n, x, y);
  wbk_add_square(n, x, y);
  float *mask = below(2) ? floats(n) : NULL;
  wbk_sgd(n, 0.1f, 0.9f, (int)below(2), 1e-4f, x, mask, y, w);
  double squares = 0;
  wbk_sum_of_squares(n, x, mask, &squares);
  for (int64_t i = 0; i < n; i++) z[i] = 1;
  wbk_adam(n, 0.1f, 0.9f, 0.999f, 1e-8f, 0, 3, x, mask, y, z, w);
  const float rates[3] = {0.1f, 0.2f, 0.3f}, roots[3] = {1, 2, 3};
  wbk_adam_cohorts(n, 0.9f, 0.999f, 1e-8f, 0, integers(n, 3), rates, roots, x, mask, y, z, w);
  int64_t live = 0;
  for (int64_t i = 0; i < n; i++) x[i] = (float)below(2);
  for (int64_t i = 0; i < n; i++) live += x[i] != 0;
  int64_t found = 0;
  wbk_live_places(n, x, integers(live, 1), &found);
  if (found != live) abort();
  wbk_count_live(n, x, &found);
  if (found != live) abort();
  int32_t spoilt = 0;
  wbk_take_finite(n, NULL, x, mask, y, &spoilt);
  wbk_take_finite(n, integers(n, n), x, mask, y, &spoilt);
}

static void layouts_and_losses(void) {
  const int64_t features = 1 + below(40), samples = 1 + below(20);
  const int64_t valid = 1 + below(50), blocks = (valid + WBK_LANES - 1) / WBK_LANES;
  const int64_t lanes = blocks * WBK_LANES;
  float *data = floats(samples * features), *x = floats(features * lanes);
  float *y = floats(features * lanes);
  int32_t *rows = integers(valid, samples);
  wbk_gather(features, WBK_LANES, 0, blocks * WBK_LANES, valid, data, rows, x);
  wbk_gather(features, lanes, 0, lanes, valid, data, rows, x);
  wbk_flatten(blocks, features, x, y);
  wbk_unflatten(blocks, features, y, x);
  float *losses = floats(valid);
  wbk_softmax_cross_entropy(features, lanes, valid, 1, x, integers(valid, features), losses, y);
  wbk_squared_error(features, lanes, valid, 1, x, y, losses, y);
  wbk_softmax(features, lanes, x, y);
}

static void ceilings(void) {
  float single[3] = {1, 0, 0};
  double wide[3] = {1, 0, 0};
  wbk_multiply_add_single(10, single);
  wbk_multiply_add_double(10, wide);
}

/* Of each thread how many parts it is at work on, which is one. */
static atomic_int at_work[3];

static void count_part(void *context, int64_t part, int32_t thread) {
  if (atomic_fetch_add(&at_work[thread], 1) != 0) abort();
  ((int64_t *)context)[part]++;
  atomic_fetch_sub(&at_work[thread], 1);
}

static void teams(void) {
  system_team *team = system_team_create(3);
  if (!team) abort();
  for (int round = 0; round < 2000; round++) {
    const int64_t parts = below(9);
    int64_t *counts = keep(calloc((size_t)parts + 1, sizeof(int64_t)));
    system_team_run(team, parts, count_part, counts);
    for (int64_t part = 0; part < parts; part++) {
      if (counts[part] != 1) abort();
    }
    free_all();
  }
  system_team_destroy(team);
}

int main(void) {
  static void (*const drives[])(void) = {convolutions,       dense_layers, products,
                                         channels,           pools,        single_values,
                                         layouts_and_losses, ceilings};
  static const char *const variants[] = {"portable", "avx2", "avx512"};
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    if (wbk_select_variant(variants[v]) != 0) {
      printf("%s: not on this processor\n", variants[v]);
      continue;
    }
    for (int round = 0; round < 60; round++) {
      for (size_t d = 0; d < sizeof drives / sizeof *drives; d++) {
        drives[d]();
        free_all();
      }
    }
    printf("%s: no complaint\n", wbk_variant());
  }
  teams();
  return 0;
}
