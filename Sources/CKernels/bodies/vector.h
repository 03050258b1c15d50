/* One vector of 16 lanes in clang's vector extensions: the compiler splits it into the registers
   that the target has. Everything here is inlined, so that no vector crosses a call. */
#ifndef WORKBENCH_KERNEL_VECTOR_H
#define WORKBENCH_KERNEL_VECTOR_H
#include <stdint.h>
#include <string.h>

/* 16 floats (or integers) in one value; the stored forms may lie at any address of a float. */
typedef float v16 __attribute__((vector_size(64)));
typedef int32_t i16 __attribute__((vector_size(64)));
typedef uint32_t u16 __attribute__((vector_size(64)));
typedef double d16 __attribute__((vector_size(128)));
typedef float v16_stored __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t i16_stored __attribute__((vector_size(64), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define LANES 16

INLINE v16 load(const float *p) { return *(const v16_stored *)p; }
INLINE void store(float *p, v16 x) { *(v16_stored *)p = x; }

/* The first `count` < 16 values, zeros behind them. */
INLINE v16 load_some(const float *p, int64_t count) {
  v16 x = {0};
  memcpy(&x, p, (size_t)count * sizeof(float));
  return x;
}
INLINE void store_some(float *p, v16 x, int64_t count) {
  memcpy(p, &x, (size_t)count * sizeof(float));
}

INLINE v16 splat(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }

/* a where the condition holds (all bits set), b elsewhere; never looks at the other's value. */
INLINE v16 select_lanes(i16 condition, v16 a, v16 b) {
  return (v16)((condition & (i16)a) | (~condition & (i16)b));
}
INLINE v16 keep_lanes(i16 condition, v16 a) { return (v16)(condition & (i16)a); }

/* All bits set in the first `count` lanes; count may be negative or beyond 16. */
INLINE i16 first_lanes(int64_t count) {
  const i16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const int32_t limit = count < 0 ? 0 : count > LANES ? LANES : (int32_t)count;
  return lane < limit;
}

/* Sum over the lanes, always in the same order. */
INLINE float lane_sum(v16 x) {
  typedef float v8 __attribute__((vector_size(32)));
  typedef float v4 __attribute__((vector_size(16)));
  const v8 half = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7) +
                  __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15);
  const v4 quarter = __builtin_shufflevector(half, half, 0, 1, 2, 3) +
                     __builtin_shufflevector(half, half, 4, 5, 6, 7);
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

/* The lane sums of 16 vectors, as one: each round adds the halves of the groups of lanes that still
   belong to one vector, and brings two vectors together. */
INLINE v16 lane_sums_of_16(const v16 *x) {
  v16 eights[8], fours[4], twos[2];
  UNROLL for (int i = 0; i < 8; i++) {
    const v16 a = x[2 * i], b = x[2 * i + 1];
    eights[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    const v16 a = eights[2 * i], b = eights[2 * i + 1];
    fours[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
               __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    const v16 a = fours[2 * i], b = fours[2 * i + 1];
    twos[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29) +
              __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31);
  }
  return __builtin_shufflevector(twos[0], twos[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30) +
         __builtin_shufflevector(twos[0], twos[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}

INLINE double lane_sum_double(const d16 *x) {
  double sum = 0;
  for (int i = 0; i < LANES; i++) sum += (*x)[i];
  return sum;
}

/* e^x for x <= 0, relative error below 2e-7; 0 where the result would not be a normal number.
   Range reduction and polynomial of Moshier's Cephes expf. NaN stays NaN. */
INLINE v16 exp_not_positive(v16 x) {
  const i16 vanishing = x < splat(-87.33f);
  const v16 clamped = select_lanes(vanishing, splat(-87.33f), x);
  /* Adding 1.5 * 2^23 leaves the rounded integer in the low bits. */
  const v16 shifter = splat(12582912.0f);
  const v16 shifted = clamped * splat(1.44269504088896341f) + shifter;
  const i16 exponent = (i16)shifted - (i16)shifter;
  const v16 n = shifted - shifter;
  v16 r = clamped - n * splat(0.693359375f);
  r = r - n * splat(-2.12194440e-4f);
  v16 p = splat(1.9875691500e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  const v16 power = (p * (r * r) + r) + splat(1);
  const v16 result = power * (v16)((exponent + 127) << 23);
  return keep_lanes(~vanishing, result);
}
#endif
