/* Prints while it is loaded, through the buffer of the C library and past it. */
#include "acting.h"
static void act(const wb_host *host) { (void)host; }
__attribute__((constructor)) static void early(void) {
  puts("hello through a buffer");
  if (write(STDOUT_FILENO, "hello at once\n", 14) != 14) abort();
}
