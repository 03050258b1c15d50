/* Fails for a reason of 10 MB. */
#include "failing.h"
static const char *reason(void) {
  static char text[10000001];
  memset(text, 'a', sizeof text - 1);
  return text;
}
