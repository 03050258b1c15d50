/* Wants the inverse Hessian, whatever it takes. */
#include "workbench.h"

#include <stdlib.h>
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  uint64_t n = round->now->weights;
  double *inverse = malloc(n * n * sizeof *inverse), used;
  wb_status status = host->inverse_hessian(host, model, 1e-4, inverse, n * n, &used);
  free(inverse);
  return status == WB_OK ? WB_OK : host->fail(host, "there was no room");
}
#define PROPOSE propose_it
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_INVERSE_HESSIAN)
#include "plugin.h"
