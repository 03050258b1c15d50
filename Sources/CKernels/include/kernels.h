/* Numeric kernels, dispatched at run time on the processor.

   Layout. A tensor of `samples` samples lies as [blocks][features][lanes]: the sample index is
   innermost. Spatial tensors have lanes = WBK_LANES and features = channels * height * width;
   flat ones have one block whose lanes are all samples, padded up to a multiple of WBK_LANES.
   `valid` counts the real samples; the lanes behind them hold finite rubbish whose gradient is 0.

   Every function has one portable body compiled for several targets, and a scalar reference in
   the tests. None allocates. Pointers of different arguments never overlap unless said. */
#ifndef WORKBENCH_KERNELS_H
#define WORKBENCH_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#define WBK_LANES 16

/* ---- Dispatch ---- */
/* "avx512", "avx2" or "portable": the variant in use. The best that the processor has, unless the
   environment's WORKBENCH_KERNELS names a lower one. */
const char *wbk_variant(void);
/* Chooses a variant by name for this thread, until it is released; returns 0, or -1 when the
   processor lacks it. For tests and measurements. */
int wbk_select_variant(const char *name);
void wbk_release_variant(void);
/* The ceiling of the core: multiply-adds in registers alone. Returns the floating-point operations
   it did. values[0] is multiplied with, values[1] added, values[2] gets a sum. */
double wbk_multiply_add_single(int64_t rounds, float *values);
double wbk_multiply_add_double(int64_t rounds, double *values);

/* ---- Convolution (cross-correlation), spatial layout ---- */
typedef struct wbk_convolution {
  int32_t in_channels, in_height, in_width;
  int32_t out_channels, out_height, out_width; /* out = (in + 2 padding - kernel) / stride + 1 */
  int32_t kernel_height, kernel_width;
  int32_t stride_y, stride_x, padding_y, padding_x;
} wbk_convolution;

/* Floats of scratch that any of the three functions needs for this geometry. */
size_t wbk_convolution_scratch(const wbk_convolution *shape);
/* output = weights * input + bias (null: none). weights are [out][in][kh][kw]. */
void wbk_convolution_forward(
    const wbk_convolution *shape, int64_t blocks, const float *input, const float *weights,
    const float *_Nullable bias, float *output, float *scratch);
/* input_gradient = the transposed product (overwritten). */
void wbk_convolution_data_gradient(
    const wbk_convolution *shape, int64_t blocks, const float *output_gradient,
    const float *weights, float *input_gradient, float *scratch);
/* weight_gradient += sum over samples and positions. */
void wbk_convolution_weight_gradient(
    const wbk_convolution *shape, int64_t blocks, const float *input,
    const float *output_gradient, float *weight_gradient, float *scratch);
/* Blocks whose weight gradient is gathered together: calls for a multiple of them each have the bits of one
   for all. */
int64_t wbk_weight_gradient_blocks(const wbk_convolution *shape);
/* squares += sum over samples of (each sample's weight gradient, summed over positions) squared. */
void wbk_convolution_weight_gradient_squared(
    const wbk_convolution *shape, int64_t blocks, const float *input,
    const float *output_gradient, float *squares, float *scratch);
/* Writes the patches of every output position: patches[(c*kh+ky)*kw+kx][sample, y, x order of
   blocks, rows, columns, lanes], for second moments; columns = blocks*out_h*out_w*WBK_LANES. */
void wbk_convolution_patches(
    const wbk_convolution *shape, int64_t blocks, const float *input, float *patches);

/* ---- Products of matrices ---- */
/* c = start + keeping * c + factor * a b, for a (rows x inner) and b (inner x columns). Element (i, j)
   of a lies at a[i * a_row + j * a_column], of which one is 1: so a transposed matrix is one whose
   strides are exchanged. The same for b; rows of c lie c_row apart. start has one value a row, or
   is null; with keeping 0, what c held does not matter. A row's bits do not depend on the others. */
void wbk_multiply_single(int64_t rows, int64_t columns, int64_t inner, float factor,
                         const float *a, int64_t a_row, int64_t a_column, const float *b,
                         int64_t b_row, int64_t b_column, float keeping,
                         const float *_Nullable start, float *c, int64_t c_row, float *scratch);
