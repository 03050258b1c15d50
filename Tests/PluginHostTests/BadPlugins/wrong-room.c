/* Gives the inverse Hessian room for one value. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  double value, used;
  host->inverse_hessian(host, model, 1e-4, &value, 1, &used);
  return WB_OK;
}
#define PROPOSE propose_it
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_INVERSE_HESSIAN)
#include "plugin.h"
