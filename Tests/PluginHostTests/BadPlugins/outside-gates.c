/* Writes the gate of a block that the network does not have. */
#include "workbench.h"
static wb_status one_more(const wb_strategy *self, const wb_model *model, const wb_step *step,
                          wb_step_control *control) {
  (void)self, (void)model, (void)step;
  control->gates[control->gate_count] = 0;
  return WB_OK;
}
#define BEGIN_STEP one_more
#include "plugin.h"