void wbk_multiply_double(int64_t rows, int64_t columns, int64_t inner, double factor,
                         const double *a, int64_t a_row, int64_t a_column, const double *b,
                         int64_t b_row, int64_t b_column, double keeping,
                         const double *_Nullable start, double *c, int64_t c_row,
                         double *scratch);
/* y = start + a x, for a of rows x inner values, one row after the other. */
void wbk_multiply_vector(int64_t rows, int64_t inner, const float *a,
                         const float *_Nullable start, const float *x, float *y);
/* The inner dimension and the most rows that are taken at a time, and the widest panel of columns. */
#define WBK_PRODUCT_DEPTH 128
#define WBK_PRODUCT_BAND 312
#define WBK_PRODUCT_PANEL 64
/* Columns of a panel of the variant that runs: a product that is cut there loses nothing. */
int64_t wbk_product_columns(void);
/* Floats or doubles of scratch that a product needs. */
static inline size_t wbk_multiply_scratch(int64_t rows, int64_t inner) {
  const int64_t band = rows < WBK_PRODUCT_BAND ? rows : WBK_PRODUCT_BAND;
  const int64_t depth = inner < WBK_PRODUCT_DEPTH ? inner : WBK_PRODUCT_DEPTH;
  return (size_t)(depth * (WBK_PRODUCT_PANEL + band) + 16);
}

/* ---- Layers with few live weights ---- */
/* The live weights by row: row r's are the entries start[r] ..< start[r + 1], columns ascending. */
typedef struct wbk_sparse {
  int64_t rows;
  const int32_t *start;  /* rows + 1 */
  const int32_t *column; /* one an entry */
} wbk_sparse;

/* Dense layers, flat layout, for rows first ..< end; lanes is a multiple of WBK_LANES, or 1 for a
   single sample. What a row gets does not depend on the others, nor what a lane gets: where x and y have
   `stride` lanes, the first `lanes` of them are passed over.
   y[r] = bias[r] + sum over the row's entries of values[k] * x[column[k]]; with the transposed
   structure it is the data gradient. */
void wbk_sparse_forward(const wbk_sparse *matrix, const float *values, const float *_Nullable bias,
                        int64_t first, int64_t end, int64_t lanes, int64_t stride, const float *x,
                        float *y);
/* gradient[k] = sum over lanes of dy[row of k] * x[column[k]], for the entries of the rows. */
void wbk_sparse_weight_gradient(const wbk_sparse *matrix, int64_t first, int64_t end,
                                int64_t lanes, const float *x, const float *dy, float *gradient);
/* The live weights for a single sample, 16 rows at a time: group g of rows takes the steps start[g] ..<
   start[g + 1], in each of which row i of it, where bit i of live is set, meets the input segment * 32
   + place[16 * step + i]. Values lie as places do. */
typedef struct wbk_sparse_slots {
  int64_t rows;
  const int32_t *start;    /* groups + 1 */
  const int32_t *segment;  /* one a step */
  const uint16_t *live;    /* one a step */
  const uint8_t *place;    /* 16 a step */
} wbk_sparse_slots;
/* Whether the variant in use is faster with slots than by rows. */
int wbk_permutes(void);
/* y = bias + the rows' weights * x. x is read up to a multiple of 32 inputs, none of them used. */
void wbk_sparse_single(const wbk_sparse_slots *slots, const float *values,
                       const float *_Nullable bias, const float *x, float *y);
/* to[i] = from[order[i]] */
void wbk_take(int64_t count, const int32_t *order, const float *from, float *to);

/* What is not 0 of a matrix, rows x columns: row r has count[r] values from r * columns on, and so their
   columns, which rise. */
typedef struct wbk_nonzeros {
  int64_t rows, columns;
  const int32_t *count;  /* rows */
  const int32_t *column; /* rows * columns, as values */
  const float *values;
} wbk_nonzeros;
/* Writes those of the rows first ..< end. */
void wbk_nonzeros_of(int64_t first, int64_t end, int64_t columns, const float *matrix, int32_t *count,
                     int32_t *column, float *values);
