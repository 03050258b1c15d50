/* Ends the worker as if all were well. */
#include "acting.h"
static void act(const wb_host *host) { (void)host, _exit(0); }
