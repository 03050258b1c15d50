/* Doubles a block in training. */
#include "workbench.h"
static wb_status open_wide(const wb_strategy *self, const wb_model *model, const wb_step *step,
                           wb_step_control *control) {
  (void)self, (void)model, (void)step;
  control->gates[0] = 2;
  return WB_OK;
}
#define BEGIN_STEP open_wide
#include "plugin.h"
