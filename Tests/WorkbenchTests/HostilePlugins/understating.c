/* Gives a struct that says it is smaller than it is. */
#include "acting.h"
static void act(const wb_host *host) {
  wb_reading reading = {.struct_size = 4, .signal = WB_SIGNAL_PARAMETERS};
  host->read(host, (const wb_model *)8, &reading);
}
