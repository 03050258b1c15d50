/* The positions of a correlation that meet the same taps: by axis, and in tiles. */
#include "correlation.h"

/* The run that begins at `first`, along an axis of `count` destinations. */
static struct correlation_run next_run(
    int32_t first, int32_t count, int32_t origin, int32_t step, int32_t taps, int32_t size) {
  struct correlation_run run = {.first = first, .end = first};
  for (; run.end < count; run.end++) {
    const int32_t start = origin + run.end * step;
    int32_t low = start < 0 ? -start : 0;
    int32_t high = taps < size - start ? taps : size - start;
    if (low >= high) low = high = 0;
    if (run.end == first) {
      run.first_tap = low;
      run.end_tap = high;
      run.source = low < high ? start + low : 0;
    } else if (low != run.first_tap || high != run.end_tap) {
      break;
    }
  }
  return run;
}

struct correlation_run correlation_row_run(const struct correlation *c, int32_t first) {
  return next_run(first, c->rows, c->first_y, c->step_y, c->taps_y, c->source_height);
}

struct correlation_run correlation_column_run(const struct correlation *c, int32_t first) {
  return next_run(first, c->columns, c->first_x, c->step_x, c->taps_x, c->source_width);
}

/* Those of `count` destinations along an axis that find `reach` neighbours in the source from `origin` on. */
static struct correlation_span span_inside(
    int32_t origin, int32_t step, int32_t reach, int32_t size, int32_t count) {
  const int32_t last = size - reach - origin;
  struct correlation_span span = {.first = origin < 0 ? tile_count(-origin, step) : 0,
                                  .end = last < 0 ? 0 : last / step + 1};
  if (span.end > count) span.end = count;
  if (span.first > span.end) span.first = span.end;
  return span;
}

struct correlation_inside correlation_inside(const struct correlation *c) {
  return (struct correlation_inside){
      span_inside(c->first_y, c->step_y, c->taps_y, c->source_height, c->rows),
      span_inside(c->first_x, c->step_x, c->taps_x, c->source_width, c->columns)};
}

struct correlation_span correlation_tap_columns(const struct correlation *c, int32_t x) {
  return span_inside(c->first_x + x, c->step_x, 1, c->source_width, c->columns);
}

/* Tiles the positions of some rows and columns, from row to row. */
static int64_t tiles_of_runs(
    const struct correlation *c, int32_t most, const struct correlation_run *rows,
    const struct correlation_run *columns, struct position_tile *tiles) {
  const int32_t width = columns->end - columns->first;
  const int32_t positions = width * (rows->end - rows->first);
  const int has_taps =
      rows->first_tap < rows->end_tap && columns->first_tap < columns->end_tap;
  for (int32_t p = 0; p < positions; p++) {
    struct position_tile *tile = &tiles[p / most];
    if (p % most == 0) {
      *tile = (struct position_tile){
          .y0 = rows->first_tap, .y1 = rows->end_tap, .x0 = columns->first_tap, .x1 = columns->end_tap};
    }
    const int32_t row = p / width, column = p % width;
    tile->source[tile->count] =
        has_taps ? (rows->source + row * c->step_y) * c->source_width + columns->source +
                       column * c->step_x
                 : 0;
    tile->destination[tile->count] = c->destination_first +
                                     (rows->first + row) * c->destination_row +
                                     (columns->first + column) * c->destination_column;
    tile->count++;
  }
  return tile_count(positions, most);
}

int64_t correlation_tiles(
    const struct correlation *c, int32_t most, struct position_tile *tiles) {
  int64_t count = 0;
  for (int32_t row = 0; row < c->rows;) {
    const struct correlation_run rows = correlation_row_run(c, row);
    for (int32_t column = 0; column < c->columns;) {
      const struct correlation_run columns = correlation_column_run(c, column);
      count += tiles_of_runs(c, most, &rows, &columns, tiles + count);
      column = columns.end;
    }
    row = rows.end;
  }
  if (count > 0) tiles[count - 1].is_last = 1;
  return count;
}

int64_t correlation_tile_total(const struct correlation *c, const struct position_tile *tiles) {
  if (correlation_positions(c) == 0) return 0;
  int64_t count = 1;
  while (!tiles[count - 1].is_last) count++;
  return count;
}
