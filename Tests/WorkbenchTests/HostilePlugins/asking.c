/* Asks for more than anybody could take, and never looks at an answer. */
#include "acting.h"
#include "line.h"
static void act(const wb_host *host) {
  (void)host;
  const uint32_t question[] = {message_random, 4, 1 << 20};
  for (;;) {
    if (write(line, question, sizeof question) != sizeof question) abort();
  }
}
