/* Writes a parameter that the network does not have. */
#include "workbench.h"
static wb_status one_more(const wb_strategy *self, const wb_model *model, const wb_step *step,
                          float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step;
  parameters[count] = 0;
  return WB_OK;
}
#define END_STEP one_more
#include "plugin.h"
