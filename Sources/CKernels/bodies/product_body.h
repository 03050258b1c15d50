/* The body of product.h for one type: REAL, and OF(name) for this type's name of a thing. */

#define REGISTER_LANES (TILE_LANES * 4 / (int)sizeof(REAL))
#define PANEL_WIDTH (PRODUCT_VECTORS * REGISTER_LANES)

/* Where a tile's sums go: c = start + keeping * c + factor * sum. */
struct OF(tile_target) {
  REAL *c;
  int64_t c_row, width; /* columns that c has, at most those of the tile */
  const REAL *start;    /* one a row; null for none */
  REAL keeping, factor; /* with 0, what c held does not matter */
};

INLINE void OF(product_tile)(
    const int rows, const int vectors, int64_t inner, const REAL *a, int64_t a_row,
    int64_t a_column, const REAL *panel, int64_t panel_row,
    const struct OF(tile_target) *target) {
  typedef OF(register_of) vector;
  vector sums[PRODUCT_ROWS][PRODUCT_VECTORS] = {{{0}}};
  const REAL *row[PRODUCT_ROWS];
  UNROLL for (int i = 0; i < rows; i++) row[i] = a + i * a_row;
  if (OF(FETCHES_AHEAD)) {
    UNROLL for (int i = 0; i < rows; i++) {
      const REAL *c = target->c + i * target->c_row;
      UNROLL for (int j = 0; j < vectors; j++) __builtin_prefetch(c + j * REGISTER_LANES, 1);
      __builtin_prefetch(c + target->width - 1, 1);
    }
  }
  for (int64_t k = 0; k < inner; k++, panel += panel_row) {
    vector values[PRODUCT_VECTORS];
    UNROLL for (int j = 0; j < vectors; j++) {
      values[j] = *(const OF(register_at) *)(panel + j * REGISTER_LANES);
    }
    UNROLL for (int i = 0; i < rows; i++) {
      const vector factor = row[i][k * a_column] - (vector){0};
      UNROLL for (int j = 0; j < vectors; j++) sums[i][j] += factor * values[j];
    }
  }
  const int is_whole = target->width == vectors * REGISTER_LANES;
  UNROLL for (int i = 0; i < rows; i++) {
    REAL *c = target->c + i * target->c_row;
    const REAL start = target->start ? target->start[i] : 0;
    if (is_whole) {
      UNROLL for (int j = 0; j < vectors; j++) {
        OF(register_at) *at = (OF(register_at) *)(c + j * REGISTER_LANES);
        vector sum = start + target->factor * sums[i][j];
        if (target->keeping != 0) sum += target->keeping * *at;
        *at = sum;
      }
    } else {
      REAL sum[PANEL_WIDTH];
      memcpy(sum, sums[i], sizeof sum);
      for (int64_t j = 0; j < target->width; j++) {
        const REAL kept = target->keeping != 0 ? target->keeping * c[j] : 0;
        c[j] = (start + target->factor * sum[j]) + kept;
      }
    }
  }
}

typedef void OF(tile_function)(
    int64_t inner, const REAL *a, int64_t a_row, int64_t a_column, const REAL *panel,
    int64_t panel_row, const struct OF(tile_target) *target);

#define PRODUCT_TILE(rows, vectors)                                                        \
  static void OF(product_tile_##rows##_##vectors)(                                         \
      int64_t inner, const REAL *a, int64_t a_row, int64_t a_column, const REAL *panel,    \
      int64_t panel_row, const struct OF(tile_target) *target) {                           \
    OF(product_tile)(rows, vectors, inner, a, a_row, a_column, panel, panel_row, target);  \
  }
#define PRODUCT_ENTRY(rows, vectors) [rows - 1] = OF(product_tile_##rows##_##vectors),

FOR_EACH_PRODUCT_ROWS(PRODUCT_TILE, 1)
FOR_EACH_PRODUCT_ROWS(PRODUCT_TILE, 2)
#if PRODUCT_VECTORS == 4
FOR_EACH_PRODUCT_ROWS(PRODUCT_TILE, 4)
#endif

static OF(tile_function) *const OF(tile_functions)[PRODUCT_VECTORS][PRODUCT_ROWS] = {
    [0] = {FOR_EACH_PRODUCT_ROWS(PRODUCT_ENTRY, 1)},
    [1] = {FOR_EACH_PRODUCT_ROWS(PRODUCT_ENTRY, 2)},
#if PRODUCT_VECTORS == 4
    [3] = {FOR_EACH_PRODUCT_ROWS(PRODUCT_ENTRY, 4)},
#endif
};

