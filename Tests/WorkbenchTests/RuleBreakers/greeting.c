/* Says hello while it is loaded. */
#include <stdio.h>
#include "plugin.h"
__attribute__((constructor)) static void greet(void) {
  puts("hello");
  fflush(stdout);
}