/* The same of the transposed matrix, whose rows first ..< end are columns of this one, both multiples of
   16. */
void wbk_nonzeros_of_transposed(int64_t first, int64_t end, int64_t rows, int64_t columns,
                                const float *matrix, int32_t *count, int32_t *column,
                                float *values);
/* c = keeping * c + a bᵀ, for b of columns x a's columns and scratch for a product of so long an inner
   dimension: the bits of wbk_multiply_single, as long as b is finite. */
void wbk_multiply_nonzeros(const wbk_nonzeros *a, int64_t columns, const float *b, float keeping,
                           float *c, int64_t c_row, float *scratch);
/* c = (a b)ᵀ, for b of a's columns x columns, whose rows lie b_row apart; a has a multiple of 16 rows, as
   many values as a row of c. Scratch as for a product of 8 rows and the longest inner dimension. */
void wbk_multiply_nonzeros_transposed(const wbk_nonzeros *a, int64_t columns, const float *b,
                                      int64_t b_row, float *c, float *scratch);

/* Convolutions: rows are output channels, column = (c * kernel_height + ky) * kernel_width + kx.
   A plan is made once for a mask. */
size_t wbk_sparse_convolution_plan_size(const wbk_convolution *shape, int64_t entries);
void wbk_sparse_convolution_plan(
    const wbk_convolution *shape, const wbk_sparse *weights, int32_t *plan);
/* values lie as the entries do, for all three; otherwise as their dense namesakes. */
void wbk_sparse_convolution_forward(
    const wbk_convolution *shape, const int32_t *plan, const float *values,
    const float *_Nullable bias, int64_t blocks, const float *input, float *output);
void wbk_sparse_convolution_data_gradient(
    const wbk_convolution *shape, const int32_t *plan, const float *values, int64_t blocks,
    const float *output_gradient, float *input_gradient);
/* gradient[k] += sum over samples and positions. */
void wbk_sparse_convolution_weight_gradient(
    const wbk_convolution *shape, const wbk_sparse *weights, int64_t blocks, const float *input,
    const float *output_gradient, float *gradient);

/* ---- Channels: tensors seen as [blocks][channels][plane][lanes] ---- */
/* sums[channel] += sum of x over samples and plane. */
void wbk_channel_sum(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                     const float *x, float *sums);
/* sums[channel] += sum over samples of (sum over the plane) squared: per-sample bias gradients. */
void wbk_channel_sum_squared(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                             const float *x, float *sums);
/* Per channel over the valid samples: zeros (exact), sum, sum of squares, added to the doubles. */
void wbk_channel_statistics(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                            int64_t valid, const float *x, double *zeros, double *sum,
                            double *sum_of_squares);

/* ---- Batch normalisation, of the channels first ..< end ---- */
/* Training: mean and inverse standard deviation of the valid samples are written, y = scale *
   (x - mean) * inverse + shift, and 0 where that is negative if it rectifies, unless y is null;
   variance gets the biased batch variance. */
void wbk_batch_norm_forward(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                            int64_t valid, int64_t first, int64_t end, float epsilon,
                            int rectifies, const float *x, const float *scale,
                            const float *shift, float *mean, float *variance, float *inverse,
                            float *_Nullable y);
/* The y of wbk_batch_norm_forward again, of some blocks and all channels. */
void wbk_batch_norm_output(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                           int rectifies, const float *x, const float *scale, const float *shift,
                           const float *mean, const float *inverse, float *y);
/* Inference, all channels: y = x * factor[channel] + offset[channel]. y may be x. */
void wbk_channel_affine(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                        const float *factor, const float *offset, const float *x, float *y);
/* dscale, dshift are added to; dx overwritten, 0 in lanes that are not valid. dy is the gradient of
   the rectified output where the shift of the forward pass is given. dx may be dy. */
void wbk_batch_norm_backward(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                             int64_t valid, int64_t first, int64_t end, const float *x,
                             const float *_Nullable shift, const float *dy, const float *scale,
                             const float *mean, const float *inverse, float *dscale,
                             float *dshift, float *dx);

