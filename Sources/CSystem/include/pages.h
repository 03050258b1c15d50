#ifndef SYSTEM_PAGES_H
#define SYSTEM_PAGES_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/* Asks for large pages behind some memory that has not been touched yet: filling it takes fewer faults, and
   reading it fewer walks through the tables of pages. A kernel that has none leaves all as it is. */
void system_use_large_pages(void *start, size_t bytes);

#pragma clang assume_nonnull end
#endif
