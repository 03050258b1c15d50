/* Asks for more than anybody could take, and never looks at an answer. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  /* The number of `random`, the size of a number, and the number of values. */
  const uint32_t question[] = {14, 4, 1 << 20};
  for (;;) {
    if (write(3, question, sizeof question) != sizeof question) abort();
  }
}