/* Vectors of the tile that covers `columns`: 1, 2 or all. */
INLINE int OF(vectors_for)(int64_t columns) {
  return columns <= REGISTER_LANES ? 1 : columns <= 2 * REGISTER_LANES ? 2 : PRODUCT_VECTORS;
}

/* panel[k][j] = b(k, j) for inner x width elements, zeros behind the last of `columns`. */
INLINE void OF(fill_panel)(
    int64_t inner, int64_t columns, int64_t width, const REAL *b, int64_t b_row, int64_t b_column,
    REAL *panel) {
  if (b_column == 1) {
    for (int64_t k = 0; k < inner; k++) {
      const REAL *from = b + k * b_row;
      REAL *to = panel + k * width;
      int64_t j = 0;
      for (; j + REGISTER_LANES <= columns; j += REGISTER_LANES) {
        __builtin_prefetch(from + LINES_FETCHED_AHEAD * b_row + j);
        *(OF(register_at) *)(to + j) = *(const OF(register_at) *)(from + j);
      }
      for (; j < columns; j++) to[j] = from[j];
      for (; j < width; j++) to[j] = 0;
    }
    return;
  }
  for (int64_t j = 0; j < width; j += REGISTER_LANES) {
    int64_t k = 0;
    if (j + REGISTER_LANES <= columns && width - j >= REGISTER_LANES) {
      for (; k + REGISTER_LANES <= inner; k += REGISTER_LANES) {
        OF(register_of) tile[REGISTER_LANES];
        UNROLL for (int i = 0; i < REGISTER_LANES; i++) {
          tile[i] = *(const OF(register_at) *)(b + (j + i) * b_column + k * b_row);
        }
        OF(transpose)(tile);
        UNROLL for (int i = 0; i < REGISTER_LANES; i++) {
          *(OF(register_at) *)(panel + (k + i) * width + j) = tile[i];
        }
      }
    }
    const int64_t end = j + REGISTER_LANES < width ? j + REGISTER_LANES : width;
    for (; k < inner; k++) {
      for (int64_t i = j; i < end; i++) {
        panel[k * width + i] = i < columns ? b[i * b_column + k * b_row] : 0;
      }
    }
  }
}

/* A tile's rows of a transposed left matrix side by side: packed[k][i]. */
INLINE void OF(pack_tile)(
    const int rows, int64_t inner, const REAL *a, int64_t a_column, REAL *packed) {
  for (int64_t k = 0; k < inner; k++) {
    for (int i = 0; i < rows; i++) packed[k * rows + i] = a[k * a_column + i];
  }
}

/* All tiles' rows, tile by tile. So few lines of the matrix are gone along at a time that the processor
   sees what comes next. */
INLINE void OF(pack_rows)(
    int64_t rows, int64_t inner, const REAL *a, int64_t a_column, REAL *packed) {
  for (int64_t k = 0; k < inner; k += LINES_AT_A_TIME) {
    const int64_t lines = inner - k < LINES_AT_A_TIME ? inner - k : LINES_AT_A_TIME;
    const REAL *from = a + k * a_column;
    int64_t i = 0;
    for (; i + PRODUCT_ROWS <= rows; i += PRODUCT_ROWS) {
      OF(pack_tile)(PRODUCT_ROWS, lines, from + i, a_column, packed + i * inner + k * PRODUCT_ROWS);
    }
    const int rest = (int)(rows - i);
    if (rest > 0) OF(pack_tile)(rest, lines, from + i, a_column, packed + i * inner + k * rest);
  }
}

/* Neighbouring panels of `columns` in all, one behind the other. */
INLINE void OF(fill_panels)(
    int64_t inner, int64_t columns, const REAL *b, int64_t b_row, int64_t b_column, REAL *panels) {
  const int64_t at_a_time = b_column == 1 ? LINES_AT_A_TIME : inner;
  for (int64_t k = 0; k < inner; k += at_a_time) {
    const int64_t lines = inner - k < at_a_time ? inner - k : at_a_time;
    for (int64_t j = 0, width; j < columns; j += width) {
      width = OF(vectors_for)(columns - j) * REGISTER_LANES;
      OF(fill_panel)(lines, columns - j < width ? columns - j : width, width,
                     b + k * b_row + j * b_column, b_row, b_column, panels + j * inner + k * width);
    }
  }
}

