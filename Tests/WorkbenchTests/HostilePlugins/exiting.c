/* Ends the worker with the code that once meant a full disk. */
#include "acting.h"
static void act(const wb_host *host) { (void)host, exit(74); }
