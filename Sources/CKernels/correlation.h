/* The geometry shared by the forward convolution and its data gradient.

   Both are correlations of a source surrounded by zeros:

     destination[i][row, column] = start[i] +
         sum over channels c and taps (ky, kx) of weight[i][c][ky][kx] *
         source[c][first_y + row * step_y + ky][first_x + column * step_x + kx]

   The forward product is one of them. The data gradient is one for each phase of the stride: the
   input positions that meet the same subset of the kernel, so that nothing is multiplied by the
   zeros that a stride would insert.

   Positions, planes and offsets count vectors of 16 lanes. */
#ifndef WORKBENCH_KERNEL_CORRELATION_H
#define WORKBENCH_KERNEL_CORRELATION_H
#include "kernels.h"

/* The most positions in a register tile of any variant. */
#define MOST_TILE_COLUMNS 4

struct correlation {
  int32_t source_channels, source_height, source_width;
  /* The source inside its frame of zeros, for the weight gradient, of the forward product alone; the frame is
     absent when the sizes are equal. */
  int32_t frame_top, frame_left, frame_height, frame_width;
  int32_t taps_y, taps_x;
  int32_t channels, rows, columns; /* of the destination */
  int32_t step_y, step_x, first_y, first_x;
  int32_t destination_first, destination_row, destination_column, destination_plane;
  /* Where the weight of (channel i, source channel c, ky, kx) lies: first + i * … + c * … */
  int64_t weight_first, weight_channel, weight_source, weight_y, weight_x;
};

/* Neighbouring destination rows, or columns, that meet the same taps, and the source that the first
   of these lies at for the first of them. */
struct correlation_run {
  int32_t first, end;
  int32_t first_tap, end_tap;
  int32_t source;
};

struct correlation_span {
  int32_t first, end;
};

/* The destination rows and columns that meet the source with every tap. */
struct correlation_inside {
  struct correlation_span rows, columns;
};

/* Up to four positions computed together, which meet the same taps: nothing is multiplied by the zeros
   around the source. A source is that of the first of these taps. */
struct position_tile {
  int32_t source[MOST_TILE_COLUMNS], destination[MOST_TILE_COLUMNS];
  int32_t y0, y1, x0, x1;
  int32_t count;
  int32_t is_last; /* of its correlation */
};

struct correlation correlation_forward(const wbk_convolution *shape);
/* The inputs whose (y + padding) % stride is (phase_y, phase_x). */
struct correlation correlation_of_phase(
    const wbk_convolution *shape, int32_t phase_y, int32_t phase_x);

static inline int64_t correlation_taps(const struct correlation *c) {
  return (int64_t)c->source_channels * c->taps_y * c->taps_x;
}
static inline int64_t correlation_positions(const struct correlation *c) {
  return (int64_t)c->rows * c->columns;
}
static inline int64_t frame_plane(const struct correlation *c) {
  return (int64_t)c->frame_height * c->frame_width;
}
static inline int has_frame(const struct correlation *c) {
  return c->frame_height != c->source_height || c->frame_width != c->source_width;
}

/* Tile `index` of `count` things shared evenly among `tiles`: its first thing and its size. */
static inline int32_t tile_first(int32_t count, int32_t tiles, int32_t index) {
  return (int32_t)((int64_t)count * index / tiles);
}
static inline int32_t tile_count(int32_t count, int32_t most) { return (count + most - 1) / most; }

/* The run of rows, or of columns, that begins at `first`. */
struct correlation_run correlation_row_run(const struct correlation *c, int32_t first);
struct correlation_run correlation_column_run(const struct correlation *c, int32_t first);

struct correlation_inside correlation_inside(const struct correlation *c);
/* The destination columns that meet the source with the taps of column `x` of the kernel. */
struct correlation_span correlation_tap_columns(const struct correlation *c, int32_t x);

/* Reorders the weights to [channel tile][source channel][ky][kx][channel of the tile]. */
void correlation_pack(
    const struct correlation *c, int32_t most_channels, const float *weights, float *packed);
/* Fills tiles of at most `most` positions each; returns their number. */
int64_t correlation_tiles(
    const struct correlation *c, int32_t most, struct position_tile *tiles);
/* The number of tiles that were filled for the correlation. */
int64_t correlation_tile_total(const struct correlation *c, const struct position_tile *tiles);

/* Rows of the blocks whose weight gradient is gathered together that one pass takes: about what fits in
   half of a usual second-level cache, and more of small maps. */
int32_t weight_gradient_rows(const wbk_convolution *shape);

/* Copies some rows of the frame of one block, of all its channels, and clears the border. */
void copy_into_frame(
    const struct correlation *c, const float *source, int32_t first, int32_t rows, float *frame);

/* The next multiple of 64 bytes: vectors that cross cache lines cost twice. */
static inline float *aligned_scratch(float *scratch) {
  return (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
}
#endif
