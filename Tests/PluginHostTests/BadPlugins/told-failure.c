/* Fails and says why. */
#include "workbench.h"
static wb_status score_badly(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count) {
  (void)model, (void)layer, (void)scores, (void)count;
  const wb_host *host = self->state;
  return host->fail(host, "the moon is in the wrong house");
}
#define SCORE score_badly
#include "plugin.h"
