#define _DEFAULT_SOURCE

#include "pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void system_use_large_pages(void *start, size_t bytes) {
#ifdef MADV_HUGEPAGE
  /* Whole pages, those at the ends too: mappings that lie side by side can then share a large one. */
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t first = (uintptr_t)start & ~(page - 1);
  const uintptr_t end = ((uintptr_t)start + bytes + page - 1) & ~(page - 1);
  madvise((void *)first, end - first, MADV_HUGEPAGE);
#else
  (void)start;
  (void)bytes;
#endif
}
