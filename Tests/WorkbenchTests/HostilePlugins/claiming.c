/* Asks for an inverse Hessian of 128 GB. */
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_INVERSE_HESSIAN)
#include "workbench.h"
static wb_status claiming_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                float *scores, uint64_t count) {
  (void)layer, (void)scores, (void)count;
  const wb_host *host = self->state;
  double value, damping;
  return host->inverse_hessian(host, model, 1, &value, 1ul << 34, &damping);
}
#define SCORE claiming_score
#include "plugin.h"