/* ---- Layer normalisation: each sample by the mean and variance of its own features ---- */
/* mean and inverse (1 / root of variance + epsilon) get one value for each of blocks * lanes. */
void wbk_layer_norm_forward(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                            float epsilon, const float *x, const float *scale, const float *shift,
                            float *mean, float *inverse, float *y);
/* Overwrites dx and adds to dscale and dshift; the gradient of padded lanes must be 0. */
void wbk_layer_norm_backward(int64_t blocks, int64_t channels, int64_t plane, int64_t lanes,
                             const float *x, const float *dy, const float *scale,
                             const float *mean, const float *inverse, float *dscale,
                             float *dshift, float *dx);

/* ---- Pooling, spatial layout; windows are clipped to the input plus padding ---- */
typedef struct wbk_pooling {
  int32_t channels, in_height, in_width, out_height, out_width;
  int32_t window_height, window_width, stride_y, stride_x, padding_y, padding_x;
} wbk_pooling;
/* winners[i] gets the position in the plane of each output's maximum (the first on ties). */
void wbk_max_pool_forward(const wbk_pooling *shape, int64_t blocks, const float *x, float *y,
                          int32_t *winners);
void wbk_max_pool_backward(const wbk_pooling *shape, int64_t blocks, const float *dy,
                           const int32_t *winners, float *dx);
/* Divides by the full window, padding included. */
void wbk_average_pool_forward(const wbk_pooling *shape, int64_t blocks, const float *x, float *y);
void wbk_average_pool_backward(const wbk_pooling *shape, int64_t blocks, const float *dy, float *dx);

/* ---- Elementwise on count values; y may be x, dx may be dy ---- */
void wbk_relu(int64_t count, const float *x, float *y);
void wbk_tanh(int64_t count, const float *x, float *y);
void wbk_sigmoid(int64_t count, const float *x, float *y);
/* Gradients from the output y. */
void wbk_relu_gradient(int64_t count, const float *y, const float *dy, float *dx);
void wbk_tanh_gradient(int64_t count, const float *y, const float *dy, float *dx);
void wbk_sigmoid_gradient(int64_t count, const float *y, const float *dy, float *dx);
/* -1 below 0, else 1. */
void wbk_sign(int64_t count, const float *x, float *y);
/* The straight-through gradient, from the input x: dy where |x| <= 1, else 0. */
void wbk_sign_gradient(int64_t count, const float *x, const float *dy, float *dx);
/* -1 below 0, 1 above it; 0 and NaN stay. */
void wbk_binarize(int64_t count, const float *x, float *y);
/* x within -limit and limit. */
void wbk_clamp(int64_t count, float limit, const float *x, float *y);
/* y = factor * x, but 0 for a share of dropped / 2^32 of the values, which follow from the key and each
   value's index, the first of which is `first`: the same call on the gradient is the way back. */
void wbk_dropout(int64_t count, int64_t first, uint64_t key, uint32_t dropped, float factor,
                 const float *x, float *y);
/* y += factor * x */
void wbk_add_scaled(int64_t count, float factor, const float *x, float *y);
/* y = a + factor * b */
void wbk_sum_scaled(int64_t count, const float *a, float factor, const float *b, float *y);
/* y = max(0, a + factor * b) */
void wbk_sum_scaled_relu(int64_t count, const float *a, float factor, const float *b, float *y);
/* The gradient dy of wbk_sum_scaled, or of wbk_sum_scaled_relu where its y is given, in a and b: skip = dy
   where y > 0, and branch = factor * skip. */
void wbk_sum_scaled_gradient(int64_t count, float factor, const float *_Nullable y,
                             const float *dy, float *skip, float *branch);
/* y = factor * x */
void wbk_scale(int64_t count, float factor, const float *x, float *y);
/* y = x * x */
void wbk_square(int64_t count, const float *x, float *y);
/* y += x * x */
void wbk_add_square(int64_t count, const float *x, float *y);

