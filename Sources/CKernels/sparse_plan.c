#include "sparse_plan.h"

#include <string.h>

/* A plan is a table of where the parts begin, one for the forward product and one for each phase. A part
   is a table of where the lists of its runs of columns begin; a list is start, offset, weight. */
static int32_t part_count(const wbk_convolution *shape) {
  return 1 + shape->stride_y * shape->stride_x;
}

static struct correlation part_correlation(const wbk_convolution *shape, int32_t phase) {
  return phase < 0 ? correlation_forward(shape)
                   : correlation_of_phase(shape, phase / shape->stride_x, phase % shape->stride_x);
}

static int64_t group_count(const struct correlation *c) { return (int64_t)c->channels * c->taps_y; }

static int32_t run_count(const struct correlation *c) {
  int32_t count = 0;
  for (int32_t first = 0; first < c->columns; count++) first = correlation_column_run(c, first).end;
  return count;
}

size_t wbk_sparse_convolution_plan_size(const wbk_convolution *shape, int64_t entries) {
  size_t size = (size_t)part_count(shape);
  /* An entry is in one phase, and there in no more lists than there are runs. */
  int32_t forward_runs = 0, most_runs = 0;
  for (int32_t phase = -1; phase < part_count(shape) - 1; phase++) {
    const struct correlation c = part_correlation(shape, phase);
    const int32_t runs = run_count(&c);
    size += (size_t)runs * (size_t)(group_count(&c) + 2);
    if (phase < 0) {
      forward_runs = runs;
    } else if (runs > most_runs) {
      most_runs = runs;
    }
  }
  /* And room to build the last list. */
  return size + (size_t)(2 * (forward_runs + most_runs) + 1) * (size_t)entries;
}

/* A live weight as one correlation sees it; channel is -1 when it belongs to another phase. */
struct tap {
  int32_t channel, y, x, offset;
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
      return (struct tap){.channel = -1};
    }
    /* The kernel runs backwards. */
    y = c->taps_y - 1 - y / shape->stride_y;
    x = c->taps_x - 1 - x / shape->stride_x;
    channel = input;
    source = row;
  }
  const int64_t offset = ((int64_t)source * c->source_height + y) * c->source_width + x;
  return (struct tap){.channel = channel, .y = y, .x = x, .offset = (int32_t)offset};
}

/* Fills the list of one run by counting; returns its number of entries. */
static int32_t fill_list(
    const wbk_convolution *shape, const wbk_sparse *weights, const struct correlation *c,
    int32_t phase, struct correlation_run run, int32_t *start, int32_t *offset, int32_t *weight) {
  const int64_t groups = group_count(c);
  memset(start, 0, (size_t)(groups + 1) * sizeof *start);
  for (int pass = 0; pass < 2; pass++) {
    for (int32_t row = 0; row < weights->rows; row++) {
      for (int32_t k = weights->start[row]; k < weights->start[row + 1]; k++) {
        const struct tap tap = find_tap(shape, c, phase, row, weights->column[k]);
        if (tap.channel < 0 || tap.x < run.first_tap || tap.x >= run.end_tap) continue;
        const int64_t group = (int64_t)tap.channel * c->taps_y + tap.y;
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
  /* The number of entries is known only afterwards: offsets go to their place, the weights' numbers
     behind all that could be, and then after the offsets. */
  const int32_t most = weights->start[weights->rows];
  for (int32_t phase = -1; phase < part_count(shape) - 1; phase++) {
    const struct correlation c = part_correlation(shape, phase);
    int32_t *list = next;
    plan[phase + 1] = (int32_t)(list - plan);
    next += run_count(&c);
    for (int32_t column = 0; column < c.columns;) {
      const struct correlation_run run = correlation_column_run(&c, column);
      *list++ = (int32_t)(next - plan);
      int32_t *entries = next + group_count(&c) + 1;
      const int32_t count =
          fill_list(shape, weights, &c, phase, run, next, entries, entries + most);
      memmove(entries + count, entries + most, (size_t)count * sizeof *entries);
      next = entries + 2 * (int64_t)count;
      column = run.end;
    }
  }
}

struct sparse_taps sparse_plan_taps(
    const struct correlation *c, const int32_t *plan, int32_t phase, int32_t run) {
  const int32_t *start = plan + plan[plan[phase + 1] + run];
  const int64_t groups = group_count(c);
  const int32_t *offset = start + groups + 1;
  return (struct sparse_taps){start, offset, offset + start[groups]};
}
