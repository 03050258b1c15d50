#include "correlation.h"

#include <string.h>

static const int64_t lane_count = WBK_LANES;

struct correlation correlation_forward(const wbk_convolution *shape) {
  const int32_t kernel = shape->kernel_height * shape->kernel_width;
  return (struct correlation){
      .source_channels = shape->in_channels,
      .source_height = shape->in_height,
      .source_width = shape->in_width,
      .frame_top = shape->padding_y,
      .frame_left = shape->padding_x,
      .frame_height = shape->in_height + 2 * shape->padding_y,
      .frame_width = shape->in_width + 2 * shape->padding_x,
      .taps_y = shape->kernel_height,
      .taps_x = shape->kernel_width,
      .channels = shape->out_channels,
      .rows = shape->out_height,
      .columns = shape->out_width,
      .step_y = shape->stride_y,
      .step_x = shape->stride_x,
      .first_y = -shape->padding_y,
      .first_x = -shape->padding_x,
      .destination_first = 0,
      .destination_row = shape->out_width,
      .destination_column = 1,
      .destination_plane = shape->out_height * shape->out_width,
      .weight_first = 0,
      .weight_channel = (int64_t)shape->in_channels * kernel,
      .weight_source = kernel,
      .weight_y = shape->kernel_width,
      .weight_x = 1,
  };
}

/* One axis of the data gradient: input `y` of the phase meets kernel index phase + stride * m and
   output (y + padding - phase) / stride - m, for m below the number of taps. */
struct phase_axis {
  int32_t taps;         /* kernel indices of the phase */
  int32_t first_input;  /* its first input */
  int32_t inputs;       /* how many inputs it has */
  int32_t first_output; /* the output that the first input meets through the last tap */
  int32_t last_tap;     /* the kernel index of the last tap, where the reversed kernel starts */
};

static struct phase_axis phase_axis(
    int32_t phase, int32_t kernel, int32_t stride, int32_t padding, int32_t in) {
  struct phase_axis axis;
  axis.taps = phase < kernel ? (kernel - 1 - phase) / stride + 1 : 0;
  axis.first_input = (int32_t)((((int64_t)phase - padding) % stride + stride) % stride);
  axis.inputs = axis.first_input < in ? (in - 1 - axis.first_input) / stride + 1 : 0;
  axis.first_output = (axis.first_input + padding - phase) / stride - (axis.taps - 1);
  axis.last_tap = phase + stride * (axis.taps - 1);
  return axis;
}

struct correlation correlation_of_phase(
    const wbk_convolution *shape, int32_t phase_y, int32_t phase_x) {
  const struct phase_axis y =
      phase_axis(phase_y, shape->kernel_height, shape->stride_y, shape->padding_y,
                 shape->in_height);
  const struct phase_axis x =
      phase_axis(phase_x, shape->kernel_width, shape->stride_x, shape->padding_x,
                 shape->in_width);
  const int32_t kernel = shape->kernel_height * shape->kernel_width;
  return (struct correlation){
      .source_channels = shape->out_channels,
      .source_height = shape->out_height,
      .source_width = shape->out_width,
      .taps_y = y.taps,
      .taps_x = x.taps,
      .channels = shape->in_channels,
      .rows = y.inputs,
      .columns = x.inputs,
      .step_y = 1,
      .step_x = 1,
      .first_y = y.first_output,
      .first_x = x.first_output,
      .destination_first = y.first_input * shape->in_width + x.first_input,
      .destination_row = shape->stride_y * shape->in_width,
      .destination_column = shape->stride_x,
      .destination_plane = shape->in_height * shape->in_width,
      .weight_first = (int64_t)y.last_tap * shape->kernel_width + x.last_tap,
      .weight_channel = kernel,
      .weight_source = (int64_t)shape->in_channels * kernel,
      .weight_y = -(int64_t)shape->stride_y * shape->kernel_width,
      .weight_x = -shape->stride_x,
  };
}

/* One tile of channels. `count` is theirs: known to the compiler, their weights take no loop. */
static inline __attribute__((always_inline)) void pack_channels(
    const int32_t count, const struct correlation *c, const float *weights, float *packed) {
  for (int32_t source = 0; source < c->source_channels; source++) {
    for (int32_t ky = 0; ky < c->taps_y; ky++) {
      const float *tap = weights + source * c->weight_source + ky * c->weight_y;
      for (int32_t kx = 0; kx < c->taps_x; kx++, tap += c->weight_x, packed += count) {
        for (int32_t i = 0; i < count; i++) packed[i] = tap[i * c->weight_channel];
      }
    }
  }
}

