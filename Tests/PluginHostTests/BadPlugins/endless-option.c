/* A number whose bounds are not finite. */
#include "workbench.h"

#include <math.h>
static const wb_option option = {.struct_size = sizeof(wb_option),
                                     .kind = WB_OPTION_NUMBER,
                                     .name = "rate",
                                     .summary = "How fast.",
                                     .maximum = INFINITY};
static const wb_option *const options[] = {&option};
#define OPTIONS options
#define OPTION_COUNT 1
#include "plugin.h"
