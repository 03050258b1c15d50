/* Parameters on their way between the flat vector and the packed one. */

typedef _Bool b16 __attribute__((ext_vector_type(16)));

/* A bit for each lane that the condition holds in. */
INLINE uint64_t bits_of(i16 condition) {
  return __builtin_bit_cast(uint16_t, __builtin_convertvector(condition, b16));
}

INLINE uint64_t live_bits(const float *mask) { return bits_of(load(mask) != splat(0)); }

INLINE int64_t append_bits(uint64_t bits, int64_t first, int32_t *places, int64_t found) {
  for (; bits; bits &= bits - 1) places[found++] = (int32_t)(first + __builtin_ctzll(bits));
  return found;
}

static void kernel_live_places(int64_t count, const float *mask, int32_t *places, int64_t *live) {
  int64_t i = 0, found = 0;
  /* Many at once: the processor guesses wrong where a run of bits ends. */
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    const uint64_t low = live_bits(mask + i) | live_bits(mask + i + LANES) << LANES;
    const uint64_t high =
        live_bits(mask + i + 2 * LANES) | live_bits(mask + i + 3 * LANES) << LANES;
    found = append_bits(low | high << 2 * LANES, i, places, found);
  }
  for (; i + LANES <= count; i += LANES) {
    found = append_bits(live_bits(mask + i), i, places, found);
  }
  if (i < count) {
    found = append_bits(
        bits_of(load_some(mask + i, count - i) != splat(0)), i, places, found);
  }
  *live = found;
}

static void kernel_count_live(int64_t count, const float *mask, int64_t *live) {
  int64_t i = 0, found = 0;
  for (; i + LANES <= count; i += LANES) {
    found += __builtin_popcountll(live_bits(mask + i));
  }
  if (i < count) found += __builtin_popcountll(bits_of(load_some(mask + i, count - i) != splat(0)));
  *live = found;
}

/* All bits of the exponent are set in infinities and NaN alone. */
INLINE i16 not_finite(v16 x) {
  const i16 exponent = (i16)splat(__builtin_inff());
  return ((i16)x & exponent) == exponent;
}

/* Each value is read once: whoever may still write to `from` cannot change what was judged. */
static void kernel_take_finite(
    int64_t count, const int32_t *order, const float *from, const float *mask, float *to,
    int32_t *spoilt) {
  i16 bad = {0};
  int64_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    v16 x;
    if (order) {
      for (int lane = 0; lane < LANES; lane++) x[lane] = from[order[i + lane]];
    } else {
      x = load(from + i);
    }
    if (mask) x = keep_lanes(load(mask + i) != splat(0), x);
    bad |= not_finite(x);
    store(to + i, x);
  }
  const int64_t rest = count - i;
  if (rest > 0) {
    v16 x = {0};
    if (order) {
      for (int64_t lane = 0; lane < rest; lane++) x[lane] = from[order[i + lane]];
    } else {
      x = load_some(from + i, rest);
    }
    if (mask) x = keep_lanes(load_some(mask + i, rest) != splat(0), x);
    bad |= not_finite(x);
    store_some(to + i, x, rest);
  }
  *spoilt = bits_of(bad) != 0;
}

/* Values that are well within the first cache. */
#define NEARBY 4096

/* The places rise, so each part is filled while it is near the processor. */
static void kernel_put(
    int64_t count, const int32_t *order, const float *from, int64_t size, float *to) {
  int64_t i = 0;
  for (int64_t start = 0; start < size; start += NEARBY) {
    const int64_t end = start + NEARBY < size ? start + NEARBY : size;
    memset(to + start, 0, (size_t)(end - start) * sizeof(float));
    /* One comparison for many. */
    for (; i + 8 <= count && order[i + 7] < end; i += 8) {
      UNROLL for (int k = 0; k < 8; k++) to[order[i + k]] = from[i + k];
    }
    for (; i < count && order[i] < end; i++) to[order[i]] = from[i];
  }
}
