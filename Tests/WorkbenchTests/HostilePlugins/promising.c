/* Announces a message of 64 MiB. */
#include "acting.h"
#include "line.h"
static void act(const wb_host *host) {
  (void)host;
  const uint32_t answer[] = {message_answer, 64 << 20};
  if (write(line, answer, sizeof answer) != sizeof answer) abort();
}
