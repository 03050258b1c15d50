/* Adds 1 to every parameter after each step, masked ones too, and halves every gate. */
#include "workbench.h"
static wb_status halve(const wb_strategy *self, const wb_model *model, const wb_step *step,
                       wb_step_control *control) {
  (void)self, (void)model, (void)step;
  for (uint64_t i = 0; i < control->gate_count; i++) control->gates[i] /= 2;
  return WB_OK;
}
static wb_status raise(const wb_strategy *self, const wb_model *model, const wb_step *step,
                       float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step;
  for (uint64_t i = 0; i < count; i++) parameters[i] += 1;
  return WB_OK;
}
#define BEGIN_STEP halve
#define END_STEP raise
#include "plugin.h"
