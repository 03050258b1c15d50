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
  int32_t before;       /* zeros needed before and, in all, around the outputs: for all phases */
  int32_t frame;
};

static struct phase_axis phase_axis(
    int32_t phase, int32_t kernel, int32_t stride, int32_t padding, int32_t in, int32_t out) {
  struct phase_axis axis;
  axis.taps = phase < kernel ? (kernel - 1 - phase) / stride + 1 : 0;
  axis.first_input = (int32_t)((((int64_t)phase - padding) % stride + stride) % stride);
  axis.inputs = axis.first_input < in ? (in - 1 - axis.first_input) / stride + 1 : 0;
  axis.first_output = (axis.first_input + padding - phase) / stride - (axis.taps - 1);
  axis.last_tap = phase + stride * (axis.taps - 1);
  axis.before = (kernel - 1) / stride;
  const int32_t reached = (in - 1 + padding) / stride + 1;
  axis.frame = axis.before + (reached > out ? reached : out);
  return axis;
}

struct correlation correlation_of_phase(
    const wbk_convolution *shape, int32_t phase_y, int32_t phase_x) {
  const struct phase_axis y =
      phase_axis(phase_y, shape->kernel_height, shape->stride_y, shape->padding_y,
                 shape->in_height, shape->out_height);
  const struct phase_axis x =
      phase_axis(phase_x, shape->kernel_width, shape->stride_x, shape->padding_x,
                 shape->in_width, shape->out_width);
  const int32_t kernel = shape->kernel_height * shape->kernel_width;
  return (struct correlation){
      .source_channels = shape->out_channels,
      .source_height = shape->out_height,
      .source_width = shape->out_width,
      .frame_top = y.before,
      .frame_left = x.before,
      .frame_height = y.frame,
      .frame_width = x.frame,
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

void correlation_pack(
    const struct correlation *c, int32_t most_channels, const float *weights, float *packed) {
  const int32_t tiles = tile_count(c->channels, most_channels);
  for (int32_t tile = 0; tile < tiles; tile++) {
    const int32_t first = tile_first(c->channels, tiles, tile);
    const int32_t end = tile_first(c->channels, tiles, tile + 1);
    for (int32_t source = 0; source < c->source_channels; source++) {
      for (int32_t ky = 0; ky < c->taps_y; ky++) {
        for (int32_t kx = 0; kx < c->taps_x; kx++) {
          const int64_t tap = c->weight_first + source * c->weight_source + ky * c->weight_y +
                              kx * c->weight_x;
          for (int32_t i = first; i < end; i++) *packed++ = weights[tap + i * c->weight_channel];
        }
      }
    }
  }
}

/* ---- Tiles ---- */

/* The taps that meet the source when tap 0 lies at `start`. */
struct tap_range {
  int32_t first, end;
};

static struct tap_range taps_at(int32_t start, int32_t taps, int32_t size) {
  const int32_t low = start < 0 ? -start : 0;
  const int32_t high = taps < size - start ? taps : size - start;
  return low < high ? (struct tap_range){low, high} : (struct tap_range){0, 0};
}

/* Widens the range [first, end), empty where they are equal. */
static void widen(struct tap_range more, int32_t *first, int32_t *end) {
  if (more.first >= more.end) return;
  if (*first >= *end) {
    *first = more.first;
    *end = more.end;
    return;
  }
  if (more.first < *first) *first = more.first;
  if (more.end > *end) *end = more.end;
}

static void add_position(
    const struct correlation *c, struct position_tile *tile, int32_t row, int32_t column) {
  const int32_t y = c->first_y + row * c->step_y, x = c->first_x + column * c->step_x;
  tile->source[tile->count] = (y + c->frame_top) * c->frame_width + x + c->frame_left;
  tile->destination[tile->count] =
      c->destination_first + row * c->destination_row + column * c->destination_column;
  tile->count++;
  widen(taps_at(y, c->taps_y, c->source_height), &tile->y0, &tile->y1);
  widen(taps_at(x, c->taps_x, c->source_width), &tile->x0, &tile->x1);
}

/* Products that the tiles take, with something for the start of each. */
static int64_t tiles_cost(const struct position_tile *tiles, int64_t count) {
  int64_t cost = 0;
  for (int64_t t = 0; t < count; t++) {
    const int64_t taps =
        (int64_t)(tiles[t].y1 - tiles[t].y0) * (tiles[t].x1 - tiles[t].x0);
    cost += taps * tiles[t].count + 1;
  }
  return cost;
}

/* Positions one after the other, from row to row. */
static int64_t tiles_in_order(
    const struct correlation *c, int32_t columns, struct position_tile *tiles) {
  const int64_t positions = correlation_positions(c);
  for (int64_t p = 0; p < positions; p++) {
    struct position_tile *tile = &tiles[p / columns];
    if (p % columns == 0) memset(tile, 0, sizeof *tile);
    add_position(c, tile, (int32_t)(p / c->columns), (int32_t)(p % c->columns));
  }
  return (positions + columns - 1) / columns;
}

/* One cell of at most side x side positions in tiles of height x width. */
static int64_t tiles_of_cell(
    const struct correlation *c, int32_t row, int32_t column, int32_t side, int32_t height,
    int32_t width, struct position_tile *tiles) {
  const int32_t rows = c->rows - row < side ? c->rows - row : side;
  const int32_t columns = c->columns - column < side ? c->columns - column : side;
  int64_t count = 0;
  for (int32_t y = 0; y < rows; y += height) {
    for (int32_t x = 0; x < columns; x += width) {
      struct position_tile *tile = &tiles[count++];
      memset(tile, 0, sizeof *tile);
      for (int32_t i = y; i < y + height && i < rows; i++) {
        for (int32_t j = x; j < x + width && j < columns; j++) {
          add_position(c, tile, row + i, column + j);
        }
      }
    }
  }
  return count;
}

/* Square cells, each in tiles that lie, stand or are square, whichever wastes least: near a corner
   of the source neighbouring positions meet different taps, near its edges only in one direction. */
static int64_t tiles_in_cells(
    const struct correlation *c, int32_t side, struct position_tile *tiles) {
  const int32_t shapes[][2] = {{1, side}, {side, 1}, {2, side / 2}};
  int64_t total = 0;
  for (int32_t row = 0; row < c->rows; row += side) {
    for (int32_t column = 0; column < c->columns; column += side) {
      int64_t least = INT64_MAX;
      int best = 0;
      for (int s = 0; s < (side >= 4 ? 3 : 2); s++) {
        const int64_t count = tiles_of_cell(c, row, column, side, shapes[s][0], shapes[s][1],
                                            tiles + total);
        const int64_t cost = tiles_cost(tiles + total, count);
        if (cost >= least) continue;
        least = cost;
        best = s;
      }
      total += tiles_of_cell(c, row, column, side, shapes[best][0], shapes[best][1],
                             tiles + total);
    }
  }
  return total;
}

int64_t correlation_tiles(
    const struct correlation *c, int32_t columns, struct position_tile *tiles) {
  if (correlation_positions(c) == 0) return 0;
  int64_t count = tiles_in_cells(c, columns, tiles);
  const int64_t cost = tiles_cost(tiles, count);
  count = tiles_in_order(c, columns, tiles);
  if (cost < tiles_cost(tiles, count)) count = tiles_in_cells(c, columns, tiles);
  tiles[count - 1].is_last = 1;
  return count;
}

int64_t correlation_tile_total(const struct correlation *c, const struct position_tile *tiles) {
  if (correlation_positions(c) == 0) return 0;
  int64_t count = 1;
  while (!tiles[count - 1].is_last) count++;
  return count;
}

void copy_into_frame(const struct correlation *c, const float *source, float *frame) {
  const int64_t width = c->frame_width * lane_count;
  const int64_t inner = c->source_width * lane_count, left = c->frame_left * lane_count;
  const size_t row_size = (size_t)width * sizeof(float);
  for (int32_t channel = 0; channel < c->source_channels; channel++) {
    for (int32_t y = 0; y < c->frame_height; y++, frame += width) {
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

int64_t weight_gradient_group(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  const int64_t vectors = shape->in_channels * frame_plane(&forward) +
                          shape->out_channels * correlation_positions(&forward);
  const int64_t cache = 512 * 1024 / (lane_count * (int64_t)sizeof(float));
  const int64_t group = vectors > 0 ? cache / vectors : 1;
  return group < 1 ? 1 : group > 64 ? 64 : group;
}

static int64_t at_least(int64_t a, int64_t b) { return a > b ? a : b; }

size_t wbk_convolution_scratch(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  const struct correlation backward = correlation_of_phase(shape, 0, 0);
  const int64_t weights = correlation_taps(&forward) * shape->out_channels;
  /* Variants may take one position a tile; the phases share out the input plane. */
  const int64_t tiles = at_least(correlation_positions(&forward),
                                 (int64_t)shape->in_height * shape->in_width);
  const int64_t tile_floats = sizeof(struct position_tile) / sizeof(float);
  const int64_t input = shape->in_channels * frame_plane(&forward);
  const int64_t output = shape->out_channels * frame_plane(&backward);
  const int64_t framed = at_least(weight_gradient_group(shape) * input, output);
  return (size_t)(weights + tiles * tile_floats + framed * lane_count + lane_count);
}
