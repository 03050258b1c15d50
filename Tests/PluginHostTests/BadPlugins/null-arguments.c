/* Hands null wherever the host takes an address. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  host->log(host, WB_LOG_INFO, NULL);
  host->fail(host, NULL);
  host->random(host, NULL, 10);
  wb_status read = host->read(host, model, NULL);
  wb_status emitted = host->emit(host, NULL);
  wb_status measured = host->measure(host, model, NULL);
  wb_status inverted = host->inverse_hessian(host, model, 1, NULL, 1, NULL);
  int all = read == WB_FAILED && emitted == WB_FAILED && measured == WB_FAILED &&
            inverted == WB_FAILED && host->query(host, NULL) == NULL;
  return all ? host->fail(host, "every null was refused") : WB_OK;
}
#define PROPOSE propose_it
#include "plugin.h"
