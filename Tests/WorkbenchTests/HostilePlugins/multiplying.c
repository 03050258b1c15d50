/* Starts threads that stay. */
#include "acting.h"
#include <pthread.h>
static void *stay(void *nothing) {
  for (;;) pause();
  return nothing;
}
static void act(const wb_host *host) {
  (void)host;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 1 << 18);
  pthread_t thread;
  for (int i = 0; i < 2000; i++) pthread_create(&thread, &small, stay, NULL);
  stay(NULL);
}
