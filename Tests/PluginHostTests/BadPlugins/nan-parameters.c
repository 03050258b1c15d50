/* Leaves a parameter that is no number. */
#include "workbench.h"
static wb_status spoil(const wb_strategy *self, const wb_model *model, const wb_step *step,
                       float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step;
  parameters[count - 1] = 0.0f / 0.0f;
  return WB_OK;
}
#define END_STEP spoil
#include "plugin.h"
