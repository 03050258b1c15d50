/* Random numbers of its own, which go on from instance to instance. */
#include "scoring.h"
static float worth(const wb_strategy *self, float weight) {
  (void)self, (void)weight;
  return rand();
}
