#include "sparse_plan.h"

#include <string.h>

/* A plan is a table of where the parts begin, one for the forward product and one for each phase,
   then the parts: start, offset, weight, the entries of all phases one after the other. */
static int32_t part_count(const wbk_convolution *shape) {
  return 1 + shape->stride_y * shape->stride_x;
}

static struct correlation part_correlation(const wbk_convolution *shape, int32_t phase) {
  return phase < 0 ? correlation_forward(shape)
                   : correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
}

static int64_t group_count(const struct correlation *c) { return (int64_t)c->channels * c->taps_y; }

size_t wbk_sparse_convolution_plan_size(const wbk_convolution *shape, int64_t entries) {
  /* Twice the entries for the forward product and for all phases, and room to build the last. */
  size_t size = (size_t)part_count(shape) + 5 * (size_t)entries;
  for (int32_t phase = -1; phase < part_count(shape) - 1; phase++) {
    const struct correlation c = part_correlation(shape, phase);
    size += (size_t)group_count(&c) + 1;
  }
  return size;
}

/* A live weight as one correlation sees it; channel is -1 when it belongs to another phase. */
struct tap {
  int32_t channel, y, offset;
};

static struct tap find_tap(
    const wbk_convolution *shape, const struct correlation *c, int32_t phase, int32_t row,
    int32_t column) {
  const int32_t kernel = shape->kernel_height * shape->kernel_width;
  const int32_t input = column / kernel;
  int32_t y = column % kernel / shape->kernel_width, x = column % shape->kernel_width;
  int32_t channel = row, source = input;
  if (phase >= 0) {
    const int32_t phase_y = phase / shape->stride_x, phase_x = phase % shape->stride_x;
    if (y % shape->stride_y != phase_y || x % shape->stride_x != phase_x) {
      return (struct tap){-1, 0, 0};
    }
    /* The kernel runs backwards. */
    y = c->taps_y - 1 - y / shape->stride_y;
    x = c->taps_x - 1 - x / shape->stride_x;
    channel = input;
    source = row;
  }
  const int64_t offset = source * frame_plane(c) + (int64_t)y * c->frame_width + x;
  return (struct tap){channel, y, (int32_t)offset};
}

/* Fills one part by counting; returns its number of entries. */
static int32_t plan_part(
    const wbk_convolution *shape, const wbk_sparse *weights, int32_t phase, int32_t *start,
    int32_t *offset, int32_t *weight) {
  const struct correlation c = part_correlation(shape, phase);
  const int64_t groups = group_count(&c);
  memset(start, 0, (size_t)(groups + 1) * sizeof *start);
  for (int pass = 0; pass < 2; pass++) {
    for (int32_t row = 0; row < weights->rows; row++) {
      for (int32_t k = weights->start[row]; k < weights->start[row + 1]; k++) {
        const struct tap tap = find_tap(shape, &c, phase, row, weights->column[k]);
        if (tap.channel < 0) continue;
        const int64_t group = (int64_t)tap.channel * c.taps_y + tap.y;
        if (pass == 0) {
          start[group + 1]++;
          continue;
        }
        const int32_t place = start[group]++;
        offset[place] = tap.offset;
        weight[place] = k;
      }
    }
    if (pass == 0) {
      for (int64_t g = 0; g < groups; g++) start[g + 1] += start[g];
    }
  }
  /* The second pass left each group's end in its start. */
  for (int64_t g = groups; g > 0; g--) start[g] = start[g - 1];
  start[0] = 0;
  return start[groups];
}

void wbk_sparse_convolution_plan(
    const wbk_convolution *shape, const wbk_sparse *weights, int32_t *plan) {
  int32_t *next = plan + part_count(shape);
  for (int32_t phase = -1; phase < part_count(shape) - 1; phase++) {
    const struct correlation c = part_correlation(shape, phase);
    plan[phase + 1] = (int32_t)(next - plan);
    int32_t *start = next;
    int32_t *entries = start + group_count(&c) + 1;
    /* The number of entries is known only afterwards: offsets go to their place, the weights' numbers
       behind all that could be, and then after the offsets. */
    const int32_t most = weights->start[weights->rows];
    const int32_t count = plan_part(shape, weights, phase, start, entries, entries + most);
    memmove(entries + count, entries + most, (size_t)count * sizeof *entries);
    next = entries + 2 * (int64_t)count;
  }
}

struct sparse_taps sparse_plan_part(
    const wbk_convolution *shape, const int32_t *plan, int32_t phase) {
  const struct correlation c = part_correlation(shape, phase);
  const int32_t *start = plan + plan[phase + 1];
  const int64_t groups = group_count(&c);
  const int32_t *offset = start + groups + 1;
  return (struct sparse_taps){start, offset, offset + start[groups]};
}

size_t wbk_sparse_convolution_scratch(const wbk_convolution *shape) {
  const struct correlation forward = correlation_forward(shape);
  const struct correlation backward = correlation_of_phase(shape, 0, 0);
  const int64_t input = shape->in_channels * frame_plane(&forward);
  const int64_t output = shape->out_channels * frame_plane(&backward);
  return (size_t)((input > output ? input : output) * WBK_LANES + WBK_LANES);
}
