/* The files that `workbench new` writes or makes packages of, in the program itself. */
#ifndef TEMPLATES_H
#define TEMPLATES_H

#include <stddef.h>

struct template_file {
  const char *path; /* as "StrategyKit/Plan.swift" */
  const unsigned char *bytes;
  size_t size;
};

/* Null past the end. */
const struct template_file *template_file_at(size_t index);

#endif