void correlation_pack(
    const struct correlation *c, int32_t most_channels, const float *weights, float *packed) {
  const int32_t tiles = tile_count(c->channels, most_channels);
  const int64_t taps = correlation_taps(c);
  for (int32_t tile = 0; tile < tiles; tile++) {
    const int32_t first = tile_first(c->channels, tiles, tile);
    const int32_t count = tile_first(c->channels, tiles, tile + 1) - first;
    const float *from = weights + c->weight_first + first * c->weight_channel;
    float *to = packed + first * taps;
    switch (count) {
      case 4: pack_channels(4, c, from, to); break;
      case 5: pack_channels(5, c, from, to); break;
      case 6: pack_channels(6, c, from, to); break;
      default: pack_channels(count, c, from, to);
    }
  }
}

void copy_into_frame(
    const struct correlation *c, const float *source, int32_t first, int32_t rows, float *frame) {
  const int64_t width = c->frame_width * lane_count;
  const int64_t inner = c->source_width * lane_count, left = c->frame_left * lane_count;
  const size_t row_size = (size_t)width * sizeof(float);
  for (int32_t channel = 0; channel < c->source_channels; channel++) {
    for (int32_t y = first; y < first + rows; y++, frame += width) {
      const int32_t from = y - c->frame_top;
      if (from < 0 || from >= c->source_height) {
        memset(frame, 0, row_size);
        continue;
      }
      const float *row = source + ((int64_t)channel * c->source_height + from) * inner;
      memset(frame, 0, (size_t)left * sizeof(float));
      memcpy(frame + left, row, (size_t)inner * sizeof(float));
      memset(frame + left + inner, 0, (size_t)(width - left - inner) * sizeof(float));
    }
  }
}

static int64_t at_least(int64_t a, int64_t b) { return a > b ? a : b; }

/* Vectors of 16 lanes in half of a usual second-level cache. */
enum { cached_vectors = 512 * 1024 / (WBK_LANES * sizeof(float)) };

/* Inputs, framed, and outputs of one block. */
static int64_t block_vectors(const struct correlation *forward) {
  return forward->source_channels * frame_plane(forward) +
         forward->channels * correlation_positions(forward);
}

int64_t wbk_weight_gradient_blocks(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  const int64_t vectors = at_least(1, block_vectors(&forward));
  const int64_t blocks = cached_vectors / vectors;
  /* Of small maps a second block, or a third: so many positions that the sums over lanes, which end
     each pass, are little beside. */
  const int64_t least = 1 + 63 / at_least(1, correlation_positions(&forward));
  const int64_t most = at_least(1, 4 * cached_vectors / vectors);
  return at_least(blocks > 64 ? 64 : blocks, least < most ? least : most);
}

int32_t weight_gradient_rows(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  /* Blocks that just exceed the whole cache are better passed over whole than in parts. */
  const int64_t blocks = wbk_weight_gradient_blocks(shape);
  if (blocks > 1 && 4 * blocks * block_vectors(&forward) <= 9 * (int64_t)cached_vectors) {
    return forward.rows;
  }
  const int64_t inputs = (int64_t)shape->in_channels * forward.frame_width;
  const int64_t of_row = inputs * shape->stride_y + (int64_t)shape->out_channels * forward.columns;
  const int64_t rest = inputs * (shape->kernel_height - shape->stride_y);
  const int64_t rows = of_row > 0 ? (cached_vectors - rest) / of_row : 1;
  if (rows >= forward.rows) return forward.rows;
  if (rows < 1) return 1;
  /* Bands of about the same height. */
  const int32_t bands = tile_count(forward.rows, (int32_t)rows);
  return tile_count(forward.rows, bands);
}

size_t wbk_convolution_scratch(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  const int64_t weights = correlation_taps(&forward) * shape->out_channels;
  /* Variants may take one position a tile; the phases share out the input plane. */
  const int64_t tiles = at_least(correlation_positions(&forward),
                                 (int64_t)shape->in_height * shape->in_width);
  const int64_t tile_floats = sizeof(struct position_tile) / sizeof(float);
  const int64_t input = shape->in_channels * frame_plane(&forward);
  const int64_t framed = has_frame(&forward) ? wbk_weight_gradient_blocks(shape) * input : 0;
  return (size_t)(weights + tiles * tile_floats + framed * lane_count + lane_count);
}