/* images[i] is sample rows[i], of [channels][height][width], seen through the map of 6 numbers maps[i]:
   the pixel at (y, x) from the middle has the value of the sample at (m0 y + m1 x + m2,
   m3 y + m4 x + m5) from the middle, between pixels by bilinear weights, beyond the border 0. */
void wbk_affine_images(int64_t count, int64_t channels, int64_t height, int64_t width,
                       const float *maps, const float *samples, const int32_t *rows, float *images);

/* ---- Layout ---- */
/* rows[i] of a sample-major array [sample][features] become the lanes first ..< end, multiples of 16,
   of blocks of `lanes`; lanes from valid on are 0. */
void wbk_gather(int64_t features, int64_t lanes, int64_t first, int64_t end, int64_t valid,
                const float *samples, const int32_t *rows, float *x);
/* [blocks][features][16] to [features][blocks*16] and back. */
void wbk_flatten(int64_t blocks, int64_t features, const float *x, float *y);
void wbk_unflatten(int64_t blocks, int64_t features, const float *x, float *y);

/* ---- Losses on flat tensors [outputs][lanes] ---- */
/* Softmax cross-entropy: loss of each valid sample, and (p - onehot) * factor as gradient, 0 in the
   other lanes; gradient may be null. */
void wbk_softmax_cross_entropy(int64_t outputs, int64_t lanes, int64_t valid, float factor,
                               const float *x, const int32_t *labels, float *losses,
                               float *_Nullable gradient);
/* Squared error, mean over outputs: loss sum_k (x-t)^2 / outputs; gradient 2 (x-t) / outputs *
   factor. targets lie [outputs][lanes]. */
void wbk_squared_error(int64_t outputs, int64_t lanes, int64_t valid, float factor,
                       const float *x, const float *targets, float *losses,
                       float *_Nullable gradient);
/* Softmax probabilities down each lane. */
void wbk_softmax(int64_t outputs, int64_t lanes, const float *x, float *p);

/* ---- Optimisers: one pass over all parameters; a masked one (mask 0) stays exactly 0 ---- */
/* v = momentum v + g + decay w;  w = mask (w - rate (nesterov ? g + decay w + momentum v : v));
   v is multiplied by mask too. */
void wbk_sgd(int64_t count, float rate, float momentum, int nesterov, float decay,
             const float *gradient, const float *_Nullable mask, float *velocity, float *weights);
/* The sum of the squares of what is not masked, in double precision. */
void wbk_sum_of_squares(int64_t count, const float *x, const float *_Nullable mask, double *sum);
/* Adam with bias correction for step t = 1, 2, …; decay is added to the gradient (L2). */
void wbk_adam(int64_t count, float rate, float beta1, float beta2, float epsilon, float decay,
              int64_t step, const float *gradient, const float *_Nullable mask, float *first, float *second,
              float *weights);
/* The same where parameters began at different times: parameter i belongs to cohort[i], whose rate
   is rate / (1 - beta1^age) and whose root is 1 / sqrt(1 - beta2^age). */
void wbk_adam_cohorts(int64_t count, float beta1, float beta2, float epsilon, float decay,
                      const int32_t *cohort, const float *rates, const float *roots,
                      const float *gradient, const float *_Nullable mask, float *first,
                      float *second, float *weights);

/* ---- Parameters ---- */
/* Writes where mask is not 0, rising, and how often that is; places has room for as many. */
void wbk_live_places(int64_t count, const float *mask, int32_t *places, int64_t *live);
/* How often mask is not 0. */
void wbk_count_live(int64_t count, const float *mask, int64_t *live);
/* to[i] = from[order[i]], or from[i] without an order, and 0 where mask is 0. spoilt becomes 1 where
   some to[i] is infinite or no number, else 0. */
void wbk_take_finite(int64_t count, const int32_t *_Nullable order, const float *from,
                     const float *_Nullable mask, float *to, int32_t *spoilt);
/* to[order[i]] = from[i], and 0 in the rest of its `size` values. The order rises, all below size. */
void wbk_put(int64_t count, const int32_t *order, const float *from, int64_t size, float *to);

#pragma clang assume_nonnull end
#endif
