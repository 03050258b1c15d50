/* Throws an exception through the interface. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  throw 1;
}
