/* Writes where there is nothing. */
#include "harming.h"
static void harm(void) { *(volatile int *)8 = 1; }
