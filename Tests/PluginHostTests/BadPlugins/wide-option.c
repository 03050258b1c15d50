/* A number that starts outside of its bounds. */
#include "workbench.h"
static const wb_option option = {.struct_size = sizeof(wb_option),
                                     .kind = WB_OPTION_NUMBER,
                                     .name = "rate",
                                     .summary = "How fast.",
                                     .initial = 2,
                                     .minimum = 0,
                                     .maximum = 1};
static const wb_option *const options[] = {&option};
#define OPTIONS options
#define OPTION_COUNT 1
#include "plugin.h"
