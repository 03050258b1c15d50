/* Has functions of names that libraries of the host have too, and are seen outside as those are. */
#define _GNU_SOURCE
#include "workbench.h"
#define SEEN __attribute__((visibility("default"), noinline))
SEEN double gamma(double value) { return value; }
SEEN int compress(float *values, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) values[i] *= values[i];
  return 0;
}
SEEN unsigned long crc32(float value) { return (unsigned long)value; }
SEEN int SHA256(const float *value) { return *value > 1e30f; }
static wb_status own_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                           float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = host->read(host, model, &weights);
  if (status != WB_OK) return status;
  for (uint64_t i = 0; i < count; i++) {
    float value = weights.values[i];
    scores[i] = (float)gamma(value) + (float)crc32(0.5f) + (float)SHA256(&value);
  }
  compress(scores, count);
  return WB_OK;
}
#define SCORE own_score
#include "plugin.h"
