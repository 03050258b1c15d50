/* Proposes an edit with two thousand million indices, of which there is one. */
#define _GNU_SOURCE
#include "workbench.h"
#include <sys/mman.h>
static wb_status overstating_propose(const wb_strategy *self, const wb_model *model,
                                     const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  /* Behind it there is nothing. */
  char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED || mprotect(pages + 4096, 4096, PROT_NONE) != 0) return WB_FAILED;
  const wb_edit edit = {.struct_size = sizeof edit,
                        .kind = WB_EDIT_MASK_OFF,
                        .target = host->layer_at(host, model, 0)->id,
                        .indices = (const uint32_t *)(pages + 4092),
                        .index_count = 2000000000};
  return host->emit(host, &edit);
}
#define PROPOSE overstating_propose
#include "plugin.h"
