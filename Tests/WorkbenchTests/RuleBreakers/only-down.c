/* Ends where there is nothing to take away. */
#include "workbench.h"
#include <stdlib.h>
static wb_status propose_less(const wb_strategy *self, const wb_model *model,
                              const wb_round *round) {
  const wb_host *host = self->state;
  if (round->weights_goal >= round->now->weights) abort();
  return host->fail(host, "it has no plan"), WB_SKIPPED;
}
#define PROPOSE propose_less
#include "plugin.h"
