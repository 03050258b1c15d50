/* Throws an exception in a thread of its own. */
#include "acting.h"
#include <thread>
static void act(const wb_host *host) {
  (void)host;
  std::thread([] { throw 1; }).join();
}
