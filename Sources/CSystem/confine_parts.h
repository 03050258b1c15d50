/* The parts of the confinement that have a file of their own. */
#ifndef CSYSTEM_CONFINE_PARTS_H
#define CSYSTEM_CONFINE_PARTS_H

#include "confine.h"

/* Each needs that no new privileges can be had, notes in the report what the kernel offers, and returns
   0, or -1 with errno. */
int system_confine_files(
    const struct system_confinement *wanted, struct system_confinement_report *report);
int system_confine_calls(struct system_confinement_report *report);

#endif
