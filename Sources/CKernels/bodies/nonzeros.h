/* Products whose left matrix is mostly zeros that change with every batch, as the gradients behind a
   rectifier are. A row meets a panel of the right matrix only where it is not 0: what is left out would
   have added 0, so the bits are those of the dense product. */

static void kernel_nonzeros_of(
    int64_t first, int64_t end, int64_t columns, const float *matrix, int32_t *count,
    int32_t *column, float *values) {
  for (int64_t row = first; row < end; row++) {
    const int64_t start = row * columns;
    int64_t found = 0;
    kernel_live_places(columns, matrix + start, column + start, &found);
    for (int64_t k = start; k < start + found; k++) values[k] = matrix[start + column[k]];
    count[row] = (int32_t)found;
  }
}

/* Vectors of a panel: as wide as the scratch has room for, or what 16 small registers hold. */
#define NONZERO_VECTORS (TILE_LANES >= 8 ? WBK_PRODUCT_PANEL / LANES : 2)

/* How many of the rising columns are below `end`. */
INLINE int64_t columns_below(int64_t count, const int32_t *column, int64_t end) {
  int64_t low = 0;
  while (low < count) {
    const int64_t middle = low + (count - low) / 2;
    if (column[middle] < end) {
      low = middle + 1;
    } else {
      count = middle;
    }
  }
  return low;
}

/* One panel of the right matrix, of the inner dimension's first ..< end, and where its sums go. */
struct nonzero_panel {
  const float *panel;
  int64_t first, end, width;
  float keeping;
  float *c;
  int64_t c_row;
};

INLINE void nonzero_rows(
    const int vectors, const wbk_nonzeros *a, struct nonzero_panel part) {
  for (int64_t row = 0; row < a->rows; row++, part.c += part.c_row) {
    const int32_t *column = a->column + row * a->columns;
    const float *values = a->values + row * a->columns;
    int64_t k = 0, end = a->count[row];
    if (part.end < a->columns) end = columns_below(end, column, part.end);
    if (part.first > 0) k = columns_below(end, column, part.first);
    v16 sums[NONZERO_VECTORS];
    UNROLL for (int v = 0; v < vectors; v++) sums[v] = splat(0);
    for (; k < end; k++) {
      const v16 factor = splat(values[k]);
      const float *source = part.panel + (column[k] - part.first) * vectors * LANES;
      UNROLL for (int v = 0; v < vectors; v++) sums[v] += factor * load(source + v * LANES);
    }
    UNROLL for (int v = 0; v < vectors; v++) {
      float *c = part.c + v * LANES;
      const int64_t left = part.width - v * LANES;
      if (left >= LANES) {
        store(c, part.keeping != 0 ? sums[v] + splat(part.keeping) * load(c) : sums[v]);
      } else if (left > 0) {
        const v16 sum =
            part.keeping != 0 ? sums[v] + splat(part.keeping) * load_some(c, left) : sums[v];
        store_some(c, sum, left);
      }
    }
  }
}

#define NONZERO_ROWS(vectors)                                                              \
  static void nonzero_rows_##vectors(const wbk_nonzeros *a, struct nonzero_panel part) {   \
    nonzero_rows(vectors, a, part);                                                        \
  }
NONZERO_ROWS(1)
NONZERO_ROWS(2)
#if TILE_LANES >= 8
NONZERO_ROWS(4)
#endif

static void kernel_multiply_nonzeros(
    const wbk_nonzeros *a, int64_t columns, const float *b, float keeping, float *c,
    int64_t c_row, float *scratch) {
  static void (*const functions[])(const wbk_nonzeros *, struct nonzero_panel) = {
      [1] = nonzero_rows_1,
      [2] = nonzero_rows_2,
#if TILE_LANES >= 8
      [4] = nonzero_rows_4,
#endif
  };
  float *panel = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  const int64_t inner = a->columns;
  const int64_t blocks = inner > 0 ? (inner + WBK_PRODUCT_DEPTH - 1) / WBK_PRODUCT_DEPTH : 1;
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t first = inner * block / blocks, end = inner * (block + 1) / blocks;
    for (int64_t j = 0, width; j < columns; j += width) {
      /* As narrow as holds what is left. */
      int64_t vectors = NONZERO_VECTORS;
      while (vectors > 1 && vectors / 2 * LANES >= columns - j) vectors /= 2;
      width = vectors * LANES;
      const int64_t rest = columns - j < width ? columns - j : width;
      fill_panel_single(end - first, rest, width, b + j * inner + first, 1, inner, panel);
      functions[vectors](a, (struct nonzero_panel){.panel = panel,
                                                   .first = first,
                                                   .end = end,
                                                   .width = rest,
                                                   .keeping = block == 0 ? keeping : 1,
                                                   .c = c + j,
                                                   .c_row = c_row});
    }
  }
}
