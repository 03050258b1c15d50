/* Takes an edit back that it never made. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)model, (void)round;
  const wb_host *host = self->state;
  const wb_planned *planned = host->query(host, WB_PLANNED_1);
  if (planned == NULL || !WB_HAS(planned, retract)) return host->fail(host, "no plans");
  planned->retract(host, 1);
  return WB_OK;
}
#define PROPOSE propose_it
#include "plugin.h"
