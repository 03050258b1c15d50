/* One register of the variant, and squares of as many registers as it has lanes, transposed in place. Every
   shuffle is one instruction: neighbours are exchanged within 128 bits first, halves of registers last. */

typedef float register_of_single __attribute__((vector_size(TILE_LANES * 4)));
typedef double register_of_double __attribute__((vector_size(TILE_LANES * 4)));
/* At any address of an element. */
typedef float register_at_single
    __attribute__((vector_size(TILE_LANES * 4), aligned(sizeof(float)), may_alias));
typedef double register_at_double
    __attribute__((vector_size(TILE_LANES * 4), aligned(sizeof(double)), may_alias));

#if TILE_LANES == 16

/* Four rounds of interleaving row i with row i + 8. */
INLINE void transpose_single(register_of_single *rows) {
  register_of_single other[16];
#define INTERLEAVE_16(from, to)                                                                 \
  UNROLL for (int i = 0; i < 8; i++) {                                                          \
    to[2 * i] = __builtin_shufflevector(from[i], from[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4,    \
                                        20, 5, 21, 6, 22, 7, 23);                               \
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, \
                                            12, 28, 13, 29, 14, 30, 15, 31);                    \
  }
  INTERLEAVE_16(rows, other)
  INTERLEAVE_16(other, rows)
  INTERLEAVE_16(rows, other)
  INTERLEAVE_16(other, rows)
}

/* Three rounds of interleaving row i with row i + 4. */
INLINE void transpose_double(register_of_double *rows) {
  register_of_double other[8];
#define INTERLEAVE_8(from, to)                                                               \
  UNROLL for (int i = 0; i < 4; i++) {                                                       \
    to[2 * i] = __builtin_shufflevector(from[i], from[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);     \
    to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + 4], 4, 12, 5, 13, 6, 14, 7, 15); \
  }
  INTERLEAVE_8(rows, other)
  INTERLEAVE_8(other, rows)
  INTERLEAVE_8(rows, other)
  UNROLL for (int i = 0; i < 8; i++) rows[i] = other[i];
}

#elif TILE_LANES == 8

INLINE void transpose_single(register_of_single *rows) {
  register_of_single pairs[8], fours[8];
  UNROLL for (int i = 0; i < 8; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLL for (int half = 0; half < 8; half += 4) {
    UNROLL for (int i = 0; i < 2; i++) {
      const register_of_single a = pairs[half + i], b = pairs[half + i + 2];
      fours[half + 2 * i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      fours[half + 2 * i + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  UNROLL for (int i = 0; i < 4; i++) {
    rows[i] = __builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[i + 4] = __builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

INLINE void transpose_double(register_of_double *rows) {
  register_of_double pairs[4];
  UNROLL for (int i = 0; i < 4; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 4, 2, 6);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 5, 3, 7);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    rows[i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 4, 5);
    rows[i + 2] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 6, 7);
  }
}

#else

INLINE void transpose_single(register_of_single *rows) {
  register_of_single pairs[4];
  UNROLL for (int i = 0; i < 4; i += 2) {
    pairs[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 4, 1, 5);
    pairs[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 2, 6, 3, 7);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    rows[2 * i] = __builtin_shufflevector(pairs[i], pairs[i + 2], 0, 1, 4, 5);
    rows[2 * i + 1] = __builtin_shufflevector(pairs[i], pairs[i + 2], 2, 3, 6, 7);
  }
}

INLINE void transpose_double(register_of_double *rows) {
  const register_of_double first = rows[0];
  rows[0] = __builtin_shufflevector(first, rows[1], 0, 2);
  rows[1] = __builtin_shufflevector(first, rows[1], 1, 3);
}

#endif
