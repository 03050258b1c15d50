/* Answers in the place of its process while it is loaded. */
#include "acting.h"
#include "line.h"
static void act(const wb_host *host) { (void)host; }
__attribute__((constructor)) static void early(void) {
  const uint32_t answer[] = {message_answer, 4, 0x01010101};
  if (write(line, answer, sizeof answer) != sizeof answer) abort();
}
