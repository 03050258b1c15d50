/* A choice among words of which one is not there. */
#include "workbench.h"
static const char *const words[] = {"first", NULL};
static const wb_option option = {.struct_size = sizeof(wb_option),
                                     .kind = WB_OPTION_CHOICE,
                                     .name = "scope",
                                     .summary = "Where.",
                                     .choices = words,
                                     .choice_count = 2};
static const wb_option *const options[] = {&option};
#define OPTIONS options
#define OPTION_COUNT 1
#include "plugin.h"
