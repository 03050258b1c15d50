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

static void kernel_nonzeros_of_transposed(
    int64_t first, int64_t end, int64_t rows, int64_t columns, const float *matrix, int32_t *count,
    int32_t *column, float *values) {
  memset(count + first, 0, (size_t)(end - first) * sizeof *count);
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t lane = first; lane < end; lane += LANES) {
      const float *from = matrix + row * columns + lane;
      for (uint64_t bits = live_bits(from); bits; bits &= bits - 1) {
        const int i = __builtin_ctzll(bits);
        const int64_t place = (lane + i) * rows + count[lane + i]++;
        column[place] = (int32_t)row;
        values[place] = from[i];
      }
    }
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

typedef void nonzero_rows_function(const wbk_nonzeros *a, struct nonzero_panel part);

static nonzero_rows_function *const nonzero_rows_functions[] = {
    [1] = nonzero_rows_1,
    [2] = nonzero_rows_2,
#if TILE_LANES >= 8
    [4] = nonzero_rows_4,
#endif
};

/* Vectors of a panel that is as narrow as holds what is left of the columns. */
INLINE int64_t nonzero_vectors(int64_t columns) {
  int64_t vectors = NONZERO_VECTORS;
  while (vectors > 1 && vectors / 2 * LANES >= columns) vectors /= 2;
  return vectors;
}

/* Blocks that the inner dimension is cut into, as that of a dense product is. */
INLINE int64_t nonzero_blocks(int64_t inner) {
  return inner > 0 ? (inner + WBK_PRODUCT_DEPTH - 1) / WBK_PRODUCT_DEPTH : 1;
}

static void kernel_multiply_nonzeros(
    const wbk_nonzeros *a, int64_t columns, const float *b, float keeping, float *c,
    int64_t c_row, float *scratch) {
  float *panel = aligned_scratch(scratch);
  const int64_t inner = a->columns, blocks = nonzero_blocks(inner);
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t first = inner * block / blocks, end = inner * (block + 1) / blocks;
    for (int64_t j = 0, width; j < columns; j += width) {
      const int64_t vectors = nonzero_vectors(columns - j);
      width = vectors * LANES;
      const int64_t rest = columns - j < width ? columns - j : width;
      fill_panel_single(end - first, rest, width, b + j * inner + first, 1, inner, panel);
      nonzero_rows_functions[vectors](a, (struct nonzero_panel){.panel = panel,
                                                                .first = first,
                                                                .end = end,
                                                                .width = rest,
                                                                .keeping = block == 0 ? keeping : 1,
                                                                .c = c + j,
                                                                .c_row = c_row});
    }
  }
}

/* c = tile, or c + tile, transposed: LANES rows of the tile, `width` apart, whose first `columns` count. */
INLINE void put_transposed(
    const float *tile, int64_t width, int64_t columns, int adds, float *c, int64_t c_row) {
  for (int64_t j = 0; j < columns; j += TILE_LANES) {
    const int64_t count = columns - j < TILE_LANES ? columns - j : TILE_LANES;
    UNROLL for (int part = 0; part < LANES; part += TILE_LANES) {
      register_of_single square[TILE_LANES];
      UNROLL for (int i = 0; i < TILE_LANES; i++) {
        square[i] = *(const register_at_single *)(tile + (part + i) * width + j);
      }
      transpose_single(square);
      UNROLL for (int i = 0; i < TILE_LANES; i++) {
        if (i >= count) continue;
        register_at_single *to = (register_at_single *)(c + (j + i) * c_row + part);
        *to = adds ? *to + square[i] : square[i];
      }
    }
  }
}

static void kernel_multiply_nonzeros_transposed(
    const wbk_nonzeros *a, int64_t columns, const float *b, int64_t b_row, float *c,
    float *scratch) {
  float *panel = aligned_scratch(scratch);
  float *tile = panel + WBK_PRODUCT_DEPTH * WBK_PRODUCT_PANEL;
  const int64_t inner = a->columns, blocks = nonzero_blocks(inner);
  for (int64_t block = 0; block < blocks; block++) {
    const int64_t first = inner * block / blocks, end = inner * (block + 1) / blocks;
    for (int64_t j = 0, width; j < columns; j += width) {
      const int64_t vectors = nonzero_vectors(columns - j);
      width = vectors * LANES;
      const int64_t rest = columns - j < width ? columns - j : width;
      fill_panel_single(end - first, rest, width, b + first * b_row + j, b_row, 1, panel);
      for (int64_t row = 0; row < a->rows; row += LANES) {
        const wbk_nonzeros rows = {.rows = LANES,
                                   .columns = inner,
                                   .count = a->count + row,
                                   .column = a->column + row * inner,
                                   .values = a->values + row * inner};
        nonzero_rows_functions[vectors](&rows, (struct nonzero_panel){.panel = panel,
                                                                      .first = first,
                                                                      .end = end,
                                                                      .width = width,
                                                                      .keeping = 0,
                                                                      .c = tile,
                                                                      .c_row = width});
        put_transposed(tile, width, rest, block > 0, c + j * a->rows + row, a->rows);
      }
    }
  }
}
