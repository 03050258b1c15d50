/* What the core can do at most: multiply-adds in as many independent chains as fill its pipelines,
   with nothing read or written meanwhile. */

#define CEILING_CHAINS (TILE_LANES == 16 ? 20 : 12)

typedef double double_part __attribute__((vector_size(TILE_LANES * 4)));

/* The chains stay in registers; x and y come from memory, so that nothing is known beforehand. */
#define CEILING(kind, type)                                                             \
  static double kernel_multiply_add_##kind(int64_t rounds, type *values) {              \
    typedef type##_part register_part;                                                  \
    const int64_t width = (int64_t)(sizeof(register_part) / sizeof(type));              \
    register_part chains[CEILING_CHAINS];                                               \
    const register_part x = values[0] - (register_part){0};                             \
    const register_part y = values[1] - (register_part){0};                             \
    UNROLL for (int i = 0; i < CEILING_CHAINS; i++) chains[i] = x * (type)i;            \
    for (int64_t round = 0; round < rounds; round++) {                                  \
      UNROLL for (int i = 0; i < CEILING_CHAINS; i++) chains[i] = chains[i] * x + y;    \
    }                                                                                   \
    type sum = 0;                                                                       \
    UNROLL for (int i = 0; i < CEILING_CHAINS; i++) {                                   \
      for (int64_t lane = 0; lane < width; lane++) sum += chains[i][lane];              \
    }                                                                                   \
    values[2] = sum;                                                                    \
    return 2.0 * CEILING_CHAINS * (double)width * (double)rounds;                       \
  }
typedef part float_part;
CEILING(single, float)
CEILING(double, double)
