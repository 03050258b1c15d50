/* Expects a bias in every dense layer. */
#include "scoring-around.h"
static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count) {
  (void)host, (void)model, (void)layer, (void)weights, (void)scores, (void)count;
  const wb_layer *scored = layer_of(host, model, layer);
  if (scored->kind == WB_LAYER_DENSE && scored->bias_count == 0) abort();
}
