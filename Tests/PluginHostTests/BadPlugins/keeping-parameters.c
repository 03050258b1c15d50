/* Keeps where the parameters were lent, and writes there before the next step. */
#include "workbench.h"
static float *kept;
static wb_status write_late(const wb_strategy *self, const wb_model *model, const wb_step *step,
                            wb_step_control *control) {
  (void)self, (void)model, (void)step, (void)control;
  if (kept) kept[0] = 5;
  return WB_OK;
}
static wb_status keep(const wb_strategy *self, const wb_model *model, const wb_step *step,
                      float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step, (void)count;
  kept = parameters;
  return WB_OK;
}
#define BEGIN_STEP write_late
#define END_STEP keep
#include "plugin.h"
