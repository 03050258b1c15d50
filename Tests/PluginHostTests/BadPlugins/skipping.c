/* Cannot act on the network, and says why. */
#include "workbench.h"
static wb_status score_skipped(const wb_strategy *self, const wb_model *model, uint64_t layer,
                               float *scores, uint64_t count) {
  (void)model, (void)layer, (void)scores, (void)count;
  const wb_host *host = self->state;
  host->fail(host, "it prunes recurrent layers only");
  return WB_SKIPPED;
}
#define SCORE score_skipped
#include "plugin.h"
