/* Dense layers with few live weights, for a single sample: a lane is a row. Sixteen rows meet their next
   live weights of a segment of 32 inputs in one step, and what each of them needs is found by
   permuting two registers, not by sixteen loads. */

#if TILE_LANES == 16
/* values * inputs for one step. */
INLINE v16 slot_step(
    const wbk_sparse_slots *slots, int64_t step, const float *values, const float *x, v16 sums) {
  const float *segment = x + (int64_t)slots->segment[step] * 32;
  const __m512i place = _mm512_cvtepu8_epi32(
      _mm_loadu_si128((const __m128i *)(slots->place + step * LANES)));
  const v16 inputs = _mm512_maskz_permutex2var_ps(slots->live[step], load(segment), place,
                                                  load(segment + LANES));
  return sums + load(values + step * LANES) * inputs;
}
#else
INLINE v16 slot_step(
    const wbk_sparse_slots *slots, int64_t step, const float *values, const float *x, v16 sums) {
  const float *segment = x + (int64_t)slots->segment[step] * 32;
  for (int lane = 0; lane < LANES; lane++) {
    if (!(slots->live[step] >> lane & 1)) continue;
    sums[lane] += values[step * LANES + lane] * segment[slots->place[step * LANES + lane]];
  }
  return sums;
}
#endif

static void kernel_sparse_single(
    const wbk_sparse_slots *slots, const float *values, const float *bias, const float *x,
    float *y) {
  for (int64_t row = 0, group = 0; row < slots->rows; row += LANES, group++) {
    const int64_t count = slots->rows - row;
    v16 first = !bias ? splat(0) : count < LANES ? load_some(bias + row, count) : load(bias + row);
    v16 second = splat(0);
    int64_t step = slots->start[group];
    const int64_t end = slots->start[group + 1];
    /* Two chains of sums hide the latency of the additions. */
    for (; step + 2 <= end; step += 2) {
      first = slot_step(slots, step, values, x, first);
      second = slot_step(slots, step + 1, values, x, second);
    }
    if (step < end) first = slot_step(slots, step, values, x, first);
    first += second;
    if (count < LANES) {
      store_some(y + row, first, count);
    } else {
      store(y + row, first);
    }
  }
}
