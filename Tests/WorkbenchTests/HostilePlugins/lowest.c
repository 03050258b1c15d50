/* An option whose lowest value has no opposite among whole numbers. */
#include "workbench.h"
static const wb_option depth = {.struct_size = sizeof depth,
                                .kind = WB_OPTION_NUMBER,
                                .name = "depth",
                                .summary = "A depth.",
                                .initial = -0x1p63,
                                .minimum = -0x1p63,
                                .maximum = 0};
static const wb_option *const all_options[] = {&depth};
#define OPTIONS all_options
#define OPTION_COUNT 1
#include "acting.h"
static void act(const wb_host *host) { (void)host; }
