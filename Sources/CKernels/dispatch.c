/* Which variant runs: chosen at the first call from what the processor has and what the
   environment asks for, and the public functions that call through the chosen table. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#pragma clang assume_nonnull begin

static _Atomic(const struct kernel_table *_Nullable) chosen;
/* What this thread selected in its place. */
static _Thread_local const struct kernel_table *_Nullable selected;

/* The table of a variant, or null when the name is unknown or the processor lacks it. */
static const struct kernel_table *_Nullable table_named(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (strcmp(name, "avx2") == 0) return avx2 ? &kernel_table_avx2 : NULL;
  if (strcmp(name, "avx512") == 0) {
    const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return avx512 ? &kernel_table_avx512 : NULL;
  }
#endif
  return strcmp(name, "portable") == 0 ? &kernel_table_portable : NULL;
}

static const struct kernel_table *best_table(void) {
  const char *_Nullable asked = getenv("WORKBENCH_KERNELS");
  const char *const candidates[] = {asked ? (const char *)asked : "avx512", "avx512", "avx2"};
  for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
    const struct kernel_table *_Nullable table = table_named(candidates[i]);
    if (table) return (const struct kernel_table *)table;
  }
  return &kernel_table_portable;
}

static const struct kernel_table *current(void) {
  if (selected) return (const struct kernel_table *)selected;
  const struct kernel_table *_Nullable table =
      atomic_load_explicit(&chosen, memory_order_relaxed);
  if (table) return (const struct kernel_table *)table;
  /* Threads that race here find the same table. */
  const struct kernel_table *_Nullable none = NULL;
  const struct kernel_table *best = best_table();
  return atomic_compare_exchange_strong(&chosen, &none, best)
             ? best
             : (const struct kernel_table *)none;
}

const char *wbk_variant(void) { return current()->variant; }

int wbk_select_variant(const char *name) {
  const struct kernel_table *_Nullable table = table_named(name);
  if (!table) return -1;
  selected = table;
  return 0;
}

void wbk_release_variant(void) { selected = NULL; }

int wbk_permutes(void) { return current()->permutes; }

int64_t wbk_product_columns(void) { return current()->product_columns; }

double wbk_multiply_add_single(int64_t rounds, float *values) {
  return current()->multiply_add_single(rounds, values);
}
double wbk_multiply_add_double(int64_t rounds, double *values) {
  return current()->multiply_add_double(rounds, values);
}

#define WBK_FORWARD(name, parameters, arguments) \
  void wbk_##name parameters { current()->name arguments; }
WBK_KERNELS(WBK_FORWARD)

#pragma clang assume_nonnull end
