/* Never comes back. */
#include "harming.h"
static void harm(void) {
  for (volatile int i = 0;; i++) {}
}
