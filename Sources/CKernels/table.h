/* The one list of dispatched kernels: name, parameters, arguments. The table of function pointers
   that a variant fills and the public functions that call through it are both made from it. */
#ifndef WORKBENCH_KERNEL_TABLE_H
#define WORKBENCH_KERNEL_TABLE_H
#include "kernels.h"

#pragma clang assume_nonnull begin

#define WBK_KERNELS(X)                                                                             \
  X(convolution_forward,                                                                           \
    (const wbk_convolution *shape, int64_t blocks, const float *input, const float *weights,       \
     const float *_Nullable bias, float *output, float *scratch),                                  \
    (shape, blocks, input, weights, bias, output, scratch))                                        \
  X(convolution_data_gradient,                                                                     \
    (const wbk_convolution *shape, int64_t blocks, const float *output_gradient,                   \
     const float *weights, float *input_gradient, float *scratch),                                 \
    (shape, blocks, output_gradient, weights, input_gradient, scratch))                            \
  X(convolution_weight_gradient,                                                                   \
    (const wbk_convolution *shape, int64_t blocks, const float *input,                             \
     const float *output_gradient, float *weight_gradient, float *scratch),                        \
    (shape, blocks, input, output_gradient, weight_gradient, scratch))                             \
  X(convolution_weight_gradient_squared,                                                           \
    (const wbk_convolution *shape, int64_t blocks, const float *input,                             \
     const float *output_gradient, float *squares, float *scratch),                                \
    (shape, blocks, input, output_gradient, squares, scratch))                                     \
  X(convolution_patches,                                                                           \
    (const wbk_convolution *shape, int64_t blocks, const float *input, float *patches),            \
    (shape, blocks, input, patches))                                                               \
  X(multiply_single,                                                                               \
    (int64_t rows, int64_t columns, int64_t inner, float factor, const float *a, int64_t a_row,    \
     int64_t a_column, const float *b, int64_t b_row, int64_t b_column, float keeping,             \
     const float *_Nullable start, float *c, int64_t c_row, float *scratch),                       \
    (rows, columns, inner, factor, a, a_row, a_column, b, b_row, b_column, keeping, start, c,      \
     c_row, scratch))                                                                              \
  X(multiply_double,                                                                               \
    (int64_t rows, int64_t columns, int64_t inner, double factor, const double *a, int64_t a_row,  \
     int64_t a_column, const double *b, int64_t b_row, int64_t b_column, double keeping,           \
     const double *_Nullable start, double *c, int64_t c_row, double *scratch),                    \
    (rows, columns, inner, factor, a, a_row, a_column, b, b_row, b_column, keeping, start, c,      \
     c_row, scratch))                                                                              \
  X(multiply_vector,                                                                               \
    (int64_t rows, int64_t inner, const float *a, const float *_Nullable start, const float *x,    \
     float *y),                                                                                    \
    (rows, inner, a, start, x, y))                                                                 \
  X(sparse_forward,                                                                                \
    (const wbk_sparse *matrix, const float *values, const float *_Nullable bias, int64_t first,    \
     int64_t end, int64_t lanes, int64_t stride, const float *x, float *y),                        \
    (matrix, values, bias, first, end, lanes, stride, x, y))                                       \
  X(sparse_weight_gradient,                                                                        \
    (const wbk_sparse *matrix, int64_t first, int64_t end, int64_t lanes, const float *x,          \
     const float *dy, float *gradient),                                                            \
    (matrix, first, end, lanes, x, dy, gradient))                                                  \
  X(sparse_single,                                                                                 \
    (const wbk_sparse_slots *slots, const float *values, const float *_Nullable bias,              \
     const float *x, float *y),                                                                    \
    (slots, values, bias, x, y))                                                                   \
  X(take, (int64_t count, const int32_t *order, const float *from, float *to),                     \
    (count, order, from, to))                                                                      \
  X(nonzeros_of,                                                                                   \
    (int64_t first, int64_t end, int64_t columns, const float *matrix, int32_t *count,             \
     int32_t *column, float *values),                                                              \
    (first, end, columns, matrix, count, column, values))                                          \
  X(nonzeros_of_transposed,                                                                        \
    (int64_t first, int64_t end, int64_t rows, int64_t columns, const float *matrix,               \
     int32_t *count, int32_t *column, float *values),                                              \
    (first, end, rows, columns, matrix, count, column, values))                                    \
  X(multiply_nonzeros_transposed,                                                                  \
    (const wbk_nonzeros *a, int64_t columns, const float *b, int64_t b_row, float *c,              \
     float *scratch),                                                                              \
    (a, columns, b, b_row, c, scratch))                                                            \
  X(multiply_nonzeros,                                                                             \
    (const wbk_nonzeros *a, int64_t columns, const float *b, float keeping, float *c,              \
     int64_t c_row, float *scratch),                                                               \
    (a, columns, b, keeping, c, c_row, scratch))                                                   \
  X(sparse_convolution_forward,                                                                    \
    (const wbk_convolution *shape, const int32_t *plan, const float *values,                       \
     const float *_Nullable bias, int64_t blocks, const float *input, float *output),              \
    (shape, plan, values, bias, blocks, input, output))                                            \
  X(sparse_convolution_data_gradient,                                                              \
    (const wbk_convolution *shape, const int32_t *plan, const float *values, int64_t blocks,       \
     const float *output_gradient, float *input_gradient),                                         \
    (shape, plan, values, blocks, output_gradient, input_gradient))                                \
  X(sparse_convolution_weight_gradient,                                                            \
    (const wbk_convolution *shape, const wbk_sparse *weights, int64_t blocks, const float *input,  \
     const float *output_gradient, float *gradient),                                               \
    (shape, weights, blocks, input, output_gradient, gradient))                                    \
  X(channel_sum,                                                                                   \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x, float *sums), \
    (blocks, channels, plane, lanes, x, sums))                                                     \
  X(channel_sum_squared,                                                                           \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x, float *sums), \
    (blocks, channels, plane, lanes, x, sums))                                                     \
  X(channel_statistics,                                                                            \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid,                \
     const float *x, double *zeros, double *sum, double *sum_of_squares),                          \
    (blocks, channels, plane, lanes, valid, x, zeros, sum, sum_of_squares))                        \
  X(batch_norm_forward,                                                                            \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, int64_t first, \
     int64_t end, float epsilon, int rectifies, const float *x, const float *scale,                \
     const float *shift, float *mean, float *variance, float *inverse, float *_Nullable y),        \
    (blocks, channels, plane, lanes, valid, first, end, epsilon, rectifies, x, scale, shift, mean, \
     variance, inverse, y))                                                                        \
  X(batch_norm_output,                                                                             \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int rectifies,                \
     const float *x, const float *scale, const float *shift, const float *mean,                    \
     const float *inverse, float *y),                                                              \
    (blocks, channels, plane, lanes, rectifies, x, scale, shift, mean, inverse, y))                \
  X(channel_affine,                                                                                \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *factor,          \
     const float *offset, const float *x, float *y),                                               \
    (blocks, channels, plane, lanes, factor, offset, x, y))                                        \
  X(batch_norm_backward,                                                                           \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, int64_t valid, int64_t first, \
     int64_t end, const float *x, const float *_Nullable shift, const float *dy,                   \
     const float *scale, const float *mean, const float *inverse, float *dscale, float *dshift,    \
     float *dx),                                                                                   \
    (blocks, channels, plane, lanes, valid, first, end, x, shift, dy, scale, mean, inverse, dscale,\
     dshift, dx))                                                                                  \
  X(layer_norm_forward,                                                                            \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, float epsilon,                \
     const float *x, const float *scale, const float *shift, float *mean, float *inverse,          \
     float *y),                                                                                    \
    (blocks, channels, plane, lanes, epsilon, x, scale, shift, mean, inverse, y))                  \
  X(layer_norm_backward,                                                                           \
    (int64_t blocks, int64_t channels, int64_t plane, int64_t lanes, const float *x,               \
     const float *dy, const float *scale, const float *mean, const float *inverse, float *dscale,  \
     float *dshift, float *dx),                                                                    \
    (blocks, channels, plane, lanes, x, dy, scale, mean, inverse, dscale, dshift, dx))             \
  X(max_pool_forward,                                                                              \
    (const wbk_pooling *shape, int64_t blocks, const float *x, float *y, int32_t *winners),        \
    (shape, blocks, x, y, winners))                                                                \
  X(max_pool_backward,                                                                             \
    (const wbk_pooling *shape, int64_t blocks, const float *dy, const int32_t *winners,            \
     float *dx),                                                                                   \
    (shape, blocks, dy, winners, dx))                                                              \
  X(average_pool_forward,                                                                          \
    (const wbk_pooling *shape, int64_t blocks, const float *x, float *y), (shape, blocks, x, y))   \
  X(average_pool_backward,                                                                         \
    (const wbk_pooling *shape, int64_t blocks, const float *dy, float *dx),                        \
    (shape, blocks, dy, dx))                                                                       \
  X(relu, (int64_t count, const float *x, float *y), (count, x, y))                                \
  X(tanh, (int64_t count, const float *x, float *y), (count, x, y))                                \
  X(sigmoid, (int64_t count, const float *x, float *y), (count, x, y))                             \
  X(relu_gradient, (int64_t count, const float *y, const float *dy, float *dx),                    \
    (count, y, dy, dx))                                                                            \
  X(tanh_gradient, (int64_t count, const float *y, const float *dy, float *dx),                    \
    (count, y, dy, dx))                                                                            \
  X(sigmoid_gradient, (int64_t count, const float *y, const float *dy, float *dx),                 \
    (count, y, dy, dx))                                                                            \
  X(sign, (int64_t count, const float *x, float *y), (count, x, y))                                \
  X(sign_gradient, (int64_t count, const float *x, const float *dy, float *dx),                    \
    (count, x, dy, dx))                                                                            \
  X(binarize, (int64_t count, const float *x, float *y), (count, x, y))                            \
  X(clamp, (int64_t count, float limit, const float *x, float *y), (count, limit, x, y))           \
  X(dropout,                                                                                       \
    (int64_t count, int64_t first, uint64_t key, uint32_t dropped, float factor, const float *x,   \
     float *y),                                                                                    \
    (count, first, key, dropped, factor, x, y))                                                    \
  X(add_scaled, (int64_t count, float factor, const float *x, float *y), (count, factor, x, y))    \
  X(sum_scaled, (int64_t count, const float *a, float factor, const float *b, float *y),           \
    (count, a, factor, b, y))                                                                      \
  X(sum_scaled_relu,                                                                               \
    (int64_t count, const float *a, float factor, const float *b, float *y),                       \
    (count, a, factor, b, y))                                                                      \
  X(sum_scaled_gradient,                                                                           \
    (int64_t count, float factor, const float *_Nullable y, const float *dy, float *skip,          \
     float *branch),                                                                               \
    (count, factor, y, dy, skip, branch))                                                          \
  X(scale, (int64_t count, float factor, const float *x, float *y), (count, factor, x, y))         \
  X(square, (int64_t count, const float *x, float *y), (count, x, y))                              \
  X(add_square, (int64_t count, const float *x, float *y), (count, x, y))                          \
  X(affine_images,                                                                                 \
    (int64_t count, int64_t channels, int64_t height, int64_t width, const float *maps,            \
     const float *samples, const int32_t *rows, float *images),                                    \
    (count, channels, height, width, maps, samples, rows, images))                                 \
  X(gather,                                                                                        \
    (int64_t features, int64_t lanes, int64_t first, int64_t end, int64_t valid,                   \
     const float *samples, const int32_t *rows, float *x),                                         \
    (features, lanes, first, end, valid, samples, rows, x))                                        \
  X(flatten, (int64_t blocks, int64_t features, const float *x, float *y),                         \
    (blocks, features, x, y))                                                                      \
  X(unflatten, (int64_t blocks, int64_t features, const float *x, float *y),                       \
    (blocks, features, x, y))                                                                      \
  X(softmax_cross_entropy,                                                                         \
    (int64_t outputs, int64_t lanes, int64_t valid, float factor, const float *x,                  \
     const int32_t *labels, float *losses, float *_Nullable gradient),                             \
    (outputs, lanes, valid, factor, x, labels, losses, gradient))                                  \
  X(squared_error,                                                                                 \
    (int64_t outputs, int64_t lanes, int64_t valid, float factor, const float *x,                  \
     const float *targets, float *losses, float *_Nullable gradient),                              \
    (outputs, lanes, valid, factor, x, targets, losses, gradient))                                 \
  X(softmax, (int64_t outputs, int64_t lanes, const float *x, float *p), (outputs, lanes, x, p))   \
  X(sgd,                                                                                           \
    (int64_t count, float rate, float momentum, int nesterov, float decay, const float *gradient,  \
     const float *_Nullable mask, float *velocity, float *weights),                                \
    (count, rate, momentum, nesterov, decay, gradient, mask, velocity, weights))                   \
  X(sum_of_squares,                                                                                \
    (int64_t count, const float *x, const float *_Nullable mask, double *sum),                     \
    (count, x, mask, sum))                                                                         \
  X(adam,                                                                                          \
    (int64_t count, float rate, float beta1, float beta2, float epsilon, float decay,              \
     int64_t step, const float *gradient, const float *_Nullable mask, float *first, float *second,          \
     float *weights),                                                                              \
    (count, rate, beta1, beta2, epsilon, decay, step, gradient, mask, first, second, weights))     \
  X(adam_cohorts,                                                                                  \
    (int64_t count, float beta1, float beta2, float epsilon, float decay, const int32_t *cohort,   \
     const float *rates, const float *roots, const float *gradient, const float *_Nullable mask,   \
     float *first, float *second, float *weights),                                                 \
    (count, beta1, beta2, epsilon, decay, cohort, rates, roots, gradient, mask, first, second,     \
     weights))                                                                                     \
  X(live_places, (int64_t count, const float *mask, int32_t *places, int64_t *live),               \
    (count, mask, places, live))                                                                   \
  X(count_live, (int64_t count, const float *mask, int64_t *live), (count, mask, live))            \
  X(take_finite,                                                                                   \
    (int64_t count, const int32_t *_Nullable order, const float *from,                             \
     const float *_Nullable mask, float *to, int32_t *spoilt),                                     \
    (count, order, from, mask, to, spoilt))                                                        \
  X(put,                                                                                           \
    (int64_t count, const int32_t *order, const float *from, int64_t size, float *to),             \
    (count, order, from, size, to))

struct kernel_table {
  const char *variant;
  int permutes;
  int64_t product_columns;
  double (*multiply_add_single)(int64_t rounds, float *values);
  double (*multiply_add_double)(int64_t rounds, double *values);
#define WBK_FIELD(name, parameters, arguments) void(*name) parameters;
  WBK_KERNELS(WBK_FIELD)
#undef WBK_FIELD
};

extern const struct kernel_table kernel_table_portable;
#if defined(__x86_64__)
extern const struct kernel_table kernel_table_avx2;
extern const struct kernel_table kernel_table_avx512;
#endif

#pragma clang assume_nonnull end
#endif
