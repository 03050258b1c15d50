/* Aborts while a process leaves in order. */
#include "acting.h"
static void act(const wb_host *host) { (void)host; }
__attribute__((destructor)) static void late(void) { abort(); }
