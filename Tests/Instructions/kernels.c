/* Runs kernels one after the other under callgrind, which writes down the instructions of each. Without
   callgrind it says nothing and is done at once.

     kernels VARIANT

   16 samples, or as many as a dense layer's products meet at a time. */
#include <kernels.h>
#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

enum { samples = 128, most = 1 << 20 };

static float *floats(void) {
  float *x = aligned_alloc(64, most * sizeof(float));
  if (!x) abort();
  for (int i = 0; i < most; i++) x[i] = (float)((i * 2654435761u) >> 22) / 512 - 1;
  return x;
}

#define COUNT(name, call)                    \
  do {                                       \
    CALLGRIND_ZERO_STATS;                    \
    call;                                    \
    CALLGRIND_DUMP_STATS_AT(name);           \
  } while (0)

static float *a, *b, *c, *d, *scratch;

static void convolution(const char *name, int32_t in, int32_t out, int32_t side, int32_t kernel,
                        int32_t stride, int32_t padding) {
  const int32_t outputs = (side + 2 * padding - kernel) / stride + 1;
  const wbk_convolution shape = {
      .in_channels = in, .in_height = side, .in_width = side,
      .out_channels = out, .out_height = outputs, .out_width = outputs,
      .kernel_height = kernel, .kernel_width = kernel,
      .stride_y = stride, .stride_x = stride, .padding_y = padding, .padding_x = padding};
  char label[80];
  snprintf(label, sizeof label, "%s/forward", name);
  COUNT(label, wbk_convolution_forward(&shape, 1, a, b, NULL, c, scratch));
  snprintf(label, sizeof label, "%s/data", name);
  COUNT(label, wbk_convolution_data_gradient(&shape, 1, c, b, d, scratch));
  snprintf(label, sizeof label, "%s/weights", name);
  COUNT(label, wbk_convolution_weight_gradient(&shape, 1, a, c, d, scratch));
}

/* Every twelfth weight of 300 x 784 lives. */
static void sparse(void) {
  static int32_t start[301], column[300 * 784];
  for (int32_t row = 0; row < 300; row++) {
    start[row + 1] = start[row];
    for (int32_t i = row % 12; i < 784; i += 12) column[start[row + 1]++] = i;
  }
  const wbk_sparse matrix = {300, start, column};
  COUNT("sparse/forward", wbk_sparse_forward(&matrix, b, NULL, 0, 300, samples, samples, a, c));
  COUNT("sparse/weights", wbk_sparse_weight_gradient(&matrix, 0, 300, samples, a, c, d));
}

/* Every fifth value of a gradient of 300 units. */
static void nonzeros(void) {
  static int32_t count[300], turned[samples], column[300 * samples];
  static float gradient[300 * samples], values[300 * samples];
  for (int32_t i = 0; i < 300 * samples; i++) gradient[i] = i % 5 ? 0 : c[i];
  const wbk_nonzeros matrix = {300, samples, count, column, values};
  COUNT("nonzeros/of", wbk_nonzeros_of(0, 300, samples, gradient, count, column, values));
  COUNT("nonzeros/weights", wbk_multiply_nonzeros(&matrix, 784, a, 0, d, 784, scratch));
  COUNT("nonzeros/of-transposed", wbk_nonzeros_of_transposed(0, samples, 300, samples, gradient,
                                                             turned, column, values));
  const wbk_nonzeros transposed = {samples, 300, turned, column, values};
  COUNT("nonzeros/data", wbk_multiply_nonzeros_transposed(&transposed, 784, b, 784, d, scratch));
}

int main(int count, char **arguments) {
  if (count != 2 || wbk_select_variant(arguments[1]) != 0) {
    fprintf(stderr, "kernels: one variant, which the processor has\n");
    return 2;
  }
  a = floats(), b = floats(), c = floats(), d = floats(), scratch = floats();
  convolution("conv-1-20-5x5-on-28", 1, 20, 28, 5, 1, 0);
  convolution("conv-20-50-5x5-on-12", 20, 50, 12, 5, 1, 0);
  convolution("conv-16-16-3x3-on-28", 16, 16, 28, 3, 1, 1);
  convolution("conv-16-32-3x3-stride-2-on-28", 16, 32, 28, 3, 2, 1);
  COUNT("dense/forward", wbk_multiply_single(300, samples, 784, 1, b, 784, 1, a, samples, 1, 0,
                                             NULL, c, samples, scratch));
  COUNT("dense/data", wbk_multiply_single(784, samples, 300, 1, b, 1, 784, c, samples, 1, 0, NULL,
                                          d, samples, scratch));
  COUNT("dense/weights", wbk_multiply_single(300, 784, samples, 1, c, samples, 1, a, 1, samples, 0,
                                             NULL, d, 784, scratch));
  sparse();
  nonzeros();
  COUNT("sgd", wbk_sgd(266200, 0.1f, 0.9f, 1, 0, a, NULL, b, c));
  COUNT("relu", wbk_relu(300 * samples, a, c));
  COUNT("relu-gradient", wbk_relu_gradient(300 * samples, c, a, d));
  return 0;
}
