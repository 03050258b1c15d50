/* A thread that goes on after its callback writes to the memory that it shares with the judge. */
#define _GNU_SOURCE
#include "acting.h"
#include "sharing.h"
#include <pthread.h>
static void *scribble(void *memory) {
  float *values = memory;
  for (;;) {
    for (int i = 0; i < 65536; i++) values[i] = 1;
  }
}
static void act(const wb_host *host) {
  (void)host;
  void *memory = shared_with_the_judge();
  pthread_t thread;
  if (memory == NULL || pthread_create(&thread, NULL, scribble, memory) != 0) abort();
}
