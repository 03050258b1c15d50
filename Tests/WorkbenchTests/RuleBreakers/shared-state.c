/* Instances that know of each other: every destruction turns the order of scores round. */
#include "workbench.h"
static void destroy_counted(const wb_strategy *self);
#define DESTROY destroy_counted
#include "scoring.h"
static int destroyed;
static void destroy_counted(const wb_strategy *self) {
  destroyed++;
  free((void *)self);
}
static float worth(const wb_strategy *self, float weight) {
  (void)self;
  return destroyed % 2 == 0 ? fabsf(weight) : -fabsf(weight);
}
