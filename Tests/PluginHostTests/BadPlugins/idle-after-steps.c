/* Does nothing after each step. */
#include "workbench.h"
static wb_status nothing(const wb_strategy *self, const wb_model *model, const wb_step *step,
                         float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step, (void)parameters, (void)count;
  return WB_OK;
}
#define END_STEP nothing
#include "plugin.h"
