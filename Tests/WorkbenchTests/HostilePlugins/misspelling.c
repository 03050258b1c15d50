/* Says what is no text. */
#include "failing.h"
static const char *reason(void) { return "half a \xc3, a \xff, and half a pair \xed\xa0\x80"; }
