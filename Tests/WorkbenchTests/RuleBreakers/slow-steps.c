/* Takes its time after each step. */
#include "workbench.h"
#include <unistd.h>
static wb_status rest(const wb_strategy *self, const wb_model *model, const wb_step *step,
                      float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step, (void)parameters, (void)count;
  usleep(30000);
  return WB_OK;
}
#define END_STEP rest
#include "plugin.h"
