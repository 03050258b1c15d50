/* An option whose size stops before its last fields. */
#include "workbench.h"
static const wb_option option = {.struct_size = 8, .name = "rate", .summary = "How fast."};
static const wb_option *const options[] = {&option};
#define OPTIONS options
#define OPTION_COUNT 1
#include "plugin.h"
