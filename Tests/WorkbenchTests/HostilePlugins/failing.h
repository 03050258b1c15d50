/* A strategy that cannot act on any network, for the reason that reason() gives. */
#include "workbench.h"
static const char *reason(void);
static wb_status failing_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                               float *scores, uint64_t count) {
  (void)model, (void)layer, (void)scores, (void)count;
  const wb_host *host = self->state;
  host->log(host, WB_LOG_INFO, reason());
  return host->fail(host, reason());
}
#define SCORE failing_score
#include "plugin.h"
