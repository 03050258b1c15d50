#define _GNU_SOURCE
#include "libraries.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

/* The dynamic section of a loaded library as far as names go. */
struct names {
  const char *strings; /* null where there is none */
  const char *soname;  /* null where it has none */
};

/* The loader turns addresses of the section into real ones, but not on every processor. */
static const char *address(const struct link_map *map, ElfW(Addr) value) {
  return (const char *)(value < map->l_addr ? value + map->l_addr : value);
}

static struct names names_of(const struct link_map *map) {
  struct names names = {NULL, NULL};
  const ElfW(Dyn) *soname = NULL;
  for (const ElfW(Dyn) *entry = map->l_ld; entry && entry->d_tag != DT_NULL; entry++) {
    if (entry->d_tag == DT_STRTAB) names.strings = address(map, entry->d_un.d_ptr);
    if (entry->d_tag == DT_SONAME) soname = entry;
  }
  if (names.strings && soname) names.soname = names.strings + soname->d_un.d_val;
  return names;
}

static int is_named(const struct link_map *map, const char *name) {
  const char *soname = names_of(map).soname;
  if (soname && strcmp(soname, name) == 0) return 1;
  const char *slash = strrchr(map->l_name, '/');
  return strcmp(slash ? slash + 1 : map->l_name, name) == 0 || strcmp(map->l_name, name) == 0;
}

int system_linked_libraries(void *handle, system_library_found *found, void *context) {
  struct link_map *own = NULL;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &own) != 0 || !own) return -1;
  struct link_map *first = own;
  while (first->l_prev) first = first->l_prev;
  size_t count = 0;
  for (struct link_map *map = first; map; map = map->l_next) count++;
  /* Libraries that are reached, in the order in which they were: a queue. */
  struct link_map **reached = calloc(count, sizeof *reached);
  if (!reached) return -1;
  size_t end = 0;
  reached[end++] = own;
  for (size_t next = 0; next < end; next++) {
    const char *strings = names_of(reached[next]).strings;
    if (!strings) continue;
    for (const ElfW(Dyn) *entry = reached[next]->l_ld; entry->d_tag != DT_NULL; entry++) {
      if (entry->d_tag != DT_NEEDED) continue;
      const char *needed = strings + entry->d_un.d_val;
      struct link_map *map = first;
      while (map && !is_named(map, needed)) map = map->l_next;
      int is_known = !map;
      for (size_t i = 0; i < end && !is_known; i++) is_known = reached[i] == map;
      if (is_known) continue;
      reached[end++] = map;
      found(context, map->l_name);
    }
  }
  free(reached);
  return 0;
}
