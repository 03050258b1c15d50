/* Leaves a thread behind. */
#include <pthread.h>
#include <unistd.h>
#include "scoring.h"
static void *stay(void *unused) {
  (void)unused;
  for (;;) sleep(1);
}
static float worth(const wb_strategy *self, float weight) {
  (void)self;
  static pthread_t thread;
  if (thread == 0) pthread_create(&thread, NULL, stay, NULL);
  return fabsf(weight);
}
