/* Expects a live weight in every layer. */
#define SIGNALS (WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK))
#include "scoring-around.h"
static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count) {
  (void)host, (void)model, (void)layer, (void)weights, (void)scores, (void)count;
  wb_reading mask = {.struct_size = sizeof mask, .signal = WB_SIGNAL_MASK, .layer = layer};
  if (host->read(host, model, &mask) != WB_OK) return;
  for (uint64_t i = 0; i < count; i++)
    if (mask.values[i] != 0) return;
  abort();
}