/* The rows of one band, one block of the inner dimension, and some panels of columns. */
INLINE void OF(multiply_band)(
    int64_t rows, int64_t columns, int64_t depth, const REAL *a, int64_t a_row, int64_t a_column,
    const REAL *b, int64_t b_row, int64_t b_column, struct OF(tile_target) target, REAL *scratch) {
  REAL *panels = (REAL *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
  REAL *packed = panels + depth * WBK_PRODUCT_PANEL;
  if (a_column != 1) OF(pack_rows)(rows, depth, a, a_column, packed);
  REAL *const c = target.c;
  const REAL *const start = target.start;
  for (int64_t j = 0; j < columns;) {
    struct {
      const REAL *from;
      int64_t from_row, column, width;
      int vectors;
    } panel[PANELS_TOGETHER];
    int together = 0;
    do {
      const int vectors = OF(vectors_for)(columns - j);
      const int64_t width = vectors * REGISTER_LANES;
      const int64_t rest = columns - j < width ? columns - j : width;
      /* Where one tile of rows passes by, a whole panel is read where it lies. */
      const int is_filled = rows > PRODUCT_ROWS || b_column != 1 || rest < width;
      const int64_t place = j % WBK_PRODUCT_PANEL;
      if (is_filled && (place == 0 || (b_column == 1 && rows <= PRODUCT_ROWS))) {
        const int64_t group = WBK_PRODUCT_PANEL - place;
        OF(fill_panels)(depth, columns - j < group ? columns - j : group, b + j * b_column, b_row,
                        b_column, panels + place * depth);
      }
      panel[together].from = is_filled ? panels + place * depth : b + j * b_column;
      panel[together].from_row = is_filled ? width : b_row;
      panel[together].column = j;
      panel[together].width = rest;
      panel[together].vectors = vectors;
      j += width;
    } while (++together < PANELS_TOGETHER && j < columns && j % WBK_PRODUCT_PANEL != 0);
    for (int64_t i = 0; i < rows; i += PRODUCT_ROWS) {
      const int count = rows - i < PRODUCT_ROWS ? (int)(rows - i) : PRODUCT_ROWS;
      const REAL *tile_rows = a_column == 1 ? a + i * a_row : packed + i * depth;
      const int64_t tile_row = a_column == 1 ? a_row : 1, tile_column = a_column == 1 ? 1 : count;
      target.start = start ? start + i : NULL;
      for (int p = 0; p < together; p++) {
        target.c = c + i * target.c_row + panel[p].column;
        target.width = panel[p].width;
        OF(tile_functions)[panel[p].vectors - 1][count - 1](
            depth, tile_rows, tile_row, tile_column, panel[p].from, panel[p].from_row, &target);
      }
    }
  }
}

static void OF(kernel_multiply)(
    int64_t rows, int64_t columns, int64_t inner, REAL factor, const REAL *a, int64_t a_row,
    int64_t a_column, const REAL *b, int64_t b_row, int64_t b_column, REAL keeping,
    const REAL *start, REAL *c, int64_t c_row, REAL *scratch) {
  const int64_t blocks = inner > 0 ? (inner + WBK_PRODUCT_DEPTH - 1) / WBK_PRODUCT_DEPTH : 1;
  const int64_t most_columns = OF(PRODUCT_COLUMNS);
  /* As few bands as there have to be, and one as high as the others. */
  const int64_t bands = rows > OF(BAND) ? (rows + OF(BAND) - 1) / OF(BAND) : 1;
  const int64_t tiles = (rows + PRODUCT_ROWS - 1) / PRODUCT_ROWS;
  const int64_t most_rows = (tiles + bands - 1) / bands * PRODUCT_ROWS;
  for (int64_t j = 0; j < columns; j += most_columns) {
    const int64_t width = columns - j < most_columns ? columns - j : most_columns;
    for (int64_t i = 0; i < rows; i += most_rows) {
      const int64_t height = rows - i < most_rows ? rows - i : most_rows;
      for (int64_t block = 0; block < blocks; block++) {
        const int64_t k = inner * block / blocks;
        const struct OF(tile_target) target = {
            .c = c + i * c_row + j,
            .c_row = c_row,
            .start = start && block == 0 ? start + i : NULL,
            .keeping = block == 0 ? keeping : 1,
            .factor = factor};
        OF(multiply_band)(height, width, inner * (block + 1) / blocks - k,
                          a + i * a_row + k * a_column, a_row, a_column,
                          b + k * b_row + j * b_column, b_row, b_column, target, scratch);
      }
    }
  }
}

#undef REGISTER_LANES
#undef PANEL_WIDTH
#undef PRODUCT_TILE
#undef PRODUCT_ENTRY
